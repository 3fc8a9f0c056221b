use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::{Audit, AuditError, AuditRow, Clock, StoreError};
use metrics::{Counter, Gauge};
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::queue::{Batch, Queue};
use crate::behind::{Pauses, ended_within, gathered};
use crate::config::AuditConfig;
use crate::failure::InsertFailure;
use crate::store::{Store, on_pool};
use crate::time::to_micros;

/// Where batches go: the store, or a test's stand-in.
#[async_trait]
pub trait AuditSink: Send + Sync + 'static {
    /// Writes all rows or none; row `n` has the id `first_id + n`. Rows whose
    /// id is there already were written by an earlier try and are left alone.
    async fn insert(&self, first_id: i64, rows: &[AuditRow]) -> Result<(), InsertFailure>;
}

/// Takes audit rows at memory speed and writes them in batches.
///
/// - A row waits at most `batch_wait_ms` for companions; a disclosure's row
///   ([`Audit::commit`]) waits for none and takes along whatever is queued.
/// - Where the database fails, rows stay in memory and are tried again, up to
///   `queue_rows`; then [`Audit::record`] waits and [`Audit::try_record`]
///   gives the row back.
/// - [`AuditWriter::close`] writes what is left. A crash loses the rows of the
///   last `batch_wait_ms` and, while the database is away, all that wait; a
///   disclosure is never answered before its row is on disk.
pub struct AuditWriter {
    queue: Arc<Queue>,
    clock: Arc<dyn Clock>,
    config: AuditConfig,
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<usize>>>,
}

/// Rows that a graceful stop could not write in its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{rows} audit rows could not be written before the end")]
pub struct Unwritten {
    /// How many.
    pub rows: usize,
}

impl Store {
    /// Starts the audit's writer on the current runtime, with this store's
    /// configuration.
    ///
    /// # Errors
    /// The database failed, or it has not been migrated.
    pub async fn start_audit(&self) -> Result<AuditWriter, StoreError> {
        let sql = "INSERT INTO audit_writers (started_at) VALUES ($1) RETURNING id";
        let started_at = to_micros(self.clock.now());
        let id: i64 = on_pool!(write self, pool => sqlx::query_scalar(sql).bind(started_at).fetch_one(pool))?;
        let sink: Arc<dyn AuditSink> = Arc::new(self.clone());
        Ok(AuditWriter::start(sink, id, self.config.audit.clone(), Arc::clone(&self.clock)))
    }
}

impl AuditWriter {
    /// Starts a writer whose rows get the ids `writer << 40` and up: room for
    /// eight million starts with a million million rows each.
    pub fn start(sink: Arc<dyn AuditSink>, writer: i64, config: AuditConfig, clock: Arc<dyn Clock>) -> Self {
        let queue = Arc::new(Queue::new(config.queue_rows, config.batch_rows));
        let stop = CancellationToken::new();
        let work = Work {
            queue: Arc::clone(&queue),
            sink,
            clock: Arc::clone(&clock),
            batch_rows: config.batch_rows.max(1),
            batch_wait: config.batch_wait(),
            next_id: writer << super::WRITER_BITS,
            stop: stop.clone(),
            meters: Meters::new(),
        };
        let task = tokio::spawn(work.run());
        Self { queue, clock, config, stop, task: Mutex::new(Some(task)) }
    }

    /// Rows that are not on disk yet.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether every row is on disk.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes no more rows and returns once all are on disk, or after
    /// `close_timeout_ms`.
    ///
    /// # Errors
    /// How many rows were lost.
    pub async fn close(&self) -> Result<(), Unwritten> {
        self.queue.close();
        self.stop.cancel();
        let Some(task) = self.task.lock().take() else { return Ok(()) };
        let ended = ended_within(task, &*self.clock, self.config.close_timeout()).await;
        let lost = ended.unwrap_or_else(|| self.queue.len());
        if lost == 0 {
            return Ok(());
        }
        tracing::error!(rows = lost, "audit rows are lost: the database did not take them before the end");
        Err(Unwritten { rows: lost })
    }

    /// Queues a row, waiting for room.
    async fn push(&self, mut row: AuditRow, mut done: Option<super::queue::Done>) -> Result<(), AuditError> {
        loop {
            // Registered before the try, or room made in between would be missed.
            let mut room = std::pin::pin!(self.queue.room.notified());
            room.as_mut().enable();
            match self.queue.push(row, done) {
                Ok(()) => return Ok(()),
                Err(back) if back.closed => return Err(AuditError("the writer is closed".into())),
                Err(back) => (row, done) = (back.row, back.done),
            }
            room.await;
        }
    }
}

/// A writer that is dropped writes what it holds, as long as its runtime lives.
impl Drop for AuditWriter {
    fn drop(&mut self) {
        self.queue.close();
    }
}

#[async_trait]
impl Audit for AuditWriter {
    async fn record(&self, row: AuditRow) -> Result<(), AuditError> {
        self.push(row, None).await
    }

