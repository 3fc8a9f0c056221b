//! What is said in a conversation: greetings, opening hours, how to reach a
//! person, and what cannot be done here.

use gateway_core::desk::{Action, DeskHours, NotYetReply, PersonReply, Topic};
use gateway_core::domain::Session;

use super::dialogue::contact;
use super::sheet::Sheet;
use super::{ChoiceLabel, Scribe};
use crate::keys;
use crate::keys::Key;
use crate::locales::Arg;
use crate::medium::Voice;

pub(super) fn greeting(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>) -> Vec<ChoiceLabel> {
    sheet.paragraph(&scribe.teller().say(keys::GREETING, &[]));
    if scribe.medium.voice == Voice::Dense {
        Vec::new()
    } else {
        offered(scribe, &[Action::Help, Action::ListAgencies])
    }
}

pub(super) fn opening_hours(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, hours: &DeskHours) -> Vec<ChoiceLabel> {
    write_hours(scribe, sheet, hours);
    sheet.line(&match phone(scribe, hours.hotline.as_deref()) {
        Some(phone) => scribe.teller().say(keys::HOTLINE, &[("phone", Arg::Text(&phone))]),
        None => scribe.teller().say(keys::HOTLINE_UNKNOWN, &[]),
    });
    offered(scribe, &[Action::ListAgencies])
}

pub(super) fn person(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, person: &PersonReply) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    let first = if person.after_misunderstandings { keys::PERSON_MISUNDERSTOOD } else { keys::PERSON };
    sheet.paragraph(&teller.say(first, &[]));
    sheet.line(&match phone(scribe, person.hours.hotline.as_deref()) {
        Some(phone) => teller.say(keys::PERSON_HOW, &[("phone", Arg::Text(&phone))]),
        None => teller.say(keys::PERSON_HOW_UNKNOWN, &[]),
    });
    write_hours(scribe, sheet, &person.hours);
    offered(scribe, &[Action::ListAgencies])
}

pub(super) fn not_yet(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &NotYetReply) {
    sheet.paragraph(&scribe.teller().say(keys::not_yet(&reply.service), &[]));
    call(scribe, sheet, keys::NOT_YET_ASK, reply.hotline.as_deref());
}

pub(super) fn turned_away(
    scribe: &Scribe<'_>,
    sheet: &mut Sheet<'_>,
    topic: Topic,
    hotline: Option<&str>,
) -> Vec<ChoiceLabel> {
    sheet.paragraph(&scribe.teller().say(keys::topic(&topic), &[]));
    // Nobody in danger is sent to a hotline for papers.
    if topic == Topic::Emergency {
        return Vec::new();
    }
    call(scribe, sheet, keys::TOPIC_ASK, hotline);
    offered(scribe, &[Action::Help])
}

fn write_hours(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, hours: &DeskHours) {
    let teller = scribe.teller();
    let sessions = hours.sessions.iter().map(|session| {
        let Session { from, to } = *session;
        let (from, to) = (teller.clock(from), teller.clock(to));
        teller.say(keys::HOURS_SESSION, &[("from", Arg::Text(&from)), ("to", Arg::Text(&to))])
    });
    let sessions = sessions.reduce(|first, rest| {
        teller.say(keys::LIST_SEPARATOR, &[("first", Arg::Text(&first)), ("rest", Arg::Text(&rest))])
    });
    if let Some(sessions) = sessions {
        let key = if hours.saturday_mornings { keys::HOURS_SESSIONS_SATURDAY } else { keys::HOURS_SESSIONS };
        sheet.line(&teller.say(key, &[("sessions", Arg::Text(&sessions))]));
    }
    sheet.line(&match hours.opens_on {
        None => teller.say(keys::HOURS_OPEN, &[]),
        Some(_) if hours.opens_today => teller.say(keys::HOURS_CLOSED_TODAY, &[]),
        Some(day) => {
            let date = teller.date(day);
            teller.say(keys::HOURS_CLOSED, &[("date", Arg::Text(&date))])
        }
    });
}

fn call(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, key: Key, hotline: Option<&str>) {
    if let Some(phone) = phone(scribe, hotline) {
        sheet.line(&scribe.teller().say(key, &[("phone", Arg::Text(&phone))]));
    }
}

fn phone(scribe: &Scribe<'_>, hotline: Option<&str>) -> Option<String> {
    hotline.map(|phone| contact(scribe, phone)).filter(|phone| !phone.is_empty())
}

fn offered(scribe: &Scribe<'_>, actions: &[Action]) -> Vec<ChoiceLabel> {
    actions.iter().take(scribe.most_choices()).map(|action| scribe.choice(action, None)).collect()
}
