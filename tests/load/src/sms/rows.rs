//! What the database holds at the end, counted past the gateway.

use anyhow::Context as _;

/// Rows at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// Messages that came in, by their state (2 is answered).
    pub(super) inbox: Vec<(i64, i64)>,
    /// Messages that went out, by their state (4 is delivered).
    pub(super) outbox: Vec<(i64, i64)>,
    /// Distinct messages of the inbox that have an answer in the outbox.
    pub(super) with_answer: i64,
    /// Rows that still tell who wrote what, or to whom.
    pub(super) telling: i64,
    /// Receipts without their message.
    pub(super) held: i64,
    /// Rows of the audit.
    pub(super) audit: i64,
}

impl Rows {
    /// Whether all rows are in this state; and how many.
    pub(super) fn all_in(rows: &[(i64, i64)], state: i64) -> (bool, u64) {
        let all: i64 = rows.iter().map(|(_, count)| count).sum();
        let all = u64::try_from(all).unwrap_or_default();
        (rows.iter().all(|(of, count)| *of == state || *count == 0), all)
    }
}

const INBOX: &str = "SELECT state, count(*) FROM inbox GROUP BY state ORDER BY state";
const OUTBOX: &str = "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state";
const COUNTS: &str = "SELECT \
    (SELECT count(DISTINCT o.answers) FROM outbox o JOIN inbox i ON i.id = o.answers), \
    (SELECT count(*) FROM inbox WHERE sender <> '' OR text <> '') \
        + (SELECT count(*) FROM outbox WHERE recipient <> '' OR text <> ''), \
    (SELECT count(*) FROM held_receipts), \
    (SELECT count(*) FROM audit)";

macro_rules! count {
    ($pool:expr) => {{
        let pool = $pool;
        let inbox = sqlx::query_as(INBOX).fetch_all(&pool).await?;
        let outbox = sqlx::query_as(OUTBOX).fetch_all(&pool).await?;
        let (with_answer, telling, held, audit) = sqlx::query_as(COUNTS).fetch_one(&pool).await?;
        pool.close().await;
        Ok(Rows { inbox, outbox, with_answer, telling, held, audit })
    }};
}

/// Counts the rows of a database that no gateway has open any more.
pub(super) async fn count(url: &str) -> anyhow::Result<Rows> {
    if url.starts_with("sqlite:") {
        count!(sqlx::SqlitePool::connect(url).await.with_context(|| url.to_owned())?)
    } else {
        count!(sqlx::PgPool::connect(url).await.context("PostgreSQL")?)
    }
}
