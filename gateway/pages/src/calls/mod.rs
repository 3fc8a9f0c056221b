//! Calls for an officer from the terminals of a site: a page of their own
//! (`/officers/calls`), and an alert that is seen and heard on the pages where
//! officers sit all day, the counter's and the console's.
//!
//! Core's [`CallDesk`] permits, writes the act down, and only then does it. A call
//! that nobody answers in time is marked as late, comes first, and is heard once more.

mod alert;
mod keys;
mod moves;
mod show;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use gateway_core::desk::CallDesk;
use gateway_core::domain::AgencyDirectory;
use gateway_core::ports::StoreError;
use gateway_http::{Problem, measured, problem};
use maud::Markup;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

pub(crate) use alert::{Alert, Shown, with};

use crate::house::{House, SharedHouse, Words};
use crate::sign_in::{SentAway, page};
use crate::visit::Visit;

const CALLS: &str = "/officers/calls";
const EVENTS: &str = "/officers/calls/events";
const MOVE: &str = "/officers/calls/{id}/{what}";

/// Streams of the calls' own page that are open at one time; the others follow the
/// calls on streams of their own.
const MOST_STREAMS: usize = 512;

/// What the pages of calls need from the composition root.
#[derive(Clone)]
pub struct CallNeeds {
    /// The calls.
    pub desk: Arc<CallDesk>,
    /// What sites are called.
    pub agencies: Arc<AgencyDirectory>,
    /// Ends the streams.
    pub stop: CancellationToken,
}

pub(crate) struct CallPages {
    needs: CallNeeds,
    streams: Arc<Semaphore>,
}

impl CallPages {
    pub(crate) fn new(needs: CallNeeds) -> Self {
        Self { needs, streams: Arc::new(Semaphore::new(MOST_STREAMS)) }
    }
}

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route(CALLS, measured(CALLS, get(show::show)))
        .route(EVENTS, measured(EVENTS, get(show::events)))
        .route(MOVE, measured(MOVE, post(moves::act)))
}

/// What stands in the officers' navigation.
pub(crate) fn place(words: Words<'_>) -> (&'static str, String) {
    (CALLS, words.say(keys::NAV))
}

/// What a page shows that follows the calls besides its own: what is said aloud by a
/// screen reader, and the switch of the sound.
pub(crate) fn live(house: &House, visit: &Visit) -> Markup {
    alert::live(house.words(visit.locale))
}

fn pages(house: &SharedHouse) -> Result<&CallPages, SentAway> {
    house.calls.as_ref().ok_or_else(|| Problem::of(&problem::UNKNOWN_ROUTE).into_response().into())
}

/// The database failed.
fn failed(house: &House, visit: &Visit, problem: &StoreError) -> Response {
    tracing::error!(%problem, "the calls of terminals could not go on");
    page::unavailable(house, visit)
}
