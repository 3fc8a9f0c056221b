//! The read-through cache of public views.
//!
//! What a look-up gets depends on the age of what is remembered:
//!
//! ```text
//! 0 ─────── fresh ─────── revalidate ───────────────── stale ───▶ age
//!   served    served at once,      the portal is waited    as if never
//!             asked again behind   for; served as stale    heard of
//!             the citizen's back   only where it fails
//! ```

mod entry;
mod flights;
mod names;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::domain::{Dossier, DossierNumber, Knowledge, OwnerView, Procedure, ProcedureCode, Rating};
use gateway_core::ports::{Clock, Portal, PortalError, PortalFault, Randomness};
use jiff::Timestamp;
use metrics::{Counter, Gauge};
use quick_cache::sync::{Cache, DefaultLifecycle};
use tokio::time::timeout;

use entry::{KNOWN_ENTRY, Known, Refreshed, UNKNOWN_ENTRY, Unknown, Weigh};
use flights::{Flight, Flights};
use names::Names;

use crate::config::{CacheConfig, ConfigProblem};
use crate::stack::spread;

/// The service that a look-up stands for in an error.
const SERVICE: &str = "TraCuuHoSo";

type Hasher = ahash::RandomState;
type Found = Option<Knowledge<Arc<Dossier>>>;

/// A portal behind a memory. Only what anybody may see is remembered; a
/// private view passes through, and its public part is remembered on the way.
///
/// `Knowledge::stale` is true where the portal was asked and failed, never for
/// an older value that is merely being asked again. `Knowledge::as_of` always
/// tells the value's age.
///
/// Cheap to clone; clones share the memory.
pub struct CachedPortal<P> {
    shared: Arc<Shared<P>>,
}

impl<P> Clone for CachedPortal<P> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

struct Shared<P> {
    portal: P,
    config: CacheConfig,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    /// By the hash of the number: a key of its own for each would double what
    /// a number costs, and miss the processor's caches once more. That it is the right one is seen on the dossier itself.
    known: Cache<u64, Arc<Known>, Weigh, Hasher>,
    keys: Hasher,
    /// Numbers that the portal does not know, and those that it could not tell
    /// of a moment ago.
    unknown: Cache<DossierNumber, Unknown, Weigh, Hasher>,
    names: Names,
    flights: Flights<Result<Found, PortalError>>,
    figures: Figures,
}

struct Figures {
    fresh: Counter,
    revalidated: Counter,
    stale: Counter,
    miss: Counter,
    unknown: Counter,
    failed: Counter,
    bytes: Gauge,
    entries: Gauge,
}

impl Figures {
    fn new() -> Self {
        metrics::describe_counter!("portal_cache_total", "Look-ups by what the cache had for them");
        metrics::describe_gauge!("portal_cache_bytes", "Estimated size of what is remembered");
        metrics::describe_gauge!("portal_cache_entries", "Dossiers and unknown numbers that are remembered");
        let counter = |result: &'static str| metrics::counter!("portal_cache_total", "result" => result);
        Self {
            fresh: counter("hit"),
            revalidated: counter("revalidated"),
            stale: counter("stale"),
            miss: counter("miss"),
            unknown: counter("unknown"),
            failed: counter("failed"),
            bytes: metrics::gauge!("portal_cache_bytes"),
            entries: metrics::gauge!("portal_cache_entries"),
        }
    }
}

