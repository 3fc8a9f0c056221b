//! What stands around every call at the portal, as tower layers. It knows
//! calls, deadlines and faults, and nothing of HTTP or of the protocol.

mod admission;
mod breaker;
mod observe;
mod retry;
mod time_limit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use gateway_core::ports::{Clock, PortalError, PortalFault, Randomness};
use tokio::time::Instant;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceBuilder};

use crate::config::StackConfig;
use crate::health::Health;

use admission::AdmissionLayer;
use breaker::BreakerLayer;
use observe::ObserveLayer;
use retry::retry_layer;
use time_limit::TimeLimitLayer;

pub(crate) use retry::spread;

/// What the layers must know of a call.
pub(crate) trait PortalCall: Clone + Send + Sync + 'static {
    /// The service's name in the protocol.
    fn service(&self) -> &'static str;

    /// Whether it may be sent twice without harm.
    fn repeatable(&self) -> bool;

    /// When the citizen's channel gives up.
    fn deadline(&self) -> Instant;

    /// What is asked for, as a cheap hash: the same for the same question, and
    /// never told or kept for longer than the breaker's window.
    fn question(&self) -> u64;

    /// Whether a fault may lie in what is asked for and not in the portal as a
    /// whole: it did answer this call, but with nothing of use.
    fn may_be_the_questions(&self, error: &PortalError) -> bool;
}

/// What the stack is built from, beside its settings.
pub(crate) struct StackParts {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) health: Arc<Health>,
    /// Every service that is called, for metrics that are registered once.
    pub(crate) services: &'static [&'static str],
}

/// Builds the stack around `inner`, which makes one try of a call.
pub(crate) fn stack<C, S>(
    config: &StackConfig,
    parts: &StackParts,
    inner: S,
) -> BoxCloneSyncService<C, S::Response, PortalError>
where
    C: PortalCall,
    S: Service<C, Error = PortalError> + Clone + Send + Sync + 'static,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    let service = ServiceBuilder::new()
        // Outermost, so that the figures hold what a caller saw: calls that
        // were turned away too, and all tries of a call as one.
        .layer(ObserveLayer::new(parts))
        // Before the breaker: a call that waits for its turn has not been let
        // through yet, and a queue that is full says nothing of the portal.
        // All time limits stand inside: a limit outside would wait for the
        // permit in `poll_ready`, where no timeout fires.
        .layer(AdmissionLayer::new(config))
        // Before retry: an open breaker turns a call away once, not three
        // times over, and what it counts are calls that failed for good.
        .layer(BreakerLayer::new(&config.breaker, parts))
        // Outside the time limit, so that each try has its own.
        .layer(retry_layer(config, parts))
        // Innermost: one try, by the timeout or the deadline, whichever comes
        // first.
        .layer(TimeLimitLayer::new(config))
        .service(inner);
    BoxCloneSyncService::new(service)
}

/// A call that was not made.
pub(crate) fn not_called(service: &'static str, why: &'static str) -> PortalError {
    PortalError { service, fault: PortalFault::NotCalled(why) }
}
