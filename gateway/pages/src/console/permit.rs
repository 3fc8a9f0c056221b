//! Who may see and do what.

use axum::response::Response;
use gateway_core::domain::{Officer, OfficerRole};
use gateway_core::ports::{Handover, HandoverId, HandoverState};
use http::StatusCode;

use super::{CHATS, console_of, failed, keys, names, notice};
use crate::house::SharedHouse;
use crate::sign_in::{SignedInOfficer, page, session};
use crate::visit::Visit;

/// What an officer may do with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Holds it: may speak.
    Holder,
    /// May take it, and read it before.
    Preview,
    /// May read it.
    Reader,
}

/// What this officer may do with this conversation; `None`: not even see it.
pub(super) fn access(officer: &Officer, handover: &Handover) -> Option<Access> {
    let supervisor = officer.is_at_least(OfficerRole::Supervisor);
    match handover.state {
        HandoverState::Held if handover.officer == Some(officer.id) => Some(Access::Holder),
        _ if !sees(officer, handover) => None,
        HandoverState::Waiting if supervisor || !handover.for_supervisor => Some(Access::Preview),
        HandoverState::Held | HandoverState::Closed if supervisor => Some(Access::Reader),
        _ => None,
    }
}

/// Whether it belongs to an agency of this officer's. One of no agency is
/// everybody's.
pub(super) fn sees(officer: &Officer, handover: &Handover) -> bool {
    handover.site.is_empty() || officer.may_see(&handover.site)
}

/// The conversation of an address with what this officer may do.
///
/// # Errors
/// 404, 403 or 409 as a page: gone, not for this officer, or a colleague's.
pub(super) async fn find(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    id: i64,
) -> Result<(Handover, Access), Response> {
    let found = console_of(house)?.needs.handovers.handover(HandoverId(id)).await;
    let words = house.words(visit.locale);
    let Some(handover) = found.map_err(|problem| failed(house, visit, &problem))? else {
        let (title, text) = (words.say(keys::GONE_TITLE), words.say(keys::GONE));
        return Err(notice(house, visit, officer, StatusCode::NOT_FOUND, &title, &text, CHATS));
    };
    match access(officer.officer(), &handover) {
        Some(access) => Ok((handover, access)),
        None if sees(officer.officer(), &handover) && handover.state != HandoverState::Waiting => {
            Err(not_held(house, visit, officer, &handover).await)
        }
        None => Err(page::not_allowed(house, visit)),
    }
}

/// The same for what only the holder may do.
///
/// # Errors
/// As [`find`]; 409 where the officer does not hold it.
pub(super) async fn held(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    id: i64,
) -> Result<Handover, Response> {
    match find(house, visit, officer, id).await? {
        (handover, Access::Holder) => Ok(handover),
        (handover, _) => Err(not_held(house, visit, officer, &handover).await),
    }
}

/// A conversation has one voice: whose it is now.
pub(super) async fn not_held(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    handover: &Handover,
) -> Response {
    let words = house.words(visit.locale);
    if handover.state != HandoverState::Held || handover.officer == Some(officer.officer().id) {
        let (title, text) = (words.say(keys::NOT_HELD_TITLE), words.say(keys::NOT_HELD));
        return notice(house, visit, officer, StatusCode::CONFLICT, &title, &text, CHATS);
    }
    let desk = match session::desk_of(house) {
        Ok(desk) => desk,
        Err(response) => return response.into(),
    };
    match names(desk).await {
        Ok(names) => {
            let name = names.of(handover.officer, words);
            let (title, text) =
                (words.say(keys::QUICKER_TITLE), words.tell(keys::QUICKER, &[("name", (&name).into())]));
            notice(house, visit, officer, StatusCode::CONFLICT, &title, &text, CHATS)
        }
        Err(problem) => failed(house, visit, &problem),
    }
}

/// Whether a colleague may be handed this conversation.
pub(super) fn may_be_given(colleague: &Officer, handover: &Handover) -> bool {
    let role = if handover.for_supervisor { OfficerRole::Supervisor } else { OfficerRole::Officer };
    !colleague.disabled && colleague.is_at_least(role) && sees(colleague, handover)
}
