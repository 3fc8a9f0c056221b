//! What each connection is doing and since when.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
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

/// The end of a head, as the last bytes of [`Watch::last`].
const HEAD_END: u32 = 0x0A_0D_0A;

/// No write is stalled.
const FLOWING: u64 = u64::MAX;

/// One connection, seen from outside of its task.
pub(super) struct Watch {
    /// Milliseconds since the start shifted by two, and the phase.
    state: AtomicU64,
    /// Since when the client takes nothing off its line.
    stalled_since: AtomicU64,
    /// The last bytes that came in, the newest lowest. Where they are the end
    /// of a head, the line holds nothing of a next request.
    last: AtomicU32,
    order: AtomicU8,
    waker: AtomicWaker,
    now: Arc<AtomicU64>,
}

impl Watch {
    fn new(now: Arc<AtomicU64>) -> Self {
        let watch = Self {
            state: AtomicU64::new(0),
            stalled_since: AtomicU64::new(FLOWING),
            last: AtomicU32::new(0),
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
    pub(super) fn received(&self, bytes: &[u8]) {
        let newest = bytes.iter().skip(bytes.len().saturating_sub(3));
        let last = newest.fold(self.last.load(Ordering::Relaxed), |last, &byte| last << 8 | u32::from(byte));
        self.last.store(last, Ordering::Relaxed);
        if self.phase() == Phase::Idle {
            self.enter(Phase::Head);
        }
    }

    /// The request's body has ended, with whatever bytes. What came in one
    /// piece with its end is not seen: it has the idle limit.
    pub(super) fn body_arrived(&self) {
        self.last.store(HEAD_END, Ordering::Relaxed);
    }

    /// The answer is given. A client that has begun a next request by then (it
    /// may send ahead) has the head's limit for it, from now on.
    pub(super) fn answered(&self) {
        let last = self.last.load(Ordering::Relaxed);
        // Bare line feeds end a head, too (RFC 9112 §2.2).
        let ended = last & 0xFF_FF_FF == HEAD_END || last & 0xFF_FF == 0x0A_0A;
        self.enter(if ended { Phase::Idle } else { Phase::Head });
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
    network: Counter,
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
            cut: Cuts {
                header: cut("header_timeout"),
                idle: cut("idle_timeout"),
                write: cut("write_timeout"),
                network: cut("network_limit"),
            },
        }
    }

    pub(super) fn add(&self) -> Watched {
        let watch = Arc::new(Watch::new(Arc::clone(&self.now)));
        self.all.lock().push(Arc::clone(&watch));
        self.open.increment(1);
        Watched { watch, open: self.open.clone() }
    }

    /// A connection was closed as soon as it came: one too many of its network.
    pub(super) fn turned_away(&self) {
        self.cut.network.increment(1);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the connection does after an answer, having received these pieces.
    fn after(pieces: &[&str]) -> Phase {
        let watch = Watch::new(Arc::new(AtomicU64::new(0)));
        for piece in pieces {
            watch.received(piece.as_bytes());
        }
        watch.answered();
        watch.phase()
    }

    #[test]
    fn whole_requests_leave_the_line_idle_however_they_are_cut() {
        let ask = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        assert_eq!(after(&[ask]), Phase::Idle);
        assert_eq!(after(&[ask, ask]), Phase::Idle);
        assert_eq!(after(&["GET / HTTP/1.1\nhost: a\n\n"]), Phase::Idle);
        for cut in 1..ask.len() {
            let (first, second) = ask.split_at(cut);
            assert_eq!(after(&[first, second]), Phase::Idle, "{cut}");
        }
    }

    #[test]
    fn a_next_request_that_has_begun_is_a_head() {
        for begun in ["G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: a\r\n", "GET / HTTP/1.1\r\nhost: a\r\n\r"] {
            assert_eq!(after(&[&format!("GET / HTTP/1.1\r\nhost: a\r\n\r\n{begun}")]), Phase::Head, "{begun:?}");
            assert_eq!(after(&["GET / HTTP/1.1\r\nhost: a\r\n\r\n", begun]), Phase::Head, "{begun:?}");
        }
    }

    #[test]
    fn a_body_is_no_next_request_but_what_follows_it_is() {
        let watch = Watch::new(Arc::new(AtomicU64::new(0)));
        watch.received(b"POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}");
        watch.enter(Phase::Busy);
        watch.body_arrived();
        watch.answered();
        assert_eq!(watch.phase(), Phase::Idle);
        watch.enter(Phase::Busy);
        watch.received(b"GET");
        watch.answered();
        assert_eq!(watch.phase(), Phase::Head);
    }
}
