use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use smallvec::SmallVec;

/// Most locks.
const MOST_SHARDS: usize = 64;
/// Entries below which a shard of its own is not worth it.
const LEAST_ENTRIES: usize = 64;

/// Which items each subject has asked for within a sliding window: exact small
/// sets of 64-bit hashes, in bounded memory.
///
/// An item counts from when it was first asked for until the window has
/// passed; asking again in between changes nothing. Where a shard is full, it
/// is put in order: what is past the window goes first, then the subjects that
/// asked for the fewest items, the longest quiet of them first. A flood of new
/// subjects thus pushes out one another, not those who are at their limit.
pub(crate) struct Distinct {
    shards: Box<[Mutex<Shard>]>,
    /// Seconds.
    window: u32,
    shard_entries: usize,
    evicted: AtomicU64,
}

struct Shard {
    subjects: HashMap<u64, Seen, BuildHasherDefault<AsItIs>>,
    /// Sum of the lengths of all sets.
    entries: usize,
}

/// In the order of their times. Most subjects ask for one or two items.
type Seen = SmallVec<[Sighting; 2]>;

/// Twelve bytes: the hash in two halves, or alignment would make it sixteen.
#[derive(Clone, Copy)]
struct Sighting {
    item: [u32; 2],
    /// Seconds since 1970.
    at: u32,
}

/// What came of asking for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It had been asked for already.
    Known,
    /// It is new and now counted.
    New,
    /// It is new, but as many as may be are counted already; the oldest of
    /// them leaves in so many seconds.
    Full(u32),
}

impl Distinct {
    /// At most `max_entries` items over all subjects (at least 64), `window`
    /// seconds long.
    pub(crate) fn new(max_entries: usize, window: u32) -> Self {
        let shards = (max_entries / LEAST_ENTRIES).clamp(1, MOST_SHARDS);
        let shard = || Mutex::new(Shard { subjects: HashMap::default(), entries: 0 });
        Self {
            shards: (0..shards).map(|_| shard()).collect(),
            window,
            shard_entries: max_entries / shards,
            evicted: AtomicU64::new(0),
        }
    }

    /// Counts an item against a subject that may have `most` of them.
    pub(crate) fn see(&self, subject: u64, item: u64, most: usize, now: u32) -> Sight {
        let item = halves(item);
        let Some(mut shard) = self.shard(subject) else { return Sight::Known };
        let Shard { subjects, entries } = &mut *shard;
        let seen = subjects.entry(subject).or_default();
        *entries -= forget_old(seen, self.window, now);
        if seen.iter().any(|sighting| sighting.item == item) {
            return Sight::Known;
        }
        if seen.len() >= most {
            let leaves = seen.first().map_or(now, |oldest| oldest.at.saturating_add(self.window));
            return Sight::Full(leaves.saturating_sub(now));
        }
        // Requests reach this place a little out of order; the list stays in order.
        let at = seen.last().map_or(now, |last| last.at.max(now));
        seen.push(Sighting { item, at });
        *entries += 1;
        if *entries > self.shard_entries {
            let evicted = shard.put_in_order(subject, self.shard_entries, self.window, now);
            self.evicted.fetch_add(evicted, Ordering::Relaxed);
        }
        Sight::New
    }

    /// Takes an item out of the count again.
    pub(crate) fn forget(&self, subject: u64, item: u64) {
        let item = halves(item);
        let Some(mut shard) = self.shard(subject) else { return };
        let Some(seen) = shard.subjects.get_mut(&subject) else { return };
        let before = seen.len();
        seen.retain(|sighting| sighting.item != item);
        let forgotten = before - seen.len();
        let empty = seen.is_empty();
        shard.entries -= forgotten;
        if empty {
            shard.subjects.remove(&subject);
        }
    }

    /// Drops what is past the window and gives memory back. Returns how many
    /// subjects and items remain.
    pub(crate) fn sweep(&self, now: u32) -> (usize, usize) {
        let mut left = (0, 0);
        for shard in &self.shards {
            let mut shard = shard.lock();
            shard.forget_old(self.window, now);
            if shard.subjects.capacity() > 4 * shard.subjects.len() {
                shard.subjects.shrink_to_fit();
            }
            left.0 += shard.subjects.len();
            left.1 += shard.entries;
        }
        left
    }

