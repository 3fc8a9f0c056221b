//! Deterministic draws: the same seed and the same number always tell the
//! same story, on every machine.

/// A stream of draws (SplitMix64, public domain, S. Vigna).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// A stream of its own for `(seed, purpose, item)`.
    pub(crate) fn of(seed: u64, purpose: Purpose, item: u64) -> Self {
        Self(mix(mix(seed ^ (purpose as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93)) ^ item))
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A whole number in `0..bound`; 0 where `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        // The product of a 32-bit draw and a 32-bit bound fits 64 bits, and its
        // upper half is below the bound.
        let draw = self.next_u64() >> 32;
        u32::try_from((draw * u64::from(bound)) >> 32).unwrap_or_default()
    }

    /// A whole number in `from..=to`.
    pub(crate) fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to.saturating_sub(from).saturating_add(1))
    }

    /// Whether an event of so many in a hundred happens.
    pub(crate) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// A number in `[0, 1)` with 53 random bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of a list; `None` only where it is empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(u32::try_from(list.len()).unwrap_or(u32::MAX)) as usize)
    }

    /// One text of a list; empty where there is none.
    pub(crate) fn word<'a>(&mut self, list: &'a [String]) -> &'a str {
        self.pick(list).map_or("", String::as_str)
    }
}

/// What a stream is for, so that two uses of one number do not correlate.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Cells = 1,
    Dossier = 2,
    Owner = 3,
    SharedPhone = 4,
    Words = 5,
    Fault = 6,
    Untidy = 7,
}

const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| {
            let mut dice = Dice::of(seed, Purpose::Dossier, 7);
            (0..8).map(|_| dice.next_u64()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn a_draw_stays_in_its_bounds_and_reaches_them() {
        let mut dice = Dice::of(1, Purpose::Dossier, 7);
        let draws: Vec<u32> = (0..2_000).map(|_| dice.between(3, 6)).collect();
        assert_eq!(draws.iter().min(), Some(&3));
        assert_eq!(draws.iter().max(), Some(&6));
        assert_eq!(dice.below(0), 0);
        assert!(dice.pick::<u8>(&[]).is_none());
        assert!((0..2_000).all(|_| (0.0..1.0).contains(&dice.unit())));
    }
}
