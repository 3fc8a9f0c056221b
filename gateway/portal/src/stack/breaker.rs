//! The circuit breaker. Why it is our own: `gateway/docs/adr/0003-circuit-breaker.md`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gateway_core::ports::{PortalError, PortalFault, Randomness};
use metrics::{Counter, Gauge};
use tokio::time::Instant;
use tower::{Layer, Service, ServiceExt};

use super::{PortalCall, StackParts, not_called};
use crate::config::BreakerConfig;
use crate::health::{BreakerState, Health};
use crate::stack::spread;

/// The window is looked back on in so many steps.
const BUCKETS: usize = 10;

/// Bad answers count only where so many different questions got one within the
/// window: a number that the portal cannot answer, asked again and again, tells
/// nothing of all the others.
const DIFFERENT_QUESTIONS: usize = 5;

/// The pause differs by this share, so that many nodes do not probe at once.
const PAUSE_SPREAD: f64 = 0.2;

#[derive(Clone)]
pub(super) struct BreakerLayer {
    breaker: Arc<CircuitBreaker>,
}

impl BreakerLayer {
    pub(super) fn new(config: &BreakerConfig, parts: &StackParts) -> Self {
        metrics::describe_gauge!("portal_breaker_state", "0 closed, 1 half-open, 2 open");
        metrics::describe_counter!("portal_breaker_opened_total", "How often the breaker opened");
        let gauge = metrics::gauge!("portal_breaker_state");
        gauge.set(0.0);
        Self {
            breaker: Arc::new(CircuitBreaker {
                config: config.clone(),
                randomness: Arc::clone(&parts.randomness),
                health: Arc::clone(&parts.health),
                gauge,
                opened: metrics::counter!("portal_breaker_opened_total"),
                turned_away: metrics::counter!("portal_shed_total", "reason" => "breaker_open"),
                inside: Mutex::new(Inside {
                    phase: Phase::Closed(Window::new(config, Instant::now())),
                    round: 0,
                    failed_rounds: 0,
                }),
            }),
        }
    }
}

impl<S> Layer<S> for BreakerLayer {
    type Service = Breaker<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Breaker { inner, breaker: Arc::clone(&self.breaker) }
    }
}

/// Always ready; a call is turned away with an error, never held back.
#[derive(Clone)]
pub(super) struct Breaker<S> {
    inner: S,
    breaker: Arc<CircuitBreaker>,
}

impl<C, S> Service<C> for Breaker<S>
where
    C: PortalCall,
    S: Service<C, Error = PortalError> + Clone + Send + 'static,
    S::Response: Send,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = PortalError;
    type Future = BoxFuture<'static, Result<S::Response, PortalError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), PortalError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: C) -> Self::Future {
        let inner = self.inner.clone();
        let breaker = Arc::clone(&self.breaker);
        async move {
            let Some(pass) = breaker.enter() else {
                breaker.turned_away.increment(1);
                return Err(not_called(call.service(), "the circuit breaker is open"));
            };
            let asked = call.clone();
            let answer = inner.oneshot(call).await;
            pass.report(Verdict::of(&asked, &answer));
            answer
        }
        .boxed()
    }
}

/// What a call tells of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    Bad,
    /// It answered this question badly, which may be the question's own.
    BadlyAnswered(u64),
    /// It was not made, so it tells nothing.
    Neither,
}

impl Verdict {
    /// A portal that refuses a login or reports an error code of its own does
    /// answer; the breaker is for one that does not.
    fn of<C: PortalCall, T>(call: &C, answer: &Result<T, PortalError>) -> Self {
        match answer {
            Ok(_) => Self::Good,
            Err(error) if call.may_be_the_questions(error) => Self::BadlyAnswered(call.question()),
            Err(error) => match error.fault {
                PortalFault::NoConnection(_)
                | PortalFault::TurnedAway(_)
                | PortalFault::Unreachable(_)
                | PortalFault::TimedOut(_)
                | PortalFault::Unreadable { .. } => Self::Bad,
                PortalFault::LoginRefused(_) | PortalFault::ErrorCode(_) => Self::Good,
                PortalFault::NotCalled(_) => Self::Neither,
            },
        }
    }
}

