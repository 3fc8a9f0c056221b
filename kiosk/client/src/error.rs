//! Why a call brought nothing.

use std::time::Duration;

use mobile_api_types::ProblemAnswer;
use thiserror::Error;

/// Why a call brought nothing. Each has a stable code and says whether the same
/// call may succeed later.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClientError {
    /// The gateway cannot be reached, or what answers is not the gateway: say
    /// honestly that it cannot be answered now.
    #[error("the gateway does not answer: {0:?}")]
    Gone(GoneKind),
    /// The gateway answered, and the answer is no.
    #[error("the gateway refuses: {}", .0.problem.code)]
    Refused(Box<Refused>),
    /// The terminal has no key yet.
    #[error("this terminal is not enrolled")]
    NotEnrolled,
    /// The gateway knows the terminal no more: enrol it anew.
    #[error("this terminal is revoked")]
    Revoked,
    /// The terminal's clock is so wrong that signatures do not hold, and the
    /// gateway's time could not be learnt.
    #[error("the terminal's clock is wrong")]
    ClockWrong,
}

/// How the gateway is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GoneKind {
    /// No road: no network, no name, no connection, no trust in its
    /// certificate.
    Unreachable,
    /// No whole answer in time. Whether the call was heard is not known.
    TooLate,
    /// A proxy before it says that it is down (502–504 without a problem).
    Down,
    /// What came is no answer of a gateway: a page of a hotel's network, half a
    /// body, one that is too long.
    Unreadable,
    /// This terminal itself is not able to ask: no randomness, a name that
    /// cannot stand in a header.
    OwnFault,
}

/// What the gateway said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its code for programs, its detail for the citizen, and the rest.
    pub problem: ProblemAnswer,
    /// Not before this.
    pub retry_after: Option<Duration>,
}

impl ClientError {
    /// A code that stays the same between releases; the gateway's own where it
    /// refused.
    pub fn code(&self) -> &str {
        match self {
            Self::Gone(GoneKind::Unreachable) => "gateway_unreachable",
            Self::Gone(GoneKind::TooLate) => "gateway_too_late",
            Self::Gone(GoneKind::Down) => "gateway_down",
            Self::Gone(GoneKind::Unreadable) => "gateway_unreadable",
            Self::Gone(GoneKind::OwnFault) => "terminal_fault",
            Self::Refused(refused) => &refused.problem.code,
            Self::NotEnrolled => "terminal_not_enrolled",
            Self::Revoked => "terminal_revoked",
            Self::ClockWrong => "terminal_clock_wrong",
        }
    }

    /// Whether the same call may succeed later without anybody's doing.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Gone(_) => true,
            Self::Refused(refused) => matches!(refused.problem.status, 429 | 500..),
            Self::NotEnrolled | Self::Revoked | Self::ClockWrong => false,
        }
    }

    /// The sentence for the citizen, in the language of the call, where the
    /// gateway gave one.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => Some(&refused.problem.detail),
            _ => None,
        }
    }

    /// Whether nothing can be had of the gateway now, because it is gone or
    /// because it says itself that it cannot answer (5xx): numbers from the
    /// terminal's own range may be given then.
    pub fn cannot_answer_now(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.problem.status >= 500,
            error => error.is_gone(),
        }
    }

    /// Whether the gateway is gone: offer what works without it.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Gone(_))
    }
}
