use std::fmt;

use compact_str::CompactString;
use unicode_normalization::UnicodeNormalization as _;

/// The name that an officer signs in with: 3 to 40 of `a`–`z`, digits, `.`,
/// `-` and `_`, a letter first. Capitals are read as small letters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Login(CompactString);

impl Login {
    /// Reads one as it was typed.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (3..=40).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        fits.then(|| Self(text.to_ascii_lowercase().into()))
    }

    /// The login.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who works here is personal data: logs name accounts by their number.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

/// An officer's name as colleagues read it: 1 to 80 characters, in NFC.
#[derive(Clone, PartialEq, Eq)]
pub struct OfficerName(CompactString);

impl OfficerName {
    /// Reads one. Control characters and those that turn the direction of
    /// writing are refused: the name stands among others' words.
    pub fn parse(text: &str) -> Option<Self> {
        let name: CompactString = text.trim().nfc().collect();
        let fits = (1..=80).contains(&name.chars().count()) && !name.chars().any(is_unfit);
        fits.then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As [`Login`].
impl fmt::Debug for OfficerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfficerName(…)")
    }
}

/// Whether a character has no place in a name that stands among others' words.
pub(in crate::domain) fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_read_leniently_and_compared_as_one() {
        assert_eq!(Login::parse(" Nguyen.VanA ").unwrap().as_str(), "nguyen.vana");
        assert_eq!(Login::parse("le-thi_b2").unwrap().as_str(), "le-thi_b2");
        for wrong in ["", "ab", "1abc", ".abc", "nguyễn", "a b c", "abc@x", &"a".repeat(41), "abc\0"] {
            assert_eq!(Login::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn names_keep_their_marks_and_hide_nothing() {
        assert_eq!(OfficerName::parse(" Nguye\u{302}\u{303}n Va\u{306}n A ").unwrap().as_str(), "Nguyễn Văn A");
        for wrong in ["", "  ", "a\nb", "a\u{202e}b", &"a".repeat(81)] {
            assert_eq!(OfficerName::parse(wrong), None, "{wrong:?}");
        }
        assert!(!format!("{:?}", OfficerName::parse("Bình").unwrap()).contains("Bình"));
        assert!(!format!("{:?}", Login::parse("binh").unwrap()).contains("binh"));
    }
}
