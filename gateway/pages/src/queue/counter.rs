//! `GET /officers/counter`: which counter, then what it sees.

use axum::extract::State;
use axum::response::Response;
use gateway_core::desk::CounterView;
use gateway_core::domain::queue::{NotMoved, Ticket, TicketId};
use http::StatusCode;
use maud::html;

use super::sheet::Sheet;
use super::{COUNTER, EVENTS, Place, failed, keys, paged, queues, refused};
use crate::answer::{self, Keep};
use crate::calls::{self, Alert, Shown};
use crate::house::{SharedHouse, Words};
use crate::sign_in::{SentAway, SignedInOfficer};
use crate::visit::Visit;

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    match Place::parse(visit.parameter("site"), visit.parameter("counter")) {
        Some(place) => shown(&house, &visit, &officer, &place, Told::Nothing).await,
        None => Ok(choose(&house, &visit, &officer)?),
    }
}

/// What is said above the sheet after a form.
#[derive(Debug, Clone, Copy)]
pub(super) enum Told {
    Nothing,
    /// There is nobody to call.
    Nobody,
    /// Nobody would ever call it there.
    NoService,
    NotMoved(TicketId, NotMoved),
}

impl Told {
    const fn status(self) -> StatusCode {
        match self {
            Self::Nothing | Self::Nobody => StatusCode::OK,
            Self::NoService => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotMoved(..) => StatusCode::CONFLICT,
        }
    }

    fn words(self, words: Words<'_>, view: &CounterView) -> Option<String> {
        let (ticket, why) = match self {
            Self::Nothing => return None,
            Self::Nobody => return Some(words.say(keys::NOBODY)),
            Self::NoService => return Some(words.say(keys::NO_SERVICE)),
            Self::NotMoved(ticket, why) => (ticket, why),
        };
        let found = || view.current.iter().chain(&view.others).find(|one| one.id == ticket);
        Some(match (why, &view.current) {
            (NotMoved::CounterBusy, Some(current)) => {
                words.tell(keys::BUSY, &[("number", (&current.number.to_string()).into())])
            }
            (NotMoved::TooOften, _) => words.say(keys::TOO_OFTEN),
            (NotMoved::Gone, _) => words.say(keys::GONE),
            _ => found().map_or_else(|| words.say(keys::GONE), |ticket| who_has_it(words, view, ticket)),
        })
    }
}

/// Somebody was quicker: who has it now.
fn who_has_it(words: Words<'_>, view: &CounterView, ticket: &Ticket) -> String {
    let number = ticket.number.to_string();
    let here = view.current.as_ref().is_some_and(|current| current.id == ticket.id);
    match &ticket.counter {
        Some(counter) if ticket.state.is_at_a_counter() && !here => {
            words.tell(keys::QUICKER, &[("number", (&number).into()), ("counter", counter.as_str().into())])
        }
        _ => words.tell(keys::CHANGED, &[("number", (&number).into())]),
    }
}

/// The counter's page, or the part of it that is live.
pub(super) async fn shown(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    place: &Place,
    told: Told,
) -> Result<Response, Response> {
    let desk = &queues(house)?.needs.desk;
    let view = desk.at_counter(place.at(house, visit, officer)?).await;
    let view = view.map_err(|problem| refused(house, visit, officer, &problem))?;
    let now = desk.now(&view.site, house.needs.clock.now()).await;
    let now = now.map_err(|problem| failed(house, visit, &problem))?;
    let alert = Alert::read(house, officer, Shown::At(&place.site)).await;
    let alert = alert.map_err(|problem| failed(house, visit, &problem))?;
    let sheet = Sheet { house, visit, officer, place, view: &view, now: &now };
    let sheet = html! { (alert.draw(house, visit, officer, &place.href(visit))) (sheet.draw()) };
    if visit.parameter("part") == "sheet" && !visit.is_form {
        return Ok(answer::document(visit, StatusCode::OK, Keep::Never, sheet.into_string()));
    }
    let words = house.words(visit.locale);
    let counter = place.counter.as_str();
    let title = words.tell(keys::TITLE, &[("counter", counter.into())]);
    let [site_parameter, counter_parameter] = place.parameters();
    let both = [site_parameter, counter_parameter];
    let part = visit.href_with(COUNTER, &[site_parameter, counter_parameter, ("part", "sheet")]);
    let main = html! {
        h1 { (title) }
        p .lead { (view.site.name.of(visit.locale)) }
        div #follow data-events=(visit.href_with(EVENTS, &both)) data-part=(part) data-seen=(alert.and(view.changes.to_string()))
            data-page=(place.href(visit)) data-csrf=(officer.csrf.to_hex()) {
            p #paused .notices hidden role="status" { (words.say(keys::PAUSED)) }
            @if house.calls.is_some() { (calls::live(house, visit)) }
            p .screen { a .button #reload href=(place.href(visit)) { (words.say(keys::RELOAD)) } }
        }
        // A page that answers a form is not asked for again by itself.
        @if !visit.is_form { noscript { meta http-equiv="refresh" content="20"; } }
        @if let Some(text) = told.words(words, &view) {
            div .trouble role="alert" tabindex="-1" data-focus { p { (text) } }
        }
        div #part { (sheet) }
        div .actions {
            a .button href=(visit.href(COUNTER)) { (words.say(keys::CHOOSE)) }
            a .button href=(super::hall::href(&view.site.code)) { (words.say(keys::OPEN_HALL)) }
        }
    };
    Ok(paged(house, visit, officer, &title, told.status(), main))
}

/// The counters of all sites of an officer.
fn choose(house: &SharedHouse, visit: &Visit, officer: &SignedInOfficer) -> Result<Response, SentAway> {
    let sites = queues(house)?.needs.desk.sites_of(officer.officer());
    let words = house.words(visit.locale);
    let title = words.say(keys::CHOOSE_TITLE);
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(keys::CHOOSE_LEAD)) }
        @if sites.is_empty() { p { (words.say(keys::CHOOSE_NONE)) } }
        @for (place, site) in sites.iter().enumerate() {
            section aria-labelledby=(format!("site-{place}")) {
                h2 id=(format!("site-{place}")) { (site.name.of(visit.locale)) }
                @if site.counters.is_empty() { p { (words.say(keys::CHOOSE_NONE)) } }
                ul .grid {
                    @for counter in &site.counters {
                        @let served = site.services.iter().filter(|service| counter.serves(&service.key));
                        @let served: Vec<String> = served.map(|one| one.name.of(visit.locale).to_owned()).collect();
                        @let at = Place { site: site.code.clone(), counter: counter.name.clone() };
                        li { a href=(at.href(visit)) {
                            span {
                                strong { (words.tell(keys::TITLE, &[("counter", counter.name.as_str().into())])) }
                                br;
                                @if let Some(served) = words.join(&served) { small { (served) } }
                            }
                        } }
                    }
                }
                div .actions {
                    a .button href=(super::hall::href(&site.code)) { (words.say(keys::OPEN_HALL)) }
                }
            }
        }
    };
    Ok(paged(house, visit, officer, &title, StatusCode::OK, main))
}
