use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Instant;

use gateway_core::ports::{Fate, PartReceived, StoreError};
use metrics::{Counter, Gauge, Histogram};

use super::ops::{Answers, Batch, Begun, Op, Repair, Repairs};
use super::queue::{Found, Queue};
use super::{lines, outbound, parts, receipts, receive, settle};
use crate::bulk::{Bind, Bulk, Kind, Link, Rows};
use crate::failure::{InsertFailure, insert_failure, is_deadlock, timed_out};
use crate::store::{Pools, Store};

/// What all writers of a mailbox and its callers share.
pub(super) struct Core {
    pub(super) store: Store,
    pub(super) node: i64,
    pub(super) queue: Queue,
    pub(super) repairs: Repairs,
    /// About how many messages wait for their answer, …
    pub(super) waiting: AtomicI64,
    /// … parts for the others, …
    pub(super) parts: AtomicI64,
    /// … and receipts for their message. Read from the database now and then,
    /// counted in between.
    pub(super) held: AtomicI64,
    pub(super) meters: Meters,
}

/// Handles that are registered once.
pub(super) struct Meters {
    batch_ops: Histogram,
    commit_seconds: Histogram,
    pub(super) waiting: Gauge,
    failures: Counter,
    repairs: Counter,
}

impl Meters {
    pub(super) fn new() -> Self {
        Self {
            batch_ops: metrics::histogram!("mailbox_batch_ops"),
            commit_seconds: metrics::histogram!("mailbox_commit_seconds"),
            waiting: metrics::gauge!("mailbox_waiting_ops"),
            failures: metrics::counter!("mailbox_failures_total"),
            repairs: metrics::counter!("mailbox_repairs_total"),
        }
    }
}

/// Why a transaction did not come to its end.
enum Failure {
    /// It takes statements that tell.
    Mismatch,
    /// The database said no.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

static FREE_INBOUND: Bulk = Bulk::new(
    &[("id", Kind::Int), ("node", Kind::Int)],
    "UPDATE inbox SET node = NULL FROM v WHERE inbox.id = v.id AND inbox.node = v.node AND inbox.state < 2",
);
static FREE_BEGUN: Bulk = Bulk::new(
    &[("id", Kind::Int), ("node", Kind::Int), ("attempt", Kind::Int)],
    "UPDATE outbox SET node = NULL, state = 0, attempt = NULL, submitted_at = NULL \
     FROM v WHERE outbox.id = v.id AND outbox.node = v.node AND outbox.state + 0 = 1 AND outbox.attempt = v.attempt",
);
static FREE_ADOPTED: Bulk = Bulk::new(
    &[("id", Kind::Int), ("node", Kind::Int)],
    "UPDATE outbox SET node = NULL FROM v WHERE outbox.id = v.id AND outbox.node = v.node AND outbox.state + 0 = 0",
);
/// Those that nobody has begun but the call that wrote them. (One that another
/// node adopted is that one's.)
static UNWRITE: Bulk = Bulk::new(
    &[("id", Kind::Int), ("node", Kind::Int)],
    "DELETE FROM outbox WHERE id IN (SELECT v.id FROM v) AND (node IS NULL OR node IN (SELECT v.node FROM v)) \
     AND ((state = 0 AND attempt IS NULL) OR (state = 1 AND attempt = id))",
);

/// One writer: takes all that waits, commits it in one transaction and answers
/// its callers. While it commits, the next batch gathers; nothing waits for
/// companions.
pub(super) async fn write(core: Arc<Core>) {
    let most = core.store.config.mailbox.batch_ops;
    let mut ops: Vec<Op> = Vec::new();
    loop {
        match core.queue.take(most, &mut ops) {
            Found::End => {
                // The other writers are to see it too.
                core.queue.work.notify_one();
                return;
            }
            Found::Nothing if core.repairs.is_empty() => core.queue.work.notified().await,
            Found::Nothing => {
                // Nothing to do but to mend: fails quietly, and is tried again
                // when the next call, claim or heartbeat comes.
                core.settle(Batch::default()).await;
                core.queue.work.notified().await;
            }
            Found::Ops => core.settle(Batch::of(ops.drain(..))).await,
        }
    }
}

impl Core {
    /// Commits a batch and answers its callers, or finds the call that spoils
    /// it.
    async fn settle(self: &Arc<Self>, batch: Batch) {
        let mut batches = vec![batch];
        while let Some(batch) = batches.pop() {
            let repairs = self.repairs.take();
            let started = Instant::now();
            let committing = AtomicBool::new(false);
            match self.attempt(&batch, &repairs, &committing).await {
                Ok(answers) => {
                    self.meters.repairs.increment(u64::try_from(repairs.len()).unwrap_or(0));
                    self.meters.batch_ops.record(as_f64(batch.len()));
                    self.meters.commit_seconds.record(started.elapsed().as_secs_f64());
                    self.meters.waiting.set(as_f64(self.queue.len()));
                    self.count(&batch, &answers);
                    batch.finish(answers, self);
                }
                Err(InsertFailure::Never(error)) => {
                    self.repairs.add(repairs);
                    if batch.len() > 1 {
                        let (first, second) = batch.halves();
                        batches.push(second);
                        batches.push(first);
                    } else {
                        tracing::error!(%error, "the database will never take this call of the mailbox");
                        self.meters.failures.increment(1);
                        batch.fail(&error);
                    }
                }
                Err(InsertFailure::Later(error)) => {
                    self.repairs.add(repairs);
                    if committing.into_inner() {
                        // Nobody knows: what was written must be nobody's.
                        self.repairs.add(batch.repairs());
                    }
                    tracing::error!(%error, calls = batch.len(), "calls of the mailbox failed");
                    self.meters.failures.increment(u64::try_from(batch.len()).unwrap_or(0));
                    batch.fail(&error);
                }
            }
        }
    }

