//! Who is next, how many are ahead, and about how long it takes.

use std::time::Duration;

/// Which of the two is called: those with priority first, but after `most` of
/// them in a row one without, where one waits, so that nobody waits for ever.
/// `run` is how many with priority this counter called in a row. As each counter
/// keeps to it for all that it serves, whoever waits longest without priority is
/// called by whichever counter comes to it first.
pub fn choose<T>(favoured: Option<T>, ordinary: Option<T>, run: u32, most: u32) -> Option<T> {
    match (favoured, ordinary) {
        (Some(_), Some(ordinary)) if run >= most => Some(ordinary),
        (Some(favoured), _) => Some(favoured),
        (None, ordinary) => ordinary,
    }
}

/// A line for one service, and where in it somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line {
    /// All that wait with priority.
    pub favoured: u32,
    /// All that wait without.
    pub ordinary: u32,
    /// Of the own kind, those that came before.
    pub before: u32,
}

impl Line {
    /// How many are called before somebody: the order of one counter that serves
    /// this line alone. More counters, or one that serves several lines, can only
    /// change it a little.
    pub fn ahead(&self, favoured: bool, most: u32) -> u32 {
        if favoured {
            // After each full run of those before, one without priority.
            self.before.saturating_add((self.before / most.max(1)).min(self.ordinary))
        } else {
            // A full run may come before each, and before this one.
            let runs = most.saturating_mul(self.before.saturating_add(1));
            self.before.saturating_add(self.favoured.min(runs))
        }
    }

    /// All that wait.
    pub const fn waiting(&self) -> u32 {
        self.favoured.saturating_add(self.ordinary)
    }
}

/// How quickly a service goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long one takes, in the median of the last ones.
    pub median: Duration,
    /// Counters that serve it now, at least 1.
    pub counters: u32,
}

impl Pace {
    /// The pace of the last services, however they are ordered. `None` where
    /// there are fewer than `least`, or no counter is open: nobody knows then.
    pub fn of(mut times: Vec<Duration>, least: usize, counters: u32) -> Option<Self> {
        if times.len() < least.max(1) || counters == 0 {
            return None;
        }
        times.sort_unstable();
        let upper = *times.get(times.len() / 2)?;
        let lower = *times.get((times.len() - 1) / 2)?;
        Some(Self { median: (upper + lower) / 2, counters })
    }

    /// About so many minutes until somebody is called, upwards.
    pub fn minutes(&self, ahead: u32) -> u32 {
        let wait = self.median.saturating_mul(ahead) / self.counters.max(1);
        u32::try_from(wait.as_secs().div_ceil(60)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Everybody's turn, by calling them all at one counter.
    fn turns(favoured: u32, ordinary: u32, most: u32) -> Vec<bool> {
        let (mut favoured, mut ordinary, mut run) = (favoured, ordinary, 0);
        let mut called = Vec::new();
        while let Some(is_favoured) = choose((favoured > 0).then_some(true), (ordinary > 0).then_some(false), run, most)
        {
            if is_favoured {
                favoured -= 1;
                run += 1;
            } else {
                ordinary -= 1;
                run = 0;
            }
            called.push(is_favoured);
        }
        called
    }

    #[test]
    fn after_a_run_with_priority_comes_one_without() {
        assert_eq!(turns(5, 2, 2), [true, true, false, true, true, false, true]);
        assert_eq!(turns(0, 2, 2), [false, false]);
    }

    proptest! {
        #[test]
        fn as_many_are_ahead_as_are_called_before(favoured in 0_u32..30, ordinary in 0_u32..30, most in 1_u32..6) {
            let called = turns(favoured, ordinary, most);
            for is_favoured in [true, false] {
                let places = (0_u32..).zip(&called).filter(|(_, kind)| **kind == is_favoured).map(|(place, _)| place);
                for (before, place) in (0..).zip(places) {
                    let line = Line { favoured, ordinary, before };
                    prop_assert_eq!(line.ahead(is_favoured, most), place);
                }
            }
        }

        #[test]
        fn nobody_waits_for_ever(favoured in 0_u32..60, ordinary in 1_u32..10, most in 1_u32..6) {
            let called = turns(favoured, ordinary, most);
            let first = called.iter().position(|kind| !kind);
            prop_assert!(first.is_some_and(|place| place <= most as usize));
        }
    }

    #[test]
    fn the_wait_is_told_from_what_was_measured_and_else_not_at_all() {
        let minutes = |minutes: &[u64]| minutes.iter().map(|m| Duration::from_secs(m * 60)).collect::<Vec<_>>();
        let pace = Pace::of(minutes(&[4, 90, 6, 5]), 3, 2).unwrap();
        assert_eq!(pace.median, Duration::from_secs(330), "one that took long weighs no more than another");
        assert_eq!((pace.minutes(0), pace.minutes(1), pace.minutes(4)), (0, 3, 11));
        assert_eq!(Pace::of(minutes(&[4, 5]), 3, 2), None, "too few to tell");
        assert_eq!(Pace::of(minutes(&[4, 5, 6]), 3, 0), None, "nobody serves");
        assert_eq!(Pace::of(Vec::new(), 0, 1), None);
    }
}
