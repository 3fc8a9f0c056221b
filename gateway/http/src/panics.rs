//! A panic becomes a 500 in the citizen's language, and the process goes on.

use std::convert::Infallible;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::IntoResponse;
use gateway_core::desk::{Refusal, RefusalKind};
use http::{Request, Response};
use metrics::Counter;
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::Problem;

/// Own code in place of tower-http's `CatchPanic`: that one boxes the body and
/// the future of every good answer for the sake of the rare bad one.
#[derive(Clone)]
pub(crate) struct CatchPanicLayer {
    pub(crate) caught: Counter,
}

#[derive(Clone)]
pub(crate) struct CatchPanic<S> {
    inner: S,
    caught: Counter,
}

impl<S> Layer<S> for CatchPanicLayer {
    type Service = CatchPanic<S>;

    fn layer(&self, inner: S) -> CatchPanic<S> {
        CatchPanic { inner, caught: self.caught.clone() }
    }
}

impl<S> Service<Request<Body>> for CatchPanic<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = CatchPanicFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let inner = catch_unwind(AssertUnwindSafe(|| self.inner.call(request))).ok();
        CatchPanicFuture { inner, caught: self.caught.clone() }
    }
}

pin_project! {
    pub(crate) struct CatchPanicFuture<F> {
        // None once it panicked.
        #[pin]
        inner: Option<F>,
        caught: Counter,
    }
}

impl<F> Future for CatchPanicFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Some(inner) = this.inner.as_mut().as_pin_mut()
            && let Ok(polled) = catch_unwind(AssertUnwindSafe(|| inner.poll(cx)))
        {
            return polled;
        }
        // What it said may hold personal data; the panic hook of the binary
        // decides what is kept of it. The edge logs the request's id.
        this.caught.increment(1);
        this.inner.set(None);
        Poll::Ready(Ok(Problem::from(Refusal::of(RefusalKind::Internal)).into_response()))
    }
}
