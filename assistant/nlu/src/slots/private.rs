//! What names one person: IDs, phones, e-mails, plates, tax codes and other long
//! numbers, with their places.

use std::fmt;
use std::ops::Range;

use gateway_core::domain::{CitizenId, Phone};
use jiff::civil::Date;

use super::cells::Cells;
use super::digits;
use super::words::Words;

/// Something in a sentence that no log, no search and no answer may repeat.
#[derive(Clone)]
pub enum Private {
    /// The number of a dossier, or what looks like one and is none.
    DossierNumber,
    /// A citizen's identity number.
    CitizenId(CitizenId),
    /// A telephone number.
    Phone(Phone),
    /// An e-mail address, lower case.
    Email(String),
    /// A vehicle's licence plate: `61A-123.45`.
    Plate(String),
    /// A tax code: ten digits, or thirteen as `3700123456-001`.
    TaxCode(String),
    /// Another long number: an old identity card, an account, a number with
    /// too many digits, and all that a scanned card says.
    LongNumber,
}

impl Private {
    /// A name for logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::DossierNumber => "dossier_number",
            Self::CitizenId(_) => "citizen_id",
            Self::Phone(_) => "phone",
            Self::Email(_) => "email",
            Self::Plate(_) => "plate",
            Self::TaxCode(_) => "tax_code",
            Self::LongNumber => "long_number",
        }
    }
}

