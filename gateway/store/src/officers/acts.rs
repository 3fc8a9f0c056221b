use async_trait::async_trait;
use gateway_core::domain::OfficerId;
use gateway_core::ports::{KeyedHash, NewOfficerAct, OfficerAct, OfficerActCursor, OfficerAudit, StoreError};

use crate::bulk::row;
use crate::failure::unreadable;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// Acts in one page, at the most.
const MOST: usize = 1_000;

const RECORD: &str = "INSERT INTO officer_acts (at, act, officer, account, target, address, key_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const NEWEST: &str = "SELECT id, at, act, officer, account, target, address, key_id FROM officer_acts \
     WHERE id < $1 ORDER BY id DESC LIMIT $2";
/// Each index by itself, then the newest of both.
const NEWEST_OF: &str = "SELECT id, at, act, officer, account, target, address, key_id FROM officer_acts WHERE id IN \
     (SELECT id FROM (SELECT id FROM officer_acts WHERE officer = $3 AND id < $1 ORDER BY id DESC LIMIT $2) AS done \
      UNION SELECT id FROM (SELECT id FROM officer_acts WHERE account = $3 AND id < $1 ORDER BY id DESC LIMIT $2) \
        AS borne) \
     ORDER BY id DESC LIMIT $2";

row! {
    struct Act {
        id: i64,
        at: i64,
        act: String,
        officer: Option<i64>,
        account: Option<i64>,
        target: Option<Vec<u8>>,
        address: Option<Vec<u8>>,
        key_id: String,
    }
}

impl TryFrom<Act> for OfficerAct {
    type Error = StoreError;

    fn try_from(row: Act) -> Result<Self, StoreError> {
        let hash = |bytes: Option<Vec<u8>>| {
            bytes.map(|bytes| bytes.try_into().map(KeyedHash).map_err(|_| unreadable("an officer's act"))).transpose()
        };
        Ok(Self {
            id: row.id,
            at: from_micros(row.at)?,
            act: row.act.into(),
            officer: row.officer.map(OfficerId),
            account: row.account.map(OfficerId),
            target: hash(row.target)?,
            address: hash(row.address)?,
            key_id: row.key_id.into(),
        })
    }
}

#[async_trait]
impl OfficerAudit for Store {
    async fn record_act(&self, act: NewOfficerAct) -> Result<(), StoreError> {
        on_pool!(write self, pool => async {
            sqlx::query(RECORD)
                .bind(to_micros(act.at))
                .bind(act.act)
                .bind(act.officer.map(|officer| officer.0))
                .bind(act.account.map(|account| account.0))
                .bind(act.target.map(|hash| hash.0.to_vec()))
                .bind(act.address.map(|hash| hash.0.to_vec()))
                .bind(act.key_id.as_str())
                .execute(pool)
                .await
                .map(drop)
        })
    }

    async fn officer_acts(
        &self,
        of: Option<OfficerId>,
        before: Option<OfficerActCursor>,
        limit: usize,
    ) -> Result<Vec<OfficerAct>, StoreError> {
        let before = before.map_or(i64::MAX, |cursor| cursor.0);
        let limit = i64::try_from(limit.min(MOST)).unwrap_or(i64::MAX);
        let rows: Vec<Act> = match of {
            None => on_pool!(read self, pool => sqlx::query_as(NEWEST).bind(before).bind(limit).fetch_all(pool))?,
            Some(OfficerId(officer)) => on_pool!(read self, pool => sqlx::query_as(NEWEST_OF)
                .bind(before)
                .bind(limit)
                .bind(officer)
                .fetch_all(pool))?,
        };
        rows.into_iter().map(OfficerAct::try_from).collect()
    }
}
