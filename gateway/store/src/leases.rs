use async_trait::async_trait;
use gateway_core::ports::{Leases, StoreError};
use jiff::Timestamp;

use crate::store::{Store, on_pool};
use crate::time::to_micros;

/// One statement, so that of two that come at once one waits for the other's
/// row and then finds it taken.
const TAKE: &str = "INSERT INTO leases (task, holder, until_at) VALUES ($1, $2, $3) \
     ON CONFLICT (task) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at \
        WHERE leases.holder = excluded.holder OR leases.until_at <= $4";
const END: &str = "DELETE FROM leases WHERE task = $1 AND holder = $2";

#[async_trait]
impl Leases for Store {
    async fn take_lease(&self, task: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let (now, until) = (to_micros(now), to_micros(until));
        let rows = on_pool!(write self, pool => async {
            let query = sqlx::query(TAKE).bind(task).bind(holder).bind(until).bind(now);
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    async fn end_lease(&self, task: &str, holder: &str) -> Result<(), StoreError> {
        on_pool!(write self, pool => async {
            sqlx::query(END).bind(task).bind(holder).execute(pool).await.map(drop)
        })
    }
}
