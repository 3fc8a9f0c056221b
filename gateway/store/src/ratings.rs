//! Citizens' ratings on their way to the portal; what they wrote, and of which
//! dossier, sealed.

use std::sync::Arc;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::{Rated, Rating, RatingReason, RatingWords, Score};
use gateway_core::ports::{
    HashKey, KeptRating, NewRating, Randomness, RatingFate, RatingId, RatingToSend, Ratings, StoreError,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::seal::Seal;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// What the key is for, and of which form the rows are.
const CONTEXT: &str = "dakenh 2026 ratings, XChaCha20-Poly1305 of JSON";

/// The states of a row.
mod state {
    /// It waits for the portal.
    pub(super) const WAITING: i64 = 0;
    /// It is never for the portal: kept for the house's reports.
    pub(super) const OURS: i64 = 5;
}

const KEEP: &str = "INSERT INTO ratings \
     (place, kind, site, score, reasons, at, until_at, state, next_at, tries, key_id, sealed, once) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $6, 0, $9, $10, $11) \
     ON CONFLICT (once) WHERE once IS NOT NULL DO NOTHING RETURNING id";
/// A node that began it is gone: nobody knows.
const ABANDONED: &str = "UPDATE ratings SET state = 3, done_at = $1, sealed = $2 WHERE state = 1 AND lease_until <= $1";
/// Nobody could be reached in all that time.
const GIVEN_UP: &str = "UPDATE ratings SET state = 4, done_at = $1, sealed = $2 WHERE state = 0 AND until_at <= $1";
/// Of two nodes that begin the same one, the second finds it begun.
const BEGIN: &str = "UPDATE ratings SET state = 1, tries = tries + 1, lease_until = $2 WHERE state = 0 AND id IN \
     (SELECT id FROM ratings WHERE state = 0 AND next_at <= $1 ORDER BY next_at, id LIMIT $3) \
     RETURNING id, place, score, reasons, at, until_at, tries, key_id, sealed";
const LATER: &str = "UPDATE ratings SET state = 0, next_at = $3 WHERE id = $1 AND tries = $2 AND state = 1";
const END: &str = "UPDATE ratings SET state = $3, done_at = $4, sealed = $5 WHERE id = $1 AND tries = $2 AND state = 1";
const WAITING: &str =
    "SELECT (SELECT count(*) FROM ratings WHERE state = 0) + (SELECT count(*) FROM ratings WHERE state = 1)";
const UNCERTAIN: &str = "SELECT count(*) FROM ratings WHERE state = 3";

row! {
    struct Row {
        id: i64,
        place: Vec<u8>,
        score: i64,
        reasons: String,
        at: i64,
        until_at: i64,
        tries: i64,
        key_id: String,
        sealed: Vec<u8>,
    }
}

/// What is sealed.
#[derive(Default, Serialize, Deserialize)]
struct Private {
    /// The dossier's number, the counter, the ticket's code.
    which: CompactString,
    words: Option<String>,
}

/// [`Ratings`] on the store's database.
pub struct SealedRatings {
    store: Store,
    seal: Seal,
    randomness: Arc<dyn Randomness>,
}

impl Store {
    /// Ratings. Only who has the same `key` can read what they are of and what
    /// was written; `randomness` must be fit for nonces.
    pub fn ratings(&self, key: &HashKey, randomness: Arc<dyn Randomness>) -> SealedRatings {
        SealedRatings { store: self.clone(), seal: Seal::new(key, CONTEXT, Arc::clone(&randomness)), randomness }
    }
}

#[async_trait]
impl Ratings for SealedRatings {
    async fn keep_rating(&self, new: NewRating) -> Result<KeptRating, StoreError> {
        let NewRating { of, site, rating, until, once } = new;
        // Drawn before the row has its number: what is sealed opens here alone.
        let place = [self.randomness.next_u64().to_be_bytes(), self.randomness.next_u64().to_be_bytes()].concat();
        let words = rating.words.as_ref().map(|words| words.as_str().to_owned());
        let private = Private { which: of.which().into(), words };
        let plain = serde_json::to_vec(&private).map_err(|_| StoreError("a rating cannot be written".into()))?;
        let sealed = self.seal.seal(&place, &plain)?;
        let reasons: Vec<&str> = rating.reasons.iter().map(|reason| reason.key()).collect();
        let state = if matches!(of, Rated::Dossier(_)) { state::WAITING } else { state::OURS };
        let once = once.map(|once| once.0.to_vec());
        let id: Option<i64> = on_pool!(write self.store, pool => sqlx::query_scalar(KEEP)
            .bind(&place[..])
            .bind(of.kind())
            .bind(site.as_str())
            .bind(i64::from(rating.score.number()))
            .bind(reasons.join(" "))
            .bind(to_micros(rating.at))
            .bind(to_micros(until))
            .bind(state)
            .bind(self.seal.key_id().as_str())
            .bind(&sealed[..])
            .bind(once)
            .fetch_optional(pool))?;
        Ok(id.map_or(KeptRating::Known, |id| KeptRating::New(RatingId(id))))
    }

    async fn begin_ratings(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<RatingToSend>, StoreError> {
        let (at, nothing) = (Bind::Int(to_micros(now)), Bind::Bytes(&[]));
        let rows: Vec<Row> = self
            .store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                link.run(ABANDONED, &[at, nothing]).await?;
                link.run(GIVEN_UP, &[at, nothing]).await?;
                let begun = [at, Bind::Int(to_micros(lease)), Bind::Int(i64::from(limit))];
                let rows = link.rows(BEGIN, &begun).await?;
                link.commit().await?;
                Ok(rows)
            })
            .await?;
        let mut begun = Vec::with_capacity(rows.len());
        for row in rows {
            match self.opened(&row)? {
                Some(rating) => begun.push(rating),
                // Sealed under another key, or meddled with: nobody can send it.
                None => {
                    tracing::warn!(rating = row.id, "a rating does not open and is given up");
                    let tries = u32::try_from(row.tries).unwrap_or_default();
                    self.settle_rating(RatingId(row.id), tries, RatingFate::Refused, now).await?;
                }
            }
        }
        begun.sort_unstable_by_key(|rating| rating.id);
        Ok(begun)
    }

    async fn settle_rating(
        &self,
        id: RatingId,
        tries: u32,
        fate: RatingFate,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let end = match fate {
            RatingFate::Later(at) => {
                let rows = on_pool!(write self.store, pool => async {
                    let query = sqlx::query(LATER).bind(id.0).bind(i64::from(tries)).bind(to_micros(at));
                    query.execute(pool).await.map(|done| done.rows_affected())
                })?;
                return Ok(rows == 1);
            }
            RatingFate::Sent => 2_i64,
            RatingFate::Uncertain => 3,
            RatingFate::Refused => 4,
        };
        let rows = on_pool!(write self.store, pool => async {
            let query = sqlx::query(END).bind(id.0).bind(i64::from(tries)).bind(end);
            let query = query.bind(to_micros(now)).bind(&[][..] as &[u8]);
            query.execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    async fn ratings_waiting(&self) -> Result<(u64, u64), StoreError> {
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        let waiting: i64 = on_pool!(read self.store, pool => sqlx::query_scalar(WAITING).fetch_one(pool))?;
        let uncertain: i64 = on_pool!(read self.store, pool => sqlx::query_scalar(UNCERTAIN).fetch_one(pool))?;
        Ok((count(waiting), count(uncertain)))
    }
}

impl SealedRatings {
    fn opened(&self, row: &Row) -> Result<Option<RatingToSend>, StoreError> {
        let unread = || unreadable("a rating");
        let Some(private) = self.private(row) else { return Ok(None) };
        let words = match private.words.as_deref().map(RatingWords::parse) {
            None => None,
            Some(Ok(words)) => words,
            Some(Err(())) => return Err(unread()),
        };
        let reasons = row.reasons.split_ascii_whitespace().map(RatingReason::from_key);
        Ok(Some(RatingToSend {
            id: RatingId(row.id),
            tries: u32::try_from(row.tries).map_err(|_| unread())?,
            number: private.which,
            rating: Rating {
                score: u8::try_from(row.score).ok().and_then(Score::new).ok_or_else(unread)?,
                reasons: reasons.collect::<Option<_>>().ok_or_else(unread)?,
                words,
                at: from_micros(row.at)?,
            },
            until: from_micros(row.until_at)?,
        }))
    }

    fn private(&self, row: &Row) -> Option<Private> {
        let plain = self.seal.open(&row.place, &row.key_id, &row.sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}
