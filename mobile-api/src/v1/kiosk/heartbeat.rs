//! `POST /api/v1/kiosk/heartbeat`

use axum::body::Body;
use axum::extract::State;
use gateway_core::domain::{Heartbeat, Printer};
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::{Response, StatusCode};
use mobile_api_types::{HeartbeatAnswer, HeartbeatRequest, PrinterState, ProblemAnswer};

use super::settings;
use crate::answer;
use crate::api::SharedApi;
use crate::kiosk::{SignatureHeaders, Signed, away};

/// How the terminal is
///
/// Signed, once a minute or so. Nothing in it is about any citizen. A terminal
/// that falls silent raises an alarm for operators.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/heartbeat",
    tag = "kiosk",
    params(
        SignatureHeaders,
    ),
    request_body = HeartbeatRequest,
    responses(
        (status = 200, description = "It was heard", body = HeartbeatAnswer,
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
pub(crate) async fn kiosk_heartbeat(
    State(api): State<SharedApi>,
    caller: Caller,
    Signed(device, JsonBody(input)): Signed<JsonBody<HeartbeatRequest>>,
) -> Result<Response<Body>, Problem> {
    let (kiosk, now) = (&api.needs.kiosk, api.needs.clock.now());
    let heartbeat = Heartbeat {
        at: now,
        version: Heartbeat::version(&input.version).ok_or_else(|| Problem::of(&problem::INVALID_FIELDS))?,
        printer: printer(input.printer.state),
        latency_ms: input.network.latency_ms,
        catalogue_at: input.catalogue_at,
        last_use: input.last_use,
        screens_failed: input.screens_failed,
    };
    if !kiosk.devices.heard(&device.id, &heartbeat).await.map_err(|problem| away(&problem))? {
        return Err(Problem::of(&problem::TERMINAL_UNKNOWN));
    }
    let local = kiosk.ranges_of(&device, now).await?.now;
    let version = settings::version(kiosk, &device, local, now);
    let settings_changed = input.settings_version.as_ref() != Some(&version);
    answer::told(StatusCode::OK, &HeartbeatAnswer { settings_changed, at: now }, caller.locale)
}

const fn printer(state: PrinterState) -> Printer {
    match state {
        PrinterState::Ready => Printer::Ready,
        PrinterState::PaperOut => Printer::PaperOut,
        PrinterState::CoverOpen => Printer::CoverOpen,
        PrinterState::Offline => Printer::Offline,
        PrinterState::None => Printer::None,
        PrinterState::Unknown => Printer::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_and_the_house_have_the_same_words() {
        for state in PrinterState::ALL {
            assert_eq!(printer(state).key(), state.key());
        }
    }
}
