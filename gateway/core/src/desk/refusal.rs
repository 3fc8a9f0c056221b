use std::time::Duration;

use crate::domain::queue::WhyNot;

/// Whose fault a refusal is: it decides whether an operator is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The asker can mend it.
    Citizen,
    /// The portal or another peer.
    Peer,
    /// This gateway.
    Gateway,
}

/// Why something is not answered. The citizen's words are in
/// `locales/*/errors.ftl` under [`Refusal::fluent_key`].
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// What it is.
    pub kind: RefusalKind,
    /// When to try again, where that helps.
    pub retry_after: Option<Duration>,
}

/// What a refusal is. Codes are stable: apps rely on them.
#[derive(Debug, Clone, PartialEq)]
pub enum RefusalKind {
    /// No such dossier here.
    DossierNotFound,
    /// Not found, but so new (the last two days) that it may not have arrived.
    DossierTooNew,
    /// The proof did not open it: it was wrong, the dossier is locked, or
    /// there is none. The three sound and take the same (rule 6).
    NotDisclosed,
    /// No procedure of this code.
    ProcedureNotFound,
    /// Nothing was understood.
    NotUnderstood,
    /// What was given cannot be a dossier number.
    NotANumber,
    /// Too many requests.
    TooMany,
    /// Too many different dossiers.
    TooManyDossiers,
    /// The portal does not answer and nothing is remembered.
    PortalDown,
    /// The answer would come too late.
    TooLate,
    /// A second proof is wanted for this.
    ProofNeeded,
    /// The same for a rating: it is sent again with its proof, all in one message.
    RatingProofNeeded,
    /// This road cannot do it: it leads to no phone.
    NotOnThisChannel,
    /// One phone has as many subscriptions as it may have.
    TooManySubscriptions,
    /// No such site, service or ticket.
    QueueUnknown,
    /// No number is given for the queue now.
    NoTickets(WhyNot),
    /// It was received, and the portal did not answer within the time that an
    /// answer is worth giving: an apology.
    GaveUp,
    /// The gateway itself failed.
    Internal,
}

impl RefusalKind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
        Self::DossierNotFound,
        Self::DossierTooNew,
        Self::NotDisclosed,
        Self::ProcedureNotFound,
        Self::NotUnderstood,
        Self::NotANumber,
        Self::TooMany,
        Self::TooManyDossiers,
        Self::PortalDown,
        Self::TooLate,
        Self::ProofNeeded,
        Self::RatingProofNeeded,
        Self::NotOnThisChannel,
        Self::TooManySubscriptions,
        Self::QueueUnknown,
        Self::NoTickets(WhyNot::Closed),
        Self::NoTickets(WhyNot::Lunch),
        Self::NoTickets(WhyNot::CutOff),
        Self::NoTickets(WhyNot::Full),
        Self::NoTickets(WhyNot::Paused),
        Self::GaveUp,
        Self::Internal,
    ];

    /// The kind of a stable code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DossierNotFound => "dossier_not_found",
            Self::DossierTooNew => "dossier_too_new",
            Self::NotDisclosed => "not_disclosed",
            Self::ProcedureNotFound => "procedure_not_found",
            Self::NotUnderstood => "not_understood",
            Self::NotANumber => "not_a_number",
            Self::TooMany => "too_many_requests",
            Self::TooManyDossiers => "too_many_dossiers",
            Self::PortalDown => "portal_down",
            Self::TooLate => "too_late",
            Self::ProofNeeded => "proof_needed",
            Self::RatingProofNeeded => "rating_proof_needed",
            Self::NotOnThisChannel => "not_on_this_channel",
            Self::TooManySubscriptions => "too_many_subscriptions",
            Self::QueueUnknown => "queue_unknown",
            Self::NoTickets(WhyNot::Closed) => "queue_closed",
            Self::NoTickets(WhyNot::Lunch) => "queue_lunch",
            Self::NoTickets(WhyNot::CutOff) => "queue_cut_off",
            Self::NoTickets(WhyNot::Full) => "queue_full",
            Self::NoTickets(WhyNot::Paused) => "queue_paused",
            Self::GaveUp => "gave_up",
            Self::Internal => "internal",
        }
    }
}

impl Refusal {
    /// A refusal for which trying again at a set time does not help.
    pub const fn of(kind: RefusalKind) -> Self {
        Self { kind, retry_after: None }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The Fluent key of the citizen's words.
    pub const fn fluent_key(&self) -> &'static str {
        match &self.kind {
            RefusalKind::DossierNotFound => "error-dossier-not-found",
            RefusalKind::DossierTooNew => "error-dossier-too-new",
            RefusalKind::NotDisclosed => "error-not-disclosed",
            RefusalKind::ProcedureNotFound => "error-procedure-not-found",
            RefusalKind::NotUnderstood => "error-not-understood",
            RefusalKind::NotANumber => "error-not-a-number",
            RefusalKind::TooMany => "error-too-many-requests",
            RefusalKind::TooManyDossiers => "error-too-many-dossiers",
            RefusalKind::PortalDown => "error-portal-down",
            RefusalKind::TooLate => "error-too-late",
            RefusalKind::ProofNeeded => "error-proof-needed",
            RefusalKind::RatingProofNeeded => "error-rating-proof-needed",
            RefusalKind::NotOnThisChannel => "error-not-on-this-channel",
            RefusalKind::TooManySubscriptions => "error-too-many-subscriptions",
            RefusalKind::QueueUnknown => "error-queue-unknown",
            RefusalKind::NoTickets(WhyNot::Closed) => "error-queue-closed",
            RefusalKind::NoTickets(WhyNot::Lunch) => "error-queue-lunch",
            RefusalKind::NoTickets(WhyNot::CutOff) => "error-queue-cut-off",
            RefusalKind::NoTickets(WhyNot::Full) => "error-queue-full",
            RefusalKind::NoTickets(WhyNot::Paused) => "error-queue-paused",
            RefusalKind::GaveUp => "error-gave-up",
            RefusalKind::Internal => "error-internal",
        }
    }

    /// Whether the same request may succeed later.
    pub const fn retryable(&self) -> bool {
        matches!(
            self.kind,
            RefusalKind::DossierTooNew
                | RefusalKind::TooMany
                | RefusalKind::TooManyDossiers
                | RefusalKind::PortalDown
                | RefusalKind::TooLate
                | RefusalKind::NoTickets(_)
                | RefusalKind::Internal
        )
    }

    /// Whose fault it is.
    pub const fn fault(&self) -> Fault {
        match self.kind {
            RefusalKind::PortalDown | RefusalKind::TooLate | RefusalKind::GaveUp => Fault::Peer,
            RefusalKind::Internal => Fault::Gateway,
            _ => Fault::Citizen,
        }
    }
}
