use gateway_core::ports::StoreError;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::audit::WRITER_BITS;
use crate::config::Retention;
use crate::store::{Pools, Store, on_pool};
use crate::time::{to_day, to_micros};

/// Rows that one statement deletes. Between two statements other writers get
/// their turn, so a sweep of millions holds nobody up.
const ROWS_AT_ONCE: i64 = 2_000;

/// Deletes the oldest rows of a table, of which `$at` is before `$1`, `$2` at once.
macro_rules! old {
    ($table:literal, $key:literal, $at:literal) => {
        concat!(
            concat!("DELETE FROM ", $table, " WHERE (", $key, ") IN (SELECT ", $key, " FROM ", $table),
            concat!(" WHERE ", $at, " < $1 ORDER BY ", $at, " LIMIT $2)")
        )
    };
}

/// How many rows a sweep took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Audit rows.
    pub audit: u64,
    /// Ids of seen messages.
    pub messages: u64,
    /// Counts of tried proofs.
    pub proofs: u64,
    /// Phones with an owner.
    pub phone_owners: u64,
    /// Ended notices.
    pub notices: u64,
    /// Messages that came in.
    pub inbound: u64,
    /// Messages that went out.
    pub outbound: u64,
    /// Parts whose message was never taken.
    pub parts: u64,
    /// Rests of long answers.
    pub rests: u64,
    /// One-time codes and how many were sent.
    pub codes: u64,
    /// Receipts that found no message, where no mailbox has run since.
    pub held_receipts: u64,
    /// Who has proved what.
    pub proven: u64,
    /// Subscriptions that ended by themselves.
    pub subscriptions: u64,
    /// Wishes that hold no more.
    pub wishes: u64,
    /// Counts of notices in a day.
    pub notice_counts: u64,
    /// Links that ended by themselves, offers of links and how many codes were
    /// sent for them.
    pub links: u64,
    /// Conversations that are remembered no more.
    pub conversations: u64,
    /// Lines of transcripts, hand-overs and wishes to be called back.
    pub chats: u64,
    /// Texts that were not understood, and proposals that are over.
    pub learning: u64,
    /// What officers did.
    pub officer_acts: u64,
    /// Tickets of queues, and the counts of their days.
    pub queue: u64,
    /// Officers' sessions that have ended.
    pub officer_sessions: u64,
    /// Codes of terminals that are over, nonces that no clock lets in, old calls
    /// for an officer, and ranges of serials that terminals had.
    pub devices: u64,
    /// Pages that went on on a phone, or did not.
    pub continuations: u64,
    /// Words of ratings that are not for the portal, and old ratings.
    pub ratings: u64,
    /// Failures to sign in that count no more.
    pub officer_tries: u64,
}

/// Failures are forgotten after a week at the most, and no pause is longer.
const TRIES_DAYS: u32 = 8;

/// How many called, and how soon somebody came, is of interest for a month.
const CALLS_DAYS: u32 = 30;

/// A range that a terminal has no more counts on its last day; an operator may ask
/// about the last week.
const RANGES_DAYS: u32 = 7;

/// Whoever comes to a continuation a little late is told what it was.
const CONTINUATIONS_DAYS: u32 = 1;

/// The figures of ratings are for yearly reports.
const RATINGS_DAYS: u32 = 366;

/// A table whose ids are a writer's number and a serial.
struct ByIds {
    first_from: &'static str,
    last_of_batch: &'static str,
    delete: &'static str,
}

macro_rules! by_ids {
    ($table:literal, $at:literal) => {
        ByIds {
            first_from: concat!("SELECT min(id) FROM ", $table, " WHERE id >= $1"),
            last_of_batch: concat!(
                "SELECT max(id) FROM (SELECT id FROM ",
                $table,
                " WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3) AS batch"
            ),
            delete: concat!("DELETE FROM ", $table, " WHERE id >= $1 AND id <= $2 AND ", $at, " < $3"),
        }
    };
}

static AUDIT: ByIds = by_ids!("audit", "at");
static INBOX: ByIds = by_ids!("inbox", "received_at");
static OUTBOX: ByIds = by_ids!("outbox", "queued_at");

