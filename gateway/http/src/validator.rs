//! Weak validators (RFC 9110 §8.8.3): has the answer changed since?

use std::hash::{BuildHasher, Hasher};

use axum::body::Body;
use foldhash::quality::FixedState;
use gateway_core::domain::Locale;
use http::header::{ETAG, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

/// `W/"` and sixteen digits and `"`. Weak, because the answer code differs
/// with each answer and gzip changes the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validator([u8; 20]);

impl Validator {
    /// Of the content and its language. The same on every node of one build:
    /// behind a load balancer any of them may be asked next. It guards
    /// nothing, so a fast hash does.
    pub fn of(content: &[u8], locale: Locale) -> Self {
        let mut hasher = FixedState::with_seed(0xDA_CE_17).build_hasher();
        hasher.write(content);
        hasher.write(locale.as_str().as_bytes());
        let bits = hasher.finish();
        let mut text = *b"W/\"0000000000000000\"";
        for (index, digit) in text.iter_mut().skip(3).take(16).enumerate() {
            let nibble = u8::try_from((bits >> (60 - 4 * index)) & 0xF).unwrap_or_default();
            *digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
        }
        Self(text)
    }

    /// As it stands in the header.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The header's value.
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_bytes(&self.0).unwrap_or_else(|_| HeaderValue::from_static("W/\"\""))
    }
}

/// Whether an `If-None-Match` names this validator, by weak comparison.
pub fn matches_validator(if_none_match: Option<&HeaderValue>, validator: &Validator) -> bool {
    let ours = validator.as_str().trim_start_matches("W/");
    let named = |theirs: &str| theirs == "*" || theirs.strip_prefix("W/").unwrap_or(theirs) == ours;
    if_none_match.and_then(|value| value.to_str().ok()).is_some_and(|list| list.split(',').map(str::trim).any(named))
}

/// 304 with the headers that a 200 would have had, but for those of the body.
pub fn not_modified(headers: HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = headers;
    response.headers_mut().remove(http::header::CONTENT_TYPE);
    debug_assert!(response.headers().contains_key(ETAG), "a 304 names its validator");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_answer_has_the_same_validator_on_every_node() {
        let one = Validator::of(b"{\"a\":1}", Locale::VI);
        assert_eq!(one, Validator::of(b"{\"a\":1}", Locale::VI));
        assert_ne!(one, Validator::of(b"{\"a\":1}", Locale::EN));
        assert_ne!(one, Validator::of(b"{\"a\":2}", Locale::VI));
        assert_eq!(one.as_str().len(), 20);
    }

    #[test]
    fn compares_weakly_and_in_lists() {
        let one = Validator::of(b"x", Locale::VI);
        let strong = one.as_str().trim_start_matches("W/").to_owned();
        for line in [one.as_str().to_owned(), strong.clone(), format!("\"other\", {strong}"), "*".into()] {
            assert!(matches_validator(Some(&line.parse().unwrap()), &one), "{line}");
        }
        assert!(!matches_validator(Some(&HeaderValue::from_static("\"other\"")), &one));
        assert!(!matches_validator(None, &one));
    }
}
