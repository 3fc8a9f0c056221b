//! The features of phrases, by hash: a word, its exact form, two neighbours, a
//! piece of a word. No text of them is kept.

use std::hash::Hash;

use nohash_hasher::IntMap;

use super::PhraseWeights;
use super::contents::at;
use super::prepared::packed;

/// Letters of one piece of a word.
const PIECE: usize = 4;
/// Letters of a word and its two ends whose pieces are looked at.
const LONGEST: usize = 64;

/// Features by their hashes, and the features of whole words.
#[derive(Default)]
pub(super) struct Features {
    by_hash: IntMap<u64, u32>,
    /// For words, by the hash of the word: where its pieces stand in `pieces`.
    words: IntMap<u64, (u32, u32)>,
    /// The word itself first, then its pieces; what each weighs.
    pieces: Vec<(u32, f32)>,
}

packed!(Features { by_hash, words, pieces });

/// A feature by its name.
#[derive(Clone, Copy, Hash)]
pub(super) enum Named<'a> {
    Word(&'a str),
    Exact(&'a str),
    Pair(&'a str, &'a str),
    Piece(&'a [char]),
}

impl<'a> Named<'a> {
    pub(super) const fn pair(first: &'a str, second: &'a str) -> Self {
        Self::Pair(first, second)
    }

    /// Among some hundred thousand features two of one hash are not to be expected
    /// in this world's time.
    fn hash(self) -> u64 {
        ahash::RandomState::with_seeds(13, 14, 15, 16).hash_one(self)
    }
}

impl Features {
    /// The number of a feature, a new one where it has none.
    pub(super) fn enter(&mut self, named: Named<'_>) -> u32 {
        let next = u32::try_from(self.by_hash.len()).unwrap_or(u32::MAX);
        *self.by_hash.entry(named.hash()).or_insert(next)
    }

    /// The number of a feature that some phrase has.
    pub(super) fn get(&self, named: Named<'_>) -> Option<u32> {
        self.by_hash.get(&named.hash()).copied()
    }

    /// Notes a word and its pieces, new ones too.
    pub(super) fn enter_word(&mut self, folded: &str, weights: &PhraseWeights, each: &mut impl FnMut(u32, f32)) {
        let hash = Named::Word(folded).hash();
        let (from, to) = match self.words.get(&hash) {
            Some(range) => *range,
            None => {
                let from = self.pieces.len();
                let word = self.enter(Named::Word(folded));
                self.pieces.push((word, 1.0));
                pieces(folded, weights, |piece, share| {
                    let piece = self.enter(Named::Piece(piece));
                    self.pieces.push((piece, share));
                });
                let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                let range = (place(from), place(self.pieces.len()));
                self.words.insert(hash, range);
                range
            }
        };
        for (feature, weight) in self.pieces.get(at(from)..at(to)).unwrap_or_default() {
            each(*feature, *weight);
        }
    }

    /// The known features of a word; `false` where the word itself is none.
    pub(super) fn of_word(&self, folded: &str, weights: &PhraseWeights, mut each: impl FnMut(u32, f32)) -> bool {
        if let Some((from, to)) = self.words.get(&Named::Word(folded).hash()) {
            for (feature, weight) in self.pieces.get(at(*from)..at(*to)).unwrap_or_default() {
                each(*feature, *weight);
            }
            return true;
        }
        pieces(folded, weights, |piece, share| {
            if let Some(piece) = self.get(Named::Piece(piece)) {
                each(piece, share);
            }
        });
        false
    }

    /// Gives back what room was taken in advance.
    pub(super) fn shrink(&mut self) {
        self.by_hash.shrink_to_fit();
        self.words.shrink_to_fit();
        self.pieces.shrink_to_fit();
    }
}

/// The pieces of a word between its two ends; figures and single letters have
/// none.
fn pieces(folded: &str, weights: &PhraseWeights, mut each: impl FnMut(&[char], f32)) {
    if folded.len() < 2 || folded.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let mut padded = ['_'; LONGEST];
    let mut len = 1;
    for (room, letter) in padded.iter_mut().skip(1).zip(folded.chars().take(LONGEST - 2)) {
        *room = letter;
        len += 1;
    }
    let padded = padded.get(..len + 1).unwrap_or_default();
    let size = PIECE.min(padded.len());
    #[expect(clippy::cast_precision_loss, reason = "the pieces of one word")]
    let share = weights.piece / (padded.len() + 1 - size) as f32;
    for piece in padded.windows(size) {
        each(piece, share.max(weights.piece * 0.2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str) -> Vec<String> {
        let mut all = Vec::new();
        pieces(word, &PhraseWeights::default(), |piece, _| all.push(piece.iter().collect()));
        all
    }

    #[test]
    fn a_word_and_its_pieces() {
        assert_eq!(of("khai"), ["_kha", "khai", "hai_"]);
        assert_eq!(of("xe"), ["_xe_"]);
        assert!(of("2024").is_empty() && of("a").is_empty());
        assert_eq!(of(&"a".repeat(200)).len(), LONGEST - PIECE + 1);
    }

    #[test]
    fn a_word_is_known_once_a_phrase_has_it() {
        let weights = PhraseWeights::default();
        let mut features = Features::default();
        let mut noted = Vec::new();
        features.enter_word("khai", &weights, &mut |feature, weight| noted.push((feature, weight)));
        let mut again = Vec::new();
        assert!(features.of_word("khai", &weights, |feature, weight| again.push((feature, weight))));
        assert_eq!(noted, again);
        let mut like = 0;
        assert!(!features.of_word("khais", &weights, |_, _| like += 1), "only pieces of it are known");
        assert_eq!(like, 2);
        assert!(features.get(Named::Exact("khai")).is_none() && features.get(Named::pair("kh", "ai")).is_none());
    }
}
