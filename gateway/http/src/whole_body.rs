//! A body comes whole, in time and not too long, or not at all.

use std::convert::Infallible;
use std::future::Future;
use std::mem;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::IntoResponse;
use bytes::{Bytes, BytesMut};
use gateway_core::desk::{Refusal, RefusalKind};
use gateway_core::domain::ClientNet;
use http::request::Parts;
use http::{Request, Response};
use ipnet::IpNet;
use metrics::Counter;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::{Layer, Service};

use crate::Caller;
use crate::networks::{Networks, Seat};
use crate::problem::{self, Problem};

/// Reads a body to its end before anything behind it begins, so that a client
/// who sends slowly holds nothing but its own connection. Own code in place of
/// tower-http's `RequestBodyLimit` and `RequestBodyTimeout`: those wrap every
/// body, and most requests have none; and the timeout there begins anew with
/// every byte.
#[derive(Clone)]
pub(crate) struct WholeBodyLayer {
    rules: Arc<Rules>,
}

#[derive(Clone)]
struct Rules {
    most: usize,
    longer: Vec<(&'static str, usize)>,
    exempt: Vec<IpNet>,
    time: Duration,
    reading: Arc<Networks>,
    late: Counter,
    crowded: Counter,
}

impl WholeBodyLayer {
    /// At most `most` bytes within `time`, and for each client's network at
    /// most `at_once` bodies that are being read (0: no limit).
    pub(crate) fn new(most: usize, time: Duration, at_once: usize, listener: &'static str) -> Self {
        let refused = |reason| metrics::counter!("http_refused_total", "listener" => listener, "reason" => reason);
        let reading = Networks::new(at_once);
        let (late, crowded) = (refused("body_timeout"), refused("bodies_of_network"));
        Self { rules: Arc::new(Rules { most, longer: Vec::new(), exempt: Vec::new(), time, reading, late, crowded }) }
    }

    /// The same without the limit by network for these: a provider's one address
    /// brings everybody's messages.
    pub(crate) fn with_exempt(self, exempt: &[IpNet]) -> Self {
        let rules = Rules { exempt: exempt.to_vec(), ..Rules::clone(&self.rules) };
        Self { rules: Arc::new(rules) }
    }

    /// The same with other bounds for these paths.
    pub(crate) fn with_longer(self, longer: &[(&'static str, usize)]) -> Self {
        let rules = Rules { longer: longer.to_vec(), ..Rules::clone(&self.rules) };
        Self { rules: Arc::new(rules) }
    }
}

impl Rules {
    fn is_exempt(&self, net: ClientNet) -> bool {
        self.exempt.iter().any(|exempt| exempt.contains(&net.address()))
    }

    fn most_of(&self, path: &str) -> usize {
        self.longer.iter().find(|(of, _)| *of == path).map_or(self.most, |(_, most)| *most)
    }
}

impl<S> Layer<S> for WholeBodyLayer {
    type Service = WholeBody<S>;

    fn layer(&self, inner: S) -> WholeBody<S> {
        WholeBody { inner, rules: Arc::clone(&self.rules) }
    }
}

#[derive(Clone)]
pub(crate) struct WholeBody<S> {
    inner: S,
    rules: Arc<Rules>,
}

impl<S> Service<Request<Body>> for WholeBody<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = WholeBodyFuture<S, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // Most requests: neither a box nor a clone nor a timer.
        if request.body().is_end_stream() {
            return WholeBodyFuture::Running { inner: self.inner.call(request) };
        }
        // A declared length is refused before a byte of it is read.
        let declared = usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX);
        let most = self.rules.most_of(request.uri().path());
        if declared > most {
            return WholeBodyFuture::Refused { why: Why::TooLong };
        }
        let caller = request.extensions().get::<Caller>().map(|caller| caller.net);
        let net = caller.unwrap_or_else(|| ClientNet::of(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        let seat = if self.rules.is_exempt(net) { Some(None) } else { self.rules.reading.enter(net).map(Some) };
        let Some(seat) = seat else {
            self.rules.crowded.increment(1);
            return WholeBodyFuture::Refused { why: Why::Crowded };
        };
        // The one that was asked whether it is ready is the one to be called.
        let next = self.inner.clone();
        let inner = mem::replace(&mut self.inner, next);
        let (parts, body) = request.into_parts();
        let reading = Box::pin(Reading {
            timer: sleep_until(Instant::now() + self.rules.time),
            body,
            most,
            so_far: Pieces::default(),
            then: Some((inner, parts)),
            rules: Arc::clone(&self.rules),
            _seat: seat,
        });
        WholeBodyFuture::Reading { reading }
    }
}

/// Why a request goes no further.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Why {
    TooLong,
    Late,
    Broken,
    Crowded,
}

impl Why {
    fn problem(self) -> Problem {
        match self {
            Self::TooLong => Problem::of(&problem::BODY_TOO_LARGE),
            Self::Late => Problem::of(&problem::TIMED_OUT),
            Self::Broken => Problem::of(&problem::UNREADABLE_BODY),
            Self::Crowded => Problem::from(Refusal::of(RefusalKind::TooMany)),
        }
    }
}

/// The pieces of a body. One that comes in one piece is never copied, and no
/// memory is set aside for what was only announced.
#[derive(Default)]
struct Pieces {
    first: Bytes,
    joined: BytesMut,
}

impl Pieces {
    fn len(&self) -> usize {
        self.first.len() + self.joined.len()
    }

