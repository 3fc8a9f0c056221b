//! `POST /api/v1/queue/tickets`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Reply, TicketReply, TicketWish};
use gateway_core::domain::Locale;
use gateway_core::domain::queue::{Priority, ServiceKey, SiteCode, TicketKey};
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::{Response, StatusCode};
use mobile_api_types::{ProblemAnswer, TicketAnswer, TicketRequest};

use crate::answer::{self, Keep, respond};
use crate::api::SharedApi;
use crate::kiosk::{SignatureHeaders, Signed, SignedDevice};

/// A number for the queue
///
/// Signed: only an enrolled terminal gives numbers, at its own centre. The number is
/// on disk when it is answered. The same `key` on the same day is the same
/// number, so a terminal that did not hear the answer asks again.
#[utoipa::path(
    post,
    path = "/api/v1/queue/tickets",
    tag = "queue",
    params(
        SignatureHeaders,
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
    ),
    request_body = TicketRequest,
    responses(
        (status = 201, description = "The number", body = TicketAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"), ("Answer-Code" = String))),
        (status = 400, description = "`malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "`queue_unknown`: no such service at this centre", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "No number is given now: `queue_closed`, `queue_lunch`, `queue_cut_off`, `queue_full`, `queue_paused`; `Retry-After` where it is known when one is again", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 504, description = "`too_late`: ask again with the same key", body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn take_ticket(
    State(api): State<SharedApi>,
    caller: Caller,
    Signed(terminal, JsonBody(input)): Signed<JsonBody<TicketRequest>>,
) -> Result<Response<Body>, Problem> {
    let locale = caller.locale;
    let wish = wish(&terminal, &input).ok_or_else(|| Problem::of(&problem::INVALID_FIELDS))?;
    let answered = api.act_at(&terminal, caller, Action::TakeTicket { wish: Some(Box::new(wish)) }).await;
    let reply = match &answered.outcome {
        Ok(Reply::Ticket(reply)) => reply,
        // No centre has a queue.
        Ok(Reply::NotYet(_)) => return Err(answer::unknown_queue()),
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    let mut response = respond(&view(reply, locale), answered.code, locale, Keep::Never, None)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

fn wish(terminal: &SignedDevice, input: &TicketRequest) -> Option<TicketWish> {
    Some(TicketWish {
        site: SiteCode::parse(&terminal.site)?,
        service: ServiceKey::parse(&input.service)?,
        priority: Priority::from_key(&input.priority)?,
        key: TicketKey::parse(&input.key)?,
    })
}

fn view(reply: &TicketReply, locale: Locale) -> TicketAnswer<'_> {
    let ticket = &reply.ticket;
    TicketAnswer {
        ticket: ticket.number.to_string().into(),
        id: ticket.id.0,
        service: ticket.service.as_str().into(),
        service_name: reply.service.name.of(locale).into(),
        priority: ticket.priority.key().into(),
        ahead: reply.ahead,
        estimated_minutes: reply.estimated_minutes,
        taken_at: ticket.taken_at,
        day: ticket.day.to_string().into(),
        code: ticket.code.as_str().into(),
        answer_code: "".into(),
    }
}
