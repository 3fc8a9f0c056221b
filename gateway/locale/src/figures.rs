//! Dates, times, amounts and numbers, written as a language writes them. The
//! patterns stand in each language's `common.ftl` and are read once.

use std::fmt::Write as _;

use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::memoizer::MemoizerKind;
use gateway_core::domain::{Money, local_datetime};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::speech::Shorthand;

/// How a language writes figures.
#[derive(Debug, Clone)]
pub(crate) struct Conventions {
    date: Pattern,
    clock: Pattern,
    time: Pattern,
    time_whole: Pattern,
    money: Pattern,
    money_dense: Pattern,
    marks: NumberMarks,
    pub(crate) shorthand: Shorthand,
}

/// The texts of the `convention-*` messages.
pub(crate) struct ConventionTexts<'a> {
    pub(crate) date: &'a str,
    pub(crate) clock: &'a str,
    pub(crate) time: &'a str,
    pub(crate) time_whole: &'a str,
    pub(crate) money: &'a str,
    pub(crate) money_dense: &'a str,
    pub(crate) group: &'a str,
    pub(crate) decimal: &'a str,
    pub(crate) shorthand: &'a str,
}

impl Conventions {
    /// Reads the patterns; `Err` says which one cannot be used and why.
    pub(crate) fn read(texts: &ConventionTexts<'_>) -> Result<Self, (&'static str, &'static str)> {
        let date = Pattern::read(texts.date);
        if !date.has(&[Token::Day, Token::Month, Token::Year]) {
            return Err(("convention-date", "must hold DD, MM and YYYY"));
        }
        let clock = Pattern::read(texts.clock);
        if !clock.has(&[Token::Hour, Token::Minute]) {
            return Err(("convention-clock", "must hold HH and mm"));
        }
        let time = Pattern::read(texts.time);
        if !time.has_hour() || !time.has(&[Token::Minute]) {
            return Err(("convention-time", "must hold H or HH, and mm"));
        }
        let time_whole = Pattern::read(texts.time_whole);
        if !time_whole.has_hour() {
            return Err(("convention-time-whole", "must hold H or HH"));
        }
        let money = Pattern::read(texts.money);
        let money_dense = Pattern::read(texts.money_dense);
        if !money.has(&[Token::Number]) || !money_dense.has(&[Token::Number]) {
            return Err(("convention-money", "must hold #"));
        }
        let marks = NumberMarks::read(texts.group, texts.decimal)
            .ok_or(("convention-group", "group and decimal must be '.' and ',', ',' and '.', or ' ' and ','"))?;
        Ok(Self {
            date,
            clock,
            time,
            time_whole,
            money,
            money_dense,
            marks,
            shorthand: Shorthand::read(texts.shorthand),
        })
    }

    /// `24/10/2026`.
    pub(crate) fn date(&self, day: Date) -> String {
        self.date.fill(Some(day), Time::midnight(), "")
    }

    /// `10:31`, in Asia/Ho_Chi_Minh.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        self.clock_face(local_datetime(at).time())
    }

    /// The same of a time of day.
    pub(crate) fn clock_face(&self, time: Time) -> String {
        self.clock.fill(None, time, "")
    }

    /// `8 giờ 30`, in Asia/Ho_Chi_Minh.
    pub(crate) fn time_of_day(&self, at: Timestamp) -> String {
        self.time(local_datetime(at).time())
    }

    /// The same of a time of day.
    pub(crate) fn time(&self, time: Time) -> String {
        let pattern = if time.minute() == 0 { &self.time_whole } else { &self.time };
        pattern.fill(None, time, "")
    }

    /// `20.000 ₫`, or `20.000đ` where every sign counts.
    pub(crate) fn money(&self, amount: Money, dense: bool) -> String {
        let number = self.marks.whole(amount.amount().unsigned_abs());
        let pattern = if dense { &self.money_dense } else { &self.money };
        pattern.fill(None, Time::midnight(), &number)
    }

    /// `2.642`.
    pub(crate) fn number(&self, number: u64) -> String {
        self.marks.whole(number)
    }

    /// `97,25 %`, always with two decimals, so that a column of them is one; the
    /// space does not break the line.
    pub(crate) fn percent(&self, hundredths: u32) -> String {
        let whole = self.marks.whole(u64::from(hundredths / 100));
        format!("{whole}{}{:02}\u{a0}%", self.marks.signs().1, hundredths % 100)
    }

    /// How Fluent writes a number that stands in a sentence.
    pub(crate) fn teach(&self, bundle: &mut FluentBundle<std::sync::Arc<fluent_bundle::FluentResource>>) {
        bundle.set_formatter(Some(match self.marks {
            NumberMarks::PointComma => in_sentence_point_comma,
            NumberMarks::CommaPoint => in_sentence_comma_point,
            NumberMarks::SpaceComma => in_sentence_space_comma,
        }));
    }
}

