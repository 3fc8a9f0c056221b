//! Codes, subscriptions, and what the house says by itself.

use gateway_core::desk::{DossierReply, SubscribeOutcome, SubscribedReply};
use gateway_core::domain::OneTimeCode;

use super::sheet::Sheet;
use super::{MOST_OF_A_NOTICE, Scribe, dossier};
use crate::clean::clean;
use crate::keys::{self, Key};
use crate::locales::Arg;
use crate::medium::Voice;

/// The same for every dossier, known or not.
pub(super) fn code_sent(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, minutes: u64) {
    sheet.paragraph(&scribe.teller().say(keys::CODE_SENT, &[("minutes", Arg::Count(minutes))]));
}

/// To the registered phone: neither number nor name stands beside the code.
pub(super) fn one_time_code(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, code: &OneTimeCode, minutes: u64) {
    let teller = scribe.teller();
    let code = teller.code(code.digits());
    sheet.paragraph(&teller.say(keys::ONE_TIME_CODE, &[("code", Arg::Text(&code)), ("minutes", Arg::Count(minutes))]));
}

pub(super) fn subscribed(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &SubscribedReply) {
    let teller = scribe.teller();
    let number = teller.code(reply.number.as_str());
    let (key, until) = match reply.outcome {
        SubscribeOutcome::Until(day) => (keys::SUBSCRIBED_UNTIL, Some(day)),
        SubscribeOutcome::Already(day) => (keys::SUBSCRIBED_ALREADY, Some(day)),
        SubscribeOutcome::NothingToWaitFor => (keys::SUBSCRIBED_NOTHING, None),
    };
    let mut args = scribe.keywords.args(key);
    args.push(("number", Arg::Text(&number)));
    let date = until.map(|day| teller.date(day));
    if let Some(date) = &date {
        args.push(("date", Arg::Text(date)));
    }
    sheet.paragraph(&teller.say(key, &args));
}

/// What is stopped or sent again, and the word that turns it round.
pub(super) fn wish(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, key: Key) {
    sheet.paragraph(&scribe.teller().say(key, &scribe.keywords.args(key)));
}

/// A dossier that somebody subscribed to has moved: the public view.
pub(super) fn moved(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &DossierReply) {
    if scribe.medium.voice != Voice::Dense {
        sheet.paragraph(&scribe.teller().say(keys::MOVED, &[]));
    }
    dossier::write_moved(scribe, sheet, reply);
    write_stop(scribe, sheet);
}

/// Words of the administration.
pub(super) fn announcement(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, text: &str) {
    let text = clean(text, MOST_OF_A_NOTICE);
    if text.is_empty() {
        return;
    }
    sheet.paragraph(&scribe.teller().say(keys::NOTICE, &[("text", Arg::Text(&text))]));
    write_stop(scribe, sheet);
}

/// To be left alone is as easy as to be told.
fn write_stop(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>) {
    let key = keys::NOTICE_STOP;
    sheet.paragraph(&scribe.teller().say(key, &scribe.keywords.args(key)));
}
