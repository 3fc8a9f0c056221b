//! Months, quarters and years by name.

use jiff::civil::Date;

use super::dates::{Read, When, day_of, nearest};
use super::words::{Gap, Word, Words};

/// `tháng 3`, `tháng ba năm 2025`, `năm 2025`, `quý 1`, `March 2026`.
pub(super) fn month_or_year(words: &Words, at: usize, word: &Word, today: Date) -> Read {
    let this_year = u32::try_from(today.year()).ok()?;
    match word.folded.as_str() {
        "thang" if word.may_be("tháng") => {
            // `12 tháng 3` is read where the number stands, or is no date.
            if word.gap.joins() && words.back(at, 1).is_some_and(Word::is_digits) {
                return None;
            }
            let month = vietnamese_month(words.get(at + 1).filter(|next| next.gap.joins())?, false)?;
            if let Some((len, year)) = year_after(words, at + 2) {
                return Some((2 + len, whole_month(year, month)?));
            }
            let near = nearest(month, 1, today)?.first;
            Some((2, When { year_said: false, ..whole_month(u32::try_from(near.year()).ok()?, month)? }))
        }
        "nam" if word.may_be("năm") => {
            let year = words.get(at + 1).filter(|next| next.gap == Gap::Space).and_then(year_in)?;
            Some((2, whole_year(year)?))
        }
        "quy" if word.may_be("quý") => {
            let next = words.get(at + 1).filter(|next| next.gap.joins())?;
            let quarter = match next.folded.as_str() {
                "1" | "i" => 1,
                "2" | "ii" => 2,
                "3" | "iii" => 3,
                "4" | "iv" => 4,
                _ => return None,
            };
            let (len, year) = year_after(words, at + 2).map_or((0, None), |(len, year)| (len, Some(year)));
            let first = day_of(year.unwrap_or(this_year), quarter * 3 - 2, 1)?;
            let last = day_of(year.unwrap_or(this_year), quarter * 3, 1)?.last_of_month();
            Some((2 + len, When { year_said: year.is_some(), ..When::between(first, last) }))
        }
        _ => {
            // `may` and `march` are other words, too: only with a year.
            let month = spelled_month(word)?;
            let year = words.get(at + 1).filter(|next| next.gap == Gap::Space).and_then(year_in)?;
            Some((2, whole_month(year, month)?))
        }
    }
}

/// The day stands at `day`, a word *tháng* after it; the phrase began at `from`.
pub(super) fn month_of_day(words: &Words, day: usize, from: usize, today: Date) -> Read {
    let number = words.get(day).and_then(|word| word.number().or_else(|| spelled_number(word)))?;
    if words.next_folded(day + 1) != "thang" {
        return None;
    }
    let next = words.get(day + 2).filter(|next| next.gap.joins())?;
    let month = vietnamese_month(next, true)?;
    // `12 tháng 3 ngày`, `sau 12 tháng 3 tuần` are lengths of time.
    let after = words.next_folded(day + 3);
    if day == from
        && (["ngay", "tuan", "gio"].contains(&after) || matches!(words.back_folded(day), "sau" | "trong" | "mat"))
    {
        return None;
    }
    let len = day + 3 - from;
    if let Some((more, year)) = year_after(words, day + 3) {
        return Some((len + more, When::on(day_of(year, month, number)?)));
    }
    Some((len, nearest(month, number, today)?))
}

/// `năm 2025`, `/2025`, `-2025`, `2025`, `năm nay` is not looked for.
fn year_after(words: &Words, at: usize) -> Option<(usize, u32)> {
    let word = words.get(at)?;
    if word.is("nam") && word.gap == Gap::Space {
        return Some((2, words.get(at + 1).and_then(year_in)?));
    }
    let tight = matches!(word.gap, Gap::Tight('/' | '-' | '.') | Gap::Space);
    Some((1, year_in(word).filter(|_| tight)?))
}

fn year_in(word: &Word) -> Option<u32> {
    word.number().filter(|year| word.folded.len() == 4 && (1900..=2100).contains(year))
}

/// A month by its number or its name. `tháng năm` is May only after a day:
/// *ngày tháng năm sinh* is none.
fn vietnamese_month(word: &Word, after_day: bool) -> Option<u32> {
    if let Some(number) = word.number() {
        return (word.folded.len() <= 2 && (1..=12).contains(&number)).then_some(number);
    }
    match word.text.as_str() {
        "một" | "giêng" => None,
        "hai" => Some(2),
        "ba" => Some(3),
        "tư" => Some(4),
        "năm" if after_day => Some(5),
        "sáu" => Some(6),
        "bảy" | "bẩy" => Some(7),
        "tám" => Some(8),
        "chín" => Some(9),
        "mười" => Some(10),
        "nam" if after_day => Some(5),
        "tu" | "sau" | "bay" | "tam" | "chin" | "muoi" if after_day => match word.text.as_str() {
            "tu" => Some(4),
            "sau" => Some(6),
            "bay" => Some(7),
            "tam" => Some(8),
            "chin" => Some(9),
            _ => Some(10),
        },
        _ => None,
    }
}

/// A day of one word: `mùng năm`.
fn spelled_number(word: &Word) -> Option<u32> {
    let names = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];
    names.iter().zip(1..).find(|(name, _)| word.text == **name).map(|(_, number)| number)
}

/// The months of English, in full or by three letters.
pub(super) fn spelled_month(word: &Word) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = word.folded.as_str();
    // `mar`, `may` and `jun` are nothing in Vietnamese, but `sep` (sếp) and
    // `dec` beside a number harm nobody.
    let is = |month: &&str| {
        *month == name || (name.len() == 3 && month.starts_with(name)) || (name == "sept" && month.starts_with(name))
    };
    NAMES.iter().zip(1..).find(|(month, _)| is(month)).map(|(_, number)| number).filter(|_| word.is_bare())
}

/// The whole of a month.
pub(super) fn whole_month(year: u32, month: u32) -> Option<When> {
    let first = day_of(year, month, 1)?;
    Some(When::between(first, first.last_of_month()))
}

fn whole_year(year: u32) -> Option<When> {
    let first = day_of(year, 1, 1)?;
    Some(When::between(first, first.last_of_year()))
}
