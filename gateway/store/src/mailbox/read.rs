use compact_str::CompactString;
use gateway_core::domain::{Channel, DeliveryState, MessageId};
use gateway_core::ports::{InboundTrace, KeyedHash, MessageTrace, OutboundTrace, QueueDepth, StoreError};
use jiff::Timestamp;

use super::adopt::small;
use super::outbound::category_of;
use crate::bulk::row;
use crate::failure::unreadable;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// Each part of it goes by a partial index.
const DEPTHS: &str = "\
    SELECT route, category, state, count(*), min(queued_at) FROM outbox \
        WHERE state < 2 AND channel = $1 GROUP BY route, category, state \
    UNION ALL \
    SELECT route, category, state, count(*), min(queued_at) FROM outbox \
        WHERE state = 2 AND channel = $1 GROUP BY route, category, state \
    UNION ALL \
    SELECT route, category, state, count(*), min(queued_at) FROM outbox \
        WHERE state = 3 AND channel = $1 GROUP BY route, category, state";

const INBOUND: &str = "SELECT id, provider, received_at, state, tries, acknowledged, settled_at, \
                              wait_from, wait_rows, sent_from, sent_rows FROM inbox WHERE id = $1";
const OUTBOUND: &str = "SELECT id, route, category, part, parts, reference, answers, state, tries, provider_id, error, \
                               queued_at, not_before, valid_until, submitted_at, accepted_at, final_at \
                        FROM outbox WHERE id >= $1 AND id < $2 ORDER BY id";

row! {
    struct InboundRow {
        id: i64,
        provider: String,
        received_at: i64,
        state: i64,
        tries: i64,
        acknowledged: i64,
        settled_at: Option<i64>,
        wait_from: Option<i64>,
        wait_rows: Option<i64>,
        sent_from: Option<i64>,
        sent_rows: Option<i64>,
    }
}

row! {
    struct OutboundRow {
        id: i64,
        route: String,
        category: i64,
        part: i64,
        parts: i64,
        reference: i64,
        answers: Option<i64>,
        state: i64,
        tries: i64,
        provider_id: String,
        error: String,
        queued_at: i64,
        not_before: i64,
        valid_until: i64,
        submitted_at: Option<i64>,
        accepted_at: Option<i64>,
        final_at: Option<i64>,
    }
}

impl Store {
    /// See [`gateway_core::ports::Outbox::depths`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn depths(&self, channel: Channel) -> Result<Vec<QueueDepth>, StoreError> {
        let sql = DEPTHS;
        let rows: Vec<(String, i64, i64, i64, i64)> =
            on_pool!(read self, pool => sqlx::query_as(sql).bind(channel.key()).fetch_all(pool))?;
        let depth = |(route, category, state, count, oldest): (String, i64, i64, i64, i64)| {
            Ok(QueueDepth {
                route: CompactString::from(route),
                category: category_of(category).ok_or_else(|| unreadable("a message's category"))?,
                state: DeliveryState::from_number(state).ok_or_else(|| unreadable("a message's state"))?,
                count: count.unsigned_abs(),
                oldest: from_micros(oldest)?,
            })
        };
        rows.into_iter().map(depth).collect()
    }

    /// See [`gateway_core::ports::Outbox::trace`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn trace(&self, id: MessageId) -> Result<Option<MessageTrace>, StoreError> {
        if let Some(inbound) = self.inbound_row(id.0).await? {
            return self.with_its_answers(inbound).await.map(Some);
        }
        let Some(one) = self.outbound_rows(id.0, 1).await?.pop() else { return Ok(None) };
        if let Some(answers) = one.answers
            && let Some(inbound) = self.inbound_row(answers).await?
        {
            return self.with_its_answers(inbound).await.map(Some);
        }
        // The parts of a message were written down one after the other.
        let first = one.id.saturating_sub(one.part.saturating_sub(1).clamp(0, 254));
        let mut parts = self.outbound_rows(first, one.parts).await?;
        parts.retain(|part| {
            (part.reference, part.parts, part.answers) == (one.reference, one.parts, one.answers)
                && part.part - part.id == one.part - one.id
        });
        Ok(Some(MessageTrace { inbound: None, outbound: traces(parts)? }))
    }

    async fn with_its_answers(&self, row: InboundRow) -> Result<MessageTrace, StoreError> {
        let mut sent = Vec::new();
        for (from, rows) in [(row.wait_from, row.wait_rows), (row.sent_from, row.sent_rows)] {
            if let (Some(from), Some(rows)) = (from, rows) {
                sent.extend(self.outbound_rows(from, rows).await?);
            }
        }
        let inbound = InboundTrace {
            id: MessageId(row.id),
            provider: CompactString::from(row.provider),
            received_at: from_micros(row.received_at)?,
            state: match row.state {
                0 => "waiting",
                1 => "later",
                2 => "answered",
                _ => "ignored",
            },
            tries: small(row.tries)?,
            acknowledged: row.acknowledged != 0,
            settled_at: row.settled_at.map(from_micros).transpose()?,
        };
        Ok(MessageTrace { inbound: Some(inbound), outbound: traces(sent)? })
    }

    async fn inbound_row(&self, id: i64) -> Result<Option<InboundRow>, StoreError> {
        let sql = INBOUND;
        on_pool!(read self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool))
    }

    async fn outbound_rows(&self, from: i64, rows: i64) -> Result<Vec<OutboundRow>, StoreError> {
        let (sql, until) = (OUTBOUND, from.saturating_add(rows.clamp(0, 1_000)));
        on_pool!(read self, pool => sqlx::query_as(sql).bind(from).bind(until).fetch_all(pool))
    }

    pub(super) async fn rest_of(&self, owner: KeyedHash, now: Timestamp) -> Result<Option<String>, StoreError> {
        let sql = "SELECT text FROM rests WHERE owner = $1 AND until_at > $2";
        on_pool!(read self, pool =>
            sqlx::query_scalar(sql).bind(&owner.0[..]).bind(to_micros(now)).fetch_optional(pool))
    }
}

fn traces(rows: Vec<OutboundRow>) -> Result<Vec<OutboundTrace>, StoreError> {
    rows.into_iter().map(trace).collect()
}

fn trace(row: OutboundRow) -> Result<OutboundTrace, StoreError> {
    Ok(OutboundTrace {
        id: MessageId(row.id),
        route: CompactString::from(row.route),
        category: category_of(row.category).ok_or_else(|| unreadable("a message's category"))?,
        part: small(row.part)?,
        parts: small(row.parts)?,
        state: DeliveryState::from_number(row.state).ok_or_else(|| unreadable("a message's state"))?,
        tries: small(row.tries)?,
        provider_id: CompactString::from(row.provider_id),
        error: CompactString::from(row.error),
        queued_at: from_micros(row.queued_at)?,
        not_before: from_micros(row.not_before)?,
        valid_until: from_micros(row.valid_until)?,
        submitted_at: row.submitted_at.map(from_micros).transpose()?,
        accepted_at: row.accepted_at.map(from_micros).transpose()?,
        final_at: row.final_at.map(from_micros).transpose()?,
    })
}