    /// How many subjects had to go before their time.
    pub(crate) fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }

    fn shard(&self, subject: u64) -> Option<parking_lot::MutexGuard<'_, Shard>> {
        // Bits from the middle: the map within goes by the lowest and highest.
        let shards = u64::try_from(self.shards.len()).unwrap_or(1);
        let place = usize::try_from((subject >> 24 & 0xffff_ffff) % shards).unwrap_or(0);
        self.shards.get(place).map(Mutex::lock)
    }
}

impl Shard {
    fn forget_old(&mut self, window: u32, now: u32) {
        let mut forgotten = 0;
        self.subjects.retain(|_, seen| {
            forgotten += forget_old(seen, window, now);
            !seen.is_empty()
        });
        self.entries -= forgotten;
    }

    /// Makes room down to seven eighths, so that the next time is some way
    /// off; `asking` stays. Returns how many subjects had to go.
    fn put_in_order(&mut self, asking: u64, most: usize, window: u32, now: u32) -> u64 {
        self.forget_old(window, now);
        let goal = most - most / 8;
        if self.entries <= goal {
            return 0;
        }
        let mut by_count: Vec<(usize, u32, u64)> = self
            .subjects
            .iter()
            .filter(|(subject, _)| **subject != asking)
            .map(|(subject, seen)| (seen.len(), seen.last().map_or(0, |last| last.at), *subject))
            .collect();
        by_count.sort_unstable();
        let mut evicted = 0;
        for (count, _, subject) in by_count {
            if self.entries <= goal {
                break;
            }
            self.subjects.remove(&subject);
            self.entries -= count;
            evicted += 1;
        }
        evicted
    }
}

/// Returns how many were past the window.
fn forget_old(seen: &mut Seen, window: u32, now: u32) -> usize {
    let old = seen.iter().take_while(|sighting| sighting.at.saturating_add(window) <= now).count();
    if old > 0 {
        seen.drain(..old);
    }
    old
}

/// Subjects are hashes under a random seed already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write_u64(&mut self, subject: u64) {
        self.0 = subject;
    }

    /// Not called for a `u64`.
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

const fn halves(item: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = item.to_ne_bytes();
    [u32::from_ne_bytes([a, b, c, d]), u32::from_ne_bytes([e, f, g, h])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sighting_is_small() {
        assert_eq!(size_of::<Sighting>(), 12);
        assert!(size_of::<Seen>() <= 32);
    }

    #[test]
    fn an_item_counts_once_and_leaves_when_its_window_has_passed() {
        let distinct = Distinct::new(1_000, 100);
        assert_eq!(distinct.see(1, 10, 2, 0), Sight::New);
        assert_eq!(distinct.see(1, 11, 2, 60), Sight::New);
        assert_eq!(distinct.see(1, 10, 2, 70), Sight::Known);
        assert_eq!(distinct.see(1, 12, 2, 70), Sight::Full(30));
        assert_eq!(distinct.see(2, 12, 2, 70), Sight::New, "another subject");
        assert_eq!(distinct.see(1, 12, 2, 100), Sight::New, "the first one's window has passed");
        assert_eq!(distinct.see(1, 10, 2, 101), Sight::Full(59));
    }

    #[test]
    fn what_is_forgotten_makes_room() {
        let distinct = Distinct::new(1_000, 100);
        assert_eq!(distinct.see(1, 10, 1, 0), Sight::New);
        distinct.forget(1, 10);
        assert_eq!(distinct.see(1, 11, 1, 0), Sight::New);
        distinct.forget(1, 99);
        distinct.forget(2, 11);
        assert_eq!(distinct.see(1, 12, 1, 0), Sight::Full(100));
        assert_eq!(distinct.sweep(0), (1, 1));
        assert_eq!(distinct.sweep(100), (0, 0));
    }

    #[test]
    fn a_flood_of_subjects_is_bounded_and_does_not_reset_one_at_the_limit() {
        let distinct = Distinct::new(10_000, 86_400);
        for item in 0..20 {
            assert_eq!(distinct.see(7, item, 20, 0), Sight::New);
        }
        for subject in 1_000..201_000_u64 {
            // Spread over the shards, as hashes are.
            let subject = subject.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            assert_eq!(distinct.see(subject, 1, 20, 10), Sight::New);
        }
        let (_, entries) = distinct.sweep(10);
        assert!(entries <= 10_000, "{entries}");
        assert!(distinct.evicted() >= 190_000);
        assert!(matches!(distinct.see(7, 99, 20, 20), Sight::Full(_)));
    }
}