    async fn attempt(
        &self,
        batch: &Batch,
        repairs: &[Repair],
        committing: &AtomicBool,
    ) -> Result<Answers, InsertFailure> {
        let limit = self.store.config.call_timeout();
        match tokio::time::timeout(limit, self.transaction(batch, repairs, committing)).await {
            Ok(done) => done.map_err(|error| insert_failure(&error)),
            Err(_) => Err(InsertFailure::Later(timed_out(limit))),
        }
    }

    async fn transaction(
        &self,
        batch: &Batch,
        repairs: &[Repair],
        committing: &AtomicBool,
    ) -> Result<Answers, sqlx::Error> {
        // On PostgreSQL a statement that tells costs nothing more. SQLite
        // hands over row by row, and nearly always every row is new: there
        // numbers are compared first.
        let mut careful = matches!(self.store.pools, Pools::Postgres(_));
        let mut deadlocks = 0;
        loop {
            let mut link = Link::begin(&self.store).await?;
            match self.statements(&mut link, batch, repairs, careful).await {
                Ok(answers) => {
                    committing.store(true, Ordering::Relaxed);
                    link.commit().await?;
                    return Ok(answers);
                }
                Err(Failure::Mismatch) => careful = true,
                Err(Failure::Database(error)) if deadlocks < 2 && is_deadlock(&error) => deadlocks += 1,
                Err(Failure::Database(error)) => return Err(error),
            }
            link.rollback().await?;
        }
    }

