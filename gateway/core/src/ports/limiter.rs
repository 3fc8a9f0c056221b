use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{ClientNet, DeviceId, DossierNumber, Sender};

/// What is limited. Each has its own rate and burst in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitedAction {
    /// Any request at all.
    Any,
    /// Looking up a dossier.
    TrackDossier,
    /// Trying a proof.
    DiscloseDossier,
    /// Having a one-time code sent.
    SendCode,
    /// Searching and reading procedures.
    Procedures,
    /// Free text to be understood.
    FreeText,
    /// Asking how a queue stands, and taking a number.
    Queue,
    /// An officer who signs in, or a terminal that shows its code.
    SignIn,
}

impl LimitedAction {
    /// Every action.
    pub const ALL: [Self; 8] = [
        Self::Any,
        Self::TrackDossier,
        Self::DiscloseDossier,
        Self::SendCode,
        Self::Procedures,
        Self::FreeText,
        Self::Queue,
        Self::SignIn,
    ];

    /// A stable word for configuration and metrics.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::TrackDossier => "track_dossier",
            Self::DiscloseDossier => "disclose_dossier",
            Self::SendCode => "send_code",
            Self::Procedures => "procedures",
            Self::FreeText => "free_text",
            Self::Queue => "queue",
            Self::SignIn => "sign_in",
        }
    }
}

/// Whom a request is counted against. A device only tightens: it is counted
/// beside the sender, never in its place.
#[derive(Debug, Clone, Copy)]
pub struct LimitKeys<'a> {
    /// The sender.
    pub sender: &'a Sender,
    /// The device, if one was sent.
    pub device: Option<&'a DeviceId>,
    /// The address, if there is one.
    pub address: Option<ClientNet>,
}

/// Refused: too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// When to try again.
    pub retry_after: Duration,
    /// Which limit it was.
    pub action: LimitedAction,
}

/// Admitted, perhaps slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Admission {
    /// Wait this long before answering: the rate for the dossier's agency and
    /// day is unusual. Zero in ordinary times.
    pub delay: Duration,
    /// Requests left in the tightest bucket, for a RateLimit header.
    pub remaining: Option<u32>,
}

/// Rates, in memory, bounded in keys. Calls never wait.
pub trait Limiter: Send + Sync {
    /// Counts one request.
    ///
    /// # Errors
    /// [`TooMany`] where a bucket of the sender, device or address is empty.
    fn admit(&self, keys: LimitKeys<'_>, action: LimitedAction, now: Timestamp) -> Result<Admission, TooMany>;

    /// Takes a request that was admitted out of the count again: it turned out
    /// to be none of those that the limit is there for.
    fn forgive(&self, keys: LimitKeys<'_>, action: LimitedAction);

    /// Counts a *distinct* dossier against sender, device and address, and
    /// its agency and day against the alarm. Asking for the same dossier
    /// again costs nothing.
    ///
    /// # Errors
    /// [`TooMany`] where the number of distinct dossiers is used up.
    fn admit_dossier(&self, keys: LimitKeys<'_>, number: &DossierNumber, now: Timestamp) -> Result<Admission, TooMany>;

    /// Takes a dossier out of the count again: it was not found but is so new
    /// that it may not have arrived yet.
    fn forgive_dossier(&self, keys: LimitKeys<'_>, number: &DossierNumber);
}
