use async_trait::async_trait;

use super::{Claimed, HandoverId, KeyedHash, OfficerMove, StoreError};
use crate::domain::{MessageKey, OfficerId};

/// How officers speak with citizens, whatever the channel: what they say and do
/// goes out over the citizen's own channel and stands in the transcript.
#[async_trait]
pub trait Switchboard: Send + Sync {
    /// Takes a conversation over; the citizen is told that a person is here.
    async fn claim(&self, id: HandoverId, officer: OfficerId) -> Result<Claimed, StoreError>;

    /// Says something. The same key is said once. `false` where the officer does
    /// not hold the conversation.
    async fn say(&self, id: HandoverId, officer: OfficerId, key: MessageKey, text: &str) -> Result<bool, StoreError>;

    /// Writes a note for officers. `false` where the officer does not hold the
    /// conversation.
    async fn note(&self, id: HandoverId, officer: OfficerId, key: MessageKey, text: &str) -> Result<bool, StoreError>;

    /// Passes it on or ends it; the citizen is told. `false` where the officer
    /// does not hold it.
    async fn pass(&self, id: HandoverId, officer: OfficerId, to: OfficerMove) -> Result<bool, StoreError>;

    /// Hears when something is said in a conversation; `None`: whenever a
    /// hand-over moves.
    fn listen(&self, conversation: Option<KeyedHash>) -> Box<dyn Listening>;
}

/// Somebody who listens.
#[async_trait]
pub trait Listening: Send {
    /// Waits until something happened since the last call, here or on another
    /// node; a second at most, so that whoever looks then misses nothing.
    async fn wait(&mut self);
}
