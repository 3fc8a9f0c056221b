//! Those who want a number, until the writer gives them one.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::{Clock, NewTicket, StoreError, Taken};
use metrics::{Counter, Histogram};
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::bell::Bell;
use super::give;
use crate::behind::ended_within;
use crate::failure::{InsertFailure, insert_failure, timed_out};
use crate::store::Store;

/// A wish, and where its answer goes.
struct Wish {
    ticket: NewTicket,
    done: oneshot::Sender<Result<Taken, StoreError>>,
}

#[derive(Default)]
struct Waiting {
    wishes: Vec<Wish>,
    closed: bool,
}

struct Line {
    waiting: Mutex<Waiting>,
    work: Notify,
    room: usize,
}

/// Wishes wait in memory for the writer. Where there are too many, or the database
/// fails, they fail: the terminal asks again with the same key.
pub(super) struct Takers {
    line: Arc<Line>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Takers {
    pub(super) fn start(store: Store, bell: Arc<Bell>) -> Self {
        let line =
            Arc::new(Line { waiting: Mutex::default(), work: Notify::new(), room: store.config.queue.waiting_takes });
        let giver = Giver { most: store.config.queue.batch_takes.max(1), store, bell, meters: Meters::new() };
        let task = tokio::spawn(giver.run(Arc::clone(&line)));
        Self { line, task: Mutex::new(Some(task)) }
    }

    pub(super) async fn take(&self, ticket: NewTicket) -> Result<Taken, StoreError> {
        let (done, answer) = oneshot::channel();
        let first = {
            let mut waiting = self.line.waiting.lock();
            if waiting.closed {
                return Err(closed());
            }
            if waiting.wishes.len() >= self.line.room {
                return Err(StoreError("too many wait for a number".into()));
            }
            waiting.wishes.push(Wish { ticket, done });
            waiting.wishes.len() == 1
        };
        // Whoever joins others wakes nobody.
        if first {
            self.line.work.notify_one();
        }
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    pub(super) async fn close(&self, clock: &dyn Clock, at_most: Duration) {
        self.line.close();
        let task = self.task.lock().take();
        if let Some(task) = task
            && ended_within(task, clock, at_most).await.is_none()
        {
            tracing::warn!("numbers were still being given at the end; the terminals ask again");
        }
    }
}

/// Wishes that were taken are answered, as long as the runtime lives.
impl Drop for Takers {
    fn drop(&mut self) {
        self.line.close();
    }
}

impl Line {
    fn close(&self) {
        self.waiting.lock().closed = true;
        self.work.notify_one();
    }

    /// At most so many of those that came first; `None` where none will come.
    fn next(&self, most: usize) -> Option<Vec<Wish>> {
        let mut waiting = self.waiting.lock();
        if waiting.wishes.is_empty() {
            return (!waiting.closed).then(Vec::new);
        }
        let count = waiting.wishes.len().min(most);
        Some(waiting.wishes.drain(..count).collect())
    }
}

struct Giver {
    store: Store,
    bell: Arc<Bell>,
    most: usize,
    meters: Meters,
}

impl Giver {
    async fn run(self, line: Arc<Line>) {
        while let Some(wishes) = line.next(self.most) {
            if wishes.is_empty() {
                line.work.notified().await;
            } else {
                self.give(wishes).await;
            }
        }
    }

    async fn give(&self, wishes: Vec<Wish>) {
        let (tickets, done): (Vec<_>, Vec<_>) = wishes.into_iter().map(|wish| (wish.ticket, wish.done)).unzip();
        self.meters.batch.record(f64::from(u32::try_from(tickets.len()).unwrap_or(u32::MAX)));
        let outcomes = match self.try_give(&tickets).await {
            Ok(taken) => taken.into_iter().map(Ok).collect(),
            // One wish that can never be written spoils it for all: each alone.
            Err(InsertFailure::Never(_)) if tickets.len() > 1 => {
                let mut outcomes = Vec::with_capacity(tickets.len());
                for ticket in &tickets {
                    let alone = self.try_give(std::slice::from_ref(ticket)).await;
                    outcomes
                        .push(alone.map_err(error_of).and_then(|taken| taken.into_iter().next().ok_or_else(closed)));
                }
                outcomes
            }
            Err(failure) => {
                let error = error_of(failure);
                tickets.iter().map(|_| Err(error.clone())).collect::<Vec<_>>()
            }
        };
        let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        self.meters.failures.increment(u64::try_from(failed).unwrap_or(u64::MAX));
        if let Some(Err(problem)) = outcomes.iter().find(|outcome| outcome.is_err()) {
            tracing::error!(%problem, failed, "numbers were not given");
        }
        for (done, outcome) in done.into_iter().zip(outcomes) {
            // Whoever does not wait any more asks again with the same key.
            drop(done.send(outcome));
        }
        let mut sites: Vec<_> = tickets.iter().map(|ticket| &ticket.site).collect();
        sites.sort_unstable();
        sites.dedup();
        for site in sites {
            self.bell.ring(site);
        }
    }

    async fn try_give(&self, tickets: &[NewTicket]) -> Result<Vec<Taken>, InsertFailure> {
        let limit = self.store.config.call_timeout();
        match tokio::time::timeout(limit, give::give(&self.store, tickets)).await {
            Ok(Ok(Ok(taken))) => Ok(taken),
            Ok(Ok(Err(unreadable))) => Err(InsertFailure::Later(unreadable)),
            Ok(Err(error)) => Err(insert_failure(&error)),
            Err(_) => Err(InsertFailure::Later(timed_out(limit))),
        }
    }
}

fn error_of(failure: InsertFailure) -> StoreError {
    match failure {
        InsertFailure::Later(error) | InsertFailure::Never(error) => error,
    }
}

fn closed() -> StoreError {
    StoreError("the queue is closed".into())
}

/// Handles that are registered once.
struct Meters {
    batch: Histogram,
    failures: Counter,
}

impl Meters {
    fn new() -> Self {
        metrics::describe_histogram!("queue_batch_takes", "Numbers that were given in one transaction");
        metrics::describe_counter!("queue_take_failures_total", "Wishes for a number that failed");
        Self {
            batch: metrics::histogram!("queue_batch_takes"),
            failures: metrics::counter!("queue_take_failures_total"),
        }
    }
}
