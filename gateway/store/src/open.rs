use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::Clock;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::config::{StoreConfig, StoreConfigProblem};
use crate::store::{Pools, Store};

/// Why the database could not be opened. Every text names the place; none
/// holds a password.
#[derive(Debug, thiserror::Error)]
pub enum StoreOpenError {
    /// A setting is out of range.
    #[error("store configuration: {0}")]
    Config(#[from] StoreConfigProblem),
    /// The URL is none of ours, or cannot be read.
    #[error("store URL ({shown}): {reason}; use sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE")]
    BadUrl {
        /// The URL as far as it may be shown.
        shown: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The SQLite file cannot be opened, created or written.
    #[error("the database file {path} cannot be opened for writing: {reason}")]
    FileNotWritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// There is a file, but it is no SQLite database.
    #[error("the file {path} is not a SQLite database")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// No server there, or it does not answer.
    #[error("the database server {server} is not reachable: {reason}")]
    Unreachable {
        /// `USER@HOST:PORT/DATABASE`.
        server: String,
        /// What went wrong.
        reason: String,
    },
    /// The server refused user or password.
    #[error("the database server {server} refused the user or password: {reason}")]
    AccessRefused {
        /// `USER@HOST:PORT/DATABASE`.
        server: String,
        /// What the server said.
        reason: String,
    },
    /// The server has no such database.
    #[error("the database of {server} does not exist: {reason}")]
    NoSuchDatabase {
        /// `USER@HOST:PORT/DATABASE`.
        server: String,
        /// What the server said.
        reason: String,
    },
    /// The encrypted connection could not be made.
    #[error("no encrypted connection to the database server {server}: {reason}")]
    Tls {
        /// `USER@HOST:PORT/DATABASE`.
        server: String,
        /// What went wrong.
        reason: String,
    },
    /// Anything else.
    #[error("the database {place} could not be opened: {reason}")]
    Other {
        /// The file or server.
        place: String,
        /// What went wrong.
        reason: String,
    },
}

impl StoreOpenError {
    /// Whether the operator wrote something wrong (exit code 2), rather than
    /// the environment failing (exit code 3).
    pub const fn is_wrong_use(&self) -> bool {
        matches!(self, Self::Config(_) | Self::BadUrl { .. })
    }
}

/// How long SQLite waits for another process that holds the file's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

impl Store {
    /// Opens the database and proves with one connection that it is there. It
    /// creates a SQLite file where there is none, never a folder. It does not
    /// migrate: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreOpenError`], which says what to mend.
    pub async fn connect(config: &StoreConfig, clock: Arc<dyn Clock>) -> Result<Self, StoreOpenError> {
        config.validate()?;
        let pools = match config.url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => open_sqlite(config).await?,
            Some("postgres" | "postgresql") => open_postgres(config).await?,
            _ => {
                return Err(StoreOpenError::BadUrl {
                    shown: shown(&config.url),
                    reason: "it names neither SQLite nor PostgreSQL".to_owned(),
                });
            }
        };
        Ok(Self::new(pools, clock, config.clone()))
    }
}

async fn open_sqlite(config: &StoreConfig) -> Result<Pools, StoreOpenError> {
    let bad_url = |reason: String| StoreOpenError::BadUrl { shown: shown(&config.url), reason };
    let options = SqliteConnectOptions::from_str(&config.url).map_err(|error| bad_url(error.to_string()))?;
    let path = options.get_filename().to_path_buf();
    if path.as_os_str().is_empty() {
        return Err(bad_url("it names no file".to_owned()));
    }
    let in_memory = path.to_string_lossy().starts_with("file:sqlx-in-memory");
    let options = options
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // What `commit`, `begin_attempt` and `first_time` promise is on disk
        // when they return, so each transaction is synced. NORMAL would spare
        // a millisecond and lose the last rows with the power; the audit's
        // group commit makes FULL cheap where it is often.
        .synchronous(SqliteSynchronous::Full)
        // Else `INSERT OR REPLACE` would get past the audit's delete trigger.
        .pragma("recursive_triggers", "ON")
        // What is wiped or deleted is overwritten with zeros, in pages that
        // become free too (which FAST would leave); `Store::sweep` cuts the log.
        .pragma("secure_delete", "ON")
        // What a statement sorts or gathers stays in memory: a file each time
        // would cost more than the statement.
        .pragma("temp_store", "MEMORY")
        // 32 MB of log: pages that are written again and again, as the newest
        // always are, go to the file once.
        .pragma("wal_autocheckpoint", "8000")
        // The mailbox's statements of ten sizes each.
        .statement_cache_capacity(256)
        // A statement that tells gives its rows without waiting for the reader.
        .row_buffer_size(1_024)
        .disable_statement_logging();
    // In memory there is one connection for all: the database lives and dies
    // with it.
    let options = if in_memory { options } else { options.journal_mode(SqliteJournalMode::Wal) };

    let pool = |size: u32| {
        SqlitePoolOptions::new()
            .max_connections(size)
            .min_connections(1)
            .acquire_timeout(config.open_timeout())
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
    };
    let failed = |error: sqlx::Error| sqlite_failure(&path, &error);
    // One writer, so that writes queue up in order here and never meet
    // "database is locked" among themselves.
    let writer = options.clone().pragma("cache_size", "-8000");
    let writer = pool(1).connect_with(writer).await.map_err(failed)?;
    // A read-only file opens well enough, and so does BEGIN IMMEDIATE; only a
    // write fails. `user_version` is ours to write and used by nobody.
    let probe = sqlx::raw_sql("BEGIN IMMEDIATE; PRAGMA user_version = 0; ROLLBACK;");
    if let Err(error) = probe.execute(&writer).await
        && !is_busy(&error)
    {
        return Err(sqlite_failure(&path, &error));
    }
    let readers = if in_memory {
        writer.clone()
    } else {
        pool(config.connections).connect_with(options).await.map_err(failed)?
    };
    Ok(Pools::Sqlite { writer, readers })
}

/// Another process holds the write lock: it is there and writable.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    // The low byte is the primary code (https://www.sqlite.org/rescode.html): 5 BUSY, 6 LOCKED.
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

fn sqlite_failure(path: &std::path::Path, error: &sqlx::Error) -> StoreOpenError {
    let path = path.to_path_buf();
    let code = error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<u32>().ok());
    let reason = error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    match code.map(|code| code & 0xff) {
        // PERM, READONLY, IOERR, FULL, CANTOPEN
        Some(3 | 8 | 10 | 13 | 14) => StoreOpenError::FileNotWritable { path, reason },
        // CORRUPT, NOTADB
        Some(11 | 26) => StoreOpenError::NotADatabase { path },
        _ => StoreOpenError::Other { place: path.display().to_string(), reason },
    }
}

