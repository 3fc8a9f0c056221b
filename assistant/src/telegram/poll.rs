//! Long polling: one node asks, and Telegram forgets updates only when they are
//! on disk.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::ports::{Clock, Leases};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::Value;
use teloxide_core::requests::Requester as _;

use super::api::{Api, Failure};
use super::receive::{Received, Receiver};
use super::update::KINDS;

/// Updates in one batch (Bot API, `getUpdates`).
const BATCH: u8 = 100;

/// An update that could not be stored so often, while at least so many others
/// that came after it could, is passed over: it is at fault, not the database.
const POISON_TRIES: u32 = 5;
const POISON_OTHERS: u32 = 3;

/// How long the end of the lease may take when the gateway stops.
const END_WITHIN: Duration = Duration::from_secs(1);

/// What polls.
pub(super) struct Poller {
    pub(super) api: Arc<Api>,
    pub(super) receiver: Receiver,
    pub(super) leases: Arc<dyn Leases>,
    pub(super) clock: Arc<dyn Clock>,
    /// The task's name: one bot has one poller.
    pub(super) task: String,
    /// This node.
    pub(super) holder: String,
    pub(super) poll: Duration,
    pub(super) lease: Duration,
}

/// Where the poller stands.
#[derive(Default)]
struct Place {
    /// The first update that is wanted: all before it are on disk. `None` at the
    /// start, where Telegram begins with the first that nobody confirmed.
    offset: Option<i64>,
    /// Whether a webhook that was set is surely gone.
    prepared: bool,
    failures: u32,
    /// The answer was too large: one at a time.
    singly: bool,
    /// Updates that could not be stored: how often, and how many others could
    /// since.
    failing: HashMap<i64, (u32, u32)>,
}

#[derive(Serialize)]
struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    limit: u8,
    timeout: u64,
    allowed_updates: [&'static str; 4],
}

impl Poller {
    /// Polls until the gateway stops, which it does at once: what was not
    /// confirmed comes again.
    pub(super) async fn run(self) {
        let mut place = Place::default();
        let polling = metrics::gauge!("telegram_polling");
        loop {
            let pause = tokio::select! {
                biased;
                () = self.api.stop().cancelled() => break,
                pause = self.round(&mut place) => pause,
            };
            polling.set(if place.prepared { 1.0 } else { 0.0 });
            if !pause.is_zero() && !self.api.wait(pause).await {
                break;
            }
        }
        polling.set(0.0);
        let ended = self.leases.end_lease(&self.task, &self.holder);
        if !matches!(tokio::time::timeout(END_WITHIN, ended).await, Ok(Ok(()))) {
            tracing::warn!("the lease of telegram's poller was not given back, another node takes it when it ends");
        }
    }

    /// One batch; how long to wait before the next.
    async fn round(&self, place: &mut Place) -> Duration {
        if !self.is_ours().await {
            // Whoever polls now confirms what it has: we begin anew.
            *place = Place::default();
            return self.lease / 6;
        }
        match self.batch(place).await {
            Ok(pause) => {
                if pause.is_zero() {
                    place.failures = 0;
                }
                pause
            }
            Err(failure) => {
                place.failures = place.failures.saturating_add(1);
                place.singly |= failure == Failure::TooLarge;
                self.api.tell("getUpdates", &failure, place.failures);
                failure.pause(self.api.pauses(), place.failures)
            }
        }
    }

    async fn is_ours(&self) -> bool {
        let now = self.clock.now();
        let span = SignedDuration::try_from(self.lease).unwrap_or(SignedDuration::ZERO);
        let Ok(until) = now.checked_add(span) else { return false };
        match self.leases.take_lease(&self.task, &self.holder, now, until).await {
            Ok(ours) => ours,
            Err(why) => {
                tracing::warn!(%why, "the lease of telegram's poller cannot be asked for");
                false
            }
        }
    }

    async fn batch(&self, place: &mut Place) -> Result<Duration, Failure> {
        if !place.prepared {
            // Telegram gives no updates to who has a webhook, and keeps what
            // waits for it.
            self.api.bot.delete_webhook().await.map_err(|error| Failure::of(&error))?;
            place.prepared = true;
        }
        let limit = if place.singly { 1 } else { BATCH };
        let asked = GetUpdates { offset: place.offset, limit, timeout: self.poll.as_secs(), allowed_updates: KINDS };
        let updates: Vec<Value> = self.api.call("getUpdates", &asked, self.poll).await?;
        place.singly = false;
        if updates.is_empty() {
            return Ok(Duration::ZERO);
        }
        Ok(self.commit(place, &updates).await)
    }

    /// Commits a batch; the offset moves where nothing of it must come again.
    async fn commit(&self, place: &mut Place, updates: &[Value]) -> Duration {
        let mut last = None;
        let mut failed: Vec<i64> = Vec::new();
        // What a citizen wrote after a message that is not on disk waits for
        // it, so that the order stays.
        let mut waiting: HashSet<CompactString> = HashSet::new();
        for update in updates {
            let Ok(heard) = self.receiver.read(update) else {
                metrics::counter!("telegram_updates_skipped_total", "why" => "malformed").increment(1);
                continue;
            };
            let id = heard.id;
            last = last.max(Some(id));
            if place.is_poison(id) {
                continue;
            }
            let from = heard.what.as_ref().ok().map(|arrived| arrived.from.clone());
            if from.as_ref().is_some_and(|from| waiting.contains(from)) {
                failed.push(id);
                continue;
            }
            match self.receiver.take(heard).await {
                Received::New => {
                    place.failing.remove(&id);
                    failed.iter().for_each(|id| place.failing.entry(*id).or_default().1 += 1);
                }
                Received::Known => {
                    place.failing.remove(&id);
                }
                Received::Again => {
                    place.failing.entry(id).or_default().0 += 1;
                    failed.push(id);
                    waiting.extend(from);
                }
            }
        }
        let Some(last) = last else {
            // Not one with a number: nothing can be confirmed.
            place.failures = place.failures.saturating_add(1);
            return self.api.pauses().after(place.failures);
        };
        if failed.is_empty() {
            place.pass(last);
            return Duration::ZERO;
        }
        metrics::counter!("telegram_batches_not_stored_total").increment(1);
        place.failures = place.failures.saturating_add(1);
        if place.failures == 1 {
            tracing::warn!("telegram updates not stored, they are asked for again");
        }
        self.api.pauses().after(place.failures)
    }
}

impl Place {
    fn is_poison(&self, id: i64) -> bool {
        self.failing.get(&id).is_some_and(|(tries, others)| *tries >= POISON_TRIES && *others >= POISON_OTHERS)
    }

    /// The batch is done: on disk, but for what is passed over.
    fn pass(&mut self, last: i64) {
        let poison = self.failing.keys().filter(|id| self.is_poison(**id)).count();
        if poison > 0 {
            metrics::counter!("telegram_updates_skipped_total", "why" => "poison")
                .increment(u64::try_from(poison).unwrap_or_default());
            tracing::error!(count = poison, "telegram updates could not be stored again and again and are passed over");
        }
        self.failing.clear();
        self.offset = Some(last.saturating_add(1));
    }
}
