//! Officers teach: what was not understood (`/officers/misses`), what is to be
//! made of a text (`/officers/proposals/new`), and what a second person confirms
//! or undoes (`/officers/proposals`). Everything works without scripts.
//!
//! No citizen's word stands in an address: texts go by forms.

mod keys;
mod misses;
mod proposals;
mod propose;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use gateway_core::domain::Locale;
use gateway_core::ports::{Learning, Lesson, StoreError};
use gateway_http::{Problem, measured, problem};
use http::StatusCode;
use maud::{Markup, html};

use crate::house::{House, SharedHouse, Words};
use crate::shell::Switch;
use crate::sign_in::page::{self, Inside};
use crate::sign_in::{SentAway, SignedInOfficer, session};
use crate::visit::Visit;

const MISSES: &str = "/officers/misses";
const FORGET: &str = "/officers/misses/forget";
const PROPOSALS: &str = "/officers/proposals";
const PROPOSE: &str = "/officers/proposals/new";
const CONFIRM: &str = "/officers/proposals/confirm";
const REJECT: &str = "/officers/proposals/reject";
const UNDO: &str = "/officers/proposals/undo";

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route(MISSES, measured(MISSES, get(misses::show)))
        .route(FORGET, measured(FORGET, post(misses::forget)))
        .route(PROPOSALS, measured(PROPOSALS, get(proposals::show)))
        .route(PROPOSE, measured(PROPOSE, get(propose::show).post(propose::send)))
        .route(CONFIRM, measured(CONFIRM, post(proposals::confirm)))
        .route(REJECT, measured(REJECT, post(proposals::reject)))
        .route(UNDO, measured(UNDO, post(proposals::undo)))
}

/// What stands in the officers' navigation.
pub(crate) fn places(words: Words<'_>) -> [(&'static str, String); 2] {
    [(MISSES, words.say(keys::NAV_MISSES)), (PROPOSALS, words.say(keys::NAV_PROPOSALS))]
}

fn school(house: &SharedHouse) -> Result<&Arc<dyn Learning>, SentAway> {
    house.needs.learning.as_ref().ok_or_else(|| Problem::of(&problem::UNKNOWN_ROUTE).into_response().into())
}

/// Writes an act down. Nothing is shown or done where it cannot be.
async fn record(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    act: &'static str,
) -> Result<(), Response> {
    let desk = session::desk_of(house)?;
    let address = Some(desk.hash_of_net(visit.caller.net));
    let recorded = desk.record(act, Some(officer.officer().id), None, None, address).await;
    recorded.map_err(|problem| failed(house, visit, &problem))
}

fn failed(house: &House, visit: &Visit, problem: &StoreError) -> Response {
    tracing::error!(%problem, "officers could not teach");
    page::unavailable(house, visit)
}

/// A page; one that a form has led to is left by a change of language.
fn page(
    house: &House,
    visit: &Visit,
    officer: &SignedInOfficer,
    title: &str,
    status: StatusCode,
    main: Markup,
) -> Response {
    let switch = if visit.is_form { Switch::To(PROPOSE) } else { Switch::Here };
    page::inside_with(house, visit, officer, Inside { title, status, switch, scripts: &[] }, main)
}

/// Why something was not done, as a page with the way back.
fn notice(
    house: &House,
    visit: &Visit,
    officer: &SignedInOfficer,
    status: StatusCode,
    text: keys::Key,
    back: (&str, keys::Key),
) -> Response {
    let words = house.words(visit.locale);
    let title = words.say(keys::NOT_DONE_TITLE);
    let main = html! {
        h1 { (title) }
        p role="alert" { (words.say(text)) }
        div .actions { a .button href=(visit.href(back.0)) { (words.say(back.1)) } }
    };
    let switch = Switch::To(back.0);
    page::inside_with(house, visit, officer, Inside { title: &title, status, switch, scripts: &[] }, main)
}

/// What a lesson leads to, in words.
fn leads_to(house: &House, words: Words<'_>, lesson: &Lesson) -> String {
    match lesson {
        Lesson::Utterance(act) => words.say(keys::act(*act)),
        Lesson::Alias(code) => match house.needs.catalogue.procedure(code) {
            Some(procedure) => format!("{} ({code})", procedure.name),
            None => code.to_string(),
        },
    }
}

/// A citizen's words are in the language that they were answered in.
fn quoted(text: &str, locale: Option<Locale>) -> Markup {
    html! { q lang=[locale] { (gateway_locale::shown(text)) } }
}
