//! `/`: one box for a number or a question, and what most people come for.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use gateway_http::measured;
use gateway_locale::{procedure_name, shown};
use http::{Response, StatusCode};
use maud::{Markup, html};

use crate::answer::{self, Keep};
use crate::house::{House, SharedHouse, Words};
use crate::keys;
use crate::shelf::held;
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
        (most_asked(&house, words, &visit))
        (events(&house, words, &visit))
        section .card {
            h2 { (words.say(keys::FRONT_DOSSIER)) }
            p { (words.say(keys::DOSSIERS_LEAD)) }
            p .actions { a .button href=(visit.href("/dossiers")) { (words.say(keys::NAV_DOSSIERS)) } }
        }
    };
    let page = Page { notices: &notices, ..Page::new(&title, Place::Front, main) };
    answer::document(&visit, StatusCode::OK, Keep::Revalidate, shell::document(&house, &visit, page))
}

fn most_asked(house: &House, words: Words<'_>, visit: &Visit) -> Markup {
    let held = held(house.needs.catalogue.as_ref(), &house.needs.shelf.most_asked);
    html! {
        @if !held.is_empty() {
            section {
                h2 { (words.say(keys::FRONT_MOST_ASKED)) }
                ul .grid {
                    @for procedure in held {
                        li {
                            a href=(visit.href(&format!("/procedures/{}", procedure.code)))
                                lang=[words.lang_of(&procedure)] {
                                (shown(procedure_name(&procedure, words.locale)))
                            }
                        }
                    }
                }
                p .actions { a .button href=(visit.href("/procedures")) { (words.say(keys::SEE_ALL)) } }
            }
        }
    }
}

fn events(house: &House, words: Words<'_>, visit: &Visit) -> Markup {
    let catalogue = house.needs.catalogue.as_ref();
    let offered = house.needs.shelf.events.iter().filter(|(_, codes)| !held(catalogue, codes).is_empty());
    let offered: Vec<_> = offered.map(|(event, _)| *event).collect();
    html! {
        @if !offered.is_empty() {
            section {
                h2 { (words.say(keys::FRONT_EVENTS)) }
                ul .grid {
                    @for event in offered {
                        li { a href=(visit.href_with("/procedures", &[("event", event.key())])) { (words.say(event.label())) } }
                    }
                }
            }
        }
    }
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
