//! `GET /chat/events`, `GET /chat/lines`

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream};
use gateway_core::ports::{KeyedHash, Line, Listening, StoreError};
use gateway_http::{Problem, QueryInput, problem};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName};
use serde::{Deserialize, Serialize};

use super::Webchat;
use super::session::Session;
use super::streams::StreamPlace;
use crate::messenger::is_for_citizens;

/// Lines that are told to whoever has none yet; of more, the newest.
const MOST_LINES: usize = 200;
/// Lines that are told to whoever has some: a gap would never be seen.
const MOST_MISSED: usize = 5_000;
/// A line that goes on about nothing keeps proxies from closing it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A stream ends by itself after so many waits of a second at most: the browser
/// takes it up again, and what leaks does not leak for ever.
const MOST_WAITS: u32 = 3_600;

/// From where on.
#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: i64,
}

/// A line as browsers read it.
#[derive(Serialize)]
struct Shown {
    id: i64,
    /// `citizen`, `assistant`, `officer` or `event`.
    who: &'static str,
    text: String,
    /// What stands on each button, and the words that it sends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<(String, String)>,
    /// Of an event: which.
    #[serde(skip_serializing_if = "str::is_empty")]
    event: compact_str::CompactString,
    at: String,
}

impl Shown {
    fn of(line: Line) -> Self {
        let event = if line.speaker == gateway_core::ports::Speaker::Event { line.understood } else { "".into() };
        Self {
            id: line.id,
            who: line.speaker.key(),
            text: line.text,
            buttons: line.buttons,
            event,
            at: line.at.to_string(),
        }
    }
}

/// What was said after a line, as one answer.
pub(super) async fn lines(
    State(chat): State<Arc<Webchat>>,
    session: Session,
    QueryInput(After { after }): QueryInput<After>,
) -> Result<impl IntoResponse, Problem> {
    let lines = chat.lines(session.conversation, after).await.map_err(|_| Problem::of(&problem::OVERLOADED))?;
    let lines: Vec<Shown> = lines.into_iter().map(Shown::of).collect();
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(lines)))
}

/// What is said from a line on (`Last-Event-ID`, or `after`), as it is said.
pub(super) async fn stream(
    State(chat): State<Arc<Webchat>>,
    session: Session,
    headers: HeaderMap,
    QueryInput(After { after }): QueryInput<After>,
) -> Result<impl IntoResponse, Problem> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    let Some(place) = chat.streams.enter(session.conversation) else {
        metrics::counter!("chat_refused_total", "channel" => "webchat", "why" => "streams").increment(1);
        return Err(Problem::of(&problem::OVERLOADED));
    };
    let listening = chat.needs.switchboard.listen(Some(session.conversation));
    let reading = Reading {
        after: last.unwrap_or(after),
        conversation: session.conversation,
        listening,
        waits: 0,
        begun: false,
        ready: false,
        chat,
        _place: place,
    };
    let events = Sse::new(reading.events()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // No proxy may hold back what is said.
    let headers = [(CACHE_CONTROL, "private, no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, events))
}

impl Webchat {
    async fn lines(&self, conversation: KeyedHash, after: i64) -> Result<Vec<Line>, StoreError> {
        let most = if after == 0 { MOST_LINES } else { MOST_MISSED };
        let lines = self.needs.transcripts.lines(conversation, after, most, self.needs.clock.now()).await?;
        Ok(lines.into_iter().filter(is_for_citizens).collect())
    }
}

/// One stream.
struct Reading {
    chat: Arc<Webchat>,
    conversation: KeyedHash,
    listening: Box<dyn Listening>,
    after: i64,
    waits: u32,
    /// It has looked once.
    begun: bool,
    /// It has told all there was, and that it is connected.
    ready: bool,
    _place: StreamPlace,
}

impl Reading {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        let batches = stream::unfold(self, |mut reading| async move {
            loop {
                let batch = reading.next().await?;
                if !batch.is_empty() {
                    return Some((stream::iter(batch.into_iter().map(Ok)), reading));
                }
            }
        });
        futures::StreamExt::flatten(batches)
    }

    /// The next lines; empty where a wait came to nothing, `None` at the end.
    async fn next(&mut self) -> Option<Vec<Event>> {
        if self.begun {
            self.waits += 1;
            if self.waits > MOST_WAITS {
                return None;
            }
            let stop = self.chat.needs.stop.clone();
            tokio::select! {
                () = stop.cancelled() => return None,
                () = self.listening.wait() => {}
            }
        }
        self.begun = true;
        let Ok(lines) = self.chat.lines(self.conversation, self.after).await else {
            // The database is away: it is asked again after the next wait.
            return Some(Vec::new());
        };
        if let Some(last) = lines.last() {
            self.after = last.id;
        }
        let mut events: Vec<Event> = lines.into_iter().map(event).collect();
        if !std::mem::replace(&mut self.ready, true) {
            // The browser knows that it is connected, and has all there was.
            events.push(Event::default().event("ready").data("{}"));
        }
        Some(events)
    }
}

fn event(line: Line) -> Event {
    let id = line.id.to_string();
    // Two strings and numbers are always JSON.
    let data = serde_json::to_string(&Shown::of(line)).unwrap_or_default();
    Event::default().id(id).event("line").data(data)
}
