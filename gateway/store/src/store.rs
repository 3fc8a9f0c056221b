use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use gateway_core::ports::{Clock, StoreError};
use sqlx::{PgPool, SqlitePool};
use tokio::sync::OnceCell;

use crate::config::StoreConfig;
use crate::failure::{store_error, timed_out};

/// The database, whichever it is. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) pools: Pools,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: Arc<StoreConfig>,
    /// Ids for rows that no mailbox writes, once there are any.
    pub(crate) serial: Arc<OnceCell<AtomicI64>>,
}

/// One native pool each; `Any` would take the native types away (ADR 0002).
#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

/// Runs the same statement on whichever pool there is: both dialects read
/// `$1`, `ON CONFLICT` and `RETURNING` alike, so most SQL is written once.
macro_rules! on_pool {
    (write $store:expr, $pool:ident => $call:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { writer: $pool, .. } => $store.within($call).await,
            $crate::store::Pools::Postgres($pool) => $store.within($call).await,
        }
    };
    (read $store:expr, $pool:ident => $call:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { readers: $pool, .. } => $store.within($call).await,
            $crate::store::Pools::Postgres($pool) => $store.within($call).await,
        }
    };
}
pub(crate) use on_pool;

/// How full a pool of connections is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLoad {
    /// `writer`, `readers` or `postgres`.
    pub pool: &'static str,
    /// Open connections.
    pub open: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
}

impl Store {
    pub(crate) fn new(pools: Pools, clock: Arc<dyn Clock>, config: StoreConfig) -> Self {
        Self { pools, clock, config: Arc::new(config), serial: Arc::default() }
    }

    /// `sqlite` or `postgres`, for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres(_) => "postgres",
        }
    }

    /// Whether the database answers now, for a readiness probe: through the
    /// connection that writes, and as bounded in time as every call.
    ///
    /// # Errors
    /// What the database said, or that it said nothing in time.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on_pool!(write self, pool => async { sqlx::query("SELECT 1").execute(pool).await.map(drop) })
    }

    /// How full the pools are.
    pub fn load(&self) -> Vec<PoolLoad> {
        let idle = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match &self.pools {
            Pools::Sqlite { writer, readers } => vec![
                PoolLoad { pool: "writer", open: writer.size(), idle: idle(writer.num_idle()) },
                PoolLoad { pool: "readers", open: readers.size(), idle: idle(readers.num_idle()) },
            ],
            Pools::Postgres(pool) => {
                vec![PoolLoad { pool: "postgres", open: pool.size(), idle: idle(pool.num_idle()) }]
            }
        }
    }

    /// Sets the gauges `store_connections_open` and `store_connections_idle`
    /// by pool. The composition root calls it before each scrape.
    pub fn report_load(&self) {
        for load in self.load() {
            metrics::gauge!("store_connections_open", "pool" => load.pool).set(f64::from(load.open));
            metrics::gauge!("store_connections_idle", "pool" => load.pool).set(f64::from(load.idle));
        }
    }

    /// Closes the connections. Close what writes first: the mailbox, the audit
    /// and the conversations.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Bounds a call in time: neither a pool without a free connection nor a
    /// server that fell silent may hang a citizen's request.
    pub(crate) async fn within<T>(&self, call: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
        let limit: Duration = self.config.call_timeout();
        match tokio::time::timeout(limit, call).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(store_error(&error)),
            Err(_) => Err(timed_out(limit)),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.kind())
    }
}
