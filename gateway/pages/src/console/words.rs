//! What stands in rows, in words; and what citizens wrote, made harmless.

use std::time::Duration;

use gateway_core::desk::Reply;
use gateway_core::domain::{Channel, Locale, Phase};
use gateway_locale::shown;
use jiff::Timestamp;
use maud::{Markup, html};

use super::keys;
use crate::house::{House, Words};

/// Words of somebody else as they may stand on a page: line by line, without
/// control characters, terminal codes and marks that turn the direction of
/// writing. (That nothing of it is markup is the template's doing.)
pub(super) fn inert(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(shown).collect();
    lines.join("\n").trim().to_owned()
}

/// The same, in a direction of its own.
pub(super) fn spoken(text: &str) -> Markup {
    html! { bdi dir="auto" { (inert(text)) } }
}

pub(super) fn channel(words: Words<'_>, channel: Channel) -> String {
    words.say(keys::channel(channel))
}

/// A language, named in itself.
pub(super) fn language(house: &House, locale: Locale) -> String {
    house.words(locale).say(crate::keys::LANGUAGE_NAME)
}

/// `12 minutes`, rounded down; a minute at least.
pub(super) fn minutes(words: Words<'_>, span: Duration) -> String {
    words.tell(keys::MINUTES, &[("count", (span.as_secs() / 60).max(1).into())])
}

/// A moment, and how long ago it is.
pub(super) fn since(house: &House, words: Words<'_>, at: Timestamp) -> String {
    let span = house.needs.clock.now().duration_since(at).unsigned_abs();
    let (time, ago) = (house.needs.locales.moment(words.locale, at), minutes(words, span));
    words.tell(keys::SINCE_AT, &[("time", (&time).into()), ("ago", (&ago).into())])
}

/// What was understood and answered: `action | said | code`, as the engine
/// writes it beside its lines. `None` for anything else.
pub(super) fn understood(words: Words<'_>, written: &str) -> Option<String> {
    let mut parts = written.split(" | ");
    let (action, said, code) = (parts.next()?, parts.next()?, parts.next()?);
    let (action, answer) = (wanted(words, action), answered(words, said));
    let args = [("action", (&action).into()), ("answer", (&answer).into()), ("code", code.into())];
    Some(words.tell(keys::UNDERSTOOD, &args))
}

/// Whether a line of the house is for the citizen alone: the owner's view of a
/// dossier, their own requests. Whoever wants to see it asks the Desk.
pub(super) fn is_private(written: &str) -> bool {
    let reply = written.split(" | ").nth(1).and_then(|said| said.split(' ').next());
    reply.is_some_and(|reply| Reply::PRIVATE.contains(&reply))
}

/// What somebody wanted; a word that is not known stands for itself.
pub(super) fn wanted(words: Words<'_>, action: &str) -> String {
    keys::action(action).map_or_else(|| action.to_owned(), |key| words.say(key))
}

/// What was answered, by the audit's words (`dossier status=… next=…`).
pub(super) fn answered(words: Words<'_>, said: &str) -> String {
    let mut parts = said.split(' ');
    let reply = parts.next().unwrap_or_default();
    let public = |name: &str| {
        said.split(' ').filter_map(|word| word.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    if reply == "refused" {
        return words.tell(keys::ANSWER_REFUSED, &[("code", public("code").unwrap_or_default().into())]);
    }
    let answer = keys::answer(reply).map_or_else(|| reply.to_owned(), |key| words.say(key));
    let status = public("status")
        .and_then(|key| Phase::ALL.into_iter().find(|phase| phase.key() == key))
        .map(|phase| words.locales.phase_label(phase, words.locale));
    let status = status.or_else(|| public("code").map(str::to_owned));
    match status {
        Some(status) => words.tell(keys::ANSWER_STATUS, &[("answer", (&answer).into()), ("status", (&status).into())]),
        None => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::{inert, is_private};

    #[test]
    fn what_citizens_write_keeps_its_lines_and_nothing_that_hides() {
        assert_eq!(inert("một\r\nhai\n\n\nba"), "một\nhai\n\n\nba");
        assert_eq!(inert("a\u{202e}b\u{1b}[31mc\u{0}d\u{200b}e"), "abc de");
        assert_eq!(inert("<b>&amp;"), "<b>&amp;", "the template escapes");
        assert_eq!(inert("\u{7}\n"), "");
    }

    #[test]
    fn the_owners_view_is_known() {
        assert!(is_private("disclose_dossier | disclosed status=processing next=wait | 7K3F"));
        assert!(is_private("my_requests | my_requests | 7K3F"));
        assert!(!is_private("track_dossier | dossier status=processing next=wait | 7K3F"));
        assert!(!is_private("officer_came") && !is_private(""));
    }
}