struct CircuitBreaker {
    config: BreakerConfig,
    randomness: Arc<dyn Randomness>,
    health: Arc<Health>,
    gauge: Gauge,
    opened: Counter,
    turned_away: Counter,
    inside: Mutex<Inside>,
}

struct Inside {
    phase: Phase,
    /// Grows with every change of phase: a call that began in another phase
    /// tells nothing of this one.
    round: u64,
    /// Rounds of probes that failed since it was closed.
    failed_rounds: u32,
}

enum Phase {
    Closed(Window),
    Open {
        until: Instant,
    },
    HalfOpen {
        running: u32,
        good: u32,
        /// The question of a probe that was answered badly.
        badly: Option<u64>,
    },
}

/// Leave to call. Dropped without a report (the caller left), it gives its
/// place as a probe back.
struct Pass {
    breaker: Arc<CircuitBreaker>,
    round: u64,
    reported: bool,
}

impl Pass {
    fn report(mut self, verdict: Verdict) {
        self.reported = true;
        self.breaker.report(self.round, verdict);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if !self.reported {
            self.breaker.report(self.round, Verdict::Neither);
        }
    }
}

impl CircuitBreaker {
    fn enter(self: &Arc<Self>) -> Option<Pass> {
        let now = Instant::now();
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(inside.phase, Phase::Open { until } if now >= until) {
            self.change(&mut inside, Phase::HalfOpen { running: 0, good: 0, badly: None });
        }
        match &mut inside.phase {
            Phase::Closed(_) => {}
            Phase::Open { .. } => return None,
            Phase::HalfOpen { running, good, .. } => {
                if *running + *good >= self.config.probes {
                    return None;
                }
                *running += 1;
            }
        }
        let round = inside.round;
        Some(Pass { breaker: Arc::clone(self), round, reported: false })
    }

    fn report(&self, round: u64, verdict: Verdict) {
        let now = Instant::now();
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.round != round {
            return;
        }
        match (&mut inside.phase, verdict) {
            (Phase::Closed(window), Verdict::Good | Verdict::Bad | Verdict::BadlyAnswered(_)) => {
                window.count(now, verdict);
                // A good answer never opens it, though it may be the one that
                // makes the calls enough to judge by.
                if verdict != Verdict::Good && window.too_many_failed(&self.config, now) {
                    self.open(&mut inside, now);
                }
            }
            // One question alone does not keep it open: the next probe decides,
            // unless it asks the same.
            (Phase::HalfOpen { running, badly, .. }, Verdict::BadlyAnswered(question))
                if badly.is_none_or(|before| before == question) =>
            {
                *running = running.saturating_sub(1);
                *badly = Some(question);
            }
            (Phase::HalfOpen { .. }, Verdict::Bad | Verdict::BadlyAnswered(_)) => {
                inside.failed_rounds = inside.failed_rounds.saturating_add(1);
                self.open(&mut inside, now);
            }
            (Phase::HalfOpen { running, good, .. }, Verdict::Good) => {
                *running = running.saturating_sub(1);
                *good += 1;
                if *good >= self.config.probes {
                    inside.failed_rounds = 0;
                    self.change(&mut inside, Phase::Closed(Window::new(&self.config, now)));
                }
            }
            (Phase::HalfOpen { running, .. }, Verdict::Neither) => *running = running.saturating_sub(1),
            (Phase::Closed(_), Verdict::Neither) | (Phase::Open { .. }, _) => {}
        }
    }

    fn open(&self, inside: &mut Inside, now: Instant) {
        self.opened.increment(1);
        let doubled = self.config.open_ms.saturating_mul(1 << inside.failed_rounds.min(16));
        let pause = Duration::from_millis(doubled.min(self.config.open_max_ms));
        let until = now + spread(pause, PAUSE_SPREAD, &*self.randomness);
        self.change(inside, Phase::Open { until });
    }

