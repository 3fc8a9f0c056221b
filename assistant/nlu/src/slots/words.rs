//! The words of a text, folded, with their places in it and what parts them.

use std::ops::Range;

use unicode_normalization::char::{compose, decompose_canonical, is_combining_mark};

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// The text begins here.
    Start,
    /// Nothing: letters and digits that are glued (`quan1`).
    None,
    /// White space.
    Space,
    /// One mark without a space: `24/10`, `q.3`.
    Tight(char),
    /// A comma, colon or bracket.
    Comma,
    /// A dash with spaces around it.
    Dash,
    /// A sentence ends.
    Stop,
}

impl Gap {
    /// Whether words on both sides may belong to one phrase.
    pub(super) fn joins(self) -> bool {
        matches!(self, Self::None | Self::Space | Self::Tight('.' | '-' | '\'' | '’' | '_'))
    }

    /// A new clause may begin here.
    pub(super) fn parts(self) -> bool {
        matches!(self, Self::Start | Self::Comma | Self::Dash | Self::Stop)
    }
}

/// A run of letters or a run of digits.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
    /// Lower case with its marks.
    pub(super) text: String,
    /// Lower case without marks.
    pub(super) folded: String,
    /// What parts it from the word before.
    pub(super) gap: Gap,
    /// It begins with a capital letter.
    pub(super) capital: bool,
}

impl Word {
    /// A number of at most nine digits.
    pub(super) fn number(&self) -> Option<u32> {
        if self.folded.len() > 9 || !self.is_digits() {
            return None;
        }
        self.folded.parse().ok()
    }

    pub(super) fn is_digits(&self) -> bool {
        self.folded.as_bytes().first().is_some_and(u8::is_ascii_digit)
    }

    /// Written without any mark: it may be another word.
    pub(super) fn is_bare(&self) -> bool {
        self.text == self.folded
    }

    pub(super) fn is(&self, folded: &str) -> bool {
        self.folded == folded
    }

    pub(super) fn is_one_of(&self, folded: &[&str]) -> bool {
        folded.contains(&self.folded.as_str())
    }

    /// This word with these marks, or without any.
    pub(super) fn may_be(&self, written: &str) -> bool {
        if self.is_bare() { is_folded(&self.folded, written) } else { self.text == written }
    }
}

/// The words of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    all: Vec<Word>,
}

impl Words {
    /// Reads a text, leaving out the words that lie in `hidden` (in order).
    pub(super) fn of(text: &str, hidden: &[Range<usize>]) -> Self {
        let mut all: Vec<Word> = Vec::with_capacity(text.len() / 4);
        let mut hidden = hidden.iter().peekable();
        let mut gap = Gap::Start;
        let mut chars = text.char_indices().peekable();
        let mut before = '\0';
        let mut open = false;
        while let Some((at, raw)) = chars.next() {
            while hidden.peek().is_some_and(|range| range.end <= at) {
                hidden.next();
            }
            if hidden.peek().is_some_and(|range| range.contains(&at)) {
                // A cut: what is on both sides does not belong together.
                gap = Gap::Comma;
                open = false;
                continue;
            }
            let c = plain(raw);
            if is_zero_width(raw) {
                continue;
            }
            let end = at + raw.len_utf8();
            let joins =
                open && (is_combining_mark(c) || (c.is_alphanumeric() && c.is_numeric() == before.is_numeric()));
            if joins {
                if let Some(word) = all.last_mut() {
                    word.range.end = end;
                    push(word, c);
                }
            } else if c.is_alphanumeric() {
                let gap = if open { Gap::None } else { std::mem::replace(&mut gap, Gap::Space) };
                let mut word = Word {
                    range: at..end,
                    text: String::with_capacity(8),
                    folded: String::with_capacity(8),
                    gap,
                    capital: c.is_uppercase(),
                };
                push(&mut word, c);
                all.push(word);
                open = true;
            } else {
                let next = chars.peek().map(|(_, next)| plain(*next));
                gap = wider(if open { None } else { Some(gap) }, gap_of(before, c, next, open));
                open = false;
            }
            if !is_combining_mark(c) {
                before = c;
            }
        }
        Self { all }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn all(&self) -> &[Word] {
        &self.all
    }

    pub(super) fn get(&self, at: usize) -> Option<&Word> {
        self.all.get(at)
    }

    /// The word `n` before the one at `at`.
    pub(super) fn back(&self, at: usize, n: usize) -> Option<&Word> {
        at.checked_sub(n).and_then(|at| self.all.get(at))
    }

    /// The folded word at `at` where it goes on the same phrase, else nothing.
    pub(super) fn next_folded(&self, at: usize) -> &str {
        self.get(at).filter(|word| word.gap.joins()).map_or("", |word| word.folded.as_str())
    }

    /// The folded word before the one at `at` where both are of one phrase.
    pub(super) fn back_folded(&self, at: usize) -> &str {
        match self.get(at) {
            Some(word) if word.gap.joins() => self.back(at, 1).map_or("", |word| word.folded.as_str()),
            _ => "",
        }
    }

    /// The number of words of the folded phrase that stands at `at`; nothing
    /// where another does.
    pub(super) fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut len = 0;
        for part in phrase.split(' ') {
            let word = self.all.get(at + len)?;
            if word.folded != part || (len > 0 && !word.gap.joins()) {
                return None;
            }
            len += 1;
        }
        Some(len)
    }

