use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::{KeyedHash, Outcome, StoreError};
use crate::domain::{Channel, Locale};

/// What somebody asked before, as the audit has it: no words of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRequest {
    /// When.
    pub at: Timestamp,
    /// The road.
    pub channel: Channel,
    /// The action's stable word.
    pub action: CompactString,
    /// How it ended.
    pub outcome: Outcome,
    /// The language of the answer.
    pub locale: Locale,
    /// The code that the citizen was given.
    pub answer_code: CompactString,
    /// What was said: the key of the answer and its public arguments.
    pub said: CompactString,
}

/// What known senders asked before: for the officer who talks with one of them,
/// and for the citizen's own *my requests*. Only of roads that name their
/// sender: SMS and the chats.
#[async_trait]
pub trait Requests: Send + Sync {
    /// The newest requests of these senders together, at most `limit` (100 at
    /// the most). Requests of the last milliseconds may be missing.
    async fn of_senders(&self, senders: &[KeyedHash], limit: usize) -> Result<Vec<PastRequest>, StoreError>;
}
