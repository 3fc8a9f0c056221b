//! What officers do with conversations. Each act is on disk before it is done,
//! and each is done through the one switchboard that knows who may speak.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use compact_str::CompactString;
use gateway_core::desk::ChatAccess;
use gateway_core::domain::{MessageKey, OfficerId};
use gateway_core::ports::{Claimed, Handover, HandoverId, OfficerMove, acts};
use http::StatusCode;

use super::line::{address, touch_all};
use super::permit;
use super::talk::{self, Draft};
use super::{CHATS, console_of, failed, keys, record, record_to};
use crate::house::SharedHouse;
use crate::sign_in::session::{no_store, see_other};
use crate::sign_in::{OfficerForm, SentAway, SignedInOfficer, session};
use crate::visit::Visit;

/// What an officer says at once, in characters: every messenger takes as much.
pub(super) const MOST_CHARS: usize = 2_000;

/// Values of the form that passes a conversation on; any other is an officer.
pub(super) const TO_THE_LINE: &str = "line";
pub(super) const SUPERVISOR: &str = "supervisor";

pub(super) async fn take(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let officer = form.officer;
    let (handover, access) = permit::find(&house, &visit, &officer, id).await?;
    match access {
        ChatAccess::Holder => return Ok(see_other(&visit.href(&address(&handover)))),
        ChatAccess::Preview => {}
        ChatAccess::Reader => return Err(permit::not_held(&house, &visit, &officer, &handover).await),
    }
    record(&house, &visit, &officer, acts::CHAT_TAKEN, Some(handover.conversation)).await?;
    let needs = &console_of(&house)?.needs;
    let claimed = needs.switchboard.claim(handover.id, officer.officer().id).await;
    match claimed.map_err(|problem| failed(&house, &visit, &problem))? {
        Claimed::Yes => Ok(see_other(&visit.href(&address(&handover)))),
        Claimed::Taken | Claimed::Gone => Err(lost(&house, &visit, &officer, handover.id).await),
    }
}

pub(super) async fn say(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let handover = permit::held(&house, &visit, &form.officer, id).await?;
    let text = form.fields.get("text");
    if let Some(trouble) = unfit(&house, &visit, "say", text) {
        let draft = Draft { text, trouble: Some(trouble), ..Draft::default() };
        return talk::shown(&house, &visit, &form.officer, handover, ChatAccess::Holder, &draft).await;
    }
    record(&house, &visit, &form.officer, acts::CHAT_SAID, Some(handover.conversation)).await?;
    let (needs, officer) = (&console_of(&house)?.needs, form.officer.officer().id);
    let key = key_of(&house, &form, &handover, b"say")?;
    let said = needs.switchboard.say(handover.id, officer, key, text.trim()).await;
    done(&house, &visit, &form.officer, &handover, said).await
}

pub(super) async fn note(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let handover = permit::held(&house, &visit, &form.officer, id).await?;
    let text = form.fields.get("text");
    if let Some(trouble) = unfit(&house, &visit, "note", text) {
        let draft = Draft { note: text, trouble: Some(trouble), ..Draft::default() };
        return talk::shown(&house, &visit, &form.officer, handover, ChatAccess::Holder, &draft).await;
    }
    record(&house, &visit, &form.officer, acts::CHAT_NOTED, Some(handover.conversation)).await?;
    let (needs, officer) = (&console_of(&house)?.needs, form.officer.officer().id);
    let key = key_of(&house, &form, &handover, b"note")?;
    let noted = needs.switchboard.note(handover.id, officer, key, text.trim()).await;
    done(&house, &visit, &form.officer, &handover, noted).await
}

pub(super) async fn pass(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let officer = &form.officer;
    let handover = permit::held(&house, &visit, officer, id).await?;
    let (to, colleague) = match form.fields.get("to") {
        TO_THE_LINE => (Some(OfficerMove::Requeue), None),
        SUPERVISOR => (Some(OfficerMove::ToSupervisor), None),
        other => {
            let colleague = other.parse().ok().map(OfficerId).filter(|id| *id != officer.officer().id);
            let desk = session::desk_of(&house)?;
            let officers = desk.officers().list().await.map_err(|problem| failed(&house, &visit, &problem))?;
            let found = officers.iter().find(|one| Some(one.id) == colleague);
            let found = found.filter(|one| handover.may_be_given_to(one)).map(|one| one.id);
            (found.map(OfficerMove::To), found)
        }
    };
    let Some(to) = to else { return not_in_the_list(&house, &visit, officer, handover, "to").await };
    record_to(&house, &visit, officer, acts::CHAT_PASSED, Some(handover.conversation), colleague).await?;
    let passed = console_of(&house)?.needs.switchboard.pass(handover.id, officer.officer().id, to).await;
    left(&house, &visit, officer, &handover, passed).await
}

