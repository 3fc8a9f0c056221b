//! What is said in a conversation: greetings, opening hours, how to reach a
//! person, and what cannot be done here.

use gateway_core::desk::{Action, DeskHours, InLineReply, NotYetReply, PersonReply, Service, Topic};
use gateway_core::domain::{DossierNumber, Score, Session};
use jiff::civil::Weekday;

use super::dialogue::contact;
use super::procedure::join;
use super::sheet::Sheet;
use super::{ChoiceLabel, Scribe};
use crate::keys;
use crate::keys::Key;
use crate::locales::Arg;
use crate::medium::Voice;
use crate::teller::Teller;

pub(super) fn greeting(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>) -> Vec<ChoiceLabel> {
    sheet.paragraph(&scribe.teller().say(keys::GREETING, &[]));
    if scribe.medium.voice == Voice::Dense {
        Vec::new()
    } else {
        offered(scribe, &[Action::Help, Action::ListAgencies])
    }
}

pub(super) fn opening_hours(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, hours: &DeskHours) -> Vec<ChoiceLabel> {
    for sentence in hours_words(scribe, hours) {
        sheet.line(&sentence);
    }
    sheet.line(&match phone(scribe, hours.hotline.as_deref()) {
        Some(phone) => scribe.teller().say(keys::HOTLINE, &[("phone", Arg::Text(&phone))]),
        None => scribe.teller().say(keys::HOTLINE_UNKNOWN, &[]),
    });
    offered(scribe, &[Action::ListAgencies])
}

pub(super) fn person(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, person: &PersonReply) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    let first = match (person.after_misunderstandings, person.callback) {
        (true, _) => keys::PERSON_MISUNDERSTOOD,
        (false, true) => keys::PERSON_NOT_NOW,
        (false, false) => keys::PERSON,
    };
    sheet.paragraph(&teller.say(first, &[]));
    sheet.line(&match phone(scribe, person.hours.hotline.as_deref()) {
        Some(phone) => teller.say(keys::PERSON_HOW, &[("phone", Arg::Text(&phone))]),
        None => teller.say(keys::PERSON_HOW_UNKNOWN, &[]),
    });
    for sentence in hours_words(scribe, &person.hours) {
        // The way to a person comes first; the hours only if there is room.
        if teller.voice == Voice::Dense { sheet.nice(&sentence) } else { sheet.line(&sentence) }
    }
    if person.callback {
        sheet.paragraph(&teller.say(keys::PERSON_CALLBACK, &[]));
        // Where officers answer over the channel itself, one button asks for one.
        if person.after_misunderstandings {
            return offered(scribe, &[Action::TalkToPerson, Action::Help]);
        }
    }
    offered(scribe, &[Action::ListAgencies, Action::Help])
}

pub(super) fn in_line(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, place: InLineReply) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    if place.again {
        sheet.paragraph(&teller.say(keys::IN_LINE_AGAIN, &[]));
    }
    match place.ahead {
        0 if place.again => {}
        0 => sheet.paragraph(&teller.say(keys::IN_LINE_NEXT, &[])),
        ahead => sheet.paragraph(&teller.say(keys::IN_LINE, &[("ahead", Arg::from(ahead))])),
    }
    if let Some(minutes) = place.wait_minutes {
        sheet.line(&teller.say(keys::IN_LINE_WAIT, &[("minutes", Arg::from(minutes.max(1)))]));
    }
    if place.complaint {
        sheet.line(&teller.say(keys::IN_LINE_COMPLAINT, &[]));
    }
    sheet.paragraph(&teller.say(keys::IN_LINE_MEANWHILE, &[]));
    offered(scribe, &[Action::LeaveLine])
}

pub(super) fn not_yet(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &NotYetReply) -> Vec<ChoiceLabel> {
    sheet.paragraph(&scribe.teller().say(keys::not_yet(&reply.service), &[]));
    call(scribe, sheet, keys::NOT_YET_ASK, reply.hotline.as_deref());
    match reply.service {
        Service::Rating if reply.officers => offered(scribe, &[Action::Complain]),
        _ => offered(scribe, &[Action::ListAgencies]),
    }
}

/// Five buttons, or five lines; a short code is sent one message instead.
pub(super) fn rate_ask(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, number: &DossierNumber) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    let shown = teller.code(number.as_str());
    let mut args = scribe.keywords.args(keys::RATE_ASK);
    args.push(("number", Arg::Text(&shown)));
    sheet.paragraph(&teller.say(keys::RATE_ASK, &args));
    if scribe.medium.voice == Voice::Dense {
        return Vec::new();
    }
    Action::ratings_of(number).map(|action| scribe.choice(&action, None)).collect()
}

