use std::cmp::Reverse;
use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::domain::{Channel, Locale};
use gateway_core::ports::{Miss, MissKind, Misses, NewMiss, StoreError};
use jiff::Timestamp;
use metrics::Counter;
use tokio::sync::mpsc;

use super::{LearningRows, LearningRules, after};
use crate::bulk::{Bind, Link, row};
use crate::seal::Seal;
use crate::store::Store;
use crate::time::{from_micros, to_micros};

/// Misses in one transaction, at most.
const BATCH: usize = 64;

const INSERT: &str = "INSERT INTO misses (kind, channel, locale, text, key_id, at, until_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// Numbers rise without large gaps, so the newest remain.
const TRIM: &str = "DELETE FROM misses WHERE id <= (SELECT max(id) FROM misses) - $1";
const NEWEST: &str = "SELECT id, kind, channel, locale, text, key_id, at, until_at FROM misses \
     WHERE kind = $1 AND until_at > $2 ORDER BY id DESC LIMIT $3";
const FORGET: &str = "DELETE FROM misses WHERE id = $1";

row! {
    struct Row {
        id: i64,
        kind: String,
        channel: String,
        locale: String,
        text: Vec<u8>,
        key_id: String,
        at: i64,
        until_at: i64,
    }
}

/// Writes what waits, some together.
pub(super) struct Writer {
    store: Store,
    seal: Arc<Seal>,
    rules: LearningRules,
    waiting: mpsc::Receiver<NewMiss>,
    written: Counter,
    lost: Counter,
}

impl Writer {
    pub(super) fn new(store: Store, seal: Arc<Seal>, rules: LearningRules, waiting: mpsc::Receiver<NewMiss>) -> Self {
        let written = metrics::counter!("misses_written_total");
        let lost = metrics::counter!("misses_dropped_total", "cause" => "database");
        Self { store, seal, rules, waiting, written, lost }
    }

    pub(super) async fn run(mut self) {
        let mut failures = 0_u64;
        let mut batch = Vec::with_capacity(BATCH);
        while self.waiting.recv_many(&mut batch, BATCH).await > 0 {
            let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
            match self.write(&batch).await {
                Ok(()) => {
                    self.written.increment(count);
                    failures = 0;
                }
                // Nothing hangs on them: they are not worth keeping while the
                // database is away. Once for an outage, not once for each try.
                Err(error) => {
                    self.lost.increment(count);
                    failures += 1;
                    if failures == 1 {
                        tracing::warn!(%error, "misses cannot be written and are dropped");
                    }
                }
            }
            batch.clear();
        }
    }

    async fn write(&self, misses: &[NewMiss]) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(misses.len());
        for miss in misses {
            let (at, until_at) = (to_micros(miss.at), to_micros(after(miss.at, self.rules.keep_days)));
            let sealed = self.seal.seal(&place(miss.kind.key(), at, until_at), miss.text.as_bytes())?;
            rows.push((miss, sealed, at, until_at));
        }
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                for (miss, sealed, at, until_at) in &rows {
                    let values = [
                        Bind::Text(miss.kind.key()),
                        Bind::Text(miss.channel.key()),
                        Bind::Text(miss.locale.as_str()),
                        Bind::Bytes(sealed),
                        Bind::Text(self.seal.key_id()),
                        Bind::Int(*at),
                        Bind::Int(*until_at),
                    ];
                    link.run(INSERT, &values).await?;
                }
                link.run(TRIM, &[Bind::Int(i64::from(self.rules.most_misses))]).await?;
                link.commit().await
            })
            .await
    }
}

impl LearningRows {
    /// `None` where it was sealed under another key, was meddled with, or is of
    /// a kind that only a newer program knows.
    fn miss(&self, row: &Row) -> Option<Miss> {
        let text = self.seal.open(&place(&row.kind, row.at, row.until_at), &row.key_id, &row.text).ok()?;
        let miss = NewMiss {
            kind: MissKind::from_key(&row.kind)?,
            text: String::from_utf8(text).ok()?,
            channel: Channel::from_key(&row.channel)?,
            locale: Locale::parse(&row.locale)?,
            at: from_micros(row.at).ok()?,
        };
        Some(Miss { id: row.id, miss })
    }
}

#[async_trait]
impl Misses for LearningRows {
    fn record_miss(&self, miss: NewMiss) {
        let taken = self.queue.lock().as_ref().is_some_and(|queue| queue.try_send(miss).is_ok());
        if !taken {
            self.dropped.increment(1);
        }
    }

    async fn newest_misses(&self, kinds: &[MissKind], limit: usize, now: Timestamp) -> Result<Vec<Miss>, StoreError> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut all = Vec::new();
        for kind in kinds {
            let values = [Bind::Text(kind.key()), Bind::Int(to_micros(now)), Bind::Int(most)];
            let rows: Vec<Row> = self.store.read_rows(NEWEST, &values).await?;
            all.extend(rows.iter().filter_map(|row| self.miss(row)));
        }
        all.sort_unstable_by_key(|miss| Reverse(miss.id));
        all.truncate(limit);
        Ok(all)
    }

    async fn forget_misses(&self, ids: &[i64]) -> Result<u64, StoreError> {
        self.store
            .within(async {
                let mut link = Link::begin(&self.store).await?;
                let mut forgotten = 0;
                for id in ids {
                    forgotten += link.run(FORGET, &[Bind::Int(*id)]).await?;
                }
                link.commit().await?;
                Ok(forgotten)
            })
            .await
    }
}

/// A text opens as what it was written down as, and for no longer than it was
/// meant to be kept.
fn place(kind: &str, at: i64, until_at: i64) -> Vec<u8> {
    [b"miss".as_slice(), kind.as_bytes(), &at.to_be_bytes(), &until_at.to_be_bytes()].concat()
}
