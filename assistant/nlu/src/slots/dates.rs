//! Days and periods as people name them, from the day on which they speak.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::months::{month_of_day, month_or_year, spelled_month};
use super::words::{Gap, Word, Words};

/// A day, or a period of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The first day.
    pub first: Date,
    /// The last day; the first one where a single day is named.
    pub last: Date,
    /// The year was said or follows from what was said. Where it was not, the
    /// nearest one was taken, and the caller may know better.
    pub year_said: bool,
}

impl When {
    /// The day, where a single one is named.
    pub fn day(&self) -> Option<Date> {
        (self.first == self.last).then_some(self.first)
    }

    pub(super) fn on(day: Date) -> Self {
        Self { first: day, last: day, year_said: true }
    }

    pub(super) fn between(first: Date, last: Date) -> Self {
        Self { first, last, year_said: true }
    }
}

/// What was read, and how many words it takes.
pub(super) type Read = Option<(usize, When)>;

/// Dates of one text at most.
const MOST: usize = 16;

/// The dates of a text in their order.
pub(super) fn find(words: &Words, today: Date) -> Vec<(Range<usize>, When)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|_| found.len() < MOST) {
        match read_at(words, at, word, today) {
            Some((len, when)) => {
                found.push((words.span(at, at + len), when));
                at += len;
            }
            // No part of an impossible date is a date.
            None => at += numeric_run(words, at).max(1),
        }
    }
    found
}

fn read_at(words: &Words, at: usize, word: &Word, today: Date) -> Read {
    if word.is_digits() {
        return numeric(words, at, today)
            .or_else(|| month_of_day(words, at, at, today))
            .or_else(|| english_day(words, at, today))
            .or_else(|| in_days(words, at, today));
    }
    near(words, at, word, today)
        .or_else(|| weekday(words, at, word, today))
        .or_else(|| spelled_day(words, at, word, today))
        .or_else(|| month_or_year(words, at, word, today))
        .or_else(|| english_day(words, at, today))
}

/// The number of words that are digits joined by the marks of a date.
fn numeric_run(words: &Words, at: usize) -> usize {
    let joined =
        |n: usize| words.get(n).is_some_and(|word| word.is_digits() && matches!(word.gap, Gap::Tight('/' | '-' | '.')));
    if words.get(at).is_some_and(Word::is_digits) {
        1 + (at + 1..words.len()).take_while(|n| joined(*n)).count()
    } else {
        0
    }
}

/// `24/10/2026`, `24-10-26`, `24.10.2026`, `2026-10-24`, `24/10`.
fn numeric(words: &Words, at: usize, today: Date) -> Read {
    let run = numeric_run(words, at);
    let number = |n: usize| words.get(at + n).and_then(Word::number);
    let mark = |n: usize| words.get(at + n).map(|word| word.gap);
    if words.get(at + run).is_some_and(|next| matches!(next.gap, Gap::None | Gap::Tight(_)))
        || words.get(at).is_some_and(|first| matches!(first.gap, Gap::None | Gap::Tight(_)))
    {
        return None;
    }
    match run {
        3 if mark(1) == mark(2) => {
            let (a, b, c) = (number(0)?, number(1)?, number(2)?);
            let first = words.get(at)?.folded.len();
            let last = words.get(at + 2)?.folded.len();
            let day = if first == 4 { day_of(a, b, c) } else { day_of(year_of(c, last)?, b, a) }?;
            Some((3, When::on(day)))
        }
        2 => {
            let (day, month) = (number(0)?, number(1)?);
            let slash = mark(1) == Some(Gap::Tight('/'));
            let said = words.back_folded(at);
            if words.get(at + 1)?.folded.len() == 4 {
                // `3/2025` is a month.
                return super::months::whole_month(month, day)
                    .filter(|_| slash || said == "thang")
                    .map(|when| (2, when));
            }
            let cue =
                ["ngay", "hom", "tu", "den", "toi", "truoc", "sau", "vao", "on", "by", "mung", "hen"].contains(&said);
            let address = ["so", "hem", "ngo", "ngach", "duong", "kiet", "lo", "to", "ap", "nha", "khoang", "dieu"];
            // `24/7`, halves and thirds, addresses and laws.
            let other = (day, month) == (24, 7) || (day < month && day <= 3 && month <= 4) || address.contains(&said);
            if (!cue && (!slash || other)) || words.get(at)?.folded.len() > 2 {
                return None;
            }
            Some((2, nearest(month, day, today)?))
        }
        _ => None,
    }
}

/// A year of four digits, or of two in this century.
fn year_of(year: u32, digits: usize) -> Option<u32> {
    match digits {
        2 => Some(2000 + year),
        4 if (1900..=2100).contains(&year) => Some(year),
        _ => None,
    }
}