impl<P: Portal + 'static> CachedPortal<P> {
    /// A cache before `portal`. Install the metrics recorder first.
    ///
    /// # Errors
    /// A setting that cannot work.
    pub fn new(
        portal: P,
        config: &CacheConfig,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, ConfigProblem> {
        config.validate()?;
        // What is served is decided by the handed clock alone; what is too old
        // makes room when room is needed.
        let known = room(config.max_bytes, KNOWN_ENTRY);
        let unknown = room(config.unknown_max_bytes, UNKNOWN_ENTRY);
        Ok(Self {
            shared: Arc::new(Shared {
                portal,
                config: config.clone(),
                clock,
                randomness,
                known,
                keys: Hasher::new(),
                unknown,
                names: Names::default(),
                flights: Flights::default(),
                figures: Figures::new(),
            }),
        })
    }

    /// Puts a dossier into the memory as the portal's word of `as_of`: for
    /// warming and for benches. A newer value stays.
    pub fn insert(&self, dossier: Arc<Dossier>, as_of: Timestamp) {
        self.shared.remember(&Knowledge { value: dossier, as_of, stale: false });
    }

    /// What is remembered of a number and may be served without asking, on the
    /// path of a hit: no allocation, no future, and of locks one for reading.
    pub fn peek(&self, number: &DossierNumber) -> Option<Knowledge<Arc<Dossier>>> {
        let known = self.shared.known(number)?;
        known.is_fresh(self.shared.clock.now()).then(|| known.knowledge(false))
    }

    /// Known dossiers and unknown numbers that are remembered.
    pub fn len(&self) -> usize {
        self.shared.known.len() + self.shared.unknown.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The estimated size of what is remembered, in bytes.
    pub fn weight(&self) -> u64 {
        self.shared.known.weight() + self.shared.unknown.weight()
    }

    /// Sets the gauges of number and size; to be called before they are read,
    /// or every few seconds.
    pub fn report_size(&self) {
        self.shared.figures.bytes.set(self.weight() as f64);
        self.shared.figures.entries.set(self.len() as f64);
    }

    /// The portal behind.
    pub fn portal(&self) -> &P {
        &self.shared.portal
    }
}

impl<P: Portal + 'static> Shared<P> {
    /// What is remembered of a number, however old.
    fn known(&self, number: &DossierNumber) -> Option<Arc<Known>> {
        let known = self.known.get(&self.keys.hash_one(number))?;
        // Two numbers with one hash, of which the other one is remembered.
        (known.number() == number).then_some(known)
    }

    /// The slow path: there is nothing fresh.
    async fn look_up(
        self: &Arc<Self>,
        number: &DossierNumber,
        remembered: Option<Arc<Known>>,
        now: Timestamp,
        deadline: Timestamp,
    ) -> Result<Found, PortalError> {
        let Some(known) = remembered.filter(|known| known.age(now) < millis(self.config.stale_ms)) else {
            return self.without_memory(number, now, deadline).await;
        };
        // Asked and failed a moment ago: the same question again would only
        // cost the citizen time and the portal strength.
        if known.failed_lately(now) {
            self.figures.stale.increment(1);
            return Ok(Some(known.knowledge(true)));
        }
        if known.may_revalidate(now) {
            self.figures.revalidated.increment(1);
            if known.begin_refresh() {
                // Nobody waits for it; its task goes on by itself.
                let _ = self.load(number, Some(Arc::clone(&known)));
            }
            return Ok(Some(known.knowledge(known.has_failed())));
        }
        let flight = self.load(number, Some(Arc::clone(&known)));
        let patience = millis(self.config.patience_ms).min(until(now, deadline));
        match timeout(patience, flight.arrival()).await {
            Ok(Some(Ok(found))) => {
                self.figures.miss.increment(1);
                Ok(found)
            }
            Ok(Some(Err(_)) | None) | Err(_) => {
                self.figures.stale.increment(1);
                Ok(Some(known.knowledge(true)))
            }
        }
    }

    async fn without_memory(
        self: &Arc<Self>,
        number: &DossierNumber,
        now: Timestamp,
        deadline: Timestamp,
    ) -> Result<Found, PortalError> {
        let remembered = self.unknown.get(number).filter(|unknown| unknown.holds(now));
        let failed = remembered.as_ref().and_then(Unknown::error);
        if remembered.is_some() && failed.is_none() {
            self.figures.unknown.increment(1);
            return Ok(None);
        }
        let left = until(now, deadline);
        let fault = |fault| Err(PortalError { service: SERVICE, fault });
        if left.is_zero() {
            self.figures.miss.increment(1);
            return fault(PortalFault::NotCalled("no time is left before the deadline"));
        }
        // Asked and failed a moment ago: one number that the portal answers
        // badly must not be a way to wear it out, or the breaker.
        if let Some(error) = failed {
            self.figures.failed.increment(1);
            return Err(error);
        }
        self.figures.miss.increment(1);
        match timeout(left, self.load(number, None).arrival()).await {
            Ok(Some(found)) => found,
            Ok(None) => fault(PortalFault::Unreachable("the look-up was given up".into())),
            Err(_) => fault(PortalFault::TimedOut(left)),
        }
    }

    /// The load of a number that is under way, or a new one, in a task of its
    /// own: an asker that leaves does not take it along.
    ///
    /// Loads are bounded by those who ask: each ends when the portal's own
    /// limits let it through or turn it away, at the latest by `load_ms`.
    fn load(self: &Arc<Self>, number: &DossierNumber, old: Option<Arc<Known>>) -> Flight<Result<Found, PortalError>> {
        // Where the load is under way already this is dropped with the closure.
        let old = Refreshed(old);
        self.flights.join(number, move |landing| {
            let shared = Arc::clone(self);
            let number = number.clone();
            tokio::spawn(async move {
                let deadline = later(shared.clock.now(), shared.config.load_ms);
                let found = shared.portal.dossier(&number, deadline).await;
                shared.settle(&number, old.0.as_deref(), &found);
                drop(old);
                landing.land(found);
            });
        })
    }

    fn settle(&self, number: &DossierNumber, old: Option<&Known>, found: &Result<Found, PortalError>) {
        match found {
            Ok(Some(knowledge)) => self.remember(knowledge),
            Ok(None) => self.forget(number),
            // Without an older value the error goes to the asker, who handles
            // it. A call that was not made is told by the breaker's state.
            Err(error) if old.is_some() && !matches!(error.fault, PortalFault::NotCalled(_)) => {
                tracing::warn!(%error, "a dossier could not be asked for again");
            }
            Err(error) if old.is_none() && !matches!(error.fault, PortalFault::NotCalled(_)) => {
                let failed = Unknown::failed(self.clock.now(), self.failure_pause(), error.clone());
                self.unknown.insert(number.clone(), failed);
            }
            Err(_) => {}
        }
        if let Some(old) = old {
            let pause = self.failure_pause();
            old.end_refresh(found.is_ok(), self.clock.now(), pause);
        }
    }

    fn failure_pause(&self) -> Duration {
        spread(millis(self.config.failure_pause_ms), self.config.jitter, &*self.randomness)
    }

    fn remember(&self, knowledge: &Knowledge<Arc<Dossier>>) {
        let number = &knowledge.value.number;
        if self.known(number).is_some_and(|known| known.as_of() > knowledge.as_of) {
            return;
        }
        let fresh = spread(millis(self.config.fresh_ms), self.config.jitter, &*self.randomness);
        let known = Known::new(knowledge, fresh, millis(self.config.revalidate_ms), &self.names);
        self.unknown.remove(number);
        self.known.insert(self.keys.hash_one(number), Arc::new(known));
    }

    fn forget(&self, number: &DossierNumber) {
        if self.known(number).is_some() {
            self.known.remove(&self.keys.hash_one(number));
        }
        let span = spread(millis(self.config.unknown_ms), self.config.jitter, &*self.randomness);
        self.unknown.insert(number.clone(), Unknown::new(self.clock.now(), span));
    }
}

