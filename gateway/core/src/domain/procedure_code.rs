//! Codes of administrative procedures in the national data base.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::text::{fold, latin_base, nfc, strip_width};

/// The code of a procedure: `^\d\.\d{6}$`, as all 2,642 records of the national
/// data base have it (`domain/procedures.md`), and maybe a province's suffix:
/// `.H56` or `.000.00.00.H56`.
///
/// Printed and serialised canonically; deserialising validates (and is as
/// lenient as [`ProcedureCode::parse`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProcedureCode(CompactString);

/// The text is no procedure code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProcedureCodeError {
    /// Nothing but white space.
    #[error("no procedure code given")]
    Empty,
    /// Not `d.dddddd` with an optional local suffix.
    #[error("expected a code like 1.001193, maybe followed by .H56")]
    NotACode,
}

impl ProcedureCodeError {
    /// A code that stays the same between releases.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "procedure_code_empty",
            Self::NotACode => "procedure_code_invalid",
        }
    }
}

/// Length of the national part.
const NATIONAL: usize = 8;
/// Words that stand before a code, folded; longest first.
const LABELS: [&str; 10] = [
    "ma so thu tuc hanh chinh",
    "ma thu tuc hanh chinh",
    "thu tuc hanh chinh",
    "ma so thu tuc",
    "ma thu tuc",
    "thu tuc",
    "ma tthc",
    "tthc",
    "ma so",
    "ma",
];
/// A code is never looked for further into a text than this, in bytes.
const LONGEST_TEXT: usize = 10_000;
/// Codes found in one text at most.
const MOST_CODES: usize = 20;

impl ProcedureCode {
    /// Reads one code and nothing else: spaces anywhere, comma, dash or space
    /// for the dot, no dot at all, the letter O for 0, I or l for 1, `TTHC` or
    /// *mã thủ tục* before it, full-width digits, any case.
    ///
    /// # Errors
    /// [`ProcedureCodeError`].
    pub fn parse(text: &str) -> Result<Self, ProcedureCodeError> {
        if text.trim().is_empty() {
            return Err(ProcedureCodeError::Empty);
        }
        if text.len() > 200 {
            return Err(ProcedureCodeError::NotACode);
        }
        let clean = plain(text);
        let folded = fold(text);
        // A label is only looked for where there is one; the code itself is
        // read from the unfolded text, which still has its separators.
        let skip = LABELS
            .iter()
            .find(|label| folded.starts_with(*label))
            .map_or(0, |label| label.bytes().filter(u8::is_ascii_alphabetic).count());
        let mut letters = 0;
        let mut code = CompactString::default();
        for c in clean.chars() {
            if letters < skip {
                letters += usize::from(c.is_ascii_alphabetic());
                continue;
            }
            match c {
                c if c.is_ascii_alphanumeric() => code.push(c),
                '.' | ',' | '-' | '_' | ':' | '#' | '(' | ')' => {}
                c if c.is_whitespace() => {}
                _ => return Err(ProcedureCodeError::NotACode),
            }
        }
        canonical(&code).map(Self).ok_or(ProcedureCodeError::NotACode)
    }

