//! A provider's HTTP interface as a [`Road`]: the window, the rate and the
//! health are the same for all; how a message is written and its answer read is
//! each provider's own.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::ports::Clock;
use governor::clock::Clock as RateClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::config::RoadConfig;
use super::health::{Health, Leave, Sign};
use crate::road::{Part, Permit, Road, RoadState, Submitted};

/// What one message met with, in the provider's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Taken, under this id.
    Accepted(CompactString),
    /// Refused for good, with the provider's code.
    Refused(CompactString),
    /// Surely not taken: too many, it asks for a pause of all.
    Throttled(Option<Duration>),
    /// Surely not taken: an error of the provider's own, of which it says that
    /// the message may be sent again.
    TryAgain,
    /// Surely not taken: nobody there to take it.
    NotReached(&'static str),
    /// Surely not taken: the login, the account or this address is refused.
    LoginRefused,
    /// Surely not taken: the account is empty.
    Empty,
    /// Nobody knows.
    Uncertain,
}

/// One provider's way to send one message.
#[async_trait]
pub(super) trait Peer: Send + Sync + 'static {
    async fn send(&self, part: &Part) -> Verdict;
}

/// A road over HTTP.
pub(super) struct HttpRoad {
    shared: Arc<Shared>,
    window: Arc<Semaphore>,
    rate: RateLimiter<NotKeyed, InMemoryState, Beat, NoOpMiddleware<Nanos>>,
    beat: Beat,
    clock: Arc<dyn Clock>,
}

struct Shared {
    name: CompactString,
    peer: Box<dyn Peer>,
    health: Arc<Health>,
    probe_pause: Duration,
    refused_pause: Duration,
    busy_pause: Duration,
}

/// What a provider allows where the operator says nothing else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) per_minute: NonZeroU32,
    pub(super) burst: NonZeroU32,
}