    async fn commit(&self, row: AuditRow) -> Result<(), AuditError> {
        let (done, written) = oneshot::channel();
        let committed = async {
            self.push(row, Some(done)).await?;
            written.await.unwrap_or_else(|_| Err(AuditError("the writer ended".into())))
        };
        // A row whose waiter gave up stays queued: a disclosure that was
        // refused leaves one row too many, which harms nobody.
        tokio::select! {
            result = committed => result,
            () = self.clock.sleep(self.config.commit_timeout()) => {
                Err(AuditError(format!("not on disk within {:?}", self.config.commit_timeout()).into()))
            }
        }
    }

    fn try_record(&self, row: AuditRow) -> Result<(), Box<AuditRow>> {
        self.queue.push(row, None).map_err(|back| Box::new(back.row))
    }
}

struct Work {
    queue: Arc<Queue>,
    sink: Arc<dyn AuditSink>,
    clock: Arc<dyn Clock>,
    batch_rows: usize,
    batch_wait: Duration,
    next_id: i64,
    stop: CancellationToken,
    meters: Meters,
}

impl Work {
    /// Returns how many rows were rejected or left at the end.
    async fn run(mut self) -> usize {
        let mut batch = Batch::default();
        let mut lost = 0;
        while gathered(|| self.queue.look(), &self.queue.work, &*self.clock, self.batch_wait).await {
            self.queue.take(&mut batch);
            lost += self.write(&mut batch).await;
            self.meters.waiting.set(as_f64(self.queue.len()));
        }
        lost
    }

    /// Writes what was taken, chunk by chunk, and empties it.
    async fn write(&mut self, batch: &mut Batch) -> usize {
        let mut lost = 0;
        let mut commits = batch.commits.drain(..).peekable();
        let mut written = 0;
        for chunk in batch.rows.chunks(self.batch_rows) {
            let first_id = self.next_id;
            self.next_id += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
            let rejected = self.write_chunk(first_id, chunk).await;
            let from = written;
            written += chunk.len();
            while let Some((index, done)) = commits.next_if(|(index, _)| *index < written) {
                let refused = rejected.contains(&(index - from));
                let result = if refused { Err(AuditError("the database refused the row".into())) } else { Ok(()) };
                // Nobody listens any more where the waiter gave up.
                drop(done.send(result));
            }
            lost += rejected.len();
            self.queue.settle(chunk.len());
        }
        drop(commits);
        batch.rows.clear();
        lost
    }

    /// Keeps at it until the rows are on disk. Returns the places of the rows
    /// that the database will never take.
    async fn write_chunk(&self, first_id: i64, rows: &[AuditRow]) -> Vec<usize> {
        match self.insist(first_id, rows).await {
            Ok(()) => Vec::new(),
            Err(_) if rows.len() > 1 => {
                // One row spoils the insert of all: find it.
                let mut rejected = Vec::new();
                for ((place, id), row) in (first_id..).enumerate().zip(rows) {
                    if let Err(error) = self.insist(id, std::slice::from_ref(row)).await {
                        self.reject(&error);
                        rejected.push(place);
                    }
                }
                rejected
            }
            Err(error) => {
                self.reject(&error);
                vec![0]
            }
        }
    }

    fn reject(&self, error: &StoreError) {
        self.meters.rejected.increment(1);
        tracing::error!(%error, "an audit row is lost: the database will never take it");
    }

    /// Tries until the rows are written or refused for good.
    async fn insist(&self, first_id: i64, rows: &[AuditRow]) -> Result<(), StoreError> {
        let mut pauses = Pauses::new(Arc::clone(&self.clock), self.stop.clone());
        let mut failures = 0_u64;
        loop {
            match self.sink.insert(first_id, rows).await {
                Ok(()) => {
                    self.meters.written.increment(u64::try_from(rows.len()).unwrap_or(u64::MAX));
                    if failures > 0 {
                        self.meters.stuck.set(0.0);
                        tracing::info!(failures, "audit rows are written again");
                    }
                    return Ok(());
                }
                Err(InsertFailure::Never(error)) => return Err(error),
                Err(InsertFailure::Later(error)) => {
                    failures += 1;
                    self.meters.failures.increment(1);
                    self.meters.stuck.set(1.0);
                    self.meters.waiting.set(as_f64(self.queue.len()));
                    // Once for an outage, not once for each try.
                    if failures == 1 {
                        tracing::error!(%error, "audit rows cannot be written; they are kept and tried again");
                    }
                }
            }
            pauses.pass().await;
        }
    }
}

/// Handles that are registered once: looking a metric up by name costs more
/// than the row.
struct Meters {
    written: Counter,
    failures: Counter,
    rejected: Counter,
    waiting: Gauge,
    stuck: Gauge,
}

impl Meters {
    fn new() -> Self {
        Self {
            written: metrics::counter!("audit_rows_written_total"),
            failures: metrics::counter!("audit_write_failures_total"),
            rejected: metrics::counter!("audit_rows_rejected_total"),
            waiting: metrics::gauge!("audit_rows_waiting"),
            stuck: metrics::gauge!("audit_stuck"),
        }
    }
}

fn as_f64(rows: usize) -> f64 {
    f64::from(u32::try_from(rows).unwrap_or(u32::MAX))
}