    fn push(&mut self, piece: Bytes) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        self.joined.extend_from_slice(&mem::take(&mut self.first));
        self.joined.extend_from_slice(&piece);
    }

    fn take(&mut self) -> Bytes {
        if self.joined.is_empty() { mem::take(&mut self.first) } else { mem::take(&mut self.joined).freeze() }
    }
}

pin_project! {
    pub(crate) struct Reading<S> {
        #[pin]
        timer: Sleep,
        body: Body,
        most: usize,
        so_far: Pieces,
        // None once it is handed on.
        then: Option<(S, Parts)>,
        rules: Arc<Rules>,
        _seat: Option<Seat>,
    }
}

impl<S> Reading<S> {
    fn poll_whole(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(S, Request<Body>), Why>> {
        let this = self.project();
        loop {
            let Poll::Ready(frame) = Pin::new(&mut *this.body).poll_frame(cx) else {
                // The time is that of the whole body: a byte now and then
                // buys no more of it.
                ready!(this.timer.poll(cx));
                this.rules.late.increment(1);
                return Poll::Ready(Err(Why::Late));
            };
            match frame {
                Some(Ok(frame)) => {
                    // Trailers mean nothing here.
                    let Ok(piece) = frame.into_data() else { continue };
                    if this.so_far.len() + piece.len() > *this.most {
                        return Poll::Ready(Err(Why::TooLong));
                    }
                    this.so_far.push(piece);
                }
                Some(Err(_)) => return Poll::Ready(Err(Why::Broken)),
                None => {
                    let Some((inner, parts)) = this.then.take() else { return Poll::Ready(Err(Why::Broken)) };
                    let request = Request::from_parts(parts, Body::from(this.so_far.take()));
                    return Poll::Ready(Ok((inner, request)));
                }
            }
        }
    }
}

pin_project! {
    #[project = WholeBodyProjection]
    pub(crate) enum WholeBodyFuture<S, F> {
        Running {
            #[pin]
            inner: F,
        },
        // Boxed: the future of a request without a body stays small.
        Reading {
            reading: Pin<Box<Reading<S>>>,
        },
        Refused {
            why: Why,
        },
    }
}

impl<S> Future for WholeBodyFuture<S, S::Future>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let next = match self.as_mut().project() {
                WholeBodyProjection::Running { inner } => return inner.poll(cx),
                WholeBodyProjection::Refused { why } => return Poll::Ready(Ok(why.problem().into_response())),
                WholeBodyProjection::Reading { reading } => match ready!(reading.as_mut().poll_whole(cx)) {
                    Ok((mut inner, request)) => Self::Running { inner: inner.call(request) },
                    Err(why) => Self::Refused { why },
                },
            };
            self.set(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt, stream};
    use http::StatusCode;
    use http_body_util::BodyExt;
    use tower::{ServiceExt, service_fn};

