use async_trait::async_trait;
use gateway_core::ports::AuditRow;
use sqlx::{PgPool, QueryBuilder, Sqlite, SqlitePool};

use super::writer::AuditSink;
use crate::failure::{InsertFailure, insert_failure, timed_out};
use crate::store::{Pools, Store};
use crate::time::to_micros;

#[async_trait]
impl AuditSink for Store {
    async fn insert(&self, first_id: i64, rows: &[AuditRow]) -> Result<(), InsertFailure> {
        let limit = self.config.call_timeout();
        let insert = async {
            match &self.pools {
                Pools::Sqlite { writer, .. } => into_sqlite(writer, first_id, rows).await,
                Pools::Postgres(pool) => into_postgres(pool, first_id, rows).await,
            }
        };
        match tokio::time::timeout(limit, insert).await {
            Ok(done) => done.map_err(|error| insert_failure(&error)),
            Err(_) => Err(InsertFailure::Later(timed_out(limit))),
        }
    }
}

/// Most rows in one statement: 14 values each, of SQLite's 32,766.
const MOST_IN_ONE: usize = 512;

/// One transaction of a few statements, whose numbers of rows are powers of
/// two: ten statements are prepared once and serve every size of batch.
/// (`json_each` over one JSON text was half as fast; `benches/audit.rs`.)
async fn into_sqlite(pool: &SqlitePool, first_id: i64, rows: &[AuditRow]) -> Result<(), sqlx::Error> {
    if rows.len() == 1 {
        return sqlite_statement(first_id, rows).build().execute(pool).await.map(drop);
    }
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let (mut id, mut rest) = (first_id, rows);
    while !rest.is_empty() {
        let size = (1 << rest.len().ilog2()).min(MOST_IN_ONE);
        let (now, later) = rest.split_at(size);
        sqlite_statement(id, now).build().execute(&mut *transaction).await?;
        id += i64::try_from(size).unwrap_or(i64::MAX);
        rest = later;
    }
    transaction.commit().await
}

fn sqlite_statement(first_id: i64, rows: &[AuditRow]) -> QueryBuilder<Sqlite> {
    let mut statement = QueryBuilder::new(
        "INSERT INTO audit (id, at, request_id, channel, provider, action, outcome, locale, \
                            sender, dossier, key_id, answer_code, said, elapsed_us) ",
    );
    statement.push_values((first_id..).zip(rows), |mut values, (id, row)| {
        values
            .push_bind(id)
            .push_bind(to_micros(row.at))
            .push_bind(row.request_id.as_str())
            .push_bind(row.channel.key())
            .push_bind(row.provider.as_str())
            .push_bind(row.action)
            .push_bind(row.outcome.key())
            .push_bind(row.locale.as_str())
            .push_bind(&row.sender.0[..])
            .push_bind(row.dossier.as_ref().map(|hash| &hash.0[..]))
            .push_bind(row.key_id.as_str())
            .push_bind(row.answer_code.as_str())
            .push_bind(row.said.as_str())
            .push_bind(i64::from(row.elapsed_us));
    });
    statement.push(" ON CONFLICT (id) DO NOTHING");
    statement
}

/// One array for each column.
async fn into_postgres(pool: &PgPool, first_id: i64, rows: &[AuditRow]) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO audit (id, at, request_id, channel, provider, action, outcome, locale, \
                                  sender, dossier, key_id, answer_code, said, elapsed_us) \
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], \
                                    $7::text[], $8::text[], $9::bytea[], $10::bytea[], $11::text[], $12::text[], \
                                    $13::text[], $14::bigint[]) \
               ON CONFLICT (id) DO NOTHING";
    sqlx::query(sql)
        .bind((first_id..).take(rows.len()).collect::<Vec<i64>>())
        .bind(column(rows, |row| to_micros(row.at)))
        .bind(column(rows, |row| row.request_id.as_str()))
        .bind(column(rows, |row| row.channel.key()))
        .bind(column(rows, |row| row.provider.as_str()))
        .bind(column(rows, |row| row.action))
        .bind(column(rows, |row| row.outcome.key()))
        .bind(column(rows, |row| row.locale.as_str()))
        .bind(column(rows, |row| &row.sender.0[..]))
        .bind(column(rows, |row| row.dossier.as_ref().map(|hash| &hash.0[..])))
        .bind(column(rows, |row| row.key_id.as_str()))
        .bind(column(rows, |row| row.answer_code.as_str()))
        .bind(column(rows, |row| row.said.as_str()))
        .bind(column(rows, |row| i64::from(row.elapsed_us)))
        .execute(pool)
        .await
        .map(drop)
}

fn column<'a, T>(rows: &'a [AuditRow], value: impl Fn(&'a AuditRow) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
