//! What is neither a dossier nor a procedure: help, agencies, questions back,
//! refusals, other authorities.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::desk::{Action, ElsewhereReply, Question, QuestionKind, Refusal};
use gateway_core::domain::{Agency, Level};

use super::sheet::Sheet;
use super::{ChoiceLabel, MOST_OF_A_NAME, Scribe};
use crate::clean::{clean, without_links};
use crate::keys;
use crate::keywords::Keywords;
use crate::locales::Arg;
use crate::medium::Voice;
use crate::names::agency_name;
use crate::speech::spell_numbers;
use crate::teller::Teller;

/// A refusal in the citizen's words: why, and what to do.
pub(crate) fn refusal_text(teller: Teller<'_>, refusal: &Refusal, keywords: &Keywords) -> String {
    let key = keys::refusal(&refusal.kind);
    debug_assert_eq!(key.id, refusal.fluent_key());
    let mut args = keywords.args(key);
    let wait;
    if key.args.contains(&"wait") {
        wait = waiting(teller, refusal.retry_after);
        args.push(("wait", Arg::Text(&wait)));
    }
    teller.say(key, &args)
}

/// `45 giây`, `5 phút`, `2 giờ`; always rounded up, so that nobody comes too early.
fn waiting(teller: Teller<'_>, span: Option<Duration>) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    let Some(span) = span else { return teller.say(keys::WAIT_A_WHILE, &[]) };
    let seconds = span.as_secs().saturating_add(u64::from(span.subsec_nanos() > 0)).max(1);
    let (key, count) = match seconds {
        0..=MINUTE => (keys::WAIT_SECONDS, seconds),
        seconds if seconds <= HOUR => (keys::WAIT_MINUTES, seconds.div_ceil(MINUTE)),
        seconds => (keys::WAIT_HOURS, seconds.div_ceil(HOUR)),
    };
    teller.say(key, &[("count", Arg::Count(count))])
}

pub(super) fn elsewhere(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &ElsewhereReply) {
    let teller = scribe.teller();
    let number = teller.code(reply.number.as_str());
    let authority = reply.authority.as_deref().map(|name| clean(name, MOST_OF_A_NAME)).filter(|name| !name.is_empty());
    sheet.paragraph(&match &authority {
        Some(authority) => {
            teller.say(keys::ELSEWHERE, &[("number", Arg::Text(&number)), ("authority", Arg::Text(authority))])
        }
        None => teller.say(keys::ELSEWHERE_UNKNOWN, &[("number", Arg::Text(&number))]),
    });
    // Where all that is known is a link, an SMS cannot say it.
    let ask_at = reply.ask_at.as_deref().map(|place| contact(scribe, place)).filter(|place| !place.is_empty());
    sheet.line(&match &ask_at {
        Some(place) => teller.say(keys::ELSEWHERE_ASK, &[("where", Arg::Text(place))]),
        None => teller.say(keys::ELSEWHERE_ASK_UNKNOWN, &[]),
    });
}

/// A telephone or a place to ask, as the medium can say it.
pub(super) fn contact(scribe: &Scribe<'_>, text: &str) -> String {
    let text = clean(text, MOST_OF_A_NAME);
    let text = if scribe.medium.links { text } else { without_links(&text).into_owned().into() };
    let text = text.trim_matches(|c: char| matches!(c, ' ' | ',' | ';' | '.' | '-' | '–'));
    if !text.chars().any(char::is_alphanumeric) {
        return String::new();
    }
    match scribe.medium.voice {
        Voice::Spoken => spell_numbers(text),
        _ => text.to_owned(),
    }
}

pub(super) fn agencies(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, agencies: &[Arc<Agency>]) {
    let teller = scribe.teller();
    if agencies.is_empty() {
        sheet.paragraph(&teller.say(keys::AGENCIES_NONE, &[]));
        return;
    }
    sheet.paragraph(&teller.say(keys::AGENCIES, &[("count", Arg::from(agencies.len()))]));
    for agency in agencies {
        let name = clean(agency_name(agency, scribe.book.locale), MOST_OF_A_NAME);
        let address = agency.address.as_deref().map(|text| clean(text, MOST_OF_A_NAME)).filter(|text| !text.is_empty());
        let phone = agency.phone.as_deref().map(|text| contact(scribe, text)).filter(|text| !text.is_empty());
        let name = ("name", Arg::Text(&name));
        sheet.item(&match (&address, &phone) {
            (Some(address), Some(phone)) => {
                teller.say(keys::AGENCY_BOTH, &[name, ("address", Arg::Text(address)), ("phone", Arg::Text(phone))])
            }
            (Some(address), None) => teller.say(keys::AGENCY_ADDRESS, &[name, ("address", Arg::Text(address))]),
            (None, Some(phone)) => teller.say(keys::AGENCY_PHONE, &[name, ("phone", Arg::Text(phone))]),
            (None, None) => teller.say(keys::AGENCY, &[name]),
        });
    }
}

pub(super) fn help(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    if scribe.medium.voice == Voice::Dense {
        // What can be asked by SMS is asked with keywords.
        sheet.paragraph(&teller.say(keys::SMS_HELP, &scribe.keywords.args(keys::SMS_HELP)));
        return vec![scribe.choice(&Action::ListAgencies, None)];
    }
    sheet.paragraph(&teller.say(keys::HELP_WELCOME, &[]));
    for key in [keys::HELP_DOSSIER, keys::HELP_PROCEDURE, keys::HELP_AGENCIES] {
        sheet.item(&teller.say(key, &[]));
    }
    sheet.paragraph(&teller.say(keys::HELP_PRIVACY, &[]));
    vec![scribe.choice(&Action::ListAgencies, None)]
}

pub(super) fn question(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, question: &Question) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    sheet.paragraph(&match &question.kind {
        QuestionKind::WhichDossier => teller.say(keys::QUESTION_WHICH_DOSSIER, &[]),
        QuestionKind::WhichProcedure => teller.say(keys::QUESTION_WHICH_PROCEDURE, &[]),
        QuestionKind::NumberUnclear(problem) => teller.say(keys::number_problem(problem), &[]),
        QuestionKind::NumberMissing => teller.say(keys::QUESTION_NUMBER_MISSING, &[]),
        QuestionKind::ProcedureMissing => teller.say(keys::QUESTION_PROCEDURE_MISSING, &[]),
        QuestionKind::NoneAtLevel(level) => {
            let level = level_text(teller, level);
            teller.say(keys::QUESTION_NONE_AT_LEVEL, &[("level", Arg::Text(&level))])
        }
    });
    let choices: Vec<ChoiceLabel> =
        question.choices.iter().take(scribe.most_choices()).map(|action| scribe.choice(action, None)).collect();
    if !choices.is_empty() {
        scribe.write_choices(sheet, &choices);
        let how = if scribe.medium.buttons > 0 { keys::QUESTION_TAP_CHOICE } else { keys::QUESTION_SEND_CHOICE };
        sheet.line(&teller.say(how, &[]));
    }
    choices
}

pub(super) fn level_text(teller: Teller<'_>, level: &Level) -> String {
    match level {
        Level::Other(text) => {
            let text = clean(text, MOST_OF_A_NAME);
            teller.say(keys::level(level), &[("text", Arg::Text(&text))])
        }
        known => teller.say(keys::level(known), &[]),
    }
}
