//! Looks at a database past the store, for stories and benches: what the
//! gateway says it did must be what stands there. Here, because SQL and its
//! driver live in this crate alone.

use std::str::FromStr as _;
use std::time::Duration;

use gateway_core::ports::StoreError;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use crate::failure::store_error;

/// A database by its URL, one connection a call.
#[derive(Clone)]
pub struct Witness {
    url: String,
}

/// Not the URL: it may hold a password.
impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Witness")
    }
}

impl Witness {
    /// A witness of the database at a URL of [`crate::StoreConfig`].
    pub fn of(url: &str) -> Self {
        Self { url: url.to_owned() }
    }

    /// The values of the column `x` of a query, as texts; NULL is left out.
    ///
    /// # Errors
    /// What the database said.
    pub async fn texts(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let sql = format!("SELECT CAST(x AS TEXT) FROM ({sql}) AS story WHERE x IS NOT NULL");
        let texts = async {
            if self.url.starts_with("sqlite:") {
                let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.sqlite().await?).await?;
                rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()
            } else {
                let mut link = PgConnection::connect(&self.url).await?;
                let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut link).await?;
                rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()
            }
        };
        texts.await.map_err(|error: sqlx::Error| store_error(&error))
    }

    /// The numbers of the column `x` of a query.
    ///
    /// # Errors
    /// What the database said, or that a value is no number.
    pub async fn numbers(&self, sql: &str) -> Result<Vec<i64>, StoreError> {
        let texts = self.texts(sql).await?;
        texts.iter().map(|text| text.parse().map_err(|_| crate::failure::unreadable("a number"))).collect()
    }

    /// Changes rows; tells how many.
    ///
    /// # Errors
    /// What the database said.
    pub async fn run(&self, sql: &str) -> Result<u64, StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        let done = async {
            if self.url.starts_with("sqlite:") {
                sqlx::query(sql).execute(&mut self.sqlite().await?).await.map(|done| done.rows_affected())
            } else {
                let mut link = PgConnection::connect(&self.url).await?;
                sqlx::query(sql).execute(&mut link).await.map(|done| done.rows_affected())
            }
        };
        done.await.map_err(|error: sqlx::Error| store_error(&error))
    }

    async fn sqlite(&self) -> Result<SqliteConnection, sqlx::Error> {
        SqliteConnectOptions::from_str(&self.url)?
            .busy_timeout(Duration::from_secs(20))
            // As the gateway does: a change of a story's own leaves nothing
            // behind that the story then finds.
            .pragma("secure_delete", "ON")
            .connect()
            .await
    }
}
