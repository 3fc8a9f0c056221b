//! Figures and a span for each route, by its template.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::routing::MethodRouter;
use http::{Method, Request, Response, StatusCode};
use metrics::{Counter, Histogram};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tracing::Span;

use crate::Caller;

/// Tells the recorder what the figures of this crate mean. Once, at start.
pub fn describe_metrics() {
    metrics::describe_counter!("http_requests_total", "Requests by route template, method and class of status");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time from the router to the head of the answer, by route template and method"
    );
    metrics::describe_gauge!("http_requests_in_flight", "Requests that are being answered now");
    metrics::describe_counter!("http_refused_total", "Requests that the stack refused before any route, by reason");
    metrics::describe_gauge!("http_address_limit_keys", "Client networks that the address limit holds");
    metrics::describe_gauge!("http_connections", "Open connections");
    metrics::describe_counter!("http_connections_cut_total", "Connections that the server ended, by reason");
}

/// A method router that counts and times its requests under `route`, the
/// template that it is served at. The handles are registered once, when a
/// method is first asked for, and never looked up again.
pub fn measured<S>(route: &str, router: MethodRouter<S>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(MeasureLayer::new(route))
}

#[derive(Clone)]
pub(crate) struct MeasureLayer {
    figures: Arc<RouteFigures>,
}

impl MeasureLayer {
    pub(crate) fn new(route: &str) -> Self {
        let figures = RouteFigures { route: route.into(), by_method: Default::default() };
        Self { figures: Arc::new(figures) }
    }
}

struct RouteFigures {
    route: Arc<str>,
    by_method: [OnceLock<Figures>; 4],
}

struct Figures {
    /// 1xx to 5xx.
    classes: [Counter; 5],
    /// The client hung up, or the time ran out.
    dropped: Counter,
    seconds: Histogram,
}

impl RouteFigures {
    fn of(&self, method: &Method) -> &Figures {
        // A method is a label only where it is one of the usual: a client may
        // invent any number of others.
        let (place, name) = match *method {
            Method::GET => (0, "GET"),
            Method::POST => (1, "POST"),
            Method::HEAD => (2, "HEAD"),
            _ => (3, "other"),
        };
        // The array has one place for each of the four above.
        let [get, post, head, other] = &self.by_method;
        let cell = match place {
            0 => get,
            1 => post,
            2 => head,
            _ => other,
        };
        cell.get_or_init(|| {
            let counter = |status: &'static str| {
                let route = Arc::clone(&self.route);
                metrics::counter!("http_requests_total", "route" => route, "method" => name, "status" => status)
            };
            Figures {
                classes: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(counter),
                dropped: counter("dropped"),
                seconds: metrics::histogram!(
                    "http_request_duration_seconds", "route" => Arc::clone(&self.route), "method" => name
                ),
            }
        })
    }
}

impl Figures {
    fn class(&self, status: StatusCode) -> &Counter {
        let [informed, good, moved, client, server] = &self.classes;
        match status.as_u16() {
            100..=199 => informed,
            200..=299 => good,
            300..=399 => moved,
            400..=499 => client,
            _ => server,
        }
    }
}

impl<S> Layer<S> for MeasureLayer {
    type Service = Measure<S>;

    fn layer(&self, inner: S) -> Measure<S> {
        Measure { inner, figures: Arc::clone(&self.figures) }
    }
}

#[derive(Clone)]
pub(crate) struct Measure<S> {
    inner: S,
    figures: Arc<RouteFigures>,
}

impl<S> Service<Request<Body>> for Measure<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = MeasureFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // At debug only: the audit row is the access log, and a span that is
        // written costs more than the look-up it describes.
        let span = tracing::debug_span!(
            "http",
            route = &*self.figures.route,
            method = request.method().as_str(),
            request = request.extensions().get::<Caller>().map(|caller| caller.request_id.as_str()),
        );
        let watch = Watch {
            figures: Arc::clone(&self.figures),
            method: request.method().clone(),
            started: Instant::now(),
            status: None,
        };
        let inner = span.in_scope(|| self.inner.call(request));
        MeasureFuture { inner, span, watch }
    }
}

/// Counts when it is dropped, so that nothing goes uncounted: not the client
/// that hung up, not the panic, not the answer that came too late.
struct Watch {
    figures: Arc<RouteFigures>,
    method: Method,
    started: Instant,
    status: Option<StatusCode>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let figures = self.figures.of(&self.method);
        match self.status {
            Some(status) => {
                figures.class(status).increment(1);
                figures.seconds.record(self.started.elapsed());
            }
            None => figures.dropped.increment(1),
        }
    }
}

pin_project! {
    pub(crate) struct MeasureFuture<F> {
        #[pin]
        inner: F,
        span: Span,
        watch: Watch,
    }
}

impl<F> Future for MeasureFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let _entered = this.span.enter();
        let Ok(response) = std::task::ready!(this.inner.poll(cx));
        this.watch.status = Some(response.status());
        tracing::debug!(status = response.status().as_u16(), "answered");
        Poll::Ready(Ok(response))
    }
}
