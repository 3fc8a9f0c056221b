//! `POST /api/v1/kiosk/calls`, `GET /api/v1/kiosk/calls/{id}`

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use gateway_core::domain::{self, CallId, CallStage};
use gateway_core::ports::NewCall;
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::{Response, StatusCode};
use jiff::Timestamp;
use mobile_api_types::{CallAnswer, CallReason, CallRequest, CallState, CallView, ProblemAnswer};

use super::settings::hours;
use crate::answer;
use crate::api::{PathText, SharedApi};
use crate::kiosk::{KioskNeeds, NoBody, SignatureHeaders, Signed, away};

/// Who calls as the doors close still has so long.
const AT_CLOSING: Duration = Duration::from_secs(5 * 60);

/// Characters of a counter's name.
const LONGEST_COUNTER: usize = 40;

/// Somebody at the terminal wants an officer
///
/// Signed. A terminal has one open call: a second is the first, with its latest
/// reason. It is on disk when it is answered.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/calls",
    tag = "kiosk",
    params(
        SignatureHeaders,
    ),
    request_body = CallRequest,
    responses(
        (status = 202, description = "The desk is told", body = CallAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 400, description = "`malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn call_officer(
    State(api): State<SharedApi>,
    caller: Caller,
    Signed(device, JsonBody(input)): Signed<JsonBody<CallRequest>>,
) -> Result<Response<Body>, Problem> {
    let at = api.needs.clock.now();
    let counter = input.counter_hint.as_deref().map(str::trim).filter(|counter| !counter.is_empty());
    let fits = |text: &str| text.chars().count() <= LONGEST_COUNTER && !text.chars().any(char::is_control);
    if !counter.is_none_or(fits) {
        return Err(Problem::of(&problem::INVALID_FIELDS));
    }
    let until = until(&api.needs.kiosk, &device.site, at);
    let call = NewCall { device: device.id, reason: reason(input.reason), counter: counter.map(Into::into), at, until };
    let called = api.needs.kiosk.calls.call_officer(call).await.map_err(|problem| away(&problem))?;
    metrics::counter!("kiosk_calls_total", "reason" => reason(input.reason).key()).increment(1);
    let body = CallAnswer { call: called.id.0.to_string().into(), position: called.position };
    answer::told(StatusCode::ACCEPTED, &body, caller.locale)
}

/// How far the terminal's own call has come
#[utoipa::path(
    get,
    path = "/api/v1/kiosk/calls/{id}",
    tag = "kiosk",
    params(
        ("id" = String, Path, description = "`call` of the answer to the call"),
        SignatureHeaders,
    ),
    responses(
        (status = 200, description = "Where it is; `missed` where nobody came in time", body = CallView,
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "`unknown_route`: no call of this terminal", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn show_call(
    State(api): State<SharedApi>,
    caller: Caller,
    PathText(id): PathText,
    Signed(device, NoBody): Signed<NoBody>,
) -> Result<Response<Body>, Problem> {
    let nothing = || Problem::of(&problem::UNKNOWN_ROUTE);
    let id = CallId(id.parse().map_err(|_| nothing())?);
    let found = api.needs.kiosk.calls.call_of(&device.id, id, api.needs.clock.now()).await;
    let call = found.map_err(|problem| away(&problem))?.ok_or_else(nothing)?;
    let state = match call.stage {
        CallStage::Waiting => CallState::Waiting,
        CallStage::Coming => CallState::Coming,
        CallStage::Done => CallState::Done,
        CallStage::Missed => CallState::Missed,
    };
    answer::told(StatusCode::OK, &CallView { state }, caller.locale)
}

/// Who was not answered until then is told that nobody came, and may call again.
fn until(kiosk: &KioskNeeds, site: &str, at: Timestamp) -> Timestamp {
    let after = |time: Duration| at.checked_add(time).unwrap_or(at);
    let open = after(Duration::from_secs(u64::from(kiosk.config.call_open_minutes) * 60));
    match hours(kiosk, kiosk.config.site(site)).day_ends(at) {
        Some(closing) => open.min(closing.max(after(AT_CLOSING))),
        None => open,
    }
}

const fn reason(reason: CallReason) -> domain::CallReason {
    match reason {
        CallReason::Help => domain::CallReason::Help,
        CallReason::Trouble => domain::CallReason::Trouble,
        CallReason::Accessibility => domain::CallReason::Accessibility,
    }
}
