//! Says a key in one language and one voice.

use fluent_bundle::{FluentArgs, FluentValue};
use gateway_core::domain::{Money, local_datetime};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::book::Book;
use crate::keys::{self, Key};
use crate::locales::Arg;
use crate::medium::Voice;
use crate::speech;

/// One language, one voice.
#[derive(Clone, Copy)]
pub(crate) struct Teller<'a> {
    pub(crate) book: &'a Book,
    pub(crate) voice: Voice,
}

impl<'a> Teller<'a> {
    pub(crate) const fn new(book: &'a Book, voice: Voice) -> Self {
        Self { book, voice }
    }

    /// A sentence.
    pub(crate) fn say(&self, key: Key, args: &[(&'static str, Arg<'_>)]) -> String {
        let mut out = String::with_capacity(96);
        self.put(&mut out, key, args);
        out
    }

    /// A sentence at the end of a text.
    pub(crate) fn put(&self, out: &mut String, key: Key, args: &[(&'static str, Arg<'_>)]) {
        debug_assert!(
            args.len() == key.args.len() && args.iter().all(|(name, _)| key.args.contains(name)),
            "{} is spoken with other arguments than the table of keys says",
            key.id
        );
        let attribute = match self.voice {
            Voice::Dense => Some("sms"),
            Voice::Spoken => Some("speech"),
            Voice::Lines | Voice::Paragraphs => None,
        };
        if !put(self.book, out, key.id, attribute, args) {
            tracing::error!(key = key.id, locale = self.book.locale.as_str(), "no such words");
        }
    }

    /// A sentence after a space.
    pub(crate) fn also(&self, out: &mut String, key: Key, args: &[(&'static str, Arg<'_>)]) {
        if !out.is_empty() {
            out.push(' ');
        }
        self.put(out, key, args);
    }

    pub(crate) fn date(&self, day: Date) -> String {
        match self.voice {
            Voice::Spoken => {
                let year = day.year().to_string();
                let args = [
                    ("day", Arg::Count(u64::from(day.day().unsigned_abs()))),
                    ("month", Arg::Count(u64::from(day.month().unsigned_abs()))),
                    // As text: a year is not grouped like a number.
                    ("year", Arg::Text(&year)),
                ];
                self.say(keys::DATE_SPOKEN, &args)
            }
            _ => self.book.conventions.date(day),
        }
    }

    /// `8 giờ 30`.
    pub(crate) fn time_of_day(&self, at: Timestamp) -> String {
        self.book.conventions.time_of_day(at)
    }

    /// `7 giờ`, of a clock on the wall; `07:00` where every sign counts.
    pub(crate) fn clock(&self, time: Time) -> String {
        match self.voice {
            Voice::Dense => self.book.conventions.clock_face(time),
            _ => self.book.conventions.time(time),
        }
    }

    /// `10:31 24/10/2026`.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        let clock = match self.voice {
            Voice::Spoken => self.time_of_day(at),
            _ => self.book.conventions.clock(at),
        };
        let date = self.date(local_datetime(at).date());
        self.say(keys::MOMENT, &[("clock", Arg::Text(&clock)), ("date", Arg::Text(&date))])
    }

    pub(crate) fn money(&self, amount: Money) -> String {
        if self.voice != Voice::Spoken {
            return self.book.conventions.money(amount, self.voice == Voice::Dense);
        }
        let dong = amount.amount().unsigned_abs();
        let mut words: Vec<String> = Vec::new();
        let groups = [
            (keys::SPOKEN_BILLIONS, dong / 1_000_000_000),
            (keys::SPOKEN_MILLIONS, dong / 1_000_000 % 1_000),
            (keys::SPOKEN_THOUSANDS, dong / 1_000 % 1_000),
        ];
        for (key, number) in groups {
            if number > 0 {
                // As text: beyond a thousand billions a point would be read out.
                let number = number.to_string();
                words.push(self.say(key, &[("number", Arg::Text(&number))]));
            }
        }
        let rest = dong % 1_000;
        if rest > 0 || words.is_empty() {
            words.push(rest.to_string());
        }
        self.say(keys::MONEY_SPOKEN, &[("amount", Arg::Text(&words.join(" ")))])
    }

    /// A number, a code or a telephone: as it is, or sign by sign where it is
    /// read out.
    pub(crate) fn code(&self, code: &str) -> String {
        match self.voice {
            // `1.014064 giấy tờ`: the code by its signs, the words as words.
            Voice::Spoken => {
                let spelled = |word: &str| {
                    if word.bytes().any(|b| b.is_ascii_digit()) { speech::spell(word) } else { word.to_owned() }
                };
                code.split(' ').map(spelled).collect::<Vec<_>>().join(" ")
            }
            _ => code.to_owned(),
        }
    }
}

/// Writes a message, or its attribute where it has one. `false` where the
/// language has no such words; then the key itself is written, so that a
/// missing sentence is seen and never a wrong one.
pub(crate) fn put(
    book: &Book,
    out: &mut String,
    id: &str,
    attribute: Option<&str>,
    args: &[(&'static str, Arg<'_>)],
) -> bool {
    let message = book.bundle.get_message(id);
    let pattern = message.as_ref().and_then(|message| {
        attribute
            .and_then(|name| message.get_attribute(name))
            .map(|attribute| attribute.value())
            .or_else(|| message.value())
    });
    let Some(pattern) = pattern else {
        out.push_str(id);
        return false;
    };
    let mut errors = Vec::new();
    let wrote = if args.is_empty() {
        book.bundle.write_pattern(out, pattern, None, &mut errors)
    } else {
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            fluent.set(*name, fluent_value(*value));
        }
        book.bundle.write_pattern(out, pattern, Some(&fluent), &mut errors)
    };
    wrote.is_ok() && errors.is_empty()
}

fn fluent_value<'a>(arg: Arg<'a>) -> FluentValue<'a> {
    match arg {
        Arg::Text(text) => FluentValue::from(text),
        Arg::Count(count) => FluentValue::from(count),
        Arg::Amount(amount) => FluentValue::from(amount),
    }
}
