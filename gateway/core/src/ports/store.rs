use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::KeyedHash;
use crate::domain::{Channel, Notice, Provider};

/// The database did not do it. The text is for the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("store: {0}")]
pub struct StoreError(pub std::sync::Arc<str>);

/// Messages that were seen, so that a replay is not answered twice.
#[async_trait]
pub trait Dedupe: Send + Sync {
    /// Remembers a message. `true` the first time, `false` for a replay.
    async fn first_time(
        &self,
        channel: Channel,
        provider: &Provider,
        message_id: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Forgets a message: it was refused for now, and the provider may send it
    /// again.
    async fn forget(&self, channel: Channel, provider: &Provider, message_id: &str) -> Result<(), StoreError>;
}

/// Proofs that were tried, on disk: at most so many wrong ones a day for one
/// dossier, over all senders and channels (`dossiers.md`, rule 4).
#[async_trait]
pub trait Proofs: Send + Sync {
    /// Counts an attempt *before* it is checked, so that parallel guesses
    /// cannot slip past, and returns how many stand now, this one included.
    async fn begin_attempt(&self, dossier: KeyedHash, day: Date) -> Result<u32, StoreError>;

    /// Takes the attempt back: the proof was right.
    async fn forgive_attempt(&self, dossier: KeyedHash, day: Date) -> Result<(), StoreError>;

    /// Remembers that this phone is registered for a dossier of this owner
    /// and returns how many different owners it has been seen with. A phone
    /// that several owners share proves nothing (rule 3).
    async fn owners_of_phone(&self, phone: KeyedHash, owner: KeyedHash, at: Timestamp) -> Result<u32, StoreError>;

    /// Remembers that this sender has proved a dossier to be theirs.
    async fn remember_proven(&self, sender: KeyedHash, dossier: KeyedHash, until: Timestamp) -> Result<(), StoreError>;

    /// Whether this sender has proved it, and not too long ago.
    async fn is_proven(&self, sender: KeyedHash, dossier: KeyedHash, at: Timestamp) -> Result<bool, StoreError>;
}

/// Announcements.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Notices that have not ended yet.
    async fn current(&self, now: Timestamp) -> Result<Vec<Notice>, StoreError>;
}
