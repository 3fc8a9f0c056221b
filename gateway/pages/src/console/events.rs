//! `GET /officers/chats/events`, `GET /officers/chats/{id}/events`: that
//! something has changed, never what. The page then asks for it, and is
//! permitted and recorded as ever.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use gateway_core::ports::{Handover, HandoverId, Listening, StoreError};
use gateway_http::{Problem, problem};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::OwnedSemaphorePermit;

use super::line::Line;
use super::{Console, console_of, permit};
use crate::house::SharedHouse;
use crate::sign_in::{SentAway, SignedInOfficer};
use crate::visit::Visit;

/// A line that goes on about nothing keeps proxies from closing it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Then the browser takes it up again, and is asked again who it is: who was
/// shut out meanwhile hears no more.
const LASTS: SignedDuration = SignedDuration::from_mins(2);

pub(super) async fn of_the_line(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let listening = console_of(&house)?.needs.switchboard.listen(None);
    Ok(follow(house, &visit, officer, &headers, What::Line, listening)?)
}

pub(super) async fn of_a_talk(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    officer: SignedInOfficer,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let (handover, _) = permit::find(&house, &visit, &officer, id).await?;
    let listening = console_of(&house)?.needs.switchboard.listen(Some(handover.conversation));
    Ok(follow(house, &visit, officer, &headers, What::Talk(handover.id), listening)?)
}

fn follow(
    house: SharedHouse,
    visit: &Visit,
    officer: SignedInOfficer,
    headers: &HeaderMap,
    what: What,
    listening: Box<dyn Listening>,
) -> Result<Response, SentAway> {
    let place = Arc::clone(&console_of(&house)?.streams).try_acquire_owned();
    let Ok(place) = place else { return Err(Problem::of(&problem::OVERLOADED).into_response().into()) };
    // Taken up again: from what was told last. Begun: from what the page shows.
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let seen = last.unwrap_or_else(|| visit.parameter("seen")).to_owned();
    let now = house.needs.clock.now();
    let until = now.checked_add(LASTS).unwrap_or(now);
    let following = Following { house, officer, what, listening, seen, until, begun: false, _place: place };
    let events = Sse::new(following.events()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let headers = [(CACHE_CONTROL, "private, no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, events).into_response())
}

#[derive(Clone, Copy)]
enum What {
    Line,
    Talk(HandoverId),
}

struct Following {
    house: SharedHouse,
    officer: SignedInOfficer,
    what: What,
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
        let console = house.console.as_ref()?;
        loop {
            if std::mem::replace(&mut self.begun, true) {
                tokio::select! {
                    () = console.needs.stop.cancelled() => return None,
                    () = self.listening.wait() => {}
                }
            }
            if house.needs.clock.now() >= self.until {
                return None;
            }
            // The database is away: it is asked again after the next wait.
            let Ok(mark) = self.what.mark(console, &self.officer, house.needs.clock.now()).await else { continue };
            if mark != self.seen {
                self.seen.clone_from(&mark);
                return Some(Event::default().event("changed").id(mark).data("{}"));
            }
        }
    }
}

impl What {
    async fn mark(self, console: &Console, officer: &SignedInOfficer, now: Timestamp) -> Result<String, StoreError> {
        match self {
            Self::Line => Ok(Line::read(console, officer).await?.mark()),
            Self::Talk(id) => match console.needs.handovers.handover(id).await? {
                None => Ok("gone".to_owned()),
                Some(handover) => mark_of_talk(console, &handover, now).await,
            },
        }
    }
}

/// Changes when somebody says something, comes or goes.
async fn mark_of_talk(console: &Console, handover: &Handover, now: Timestamp) -> Result<String, StoreError> {
    let newest = console.needs.transcripts.lines(handover.conversation, 0, 1, now).await?;
    Ok(mark(handover, newest.last().map_or(0, |line| line.id)))
}

/// The same where the newest line is known.
pub(super) fn mark(handover: &Handover, newest: i64) -> String {
    let officer = handover.officer.map_or(0, |officer| officer.0);
    format!("{}-{officer}-{newest}", handover.state.number())
}
