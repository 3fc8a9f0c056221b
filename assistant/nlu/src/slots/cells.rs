//! A text as plain characters with their places: what readers of numbers look
//! at.

use std::ops::Range;

use gateway_core::domain::DossierNumber;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::words::{is_zero_width, plain};

/// Marks between two groups of a number at most.
const LONGEST_SEPARATOR: usize = 4;
/// Steps of one search for a dossier number; an ordinary one takes some dozens.
const STEPS: u32 = 20_000;

/// One character: ASCII where it has a plain form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) c: char,
    /// The letter had a mark: a VNI keyboard may have swallowed a digit.
    marked: bool,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Cell {
    pub(super) fn is_digit(self) -> bool {
        self.c.is_ascii_digit()
    }

    pub(super) fn is_separator(self) -> bool {
        matches!(self.c, '.' | ',' | '-' | '/' | '_' | '\\' | '~' | '·') || self.c.is_whitespace()
    }
}

/// A whole text as cells; marks that stand alone and characters without width
/// belong to the cell before.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    all: Vec<Cell>,
}

impl Cells {
    pub(super) fn of(text: &str) -> Self {
        let mut all: Vec<Cell> = Vec::with_capacity(text.len());
        for (start, raw) in text.char_indices() {
            let end = start + raw.len_utf8();
            if is_zero_width(raw) || is_combining_mark(raw) {
                if let Some(before) = all.last_mut() {
                    before.end = end;
                    before.marked |= !is_zero_width(raw);
                }
                continue;
            }
            let c = plain(raw);
            if c.is_ascii() {
                all.push(Cell { c, marked: false, start, end });
                continue;
            }
            let mut base = None;
            decompose_canonical(c, |part| base = base.or(Some(part)));
            let base = base.filter(char::is_ascii).unwrap_or(c);
            all.push(Cell { c: base, marked: base != c, start, end });
        }
        Self { all }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<Cell> {
        self.all.get(at).copied()
    }

    pub(super) fn back(&self, at: usize, n: usize) -> Option<Cell> {
        at.checked_sub(n).and_then(|at| self.get(at))
    }

    /// The bytes of the cells `from..to`.
    pub(super) fn span(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.get(from).map_or(0, |cell| cell.start);
        let end = to.checked_sub(1).and_then(|last| self.get(last)).map_or(start, |cell| cell.end);
        start..end.max(start)
    }

    /// The digits of the cells `from..to`.
    pub(super) fn digits(&self, from: usize, to: usize) -> String {
        self.all.get(from..to).unwrap_or_default().iter().filter(|cell| cell.is_digit()).map(|cell| cell.c).collect()
    }

    /// Every place where a dossier number that was read from this text stands,
    /// however it was typed.
    pub(super) fn places_of(&self, number: &DossierNumber) -> Vec<Range<usize>> {
        let canonical = number.as_str().as_bytes();
        let mut steps = STEPS;
        let mut places = Vec::new();
        let mut at = 0;
        while at < self.len() {
            let after_digit = self.back(at, 1).is_some_and(Cell::is_digit);
            let end = if after_digit || !self.get(at).is_some_and(|cell| cell.c.is_ascii_alphanumeric()) {
                None
            } else {
                self.matches(at, canonical, 0, false, &mut steps)
            };
            match end {
                Some(end) => {
                    places.push(self.span(at, end));
                    at = end;
                }
                None => at += 1,
            }
        }
        places
    }

    /// The cell after the number whose rest `canonical[k..]` stands at `at`;
    /// `any` tells whether a digit of the group was seen.
    fn matches(&self, at: usize, canonical: &[u8], k: usize, any: bool, steps: &mut u32) -> Option<usize> {
        *steps = steps.checked_sub(1)?;
        let Some(&wanted) = canonical.get(k) else {
            // More digits right after: it is another number.
            return (!self.get(at).is_some_and(Cell::is_digit)).then_some(at);
        };
        let cell = self.get(at);
        if matches!(wanted, b'.' | b'-') {
            if !any {
                return None;
            }
            let run = (0..LONGEST_SEPARATOR).take_while(|n| self.get(at + n).is_some_and(Cell::is_separator)).count();
            return self.matches(at + run, canonical, k + 1, false, steps);
        }
        let cell = cell?;
        let upper = cell.c.to_ascii_uppercase();
        if wanted.is_ascii_alphabetic() {
            if upper != char::from(wanted) {
                return None;
            }
            let next = self.matches(at + 1, canonical, k + 1, false, steps);
            // `H 09`
            let split = self.get(at + 1).is_some_and(Cell::is_separator);
            return next.or_else(|| if split { self.matches(at + 2, canonical, k + 1, false, steps) } else { None });
        }
        let digit = match upper {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        if digit == char::from(wanted) {
            if let Some(end) = self.matches(at + 1, canonical, k + 1, true, steps) {
                return Some(end);
            }
            // `Hó` for `HO1`: the mark is a digit.
            if upper == 'O'
                && cell.marked
                && canonical.get(k + 1).is_some_and(u8::is_ascii_digit)
                && let Some(end) = self.matches(at + 1, canonical, k + 2, true, steps)
            {
                return Some(end);
            }
        }
        // A zero in front that was not typed.
        let more = canonical.get(k + 1).is_some_and(u8::is_ascii_digit);
        if wanted == b'0' && !any && more { self.matches(at, canonical, k + 1, false, steps) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::{DossierNumberParser, Reading};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_number_is_found_however_it_was_typed() {
        let parser = DossierNumberParser::default();
        for number in [
            "000.00.17.H09-210819-0012",
            "000 00 17 h09 210819 0012",
            "0.0.17.h9-210819-12",
            "OOO.OO.17.HO9-210819-0012",
            "０００.００.１７.Ｈ０９-210819-0012",
            "000.00.17.H09–210819–0012",
            "000.00.17.H 09 - 210819 - 0012",
            "H09.17-210819-12",
            "G01.899.909-260916-890028",
        ] {
            let text = format!("tôi hỏi hồ sơ {number} tới đâu rồi");
            let Reading::One(read) = parser.read(&text, date(2026, 11, 27)) else { panic!("{text}") };
            let places = Cells::of(&text).places_of(&read);
            let found: Vec<&str> = places.into_iter().map(|place| &text[place]).collect();
            assert_eq!(found, [number], "{text}");
        }
    }
}
