use std::fmt;

use serde::{Serialize, Serializer};

/// Crockford's base 32: no I, L, O or U, so that it can be read out over the
/// telephone and typed back wrongly without harm.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The short code of one answer (`7K3F`): twenty random bits. It names an
/// answer to an officer; it opens nothing. Codes come round again, so a
/// look-up gives the latest answers of that code with their times.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AnswerCode([u8; 4]);

impl AnswerCode {
    /// The code of the lowest twenty bits.
    pub fn from_bits(bits: u64) -> Self {
        let mut code = [b'0'; 4];
        let mut rest = bits;
        for place in code.iter_mut().rev() {
            let index = usize::try_from(rest & 31).unwrap_or_default();
            *place = ALPHABET.get(index).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        Self(code)
    }

    /// Reads a code as people type it: lower case, O for 0, I or L for 1,
    /// spaces and hyphens between.
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = [b'0'; 4];
        let mut letters = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-'));
        for place in &mut code {
            let letter = match letters.next()?.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            if !ALPHABET.contains(&letter) {
                return None;
            }
            *place = letter;
        }
        letters.next().is_none().then_some(Self(code))
    }

    /// Four ASCII characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("0000")
    }
}

impl fmt::Display for AnswerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AnswerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AnswerCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_an_officer_hears() {
        let code = AnswerCode::parse("7K3F").unwrap();
        assert_eq!(AnswerCode::parse("7k-3 f"), Some(code));
        assert_eq!(AnswerCode::parse("oi3f").unwrap().as_str(), "013F");
        assert_eq!(AnswerCode::parse("7K3"), None);
        assert_eq!(AnswerCode::parse("7K3FF"), None);
        assert_eq!(AnswerCode::parse("7K3U"), None);
    }

    #[test]
    fn every_code_reads_back() {
        for bits in (0..1 << 20).step_by(997) {
            let code = AnswerCode::from_bits(bits);
            assert_eq!(AnswerCode::parse(code.as_str()), Some(code));
        }
    }
}
