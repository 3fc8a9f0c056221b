//! How an answer becomes a response: validator, caching, answer code.

use axum::body::Body;
use gateway_core::desk::{AnswerCode, Answered, Refusal, RefusalKind};
use gateway_core::domain::{Locale, Notice};
use gateway_http::problem::ANSWER_CODE_HEADER;
use gateway_http::{Problem, Validator, matches_validator, not_modified};
use gateway_locale::shown;
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, VARY};
use http::{Response, StatusCode};
use mobile_api_types::NoticeView;
use serde::Serialize;

/// Who may keep an answer, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// A dossier's public view: the client's own cache, asked again each time.
    Revalidate,
    /// Procedures and agencies: anybody, for five minutes.
    Shared,
    /// Private views and free text: nobody. No validator either, for it would
    /// tell whether the content changed.
    Never,
}

impl Keep {
    const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Revalidate => "private, no-cache",
            Self::Shared => "public, max-age=300",
            Self::Never => "private, no-store",
        })
    }
}

/// The answer as a response. `body` has an empty `answer_code`: the code is new
/// with each answer and so is left out of the validator, and is put in at the
/// end.
pub(crate) fn respond<T: Serialize>(
    body: &T,
    code: AnswerCode,
    locale: Locale,
    keep: Keep,
    if_none_match: Option<&HeaderValue>,
) -> Result<Response<Body>, Problem> {
    let mut json = Vec::with_capacity(1_024);
    if serde_json::to_writer(&mut json, body).is_err() {
        return Err(Problem::from(Refusal::of(RefusalKind::Internal)).answer_code(code));
    }
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(CACHE_CONTROL, keep.header());
    headers.insert(VARY, HeaderValue::from_static("accept-language, accept-encoding"));
    headers.insert(CONTENT_LANGUAGE, language(locale));
    if let Ok(value) = HeaderValue::from_str(code.as_str()) {
        headers.insert(ANSWER_CODE_HEADER, value);
    }
    if keep != Keep::Never {
        let validator = Validator::of(&json, locale);
        headers.insert(ETAG, validator.header());
        if matches_validator(if_none_match, &validator) {
            return Ok(not_modified(headers));
        }
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    put_answer_code(&mut json, code);
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = StatusCode::OK;
    *response.headers_mut() = headers;
    Ok(response)
}

/// An answer that is nobody's words and has no code: what a terminal hears for
/// itself. It may be kept for the one who asked, with a validator.
pub(crate) fn kept<T: Serialize>(
    body: &T,
    locale: Locale,
    keep: Keep,
    if_none_match: Option<&HeaderValue>,
) -> Result<Response<Body>, Problem> {
    let json = serde_json::to_vec(body).map_err(|_| Refusal::of(RefusalKind::Internal))?;
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(CACHE_CONTROL, keep.header());
    headers.insert(VARY, HeaderValue::from_static("accept-language, accept-encoding"));
    headers.insert(CONTENT_LANGUAGE, language(locale));
    if keep != Keep::Never {
        let validator = Validator::of(&json, locale);
        headers.insert(ETAG, validator.header());
        if matches_validator(if_none_match, &validator) {
            return Ok(not_modified(headers));
        }
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut response = Response::new(Body::from(json));
    *response.headers_mut() = headers;
    Ok(response)
}

/// The same that nobody may keep.
pub(crate) fn told<T: Serialize>(status: StatusCode, body: &T, locale: Locale) -> Result<Response<Body>, Problem> {
    let mut response = kept(body, locale, Keep::Never, None)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `{…}` becomes `{…,"answer_code":"7K3F"}`. Every answer has other members.
fn put_answer_code(json: &mut Vec<u8>, code: AnswerCode) {
    if json.pop() == Some(b'}') {
        json.extend_from_slice(b",\"answer_code\":\"");
        json.extend_from_slice(code.as_str().as_bytes());
        json.extend_from_slice(b"\"}");
    }
}

pub(crate) fn language(locale: Locale) -> HeaderValue {
    match locale {
        Locale::VI => HeaderValue::from_static("vi"),
        Locale::EN => HeaderValue::from_static("en"),
        other => HeaderValue::from_str(other.as_str()).unwrap_or_else(|_| HeaderValue::from_static("vi")),
    }
}

/// The announcements, in the citizen's language.
pub(crate) fn notices(answered: &Answered, locale: Locale) -> Vec<NoticeView<'_>> {
    answered
        .notices
        .iter()
        .map(|notice: &std::sync::Arc<Notice>| NoticeView { text: shown(notice.text(locale)) })
        .collect()
}

/// No such centre, service or number.
pub(crate) fn unknown_queue() -> Problem {
    Refusal::of(RefusalKind::QueueUnknown).into()
}

/// A reply that has no place in this resource: a mistake of ours.
pub(crate) fn out_of_place(answered: &Answered) -> Problem {
    Problem::answered(&Refusal::of(RefusalKind::Internal), answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_code_stands_at_the_end() {
        let mut json = br#"{"a":1}"#.to_vec();
        put_answer_code(&mut json, AnswerCode::parse("7K3F").unwrap());
        assert_eq!(json, br#"{"a":1,"answer_code":"7K3F"}"#);
    }
}
