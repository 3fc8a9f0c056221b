use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use super::normal::nfc;

const ELLIPSIS: char = '…';
const HIDDEN: &str = "***";
const MOST_WORDS_OF_A_NAME: usize = 6;

/// At most `max_chars` characters (Unicode scalar values, the ellipsis
/// included), cut at the end of a word and never inside a grapheme.
///
/// A text that fits is borrowed. A cut text ends in `…` without punctuation or
/// space before it. A first word that is longer than the room is cut between
/// graphemes. `max_chars` 0 gives an empty text.
pub fn truncate_graphemes(s: &str, max_chars: usize) -> Cow<'_, str> {
    if s.len() <= max_chars || s.chars().nth(max_chars).is_none() {
        return Cow::Borrowed(s);
    }
    let Some(room) = max_chars.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut used = 0;
    let mut fits = 0;
    let mut word_end = 0;
    for (at, grapheme) in s.grapheme_indices(true) {
        let blank = grapheme.chars().all(char::is_whitespace);
        if blank {
            word_end = at;
        }
        used += grapheme.chars().count();
        if used > room {
            break;
        }
        fits = at + grapheme.len();
    }
    // Going back to the last word must not cost most of the text.
    let cut = if word_end > fits / 3 { word_end } else { fits };
    let kept = s
        .get(..cut)
        .unwrap_or_default()
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '(' | '.' | '/'));
    let mut out = String::with_capacity(kept.len() + ELLIPSIS.len_utf8());
    out.push_str(kept);
    out.push(ELLIPSIS);
    Cow::Owned(out)
}

/// A name that its owner recognises and a stranger does not learn:
/// `Nguyễn Văn An` → `N*** V*** A***`.
///
/// Each word keeps its first letter. The stars are always three, so that they
/// do not tell a word's length: that matters for names of one letter (`Ý`).
/// A word that starts with no letter is hidden whole. One-word names, and names
/// in scripts without spaces (`王小明` → `王***`), are masked the same way. At
/// most six words are shown; a name without words is `***`.
pub fn mask_name(name: &str) -> String {
    let name = nfc(name);
    let mut out = String::new();
    for word in name.split_whitespace().take(MOST_WORDS_OF_A_NAME) {
        if !out.is_empty() {
            out.push(' ');
        }
        if let Some(initial) = word.chars().next().filter(|c| c.is_alphabetic()) {
            out.push(initial);
        }
        out.push_str(HIDDEN);
    }
    if out.is_empty() {
        out.push_str(HIDDEN);
    }
    out
}
