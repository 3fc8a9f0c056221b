use compact_str::CompactString;
use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;

use super::NumberProblem;

/// One form of dossier numbers, as configured.
///
/// The shape is written as the number is printed:
///
/// | in the shape | stands for |
/// | --- | --- |
/// | `A`–`Z` `.` `-` | itself |
/// | `{d:3}` `{d:2-3}` | so many digits; a group of at most three may be typed without its leading zeros |
/// | `{date}` | the day of receipt, YYMMDD of 2000–2099; it exists and is not in the future |
/// | `{serial:4}` | at the end: at least so many digits, padded with zeros, ten at most |
/// | `{x:11}` `{x:8-12}` | so many capital letters and digits, one digit at least |
///
/// A shape without `{date}` is an older receipt form: it is only found where it
/// stands alone as a word, and nothing in it is padded or guessed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatternConfig {
    /// For messages and logs.
    pub name: String,
    /// The form, see above.
    pub shape: String,
}

/// Why the configured patterns are refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PatternError {
    /// No pattern: no number could ever be read.
    #[error("at least one pattern of dossier numbers is needed")]
    NoPattern,
    /// More patterns than are searched in reasonable time.
    #[error("at most {max} patterns of dossier numbers are allowed")]
    TooManyPatterns {
        /// The limit.
        max: usize,
    },
    /// Something in the shape that the language does not have.
    #[error("pattern {name}: cannot read the shape from {rest:?} on")]
    BadShape {
        /// The pattern's name.
        name: String,
        /// The shape from the unreadable place on.
        rest: String,
    },
    /// `{date}` or `{serial}` twice, or something after the serial.
    #[error("pattern {name}: one date at most, and one serial at most, at the end, after the date")]
    Order {
        /// The pattern's name.
        name: String,
    },
    /// Numbers of this shape have fewer than six letters and digits, or more
    /// than 48 characters.
    #[error("pattern {name}: a number must have 6 letters and digits at least and 48 characters at most")]
    Length {
        /// The pattern's name.
        name: String,
    },
}

impl PatternError {
    /// A code that stays the same between releases.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPattern => "number_pattern_none",
            Self::TooManyPatterns { .. } => "number_pattern_too_many",
            Self::BadShape { .. } => "number_pattern_bad_shape",
            Self::Order { .. } => "number_pattern_order",
            Self::Length { .. } => "number_pattern_length",
        }
    }
}

/// Characters of the longest number any pattern may have.
pub(super) const LONGEST_NUMBER: usize = 48;
/// Digits of the longest serial.
pub(super) const LONGEST_SERIAL: usize = 10;
const MOST_PATTERNS: usize = 32;

/// The forms seen in use (`domain/dossiers.md`, Numbers): Thông tư
/// 01/2018/TT-VPCP art. 19, the same with fewer groups, the order of Quyết định
/// 20/2020/QĐ-TTg, and the wider groups of other authorities.
pub fn default_patterns() -> Vec<PatternConfig> {
    [
        ("agency of four groups", "{d:3}.{d:2}.{d:2}.H{d:2}-{date}-{serial:4}"),
        ("agency of three groups", "{d:2}.{d:2}.H{d:2}-{date}-{serial:4}"),
        ("province first, two groups", "H{d:2}.{d:2}-{date}-{serial:4}"),
        ("province first, three groups", "H{d:2}.{d:2}.{d:2}-{date}-{serial:4}"),
        ("other authority, two groups", "G{d:2}.{d:2-3}-{date}-{serial:4}"),
        ("other authority, three groups", "G{d:2}.{d:2-3}.{d:2-3}-{date}-{serial:4}"),
        ("other authority, four groups", "G{d:2}.{d:2-3}.{d:2-3}.{d:2-3}-{date}-{serial:4}"),
    ]
    .into_iter()
    .map(|(name, shape)| PatternConfig { name: name.to_owned(), shape: shape.to_owned() })
    .collect()
}

/// One piece of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Letter(u8),
    Separator(u8),
    Digits { min: usize, max: usize },
    Date,
    Serial { min: usize },
    Alphanumeric { min: usize, max: usize },
}

/// What a pattern is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Number,
    /// A part is missing; `strict` ones count only when typed without a slip.
    Fragment {
        strict: bool,
    },
}

/// A compiled shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) elements: Vec<Element>,
    pub(super) purpose: Purpose,
    pub(super) dated: bool,
}

/// Where in a canonical text the date and the serial begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) date_at: Option<usize>,
    pub(super) serial_at: Option<usize>,
}

