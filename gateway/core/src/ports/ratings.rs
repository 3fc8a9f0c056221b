use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::{KeyedHash, StoreError};
use crate::domain::{Rated, Rating};

/// The row of a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RatingId(pub i64);

/// A rating to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRating {
    /// What is rated.
    pub of: Rated,
    /// Where the citizen stood: an agency's code; empty for a phone.
    pub site: CompactString,
    /// The rating.
    pub rating: Rating,
    /// The portal is given up on then; words and number are wiped at that time
    /// in any case.
    pub until: Timestamp,
    /// Of two with the same one the first is kept; `None`: it is always another.
    pub once: Option<KeyedHash>,
}

/// What became of a rating that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptRating {
    /// It is on disk.
    New(RatingId),
    /// It, or the one before it, was there already.
    Known,
}

/// A rating that waits for the portal, with the try that is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingToSend {
    /// Its row.
    pub id: RatingId,
    /// How often it was tried, this try included. It names the try.
    pub tries: u32,
    /// The dossier's canonical number.
    pub number: CompactString,
    /// The rating.
    pub rating: Rating,
    /// The portal is given up on then.
    pub until: Timestamp,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RatingFate {
    /// The portal has it.
    Sent,
    /// The portal surely does not have it: again then.
    Later(Timestamp),
    /// Nobody knows whether the portal has it: never again.
    Uncertain,
    /// The portal will not have it.
    Refused,
}

/// Ratings on their way to the portal. On disk before the citizen is thanked.
#[async_trait]
pub trait Ratings: Send + Sync {
    /// Keeps one, unless it is known. That of a dossier waits for the portal.
    async fn keep_rating(&self, rating: NewRating) -> Result<KeptRating, StoreError>;

    /// Begins tries of those whose time has come, oldest first; each is one
    /// node's until `lease`. A try that was begun before and whose lease is over
    /// is marked uncertain: its node is gone.
    async fn begin_ratings(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<RatingToSend>, StoreError>;

    /// Ends a try. `false` where it is not this try any more.
    async fn settle_rating(
        &self,
        id: RatingId,
        tries: u32,
        fate: RatingFate,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// How many wait for the portal, and how many are uncertain.
    async fn ratings_waiting(&self) -> Result<(u64, u64), StoreError>;
}
