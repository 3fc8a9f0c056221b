//! The citizen's identity number and the QR of the identity card.

use std::fmt;

use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;
use zeroize::Zeroize;

use crate::text::{nfc, strip_width};

const DIGITS: usize = 12;
const LAST: usize = 4;
/// A card's QR holds some 150 characters; what is longer is read no further.
const LONGEST_SCAN: usize = 1_024;

/// The twelve digits of a citizen's identity number (căn cước công dân, số
/// định danh cá nhân; Nghị định 137/2015/NĐ-CP art. 13): three for the place of
/// birth registration, one for century and sex, two for the year of birth, six
/// at random. There is no check digit.
///
/// The digits are wiped from memory on drop, compared in constant time and not
/// printed by `Debug`. There is no `Display` and no serde.
#[derive(Clone)]
pub struct CitizenId {
    digits: [u8; DIGITS],
}

/// The last four digits of an identity number: the weak second proof of
/// `domain/dossiers.md`. Wiped on drop, compared in constant time.
#[derive(Clone)]
pub struct LastFour {
    digits: [u8; LAST],
}

/// Sex as the fourth digit of the identity number records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordedSex {
    /// Even fourth digit.
    Male,
    /// Odd fourth digit.
    Female,
}

/// What a scanner read from the card's QR:
/// `cccd|cmnd|name|ddMMyyyy|sex|address|ddMMyyyy`.
///
/// The QR is unsigned: it identifies, it does **not** authenticate. Only the
/// twelve digits are kept; the other fields are dropped unread.
#[derive(Debug, Clone)]
pub struct CardScan {
    citizen: CitizenId,
    fields: usize,
}

/// Why a text is no identity number, no four digits or no card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CitizenIdError {
    /// Nothing but white space.
    #[error("nothing given")]
    Empty,
    /// A character that is neither a digit nor a separator.
    #[error("a character that is no digit")]
    UnexpectedCharacter,
    /// Another number of digits than the form has.
    #[error("another number of digits than expected")]
    WrongLength,
    /// The place of birth registration is 000, which no citizen has.
    #[error("no place of birth registration has this code")]
    NoSuchPlace,
}

impl CitizenIdError {
    /// A code that stays the same between releases.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "citizen_id_empty",
            Self::UnexpectedCharacter => "citizen_id_unexpected_character",
            Self::WrongLength => "citizen_id_wrong_length",
            Self::NoSuchPlace => "citizen_id_no_such_place",
        }
    }
}

impl CitizenId {
    /// Reads twelve digits; spaces, dots, dashes and full-width digits are
    /// tolerated.
    ///
    /// # Errors
    /// [`CitizenIdError`]; it never holds the text.
    pub fn parse(text: &str) -> Result<Self, CitizenIdError> {
        let digits = read_digits::<DIGITS>(text)?;
        let id = Self { digits };
        if id.province_code() == "000" {
            return Err(CitizenIdError::NoSuchPlace);
        }
        Ok(id)
    }

    /// The twelve digits, for keyed hashing and for the portal. Never for logs
    /// nor people.
    pub fn digits(&self) -> &str {
        ascii(&self.digits)
    }

    /// Three digits of the place of birth registration: `074` Bình Dương. The
    /// codes of before the mergers of 1/7/2025 stay in use.
    pub fn province_code(&self) -> &str {
        self.digits().get(..3).unwrap_or_default()
    }

    /// The century of birth: 20 for 1900–1999, 21 for 2000–2099, up to 24.
    pub fn century(&self) -> u8 {
        20 + self.digit(3) / 2
    }

    /// Sex as recorded at registration.
    pub fn sex(&self) -> RecordedSex {
        if self.digit(3).is_multiple_of(2) { RecordedSex::Male } else { RecordedSex::Female }
    }

    /// The year of birth, 1900–2399.
    pub fn birth_year(&self) -> i16 {
        let century = i16::from(self.century() - 1);
        century * 100 + i16::from(self.digit(4) * 10 + self.digit(5))
    }