impl Pattern {
    fn new(elements: Vec<Element>, purpose: Purpose) -> Self {
        let dated = elements.contains(&Element::Date);
        Self { elements, purpose, dated }
    }

    /// The letters that a text must hold to match, as a bit for each.
    pub(super) fn letters(&self) -> u32 {
        self.elements.iter().fold(0, |letters, element| match element {
            Element::Letter(letter) => letters | letter_bit(*letter),
            _ => letters,
        })
    }

    /// Matches a text that is already canonical, letters in any case.
    pub(super) fn exact(&self, text: &[u8]) -> Option<Parts> {
        let mut parts = Parts::default();
        exact(&self.elements, text, 0, &mut parts).then_some(parts)
    }
}

/// A bit for each letter A–Z; none for anything else.
pub(super) fn letter_bit(letter: u8) -> u32 {
    if letter.is_ascii_uppercase() { 1 << (letter - b'A') } else { 0 }
}

/// Reads YYMMDD as a day of 2000–2099.
pub(super) fn date_of(digits: &[u8]) -> Option<Date> {
    let [y1, y2, m1, m2, d1, d2] = digits else { return None };
    let two = |tens: &u8, ones: &u8| -> Option<i8> {
        let number = tens.checked_sub(b'0')? * 10 + ones.checked_sub(b'0')?;
        i8::try_from(number).ok()
    };
    Date::new(2000 + i16::from(two(y1, y2)?), two(m1, m2)?, two(d1, d2)?).ok()
}

/// What is wrong with the date of a number.
pub(super) fn date_problem(digits: &[u8], today: Date) -> Option<NumberProblem> {
    match date_of(digits) {
        None => Some(NumberProblem::NoSuchDate),
        Some(date) if date > today => Some(NumberProblem::DateInFuture),
        Some(_) => None,
    }
}

/// What is wrong with a text that has the right shape.
pub(super) fn problem_of(text: &[u8], parts: &Parts, today: Date) -> Option<NumberProblem> {
    let date = parts.date_at.and_then(|at| text.get(at..at + 6));
    let serial = parts.serial_at.map_or(0, |at| text.len().saturating_sub(at));
    date.and_then(|digits| date_problem(digits, today))
        .or_else(|| (serial > LONGEST_SERIAL).then_some(NumberProblem::TooLong))
}

fn exact(elements: &[Element], text: &[u8], at: usize, parts: &mut Parts) -> bool {
    let Some((element, rest)) = elements.split_first() else {
        return at == text.len();
    };
    let run = |wanted: fn(&u8) -> bool| text.get(at..).unwrap_or_default().iter().take_while(|b| wanted(b)).count();
    match *element {
        Element::Letter(b) | Element::Separator(b) => {
            text.get(at).is_some_and(|c| c.to_ascii_uppercase() == b) && exact(rest, text, at + 1, parts)
        }
        Element::Digits { min, max } => {
            (min..=max.min(run(u8::is_ascii_digit))).rev().any(|n| exact(rest, text, at + n, parts))
        }
        Element::Date => {
            parts.date_at = Some(at);
            run(u8::is_ascii_digit) >= 6 && exact(rest, text, at + 6, parts)
        }
        Element::Serial { min } => {
            parts.serial_at = Some(at);
            let n = run(u8::is_ascii_digit);
            n >= min && exact(rest, text, at + n, parts)
        }
        Element::Alphanumeric { min, max } => {
            let n = run(u8::is_ascii_alphanumeric);
            let with_digit = text.get(at..at + n).is_some_and(|run| run.iter().any(u8::is_ascii_digit));
            with_digit && (min..=max).contains(&n) && exact(rest, text, at + n, parts)
        }
    }
}