    fn change(&self, inside: &mut Inside, phase: Phase) {
        let state = match phase {
            Phase::Closed(_) => BreakerState::Closed,
            Phase::HalfOpen { .. } => BreakerState::HalfOpen,
            Phase::Open { .. } => BreakerState::Open,
        };
        inside.phase = phase;
        inside.round += 1;
        self.gauge.set(f64::from(state.number()));
        self.health.set_breaker(state);
        match state {
            BreakerState::Open => tracing::warn!(breaker = state.key(), "the portal fails; calls are held back"),
            BreakerState::HalfOpen | BreakerState::Closed => tracing::info!(breaker = state.key(), "circuit breaker"),
        }
    }
}

/// Calls of the last seconds, in steps, so that old ones are forgotten.
struct Window {
    step: Duration,
    begun: Instant,
    current: usize,
    buckets: [Bucket; BUCKETS],
    /// The last different questions that were answered badly, and when, the
    /// latest at the end; at most [`DIFFERENT_QUESTIONS`].
    badly_answered: VecDeque<(u64, Instant)>,
}

#[derive(Clone, Copy, Default)]
struct Bucket {
    calls: u32,
    failed: u32,
    badly_answered: u32,
}

impl Window {
    fn new(config: &BreakerConfig, now: Instant) -> Self {
        Self {
            step: Duration::from_millis(config.window_ms.max(BUCKETS as u64)) / BUCKETS as u32,
            begun: now,
            current: 0,
            buckets: [Bucket::default(); BUCKETS],
            badly_answered: VecDeque::with_capacity(DIFFERENT_QUESTIONS),
        }
    }

    fn count(&mut self, now: Instant, verdict: Verdict) {
        self.advance(now);
        if let Verdict::BadlyAnswered(question) = verdict {
            self.badly_answered.retain(|(known, _)| *known != question);
            if self.badly_answered.len() >= DIFFERENT_QUESTIONS {
                self.badly_answered.pop_front();
            }
            self.badly_answered.push_back((question, now));
        }
        if let Some(bucket) = self.buckets.get_mut(self.current) {
            bucket.calls = bucket.calls.saturating_add(1);
            bucket.failed = bucket.failed.saturating_add(u32::from(verdict == Verdict::Bad));
            let badly = u32::from(matches!(verdict, Verdict::BadlyAnswered(_)));
            bucket.badly_answered = bucket.badly_answered.saturating_add(badly);
        }
    }

    fn advance(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.begun);
        if passed >= self.step * BUCKETS as u32 {
            self.buckets = [Bucket::default(); BUCKETS];
            self.begun = now;
            self.current = 0;
            return;
        }
        while now.saturating_duration_since(self.begun) >= self.step {
            self.begun += self.step;
            self.current = (self.current + 1) % BUCKETS;
            if let Some(bucket) = self.buckets.get_mut(self.current) {
                *bucket = Bucket::default();
            }
        }
    }

    /// Whether enough different questions were answered badly within the window.
    fn many_badly_answered(&self, now: Instant) -> bool {
        let window = self.step * BUCKETS as u32;
        let lately = |(_, at): &&(u64, Instant)| now.saturating_duration_since(*at) < window;
        self.badly_answered.iter().filter(lately).count() >= DIFFERENT_QUESTIONS
    }

    fn too_many_failed(&self, config: &BreakerConfig, now: Instant) -> bool {
        let sum = |of: fn(&Bucket) -> u32| self.buckets.iter().map(of).fold(0, u32::saturating_add);
        let calls = sum(|bucket| bucket.calls);
        let mut failed = sum(|bucket| bucket.failed);
        if self.many_badly_answered(now) {
            failed = failed.saturating_add(sum(|bucket| bucket.badly_answered));
        }
        calls >= config.minimum_calls && f64::from(failed) >= f64::from(calls) * config.failure_ratio
    }
}
