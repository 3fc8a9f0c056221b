//! Officers' accounts: what opens them, who is signed in, and what they did.

mod acts;
mod sessions;
mod tries;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::domain::{Login, Officer, OfficerId, OfficerName, OfficerRole, SignedIn, Sites};
use gateway_core::ports::{
    HashKey, KeyedHash, Keys, NewOfficer, NewSession, OfficerChange, Officers, Randomness, SecondFactor, Stage,
    StoreError, Tried, Trying,
};
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::seal::Seal;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// What the key is for, and of which form the rows are.
const CONTEXT: &str = "dakenh 2026 officers' second factors, XChaCha20-Poly1305 of the bytes";

/// The accounts, with the key that opens the secrets of second factors.
#[derive(Clone)]
pub struct OfficerAccounts {
    store: Store,
    seal: Arc<Seal>,
}

impl Store {
    /// Officers' accounts. Only who has the same `key` can read the second
    /// factors; `randomness` must be fit for nonces.
    pub fn officers(&self, key: &HashKey, randomness: Arc<dyn Randomness>) -> OfficerAccounts {
        OfficerAccounts { store: self.clone(), seal: Arc::new(Seal::new(key, CONTEXT, randomness)) }
    }
}

row! {
    struct Account {
        id: i64,
        login: String,
        name: String,
        role: String,
        sites: String,
        disabled: i64,
        second_factor: Option<Vec<u8>>,
        key_id: String,
        password: String,
        epoch: i64,
        created_at: i64,
    }
}

impl TryFrom<&Account> for Officer {
    type Error = StoreError;

    fn try_from(row: &Account) -> Result<Self, StoreError> {
        let unread = || unreadable("an officer's account");
        Ok(Self {
            id: OfficerId(row.id),
            login: Login::parse(&row.login).ok_or_else(unread)?,
            name: OfficerName::parse(&row.name).ok_or_else(unread)?,
            role: OfficerRole::from_key(&row.role).ok_or_else(unread)?,
            sites: Sites::parse(row.sites.split_ascii_whitespace()).ok_or_else(unread)?,
            disabled: row.disabled != 0,
            second_factor: row.second_factor.is_some(),
            created_at: from_micros(row.created_at)?,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, login, name, role, sites, disabled, second_factor, key_id, password, epoch, created_at \
             FROM officers ",
            $rest
        )
    };
}

const ADD: &str = "INSERT INTO officers \
     (login, name, role, sites, password, key_id, used_step, disabled, epoch, created_at, changed_at) \
     VALUES ($1, $2, $3, $4, $5, '', 0, 0, 1, $6, $6) ON CONFLICT (login) DO NOTHING RETURNING id";
/// Each changes one row, which makes whoever begins a session wait.
const DISABLE: &str = "UPDATE officers SET disabled = 1, epoch = epoch + 1, changed_at = $2 WHERE id = $1";
const ENABLE: &str = "UPDATE officers SET disabled = 0, changed_at = $2 WHERE id = $1";
const PASSWORD: &str = "UPDATE officers SET password = $3, epoch = epoch + 1, changed_at = $2 WHERE id = $1";
/// The step starts again: the new secret's codes are others.
const SECOND_FACTOR: &str = "UPDATE officers \
     SET second_factor = $3, key_id = $4, used_step = 0, epoch = epoch + 1, changed_at = $2 WHERE id = $1";
const NO_SECOND_FACTOR: &str = "UPDATE officers \
     SET second_factor = NULL, key_id = '', used_step = 0, epoch = epoch + 1, changed_at = $2 WHERE id = $1";
const ROLE: &str = "UPDATE officers SET role = $3, changed_at = $2 WHERE id = $1";
const SITES: &str = "UPDATE officers SET sites = $3, changed_at = $2 WHERE id = $1";
const END_ALL: &str = "DELETE FROM officer_sessions WHERE officer = $1";
const USE_STEP: &str = "UPDATE officers SET used_step = $2 WHERE id = $1 AND used_step < $2";

#[async_trait]
impl Officers for OfficerAccounts {
    async fn add(&self, new: NewOfficer) -> Result<Option<OfficerId>, StoreError> {
        let id: Option<i64> = on_pool!(write self.store, pool => sqlx::query_scalar(ADD)
            .bind(new.login.as_str())
            .bind(new.name.as_str())
            .bind(new.role.key())
            .bind(listed(&new.sites))
            .bind(&new.password_hash)
            .bind(to_micros(new.at))
            .fetch_optional(pool))?;
        Ok(id.map(OfficerId))
    }

    async fn find(&self, login: &Login) -> Result<Option<Officer>, StoreError> {
        let row: Option<Account> = on_pool!(read self.store, pool => sqlx::query_as(select!("WHERE login = $1"))
            .bind(login.as_str())
            .fetch_optional(pool))?;
        row.as_ref().map(Officer::try_from).transpose()
    }