/// Compiles the configured patterns.
pub(super) fn compile(configs: &[PatternConfig]) -> Result<Vec<Pattern>, PatternError> {
    if configs.is_empty() {
        return Err(PatternError::NoPattern);
    }
    if configs.len() > MOST_PATTERNS {
        return Err(PatternError::TooManyPatterns { max: MOST_PATTERNS });
    }
    let mut patterns: Vec<Pattern> = Vec::with_capacity(configs.len());
    for config in configs {
        let elements = elements_of(config)?;
        check(config, &elements)?;
        let pattern = Pattern::new(elements, Purpose::Number);
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    Ok(patterns)
}

fn elements_of(config: &PatternConfig) -> Result<Vec<Element>, PatternError> {
    let mut elements = Vec::new();
    let mut rest = config.shape.as_str();
    while let Some(first) = rest.bytes().next() {
        let bad =
            || PatternError::BadShape { name: config.name.clone(), rest: rest.chars().take(LONGEST_NUMBER).collect() };
        let (element, length) = match first {
            b'A'..=b'Z' => (Element::Letter(first), 1),
            b'.' | b'-' => (Element::Separator(first), 1),
            b'{' => {
                let end = rest.find('}').ok_or_else(bad)?;
                let inside = rest.get(1..end).ok_or_else(bad)?;
                (placeholder(inside).ok_or_else(bad)?, end + 1)
            }
            _ => return Err(bad()),
        };
        elements.push(element);
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(elements)
}

fn placeholder(inside: &str) -> Option<Element> {
    if inside == "date" {
        return Some(Element::Date);
    }
    let (kind, size) = inside.split_once(':')?;
    let number = |text: &str| -> Option<usize> {
        let digits = !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let (min, max) = match size.split_once('-') {
        Some((min, max)) => (number(min)?, number(max)?),
        None => (number(size)?, number(size)?),
    };
    if min == 0 || min > max {
        return None;
    }
    match kind {
        "d" if max <= 20 => Some(Element::Digits { min, max }),
        "x" if max <= 32 => Some(Element::Alphanumeric { min, max }),
        "serial" if min == max && max <= LONGEST_SERIAL => Some(Element::Serial { min }),
        _ => None,
    }
}

fn check(config: &PatternConfig, elements: &[Element]) -> Result<(), PatternError> {
    let name = || config.name.clone();
    let count = |wanted: fn(&Element) -> bool| elements.iter().filter(|e| wanted(e)).count();
    let serials = count(|e| matches!(e, Element::Serial { .. }));
    let serial_last = matches!(elements.last(), Some(Element::Serial { .. }));
    let dates = count(|e| *e == Element::Date);
    if dates > 1 || serials > 1 || (serials == 1 && !serial_last) {
        return Err(PatternError::Order { name: name() });
    }
    let (mut least, mut most) = (0, 0);
    for element in elements {
        let (min, max) = match element {
            Element::Letter(_) => (1, 1),
            Element::Separator(_) => (0, 1),
            Element::Digits { min, max } | Element::Alphanumeric { min, max } => (*min, *max),
            Element::Date => (6, 6),
            Element::Serial { min } => (*min, LONGEST_SERIAL),
        };
        least += min;
        most += max;
    }
    if least < 6 || most > LONGEST_NUMBER {
        return Err(PatternError::Length { name: name() });
    }
    Ok(())
}

/// From each dated pattern the shapes that people send when they forget a part.
pub(super) fn fragments_of(patterns: &[Pattern]) -> Vec<Pattern> {
    let mut fragments: Vec<Pattern> = Vec::new();
    for pattern in patterns {
        let elements = &pattern.elements;
        let Some(date) = elements.iter().position(|e| *e == Element::Date) else { continue };
        let (before, from_date) = elements.split_at(date);
        let agency = match before.split_last() {
            Some((Element::Separator(_), agency)) => agency,
            _ => before,
        };
        let letter = agency.iter().position(|e| matches!(e, Element::Letter(_)));
        let groups = agency.iter().filter(|e| matches!(e, Element::Digits { .. })).count();
        let Some(letter) = letter else { continue };
        let mut add = |elements: Vec<Element>, strict: bool| {
            let fragment = Pattern::new(elements, Purpose::Fragment { strict });
            if patterns.iter().all(|p| p.elements != fragment.elements) && !fragments.contains(&fragment) {
                fragments.push(fragment);
            }
        };
        // the agency alone, when it can be nothing else
        if groups >= 3 {
            add(agency.to_vec(), true);
        }
        // no serial
        if from_date.len() > 1 {
            add(elements.iter().copied().take(date + 1).collect(), false);
        }
        // only the group with the letter, then date and serial
        let short: Vec<Element> = agency.iter().copied().skip(letter).take(2).collect();
        if matches!(short.as_slice(), [_, Element::Digits { .. }]) {
            let tail = elements.iter().copied().skip(agency.len());
            add(short.into_iter().chain(tail).collect(), false);
        }
        // no letter
        if groups >= 3 && letter > 0 {
            add(elements.iter().copied().filter(|e| !matches!(e, Element::Letter(_))).collect(), true);
        }
    }
    fragments
}

/// Appends digits of a group, padded with zeros to `width`.
pub(super) fn push_padded(text: &mut CompactString, digits: impl ExactSizeIterator<Item = u8>, width: usize) {
    for _ in digits.len()..width {
        text.push('0');
    }
    for digit in digits {
        text.push(char::from(digit));
    }
}
