use gateway_core::ports::{AuditError, AuditRow};
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use crate::behind::Found;

/// Tells a waiting disclosure whether its row is on disk.
pub(super) type Done = oneshot::Sender<Result<(), AuditError>>;

/// Rows that wait to be written. A lock around a vector, not a channel: the
/// writer takes everything by swapping, and a row that joins others wakes
/// nobody, which makes the quick path a push (see `benches/audit.rs`).
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// The writer has something to look at.
    pub(super) work: Notify,
    /// There is room again.
    pub(super) room: Notify,
    capacity: usize,
    batch_rows: usize,
}

#[derive(Default)]
struct Waiting {
    rows: Vec<AuditRow>,
    /// Who waits for which of the rows, in ascending order.
    commits: Vec<(usize, Done)>,
    /// Rows that the writer has taken and not yet written: they count, or the
    /// bound would be no bound while the database is away.
    in_flight: usize,
    closed: bool,
}

/// A row that was not taken, and why.
pub(super) struct NotTaken {
    pub(super) row: AuditRow,
    pub(super) done: Option<Done>,
    /// Nothing will be taken any more; else there is no room now.
    pub(super) closed: bool,
}

/// What the writer took.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<AuditRow>,
    pub(super) commits: Vec<(usize, Done)>,
}

impl Queue {
    pub(super) fn new(capacity: usize, batch_rows: usize) -> Self {
        Self { waiting: Mutex::new(Waiting::default()), work: Notify::new(), room: Notify::new(), capacity, batch_rows }
    }

    pub(super) fn push(&self, row: AuditRow, done: Option<Done>) -> Result<(), Box<NotTaken>> {
        let wake = {
            let mut waiting = self.waiting.lock();
            let full = waiting.rows.len() + waiting.in_flight >= self.capacity;
            if waiting.closed || full {
                return Err(Box::new(NotTaken { row, done, closed: waiting.closed }));
            }
            let urgent = done.is_some();
            if let Some(done) = done {
                let index = waiting.rows.len();
                waiting.commits.push((index, done));
            }
            waiting.rows.push(row);
            // The first row starts the wait for companions, a full batch or a
            // disclosure ends it. All others join silently.
            urgent || waiting.rows.len() == 1 || waiting.rows.len() == self.batch_rows
        };
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    pub(super) fn look(&self) -> Found {
        let waiting = self.waiting.lock();
        match (waiting.rows.is_empty(), waiting.closed) {
            (true, true) => Found::End,
            (true, false) => Found::Nothing,
            (false, true) => Found::Urgent,
            (false, false) if !waiting.commits.is_empty() || waiting.rows.len() >= self.batch_rows => Found::Urgent,
            (false, false) => Found::Rows,
        }
    }

    /// Takes everything; `batch` must be empty and lends its memory.
    pub(super) fn take(&self, batch: &mut Batch) {
        let mut waiting = self.waiting.lock();
        std::mem::swap(&mut waiting.rows, &mut batch.rows);
        std::mem::swap(&mut waiting.commits, &mut batch.commits);
        waiting.in_flight = batch.rows.len();
    }

    /// So many of the taken rows are settled.
    pub(super) fn settle(&self, rows: usize) {
        let mut waiting = self.waiting.lock();
        waiting.in_flight = waiting.in_flight.saturating_sub(rows);
        drop(waiting);
        self.room.notify_waiters();
    }

    pub(super) fn close(&self) {
        self.waiting.lock().closed = true;
        self.work.notify_one();
        self.room.notify_waiters();
    }

    /// Rows that are not on disk yet.
    pub(super) fn len(&self) -> usize {
        let waiting = self.waiting.lock();
        waiting.rows.len() + waiting.in_flight
    }
}
