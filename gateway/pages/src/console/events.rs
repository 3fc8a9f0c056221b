//! `GET /officers/chats/events`, `GET /officers/chats/{id}/events`: that
//! something has changed in the line, in a conversation or among the terminals'
//! calls.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use gateway_core::ports::{Handover, HandoverId, Listening, StoreError};
use http::HeaderMap;
use jiff::Timestamp;

use super::line::Line;
use super::{Console, console_of, permit};
use crate::calls::{self, Shown};
use crate::house::SharedHouse;
use crate::live::{self, Live};
use crate::sign_in::{SentAway, SignedInOfficer};
use crate::visit::Visit;

pub(super) async fn of_the_line(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let listening = console_of(&house)?.needs.switchboard.listen(None);
    Ok(follow(&house, &visit, officer, &headers, What::Line, listening)?)
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
    Ok(follow(&house, &visit, officer, &headers, What::Talk(handover.id), listening)?)
}

fn follow(
    house: &SharedHouse,
    visit: &Visit,
    officer: SignedInOfficer,
    headers: &HeaderMap,
    what: What,
    listening: Box<dyn Listening>,
) -> Result<Response, SentAway> {
    let console = console_of(house)?;
    let live = Live { visit, headers, streams: &console.streams, listening, stop: console.needs.stop.clone() };
    let followed = (Arc::clone(house), Arc::new(officer));
    let mark = move || {
        let (house, officer) = followed.clone();
        async move {
            let console = house.console.as_ref().ok_or_else(|| StoreError("there is no console".into()))?;
            let mark = what.mark(console, &officer, house.needs.clock.now()).await?;
            calls::with(mark, &house, &officer, Shown::All).await
        }
    };
    live::follow(house, live, mark)
}

#[derive(Clone, Copy)]
enum What {
    Line,
    Talk(HandoverId),
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
