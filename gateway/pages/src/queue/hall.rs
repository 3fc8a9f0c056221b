//! `GET /hall/{site}`: what hangs in the hall. Numbers and counters, large; the
//! number that is called is spoken. Nothing of anybody.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use gateway_core::desk::{CalledNow, HallView, ServiceNow};
use gateway_core::domain::Locale;
use gateway_core::domain::queue::{SiteCode, SiteRules, Taking, TicketNumber};
use gateway_http::{Problem, problem};
use http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::{failed, keys, queues};
use crate::answer::{self, Keep};
use crate::assets::Asset;
use crate::house::{House, SharedHouse};
use crate::sign_in::{SentAway, SignedInOfficer, page};
use crate::visit::Visit;

/// Numbers at one time, from the last call on: what is read from far.
const MOST: usize = 8;

/// A display's address. Vietnamese unless its operator writes another language:
/// the browser of a display is rarely set up for one.
pub(super) fn href(site: &SiteCode) -> String {
    Visit::there_in(&format!("/hall/{}", site.as_str()), Locale::VI)
}

pub(super) async fn show(
    State(house): State<SharedHouse>,
    Path(site): Path<String>,
    visit: Visit,
    officer: Result<SignedInOfficer, Response>,
) -> Result<Response, Response> {
    let site = permitted(&house, &visit, officer, &site)?;
    let view = queues(&house)?.needs.desk.hall(&site, house.needs.clock.now()).await;
    let view = view.map_err(|problem| failed(&house, &visit, &problem))?;
    let part = part(&house, &visit, &view);
    let html = if visit.parameter("part") == "hall" { part } else { document(&house, &visit, &view, &part) };
    Ok(answer::document(&visit, StatusCode::OK, Keep::Never, html.into_string()))
}

/// The site of an address, where whoever asks may see its display.
///
/// # Errors
/// The sign-in or 403 as a page, where displays are not public; 404 where they are
/// and there is no such site.
pub(super) fn permitted(
    house: &SharedHouse,
    visit: &Visit,
    officer: Result<SignedInOfficer, Response>,
    site: &str,
) -> Result<Arc<SiteRules>, SentAway> {
    let needs = &queues(house)?.needs;
    let found = SiteCode::parse(site).and_then(|code| needs.desk.rules().site(&code).cloned());
    if needs.hall_public {
        return found.ok_or_else(|| Problem::of(&problem::UNKNOWN_ROUTE).into_response().into());
    }
    let officer = officer?;
    // Sites of others look as if there were none.
    let found = found.filter(|site| officer.officer().may_see(site.code.as_str()));
    found.ok_or_else(|| page::not_allowed(house, visit).into())
}

fn document(house: &House, visit: &Visit, view: &HallView, part: &Markup) -> Markup {
    let words = house.words(visit.locale);
    let site = &view.now.site;
    let path = format!("/hall/{}", site.code.as_str());
    html! {
        (DOCTYPE)
        html lang=(visit.locale) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (words.tell(keys::HALL_TITLE, &[("site", site.name.of(visit.locale).into())])) }
                link rel="stylesheet" href=(Asset::HallStyle.href());
                link rel="icon" type="image/svg+xml" href=(Asset::Icon.href());
                script src=(Asset::SoundScript.href()) defer {}
                script src=(Asset::HallScript.href()) defer {}
                noscript { meta http-equiv="refresh" content="5"; }
            }
            body {
                main #hall data-events=(visit.href(&format!("{path}/events")))
                    data-part=(visit.href_with(&path, &[("part", "hall")]))
                    data-seen=(view.changes) data-version=(version()) {
                    div #part { (part) }
                    p #call role="status" aria-live="assertive" {}
                    p #lost role="alert" hidden { (words.say(keys::HALL_LOST)) }
                    button #sound type="button" hidden data-on=(words.say(keys::HALL_SOUND_ON))
                        data-off=(words.say(keys::HALL_SOUND_OFF))
                        data-blocked=(words.say(keys::HALL_SOUND_BLOCKED)) {}
                }
            }
        }
    }
}

/// Another one after an update of the gateway: a display then loads itself anew.
fn version() -> String {
    [Asset::HallStyle.href(), Asset::SoundScript.href(), Asset::HallScript.href()].concat()
}

fn part(house: &House, visit: &Visit, view: &HallView) -> Markup {
    let words = house.words(visit.locale);
    let now = &view.now;
    let time = |at| house.needs.locales.time(visit.locale, at);
    let opening = match (now.opening.open, now.opening.closes_at, now.opening.opens_at) {
        (true, Some(at), _) => words.tell(keys::HALL_OPEN_UNTIL, &[("time", (&time(at)).into())]),
        (true, None, _) => words.say(keys::HALL_OPEN),
        (false, _, Some(at)) => {
            let moment = house.needs.locales.moment(visit.locale, at);
            words.tell(keys::HALL_CLOSED_UNTIL, &[("moment", (&moment).into())])
        }
        (false, _, None) => words.say(keys::HALL_CLOSED),
    };
    html! {
        div #state data-now=(now.at.as_millisecond()) data-changes=(view.changes) data-version=(version()) {
            header {
                h1 { (now.site.name.of(visit.locale)) }
                p .opening { (opening) }
                p .clock { time #clock { (time(now.at)) } }
            }
            div .columns {
                section .called aria-labelledby="called" {
                    h2 #called { (words.say(keys::HALL_CALLED)) }
                    @if view.called.is_empty() { p { (words.say(keys::HALL_CALLED_NONE)) } }
                    ol { @for one in view.called.iter().take(MOST) { (called(house, visit, one)) } }
                }
                section .waiting aria-labelledby="waiting" {
                    h2 #waiting { (words.say(keys::HALL_WAITING)) }
                    ul { @for service in &now.services { (waiting(house, visit, service, now.opening.open)) } }
                }
            }
        }
    }
}

fn called(house: &House, visit: &Visit, one: &CalledNow) -> Markup {
    let words = house.words(visit.locale);
    let counter = one.counter.as_str();
    let number = spelled(one.number);
    let spoken = words.tell(keys::HALL_SPOKEN, &[("number", (&number).into()), ("counter", counter.into())]);
    html! {
        // Each call of a ticket is spoken once; whoever has come is not called.
        li data-ticket=(one.ticket.0) data-calls=(one.calls) data-spoken=[(!one.served).then_some(spoken)] {
            strong { (one.number) }
            span { (words.tell(keys::TITLE, &[("counter", counter.into())])) }
            @if one.served { small { (words.say(keys::HALL_SERVED)) } }
        }
    }
}

fn waiting(house: &House, visit: &Visit, service: &ServiceNow, open: bool) -> Markup {
    let words = house.words(visit.locale);
    let count = house.needs.locales.number(visit.locale, u64::from(service.waiting));
    html! {
        li {
            span { (service.service.name.of(visit.locale)) }
            strong { (count) }
            // That the house is closed is said above.
            @if open && service.taking != Taking::Yes { small { (words.say(keys::HALL_NO_NUMBERS)) } }
        }
    }
}

/// `A 0 1 2`: a voice says sign by sign what is read sign by sign.
fn spelled(number: TicketNumber) -> String {
    let signs: Vec<String> = number.to_string().chars().map(String::from).collect();
    signs.join(" ")
}
