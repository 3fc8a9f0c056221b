//! `POST /api/v1/devices/enrol`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Refusal, RefusalKind};
use gateway_core::domain::{DeviceId, EnrolmentCode, Heartbeat, Sender};
use gateway_core::ports::{LimitKeys, LimitedAction, NewDevice, NewOfficerAct, acts};
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::{Response, StatusCode};
use mobile_api_types::signature::PublicKey;
use mobile_api_types::{EnrolAnswer, EnrolRequest, ProblemAnswer};

use crate::answer;
use crate::api::SharedApi;
use crate::kiosk::away;

/// A terminal shows its one-time code
///
/// The only request of a terminal that is not signed. The code is good once,
/// until its end; the same code with the same key again gives the same answer, for
/// a terminal whose first answer was lost. Codes that are not right are limited by
/// the address.
#[utoipa::path(
    post,
    path = "/api/v1/devices/enrol",
    tag = "kiosk",
    request_body = EnrolRequest,
    responses(
        (status = 201, description = "The terminal is enrolled", body = EnrolAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 400, description = "`malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 403, description = "`enrolment_refused`: unknown, used by another, or over", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn enrol_device(
    State(api): State<SharedApi>,
    caller: Caller,
    JsonBody(input): JsonBody<EnrolRequest>,
) -> Result<Response<Body>, Problem> {
    let (kiosk, now) = (&api.needs.kiosk, api.needs.clock.now());
    let sender = Sender::Address(caller.net);
    let keys = LimitKeys { sender: &sender, device: None, address: Some(caller.net) };
    if let Err(many) = kiosk.limiter.admit(keys, LimitedAction::SignIn, now) {
        return Err(Problem::from(Refusal::of(RefusalKind::TooMany)).retry_after(many.retry_after));
    }
    let invalid = || Problem::of(&problem::INVALID_FIELDS);
    let key = PublicKey::parse(&input.public_key).map_err(|_| invalid())?;
    let version = Heartbeat::version(&input.version).ok_or_else(invalid)?;
    let refused = || Problem::of(&problem::ENROLMENT_REFUSED);
    let code = EnrolmentCode::parse(&input.code).ok_or_else(refused)?.hash(&kiosk.hash_key);
    let id = DeviceId::of_terminal(api.needs.randomness.as_ref());
    let new = NewDevice { id, public_key: *key.as_bytes(), version, at: now };
    let new_id = new.id.clone();
    let device = kiosk.devices.enrol(code, new).await.map_err(|problem| away(&problem))?.ok_or_else(refused)?;
    // A right code is no guess: a hall of fifty is set up behind one address. The
    // same one again counts, or its owner could fill the record of acts with it.
    if device.id == new_id {
        kiosk.limiter.forgive(keys, LimitedAction::SignIn);
    }
    let act = NewOfficerAct {
        at: now,
        act: acts::TERMINAL_ENROLLED,
        officer: None,
        account: None,
        target: Some(kiosk.hash_key.hash("terminal", device.id.as_str())),
        address: Some(sender.hash(&kiosk.hash_key)),
        key_id: kiosk.hash_key.id().into(),
    };
    // Without the record no answer: the terminal asks again with the same code.
    kiosk.acts.record_act(act).await.map_err(|problem| away(&problem))?;
    tracing::info!(device = device.id.as_str(), site = device.site.as_str(), "a terminal was enrolled");
    let body = EnrolAnswer {
        device: device.id.as_str().into(),
        site: device.site.as_str().into(),
        site_name: kiosk.site_name(&device.site, caller.locale).into(),
        name: device.name.as_str().into(),
        gateway_key: kiosk.signing.public().to_string().into(),
        at: now,
    };
    answer::told(StatusCode::CREATED, &body, caller.locale)
}
