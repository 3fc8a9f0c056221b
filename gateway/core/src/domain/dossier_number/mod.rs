//! Dossier numbers: read leniently, printed canonically, and where two readings
//! remain, both are given back.
//!
//! A [`DossierNumber`] comes only from a [`DossierNumberParser`], which holds
//! the configured patterns ([`PatternConfig`] explains their language).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use compact_str::CompactString;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use thiserror::Error;

mod cells;
mod pattern;
mod resolve;
mod scan;

pub use pattern::{PatternConfig, PatternError, default_patterns};

use pattern::{Parts, Pattern};

/// Bytes of a text that are read; what comes after is ignored.
pub const LONGEST_TEXT: usize = 10_000;
/// Readings given back at most; further ones are dropped.
pub const MOST_READINGS: usize = 5;

/// The number of a dossier in canonical form: `000.00.17.H09-210819-0012`.
///
/// Usual form (Thông tư 01/2018/TT-VPCP art. 19): code of the agency, date of
/// receipt as YYMMDD, serial of the day. Older receipt forms, where a
/// configured pattern allows them, have none of these parts.
#[derive(Clone)]
pub struct DossierNumber {
    text: CompactString,
    received_on: Option<Date>,
    agency_end: Option<u8>,
    serial_at: Option<u8>,
}

impl DossierNumber {
    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The agency's code, `000.00.17.H09`; none for older receipt forms.
    pub fn agency_code(&self) -> Option<&str> {
        self.text.get(..usize::from(self.agency_end?))
    }

    /// The day of receipt, 2000–2099, which is not after the day on which the
    /// number was read.
    pub fn received_on(&self) -> Option<Date> {
        self.received_on
    }

    /// The serial of the day as printed, four to ten digits: `0012`.
    pub fn serial(&self) -> Option<&str> {
        self.text.get(usize::from(self.serial_at?)..)
    }

    /// The province's code, `H09`; none for other authorities and older forms.
    pub fn province(&self) -> Option<&str> {
        let agency = self.agency_code()?;
        let at = agency.find('H')?;
        agency.get(at..at + 3)
    }

    /// True for authorities that are no province's (letter G: ministries,
    /// police).
    pub fn is_other_authority(&self) -> bool {
        self.agency_code().is_some_and(|agency| agency.starts_with('G'))
    }

    /// Only the parser calls this, with a text that its pattern matched.
    fn from_parts(text: CompactString, parts: &Parts) -> Self {
        let received_on = parts.date_at.and_then(|at| pattern::date_of(text.as_bytes().get(at..at + 6)?));
        let agency_end = parts.date_at.and_then(|at| {
            let agency = text.get(..at)?.trim_end_matches(['.', '-']);
            u8::try_from(agency.len()).ok()
        });
        let serial_at = parts.serial_at.and_then(|at| u8::try_from(at).ok());
        Self { text, received_on, agency_end, serial_at }
    }
}

/// What a text says about dossier numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Nothing that looks like a number.
    None,
    /// One number, one way to read it.
    One(DossierNumber),
    /// Several numbers, or several ways to read one: ask. Two to
    /// [`MOST_READINGS`], all different, in the order of the text.
    Several(Vec<DossierNumber>),
    /// It looks like a number and is none.
    Invalid(NumberProblem),
}

/// Why a text that looks like a number is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum NumberProblem {
    /// The date in it does not exist (`210231`).
    #[error("the date in the dossier number does not exist")]
    NoSuchDate,
    /// The date in it lies in the future.
    #[error("the date in the dossier number lies in the future")]
    DateInFuture,
    /// A part is missing (agency, date or serial).
    #[error("a part of the dossier number is missing")]
    Incomplete,
    /// Groups before the number, or digits of its serial, are too many.
    #[error("the dossier number has too many groups or digits")]
    TooLong,
    /// Nothing that looks like a number; only from
    /// [`DossierNumberParser::parse_exact`].
    #[error("not a dossier number")]
    NotANumber,
}

