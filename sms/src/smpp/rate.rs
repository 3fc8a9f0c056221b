//! How fast a bind may submit: a token bucket that gives way where the SMSC
//! throttles. (`governor` has no rate that changes.)

use std::time::Duration;

use jiff::Timestamp;

/// The part of the full rate that is won back a second.
const RECOVERY: f64 = 0.05;

/// The rate never falls below this part of the full one, nor below one submit
/// in two seconds.
const FLOOR: f64 = 1.0 / 64.0;

/// A bucket that holds what may be sent in 20 ms, at least one.
#[derive(Debug)]
pub(super) struct Bucket {
    full: f64,
    rate: f64,
    tokens: f64,
    at: Timestamp,
    halvings: u64,
}

impl Bucket {
    pub(super) fn new(rate_per_second: u32, now: Timestamp) -> Self {
        let full = f64::from(rate_per_second);
        Self { full, rate: full, tokens: burst(full), at: now, halvings: 0 }
    }

    /// Takes one, or tells how long to wait for it. What is taken is how often
    /// the rate had been halved then.
    pub(super) fn take(&mut self, now: Timestamp) -> Result<u64, Duration> {
        // A clock that went back counts as one that stood.
        let passed = now.duration_since(self.at).as_secs_f64().max(0.0);
        self.at = now;
        self.rate = (self.rate + self.full * RECOVERY * passed).min(self.full);
        self.tokens = (self.tokens + self.rate * passed).min(burst(self.rate));
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(self.halvings);
        }
        Err(Duration::from_secs_f64((1.0 - self.tokens) / self.rate).max(Duration::from_micros(100)))
    }

    /// Gives back one that was not used.
    pub(super) fn give_back(&mut self) {
        self.tokens += 1.0;
    }

    /// The SMSC throttled a submit that was [taken](Self::take) when the rate
    /// had been halved so often. A whole window that is throttled at once halves
    /// the rate once.
    pub(super) fn throttled(&mut self, halvings: u64) {
        if halvings == self.halvings {
            self.rate = (self.rate / 2.0).max(self.full * FLOOR).max(0.5);
            self.tokens = self.tokens.min(0.0);
            self.halvings += 1;
        }
    }

    /// Submits a second, as of the last [`take`](Self::take).
    pub(super) fn rate(&self) -> f64 {
        self.rate
    }
}

fn burst(rate: f64) -> f64 {
    (rate / 50.0).max(1.0)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Bucket;

    fn at(millis: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_millis(millis)
    }

    fn taken(bucket: &mut Bucket, from: i64, to: i64) -> usize {
        (from..to).filter(|ms| bucket.take(at(*ms)).is_ok()).count()
    }

    #[test]
    fn a_second_holds_the_rate() {
        let mut bucket = Bucket::new(100, at(0));
        let in_a_second = taken(&mut bucket, 0, 1_000);
        assert!((99..=102).contains(&in_a_second), "{in_a_second}");
    }

    #[test]
    fn a_throttled_window_halves_once_and_the_rate_recovers_slowly() {
        let mut bucket = Bucket::new(100, at(0));
        let first = bucket.take(at(0)).unwrap();
        for _ in 0..10 {
            bucket.throttled(first);
        }
        assert!((bucket.rate() - 50.0).abs() < 0.1);
        let second = bucket.take(at(40)).unwrap();
        bucket.throttled(second);
        assert!((bucket.rate() - 25.0).abs() < 0.2);
        let _ = taken(&mut bucket, 41, 1_040);
        assert!((bucket.rate() - 30.0).abs() < 0.3, "five a second come back: {}", bucket.rate());
        let _ = taken(&mut bucket, 1_040, 20_000);
        assert!((bucket.rate() - 100.0).abs() < 0.1);
        for halvings in 2..100 {
            bucket.throttled(halvings);
        }
        assert!(bucket.rate() >= 1.0, "never nothing");
    }

    #[test]
    fn a_clock_that_goes_back_or_leaps_gives_no_burst() {
        let mut bucket = Bucket::new(100, at(0));
        assert!(bucket.take(at(0)).is_ok() && bucket.take(at(0)).is_ok());
        assert!(bucket.take(at(-60_000)).is_err());
        assert!(taken(&mut bucket, 3_600_000, 3_600_001) <= 2);
    }
}
