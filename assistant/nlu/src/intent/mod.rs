//! What is wanted of us: a model over whole sentences that gives each intent a
//! probability, several at once.

mod features;
mod linear;
mod metrics;
mod train;

use std::fmt;

pub use linear::{LinearModel, ModelError};
pub use metrics::{LabelScore, Metrics};
#[cfg(feature = "rust-bert")]
pub(crate) use train::platt;
pub use train::{Example, TrainingSettings, train};

/// Recognises intents. The linear model is always there; a neural one may take
/// its place by the operator's choice.
pub trait IntentModel: Send + Sync {
    /// The labels, in the order of the probabilities.
    fn labels(&self) -> &[String];

    /// The probability of each label for a normalised sentence
    /// ([`crate::normal::Normal::text`]). They are calibrated one by one and need
    /// not add up to 1: several may hold at once, or none.
    fn probabilities(&self, text: &str) -> Vec<f32>;
}

/// Looks again at the procedures that the search found.
pub trait Reranker: Send + Sync {
    /// How well each name fits the question; comparable within one call only.
    fn scores(&self, question: &str, names: &[&str]) -> Vec<f32>;
}

/// What a citizen may want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it; `utterances/` says it in full")]
pub enum Intent {
    Track,
    Find,
    Papers,
    Fee,
    Time,
    Place,
    Steps,
    Online,
    Result,
    Who,
    Queue,
    Ticket,
    Rate,
    Subscribe,
    Pay,
    Hours,
    Person,
    Thanks,
    Greeting,
    Help,
    OutOfScope,
}

impl Intent {
    /// Every intent.
    pub const ALL: [Self; 21] = [
        Self::Track,
        Self::Find,
        Self::Papers,
        Self::Fee,
        Self::Time,
        Self::Place,
        Self::Steps,
        Self::Online,
        Self::Result,
        Self::Who,
        Self::Queue,
        Self::Ticket,
        Self::Rate,
        Self::Subscribe,
        Self::Pay,
        Self::Hours,
        Self::Person,
        Self::Thanks,
        Self::Greeting,
        Self::Help,
        Self::OutOfScope,
    ];

    /// Its label in utterances, evaluation sets and reports.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Find => "find",
            Self::Papers => "papers",
            Self::Fee => "fee",
            Self::Time => "time",
            Self::Place => "place",
            Self::Steps => "steps",
            Self::Online => "online",
            Self::Result => "result",
            Self::Who => "who",
            Self::Queue => "queue",
            Self::Ticket => "ticket",
            Self::Rate => "rate",
            Self::Subscribe => "subscribe",
            Self::Pay => "pay",
            Self::Hours => "hours",
            Self::Person => "person",
            Self::Thanks => "thanks",
            Self::Greeting => "greeting",
            Self::Help => "help",
            Self::OutOfScope => "out_of_scope",
        }
    }

    /// The intent of a label; other words in use for the same are read too.
    pub fn from_label(label: &str) -> Option<Self> {
        let label = label.trim().to_lowercase().replace(['-', ' '], "_");
        let known = Self::ALL.into_iter().find(|intent| intent.label() == label);
        known.or_else(|| {
            Some(match label.as_str() {
                "status" | "track_dossier" | "tracking" | "dossier" => Self::Track,
                "overview" | "procedure" | "find_procedure" | "search" => Self::Find,
                "documents" | "paper" | "requirements" => Self::Papers,
                "cost" | "fees" | "price" => Self::Fee,
                "duration" | "how_long" | "times" => Self::Time,
                "where" | "location" | "agency" => Self::Place,
                "step" | "process" | "how" => Self::Steps,
                "submission" | "online_or_not" => Self::Online,
                "results" => Self::Result,
                "who_may" | "eligibility" | "conditions" => Self::Who,
                "queue_now" | "waiting" => Self::Queue,
                "take_number" | "take_ticket" | "take_a_number" | "appointment" => Self::Ticket,
                "complain" | "complaint" | "rating" | "feedback" | "rate_or_complain" => Self::Rate,
                "notify" | "notification" | "unsubscribe" => Self::Subscribe,
                "payment" => Self::Pay,
                "contact" | "contacts" | "opening_hours" | "hours_and_contacts" => Self::Hours,
                "human" | "officer" | "handover" | "agent" | "talk_to_person" => Self::Person,
                "thank" | "goodbye" | "bye" => Self::Thanks,
                "hello" | "greet" => Self::Greeting,
                "oos" | "outofscope" | "out" => Self::OutOfScope,
                _ => return None,
            })
        })
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
