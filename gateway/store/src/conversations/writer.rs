use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::{Clock, KeyedHash, StoreError};
use metrics::{Counter, Gauge};
use tokio_util::sync::CancellationToken;

use super::queue::Queue;
use super::rows::{Kept, Shelf};
use crate::behind::{Pauses, gathered};
use crate::config::ConversationsConfig;
use crate::failure::InsertFailure;

/// Writes what waits, batch by batch, until the queue is closed and empty.
pub(super) struct Work {
    queue: Arc<Queue>,
    shelf: Arc<dyn Shelf>,
    clock: Arc<dyn Clock>,
    batch_rows: usize,
    batch_wait: Duration,
    stop: CancellationToken,
    meters: Meters,
}

impl Work {
    pub(super) fn new(
        queue: Arc<Queue>,
        shelf: Arc<dyn Shelf>,
        clock: Arc<dyn Clock>,
        config: &ConversationsConfig,
        stop: CancellationToken,
    ) -> Self {
        let (batch_rows, batch_wait) = (config.batch_rows.max(1), config.batch_wait());
        Self { queue, shelf, clock, batch_rows, batch_wait, stop, meters: Meters::new() }
    }

    pub(super) async fn run(self) {
        let mut pauses = self.pauses();
        let mut failures = 0_u64;
        while gathered(|| self.queue.look(), &self.queue.work, &*self.clock, self.batch_wait).await {
            match self.write(&self.queue.take()).await {
                Ok(()) if failures > 0 => {
                    tracing::info!(failures, "conversations are written again");
                    (pauses, failures) = (self.pauses(), 0);
                }
                Ok(()) => {}
                Err(error) => {
                    failures += 1;
                    self.meters.failures.increment(1);
                    // Once for an outage, not once for each try.
                    if failures == 1 {
                        tracing::warn!(%error, "conversations cannot be written; they are kept and tried again");
                    }
                    self.queue.give_back();
                    pauses.pass().await;
                }
            }
            self.meters.waiting.set(f64::from(u32::try_from(self.queue.len()).unwrap_or(u32::MAX)));
        }
    }

    fn pauses(&self) -> Pauses {
        Pauses::new(Arc::clone(&self.clock), self.stop.clone())
    }

    async fn write(&self, rows: &[(KeyedHash, Kept)]) -> Result<(), StoreError> {
        for chunk in rows.chunks(self.batch_rows) {
            self.write_chunk(chunk).await?;
            self.queue.settle(chunk);
        }
        Ok(())
    }

    /// Writes the rows, but for those that the database will never take.
    async fn write_chunk(&self, rows: &[(KeyedHash, Kept)]) -> Result<(), StoreError> {
        match self.shelf.write(rows).await {
            Ok(()) => {
                self.meters.written.increment(u64::try_from(rows.len()).unwrap_or(u64::MAX));
                return Ok(());
            }
            Err(InsertFailure::Later(error)) => return Err(error),
            Err(InsertFailure::Never(_)) => {}
        }
        // One row spoils the batch: find it.
        for row in rows {
            match self.shelf.write(std::slice::from_ref(row)).await {
                Ok(()) => self.meters.written.increment(1),
                Err(InsertFailure::Later(error)) => return Err(error),
                Err(InsertFailure::Never(error)) => {
                    self.meters.lost.increment(1);
                    tracing::error!(%error, "a conversation is lost: the database will never take it");
                }
            }
        }
        Ok(())
    }
}

/// Handles that are registered once.
struct Meters {
    written: Counter,
    failures: Counter,
    lost: Counter,
    waiting: Gauge,
}

impl Meters {
    fn new() -> Self {
        Self {
            written: metrics::counter!("conversations_written_total"),
            failures: metrics::counter!("conversations_write_failures_total"),
            lost: metrics::counter!("conversations_lost_total"),
            waiting: metrics::gauge!("conversations_waiting"),
        }
    }
}
