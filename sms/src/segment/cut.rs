//! Where a text may be cut.

use unicode_segmentation::GraphemeCursor;

use crate::codec::{Alphabet, ReferenceBits};

/// The parts of a text that takes several, as many as it needs.
pub(super) struct Joined<'t> {
    rest: &'t str,
    alphabet: Alphabet,
    room: usize,
}

impl<'t> Joined<'t> {
    pub(super) fn new(text: &'t str, alphabet: Alphabet, reference: ReferenceBits) -> Self {
        Self { rest: text, alphabet, room: alphabet.joined(reference) }
    }
}

impl<'t> Iterator for Joined<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.rest.is_empty() {
            return None;
        }
        let (part, rest) = self.rest.split_at_checked(fitting(self.rest, self.alphabet, self.room))?;
        self.rest = rest;
        Some(part)
    }
}

/// How many bytes of a text fit into so many units, cut between two letters.
/// Within a letter only where it alone does not fit; 0 only where the first
/// character does not.
pub(super) fn fitting(text: &str, alphabet: Alphabet, room: usize) -> usize {
    let mut left = room;
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        match left.checked_sub(alphabet.cost(c)) {
            Some(less) => left = less,
            // No letter of GSM 03.38 combines with another.
            None if alphabet == Alphabet::Gsm7 || (stands_alone(before) && stands_alone(c)) => return at,
            None => return letter_end(text, at, c),
        }
        before = c;
    }
    text.len()
}

/// The last end of a letter at or before `at`, where the character `next`
/// starts; `at` itself where there is none.
fn letter_end(text: &str, at: usize, next: char) -> usize {
    // No more than the part is looked at, so that the work stays linear.
    let Some(part) = text.get(..at + next.len_utf8()) else { return at };
    let mut cursor = GraphemeCursor::new(at, part.len(), true);
    if cursor.is_boundary(part, 0) == Ok(true) {
        return at;
    }
    match cursor.prev_boundary(part, 0) {
        Ok(Some(end)) if end > 0 => end,
        _ => at,
    }
}

/// Whether two such characters side by side are surely two letters: nothing
/// that combines, joins or comes in pairs. All of Vietnamese in NFC and its
/// punctuation is among them.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{20}'..='\u{7E}' | '\n' | '\u{A1}'..='\u{2FF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{2027}' | '₫' | '€')
        && c != '\u{AD}'
}

/// Whether a blank before this character is a letter of its own.
fn starts_letter(c: char) -> bool {
    if stands_alone(c) {
        return true;
    }
    let mut text = String::from(' ');
    text.push(c);
    GraphemeCursor::new(1, text.len(), true).is_boundary(&text, 0) == Ok(true)
}

/// The length of the blank at the start, where a text may be parted: white
/// space, but not a no-break one, and none that carries a combining mark.
fn blank(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next().filter(|c| c.is_whitespace() && !matches!(c, '\u{A0}' | '\u{2007}' | '\u{202F}'))?;
    chars.next().is_none_or(starts_letter).then_some(first.len_utf8())
}

/// The word around `at`: its start, and itself. `None` where `at` lies between
/// two words.
pub(super) fn word_around(text: &str, at: usize) -> Option<(usize, &str)> {
    let (said, after) = text.split_at_checked(at)?;
    if blank(after).is_some() {
        return None;
    }
    let gap = said.char_indices().rev().find_map(|(gap, _)| Some(gap + blank(text.get(gap..)?)?));
    let start = gap.unwrap_or(0);
    if start == at {
        return None;
    }
    let end =
        after.char_indices().map(|(offset, _)| at + offset).find(|end| text.get(*end..).and_then(blank).is_some());
    Some((start, text.get(start..end.unwrap_or(text.len()))?))
}

/// White space at the start is dropped, but for one that carries a mark.
pub(super) fn without_leading_blanks(text: &str) -> &str {
    let mut text = text;
    loop {
        let mut chars = text.chars();
        match chars.next() {
            Some(c) if c.is_whitespace() && chars.clone().next().is_none_or(starts_letter) => text = chars.as_str(),
            _ => return text,
        }
    }
}

/// Whether a word is a web or mail address, of which a half leads elsewhere.
pub(super) fn is_address(word: &str) -> bool {
    let dotted = |text: &str| text.split_once('.').is_some_and(|(host, end)| !host.is_empty() && !end.is_empty());
    word.contains("://")
        || word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
        || word.split_once('/').is_some_and(|(host, _)| dotted(host))
        || word.split_once('@').is_some_and(|(_, host)| dotted(host))
}
