use std::fmt;

use compact_str::{CompactString, format_compact};
use subtle::ConstantTimeEq as _;

use crate::ports::{HashKey, Randomness};

/// What the keyed hash of a session is for.
const KIND: &str = "chat session";

/// A browser's chat: 128 random bits that this gateway gave out, and a mac by
/// which it knows them again. Whoever has the token reads the conversation, so it
/// stands in no address and in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatSession {
    id: CompactString,
}

impl ChatSession {
    /// A new one.
    pub fn new(randomness: &dyn Randomness) -> Self {
        Self { id: format_compact!("{:016x}{:016x}", randomness.next_u64(), randomness.next_u64()) }
    }

    /// The session of a token; `None` where this gateway did not give it out.
    pub fn parse(token: &str, key: &HashKey) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if token.len() != 64 || !digits(token) {
            return None;
        }
        let session = Self { id: token.get(..32)?.into() };
        let right = bool::from(session.token(key).as_bytes().ct_eq(token.as_bytes()));
        right.then_some(session)
    }

    /// What the browser keeps: 64 hexadecimal digits.
    pub fn token(&self, key: &HashKey) -> String {
        format!("{}{}", self.id, key.hash(KIND, &self.id).to_hex())
    }

    /// What names the citizen within the channel.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for ChatSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChatSession(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    struct Counting(AtomicU64);

    impl Randomness for Counting {
        fn next_u64(&self) -> u64 {
            self.0.fetch_add(1, Ordering::Relaxed)
        }
    }

    #[test]
    fn only_what_was_given_out_is_known_again() {
        let key = HashKey::new("k1", "a key for tests");
        let session = ChatSession::new(&Counting(AtomicU64::new(7)));
        let token = session.token(&key);
        assert_eq!(ChatSession::parse(&token, &key), Some(session));
        assert_eq!(ChatSession::parse(&token, &HashKey::new("k1", "another key")), None);
        for wrong in ["", "0", &token[..63], &format!("{token}0"), &token.to_uppercase(), &"0".repeat(64)] {
            assert_eq!(ChatSession::parse(wrong, &key), None, "{wrong}");
        }
        for place in 0..64 {
            let mut bytes = token.clone().into_bytes();
            bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
            assert_eq!(ChatSession::parse(std::str::from_utf8(&bytes).unwrap(), &key), None, "{place}");
        }
    }
}
