//! What was said before: sealed where the caller waits, written behind in
//! batches, and recalled from what waits or from the database.

mod queue;
mod rows;
mod seal;
#[cfg(test)]
pub(crate) mod tests;
mod writer;

use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::desk::Conversation;
use gateway_core::ports::{Clock, Conversations, HashKey, KeyedHash, Randomness, StoreError};
use jiff::{SignedDuration, Timestamp};
use metrics::Counter;
use parking_lot::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::behind::ended_within;
use crate::config::ConversationsConfig;
use crate::store::Store;
use crate::time::to_micros;
use queue::{NotTaken, Queue};
use rows::{Kept, Row, Shelf};
use seal::{Seal, Shut};
use writer::Work;

/// Remembers conversations at memory speed and writes them in batches.
///
/// - This node recalls what it was told at once, others once it is written:
///   after `batch_wait_ms`, or longer while the database is away.
/// - Of what waits for one conversation only the last is kept and written.
///   Above `queue_rows` conversations [`Conversations::remember`] waits for
///   room, for `room_wait_ms` at most, and then fails.
/// - [`ConversationKeeper::close`] writes what is left. A crash loses what
///   waits: nothing but follow-up questions hangs on it.
pub struct ConversationKeeper {
    queue: Arc<Queue>,
    shelf: Arc<dyn Shelf>,
    seal: Seal,
    clock: Arc<dyn Clock>,
    config: ConversationsConfig,
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
    refused: Counter,
    warnings: Seldom,
}

impl Store {
    /// Starts to keep conversations on the current runtime, with this store's
    /// configuration. Only who has the same `key` can read what is kept;
    /// `randomness` must be fit for nonces.
    pub fn start_conversations(&self, key: &HashKey, randomness: Arc<dyn Randomness>) -> ConversationKeeper {
        let (shelf, clock) = (Arc::new(self.clone()), Arc::clone(&self.clock));
        ConversationKeeper::start(shelf, Seal::new(key, randomness), self.config.conversations.clone(), clock)
    }
}

impl ConversationKeeper {
    fn start(shelf: Arc<dyn Shelf>, seal: Seal, config: ConversationsConfig, clock: Arc<dyn Clock>) -> Self {
        let queue = Arc::new(Queue::new(config.queue_rows, config.batch_rows));
        let stop = CancellationToken::new();
        let work = Work::new(Arc::clone(&queue), Arc::clone(&shelf), Arc::clone(&clock), &config, stop.clone());
        let task = Mutex::new(Some(tokio::spawn(work.run())));
        let refused = metrics::counter!("conversations_refused_total");
        Self { queue, shelf, seal, clock, config, stop, task, refused, warnings: Seldom::default() }
    }

    /// Turns that are not on disk yet, at most one that waits and one that is
    /// being written for each conversation.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether every turn is on disk.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes no more and returns once all is on disk, or after
    /// `close_timeout_ms`.
    ///
    /// # Errors
    /// How many turns are lost.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.queue.close();
        self.stop.cancel();
        let Some(task) = self.task.lock().take() else { return Ok(()) };
        let ended = ended_within(task, &*self.clock, self.config.close_timeout()).await;
        match (ended, self.len()) {
            (Some(()), _) | (None, 0) => Ok(()),
            (None, lost) => Err(StoreError(format!("{lost} turns could not be written before the end").into())),
        }
    }

    async fn keep(&self, conversation: KeyedHash, kept: &Kept) -> Result<(), StoreError> {
        match self.queue.push(conversation, kept) {
            Ok(()) => return Ok(()),
            Err(NotTaken::Closed) => return Err(closed()),
            Err(NotTaken::Full) => {}
        }
        tokio::select! {
            done = self.keep_when_there_is_room(conversation, kept) => done,
            () = self.clock.sleep(self.config.room_wait()) => {
                self.refused.increment(1);
                Err(StoreError("too many conversations wait to be written".into()))
            }
        }
    }

    async fn keep_when_there_is_room(&self, conversation: KeyedHash, kept: &Kept) -> Result<(), StoreError> {
        loop {
            // Registered before the try, or room made in between would be missed.
            let mut room = std::pin::pin!(self.queue.room.notified());
            room.as_mut().enable();
            match self.queue.push(conversation, kept) {
                Ok(()) => return Ok(()),
                Err(NotTaken::Closed) => return Err(closed()),
                Err(NotTaken::Full) => room.await,
            }
        }
    }

    /// A row that does not open is as if it were not there: the citizen is
    /// asked again, and has no error.
    fn opened(&self, conversation: KeyedHash, row: &Row) -> Option<Conversation> {
        let cause = match self.seal.open(conversation, row) {
            Ok(opened) => return Some(opened),
            Err(Shut::OtherKey) => "key",
            Err(Shut::Damaged) => "damaged",
            Err(Shut::Unreadable) => "form",
        };
        metrics::counter!("conversations_unopened_total", "cause" => cause).increment(1);
        if self.warnings.may(self.clock.now()) {
            let key = row.key_id.as_str();
            tracing::warn!(cause, key, "a conversation does not open and is as if it were not there");
        }
        None
    }
}

fn closed() -> StoreError {
    StoreError("conversations are closed".into())
}

/// One that is dropped writes what it holds, as long as its runtime lives.
impl Drop for ConversationKeeper {
    fn drop(&mut self) {
        self.queue.close();
    }
}

#[async_trait]
impl Conversations for ConversationKeeper {
    async fn recall(&self, conversation: KeyedHash, now: Timestamp) -> Result<Option<Conversation>, StoreError> {
        let now = to_micros(now);
        let row = match self.queue.find(conversation) {
            Some(kept) => kept.filter(|row| row.until_at > now),
            None => self.shelf.find(conversation, now).await?,
        };
        Ok(row.and_then(|row| self.opened(conversation, &row)))
    }

    async fn remember(&self, conversation: KeyedHash, what: &Conversation, until: Timestamp) -> Result<(), StoreError> {
        let row = self.seal.seal(conversation, what, to_micros(until))?;
        self.keep(conversation, &Some(row)).await
    }

    async fn forget(&self, conversation: KeyedHash) -> Result<(), StoreError> {
        self.keep(conversation, &None).await
    }
}

/// A minute between two warnings: where one row does not open, others may not.
#[derive(Default)]
struct Seldom(Mutex<Option<Timestamp>>);

impl Seldom {
    fn may(&self, now: Timestamp) -> bool {
        let mut last = self.0.lock();
        let may = last.is_none_or(|last| now.duration_since(last) >= SignedDuration::from_mins(1));
        if may {
            *last = Some(now);
        }
        may
    }
}
