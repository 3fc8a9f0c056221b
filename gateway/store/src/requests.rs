use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::{Channel, Locale};
use gateway_core::ports::{KeyedHash, PastRequest, Requests, StoreError};

use crate::answers::outcome_of;
use crate::failure::unreadable;
use crate::store::{Store, on_pool};
use crate::time::from_micros;

/// No page shows more.
const MOST: usize = 100;

type Row = (i64, String, String, String, String, String, String);

/// Run by run as in `answers.rs`. The channels are written as the index has
/// them: that is how a database knows that it may use it.
const REQUESTS: &str = "\
    WITH RECURSIVE run(n) AS ( \
        SELECT (SELECT max(id) FROM audit) >> 12 \
        UNION ALL \
        SELECT (SELECT max(id) FROM audit WHERE id < (run.n << 12)) >> 12 FROM run WHERE run.n IS NOT NULL \
    ) \
    SELECT at, channel, action, outcome, locale, answer_code, said \
    FROM run CROSS JOIN audit \
    WHERE (id >> 12) = run.n AND sender = $1 AND channel IN ('sms', 'zalo', 'telegram', 'webchat') \
    ORDER BY at DESC, id DESC LIMIT $2";

#[async_trait]
impl Requests for Store {
    async fn of_senders(&self, senders: &[KeyedHash], limit: usize) -> Result<Vec<PastRequest>, StoreError> {
        let limit = limit.clamp(1, MOST);
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = REQUESTS;
        let mut found = Vec::new();
        for sender in senders {
            let rows: Vec<Row> = on_pool!(read self, pool => sqlx::query_as(sql)
                .bind(sender.0.as_slice())
                .bind(most)
                .fetch_all(pool))?;
            for row in rows {
                found.push(request(row)?);
            }
        }
        found.sort_by_key(|request| std::cmp::Reverse(request.at));
        found.truncate(limit);
        Ok(found)
    }
}

fn request((at, channel, action, outcome, locale, answer_code, said): Row) -> Result<PastRequest, StoreError> {
    Ok(PastRequest {
        at: from_micros(at)?,
        channel: Channel::from_key(&channel).ok_or_else(|| unreadable("an audit row's channel"))?,
        action: CompactString::from(action),
        outcome: outcome_of(&outcome)?,
        locale: Locale::parse(&locale).ok_or_else(|| unreadable("an audit row's locale"))?,
        answer_code: CompactString::from(answer_code),
        said: CompactString::from(said),
    })
}
