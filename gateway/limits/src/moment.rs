//! The time that governor counts by: the moment at which the request came in,
//! handed to each call, so that tests move it and nothing reads a clock twice.

use std::cell::Cell;
use std::ops::Add;

use governor::clock::{Clock, Reference};
use governor::nanos::Nanos;
use jiff::Timestamp;

/// Nanoseconds since 1970 (UTC), up to the year 2554.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) u64);

impl Moment {
    pub(crate) const EPOCH: Self = Self(0);

    pub(crate) fn of(at: Timestamp) -> Self {
        Self(u64::try_from(at.as_nanosecond()).unwrap_or(0))
    }

    /// Whole seconds since 1970, up to the year 2106.
    pub(crate) fn seconds(self) -> u32 {
        u32::try_from(self.0 / 1_000_000_000).unwrap_or(u32::MAX)
    }
}

impl Add<Nanos> for Moment {
    type Output = Self;

    fn add(self, span: Nanos) -> Self {
        Self(self.0.saturating_add(span.as_u64()))
    }
}

impl Reference for Moment {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0).into()
    }

    fn saturating_sub(&self, span: Nanos) -> Self {
        Self(self.0.checked_sub(span.as_u64()).unwrap_or(self.0))
    }
}

thread_local! {
    static NOW: Cell<Moment> = const { Cell::new(Moment::EPOCH) };
}

/// Governor asks its clock instead of taking the time as an argument. This one
/// answers with what the running call was handed. A call never waits, so it
/// stays on its thread, and no other can see its moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HandedClock;

impl HandedClock {
    pub(crate) fn set(now: Moment) {
        NOW.set(now);
    }
}

impl Clock for HandedClock {
    type Instant = Moment;

    fn now(&self) -> Moment {
        NOW.get()
    }
}
