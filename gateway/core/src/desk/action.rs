use compact_str::CompactString;

use crate::domain::{Category, DossierNumber, LastFour, Level, NumberProblem, OneTimeCode, ProcedureCode};
use crate::ports::{LimitedAction, ProcedureQuery};

/// What can be asked of the Desk.
#[derive(Clone, PartialEq)]
pub enum Action {
    /// Where is my dossier?
    TrackDossier {
        /// Its number.
        number: DossierNumber,
    },
    /// Show me more of it: here is a proof that it is mine.
    DiscloseDossier {
        /// Its number.
        number: DossierNumber,
        /// The second proof.
        proof: Proof,
    },
    /// Which procedures are there for …?
    FindProcedures {
        /// Words, filters and page.
        query: ProcedureQuery,
        /// What the citizen wants to know of the one that is meant; an answer
        /// with a clear best hit is then given at once.
        focus: Focus,
    },
    /// What does this procedure need?
    ShowProcedure {
        /// Its code.
        code: ProcedureCode,
        /// What the citizen wants to know of it.
        focus: Focus,
    },
    /// Which agencies are there?
    ListAgencies,
    /// Send a one-time code to the dossier's registered phone.
    SendCode {
        /// Its number.
        number: DossierNumber,
    },
    /// Tell me when it moves.
    Subscribe {
        /// Its number.
        number: DossierNumber,
        /// The second proof; `None` where one was given a little while ago, or
        /// where the sender's phone is meant to be it.
        proof: Option<Proof>,
        /// What the citizen wrote: the record of the consent.
        words: CompactString,
    },
    /// Tell me no more.
    Unsubscribe {
        /// Of this dossier, or of all.
        number: Option<DossierNumber>,
    },
    /// Send me no more of this kind.
    OptOut {
        /// Which kind; `None` for every notice.
        category: Option<Category>,
        /// What the citizen wrote.
        words: CompactString,
    },
    /// Send me this kind again.
    OptIn {
        /// Which kind; `None` for every notice.
        category: Option<Category>,
        /// What the citizen wrote.
        words: CompactString,
    },
    /// Go on with the last answer, which was too long.
    More,
    /// What can I ask here?
    Help,
}

/// A second proof that a dossier is the asker's.
#[derive(Clone, PartialEq)]
pub enum Proof {
    /// The last four digits of the applicant's ID.
    IdLastFour(LastFour),
    /// The sender's own phone, where the road vouches for it.
    SenderPhone,
    /// A code that was sent to the registered phone: a strong proof, which a
    /// dossier that is locked for four digits still takes.
    OneTimeCode(OneTimeCode),
}

/// Which part of a procedure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Focus {
    /// Everything that matters, in short.
    #[default]
    Overview,
    /// What it costs.
    Fee,
    /// Which papers.
    Papers,
    /// How long it takes.
    Time,
    /// Where and how to hand in.
    Where,
}

impl Focus {
    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Fee => "fee",
            Self::Papers => "papers",
            Self::Time => "time",
            Self::Where => "where",
        }
    }
}

impl Action {
    /// A stable word for the audit, metrics and `--json`.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::TrackDossier { .. } => "track_dossier",
            Self::DiscloseDossier { .. } => "disclose_dossier",
            Self::FindProcedures { .. } => "find_procedures",
            Self::ShowProcedure { .. } => "show_procedure",
            Self::ListAgencies => "list_agencies",
            Self::SendCode { .. } => "send_code",
            Self::Subscribe { .. } => "subscribe",
            Self::Unsubscribe { .. } => "unsubscribe",
            Self::OptOut { .. } => "opt_out",
            Self::OptIn { .. } => "opt_in",
            Self::More => "more",
            Self::Help => "help",
        }
    }

    /// Which limit it is counted under.
    pub const fn limited(&self) -> LimitedAction {
        match self {
            Self::TrackDossier { .. } => LimitedAction::TrackDossier,
            // Each tries a proof.
            Self::DiscloseDossier { .. } | Self::Subscribe { .. } => LimitedAction::DiscloseDossier,
            Self::SendCode { .. } => LimitedAction::SendCode,
            Self::FindProcedures { .. } | Self::ShowProcedure { .. } => LimitedAction::Procedures,
            // Withdrawal is as easy as consent: nothing more than a message.
            Self::ListAgencies
            | Self::Unsubscribe { .. }
            | Self::OptOut { .. }
            | Self::OptIn { .. }
            | Self::More
            | Self::Help => LimitedAction::Any,
        }
    }

    /// The dossier that it names.
    pub const fn number(&self) -> Option<&DossierNumber> {
        match self {
            Self::TrackDossier { number }
            | Self::DiscloseDossier { number, .. }
            | Self::SendCode { number }
            | Self::Subscribe { number, .. } => Some(number),
            Self::Unsubscribe { number } => number.as_ref(),
            _ => None,
        }
    }
}

/// Never the number nor the proof: a log line may hold an action.
impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// A question back to the citizen.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is asked.
    pub kind: QuestionKind,
    /// The actions that the citizen may choose from, at most five; each is
    /// drawn as a button or a numbered line.
    pub choices: Vec<Action>,
}

/// Why it must be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// The number can be read in several ways, or several were given.
    WhichDossier,
    /// Several procedures are meant equally well.
    WhichProcedure,
    /// It looks like a dossier number but cannot be one.
    NumberUnclear(NumberProblem),
    /// They want to track a dossier but gave no number.
    NumberMissing,
    /// A level was named that has no such procedure.
    NoneAtLevel(Level),
}
