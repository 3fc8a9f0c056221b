//! `GET /api/v1/queue/tickets/{code}`

use axum::body::Body;
use axum::extract::State;
use gateway_core::desk::{Action, Reply, TicketPlaceReply};
use gateway_core::domain::queue::{CounterName, TicketCode, TicketState};
use gateway_http::Problem;
use gateway_locale::Medium;
use http::Response;
use mobile_api_types::{ProblemAnswer, TicketPlaceAnswer};

use crate::answer::{self, Keep, respond};
use crate::api::{Asker, PathText, SharedApi};

/// How far a number is
///
/// Anybody who has the code on the ticket may ask. It holds for the ticket's day.
#[utoipa::path(
    get,
    path = "/api/v1/queue/tickets/{code}",
    tag = "queue",
    params(
        ("code" = String, Path, description = "The code on the ticket", example = "7k3fq2m8w0zd"),
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
    ),
    responses(
        (status = 200, description = "Where it is", body = TicketPlaceAnswer<'static>,
            headers(("Cache-Control" = String, description = "`private, no-store`"), ("Answer-Code" = String))),
        (status = 404, description = "`queue_unknown`: no such ticket today", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 504, description = "`too_late`", body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn ticket_place(
    State(api): State<SharedApi>,
    asker: Asker,
    PathText(code): PathText,
) -> Result<Response<Body>, Problem> {
    let locale = asker.locale;
    // What is no code costs no question: nobody guesses codes faster by it.
    let code = TicketCode::parse(&code).ok_or_else(answer::unknown_queue)?;
    let answered = api.act(asker, Action::TicketPlace { code }).await;
    let reply = match &answered.outcome {
        Ok(Reply::TicketPlace(reply)) => reply,
        Ok(_) => return Err(answer::out_of_place(&answered)),
        Err(refusal) => return Err(Problem::answered(refusal, &answered)),
    };
    let rendered = api.renderer.render(&answered, locale, Medium::CHAT);
    let body = TicketPlaceAnswer { text: rendered.text.into(), ..view(reply) };
    respond(&body, answered.code, locale, Keep::Never, None)
}

fn view(reply: &TicketPlaceReply) -> TicketPlaceAnswer<'_> {
    let ticket = &reply.ticket;
    let counter = ticket.counter.as_ref().filter(|_| ticket.state != TicketState::Waiting);
    TicketPlaceAnswer {
        ticket: ticket.number.to_string().into(),
        state: ticket.state.key().into(),
        ahead: reply.ahead,
        estimated_minutes: reply.estimated_minutes,
        counter: counter.map(CounterName::as_str).map(Into::into),
        text: "".into(),
        answer_code: "".into(),
    }
}
