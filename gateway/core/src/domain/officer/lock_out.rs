use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How failed tries to sign in make the next one wait. The same rule holds for
/// accounts, for logins that do not exist, and, with other numbers, for
/// networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockOut {
    /// The failure that brings the first pause.
    pub failures: u32,
    /// The first pause; each further failure doubles it.
    pub first_pause: Duration,
    /// No pause is longer.
    pub longest_pause: Duration,
    /// After so long without a failure all are forgotten.
    pub forget_after: Duration,
}

impl LockOut {
    /// How long after this failure, the `failures`th in a row, no try is taken.
    pub fn pause(&self, failures: u32) -> Duration {
        let Some(doublings) = failures.checked_sub(self.failures) else { return Duration::ZERO };
        // Beyond 2^20 the longest pause has long been reached.
        self.first_pause.saturating_mul(1 << doublings.min(20)).min(self.longest_pause)
    }

    /// The failures that still count at `now`, of those whose last was at
    /// `last`.
    pub fn standing(&self, failures: u32, last: Timestamp, now: Timestamp) -> u32 {
        let over = SignedDuration::try_from(self.forget_after).is_ok_and(|span| now.duration_since(last) >= span);
        if over { 0 } else { failures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: LockOut = LockOut {
        failures: 5,
        first_pause: Duration::from_secs(30),
        longest_pause: Duration::from_secs(3_600),
        forget_after: Duration::from_secs(86_400),
    };

    #[test]
    fn the_pause_begins_with_the_fifth_failure_and_doubles_to_its_bound() {
        let pauses: Vec<u64> = (0..14).map(|failures| RULE.pause(failures).as_secs()).collect();
        assert_eq!(pauses, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!(RULE.pause(u32::MAX).as_secs(), 3_600);
    }

    #[test]
    fn failures_are_forgotten_a_day_after_the_last() {
        let last: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
        let later = |seconds| last + SignedDuration::from_secs(seconds);
        assert_eq!(RULE.standing(7, last, later(86_399)), 7);
        assert_eq!(RULE.standing(7, last, later(86_400)), 0);
        assert_eq!(RULE.standing(7, last, later(-60)), 7, "a clock that was set back forgets nothing");
    }
}
