use std::sync::Arc;

use gateway_core::desk::Conversation;
use gateway_core::ports::{HashKey, KeyedHash, Randomness, StoreError};

use super::rows::Row;
use crate::seal;
pub(super) use crate::seal::Shut;

/// What the key is for, and of which form the rows are.
const CONTEXT: &str = "dakenh 2026 conversations, XChaCha20-Poly1305 of JSON";

/// The seal of conversations.
pub(super) struct Seal(seal::Seal);

impl Seal {
    pub(super) fn new(key: &HashKey, randomness: Arc<dyn Randomness>) -> Self {
        Self(seal::Seal::new(key, CONTEXT, randomness))
    }

    pub(super) fn seal(&self, conversation: KeyedHash, what: &Conversation, until_at: i64) -> Result<Row, StoreError> {
        let plain = serde_json::to_vec(what).map_err(|_| StoreError("a conversation cannot be written".into()))?;
        let sealed: Arc<[u8]> = self.0.seal(&belongs_to(conversation, until_at), &plain)?.into();
        Ok(Row { sealed, until_at, key_id: self.0.key_id().clone() })
    }

    pub(super) fn open(&self, conversation: KeyedHash, row: &Row) -> Result<Conversation, Shut> {
        let plain = self.0.open(&belongs_to(conversation, row.until_at), &row.key_id, &row.sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Shut::Unreadable)
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
    use crate::seal::NONCE;

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
