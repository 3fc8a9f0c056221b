use gateway_core::domain::{Officer, SignedIn};
use gateway_core::ports::{KeyedHash, NewSession, Stage, StoreError};
use jiff::Timestamp;

use super::{Account, micros};
use crate::bulk::{Bind, Link, row};
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// A use is noted when the last one is so old: most requests write nothing.
const NOTED_EVERY: i64 = 60 * 1_000_000;

/// Takes the account's row, so that a change of its keys comes before or after.
const TAKE: &str = "UPDATE officers SET disabled = disabled WHERE id = $1 AND disabled = 0 AND epoch = $2";
const BEGIN: &str = "INSERT INTO officer_sessions (token, officer, stage, begun_at, seen_at, idle_us, until_at) \
     VALUES ($1, $2, $3, $4, $4, $5, $6)";
const END: &str = "DELETE FROM officer_sessions WHERE token = $1";
const END_OLDEST: &str = "DELETE FROM officer_sessions WHERE officer = $1 AND token NOT IN \
     (SELECT token FROM officer_sessions WHERE officer = $1 ORDER BY begun_at DESC, token LIMIT $2)";
const FIND: &str = "SELECT o.id, o.login, o.name, o.role, o.sites, o.disabled, o.second_factor, o.key_id, \
        o.password, o.epoch, o.created_at, s.begun_at, s.seen_at, s.until_at \
     FROM officer_sessions s JOIN officers o ON o.id = s.officer \
     WHERE s.token = $1 AND s.stage = $2 AND o.disabled = 0 AND s.until_at > $3 AND s.seen_at + s.idle_us > $3";
const NOTE: &str = "UPDATE officer_sessions SET seen_at = $2 WHERE token = $1 AND seen_at < $2";

row! {
    struct Begun {
        begun_at: i64,
        seen_at: i64,
        until_at: i64,
    }
}

/// A session's row with its account's.
struct Found {
    account: Account,
    begun: Begun,
}

impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for Found
where
    Account: sqlx::FromRow<'r, R>,
    Begun: sqlx::FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self { account: Account::from_row(row)?, begun: Begun::from_row(row)? })
    }
}

const fn number(stage: Stage) -> i64 {
    match stage {
        Stage::AwaitsCode => 0,
        Stage::SignedIn => 1,
    }
}

impl Store {
    pub(super) async fn begin_session(&self, session: &NewSession) -> Result<bool, StoreError> {
        let officer = Bind::Int(session.officer.0);
        self.within(async {
            let mut link = Link::begin(self).await?;
            if let Some(old) = session.replaces {
                link.run(END, &[Bind::Bytes(&old.0)]).await?;
            }
            let open = link.run(TAKE, &[officer, Bind::Int(session.epoch)]).await? == 1;
            if open {
                let row = [
                    Bind::Bytes(&session.token.0),
                    officer,
                    Bind::Int(number(session.stage)),
                    Bind::Int(to_micros(session.at)),
                    Bind::Int(micros(session.idle)),
                    Bind::Int(to_micros(session.until)),
                ];
                link.run(BEGIN, &row).await?;
                link.run(END_OLDEST, &[officer, Bind::Int(i64::from(session.most))]).await?;
            }
            link.commit().await?;
            Ok(open)
        })
        .await
    }

    pub(super) async fn officer_session(
        &self,
        token: KeyedHash,
        stage: Stage,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StoreError> {
        let now = to_micros(now);
        let found: Option<Found> = on_pool!(read self, pool => sqlx::query_as(FIND)
            .bind(&token.0[..])
            .bind(number(stage))
            .bind(now)
            .fetch_optional(pool))?;
        let Some(Found { account, begun }) = found else { return Ok(None) };
        if now - begun.seen_at >= NOTED_EVERY {
            on_pool!(write self, pool => async {
                sqlx::query(NOTE).bind(&token.0[..]).bind(now).execute(pool).await.map(drop)
            })?;
        }
        Ok(Some(SignedIn {
            officer: Officer::try_from(&account)?,
            session: token,
            since: from_micros(begun.begun_at)?,
            until: from_micros(begun.until_at)?,
        }))
    }

    pub(super) async fn end_session(&self, token: KeyedHash) -> Result<(), StoreError> {
        on_pool!(write self, pool => async {
            sqlx::query(END).bind(&token.0[..]).execute(pool).await.map(drop)
        })
    }
}
