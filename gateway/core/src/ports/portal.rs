use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::{Dossier, DossierNumber, Knowledge, OwnerView, Procedure, ProcedureCode, Rating};

/// An online service portal. "Not found" is `Ok(None)`.
///
/// `deadline` is the moment at which the citizen's channel gives up; an
/// adapter never works past it.
#[async_trait]
pub trait Portal: Send + Sync {
    /// What anybody may see of a dossier. May be answered from a cache, then
    /// labelled with its age; stale only where the portal does not answer.
    async fn dossier(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<Knowledge<Arc<Dossier>>>, PortalError>;

    /// What the owner may see, with the owner's data for checking a proof.
    /// Always fresh from the source.
    async fn owner_view(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<Knowledge<OwnerView>>, PortalError>;

    /// Codes and names of the procedures that the portal serves.
    async fn procedure_list(&self, deadline: Timestamp) -> Result<Vec<(ProcedureCode, String)>, PortalError>;

    /// One procedure in full.
    async fn procedure(&self, code: &ProcedureCode, deadline: Timestamp) -> Result<Option<Procedure>, PortalError>;

    /// Hands over what a citizen thinks of how a dossier was dealt with. Never
    /// repeated by itself; where it fails, [`PortalError::surely_not_taken`] tells
    /// whether it may be.
    async fn rate(&self, number: &DossierNumber, rating: &Rating, deadline: Timestamp) -> Result<(), PortalError>;

    /// Whether the portal answers now: a cheap call that a readiness probe
    /// may make. It never uses a cache.
    async fn ping(&self, deadline: Timestamp) -> Result<(), PortalError>;
}

/// Why the portal gave no answer. Its text is exact and for the log; it holds
/// no personal data.
#[derive(Debug, Clone, thiserror::Error)]
#[error("portal service {service}: {fault}")]
pub struct PortalError {
    /// The service that was called (`TraCuuHoSo`), or `login`.
    pub service: &'static str,
    /// What went wrong.
    pub fault: PortalFault,
}

/// What went wrong at the portal.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PortalFault {
    /// No connection could be made: nothing was sent.
    #[error("no connection: {0}")]
    NoConnection(Arc<str>),
    /// It answers that it takes nothing now (RFC 9110 section 15.6.4, RFC 6585 section 4).
    #[error("turned away: {0}")]
    TurnedAway(Arc<str>),
    /// The connection broke, or the answer was that of a server in trouble.
    #[error("not reachable: {0}")]
    Unreachable(Arc<str>),
    /// No answer within the time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// The circuit breaker is open, or the queue before the portal is full.
    #[error("not called: {0}")]
    NotCalled(&'static str),
    /// Name or password were refused.
    #[error("login refused with error code {0}")]
    LoginRefused(Arc<str>),
    /// The portal answered with an error code of its own.
    #[error("answered error code {0}")]
    ErrorCode(Arc<str>),
    /// An answer that cannot be read; the field is named.
    #[error("unreadable field {field}: {problem}")]
    Unreadable {
        /// The field, or `body`.
        field: Arc<str>,
        /// What is wrong with it, without its value.
        problem: Arc<str>,
    },
}

impl PortalError {
    /// A stable word for metrics.
    pub const fn key(&self) -> &'static str {
        match self.fault {
            PortalFault::NoConnection(_) | PortalFault::TurnedAway(_) | PortalFault::Unreachable(_) => "unreachable",
            PortalFault::TimedOut(_) => "timed_out",
            PortalFault::NotCalled(_) => "not_called",
            PortalFault::LoginRefused(_) => "login_refused",
            PortalFault::ErrorCode(_) => "error_code",
            PortalFault::Unreadable { .. } => "unreadable",
        }
    }

    /// Whether another try of an idempotent read may help.
    pub const fn retryable(&self) -> bool {
        matches!(
            self.fault,
            PortalFault::NoConnection(_)
                | PortalFault::TurnedAway(_)
                | PortalFault::Unreachable(_)
                | PortalFault::TimedOut(_)
                | PortalFault::Unreadable { .. }
        )
    }

    /// Whether what was to be written surely is not with the portal: it was
    /// refused, or never sent. Otherwise nobody knows.
    pub fn surely_not_taken(&self) -> bool {
        // Before the session there is nothing to be written.
        self.service == "login"
            || match self.fault {
                PortalFault::NoConnection(_)
                | PortalFault::TurnedAway(_)
                | PortalFault::NotCalled(_)
                | PortalFault::LoginRefused(_)
                | PortalFault::ErrorCode(_) => true,
                PortalFault::Unreachable(_) | PortalFault::TimedOut(_) | PortalFault::Unreadable { .. } => false,
            }
    }
}
