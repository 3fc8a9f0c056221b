//! `GET /officers/calls`: the calls of an officer's sites, live.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::html;

use super::{Alert, CALLS, EVENTS, Shown, failed, keys, live, pages, with};
use crate::answer::{self, Keep};
use crate::assets::Asset;
use crate::house::SharedHouse;
use crate::live::{Live, follow};
use crate::shell::Switch;
use crate::sign_in::SignedInOfficer;
use crate::sign_in::page::{self, Inside};
use crate::visit::Visit;

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    shown(&house, &visit, &officer, None).await
}

/// The page; above it what was not done, where something was not.
pub(super) async fn shown(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    told: Option<(StatusCode, String)>,
) -> Result<Response, Response> {
    let calls = pages(house)?;
    let alert = Alert::read(house, officer, Shown::All).await;
    let alert = alert.map_err(|problem| failed(house, visit, &problem))?;
    let words = house.words(visit.locale);
    let back = visit.href(CALLS);
    let drawn = html! {
        div #calls {
            @if alert.is_empty() { p { (words.say(keys::NONE)) } }
            (alert.cards(calls, words, visit, officer, &back))
        }
    };
    if visit.parameter("part") == "calls" && !visit.is_form {
        return Ok(answer::document(visit, StatusCode::OK, Keep::Never, drawn.into_string()));
    }
    let title = words.say(keys::TITLE);
    let main = html! {
        link rel="stylesheet" href=(Asset::ConsoleStyle.href());
        h1 { (title) }
        p .lead { (words.say(keys::LEAD)) }
        div #follow data-events=(EVENTS) data-part=(visit.href_with(CALLS, &[("part", "calls")]))
            data-seen=(alert.and(String::new())) data-csrf=(officer.csrf.to_hex()) data-page=(back) {
            p #paused .notices hidden role="status" { (words.say(keys::PAUSED)) }
            (live(house, visit))
            p .screen { a .button #reload href=(back) { (words.say(keys::RELOAD)) } }
        }
        // A page that answers a form is not asked for again by itself.
        @if !visit.is_form { noscript { meta http-equiv="refresh" content="20"; } }
        @if let Some((_, text)) = &told {
            div .trouble role="alert" tabindex="-1" data-focus { p { (text) } }
        }
        div #part { (drawn) }
    };
    let status = told.map_or(StatusCode::OK, |(status, _)| status);
    let switch = if visit.is_form { Switch::To(CALLS) } else { Switch::Here };
    let inside = Inside { title: &title, status, switch, scripts: Asset::LIVE };
    Ok(page::inside_with(house, visit, officer, inside, main))
}

/// `GET /officers/calls/events`.
pub(super) async fn events(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let calls = pages(&house)?;
    let live = Live {
        visit: &visit,
        headers: &headers,
        streams: &calls.streams,
        listening: calls.needs.desk.listen(),
        stop: calls.needs.stop.clone(),
    };
    let followed = (Arc::clone(&house), Arc::new(officer));
    let mark = move || {
        let (house, officer) = followed.clone();
        async move { with(String::new(), &house, &officer, Shown::All).await }
    };
    Ok(follow(&house, live, mark)?)
}
