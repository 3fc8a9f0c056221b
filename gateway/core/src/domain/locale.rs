use std::fmt;

use serde::{Serialize, Serializer};

/// A language that answers are written in: a BCP 47 language tag of at most
/// eight ASCII characters (`vi`, `en`, `zh-Hant` is `zh`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locale {
    bytes: [u8; 8],
    len: u8,
}

impl Locale {
    /// Vietnamese, the default everywhere.
    pub const VI: Self = Self { bytes: *b"vi\0\0\0\0\0\0", len: 2 };
    /// English.
    pub const EN: Self = Self { bytes: *b"en\0\0\0\0\0\0", len: 2 };

    /// The primary language subtag of a tag, lower-cased; `None` where it is
    /// not two to eight ASCII letters (RFC 5646 §2.2.1).
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        let fits = (2..=8).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !fits {
            return None;
        }
        let mut bytes = [0; 8];
        for (to, from) in bytes.iter_mut().zip(primary.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Some(Self { bytes, len: u8::try_from(primary.len()).unwrap_or(8) })
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or("vi")
    }
}

impl Default for Locale {
    fn default() -> Self {
        Self::VI
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Locale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_primary_subtag() {
        assert_eq!(Locale::parse("VI-vn"), Some(Locale::VI));
        assert_eq!(Locale::parse("en_GB"), Some(Locale::EN));
        assert_eq!(Locale::parse("x"), None);
        assert_eq!(Locale::parse("*"), None);
        assert_eq!(Locale::parse("tiếng"), None);
    }
}
