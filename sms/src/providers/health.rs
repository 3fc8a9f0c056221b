//! Whether a provider takes messages: down after failures in a row, then one
//! message at a time is let through to try.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::config::RoadConfig;
use crate::road::RoadState;

/// While another message tries a road that is down, the rest look again after
/// so long.
const WHILE_TRYING: Duration = Duration::from_millis(250);

/// The pause doubles at most so often: far beyond any longest pause.
const MOST_DOUBLINGS: u32 = 16;

/// What a submit told of the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// The provider answers, whatever it thinks of the message.
    Works,
    /// No connection, no answer, or one that makes no sense.
    Fails,
    /// It answers, and asks for a pause.
    Busy(Duration),
    /// The login is refused: an operator must look.
    LoginRefused,
    /// The account is empty: an operator must pay.
    Empty,
}

/// The health of one road.
#[derive(Debug)]
pub(super) struct Health {
    down_after: u32,
    first_pause: Duration,
    longest_pause: Duration,
    refused_pause: Duration,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    /// Failures in a row.
    failures: u32,
    /// Tries in a row that failed.
    rounds: u32,
    closed: Option<Closed>,
    /// The provider asked for a pause until then.
    busy_until: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Closed {
    why: RoadState,
    until: Instant,
    trying: bool,
}

impl Health {
    pub(super) fn new(config: &RoadConfig) -> Arc<Self> {
        Arc::new(Self {
            down_after: config.down_after,
            first_pause: Duration::from_millis(config.probe_after_ms),
            longest_pause: Duration::from_millis(config.longest_pause_ms),
            refused_pause: Duration::from_millis(config.refused_pause_ms),
            inside: Mutex::default(),
        })
    }

    /// A road whose pause is over says that it is up: the next message is the
    /// one that tries it. Else nothing would ever be sent there again where
    /// another road takes what it would have carried.
    pub(super) fn state(&self) -> RoadState {
        let closed = self.inside.lock().closed;
        closed.filter(|closed| closed.until > Instant::now()).map_or(RoadState::Up, |closed| closed.why)
    }

    /// Leave to send one message.
    ///
    /// # Errors
    /// How long to wait before asking again.
    pub(super) fn enter(self: &Arc<Self>) -> Result<Leave, Duration> {
        let mut inside = self.inside.lock();
        let now = Instant::now();
        if let Some(until) = inside.busy_until.filter(|until| *until > now) {
            return Err(until - now);
        }
        inside.busy_until = None;
        let tries = match &mut inside.closed {
            None => false,
            Some(closed) if closed.until > now => return Err(closed.until - now),
            Some(closed) if closed.trying => return Err(WHILE_TRYING),
            Some(closed) => {
                closed.trying = true;
                true
            }
        };
        drop(inside);
        Ok(Leave { health: Arc::clone(self), tries })
    }

    fn note(&self, sign: Sign, tries: bool) {
        let mut inside = self.inside.lock();
        let now = Instant::now();
        // What was sent before the road went down tells nothing new: only the
        // one that tries opens it.
        if inside.closed.is_some() && !tries {
            return;
        }
        match sign {
            Sign::Works => *inside = Inside { busy_until: inside.busy_until, ..Inside::default() },
            Sign::Busy(pause) => {
                let until = (now + pause).max(inside.busy_until.unwrap_or(now));
                *inside = Inside { busy_until: Some(until), ..Inside::default() };
            }
            Sign::Fails => {
                inside.failures = inside.failures.saturating_add(1);
                if tries || inside.failures >= self.down_after {
                    let doubled = self.first_pause.saturating_mul(1 << inside.rounds.min(MOST_DOUBLINGS));
                    inside.rounds = inside.rounds.saturating_add(1);
                    inside.closed = Some(closed(RoadState::Down, now + doubled.min(self.longest_pause)));
                }
            }
            Sign::LoginRefused => inside.closed = Some(closed(RoadState::Refused, now + self.refused_pause)),
            Sign::Empty => inside.closed = Some(closed(RoadState::Down, now + self.refused_pause)),
        }
    }

    fn give_back(&self) {
        if let Some(closed) = &mut self.inside.lock().closed {
            closed.trying = false;
        }
    }
}

fn closed(why: RoadState, until: Instant) -> Closed {
    Closed { why, until, trying: false }
}

/// Leave to send one message. Dropped without a word it counts for nothing.
#[derive(Debug)]
pub(super) struct Leave {
    health: Arc<Health>,
    tries: bool,
}

impl Leave {
    /// Tells what became of the message.
    pub(super) fn told(mut self, sign: Sign) {
        self.health.note(sign, self.tries);
        self.tries = false;
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if self.tries {
            self.health.give_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn health() -> Arc<Health> {
        Health::new(&RoadConfig {
            down_after: 2,
            probe_after_ms: 1_000,
            longest_pause_ms: 3_000,
            refused_pause_ms: 60_000,
            ..RoadConfig::default()
        })
    }

    fn wait(health: &Arc<Health>) -> Duration {
        health.enter().err().unwrap_or_default()
    }

    #[tokio::test(start_paused = true)]
    async fn goes_down_after_failures_in_a_row_and_one_message_opens_it() {
        let health = health();
        health.enter().unwrap().told(Sign::Fails);
        health.enter().unwrap().told(Sign::Works);
        health.enter().unwrap().told(Sign::Fails);
        assert_eq!(health.state(), RoadState::Up);
        health.enter().unwrap().told(Sign::Fails);
        assert_eq!(health.state(), RoadState::Down);
        assert_eq!(wait(&health), Duration::from_secs(1));

        advance(Duration::from_secs(1)).await;
        assert_eq!(health.state(), RoadState::Up, "its pause is over: somebody must try it");
        let trying = health.enter().unwrap();
        assert_eq!(wait(&health), WHILE_TRYING, "only one tries");
        drop(trying);
        health.enter().unwrap().told(Sign::Works);
        assert_eq!(health.state(), RoadState::Up);
        assert!(health.enter().is_ok() && health.enter().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_doubles_up_to_the_longest() {
        let health = health();
        health.enter().unwrap().told(Sign::Fails);
        let late = health.enter().unwrap();
        health.enter().unwrap().told(Sign::Fails);
        for seconds in [1, 2, 3, 3] {
            assert_eq!(wait(&health), Duration::from_secs(seconds));
            advance(Duration::from_secs(seconds)).await;
            health.enter().unwrap().told(Sign::Fails);
        }
        // The answer to a message of before changes nothing.
        late.told(Sign::Works);
        assert_eq!(health.state(), RoadState::Down);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_login_stops_it_at_once_and_is_tried_rarely() {
        let health = health();
        health.enter().unwrap().told(Sign::LoginRefused);
        assert_eq!(health.state(), RoadState::Refused);
        assert_eq!(wait(&health), Duration::from_secs(60));
        advance(Duration::from_secs(60)).await;
        health.enter().unwrap().told(Sign::Works);
        assert_eq!(health.state(), RoadState::Up);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_was_asked_for_is_kept_without_going_down() {
        let health = health();
        health.enter().unwrap().told(Sign::Busy(Duration::from_secs(7)));
        assert_eq!(health.state(), RoadState::Up);
        assert_eq!(wait(&health), Duration::from_secs(7));
        advance(Duration::from_secs(7)).await;
        assert!(health.enter().is_ok());
    }
}
