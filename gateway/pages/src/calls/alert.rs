//! The alert: which terminals call, and what can be done about it.

use gateway_core::desk::OpenCall;
use gateway_core::domain::queue::SiteCode;
use gateway_core::domain::{CallStage, OfficerRole};
use gateway_core::ports::StoreError;
use gateway_locale::shown;
use maud::{Markup, html};

use super::{CALLS, CallPages, keys};
use crate::console::{Names, names};
use crate::house::{House, Words};
use crate::sign_in::page::csrf_field;
use crate::sign_in::{SignedInOfficer, session};
use crate::visit::Visit;

/// Of which sites a page shows calls.
#[derive(Clone, Copy)]
pub(crate) enum Shown<'a> {
    /// Of all that the officer may see.
    All,
    /// Of the one where they sit.
    At(&'a SiteCode),
}

/// The calls that an officer sees on a page.
#[derive(Default)]
pub(crate) struct Alert {
    open: Vec<OpenCall>,
    names: Names,
}

/// A page's own mark, and that of the calls that it shows: another one after each
/// change of either.
pub(crate) async fn with(
    mark: String,
    house: &House,
    officer: &SignedInOfficer,
    shown: Shown<'_>,
) -> Result<String, StoreError> {
    let Some(calls) = &house.calls else { return Ok(mark) };
    let open = calls.needs.desk.lately(officer.officer()).await?;
    let alert = Alert { open: seen(open, shown), names: Names::default() };
    Ok(alert.and(mark))
}

fn seen(mut open: Vec<OpenCall>, shown: Shown<'_>) -> Vec<OpenCall> {
    if let Shown::At(site) = shown {
        open.retain(|open| open.call.site.eq_ignore_ascii_case(site.as_str()));
    }
    open
}

impl Alert {
    pub(crate) async fn read(house: &House, officer: &SignedInOfficer, shown: Shown<'_>) -> Result<Self, StoreError> {
        let (Some(calls), Some(desk)) = (&house.calls, &house.needs.officers) else { return Ok(Self::default()) };
        let open = seen(calls.needs.desk.open(officer.officer()).await?, shown);
        // Most of the time nobody calls.
        let names = if open.is_empty() { Names::default() } else { names(desk).await? };
        Ok(Self { open, names })
    }

    /// How many of them have waited too long.
    pub(crate) fn late(&self) -> usize {
        self.open.iter().filter(|open| open.is_late).count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// A page's own mark with that of these calls. How many minutes each waits is
    /// shown too.
    pub(crate) fn and(&self, mark: String) -> String {
        if self.open.is_empty() {
            return mark;
        }
        let mut hasher = blake3::Hasher::new();
        for open in &self.open {
            let by = open.call.officer.map_or(-1, |officer| officer.0);
            hasher.update(&open.call.id.0.to_le_bytes()).update(&by.to_le_bytes());
            hasher.update(open.call.reason.key().as_bytes()).update(&[u8::from(open.is_late)]);
            hasher.update(&minutes(open).to_le_bytes());
        }
        format!("{mark}.{}", hasher.finalize().to_hex().chars().take(16).collect::<String>())
    }

    /// The alert of a page about other things; `back` is where its forms lead to.
    pub(crate) fn draw(&self, house: &House, visit: &Visit, officer: &SignedInOfficer, back: &str) -> Markup {
        let Some(calls) = &house.calls else { return html! {} };
        let words = house.words(visit.locale);
        html! {
            // A script finds the place even where nobody calls.
            div #calls {
                @if !self.open.is_empty() {
                    section .calls aria-labelledby="calls-title" {
                        h2 #calls-title { (words.tell(keys::ALERT, &[("count", self.open.len().into())])) }
                        (self.cards(calls, words, visit, officer, back))
                    }
                }
            }
        }
    }

    pub(super) fn cards(
        &self,
        calls: &CallPages,
        words: Words<'_>,
        visit: &Visit,
        officer: &SignedInOfficer,
        back: &str,
    ) -> Markup {
        html! {
            ul .cards {
                @for open in &self.open {
                    @let call = &open.call;
                    @let terminal = shown(call.terminal.as_str());
                    @let reason = words.say(keys::reason(call.reason));
                    @let said = if open.is_late { keys::SAID_LATE } else { keys::SAID };
                    @let said = words.tell(said, &[("terminal", (&*terminal).into()), ("reason", (&reason).into())]);
                    @let waiting = call.stage == CallStage::Waiting;
                    // What is heard, and once more when it is late.
                    @let id = format!("{}{}", call.id.0, if open.is_late { "!" } else { "" });
                    li .card .late[open.is_late] data-call=[waiting.then_some(id)] data-said=[waiting.then_some(said)] {
                        p .call-head {
                            strong { (terminal) }
                            @if open.is_late { " " span .chip { (words.say(keys::LATE)) } }
                        }
                        dl .facts {
                            dt { (words.say(keys::SITE)) }
                            dd { (calls.needs.agencies.name_of(&call.site, visit.locale)) }
                            @if let Some(counter) = &call.counter {
                                dt { (words.say(keys::COUNTER)) }
                                dd { (shown(counter)) }
                            }
                            dt { (words.say(keys::REASON)) }
                            dd { (reason) }
                            dt { (words.say(keys::WAITS)) }
                            dd { (waits(words, open)) }
                            @if !waiting {
                                dt { (words.say(keys::COMING)) }
                                dd {
                                    @if call.officer == Some(officer.officer().id) { (words.say(keys::YOU)) }
                                    @else { (self.names.of(call.officer, words)) }
                                }
                            }
                        }
                        (buttons(words, visit, officer, open, back))
                    }
                }
            }
        }
    }
}

fn buttons(words: Words<'_>, visit: &Visit, officer: &SignedInOfficer, open: &OpenCall, back: &str) -> Markup {
    let (call, me) = (&open.call, officer.officer());
    let waiting = call.stage == CallStage::Waiting;
    let mine = call.officer == Some(me.id) || me.is_at_least(OfficerRole::Supervisor);
    let (what, key) = if waiting { ("answer", keys::COME) } else { ("finish", keys::DONE) };
    let terminal = shown(call.terminal.as_str());
    html! {
        @if waiting || mine {
            form .actions method="post" action=(visit.href(&format!("{CALLS}/{}/{what}", call.id.0))) {
                (csrf_field(officer.csrf))
                @if let Some(back) = session::safe_next(back) { input type="hidden" name="next" value=(back); }
                // A button among others of the same kind says which terminal it is for.
                button .primary[waiting] { (words.tell(key, &[("terminal", (&*terminal).into())])) }
            }
        }
    }
}

fn minutes(open: &OpenCall) -> u64 {
    open.waits.as_secs() / 60
}

fn waits(words: Words<'_>, open: &OpenCall) -> String {
    match minutes(open) {
        0 => words.say(keys::WAITS_NOW),
        minutes => words.tell(keys::WAITS_MINUTES, &[("count", minutes.into())]),
    }
}

pub(super) fn live(words: Words<'_>) -> Markup {
    html! {
        // Stands outside of what is drawn anew: only then it is read aloud.
        p #calls-told role="status" aria-live="assertive" {}
        p .screen {
            button #calls-sound type="button" hidden data-on=(words.say(keys::SOUND_OFF))
                data-off=(words.say(keys::SOUND_ON)) data-blocked=(words.say(keys::SOUND_BLOCKED)) {}
        }
    }
}
