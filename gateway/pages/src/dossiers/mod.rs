//! `/dossiers`: where a dossier is, and more of it for its owner. Number and
//! proof are sent as a body, and no answer may be kept.

mod code;
mod look;
mod owner;
pub(crate) mod view;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use gateway_core::desk::{Answered, Refusal, RefusalKind};
use gateway_core::domain::{DossierNumber, Notice, Reading, local_date};
use gateway_http::measured;
use http::{Response, StatusCode};
use maud::{Markup, html};

use crate::answer::{self, Keep};
use crate::house::{House, SharedHouse, Words};
use crate::keys;
use crate::shell::{self, Page, Place, Switch};
use crate::trouble::{Refused, answer_code, refusal_box};
use crate::visit::Visit;

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route("/dossiers", measured("/dossiers", get(look::form).post(look::look)))
        .route("/dossiers/owner", measured("/dossiers/owner", post(owner::open).get(to_the_form)))
        .route("/dossiers/code", measured("/dossiers/code", post(code::send).get(to_the_form)))
}

/// What answers a form has no address of its own.
async fn to_the_form(visit: Visit) -> Response<Body> {
    Redirect::to(&visit.href("/dossiers")).into_response()
}

/// What a number in a form turned out to be.
enum Number {
    One(DossierNumber),
    Several(Vec<DossierNumber>),
    None,
}

fn read(house: &House, text: &str) -> Number {
    match house.needs.numbers.read(text, local_date(house.needs.clock.now())) {
        Reading::One(number) => Number::One(number),
        Reading::Several(numbers) => Number::Several(numbers.to_vec()),
        Reading::None | Reading::Invalid(_) => Number::None,
    }
}

/// The form for a number.
fn number_form(words: Words<'_>, visit: &Visit, number: &str) -> Markup {
    html! {
        form .card method="post" action=(visit.href("/dossiers")) {
            label for="number" { (words.say(keys::NUMBER_LABEL)) }
            p .hint #number-hint { (words.say(keys::NUMBER_HINT)) }
            div .row {
                input #number .number name="number" type="text" value=(number) required maxlength="100"
                    autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="search"
                    aria-describedby="number-hint";
                button .primary { (words.say(keys::NUMBER_BUTTON)) }
            }
        }
    }
}

/// A page of this resource that answers a form.
struct Told<'a> {
    status: StatusCode,
    title: &'a str,
    /// Sent again in another language; a proof is never among them.
    number: &'a str,
    notices: &'a [Arc<Notice>],
    main: Markup,
}

fn told(house: &House, visit: &Visit, told: Told<'_>) -> Response<Body> {
    let fields = [("number", told.number)];
    let again = Switch::Again { action: "/dossiers", fields: &fields };
    let switch = if told.number.is_empty() { Switch::To("/dossiers") } else { again };
    let page = Page { switch, notices: told.notices, ..Page::new(told.title, Place::Dossiers, told.main) };
    answer::document(visit, told.status, Keep::Never, shell::document(house, visit, page))
}

/// What is no number: the form again, and why.
fn no_number(house: &House, visit: &Visit, text: &str) -> Response<Body> {
    let words = house.words(visit.locale);
    let refusal = Refusal::of(RefusalKind::NotANumber);
    let title = words.say(keys::DOSSIERS_TITLE);
    let main = html! {
        h1 { (title) }
        (refusal_box(words, &refusal))
        (number_form(words, visit, text))
    };
    let status = Refused::of(&refusal).status;
    told(house, visit, Told { status, title: &title, number: "", notices: &[], main })
}

/// A number that can be read in several ways: the citizen chooses.
fn which(house: &House, visit: &Visit, numbers: &[DossierNumber]) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(gateway_locale::keys::QUESTION_WHICH_DOSSIER);
    let main = html! {
        h1 { (title) }
        ul .choices {
            @for number in numbers {
                li {
                    form method="post" action=(visit.href("/dossiers")) {
                        input type="hidden" name="number" value=(number.as_str());
                        button .number { (number.as_str()) }
                    }
                }
            }
        }
    };
    told(house, visit, Told { status: StatusCode::CONFLICT, title: &title, number: "", notices: &[], main })
}

/// A refusal of the Desk, and what can be tried instead.
fn refused(
    house: &House,
    visit: &Visit,
    refusal: &Refusal,
    answered: &Answered,
    number: &DossierNumber,
    instead: &Markup,
) -> Response<Body> {
    let words = house.words(visit.locale);
    let title = words.say(keys::DOSSIERS_TITLE);
    let main = html! {
        h1 { (title) }
        (refusal_box(words, refusal))
        (instead)
        (answer_code(words, answered))
    };
    let refused = Refused::of(refusal);
    let page =
        Told { status: refused.status, title: &title, number: number.as_str(), notices: &answered.notices, main };
    let mut response = told(house, visit, page);
    refused.mark(&mut response);
    response
}
