use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use compact_str::CompactString;
use gateway_core::desk::Conversation;
use gateway_core::ports::{HashKey, KeyedHash, Randomness, StoreError};

use super::rows::Row;

/// What the key is for, and of which form the rows are.
const CONTEXT: &str = "dakenh 2026 conversations, XChaCha20-Poly1305 of JSON";
/// In front of each row; XChaCha20 takes so many bytes, enough for random ones
/// never to meet.
const NONCE: usize = 24;

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under a key of its own.
pub(super) struct Seal {
    cipher: XChaCha20Poly1305,
    key_id: CompactString,
    randomness: Arc<dyn Randomness>,
}

/// Why a row does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shut {
    /// It was sealed under another key.
    OtherKey,
    /// It is not what this key sealed for this conversation and this time.
    Damaged,
    /// It opens, but another version of the program wrote it.
    Unreadable,
}

impl Seal {
    pub(super) fn new(key: &HashKey, randomness: Arc<dyn Randomness>) -> Self {
        let cipher = XChaCha20Poly1305::new(&Key::from(key.derive(CONTEXT)));
        Self { cipher, key_id: key.id().into(), randomness }
    }

    pub(super) fn seal(&self, conversation: KeyedHash, what: &Conversation, until_at: i64) -> Result<Row, StoreError> {
        let refused = || StoreError("a conversation cannot be sealed".into());
        let plain = serde_json::to_vec(what).map_err(|_| refused())?;
        let nonce = self.nonce();
        let payload = Payload { msg: &plain, aad: &belongs_to(conversation, until_at) };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| refused())?;
        let sealed: Arc<[u8]> = [nonce.as_slice(), &sealed].concat().into();
        Ok(Row { sealed, until_at, key_id: self.key_id.clone() })
    }

    pub(super) fn open(&self, conversation: KeyedHash, row: &Row) -> Result<Conversation, Shut> {
        let shut = if row.key_id == self.key_id { Shut::Damaged } else { Shut::OtherKey };
        let (nonce, sealed) = row.sealed.split_first_chunk::<NONCE>().ok_or(shut)?;
        let payload = Payload { msg: sealed, aad: &belongs_to(conversation, row.until_at) };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| shut)?;
        serde_json::from_slice(&plain).map_err(|_| Shut::Unreadable)
    }

    fn nonce(&self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        for (to, from) in nonce.chunks_exact_mut(8).zip(std::iter::repeat_with(|| self.randomness.next_u64())) {
            to.copy_from_slice(&from.to_le_bytes());
        }
        nonce
    }
}

/// A row under another hash, or with another end, does not open: whoever can
/// write to the database cannot give one citizen's conversation to another, nor
/// make one last.
fn belongs_to(conversation: KeyedHash, until_at: i64) -> [u8; 24] {
    let mut bytes = [0; 24];
    let (hash, end) = bytes.split_at_mut(16);
    hash.copy_from_slice(&conversation.0);
    end.copy_from_slice(&until_at.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::tests::Counting;
    use super::*;

    const HASH: KeyedHash = KeyedHash([7; 16]);
    const NUMBER: &str = "000.00.17.H09-260916-0012";

    fn seal(id: &str, secret: &str) -> Seal {
        Seal::new(&HashKey::new(id, secret), Arc::new(Counting::default()))
    }

    fn what() -> Conversation {
        Conversation { dossier: Some(NUMBER.into()), turns: 3, ..Conversation::default() }
    }

    #[test]
    fn what_is_sealed_opens_and_is_not_to_be_read() {
        let seal = seal("k1", "a key for tests");
        let row = seal.seal(HASH, &what(), 5).unwrap();
        assert!(seal.open(HASH, &row).is_ok_and(|opened| opened == what()));
        for part in [NUMBER, "dossier", "turns"] {
            assert!(!row.sealed.windows(part.len()).any(|bytes| bytes == part.as_bytes()), "{part}");
        }
        let again = seal.seal(HASH, &what(), 5).unwrap();
        assert_ne!(again.sealed[..NONCE], row.sealed[..NONCE], "a nonce of its own each time");
        assert_ne!(again.sealed[NONCE..], row.sealed[NONCE..]);
    }

    #[test]
    fn no_bit_may_change_and_no_byte_be_missing() {
        let seal = seal("k1", "a key for tests");
        let row = seal.seal(HASH, &what(), 5).unwrap();
        for place in 0..row.sealed.len() {
            let cut = Row { sealed: row.sealed[..place].into(), ..row.clone() };
            assert_eq!(seal.open(HASH, &cut), Err(Shut::Damaged), "{place}");
            for bit in 0..8 {
                let mut bytes = row.sealed.to_vec();
                bytes[place] ^= 1 << bit;
                let tampered = Row { sealed: bytes.into(), ..row.clone() };
                assert_eq!(seal.open(HASH, &tampered), Err(Shut::Damaged), "{place}/{bit}");
            }
        }
    }

    #[test]
    fn a_row_opens_for_its_conversation_its_end_and_its_key_alone() {
        let own = seal("k1", "a key for tests");
        let row = own.seal(HASH, &what(), 5).unwrap();
        assert_eq!(own.open(KeyedHash([8; 16]), &row), Err(Shut::Damaged));
        assert_eq!(own.open(HASH, &Row { until_at: 6, ..row.clone() }), Err(Shut::Damaged));
        assert_eq!(seal("k2", "another key").open(HASH, &row), Err(Shut::OtherKey));
        assert_eq!(seal("k1", "another key").open(HASH, &row), Err(Shut::Damaged));
        assert!(seal("k2", "a key for tests").open(HASH, &row).is_ok(), "the id alone shuts nothing");
    }
}
