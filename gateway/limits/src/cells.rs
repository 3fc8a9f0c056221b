use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::clock::Clock;
use governor::nanos::Nanos;
use governor::state::StateStore;
use parking_lot::Mutex;

use crate::moment::{HandedClock, Moment};

/// Subjects in one set.
const WAYS: usize = 8;
/// Buckets of one subject: one for each limited action.
pub(crate) const ACTIONS: usize = 8;
/// Most locks. A lock is held for some tens of nanoseconds.
const MOST_SHARDS: usize = 256;

/// Eight keys (0: free), then for each of them the moments, in nanoseconds, at
/// which its buckets are full again. The keys share a cache line, and so do
/// one subject's buckets: two memory accesses, however many actions a request
/// counts under.
type Set = [u64; WAYS + WAYS * ACTIONS];

/// The sets under one lock, each from the beginning of a cache line on: nine
/// lines of eight numbers. Plain numbers, because zeroed memory of them is not
/// touched before it is used.
struct Shard {
    numbers: Box<[u64]>,
    first: usize,
}

impl Shard {
    fn new(sets: usize) -> Self {
        const LINE: usize = 64;
        let numbers = vec![0_u64; sets * size_of::<Set>() / 8 + LINE / 8].into_boxed_slice();
        let first = numbers.as_ptr().align_offset(LINE).min(LINE / 8);
        Self { numbers, first }
    }

    fn sets(&self) -> impl Iterator<Item = &Set> {
        self.numbers.get(self.first..).unwrap_or_default().as_chunks().0.iter()
    }

    fn set(&mut self, place: usize) -> Option<&mut Set> {
        self.numbers.get_mut(self.first..)?.as_chunks_mut().0.get_mut(place)
    }
}

/// The state of every bucket: a table of fixed size, built like a processor's
/// cache. A subject belongs to one set of eight; where all eight places are
/// taken, the newcomer takes that of the subject whose buckets are full again
/// soonest.
///
/// So memory is bounded without any sweeping; an idle subject costs nothing,
/// because its place counts as free once its buckets are full; and a flood of
/// new ones, each of which owes a single request, pushes out one another but
/// never a sender who is at the limit. Whoever wants to push that one out must
/// spend eight other subjects' whole bursts first, on subjects that happen to
/// share a set, which the random seed of the hashes hides.
pub(crate) struct Cells {
    shards: Box<[Mutex<Shard>]>,
    sets: u64,
    evicted: AtomicU64,
}

impl Cells {
    /// A table of at most `max_keys` subjects (rounded down to a power of two,
    /// at least 64), 72 bytes each.
    pub(crate) fn new(max_keys: usize) -> Self {
        let wanted = (max_keys / WAYS).max(8);
        // The greatest power of two that is not above.
        let sets = wanted.next_power_of_two() >> usize::from(!wanted.is_power_of_two());
        let shards = sets.min(MOST_SHARDS);
        let shard = || Mutex::new(Shard::new(sets / shards));
        Self {
            shards: (0..shards).map(|_| shard()).collect(),
            sets: u64::try_from(sets).unwrap_or(u64::MAX),
            evicted: AtomicU64::new(0),
        }
    }

    /// How many subjects there is room for.
    pub(crate) fn capacity(&self) -> usize {
        usize::try_from(self.sets).unwrap_or(usize::MAX) * WAYS
    }

    /// How often a subject whose buckets were not full again had to go.
    pub(crate) fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }

    /// Subjects with a bucket that is not full at this moment. Looks at every
    /// set, one shard at a time.
    pub(crate) fn live(&self, now: Moment) -> usize {
        let live = |set: &Set| {
            let (_, buckets) = set.split_at(WAYS);
            buckets.chunks_exact(ACTIONS).filter(|of_one| of_one.iter().any(|full_at| *full_at > now.0)).count()
        };
        self.shards.iter().map(|shard| shard.lock().sets().map(live).sum::<usize>()).sum()
    }

    fn with_set<T>(&self, key: u64, look: impl FnOnce(&mut Set) -> T) -> Option<T> {
        let place = usize::try_from(key & (self.sets - 1)).unwrap_or(0);
        let shard = self.shards.get(place % self.shards.len())?;
        shard.lock().set(place / self.shards.len()).map(look)
    }
}

/// Where a subject stands in its set.
fn way_of(set: &Set, key: u64) -> Option<usize> {
    set.iter().take(WAYS).position(|known| *known == key)
}

/// The bucket of one action, in the place of one subject.
const fn bucket(way: usize, action: usize) -> usize {
    WAYS + way * ACTIONS + action
}

/// The moment at which the last of a subject's buckets is full, and its place:
/// of the subject for whom that comes first.
fn soonest_full(set: &Set) -> (u64, usize) {
    let (_, buckets) = set.split_at(WAYS);
    let full_at = |of_one: &[u64]| of_one.iter().copied().max().unwrap_or(0);
    let by_way = buckets.chunks_exact(ACTIONS).map(full_at).zip(0..);
    by_way.min().unwrap_or((0, 0))
}

/// The buckets of one action and one kind of subject, among all cells.
pub(crate) struct Buckets {
    cells: Arc<Cells>,
    /// Its place among a subject's buckets.
    action: usize,
    /// What one request costs, in nanoseconds of refilling.
    cost: u64,
    /// What an empty bucket owes: no state says more, so where the wall clock
    /// was set back, nobody waits for longer than that.
    most_owed: u64,
}

impl Buckets {
    /// `action` is below [`ACTIONS`].
    pub(crate) const fn new(cells: Arc<Cells>, action: usize, cost: u64, most_owed: u64) -> Self {
        Self { cells, action, cost, most_owed }
    }

    /// Takes one request out of the count again. Exact, whatever came in
    /// between: a bucket's debt is a sum.
    pub(crate) fn refund(&self, key: u64) {
        let key = key.max(1);
        self.cells.with_set(key, |set| {
            let of_it = way_of(set, key).and_then(|way| set.get_mut(bucket(way, self.action)));
            if let Some(full_at) = of_it {
                *full_at = full_at.saturating_sub(self.cost);
            }
        });
    }

    /// Makes room for a newcomer, who owes nothing yet.
    fn settle_in(&self, set: &mut Set, key: u64, now: u64) -> usize {
        let (full_at, way) = soonest_full(set);
        if full_at > now {
            self.cells.evicted.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(place) = set.get_mut(way) {
            *place = key;
        }
        if let Some(buckets) = set.get_mut(bucket(way, 0)..bucket(way + 1, 0)) {
            buckets.fill(0);
        }
        way
    }
}

impl StateStore for Buckets {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // Zero marks a free place.
        let key = (*key).max(1);
        let now = HandedClock.now().0;
        let decided = self.cells.with_set(key, |set| {
            let way = way_of(set, key).unwrap_or_else(|| self.settle_in(set, key, now));
            let place = bucket(way, self.action);
            let owed = set.get(place).map(|full_at| Nanos::from((*full_at).min(now.saturating_add(self.most_owed))));
            let (value, full_at) = decide(owed)?;
            if let Some(place) = set.get_mut(place) {
                *place = full_at.as_u64();
            }
            Ok(value)
        });
        match decided {
            Some(decided) => decided,
            // No set for a key: cannot be, since sets are a power of two. It
            // would count as a first request.
            None => decide(None).map(|(value, _)| value),
        }
    }
}
