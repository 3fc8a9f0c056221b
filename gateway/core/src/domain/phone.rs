//! Telephone numbers of citizens, kept as E.164.

use std::fmt;

use compact_str::CompactString;
use thiserror::Error;

use crate::text::{nfc, strip_width};

/// A telephone number in E.164 (ITU-T): `+`, country code, subscriber, at most
/// 15 digits.
///
/// It has no `Display` and is not serialised: whoever prints a number decides
/// between [`Phone::e164`] (for the wire) and [`Phone::masked`] (for people and
/// logs). `Debug` prints the masked form.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone {
    e164: CompactString,
}

/// Why a text is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// Nothing but white space.
    #[error("no telephone number given")]
    Empty,
    /// A character that belongs in no telephone number.
    #[error("a character that belongs in no telephone number")]
    UnexpectedCharacter,
    /// Too few digits for the form it begins with.
    #[error("too few digits")]
    TooShort,
    /// Too many digits for the form it begins with.
    #[error("too many digits")]
    TooLong,
    /// The prefix is that of no subscriber (hotlines, retired area codes).
    #[error("the prefix belongs to no subscriber")]
    UnknownPrefix,
}

impl PhoneError {
    /// A code that stays the same between releases.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone_empty",
            Self::UnexpectedCharacter => "phone_unexpected_character",
            Self::TooShort => "phone_too_short",
            Self::TooLong => "phone_too_long",
            Self::UnknownPrefix => "phone_unknown_prefix",
        }
    }
}

/// What a text may hold at most before it is read: no number written with
/// spaces and brackets is longer.
const LONGEST_TEXT: usize = 64;

/// Prefixes of the eleven-digit mobiles and what replaced them between 15
/// September and 14 November 2018 (decision of the Ministry of Information and
/// Communications 798/QĐ-BTTTT of 2018), without the leading 0.
const MOBILES_OF_2018: [(&str, &str); 21] = [
    ("120", "70"),
    ("121", "79"),
    ("122", "77"),
    ("126", "76"),
    ("128", "78"), // MobiFone
    ("123", "83"),
    ("124", "84"),
    ("125", "85"),
    ("127", "81"),
    ("129", "82"), // VinaPhone
    ("162", "32"),
    ("163", "33"),
    ("164", "34"),
    ("165", "35"), // Viettel
    ("166", "36"),
    ("167", "37"),
    ("168", "38"),
    ("169", "39"), // Viettel
    ("186", "56"),
    ("188", "58"), // Vietnamobile
    ("199", "59"), // Gmobile
];

