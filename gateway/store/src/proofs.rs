use async_trait::async_trait;
use gateway_core::ports::{KeyedHash, Proofs, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::store::{Store, on_pool};
use crate::time::{to_day, to_micros};

/// Owners remembered for one phone. Two are enough to know that it is shared;
/// more would only let a service desk's phone fill the disk.
const OWNERS_KEPT: i64 = 16;

#[async_trait]
impl Proofs for Store {
    async fn begin_attempt(&self, dossier: KeyedHash, day: Date) -> Result<u32, StoreError> {
        // One statement that counts and reads: of fifty guesses at once each
        // gets its own number.
        let sql = "INSERT INTO proof_attempts (dossier, day, count) VALUES ($1, $2, 1) \
                   ON CONFLICT (dossier, day) DO UPDATE SET count = proof_attempts.count + 1 \
                   RETURNING count";
        let count: i64 = on_pool!(write self, pool =>
            sqlx::query_scalar(sql).bind(&dossier.0[..]).bind(to_day(day)).fetch_one(pool))?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn forgive_attempt(&self, dossier: KeyedHash, day: Date) -> Result<(), StoreError> {
        // The last one takes the row with it: made-up numbers leave nothing.
        let last = "DELETE FROM proof_attempts WHERE dossier = $1 AND day = $2 AND count <= 1";
        let deleted = on_pool!(write self, pool => async {
            let query = sqlx::query(last).bind(&dossier.0[..]).bind(to_day(day));
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        if deleted > 0 {
            return Ok(());
        }
        let sql = "UPDATE proof_attempts SET count = count - 1 WHERE dossier = $1 AND day = $2 AND count > 0";
        on_pool!(write self, pool => async {
            sqlx::query(sql).bind(&dossier.0[..]).bind(to_day(day)).execute(pool).await.map(drop)
        })
    }

    async fn owners_of_phone(&self, phone: KeyedHash, owner: KeyedHash, at: Timestamp) -> Result<u32, StoreError> {
        let insert = "INSERT INTO phone_owners (phone, owner, seen_at) \
                      SELECT $1, $2, $3 \
                      WHERE (SELECT count(*) FROM phone_owners WHERE phone = $1 AND owner <> $2) < $4 \
                      ON CONFLICT (phone, owner) DO UPDATE SET seen_at = excluded.seen_at";
        on_pool!(write self, pool => async {
            let query = sqlx::query(insert).bind(&phone.0[..]).bind(&owner.0[..]).bind(to_micros(at)).bind(OWNERS_KEPT);
            query.execute(pool).await.map(drop)
        })?;
        // Counted by a second statement, after the first is committed: of two
        // owners at once the later count sees both.
        let count = "SELECT count(*) FROM phone_owners WHERE phone = $1";
        let owners: i64 = on_pool!(write self, pool => sqlx::query_scalar(count).bind(&phone.0[..]).fetch_one(pool))?;
        Ok(u32::try_from(owners).unwrap_or(u32::MAX))
    }

    async fn remember_proven(&self, sender: KeyedHash, dossier: KeyedHash, until: Timestamp) -> Result<(), StoreError> {
        let sql = "INSERT INTO proven (sender, dossier, until_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (sender, dossier) DO UPDATE SET until_at = excluded.until_at";
        on_pool!(write self, pool => async {
            let query = sqlx::query(sql).bind(&sender.0[..]).bind(&dossier.0[..]).bind(to_micros(until));
            query.execute(pool).await.map(drop)
        })
    }

    async fn is_proven(&self, sender: KeyedHash, dossier: KeyedHash, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT until_at FROM proven WHERE sender = $1 AND dossier = $2";
        let until: Option<i64> = on_pool!(read self, pool => sqlx::query_scalar(sql)
            .bind(&sender.0[..])
            .bind(&dossier.0[..])
            .fetch_optional(pool))?;
        Ok(until.is_some_and(|until| until > to_micros(at)))
    }
}
