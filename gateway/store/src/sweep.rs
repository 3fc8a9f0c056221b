use gateway_core::ports::StoreError;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::audit::WRITER_BITS;
use crate::config::Retention;
use crate::store::{Store, on_pool};
use crate::time::{to_day, to_micros};

/// Rows that one statement deletes. Between two statements other writers get
/// their turn, so a sweep of millions holds nobody up.
const ROWS_AT_ONCE: i64 = 2_000;

/// How many rows a sweep took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Audit rows.
    pub audit: u64,
    /// Ids of seen messages.
    pub messages: u64,
    /// Counts of tried proofs.
    pub proofs: u64,
    /// Phones with an owner.
    pub phone_owners: u64,
    /// Ended notices.
    pub notices: u64,
}

impl Store {
    /// Deletes what is older than the configured retention allows, as of
    /// `now`. To be called once a day or so, on any number of nodes.
    ///
    /// # Errors
    /// The database failed; what was deleted stays deleted, and the next
    /// sweep goes on from there.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, StoreError> {
        let Retention { audit_days, messages_days, proofs_days, phone_owners_days, notices_days } =
            self.config.retention;
        let before = |days: u32| to_micros(days_before(now, days));
        // A day's counts go once that day is over by so many days; UTC is a
        // few hours behind the province, on the safe side.
        let proofs_before = to_day(TimeZone::UTC.to_datetime(days_before(now, proofs_days)).date());
        Ok(Swept {
            audit: self.delete_audit(before(audit_days)).await?,
            messages: self
                .delete_in_batches(
                    "DELETE FROM seen_messages WHERE message IN \
                     (SELECT message FROM seen_messages WHERE at < $1 ORDER BY at LIMIT $2)",
                    before(messages_days),
                )
                .await?,
            proofs: self
                .delete_in_batches(
                    "DELETE FROM proof_attempts WHERE (dossier, day) IN \
                     (SELECT dossier, day FROM proof_attempts WHERE day < $1 ORDER BY day LIMIT $2)",
                    proofs_before,
                )
                .await?,
            phone_owners: self
                .delete_in_batches(
                    "DELETE FROM phone_owners WHERE (phone, owner) IN \
                     (SELECT phone, owner FROM phone_owners WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)",
                    before(phone_owners_days),
                )
                .await?,
            notices: self
                .delete_in_batches(
                    "DELETE FROM notices WHERE id IN \
                     (SELECT id FROM notices WHERE until_at < $1 ORDER BY until_at LIMIT $2)",
                    before(notices_days),
                )
                .await?,
        })
    }

    /// The audit has no index by time: its ids tell it nearly. Those of one
    /// writer rise with it, so each writer's rows are gone through from its
    /// first one until a batch has nothing old in it.
    async fn delete_audit(&self, before: i64) -> Result<u64, StoreError> {
        let first_from = "SELECT min(id) FROM audit WHERE id >= $1";
        let last_of_batch = "SELECT max(id) FROM \
                             (SELECT id FROM audit WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3) AS batch";
        let delete = "DELETE FROM audit WHERE id >= $1 AND id <= $2 AND at < $3";
        let mut deleted = 0;
        let mut from = i64::MIN;
        loop {
            let first: Option<i64> =
                on_pool!(read self, pool => sqlx::query_scalar(first_from).bind(from).fetch_one(pool))?;
            let Some(mut place) = first else { return Ok(deleted) };
            let next_writer = ((place >> WRITER_BITS) + 1) << WRITER_BITS;
            loop {
                let last: Option<i64> = on_pool!(read self, pool => sqlx::query_scalar(last_of_batch)
                    .bind(place)
                    .bind(next_writer)
                    .bind(ROWS_AT_ONCE)
                    .fetch_one(pool))?;
                let Some(last) = last else { break };
                let rows = on_pool!(write self, pool => async {
                    let query = sqlx::query(delete).bind(place).bind(last).bind(before);
                    query.execute(pool).await.map(|done| done.rows_affected())
                })?;
                deleted += rows;
                if rows == 0 {
                    break;
                }
                place = last + 1;
                tokio::task::yield_now().await;
            }
            from = next_writer;
        }
    }

    async fn delete_in_batches(&self, sql: &'static str, before: i64) -> Result<u64, StoreError> {
        let mut deleted = 0;
        loop {
            let rows = on_pool!(write self, pool => async {
                let query = sqlx::query(sql).bind(before).bind(ROWS_AT_ONCE);
                query.execute(pool).await.map(|done| done.rows_affected())
            })?;
            deleted += rows;
            // Fewer than a full batch: only what another node's sweep, at
            // work on the same rows, may have left.
            if rows < ROWS_AT_ONCE.unsigned_abs() {
                return Ok(deleted);
            }
            tokio::task::yield_now().await;
        }
    }
}

fn days_before(now: Timestamp, days: u32) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}
