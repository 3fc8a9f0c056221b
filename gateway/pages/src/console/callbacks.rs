//! `/officers/callbacks`: citizens who want to be called back. A number is
//! shown to the officer who takes the call, once that is on disk.

use axum::extract::{Path, State};
use axum::response::Response;
use gateway_core::domain::OfficerRole;
use gateway_core::ports::{Callback, acts};
use http::StatusCode;
use maud::html;

use super::{CALLBACKS, console_of, failed, keys, names, notice, page, record, words};
use crate::house::SharedHouse;
use crate::sign_in::page::csrf_field;
use crate::sign_in::session::see_other;
use crate::sign_in::{OfficerForm, SignedInOfficer, session};
use crate::visit::Visit;

/// Calls that are looked at, oldest first.
const MOST: usize = 500;

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    let callbacks = read(&house, &visit).await?;
    let names = names(session::desk_of(&house)?).await.map_err(|problem| failed(&house, &visit, &problem))?;
    let words = house.words(visit.locale);
    let me = officer.officer();
    let supervisor = me.is_at_least(OfficerRole::Supervisor);
    let seen: Vec<_> = callbacks
        .into_iter()
        .filter(|call| supervisor || call.officer.is_none_or(|officer| officer == me.id))
        .collect();
    let title = words.say(keys::CALLBACKS_TITLE);
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(keys::CALLBACKS_LEAD)) }
        @if seen.is_empty() { p { (words.say(keys::CALLBACKS_NONE)) } }
        ul .cards {
            @for call in &seen {
                @let mine = call.officer == Some(me.id);
                li .card {
                    dl .facts {
                        dt { (words.say(keys::CALLBACK_WISHED)) }
                        dd { (words::since(&house, words, call.at)) }
                        dt { (words.say(keys::CHANNEL)) }
                        dd { (words::channel(words, call.channel)) }
                        dt { (words.say(keys::LANGUAGE)) }
                        dd lang=(call.locale) { (words::language(&house, call.locale)) }
                        @if call.officer.is_some() {
                            dt { (words.say(keys::HOLDER)) }
                            dd { (names.of(call.officer, words)) }
                        }
                        @if mine {
                            dt { (words.say(keys::CALLBACK_PHONE)) }
                            dd { a .phone href=(format!("tel:{}", call.phone)) { (call.phone) } }
                        }
                    }
                    @if call.officer.is_none() || mine {
                        form .actions method="post" action=(visit.href(&address(call, mine))) {
                            (csrf_field(officer.csrf))
                            @if mine {
                                button .primary { (words.say(keys::CALLBACK_DONE)) }
                            } @else {
                                button .primary { (words.say(keys::CALLBACK_TAKE)) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&house, &visit, &officer, &title, StatusCode::OK, main))
}

fn address(call: &Callback, mine: bool) -> String {
    format!("{CALLBACKS}/{}/{}", call.id, if mine { "done" } else { "take" })
}

pub(super) async fn take(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let officer = &form.officer;
    let free = |call: &Callback| call.officer.is_none_or(|by| by == officer.officer().id);
    let Some(call) = read(&house, &visit).await?.into_iter().find(|call| call.id == id && free(call)) else {
        return Err(gone(&house, &visit, officer));
    };
    record(&house, &visit, officer, acts::CALLBACK_TAKEN, Some(call.conversation)).await?;
    let taken = console_of(&house)?.needs.handovers.take_callback(id, officer.officer().id).await;
    match taken.map_err(|problem| failed(&house, &visit, &problem))? {
        true => Ok(see_other(&visit.href(CALLBACKS))),
        false => Err(gone(&house, &visit, officer)),
    }
}

pub(super) async fn done(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let officer = &form.officer;
    let mine = |call: &Callback| call.officer == Some(officer.officer().id);
    let Some(call) = read(&house, &visit).await?.into_iter().find(|call| call.id == id && mine(call)) else {
        return Err(gone(&house, &visit, officer));
    };
    record(&house, &visit, officer, acts::CALLBACK_DONE, Some(call.conversation)).await?;
    let ended = console_of(&house)?.needs.handovers.end_callback(id, officer.officer().id).await;
    match ended.map_err(|problem| failed(&house, &visit, &problem))? {
        true => Ok(see_other(&visit.href(CALLBACKS))),
        false => Err(gone(&house, &visit, officer)),
    }
}

async fn read(house: &SharedHouse, visit: &Visit) -> Result<Vec<Callback>, Response> {
    let found = console_of(house)?.needs.handovers.callbacks(house.needs.clock.now(), MOST).await;
    found.map_err(|problem| failed(house, visit, &problem))
}

fn gone(house: &SharedHouse, visit: &Visit, officer: &SignedInOfficer) -> Response {
    let words = house.words(visit.locale);
    let (title, text) = (words.say(keys::CALLBACK_GONE_TITLE), words.say(keys::CALLBACK_GONE));
    notice(house, visit, officer, StatusCode::CONFLICT, &title, &text, CALLBACKS)
}
