//! A bind on which messages may be submitted: its window and its rate.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::meters::BindMeters;
use super::rate::Bucket;
use super::session::Session;

/// What asking for a place gave.
pub(super) enum Place {
    Taken(Ticket),
    /// The rate allows the next one after this span.
    RateIn(Duration),
    /// The window is full or the bind is down: somebody will tell.
    None,
}

/// A place in a window, and a submit that the rate allows.
pub(super) struct Ticket {
    pub(super) session: Arc<Session>,
    pub(super) slot: Slot,
    pub(super) halvings: u64,
    pub(super) taken_at: Timestamp,
}

pub(super) struct Lane {
    inner: Mutex<LaneInner>,
    window: u32,
    /// Told when a place has become free; all lanes of a road share it.
    freed: Arc<Notify>,
    meters: Arc<BindMeters>,
}

struct LaneInner {
    session: Option<Arc<Session>>,
    used: u32,
    bucket: Bucket,
}

impl Lane {
    pub(super) fn new(window: u32, bucket: Bucket, freed: Arc<Notify>, meters: Arc<BindMeters>) -> Arc<Self> {
        meters.rate.set(bucket.rate());
        Arc::new(Self { inner: Mutex::new(LaneInner { session: None, used: 0, bucket }), window, freed, meters })
    }

    /// The bind is up, or down (`None`).
    pub(super) fn set_session(&self, session: Option<Arc<Session>>) {
        let up = session.is_some();
        let before = std::mem::replace(&mut self.inner.lock().session, session);
        drop(before);
        if up {
            self.freed.notify_waiters();
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.inner.lock().session.is_some()
    }

    pub(super) fn take(self: &Arc<Self>, now: Timestamp) -> Place {
        let mut inner = self.inner.lock();
        let Some(session) = inner.session.as_ref().filter(|_| inner.used < self.window) else {
            return Place::None;
        };
        let session = Arc::clone(session);
        match inner.bucket.take(now) {
            Ok(halvings) => {
                inner.used += 1;
                // Under the lock, so that the gauge never stays behind.
                self.meters.window_used.set(f64::from(inner.used));
                self.meters.rate.set(inner.bucket.rate());
                drop(inner);
                Place::Taken(Ticket { session, slot: Slot { lane: Arc::clone(self) }, halvings, taken_at: now })
            }
            Err(span) => Place::RateIn(span),
        }
    }

    /// A permit was not used.
    pub(super) fn give_back(&self) {
        self.inner.lock().bucket.give_back();
    }

    /// The SMSC throttled.
    pub(super) fn throttled(&self, halvings: u64) {
        let rate = {
            let mut inner = self.inner.lock();
            inner.bucket.throttled(halvings);
            inner.bucket.rate()
        };
        self.meters.rate.set(rate);
    }
}

/// A place in a lane's window; dropping it gives it back.
pub(super) struct Slot {
    lane: Arc<Lane>,
}

impl Slot {
    pub(super) fn lane(&self) -> &Arc<Lane> {
        &self.lane
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        {
            let mut inner = self.lane.inner.lock();
            inner.used = inner.used.saturating_sub(1);
            self.lane.meters.window_used.set(f64::from(inner.used));
        }
        self.lane.freed.notify_one();
    }
}
