//! The clock of a session that nobody ends: a warning, then everything goes.

use std::time::Duration;

/// How long a warning stands before the screen is wiped.
pub const WARNING: Duration = Duration::from_secs(20);

/// What the clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Somebody is there.
    Busy,
    /// Nobody has touched it for long: this many seconds are left.
    Warned(u32),
    /// Nobody is there.
    Over,
}

/// How long nobody has touched the terminal. It stands while the terminal
/// speaks: whoever listens is there.
#[derive(Debug, Clone)]
pub struct IdleClock {
    span: Duration,
    idle: Duration,
    seen: Duration,
}

impl IdleClock {
    /// A clock that warns after `span`.
    pub fn new(span: Duration, now: Duration) -> Self {
        Self { span, idle: Duration::ZERO, seen: now }
    }

    /// The citizen did something, or needs more time by their settings.
    pub fn touched(&mut self, now: Duration) {
        self.idle = Duration::ZERO;
        self.seen = now;
    }

    /// Another span from now on, as for large text.
    pub fn set_span(&mut self, span: Duration) {
        self.span = span;
    }

    /// Time has passed. The warning's own words do not hold the clock.
    pub fn tick(&mut self, now: Duration, speaking: bool) -> Idle {
        let passed = now.saturating_sub(self.seen);
        self.seen = self.seen.max(now);
        if !speaking || self.idle >= self.span {
            self.idle = self.idle.saturating_add(passed);
        }
        self.state()
    }

    /// What it says, without time passing.
    pub fn state(&self) -> Idle {
        let Some(over) = self.idle.checked_sub(self.span) else { return Idle::Busy };
        match WARNING.checked_sub(over) {
            Some(left) if !left.is_zero() => {
                // Rounded up, so that nobody reads a zero.
                Idle::Warned(u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u32::MAX))
            }
            _ => Idle::Over,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_warns_counts_down_and_ends() {
        let mut clock = IdleClock::new(s(45), s(0));
        assert_eq!(clock.tick(s(44), false), Idle::Busy);
        assert_eq!(clock.tick(s(45), false), Idle::Warned(20));
        assert_eq!(clock.tick(s(64), false), Idle::Warned(1));
        assert_eq!(clock.tick(s(65), false), Idle::Over);
    }

    #[test]
    fn a_touch_begins_anew_also_during_the_warning() {
        let mut clock = IdleClock::new(s(45), s(0));
        assert_eq!(clock.tick(s(50), false), Idle::Warned(15));
        clock.touched(s(50));
        assert_eq!(clock.state(), Idle::Busy);
        assert_eq!(clock.tick(s(94), false), Idle::Busy);
    }

    #[test]
    fn it_stands_while_the_terminal_speaks_but_not_for_the_warnings_own_words() {
        let mut clock = IdleClock::new(s(45), s(0));
        assert_eq!(clock.tick(s(40), false), Idle::Busy);
        assert_eq!(clock.tick(s(400), true), Idle::Busy);
        assert_eq!(clock.tick(s(405), false), Idle::Warned(20));
        assert_eq!(clock.tick(s(425), true), Idle::Over);
    }

    #[test]
    fn a_clock_that_jumps_back_does_no_harm() {
        let mut clock = IdleClock::new(s(45), s(100));
        assert_eq!(clock.tick(s(10), false), Idle::Busy);
        assert_eq!(clock.tick(s(144), false), Idle::Busy);
        assert_eq!(clock.tick(s(145), false), Idle::Warned(20));
    }
}
