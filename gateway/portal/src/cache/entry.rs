//! What is remembered of a number.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use gateway_core::domain::{Dossier, DossierNumber, Knowledge};
use gateway_core::ports::PortalError;
use jiff::Timestamp;
use quick_cache::Weighter;

use super::names::Names;

/// What the memory keeps beside a key and a value, and what the allocator
/// rounds up. Measured as resident memory over 100,000 entries.
const OVERHEAD: usize = 100;

/// About the size of a known dossier, for the first size of the tables.
pub(super) const KNOWN_ENTRY: usize = 512;

/// About the size of an unknown number.
pub(super) const UNKNOWN_ENTRY: usize = 192;

/// Two counters before what an `Arc` holds.
const ARC: usize = 16;

/// About what the texts of an error take.
const ERROR_TEXT: usize = 200;

const NEVER: i64 = i64::MIN;

/// A dossier that the portal knows. Times are microseconds of the epoch, half
/// the size of a `Timestamp`.
pub(super) struct Known {
    dossier: Arc<Dossier>,
    as_of: i64,
    fresh_until: i64,
    revalidate_until: i64,
    /// Until when it is not asked for again after a failure.
    paused_until: AtomicI64,
    own_text: u32,
    refreshing: AtomicBool,
}

impl Known {
    pub(super) fn new(
        knowledge: &Knowledge<Arc<Dossier>>,
        fresh: Duration,
        revalidate: Duration,
        names: &Names,
    ) -> Self {
        let (dossier, own_text) = names.share(&knowledge.value);
        let fresh_until = plus(knowledge.as_of, fresh);
        Self {
            as_of: knowledge.as_of.as_microsecond(),
            fresh_until: fresh_until.as_microsecond(),
            revalidate_until: plus(fresh_until, revalidate).as_microsecond(),
            paused_until: AtomicI64::new(NEVER),
            own_text: u32::try_from(own_text).unwrap_or(u32::MAX),
            refreshing: AtomicBool::new(false),
            dossier,
        }
    }

    /// Its estimated size, in bytes; it never changes.
    fn weight(&self) -> usize {
        OVERHEAD
            + 2 * ARC
            + size_of::<Self>()
            + size_of::<Dossier>()
            + heap_of(self.number().as_str())
            + heap_of(&self.dossier.status.code)
            + self.own_text as usize
    }

    pub(super) fn number(&self) -> &DossierNumber {
        &self.dossier.number
    }

    pub(super) fn knowledge(&self, stale: bool) -> Knowledge<Arc<Dossier>> {
        Knowledge { value: Arc::clone(&self.dossier), as_of: self.as_of(), stale }
    }

    /// To the microsecond.
    pub(super) fn as_of(&self) -> Timestamp {
        Timestamp::from_microsecond(self.as_of).unwrap_or(Timestamp::MIN)
    }

    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        now.as_microsecond() < self.fresh_until
    }

    pub(super) fn may_revalidate(&self, now: Timestamp) -> bool {
        now.as_microsecond() < self.revalidate_until
    }

    pub(super) fn age(&self, now: Timestamp) -> Duration {
        Duration::try_from(now.duration_since(self.as_of())).unwrap_or(Duration::ZERO)
    }

    /// Whether the caller is the one to ask again.
    pub(super) fn begin_refresh(&self) -> bool {
        !self.refreshing.swap(true, Ordering::AcqRel)
    }

    /// Notes how it went; [`Refreshed`] lets it be asked for again.
    pub(super) fn end_refresh(&self, succeeded: bool, now: Timestamp, pause: Duration) {
        let until = if succeeded { NEVER } else { plus(now, pause).as_microsecond() };
        self.paused_until.store(until, Ordering::Release);
    }

    /// Whether the last time it was asked for again failed.
    pub(super) fn has_failed(&self) -> bool {
        self.paused_until.load(Ordering::Acquire) != NEVER
    }

    pub(super) fn failed_lately(&self, now: Timestamp) -> bool {
        now.as_microsecond() < self.paused_until.load(Ordering::Acquire)
    }
}

/// The older value of a load. Dropped, it may be asked for again, however the
/// load ended: a task that panics must not leave it unasked for ever.
pub(super) struct Refreshed(pub(super) Option<Arc<Known>>);

impl Drop for Refreshed {
    fn drop(&mut self) {
        if let Some(known) = &self.0 {
            known.refreshing.store(false, Ordering::Release);
        }
    }
}

/// A number that the portal does not know, or could not tell of: until when it
/// is not asked for again.
#[derive(Clone)]
pub(super) struct Unknown {
    until: Timestamp,
    /// Why it could not tell.
    failed: Option<Arc<PortalError>>,
}

impl Unknown {
    pub(super) fn new(now: Timestamp, span: Duration) -> Self {
        Self { until: plus(now, span), failed: None }
    }

    pub(super) fn failed(now: Timestamp, pause: Duration, error: PortalError) -> Self {
        Self { until: plus(now, pause), failed: Some(Arc::new(error)) }
    }

    pub(super) fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }

    pub(super) fn error(&self) -> Option<PortalError> {
        self.failed.as_deref().cloned()
    }

    /// What it keeps outside itself.
    fn heap(&self) -> usize {
        self.failed.as_ref().map_or(0, |_| ARC + size_of::<PortalError>() + ERROR_TEXT)
    }
}

/// Estimated sizes, in bytes.
#[derive(Clone)]
pub(super) struct Weigh;

impl Weighter<u64, Arc<Known>> for Weigh {
    fn weight(&self, _: &u64, known: &Arc<Known>) -> u64 {
        known.weight() as u64
    }
}

impl Weighter<DossierNumber, Unknown> for Weigh {
    fn weight(&self, number: &DossierNumber, unknown: &Unknown) -> u64 {
        let own = size_of::<DossierNumber>() + size_of::<Unknown>() + heap_of(number.as_str());
        (OVERHEAD + own + unknown.heap()) as u64
    }
}

/// Bytes that a short text keeps outside itself: none up to 24.
const fn heap_of(text: &str) -> usize {
    if text.len() > 24 { text.len() } else { 0 }
}

fn plus(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}
