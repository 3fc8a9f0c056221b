//! Statements over many rows, written once for both databases: SQLite gets
//! rows of bound values, PostgreSQL an array for each column.

use std::sync::{Arc, OnceLock};

use futures::TryStreamExt;
use gateway_core::ports::StoreError;
use sqlx::postgres::PgRow;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Arguments, AssertSqlSafe, Either, Executor, FromRow, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction,
};

use crate::store::{Pools, Store, on_pool};

/// The kind of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
}

/// Sizes of SQLite's statements are powers of two up to 512 rows: each is
/// prepared once and they serve every number of rows. Rows that fill it up are
/// not bound at all, so they are null, and each statement passes over them.
const SIZES: usize = 10;

/// A statement that reads its rows from a table `v`.
pub(crate) struct Bulk {
    columns: &'static [(&'static str, Kind)],
    sql: &'static str,
    sqlite: [OnceLock<Arc<str>>; SIZES],
    postgres: OnceLock<Arc<str>>,
}

impl Bulk {
    /// `sql` may name the columns as `v.NAME`, must pass over rows whose first
    /// column is null, and may hold one further number, written `{n}`.
    pub(crate) const fn new(columns: &'static [(&'static str, Kind)], sql: &'static str) -> Self {
        Self { columns, sql, sqlite: [const { OnceLock::new() }; SIZES], postgres: OnceLock::new() }
    }

    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    fn for_sqlite(&self, log_size: usize) -> Arc<str> {
        let make = || {
            let row = format!("({})", vec!["?"; self.columns.len()].join(","));
            let rows = vec![row; 1 << log_size].join(",");
            format!("WITH v ({}) AS (VALUES {rows}) {}", self.names(), self.sql.replace("{n}", "?")).into()
        };
        match self.sqlite.get(log_size) {
            Some(cell) => Arc::clone(cell.get_or_init(make)),
            None => make(),
        }
    }

    fn for_postgres(&self) -> Arc<str> {
        let make = || {
            let arrays: Vec<String> = (1..)
                .zip(self.columns)
                .map(|(n, (_, kind))| match kind {
                    Kind::Int => format!("${n}::bigint[]"),
                    Kind::Text => format!("${n}::text[]"),
                    Kind::Bytes => format!("${n}::bytea[]"),
                })
                .collect();
            let sql = self.sql.replace("{n}", &format!("${}", self.columns.len() + 1));
            format!("WITH v ({}) AS (SELECT * FROM unnest({})) {sql}", self.names(), arrays.join(", ")).into()
        };
        Arc::clone(self.postgres.get_or_init(make))
    }
}

enum Column<'a> {
    Int(Vec<Option<i64>>),
    Text(Vec<&'a str>),
    Bytes(Vec<&'a [u8]>),
}

/// Rows, column by column, in the order of [`Bulk::new`]'s.
pub(crate) struct Rows<'a> {
    len: usize,
    columns: Vec<Column<'a>>,
    number: Option<i64>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(len: usize) -> Self {
        Self { len, columns: Vec::with_capacity(20), number: None }
    }

    pub(crate) fn ints(self, values: impl Iterator<Item = i64>) -> Self {
        self.maybe_ints(values.map(Some))
    }

    pub(crate) fn maybe_ints(mut self, values: impl Iterator<Item = Option<i64>>) -> Self {
        self.columns.push(Column::Int(values.collect()));
        self
    }

    pub(crate) fn texts(mut self, values: impl Iterator<Item = &'a str>) -> Self {
        self.columns.push(Column::Text(values.collect()));
        self
    }

    pub(crate) fn bytes(mut self, values: impl Iterator<Item = &'a [u8]>) -> Self {
        self.columns.push(Column::Bytes(values.collect()));
        self
    }

    fn cursors(&self) -> Vec<Cursor<'_, 'a>> {
        self.columns
            .iter()
            .map(|column| match column {
                Column::Int(values) => Cursor::Int(values.iter()),
                Column::Text(values) => Cursor::Text(values.iter()),
                Column::Bytes(values) => Cursor::Bytes(values.iter()),
            })
            .collect()
    }

    /// The statement's further number.
    pub(crate) const fn number(mut self, number: i64) -> Self {
        self.number = Some(number);
        self
    }
}

