//! Words this room knows: frequent Vietnamese syllables of the domain, and English
//! words that must not be taken for Vietnamese typed by keys.

use std::collections::HashSet;
use std::sync::LazyLock;

use ahash::RandomState;

type Words = HashSet<&'static str, RandomState>;

pub(super) const SYLLABLES: &str = include_str!("../../data/syllables.txt");
pub(super) const ENGLISH: &str = include_str!("../../data/english.txt");

fn read(file: &'static str) -> Words {
    file.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// Whether a marked syllable is frequent in what officials and citizens write.
pub(super) fn is_frequent(syllable: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| read(SYLLABLES));
    WORDS.contains(syllable)
}

/// Whether a word is English, or a loan word that is usual here (*visa*).
pub(super) fn is_english(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| read(ENGLISH));
    WORDS.contains(word)
}

/// Small English words that no Vietnamese sentence has. (*do*, *an*, *to*, *the*,
/// *in*, *can*, *may* are bare Vietnamese syllables, so they are not here.)
const FUNCTION_WORDS: [&str; 44] = [
    "is", "are", "was", "what", "which", "where", "when", "how", "why", "who", "my", "your", "of", "for", "with",
    "need", "want", "does", "did", "have", "has", "this", "that", "it", "please", "much", "long", "and", "from", "at",
    "would", "could", "should", "there", "if", "get", "apply", "register", "am", "not", "we", "they", "he", "she",
];

/// Whether a message is English: two small words of it, and no fewer than one
/// in six.
pub(super) fn is_english_text<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let mut all = 0;
    let mut small = 0;
    for word in words {
        all += 1;
        if !word.is_ascii() {
            return false;
        }
        small += usize::from(FUNCTION_WORDS.contains(&word));
    }
    small >= 2 && small * 6 >= all
}

#[cfg(test)]
mod tests {
    use super::super::syllable;
    use super::*;

    #[test]
    fn every_frequent_syllable_is_one_with_its_tone_in_place() {
        for word in read(SYLLABLES) {
            assert_eq!(syllable::canonical(word).as_deref(), Some(word), "{word}");
            assert!(!word.is_ascii(), "{word}");
        }
    }

    #[test]
    fn english_sentences() {
        let english = |text: &str| is_english_text(text.split(' '));
        for text in ["what is the fee for a visa", "i want to renew my passport", "how much is it"] {
            assert!(english(text), "{text}");
        }
        for text in
            ["gia han visa", "passport", "long an co lam ko", "how sow", "xin visa ở đâu is of", "lam the can cuoc"]
        {
            assert!(!english(text), "{text}");
        }
    }
}
