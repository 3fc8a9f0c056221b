//! `GET /officers/counter/events`, `GET /hall/{site}/events`: that a site has
//! changed, never what. The page then asks for it, and is permitted as ever.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use gateway_core::domain::queue::SiteCode;
use gateway_core::ports::Listening;
use gateway_http::{Problem, problem};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Place, hall, queues, refused};
use crate::house::SharedHouse;
use crate::sign_in::{SentAway, SignedInOfficer};
use crate::visit::Visit;

/// A line that goes on about nothing keeps proxies from closing it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Then the browser takes it up again, and is asked again who it is.
const LASTS: SignedDuration = SignedDuration::from_mins(2);

pub(super) async fn of_a_counter(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let unknown = || Problem::of(&problem::UNKNOWN_ROUTE).into_response();
    let place = Place::parse(visit.parameter("site"), visit.parameter("counter")).ok_or_else(unknown)?;
    let queues = queues(&house)?;
    // The same permission as the page has.
    let view = queues.needs.desk.at_counter(place.at(&house, &visit, &officer)?).await;
    view.map_err(|problem| refused(&house, &visit, &officer, &problem))?;
    let streams = Arc::clone(&queues.counters);
    Ok(follow(house, &visit, &headers, place.site, streams)?)
}

pub(super) async fn of_a_hall(
    State(house): State<SharedHouse>,
    Path(site): Path<String>,
    visit: Visit,
    officer: Result<SignedInOfficer, Response>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let site = hall::permitted(&house, &visit, officer, &site)?.code.clone();
    let streams = Arc::clone(&queues(&house)?.halls);
    Ok(follow(house, &visit, &headers, site, streams)?)
}

fn follow(
    house: SharedHouse,
    visit: &Visit,
    headers: &HeaderMap,
    site: SiteCode,
    streams: Arc<Semaphore>,
) -> Result<Response, SentAway> {
    let Ok(place) = streams.try_acquire_owned() else {
        return Err(Problem::of(&problem::OVERLOADED).into_response().into());
    };
    // Taken up again: from what was told last. Begun: from what the page shows.
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let seen = last.unwrap_or_else(|| visit.parameter("seen")).to_owned();
    let listening = queues(&house)?.needs.desk.listen(&site);
    let now = house.needs.clock.now();
    let until = now.checked_add(LASTS).unwrap_or(now);
    let following = Following { house, site, listening, seen, until, begun: false, _place: place };
    let events = Sse::new(following.events()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let headers = [(CACHE_CONTROL, "private, no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, events).into_response())
}

struct Following {
    house: SharedHouse,
    site: SiteCode,
    listening: Box<dyn Listening>,
    seen: String,
    until: Timestamp,
    begun: bool,
    _place: OwnedSemaphorePermit,
}

impl Following {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut following| async move {
            let event = following.next().await?;
            Some((Ok(event), following))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        let house = Arc::clone(&self.house);
        let needs = &house.queues.as_ref()?.needs;
        loop {
            if std::mem::replace(&mut self.begun, true) {
                tokio::select! {
                    () = needs.stop.cancelled() => return None,
                    () = self.listening.wait() => {}
                }
            }
            if house.needs.clock.now() >= self.until {
                return None;
            }
            // The database is away: it is asked again after the next wait.
            let Ok(changes) = needs.desk.changes(&self.site).await else { continue };
            let mark = changes.to_string();
            if mark != self.seen {
                self.seen.clone_from(&mark);
                return Some(Event::default().event("changed").id(mark).data("{}"));
            }
        }
    }
}