/// A figure that a published text may hold; `None` for what no honest source
/// publishes (negative, endless, a billion days).
pub(crate) fn sane(amount: f64) -> Option<f64> {
    (amount.is_finite() && (0.0..1e9).contains(&amount)).then_some(amount)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberMarks {
    /// `1.234,5`
    PointComma,
    /// `1,234.5`
    CommaPoint,
    /// `1 234,5`
    SpaceComma,
}

impl NumberMarks {
    fn read(group: &str, decimal: &str) -> Option<Self> {
        match (group, decimal) {
            (".", ",") => Some(Self::PointComma),
            (",", ".") => Some(Self::CommaPoint),
            (" " | "\u{a0}" | "\u{202f}", ",") => Some(Self::SpaceComma),
            _ => None,
        }
    }

    const fn signs(self) -> (char, char) {
        match self {
            Self::PointComma => ('.', ','),
            Self::CommaPoint => (',', '.'),
            // A space that does not break the line.
            Self::SpaceComma => ('\u{a0}', ','),
        }
    }

    fn whole(self, number: u64) -> String {
        let digits = number.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                out.push(self.signs().0);
            }
            out.push(digit);
        }
        out
    }

    /// At most two decimals.
    fn decimal(self, number: f64) -> String {
        let Some(number) = sane(number) else { return String::from("?") };
        let text = format!("{number:.2}");
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = self.whole(whole.parse().unwrap_or_default());
        let decimals = decimals.trim_end_matches('0');
        if !decimals.is_empty() {
            out.push(self.signs().1);
            out.push_str(decimals);
        }
        out
    }
}

// Fluent takes plain function pointers, so each way of writing has its own.
fn in_sentence_point_comma<M: MemoizerKind>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    in_sentence(value, NumberMarks::PointComma)
}

fn in_sentence_comma_point<M: MemoizerKind>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    in_sentence(value, NumberMarks::CommaPoint)
}

fn in_sentence_space_comma<M: MemoizerKind>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    in_sentence(value, NumberMarks::SpaceComma)
}

fn in_sentence(value: &FluentValue<'_>, marks: NumberMarks) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(marks.decimal(number.value)),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Day,
    Month,
    Year,
    Hour,
    /// Without a zero in front.
    PlainHour,
    Minute,
    Number,
}

const TOKENS: [(&str, Token); 7] = [
    ("YYYY", Token::Year),
    ("DD", Token::Day),
    ("MM", Token::Month),
    ("HH", Token::Hour),
    ("H", Token::PlainHour),
    ("mm", Token::Minute),
    ("#", Token::Number),
];

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Token(Token),
}

#[derive(Debug, Clone)]
struct Pattern(Vec<Part>);

