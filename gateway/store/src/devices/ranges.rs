//! Serials that terminals may give by themselves.

use async_trait::async_trait;
use gateway_core::domain::queue::{HeldRanges, RangeWish, Reservation, SerialRange};
use gateway_core::domain::{DeviceId, local_date};
use gateway_core::ports::{LocalRanges, StoreError};

use super::DeviceRows;
use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::queue::touch_site;
use crate::time::{from_day, from_micros, to_day};

row! {
    struct RangeRow {
        device: String,
        name: String,
        first_serial: i64,
        last_serial: i64,
        until_day: Option<i64>,
        revoked_at: Option<i64>,
    }
}

const OF_SITE: &str = "SELECT r.device, d.name, r.first_serial, r.last_serial, r.until_day, d.revoked_at \
     FROM device_ranges r JOIN devices d ON d.id = r.device \
     WHERE r.site = $1 AND (r.until_day IS NULL OR r.until_day >= $2)";
const END: &str = "UPDATE device_ranges SET until_day = $2 WHERE device = $1 AND until_day IS NULL";
/// One that it had before, today perhaps, it has again.
const GIVE: &str = "INSERT INTO device_ranges (device, site, first_serial, last_serial, until_day) \
     VALUES ($1, $2, $3, $4, NULL) \
     ON CONFLICT (device, first_serial, last_serial) DO UPDATE SET until_day = NULL";

#[async_trait]
impl LocalRanges for DeviceRows {
    async fn hold(&self, wish: &RangeWish) -> Result<HeldRanges, StoreError> {
        let of_site = [Bind::Text(wish.site.as_str()), Bind::Int(to_day(wish.day))];
        let rows: Vec<RangeRow> = self.store.read_rows(OF_SITE, &of_site).await?;
        let (held, is_kept) = decided(wish, &rows)?;
        if is_kept {
            return Ok(held);
        }
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                // The lock of the site: of two terminals that want the same serials one
                // gets them.
                touch_site(&mut link, &wish.site).await?;
                let rows: Vec<RangeRow> = link.rows(OF_SITE, &of_site).await?;
                let (held, is_kept) = match decided(wish, &rows) {
                    Ok(decided) => decided,
                    Err(unreadable) => return Ok(Err(unreadable)),
                };
                if is_kept {
                    link.rollback().await?;
                    return Ok(Ok(held));
                }
                let device = Bind::Text(wish.device.as_str());
                link.run(END, &[device, Bind::Int(to_day(wish.day))]).await?;
                if let Some(range) = held.now {
                    let (first, last) = (Bind::Int(i64::from(range.from())), Bind::Int(i64::from(range.to())));
                    link.run(GIVE, &[device, Bind::Text(wish.site.as_str()), first, last]).await?;
                }
                link.commit().await?;
                Ok(Ok(held))
            })
            .await?
    }
}

/// What comes of a wish, and whether the rows say so already.
fn decided(wish: &RangeWish, rows: &[RangeRow]) -> Result<(HeldRanges, bool), StoreError> {
    let reservations = rows.iter().map(reservation).collect::<Result<Vec<_>, _>>()?;
    let held = wish.among(&reservations);
    let own = reservations.iter().find(|one| one.device == wish.device && one.until.is_none());
    let is_kept = own.map(|one| one.range) == held.now;
    Ok((held, is_kept))
}

fn reservation(row: &RangeRow) -> Result<Reservation, StoreError> {
    let unread = || unreadable("a range of serials");
    let serial = |value: i64| u32::try_from(value).map_err(|_| unread());
    Ok(Reservation {
        device: DeviceId::parse(&row.device).ok_or_else(unread)?,
        name: row.name.as_str().into(),
        range: SerialRange::new(serial(row.first_serial)?, serial(row.last_serial)?).ok_or_else(unread)?,
        until: row.until_day.map(|day| from_day(day).ok_or_else(unread)).transpose()?,
        revoked: row.revoked_at.map(from_micros).transpose()?.map(local_date),
    })
}
