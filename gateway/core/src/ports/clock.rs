use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// Time, handed in: tests move it, nothing sleeps on its own.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The wall clock, to the microsecond: what stores keep, so that a time
    /// reads back as it was.
    fn now(&self) -> Timestamp;

    /// Waits for a span of time.
    async fn sleep(&self, span: Duration);
}

/// Randomness, handed in. For proofs and codes it must come from the
/// operating system's generator.
pub trait Randomness: Send + Sync {
    /// Sixty-four random bits.
    fn next_u64(&self) -> u64;
}