    /// The last four digits.
    pub fn last4(&self) -> LastFour {
        let [.., a, b, c, d] = self.digits;
        LastFour { digits: [a, b, c, d] }
    }

    /// Whether the proof is right, in a time that does not depend on where it
    /// differs.
    pub fn last4_matches(&self, proof: &LastFour) -> bool {
        self.last4().ct_eq(proof).into()
    }

    /// For people and logs: only the place of registration (`074xxxxxxxxx`).
    /// The last digits are never shown, because four of them are a proof.
    pub fn masked(&self) -> String {
        format!("{}xxxxxxxxx", self.province_code())
    }

    fn digit(&self, at: usize) -> u8 {
        self.digits.get(at).map_or(0, |d| d - b'0')
    }
}

impl LastFour {
    /// Reads exactly four digits; spaces and full-width digits are tolerated.
    ///
    /// # Errors
    /// [`CitizenIdError`]; it never holds the text.
    pub fn parse(text: &str) -> Result<Self, CitizenIdError> {
        read_digits::<LAST>(text).map(|digits| Self { digits })
    }

    /// The four digits, for the one-way proof sent to the portal. Never for
    /// logs.
    pub fn digits(&self) -> &str {
        ascii(&self.digits)
    }
}

impl CardScan {
    /// Reads what the scanner typed. Fewer and more fields, line ends and a
    /// byte order mark are tolerated; the first field must be an identity
    /// number.
    ///
    /// # Errors
    /// [`CitizenIdError`]; it never holds the text.
    pub fn parse(text: &str) -> Result<Self, CitizenIdError> {
        let end = text.floor_char_boundary(LONGEST_SCAN);
        let text = text.get(..end).unwrap_or_default();
        let mut fields = text.trim().split(['|', '｜']);
        let citizen = CitizenId::parse(fields.next().unwrap_or_default())?;
        Ok(Self { citizen, fields: 1 + fields.count() })
    }

    /// The identity number on the card.
    pub fn citizen_id(&self) -> &CitizenId {
        &self.citizen
    }

    /// The identity number on the card; the scan is used up.
    pub fn into_citizen_id(self) -> CitizenId {
        self.citizen
    }

    /// How many fields the QR had: 1 (typed by hand) to 7 on known cards, more
    /// on newer ones.
    pub fn fields(&self) -> usize {
        self.fields
    }
}

impl ConstantTimeEq for LastFour {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.digits.ct_eq(&other.digits)
    }
}

impl ConstantTimeEq for CitizenId {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.digits.ct_eq(&other.digits)
    }
}

impl PartialEq for LastFour {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for LastFour {}

impl PartialEq for CitizenId {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for CitizenId {}

impl Drop for CitizenId {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

impl Drop for LastFour {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenId({})", self.masked())
    }
}

impl fmt::Debug for LastFour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastFour(xxxx)")
    }
}

/// Exactly `N` digits and separators between them. The buffer is the only copy
/// and is wiped when reading fails.
fn read_digits<const N: usize>(text: &str) -> Result<[u8; N], CitizenIdError> {
    let clean = nfc(text);
    let text = clean.trim();
    if text.is_empty() {
        return Err(CitizenIdError::Empty);
    }
    let mut digits = [b'0'; N];
    let mut found = 0;
    let mut problem = None;
    for c in text.chars().map(strip_width) {
        match (c, digits.get_mut(found)) {
            ('0'..='9', Some(slot)) => {
                *slot = u8::try_from(c).unwrap_or(b'0');
                found += 1;
            }
            ('0'..='9', None) => problem = Some(CitizenIdError::WrongLength),
            ('.' | '-', _) => {}
            (c, _) if c.is_whitespace() => {}
            _ => problem = Some(CitizenIdError::UnexpectedCharacter),
        }
        if problem.is_some() {
            break;
        }
    }
    if problem.is_none() && found != N {
        problem = Some(CitizenIdError::WrongLength);
    }
    match problem {
        None => Ok(digits),
        Some(problem) => {
            digits.zeroize();
            Err(problem)
        }
    }
}

fn ascii(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).unwrap_or_default()
}

#[cfg(test)]
mod tests;
