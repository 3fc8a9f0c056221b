//! Time and randomness for tests: a wall clock that follows tokio's paused
//! one, so that `tokio::time::advance` moves both.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::domain::dossier_number::default_patterns;
use gateway_core::domain::{DossierNumber, DossierNumberParser};
use gateway_core::ports::{Clock, Randomness};
use jiff::Timestamp;
use jiff::civil::date;
use tokio::time::Instant;

pub(crate) struct TestClock {
    begun: Instant,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now() }
    }

    pub(crate) fn base() -> Timestamp {
        "2026-11-23T02:00:00Z".parse().unwrap()
    }

    /// The clock's time in so many milliseconds.
    pub(crate) fn in_ms(&self, millis: u64) -> Timestamp {
        self.now() + Duration::from_millis(millis)
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Self::base() + self.begun.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the tests' clock; under paused time it does not wait")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

/// Counts up through the whole range in steps that look random.
pub(crate) struct Steps(AtomicU64);

impl Steps {
    pub(crate) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }
}

impl Randomness for Steps {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
    }
}

/// The middle of every range: no jitter at all.
pub(crate) struct Middle;

impl Randomness for Middle {
    fn next_u64(&self) -> u64 {
        1 << 63
    }
}

pub(crate) fn number(text: &str) -> DossierNumber {
    DossierNumberParser::new(&default_patterns()).unwrap().parse_exact(text, date(2026, 11, 23)).unwrap()
}
