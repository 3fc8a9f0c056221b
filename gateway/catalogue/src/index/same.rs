//! Words that mean the same (`data/same.toml`): before words become features,
//! each phrase of a group is replaced by the words of its first.

use std::collections::HashMap;
use std::sync::LazyLock;

use compact_str::CompactString;
use serde::Deserialize;

use super::{Token, tokens};

/// Words of one phrase at most.
const LONGEST: usize = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    groups: Vec<Vec<String>>,
}

struct Phrase {
    words: Vec<Token>,
    /// The words of the group's first; itself for the first.
    stands_for: Vec<Token>,
}

/// Phrases by their first folded word, longest first.
struct Same(HashMap<CompactString, Vec<Phrase>, ahash::RandomState>);

fn same() -> &'static Same {
    static SAME: LazyLock<Same> = LazyLock::new(|| {
        let read = toml::from_str::<File>(include_str!("../../data/same.toml"));
        // The file is compiled in and a test reads it: this cannot fail.
        debug_assert!(read.is_ok(), "data/same.toml does not parse");
        let mut phrases: HashMap<CompactString, Vec<Phrase>, ahash::RandomState> = HashMap::default();
        for group in read.map(|file| file.groups).unwrap_or_default() {
            let Some(first) = group.first().map(|first| tokens(first, LONGEST)) else { continue };
            for text in &group {
                let words = tokens(text, LONGEST);
                if let Some(key) = words.first().map(|word| word.folded.clone()) {
                    phrases.entry(key).or_default().push(Phrase { words, stands_for: first.clone() });
                }
            }
        }
        for list in phrases.values_mut() {
            list.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        }
        Same(phrases)
    });
    &SAME
}

impl Phrase {
    /// Marks that were written must agree; one lone syllable that carries marks is
    /// not met by a bare one.
    fn stands_at(&self, text: &[Token]) -> bool {
        let Some(text) = text.get(..self.words.len()) else { return false };
        let agrees = |(phrase, word): (&Token, &Token)| {
            phrase.folded == word.folded && (!word.marked || phrase.exact == word.exact)
        };
        let bare = matches!((self.words.as_slice(), text), ([phrase], [word]) if phrase.marked && !word.marked);
        !bare && self.words.iter().zip(text).all(agrees) && !text.iter().skip(1).any(|word| word.after_break)
    }
}

/// A word as it is compared, once words that mean the same are one.
#[derive(Clone, Copy)]
pub(super) struct Unified<'a> {
    pub(super) word: &'a Token,
    /// A comma, full stop or line end stands before it in the text.
    pub(super) after_break: bool,
    /// The place of the text's own word that it came from.
    pub(super) from: usize,
}

/// The words with each phrase replaced.
pub(super) fn unified(words: &[Token]) -> Vec<Unified<'_>> {
    let same = same();
    let mut out = Vec::with_capacity(words.len() + 2);
    let mut from = 0;
    while let Some(word) = words.get(from) {
        let here = words.get(from..).unwrap_or_default();
        let found = same.0.get(&word.folded).and_then(|list| list.iter().find(|phrase| phrase.stands_at(here)));
        match found {
            Some(phrase) => {
                out.extend(phrase.stands_for.iter().enumerate().map(|(place, word_for)| Unified {
                    word: word_for,
                    after_break: place == 0 && word.after_break,
                    from,
                }));
                from += phrase.words.len();
            }
            None => {
                out.push(Unified { word, after_break: word.after_break, from });
                from += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses_and_no_phrase_stands_in_two_groups() {
        let file: File = toml::from_str(include_str!("../../data/same.toml")).unwrap();
        assert!(file.groups.len() > 250);
        let mut seen = HashMap::new();
        for (place, group) in file.groups.iter().enumerate() {
            assert!(group.len() >= 2, "{group:?}");
            for phrase in group {
                let before = seen.insert(phrase.clone(), place);
                assert!(before.is_none_or(|before| before == place), "{phrase} stands in two groups");
            }
        }
    }

    #[test]
    fn one_word_for_another() {
        let of = |text: &str| {
            unified(&tokens(text, 20)).iter().map(|one| one.word.folded.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("nuôi heo"), of("nuôi lợn"));
        assert_eq!(of("mướn"), of("đi thuê"));
    }
}
