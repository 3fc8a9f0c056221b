use std::collections::HashMap;

use compact_str::CompactString;

use super::titles::TermId;

/// Words shorter than this are not mended: too many others are one letter away.
const SHORTEST_MENDED: usize = 4;
/// What is mended must be at least this long.
const SHORTEST_MEANT: usize = 3;

/// Words one typo apart: one letter too many, too few, wrong, or two swapped
/// (optimal string alignment distance 1). Words are found through their forms
/// with one letter left out, so a look-up costs a handful of hash probes.
#[derive(Default)]
pub(super) struct Spelling {
    left_out: HashMap<u64, Vec<TermId>, ahash::RandomState>,
}

impl Spelling {
    /// Adds a word of the titles.
    pub(super) fn add(&mut self, word: &str, term: TermId) {
        if word.chars().count() < SHORTEST_MEANT || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        for key in keys(word) {
            let terms = self.left_out.entry(key).or_default();
            if terms.last() != Some(&term) {
                terms.push(term);
            }
        }
    }

    /// Words that may have been meant, without the word itself.
    pub(super) fn meant<'a>(&self, word: &str, spelt: impl Fn(TermId) -> &'a str) -> Vec<TermId> {
        if word.chars().count() < SHORTEST_MENDED || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let mut meant: Vec<TermId> = Vec::new();
        for key in keys(word) {
            for &term in self.left_out.get(&key).map_or(&[][..], Vec::as_slice) {
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
fn keys(word: &str) -> Vec<u64> {
    let letters: Vec<char> = word.chars().collect();
    let mut keys = vec![key(&letters, usize::MAX)];
    for place in 0..letters.len() {
        keys.push(key(&letters, place));
    }
    keys
}

fn key(letters: &[char], without: usize) -> u64 {
    let left: CompactString =
        letters.iter().enumerate().filter(|(place, _)| *place != without).map(|(_, c)| *c).collect();
    // Fixed seeds: keys are compared within this structure only.
    ahash::RandomState::with_seeds(1, 2, 3, 4).hash_one(left.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typo_is_mended_and_two_are_not() {
        let words = ["khai", "sinh", "thong", "chieu", "passport", "xe"];
        let mut spelling = Spelling::default();
        for (place, word) in (0..).zip(words) {
            spelling.add(word, TermId(place));
        }
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
