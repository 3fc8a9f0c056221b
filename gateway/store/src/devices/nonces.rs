//! Nonces of signed requests, many in one transaction: each costs a sync of the
//! disk alone, and next to nothing in company.

use std::collections::HashSet;

use compact_str::CompactString;
use gateway_core::ports::StoreError;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::bulk::{Bind, Bulk, Kind, Link, Rows};
use crate::failure::timed_out;
use crate::store::Store;
use crate::time::to_micros;

/// Requests that wait for the transaction before theirs; more wait outside.
const WAITING: usize = 1_024;

/// Nonces of one transaction.
const TOGETHER: usize = 512;

/// What a clock lets in no more is deleted so often.
const SWEPT_EVERY: SignedDuration = SignedDuration::from_secs(60);

static TAKE: Bulk = Bulk::new(
    &[("device", Kind::Text), ("nonce", Kind::Bytes), ("until_at", Kind::Int)],
    "INSERT INTO device_nonces (device, nonce, until_at) \
     SELECT v.device, v.nonce, v.until_at FROM v WHERE v.device IS NOT NULL \
     ON CONFLICT (device, nonce) DO NOTHING RETURNING device, nonce",
);
const SWEEP: &str = "DELETE FROM device_nonces WHERE until_at < $1";

struct Asked {
    device: CompactString,
    nonce: [u8; 16],
    until: i64,
    answer: oneshot::Sender<Result<bool, StoreError>>,
}

/// The way to the task that writes.
#[derive(Clone)]
pub(super) struct Nonces {
    store: Store,
    asked: mpsc::Sender<Asked>,
}

impl Nonces {
    pub(super) fn start(store: Store) -> Self {
        let (asked, questions) = mpsc::channel(WAITING);
        tokio::spawn(write(store.clone(), questions));
        Self { store, asked }
    }

    /// Whether it is the first time.
    pub(super) async fn take(&self, device: CompactString, nonce: [u8; 16], until: i64) -> Result<bool, StoreError> {
        // Twice the time of a call: the transaction before may be under way.
        let limit = self.store.config.call_timeout() * 2;
        let (answer, answered) = oneshot::channel();
        let gone = |_| StoreError("nobody writes nonces any more".into());
        let taken = async {
            let asked = Asked { device, nonce, until, answer };
            self.asked.send(asked).await.map_err(|_| StoreError("nobody writes nonces any more".into()))?;
            answered.await.map_err(gone)?
        };
        tokio::time::timeout(limit, taken).await.map_err(|_| timed_out(limit))?
    }
}

/// Writes all that waits, and meanwhile the next gather.
async fn write(store: Store, mut questions: mpsc::Receiver<Asked>) {
    let mut batch = Vec::with_capacity(TOGETHER);
    let mut swept_at = Timestamp::MIN;
    while questions.recv_many(&mut batch, TOGETHER).await > 0 {
        let now = store.clock.now();
        let sweeps = now.duration_since(swept_at) >= SWEPT_EVERY;
        match take_all(&store, &batch, sweeps.then_some(now)).await {
            Ok(mut new) => {
                swept_at = if sweeps { now } else { swept_at };
                for asked in batch.drain(..) {
                    // Of the same one twice in a batch the first is the first.
                    let first = new.remove(&(asked.device, asked.nonce));
                    // Nobody there: they gave up waiting.
                    drop(asked.answer.send(Ok(first)));
                }
            }
            Err(problem) => {
                for asked in batch.drain(..) {
                    drop(asked.answer.send(Err(problem.clone())));
                }
            }
        }
    }
}

/// Those of the batch that were new.
async fn take_all(
    store: &Store,
    batch: &[Asked],
    sweep: Option<Timestamp>,
) -> Result<HashSet<(CompactString, [u8; 16])>, StoreError> {
    let new: Vec<(String, Vec<u8>)> = store
        .within(async {
            let mut link = Link::begin(store).await?;
            if let Some(now) = sweep {
                link.run(SWEEP, &[Bind::Int(to_micros(now))]).await?;
            }
            let rows = Rows::new(batch.len())
                .texts(batch.iter().map(|asked| asked.device.as_str()))
                .bytes(batch.iter().map(|asked| asked.nonce.as_slice()))
                .ints(batch.iter().map(|asked| asked.until));
            let new = link.fetch(&TAKE, &rows).await?;
            link.commit().await?;
            Ok(new)
        })
        .await?;
    Ok(new
        .into_iter()
        .filter_map(|(device, nonce)| Some((CompactString::from(device), nonce.try_into().ok()?)))
        .collect())
}
