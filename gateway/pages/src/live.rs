//! Streams that tell a page that something has changed, never what. The page then
//! asks for it, and is permitted and recorded as ever.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use gateway_core::ports::{Listening, StoreError};
use gateway_http::{Problem, problem};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::house::SharedHouse;
use crate::sign_in::SentAway;
use crate::visit::Visit;

/// A line that goes on about nothing keeps proxies from closing it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Then the browser takes it up again, and is asked again who it is: who was
/// shut out meanwhile hears no more.
const LASTS: SignedDuration = SignedDuration::from_mins(2);

/// Then there may be a place again; the pages themselves ask as often.
const AGAIN: Duration = Duration::from_secs(5);

/// How the page was before, and how it is now.
pub(crate) struct Live<'a> {
    /// Who follows.
    pub(crate) visit: &'a Visit,
    /// Where a browser that takes a stream up again says what it heard last.
    pub(crate) headers: &'a HeaderMap,
    /// So many streams there may be.
    pub(crate) streams: &'a Arc<Semaphore>,
    /// What wakes it.
    pub(crate) listening: Box<dyn Listening>,
    /// Ends it.
    pub(crate) stop: CancellationToken,
}

/// Follows `mark`, which is another one after each change.
///
/// # Errors
/// `overloaded`, with the time to come back, where there is no place for one more.
pub(crate) fn follow<F, M>(house: &SharedHouse, live: Live<'_>, mark: F) -> Result<Response, SentAway>
where
    F: Fn() -> M + Send + 'static,
    M: Future<Output = Result<String, StoreError>> + Send,
{
    let Ok(place) = Arc::clone(live.streams).try_acquire_owned() else {
        return Err(Problem::of(&problem::OVERLOADED).retry_after(AGAIN).into_response().into());
    };
    // Taken up again: from what was told last. Begun: from what the page shows.
    let last = live.headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let seen = last.unwrap_or_else(|| live.visit.parameter("seen")).to_owned();
    let now = house.needs.clock.now();
    let until = now.checked_add(LASTS).unwrap_or(now);
    let Live { listening, stop, .. } = live;
    let following =
        Following { house: Arc::clone(house), listening, stop, seen, until, begun: false, mark, _place: place };
    let events = stream::unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok::<_, Infallible>(event), following))
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let headers = [(CACHE_CONTROL, "private, no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, events).into_response())
}

struct Following<F> {
    house: SharedHouse,
    listening: Box<dyn Listening>,
    stop: CancellationToken,
    seen: String,
    until: Timestamp,
    begun: bool,
    mark: F,
    _place: OwnedSemaphorePermit,
}

impl<F, M> Following<F>
where
    F: Fn() -> M,
    M: Future<Output = Result<String, StoreError>>,
{
    async fn next(&mut self) -> Option<Event> {
        loop {
            if std::mem::replace(&mut self.begun, true) {
                tokio::select! {
                    () = self.stop.cancelled() => return None,
                    () = self.listening.wait() => {}
                }
            }
            if self.house.needs.clock.now() >= self.until {
                return None;
            }
            // The database is away: it is asked again after the next wait.
            let Ok(mark) = (self.mark)().await else { continue };
            if mark != self.seen {
                self.seen.clone_from(&mark);
                return Some(Event::default().event("changed").id(mark).data("{}"));
            }
        }
    }
}
