use std::collections::BTreeMap;

use gateway_core::ports::KeyedHash;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::rows::Kept;
use crate::behind::Found;

/// The last turn of each conversation that is not on disk yet. A map, so that
/// the newest replaces what waits and whoever recalls finds it; ordered, so
/// that two nodes never wait for each other's rows.
pub(super) struct Queue {
    pending: Mutex<Pending>,
    /// The writer has something to look at.
    pub(super) work: Notify,
    /// There may be room again.
    pub(super) room: Notify,
    capacity: usize,
    batch_rows: usize,
}

#[derive(Default)]
struct Pending {
    waiting: BTreeMap<KeyedHash, Kept>,
    /// What the writer has taken and not yet written. It counts, and is
    /// recalled, where nothing newer waits.
    taken: BTreeMap<KeyedHash, Kept>,
    closed: bool,
}

impl Pending {
    fn len(&self) -> usize {
        self.waiting.len() + self.taken.len()
    }
}

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// There is no room now.
    Full,
    /// Nothing will be taken any more.
    Closed,
}

impl Queue {
    pub(super) fn new(capacity: usize, batch_rows: usize) -> Self {
        Self { pending: Mutex::default(), work: Notify::new(), room: Notify::new(), capacity, batch_rows }
    }

    pub(super) fn push(&self, conversation: KeyedHash, kept: &Kept) -> Result<(), NotTaken> {
        let wake = {
            let mut pending = self.pending.lock();
            if pending.closed {
                return Err(NotTaken::Closed);
            }
            // One that waits already takes no more room.
            if pending.len() >= self.capacity && !pending.waiting.contains_key(&conversation) {
                return Err(NotTaken::Full);
            }
            let replaced = pending.waiting.insert(conversation, kept.clone()).is_some();
            // The first one starts the wait for companions, a full batch ends
            // it. All others join silently.
            !replaced && (pending.waiting.len() == 1 || pending.waiting.len() == self.batch_rows)
        };
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    /// What waits to be written for a conversation: the outer `None` where
    /// nothing does.
    pub(super) fn find(&self, conversation: KeyedHash) -> Option<Kept> {
        let pending = self.pending.lock();
        pending.waiting.get(&conversation).or_else(|| pending.taken.get(&conversation)).cloned()
    }

    pub(super) fn look(&self) -> Found {
        let pending = self.pending.lock();
        match (pending.waiting.is_empty(), pending.closed) {
            (true, true) => Found::End,
            (true, false) => Found::Nothing,
            (false, true) => Found::Urgent,
            (false, false) if pending.waiting.len() >= self.batch_rows => Found::Urgent,
            (false, false) => Found::Rows,
        }
    }

    /// Takes everything, in the order of the hashes.
    pub(super) fn take(&self) -> Vec<(KeyedHash, Kept)> {
        let mut pending = self.pending.lock();
        pending.taken = std::mem::take(&mut pending.waiting);
        pending.taken.iter().map(|(conversation, kept)| (*conversation, kept.clone())).collect()
    }

    /// These are on disk.
    pub(super) fn settle(&self, rows: &[(KeyedHash, Kept)]) {
        let mut pending = self.pending.lock();
        for (conversation, _) in rows {
            pending.taken.remove(conversation);
        }
        drop(pending);
        self.room.notify_waiters();
    }

    /// What was taken and is not on disk waits again, unless something newer
    /// does.
    pub(super) fn give_back(&self) {
        let mut pending = self.pending.lock();
        for (conversation, kept) in std::mem::take(&mut pending.taken) {
            pending.waiting.entry(conversation).or_insert(kept);
        }
        drop(pending);
        self.room.notify_waiters();
    }

    pub(super) fn close(&self) {
        self.pending.lock().closed = true;
        self.work.notify_one();
        self.room.notify_waiters();
    }

    /// Turns that are not on disk yet.
    pub(super) fn len(&self) -> usize {
        self.pending.lock().len()
    }
}
