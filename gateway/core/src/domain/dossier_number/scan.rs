//! Finds every way in which a row of cells can be a number, with what each way
//! assumes to have gone wrong.

use compact_str::CompactString;
use jiff::civil::Date;

use super::NumberProblem;
use super::cells::{Cell, LABELS};
use super::pattern::{Element, LONGEST_SERIAL, Parts, Pattern, Purpose, date_problem, push_padded};

/// What each slip costs. Only their order matters: readings of the same cost
/// are equally likely and all given back.
mod cost {
    /// A group without its leading zeros.
    pub(super) const PADDED: u32 = 3;
    /// A serial without its leading zeros.
    pub(super) const PADDED_SERIAL: u32 = 1;
    /// No separator between two groups of digits.
    pub(super) const JOINED: u32 = 10;
    /// No separator between date and serial: the date's width is known.
    pub(super) const JOINED_SERIAL: u32 = 2;
    /// No separator before a letter: it separates by itself.
    pub(super) const JOINED_LETTER: u32 = 1;
    /// A group without leading zeros *and* without a separator on some side.
    pub(super) const PADDED_AND_JOINED: u32 = 20;
    /// A separator between a letter and its digits.
    pub(super) const SPLIT_LETTER: u32 = 4;
    /// What costs more is chance.
    pub(super) const LIMIT: u32 = 45;
    /// The same for what is only reported, or seen through a garbling keyboard.
    pub(super) const DOUBTFUL_LIMIT: u32 = 10;
}

/// Steps for one text, all patterns together; an ordinary sentence takes some
/// hundreds.
pub(super) const STEPS: u32 = 200_000;
const MOST_FOUND_AT_ONE_PLACE: usize = 32;
const MOST_FOUND: usize = 1_024;
const LONGEST_SEPARATOR: usize = 4;

/// One way to read a stretch of text.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) canonical: CompactString,
    pub(super) parts: Parts,
    pub(super) problem: Option<NumberProblem>,
    pub(super) purpose: Purpose,
    pub(super) cost: u32,
    /// First character, and the one after the last, in the text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Digits that stand right before it and are not part of it.
    pub(super) left_out: Option<LeftOut>,
}

/// A group of digits before a reading.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeftOut {
    /// Its last character in the text.
    pub(super) source: u32,
    /// Joined by a separator without a space: it belongs to the number.
    pub(super) tight: bool,
    pub(super) zero: bool,
}

/// A search over one row; the budget of steps is shared by all.
pub(super) struct Search<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) today: Date,
    /// The row assumes a garbling keyboard.
    pub(super) garbled: bool,
    pub(super) steps: &'a mut u32,
    pub(super) found: &'a mut Vec<Found>,
}

/// A reading in the making.
#[derive(Debug, Clone, Copy)]
struct Way {
    at: usize,
    cost: u32,
    /// No separator stood before the digits that come now.
    joined: bool,
    /// The separators are not those of the pattern.
    sloppy: bool,
    /// The cells of the first separator met.
    first_separator: Option<(usize, usize)>,
    parts: Parts,
    problem: Option<NumberProblem>,
}

