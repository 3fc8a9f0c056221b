//! One connection, from its first byte to its last.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::watch::{Order, Phase, Watch, Watched};
use crate::HttpService;
use crate::host::{InvalidHost, host_is_good};

/// Serves one connection until either side ends it or the watch says so.
pub(super) async fn run_connection<S, I>(io: I, peer: SocketAddr, service: S, max_header_bytes: usize, watched: Watched)
where
    S: HttpService,
    I: AsyncRead + AsyncWrite + Unpin,
{
    let watch = &watched.watch;
    let io = TokioIo::new(WatchedIo { io, watch: Arc::clone(watch) });
    let service = ConnectionService { service: RefCell::new(service), peer, watch: Arc::clone(watch) };
    let connection = http1::Builder::new()
        // Ours, see the module's page; and without hyper's no timer is needed.
        .header_read_timeout(None)
        .max_header_size(max_header_bytes)
        // At least 8 KiB, says hyper; the headers must fit.
        .max_buf_size(max_header_bytes.max(8 * 1_024))
        .serve_connection(io, service);
    let mut connection = pin!(connection);
    let mut finishing = false;
    let ended = poll_fn(|cx| {
        match watch.order(cx.waker()) {
            Order::None => {}
            Order::Finish if finishing => {}
            Order::Finish => {
                finishing = true;
                connection.as_mut().graceful_shutdown();
            }
            Order::Cut => return Poll::Ready(Ok(())),
        }
        connection.as_mut().poll(cx)
    })
    .await;
    if let Err(problem) = ended {
        // A client that hangs up, or talks no HTTP: nobody's fault here.
        tracing::debug!(%problem, "connection ended early");
    }
}

/// hyper's view of the stack: it adds the peer and tells the watch.
struct ConnectionService<S> {
    /// hyper calls with `&self`, one request after the other. Cloning the
    /// stack for each would count every shared part of it up and down.
    service: RefCell<S>,
    peer: SocketAddr,
    watch: Arc<Watch>,
}

impl<S: HttpService> hyper::service::Service<Request<Incoming>> for ConnectionService<S> {
    type Response = Response<WatchedBody>;
    type Error = Infallible;
    type Future = AnswerFuture<S::Future>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.watch.enter(Phase::Busy);
        // Most requests have no body, and need no box for it.
        let mut request = request.map(|body| {
            if body.is_end_stream() {
                Body::empty()
            } else {
                Body::new(ArrivingBody { body, watch: Arc::clone(&self.watch) })
            }
        });
        if !host_is_good(&request) {
            request.extensions_mut().insert(InvalidHost);
        }
        request.extensions_mut().insert(ConnectInfo(self.peer));
        // The stack's services are always ready: they refuse in `call`.
        AnswerFuture { inner: self.service.borrow_mut().call(request), watch: Arc::clone(&self.watch) }
    }
}

pin_project! {
    struct AnswerFuture<F> {
        #[pin]
        inner: F,
        watch: Arc<Watch>,
    }
}

impl<F> Future for AnswerFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = Result<Response<WatchedBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(response) = std::task::ready!(this.inner.poll(cx));
        Poll::Ready(Ok(response.map(|body| WatchedBody { body, watch: Arc::clone(this.watch) })))
    }
}

/// A request's body; it tells the watch where the body ends, so that what
/// comes behind it counts as the next request.
struct ArrivingBody {
    body: Incoming,
    watch: Arc<Watch>,
}

impl HttpBody for ArrivingBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        // Of a chunked body only the end itself tells it.
        if matches!(polled, Poll::Ready(None)) || (polled.is_ready() && self.body.is_end_stream()) {
            self.watch.body_arrived();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The answer's body; hyper drops it when it has passed on the last of it,
/// and the connection is idle again.
struct WatchedBody {
    body: Body,
    watch: Arc<Watch>,
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.watch.answered();
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The line itself: bytes that come in, and bytes that nobody takes.
struct WatchedIo<I> {
    io: I,
    watch: Arc<Watch>,
}

impl<I> WatchedIo<I> {
    fn wrote<T>(&self, polled: Poll<T>) -> Poll<T> {
        self.watch.stalled(polled.is_pending());
        polled
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for WatchedIo<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.io).poll_read(cx, buffer);
        if let Some(bytes @ [_, ..]) = buffer.filled().get(before..) {
            self.watch.received(bytes);
        }
        polled
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for WatchedIo<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.wrote(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.wrote(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
