//! The queue of a centre in a browser: a counter page for officers
//! (`/officers/counter`), and the display of the hall (`/hall/{site}`).
//!
//! What a counter does goes through core's [`QueueDesk`]: it permits, writes the
//! act down, and only then does it. What is live is nicer with scripts; without
//! them the pages are shown again.

mod counter;
mod events;
mod hall;
mod keys;
mod moves;
mod sheet;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use gateway_core::desk::{AtCounter, CounterProblem, QueueDesk};
use gateway_core::domain::queue::{CounterName, SiteCode};
use gateway_core::ports::StoreError;
use gateway_http::{Problem, measured, problem};
use http::StatusCode;
use maud::{Markup, html};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::assets::Asset;
use crate::house::{House, SharedHouse, Words};
use crate::shell::Switch;
use crate::sign_in::page::{self, Inside};
use crate::sign_in::{SentAway, SignedInOfficer, session};
use crate::visit::Visit;

const COUNTER: &str = "/officers/counter";
const EVENTS: &str = "/officers/counter/events";
const NEXT: &str = "/officers/counter/next";
const MOVE: &str = "/officers/counter/tickets/{id}/{what}";
const HALL: &str = "/hall/{site}";
const HALL_EVENTS: &str = "/hall/{site}/events";

/// Streams of counters that are open at one time: more than any province has.
const MOST_COUNTERS: usize = 512;
/// Streams of displays. Whoever finds no place asks again every few seconds, as a
/// page without scripts does.
const MOST_HALLS: usize = 128;

/// What the pages of queues need from the composition root.
#[derive(Clone)]
pub struct QueueNeeds {
    /// The queues.
    pub desk: Arc<QueueDesk>,
    /// Whether anybody may open a display; else officers of its site alone.
    pub hall_public: bool,
    /// Ends the streams.
    pub stop: CancellationToken,
}

pub(crate) struct Queues {
    needs: QueueNeeds,
    counters: Arc<Semaphore>,
    halls: Arc<Semaphore>,
}

impl Queues {
    pub(crate) fn new(needs: QueueNeeds) -> Self {
        let streams = |most| Arc::new(Semaphore::new(most));
        Self { needs, counters: streams(MOST_COUNTERS), halls: streams(MOST_HALLS) }
    }

    /// Whether any site has a queue.
    pub(crate) fn is_open(&self) -> bool {
        !self.needs.desk.rules().sites().is_empty()
    }
}

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route(COUNTER, measured(COUNTER, get(counter::show)))
        .route(EVENTS, measured(EVENTS, get(events::of_a_counter)))
        .route(NEXT, measured(NEXT, post(moves::next)))
        .route(MOVE, measured(MOVE, post(moves::act)))
        .route(HALL, measured(HALL, get(hall::show)))
        .route(HALL_EVENTS, measured(HALL_EVENTS, get(events::of_a_hall)))
}

/// What stands in the officers' navigation.
pub(crate) fn place(words: Words<'_>) -> (&'static str, String) {
    (COUNTER, words.say(keys::NAV_COUNTER))
}

fn queues(house: &SharedHouse) -> Result<&Queues, SentAway> {
    let queues = house.queues.as_ref().filter(|queues| queues.is_open());
    queues.ok_or_else(|| Problem::of(&problem::UNKNOWN_ROUTE).into_response().into())
}

/// A counter of a site, as an address or a form names it.
struct Place {
    site: SiteCode,
    counter: CounterName,
}

impl Place {
    fn parse(site: &str, counter: &str) -> Option<Self> {
        Some(Self { site: SiteCode::parse(site)?, counter: CounterName::parse(counter)? })
    }

    /// Its page.
    fn href(&self, visit: &Visit) -> String {
        visit.href_with(COUNTER, &self.parameters())
    }

    fn parameters(&self) -> [(&str, &str); 2] {
        [("site", self.site.as_str()), ("counter", self.counter.as_str())]
    }

    fn at<'a>(
        &'a self,
        house: &SharedHouse,
        visit: &Visit,
        officer: &'a SignedInOfficer,
    ) -> Result<AtCounter<'a>, SentAway> {
        let address = Some(session::desk_of(house)?.hash_of_net(visit.caller.net));
        Ok(AtCounter { officer: officer.officer(), address, site: &self.site, counter: &self.counter })
    }
}

/// Why a counter's page cannot be shown. Sites of others look as if there were
/// none.
fn refused(house: &House, visit: &Visit, officer: &SignedInOfficer, problem: &CounterProblem) -> Response {
    match problem {
        CounterProblem::NoSite => page::not_allowed(house, visit),
        CounterProblem::Store(problem) => failed(house, visit, problem),
        CounterProblem::NoCounter | CounterProblem::NoService | CounterProblem::NotMoved(_) => {
            let words = house.words(visit.locale);
            let title = words.say(keys::NO_COUNTER_TITLE);
            let main = html! {
                h1 { (title) }
                p role="alert" { (words.say(keys::NO_COUNTER)) }
                div .actions { a .button href=(visit.href(COUNTER)) { (words.say(keys::CHOOSE)) } }
            };
            paged(house, visit, officer, &title, StatusCode::NOT_FOUND, main)
        }
    }
}

/// The database failed.
fn failed(house: &House, visit: &Visit, problem: &StoreError) -> Response {
    tracing::error!(%problem, "a counter could not go on");
    page::unavailable(house, visit)
}

#[expect(clippy::needless_pass_by_value, reason = "what html! made is handed over as it is")]
fn paged(
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
    let switch = if visit.is_form { Switch::To(COUNTER) } else { Switch::Here };
    page::inside_with(house, visit, officer, Inside { title, status, switch, scripts: Asset::LIVE }, main)
}
