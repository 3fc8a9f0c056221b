//! The Desk's word on who may see and do what with a conversation, as pages.

use axum::response::Response;
use gateway_core::desk::ChatAccess;
use gateway_core::ports::{Handover, HandoverId, HandoverState};
use http::StatusCode;

use super::{CHATS, console_of, failed, keys, names, notice};
use crate::house::SharedHouse;
use crate::sign_in::{SignedInOfficer, page, session};
use crate::visit::Visit;

/// The conversation of an address with what this officer may do.
///
/// # Errors
/// 404, 403 or 409 as a page: gone, not for this officer, or a colleague's.
pub(super) async fn find(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    id: i64,
) -> Result<(Handover, ChatAccess), Response> {
    let found = console_of(house)?.needs.handovers.handover(HandoverId(id)).await;
    let words = house.words(visit.locale);
    let Some(handover) = found.map_err(|problem| failed(house, visit, &problem))? else {
        let (title, text) = (words.say(keys::GONE_TITLE), words.say(keys::GONE));
        return Err(notice(house, visit, officer, StatusCode::NOT_FOUND, &title, &text, CHATS));
    };
    match handover.access(officer.officer()) {
        Some(access) => Ok((handover, access)),
        None if handover.is_at_a_site_of(officer.officer()) && handover.state != HandoverState::Waiting => {
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
        (handover, ChatAccess::Holder) => Ok(handover),
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
