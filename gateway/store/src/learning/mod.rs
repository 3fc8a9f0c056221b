//! What was not understood, and what officers teach because of it.

mod misses;
mod proposals;

use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::{HashKey, NewMiss, Randomness, StoreError};
use jiff::{SignedDuration, Timestamp};
use metrics::Counter;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::behind::ended_within;
use crate::seal::Seal;
use crate::store::Store;
use misses::Writer;

/// What the key is for.
const CONTEXT: &str = "dakenh 2026 misses and proposals, XChaCha20-Poly1305";

/// Misses that wait to be written, at most: a flood of them costs no memory.
const WAITING: usize = 256;

/// How long the last ones may take at the end.
const LAST_WITHIN: Duration = Duration::from_secs(1);

/// How much is kept, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LearningRules {
    /// A miss is deleted after so many days.
    pub keep_days: u32,
    /// Of more misses than this the oldest go.
    pub most_misses: u32,
    /// Proposals that are open or live, at most.
    pub most_proposals: u32,
    /// A rejected or undone proposal is deleted after so many days.
    pub decided_days: u32,
}

/// Misses and proposals of one node. Misses are written behind: whoever records
/// one never waits.
pub struct LearningRows {
    store: Store,
    seal: Arc<Seal>,
    key: HashKey,
    rules: LearningRules,
    queue: Mutex<Option<mpsc::Sender<NewMiss>>>,
    task: Mutex<Option<JoinHandle<()>>>,
    dropped: Counter,
}

impl Store {
    /// Opens them on the current runtime. Only who has the same `key` can read
    /// what is kept; `randomness` must be fit for nonces.
    pub fn start_learning(&self, key: &HashKey, randomness: Arc<dyn Randomness>, rules: LearningRules) -> LearningRows {
        let seal = Arc::new(Seal::new(key, CONTEXT, randomness));
        let (queue, waiting) = mpsc::channel(WAITING);
        let writer = Writer::new(self.clone(), Arc::clone(&seal), rules, waiting);
        let task = tokio::spawn(writer.run());
        LearningRows {
            store: self.clone(),
            seal,
            key: key.clone(),
            rules,
            queue: Mutex::new(Some(queue)),
            task: Mutex::new(Some(task)),
            dropped: metrics::counter!("misses_dropped_total", "cause" => "full"),
        }
    }
}

impl LearningRows {
    /// Takes no more and returns once all is on disk, or after a second.
    ///
    /// # Errors
    /// The last ones could not be written.
    pub async fn close(&self) -> Result<(), StoreError> {
        drop(self.queue.lock().take());
        let task = self.task.lock().take();
        let Some(task) = task else { return Ok(()) };
        let ended = ended_within(task, &*self.store.clock, LAST_WITHIN).await;
        ended.ok_or_else(|| StoreError("misses could not be written before the end".into()))
    }
}

fn after(at: Timestamp, days: u32) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX)
}
