use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::{Channel, Locale};

/// How a text missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MissKind {
    /// Nothing was understood.
    NotUnderstood,
    /// Nothing again, and the way to a person was shown.
    AfterMisunderstandings,
    /// It was asked back which procedure is meant.
    AskedBack,
}

impl MissKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::NotUnderstood, Self::AfterMisunderstandings, Self::AskedBack];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotUnderstood => "not_understood",
            Self::AfterMisunderstandings => "after_misunderstandings",
            Self::AskedBack => "asked_back",
        }
    }

    /// The kind of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A text that was not understood, to be written down.
#[derive(Clone, PartialEq, Eq)]
pub struct NewMiss {
    /// How it missed.
    pub kind: MissKind,
    /// The words, masked ([`crate::text::mask_figures`]) and short. Still a
    /// citizen's words: they are sealed.
    pub text: String,
    /// The road that they came by.
    pub channel: Channel,
    /// The language of the answer.
    pub locale: Locale,
    /// When.
    pub at: Timestamp,
}

/// A text that was not understood.
#[derive(Clone, PartialEq, Eq)]
pub struct Miss {
    /// Its number: later ones have greater ones.
    pub id: i64,
    /// What is known of it.
    pub miss: NewMiss,
}

/// Not the words.
impl fmt::Debug for NewMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMiss").field("kind", &self.kind).field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Not the words.
impl fmt::Debug for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Miss").field("id", &self.id).field("kind", &self.miss.kind).finish_non_exhaustive()
    }
}

/// What was not understood, kept for a while for those who teach.
#[async_trait]
pub trait Misses: Send + Sync {
    /// Writes one down, soon. It never waits and never fails: what there is no
    /// room for is dropped and counted.
    fn record_miss(&self, miss: NewMiss);

    /// The newest of some kinds, newest first, at most `limit`. What cannot be
    /// opened any more is left out.
    async fn newest_misses(&self, kinds: &[MissKind], limit: usize, now: Timestamp) -> Result<Vec<Miss>, StoreError>;

    /// Deletes those of these numbers; tells how many there were.
    async fn forget_misses(&self, ids: &[i64]) -> Result<u64, StoreError>;
}
