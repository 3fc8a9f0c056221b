use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize};

use crate::ports::Randomness;
use crate::text::fold;

/// Where people wait: the identification code of the agency
/// (`000.00.17.H09`), as [`crate::domain::Sites`] names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct SiteCode(CompactString);

impl SiteCode {
    /// Letters, digits and dots, at most 40; capitals are made of small letters.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits =
            (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        fits.then(|| Self(text.to_ascii_uppercase().into()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What people wait for: 1 to 32 of `a`–`z`, digits, `-` and `_`, a letter
/// first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ServiceKey(CompactString);

impl ServiceKey {
    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=32).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
        fits.then(|| Self(text.into()))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What stands over a counter, and what the hall display calls: 1 to 12 letters
/// and digits, also with marks (`3`, `B2`, `Một`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct CounterName(CompactString);

impl CounterName {
    /// Reads one. No spaces: it stands in the middle of a sentence that is spoken.
    pub fn parse(text: &str) -> Option<Self> {
        let text = crate::text::nfc(text.trim());
        let fits = (1..=12).contains(&text.chars().count()) && text.chars().all(char::is_alphanumeric);
        fits.then(|| Self(text.as_ref().into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are read as the same name.
    pub fn sounds_like(&self, other: &Self) -> bool {
        self == other || fold(&self.0) == fold(&other.0)
    }
}

/// Read from settings and bodies: what does not fit is refused with its form.
macro_rules! read_from_text {
    ($($name:ident: $form:literal),+ $(,)?) => {
        $(impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom($form))
            }
        })+
    };
}

read_from_text!(
    SiteCode: "an agency's code: letters, digits and dots, at most 40",
    ServiceKey: "a service's key: a-z, digits, - and _, a letter first, at most 32",
    CounterName: "a counter's name: 1 to 12 letters and digits",
);

/// What a ticket's QR holds and what its place is asked by: 60 random bits, so
/// that nobody asks for another one's. It tells nothing of anybody.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TicketCode(CompactString);

/// Crockford's alphabet: no `i`, `l`, `o` and `u`, so that it can be typed.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl TicketCode {
    /// So many signs.
    pub const LEN: usize = 12;

    /// A new one. The randomness must be the operating system's.
    pub fn new(randomness: &dyn Randomness) -> Self {
        let bits = randomness.next_u64();
        let signs = (0..Self::LEN).map(|place| {
            let five = usize::try_from(bits >> (5 * place) & 31).unwrap_or_default();
            char::from(ALPHABET.get(five).copied().unwrap_or(b'0'))
        });
        Self(signs.collect())
    }

    /// Reads one as it was scanned or typed: in any case, `o` for `0`, `i` and
    /// `l` for `1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != Self::LEN {
            return None;
        }
        let sign = |c: char| match c.to_ascii_lowercase() {
            'o' => Some('0'),
            'i' | 'l' => Some('1'),
            c if u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte)) => Some(c),
            _ => None,
        };
        text.chars().map(sign).collect::<Option<CompactString>>().map(Self)
    }

    /// The signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whoever has the code may see its ticket's place: no log holds one.
impl fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketCode(…)")
    }
}

/// What makes two takes the same: 128 bits that the terminal chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketKey(pub [u8; 16]);

impl TicketKey {
    /// Reads thirty-two hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        fits.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(|bits| Self(bits.to_be_bytes()))
    }

    /// As it was sent.
    pub fn to_hex(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bits(u64);

    impl Randomness for Bits {
        fn next_u64(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn names_are_read_and_nothing_else() {
        assert_eq!(SiteCode::parse(" 000.00.17.h09 ").unwrap().as_str(), "000.00.17.H09");
        assert!(ServiceKey::parse("ho-tich").is_some() && CounterName::parse(" 3 ").is_some());
        for wrong in ["", "A", "hộ-tịch", "9a", "a b", &"a".repeat(33)] {
            assert_eq!(ServiceKey::parse(wrong), None, "{wrong:?}");
        }
        for wrong in ["", "Quầy 3", "a\u{7}b", "a\u{1f600}", &"1".repeat(13)] {
            assert_eq!(CounterName::parse(wrong), None, "{wrong:?}");
        }
        assert!(CounterName::parse("Một").unwrap().sounds_like(&CounterName::parse("mot").unwrap()));
    }

    #[test]
    fn a_code_is_twelve_signs_that_can_be_typed() {
        let code = TicketCode::new(&Bits(u64::MAX));
        assert_eq!(code.as_str(), "zzzzzzzzzzzz");
        assert_eq!(TicketCode::new(&Bits(1)).as_str(), "100000000000");
        assert_eq!(TicketCode::parse(" IOL000000000 ").unwrap().as_str(), "101000000000");
        for wrong in ["", "u00000000000", "10000000000", "1000000000000", "1000000000é"] {
            assert_eq!(TicketCode::parse(wrong), None, "{wrong:?}");
        }
        assert!(!format!("{code:?}").contains('z'));
    }

    #[test]
    fn a_key_is_a_hundred_and_twenty_eight_bits() {
        let text = "0123456789abcdef0123456789abcdef";
        assert_eq!(TicketKey::parse(text).unwrap().to_hex(), text);
        for wrong in ["", "0123456789abcdef", "+123456789abcdef0123456789abcdef", &"g".repeat(32)] {
            assert_eq!(TicketKey::parse(wrong), None, "{wrong:?}");
        }
    }
}
