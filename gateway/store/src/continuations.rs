//! Pages that go on on a phone; the page sealed for its token.

use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::domain::queue::TicketCode;
use gateway_core::domain::{ContinuationId, ContinuedPage, DeviceId, PhoneContinuation, ProcedureCode, SearchWords};
use gateway_core::ports::{Continuations, HashKey, KeyedHash, Matched, NewContinuation, Randomness, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::seal::Seal;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// What the key is for, and of which form the rows are.
const CONTEXT: &str = "dakenh 2026 continuations, XChaCha20-Poly1305 of JSON";

/// Why a row is over: the numbers of the column.
mod over {
    pub(super) const GONE: i64 = 1;
    pub(super) const MISTYPED: i64 = 2;
    pub(super) const REPLACED: i64 = 3;
}

/// Makes others of the same terminal wait until this transaction ends. SQLite
/// writes one transaction at a time.
const TAKE_DEVICE: &str = "SELECT pg_advisory_xact_lock(hashtextextended('continuations ' || $1, 0))";
const REPLACE: &str = "UPDATE continuations SET over = 3, sealed = $2 WHERE device = $1 AND over = 0";
const BEGIN: &str = "INSERT INTO continuations (device, token, key_id, sealed, made_at, until_at, tries, over) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 0) RETURNING id";
/// Once: of two phones at the same moment one is first.
const BIND: &str = "UPDATE continuations SET phone = $2, code = $3 \
     WHERE id = $1 AND phone IS NULL AND over = 0 AND until_at > $4";
/// Counted before it is compared, so that tries at once do not slip past.
const TRY: &str = "UPDATE continuations SET tries = tries - 1 \
     WHERE id = $1 AND device = $2 AND phone IS NOT NULL AND confirmed_at IS NULL AND over = 0 AND tries > 0 \
       AND until_at > $3 RETURNING code, tries";
const CONFIRM: &str = "UPDATE continuations SET confirmed_at = $2, tries = tries + 1 WHERE id = $1";
const MISTYPED: &str = "UPDATE continuations SET over = 2, sealed = $2 WHERE id = $1";
/// The first answer was lost: the same digits again.
const BEFORE: &str = "SELECT id FROM continuations \
     WHERE id = $1 AND device = $2 AND code = $3 AND confirmed_at IS NOT NULL AND over IN (0, 1)";
/// Once: of two asks at the same moment one goes on.
const GO_ON: &str = "UPDATE continuations SET over = 1 \
     WHERE id = $1 AND phone = $2 AND confirmed_at IS NOT NULL AND over = 0 AND until_at > $3 \
     RETURNING token, key_id, sealed";
const WIPE: &str = "UPDATE continuations SET sealed = $2 WHERE id = $1";

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, device, until_at, phone, confirmed_at, over FROM continuations WHERE ", $rest)
    };
}

const BY_TOKEN: &str = select!("token = $1");
const OF_DEVICE: &str = select!("id = $1 AND device = $2");

row! {
    struct Row {
        id: i64,
        device: String,
        until_at: i64,
        phone: Option<Vec<u8>>,
        confirmed_at: Option<i64>,
        over: i64,
    }
}

/// A page as it is sealed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Home,
    Procedure { code: String, number: Option<NonZeroU32> },
    Procedures { words: String },
    Ticket { code: String },
}

impl Written {
    fn of(page: &ContinuedPage) -> Self {
        match page {
            ContinuedPage::Home => Self::Home,
            ContinuedPage::Procedure { code, case } => {
                Self::Procedure { code: code.as_str().to_owned(), number: *case }
            }
            ContinuedPage::Procedures(words) => Self::Procedures { words: words.as_str().to_owned() },
            ContinuedPage::Ticket(code) => Self::Ticket { code: code.as_str().to_owned() },
        }
    }

    fn read(self) -> Option<ContinuedPage> {
        Some(match self {
            Self::Home => ContinuedPage::Home,
            // One that an earlier version wrote has words in place of the number: the
            // phone sees all cases.
            Self::Procedure { code, number } => {
                ContinuedPage::Procedure { code: ProcedureCode::parse(&code).ok()?, case: number }
            }
            Self::Procedures { words } => ContinuedPage::Procedures(SearchWords::parse(&words)?),
            Self::Ticket { code } => ContinuedPage::Ticket(TicketCode::parse(&code)?),
        })
    }
}

/// [`Continuations`] on the store's database.
pub struct SealedContinuations {
    store: Store,
    seal: Seal,
}

impl Store {
    /// Continuations. Only who has the same `key` can read their pages;
    /// `randomness` must be fit for nonces.
    pub fn continuations(&self, key: &HashKey, randomness: Arc<dyn Randomness>) -> SealedContinuations {
        SealedContinuations { store: self.clone(), seal: Seal::new(key, CONTEXT, randomness) }
    }
}

