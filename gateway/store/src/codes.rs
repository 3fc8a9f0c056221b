use async_trait::async_trait;
use gateway_core::ports::{Codes, KeyedHash, NewCode, StoreError};
use jiff::Timestamp;

use crate::bulk::{Bind, Link};
use crate::store::Store;
use crate::time::to_micros;

/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// No dossier's hash: its row is written where there is no code, so that a try
/// takes as long for a dossier without a code as for one with.
const NOBODY: [u8; 16] = [0; 16];

/// Takes the code's row, which makes others of the same dossier wait until
/// this transaction ends.
const TAKE: &str = "INSERT INTO codes (dossier, code, until_at, tries) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (dossier) DO UPDATE \
        SET code = excluded.code, until_at = excluded.until_at, tries = excluded.tries";
/// Makes others of the same phone, for whatever dossier, wait until this
/// transaction ends. SQLite writes one transaction at a time.
const TAKE_PHONE: &str = "SELECT pg_advisory_xact_lock($1)";
/// One more, where the pause is over and neither the dossier's nor the phone's
/// number for the day is reached.
const ISSUE: &str = "INSERT INTO code_issues (dossier, phone, at) SELECT $1, $2, $3 \
     WHERE (SELECT count(*) FROM code_issues WHERE dossier = $1 AND at > $4) < $5 \
       AND (SELECT count(*) FROM code_issues WHERE phone = $2 AND at > $4) < $6 \
       AND NOT EXISTS (SELECT 1 FROM code_issues WHERE dossier = $1 AND at > $7)";
/// Counted before it is compared, so that tries at once do not slip past.
const TRY: &str = "UPDATE codes SET tries = tries - 1 WHERE dossier = $1 AND tries > 0 AND until_at > $2 \
     RETURNING code";
const MISS: &str = "INSERT INTO codes (dossier, code, until_at, tries) VALUES ($1, $1, 0, 0) \
     ON CONFLICT (dossier) DO UPDATE SET tries = codes.tries + 1";
/// Once: of two right tries at the same moment one deletes it.
const SPEND: &str = "DELETE FROM codes WHERE dossier = $1 AND code = $2 AND tries >= 0";

/// The lock of a phone. Two that share one wait for each other, no more.
fn lock_of(phone: KeyedHash) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = phone.0;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[async_trait]
impl Codes for Store {
    async fn issue(&self, code: NewCode) -> Result<bool, StoreError> {
        let (dossier, at) = (&code.dossier.0[..], to_micros(code.at));
        let pause = i64::try_from(code.pause.as_micros()).unwrap_or(i64::MAX);
        self.within(async {
            let mut link = Link::begin(self).await?;
            let row = [
                Bind::Bytes(dossier),
                Bind::Bytes(&code.code.0),
                Bind::Int(to_micros(code.until)),
                Bind::Int(i64::from(code.tries)),
            ];
            link.run(TAKE, &row).await?;
            if link.is_postgres() {
                // Always after the dossier: nobody who has the phone waits.
                link.run(TAKE_PHONE, &[Bind::Int(lock_of(code.phone))]).await?;
            }
            let limits = [
                Bind::Bytes(dossier),
                Bind::Bytes(&code.phone.0),
                Bind::Int(at),
                Bind::Int(at.saturating_sub(DAY)),
                Bind::Int(i64::from(code.most_a_day)),
                Bind::Int(i64::from(code.most_a_day_phone)),
                Bind::Int(at.saturating_sub(pause)),
            ];
            let issued = link.run(ISSUE, &limits).await? == 1;
            if issued {
                link.commit().await?;
            } else {
                // The earlier code comes back.
                link.rollback().await?;
            }
            Ok(issued)
        })
        .await
    }

    async fn try_code(&self, dossier: KeyedHash, code: KeyedHash, at: Timestamp) -> Result<bool, StoreError> {
        self.within(async {
            let mut link = Link::begin(self).await?;
            let tried: Vec<(Vec<u8>,)> = link.rows(TRY, &[Bind::Bytes(&dossier.0), Bind::Int(to_micros(at))]).await?;
            let kept = tried.first().map(|(kept,)| kept.as_slice());
            if kept.is_none() {
                link.run(MISS, &[Bind::Bytes(&NOBODY)]).await?;
            }
            // Both are hashes under the house's key: how many of their bytes
            // agree tells nothing that could be tried out.
            let right = match kept {
                Some(kept) if kept == &code.0[..] => {
                    link.run(SPEND, &[Bind::Bytes(&dossier.0), Bind::Bytes(&code.0)]).await? == 1
                }
                _ => false,
            };
            link.commit().await?;
            Ok(right)
        })
        .await
    }
}