impl Store {
    /// Deletes what is older than the configured retention allows, as of
    /// `now`. To be called once a day or so, on any number of nodes.
    ///
    /// # Errors
    /// The database failed; what was deleted stays deleted, and the next
    /// sweep goes on from there.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, StoreError> {
        let Retention {
            audit_days,
            messages_days,
            proofs_days,
            phone_owners_days,
            notices_days,
            inbound_days,
            outbound_days,
            receipts_days,
            codes_days,
            preferences_days,
            notice_counts_days,
            officer_acts_days,
            queue_days,
        } = self.config.retention;
        let ended = to_micros(now);
        let before = |days: u32| to_micros(days_before(now, days));
        // A day's counts go once that day is over by so many days; UTC is a
        // few hours behind the province, on the safe side.
        let before_day = |days: u32| to_day(TimeZone::UTC.to_datetime(days_before(now, days)).date());
        self.end_unknown(before(receipts_days), ended).await?;
        let swept = Swept {
            audit: self.delete_by_ids(&AUDIT, before(audit_days)).await?,
            inbound: self.delete_by_ids(&INBOX, before(inbound_days)).await?,
            outbound: self.delete_by_ids(&OUTBOX, before(outbound_days)).await?,
            parts: self
                .delete_in_batches(
                    "DELETE FROM inbound_parts WHERE (part_set, sequence) IN \
                     (SELECT part_set, sequence FROM inbound_parts WHERE received_at < $1 LIMIT $2)",
                    before(inbound_days),
                )
                .await?,
            rests: self.delete_in_batches(old!("rests", "owner", "until_at"), ended).await?,
            codes: self.delete_in_batches(old!("codes", "dossier", "until_at"), ended).await?
                + self.delete_in_batches(old!("code_issues", "id", "at"), before(codes_days)).await?,
            held_receipts: self
                .delete_in_batches(
                    "DELETE FROM held_receipts WHERE id IN \
                     (SELECT id FROM held_receipts WHERE at < $1 ORDER BY id LIMIT $2)",
                    before(1),
                )
                .await?,
            proven: self.delete_in_batches(old!("proven", "sender, dossier", "until_at"), ended).await?,
            subscriptions: self.delete_in_batches(old!("subscriptions", "id", "until_at"), ended).await?,
            // A refusal that holds is kept, however old: oldest first, so that
            // none loses what replaced it before it goes itself.
            wishes: self
                .delete_in_batches(
                    "DELETE FROM contact_wishes WHERE id IN \
                     (SELECT id FROM contact_wishes w WHERE at < $1 AND (refused = 0 OR EXISTS \
                        (SELECT 1 FROM contact_wishes newer WHERE newer.phone = w.phone \
                            AND newer.category IN (w.category, '') AND newer.id > w.id)) ORDER BY id LIMIT $2)",
                    before(preferences_days),
                )
                .await?,
            notice_counts: self
                .delete_in_batches(old!("notice_counts", "phone, day", "day"), before_day(notice_counts_days))
                .await?,
            links: self.delete_in_batches(old!("links", "account", "until_at"), ended).await?
                + self.delete_in_batches(old!("link_offers", "account", "until_at"), ended).await?
                + self.delete_in_batches(old!("link_issues", "id", "at"), before(codes_days)).await?,
            // They end by themselves, so there is no setting.
            conversations: self.delete_in_batches(old!("conversations", "conversation", "until_at"), ended).await?,
            chats: self.delete_in_batches(old!("transcript_lines", "id", "until_at"), ended).await?
                + self.delete_in_batches(old!("handovers", "id", "until_at"), ended).await?
                + self.delete_in_batches(old!("callbacks", "id", "until_at"), ended).await?,
            learning: self.delete_in_batches(old!("misses", "id", "until_at"), ended).await?
                + self.delete_in_batches(old!("proposals", "id", "until_at"), ended).await?,
            officer_acts: self.delete_in_batches(old!("officer_acts", "id", "at"), before(officer_acts_days)).await?,
            queue: self.delete_in_batches(old!("queue_tickets", "id", "day"), before_day(queue_days)).await?
                + self
                    .delete_in_batches(old!("queue_numbers", "site, day, service", "day"), before_day(queue_days))
                    .await?
                + self
                    .delete_in_batches(old!("queue_counters", "site, day, counter", "day"), before_day(queue_days))
                    .await?,
            officer_sessions: self.delete_in_batches(old!("officer_sessions", "token", "until_at"), ended).await?,
            devices: self.delete_in_batches(old!("enrolments", "code", "until_at"), ended).await?
                + self.delete_in_batches(old!("device_nonces", "device, nonce", "until_at"), ended).await?
                + self.delete_in_batches(old!("kiosk_calls", "id", "until_at"), before(CALLS_DAYS)).await?
                + self
                    .delete_in_batches(
                        old!("device_ranges", "device, first_serial, last_serial", "until_day"),
                        before_day(RANGES_DAYS),
                    )
                    .await?,
            continuations: self
                .delete_in_batches(old!("continuations", "id", "until_at"), before(CONTINUATIONS_DAYS))
                .await?,
            ratings: self
                .delete_in_batches(
                    "UPDATE ratings SET sealed = substr(sealed, 1, 0) WHERE id IN \
                     (SELECT id FROM ratings WHERE state = 5 AND until_at < $1 AND length(sealed) > 0 LIMIT $2)",
                    ended,
                )
                .await?
                + self.delete_in_batches(old!("ratings", "id", "at"), before(RATINGS_DAYS)).await?,
            officer_tries: self.delete_in_batches(old!("officer_tries", "who", "last_at"), before(TRIES_DAYS)).await?,
            messages: self.delete_in_batches(old!("seen_messages", "message", "at"), before(messages_days)).await?,
            proofs: self
                .delete_in_batches(old!("proof_attempts", "dossier, day", "day"), before_day(proofs_days))
                .await?,
            phone_owners: self
                .delete_in_batches(old!("phone_owners", "phone, owner", "seen_at"), before(phone_owners_days))
                .await?,
            notices: self.delete_in_batches(old!("notices", "id", "until_at"), before(notices_days)).await?,
        };
        self.forget_nodes().await?;
        self.empty_wal().await?;
        Ok(swept)
    }

    /// A message whose receipt never came ends as of unknown end: its recipient
    /// is needed no more. The update goes by the partial indexes of those
    /// states, so it is quick where there is little.
    async fn end_unknown(&self, before: i64, now: i64) -> Result<(), StoreError> {
        let accepted = "UPDATE outbox SET state = 7, recipient = '', final_at = $3 WHERE id IN \
                        (SELECT id FROM outbox WHERE state = 2 AND valid_until < $1 LIMIT $2)";
        let uncertain = "UPDATE outbox SET state = 7, recipient = '', final_at = $3 WHERE id IN \
                         (SELECT id FROM outbox WHERE state = 3 AND valid_until < $1 LIMIT $2)";
        // Nobody serves the road any more: too late, in words and number.
        let queued = "UPDATE outbox SET state = 6, recipient = '', text = '', final_at = $3 WHERE id IN \
                      (SELECT id FROM outbox WHERE state = 0 AND node IS NULL AND valid_until < $1 LIMIT $2)";
        for sql in [accepted, uncertain, queued] {
            loop {
                let rows = on_pool!(write self, pool => async {
                    let query = sqlx::query(sql).bind(before).bind(ROWS_AT_ONCE).bind(now);
                    query.execute(pool).await.map(|done| done.rows_affected())
                })?;
                if rows < ROWS_AT_ONCE.unsigned_abs() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Numbers of nodes that died long ago, by this node's clock: they are not
    /// given again.
    async fn forget_nodes(&self) -> Result<(), StoreError> {
        let before = to_micros(days_before(self.clock.now(), 1));
        on_pool!(write self, pool => async {
            sqlx::query("DELETE FROM nodes WHERE seen_at < $1").bind(before).execute(pool).await.map(drop)
        })
    }

    /// What was wiped from SQLite's file still stands in its log, until that is
    /// written over or cut.
    async fn empty_wal(&self) -> Result<(), StoreError> {
        let Pools::Sqlite { writer, .. } = &self.pools else { return Ok(()) };
        // Where a reader is at work it comes to nothing; the next sweep will.
        self.within(async { sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await.map(drop) }).await
    }

    /// These tables have no index by time: their ids tell it nearly. Those of one
    /// writer rise with it, so each writer's rows are gone through from its
    /// first one until a batch has nothing old in it.
    async fn delete_by_ids(&self, table: &ByIds, before: i64) -> Result<u64, StoreError> {
        let ByIds { first_from, last_of_batch, delete } = *table;
        let mut deleted = 0;
        let mut from = i64::MIN;
        loop {
            let first: Option<i64> =
                on_pool!(read self, pool => sqlx::query_scalar(first_from).bind(from).fetch_one(pool))?;
            let Some(mut place) = first else { return Ok(deleted) };
            let next_writer = ((place >> WRITER_BITS) + 1) << WRITER_BITS;
            loop {
                let last: Option<i64> = on_pool!(read self, pool => sqlx::query_scalar(last_of_batch)
                    .bind(place)
                    .bind(next_writer)
                    .bind(ROWS_AT_ONCE)
                    .fetch_one(pool))?;
                let Some(last) = last else { break };
                let rows = on_pool!(write self, pool => async {
                    let query = sqlx::query(delete).bind(place).bind(last).bind(before);
                    query.execute(pool).await.map(|done| done.rows_affected())
                })?;
                deleted += rows;
                if rows == 0 {
                    break;
                }
                place = last + 1;
                tokio::task::yield_now().await;
            }
            from = next_writer;
        }
    }

    async fn delete_in_batches(&self, sql: &'static str, before: i64) -> Result<u64, StoreError> {
        let mut deleted = 0;
        loop {
            let rows = on_pool!(write self, pool => async {
                let query = sqlx::query(sql).bind(before).bind(ROWS_AT_ONCE);
                query.execute(pool).await.map(|done| done.rows_affected())
            })?;
            deleted += rows;
            // Fewer than a full batch: only what another node's sweep, at
            // work on the same rows, may have left.
            if rows < ROWS_AT_ONCE.unsigned_abs() {
                return Ok(deleted);
            }
            tokio::task::yield_now().await;
        }
    }
}

fn days_before(now: Timestamp, days: u32) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}