#[async_trait]
impl Continuations for SealedContinuations {
    async fn begin_continuation(&self, new: NewContinuation) -> Result<ContinuationId, StoreError> {
        let plain = serde_json::to_vec(&Written::of(&new.page));
        let plain = plain.map_err(|_| StoreError("a continuation cannot be written".into()))?;
        let sealed = self.seal.seal(&new.token.0, &plain)?;
        let device = Bind::Text(new.device.as_str());
        let row = [
            device,
            Bind::Bytes(&new.token.0),
            Bind::Text(self.seal.key_id()),
            Bind::Bytes(&sealed),
            Bind::Int(to_micros(new.at)),
            Bind::Int(to_micros(new.until)),
            Bind::Int(i64::from(new.tries)),
        ];
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                if link.is_postgres() {
                    link.run(TAKE_DEVICE, &[device]).await?;
                }
                link.run(REPLACE, &[device, Bind::Bytes(&[])]).await?;
                let made: Vec<(i64,)> = link.rows(BEGIN, &row).await?;
                link.commit().await?;
                Ok(ContinuationId(made.first().map_or(0, |(id,)| *id)))
            })
            .await
    }

    async fn continuation(&self, token: KeyedHash) -> Result<Option<PhoneContinuation>, StoreError> {
        let rows: Vec<Row> = self.store.read_rows(BY_TOKEN, &[Bind::Bytes(&token.0)]).await?;
        rows.first().map(continuation_of).transpose()
    }

    async fn continuation_of(
        &self,
        device: &DeviceId,
        id: ContinuationId,
    ) -> Result<Option<PhoneContinuation>, StoreError> {
        let rows: Vec<Row> = self.store.read_rows(OF_DEVICE, &[Bind::Int(id.0), Bind::Text(device.as_str())]).await?;
        rows.first().map(continuation_of).transpose()
    }

    async fn bind_phone(
        &self,
        id: ContinuationId,
        phone: KeyedHash,
        code: KeyedHash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let bound = on_pool!(write self.store, pool => async {
            let query = sqlx::query(BIND).bind(id.0).bind(&phone.0[..]).bind(&code.0[..]).bind(to_micros(now));
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(bound == 1)
    }

    async fn match_code(
        &self,
        device: &DeviceId,
        id: ContinuationId,
        code: KeyedHash,
        now: Timestamp,
    ) -> Result<Matched, StoreError> {
        let (id, device, at) = (Bind::Int(id.0), Bind::Text(device.as_str()), Bind::Int(to_micros(now)));
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let tried: Vec<(Vec<u8>, i64)> = link.rows(TRY, &[id, device, at]).await?;
                let matched = match tried.first() {
                    // Both are hashes under the house's key: how many of their bytes
                    // agree tells nothing that could be tried out.
                    Some((kept, _)) if kept == &code.0[..] => {
                        link.run(CONFIRM, &[id, at]).await?;
                        Matched::Right
                    }
                    Some((_, left)) => {
                        if *left == 0 {
                            link.run(MISTYPED, &[id, Bind::Bytes(&[])]).await?;
                        }
                        Matched::Wrong(u32::try_from(*left).unwrap_or_default())
                    }
                    None => {
                        let before: Vec<(i64,)> = link.rows(BEFORE, &[id, device, Bind::Bytes(&code.0)]).await?;
                        if before.is_empty() { Matched::NotAsked } else { Matched::Right }
                    }
                };
                link.commit().await?;
                Ok(matched)
            })
            .await
    }

    async fn go_on(
        &self,
        id: ContinuationId,
        phone: KeyedHash,
        now: Timestamp,
    ) -> Result<Option<ContinuedPage>, StoreError> {
        let id = Bind::Int(id.0);
        let found: Option<(Vec<u8>, String, Vec<u8>)> = self
            .store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let gone = link.rows(GO_ON, &[id, Bind::Bytes(&phone.0), Bind::Int(to_micros(now))]).await?;
                link.run(WIPE, &[id, Bind::Bytes(&[])]).await?;
                // Whoever comes second has found nothing, and wipes nothing.
                if gone.is_empty() {
                    link.rollback().await?;
                } else {
                    link.commit().await?;
                }
                Ok(gone.into_iter().next())
            })
            .await?;
        let Some((token, key_id, sealed)) = found else { return Ok(None) };
        let page = self.seal.open(&token, &key_id, &sealed).ok();
        let page = page.and_then(|plain| serde_json::from_slice::<Written>(&plain).ok()).and_then(Written::read);
        page.map(Some).ok_or_else(|| unreadable("a continuation"))
    }
}

fn continuation_of(row: &Row) -> Result<PhoneContinuation, StoreError> {
    let unread = || unreadable("a continuation");
    let phone = row.phone.as_deref().map(|phone| phone.try_into().map(KeyedHash)).transpose().map_err(|_| unread())?;
    Ok(PhoneContinuation {
        id: ContinuationId(row.id),
        device: DeviceId::parse(&row.device).ok_or_else(unread)?,
        until: from_micros(row.until_at)?,
        phone,
        confirmed: row.confirmed_at.is_some(),
        gone: row.over == over::GONE,
        mistyped: row.over == over::MISTYPED,
        replaced: row.over == over::REPLACED,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_an_earlier_version_leads_to_all_cases() {
        let code = ProcedureCode::parse("1.001193").unwrap();
        let before = r#"{"procedure":{"code":"1.001193","case":"Trường hợp ủy quyền"}}"#;
        let page = serde_json::from_str::<Written>(before).unwrap().read();
        assert_eq!(page, Some(ContinuedPage::Procedure { code, case: None }));
    }
}
