//! Randomness that repeats itself, for tests.

use std::sync::atomic::{AtomicU64, Ordering};

use gateway_core::ports::Randomness;

/// Each number comes once, in an order that looks like none.
#[derive(Default)]
pub(crate) struct Dice(AtomicU64);

impl Randomness for Dice {
    fn next_u64(&self) -> u64 {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        (count + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}
