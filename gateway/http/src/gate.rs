//! How many at once, and how long each: the gate before the router.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::response::IntoResponse;
use http::{Request, Response};
use metrics::{Counter, Gauge};
use pin_project_lite::pin_project;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};
use tower::{Layer, Service};

use crate::problem::{self, Problem};

/// `LoadShed > GlobalConcurrencyLimit > Timeout` of tower in one: a request
/// beyond the limit is refused at once and never waits, and the time runs only
/// for those that were let in (a timeout outside of a concurrency limit never
/// fires while it waits for its permit). In one layer because tower's three
/// box a future and register a timer for every request; here the timer is made
/// only for an answer that is not ready at the first poll.
#[derive(Clone)]
pub(crate) struct GateLayer {
    permits: Arc<Semaphore>,
    time: Duration,
    handles: Arc<Handles>,
}

struct Handles {
    in_flight: Gauge,
    overloaded: Counter,
    timed_out: Counter,
}

impl GateLayer {
    /// At most `at_once` requests, each for at most `time`.
    pub(crate) fn new(at_once: usize, time: Duration, listener: &'static str) -> Self {
        let refused = |reason| metrics::counter!("http_refused_total", "listener" => listener, "reason" => reason);
        Self {
            permits: Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))),
            time,
            handles: Arc::new(Handles {
                in_flight: metrics::gauge!("http_requests_in_flight", "listener" => listener),
                overloaded: refused("overloaded"),
                timed_out: refused("timeout"),
            }),
        }
    }
}

#[derive(Clone)]
pub(crate) struct Gate<S> {
    inner: S,
    gate: GateLayer,
}

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Gate<S> {
        Gate { inner, gate: self.clone() }
    }
}

impl<S> Service<Request<Body>> for Gate<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = GateFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Ok(permit) = Arc::clone(&self.gate.permits).try_acquire_owned() else {
            self.gate.handles.overloaded.increment(1);
            return GateFuture::Refused;
        };
        self.gate.handles.in_flight.increment(1);
        GateFuture::Running {
            inner: self.inner.call(request),
            timer: None,
            time: self.gate.time,
            pass: Pass { _permit: permit, handles: Arc::clone(&self.gate.handles) },
        }
    }
}

/// Held while a request is in the house; dropping it lets the next one in,
/// whether it ended, panicked or was given up by the client.
pub(crate) struct Pass {
    _permit: OwnedSemaphorePermit,
    handles: Arc<Handles>,
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.handles.in_flight.decrement(1);
    }
}

pin_project! {
    #[project = GateProjection]
    pub(crate) enum GateFuture<F> {
        Refused,
        Running {
            #[pin]
            inner: F,
            timer: Option<Pin<Box<Sleep>>>,
            time: Duration,
            pass: Pass,
        },
    }
}

impl<F> Future for GateFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (inner, timer, time, pass) = match self.project() {
            GateProjection::Refused => {
                let problem = Problem::of(&problem::OVERLOADED).retry_after(Duration::from_secs(1));
                return Poll::Ready(Ok(problem.into_response()));
            }
            GateProjection::Running { inner, timer, time, pass } => (inner, timer, *time, pass),
        };
        if let Poll::Ready(answer) = inner.poll(cx) {
            return Poll::Ready(answer);
        }
        let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + time)));
        std::task::ready!(timer.as_mut().poll(cx));
        pass.handles.timed_out.increment(1);
        Poll::Ready(Ok(Problem::of(&problem::TIMED_OUT).into_response()))
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tower::{ServiceExt, service_fn};

    use super::*;

    fn asked() -> Request<Body> {
        Request::new(Body::empty())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_answer_is_cut_off_in_time() {
        let started = Instant::now();
        let silent = service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, Infallible>>());
        let gate = GateLayer::new(1, Duration::from_secs(30), "test").layer(silent);
        let answer = gate.oneshot(asked()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(started.elapsed(), Duration::from_secs(30));
    }

    #[tokio::test(start_paused = true)]
    async fn one_too_many_is_turned_away_at_once_and_the_next_is_let_in() {
        let (go, wait) = tokio::sync::watch::channel(false);
        let slow = service_fn(move |_: Request<Body>| {
            let mut wait = wait.clone();
            async move {
                let opened = wait.wait_for(|open| *open).await.is_ok();
                assert!(opened);
                Ok(Response::new(Body::empty()))
            }
        });
        let gate = GateLayer::new(1, Duration::from_secs(30), "test").layer(slow);
        let first = tokio::spawn(gate.clone().oneshot(asked()));
        tokio::task::yield_now().await;
        let refused = gate.clone().oneshot(asked()).await.unwrap();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        go.send(true).unwrap();
        assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
        assert_eq!(gate.oneshot(asked()).await.unwrap().status(), StatusCode::OK);
    }

    #[tokio::test(start_paused = true)]
    async fn who_hangs_up_frees_the_place() {
        let silent = service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, Infallible>>());
        let layer = GateLayer::new(1, Duration::from_secs(30), "test");
        let gate = layer.layer(silent);
        let call = tokio::spawn(gate.clone().oneshot(asked()));
        tokio::task::yield_now().await;
        assert_eq!(layer.permits.available_permits(), 0);
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        assert_eq!(layer.permits.available_permits(), 1);
    }
}