async fn open_postgres(config: &StoreConfig) -> Result<Pools, StoreOpenError> {
    let options = PgConnectOptions::from_str(&config.url)
        .map_err(|error| StoreOpenError::BadUrl { shown: shown(&config.url), reason: error.to_string() })?
        .application_name("dakenh")
        .statement_cache_capacity(64)
        .disable_statement_logging();
    let server = format!(
        "{}@{}:{}/{}",
        options.get_username(),
        options.get_host(),
        options.get_port(),
        options.get_database().unwrap_or_default()
    );

    // One connection by hand first: the pool would go on trying until its
    // timeout and then not say why.
    let first = tokio::time::timeout(config.open_timeout(), PgConnection::connect_with(&options)).await;
    match first {
        Ok(Ok(connection)) => drop(connection.close().await),
        Ok(Err(error)) => return Err(postgres_failure(server, &error)),
        Err(_) => {
            let reason = format!("no answer within {} ms", config.open_timeout_ms);
            return Err(StoreOpenError::Unreachable { server, reason });
        }
    }

    let pool = PgPoolOptions::new()
        .max_connections(config.connections)
        .acquire_timeout(config.call_timeout())
        .idle_timeout(Duration::from_secs(600))
        .max_lifetime(Duration::from_secs(1_800))
        // Every statement is about a few rows by their keys. Without statistics
        // of a young table the planner would read all of it, and keep that plan
        // while the table grows.
        .after_connect(|connection, _| {
            Box::pin(async move {
                let by_keys = "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off";
                sqlx::raw_sql(by_keys).execute(connection).await.map(drop)
            })
        })
        .connect_lazy_with(options);
    Ok(Pools::Postgres(pool))
}

fn postgres_failure(server: String, error: &sqlx::Error) -> StoreOpenError {
    let reason = error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => StoreOpenError::Unreachable { server, reason },
        sqlx::Error::Tls(_) => StoreOpenError::Tls { server, reason },
        sqlx::Error::Database(database) => {
            // https://www.postgresql.org/docs/current/errcodes-appendix.html
            match database.code().as_deref() {
                Some("28000" | "28P01") => StoreOpenError::AccessRefused { server, reason },
                Some("3D000") => StoreOpenError::NoSuchDatabase { server, reason },
                // starting up or shutting down, too many connections
                Some("57P03" | "57P01" | "53300") => StoreOpenError::Unreachable { server, reason },
                _ => StoreOpenError::Other { place: server, reason },
            }
        }
        _ => StoreOpenError::Other { place: server, reason },
    }
}

/// The part of a URL that may be shown: a file's path, and of a server's
/// nothing but the scheme, because a URL that cannot be read may hold its
/// password anywhere.
pub(crate) fn shown(url: &str) -> String {
    match url.split_once(':') {
        Some(("sqlite", rest)) => format!("sqlite:{}", rest.split('?').next().unwrap_or_default()),
        Some((scheme @ ("postgres" | "postgresql"), _)) => format!("{scheme}://…"),
        _ => "of no known scheme".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown("postgres://u:p@ss?word@h:5432/db"), "postgres://…");
        assert_eq!(shown("sqlite:///var/lib/dakenh/dakenh.db?mode=rw"), "sqlite:///var/lib/dakenh/dakenh.db");
        assert_eq!(shown("my password is: x"), "of no known scheme");
    }
}
