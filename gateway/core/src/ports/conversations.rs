use async_trait::async_trait;
use jiff::Timestamp;

use super::{KeyedHash, StoreError};
use crate::desk::Conversation;

/// What was said before, on disk and encrypted; every node of a gateway knows
/// it. A crash may lose the last turn's: nothing but a follow-up hangs on it.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// What is remembered, unless it has expired.
    async fn recall(&self, conversation: KeyedHash, now: Timestamp) -> Result<Option<Conversation>, StoreError>;

    /// Remembers until then, in place of what there was. Whoever recalls on this
    /// node hears it at once, on the others within a second.
    async fn remember(&self, conversation: KeyedHash, what: &Conversation, until: Timestamp) -> Result<(), StoreError>;

    /// Forgets a conversation.
    async fn forget(&self, conversation: KeyedHash) -> Result<(), StoreError>;
}
