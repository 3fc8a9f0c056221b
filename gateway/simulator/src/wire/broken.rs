//! Responses that break their connection. A body that fails makes the HTTP/1
//! server drop the connection: before its first byte nothing at all has been
//! sent, after it the answer is cut.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use futures::StreamExt as _;
use futures::stream;

/// The connection is closed without a word.
pub(super) fn closed() -> Response {
    Response::new(Body::from_stream(stream::once(async { Err::<Bytes, io::Error>(broken_off()) })))
}

/// The first half of an answer, whose length promises the whole.
pub(super) fn cut(answer: Vec<u8>) -> Response {
    let promised = answer.len();
    let mut half = Bytes::from(answer);
    half.truncate(promised / 2);
    let first = stream::once(async move { Ok(half) });
    let then = stream::once(async {
        // The server writes out what it has while the body keeps it waiting.
        tokio::task::yield_now().await;
        Err(broken_off())
    });
    let mut response = Response::new(Body::from_stream(first.chain(then)));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(promised));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn broken_off() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "a fault of the simulator")
}