#[async_trait]
impl<P: Portal + 'static> Portal for CachedPortal<P> {
    async fn dossier(&self, number: &DossierNumber, deadline: Timestamp) -> Result<Found, PortalError> {
        let shared = &self.shared;
        let now = shared.clock.now();
        let remembered = shared.known(number);
        if let Some(known) = &remembered
            && known.is_fresh(now)
        {
            shared.figures.fresh.increment(1);
            return Ok(Some(known.knowledge(false)));
        }
        shared.look_up(number, remembered, now, deadline).await
    }

    async fn owner_view(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<Knowledge<OwnerView>>, PortalError> {
        let found = self.shared.portal.owner_view(number, deadline).await?;
        match &found {
            Some(Knowledge { value, as_of, .. }) => {
                self.insert(Arc::clone(&value.dossier), *as_of);
            }
            None => self.shared.forget(number),
        }
        Ok(found)
    }

    async fn procedure_list(&self, deadline: Timestamp) -> Result<Vec<(ProcedureCode, String)>, PortalError> {
        self.shared.portal.procedure_list(deadline).await
    }

    async fn procedure(&self, code: &ProcedureCode, deadline: Timestamp) -> Result<Option<Procedure>, PortalError> {
        self.shared.portal.procedure(code, deadline).await
    }

    async fn rate(&self, number: &DossierNumber, rating: &Rating, deadline: Timestamp) -> Result<(), PortalError> {
        self.shared.portal.rate(number, rating, deadline).await
    }

    async fn ping(&self, deadline: Timestamp) -> Result<(), PortalError> {
        self.shared.portal.ping(deadline).await
    }
}

/// An empty memory of so many bytes, for entries of about so many.
fn room<K, V>(bytes: u64, entry: usize) -> Cache<K, V, Weigh, Hasher>
where
    K: Eq + std::hash::Hash,
    V: Clone,
    Weigh: quick_cache::Weighter<K, V>,
{
    let entries = usize::try_from(bytes).unwrap_or(usize::MAX) / entry;
    Cache::with(entries, bytes, Weigh, Hasher::new(), DefaultLifecycle::default())
}

const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn until(now: Timestamp, deadline: Timestamp) -> Duration {
    Duration::try_from(deadline.duration_since(now)).unwrap_or(Duration::ZERO)
}

fn later(now: Timestamp, millis: u64) -> Timestamp {
    now.checked_add(Duration::from_millis(millis)).unwrap_or(Timestamp::MAX)
}
