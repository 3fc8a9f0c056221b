//! `GET /officers/chats/{id}`: one conversation. `POST …/dossier`: a dossier is
//! looked up for the citizen, as the Desk permits.

use axum::extract::{Path, State};
use axum::response::Response;
use compact_str::format_compact;
use gateway_core::desk::{Action, Audience, ChatAccess, Content, Proof, Request, RequestId};
use gateway_core::domain::{Channel, LastFour, OneTimeCode, Provider, Reading, Sender, SenderAssurance, local_date};
use gateway_core::ports::{Handover, Line, PastRequest, StoreError, acts};
use gateway_locale::Medium;
use http::StatusCode;
use maud::html;

use super::line::address;
use super::permit;
use super::{Names, canned, console_of, failed, keys, names, part, record, talk_view};
use crate::calls::{Alert, Shown};
use crate::house::{House, SharedHouse};
use crate::sign_in::{OfficerForm, SignedInOfficer, session};
use crate::visit::Visit;

/// Lines that are shown; of more, the newest.
const MOST_LINES: usize = 200;
/// Earlier conversations and questions that are shown.
const MOST_EARLIER: usize = 20;

/// All that a page of one conversation shows.
pub(super) struct Talk {
    pub(super) handover: Handover,
    pub(super) access: ChatAccess,
    pub(super) lines: Vec<Line>,
    pub(super) names: Names,
    /// Earlier hand-overs of the same citizen.
    pub(super) earlier: Vec<Handover>,
    pub(super) requests: Vec<PastRequest>,
    /// Terminals that call meanwhile.
    pub(super) alert: Alert,
    /// To whom it may be handed.
    pub(super) colleagues: Vec<(i64, String)>,
}

/// What stands in the page's forms, and what was wrong with them.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) text: &'a str,
    pub(super) note: &'a str,
    pub(super) number: &'a str,
    /// The field that it is about, and what is said.
    pub(super) trouble: Option<(&'static str, String)>,
    /// What the Desk has answered to a look-up.
    pub(super) answer: Option<String>,
}

pub(super) async fn show(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    let (handover, access) = permit::find(&house, &visit, &officer, id).await?;
    if visit.parameter("part") == "lines" {
        return lines_after(&house, &visit, &officer, &handover).await;
    }
    let ready = canned::text(house.words(handover.locale), visit.parameter("canned"));
    let draft = Draft { text: &ready, ..Draft::default() };
    shown(&house, &visit, &officer, handover, access, &draft).await
}

/// The page. That it is read is on disk before anything is.
pub(super) async fn shown(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    handover: Handover,
    access: ChatAccess,
    draft: &Draft<'_>,
) -> Result<Response, Response> {
    record(house, visit, officer, acts::CHAT_READ, Some(handover.conversation)).await?;
    let read = read(house, officer, handover, access).await;
    let talk = read.map_err(|problem| failed(house, visit, &problem))?;
    Ok(talk_view::page(house, visit, officer, &talk, draft))
}

async fn read(
    house: &SharedHouse,
    officer: &SignedInOfficer,
    handover: Handover,
    access: ChatAccess,
) -> Result<Talk, StoreError> {
    let (Some(console), Some(desk)) = (&house.console, &house.needs.officers) else {
        return Err(StoreError("there is no console".into()));
    };
    let needs = &console.needs;
    let now = house.needs.clock.now();
    let lines = needs.transcripts.lines(handover.conversation, 0, MOST_LINES, now).await?;
    // By the citizen's consent from linked channels too.
    let mut senders = vec![handover.sender];
    senders.extend(needs.links.senders_of(handover.sender, now).await?);
    let mut earlier = needs.handovers.earlier(&senders, MOST_EARLIER + 1).await?;
    earlier.retain(|other| other.id != handover.id);
    let requests = needs.requests.of_senders(&senders, MOST_EARLIER).await?;
    let mut colleagues: Vec<(i64, String)> = Vec::new();
    if access == ChatAccess::Holder {
        let may = desk.officers().list().await?.into_iter().filter(|other| handover.may_be_given_to(other));
        let others = may.filter(|other| other.id != officer.officer().id);
        colleagues.extend(others.map(|other| (other.id.0, other.name.as_str().to_owned())));
    }
    let alert = Alert::read(house, officer, Shown::All).await?;
    Ok(Talk { names: names(desk).await?, handover, access, lines, earlier, requests, alert, colleagues })
}

