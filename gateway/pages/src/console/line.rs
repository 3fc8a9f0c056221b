//! `GET /officers/chats`: who waits for a person, and who is served.

use axum::extract::State;
use axum::response::Response;
use gateway_core::desk::ChatAccess;
use gateway_core::domain::OfficerRole;
use gateway_core::ports::{Handover, HandoverState, StoreError};
use http::StatusCode;
use jiff::Timestamp;
use maud::{Markup, html};

use super::{CHATS, Console, Names, console_of, failed, keys, names, page, part, words};
use crate::calls::{self, Alert, Shown};
use crate::house::{House, SharedHouse, Words};
use crate::sign_in::page::csrf_field;
use crate::sign_in::{SignedInOfficer, session};
use crate::visit::Visit;

/// Conversations that are looked at: more than any desk holds at once.
const MOST: usize = 500;

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    let (console, desk) = (console_of(&house)?, session::desk_of(&house)?);
    let line = Line::read(console, &officer).await.map_err(|problem| failed(&house, &visit, &problem))?;
    let names = names(desk).await.map_err(|problem| failed(&house, &visit, &problem))?;
    let alert = Alert::read(&house, &officer, Shown::All).await.map_err(|problem| failed(&house, &visit, &problem))?;
    let drawn = html! {
        (alert.draw(&house, &visit, &officer, &visit.href(CHATS)))
        (line.draw(&house, &visit, &officer, &names))
    };
    if visit.parameter("part") == "line" {
        return Ok(part(&visit, drawn));
    }
    let words = house.words(visit.locale);
    let title = words.say(keys::LINE_TITLE);
    let main = html! {
        h1 { (title) }
        (follow(&house, &visit, &officer, &Follow {
            events: &format!("{CHATS}/events"),
            part: &visit.href_with(CHATS, &[("part", "line")]),
            seen: &alert.and(line.mark()),
            held: !line.mine.is_empty(),
        }))
        noscript { meta http-equiv="refresh" content="20"; }
        div #part { (drawn) }
    };
    Ok(page(&house, &visit, &officer, &title, StatusCode::OK, main))
}

/// What a page follows.
pub(super) struct Follow<'a> {
    /// The stream that says that something has changed.
    pub(super) events: &'a str,
    /// Where the part is that is shown anew.
    pub(super) part: &'a str,
    /// What this page shows already.
    pub(super) seen: &'a str,
    /// Whether the officer holds something and is to be seen at it.
    pub(super) held: bool,
}

