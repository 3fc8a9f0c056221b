use gateway_core::ports::StoreError;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Connection, SqlSafeStr};

use crate::failure::store_error;
use crate::store::{Pools, Store};

/// Number, name and text of each migration, oldest first. A migration that
/// was released never changes: its checksum is in the databases.
macro_rules! migrations {
    ($dialect:literal: $(($version:literal, $name:literal, $file:literal)),+ $(,)?) => {
        &[$(($version, $name, include_str!(concat!("../migrations/", $dialect, "/", $file)))),+]
    };
}

type Script = (i64, &'static str, &'static str);

const SQLITE: &[Script] = migrations!("sqlite":
    (1, "first", "0001_first.sql"),
    (2, "mailbox", "0002_mailbox.sql"),
    (3, "conversations", "0003_conversations.sql"),
    (4, "officers", "0004_officers.sql"),
    (5, "chats", "0005_chats.sql"),
    (6, "credentials", "0006_credentials.sql"),
    (7, "misses", "0007_misses.sql"),
    (8, "links", "0008_links.sql"),
    (9, "requests", "0009_requests.sql"),
    (10, "queue", "0010_queue.sql"),
    (11, "devices", "0011_devices.sql"),
    (12, "ratings", "0012_ratings.sql"),
    (13, "continuations", "0013_continuations.sql"),
    (14, "ratings_once", "0014_ratings_once.sql"),
    (15, "device_ranges", "0015_device_ranges.sql"),
);
const POSTGRES: &[Script] = migrations!("postgres":
    (1, "first", "0001_first.sql"),
    (2, "mailbox", "0002_mailbox.sql"),
    (3, "conversations", "0003_conversations.sql"),
    (4, "officers", "0004_officers.sql"),
    (5, "chats", "0005_chats.sql"),
    (6, "credentials", "0006_credentials.sql"),
    (7, "misses", "0007_misses.sql"),
    (8, "links", "0008_links.sql"),
    (9, "requests", "0009_requests.sql"),
    (10, "queue", "0010_queue.sql"),
    (11, "devices", "0011_devices.sql"),
    (12, "ratings", "0012_ratings.sql"),
    (13, "continuations", "0013_continuations.sql"),
    (14, "ratings_once", "0014_ratings_once.sql"),
    (15, "device_ranges", "0015_device_ranges.sql"),
);

/// The table where sqlx keeps which migrations were applied.
const TABLE: &str = "_sqlx_migrations";

/// One migration in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedVersion {
    /// Its number, from 1 on.
    pub version: i64,
    /// Its name.
    pub name: &'static str,
    /// Whether this run applied it.
    pub new: bool,
}

/// The database could not be brought to this binary's form.
#[derive(Debug, thiserror::Error)]
pub enum MigrationProblem {
    /// A newer `dakenh` was here.
    #[error("the database has migration {version}, which this version of dakenh does not know: run the newer one")]
    NewerDatabase {
        /// The unknown migration.
        version: i64,
    },
    /// A migration was changed after it was applied, or broke off half-way.
    #[error("migration {version} in the database is not the one of this version of dakenh, or broke off")]
    Changed {
        /// The migration.
        version: i64,
    },
    /// The database failed.
    #[error("{0}")]
    Database(#[from] StoreError),
}

impl Store {
    /// Brings the database to the form that this binary needs and tells every
    /// migration that it then has. Nodes may start at once: PostgreSQL holds
    /// an advisory lock, SQLite the file's write lock, while one of them
    /// migrates. Each migration passes whole or not at all.
    ///
    /// # Errors
    /// [`MigrationProblem`]; nothing was changed by the migration that failed.
    pub async fn migrate(&self) -> Result<Vec<AppliedVersion>, MigrationProblem> {
        let (before, scripts) = match &self.pools {
            Pools::Sqlite { writer, .. } => (migrate_sqlite(writer).await, SQLITE),
            Pools::Postgres(pool) => (migrate_postgres(pool).await, POSTGRES),
        };
        let before = before.map_err(problem)?;
        Ok(scripts
            .iter()
            .map(|&(version, name, _)| AppliedVersion { version, name, new: !before.contains(&version) })
            .collect())
    }

    /// Numbers of the migrations that the database still needs, for `check`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pending_migrations(&self) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT version FROM _sqlx_migrations WHERE success";
        // Without the table there is nothing yet; a database that is away
        // fails the ping.
        self.ping().await?;
        let applied: Vec<i64> =
            crate::store::on_pool!(read self, pool => sqlx::query_scalar(sql).fetch_all(pool)).unwrap_or_default();
        let scripts = match self.pools {
            Pools::Sqlite { .. } => SQLITE,
            Pools::Postgres(_) => POSTGRES,
        };
        Ok(scripts.iter().map(|script| script.0).filter(|version| !applied.contains(version)).collect())
    }
}

/// sqlx knows no lock for SQLite, so all of it runs in one immediate
/// transaction; its own transactions become savepoints within.
async fn migrate_sqlite(pool: &sqlx::SqlitePool) -> Result<Vec<i64>, MigrateError> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let before = applied(&mut *transaction).await?;
    migrator(SQLITE).run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    Ok(before)
}

/// On a connection of its own, which is closed in the end: an advisory lock
/// dies with its connection, even where a migration failed.
async fn migrate_postgres(pool: &sqlx::PgPool) -> Result<Vec<i64>, MigrateError> {
    let mut connection = pool.acquire().await?.detach();
    let done = async {
        connection.lock().await?;
        let before = applied(&mut connection).await?;
        migrator(POSTGRES).run_direct(None, &mut connection, false).await?;
        Ok(before)
    }
    .await;
    drop(connection.close().await);
    done
}

async fn applied(connection: &mut impl Migrate) -> Result<Vec<i64>, MigrateError> {
    connection.ensure_migrations_table(TABLE).await?;
    Ok(connection.list_applied_migrations(TABLE).await?.into_iter().map(|applied| applied.version).collect())
}

/// The scripts for sqlx's own migrator. `sqlx::migrate!` would do the same at
/// compile time, and build both drivers a second time for the macro.
fn migrator(scripts: &[Script]) -> Migrator {
    let migrations = scripts.iter().map(|&(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

fn problem(error: MigrateError) -> MigrationProblem {
    match error {
        MigrateError::VersionMissing(version) => MigrationProblem::NewerDatabase { version },
        MigrateError::VersionMismatch(version) | MigrateError::Dirty(version) => MigrationProblem::Changed { version },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            MigrationProblem::Database(store_error(&error))
        }
        other => MigrationProblem::Database(StoreError(other.to_string().into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_compiled_in_and_both_databases_have_the_same_steps() {
        for (folder, scripts) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
            let mut files: Vec<String> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let named: Vec<String> =
                scripts.iter().map(|(version, name, _)| format!("{version:04}_{name}.sql")).collect();
            assert_eq!(files, named);
        }
        let steps = |scripts: &[Script]| scripts.iter().map(|&(version, name, _)| (version, name)).collect::<Vec<_>>();
        assert_eq!(steps(SQLITE), steps(POSTGRES));
    }
}
