use std::fmt;

use jiff::Timestamp;
use subtle::ConstantTimeEq as _;

use super::Officer;
use crate::domain::secret_bits::secrets;
use crate::ports::{HashKey, KeyedHash};

secrets! {
    /// The secret of a browser's session: 256 random bits, which only the browser
    /// has. The house keeps a keyed hash.
    SessionToken: 32, "officer_session";
}

impl SessionToken {
    /// What every form of this session carries.
    pub fn csrf(&self, key: &HashKey) -> CsrfToken {
        CsrfToken(key.hash_bytes("officer_csrf", &self.0))
    }
}

/// What a form of a session carries so that no other site can send it: a keyed
/// hash of the session's token, which only this house can make.
#[derive(Clone, Copy)]
pub struct CsrfToken(KeyedHash);

impl CsrfToken {
    /// As it stands in the form.
    pub fn to_hex(self) -> String {
        self.0.to_hex()
    }

    /// Whether the form's is this one, in the same time however much of it is
    /// right.
    pub fn is(self, sent: &str) -> bool {
        self.to_hex().as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(…)")
    }
}

/// An officer who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account as it is now.
    pub officer: Officer,
    /// The session's keyed hash: its name in the store.
    pub session: KeyedHash,
    /// Since when.
    pub since: Timestamp,
    /// It ends then, whatever is done.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::ports::Randomness;

    struct Counting(AtomicU64);

    impl Randomness for Counting {
        fn next_u64(&self) -> u64 {
            self.0.fetch_add(0x0123_4567_89ab_cdef, Ordering::Relaxed)
        }
    }

    #[test]
    fn a_token_comes_back_from_its_cookie_and_nothing_else_does() {
        let token = SessionToken::new(&Counting(AtomicU64::new(7)));
        let text = token.to_hex();
        assert_eq!(text.len(), 64);
        assert_eq!(SessionToken::parse(&text), Some(token.clone()));
        for wrong in ["", &text[1..], &format!("{text}0"), &text.to_uppercase(), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(SessionToken::parse(wrong), None, "{wrong}");
        }
        assert!(!format!("{token:?}").contains(&text[..4]));
    }

    #[test]
    fn a_form_is_of_its_session_and_its_house() {
        let dice = Counting(AtomicU64::new(7));
        let (one, other) = (SessionToken::new(&dice), SessionToken::new(&dice));
        let key = HashKey::new("k1", "a key for tests");
        let form = one.csrf(&key).to_hex();
        assert!(one.csrf(&key).is(&form));
        assert!(!other.csrf(&key).is(&form));
        assert!(!one.csrf(&HashKey::new("k1", "another key")).is(&form));
        assert!(!one.csrf(&key).is("") && !one.csrf(&key).is(&form[1..]));
        assert_ne!(one.hash(&key).to_hex(), form, "what is kept opens no form");
    }
}
