//! What is named in a citizen's sentence: numbers, dates, places, people, and
//! which part of it is meant.
//!
//! [`SlotReader`] reads a sentence in well under a millisecond, without a model
//! and without state. What is private is found first, so that everything after
//! it works on a sentence that holds none of it ([`Slots::without_private`]).

mod cells;
pub mod choice;
mod digits;
pub mod language;
mod private;
mod words;

use std::fmt;
use std::ops::Range;

use gateway_core::domain::{CitizenId, DossierNumber, DossierNumberParser, Phone, ProcedureCode, Reading};
use jiff::civil::Date;

use crate::normal::Normal;
pub use private::Private;

use cells::Cells;

/// Characters of a sentence that are read and given back; what comes after is
/// dropped.
pub const MOST_CHARS: usize = 2_000;

/// Stands where something private was cut out.
const CUT: &str = "…";

/// Something named in a text, and its bytes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<T> {
    /// What is named.
    pub value: T,
    /// Its bytes in the text that was read.
    pub range: Range<usize>,
}

/// Reads slots; made once, shared by all.
#[derive(Debug, Clone)]
pub struct SlotReader {
    numbers: DossierNumberParser,
}

impl SlotReader {
    /// A reader that knows these patterns of dossier numbers.
    pub const fn new(numbers: DossierNumberParser) -> Self {
        Self { numbers }
    }

    /// What a sentence names. `normal` is the same text, normalised; `today` is
    /// the day in Vietnam.
    pub fn read(&self, text: &str, _normal: &Normal, today: Date) -> Slots {
        let end = text.char_indices().nth(MOST_CHARS).map_or(text.len(), |(at, _)| at);
        let text = text.get(..end).unwrap_or_default();
        let cells = Cells::of(text);
        let dossier = self.numbers.read(text, today);
        let procedures = ProcedureCode::find_in(text);
        let mut taken = dossier_places(text, &cells, &dossier);
        let numbers = taken.len();
        taken.extend(code_places(&cells, &procedures));
        let mut private = private::find(text, &cells, &taken, today);
        private.extend(taken.into_iter().take(numbers).map(|place| (place, Private::DossierNumber)));
        private.sort_by_key(|(place, _)| place.start);
        let private = private.into_iter().map(|(range, value)| Named { value, range }).collect();
        Slots { text: text.to_owned(), dossier, procedures, private }
    }
}

/// What a sentence names.
#[derive(Clone)]
pub struct Slots {
    text: String,
    /// The dossier numbers in it. Its `Debug` shows them: log
    /// [`Slots`], not this.
    pub dossier: Reading,
    /// The codes of procedures in it, in their order.
    pub procedures: Vec<ProcedureCode>,
    /// All that is private, in its order, without overlap.
    pub private: Vec<Named<Private>>,
}

impl Slots {
    /// The sentence without identity numbers, phones, e-mails, plates, tax codes
    /// and numbers of dossiers: for searching and for showing. `…` stands where
    /// one stood; nothing is left of a sentence that was nothing else.
    pub fn without_private(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for cut in &self.private {
            let kept = self.text.get(from..cut.range.start).unwrap_or_default();
            out.push_str(kept);
            if !out.ends_with(CUT) {
                out.push_str(CUT);
            }
            from = cut.range.end.max(from);
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        if !self.private.is_empty() && !out.chars().any(char::is_alphanumeric) {
            out.clear();
        }
        out
    }

    /// Phones, in their order.
    pub fn phones(&self) -> impl Iterator<Item = &Phone> {
        self.private
            .iter()
            .filter_map(|named| if let Private::Phone(phone) = &named.value { Some(phone) } else { None })
    }

    /// Identity numbers, in their order.
    pub fn citizen_ids(&self) -> impl Iterator<Item = &CitizenId> {
        self.private.iter().filter_map(|named| if let Private::CitizenId(id) = &named.value { Some(id) } else { None })
    }

    /// E-mail addresses, in their order.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        self.private
            .iter()
            .filter_map(|named| if let Private::Email(email) = &named.value { Some(email.as_str()) } else { None })
    }

    /// Licence plates in one form (`61A-123.45`), in their order.
    pub fn plates(&self) -> impl Iterator<Item = &str> {
        self.private
            .iter()
            .filter_map(|named| if let Private::Plate(plate) = &named.value { Some(plate.as_str()) } else { None })
    }

    /// Tax codes in one form (`3700123456-001`), in their order.
    pub fn tax_codes(&self) -> impl Iterator<Item = &str> {
        self.private
            .iter()
            .filter_map(|named| if let Private::TaxCode(code) = &named.value { Some(code.as_str()) } else { None })
    }
}

impl fmt::Debug for Slots {
    /// No word of the citizen's and nothing private.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<&str> = self.private.iter().map(|named| named.value.kind()).collect();
        f.debug_struct("Slots").field("private", &kinds).field("procedures", &self.procedures).finish_non_exhaustive()
    }
}

/// Where the dossier numbers stand. A number that is none is cut out, too, as
/// far as its digits are many.
fn dossier_places(text: &str, cells: &Cells, dossier: &Reading) -> Vec<Range<usize>> {
    let read: &[DossierNumber] = match dossier {
        Reading::None => return Vec::new(),
        Reading::Invalid(_) => return words_with_digits(text, BROKEN),
        Reading::One(number) => std::slice::from_ref(number),
        Reading::Several(numbers) => numbers,
    };
    let mut places: Vec<Range<usize>> = Vec::new();
    for number in read {
        let found = cells.places_of(number);
        if found.is_empty() {
            // A keyboard garbled it beyond what is followed here.
            places.extend(words_with_digits(text, 1));
        }
        places.extend(found);
    }
    places.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in places {
        match apart.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

/// Digits of a word that belongs to a number of a dossier that is none.
const BROKEN: usize = 5;

fn words_with_digits(text: &str, least: usize) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut from = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let range = from..from + word.trim_end().len();
        from += word.len();
        if word.chars().filter(|c| c.is_numeric()).count() >= least {
            places.push(range);
        }
    }
    places
}

/// Where the codes of procedures stand: no number of anybody's.
fn code_places(cells: &Cells, codes: &[ProcedureCode]) -> Vec<Range<usize>> {
    let wanted: Vec<String> =
        codes.iter().map(|code| code.national().chars().filter(char::is_ascii_digit).collect()).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut places = Vec::new();
    for at in 0..cells.len() {
        let mut digits = String::new();
        let mut end = at;
        while digits.len() < 7 {
            let Some(cell) = cells.get(end) else { break };
            match cell.c.to_ascii_uppercase() {
                c if c.is_ascii_digit() => digits.push(c),
                'O' => digits.push('0'),
                'I' | 'L' => digits.push('1'),
                '.' | ',' | '·' | ' ' if digits.len() == 1 => {}
                _ => break,
            }
            end += 1;
        }
        if end > at + 7 && wanted.contains(&digits) {
            places.push(cells.span(at, end));
        }
    }
    places
}
