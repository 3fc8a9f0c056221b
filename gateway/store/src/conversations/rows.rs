use std::sync::Arc;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::ports::{KeyedHash, StoreError};

use crate::bulk::{Bulk, Kind, Link, Rows};
use crate::failure::{InsertFailure, insert_failure, timed_out};
use crate::store::{Store, on_pool};

/// A row of the table. A clone shares the sealed bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The nonce, the ciphertext and its tag.
    pub(super) sealed: Arc<[u8]>,
    pub(super) until_at: i64,
    /// The id of the secret.
    pub(super) key_id: CompactString,
}

/// What is to be on disk for a conversation; `None` where it is forgotten.
pub(super) type Kept = Option<Row>;

/// Where rows lie: the store, or a test's stand-in.
#[async_trait]
pub(super) trait Shelf: Send + Sync + 'static {
    /// The row of a conversation that has not expired.
    async fn find(&self, conversation: KeyedHash, now: i64) -> Result<Option<Row>, StoreError>;

    /// Writes all or nothing. The conversations are in ascending order, each
    /// at most once.
    async fn write(&self, rows: &[(KeyedHash, Kept)]) -> Result<(), InsertFailure>;
}

static REMEMBER: Bulk = Bulk::new(
    &[("conversation", Kind::Bytes), ("sealed", Kind::Bytes), ("until_at", Kind::Int), ("key_id", Kind::Text)],
    "INSERT INTO conversations (conversation, sealed, until_at, key_id) \
     SELECT v.conversation, v.sealed, v.until_at, v.key_id FROM v WHERE v.conversation IS NOT NULL \
     ON CONFLICT (conversation) DO UPDATE \
        SET sealed = excluded.sealed, until_at = excluded.until_at, key_id = excluded.key_id",
);
static FORGET: Bulk = Bulk::new(
    &[("conversation", Kind::Bytes)],
    "DELETE FROM conversations WHERE conversation IN (SELECT v.conversation FROM v)",
);

#[async_trait]
impl Shelf for Store {
    async fn find(&self, conversation: KeyedHash, now: i64) -> Result<Option<Row>, StoreError> {
        let sql = "SELECT sealed, until_at, key_id FROM conversations WHERE conversation = $1 AND until_at > $2";
        let row: Option<(Vec<u8>, i64, String)> = on_pool!(read self, pool => sqlx::query_as(sql)
            .bind(&conversation.0[..])
            .bind(now)
            .fetch_optional(pool))?;
        Ok(row.map(|(sealed, until_at, key_id)| Row { sealed: sealed.into(), until_at, key_id: key_id.into() }))
    }

    async fn write(&self, rows: &[(KeyedHash, Kept)]) -> Result<(), InsertFailure> {
        let remembered: Vec<_> = rows.iter().filter_map(|(hash, kept)| Some((hash, kept.as_ref()?))).collect();
        let forgotten: Vec<_> = rows.iter().filter(|(_, kept)| kept.is_none()).map(|(hash, _)| hash).collect();
        let written = async {
            let mut link = Link::begin(self).await?;
            let columns = Rows::new(remembered.len())
                .bytes(remembered.iter().map(|(hash, _)| &hash.0[..]))
                .bytes(remembered.iter().map(|(_, row)| &*row.sealed))
                .ints(remembered.iter().map(|(_, row)| row.until_at))
                .texts(remembered.iter().map(|(_, row)| row.key_id.as_str()));
            link.later(&REMEMBER, columns, None).await?;
            let columns = Rows::new(forgotten.len()).bytes(forgotten.iter().map(|hash| &hash.0[..]));
            link.later(&FORGET, columns, None).await?;
            link.commit().await
        };
        let limit = self.config.call_timeout();
        match tokio::time::timeout(limit, written).await {
            Ok(done) => done.map_err(|error| insert_failure(&error)),
            Err(_) => Err(InsertFailure::Later(timed_out(limit))),
        }
    }
}