/// Rows that both databases can give.
pub(crate) trait Readable: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Readable for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A row type that both databases give, column by column of its fields' names.
macro_rules! row {
    ($vis:vis struct $name:ident { $($seen:vis $field:ident: $kind:ty),+ $(,)? }) => {
        $vis struct $name {
            $($seen $field: $kind),+
        }

        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            &'static str: sqlx::ColumnIndex<R>,
            $($kind: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>),+
        {
            fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: row.try_get(stringify!($field))?),+ })
            }
        }
    };
}
pub(crate) use row;

/// A value of a statement that is no [`Bulk`].
#[derive(Clone, Copy)]
pub(crate) enum Bind<'a> {
    Int(i64),
    MaybeInt(Option<i64>),
    Text(&'a str),
    Bytes(&'a [u8]),
}

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match *value {
                Bind::Int(value) => query.bind(value),
                Bind::MaybeInt(value) => query.bind(value),
                Bind::Text(value) => query.bind(value),
                Bind::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Store {
    /// Reads rows by one statement, outside of any transaction.
    pub(crate) async fn read_rows<T: Readable>(
        &self,
        sql: &'static str,
        values: &[Bind<'_>],
    ) -> Result<Vec<T>, StoreError> {
        on_pool!(read self, pool => bound!(sqlx::query_as(sql), values).fetch_all(pool))
    }
}

/// One connection within a transaction. On SQLite each statement is handed
/// over to the thread of the connection, which costs more than a few rows do:
/// statements whose outcome is not needed at once wait and go together.
pub(crate) struct Link<'b> {
    connection: Connection,
    waiting: Vec<Waiting<'b>>,
    mismatch: bool,
}

enum Connection {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

struct Waiting<'b> {
    bulk: &'static Bulk,
    rows: Rows<'b>,
    expected: Option<u64>,
}

/// Statements of more rows than this go alone: handing them over costs little
/// beside their rows, and one size for all would be mostly empty rows.
const MOST_TOGETHER: usize = 32;

impl<'b> Link<'b> {
    pub(crate) async fn begin(store: &Store) -> Result<Self, sqlx::Error> {
        let connection = match &store.pools {
            Pools::Sqlite { writer, .. } => Connection::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Connection::Postgres(pool.begin().await?),
        };
        Ok(Self { connection, waiting: Vec::new(), mismatch: false })
    }

    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.flush().await?;
        match self.connection {
            Connection::Sqlite(transaction) => transaction.commit().await,
            Connection::Postgres(transaction) => transaction.commit().await,
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), sqlx::Error> {
        match self.connection {
            Connection::Sqlite(transaction) => transaction.rollback().await,
            Connection::Postgres(transaction) => transaction.rollback().await,
        }
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.connection, Connection::Postgres(_))
    }

    /// Runs the statement before the next one whose outcome is needed, or
    /// before the end. `expected` is the number of rows that it must change.
    pub(crate) async fn later(
        &mut self,
        bulk: &'static Bulk,
        rows: Rows<'b>,
        expected: Option<usize>,
    ) -> Result<(), sqlx::Error> {
        let expected = expected.map(|rows| u64::try_from(rows).unwrap_or(u64::MAX));
        if rows.len == 0 {
            return Ok(());
        }
        if self.is_postgres() {
            let changed = self.execute(bulk, &rows).await?;
            self.mismatch |= expected.is_some_and(|expected| expected != changed);
        } else {
            self.waiting.push(Waiting { bulk, rows, expected });
        }
        Ok(())
    }

    /// Runs what waits; tells whether every statement has changed as many rows
    /// as it must. Where one has not, nothing but a rollback may follow.
    pub(crate) async fn as_expected(&mut self) -> Result<bool, sqlx::Error> {
        self.flush().await?;
        Ok(!self.mismatch)
    }

    async fn flush(&mut self) -> Result<(), sqlx::Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.len() > 1 && waiting.iter().all(|one| one.rows.len <= MOST_TOGETHER) {
            let all: Vec<_> = waiting.iter().map(|one| (one.bulk, &one.rows)).collect();
            let (changed, _) = self.together::<(i64,)>(&all).await?;
            self.compare(&waiting, &changed);
            return Ok(());
        }
        for one in &waiting {
            let changed = self.execute_now(one.bulk, &one.rows).await?;
            self.mismatch |= one.expected.is_some_and(|expected| expected != changed);
        }
        Ok(())
    }

    fn compare(&mut self, waiting: &[Waiting<'_>], changed: &[u64]) {
        self.mismatch |=
            waiting.iter().zip(changed).any(|(one, changed)| one.expected.is_some_and(|expected| expected != *changed));
    }

    /// Runs statements as one text of one size, so that few texts are prepared.
    /// Returns how many rows each changed, and the rows that they gave.
    async fn together<T: Readable>(
        &mut self,
        statements: &[(&'static Bulk, &Rows<'_>)],
    ) -> Result<(Vec<u64>, Vec<T>), sqlx::Error> {
        let Connection::Sqlite(transaction) = &mut self.connection else { return Ok(Default::default()) };
        let most = statements.iter().map(|(_, rows)| rows.len).max().unwrap_or(1);
        let size = most.next_power_of_two();
        let (mut sql, mut arguments) = (String::new(), SqliteArguments::default());
        for (bulk, rows) in statements {
            sql.push_str(&bulk.for_sqlite(size.ilog2() as usize));
            sql.push(';');
            let mut cursors = rows.cursors();
            add(&mut arguments, &mut cursors, rows.len)?;
            for _ in rows.len * cursors.len()..size * cursors.len() {
                arguments.add(None::<i64>).map_err(sqlx::Error::Encode)?;
            }
            if let Some(number) = rows.number {
                arguments.add(number).map_err(sqlx::Error::Encode)?;
            }
        }
        let (mut changed, mut given) = (Vec::with_capacity(statements.len()), Vec::new());
        let connection: &mut SqliteConnection = transaction;
        let mut results = connection.fetch_many(sqlx::query_with(AssertSqlSafe(sql), arguments));
        while let Some(result) = results.try_next().await? {
            match result {
                Either::Left(done) => changed.push(done.rows_affected()),
                Either::Right(row) => given.push(T::from_row(&row)?),
            }
        }
        Ok((changed, given))
    }

    /// Runs the statement and tells how many rows it changed.
    pub(crate) async fn execute(&mut self, bulk: &'static Bulk, rows: &Rows<'_>) -> Result<u64, sqlx::Error> {
        self.flush().await?;
        self.execute_now(bulk, rows).await
    }

    async fn execute_now(&mut self, bulk: &'static Bulk, rows: &Rows<'_>) -> Result<u64, sqlx::Error> {
        if rows.len == 0 {
            return Ok(0);
        }
        match &mut self.connection {
            Connection::Sqlite(transaction) => {
                let connection: &mut SqliteConnection = transaction;
                let mut changed = 0;
                for (log_size, arguments) in sqlite_arguments(bulk, rows)? {
                    let sql = AssertSqlSafe(bulk.for_sqlite(log_size));
                    changed += sqlx::query_with(sql, arguments).execute(&mut *connection).await?.rows_affected();
                }
                Ok(changed)
            }
            Connection::Postgres(transaction) => {
                let connection: &mut PgConnection = transaction;
                let sql = AssertSqlSafe(bulk.for_postgres());
                let done = sqlx::query_with(sql, postgres_arguments(rows)?).execute(connection).await?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs the statement and reads the rows that it gives.
    pub(crate) async fn fetch<T: Readable>(
        &mut self,
        bulk: &'static Bulk,
        rows: &Rows<'_>,
    ) -> Result<Vec<T>, sqlx::Error> {
        if rows.len == 0 {
            return Ok(Vec::new());
        }
        if !self.waiting.is_empty()
            && rows.len <= MOST_TOGETHER
            && self.waiting.iter().all(|one| one.rows.len <= MOST_TOGETHER)
        {
            let waiting = std::mem::take(&mut self.waiting);
            let all: Vec<_> =
                waiting.iter().map(|one| (one.bulk, &one.rows)).chain(std::iter::once((bulk, rows))).collect();
            let (changed, given) = self.together(&all).await?;
            self.compare(&waiting, &changed);
            return Ok(given);
        }
        self.flush().await?;
        match &mut self.connection {
            Connection::Sqlite(transaction) => {
                let connection: &mut SqliteConnection = transaction;
                let mut all = Vec::new();
                for (log_size, arguments) in sqlite_arguments(bulk, rows)? {
                    let sql = AssertSqlSafe(bulk.for_sqlite(log_size));
                    let found: Vec<T> = sqlx::query_as_with(sql, arguments).fetch_all(&mut *connection).await?;
                    all.extend(found);
                }
                Ok(all)
            }
            Connection::Postgres(transaction) => {
                let connection: &mut PgConnection = transaction;
                let sql = AssertSqlSafe(bulk.for_postgres());
                sqlx::query_as_with(sql, postgres_arguments(rows)?).fetch_all(connection).await
            }
        }
    }

    /// Runs one statement that is no [`Bulk`] and tells how many rows it changed.
    pub(crate) async fn run(&mut self, sql: &'static str, values: &[Bind<'_>]) -> Result<u64, sqlx::Error> {
        self.flush().await?;
        Ok(match &mut self.connection {
            Connection::Sqlite(transaction) => {
                bound!(sqlx::query(sql), values).execute(&mut **transaction).await?.rows_affected()
            }
            Connection::Postgres(transaction) => {
                bound!(sqlx::query(sql), values).execute(&mut **transaction).await?.rows_affected()
            }
        })
    }

    /// Runs one such statement and reads the rows that it gives.
    pub(crate) async fn rows<T: Readable>(
        &mut self,
        sql: &'static str,
        values: &[Bind<'_>],
    ) -> Result<Vec<T>, sqlx::Error> {
        self.flush().await?;
        match &mut self.connection {
            Connection::Sqlite(transaction) => bound!(sqlx::query_as(sql), values).fetch_all(&mut **transaction).await,
            Connection::Postgres(transaction) => {
                bound!(sqlx::query_as(sql), values).fetch_all(&mut **transaction).await
            }
        }
    }
}

enum Cursor<'r, 'a> {
    Int(std::slice::Iter<'r, Option<i64>>),
    Text(std::slice::Iter<'r, &'a str>),
    Bytes(std::slice::Iter<'r, &'a [u8]>),
}

/// Adds the values of the next rows, row by row.
fn add(arguments: &mut SqliteArguments, cursors: &mut [Cursor<'_, '_>], rows: usize) -> Result<(), sqlx::Error> {
    for _ in 0..rows {
        for cursor in &mut *cursors {
            let added = match cursor {
                Cursor::Int(values) => arguments.add(values.next().copied().flatten()),
                Cursor::Text(values) => arguments.add(values.next().copied()),
                Cursor::Bytes(values) => arguments.add(values.next().copied()),
            };
            added.map_err(sqlx::Error::Encode)?;
        }
    }
    Ok(())
}

/// The arguments of each statement, with the power of two of its size.
fn sqlite_arguments(bulk: &Bulk, rows: &Rows<'_>) -> Result<Vec<(usize, SqliteArguments)>, sqlx::Error> {
    let mut cursors = rows.cursors();
    debug_assert_eq!(cursors.len(), bulk.columns.len(), "{}", bulk.sql);
    let most = 1 << (SIZES - 1);
    let mut statements = Vec::with_capacity(rows.len / most + 1);
    let mut left = rows.len;
    while left > 0 {
        let now = left.min(most);
        let size = now.next_power_of_two();
        let mut arguments = SqliteArguments::default();
        arguments.reserve(now * cursors.len() + 1, 0);
        add(&mut arguments, &mut cursors, now)?;
        if let Some(number) = rows.number {
            for _ in now * cursors.len()..size * cursors.len() {
                arguments.add(None::<i64>).map_err(sqlx::Error::Encode)?;
            }
            arguments.add(number).map_err(sqlx::Error::Encode)?;
        }
        statements.push((size.ilog2() as usize, arguments));
        left -= now;
    }
    Ok(statements)
}

fn postgres_arguments(rows: &Rows<'_>) -> Result<sqlx::postgres::PgArguments, sqlx::Error> {
    let mut arguments = sqlx::postgres::PgArguments::default();
    for column in &rows.columns {
        let added = match column {
            Column::Int(values) => arguments.add(values.as_slice()),
            Column::Text(values) => arguments.add(values.as_slice()),
            Column::Bytes(values) => arguments.add(values.as_slice()),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    if let Some(number) = rows.number {
        arguments.add(number).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