/// A day that exists.
pub(super) fn day_of(year: u32, month: u32, day: u32) -> Option<Date> {
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(year, month, day).ok().filter(|date| (1900..=2100).contains(&date.year()))
}

/// That day in the year in which it lies nearest.
pub(super) fn nearest(month: u32, day: u32, today: Date) -> Option<When> {
    let year = u32::try_from(today.year()).ok()?;
    let far = |date: &Date| (*date - today).get_days().abs();
    // The 29th of February lies up to four years away.
    let date = (year.saturating_sub(4)..=year + 4).filter_map(|year| day_of(year, month, day)).min_by_key(far)?;
    Some(When { year_said: false, ..When::on(date) })
}

pub(super) fn shift(today: Date, days: i64) -> Option<Date> {
    today.checked_add(days.days()).ok()
}

/// `hôm qua`, `ngày mai`, `today`, `tuần sau`, `last week`.
fn near(words: &Words, at: usize, word: &Word, today: Date) -> Read {
    const DAYS: [(&str, i64); 30] = [
        ("hnay", 0),
        ("hqua", -1),
        ("nmai", 1),
        ("hom nay", 0),
        ("bua nay", 0),
        ("sang nay", 0),
        ("trua nay", 0),
        ("chieu nay", 0),
        ("toi nay", 0),
        ("ngay hom nay", 0),
        ("hom qua", -1),
        ("bua qua", -1),
        ("dem qua", -1),
        ("hom kia", -2),
        ("bua kia", -2),
        ("ngay mai", 1),
        ("sang mai", 1),
        ("trua mai", 1),
        ("chieu mai", 1),
        ("toi mai", 1),
        ("bua mai", 1),
        ("ngay mot", 2),
        ("ngay kia", 2),
        ("sang mot", 2),
        ("today", 0),
        ("tonight", 0),
        ("yesterday", -1),
        ("tomorrow", 1),
        ("day after tomorrow", 2),
        ("day before yesterday", -2),
    ];
    let named = DAYS.iter().filter_map(|(name, days)| Some((words.phrase(at, name)?, *days)));
    if let Some((len, days)) = named.max_by_key(|(len, _)| *len) {
        // `tôi mai` is a name, `một` no `mốt`.
        let marks = match (word.folded.as_str(), words.get(at + 1).map(|next| next.text.as_str())) {
            ("toi", _) if word.text == "tôi" => false,
            (_, Some("một")) => false,
            _ => true,
        };
        return Some((len, When::on(shift(today, days)?))).filter(|_| marks);
    }
    // These are other words without their marks (*tôi qua phường*).
    if let Some(next) = words.get(at + 1).filter(|next| next.gap.joins() && next.is("qua") && next.text == "qua")
        && ["sáng", "trưa", "chiều", "tối"].contains(&word.text.as_str())
        && !words
            .get(at + 2)
            .is_some_and(|then| then.gap.joins() && then.is_one_of(&["phuong", "xa", "trung", "do", "day"]))
    {
        return Some((2, When::on(shift(today, -1)?))).filter(|_| next.is_bare());
    }
    if word.is("mai") && word.is_bare() && is_tomorrow(words, at, word) {
        return Some((1, When::on(shift(today, 1)?)));
    }
    period(words, at, today)
}

/// `mai` alone: tomorrow, not the name and not the flower.
fn is_tomorrow(words: &Words, at: usize, word: &Word) -> bool {
    const THEN: [&str; 24] = [
        "toi", "em", "minh", "di", "len", "nop", "co", "duoc", "ra", "den", "ghe", "lam", "con", "thi", "phuong", "la",
        "co", "xuong", "lay", "nhan", "cho", "anh", "chi", "ubnd",
    ];
    let begins =
        word.gap.parts() || words.back(at, 1).is_some_and(|back| back.is_one_of(&["de", "thi", "nen", "ma", "den"]));
    let follows = words.get(at + 1).filter(|next| next.gap.joins());
    begins && (!word.capital || word.gap == Gap::Start) && follows.is_some_and(|next| next.is_one_of(&THEN))
}

