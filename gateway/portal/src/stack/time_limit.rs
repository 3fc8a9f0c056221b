//! The time of one try: the timeout or the rest of the deadline, whichever
//! comes first.

use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gateway_core::ports::{PortalError, PortalFault};
use tokio::time::{Instant, timeout_at};
use tower::{Layer, Service};

use super::{PortalCall, not_called};
use crate::config::StackConfig;

#[derive(Clone)]
pub(super) struct TimeLimitLayer {
    timeout: Duration,
    least_call: Duration,
}

impl TimeLimitLayer {
    pub(super) fn new(config: &StackConfig) -> Self {
        Self { timeout: config.call_timeout(), least_call: Duration::from_millis(config.least_call_ms) }
    }
}

impl<S> Layer<S> for TimeLimitLayer {
    type Service = TimeLimit<S>;

    fn layer(&self, inner: S) -> Self::Service {
        TimeLimit { inner, limits: self.clone() }
    }
}

#[derive(Clone)]
pub(super) struct TimeLimit<S> {
    inner: S,
    limits: TimeLimitLayer,
}

impl<C, S> Service<C> for TimeLimit<S>
where
    C: PortalCall,
    S: Service<C, Error = PortalError>,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = PortalError;
    type Future = BoxFuture<'static, Result<S::Response, PortalError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), PortalError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, call: C) -> Self::Future {
        let service = call.service();
        let now = Instant::now();
        // A try that cannot end in time would only burden the portal.
        if now + self.limits.least_call > call.deadline() {
            return futures::future::err(not_called(service, "no time is left before the deadline")).boxed();
        }
        let until = call.deadline().min(now + self.limits.timeout);
        let answer = self.inner.call(call);
        async move {
            match timeout_at(until, answer).await {
                Ok(answer) => answer,
                Err(_) => Err(PortalError { service, fault: PortalFault::TimedOut(until - now) }),
            }
        }
        .boxed()
    }
}