    use super::*;

    const TIME: Duration = Duration::from_secs(5);

    async fn send(body: Body) -> (StatusCode, Bytes) {
        let echo = service_fn(|request: Request<Body>| async move { Ok(Response::new(request.into_body())) });
        let answer = WholeBodyLayer::new(8, TIME, 0, "test").layer(echo).oneshot(Request::new(body)).await.unwrap();
        (answer.status(), answer.into_body().collect().await.unwrap().to_bytes())
    }

    fn pieces(pieces: &[&'static str]) -> Body {
        let pieces: Vec<_> =
            pieces.iter().map(|piece| Ok::<_, std::io::Error>(Bytes::from_static(piece.as_bytes()))).collect();
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn what_comes_in_pieces_is_handed_on_whole() {
        assert_eq!(send(pieces(&["", "a", "", "bc", "def"])).await, (StatusCode::OK, Bytes::from_static(b"abcdef")));
        assert_eq!(send(pieces(&[])).await, (StatusCode::OK, Bytes::new()));
        assert_eq!(send(Body::from("12345678")).await, (StatusCode::OK, Bytes::from_static(b"12345678")));
    }

    #[tokio::test]
    async fn one_byte_too_many_is_refused_declared_or_not() {
        assert_eq!(send(Body::from("123456789")).await.0, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(send(pieces(&["12345678", "9"])).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test]
    async fn a_path_may_have_a_bound_of_its_own() {
        let layer = WholeBodyLayer::new(8, TIME, 0, "test").with_longer(&[("/hook", 10)]);
        for (path, body, status) in [
            ("/hook", "1234567890", StatusCode::OK),
            ("/hook", "12345678901", StatusCode::PAYLOAD_TOO_LARGE),
            ("/hook/", "123456789", StatusCode::PAYLOAD_TOO_LARGE),
            ("/", "123456789", StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            for body in [Body::from(body), pieces(&[body])] {
                let echo = service_fn(|request: Request<Body>| async move { Ok(Response::new(request.into_body())) });
                let request = Request::builder().uri(path).body(body).unwrap();
                assert_eq!(layer.clone().layer(echo).oneshot(request).await.unwrap().status(), status, "{path}");
            }
        }
    }

    #[tokio::test]
    async fn an_exempt_network_may_have_any_number_on_their_way() {
        // Whoever comes without a caller counts as this address.
        let exempt: IpNet = "0.0.0.0/32".parse().unwrap();
        for (exempt, status) in [(vec![], StatusCode::TOO_MANY_REQUESTS), (vec![exempt], StatusCode::OK)] {
            let layer = WholeBodyLayer::new(8, TIME, 1, "test").with_exempt(&exempt);
            let echo = service_fn(|request: Request<Body>| async move { Ok(Response::new(request.into_body())) });
            let endless = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
            let slow = tokio::spawn(layer.clone().layer(echo).oneshot(Request::new(endless)));
            tokio::task::yield_now().await;
            let answer = layer.layer(echo).oneshot(Request::new(Body::from("1"))).await.unwrap();
            assert_eq!(answer.status(), status);
            slow.abort();
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_told_so() {
        let broken = stream::iter([Ok(Bytes::from_static(b"a")), Err(std::io::Error::other("gone"))]);
        assert_eq!(send(Body::from_stream(broken)).await.0, StatusCode::BAD_REQUEST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_buys_no_time() {
        let started = Instant::now();
        let beat = tokio::time::interval(Duration::from_secs(1));
        let trickle = stream::unfold(beat, |mut beat| async move {
            beat.tick().await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"a")), beat))
        });
        // Longer than the time for it, and shorter than the limit of length.
        assert_eq!(send(Body::from_stream(trickle.take(8))).await.0, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(started.elapsed(), TIME);
    }
}
