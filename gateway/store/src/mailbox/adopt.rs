use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::domain::{Channel, DeliveryState, MessageId, Provider};
use gateway_core::ports::{Inbound, NewOutbound, Outbound, StoreError};
use jiff::Timestamp;

use super::claim::Claim;
use super::journal::Core;
use super::ops::Repair;
use super::outbound::category_of;
use super::receive::assurance_of;
use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::store::{Pools, Store};
use crate::time::{from_micros, to_micros};

/// What dead nodes had taken is nobody's again.
const FREE_INBOUND: &str = "UPDATE inbox SET node = NULL WHERE state < 2 AND node IS NOT NULL AND node <> $1 \
     AND node NOT IN (SELECT id FROM nodes WHERE seen_at >= $2)";
/// What they were handing over may have been sent: it is uncertain, or queued
/// again where a repetition is harmless.
const FREE_OUTBOUND: &str = "UPDATE outbox SET node = NULL, \
        state = CASE WHEN state = 0 OR repeatable = 1 THEN 0 ELSE 3 END, \
        text = CASE WHEN state = 0 OR repeatable = 1 THEN text ELSE '' END \
     WHERE state < 2 AND node IS NOT NULL AND node <> $1 AND node NOT IN (SELECT id FROM nodes WHERE seen_at >= $2)";

macro_rules! adopt_inbound {
    ($lock:literal) => {
        concat!(
            "WITH mine AS MATERIALIZED (SELECT id FROM inbox WHERE channel = $2 AND state < 2 AND node IS NULL \
                AND again_at <= $3 ORDER BY again_at, id LIMIT $4",
            $lock,
            ") UPDATE inbox SET node = $1 WHERE id IN (SELECT id FROM mine) \
             RETURNING id, channel, provider, sender, recipient, text, assurance, received_at, answer_by, \
                       acknowledged, tries"
        )
    };
}

macro_rules! adopt_outbound {
    ($lock:literal) => {
        concat!(
            "WITH mine AS MATERIALIZED (SELECT id FROM outbox WHERE channel = $2 AND state = 0 AND node IS NULL \
                AND not_before <= $3 ORDER BY lane, not_before, id LIMIT $4",
            $lock,
            ") UPDATE outbox SET node = $1 WHERE id IN (SELECT id FROM mine) \
             RETURNING id, channel, route, category, recipient, sender, text, form, part, parts, reference, \
                       queued_at, not_before, valid_until, repeatable, answers, tries"
        )
    };
}

row! {
    struct InboundRow {
        id: i64,
        channel: String,
        provider: String,
        sender: String,
        recipient: String,
        text: String,
        assurance: i64,
        received_at: i64,
        answer_by: i64,
        acknowledged: i64,
        tries: i64,
    }
}

row! {
    struct OutboundRow {
        id: i64,
        channel: String,
        route: String,
        category: i64,
        recipient: String,
        sender: String,
        text: String,
        form: String,
        part: i64,
        parts: i64,
        reference: i64,
        queued_at: i64,
        not_before: i64,
        valid_until: i64,
        repeatable: i64,
        answers: Option<i64>,
        tries: i64,
    }
}

impl Core {
    /// Nodes that were seen at this moment or later live.
    fn seen_since(&self) -> i64 {
        match &self.store.pools {
            // Whoever starts on the file takes the others' rows away.
            Pools::Sqlite { .. } => i64::MIN,
            Pools::Postgres(_) => {
                let dead_after = i64::try_from(self.store.config.mailbox.dead_after().as_micros()).unwrap_or(i64::MAX);
                to_micros(self.store.clock.now()).saturating_sub(dead_after)
            }
        }
    }