/// Where the page's script finds what it follows, and how one helps oneself
/// without it.
pub(super) fn follow(house: &House, visit: &Visit, officer: &SignedInOfficer, follow: &Follow<'_>) -> Markup {
    let words = house.words(visit.locale);
    html! {
        div #follow data-events=(follow.events) data-part=(follow.part) data-seen=(follow.seen)
            data-csrf=(officer.csrf.to_hex()) data-touch=[follow.held.then(|| format!("{CHATS}/touch"))] {
            p #paused .notices hidden role="status" { (words.say(keys::PAUSED)) }
            @if house.calls.is_some() { (calls::live(house, visit)) }
            p .screen { a .button #reload href=(visit.here_in(visit.locale)) { (words.say(keys::RELOAD)) } }
        }
    }
}

/// What one officer sees of the line.
pub(super) struct Line {
    waiting: Vec<Handover>,
    mine: Vec<Handover>,
    /// Those of colleagues, for supervisors.
    held: Option<Vec<Handover>>,
}

impl Line {
    pub(super) async fn read(console: &Console, officer: &SignedInOfficer) -> Result<Self, StoreError> {
        let officer = officer.officer();
        let supervisor = officer.is_at_least(OfficerRole::Supervisor);
        let mut line = Self { waiting: Vec::new(), mine: Vec::new(), held: supervisor.then(Vec::new) };
        for handover in console.needs.handovers.open_ones(MOST).await? {
            match handover.access(officer) {
                Some(ChatAccess::Holder) => line.mine.push(handover),
                Some(ChatAccess::Preview) => line.waiting.push(handover),
                Some(ChatAccess::Reader) => {
                    if let Some(held) = &mut line.held {
                        held.push(handover);
                    }
                }
                None => {}
            }
        }
        Ok(line)
    }

    /// Changes when anything does that is shown.
    pub(super) fn mark(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for handover in self.waiting.iter().chain(&self.mine).chain(self.held.iter().flatten()) {
            let officer = handover.officer.map_or(-1, |officer| officer.0);
            hasher.update(&handover.id.0.to_le_bytes()).update(&handover.state.number().to_le_bytes());
            hasher.update(&officer.to_le_bytes()).update(&[u8::from(handover.for_supervisor)]);
        }
        hasher.finalize().to_hex().chars().take(16).collect()
    }

    fn draw(&self, house: &House, visit: &Visit, officer: &SignedInOfficer, names: &Names) -> Markup {
        let words = house.words(visit.locale);
        let count = |key, of: &[Handover]| words.tell(key, &[("count", of.len().into())]);
        html! {
            section aria-labelledby="waiting" {
                h2 #waiting { (count(keys::LINE_WAITING, &self.waiting)) }
                @if self.waiting.is_empty() { p { (words.say(keys::LINE_NOBODY)) } }
                ul .cards {
                    @for handover in &self.waiting {
                        li .card {
                            (facts(house, words, handover, names))
                            div .actions {
                                (take_form(words, visit, officer, handover))
                                a .button href=(visit.href(&address(handover))) { (words.say(keys::LOOK)) }
                            }
                        }
                    }
                }
            }
            section aria-labelledby="mine" {
                h2 #mine { (count(keys::LINE_MINE, &self.mine)) }
                @if self.mine.is_empty() { p { (words.say(keys::LINE_MINE_NONE)) } }
                (cards(house, words, visit, &self.mine, names))
            }
            @if let Some(held) = &self.held {
                section aria-labelledby="held" {
                    h2 #held { (count(keys::LINE_HELD, held)) }
                    @if held.is_empty() { p { (words.say(keys::LINE_HELD_NONE)) } }
                    (cards(house, words, visit, held, names))
                }
            }
        }
    }
}

fn cards(house: &House, words: Words<'_>, visit: &Visit, handovers: &[Handover], names: &Names) -> Markup {
    html! {
        ul .cards {
            @for handover in handovers {
                li .card {
                    (facts(house, words, handover, names))
                    div .actions {
                        a .button href=(visit.href(&address(handover))) { (words.say(keys::OPEN)) }
                    }
                }
            }
        }
    }
}

pub(super) fn address(handover: &Handover) -> String {
    format!("{CHATS}/{}", handover.id.0)
}

/// Takes a conversation over.
pub(super) fn take_form(words: Words<'_>, visit: &Visit, officer: &SignedInOfficer, handover: &Handover) -> Markup {
    html! {
        form method="post" action=(visit.href(&format!("{}/take", address(handover)))) {
            (csrf_field(officer.csrf))
            button .primary { (words.say(keys::TAKE)) }
        }
    }
}

/// Who waits, since when and why.
pub(super) fn facts(house: &House, words: Words<'_>, handover: &Handover, names: &Names) -> Markup {
    html! {
        dl .facts {
            dt { (words.say(keys::CHANNEL)) }
            dd { strong { (words::channel(words, handover.channel)) } }
            dt { (words.say(keys::REASON)) }
            dd {
                (words.say(keys::reason(handover.reason)))
                @if handover.for_supervisor { " · " (words.say(keys::FOR_SUPERVISOR)) }
            }
            dt { (words.say(keys::LANGUAGE)) }
            dd lang=(handover.locale) { (words::language(house, handover.locale)) }
            @if !handover.site.is_empty() {
                dt { (words.say(keys::SITE)) }
                dd { (gateway_locale::shown(&handover.site)) }
            }
            dt { (words.say(keys::SINCE)) }
            dd { (words::since(house, words, handover.opened_at)) }
            @if let Some(claimed) = handover.claimed_at.filter(|_| handover.state == HandoverState::Held) {
                dt { (words.say(keys::HOLDER)) }
                dd { (names.of(handover.officer, words)) }
                dt { (words.say(keys::HELD_SINCE)) }
                dd { (words::since(house, words, claimed)) }
            }
        }
    }
}

/// Every conversation that an officer holds is touched while one of the
/// console's pages is open and in use.
pub(super) async fn touch_all(console: &Console, officer: &SignedInOfficer, now: Timestamp) -> Result<(), StoreError> {
    let line = Line::read(console, officer).await?;
    for handover in &line.mine {
        console.needs.handovers.touch(handover.id, officer.officer().id, now).await?;
    }
    Ok(())
}
