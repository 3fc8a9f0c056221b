//! What lies in the database and nobody but this gateway may read.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use compact_str::CompactString;
use gateway_core::ports::{HashKey, Randomness, StoreError};

/// In front of what is sealed; XChaCha20 takes so many bytes, enough for
/// random ones never to meet.
pub(crate) const NONCE: usize = 24;

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under a key of its own for
/// each purpose.
pub(crate) struct Seal {
    cipher: XChaCha20Poly1305,
    key_id: CompactString,
    randomness: Arc<dyn Randomness>,
}

/// Why something does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shut {
    /// It was sealed under another key.
    OtherKey,
    /// It is not what this key sealed for this place.
    Damaged,
    /// It opens, but another version of the program wrote it.
    Unreadable,
}

impl Seal {
    /// `context` names the purpose, once in the whole program
    /// ([`HashKey::derive`]).
    pub(crate) fn new(key: &HashKey, context: &str, randomness: Arc<dyn Randomness>) -> Self {
        let cipher = XChaCha20Poly1305::new(&Key::from(key.derive(context)));
        Self { cipher, key_id: key.id().into(), randomness }
    }

    /// The id of the key, to be written beside what is sealed.
    pub(crate) const fn key_id(&self) -> &CompactString {
        &self.key_id
    }

    /// Seals for one place: what is moved elsewhere does not open.
    pub(crate) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce = self.nonce();
        let payload = Payload { msg: plain, aad: place };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| StoreError("something cannot be sealed".into()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what this key sealed for the place.
    pub(crate) fn open(&self, place: &[u8], key_id: &str, sealed: &[u8]) -> Result<Vec<u8>, Shut> {
        let shut = if key_id == self.key_id { Shut::Damaged } else { Shut::OtherKey };
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(shut)?;
        let payload = Payload { msg: sealed, aad: place };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| shut)
    }

    fn nonce(&self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        for (to, from) in nonce.chunks_exact_mut(8).zip(std::iter::repeat_with(|| self.randomness.next_u64())) {
            to.copy_from_slice(&from.to_le_bytes());
        }
        nonce
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversations::tests::Counting;

    #[test]
    fn what_is_sealed_for_one_purpose_and_place_opens_for_no_other() {
        let key = HashKey::new("k1", "a key for tests");
        let one = Seal::new(&key, "dakenh 2026 one", Arc::new(Counting::default()));
        let other = Seal::new(&key, "dakenh 2026 other", Arc::new(Counting::default()));
        let sealed = one.seal(b"row 1", b"secret").unwrap();
        assert_eq!(one.open(b"row 1", "k1", &sealed), Ok(b"secret".to_vec()));
        assert_eq!(one.open(b"row 2", "k1", &sealed), Err(Shut::Damaged));
        assert_eq!(other.open(b"row 1", "k1", &sealed), Err(Shut::Damaged));
        assert_eq!(other.open(b"row 1", "k0", &sealed), Err(Shut::OtherKey));
        assert_eq!(one.open(b"row 1", "k1", b"short"), Err(Shut::Damaged));
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
    }
}