pub(super) fn rated(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, number: &DossierNumber, score: Option<Score>) {
    let teller = scribe.teller();
    let number = teller.code(number.as_str());
    let number = ("number", Arg::Text(&number));
    sheet.paragraph(&match score {
        Some(score) => teller.say(keys::RATE_KEPT, &[number, ("score", Arg::from(u32::from(score.number())))]),
        None => teller.say(keys::RATE_KNOWN, &[number]),
    });
}

pub(super) fn rate_how(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, officers: bool) -> Vec<ChoiceLabel> {
    let key = keys::RATE_HOW;
    sheet.paragraph(&scribe.teller().say(key, &scribe.keywords.args(key)));
    if officers { offered(scribe, &[Action::Complain]) } else { Vec::new() }
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

/// On which days and at what times, and whether that is now.
fn hours_words(scribe: &Scribe<'_>, hours: &DeskHours) -> Vec<String> {
    hours_sentences(scribe.teller(), hours)
}

/// The same for whoever puts the answer together without a sheet.
pub(crate) fn hours_sentences(teller: Teller<'_>, hours: &DeskHours) -> Vec<String> {
    let sessions = hours.sessions.iter().map(|session| {
        let Session { from, to } = *session;
        let (from, to) = (teller.clock(from), teller.clock(to));
        teller.say(keys::HOURS_SESSION, &[("from", Arg::Text(&from)), ("to", Arg::Text(&to))])
    });
    let mut words = Vec::with_capacity(2);
    if let (Some(sessions), Some(days)) = (join(teller, sessions), days_words(teller, hours.week)) {
        let key = if hours.saturday_mornings { keys::HOURS_SESSIONS_SATURDAY } else { keys::HOURS_SESSIONS };
        words.push(teller.say(key, &[("days", Arg::Text(&days)), ("sessions", Arg::Text(&sessions))]));
    }
    words.push(match hours.opens_at {
        _ if hours.open_now => teller.say(keys::HOURS_OPEN, &[]),
        None => teller.say(keys::HOURS_CLOSED_UNKNOWN, &[]),
        Some(at) => {
            let time = teller.clock(at.time());
            let time = ("time", Arg::Text(&time));
            if hours.opens_today {
                teller.say(keys::HOURS_CLOSED_TODAY, &[time])
            } else {
                let (weekday, date) = (weekday(teller, at.weekday()), teller.date(at.date()));
                teller.say(keys::HOURS_CLOSED, &[time, ("weekday", Arg::Text(&weekday)), ("date", Arg::Text(&date))])
            }
        }
    });
    words
}

/// The days that are worked: *thứ hai đến thứ sáu*; single days by their names.
fn days_words(teller: Teller<'_>, week: [bool; 7]) -> Option<String> {
    let monday_first = Weekday::Monday.cycle_forward().zip(week);
    let mut runs: Vec<Vec<Weekday>> = vec![Vec::new()];
    for (day, worked) in monday_first {
        match runs.last_mut() {
            Some(run) if worked => run.push(day),
            _ => runs.push(Vec::new()),
        }
    }
    let words = runs.iter().flat_map(|run| match run.as_slice() {
        [first, _, .., last] => {
            let (from, to) = (weekday(teller, *first), weekday(teller, *last));
            vec![teller.say(keys::HOURS_DAYS, &[("from", Arg::Text(&from)), ("to", Arg::Text(&to))])]
        }
        few => few.iter().map(|day| weekday(teller, *day)).collect(),
    });
    join(teller, words)
}

fn weekday(teller: Teller<'_>, day: Weekday) -> String {
    teller.say(keys::weekday(&day), &[])
}

pub(super) fn call(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, key: Key, hotline: Option<&str>) {
    if let Some(phone) = phone(scribe, hotline) {
        sheet.line(&scribe.teller().say(key, &[("phone", Arg::Text(&phone))]));
    }
}

fn phone(scribe: &Scribe<'_>, hotline: Option<&str>) -> Option<String> {
    hotline.map(|phone| contact(scribe, phone)).filter(|phone| !phone.is_empty())
}

pub(super) fn offered(scribe: &Scribe<'_>, actions: &[Action]) -> Vec<ChoiceLabel> {
    actions.iter().take(scribe.most_choices()).map(|action| scribe.choice(action, None)).collect()
}