    async fn list(&self) -> Result<Vec<Officer>, StoreError> {
        let rows: Vec<Account> =
            on_pool!(read self.store, pool => sqlx::query_as(select!("ORDER BY login")).fetch_all(pool))?;
        rows.iter().map(Officer::try_from).collect()
    }

    async fn keys(&self, login: &Login) -> Result<Option<Keys>, StoreError> {
        let row: Option<Account> = on_pool!(read self.store, pool => sqlx::query_as(select!("WHERE login = $1"))
            .bind(login.as_str())
            .fetch_optional(pool))?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Keys { officer: (&row).try_into()?, epoch: row.epoch, password_hash: row.password }))
    }

    async fn second_factor(&self, officer: OfficerId) -> Result<Option<SecondFactor>, StoreError> {
        let row: Option<Account> = on_pool!(read self.store, pool => sqlx::query_as(select!("WHERE id = $1"))
            .bind(officer.0)
            .fetch_optional(pool))?;
        let Some((sealed, row)) = row.and_then(|mut row| Some((row.second_factor.take()?, row))) else {
            return Ok(None);
        };
        let opened = self.seal.open(&place(officer), &row.key_id, &sealed);
        let secret = opened.map_err(|_| unreadable("an officer's second factor"))?;
        Ok(Some(SecondFactor { secret: Zeroizing::new(secret), epoch: row.epoch }))
    }

    async fn change(&self, officer: OfficerId, change: OfficerChange<'_>, at: Timestamp) -> Result<bool, StoreError> {
        let sealed = match &change {
            OfficerChange::SecondFactor(Some(secret)) => self.seal.seal(&place(officer), secret)?,
            _ => Vec::new(),
        };
        let sites = match &change {
            OfficerChange::Sites(sites) => listed(sites),
            _ => String::new(),
        };
        let (id, at) = (Bind::Int(officer.0), Bind::Int(to_micros(at)));
        let key_id = Bind::Text(self.seal.key_id());
        let (sql, values, ends) = match &change {
            OfficerChange::Disable => (DISABLE, vec![id, at], true),
            OfficerChange::Enable => (ENABLE, vec![id, at], false),
            OfficerChange::Password(hash) => (PASSWORD, vec![id, at, Bind::Text(hash)], true),
            OfficerChange::SecondFactor(Some(_)) => (SECOND_FACTOR, vec![id, at, Bind::Bytes(&sealed), key_id], true),
            OfficerChange::SecondFactor(None) => (NO_SECOND_FACTOR, vec![id, at], true),
            OfficerChange::Role(role) => (ROLE, vec![id, at, Bind::Text(role.key())], false),
            OfficerChange::Sites(_) => (SITES, vec![id, at, Bind::Text(&sites)], false),
        };
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let changed = link.run(sql, &values).await? == 1;
                if ends {
                    link.run(END_ALL, &[id]).await?;
                }
                link.commit().await?;
                Ok(changed)
            })
            .await
    }

    async fn use_step(&self, officer: OfficerId, step: i64) -> Result<bool, StoreError> {
        let changed = on_pool!(write self.store, pool => async {
            let query = sqlx::query(USE_STEP).bind(officer.0).bind(step);
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(changed == 1)
    }

    async fn begin_try(&self, of: &[Trying], at: Timestamp) -> Result<Tried, StoreError> {
        self.store.begin_try(of, at).await
    }

    async fn forgive_try(&self, of: &[Trying], at: Timestamp) -> Result<(), StoreError> {
        self.store.forgive_try(of, at).await
    }

    async fn forget_tries(&self, who: KeyedHash) -> Result<(), StoreError> {
        self.store.forget_tries(who).await
    }

    async fn begin_session(&self, session: NewSession) -> Result<bool, StoreError> {
        self.store.begin_session(&session).await
    }

    async fn session(&self, token: KeyedHash, stage: Stage, now: Timestamp) -> Result<Option<SignedIn>, StoreError> {
        self.store.officer_session(token, stage, now).await
    }

    async fn end_session(&self, token: KeyedHash) -> Result<(), StoreError> {
        self.store.end_session(token).await
    }

    async fn end_sessions(&self, officer: OfficerId) -> Result<u64, StoreError> {
        on_pool!(write self.store, pool => async {
            sqlx::query(END_ALL).bind(officer.0).execute(pool).await.map(|done| done.rows_affected())
        })
    }
}

/// A sealed secret opens for its account alone: whoever can write to the
/// database cannot give an account another one's second factor.
fn place(officer: OfficerId) -> [u8; 8] {
    officer.0.to_be_bytes()
}

fn listed(sites: &Sites) -> String {
    sites.codes().join(" ")
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
