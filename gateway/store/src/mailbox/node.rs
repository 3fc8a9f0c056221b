use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gateway_core::ports::{NewOutbound, Outbound, StoreError};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::journal::{Core, Meters, write};
use super::ops::Repairs;
use super::queue::Queue;
use super::receipts;
use super::{Mailbox, NODE_BITS, outbound, written};
use crate::bulk::{Bind, Link};
use crate::store::{Pools, Store, on_pool};
use crate::time::to_micros;

/// Why a mailbox does not start.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MailboxProblem {
    /// The database would confirm what the power can still take.
    #[error(
        "the database is not set to keep what it confirms ({setting} = {value}): a message could be lost after its \
         sender was told that it was taken; set it to {wanted}"
    )]
    NotDurable {
        /// The database's setting.
        setting: &'static str,
        /// What it is.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// The database failed, or it has not been migrated.
    #[error("{0}")]
    Database(#[from] StoreError),
}

impl Store {
    /// Starts inbox and outbox on the current runtime, as a node of its own.
    /// On SQLite whatever another node had taken is then to be adopted: one
    /// process at a time serves a file. Processes that only write messages
    /// down use [`Store::enqueue`] and disturb nobody.
    ///
    /// # Errors
    /// [`MailboxProblem`].
    pub async fn start_mailbox(&self) -> Result<Mailbox, MailboxProblem> {
        self.must_be_durable().await?;
        let node = self.take_number(true).await?;
        if let Pools::Sqlite { .. } = &self.pools {
            let others = "DELETE FROM nodes WHERE id <> $1";
            on_pool!(write self, pool => async { sqlx::query(others).bind(node).execute(pool).await.map(drop) })?;
        }
        let writers = match &self.pools {
            Pools::Sqlite { .. } => 1,
            // One connection stays for the others.
            Pools::Postgres(_) => {
                let connections = usize::try_from(self.config.connections).unwrap_or(1);
                self.config.mailbox.writers.min(connections.saturating_sub(1)).max(1)
            }
        };
        let core = Arc::new(Core {
            store: self.clone(),
            node,
            queue: Queue::new(self.config.mailbox.queue_ops),
            repairs: Repairs::default(),
            waiting: AtomicI64::new(0),
            parts: AtomicI64::new(0),
            held: AtomicI64::new(0),
            meters: Meters::new(),
        });
        core.recount().await?;
        let stop = CancellationToken::new();
        let mut tasks = Vec::with_capacity(writers + 1);
        for _ in 0..writers {
            tasks.push(tokio::spawn(write(Arc::clone(&core))));
        }
        tasks.push(tokio::spawn(heartbeat(Arc::clone(&core), stop.clone())));
        Ok(Mailbox { core, serial: AtomicI64::new(node << NODE_BITS), stop, tasks: Mutex::new(tasks) })
    }

    async fn must_be_durable(&self) -> Result<(), MailboxProblem> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let read = async {
                    let mut connection = writer.acquire().await?;
                    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await?;
                    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
                    Ok((synchronous, mode))
                };
                let (synchronous, mode) = self.within(read).await?;
                if synchronous < 2 {
                    let value = synchronous.to_string();
                    return Err(MailboxProblem::NotDurable { setting: "synchronous", value, wanted: "FULL" });
                }
                // Nobody expects a database in memory to keep anything.
                if mode != "wal" && mode != "memory" {
                    return Err(MailboxProblem::NotDurable { setting: "journal_mode", value: mode, wanted: "wal" });
                }
            }
            Pools::Postgres(pool) => {
                let value: String = self.within(sqlx::query_scalar("SHOW synchronous_commit").fetch_one(pool)).await?;
                if value == "off" {
                    return Err(MailboxProblem::NotDurable { setting: "synchronous_commit", value, wanted: "on" });
                }
            }
        }
        Ok(())
    }

    /// Writes messages down without being a node: they are queued and nobody's,
    /// and whichever node serves their channel adopts them. None is begun.
    ///
    /// # Errors
    /// The database failed; where the commit was lost, they may be written.
    pub async fn enqueue(&self, mut messages: Vec<NewOutbound>) -> Result<Vec<Outbound>, StoreError> {
        for message in &mut messages {
            message.begun = false;
        }
        let (first_id, at) = (self.take_ids(messages.len()).await?, self.clock.now());
        self.within(async {
            let mut link = Link::begin(self).await?;
            write_down(&mut link, first_id, to_micros(at), &messages).await?;
            link.commit().await
        })
        .await?;
        Ok(written(first_id, at, messages))
    }

    /// Ids for rows that no mailbox writes.
    pub(crate) async fn take_ids(&self, count: usize) -> Result<i64, StoreError> {
        let serial = self
            .serial
            .get_or_try_init(async || Ok::<_, StoreError>(AtomicI64::new(self.take_number(false).await? << NODE_BITS)))
            .await?;
        Ok(serial.fetch_add(i64::try_from(count).unwrap_or(i64::MAX), Ordering::Relaxed))
    }
}

/// Writes messages that are queued and nobody's.
pub(crate) async fn write_down<'b>(
    link: &mut Link<'b>,
    first_id: i64,
    at: i64,
    messages: &'b [NewOutbound],
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = (first_id..).zip(messages).map(|(id, message)| (id, at, message)).collect();
    outbound::insert(link, None, &rows).await
}

