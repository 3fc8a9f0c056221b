//! Problems as RFC 9457 wants them, in the citizen's language.
//!
//! A handler or layer returns a [`Problem`]: what went wrong, without words.
//! It travels as an extension of an empty response up to the edge, the one
//! place that knows the language and the request id, and is put into words
//! there.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::IntoResponse;
use gateway_core::desk::{Action, AnswerCode, Answered, Refusal, RefusalKind, RequestId};
use gateway_core::domain::{DossierNumber, Locale, Notice};
use gateway_locale::{Locales, shown};
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode, Uri};
use serde::Serialize;

use crate::Caller;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The header that names an answer to an officer.
pub const ANSWER_CODE_HEADER: HeaderName = HeaderName::from_static("answer-code");

/// What `type` begins with; the stable code follows. A URN, because the
/// gateway has no web address that holds everywhere.
const TYPE_BASE: &str = "urn:dakenh:problem:";

/// One kind of problem that is HTTP's own or a channel's, not the Desk's.
#[derive(Debug, PartialEq, Eq)]
pub struct ProblemType {
    /// The stable code: apps rely on it.
    pub code: &'static str,
    /// The status.
    pub status: StatusCode,
    /// The Fluent key of the detail.
    pub detail: &'static str,
}

macro_rules! problem_types {
    ($($(#[$doc:meta])* $name:ident = $status:ident $code:literal $detail:literal;)*) => {
        $($(#[$doc])* pub const $name: ProblemType =
            ProblemType { code: $code, status: StatusCode::$status, detail: $detail };)*

        /// Every problem that this crate itself gives out.
        pub const PROBLEM_TYPES: &[ProblemType] = &[$($name),*];

        /// Every Fluent key that this crate uses, in `http.ftl` of each locale.
        pub const FLUENT_KEYS: &[&str] = &[
            $($detail,)*
            "http-title-bad-request",
            "http-title-conflict",
            "http-title-forbidden",
            "http-title-gateway-timeout",
            "http-title-gone",
            "http-title-internal",
            "http-title-method",
            "http-title-not-found",
            "http-title-timeout",
            "http-title-too-large",
            "http-title-too-many",
            "http-title-unauthorized",
            "http-title-unavailable",
            "http-title-unprocessable",
            "http-title-unsupported-media",
        ];
    };
}

problem_types! {
    /// Nothing lives at this address.
    UNKNOWN_ROUTE = NOT_FOUND "unknown_route" "http-unknown-route";
    /// The address does not take this method.
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED "method_not_allowed" "http-method-not-allowed";
    /// The body is not JSON.
    MALFORMED_JSON = BAD_REQUEST "malformed_json" "http-malformed-json";
    /// The body is JSON, but a field is missing or of a wrong kind.
    INVALID_FIELDS = UNPROCESSABLE_ENTITY "invalid_fields" "http-invalid-fields";
    /// The query string cannot be read.
    INVALID_QUERY = BAD_REQUEST "invalid_query" "http-invalid-query";
    /// The cursor is not of this list, or the list has changed since.
    INVALID_CURSOR = BAD_REQUEST "invalid_cursor" "http-invalid-cursor";
    /// The body could not be read to its end.
    UNREADABLE_BODY = BAD_REQUEST "unreadable_body" "http-unreadable-body";
    /// The body is longer than the limit.
    BODY_TOO_LARGE = PAYLOAD_TOO_LARGE "body_too_large" "http-body-too-large";
    /// The body is not marked as JSON.
    UNSUPPORTED_MEDIA = UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "http-unsupported-media";
    /// The request took longer than the limit.
    TIMED_OUT = REQUEST_TIMEOUT "request_timeout" "http-timed-out";
    /// The session is not one that this gateway gave out, or it is over.
    UNKNOWN_SESSION = UNAUTHORIZED "unknown_session" "http-unknown-session";
    /// A terminal's request bears no signature.
    SIGNATURE_MISSING = UNAUTHORIZED "signature_missing" "http-signature-missing";
    /// Its signature is not of the agreed form, or covers too little.
    SIGNATURE_MALFORMED = UNAUTHORIZED "signature_malformed" "http-signature-malformed";
    /// It was signed too long ago, or the terminal's clock is wrong.
    SIGNATURE_STALE = UNAUTHORIZED "signature_stale" "http-signature-stale";
    /// It was not signed by this terminal's key, or was changed on its way.
    SIGNATURE_INVALID = UNAUTHORIZED "signature_invalid" "http-signature-invalid";
    /// The very same request came before.
    SIGNATURE_REPLAYED = UNAUTHORIZED "signature_replayed" "http-signature-replayed";
    /// The body is not the one that was signed.
    DIGEST_MISMATCH = UNAUTHORIZED "digest_mismatch" "http-digest-mismatch";
    /// No terminal has this id.
    TERMINAL_UNKNOWN = UNAUTHORIZED "terminal_unknown" "http-terminal-unknown";
    /// The terminal is heard no more.
    TERMINAL_REVOKED = UNAUTHORIZED "terminal_revoked" "http-terminal-revoked";
    /// The code is unknown, used or over.
    ENROLMENT_REFUSED = FORBIDDEN "enrolment_refused" "http-enrolment-refused";
    /// Terminals show no addresses for phones.
    NO_PHONES = CONFLICT "no_phones" "http-no-phones";
    /// No phone shows digits yet.
    NO_PHONE_YET = CONFLICT "no_phone_yet" "http-no-phone-yet";
    /// The digits are not those of the phone.
    MATCHING_CODE_WRONG = CONFLICT "matching_code_wrong" "http-matching-code-wrong";
    /// The code for the phone is over: by time, by wrong digits, or by another one.
    CONTINUATION_OVER = GONE "continuation_over" "http-continuation-over";
    /// More requests at once than the house can hold.
    OVERLOADED = SERVICE_UNAVAILABLE "overloaded" "http-overloaded";
}

/// The status of a refusal: the one place where HTTP learns what the Desk said.
pub const fn refusal_status(kind: &RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::NotANumber => StatusCode::BAD_REQUEST,
        // A road without a phone is no fault of the server's (501 would wake
        // somebody): it is understood, and not done for this asker.
        RefusalKind::NotDisclosed
        | RefusalKind::ProofNeeded
        | RefusalKind::RatingProofNeeded
        | RefusalKind::NotOnThisChannel => StatusCode::FORBIDDEN,
        // Waiting does not help, as a 429 would say: giving one up does.
        // The line's own state, not the asker's haste: a 429 would be counted as such.
        RefusalKind::TooManySubscriptions | RefusalKind::NoTickets(_) => StatusCode::CONFLICT,
        RefusalKind::DossierNotFound
        | RefusalKind::DossierTooNew
        | RefusalKind::ProcedureNotFound
        | RefusalKind::QueueUnknown => StatusCode::NOT_FOUND,
        RefusalKind::NotUnderstood => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::TooMany | RefusalKind::TooManyDossiers => StatusCode::TOO_MANY_REQUESTS,
        RefusalKind::PortalDown | RefusalKind::GaveUp => StatusCode::SERVICE_UNAVAILABLE,
        RefusalKind::TooLate => StatusCode::GATEWAY_TIMEOUT,
        RefusalKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// When to try again where the refusal itself does not say: a 429 and a 503
/// always say it.
const fn usual_retry(kind: &RefusalKind) -> Option<Duration> {
    match kind {
        RefusalKind::TooMany | RefusalKind::TooManyDossiers => Some(Duration::from_secs(1)),
        RefusalKind::PortalDown | RefusalKind::GaveUp => Some(Duration::from_secs(30)),
        _ => None,
    }
}

/// What went wrong, not yet in words.
#[derive(Debug, Clone)]
pub struct Problem {
    cause: Cause,
    retry_after: Option<Duration>,
    answer_code: Option<AnswerCode>,
    choices: Vec<String>,
    /// Boxed: most problems have none, and all travel as an `Err`.
    said: Option<Box<Said>>,
}

/// What the Desk said beside its refusal.
#[derive(Debug, Clone)]
struct Said {
    action: Option<&'static str>,
    number: Option<DossierNumber>,
    notices: Arc<[Arc<Notice>]>,
}

#[derive(Debug, Clone)]
enum Cause {
    Refused(Refusal),
    Of(&'static ProblemType),
}

impl Problem {
    /// A problem of HTTP or of a channel.
    pub const fn of(kind: &'static ProblemType) -> Self {
        Self { cause: Cause::Of(kind), retry_after: None, answer_code: None, choices: Vec::new(), said: None }
    }

    /// What the Desk refused, with all that it said beside: the answer's code,
    /// the announcements, what it understood. A failed disclosure names
    /// neither action nor number: it is the same for every dossier.
    pub fn answered(refusal: &Refusal, answered: &Answered) -> Self {
        let action = answered.action.as_ref().filter(|_| refusal.kind != RefusalKind::NotDisclosed);
        let said = Said {
            action: action.map(Action::key),
            number: action.and_then(Action::number).cloned(),
            notices: Arc::clone(&answered.notices),
        };
        let mut problem = Self::from(refusal.clone()).answer_code(answered.code);
        problem.said = Some(Box::new(said));
        problem
    }

    /// With a time after which to try again.
    #[must_use]
    pub const fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after);
        self
    }

    /// With the code of the Desk's answer.
    #[must_use]
    pub const fn answer_code(mut self, code: AnswerCode) -> Self {
        self.answer_code = Some(code);
        self
    }

    /// With what the citizen may have meant, each fit to be asked again.
    #[must_use]
    pub fn choices(mut self, choices: Vec<String>) -> Self {
        self.choices = choices;
        self
    }

    /// The status.
    pub const fn status(&self) -> StatusCode {
        match &self.cause {
            Cause::Refused(refusal) => refusal_status(&refusal.kind),
            Cause::Of(kind) => kind.status,
        }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match &self.cause {
            Cause::Refused(refusal) => refusal.code(),
            Cause::Of(kind) => kind.code,
        }
    }

    /// Whole seconds after which to try again, rounded up, at least 1: a
    /// client that is told 0 comes back at once.
    pub fn retry_seconds(&self) -> Option<u64> {
        let usual = match &self.cause {
            Cause::Refused(refusal) => refusal.retry_after.or(usual_retry(&refusal.kind)),
            Cause::Of(_) => None,
        };
        let after = self.retry_after.or(usual)?;
        Some((after.as_secs() + u64::from(after.subsec_nanos() > 0)).max(1))
    }

    /// What the status means, in few words.
    pub fn title(&self, locales: &Locales, locale: Locale) -> String {
        locales.text(locale, title_key(self.status()), &[])
    }

    /// What went wrong and what to do, in the citizen's words.
    pub fn detail(&self, locales: &Locales, locale: Locale) -> String {
        match &self.cause {
            Cause::Refused(refusal) => locales.refusal_detail(refusal, locale),
            Cause::Of(kind) => locales.text(locale, kind.detail, &[]),
        }
    }

    /// The answer in words.
    pub(crate) fn worded(&self, locales: &Locales, locale: Locale, request_id: &RequestId) -> Response<Body> {
        let status = self.status();
        let detail = self.detail(locales, locale);
        let said = self.said.as_deref();
        let notices = said.iter().flat_map(|said| said.notices.iter());
        let document = Document {
            kind: &format!("{TYPE_BASE}{}", self.code()),
            title: &self.title(locales, locale),
            status: status.as_u16(),
            detail: &detail,
            code: self.code(),
            request_id: request_id.as_str(),
            answer_code: self.answer_code,
            choices: &self.choices,
            action: said.and_then(|said| said.action),
            number: said.and_then(|said| said.number.as_ref()).map(DossierNumber::as_str),
            notices: notices.map(|notice| Announcement { text: shown(notice.text(locale)) }).collect(),
        };
        let mut response = self.with_body(&document);
        if let Ok(language) = HeaderValue::from_str(locale.as_str()) {
            response.headers_mut().insert(CONTENT_LANGUAGE, language);
        }
        response
    }

    fn with_body<T: Serialize>(&self, document: &T) -> Response<Body> {
        let body = serde_json::to_vec(document).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_seconds() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(code) = self.answer_code.and_then(|code| HeaderValue::from_str(code.as_str()).ok()) {
            headers.insert(ANSWER_CODE_HEADER, code);
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { cause: Cause::Refused(refusal), retry_after: None, answer_code: None, choices: Vec::new(), said: None }
    }
}

/// Whoever shows a problem to people. The stack asks where a browser asked for
/// a page and something went wrong before or behind every page of the house:
/// an unknown address, a flood, a body that is too long.
pub trait ProblemPages: Send + Sync {
    /// The problem as a page for this caller at this address; its status is the
    /// problem's.
    fn page(&self, problem: &Problem, caller: &Caller, asked: &Uri) -> Response<Body>;
}

/// The wire form. Members after `detail` are extensions (RFC 9457 §3.2).
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_code: Option<AnswerCode>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    choices: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<Announcement<'a>>,
}

/// An announcement, in the form that it has in answers too.
#[derive(Serialize)]
struct Announcement<'a> {
    text: Cow<'a, str>,
}

/// Without words, for a router that is served without an edge: code and
/// status. The edge takes the problem out and gives it words.
#[derive(Serialize)]
struct Bare {
    status: u16,
    code: &'static str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = self.with_body(&Bare { status: self.status().as_u16(), code: self.code() });
        response.extensions_mut().insert(self);
        response
    }
}

/// The title says what the status means, in few words (RFC 9457 §3.1.4).
const fn title_key(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "http-title-bad-request",
        StatusCode::UNAUTHORIZED => "http-title-unauthorized",
        StatusCode::FORBIDDEN => "http-title-forbidden",
        StatusCode::NOT_FOUND => "http-title-not-found",
        StatusCode::METHOD_NOT_ALLOWED => "http-title-method",
        StatusCode::REQUEST_TIMEOUT => "http-title-timeout",
        StatusCode::CONFLICT => "http-title-conflict",
        StatusCode::GONE => "http-title-gone",
        StatusCode::PAYLOAD_TOO_LARGE => "http-title-too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "http-title-unsupported-media",
        StatusCode::UNPROCESSABLE_ENTITY => "http-title-unprocessable",
        StatusCode::TOO_MANY_REQUESTS => "http-title-too-many",
        StatusCode::SERVICE_UNAVAILABLE => "http-title-unavailable",
        StatusCode::GATEWAY_TIMEOUT => "http-title-gateway-timeout",
        _ => "http-title-internal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_told_to_come_back_is_never_told_at_once() {
        let after = |span| Problem::of(&OVERLOADED).retry_after(span).retry_seconds();
        assert_eq!(after(Duration::ZERO), Some(1));
        assert_eq!(after(Duration::from_millis(300)), Some(1));
        assert_eq!(after(Duration::from_millis(1_001)), Some(2));
        assert_eq!(after(Duration::from_secs(60)), Some(60));
    }

    #[test]
    fn a_429_and_a_503_always_say_when() {
        for kind in RefusalKind::ALL {
            let (status, code) = (refusal_status(&kind), kind.code());
            let says = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(Problem::from(Refusal::of(kind)).retry_seconds().is_some(), says, "{code}");
        }
    }

    #[test]
    fn every_title_is_among_the_keys() {
        let all = PROBLEM_TYPES.iter().map(|kind| kind.status).chain([
            StatusCode::CONFLICT,
            StatusCode::FORBIDDEN,
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::GATEWAY_TIMEOUT,
            StatusCode::INTERNAL_SERVER_ERROR,
        ]);
        for status in all.chain(RefusalKind::ALL.iter().map(refusal_status)) {
            assert!(FLUENT_KEYS.contains(&title_key(status)), "{status}");
        }
    }

    #[test]
    fn the_locale_room_knows_every_key_of_ours() {
        let mut theirs: Vec<&str> = gateway_locale::keys::http::ALL.iter().map(|key| key.id).collect();
        let mut ours = FLUENT_KEYS.to_vec();
        theirs.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours, theirs);
    }
}
