//! The officers' console: who waits for a person (`/officers/chats`), one
//! conversation (`/officers/chats/{id}`), wishes to be called back
//! (`/officers/callbacks`) and how busy the desk is (`/officers/load`).
//!
//! Whoever is shown something of a citizen leaves an act first. What is live is
//! nicer with scripts; without them the pages are shown again.

mod callbacks;
mod canned;
mod events;
mod keys;
mod line;
mod load;
mod moves;
mod permit;
#[cfg(test)]
mod stand_ins;
mod talk;
mod talk_view;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use gateway_core::domain::{Officer, OfficerId, OfficerRole};
use gateway_core::ports::{Handovers, KeyedHash, Links, Requests, StoreError, Switchboard, Transcripts};
use gateway_http::{Problem, measured, problem};
use http::StatusCode;
use maud::{Markup, html};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::answer::{self, Keep};
use crate::assets::Asset;
use crate::house::{House, SharedHouse, Words};
use crate::shell::Switch;
use crate::sign_in::page::{self, Inside};
use crate::sign_in::{SentAway, SignInDesk, SignedInOfficer, session};
use crate::visit::Visit;

const CHATS: &str = "/officers/chats";
const CALLBACKS: &str = "/officers/callbacks";
const LOAD: &str = "/officers/load";

/// Streams that are open at one time; more are told to come back.
const MOST_STREAMS: usize = 1_024;

/// What the console needs from the composition root.
#[derive(Clone)]
pub struct ConsoleNeeds {
    /// Through which officers speak.
    pub switchboard: Arc<dyn Switchboard>,
    /// Who waits, and who holds what.
    pub handovers: Arc<dyn Handovers>,
    /// What was said.
    pub transcripts: Arc<dyn Transcripts>,
    /// What a citizen asked before.
    pub requests: Arc<dyn Requests>,
    /// From where else the same citizen asks, by their consent.
    pub links: Arc<dyn Links>,
    /// Ends the streams.
    pub stop: CancellationToken,
}

pub(crate) struct Console {
    needs: ConsoleNeeds,
    streams: Arc<Semaphore>,
}

impl Console {
    pub(crate) fn new(needs: ConsoleNeeds) -> Self {
        Self { needs, streams: Arc::new(Semaphore::new(MOST_STREAMS)) }
    }
}

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route(CHATS, measured(CHATS, get(line::show)))
        .route("/officers/chats/events", measured("/officers/chats/events", get(events::of_the_line)))
        .route("/officers/chats/touch", measured("/officers/chats/touch", post(moves::touch)))
        .route("/officers/chats/{id}", measured("/officers/chats/{id}", get(talk::show)))
        .route("/officers/chats/{id}/events", measured("/officers/chats/{id}/events", get(events::of_a_talk)))
        .route("/officers/chats/{id}/take", measured("/officers/chats/{id}/take", post(moves::take)))
        .route("/officers/chats/{id}/say", measured("/officers/chats/{id}/say", post(moves::say)))
        .route("/officers/chats/{id}/note", measured("/officers/chats/{id}/note", post(moves::note)))
        .route("/officers/chats/{id}/pass", measured("/officers/chats/{id}/pass", post(moves::pass)))
        .route("/officers/chats/{id}/close", measured("/officers/chats/{id}/close", post(moves::close)))
        .route("/officers/chats/{id}/dossier", measured("/officers/chats/{id}/dossier", post(talk::dossier)))
        .route(CALLBACKS, measured(CALLBACKS, get(callbacks::show)))
        .route("/officers/callbacks/{id}/take", measured("/officers/callbacks/{id}/take", post(callbacks::take)))
        .route("/officers/callbacks/{id}/done", measured("/officers/callbacks/{id}/done", post(callbacks::done)))
        .route(LOAD, measured(LOAD, get(load::show)))
}

/// What stands in the officers' navigation.
pub(crate) fn places(words: Words<'_>, officer: &Officer) -> Vec<(&'static str, String)> {
    let mut places = vec![(CHATS, words.say(keys::NAV_CHATS)), (CALLBACKS, words.say(keys::NAV_CALLBACKS))];
    if officer.is_at_least(OfficerRole::Supervisor) {
        places.push((LOAD, words.say(keys::NAV_LOAD)));
    }
    places
}

fn console_of(house: &SharedHouse) -> Result<&Console, SentAway> {
    house.console.as_ref().ok_or_else(|| Problem::of(&problem::UNKNOWN_ROUTE).into_response().into())
}

/// Writes an act down. Nothing is shown or done where it cannot be.
async fn record(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    act: &'static str,
    target: Option<KeyedHash>,
) -> Result<(), Response> {
    record_to(house, visit, officer, act, target, None).await
}

async fn record_to(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    act: &'static str,
    target: Option<KeyedHash>,
    account: Option<OfficerId>,
) -> Result<(), Response> {
    let desk = session::desk_of(house)?;
    let address = Some(desk.hash_of_net(visit.caller.net));
    desk.record(act, Some(officer.officer().id), account, target, address)
        .await
        .map_err(|problem| failed(house, visit, &problem))
}

/// The database failed.
fn failed(house: &House, visit: &Visit, problem: &StoreError) -> Response {
    tracing::error!(%problem, "the officers' console could not go on");
    page::unavailable(house, visit)
}

/// What colleagues are called.
pub(crate) async fn names(desk: &SignInDesk) -> Result<Names, StoreError> {
    let officers = desk.officers().list().await?;
    Ok(Names(officers.into_iter().map(|officer| (officer.id, officer.name.as_str().to_owned())).collect()))
}

/// See [`names`].
#[derive(Default)]
pub(crate) struct Names(BTreeMap<OfficerId, String>);

impl Names {
    pub(crate) fn of(&self, officer: Option<OfficerId>, words: Words<'_>) -> String {
        let name = officer.and_then(|id| self.0.get(&id).cloned());
        name.unwrap_or_else(|| words.say(keys::SOMEBODY))
    }
}

/// A page of the console.
#[expect(clippy::needless_pass_by_value, reason = "what html! made is handed over as it is")]
fn page(
    house: &House,
    visit: &Visit,
    officer: &SignedInOfficer,
    title: &str,
    status: StatusCode,
    main: Markup,
) -> Response {
    let main = html! {
        link rel="stylesheet" href=(Asset::ConsoleStyle.href());
        (main)
    };
    // What a form has answered is not sent again by a change of language.
    let switch = if status == StatusCode::OK && !visit.is_form { Switch::Here } else { Switch::To(CHATS) };
    page::inside_with(house, visit, officer, Inside { title, status, switch, scripts: Asset::LIVE }, main)
}

/// A part of a page, for its script.
fn part(visit: &Visit, part: Markup) -> Response {
    answer::document(visit, StatusCode::OK, Keep::Never, part.into_string())
}

/// A page that says why something is not done or shown.
fn notice(
    house: &House,
    visit: &Visit,
    officer: &SignedInOfficer,
    status: StatusCode,
    title: &str,
    text: &str,
    back: &str,
) -> Response {
    let words = house.words(visit.locale);
    let label = if back == CALLBACKS { keys::NAV_CALLBACKS } else { keys::BACK };
    let main = html! {
        h1 { (title) }
        p { (text) }
        div .actions { a .button href=(visit.href(back)) { (words.say(label)) } }
    };
    page(house, visit, officer, title, status, main)
}