/// A number that is known not to be 0.
pub(super) const fn nonzero(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

impl HttpRoad {
    pub(super) fn new(
        name: &str,
        config: &RoadConfig,
        usual: Rate,
        peer: Box<dyn Peer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let beat = Beat { start: Instant::now() };
        let quota = Quota::per_minute(config.per_minute.unwrap_or(usual.per_minute))
            .allow_burst(config.burst.unwrap_or(usual.burst));
        Self {
            shared: Arc::new(Shared {
                name: name.into(),
                peer,
                health: Health::new(config),
                probe_pause: Duration::from_millis(config.probe_after_ms),
                refused_pause: Duration::from_millis(config.refused_pause_ms),
                busy_pause: Duration::from_millis(config.busy_pause_ms),
            }),
            window: Arc::new(Semaphore::new(config.window)),
            rate: RateLimiter::direct_with_clock(quota, beat),
            beat,
            clock,
        }
    }

    /// Health before rate: while a road is down, nobody uses up its rate.
    fn enter(&self) -> Result<Leave, Duration> {
        let leave = self.shared.health.enter()?;
        match self.rate.check() {
            Ok(()) => Ok(leave),
            Err(early) => Err(early.wait_time_from(self.beat.now())),
        }
    }

    fn permit(&self, place: OwnedSemaphorePermit, leave: Leave) -> Box<dyn Permit> {
        Box::new(HttpPermit { shared: Arc::clone(&self.shared), _place: place, leave })
    }
}

#[async_trait]
impl Road for HttpRoad {
    fn name(&self) -> &str {
        &self.shared.name
    }

    fn state(&self) -> RoadState {
        self.shared.health.state()
    }

    async fn reserve(&self) -> Option<Box<dyn Permit>> {
        let place = Arc::clone(&self.window).acquire_owned().await.ok()?;
        loop {
            match self.enter() {
                Ok(leave) => return Some(self.permit(place, leave)),
                Err(wait) => {
                    self.clock.sleep(wait).await;
                    // A clock that tests hand in may not really wait.
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    fn try_reserve(&self) -> Option<Box<dyn Permit>> {
        let place = Arc::clone(&self.window).try_acquire_owned().ok()?;
        Some(self.permit(place, self.enter().ok()?))
    }
}

struct HttpPermit {
    shared: Arc<Shared>,
    _place: OwnedSemaphorePermit,
    leave: Leave,
}

#[async_trait]
impl Permit for HttpPermit {
    async fn submit(self: Box<Self>, part: &Part) -> Submitted {
        let verdict = self.shared.peer.send(part).await;
        self.leave.told(self.shared.sign(&verdict));
        let (outcome, submitted) = self.shared.submitted(verdict);
        metrics::counter!(
            "sms_http_submits_total", "provider" => self.shared.name.to_string(), "outcome" => outcome
        )
        .increment(1);
        submitted
    }
}

impl Shared {
    fn sign(&self, verdict: &Verdict) -> Sign {
        match verdict {
            Verdict::Accepted(_) | Verdict::Refused(_) => Sign::Works,
            Verdict::Throttled(after) => Sign::Busy(after.unwrap_or(self.busy_pause)),
            Verdict::TryAgain | Verdict::NotReached(_) | Verdict::Uncertain => Sign::Fails,
            Verdict::LoginRefused => Sign::LoginRefused,
            Verdict::Empty => Sign::Empty,
        }
    }

    fn submitted(&self, verdict: Verdict) -> (&'static str, Submitted) {
        match verdict {
            Verdict::Accepted(id) => ("accepted", Submitted::Accepted { id }),
            Verdict::Refused(code) => ("refused", Submitted::Refused { code }),
            Verdict::Throttled(after) => {
                let after = after.unwrap_or(self.busy_pause);
                ("throttled", Submitted::NotTaken { code: "throttled", after })
            }
            Verdict::TryAgain => {
                let code = "provider_error";
                (code, Submitted::NotTaken { code, after: self.busy_pause })
            }
            Verdict::NotReached(code) => (code, Submitted::NotTaken { code, after: self.probe_pause }),
            Verdict::LoginRefused => {
                tracing::error!(road = %self.name, "login refused, an operator must look");
                ("login_refused", Submitted::NotTaken { code: "login_refused", after: self.refused_pause })
            }
            Verdict::Empty => {
                tracing::error!(road = %self.name, "the account is empty, an operator must look");
                ("account_empty", Submitted::NotTaken { code: "account_empty", after: self.refused_pause })
            }
            Verdict::Uncertain => ("uncertain", Submitted::Uncertain),
        }
    }
}

/// The runtime's clock for the rate, so that a test that pauses the one pauses
/// the other.
#[derive(Debug, Clone, Copy)]
struct Beat {
    start: Instant,
}

impl RateClock for Beat {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.start.elapsed().into()
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::SenderAssurance;
    use jiff::Timestamp;
    use parking_lot::Mutex;

    use super::*;
    use crate::codec::Alphabet;

    struct PausedClock;

    #[async_trait]
    impl Clock for PausedClock {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        #[expect(clippy::disallowed_methods, reason = "the runtime's clock is paused")]
        async fn sleep(&self, span: Duration) {
            tokio::time::sleep(span).await;
        }
    }

    struct Scripted(Mutex<Vec<Verdict>>);

    #[async_trait]
    impl Peer for Scripted {
        async fn send(&self, _part: &Part) -> Verdict {
            self.0.lock().pop().unwrap_or(Verdict::Accepted("1".into()))
        }
    }

    fn part() -> Part {
        Part {
            to: "+84901234567".into(),
            from: "8283".into(),
            text: "Hồ sơ đã xong".into(),
            alphabet: Alphabet::Ucs2,
            concatenation: None,
            valid_until: Timestamp::UNIX_EPOCH,
            receipt: true,
        }
    }

    fn road(config: &RoadConfig, mut verdicts: Vec<Verdict>) -> HttpRoad {
        verdicts.reverse();
        let rate = Rate { per_minute: NonZeroU32::new(60).unwrap(), burst: NonZeroU32::new(3).unwrap() };
        HttpRoad::new("thu", config, rate, Box::new(Scripted(Mutex::new(verdicts))), Arc::new(PausedClock))
    }

    #[tokio::test(start_paused = true)]
    async fn the_window_holds_so_many_and_a_dropped_place_comes_back() {
        let road = road(&RoadConfig { window: 2, ..RoadConfig::default() }, Vec::new());
        let first = road.try_reserve().unwrap();
        let second = road.try_reserve().unwrap();
        assert!(road.try_reserve().is_none());
        drop(first);
        let third = road.reserve().await.unwrap();
        assert_eq!(third.submit(&part()).await, Submitted::Accepted { id: "1".into() });
        drop(second);
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_is_kept() {
        let road = road(&RoadConfig { window: 100, ..RoadConfig::default() }, Vec::new());
        let start = Instant::now();
        for _ in 0..8 {
            road.reserve().await.unwrap().submit(&part()).await;
        }
        // Three at once, then one a second.
        let took = start.elapsed();
        assert!((Duration::from_secs(5)..Duration::from_millis(5_100)).contains(&took), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_road_that_is_down_waits_and_comes_back() {
        let config = RoadConfig { down_after: 1, probe_after_ms: 2_000, ..RoadConfig::default() };
        let road = road(&config, vec![Verdict::NotReached("not_connected")]);
        let submitted = road.reserve().await.unwrap().submit(&part()).await;
        assert_eq!(submitted, Submitted::NotTaken { code: "not_connected", after: Duration::from_secs(2) });
        assert_eq!(road.state(), RoadState::Down);
        assert!(road.try_reserve().is_none());
        let start = Instant::now();
        road.reserve().await.unwrap().submit(&part()).await;
        assert!(start.elapsed() >= Duration::from_secs(2));
        assert_eq!(road.state(), RoadState::Up);
    }

    #[tokio::test(start_paused = true)]
    async fn every_verdict_has_its_outcome() {
        let after = Duration::from_secs;
        let story = [
            (Verdict::Refused("error 104".into()), Submitted::Refused { code: "error 104".into() }, RoadState::Up),
            (
                Verdict::Throttled(Some(after(3))),
                Submitted::NotTaken { code: "throttled", after: after(3) },
                RoadState::Up,
            ),
            (Verdict::Uncertain, Submitted::Uncertain, RoadState::Up),
            (Verdict::Empty, Submitted::NotTaken { code: "account_empty", after: after(300) }, RoadState::Down),
            (
                Verdict::LoginRefused,
                Submitted::NotTaken { code: "login_refused", after: after(300) },
                RoadState::Refused,
            ),
        ];
        let road = road(&RoadConfig::default(), story.iter().map(|(verdict, ..)| verdict.clone()).collect());
        for (_, submitted, state) in story {
            assert_eq!(road.reserve().await.unwrap().submit(&part()).await, submitted);
            assert_eq!(road.state(), state);
        }
        assert_eq!(SenderAssurance::default(), SenderAssurance::Claimed);
    }
}
