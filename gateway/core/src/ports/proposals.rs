use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MissKind, StoreError};
use crate::desk::{Action, Topic};
use crate::domain::{Locale, OfficerId, ProcedureCode};

/// What a taught sentence may lead to, where it leads to no procedure. Nothing
/// that touches a dossier or a citizen's wishes can be taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the actions of the same names say it")]
pub enum TaughtAct {
    QueueNow,
    TakeTicket,
    Rate,
    Pay,
    OpeningHours,
    ListAgencies,
    TalkToPerson,
    Greet,
    Thank,
    Help,
    TurnAway,
}

impl TaughtAct {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::OpeningHours,
        Self::ListAgencies,
        Self::TalkToPerson,
        Self::QueueNow,
        Self::TakeTicket,
        Self::Pay,
        Self::Rate,
        Self::Help,
        Self::Greet,
        Self::Thank,
        Self::TurnAway,
    ];

    /// What it leads to.
    pub const fn action(self) -> Action {
        match self {
            Self::QueueNow => Action::QueueNow { site: None },
            Self::TakeTicket => Action::TakeTicket { wish: None },
            Self::Rate => Action::Rate,
            Self::Pay => Action::Pay,
            Self::OpeningHours => Action::OpeningHours,
            Self::ListAgencies => Action::ListAgencies,
            Self::TalkToPerson => Action::TalkToPerson,
            Self::Greet => Action::Greet,
            Self::Thank => Action::Thank,
            Self::Help => Action::Help,
            Self::TurnAway => Action::TurnAway { topic: Topic::Other },
        }
    }

    /// The action's stable word.
    pub fn key(self) -> &'static str {
        self.action().key()
    }

    /// The one of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.key() == key)
    }
}

/// What a text is to lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lesson {
    /// Another name of a procedure.
    Alias(ProcedureCode),
    /// A sentence that wants something else.
    Utterance(TaughtAct),
}

impl Lesson {
    /// A stable word for the kind, and one for what it leads to.
    pub fn keys(&self) -> (&'static str, String) {
        match self {
            Self::Alias(code) => ("alias", code.to_string()),
            Self::Utterance(act) => ("utterance", act.key().to_owned()),
        }
    }

    /// The lesson of such words.
    pub fn from_keys(kind: &str, target: &str) -> Option<Self> {
        match kind {
            "alias" => ProcedureCode::parse(target).ok().map(Self::Alias),
            "utterance" => TaughtAct::from_key(target).map(Self::Utterance),
            _ => None,
        }
    }
}

/// The number of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProposalId(pub i64);

/// How far a proposal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalState {
    /// It waits for a second person.
    Proposed,
    /// A second person wants it; it is being evaluated.
    Checking,
    /// It is in effect.
    Live,
    /// A person rejected it, or the evaluation did.
    Rejected,
    /// It was in effect and is no more.
    Undone,
}

impl ProposalState {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Proposed, Self::Checking, Self::Live, Self::Rejected, Self::Undone];

    /// The number under which it is kept.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// The state of a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// Nothing more happens to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Rejected | Self::Undone)
    }
}

/// What was measured, in hundredths of a percent (10,000 is all).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// The right procedure stands first.
    pub hit_1: u32,
    /// What is out of scope was turned away.
    pub out_of_scope: u32,
    /// Later turns of dialogues were right.
    pub follow_ups: u32,
}

/// What the evaluation said of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// As things are.
    pub before: Rates,
    /// As they would be.
    pub after: Rates,
    /// How many of the questions would be answered otherwise.
    pub changed: u32,
    /// It may go live.
    pub passed: bool,
}

/// A proposal to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// What the text is to lead to.
    pub lesson: Lesson,
    /// The text, clean. It may be a citizen's words: it is sealed.
    pub text: String,
    /// Who proposes it.
    pub by: OfficerId,
    /// When.
    pub at: Timestamp,
}

/// A proposal as it was kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its number.
    pub id: ProposalId,
    /// What was proposed.
    pub new: NewProposal,
    /// How far it has come.
    pub state: ProposalState,
    /// Who confirmed or rejected it, and when.
    pub decided: Option<(OfficerId, Timestamp)>,
    /// Who undid it, and when.
    pub undone: Option<(OfficerId, Timestamp)>,
    /// What was measured.
    pub verdict: Option<Verdict>,
}

/// Not the words.
impl fmt::Debug for NewProposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewProposal").field("lesson", &self.lesson).field("by", &self.by).finish_non_exhaustive()
    }
}

/// Not the words.
impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proposal").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// What became of a wish to propose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposed {
    /// It waits for a second person.
    New(ProposalId),
    /// The same text waits, or is in effect, already.
    Again,
    /// There are as many as there may be.
    Full,
    /// The text is empty, too long, too little, or holds private figures.
    Unfit,
    /// There is no such procedure.
    NoSuchProcedure,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It was done.
    Done,
    /// One's own proposal is for another person to confirm.
    Own,
    /// The role is not high enough, or the account is disabled.
    NotAllowed,
    /// It has gone another way meanwhile, or was never there.
    Elsewhere,
    /// What is in effect has changed since it was measured.
    Stale,
}