impl Search<'_> {
    /// All readings by this pattern.
    pub(super) fn run(&mut self, pattern: &Pattern) {
        for start in 0..self.cells.len() {
            if *self.steps == 0 || self.found.len() >= MOST_FOUND {
                return;
            }
            if self.may_start(pattern, start) {
                let way = Way {
                    at: start,
                    cost: 0,
                    joined: false,
                    sloppy: false,
                    first_separator: None,
                    parts: Parts::default(),
                    problem: None,
                };
                let limit = self.found.len() + MOST_FOUND_AT_ONE_PLACE;
                let place = Place { pattern, start, limit };
                self.step(&place, 0, way, &mut CompactString::default());
            }
        }
    }

    fn cell(&self, at: usize) -> Option<Cell> {
        self.cells.get(at).copied()
    }

    fn digits_from(&self, at: usize, most: usize) -> usize {
        self.cells.iter().skip(at).take(most).take_while(|c| c.is_digit()).count()
    }

    fn slips(&self, from: usize, to: usize) -> u32 {
        self.cells.get(from..to).unwrap_or_default().iter().map(|c| c.slips).sum()
    }

    fn codes(&self, from: usize, to: usize) -> impl ExactSizeIterator<Item = u8> {
        self.cells.get(from..to).unwrap_or_default().iter().map(|c| c.code)
    }

    /// At the beginning of a word; digits also after letters, and everything
    /// after a label that is glued to it.
    fn may_start(&self, pattern: &Pattern, start: usize) -> bool {
        let Some(first) = self.cell(start) else { return false };
        let fits = match pattern.elements.first() {
            Some(Element::Letter(letter)) => first.code == *letter,
            Some(Element::Alphanumeric { .. }) => first.raw.is_ascii_alphanumeric(),
            Some(Element::Separator(_)) | None => false,
            Some(_) => first.is_digit(),
        };
        if !fits {
            return false;
        }
        let Some(before) = start.checked_sub(1).and_then(|i| self.cell(i)) else { return true };
        if before.is_digit() || (!before.is_letter() && before.raw.is_ascii_alphanumeric()) {
            return false;
        }
        !before.is_letter() || (pattern.dated && first.is_digit()) || self.label_before(start)
    }

    fn label_before(&self, start: usize) -> bool {
        let word = self.cells.get(..start).unwrap_or_default();
        let length = word.iter().rev().take(12).take_while(|c| c.is_letter()).count();
        let word = word.get(word.len() - length..).unwrap_or_default();
        LABELS.iter().any(|label| label.len() == length && label.iter().zip(word).all(|(l, c)| *l == c.raw))
    }

    fn step(&mut self, place: &Place<'_>, index: usize, way: Way, text: &mut CompactString) {
        if *self.steps == 0 || way.cost > cost::LIMIT || self.found.len() >= place.limit {
            return;
        }
        *self.steps -= 1;
        let before = text.len();
        match place.pattern.elements.get(index) {
            None => self.finish(place, way, text),
            Some(Element::Separator(separator)) => self.separator(place, index, way, *separator, text),
            Some(Element::Letter(letter)) => {
                if self.cell(way.at).is_some_and(|c| c.code == *letter) {
                    text.push(char::from(*letter));
                    self.step(place, index + 1, Way { at: way.at + 1, joined: false, ..way }, text);
                }
            }
            Some(Element::Digits { min, max }) => self.digits(place, index, way, (*min, *max), text),
            Some(Element::Date) => self.date(place, index, way, text),
            Some(Element::Serial { min }) => self.serial(place, index, way, *min, text),
            Some(Element::Alphanumeric { min, max }) => {
                let run = self.cells.iter().skip(way.at).take_while(|c| c.raw.is_ascii_alphanumeric()).take(max + 1);
                let run: Vec<u8> = run.map(|c| c.raw).collect();
                if (*min..=*max).contains(&run.len()) && run.iter().any(u8::is_ascii_digit) {
                    push_padded(text, run.iter().copied(), 0);
                    self.step(place, index + 1, Way { at: way.at + run.len(), joined: false, ..way }, text);
                }
            }
        }
        text.truncate(before);
    }

    fn separator(&mut self, place: &Place<'_>, index: usize, way: Way, wanted: u8, text: &mut CompactString) {
        let run = self.cells.iter().skip(way.at).take(LONGEST_SEPARATOR + 1).take_while(|c| c.is_separator()).count();
        if run > LONGEST_SEPARATOR || (run != 1 && !place.pattern.dated) {
            return;
        }
        let stands = self.cell(way.at).filter(|_| run > 0).map_or(0, |c| c.code);
        if !place.pattern.dated && stands != wanted {
            return;
        }
        text.push(char::from(wanted));
        let joined = run == 0;
        let joining = match (joined, place.pattern.elements.get(index + 1)) {
            (false, _) => 0,
            (true, Some(Element::Letter(_))) => cost::JOINED_LETTER,
            (true, Some(Element::Serial { .. })) => cost::JOINED_SERIAL,
            (true, _) => cost::JOINED,
        };
        let way = Way {
            at: way.at + run,
            cost: way.cost + joining,
            joined,
            sloppy: way.sloppy || run != 1 || stands != wanted,
            first_separator: way.first_separator.or((run > 0).then_some((way.at, way.at + run))),
            ..way
        };
        self.step(place, index + 1, way, text);
    }

    fn digits(&mut self, place: &Place<'_>, index: usize, way: Way, size: (usize, usize), text: &mut CompactString) {
        let (min, max) = size;
        let after_letter =
            matches!(index.checked_sub(1).and_then(|i| place.pattern.elements.get(i)), Some(Element::Letter(_)));
        let mut way = way;
        if after_letter && place.pattern.dated && self.cell(way.at).is_some_and(Cell::is_separator) {
            way.at += 1;
            way.cost += cost::SPLIT_LETTER;
            way.sloppy = true;
        }
        let run = self.digits_from(way.at, max + 1);
        let may_pad = place.pattern.dated && max <= 3;
        for take in 1..=run.min(max) {
            let end = way.at + take;
            let mut next = Way { at: end, joined: false, cost: way.cost + self.slips(way.at, end), ..way };
            let before = text.len();
            if take >= min {
                push_padded(text, self.codes(way.at, end), 0);
                self.step(place, index + 1, next, text);
                text.truncate(before);
            } else if may_pad {
                let crowded = way.joined || take < run;
                next.cost += cost::PADDED + if crowded { cost::PADDED_AND_JOINED } else { 0 };
                for width in min..=max {
                    push_padded(text, self.codes(way.at, end), width);
                    self.step(place, index + 1, next, text);
                    text.truncate(before);
                }
            }
        }
    }

    fn date(&mut self, place: &Place<'_>, index: usize, way: Way, text: &mut CompactString) {
        if self.digits_from(way.at, 6) < 6 {
            return;
        }
        let end = way.at + 6;
        let date_at = text.len();
        push_padded(text, self.codes(way.at, end), 0);
        let problem = date_problem(text.as_bytes().get(date_at..).unwrap_or_default(), self.today);
        let next = Way {
            at: end,
            cost: way.cost + self.slips(way.at, end),
            joined: false,
            parts: Parts { date_at: Some(date_at), ..way.parts },
            problem: way.problem.or(problem),
            ..way
        };
        self.step(place, index + 1, next, text);
    }

    fn serial(&mut self, place: &Place<'_>, index: usize, way: Way, min: usize, text: &mut CompactString) {
        let run = self.digits_from(way.at, LONGEST_SERIAL + 1);
        if run == 0 || (run < min && !place.pattern.dated) {
            return;
        }
        let too_long = (run > LONGEST_SERIAL).then_some(NumberProblem::TooLong);
        let all = if too_long.is_some() { self.digits_from(way.at, self.cells.len()) } else { run };
        let end = way.at + run;
        let serial_at = text.len();
        push_padded(text, self.codes(way.at, end), min);
        let padded = if run < min { cost::PADDED_SERIAL } else { 0 };
        let next = Way {
            at: way.at + all,
            cost: way.cost + padded + self.slips(way.at, end),
            joined: false,
            parts: Parts { serial_at: Some(serial_at), ..way.parts },
            problem: way.problem.or(too_long),
            ..way
        };
        self.step(place, index + 1, next, text);
    }

    fn finish(&mut self, place: &Place<'_>, way: Way, text: &CompactString) {
        if !place.pattern.dated && self.cell(way.at).is_some_and(|c| c.raw.is_ascii_alphanumeric()) {
            return;
        }
        let limit = match place.pattern.purpose {
            Purpose::Fragment { strict: true } if way.sloppy => return,
            Purpose::Fragment { strict: true } => 0,
            Purpose::Fragment { strict: false } if way.problem.is_some() => return,
            Purpose::Fragment { strict: false } => cost::DOUBTFUL_LIMIT,
            Purpose::Number if self.garbled || way.problem.is_some() => cost::DOUBTFUL_LIMIT + cost::PADDED,
            Purpose::Number => cost::LIMIT,
        };
        let start = self.cell(place.start).map_or(0, |c| c.source);
        let end = way.at.checked_sub(1).and_then(|i| self.cell(i)).map_or(start, |c| c.source + 1);
        let left_out = self.left_out(place.start, way.first_separator);
        let strict = place.pattern.purpose == Purpose::Fragment { strict: true };
        let inside = strict && left_out.is_some_and(|left| left.tight);
        if way.cost <= limit && !inside {
            self.found.push(Found {
                canonical: text.clone(),
                parts: way.parts,
                problem: way.problem,
                purpose: place.pattern.purpose,
                cost: way.cost,
                start,
                end,
                left_out,
            });
        }
    }

    /// Digits before the start that are chained to it: by a separator without a
    /// space, or by the very separator with which the number itself goes on.
    fn left_out(&self, start: usize, first_separator: Option<(usize, usize)>) -> Option<LeftOut> {
        let before = self.cells.get(..start)?;
        let gap = before.iter().rev().take(LONGEST_SEPARATOR).take_while(|c| c.is_separator()).count();
        let (group, gap) = before.split_at_checked(before.len().checked_sub(gap)?)?;
        let tight = gap.iter().all(|c| c.code != b' ');
        let goes_on = first_separator.and_then(|(from, to)| self.cells.get(from..to)).unwrap_or_default();
        let chained = tight || gap.iter().map(|c| c.code).eq(goes_on.iter().map(|c| c.code));
        let last = group.last().filter(|c| c.is_digit())?;
        let zero = group.iter().rev().take_while(|c| c.is_digit()).take(4).all(|c| c.code == b'0');
        (!gap.is_empty() && chained).then_some(LeftOut { source: last.source, tight, zero })
    }
}

/// Where a reading begins, and by which pattern.
struct Place<'a> {
    pattern: &'a Pattern,
    start: usize,
    /// Stop when so many were found in all.
    limit: usize,
}