impl fmt::Debug for Private {
    /// The kind alone: two digits of a phone are two digits too many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// All that is private in a text, in its order and without overlap; `taken` are
/// the places of dossier numbers and of procedure codes.
pub(super) fn find(text: &str, cells: &Cells, taken: &[Range<usize>], today: Date) -> Vec<(Range<usize>, Private)> {
    let mut found: Vec<(Range<usize>, Private)> = Vec::new();
    let mut taken = taken.to_vec();
    let add = |found: &mut Vec<_>, taken: &mut Vec<Range<usize>>, place: Range<usize>, private| {
        if !overlaps(taken, &place) {
            taken.push(place.clone());
            found.push((place, private));
        }
    };
    for (place, private) in card(text).into_iter().chain(emails(cells)) {
        add(&mut found, &mut taken, place, private);
    }
    if text.bytes().any(|byte| byte >= 0x80 || byte.is_ascii_digit()) {
        for (place, private) in plates(cells) {
            add(&mut found, &mut taken, place, private);
        }
        let words = Words::of(text, &[]);
        for (place, private) in digits::numbers(cells, &words, &taken, today) {
            add(&mut found, &mut taken, place, private);
        }
    }
    found.sort_by_key(|(place, _)| place.start);
    found
}

pub(super) fn overlaps(taken: &[Range<usize>], place: &Range<usize>) -> bool {
    taken.iter().any(|other| other.start < place.end && place.start < other.end)
}

/// What a scanner read from an identity card: the name and the address behind
/// the number are as private as the number.
fn card(text: &str) -> Option<(Range<usize>, Private)> {
    let mut fields = text.split('|');
    let first = fields.next()?;
    let digits = first.len() - first.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if digits != 12 || fields.count() < 4 {
        return None;
    }
    let start = first.len() - digits;
    let line = text.get(start..)?.find('\n').map_or(text.len(), |end| start + end);
    let id = CitizenId::parse(text.get(start..first.len())?).ok();
    Some((start..line, id.map_or(Private::LongNumber, Private::CitizenId)))
}

/// Characters before and after an `@` at most (RFC 5321 §4.5.3.1).
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 255;

fn emails(cells: &Cells) -> Vec<(Range<usize>, Private)> {
    let mut found = Vec::new();
    let mut free_from = 0;
    for at in 0..cells.len() {
        if cells.get(at).is_none_or(|cell| cell.c != '@') {
            continue;
        }
        // Some put a space beside the sign.
        let blank = |at: Option<usize>| at.and_then(|at| cells.get(at)).is_some_and(|cell| cell.c == ' ');
        let last = if blank(at.checked_sub(1)) { at.saturating_sub(1) } else { at };
        let first = if blank(Some(at + 1)) { at + 2 } else { at + 1 };
        let local = (1..=LONGEST_LOCAL)
            .take_while(|n| last.checked_sub(*n).is_some_and(|at| at >= free_from))
            .take_while(|n| {
                cells
                    .back(last, *n)
                    .is_some_and(|c| c.c.is_alphanumeric() || matches!(c.c, '.' | '_' | '-' | '+' | '%'))
            })
            .count();
        let mut end = (first..cells.len())
            .take(LONGEST_DOMAIN)
            .take_while(|at| cells.get(*at).is_some_and(|c| c.c.is_ascii_alphanumeric() || matches!(c.c, '.' | '-')))
            .last()
            .map_or(first, |last| last + 1);
        while end > first && cells.back(end, 1).is_some_and(|c| !c.c.is_ascii_alphanumeric()) {
            end -= 1;
        }
        let letters = |from: usize, to: usize| -> String {
            (from..to).filter_map(|at| cells.get(at)).map(|cell| cell.c.to_ascii_lowercase()).collect()
        };
        let domain = letters(first, end);
        let tail = domain.rsplit_once('.').map_or(0, |(_, tail)| tail.len());
        if local == 0 || tail < 2 {
            continue;
        }
        let start = last - local;
        found.push((cells.span(start, end), Private::Email(format!("{}@{domain}", letters(start, last)))));
        free_from = end;
    }
    found
}

/// Series of plates (Thông tư 79/2024/TT-BCA, phụ lục 02): one letter, or these.
const SERIES: [&str; 17] =
    ["LD", "DA", "MK", "MD", "RM", "TD", "HC", "NG", "NN", "QT", "CV", "LB", "KT", "AA", "AB", "AC", "CD"];

/// `61A-123.45`, `61A12345`, `61-B1 123.45`, `61B1-1234`, `80A 123.45`.
fn plates(cells: &Cells) -> Vec<(Range<usize>, Private)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        match plate_at(cells, at) {
            Some((end, plate)) => {
                found.push((cells.span(at, end), Private::Plate(plate)));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn plate_at(cells: &Cells, start: usize) -> Option<(usize, String)> {
    let digit = |at: usize| cells.get(at).filter(|cell| cell.is_digit()).map(|cell| cell.c);
    let is = |at: usize, marks: &[char]| cells.get(at).is_some_and(|cell| marks.contains(&cell.c));
    if cells.back(start, 1).is_some_and(|cell| cell.is_digit()) {
        return None;
    }
    // `.17H09-210819`: a group of a longer number.
    if cells.back(start, 1).is_some_and(|c| matches!(c.c, '.' | ',' | '-' | '/'))
        && cells.back(start, 2).is_some_and(|c| c.is_digit())
    {
        return None;
    }
    let province: String = [digit(start)?, digit(start + 1)?].iter().collect();
    if province.as_str() < "11" {
        return None;
    }
    let mut at = start + 2;
    at += usize::from(is(at, &['-', ' ']) && cells.get(at + 1).is_some_and(|cell| cell.c.is_ascii_alphabetic()));
    let spaced = is(start + 2, &[' ']);
    let letters: String = (at..at + 2)
        .map_while(|at| cells.get(at).filter(|cell| cell.c.is_ascii_alphabetic()))
        .map(|cell| cell.c.to_ascii_uppercase())
        .collect();
    if letters.is_empty() || (letters.len() == 2 && !SERIES.contains(&letters.as_str())) {
        return None;
    }
    at += letters.len();
    let mut series = letters;
    // Motorbikes: a digit after the letter, then a mark; `61A12345` has none.
    if let Some(one) = digit(at)
        && is(at + 1, &['-', ' ', '.'])
    {
        series.push(one);
        at += 1;
    }
    let parted = is(at, &['-', ' ', '.']);
    let by_space = is(at, &[' ']);
    if parted {
        at += 1;
        // `61A - 123.45`
        at += usize::from(by_space && is(at, &['-']) && is(at + 1, &[' '])) * 2;
    }
    let mut number = String::new();
    let dotted = digit(at + 2).is_some() && is(at + 3, &['.', ' ']) && digit(at + 4).is_some();
    let from = at;
    while let Some(next) = cells.get(at).filter(|_| number.len() < 6) {
        match next.c {
            c if next.is_digit() => number.push(c),
            '.' | ' ' if dotted && at == from + 3 => {}
            _ => break,
        }
        at += 1;
    }
    let whole = number.len() == 5 || (number.len() == 4 && !dotted && !by_space);
    // `24 h 12345`, `50 k 12345` are no plates.
    if !whole || (spaced && !parted) || cells.get(at).is_some_and(|cell| cell.c.is_ascii_alphanumeric()) {
        return None;
    }
    let (head, tail) = if number.len() == 5 { number.split_at(3) } else { (number.as_str(), "") };
    let dot = if tail.is_empty() { "" } else { "." };
    Some((at, format!("{province}{series}-{head}{dot}{tail}")))
}