impl NumberProblem {
    /// A code that stays the same between releases.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSuchDate => "dossier_number_no_such_date",
            Self::DateInFuture => "dossier_number_date_in_future",
            Self::Incomplete => "dossier_number_incomplete",
            Self::TooLong => "dossier_number_too_long",
            Self::NotANumber => "dossier_number_none",
        }
    }
}

/// Reads dossier numbers by the configured patterns.
#[derive(Debug, Clone)]
pub struct DossierNumberParser {
    patterns: Vec<Pattern>,
    /// Shapes with a part missing: they tell *incomplete* from *no number*.
    fragments: Vec<Pattern>,
}

impl DossierNumberParser {
    /// Compiles the configured patterns. Their order does not matter.
    ///
    /// # Errors
    /// [`PatternError`] names the pattern and what is wrong with it.
    pub fn new(patterns: &[PatternConfig]) -> Result<Self, PatternError> {
        let patterns = pattern::compile(patterns)?;
        let fragments = pattern::fragments_of(&patterns);
        Ok(Self { patterns, fragments })
    }

    /// Finds the dossier numbers in what a citizen wrote.
    ///
    /// Tolerated: any case; spaces, commas, underscores, slashes and dashes of
    /// every kind for the separators, or none; groups (up to three digits) and
    /// serials without their leading zeros; the letter O for 0, I or l for 1
    /// inside digits, also as VNI keyboards garble them (`Hó` for `HO1`); NFD,
    /// marks on digits, full-width forms, invisible characters; `HS`,
    /// *mã hồ sơ* … glued in front; any sentence around it.
    ///
    /// The reading that assumes the fewest slips wins; where several assume
    /// equally few, all are given. `today` is the day in Vietnam.
    ///
    /// Time and memory are bounded: only the first [`LONGEST_TEXT`] bytes (to a
    /// character's end) are read.
    pub fn read(&self, text: &str, today: Date) -> Reading {
        if let Some(Ok(number)) = self.exact(text.trim(), today) {
            return Reading::One(number);
        }
        resolve::read(&self.patterns, &self.fragments, text, today)
    }

    /// Reads a number that must already be canonical (in any case), as it
    /// stands in URLs and in the store.
    ///
    /// # Errors
    /// [`NumberProblem`]: `NotANumber` for a text without any, and also for one
    /// that only [`DossierNumberParser::read`] understands.
    pub fn parse_exact(&self, text: &str, today: Date) -> Result<DossierNumber, NumberProblem> {
        if let Some(result) = self.exact(text, today) {
            return result;
        }
        match resolve::read(&self.patterns, &self.fragments, text, today) {
            Reading::Invalid(problem) => Err(problem),
            _ => Err(NumberProblem::NotANumber),
        }
    }

    fn exact(&self, text: &str, today: Date) -> Option<Result<DossierNumber, NumberProblem>> {
        if text.len() > pattern::LONGEST_NUMBER || !text.is_ascii() {
            return None;
        }
        let mut problem = None;
        for pattern in &self.patterns {
            let Some(parts) = pattern.exact(text.as_bytes()) else { continue };
            match pattern::problem_of(text.as_bytes(), &parts, today) {
                None => {
                    let mut canonical = CompactString::from(text);
                    canonical.make_ascii_uppercase();
                    return Some(Ok(DossierNumber::from_parts(canonical, &parts)));
                }
                Some(found) => problem = problem.or(Some(found)),
            }
        }
        problem.map(Err)
    }
}

impl Default for DossierNumberParser {
    /// The patterns of [`default_patterns`].
    fn default() -> Self {
        // The default patterns are valid (a test shows it); a parser without
        // patterns reads nothing.
        Self::new(&default_patterns()).unwrap_or_else(|_| Self { patterns: Vec::new(), fragments: Vec::new() })
    }
}

impl fmt::Display for DossierNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for DossierNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DossierNumber({})", self.text)
    }
}

impl PartialEq for DossierNumber {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for DossierNumber {}

impl Hash for DossierNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for DossierNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DossierNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Serialize for DossierNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
