//! What each connection is doing and since when.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use futures::task::AtomicWaker;
use metrics::{Counter, Gauge};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::ServeConfig;

/// The limits in ticks' terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    header: Duration,
    idle: Duration,
    write: Duration,
    /// How often the connections are looked at; a limit fires at most two
    /// ticks late and never early.
    pub(super) tick: Duration,
}

impl Limits {
    pub(super) fn of(config: &ServeConfig) -> Self {
        let shortest = config.header_timeout.min(config.idle_timeout).min(config.write_timeout);
        Self {
            header: config.header_timeout,
            idle: config.idle_timeout,
            write: config.write_timeout,
            tick: (shortest / 8).clamp(Duration::from_millis(2), Duration::from_millis(250)),
        }
    }
}

/// What a connection is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Go on.
    None,
    /// Finish the request that is being answered, then close.
    Finish,
    /// Close now.
    Cut,
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Between two requests.
    Idle,
    /// A request has begun to arrive (a new connection counts as such).
    Head,
    /// A request is being answered: its time is the stack's business.
    Busy,
}

/// No write is stalled.
const FLOWING: u64 = u64::MAX;

/// One connection, seen from outside of its task.
pub(super) struct Watch {
    /// Milliseconds since the start shifted by two, and the phase.
    state: AtomicU64,
    /// Since when the client takes nothing off its line.
    stalled_since: AtomicU64,
    order: AtomicU8,
    waker: AtomicWaker,
    now: Arc<AtomicU64>,
}

impl Watch {
    fn new(now: Arc<AtomicU64>) -> Self {
        let watch = Self {
            state: AtomicU64::new(0),
            stalled_since: AtomicU64::new(FLOWING),
            order: AtomicU8::new(0),
            waker: AtomicWaker::new(),
            now,
        };
        watch.enter(Phase::Head);
        watch
    }

    /// The connection does something else now. The time is the last tick's:
    /// nobody asks the clock for it.
    pub(super) fn enter(&self, phase: Phase) {
        let now = self.now.load(Ordering::Relaxed);
        self.state.store(now << 2 | phase as u64, Ordering::Relaxed);
    }

    /// Bytes came in.
    pub(super) fn received(&self) {
        if self.phase() == Phase::Idle {
            self.enter(Phase::Head);
        }
    }

    /// The client took nothing (`true`) or something (`false`) off its line.
    pub(super) fn stalled(&self, stalled: bool) {
        let since = self.stalled_since.load(Ordering::Relaxed);
        if stalled != (since != FLOWING) {
            let since = if stalled { self.now.load(Ordering::Relaxed) } else { FLOWING };
            self.stalled_since.store(since, Ordering::Relaxed);
        }
    }

    fn phase(&self) -> Phase {
        match self.state.load(Ordering::Relaxed) & 3 {
            0 => Phase::Idle,
            1 => Phase::Head,
            _ => Phase::Busy,
        }
    }

    /// The order, and a wake-up for the next one.
    pub(super) fn order(&self, waker: &std::task::Waker) -> Order {
        // Registered first: an order given in between is then seen or wakes.
        self.waker.register(waker);
        match self.order.load(Ordering::Acquire) {
            0 => Order::None,
            1 => Order::Finish,
            _ => Order::Cut,
        }
    }

    fn give(&self, order: Order) {
        // A later order may only be a stricter one.
        self.order.fetch_max(order as u8, Ordering::Release);
        self.waker.wake();
    }

    fn overdue(&self, limits: &Limits) -> Option<&'static str> {
        let now = self.now.load(Ordering::Relaxed);
        // Stamps may be one tick old, so a tick is given on top.
        let over = |since: u64, limit: Duration| {
            u128::from(now.saturating_sub(since)) > limit.as_millis() + limits.tick.as_millis()
        };
        // FLOWING lies in the future and is never over.
        if over(self.stalled_since.load(Ordering::Relaxed), limits.write) {
            return Some("write_timeout");
        }
        let since = self.state.load(Ordering::Relaxed) >> 2;
        match self.phase() {
            Phase::Head => over(since, limits.header).then_some("header_timeout"),
            Phase::Idle => over(since, limits.idle).then_some("idle_timeout"),
            Phase::Busy => None,
        }
    }
}

/// A connection's own hold on its watch; dropping it ends the watching.
pub(super) struct Watched {
    pub(super) watch: Arc<Watch>,
    open: Gauge,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.open.decrement(1);
    }
}

/// All connections of one listener.
pub(super) struct Watches {
    all: Mutex<Vec<Arc<Watch>>>,
    now: Arc<AtomicU64>,
    started: Instant,
    limits: Limits,
    open: Gauge,
    cut: Cuts,
}

struct Cuts {
    header: Counter,
    idle: Counter,
    write: Counter,
}

impl Watches {
    pub(super) fn new(limits: Limits, listener: &'static str) -> Self {
        let cut = |reason: &'static str| metrics::counter!("http_connections_cut_total", "listener" => listener, "reason" => reason);
        Self {
            all: Mutex::new(Vec::new()),
            now: Arc::new(AtomicU64::new(0)),
            started: Instant::now(),
            limits,
            open: metrics::gauge!("http_connections", "listener" => listener),
            cut: Cuts { header: cut("header_timeout"), idle: cut("idle_timeout"), write: cut("write_timeout") },
        }
    }

    pub(super) fn add(&self) -> Watched {
        let watch = Arc::new(Watch::new(Arc::clone(&self.now)));
        self.all.lock().push(Arc::clone(&watch));
        self.open.increment(1);
        Watched { watch, open: self.open.clone() }
    }

    /// Moves the clock on, forgets connections that have ended and cuts those
    /// that take too long.
    pub(super) fn look(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX >> 2);
        self.now.store(now, Ordering::Relaxed);
        self.all.lock().retain(|watch| {
            // The list's own hold is the last one: the connection has ended.
            if Arc::strong_count(watch) == 1 {
                return false;
            }
            let Some(reason) = watch.overdue(&self.limits) else { return true };
            match reason {
                "header_timeout" => self.cut.header.increment(1),
                "idle_timeout" => self.cut.idle.increment(1),
                _ => self.cut.write.increment(1),
            }
            tracing::debug!(reason, "connection cut");
            watch.give(Order::Cut);
            false
        });
    }

    pub(super) fn order_all(&self, order: Order) {
        for watch in self.all.lock().iter() {
            watch.give(order);
        }
    }
}