/// What is in effect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taught {
    /// Changes whenever the lessons do.
    pub version: i64,
    /// Text and lesson, in the order in which they were proposed.
    pub lessons: Vec<(ProposalId, String, Lesson)>,
}

/// Proposals, over all nodes. That a second person decides is a condition of
/// the rows themselves.
#[async_trait]
pub trait Proposals: Send + Sync {
    /// Writes a proposal down. One text is proposed once at a time.
    async fn propose(&self, new: NewProposal) -> Result<Proposed, StoreError>;

    /// One proposal.
    async fn proposal(&self, id: ProposalId) -> Result<Option<Proposal>, StoreError>;

    /// What is open or in effect first, the newest of each first.
    async fn proposals(&self, limit: usize) -> Result<Vec<Proposal>, StoreError>;

    /// What waits to be evaluated, oldest first.
    async fn to_check(&self) -> Result<Vec<Proposal>, StoreError>;

    /// A second person, a supervisor at least, wants it: it will be evaluated.
    async fn confirm(&self, id: ProposalId, by: OfficerId, at: Timestamp) -> Result<Decided, StoreError>;

    /// A supervisor does not want it, or whoever proposed it no longer does.
    async fn reject(&self, id: ProposalId, by: OfficerId, at: Timestamp) -> Result<Decided, StoreError>;

    /// A supervisor takes it out of effect.
    async fn undo(&self, id: ProposalId, by: OfficerId, at: Timestamp) -> Result<Decided, StoreError>;

    /// What was measured of one that is being checked, with `version` in
    /// effect: it goes live, or is rejected.
    async fn settle(
        &self,
        id: ProposalId,
        verdict: Verdict,
        version: i64,
        at: Timestamp,
    ) -> Result<Decided, StoreError>;

    /// The version of what is in effect.
    async fn taught_version(&self) -> Result<i64, StoreError>;

    /// What is in effect.
    async fn taught(&self) -> Result<Taught, StoreError>;
}

/// Texts that resemble one another.
#[derive(Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The numbers of all its misses, newest first.
    pub ids: Vec<i64>,
    /// Different texts of it, the most frequent first, three at most.
    pub examples: Vec<String>,
    /// The newest.
    pub last: Timestamp,
    /// The language of the newest.
    pub locale: Locale,
    /// The roads that they came by, with counts, the most frequent first.
    pub channels: Vec<(crate::domain::Channel, usize)>,
}

/// Not the words.
impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("ids", &self.ids).finish_non_exhaustive()
    }
}

/// How officers teach: what their pages need.
#[async_trait]
pub trait Learning: Send + Sync {
    /// What was missed, the largest cluster first.
    async fn clusters(&self, kinds: &[MissKind]) -> Result<Vec<Cluster>, StoreError>;

    /// Deletes misses.
    async fn forget(&self, ids: &[i64]) -> Result<u64, StoreError>;

    /// Proposes a text, which is cleaned and looked at first.
    async fn propose(&self, text: &str, lesson: Lesson, by: OfficerId) -> Result<Proposed, StoreError>;

    /// See [`Proposals::proposals`].
    async fn proposals(&self) -> Result<Vec<Proposal>, StoreError>;

    /// See [`Proposals::confirm`]; the evaluation begins at once.
    async fn confirm(&self, id: ProposalId, by: OfficerId) -> Result<Decided, StoreError>;

    /// See [`Proposals::reject`].
    async fn reject(&self, id: ProposalId, by: OfficerId) -> Result<Decided, StoreError>;

    /// See [`Proposals::undo`]; on this node it acts before this returns.
    async fn undo(&self, id: ProposalId, by: OfficerId) -> Result<Decided, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_what_they_stand_for() {
        for act in TaughtAct::ALL {
            assert_eq!(TaughtAct::from_key(act.key()), Some(act));
            let (kind, target) = Lesson::Utterance(act).keys();
            assert_eq!(Lesson::from_keys(kind, &target), Some(Lesson::Utterance(act)));
        }
        let alias = Lesson::Alias(ProcedureCode::parse("1.001193").unwrap());
        assert_eq!(Lesson::from_keys("alias", &alias.keys().1), Some(alias));
        assert_eq!(Lesson::from_keys("utterance", "track_dossier"), None, "no dossier is ever touched");
        for state in ProposalState::ALL {
            assert_eq!(ProposalState::from_number(state.number()), Some(state));
        }
        for kind in MissKind::ALL {
            assert_eq!(MissKind::from_key(kind.key()), Some(kind));
        }
    }
}
