use parking_lot::Mutex;
use tokio::sync::Notify;

use super::ops::Op;

/// Calls that wait for the writer. A lock around a vector, as the audit's
/// queue: a call that joins others wakes nobody.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// A writer has something to look at.
    pub(super) work: Notify,
    /// There is room again.
    pub(super) room: Notify,
    capacity: usize,
}

#[derive(Default)]
struct Waiting {
    ops: Vec<Op>,
    closed: bool,
}

/// A call that was not taken.
pub(super) struct NotTaken {
    pub(super) op: Op,
    /// Nothing will be taken any more; else there is no room now.
    pub(super) closed: bool,
}

/// What a writer finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Calls were taken.
    Ops,
    /// Nothing, and more may come.
    Nothing,
    /// Nothing, and nothing will come.
    End,
}

impl Queue {
    pub(super) fn new(capacity: usize) -> Self {
        Self { waiting: Mutex::new(Waiting::default()), work: Notify::new(), room: Notify::new(), capacity }
    }

    pub(super) fn push(&self, op: Op) -> Result<(), Box<NotTaken>> {
        let first = {
            let mut waiting = self.waiting.lock();
            if waiting.closed || waiting.ops.len() >= self.capacity {
                return Err(Box::new(NotTaken { op, closed: waiting.closed }));
            }
            waiting.ops.push(op);
            waiting.ops.len() == 1
        };
        if first {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Takes at most so many of those that came first; `into` must be empty
    /// and lends its memory.
    pub(super) fn take(&self, most: usize, into: &mut Vec<Op>) -> Found {
        let mut waiting = self.waiting.lock();
        if waiting.ops.is_empty() {
            return if waiting.closed { Found::End } else { Found::Nothing };
        }
        let (was_full, left) = (waiting.ops.len() >= self.capacity, waiting.ops.len().saturating_sub(most));
        if left == 0 {
            std::mem::swap(&mut waiting.ops, into);
        } else {
            into.extend(waiting.ops.drain(..most));
        }
        drop(waiting);
        if left > 0 {
            self.work.notify_one();
        }
        if was_full {
            self.room.notify_waiters();
        }
        Found::Ops
    }

    pub(super) fn close(&self) {
        self.waiting.lock().closed = true;
        self.work.notify_one();
        self.room.notify_waiters();
    }

    /// Calls that no writer has taken yet.
    pub(super) fn len(&self) -> usize {
        self.waiting.lock().ops.len()
    }
}
