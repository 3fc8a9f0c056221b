//! Further tries: only of calls that may be repeated, only where another try
//! may help, only within the budget and before the deadline.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gateway_core::ports::{Clock, PortalError, Randomness};
use metrics::Counter;
use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};
use tower::retry::{Policy, RetryLayer};

use super::{PortalCall, StackParts};
use crate::config::{RetryConfig, StackConfig};

pub(super) fn retry_layer(config: &StackConfig, parts: &StackParts) -> RetryLayer<RetryPolicy> {
    metrics::describe_counter!("portal_retries_total", "Further tries of calls, and those that the budget forbade");
    let RetryConfig { budget_ttl_ms, budget_per_second, budget_ratio, .. } = config.retry;
    RetryLayer::new(RetryPolicy {
        shared: Arc::new(Shared {
            config: config.retry.clone(),
            least_call: Duration::from_millis(config.least_call_ms),
            budget: TpsBudget::new(Duration::from_millis(budget_ttl_ms), budget_per_second, budget_ratio),
            clock: Arc::clone(&parts.clock),
            randomness: Arc::clone(&parts.randomness),
            made: metrics::counter!("portal_retries_total", "outcome" => "made"),
            forbidden: metrics::counter!("portal_retries_total", "outcome" => "over_budget"),
        }),
        tries: 0,
    })
}

/// One for each call: tower clones it, so `tries` counts the tries of one call.
#[derive(Clone)]
pub(super) struct RetryPolicy {
    shared: Arc<Shared>,
    tries: u32,
}

struct Shared {
    config: RetryConfig,
    least_call: Duration,
    budget: TpsBudget,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    made: Counter,
    forbidden: Counter,
}

impl<C: PortalCall, T> Policy<C, T, PortalError> for RetryPolicy {
    type Future = BoxFuture<'static, ()>;

    fn retry(&mut self, call: &mut C, answer: &mut Result<T, PortalError>) -> Option<Self::Future> {
        self.tries += 1;
        let shared = &self.shared;
        let Err(error) = answer else {
            shared.budget.deposit();
            return None;
        };
        if !call.repeatable() || !error.retryable() || self.tries >= shared.config.attempts {
            return None;
        }
        let pause = shared.pause(self.tries);
        if Instant::now() + pause + shared.least_call > call.deadline() {
            return None;
        }
        if !shared.budget.withdraw() {
            shared.forbidden.increment(1);
            return None;
        }
        shared.made.increment(1);
        let clock = Arc::clone(&shared.clock);
        Some(async move { clock.sleep(pause).await }.boxed())
    }

    fn clone_request(&mut self, call: &C) -> Option<C> {
        call.repeatable().then(|| call.clone())
    }
}

impl Shared {
    /// "Full jitter": any time from nothing to the doubled base, so that calls
    /// that failed together do not come back together.
    fn pause(&self, tries: u32) -> Duration {
        let doubled = self.config.base_ms.saturating_mul(1 << tries.saturating_sub(1).min(16));
        Duration::from_millis(doubled.min(self.config.max_ms)).mul_f64(unit(&*self.randomness))
    }
}

/// A random share of `[0, 1)`.
fn unit(randomness: &dyn Randomness) -> f64 {
    // 53 bits are what an f64 holds.
    (randomness.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// The span, longer or shorter by a random share of at most `share`.
pub(crate) fn spread(span: Duration, share: f64, randomness: &dyn Randomness) -> Duration {
    span.mul_f64(1.0 + share * (2.0 * unit(randomness) - 1.0))
}