/// Says that this node lives, now and then, and looks after what waits.
async fn heartbeat(core: Arc<Core>, stop: CancellationToken) {
    let clock = Arc::clone(&core.store.clock);
    loop {
        tokio::select! {
            biased;
            // Where both are so, the heart of a node that is gone does not beat.
            () = stop.cancelled() => return,
            () = clock.sleep(core.store.config.mailbox.heartbeat()) => {}
        }
        if let Err(error) = core.beat().await {
            tracing::warn!(%error, node = core.node, "a heartbeat of the mailbox failed");
        }
        // Repairs that no call took along.
        if !core.repairs.is_empty() {
            core.queue.work.notify_one();
        }
        core.meters.waiting.set(f64::from(u32::try_from(core.queue.len()).unwrap_or(u32::MAX)));
    }
}

impl Core {
    async fn beat(&self) -> Result<(), StoreError> {
        let now = to_micros(self.store.clock.now());
        let seen = "UPDATE nodes SET seen_at = $2 WHERE id = $1";
        let node = self.node;
        let rows = on_pool!(write self.store, pool => async {
            sqlx::query(seen).bind(node).bind(now).execute(pool).await.map(|done| done.rows_affected())
        })?;
        match &self.store.pools {
            Pools::Sqlite { .. } if rows == 0 => {
                tracing::error!(
                    node,
                    "another process serves this database file: its messages are no longer this one's"
                );
            }
            Pools::Postgres(pool) if rows == 0 => {
                // It slept so long that its row was taken away.
                let again = "INSERT INTO nodes (id, started_at, seen_at) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $2) \
                             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";
                self.store
                    .within(async { sqlx::query(again).bind(node).bind(now).execute(pool).await.map(drop) })
                    .await?;
            }
            _ => {}
        }
        self.recount().await?;
        if self.held.load(Ordering::Relaxed) > 0 {
            self.look_after_receipts(now).await?;
        }
        Ok(())
    }

    /// Applies receipts whose message got its id at the same moment on another
    /// node, and lets those go that waited too long or are too many.
    async fn look_after_receipts(&self, now: i64) -> Result<(), StoreError> {
        let held_for = i64::try_from(self.store.config.mailbox.held_receipt().as_micros()).unwrap_or(i64::MAX);
        let most = i64::from(self.store.config.mailbox.held_receipts);
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                receipts::apply_left(&mut link).await?;
                let old = "DELETE FROM held_receipts WHERE at < $1 OR id <= \
                           (SELECT id FROM held_receipts ORDER BY id DESC LIMIT 1 OFFSET $2)";
                link.run(old, &[Bind::Int(now.saturating_sub(held_for)), Bind::Int(most)]).await?;
                link.commit().await
            })
            .await
    }

    pub(super) async fn recount(&self) -> Result<(), StoreError> {
        let sql = "SELECT (SELECT count(*) FROM inbox WHERE state < 2), (SELECT count(*) FROM inbound_parts), \
                          (SELECT count(*) FROM held_receipts)";
        let (waiting, parts, held): (i64, i64, i64) =
            on_pool!(read self.store, pool => sqlx::query_as(sql).fetch_one(pool))?;
        self.waiting.store(waiting, Ordering::Relaxed);
        self.parts.store(parts, Ordering::Relaxed);
        self.held.store(held, Ordering::Relaxed);
        Ok(())
    }

    /// Gives back what this node has, and is no node any more. What it was
    /// handing over stays with it: the next one finds it uncertain. (But not what
    /// its caller never heard of: that was handed over to nobody.)
    async fn leave(&self) -> Result<(), StoreError> {
        let node = Bind::Int(self.node);
        let repairs = self.repairs.take();
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                // The last ones: no call and no heartbeat comes after this.
                self.mend(&mut link, &repairs).await?;
                receipts::apply_left(&mut link).await?;
                link.run("UPDATE inbox SET node = NULL WHERE state < 2 AND node = $1", &[node]).await?;
                link.run("UPDATE outbox SET node = NULL WHERE state = 0 AND node = $1", &[node]).await?;
                link.run("DELETE FROM nodes WHERE id = $1", &[node]).await?;
                link.commit().await
            })
            .await
    }
}

impl Mailbox {
    /// Takes no more calls, answers those that wait, and gives back what this
    /// node has, so that another may adopt it at once. Ends after
    /// `close_timeout_ms`.
    ///
    /// # Errors
    /// The database failed, or the time was over; the messages are adopted
    /// once this node counts as dead.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.core.queue.close();
        self.stop.cancel();
        let tasks = std::mem::take(&mut *self.tasks.lock());
        if tasks.is_empty() {
            return Ok(());
        }
        let limit = self.core.store.config.mailbox.close_timeout();
        let ended = async {
            for task in tasks {
                // A writer that panicked has answered nobody; the rest ends.
                drop(task.await);
            }
            self.core.leave().await
        };
        tokio::select! {
            left = ended => left,
            () = self.core.store.clock.sleep(limit) => Err(crate::failure::timed_out(limit)),
        }
    }
}

/// Whoever forgets to close it: the writers answer who waits, and end.
impl Drop for Mailbox {
    fn drop(&mut self) {
        self.core.queue.close();
        self.stop.cancel();
    }
}
