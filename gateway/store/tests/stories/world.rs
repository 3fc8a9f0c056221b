use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use gateway_store::{Store, StoreConfig};
use libtest_mimic::Failed;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::Story;
use crate::support::TestClock;

/// A database of a story's own.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) config: StoreConfig,
    pub(crate) clock: Arc<TestClock>,
    folder: Option<TempDir>,
}

impl World {
    pub(crate) fn in_sqlite(story: Story) -> Result<(), Failed> {
        block_on(async move {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/dakenh.db", folder.path().display());
            told(story, url, Some(folder)).await
        })
    }

    pub(crate) fn in_postgres(server: &str, story: Story) -> Result<(), Failed> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        block_on(async move {
            let name = format!("dakenh_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let mut admin = PgConnection::connect(server).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
            let told = told(story, with_database(server, &name), None).await;
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
            told
        })
    }

    /// Another node on the same database.
    pub(crate) async fn another_node(&self) -> Store {
        let clock: Arc<TestClock> = Arc::clone(&self.clock);
        Store::connect(&self.config, clock).await.unwrap()
    }

    /// SQL from outside of the store, as an administrator would type it.
    pub(crate) async fn sql(&self, sql: &'static str) -> Result<u64, String> {
        match self.store.kind() {
            "sqlite" => {
                let mut connection = self.sqlite().await;
                sqlx::query(sql).execute(&mut connection).await.map(|done| done.rows_affected())
            }
            _ => {
                let mut connection = PgConnection::connect(&self.config.url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.map(|done| done.rows_affected())
            }
        }
        .map_err(|error| error.to_string())
    }

    /// One number, read from outside of the store.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        match self.store.kind() {
            "sqlite" => sqlx::query_scalar(sql).fetch_one(&mut self.sqlite().await).await.unwrap(),
            _ => {
                let mut connection = PgConnection::connect(&self.config.url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
            }
        }
    }

    pub(crate) async fn sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.config.url).await.unwrap()
    }

    /// The folder of the SQLite file.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.as_ref().unwrap().path()
    }
}

async fn told(story: Story, url: String, folder: Option<TempDir>) -> Result<(), Failed> {
    let clock = TestClock::new();
    let config = StoreConfig { url, ..StoreConfig::default() };
    let handed: Arc<TestClock> = Arc::clone(&clock);
    let store = Store::connect(&config, handed).await?;
    store.migrate().await?;
    let world = Arc::new(World { store: store.clone(), config, clock, folder });
    // In a task, so that a failed story still cleans up.
    let told = tokio::spawn(story(world)).await;
    store.close().await;
    told.map_err(|error| match error.try_into_panic() {
        Ok(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("the story failed").into()
        }
        Err(error) => error.into(),
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

/// The server's URL with another database.
pub(crate) fn with_database(server: &str, name: &str) -> String {
    let (place, query) = server.split_once('?').map_or((server, String::new()), |(place, q)| (place, format!("?{q}")));
    let (scheme, rest) = place.split_once("://").unwrap();
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    format!("{scheme}://{host}/{name}{query}")
}

#[expect(clippy::disallowed_methods, reason = "the test run hands its server over in the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub(crate) fn postgres_url() -> Option<String> {
    variable("DAKENH_TEST_POSTGRES")
}

pub(crate) fn is_ci() -> bool {
    variable("CI").is_some_and(|value| value == "true" || value == "1")
}
