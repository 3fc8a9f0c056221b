use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::domain::{Channel, Notice};

/// The announcements in force, in memory. A task refreshes it from the store;
/// reading takes no lock.
pub struct NoticeBoard {
    all: ArcSwap<Vec<Arc<Notice>>>,
    none: Arc<[Arc<Notice>]>,
}

impl NoticeBoard {
    /// Replaces what hangs on the board.
    pub fn refresh(&self, notices: Vec<Notice>) {
        self.all.store(Arc::new(notices.into_iter().map(Arc::new).collect()));
    }

    /// What is to be shown on a channel now.
    pub fn on(&self, channel: Channel, now: Timestamp) -> Arc<[Arc<Notice>]> {
        let all = self.all.load();
        if all.is_empty() {
            return Arc::clone(&self.none);
        }
        all.iter().filter(|notice| notice.applies(channel, now)).map(Arc::clone).collect()
    }
}

impl Default for NoticeBoard {
    fn default() -> Self {
        Self { all: ArcSwap::default(), none: Arc::from([]) }
    }
}
