//! `/`: one box for a number or a question, and what most people come for.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use gateway_http::measured;
use http::{Response, StatusCode};
use maud::{Markup, html};

use crate::answer::{self, Keep};
use crate::house::{SharedHouse, Words};
use crate::keys;
use crate::shell::{self, Page, Place};
use crate::visit::Visit;

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new().route("/", measured("/", get(front)))
}

async fn front(State(house): State<SharedHouse>, visit: Visit) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(keys::FRONT_TITLE);
    let notices = house.notices();
    let main = html! {
        section .hero {
            h1 { (title) }
            p .lead { (words.say(keys::FRONT_LEAD)) }
            (ask_form(words, &visit, "", ""))
        }
    };
    let page = Page { notices: &notices, ..Page::new(&title, Place::Front, main) };
    answer::document(&visit, StatusCode::OK, Keep::Revalidate, shell::document(&house, &visit, page))
}

/// The box. It is sent as a body: a number must not stand in an address.
pub(crate) fn ask_form(words: Words<'_>, visit: &Visit, text: &str, conversation: &str) -> Markup {
    html! {
        form .ask method="post" action=(visit.href("/ask")) role="search" {
            label for="ask" { (words.say(keys::ASK_LABEL)) }
            p .hint #ask-hint { (words.say(keys::ASK_HINT)) }
            div .row {
                input #ask name="text" type="text" value=(text) required maxlength="500" autocomplete="off"
                    spellcheck="false" enterkeyhint="search" aria-describedby="ask-hint";
                @if !conversation.is_empty() {
                    input type="hidden" name="conversation" value=(conversation);
                }
                button .primary { (words.say(keys::ASK_BUTTON)) }
            }
        }
    }
}
