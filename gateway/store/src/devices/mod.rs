//! Terminals: who may become one, who is one, and how they are.

mod calls;
mod nonces;
mod ranges;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::{Device, DeviceId, Heartbeat, Printer, TerminalName};
use gateway_core::ports::{Devices, KeyedHash, NewDevice, NewEnrolment, StoreError};
use jiff::Timestamp;

use self::nonces::Nonces;
use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// [`Devices`] on the store's database.
#[derive(Clone)]
pub struct DeviceRows {
    store: Store,
    nonces: Nonces,
}

impl Store {
    /// Terminals. Their nonces are written by a task of this one, which ends
    /// with the last of its clones.
    pub fn start_devices(&self) -> DeviceRows {
        DeviceRows { store: self.clone(), nonces: Nonces::start(self.clone()) }
    }
}

row! {
    struct Row {
        id: String,
        site: String,
        name: String,
        public_key: Vec<u8>,
        enrolled_at: i64,
        revoked_at: Option<i64>,
        version: String,
        heard_at: Option<i64>,
        printer: String,
        latency_ms: Option<i64>,
        catalogue_at: Option<i64>,
        last_use: Option<i64>,
        screens_failed: i64,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.site, d.name, d.public_key, d.enrolled_at, d.revoked_at, d.version, d.heard_at, \
                d.printer, d.latency_ms, d.catalogue_at, d.last_use, d.screens_failed FROM devices d ",
            $rest
        )
    };
}

const OFFER: &str = "INSERT INTO enrolments (code, site, name, made_at, until_at, device) \
     VALUES ($1, $2, $3, $4, $5, NULL)";
/// Once: of two that show the same code one takes it.
const SPEND: &str = "UPDATE enrolments SET device = $2 WHERE code = $1 AND device IS NULL AND until_at > $3 \
     RETURNING site, name";
const ENROL: &str = "INSERT INTO devices \
     (id, site, name, public_key, enrolled_at, revoked_at, version, printer, screens_failed) \
     VALUES ($1, $2, $3, $4, $5, NULL, $6, 'unknown', 0)";
const AGAIN: &str = select!(
    "JOIN enrolments e ON e.device = d.id \
     WHERE e.code = $1 AND e.until_at > $2 AND d.public_key = $3 AND d.revoked_at IS NULL"
);
const ONE: &str = select!("WHERE d.id = $1");
const ALL: &str = select!("ORDER BY d.site, d.name, d.enrolled_at, d.id");
const REVOKE: &str = "UPDATE devices SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
const HEARD: &str = "UPDATE devices SET heard_at = $2, version = $3, printer = $4, latency_ms = $5, \
     catalogue_at = $6, last_use = $7, screens_failed = $8 WHERE id = $1";

#[async_trait]
impl Devices for DeviceRows {
    async fn offer_enrolment(&self, enrolment: NewEnrolment) -> Result<(), StoreError> {
        on_pool!(write self.store, pool => async {
            sqlx::query(OFFER)
                .bind(&enrolment.code.0[..])
                .bind(enrolment.site.as_str())
                .bind(enrolment.name.as_str())
                .bind(to_micros(enrolment.at))
                .bind(to_micros(enrolment.until))
                .execute(pool)
                .await
                .map(drop)
        })
    }

    async fn enrol(&self, code: KeyedHash, device: NewDevice) -> Result<Option<Device>, StoreError> {
        let (code, id, at) = (Bind::Bytes(&code.0), Bind::Text(device.id.as_str()), Bind::Int(to_micros(device.at)));
        let key = Bind::Bytes(&device.public_key);
        let row = self
            .store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let spent: Vec<(String, String)> = link.rows(SPEND, &[code, id, at]).await?;
                let rows: Vec<Row> = match spent.first() {
                    Some((site, name)) => {
                        let version = Bind::Text(&device.version);
                        link.run(ENROL, &[id, Bind::Text(site), Bind::Text(name), key, at, version]).await?;
                        link.rows(ONE, &[id]).await?
                    }
                    None => link.rows(AGAIN, &[code, at, key]).await?,
                };
                link.commit().await?;
                Ok(rows.into_iter().next())
            })
            .await?;
        row.as_ref().map(device_of).transpose()
    }

    async fn device(&self, id: &DeviceId) -> Result<Option<Device>, StoreError> {
        let rows: Vec<Row> = self.store.read_rows(ONE, &[Bind::Text(id.as_str())]).await?;
        rows.first().map(device_of).transpose()
    }

    async fn devices(&self) -> Result<Vec<(Device, Option<Heartbeat>)>, StoreError> {
        let rows: Vec<Row> = self.store.read_rows(ALL, &[]).await?;
        rows.iter().map(|row| Ok((device_of(row)?, heartbeat_of(row)?))).collect()
    }

    async fn revoke(&self, id: &DeviceId, at: Timestamp) -> Result<bool, StoreError> {
        let changed = on_pool!(write self.store, pool => async {
            let query = sqlx::query(REVOKE).bind(id.as_str()).bind(to_micros(at));
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(changed == 1)
    }

    async fn take_nonce(&self, id: &DeviceId, nonce: [u8; 16], until: Timestamp) -> Result<bool, StoreError> {
        self.nonces.take(CompactString::from(id.as_str()), nonce, to_micros(until)).await
    }

    async fn heard(&self, id: &DeviceId, heartbeat: &Heartbeat) -> Result<bool, StoreError> {
        let changed = on_pool!(write self.store, pool => async {
            sqlx::query(HEARD)
                .bind(id.as_str())
                .bind(to_micros(heartbeat.at))
                .bind(heartbeat.version.as_str())
                .bind(heartbeat.printer.key())
                .bind(heartbeat.latency_ms.map(i64::from))
                .bind(heartbeat.catalogue_at.map(to_micros))
                .bind(heartbeat.last_use.map(to_micros))
                .bind(i64::from(heartbeat.screens_failed))
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(changed == 1)
    }
}

fn device_of(row: &Row) -> Result<Device, StoreError> {
    let unread = || unreadable("a terminal");
    Ok(Device {
        id: DeviceId::parse(&row.id).ok_or_else(unread)?,
        site: CompactString::from(&row.site),
        name: TerminalName::parse(&row.name).ok_or_else(unread)?,
        public_key: row.public_key.as_slice().try_into().map_err(|_| unread())?,
        enrolled_at: from_micros(row.enrolled_at)?,
        revoked_at: row.revoked_at.map(from_micros).transpose()?,
    })
}

fn heartbeat_of(row: &Row) -> Result<Option<Heartbeat>, StoreError> {
    let unread = || unreadable("a heartbeat");
    let Some(heard_at) = row.heard_at else { return Ok(None) };
    Ok(Some(Heartbeat {
        at: from_micros(heard_at)?,
        version: CompactString::from(&row.version),
        printer: Printer::from_key(&row.printer).ok_or_else(unread)?,
        latency_ms: row.latency_ms.map(u32::try_from).transpose().map_err(|_| unread())?,
        catalogue_at: row.catalogue_at.map(from_micros).transpose()?,
        last_use: row.last_use.map(from_micros).transpose()?,
        screens_failed: u32::try_from(row.screens_failed).map_err(|_| unread())?,
    }))
}
