use std::fmt;

use compact_str::CompactString;

/// Six digits that were sent to a dossier's registered phone.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(CompactString);

impl OneTimeCode {
    /// How many digits.
    pub const DIGITS: usize = 6;

    /// A code of random bits; each of the million codes is equally likely but
    /// for a part in 10¹³.
    pub fn from_bits(bits: u64) -> Self {
        Self(compact_str::format_compact!("{:06}", bits % 1_000_000))
    }

    /// Six digits, with spaces, dots or dashes between them; `None` otherwise.
    pub fn parse(text: &str) -> Option<Self> {
        digits_of(text, Self::DIGITS).map(Self)
    }

    /// The digits, for the message that carries them and for hashing.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// So many digits, as people type them: with spaces, dots or dashes between
/// them, also full-width ones; `None` otherwise.
pub(super) fn digits_of(text: &str, count: usize) -> Option<CompactString> {
    let mut digits = CompactString::default();
    for c in text.trim().chars().map(crate::text::strip_width) {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '.' | '-' => {}
            _ => return None,
        }
    }
    (digits.len() == count).then_some(digits)
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_however_they_are_spaced() {
        assert_eq!(OneTimeCode::parse(" 012 345 ").unwrap().digits(), "012345");
        assert_eq!(OneTimeCode::parse("０１２３４５").unwrap().digits(), "012345");
        assert_eq!(OneTimeCode::from_bits(7).digits(), "000007");
        assert!(OneTimeCode::parse("12345").is_none());
        assert!(OneTimeCode::parse("1234567").is_none());
        assert!(OneTimeCode::parse("12345a").is_none());
    }

    #[test]
    fn it_is_never_printed() {
        assert_eq!(format!("{:?}", OneTimeCode::from_bits(1)), "OneTimeCode(…)");
    }
}
