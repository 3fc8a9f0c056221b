//! `GET /queue/tickets/{code}`: how far a number is, for whoever has its code.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use gateway_core::desk::{Action, Refusal, RefusalKind, Reply};
use gateway_core::domain::queue::TicketCode;
use gateway_locale::Medium;
use http::{Response, StatusCode};
use maud::{Markup, html};

use super::keys;
use crate::answer::{self, Keep};
use crate::ask::paragraphs;
use crate::house::{SharedHouse, Words};
use crate::shell::{self, Page, Place};
use crate::trouble::{Refused, refusal_box};
use crate::visit::Visit;

pub(super) const HERE: &str = "/queue/tickets/{code}";

/// The address of a ticket.
pub(super) fn path(code: &TicketCode) -> String {
    format!("/queue/tickets/{}", code.as_str())
}

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    asked: Result<Path<String>, PathRejection>,
) -> Response<Body> {
    let words = house.words(visit.locale);
    let code = asked.ok().and_then(|Path(text)| TicketCode::parse(&text));
    let refused = |refusal: &Refusal| {
        (Some(Refused::of(refusal)), html! { h1 { (words.say(keys::TICKET_TITLE)) } (refusal_box(words, refusal)) })
    };
    let (refused, main) = match code {
        // What is no code costs no question: nobody guesses codes faster by it.
        None => refused(&Refusal::of(RefusalKind::QueueUnknown)),
        Some(code) => {
            let answered = house.act(&visit, Action::TicketPlace { code: code.clone() }).await;
            match &answered.outcome {
                Ok(Reply::TicketPlace(reply)) => {
                    let rendered = house.renderer.render(&answered, visit.locale, Medium::CHAT);
                    let number = reply.ticket.number.to_string();
                    (None, sheet(words, &visit, &code, &number, &rendered.text))
                }
                Ok(_) => refused(&Refusal::of(RefusalKind::Internal)),
                Err(refusal) => refused(refusal),
            }
        }
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let title = words.say(keys::TICKET_TITLE);
    let page = Page::new(&title, Place::Aside, main);
    let mut response = answer::document(&visit, status, Keep::Never, shell::document(&house, &visit, page));
    if let Some(refused) = refused {
        refused.mark(&mut response);
    }
    response
}

fn sheet(words: Words<'_>, visit: &Visit, code: &TicketCode, number: &str, text: &str) -> Markup {
    html! {
        h1 .large { (words.tell(keys::TICKET_NUMBER, &[("number", number.into())])) }
        div .state { (paragraphs(text)) }
        p .actions { a .button .primary href=(visit.href(&path(code))) { (words.say(keys::TICKET_AGAIN)) } }
        p .hint { (words.say(keys::TICKET_NOTE)) }
    }
}
