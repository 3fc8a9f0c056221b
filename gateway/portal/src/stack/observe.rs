//! Figures of every call, and what it tells of the portal's health.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use gateway_core::ports::{Clock, PortalError, PortalFault};
use metrics::{Counter, Histogram, Unit};
use tokio::time::Instant;
use tower::{Layer, Service, ServiceExt};

use super::{PortalCall, StackParts};
use crate::health::Health;

/// `ok`, then the words of `PortalError::key`.
const OUTCOMES: [&str; 7] =
    ["ok", "unreachable", "timed_out", "not_called", "login_refused", "error_code", "unreadable"];

#[derive(Clone)]
pub(super) struct ObserveLayer {
    figures: Arc<Figures>,
}

/// Handles, registered once: a look-up by name for each call costs more than
/// the figures are worth.
struct Figures {
    services: Vec<(&'static str, [(Counter, Histogram); OUTCOMES.len()])>,
    clock: Arc<dyn Clock>,
    health: Arc<Health>,
}

impl ObserveLayer {
    pub(super) fn new(parts: &StackParts) -> Self {
        metrics::describe_counter!("portal_calls_total", "Calls at the portal by service and outcome");
        metrics::describe_histogram!(
            "portal_call_seconds",
            Unit::Seconds,
            "Time of a call with its waiting and all its tries"
        );
        let services = parts
            .services
            .iter()
            .map(|&service| {
                let handles = OUTCOMES.map(|outcome| {
                    (
                        metrics::counter!("portal_calls_total", "service" => service, "outcome" => outcome),
                        metrics::histogram!("portal_call_seconds", "service" => service, "outcome" => outcome),
                    )
                });
                (service, handles)
            })
            .collect();
        Self {
            figures: Arc::new(Figures { services, clock: Arc::clone(&parts.clock), health: Arc::clone(&parts.health) }),
        }
    }
}

impl<S> Layer<S> for ObserveLayer {
    type Service = Observe<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Observe { inner, figures: Arc::clone(&self.figures) }
    }
}

#[derive(Clone)]
pub(super) struct Observe<S> {
    inner: S,
    figures: Arc<Figures>,
}

impl<C, S> Service<C> for Observe<S>
where
    C: PortalCall,
    S: Service<C, Error = PortalError> + Clone + Send + 'static,
    S::Response: Send,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = PortalError;
    type Future = BoxFuture<'static, Result<S::Response, PortalError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), PortalError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, call: C) -> Self::Future {
        // The service that was made ready is the one to call; its clone waits
        // for the next.
        let next = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, next);
        let figures = Arc::clone(&self.figures);
        async move {
            let service = call.service();
            let begun = Instant::now();
            let answer = ready.oneshot(call).await;
            figures.count(service, begun, answer.as_ref().err());
            answer
        }
        .boxed()
    }
}

impl Figures {
    fn count(&self, service: &'static str, begun: Instant, error: Option<&PortalError>) {
        let outcome = error.map_or(OUTCOMES[0], PortalError::key);
        let handles = self.services.iter().find(|(name, _)| *name == service);
        let place = OUTCOMES.iter().position(|word| *word == outcome);
        if let (Some((_, handles)), Some(place)) = (handles, place)
            && let Some((counter, histogram)) = handles.get(place)
        {
            counter.increment(1);
            histogram.record(begun.elapsed().as_secs_f64());
        }
        match error.map(|error| &error.fault) {
            None | Some(PortalFault::ErrorCode(_)) => self.health.succeeded(self.clock.now()),
            Some(
                PortalFault::NoConnection(_)
                | PortalFault::TurnedAway(_)
                | PortalFault::Unreachable(_)
                | PortalFault::TimedOut(_)
                | PortalFault::Unreadable { .. }
                | PortalFault::LoginRefused(_),
            ) => self.health.failed(self.clock.now()),
            Some(PortalFault::NotCalled(_)) => {}
        }
    }
}