/// What was said after a line, for a page that shows the earlier ones.
async fn lines_after(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    handover: &Handover,
) -> Result<Response, Response> {
    let after = visit.parameter("after").parse().unwrap_or(0);
    let (needs, desk) = (&console_of(house)?.needs, session::desk_of(house)?);
    let lines = needs.transcripts.lines(handover.conversation, after, MOST_LINES, house.needs.clock.now()).await;
    let lines = lines.map_err(|problem| failed(house, visit, &problem))?;
    if !lines.is_empty() {
        record(house, visit, officer, acts::CHAT_READ, Some(handover.conversation)).await?;
    }
    let names = names(desk).await.map_err(|problem| failed(house, visit, &problem))?;
    let alert = Alert::read(house, officer, Shown::All).await.map_err(|problem| failed(house, visit, &problem))?;
    let drawn = html! {
        (alert.draw(house, visit, officer, &visit.href(&address(handover))))
        (talk_view::lines(house, house.words(visit.locale), handover, &lines, &names))
    };
    Ok(part(visit, drawn))
}

/// A look-up goes through the Desk as everybody's does: the public view, and
/// the owner's with a second proof. The officer's account asks.
pub(super) async fn dossier(
    State(house): State<SharedHouse>,
    Path(id): Path<i64>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let OfficerForm { officer, fields } = form;
    let handover = permit::held(&house, &visit, &officer, id).await?;
    let (typed, words) = (fields.get("number"), house.words(visit.locale));
    let draft = Draft { number: typed, ..Draft::default() };
    let Reading::One(number) = house.needs.numbers.read(typed, local_date(house.needs.clock.now())) else {
        let trouble = Some(("number", words.say(keys::ERROR_NUMBER)));
        return shown(&house, &visit, &officer, handover, ChatAccess::Holder, &Draft { trouble, ..draft }).await;
    };
    let action = match fields.get("proof").trim() {
        "" => Action::TrackDossier { number: number.clone() },
        proof => match proof_of(proof) {
            Some(proof) => Action::DiscloseDossier { number: number.clone(), proof },
            None => {
                let trouble = Some(("proof", words.say(keys::ERROR_PROOF)));
                return shown(&house, &visit, &officer, handover, ChatAccess::Holder, &Draft { trouble, ..draft })
                    .await;
            }
        },
    };
    let target = session::desk_of(&house)?.hash_key().hash("dossier", number.as_str());
    record(&house, &visit, &officer, acts::DOSSIER_READ, Some(target)).await?;
    let answered = house.needs.desk.handle(asked_by(&house, &visit, &officer, action)).await;
    let answer = Some(house.renderer.render(&answered, visit.locale, Medium::CHAT).text);
    shown(&house, &visit, &officer, handover, ChatAccess::Holder, &Draft { answer, ..draft }).await
}

fn proof_of(typed: &str) -> Option<Proof> {
    let four = LastFour::parse(typed).ok().map(Proof::IdLastFour);
    four.or_else(|| OneTimeCode::parse(typed).map(Proof::OneTimeCode))
}

/// The account is the sender: its limits are its own, and not those of the
/// office's network.
fn asked_by(house: &House, visit: &Visit, officer: &SignedInOfficer, action: Action) -> Request {
    let received_at = house.needs.clock.now();
    Request {
        id: RequestId::from_bits(house.needs.randomness.next_u64()),
        channel: Channel::Web,
        provider: Provider::new("officers"),
        message_id: None,
        sender: Sender::Account(format_compact!("officer/{}", officer.officer().id.0)),
        device: None,
        address: None,
        assurance: SenderAssurance::Claimed,
        audience: Audience::Sender,
        locale: visit.locale,
        received_at,
        deadline: received_at.checked_add(house.needs.deadline).unwrap_or(received_at),
        conversation: None,
        content: Content::Action(action),
    }
}

/// The status of a page with a draft.
pub(super) const fn status_of(draft: &Draft<'_>) -> StatusCode {
    if draft.trouble.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}