    async fn statements<'b>(
        &self,
        link: &mut Link<'b>,
        batch: &'b Batch,
        repairs: &[Repair],
        careful: bool,
    ) -> Result<Answers, Failure> {
        // Before any row: whoever holds the lock alone changes rows as well.
        if link.is_postgres() && (!batch.lines.is_empty() || batch.begins.iter().any(|op| op.what.voiced)) {
            link.run("SELECT pg_advisory_xact_lock_shared($1)", &[Bind::Int(lines::VOICES)]).await?;
        }
        if !repairs.is_empty() {
            self.mend(link, repairs).await?;
        }
        let node = self.node;
        let (receives, parts_done) = receive::receive(link, node, &batch.receives, careful).await?;
        let parts = parts::receive_parts(link, &batch.parts).await?;
        let settles = settle::settle(link, node, &batch.settles, careful).await?;
        let messages: Vec<_> = batch
            .enqueues
            .iter()
            .flat_map(|op| {
                let at = crate::time::to_micros(op.what.at);
                (op.what.first_id..).zip(&op.what.messages).map(move |(id, message)| (id, at, message))
            })
            .collect();
        outbound::insert(link, Some(node), &messages).await?;
        let begins = outbound::begin(link, node, &batch.begins, careful).await?;
        let accepted = outbound::conclude(link, &batch.concludes).await?;
        outbound::release(link, node, &batch.releases).await?;
        let (receipts, held) = receipts::receipts(link, &batch.receipts).await?;
        let before = self.held.fetch_add(i64::try_from(held).unwrap_or(0), Ordering::Relaxed);
        // A receipt that came first waits for the id. Another node of
        // PostgreSQL may have taken it; of SQLite's there is only this one.
        if before > 0 || held > 0 || link.is_postgres() {
            receipts::apply_held(link, &accepted).await?;
        }
        if !link.as_expected().await? {
            return Err(Failure::Mismatch);
        }
        let lines = lines::write(link, &batch.lines).await?;
        Ok(Answers { receives, parts_done, parts, settles, begins, receipts, lines })
    }

    pub(super) async fn mend(&self, link: &mut Link<'_>, repairs: &[Repair]) -> Result<(), sqlx::Error> {
        let of = |wanted: fn(&Repair) -> Option<i64>| repairs.iter().filter_map(wanted).collect::<Vec<i64>>();
        let free_inbound = of(|repair| if let Repair::FreeInbound(id) = repair { Some(*id) } else { None });
        let free_adopted = of(|repair| if let Repair::FreeAdopted(id) = repair { Some(*id) } else { None });
        let unwrite = of(|repair| if let Repair::Unwrite(id) = repair { Some(*id) } else { None });
        for (bulk, ids) in [(&FREE_INBOUND, free_inbound), (&FREE_ADOPTED, free_adopted), (&UNWRITE, unwrite)] {
            let rows = Rows::new(ids.len()).ints(ids.iter().copied()).ints(ids.iter().map(|_| self.node));
            link.execute(bulk, &rows).await?;
        }
        let begun: Vec<Begun> = repairs
            .iter()
            .filter_map(|repair| if let Repair::FreeBegun(begun) = repair { Some(*begun) } else { None })
            .collect();
        let rows = Rows::new(begun.len())
            .ints(begun.iter().map(|begun| begun.id.0))
            .ints(begun.iter().map(|_| self.node))
            .ints(begun.iter().map(|begun| begun.attempt));
        link.execute(&FREE_BEGUN, &rows).await?;
        Ok(())
    }

    fn count(&self, batch: &Batch, answers: &Answers) {
        let number = |count: usize| i64::try_from(count).unwrap_or(0);
        let new = answers.receives.iter().filter(|new| **new).count();
        let settled = batch.settles.iter().zip(&answers.settles);
        let done = settled.filter(|(op, settled)| **settled && !matches!(op.what.settlement.fate, Fate::Later { .. }));
        self.waiting.fetch_add(number(new) - number(done.count()), Ordering::Relaxed);
        let parts = answers.parts.iter().filter(|part| !matches!(part, PartReceived::Replay)).count();
        let gone = i64::try_from(answers.parts_done).unwrap_or(0);
        self.parts.fetch_add(number(parts) - gone, Ordering::Relaxed);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count for a metric")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

/// The mailbox takes no more calls.
pub(super) fn closed() -> StoreError {
    StoreError("the mailbox is closed".into())
}