    /// The longest of these phrases that stands at `at`.
    pub(super) fn longest(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        let first = self.all.get(at)?.folded.as_str();
        let same = phrases.iter().filter(|phrase| phrase.starts_with(first));
        same.filter_map(|phrase| self.phrase(at, phrase)).max()
    }

    /// The bytes from one word to the end of another.
    pub(super) fn span(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.get(from).map_or(0, |word| word.range.start);
        let end = to.checked_sub(1).and_then(|last| self.get(last)).map_or(start, |word| word.range.end);
        start..end.max(start)
    }
}

/// One word without marks, lower case.
pub(super) fn fold_word(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        push_folded(&mut out, plain(c));
    }
    out
}

fn push(word: &mut Word, c: char) {
    if c.is_ascii() {
        let c = c.to_ascii_lowercase();
        word.text.push(c);
        word.folded.push(c);
        return;
    }
    if is_combining_mark(c) {
        // A mark of its own (NFD): the word is composed again.
        let before = word.text.pop();
        match before.and_then(|before| compose(before, c)) {
            Some(one) => word.text.push(one),
            None => word.text.extend(before.into_iter().chain([c])),
        }
        return;
    }
    for lower in c.to_lowercase() {
        word.text.push(lower);
    }
    push_folded(&mut word.folded, c);
}

fn push_folded(out: &mut String, c: char) {
    each_folded(c, |part| out.push(part));
}

fn each_folded(c: char, mut each: impl FnMut(char)) {
    if c.is_ascii() {
        each(c.to_ascii_lowercase());
        return;
    }
    for lower in c.to_lowercase() {
        match lower {
            'đ' => each('d'),
            lower if lower.is_ascii() => each(lower),
            lower => decompose_canonical(lower, |part| {
                if !is_combining_mark(part) {
                    each(if part == 'đ' { 'd' } else { part });
                }
            }),
        }
    }
}

/// Whether a word is this one without marks; most words differ in the first letter.
fn is_folded(folded: &str, written: &str) -> bool {
    let mut rest = folded.chars();
    for c in written.chars() {
        let mut same = true;
        each_folded(plain(c), |part| same &= rest.next() == Some(part));
        if !same {
            return false;
        }
    }
    rest.next().is_none()
}

fn gap_of(before: char, c: char, next: Option<char>, after_word: bool) -> Gap {
    let tight = after_word && next.is_some_and(char::is_alphanumeric);
    match c {
        '\n' | '?' | '!' | ';' | '…' => Gap::Stop,
        c if c.is_whitespace() => Gap::Space,
        '.' if tight => Gap::Tight('.'),
        '.' => Gap::Stop,
        ',' if tight && before.is_numeric() && next.is_some_and(char::is_numeric) => Gap::Tight(','),
        '-' if !after_word => Gap::Dash,
        '/' | '-' | '\'' | '’' | '_' | '@' | '&' | '+' if tight => Gap::Tight(c),
        '-' => Gap::Space,
        '"' | '“' | '”' | '*' | '\'' | '’' => Gap::Space,
        _ => Gap::Comma,
    }
}

/// What parts more wins.
fn wider(before: Option<Gap>, now: Gap) -> Gap {
    let rank = |gap: Gap| match gap {
        Gap::None => 0,
        Gap::Tight(_) => 1,
        Gap::Space => 2,
        Gap::Dash => 3,
        Gap::Comma => 4,
        Gap::Stop => 5,
        Gap::Start => 6,
    };
    before.filter(|before| rank(*before) >= rank(now)).unwrap_or(now)
}

/// Wide forms and the digits of *fancy text* as ASCII; dashes as `-`; eth as đ.
pub(super) fn plain(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFF01 + 0x21).unwrap_or(c),
        '\u{1D7CE}'..='\u{1D7FF}' => char::from_digit((u32::from(c) - 0x1D7CE) % 10, 10).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' => '-',
        '\u{3000}' => ' ',
        'Ð' | 'Ɖ' => 'Đ',
        'ð' | 'ɖ' => 'đ',
        c => c,
    }
}

/// Without width for every text of the house, or not yet given to any letter
/// (U+2065, in the midst of those).
pub(super) fn is_zero_width(c: char) -> bool {
    gateway_core::text::is_zero_width(c) || c == '\u{2065}'
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        Words::of(text, &[]).all().iter().map(|word| word.folded.clone()).collect()
    }

    #[test]
    fn letters_and_digits_are_words_of_their_own() {
        assert_eq!(folded("Quan1, phường5 q.3"), ["quan", "1", "phuong", "5", "q", "3"]);
        let nfd: String = "Đường số １２".nfd().collect();
        assert_eq!(folded(&nfd), ["duong", "so", "12"]);
        let words = Words::of("24/10 nộp, xong. Chưa?", &[]);
        let gaps: Vec<Gap> = words.all().iter().map(|word| word.gap).collect();
        assert_eq!(gaps, [Gap::Start, Gap::Tight('/'), Gap::Space, Gap::Comma, Gap::Stop]);
    }

    #[test]
    fn hidden_places_part_what_is_around_them() {
        let hidden = std::iter::once(5..15).collect::<Vec<_>>();
        let words = Words::of("số 0912345678 nhé", &hidden);
        assert_eq!(words.all().iter().map(|word| word.folded.as_str()).collect::<Vec<_>>(), ["so", "nhe"]);
        assert_eq!(words.get(1).map(|word| word.gap), Some(Gap::Comma));
    }
}