/// `tuần này`, `tháng sau`, `năm ngoái`, `next month`, `last year`.
fn period(words: &Words, at: usize, today: Date) -> Read {
    const UNITS: [(&str, Unit); 6] = [
        ("tuần", Unit::Week),
        ("tháng", Unit::Month),
        ("năm", Unit::Year),
        ("week", Unit::Week),
        ("month", Unit::Month),
        ("year", Unit::Year),
    ];
    let unit = |at: usize| {
        let word = words.get(at)?;
        UNITS.iter().find(|(name, _)| word.may_be(name)).map(|(_, unit)| *unit)
    };
    if let Some(unit) = unit(at) {
        // `3 tuần trước` is counted, `6 tháng tới` too.
        if words.get(at).is_some_and(|word| word.gap.joins()) && words.back(at, 1).is_some_and(Word::is_digits) {
            return None;
        }
        let turn = turn_of(words, at + 1)?;
        // `tuần sau nữa`
        let further = usize::from(turn == 1 && words.next_folded(at + 2) == "nua");
        return Some((2 + further, unit.period(today, turn + i64::from(further > 0))?));
    }
    let turn = match words.get(at)?.folded.as_str() {
        "this" => 0,
        "next" => 1,
        "last" => -1,
        _ => return None,
    };
    let unit = unit(at + 1)?;
    Some((2, unit.period(today, turn)?))
}

