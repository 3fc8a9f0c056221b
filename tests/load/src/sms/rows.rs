//! What the database holds at the end, counted past the gateway.

use anyhow::Context as _;
use gateway_store::Witness;

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

/// State and count in one number: there are fewer than ten states.
const INBOX: &str = "SELECT count(*) * 10 + state AS x FROM inbox GROUP BY state";
const OUTBOX: &str = "SELECT count(*) * 10 + state AS x FROM outbox GROUP BY state";
const WITH_ANSWER: &str = "SELECT count(DISTINCT o.answers) AS x FROM outbox o JOIN inbox i ON i.id = o.answers";
const TELLING: &str = "SELECT (SELECT count(*) FROM inbox WHERE sender <> '' OR text <> '') \
     + (SELECT count(*) FROM outbox WHERE recipient <> '' OR text <> '') AS x";
const HELD: &str = "SELECT count(*) AS x FROM held_receipts";
const AUDIT: &str = "SELECT count(*) AS x FROM audit";

/// Counts the rows of a database that no gateway has open any more.
pub(super) async fn count(url: &str) -> anyhow::Result<Rows> {
    let witness = Witness::of(url);
    let by_state = async |sql: &str| -> anyhow::Result<Vec<(i64, i64)>> {
        let both = witness.numbers(sql).await.context("counting rows")?;
        let mut both: Vec<(i64, i64)> = both.into_iter().map(|both| (both % 10, both / 10)).collect();
        both.sort_unstable();
        Ok(both)
    };
    let one =
        async |sql: &str| -> anyhow::Result<i64> { witness.numbers(sql).await?.first().copied().context("a count") };
    Ok(Rows {
        inbox: by_state(INBOX).await?,
        outbox: by_state(OUTBOX).await?,
        with_answer: one(WITH_ANSWER).await?,
        telling: one(TELLING).await?,
        held: one(HELD).await?,
        audit: one(AUDIT).await?,
    })
}
