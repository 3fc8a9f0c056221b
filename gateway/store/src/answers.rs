use gateway_core::desk::AnswerCode;
use gateway_core::domain::{Channel, Locale};
use gateway_core::ports::{Outcome, StoreError};
use jiff::Timestamp;

use crate::failure::unreadable;
use crate::store::{Store, on_pool};
use crate::time::from_micros;

/// What was said under an answer code, without personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRecord {
    /// When the question came.
    pub at: Timestamp,
    /// The road.
    pub channel: Channel,
    /// The provider on that road.
    pub provider: String,
    /// The action's stable word.
    pub action: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The language of the answer.
    pub locale: Locale,
    /// The Fluent key of the answer and its public arguments.
    pub said: String,
}

type Row = (i64, String, String, String, String, String, String);

/// Asks the index for the code in each run of 4,096 rows that there is, going
/// from the newest run to the oldest by the primary key. (SQLite keeps the
/// order of a `CROSS JOIN`: runs first.)
const ANSWERS: &str = "\
    WITH RECURSIVE run(n) AS ( \
        SELECT (SELECT max(id) FROM audit) >> 12 \
        UNION ALL \
        SELECT (SELECT max(id) FROM audit WHERE id < (run.n << 12)) >> 12 FROM run WHERE run.n IS NOT NULL \
    ) \
    SELECT at, channel, provider, action, outcome, locale, said \
    FROM run CROSS JOIN audit \
    WHERE (id >> 12) = run.n AND answer_code = $1 \
    ORDER BY at DESC, id DESC LIMIT $2";

const OUTCOMES: [Outcome; 5] =
    [Outcome::Answered, Outcome::AnsweredStale, Outcome::Disclosed, Outcome::Refused, Outcome::Replayed];

impl Store {
    /// The answers that were given under a code, newest first, at most
    /// `limit` (1–100). Codes come round again: the times tell them apart.
    /// Answers of the last milliseconds may still wait to be written.
    ///
    /// # Errors
    /// The database failed.
    pub async fn answers(&self, code: AnswerCode, limit: u32) -> Result<Vec<AnswerRecord>, StoreError> {
        let sql = ANSWERS;
        let rows: Vec<Row> = on_pool!(read self, pool => sqlx::query_as(sql)
            .bind(code.as_str())
            .bind(i64::from(limit.clamp(1, 100)))
            .fetch_all(pool))?;
        rows.into_iter().map(answer).collect()
    }

    /// How many rows the audit has on disk. It reads them all: for checks and
    /// benches, not for a probe.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit_rows(&self) -> Result<u64, StoreError> {
        let count: i64 = on_pool!(read self, pool => sqlx::query_scalar("SELECT count(*) FROM audit").fetch_one(pool))?;
        Ok(count.unsigned_abs())
    }
}

pub(crate) fn outcome_of(key: &str) -> Result<Outcome, StoreError> {
    OUTCOMES.into_iter().find(|known| known.key() == key).ok_or_else(|| unreadable("an audit row's outcome"))
}

fn answer((at, channel, provider, action, outcome, locale, said): Row) -> Result<AnswerRecord, StoreError> {
    Ok(AnswerRecord {
        at: from_micros(at)?,
        channel: Channel::from_key(&channel).ok_or_else(|| unreadable("an audit row's channel"))?,
        provider,
        action,
        outcome: outcome_of(&outcome)?,
        locale: Locale::parse(&locale).ok_or_else(|| unreadable("an audit row's locale"))?,
        said,
    })
}
