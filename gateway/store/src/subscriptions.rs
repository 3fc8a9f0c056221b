use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::Locale;
use gateway_core::ports::{KeyedHash, Looked, NewSubscription, StoreError, Subscribed, Subscription, Subscriptions};
use jiff::Timestamp;

use crate::bulk::{Bind, Link, row};
use crate::contact::record_of;
use crate::failure::unreadable;
use crate::mailbox::write_down;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

const SUBSCRIBE: &str = "INSERT INTO subscriptions (phone, dossier, number, recipient, locale, channel, words, \
                                                    created_at, seen, due_at, until_at, look_at) \
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 \
     WHERE (SELECT count(*) FROM subscriptions WHERE phone = $1) < $13 \
     ON CONFLICT (phone, dossier) DO NOTHING";
/// It holds on, and longer where it is wished anew.
const HOLD_ON: &str = "UPDATE subscriptions SET locale = $3, \
                              until_at = CASE WHEN until_at < $4 THEN $4 ELSE until_at END \
     WHERE phone = $1 AND dossier = $2";

macro_rules! due {
    ($order:literal, $lock:literal) => {
        concat!(
            "WITH mine AS MATERIALIZED (SELECT id FROM subscriptions WHERE look_at <= $1 \
                ORDER BY ",
            $order,
            " LIMIT $3",
            $lock,
            ") UPDATE subscriptions SET look_at = $2 WHERE id IN (SELECT id FROM mine) \
             RETURNING id, number, recipient, locale, seen, until_at, due_at"
        )
    };
}

macro_rules! first_due {
    ($lock:literal) => {
        due!("CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, look_at, id", $lock)
    };
}

macro_rules! longest_waiting {
    ($lock:literal) => {
        due!("look_at, id", $lock)
    };
}

row! {
    struct Row {
        id: i64,
        number: String,
        recipient: String,
        locale: String,
        seen: String,
        until_at: i64,
        due_at: Option<i64>,
    }
}

#[async_trait]
impl Subscriptions for Store {
    async fn subscribe(&self, wish: NewSubscription) -> Result<Subscribed, StoreError> {
        let words = record_of(&wish.words);
        let (phone, dossier) = (Bind::Bytes(&wish.phone.0), Bind::Bytes(&wish.dossier.0));
        let until = Bind::Int(to_micros(wish.until));
        let row = [
            phone,
            dossier,
            Bind::Text(wish.number.as_str()),
            Bind::Text(wish.to.e164()),
            Bind::Text(wish.locale.as_str()),
            Bind::Text(wish.channel.key()),
            Bind::Text(&words),
            Bind::Int(to_micros(wish.at)),
            Bind::Text(&wish.seen.fingerprint),
            Bind::MaybeInt(wish.seen.due_at.map(to_micros)),
            until,
            Bind::Int(to_micros(wish.look_at)),
            Bind::Int(i64::from(wish.most)),
        ];
        let held_on = [phone, dossier, Bind::Text(wish.locale.as_str()), until];
        self.within(async {
            let mut link = Link::begin(self).await?;
            let subscribed = if link.run(SUBSCRIBE, &row).await? == 1 {
                Subscribed::New
            } else if link.run(HOLD_ON, &held_on).await? == 1 {
                Subscribed::Already
            } else {
                Subscribed::TooMany
            };
            link.commit().await?;
            Ok(subscribed)
        })
        .await
    }

    async fn unsubscribe(&self, phone: KeyedHash, dossier: Option<KeyedHash>) -> Result<u32, StoreError> {
        let sql = "DELETE FROM subscriptions WHERE phone = $1 AND dossier = coalesce($2, dossier)";
        let rows = on_pool!(write self, pool => async {
            let query = sqlx::query(sql).bind(&phone.0[..]).bind(dossier.as_ref().map(|hash| &hash.0[..]));
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(u32::try_from(rows).unwrap_or(u32::MAX))
    }

    async fn due(&self, now: Timestamp, lease: Timestamp, limit: usize) -> Result<Vec<Subscription>, StoreError> {
        // However many are due soon, those that are not have their turn.
        let by_date = (limit - limit.div_ceil(5)).max(1).min(limit);
        let values = |most: usize| {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            [Bind::Int(to_micros(now)), Bind::Int(to_micros(lease)), Bind::Int(most)]
        };
        let mut rows: Vec<Row> = self
            .within(async {
                let mut link = Link::begin(self).await?;
                let (first_due, longest_waiting) = if link.is_postgres() {
                    (first_due!(" FOR UPDATE SKIP LOCKED"), longest_waiting!(" FOR UPDATE SKIP LOCKED"))
                } else {
                    (first_due!(""), longest_waiting!(""))
                };
                let mut rows: Vec<Row> = link.rows(first_due, &values(by_date)).await?;
                if limit > by_date {
                    rows.extend(link.rows::<Row>(longest_waiting, &values(limit - by_date)).await?);
                }
                link.commit().await?;
                Ok(rows)
            })
            .await?;
        rows.sort_by_key(|row| (row.due_at.is_none(), row.due_at, row.id));
        rows.into_iter().map(subscription).collect()
    }

    async fn looked(&self, subscription: &Subscription, looked: Looked) -> Result<bool, StoreError> {
        // Ids are taken before: another connection may be needed for it.
        let (first_id, at) = match &looked {
            Looked::Moved { send, .. } if !send.is_empty() => (self.take_ids(send.len()).await?, self.clock.now()),
            _ => (0, Timestamp::UNIX_EPOCH),
        };
        // What was told last must be what this look began with: of two nodes
        // one tells it.
        let (id, seen) = (Bind::Int(subscription.id), Bind::Text(&subscription.seen));
        let end = "DELETE FROM subscriptions WHERE id = $1 AND seen = $2";
        self.within(async {
            let mut link = Link::begin(self).await?;
            let rows = match &looked {
                Looked::Same { look_at } => {
                    let again = "UPDATE subscriptions SET look_at = $3 WHERE id = $1 AND seen = $2";
                    link.run(again, &[id, seen, Bind::Int(to_micros(*look_at))]).await?
                }
                Looked::Moved { look_at: Some(look_at), seen: now, .. } => {
                    let moved = "UPDATE subscriptions SET look_at = $3, seen = $4, due_at = $5 \
                                 WHERE id = $1 AND seen = $2";
                    let due_at = Bind::MaybeInt(now.due_at.map(to_micros));
                    let values = [id, seen, Bind::Int(to_micros(*look_at)), Bind::Text(&now.fingerprint), due_at];
                    link.run(moved, &values).await?
                }
                Looked::Moved { look_at: None, .. } | Looked::Ended => link.run(end, &[id, seen]).await?,
            };
            if rows == 0 {
                link.rollback().await?;
                return Ok(false);
            }
            if let Looked::Moved { send, .. } = &looked {
                write_down(&mut link, first_id, to_micros(at), send).await?;
            }
            link.commit().await?;
            Ok(true)
        })
        .await
    }
}

fn subscription(row: Row) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        id: row.id,
        number: CompactString::from(row.number),
        to: CompactString::from(row.recipient),
        locale: Locale::parse(&row.locale).ok_or_else(|| unreadable("a subscription's locale"))?,
        seen: CompactString::from(row.seen),
        until: from_micros(row.until_at)?,
    })
}
