use std::fmt;

use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;
use serde::Serialize;

use crate::desk::AnswerCode;
use crate::domain::{Channel, Locale, MessageKey, Provider};

/// The key that turns senders and dossiers into hashes, from the
/// configuration, with the id that is written beside every hash.
#[derive(Clone)]
pub struct HashKey {
    id: CompactString,
    key: [u8; 32],
}

impl HashKey {
    /// A key of any secret text; it is stretched to 256 bits by BLAKE3's key
    /// derivation.
    pub fn new(id: &str, secret: &str) -> Self {
        Self { id: id.into(), key: blake3::derive_key("dakenh 2026 audit hash key", secret.as_bytes()) }
    }

    /// The key's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The first 128 bits of the keyed BLAKE3 hash of `kind`, a zero byte and
    /// the value. `kind` keeps senders and dossiers apart.
    pub fn hash(&self, kind: &str, value: &str) -> KeyedHash {
        self.hash_bytes(kind, value.as_bytes())
    }

    /// The same for bytes.
    pub fn hash_bytes(&self, kind: &str, value: &[u8]) -> KeyedHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(kind.as_bytes()).update(&[0]).update(value);
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(hasher.finalize().as_bytes()) {
            *to = *from;
        }
        KeyedHash(bytes)
    }

    /// The key of a message, a line, a form, under this key: whoever has the rows
    /// cannot tell by guessing what stood in the message.
    pub fn message_key(&self, kind: &str, fields: &[&[u8]]) -> MessageKey {
        MessageKey(self.hash_bytes(kind, &MessageKey::of(fields).0).0)
    }

    /// A key of 256 bits for another purpose, derived from this one by BLAKE3.
    /// `context` names the purpose, once in the whole program, with the year
    /// and `dakenh` in it; neither key tells the other.
    pub fn derive(&self, context: &str) -> [u8; 32] {
        blake3::derive_key(context, &self.key)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashKey({})", self.id)
    }
}

/// 128 bits that stand for a person or a dossier, for those who hold the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyedHash(pub [u8; 16]);

impl KeyedHash {
    /// Thirty-two lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered.
    Answered,
    /// Answered from memory because the portal was silent.
    AnsweredStale,
    /// A private view was given.
    Disclosed,
    /// Refused; the refusal's code is in `said`.
    Refused,
    /// A replay.
    Replayed,
}

impl Outcome {
    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::AnsweredStale => "answered_stale",
            Self::Disclosed => "disclosed",
            Self::Refused => "refused",
            Self::Replayed => "replayed",
        }
    }
}

/// One row: who asked for what, when, by which road, and how it ended. Never a
/// name, a phone, an ID or a message body.
#[derive(Debug, Clone)]
pub struct AuditRow {
    /// When the request came.
    pub at: Timestamp,
    /// Its id.
    pub request_id: CompactString,
    /// The road.
    pub channel: Channel,
    /// The provider on that road.
    pub provider: Provider,
    /// The action's stable word; `free_text` where none was understood.
    pub action: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// The language of the answer.
    pub locale: Locale,
    /// Keyed hash of the sender.
    pub sender: KeyedHash,
    /// Keyed hash of the dossier, where one was named.
    pub dossier: Option<KeyedHash>,
    /// The id of the key of both.
    pub key_id: CompactString,
    /// The code that the citizen was given.
    pub answer_code: AnswerCode,
    /// What was said, without personal data: the Fluent key of the answer and
    /// its public arguments, `key` or `key name=value …`.
    pub said: CompactString,
    /// How long it took, in microseconds.
    pub elapsed_us: u32,
}

/// The row was not written.
#[derive(Debug, Clone, thiserror::Error)]
#[error("audit: {0}")]
pub struct AuditError(pub std::sync::Arc<str>);

/// The append-only record.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Hands a row to the writer. Waits only where the writer's bounded queue
    /// is full: a slow disk slows answers, it loses no row.
    async fn record(&self, row: AuditRow) -> Result<(), AuditError>;

    /// Returns once the row is on disk. For disclosures: the row first, then
    /// the answer.
    async fn commit(&self, row: AuditRow) -> Result<(), AuditError>;

    /// The quick path of [`Audit::record`]: gives the row back where the queue
    /// is full or closed.
    fn try_record(&self, row: AuditRow) -> Result<(), Box<AuditRow>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_and_each_secret_has_a_key_of_its_own() {
        let key = HashKey::new("k1", "a key for tests");
        assert_eq!(key.derive("dakenh 2026 one"), HashKey::new("k2", "a key for tests").derive("dakenh 2026 one"));
        assert_ne!(key.derive("dakenh 2026 one"), key.derive("dakenh 2026 other"));
        assert_ne!(key.derive("dakenh 2026 one"), HashKey::new("k1", "another key").derive("dakenh 2026 one"));
        assert_ne!(key.derive("dakenh 2026 audit hash key"), key.key);
    }
}
