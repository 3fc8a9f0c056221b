//! `POST /api/v1/queue/tickets/local`

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{LocalOutcome, ToldLocally};
use gateway_core::domain::queue::{Priority, ServiceKey, SiteCode, Ticket, TicketKey};
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::{Response, StatusCode};
use mobile_api_types::{
    AcceptedTicket, LocalTicketView, LocalTicketsAnswer, LocalTicketsRequest, ProblemAnswer, RefusedTicket,
};

use crate::answer;
use crate::api::SharedApi;
use crate::kiosk::{SignatureHeaders, Signed, away};

/// Numbers that the terminal gave while the gateway was out of its reach
///
/// Signed. Each stands in the line by when it was given, once: what was told before
/// is known. One that cannot be read is refused alone, as is one of another terminal's
/// range: each terminal's own range of the day is on record.
#[utoipa::path(
    post,
    path = "/api/v1/queue/tickets/local",
    tag = "queue",
    params(
        SignatureHeaders,
    ),
    request_body = LocalTicketsRequest,
    responses(
        (status = 200, description = "What became of each", body = LocalTicketsAnswer,
            headers(("Cache-Control" = String, description = "`private, no-store`"))),
        (status = 400, description = "`malformed_json`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 413, description = "`body_too_large`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`: more than 50 at once, too", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`: tell all again", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn tell_local_tickets(
    State(api): State<SharedApi>,
    caller: Caller,
    Signed(terminal, JsonBody(input)): Signed<JsonBody<LocalTicketsRequest>>,
) -> Result<Response<Body>, Problem> {
    let unfit = || Problem::of(&problem::INVALID_FIELDS);
    let site = SiteCode::parse(&terminal.site).ok_or_else(unfit)?;
    if input.tickets.len() > LocalTicketsRequest::MOST {
        return Err(unfit());
    }
    let mut told = Vec::with_capacity(input.tickets.len());
    let mut body = LocalTicketsAnswer { accepted: Vec::new(), known: Vec::new(), refused: Vec::new() };
    for ticket in &input.tickets {
        match read(ticket) {
            Some(ticket) => told.push(ticket),
            None => body.refused.push(RefusedTicket { key: ticket.key.clone(), why: "unreadable".to_owned() }),
        }
    }
    let now = api.needs.clock.now();
    let ranges = api.needs.kiosk.ranges_of(&terminal, now).await?.today;
    let outcomes = api.needs.queue.reconcile(&site, &ranges, &told, now).await;
    for outcome in outcomes.map_err(|problem| away(&problem))? {
        match outcome {
            LocalOutcome::Accepted(ticket) => body.accepted.push(accepted(&ticket)),
            LocalOutcome::Known(ticket) => body.known.push(accepted(&ticket)),
            LocalOutcome::Refused(key, why) => {
                body.refused.push(RefusedTicket { key: key.to_hex(), why: why.key().to_owned() });
            }
        }
    }
    if !body.refused.is_empty() {
        let whys: BTreeSet<&str> = body.refused.iter().map(|refused| refused.why.as_str()).collect();
        tracing::warn!(device = terminal.id.as_str(), refused = body.refused.len(), ?whys, "a terminal's own numbers");
    }
    for (what, count) in
        [("accepted", body.accepted.len()), ("known", body.known.len()), ("refused", body.refused.len())]
    {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        metrics::counter!("kiosk_local_tickets_total", "what" => what).increment(count);
    }
    answer::told(StatusCode::OK, &body, caller.locale)
}

fn read(ticket: &LocalTicketView) -> Option<ToldLocally> {
    Some(ToldLocally {
        service: ServiceKey::parse(&ticket.service)?,
        serial: ticket.number,
        priority: Priority::from_key(&ticket.priority)?,
        taken_at: ticket.taken_at,
        key: TicketKey::parse(&ticket.key)?,
    })
}

fn accepted(ticket: &Ticket) -> AcceptedTicket {
    AcceptedTicket { ticket: ticket.number.to_string(), code: ticket.code.as_str().to_owned() }
}
