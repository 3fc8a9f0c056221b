//! One request to Zalo, and what its fate says of it. The errors of the client
//! are never logged: they may name what was sent.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::{HeaderMap, RETRY_AFTER};
use reqwest::RequestBuilder;
use serde::Deserialize;

/// The largest answer that is read.
const LARGEST_ANSWER: usize = 64 * 1024;

/// The longest pause that may be asked for.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// No connection was made, so that not a byte was sent.
    NotReached,
    /// It could not even be written.
    Unsendable,
    /// It may have been heard.
    Unknown,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    /// `None` where it broke off or is too large.
    body: Option<Bytes>,
}

/// Sends a request and reads the answer, within the time given.
pub(super) async fn exchange(request: RequestBuilder, time: Duration) -> Result<Reply, Lost> {
    let mut response = request.timeout(time).send().await.map_err(|error| {
        if error.is_connect() {
            Lost::NotReached
        } else if error.is_builder() {
            Lost::Unsendable
        } else {
            Lost::Unknown
        }
    })?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let mut body = BytesMut::new();
    let body = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_ANSWER => break None,
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break Some(body.freeze()),
            Err(_) => break None,
        }
    };
    Ok(Reply { status, headers, body })
}

impl Reply {
    /// The body as JSON of a shape.
    pub(super) fn json<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_slice(self.body.as_ref()?).ok()
    }

    /// A pause that is asked for, in whole seconds.
    pub(super) fn pause(&self) -> Option<Duration> {
        let seconds = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds).clamp(Duration::from_secs(1), LONGEST_PAUSE))
    }

    #[cfg(test)]
    pub(super) fn of(status: u16, body: &str, after: Option<&'static str>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        let mut headers = HeaderMap::new();
        headers.extend(after.map(|after| (RETRY_AFTER, http::HeaderValue::from_static(after))));
        Self { status, headers, body: Some(Bytes::copy_from_slice(body.as_bytes())) }
    }
}