    pub(super) async fn adopt(
        self: &Arc<Self>,
        channel: Channel,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Inbound>, StoreError> {
        let (mut rows, claim) = self
            .store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                link.run(FREE_INBOUND, &[Bind::Int(self.node), Bind::Int(self.seen_since())]).await?;
                let sql =
                    if link.is_postgres() { adopt_inbound!(" FOR UPDATE SKIP LOCKED") } else { adopt_inbound!("") };
                let rows: Vec<InboundRow> = link.rows(sql, &self.claim(channel, now, limit)).await?;
                let claim = Claim::new(self, rows.iter().map(|row| Repair::FreeInbound(row.id)).collect());
                link.commit().await?;
                Ok((rows, claim))
            })
            .await?;
        rows.sort_unstable_by_key(|row| (row.received_at, row.id));
        let messages = rows.into_iter().map(inbound).collect::<Result<_, _>>()?;
        claim.handed_over();
        Ok(messages)
    }

    pub(super) async fn adopt_outbound(
        self: &Arc<Self>,
        channel: Channel,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Outbound>, StoreError> {
        let (mut rows, claim) = self
            .store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                link.run(FREE_OUTBOUND, &[Bind::Int(self.node), Bind::Int(self.seen_since())]).await?;
                let sql =
                    if link.is_postgres() { adopt_outbound!(" FOR UPDATE SKIP LOCKED") } else { adopt_outbound!("") };
                let rows: Vec<OutboundRow> = link.rows(sql, &self.claim(channel, now, limit)).await?;
                let claim = Claim::new(self, rows.iter().map(|row| Repair::FreeAdopted(row.id)).collect());
                link.commit().await?;
                Ok((rows, claim))
            })
            .await?;
        rows.sort_unstable_by_key(|row| (row.category > 1, row.not_before, row.id));
        let messages = rows.into_iter().map(outbound).collect::<Result<_, _>>()?;
        claim.handed_over();
        Ok(messages)
    }

    fn claim(&self, channel: Channel, now: Timestamp, limit: usize) -> [Bind<'static>; 4] {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        [Bind::Int(self.node), Bind::Text(channel.key()), Bind::Int(to_micros(now)), Bind::Int(limit)]
    }
}

impl Store {
    /// Takes a number whose rows nobody else writes. A node is alive while it
    /// is seen; who only writes messages down is no node, and never was.
    pub(crate) async fn take_number(&self, node: bool) -> Result<i64, StoreError> {
        let sql = "INSERT INTO nodes (started_at, seen_at) VALUES ($1, $2) RETURNING id";
        let now = to_micros(self.clock.now());
        let seen_at = if node { now } else { 0 };
        let number: i64 = crate::store::on_pool!(write self, pool =>
            sqlx::query_scalar(sql).bind(now).bind(seen_at).fetch_one(pool))?;
        Ok(number)
    }
}

fn inbound(row: InboundRow) -> Result<Inbound, StoreError> {
    Ok(Inbound {
        id: MessageId(row.id),
        channel: channel(&row.channel)?,
        provider: Provider::new(&row.provider),
        from: CompactString::from(row.sender),
        to: CompactString::from(row.recipient),
        text: row.text,
        assurance: assurance_of(row.assurance),
        received_at: from_micros(row.received_at)?,
        answer_by: from_micros(row.answer_by)?,
        acknowledged: row.acknowledged != 0,
        tries: small(row.tries)?,
    })
}

fn outbound(row: OutboundRow) -> Result<Outbound, StoreError> {
    Ok(Outbound {
        id: MessageId(row.id),
        state: DeliveryState::Queued,
        tries: small(row.tries)?,
        queued_at: from_micros(row.queued_at)?,
        message: NewOutbound {
            channel: channel(&row.channel)?,
            route: CompactString::from(row.route),
            category: category_of(row.category).ok_or_else(|| unreadable("a message's category"))?,
            to: CompactString::from(row.recipient),
            from: CompactString::from(row.sender),
            text: row.text,
            form: CompactString::from(row.form),
            part: small(row.part)?,
            parts: small(row.parts)?,
            reference: small(row.reference)?,
            not_before: from_micros(row.not_before)?,
            valid_until: from_micros(row.valid_until)?,
            repeatable: row.repeatable != 0,
            answers: row.answers.map(MessageId),
            begun: false,
        },
    })
}

pub(super) fn channel(key: &str) -> Result<Channel, StoreError> {
    Channel::from_key(key).ok_or_else(|| unreadable("a message's channel"))
}

pub(super) fn small<T: TryFrom<i64>>(number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| unreadable("a message's number"))
}
