//! One HTTP request to a provider, and what its fate says of the message. The
//! errors of the client are never logged: they name the address, and with GET
//! the number and the words stand in it.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use compact_str::CompactString;
use http::header::{HeaderMap, RETRY_AFTER};
use http::{HeaderName, StatusCode};
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::Value;

use super::http_road::Verdict;

/// The largest answer that is read.
const LARGEST_ANSWER: usize = 64 * 1024;

/// The longest pause that a provider may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

/// The longest code or id that is kept of an answer, in bytes.
const LONGEST_WORD: usize = 128;

/// A provider's answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// `None` where it broke off or is too large.
    pub(super) body: Option<Bytes>,
}

/// Sends a request and reads the answer, within the time given.
///
/// # Errors
/// The verdict where there is no answer: [`Verdict::NotReached`] only where no
/// connection was made, so that not a byte was sent.
pub(super) async fn exchange(request: RequestBuilder, time: Duration) -> Result<Reply, Verdict> {
    let mut response = request.timeout(time).send().await.map_err(|error| {
        if error.is_connect() {
            Verdict::NotReached("not_connected")
        } else if error.is_builder() {
            Verdict::Refused("unsendable".into())
        } else {
            Verdict::Uncertain
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

    /// What a status says where the body says nothing better; `None` for a 2xx.
    pub(super) fn verdict_of_status(&self) -> Option<Verdict> {
        let status = self.status;
        if status.is_success() {
            return None;
        }
        Some(match status {
            StatusCode::TOO_MANY_REQUESTS => Verdict::Throttled(self.pause(&RETRY_AFTER)),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                Verdict::LoginRefused
            }
            StatusCode::PAYMENT_REQUIRED => Verdict::Empty,
            // A wrong address refuses every message alike: it is the
            // operator's error and not the message's.
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
                Verdict::NotReached("wrong_address")
            }
            status if status.is_redirection() => Verdict::NotReached("redirected"),
            StatusCode::REQUEST_TIMEOUT => Verdict::Uncertain,
            status if status.is_client_error() => Verdict::Refused(http_code(status)),
            _ => Verdict::Uncertain,
        })
    }

    /// A header that asks for a pause in whole seconds.
    pub(super) fn pause(&self, header: &HeaderName) -> Option<Duration> {
        let seconds = self.headers.get(header)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds).clamp(Duration::from_secs(1), LONGEST_PAUSE))
    }
}

pub(super) fn http_code(status: StatusCode) -> CompactString {
    compact_str::format_compact!("HTTP {}", status.as_u16())
}

/// A code or an id of an answer: a number counts as its digits, anything else
/// than a short plain word as nothing.
pub(super) fn word(value: &Value) -> Option<CompactString> {
    let word: CompactString = match value {
        Value::String(text) => text.trim().into(),
        Value::Number(number) => compact_str::format_compact!("{number}"),
        Value::Bool(truth) => compact_str::format_compact!("{truth}"),
        _ => return None,
    };
    let fits = (1..=LONGEST_WORD).contains(&word.len()) && !word.chars().any(char::is_control);
    fits.then_some(word)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(status: u16, headers: &[(&'static str, &'static str)]) -> Option<Verdict> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Reply { status: StatusCode::from_u16(status).unwrap(), headers, body: None }.verdict_of_status()
    }

    #[test]
    fn a_status_says_whether_the_message_was_taken() {
        let throttled = |seconds: Option<u64>| Verdict::Throttled(seconds.map(Duration::from_secs));
        assert_eq!(of(200, &[]), None);
        assert_eq!(of(201, &[]), None);
        assert_eq!(of(307, &[]), Some(Verdict::NotReached("redirected")));
        assert_eq!(of(400, &[]), Some(Verdict::Refused("HTTP 400".into())));
        assert_eq!(of(401, &[]), Some(Verdict::LoginRefused));
        assert_eq!(of(402, &[]), Some(Verdict::Empty));
        assert_eq!(of(404, &[]), Some(Verdict::NotReached("wrong_address")));
        assert_eq!(of(408, &[]), Some(Verdict::Uncertain));
        assert_eq!(of(429, &[]), Some(throttled(None)));
        assert_eq!(of(429, &[("retry-after", "7")]), Some(throttled(Some(7))));
        assert_eq!(of(429, &[("retry-after", "0")]), Some(throttled(Some(1))));
        assert_eq!(of(429, &[("retry-after", "99999999")]), Some(throttled(Some(3_600))));
        assert_eq!(of(429, &[("retry-after", "Thu, 26 Nov 2026 00:00:00 GMT")]), Some(throttled(None)));
        for status in [500, 502, 503, 504] {
            assert_eq!(of(status, &[]), Some(Verdict::Uncertain), "{status}");
        }
    }

    #[test]
    fn a_word_of_an_answer_is_short_and_plain() {
        assert_eq!(word(&json!(" 00 ")).as_deref(), Some("00"));
        assert_eq!(word(&json!(123_456)).as_deref(), Some("123456"));
        for none in [json!(null), json!(""), json!([1]), json!("a\nb"), json!("x".repeat(200))] {
            assert_eq!(word(&none), None);
        }
    }
}
