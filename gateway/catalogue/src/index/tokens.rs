use compact_str::CompactString;
use gateway_core::text::fold;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::letters::{Letters, letters, normal};

/// Bytes of one word at most; what is longer is no word of any language here.
const LONGEST_WORD: usize = 60;

/// One word of a text, in the two forms in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case, no marks: `thuê` and `thuế` are `thue`.
    pub(crate) folded: CompactString,
    /// Lower case with marks, the tone at the end: `hoà` and `hòa` are one.
    pub(crate) exact: CompactString,
    /// It carries marks.
    pub(crate) marked: bool,
    /// A comma, full stop or line end stands before it.
    pub(crate) after_break: bool,
}

/// The words of a text, at most `most` of them.
pub(crate) fn tokens(text: &str, most: usize) -> Vec<Token> {
    let clean = normal(text);
    let letters = letters();
    let mut words = Vec::new();
    let mut start = None;
    let mut after_break = false;
    for (at, c) in clean.char_indices() {
        if letters.in_word(c) || (!c.is_ascii() && start.is_some() && is_combining_mark(c)) {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            push(letters, &mut words, clean.get(from..at).unwrap_or_default(), after_break, most);
            after_break = false;
            if words.len() >= most {
                return words;
            }
        }
        after_break |= matches!(c, ',' | ';' | '.' | '!' | '?' | ':' | '\n' | '(' | ')');
    }
    if let Some(from) = start {
        push(letters, &mut words, clean.get(from..).unwrap_or_default(), after_break, most);
    }
    words
}

fn push(letters: Letters, words: &mut Vec<Token>, word: &str, after_break: bool, most: usize) {
    if word.len() > LONGEST_WORD {
        return;
    }
    if let Some((folded, exact)) = letters.forms(word) {
        words.push(Token { marked: exact != folded, folded, exact, after_break });
        return;
    }
    let exact = exact_form(word);
    let mut breaks = after_break;
    // Folding may open a word (`½` is `1 2`): each part counts for itself.
    for folded in fold(word).split(' ').filter(|part| !part.is_empty()) {
        if words.len() >= most {
            return;
        }
        let marked = exact != folded;
        words.push(Token { folded: folded.into(), exact: exact.clone(), marked, after_break: breaks });
        breaks = false;
    }
}

/// The word with its tone mark moved to the end, so that old and new tone
/// placement (*hoà*, *hòa*) are the same word.
pub(super) fn exact_form(word: &str) -> CompactString {
    let mut form = CompactString::default();
    let mut tone = None;
    for c in word.chars().flat_map(char::to_lowercase).nfd() {
        match c {
            '\u{300}' => tone = Some('1'),
            '\u{301}' => tone = Some('2'),
            '\u{309}' => tone = Some('3'),
            '\u{303}' => tone = Some('4'),
            '\u{323}' => tone = Some('5'),
            other => form.push(other),
        }
    }
    if let Some(tone) = tone {
        form.push('\'');
        form.push(tone);
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nfd_and_old_tone_placement_are_the_same_words() {
        let of = |text: &str| tokens(text, 9).into_iter().map(|token| (token.folded, token.exact)).collect::<Vec<_>>();
        let nfd: String = "Hòa giải thuế".nfd().collect();
        assert_eq!(of("Hòa giải thuế"), of(&nfd));
        assert_eq!(of("hoà giải thuế"), of("hòa giải thuế"));
        assert_ne!(of("thuê"), of("thuế"));
        assert_eq!(of("Ðăng"), of("đăng"));
    }

    #[test]
    fn a_place_is_one_word_and_a_code_too() {
        let words: Vec<_> =
            tokens("quan1 phuong5, CT07", 9).into_iter().map(|token| (token.folded, token.after_break)).collect();
        assert_eq!(words, [("quan1".into(), false), ("phuong5".into(), false), ("ct07".into(), true)]);
    }
}
