//! What only the database can show.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::Clock;
use gateway_store::{Store, StoreConfig};
use jiff::Timestamp;

/// Rows of the audit in a database that no process has open any more.
pub(super) fn audit_rows(runtime: &tokio::runtime::Runtime, database: &Path) -> anyhow::Result<u64> {
    let config = StoreConfig {
        url: format!("sqlite://{}", database.display()),
        call_timeout_ms: 60_000,
        ..StoreConfig::default()
    };
    runtime.block_on(async {
        let store = Store::connect(&config, Arc::new(RealTime)).await?;
        let rows = store.audit_rows().await?;
        store.close().await;
        Ok(rows)
    })
}

/// The store wants a clock; counting does not look at it.
struct RealTime;

#[async_trait]
impl Clock for RealTime {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}
}
