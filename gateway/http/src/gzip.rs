//! Long answers go out compressed to those who ask for it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, Request, Response};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tower_http::compression::predicate::Predicate;
use tower_http::compression::{self, Compression};

/// tower-http's compression, but in the way of those only who asked for gzip:
/// it changes the type of the body, which costs a box for every answer.
#[derive(Clone, Copy)]
pub(crate) struct GzipLayer {
    /// Answers below this many bytes go as they are.
    pub(crate) at_least: u64,
}

#[derive(Clone)]
pub(crate) struct Gzip<S> {
    inner: S,
    worthwhile: Worthwhile,
}

impl<S> Layer<S> for GzipLayer {
    type Service = Gzip<S>;

    fn layer(&self, inner: S) -> Gzip<S> {
        Gzip { inner, worthwhile: Worthwhile { at_least: self.at_least } }
    }
}

impl<S> Service<Request<Body>> for Gzip<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = GzipFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if !asks_for_gzip(request.headers()) {
            return GzipFuture::Plain { inner: self.inner.call(request) };
        }
        let mut zipped = Compression::new(self.inner.clone()).compress_when(self.worthwhile);
        GzipFuture::Zipped { inner: zipped.call(request) }
    }
}

/// A first look; quality values are read by tower-http.
fn asks_for_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .any(|value| value.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"gzip")))
}

pin_project! {
    #[project = GzipProjection]
    pub(crate) enum GzipFuture<F> {
        Plain { #[pin] inner: F },
        Zipped { #[pin] inner: compression::ResponseFuture<F, Worthwhile> },
    }
}

impl<F> Future for GzipFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            GzipProjection::Plain { inner } => inner.poll(cx),
            GzipProjection::Zipped { inner } => inner.poll(cx).map_ok(|response| response.map(Body::new)),
        }
    }
}

/// What is worth compressing: text that is not tiny and whose length is known
/// (a stream of events must leave at once), and never a private answer, whose
/// length would then tell of its content (BREACH).
#[derive(Clone, Copy)]
pub(crate) struct Worthwhile {
    at_least: u64,
}

impl Predicate for Worthwhile {
    fn should_compress<B: HttpBody>(&self, response: &Response<B>) -> bool {
        let long = response.body().size_hint().exact().is_some_and(|length| length >= self.at_least);
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = header(CONTENT_TYPE);
        let text = kind.starts_with("application/json")
            || kind.starts_with("application/problem+json")
            || kind.starts_with("text/");
        long && text && !header(CACHE_CONTROL).contains("no-store")
    }
}
