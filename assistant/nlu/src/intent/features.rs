//! What the linear model sees of a sentence: its words, alone and with their
//! neighbours, and pieces of words, which typos and unknown forms leave alone.

use ahash::RandomState;

/// Neighbouring words in one feature, at most.
const WORD_GRAM: usize = 3;
/// Letters in one feature, at most.
const CHAR_GRAM: usize = 5;
/// Characters that are read; a longer sentence says its wish at its ends.
const HEAD: usize = 300;
const TAIL: usize = 200;

/// A feature's name, hashed. Fixed seeds: a model that was written yesterday is
/// read today.
fn hash(kind: u8, text: &str) -> u64 {
    RandomState::with_seeds(11, 12, 13, 14).hash_one((kind, text))
}

/// The feature of a word by itself.
pub(super) fn word(word: &str) -> u64 {
    hash(b'w', word)
}

/// The features of a sentence with their counts, sorted by hash.
pub(super) fn features(text: &str) -> Vec<(u64, f32)> {
    let text = ends(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut hashes: Vec<u64> = Vec::with_capacity(text.len() * 5);
    let mut gram = String::new();
    for from in 0..words.len() {
        gram.clear();
        for (len, word) in words.iter().skip(from).take(WORD_GRAM).enumerate() {
            if len > 0 {
                gram.push(' ');
            }
            gram.push_str(word);
            hashes.push(hash(b'w', &gram));
        }
    }
    // The first and the last words weigh more than their place in the middle.
    if let (Some(first), Some(last)) = (words.first(), words.last()) {
        hashes.push(hash(b'^', first));
        hashes.push(hash(b'$', last));
    }
    // Pieces of words with a space at their ends: `_phí_`.
    let mut padded = String::new();
    for word in &words {
        padded.clear();
        padded.push('_');
        padded.push_str(word);
        padded.push('_');
        let starts: Vec<usize> = padded.char_indices().map(|(at, _)| at).chain([padded.len()]).collect();
        for from in 0..starts.len() {
            for len in 2..=CHAR_GRAM {
                let (Some(start), Some(end)) = (starts.get(from), starts.get(from + len)) else { break };
                hashes.push(hash(b'c', padded.get(*start..*end).unwrap_or_default()));
            }
        }
    }
    hashes.sort_unstable();
    let mut counted: Vec<(u64, f32)> = Vec::with_capacity(hashes.len());
    for hash in hashes {
        match counted.last_mut() {
            Some((last, count)) if *last == hash => *count += 1.0,
            _ => counted.push((hash, 1.0)),
        }
    }
    counted
}

/// The head and the tail of a long story.
fn ends(text: &str) -> std::borrow::Cow<'_, str> {
    let count = text.chars().count();
    if count <= HEAD + TAIL {
        return text.into();
    }
    let head: String = text.chars().take(HEAD).collect();
    let tail: String = text.chars().skip(count - TAIL).collect();
    format!("{head} {tail}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_neighbours_and_pieces_are_features() {
        let features = features("lệ phí");
        let has = |kind: u8, text: &str| features.iter().any(|(feature, _)| *feature == hash(kind, text));
        for (kind, text) in [(b'w', "lệ"), (b'w', "lệ phí"), (b'^', "lệ"), (b'$', "phí"), (b'c', "_phí_"), (b'c', "lệ")]
        {
            assert!(has(kind, text), "{} {text}", char::from(kind));
        }
        assert!(!has(b'c', "ệ p"), "no piece goes over a space");
    }

    #[test]
    fn a_long_story_keeps_its_ends() {
        let story = format!("đầu {} cuối", "giữa ".repeat(1_000));
        let ends = ends(&story);
        assert!(ends.starts_with("đầu") && ends.ends_with("cuối") && ends.chars().count() < 600);
    }
}
