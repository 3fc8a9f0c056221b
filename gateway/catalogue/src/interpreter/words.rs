//! The words of a text, folded, with their places in it.

use std::ops::Range;

use gateway_core::text::fold;

/// One word.
pub(super) struct Word {
    pub(super) place: Range<usize>,
    /// Punctuation at its ends is gone; empty for a dash.
    pub(super) folded: String,
    /// A sentence ends here.
    pub(super) ends: bool,
}

impl Word {
    pub(super) fn is_digits(&self) -> bool {
        !self.folded.is_empty() && self.folded.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Words by white space, by a hyphen between letters, and by `:` and `=` except
/// between digits (`10:30`).
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        let in_digits = before.is_some_and(char::is_numeric) && next.is_some_and(char::is_numeric);
        // `one-time`, but not `H09-210819`.
        let hyphen = c == '-' && before.is_some_and(char::is_alphabetic) && next.is_some_and(char::is_alphabetic);
        if hyphen || c.is_whitespace() || (matches!(c, ':' | '=' | '：' | '＝') && !in_digits) {
            push(&mut words, text, start..at);
            start = at + c.len_utf8();
        }
        before = Some(c);
    }
    push(&mut words, text, start..text.len());
    words
}

fn push(words: &mut Vec<Word>, text: &str, place: Range<usize>) {
    let word = text.get(place.clone()).unwrap_or_default();
    if !word.is_empty() {
        words.push(Word { folded: fold(word), ends: word.ends_with(['.', '?', '!', ';']), place });
    }
}

/// The length of the phrase that stands here, in words.
pub(super) fn phrase(words: &[Word], at: usize, phrases: &[&str]) -> Option<usize> {
    let first = words.get(at)?.folded.as_str();
    phrases.iter().find_map(|phrase| {
        // Nearly all differ in the first word.
        phrase.strip_prefix(first).filter(|rest| rest.is_empty() || rest.starts_with(' '))?;
        let len = phrase.split(' ').count();
        let said = words.get(at..at + len)?;
        let inside_ends = said.iter().take(len - 1).any(|word| word.ends);
        (!inside_ends && said.iter().map(|word| word.folded.as_str()).eq(phrase.split(' '))).then_some(len)
    })
}