    /// The codes named in a text, in order, each once, at most twenty; only the
    /// first 10,000 bytes are read. Here a dot or comma must stand after the
    /// first digit, and no further digits around the code: amounts, dates,
    /// phones and dossier numbers are none.
    pub fn find_in(text: &str) -> Vec<Self> {
        let end = text.floor_char_boundary(LONGEST_TEXT);
        let chars: Vec<char> = plain(text.get(..end).unwrap_or_default()).chars().collect();
        let mut found: Vec<Self> = Vec::new();
        let mut at = 0;
        let mut free_from = 0;
        while at < chars.len() && found.len() < MOST_CODES {
            match starts_cleanly(&chars, at, free_from).then(|| code_at(&chars, at)).flatten() {
                Some((code, next)) => {
                    if !found.contains(&code) {
                        found.push(code);
                    }
                    at = next;
                    free_from = next;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The national part, without a local suffix: `1.001193`.
    pub fn national(&self) -> &str {
        self.0.get(..NATIONAL).unwrap_or(&self.0)
    }

    /// The province of a local suffix: `H56`.
    pub fn province(&self) -> Option<&str> {
        self.0.rsplit_once('.').map(|(_, last)| last).filter(|last| last.starts_with('H'))
    }

    /// The whole code in canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for ProcedureCode {
    type Err = ProcedureCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for ProcedureCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ProcedureCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = CompactString::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// NFC, upper case, Latin letters without marks, ASCII digits.
fn plain(text: &str) -> String {
    nfc(text)
        .chars()
        .map(strip_width)
        .filter(|c| !matches!(c, '\u{0300}'..='\u{036F}'))
        .map(|c| latin_base(c).unwrap_or(c).to_ascii_uppercase())
        .collect()
}

/// From letters and digits alone: seven digits, then nothing, `Hdd`, or seven
/// digits and `Hdd`.
fn canonical(code: &str) -> Option<CompactString> {
    let mut digits = CompactString::default();
    let mut province = None;
    for (at, c) in code.chars().enumerate() {
        match c {
            'H' if province.is_none() => province = Some(at),
            c => digits.push(as_digit(c)?),
        }
    }
    let (national, rest) = digits.split_at_checked(7)?;
    let mut out = CompactString::default();
    let (first, six) = national.split_at_checked(1)?;
    out.push_str(first);
    out.push('.');
    out.push_str(six);
    match (province, rest.len()) {
        (None, 0) => {}
        (Some(7), 2) => {
            out.push_str(".H");
            out.push_str(rest);
        }
        (Some(14), 9) => {
            for (from, to, before) in [(0, 3, "."), (3, 5, "."), (5, 7, "."), (7, 9, ".H")] {
                out.push_str(before);
                out.push_str(rest.get(from..to)?);
            }
        }
        _ => return None,
    }
    Some(out)
}

fn as_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        _ => None,
    }
}

fn is_point(c: char) -> bool {
    matches!(c, '.' | ',' | '·')
}

/// No digit, and no digit with a point, right before it; a word only if it is a
/// label (`TTHC1.001193`). What lies before `free_from` belongs to the code
/// before.
fn starts_cleanly(chars: &[char], at: usize, free_from: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).filter(|i| *i >= free_from).and_then(|i| chars.get(i)).copied();
    if chars.get(at).copied().and_then(as_digit).is_none() {
        return false;
    }
    match back(1) {
        None => true,
        Some(c) if c.is_ascii_digit() => false,
        Some(c) if is_point(c) || matches!(c, '-' | '/') => !back(2).is_some_and(|b| b.is_ascii_alphanumeric()),
        Some(c) if c.is_alphabetic() => {
            let word: String = chars
                .get(free_from..at)
                .unwrap_or_default()
                .rsplit(|c| !c.is_alphabetic())
                .next()
                .unwrap_or_default()
                .iter()
                .take(8)
                .collect();
            matches!(word.as_str(), "TTHC" | "MA" | "MATTHC" | "SO" | "TUC")
                && chars.get(at).is_some_and(char::is_ascii_digit)
        }
        Some(_) => true,
    }
}

/// A code that begins here, and the place after it.
fn code_at(chars: &[char], start: usize) -> Option<(ProcedureCode, usize)> {
    let mut at = start + 1;
    at += usize::from(chars.get(at).is_some_and(|c| *c == ' '));
    if !chars.get(at).is_some_and(|c| is_point(*c)) {
        return None;
    }
    at += 1;
    at += usize::from(chars.get(at).is_some_and(|c| *c == ' '));
    let mut code = CompactString::default();
    code.push(as_digit(*chars.get(start)?)?);
    let mut real_digits = 0;
    for c in chars.get(at..at + 6)? {
        real_digits += usize::from(c.is_ascii_digit());
        code.push(as_digit(*c)?);
    }
    at += 6;
    // Two real digits at least: `1.lllooo` is a joke, not a code.
    if real_digits < 2 || chars.get(at).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    if let Some((suffix, next)) = suffix_at(chars, at) {
        code.push_str(&suffix);
        return canonical(&code).map(|code| (ProcedureCode(code), next));
    }
    let follows = |n: usize| chars.get(at + n).copied();
    let glued = follows(0).is_some_and(|c| is_point(c) || matches!(c, '-' | '/'))
        && follows(1).is_some_and(|c| c.is_ascii_digit())
        && code_at(chars, at + 1).is_none();
    if glued {
        return None;
    }
    canonical(&code).map(|code| (ProcedureCode(code), at))
}

/// `.H56` or `.000.00.00.H56` without its points.
fn suffix_at(chars: &[char], start: usize) -> Option<(CompactString, usize)> {
    'shapes: for shape in [".ddd.dd.dd.Hdd", ".Hdd"] {
        let mut suffix = CompactString::default();
        let mut at = start;
        for wanted in shape.chars() {
            let Some(c) = chars.get(at).copied() else { continue 'shapes };
            match wanted {
                '.' if is_point(c) => {}
                'H' if c == 'H' => suffix.push('H'),
                'd' => match as_digit(c) {
                    Some(digit) => suffix.push(digit),
                    None => continue 'shapes,
                },
                _ => continue 'shapes,
            }
            at += 1;
        }
        if !chars.get(at).is_some_and(|c| c.is_alphanumeric()) {
            return Some((suffix, at));
        }
    }
    None
}

#[cfg(test)]
mod tests;