impl Phone {
    /// Reads a number as people write it.
    ///
    /// - Vietnamese: `+84`, `84`, `0084` or `0`, then nine digits starting 3, 5,
    ///   7, 8 or 9 (mobiles) or ten starting 2 (landlines, `024…`, `0274…`). A
    ///   mobile that lost its 0 in a spreadsheet (`912345678`) is accepted.
    /// - Eleven-digit mobiles of before 2018 become today's ten-digit ones.
    /// - Foreign: only with `+` or `00`, 7 to 15 digits.
    ///
    /// Spaces, dots, commas, dashes, brackets, slashes, `tel:` and full-width
    /// digits are tolerated.
    ///
    /// # Errors
    /// [`PhoneError`] tells what is wrong; it never holds the text.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let (international, digits) = digits_of(text)?;
        if international {
            return match digits.strip_prefix("84") {
                Some(national) => Self::vietnamese(national.strip_prefix('0').unwrap_or(national)),
                None => Self::foreign(&digits),
            };
        }
        if let Some(national) = digits.strip_prefix('0') {
            return Self::vietnamese(national);
        }
        match digits.strip_prefix("84") {
            Some(national) if national.len() >= 9 => Self::vietnamese(national.strip_prefix('0').unwrap_or(national)),
            _ if digits.len() == 9 => Self::vietnamese(&digits),
            _ if digits.len() < 9 => Err(PhoneError::TooShort),
            _ => Err(PhoneError::UnknownPrefix),
        }
    }

    /// `+84912345123`
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// True for a Vietnamese mobile. For foreign numbers it is not known, thus
    /// false.
    pub fn is_mobile(&self) -> bool {
        self.national().is_some_and(|n| n.len() == 9)
    }

    /// True for a number of the Vietnamese plan (country code 84).
    pub fn is_vietnamese(&self) -> bool {
        self.national().is_some()
    }

    /// The last `n` digits, or all of them (without country code) where there
    /// are fewer.
    pub fn last_digits(&self, n: usize) -> &str {
        let digits = self.national().unwrap_or_else(|| self.e164.trim_start_matches('+'));
        digits.get(digits.len().saturating_sub(n)..).unwrap_or(digits)
    }

    /// For people and logs: two digits at the front, three at the end
    /// (`09xx xxx 123`, landlines `02xx xxxx 222`); of foreign numbers only the
    /// last three (`+xx xxx 123`).
    pub fn masked(&self) -> String {
        let last = self.last_digits(3);
        match self.national() {
            Some(national) => {
                let first = national.get(..1).unwrap_or_default();
                let middle = if national.len() > 9 { "xxxx" } else { "xxx" };
                format!("0{first}xx {middle} {last}")
            }
            None => format!("+xx xxx {last}"),
        }
    }

    fn national(&self) -> Option<&str> {
        self.e164.strip_prefix("+84")
    }

    fn vietnamese(national: &str) -> Result<Self, PhoneError> {
        let (length, first) = (national.len(), national.bytes().next());
        let subscriber = match first {
            Some(b'3' | b'5' | b'7' | b'8' | b'9') => exactly(9, length).map(|()| CompactString::from(national))?,
            Some(b'2') => exactly(10, length).map(|()| CompactString::from(national))?,
            Some(b'1') if length == 10 => MOBILES_OF_2018
                .iter()
                .find_map(|(old, new)| {
                    national.strip_prefix(old).map(|rest| {
                        let mut number = CompactString::from(*new);
                        number.push_str(rest);
                        number
                    })
                })
                .ok_or(PhoneError::UnknownPrefix)?,
            Some(_) => return Err(PhoneError::UnknownPrefix),
            None => return Err(PhoneError::TooShort),
        };
        let mut e164 = CompactString::const_new("+84");
        e164.push_str(&subscriber);
        Ok(Self { e164 })
    }

    fn foreign(digits: &str) -> Result<Self, PhoneError> {
        match digits.len() {
            0..7 => return Err(PhoneError::TooShort),
            7..=15 => {}
            _ => return Err(PhoneError::TooLong),
        }
        if digits.starts_with('0') {
            return Err(PhoneError::UnknownPrefix);
        }
        let mut e164 = CompactString::const_new("+");
        e164.push_str(digits);
        Ok(Self { e164 })
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

fn exactly(wanted: usize, found: usize) -> Result<(), PhoneError> {
    match found.cmp(&wanted) {
        std::cmp::Ordering::Less => Err(PhoneError::TooShort),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(PhoneError::TooLong),
    }
}

/// The digits alone, and whether `+` or `00` stood before them.
fn digits_of(text: &str) -> Result<(bool, CompactString), PhoneError> {
    let clean = nfc(text);
    let mut text = clean.trim();
    if text.is_empty() {
        return Err(PhoneError::Empty);
    }
    if text.len() > LONGEST_TEXT {
        return Err(PhoneError::TooLong);
    }
    if let Some((scheme, rest)) = text.split_at_checked(4)
        && scheme.eq_ignore_ascii_case("tel:")
    {
        text = rest;
    }
    let mut plus = false;
    let mut digits = CompactString::default();
    for c in text.chars().map(strip_width) {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            '.' | ',' | '-' | '(' | ')' | '[' | ']' | '/' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            c if c.is_whitespace() => {}
            _ => return Err(PhoneError::UnexpectedCharacter),
        }
    }
    if digits.is_empty() {
        return Err(PhoneError::TooShort);
    }
    if !plus && let Some(rest) = digits.strip_prefix("00") {
        return Ok((true, CompactString::from(rest)));
    }
    Ok((plus, digits))
}

#[cfg(test)]
mod tests;
