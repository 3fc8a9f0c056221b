use gateway_core::ports::{KeyedHash, StoreError, Tried, Trying};
use jiff::{SignedDuration, Timestamp};

use crate::bulk::{Bind, Link, row};
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

row! {
    struct Failures {
        failures: i64,
        last_at: i64,
        locked_until: i64,
    }
}

/// Takes the row, which makes others of the same login or network wait until
/// this transaction ends.
const TAKE: &str = "INSERT INTO officer_tries (who, failures, last_at, locked_until) VALUES ($1, 0, $2, 0) \
     ON CONFLICT (who) DO UPDATE SET who = excluded.who RETURNING failures, last_at, locked_until";
const COUNT: &str = "UPDATE officer_tries SET failures = $2, last_at = $3, locked_until = $4 WHERE who = $1";
/// The pause goes too where no later try has set it.
const FORGIVE: &str = "UPDATE officer_tries SET failures = failures - 1, \
     locked_until = CASE WHEN last_at = $2 THEN 0 ELSE locked_until END WHERE who = $1 AND failures > 0";
const FORGET: &str = "DELETE FROM officer_tries WHERE who = $1";

impl Store {
    pub(super) async fn begin_try(&self, of: &[Trying], at: Timestamp) -> Result<Tried, StoreError> {
        let now = to_micros(at);
        let locked = self
            .within(async {
                let mut link = Link::begin(self).await?;
                let mut locked = None;
                for Trying { who, rule } in in_order(of) {
                    let rows: Vec<Failures> = link.rows(TAKE, &[Bind::Bytes(&who.0), Bind::Int(now)]).await?;
                    let Some(row) = rows.first() else { continue };
                    if row.locked_until > now {
                        locked = locked.max(Some(row.locked_until));
                        continue;
                    }
                    let last = Timestamp::from_microsecond(row.last_at).unwrap_or(at);
                    let before = u32::try_from(row.failures).unwrap_or(u32::MAX);
                    let failures = rule.standing(before, last, at).saturating_add(1);
                    let pause = SignedDuration::try_from(rule.pause(failures)).unwrap_or(SignedDuration::MAX);
                    let until = at.checked_add(pause).unwrap_or(Timestamp::MAX);
                    let counted = [
                        Bind::Bytes(&who.0),
                        Bind::Int(i64::from(failures)),
                        Bind::Int(now),
                        Bind::Int(to_micros(until)),
                    ];
                    link.run(COUNT, &counted).await?;
                }
                // Where one is within its pause, nothing counts against the others.
                match locked {
                    Some(_) => link.rollback().await?,
                    None => link.commit().await?,
                }
                Ok(locked)
            })
            .await?;
        Ok(match locked {
            Some(until) => Tried::Locked { until: from_micros(until)? },
            None => Tried::Counted,
        })
    }

    pub(super) async fn forgive_try(&self, of: &[Trying], at: Timestamp) -> Result<(), StoreError> {
        self.within(async {
            let mut link = Link::begin(self).await?;
            for Trying { who, .. } in in_order(of) {
                link.run(FORGIVE, &[Bind::Bytes(&who.0), Bind::Int(to_micros(at))]).await?;
            }
            link.commit().await
        })
        .await
    }

    pub(super) async fn forget_tries(&self, who: KeyedHash) -> Result<(), StoreError> {
        on_pool!(write self, pool => async {
            sqlx::query(FORGET).bind(&who.0[..]).execute(pool).await.map(drop)
        })
    }
}

/// Always in the same order, so that two tries never wait for each other.
fn in_order(of: &[Trying]) -> Vec<Trying> {
    let mut of = of.to_vec();
    of.sort_unstable_by_key(|trying| trying.who);
    of
}
