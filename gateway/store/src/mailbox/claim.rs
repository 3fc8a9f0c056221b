use std::sync::Arc;

use super::journal::Core;
use super::ops::Repair;

/// What somebody becomes responsible for with an answer or with rows that were
/// adopted, on its way to them. Wherever it is dropped before it has arrived (the
/// caller had gone, goes while the answer lies there, or gives up half-way), a
/// writer is woken to mend it.
pub(super) struct Claim {
    core: Arc<Core>,
    repairs: Vec<Repair>,
}

impl Claim {
    pub(super) fn new(core: &Arc<Core>, repairs: Vec<Repair>) -> Self {
        Self { core: Arc::clone(core), repairs }
    }

    /// It has arrived: from here on it is the receiver's.
    pub(super) fn handed_over(mut self) {
        self.repairs.clear();
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.repairs.is_empty() {
            self.core.repairs.add(self.repairs.drain(..));
            self.core.queue.work.notify_one();
        }
    }
}
