//! `POST /chat/messages`

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use gateway_core::desk::Audience;
use gateway_core::domain::Locale;
use gateway_http::{Caller, JsonBody, Problem, problem};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde::Deserialize;

use super::session::Session;
use super::{CHANNEL, Webchat};
use crate::messenger::{Arrived, Event};

/// The longest id of a browser's own.
const MOST_OF_AN_ID: usize = 64;
/// A browser's page sends no more.
const MOST_CHARS: usize = 4_000;

/// Something that a citizen says.
#[derive(Deserialize)]
pub(super) struct Said {
    /// The browser's own id of it: the same id is said once.
    id: String,
    text: String,
    /// The language of the page.
    lang: Option<String>,
}

/// Takes a message: `202` says that it is on disk, and the answer comes with the
/// stream. `422` where it is empty or too long, `503` where it could not be kept:
/// then it is to be sent again with the same id.
pub(super) async fn say(
    State(chat): State<Arc<Webchat>>,
    session: Session,
    caller: Caller,
    JsonBody(said): JsonBody<Said>,
) -> Result<impl IntoResponse, Problem> {
    let id_fits = (1..=MOST_OF_AN_ID).contains(&said.id.len()) && said.id.bytes().all(|byte| byte.is_ascii_graphic());
    if !id_fits || said.text.trim().is_empty() || said.text.chars().count() > MOST_CHARS {
        return Err(Problem::of(&problem::INVALID_FIELDS));
    }
    let event = Arrived {
        event_id: said.id.into(),
        from: session.session.id().into(),
        chat: session.session.id().into(),
        audience: Audience::Sender,
        locale: said.lang.as_deref().and_then(Locale::parse).or(Some(caller.locale)),
        address: Some(caller.net),
        sent_at: chat.needs.clock.now(),
        what: Event::Said(said.text),
    };
    match chat.needs.intake.arrived(CHANNEL, &chat.account, event).await {
        Ok(_) => Ok((StatusCode::ACCEPTED, [(CACHE_CONTROL, "no-store")])),
        Err(_) => Err(Problem::of(&problem::OVERLOADED)),
    }
}
