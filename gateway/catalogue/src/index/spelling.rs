use std::hash::{BuildHasher, Hash, Hasher};

use super::prepared::packed;
use super::titles::TermId;

/// Words shorter than this are not mended: too many others are one letter away.
const SHORTEST_MENDED: usize = 4;
/// What is mended must be at least this long.
const SHORTEST_MEANT: usize = 3;

/// Words one typo apart: one letter too many, too few, wrong, or two swapped
/// (optimal string alignment distance 1). Words are found through their forms
/// with one letter left out, so a look-up costs a handful of probes.
#[derive(Default)]
pub(super) struct Spelling {
    /// The forms, hashed, in order.
    left_out: Box<[u64]>,
    /// The word of each.
    terms: Box<[TermId]>,
}

packed!(Spelling { left_out, terms });

impl Spelling {
    /// The words of the titles, in the order of their terms.
    pub(super) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut forms: Vec<(u64, TermId)> = Vec::new();
        for (term, word) in (0..).map(TermId).zip(words) {
            if word.chars().count() >= SHORTEST_MEANT && !word.bytes().any(|byte| byte.is_ascii_digit()) {
                forms.extend(keys(word).map(|key| (key, term)));
            }
        }
        forms.sort_unstable_by_key(|(key, term)| (*key, term.0));
        forms.dedup();
        Self {
            left_out: forms.iter().map(|(key, _)| *key).collect(),
            terms: forms.iter().map(|(_, term)| *term).collect(),
        }
    }

    /// Words that may have been meant, without the word itself.
    pub(super) fn meant<'a>(&self, word: &str, spelt: impl Fn(TermId) -> &'a str) -> Vec<TermId> {
        if word.chars().count() < SHORTEST_MENDED || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let mut meant: Vec<TermId> = Vec::new();
        for key in keys(word) {
            let from = self.left_out.partition_point(|other| *other < key);
            let same = self.left_out.iter().skip(from).take_while(|other| **other == key).count();
            for &term in self.terms.get(from..from + same).unwrap_or_default() {
                let other = spelt(term);
                if other != word && strsim::osa_distance(word, other) == 1 && !meant.contains(&term) {
                    meant.push(term);
                }
            }
        }
        meant
    }
}

/// The word and its forms with one letter left out, hashed.
fn keys(word: &str) -> impl Iterator<Item = u64> {
    // Fixed seeds: keys are compared within this structure only.
    let hashes = ahash::RandomState::with_seeds(1, 2, 3, 4);
    let ends = word.char_indices().map(|(start, letter)| (start, start + letter.len_utf8()));
    std::iter::once((word.len(), word.len())).chain(ends).map(move |(start, end)| {
        let mut key = hashes.build_hasher();
        // Byte for byte: where the letter was left out must not show.
        let left = word.bytes().take(start).chain(word.bytes().skip(end));
        left.for_each(|byte| byte.hash(&mut key));
        key.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typo_is_mended_and_two_are_not() {
        let words = ["khai", "sinh", "thong", "chieu", "passport", "xe"];
        let spelling = Spelling::of(words.into_iter());
        let meant = |word: &str| {
            let mut found: Vec<&str> = spelling
                .meant(word, |term| words[usize::try_from(term.0).unwrap()])
                .into_iter()
                .map(|term| words[usize::try_from(term.0).unwrap()])
                .collect();
            found.sort_unstable();
            found
        };
        assert_eq!(meant("khia"), ["khai"]);
        assert_eq!(meant("thongg"), ["thong"]);
        assert_eq!(meant("pasport"), ["passport"]);
        assert_eq!(meant("chieeu"), ["chieu"]);
        assert_eq!(meant("xinh"), ["sinh"]);
        assert!(meant("kahii").is_empty());
        assert!(meant("xee").is_empty(), "short words stay as they are");
        assert!(meant("2024").is_empty());
    }
}