/// Ended: the assistant answers again.
pub(super) async fn close(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let officer = &form.officer;
    let handover = permit::held(&house, &visit, officer, id).await?;
    let given = form.fields.get("outcome");
    let Some((outcome, _)) = keys::OUTCOMES.into_iter().find(|(word, _)| *word == given) else {
        return not_in_the_list(&house, &visit, officer, handover, "outcome").await;
    };
    record(&house, &visit, officer, acts::CHAT_CLOSED, Some(handover.conversation)).await?;
    let to = OfficerMove::Close { outcome: CompactString::const_new(outcome) };
    let closed = console_of(&house)?.needs.switchboard.pass(handover.id, officer.officer().id, to).await;
    left(&house, &visit, officer, &handover, closed).await
}

/// A page of the console is open before somebody: what they hold stays theirs.
pub(super) async fn touch(
    State(house): State<SharedHouse>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let touched = touch_all(console_of(&house)?, &form.officer, house.needs.clock.now()).await;
    touched.map_err(|problem| failed(&house, &visit, &problem))?;
    Ok(no_store(StatusCode::NO_CONTENT.into_response()))
}

fn unfit(house: &SharedHouse, visit: &Visit, field: &'static str, text: &str) -> Option<(&'static str, String)> {
    let words = house.words(visit.locale);
    if text.trim().is_empty() {
        return Some((field, words.say(keys::ERROR_EMPTY)));
    }
    let long = text.trim().chars().count() > MOST_CHARS;
    long.then(|| (field, words.tell(keys::ERROR_LONG, &[("most", MOST_CHARS.into())])))
}

async fn not_in_the_list(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    handover: Handover,
    field: &'static str,
) -> Result<Response, Response> {
    let trouble = Some((field, house.words(visit.locale).say(keys::ERROR_CHOICE)));
    let draft = Draft { trouble, ..Draft::default() };
    talk::shown(house, visit, officer, handover, ChatAccess::Holder, &draft).await
}

/// A form that is sent twice is the same line: the form's own number, of this
/// officer, in this conversation.
fn key_of(house: &SharedHouse, form: &OfficerForm, handover: &Handover, what: &[u8]) -> Result<MessageKey, SentAway> {
    let typed = form.fields.get("key");
    let ours = (16..=64).contains(&typed.len()) && typed.bytes().all(|digit| digit.is_ascii_hexdigit());
    // A form without one is never known again: it gets a number of its own.
    let own = if ours { typed.to_owned() } else { house.conversation("") };
    let (id, officer) = (handover.id.0.to_be_bytes(), form.officer.officer().id.0.to_be_bytes());
    let fields: [&[u8]; 5] = [b"console", what, &id, &officer, own.as_bytes()];
    Ok(session::desk_of(house)?.hash_key().message_key("line", &fields))
}

/// Back to the conversation, or to the page that says who has it.
async fn done(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    handover: &Handover,
    said: Result<bool, gateway_core::ports::StoreError>,
) -> Result<Response, Response> {
    match said.map_err(|problem| failed(house, visit, &problem))? {
        true => Ok(see_other(&visit.href(&address(handover)))),
        false => Err(lost(house, visit, officer, handover.id).await),
    }
}

/// The same, back to the line.
async fn left(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    handover: &Handover,
    passed: Result<bool, gateway_core::ports::StoreError>,
) -> Result<Response, Response> {
    match passed.map_err(|problem| failed(house, visit, &problem))? {
        true => Ok(see_other(&visit.href(CHATS))),
        false => Err(lost(house, visit, officer, handover.id).await),
    }
}

/// Between the look and the act somebody was quicker: how it is now.
async fn lost(house: &SharedHouse, visit: &Visit, officer: &SignedInOfficer, id: HandoverId) -> Response {
    match permit::find(house, visit, officer, id.0).await {
        Ok((handover, _)) => permit::not_held(house, visit, officer, &handover).await,
        Err(response) => response,
    }
}