impl Pattern {
    fn read(text: &str) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some((name, token)) = TOKENS.iter().find(|(name, _)| rest.starts_with(name)) {
                parts.push(Part::Token(*token));
                rest = rest.get(name.len()..).unwrap_or_default();
                continue;
            }
            match parts.last_mut() {
                Some(Part::Text(text)) => text.push(c),
                _ => parts.push(Part::Text(c.to_string())),
            }
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        Self(parts)
    }

    fn has(&self, tokens: &[Token]) -> bool {
        tokens.iter().all(|wanted| self.0.iter().any(|part| matches!(part, Part::Token(token) if token == wanted)))
    }

    fn has_hour(&self) -> bool {
        self.has(&[Token::Hour]) || self.has(&[Token::PlainHour])
    }

    fn fill(&self, day: Option<Date>, time: Time, number: &str) -> String {
        let day = day.unwrap_or_default();
        let mut out = String::with_capacity(24);
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Token(Token::Number) => out.push_str(number),
                Part::Token(Token::Day) => two(&mut out, day.day()),
                Part::Token(Token::Month) => two(&mut out, day.month()),
                Part::Token(Token::Hour) => two(&mut out, time.hour()),
                Part::Token(Token::PlainHour) => out.push_str(&time.hour().to_string()),
                Part::Token(Token::Minute) => two(&mut out, time.minute()),
                Part::Token(Token::Year) => {
                    let wrote = write!(out, "{:04}", day.year());
                    debug_assert!(wrote.is_ok(), "writing to a string cannot fail");
                }
            }
        }
        out
    }
}

fn two(out: &mut String, number: i8) {
    let number = number.unsigned_abs();
    out.push(char::from(b'0' + number / 10 % 10));
    out.push(char::from(b'0' + number % 10));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vi() -> Conventions {
        Conventions::read(&ConventionTexts {
            date: "DD/MM/YYYY",
            clock: "HH:mm",
            time: "H giờ mm",
            time_whole: "H giờ",
            money: "# ₫",
            money_dense: "#đ",
            group: ".",
            decimal: ",",
            shorthand: "",
        })
        .unwrap()
    }

    #[test]
    fn shares_have_two_decimals() {
        let shares = [0, 7, 9_725, 10_000].map(|share| vi().percent(share));
        assert_eq!(shares, ["0,00\u{a0}%", "0,07\u{a0}%", "97,25\u{a0}%", "100,00\u{a0}%"]);
    }

    #[test]
    fn amounts_are_grouped() {
        let money = |dong| vi().money(Money::from_dong(dong).unwrap(), false);
        assert_eq!(money(0), "0 ₫");
        assert_eq!(money(999), "999 ₫");
        assert_eq!(money(20_000), "20.000 ₫");
        assert_eq!(money(1_234_567), "1.234.567 ₫");
        assert_eq!(vi().money(Money::from_dong(8_000).unwrap(), true), "8.000đ");
    }

    #[test]
    fn midnight_at_new_year_is_a_day_of_the_new_year_in_vietnam() {
        let conventions = vi();
        let at: Timestamp = "2026-12-31T17:00:00Z".parse().unwrap();
        assert_eq!(conventions.date(local_datetime(at).date()), "01/01/2027");
        assert_eq!(conventions.clock(at), "00:00");
        let before: Timestamp = "2026-12-31T16:59:59Z".parse().unwrap();
        assert_eq!(conventions.date(local_datetime(before).date()), "31/12/2026");
        assert_eq!(conventions.clock(before), "23:59");
        assert_eq!(conventions.time_of_day(at), "0 giờ");
        assert_eq!(conventions.time_of_day("2026-10-24T01:05:00Z".parse().unwrap()), "8 giờ 05");
    }

    #[test]
    fn numbers_in_sentences_follow_the_language() {
        assert_eq!(NumberMarks::PointComma.decimal(1_234.5), "1.234,5");
        assert_eq!(NumberMarks::CommaPoint.decimal(1_234.5), "1,234.5");
        assert_eq!(NumberMarks::SpaceComma.decimal(1_234.0), "1\u{a0}234");
        assert_eq!(NumberMarks::PointComma.decimal(f64::NAN), "?");
        assert_eq!(NumberMarks::PointComma.decimal(-1.0), "?");
    }

    #[test]
    fn a_pattern_that_leaves_out_the_year_is_refused() {
        let texts = ConventionTexts {
            date: "DD/MM",
            clock: "HH:mm",
            time: "H giờ mm",
            time_whole: "H giờ",
            money: "# ₫",
            money_dense: "#đ",
            group: ".",
            decimal: ",",
            shorthand: "",
        };
        assert_eq!(Conventions::read(&texts).unwrap_err().0, "convention-date");
    }
}
