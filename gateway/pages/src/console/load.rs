//! `GET /officers/load`: how busy the desk is, for supervisors.

use axum::extract::State;
use axum::response::Response;
use gateway_core::domain::{OfficerRole, local_date, local_moment};
use gateway_core::ports::{DeskLoad, acts};
use http::StatusCode;
use maud::{Markup, html};

use super::line::{Follow, follow};
use super::{CHATS, LOAD, Names, console_of, failed, keys, names, page, part, record, words};
use crate::calls::{Alert, Shown};
use crate::house::{House, SharedHouse};
use crate::sign_in::{SignedInOfficer, session};
use crate::visit::Visit;

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    officer.at_least(OfficerRole::Supervisor, &house, &visit)?;
    let again = visit.parameter("part") == "load";
    // A page that stays open was read once.
    if !again {
        record(&house, &visit, &officer, acts::LOAD_READ, None).await?;
    }
    let now = house.needs.clock.now();
    let today = local_moment(local_date(now).at(0, 0, 0, 0)).unwrap_or(now);
    let load = console_of(&house)?.needs.handovers.load(today).await;
    let load = load.map_err(|problem| failed(&house, &visit, &problem))?;
    let names = names(session::desk_of(&house)?).await.map_err(|problem| failed(&house, &visit, &problem))?;
    let alert = Alert::read(&house, &officer, Shown::All).await.map_err(|problem| failed(&house, &visit, &problem))?;
    let drawn = html! {
        (alert.draw(&house, &visit, &officer, &visit.href(LOAD)))
        (draw(&house, &visit, &load, alert.late(), &names))
    };
    if again {
        return Ok(part(&visit, drawn));
    }
    let title = house.words(visit.locale).say(keys::LOAD_TITLE);
    let main = html! {
        h1 { (title) }
        (follow(&house, &visit, &officer, &Follow {
            events: &format!("{CHATS}/events"),
            part: &visit.href_with(LOAD, &[("part", "load")]),
            seen: "",
            held: true,
        }))
        noscript { meta http-equiv="refresh" content="20"; }
        div #part { (drawn) }
    };
    Ok(page(&house, &visit, &officer, &title, StatusCode::OK, main))
}

fn draw(house: &House, visit: &Visit, load: &DeskLoad, late: usize, names: &Names) -> Markup {
    let words = house.words(visit.locale);
    let number = |count: u32| house.needs.locales.number(visit.locale, u64::from(count));
    let none = words.say(keys::LOAD_NONE);
    html! {
        dl .facts .card {
            dt { (words.say(keys::LOAD_WAITING)) }
            dd { (number(load.waiting)) }
            dt { (words.say(keys::LOAD_OLDEST)) }
            dd { (load.oldest.map_or_else(|| none.clone(), |at| words::since(house, words, at))) }
            dt { (words.say(keys::LOAD_MEDIAN)) }
            dd { (load.median_wait.map_or_else(|| none.clone(), |wait| words::minutes(words, wait))) }
            dt { (words.say(keys::LOAD_CLOSED)) }
            dd { (number(load.closed)) }
            @if house.calls.is_some() {
                dt { (words.say(keys::LOAD_CALLS)) }
                dd { (number(u32::try_from(late).unwrap_or(u32::MAX))) }
            }
        }
        section aria-labelledby="held" {
            h2 #held { (words.say(keys::LOAD_HELD)) }
            @if load.held.is_empty() { p { (none) } }
            dl .facts {
                @for (officer, count) in &load.held {
                    dt { (names.of(Some(*officer), words)) }
                    dd { (number(*count)) }
                }
            }
        }
    }
}
