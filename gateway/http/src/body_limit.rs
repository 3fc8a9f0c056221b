//! Nobody sends more than the house can read.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::response::IntoResponse;
use http::{Request, Response};
use http_body_util::Limited;
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::problem::{self, Problem};

/// Own code in place of tower-http's `RequestBodyLimit`: that one wraps every
/// body, and most requests have none.
#[derive(Clone, Copy)]
pub(crate) struct BodyLimitLayer {
    /// In bytes.
    pub(crate) most: usize,
}

#[derive(Clone)]
pub(crate) struct BodyLimit<S> {
    inner: S,
    most: usize,
}

impl<S> Layer<S> for BodyLimitLayer {
    type Service = BodyLimit<S>;

    fn layer(&self, inner: S) -> BodyLimit<S> {
        BodyLimit { inner, most: self.most }
    }
}

impl<S> Service<Request<Body>> for BodyLimit<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BodyLimitFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if request.body().is_end_stream() {
            return BodyLimitFuture { inner: Some(self.inner.call(request)) };
        }
        // A declared length is refused before a byte of it is read.
        let declared = usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX);
        if declared > self.most {
            return BodyLimitFuture { inner: None };
        }
        let request = request.map(|body| Body::new(Limited::new(body, self.most)));
        BodyLimitFuture { inner: Some(self.inner.call(request)) }
    }
}

pin_project! {
    pub(crate) struct BodyLimitFuture<F> {
        // None where the body was refused by its declared length.
        #[pin]
        inner: Option<F>,
    }
}

impl<F> Future for BodyLimitFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().inner.as_pin_mut() {
            Some(inner) => inner.poll(cx),
            None => Poll::Ready(Ok(Problem::of(&problem::BODY_TOO_LARGE).into_response())),
        }
    }
}
