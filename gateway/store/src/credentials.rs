//! Secrets that change by themselves, sealed.

use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::ports::{Credential, Credentials, HashKey, Randomness, StoreError};
use jiff::Timestamp;

use crate::failure::unreadable;
use crate::seal::Seal;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// What the key is for, and of which form the rows are.
const CONTEXT: &str = "dakenh 2026 credentials, XChaCha20-Poly1305 of text";

/// The pool for writing, because a node that has lost a race must read what
/// the other wrote.
const FIND: &str = "SELECT version, sealed, at, key_id FROM credentials WHERE name = $1";
const FIRST: &str = "INSERT INTO credentials (name, version, sealed, at, key_id) VALUES ($1, 1, $2, $3, $4) \
     ON CONFLICT (name) DO NOTHING";
const NEXT: &str = "UPDATE credentials SET version = version + 1, sealed = $2, at = $3, key_id = $4 \
     WHERE name = $1 AND version = $5";

/// [`Credentials`] on the store's database.
pub struct SealedCredentials {
    store: Store,
    seal: Seal,
}

impl Store {
    /// Secrets that change by themselves. Only who has the same `key` can read
    /// what is kept; `randomness` must be fit for nonces.
    pub fn credentials(&self, key: &HashKey, randomness: Arc<dyn Randomness>) -> SealedCredentials {
        SealedCredentials { store: self.clone(), seal: Seal::new(key, CONTEXT, randomness) }
    }
}

impl SealedCredentials {
    fn open(&self, name: &str, version: i64, key_id: &str, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.seal.open(&belongs_to(name, version), key_id, sealed).ok()?).ok()
    }

    /// Told each time: whoever reads it cannot do their work.
    fn unopened(&self, name: &str, key_id: &str) -> String {
        let cause = if key_id == self.seal.key_id() { "damaged" } else { "key" };
        metrics::counter!("credentials_unopened_total", "cause" => cause).increment(1);
        tracing::warn!(name, cause, key = key_id, "a credential does not open: it must be given anew");
        String::new()
    }
}

#[async_trait]
impl Credentials for SealedCredentials {
    async fn credential(&self, name: &str) -> Result<Option<Credential>, StoreError> {
        let found: Option<(i64, Vec<u8>, i64, String)> = on_pool!(write self.store, pool => async {
            sqlx::query_as(FIND).bind(name).fetch_optional(pool).await
        })?;
        let Some((version, sealed, at, key_id)) = found else { return Ok(None) };
        let secret = self.open(name, version, &key_id, &sealed).unwrap_or_else(|| self.unopened(name, &key_id));
        let version = u64::try_from(version).map_err(|_| unreadable("a credential's version"))?;
        Ok(Some(Credential { version, secret, at: from_micros(at)? }))
    }

    async fn replace(&self, name: &str, version: u64, secret: &str, at: Timestamp) -> Result<bool, StoreError> {
        let before = i64::try_from(version).map_err(|_| unreadable("a credential's version"))?;
        let place = belongs_to(name, before.saturating_add(1));
        let sealed = self.seal.seal(&place, secret.as_bytes())?;
        let (at, key_id) = (to_micros(at), self.seal.key_id().as_str());
        let rows = on_pool!(write self.store, pool => async {
            let query = sqlx::query(if before == 0 { FIRST } else { NEXT });
            let query = query.bind(name).bind(&sealed[..]).bind(at).bind(key_id);
            let query = if before == 0 { query } else { query.bind(before) };
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}

/// A version has eight bytes, so no name runs into it.
fn belongs_to(name: &str, version: i64) -> Vec<u8> {
    [name.as_bytes(), &version.to_be_bytes()].concat()
}
