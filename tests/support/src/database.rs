use std::path::PathBuf;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use crate::web::now;

/// The gateway's database, looked at from outside: what is on disk, and a
/// clock that is moved by moving the times of rows.
#[derive(Debug, Clone)]
pub enum Database {
    /// Its file.
    Sqlite(PathBuf),
    /// Its URL.
    Postgres(String),
}

impl Database {
    /// The values of the column `x` of a query, as texts; NULL is left out.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let sql = format!("SELECT CAST(x AS TEXT) FROM ({sql}) AS story WHERE x IS NOT NULL");
        now(async {
            match self {
                Self::Sqlite(file) => {
                    let mut link = sqlite(file).await;
                    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut link).await.expect("rows");
                    rows.iter().map(|row| row.get(0)).collect()
                }
                Self::Postgres(url) => {
                    let mut link = PgConnection::connect(url).await.expect("the database opens");
                    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut link).await.expect("rows");
                    rows.iter().map(|row| row.get(0)).collect()
                }
            }
        })
    }

    /// The number in the column `x` of a query.
    pub fn number(&self, sql: &str) -> i64 {
        self.texts(sql).first().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{sql}: no number"))
    }

    /// Changes rows; tells how many.
    pub fn run(&self, sql: &str) -> u64 {
        now(async {
            match self {
                Self::Sqlite(file) => {
                    let mut link = sqlite(file).await;
                    sqlx::query(AssertSqlSafe(sql)).execute(&mut link).await.expect("a change").rows_affected()
                }
                Self::Postgres(url) => {
                    let mut link = PgConnection::connect(url).await.expect("the database opens");
                    sqlx::query(AssertSqlSafe(sql)).execute(&mut link).await.expect("a change").rows_affected()
                }
            }
        })
    }
}

async fn sqlite(file: &PathBuf) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(std::time::Duration::from_secs(20))
        // As the gateway does: a story's own change must leave nothing behind
        // that the story then finds.
        .pragma("secure_delete", "FAST");
    options.connect().await.expect("the database opens")
}