/// `này`, `sau`, `trước` after the name of a period or a weekday.
fn turn_of(words: &Words, at: usize) -> Option<i64> {
    let word = words.get(at).filter(|word| word.gap == Gap::Space)?;
    match (word.folded.as_str(), word.text.as_str()) {
        ("nay", "này" | "nay") => Some(0),
        // `tháng sáu` is June.
        ("sau", "sau") | ("toi", "tới" | "toi") => Some(1),
        ("truoc", _) | ("roi", "rồi" | "roi") | ("qua", "qua") | ("ngoai", "ngoái" | "ngoai") => Some(-1),
        ("vua", _) if matches!(words.next_folded(at + 1), "roi" | "qua") => Some(-1),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
enum Unit {
    Week,
    Month,
    Year,
}

impl Unit {
    fn period(self, today: Date, turn: i64) -> Option<When> {
        let (first, last) = match self {
            Self::Week => {
                let monday = shift(today, -i64::from(today.weekday().to_monday_zero_offset()) + turn * 7)?;
                (monday, shift(monday, 6)?)
            }
            Self::Month => {
                let month = today.checked_add(turn.months()).ok()?;
                (month.first_of_month(), month.last_of_month())
            }
            Self::Year => {
                let year = today.checked_add(turn.years()).ok()?;
                (year.first_of_year(), year.last_of_year())
            }
        };
        Some(When::between(first, last))
    }
}

/// What makes `thứ hai` a place in a row: *con thứ hai*, *lần thứ 2*.
const COUNTED: [&str; 26] = [
    "cai", "lan", "con", "nguoi", "loai", "giay", "cau", "dua", "vo", "chong", "muc", "be", "xe", "nha", "cap", "the",
    "ban", "vong", "dong", "trang", "phan", "so", "chau", "ho", "quyen", "luot",
];

/// `thứ hai`, `thứ 2 tuần tới`, `chủ nhật`, `next Monday`.
fn weekday(words: &Words, at: usize, word: &Word, today: Date) -> Read {
    let (len, day) = weekday_name(words, at, word)?;
    let vietnamese = word.is_one_of(&["thu", "chu", "t", "cn"]);
    if vietnamese && COUNTED.contains(&words.back_folded(at)) {
        return None;
    }
    let monday = shift(today, -i64::from(today.weekday().to_monday_zero_offset()))?;
    let in_week = |turn: i64| shift(monday, turn * 7 + i64::from(day.to_monday_zero_offset()));
    let coming = |from: i64| {
        let ahead = i64::from(day.to_monday_zero_offset()) - i64::from(today.weekday().to_monday_zero_offset());
        shift(today, if ahead < from { ahead + 7 } else { ahead })
    };
    let mut len = len;
    let before = words.back_folded(at);
    let date = if words.next_folded(at + len) == "tuan"
        && let Some(turn) = turn_of(words, at + len + 1)
    {
        len += 2;
        in_week(turn)
    } else if let Some(turn) = turn_of(words, at + len).filter(|_| vietnamese) {
        len += 1;
        match turn {
            0 => in_week(0),
            1 => coming(1),
            _ => coming(0).and_then(|day| shift(day, -7)),
        }
    } else if !vietnamese && before == "last" {
        coming(0).and_then(|day| shift(day, -7))
    } else if !vietnamese && before == "next" {
        coming(1)
    } else {
        coming(0)
    };
    Some((len, When::on(date?)))
}

fn weekday_name(words: &Words, at: usize, word: &Word) -> Option<(usize, Weekday)> {
    const ENGLISH: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    if let Some((_, day)) = ENGLISH.iter().find(|(name, _)| word.is(name)) {
        return Some((1, *day));
    }
    let next = words.get(at + 1)?;
    if word.is("chu") && next.is("nhat") && word.may_be("chủ") && next.gap.joins() {
        return Some((2, Weekday::Sunday));
    }
    // `thu 2 ban` may be *thu hai bản*: bare digits need nothing, words do.
    let thu = word.is("thu") && word.may_be("thứ") && next.gap.joins();
    let short = word.is("t") && next.gap == Gap::None;
    if !thu && !short {
        return None;
    }
    let number = match next.number() {
        Some(number) => number,
        None if thu => match next.text.as_str() {
            "hai" => 2,
            "ba" => 3,
            "tư" | "tu" => 4,
            "năm" | "nam" => 5,
            "sáu" | "sau" => 6,
            "bảy" | "bẩy" | "bay" => 7,
            _ => return None,
        },
        None => return None,
    };
    // `thứ 2 tháng` after a number, `thu 3 trieu`: a count of something.
    if words
        .get(at + 2)
        .is_some_and(|then| then.gap.joins() && then.is_one_of(&["trieu", "nghin", "ngan", "nguoi", "lan"]))
    {
        return None;
    }
    let day = match number {
        2 => Weekday::Monday,
        3 => Weekday::Tuesday,
        4 => Weekday::Wednesday,
        5 => Weekday::Thursday,
        6 => Weekday::Friday,
        7 => Weekday::Saturday,
        _ => return None,
    };
    Some((2, day))
}

/// `ngày 5 tháng 3 năm 2025`, `mùng 5 tháng 3`, `ngày 5/3`, `ngày 5` alone not.
fn spelled_day(words: &Words, at: usize, word: &Word, today: Date) -> Read {
    if !word.is_one_of(&["ngay", "mung", "mong", "hom"]) {
        return None;
    }
    let day = at + 1;
    if !words.get(day).is_some_and(|next| next.gap.joins()) {
        return None;
    }
    if let Some((len, when)) = numeric(words, day, today) {
        return Some((len + 1, when));
    }
    month_of_day(words, day, at, today)
}

/// `3 ngày nữa`, `2 tuần trước`, `cách đây 3 ngày`, `3 days ago`, `in 2 weeks`.
fn in_days(words: &Words, at: usize, today: Date) -> Read {
    let number = i64::from(words.get(at)?.number().filter(|number| *number <= 400)?);
    let unit = words.get(at + 1).filter(|word| word.gap.joins())?;
    let (days, months) = match unit.folded.as_str() {
        "ngay" | "hom" | "bua" | "day" | "days" => (number, 0),
        "tuan" | "week" | "weeks" => (number * 7, 0),
        "thang" | "month" | "months" => (0, number),
        "nam" | "year" | "years" => (0, number * 12),
        _ => return None,
    };
    let before = words.back_folded(at);
    let (len, sign) = match words.next_folded(at + 2) {
        // `mất 2 ngày nữa` is a wait.
        "nua" if !["mat", "can", "ton", "them"].contains(&before) => (3, 1),
        "truoc" | "ago" => (3, -1),
        _ if before == "day" && words.back(at, 2).is_some_and(|back| back.is("cach")) => (2, -1),
        _ if before == "in" => (2, 1),
        _ => return None,
    };
    let date = today.checked_add((sign * months).months()).ok()?;
    Some((len, When::on(shift(date, sign * days)?)))
}

/// `5 March 2026`, `March 5th`, `5th of March`.
fn english_day(words: &Words, at: usize, today: Date) -> Read {
    let day_at = |at: usize| -> Option<(u32, usize)> {
        let day = words.get(at)?.number().filter(|day| (1..=31).contains(day))?;
        let tail = words.get(at + 1).filter(|next| next.gap == Gap::None && next.is_one_of(&["st", "nd", "rd", "th"]));
        Some((day, 1 + usize::from(tail.is_some())))
    };
    let month_at =
        |at: usize| words.get(at).filter(|word| word.gap.joins() || word.gap.parts()).and_then(spelled_month);
    let (mut len, day, month) = if let Some((day, len)) = day_at(at) {
        let of = usize::from(words.next_folded(at + len) == "of");
        (len + of + 1, day, month_at(at + len + of)?)
    } else {
        let month = month_at(at)?;
        let the = usize::from(words.next_folded(at + 1) == "the");
        words.get(at + 1 + the).filter(|next| next.gap == Gap::Space)?;
        let (day, len) = day_at(at + 1 + the)?;
        (len + the + 1, day, month)
    };
    let year =
        words.get(at + len).filter(|word| word.folded.len() == 4 && word.gap != Gap::Stop).and_then(Word::number);
    if let Some(year) = year.filter(|year| (1900..=2100).contains(year)) {
        len += 1;
        return Some((len, When::on(day_of(year, month, day)?)));
    }
    Some((len, nearest(month, day, today)?))
}
