//! Calls for an officer.

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::{CallId, CallReason, CallStage, DeviceId, KioskCall, OfficerId, Sites, TerminalName};
use gateway_core::ports::{Called, Calls, NewCall, StoreError};
use jiff::Timestamp;

use super::DeviceRows;
use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::store::on_pool;
use crate::time::{from_micros, to_micros};

row! {
    struct CallRow {
        id: i64,
        device: String,
        name: String,
        site: String,
        reason: String,
        counter: String,
        at: i64,
        until_at: i64,
        done_at: Option<i64>,
        officer: Option<i64>,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.device, d.name, d.site, c.reason, c.counter, c.at, c.until_at, c.done_at, \
                c.officer FROM kiosk_calls c JOIN devices d ON d.id = c.device ",
            $rest
        )
    };
}

/// What nobody answered in time is over, before a new one is begun.
const EXPIRE: &str =
    "UPDATE kiosk_calls SET done_at = until_at WHERE device = $1 AND done_at IS NULL AND until_at <= $2";
/// One that is open stays: in its place, with the officer who is on the way.
const CALL: &str = "INSERT INTO kiosk_calls (device, reason, counter, at, until_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (device) WHERE done_at IS NULL DO UPDATE \
        SET reason = excluded.reason, counter = excluded.counter, until_at = excluded.until_at \
     RETURNING id";
/// Of the same site, up to this one; nothing where it is answered.
const POSITION: &str = "SELECT count(*) FROM kiosk_calls c JOIN devices d ON d.id = c.device \
     WHERE d.site = (SELECT site FROM devices WHERE id = $1) AND c.id <= $2 AND c.done_at IS NULL \
       AND c.coming_at IS NULL AND c.until_at > $3 \
       AND EXISTS (SELECT 1 FROM kiosk_calls own WHERE own.id = $2 AND own.coming_at IS NULL)";
const ONE: &str = select!("WHERE c.id = $1 AND c.device = $2");
const SITE: &str = select!("WHERE c.id = $1");
const OPEN: &str = select!("WHERE c.done_at IS NULL AND c.until_at > $1 ORDER BY c.id LIMIT $2");
const ANSWER: &str = "UPDATE kiosk_calls SET coming_at = $3, officer = $2 \
     WHERE id = $1 AND coming_at IS NULL AND done_at IS NULL AND until_at > $3";
const FINISH: &str = "UPDATE kiosk_calls SET done_at = $3, officer = COALESCE(officer, $2) \
     WHERE id = $1 AND done_at IS NULL AND until_at > $3";

/// So many open calls of all sites are read: more than a province has terminals.
const MOST: i64 = 2_000;

#[async_trait]
impl Calls for DeviceRows {
    async fn call_officer(&self, call: NewCall) -> Result<Called, StoreError> {
        let (device, at) = (Bind::Text(call.device.as_str()), Bind::Int(to_micros(call.at)));
        let row = [
            device,
            Bind::Text(call.reason.key()),
            Bind::Text(call.counter.as_deref().unwrap_or_default()),
            at,
            Bind::Int(to_micros(call.until)),
        ];
        let (id, position) = self
            .store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                link.run(EXPIRE, &[device, at]).await?;
                let id: Vec<(i64,)> = link.rows(CALL, &row).await?;
                let id = id.first().map_or(0, |(id,)| *id);
                let before: Vec<(i64,)> = link.rows(POSITION, &[device, Bind::Int(id), at]).await?;
                link.commit().await?;
                Ok((id, before.first().map_or(0, |(count,)| *count)))
            })
            .await?;
        let position = u32::try_from(position).ok().filter(|place| *place > 0);
        Ok(Called { id: CallId(id), position })
    }

    async fn call_of(&self, device: &DeviceId, id: CallId, now: Timestamp) -> Result<Option<KioskCall>, StoreError> {
        let rows: Vec<CallRow> = self.store.read_rows(ONE, &[Bind::Int(id.0), Bind::Text(device.as_str())]).await?;
        rows.first().map(|row| call_of(row, now)).transpose()
    }

    async fn open_calls(&self, sites: &Sites, now: Timestamp, limit: usize) -> Result<Vec<KioskCall>, StoreError> {
        let rows: Vec<CallRow> = self.store.read_rows(OPEN, &[Bind::Int(to_micros(now)), Bind::Int(MOST)]).await?;
        rows.iter().filter(|row| sites.may_see(&row.site)).take(limit).map(|row| call_of(row, now)).collect()
    }

    async fn answer_call(
        &self,
        id: CallId,
        officer: OfficerId,
        sites: &Sites,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.move_call(ANSWER, id, officer, sites, now).await
    }

    async fn finish_call(
        &self,
        id: CallId,
        officer: OfficerId,
        sites: &Sites,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.move_call(FINISH, id, officer, sites, now).await
    }
}

impl DeviceRows {
    /// A terminal never changes its site, so the look before the move holds.
    async fn move_call(
        &self,
        sql: &'static str,
        id: CallId,
        officer: OfficerId,
        sites: &Sites,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let rows: Vec<CallRow> = self.store.read_rows(SITE, &[Bind::Int(id.0)]).await?;
        if !rows.first().is_some_and(|row| sites.may_see(&row.site)) {
            return Ok(false);
        }
        let changed = on_pool!(write self.store, pool => async {
            let query = sqlx::query(sql).bind(id.0).bind(officer.0).bind(to_micros(now));
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(changed == 1)
    }
}

fn call_of(row: &CallRow, now: Timestamp) -> Result<KioskCall, StoreError> {
    let unread = || unreadable("a call");
    let over = row.done_at.is_some() || row.until_at <= to_micros(now);
    Ok(KioskCall {
        id: CallId(row.id),
        device: DeviceId::parse(&row.device).ok_or_else(unread)?,
        terminal: TerminalName::parse(&row.name).ok_or_else(unread)?,
        site: CompactString::from(&row.site),
        reason: CallReason::from_key(&row.reason).ok_or_else(unread)?,
        counter: Some(CompactString::from(&row.counter)).filter(|counter| !counter.is_empty()),
        at: from_micros(row.at)?,
        stage: match (over, row.officer) {
            // What ends by itself has nobody's name.
            (true, None) => CallStage::Missed,
            (true, Some(_)) => CallStage::Done,
            (false, Some(_)) => CallStage::Coming,
            (false, None) => CallStage::Waiting,
        },
        officer: row.officer.map(OfficerId),
    })
}
