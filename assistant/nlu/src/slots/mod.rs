//! What is named in a citizen's sentence: numbers, dates, places, people, and
//! which part of it is meant.
//!
//! [`SlotReader`] reads a sentence in well under a millisecond, without a model
//! and without state. What is private is found first, so that everything after
//! it works on a sentence that holds none of it ([`Slots::without_private`]).

mod cells;
pub mod choice;
mod dates;
mod digits;
pub mod language;
mod months;
mod people;
pub mod places;
mod private;
mod statement;
mod words;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use gateway_core::domain::{CitizenId, DossierNumber, DossierNumberParser, Phone, ProcedureCode, Reading};
use jiff::civil::Date;

use crate::normal::Normal;
pub use choice::{Choice, choice_in};
pub use dates::When;
pub use language::{language_of, language_wished};
pub use people::{People, Person};
pub use places::{Level, Place, PlaceKind, Places, PlacesError, Standing};
pub use private::Private;
pub use statement::Statement;

use cells::Cells;
use words::Words;

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
    places: Arc<Places>,
}

impl SlotReader {
    /// A reader that knows these patterns of dossier numbers, and the places of
    /// [`Places::builtin`].
    pub fn new(numbers: DossierNumberParser) -> Self {
        // The table is compiled in and a test reads it; without it, places are
        // still read by their patterns.
        Self::with_places(numbers, Arc::new(Places::builtin().unwrap_or_default()))
    }

    /// A reader that knows these places.
    pub const fn with_places(numbers: DossierNumberParser, places: Arc<Places>) -> Self {
        Self { numbers, places }
    }

    /// What a sentence names. `normal` is the same text, normalised; `today` is
    /// the day in Vietnam.
    pub fn read(&self, text: &str, normal: &Normal, today: Date) -> Slots {
        let end = text.char_indices().nth(MOST_CHARS).map_or(text.len(), |(at, _)| at);
        let text = text.get(..end).unwrap_or_default();
        let cells = Cells::of(text);
        let dossier = self.numbers.read(text, today);
        let procedures = ProcedureCode::find_in(text);
        let private = private_in(text, &cells, &dossier, &procedures, today);
        let hidden: Vec<Range<usize>> = private.iter().map(|named| named.range.clone()).collect();
        let words = Words::of(text, &hidden);
        let mut slots = Slots {
            text: text.to_owned(),
            dossier,
            procedures,
            private,
            dates: dates::find(&words, today).into_iter().map(|(range, value)| Named { value, range }).collect(),
            places: places::find(&words, text, &self.places, today),
            statement: Statement::default(),
            people: People::default(),
        };
        let shown = slots.without_private();
        slots.statement = statement::read(&shown);
        slots.people = people::find(&Words::of(meant(&slots.statement, &shown), &[]));
        if is_mended(&words, normal, slots.private.is_empty()) {
            self.read_mended(&mut slots, &shown, normal, today);
        }
        let denied = |written: &str| !holds(&slots.statement.affirmed, written) && !slots.statement.denied.is_empty();
        slots.places.retain(|place| !denied(&place.written));
        let dates = std::mem::take(&mut slots.dates);
        let (statement, text) = (&slots.statement, &slots.text);
        let denied = |date: &Named<When>| {
            let written = text.get(date.range.clone()).unwrap_or_default();
            !statement.denied.is_empty() && !holds(&statement.affirmed, written)
        };
        slots.dates = dates.into_iter().filter(|date| !denied(date)).collect();
        slots
    }

    /// Reads once more from the normal form what the text as it was typed did not
    /// show: keys of Telex and short forms of chats. Its own words come first,
    /// because they have their punctuation.
    fn read_mended(&self, slots: &mut Slots, shown: &str, normal: &Normal, today: Date) {
        let own;
        let normal = if slots.private.is_empty() {
            normal
        } else {
            own = Normal::of(shown);
            &own
        };
        let said = normal.text();
        // A short form may become many words; so much is enough.
        let said = said.get(..said.floor_char_boundary(shown.len() * 2 + 64)).unwrap_or(said);
        if slots.statement.denied.is_empty() && !slots.statement.corrects {
            let statement = statement::read(said);
            if !statement.denied.is_empty() || statement.corrects {
                slots.statement = statement;
            }
        }
        let denies = !slots.statement.denied.is_empty();
        let mended = Words::of(said, &[]);
        if !denies && slots.people.who == [Person::Oneself] {
            let age = slots.people.age;
            slots.people = people::find(&mended);
            slots.people.age = slots.people.age.or(age);
        }
        if slots.places.is_empty() {
            slots.places = places::find(&mended, said, &self.places, today);
            for place in &mut slots.places {
                place.range = None;
            }
        }
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
    /// Days and periods, in their order.
    pub dates: Vec<Named<When>>,
    /// Provinces, districts and wards, in their order; those that are denied
    /// (`không phải quận 1 mà quận 3`) are not among them.
    pub places: Vec<Place>,
    /// What is meant and what is denied, without what is private: in the words
    /// as they were typed, or of the normal form where only that shows it.
    pub statement: Statement,
    /// Who the matter is for, of what is meant.
    pub people: People,
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

/// All that is private, in its order.
fn private_in(
    text: &str,
    cells: &Cells,
    dossier: &Reading,
    procedures: &[ProcedureCode],
    today: Date,
) -> Vec<Named<Private>> {
    let numbers = dossier_places(text, cells, dossier);
    let mut taken = numbers.clone();
    taken.extend(code_places(cells, procedures));
    let mut all = private::find(text, cells, &taken, today);
    all.extend(numbers.into_iter().map(|place| (place, Private::DossierNumber)));
    all.sort_by_key(|(place, _)| place.start);
    all.into_iter().map(|(range, value)| Named { value, range }).collect()
}

fn meant<'a>(statement: &'a Statement, said: &'a str) -> &'a str {
    if statement.affirmed.is_empty() { said } else { &statement.affirmed }
}

/// Whether a text has these words, however they are written.
fn holds(text: &str, words: &str) -> bool {
    gateway_core::text::fold(text).contains(&gateway_core::text::fold(words))
}

/// Whether the normal form has other words than the text.
fn is_mended(words: &Words, normal: &Normal, whole: bool) -> bool {
    let mut normal = normal.folded().chars().filter(|c| c.is_alphanumeric());
    let mut said = words.all().iter().flat_map(|word| word.folded.chars());
    if whole {
        return !normal.eq(said);
    }
    // What was cut out is still in the normal form: the letters that are left
    // must follow one another there.
    !said.all(|c| normal.any(|other| other == c))
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
