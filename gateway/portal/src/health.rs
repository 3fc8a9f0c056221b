use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU32, Ordering};

use jiff::Timestamp;

/// A portal that failed so often in a row is not up, though the breaker has
/// not seen enough calls to open.
const FAILURES_IN_A_ROW: u32 = 3;

const NEVER: i64 = i64::MIN;

/// Where the circuit breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls go through.
    Closed,
    /// A few probes go through.
    HalfOpen,
    /// No call goes through.
    Open,
}

impl BreakerState {
    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::HalfOpen => "half_open",
            Self::Open => "open",
        }
    }

    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::HalfOpen => 1,
            Self::Open => 2,
        }
    }
}

/// What the calls of late tell of the portal. Reading it asks nobody; a probe
/// that wants to know for certain calls `Portal::ping`.
#[derive(Debug)]
pub struct Health {
    breaker: AtomicU8,
    failures: AtomicU32,
    last_success: AtomicI64,
    last_failure: AtomicI64,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self {
            breaker: AtomicU8::new(BreakerState::Closed.number()),
            failures: AtomicU32::new(0),
            last_success: AtomicI64::new(NEVER),
            last_failure: AtomicI64::new(NEVER),
        }
    }

    /// Where the circuit breaker stands. An open one turns half-open with the
    /// first call after its pause, not by itself.
    pub fn breaker(&self) -> BreakerState {
        match self.breaker.load(Ordering::Relaxed) {
            0 => BreakerState::Closed,
            1 => BreakerState::HalfOpen,
            _ => BreakerState::Open,
        }
    }

    /// The last time that the portal answered.
    pub fn last_success(&self) -> Option<Timestamp> {
        read(&self.last_success)
    }

    /// The last time that it did not, or refused our login.
    pub fn last_failure(&self) -> Option<Timestamp> {
        read(&self.last_failure)
    }

    /// Whether the portal is considered up: the breaker is closed and the last
    /// three calls have not all failed. A portal that nobody has asked yet is
    /// considered up.
    pub fn is_up(&self) -> bool {
        self.breaker() == BreakerState::Closed && self.failures.load(Ordering::Relaxed) < FAILURES_IN_A_ROW
    }

    pub(crate) fn set_breaker(&self, state: BreakerState) {
        self.breaker.store(state.number(), Ordering::Relaxed);
    }

    pub(crate) fn succeeded(&self, at: Timestamp) {
        self.failures.store(0, Ordering::Relaxed);
        self.last_success.store(at.as_microsecond(), Ordering::Relaxed);
    }

    pub(crate) fn failed(&self, at: Timestamp) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        self.last_failure.store(at.as_microsecond(), Ordering::Relaxed);
    }
}

fn read(at: &AtomicI64) -> Option<Timestamp> {
    match at.load(Ordering::Relaxed) {
        NEVER => None,
        micros => Timestamp::from_microsecond(micros).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_are_down_until_a_success() {
        let health = Health::new();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        assert!(health.is_up());
        for _ in 0..3 {
            health.failed(now);
        }
        assert!(!health.is_up());
        assert_eq!(health.last_failure(), Some(now));
        health.succeeded(now);
        assert!(health.is_up());
        health.set_breaker(BreakerState::Open);
        assert!(!health.is_up());
    }
}
