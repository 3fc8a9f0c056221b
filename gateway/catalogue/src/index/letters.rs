//! Folding by a table, for the letters of which nearly all texts here are made
//! (Latin ones as one character each). What the table does not hold goes the
//! long way over Unicode's own tables: both ways give the same.

use std::borrow::Cow;
use std::sync::LazyLock;

use compact_str::CompactString;
use gateway_core::text::{fold, nfc};

use super::tokens::exact_form;

/// Latin letters with marks: to ɏ, and the additional ones (most Vietnamese).
const FIRST: [(u32, u32); 2] = [(0xC0, 0x250), (0x1E00, 0x1F00)];

/// One letter in its two forms.
#[derive(Clone, Copy, Default)]
struct Letter {
    /// The letter of ASCII under it; 0 where the table does not know it.
    folded: u8,
    /// Its tone, as a figure; 0 for none.
    tone: u8,
    /// Lower case without the tone, in UTF-8, and how many bytes that takes.
    exact: [u8; 4],
    len: u8,
}

/// The table of letters: hold it over a loop.
#[derive(Clone, Copy)]
pub(super) struct Letters(&'static [Letter]);

/// The table.
pub(super) fn letters() -> Letters {
    static LETTERS: LazyLock<Vec<Letter>> = LazyLock::new(|| {
        let all = FIRST.iter().flat_map(|(first, end)| *first..*end);
        all.map(|code| char::from_u32(code).and_then(letter).unwrap_or_default()).collect()
    });
    Letters(&LETTERS)
}

/// A letter by the long way; `None` where it is not one letter of ASCII with marks.
fn letter(c: char) -> Option<Letter> {
    let text = c.to_string();
    // Between others: `ŀ` has a point behind it, which parts words.
    let folded = fold(&format!("a{c}b"));
    let &[b'a', folded, b'b'] = folded.as_bytes() else { return None };
    if !folded.is_ascii_alphanumeric() || !c.is_alphanumeric() || nfc(&text) != text {
        return None;
    }
    let form = exact_form(&text);
    let (exact, tone) = match form.split_once('\'') {
        Some((exact, tone)) => (exact, *tone.as_bytes().first()?),
        None => (form.as_str(), 0),
    };
    let mut letter = Letter { folded, tone, len: u8::try_from(exact.len()).ok()?, ..Letter::default() };
    letter.exact.get_mut(..exact.len())?.copy_from_slice(exact.as_bytes());
    Some(letter)
}

/// What a character is to a text that is cut into folded words.
enum Sign<'a> {
    Ascii(u8),
    Letter(&'a Letter),
    /// A dash, a quotation mark, an ellipsis.
    Between,
    Other,
}

impl Letters {
    #[inline]
    fn sign(self, c: char) -> Sign<'static> {
        let code = u32::from(c);
        let place = match code {
            0..0x80 => return Sign::Ascii(code.to_le_bytes()[0]),
            0xC0..0x250 => code - 0xC0,
            0x1E00..0x1F00 => code - 0x1E00 + 0x190,
            0x2010..0x2028 => return Sign::Between,
            _ => return Sign::Other,
        };
        match usize::try_from(place).ok().and_then(|place| self.0.get(place)) {
            Some(letter) if letter.folded != 0 => Sign::Letter(letter),
            _ => Sign::Other,
        }
    }

    /// Whether a text is made of what the table knows; it is then in NFC.
    pub(super) fn know(self, text: &str) -> bool {
        text.is_ascii() || text.chars().all(|c| !matches!(self.sign(c), Sign::Other))
    }

    /// Whether a character may stand in a word; marks that combine are no such.
    #[inline]
    pub(super) fn in_word(self, c: char) -> bool {
        match self.sign(c) {
            Sign::Ascii(byte) => byte.is_ascii_alphanumeric(),
            Sign::Letter(_) => true,
            Sign::Between => false,
            Sign::Other => c.is_alphanumeric(),
        }
    }

    /// A word (letters and figures only) folded and exact, in NFC; `None` where
    /// the table does not know a letter of it.
    pub(super) fn forms(self, word: &str) -> Option<(CompactString, CompactString)> {
        let mut folded = CompactString::default();
        let mut exact = CompactString::default();
        let mut tone = 0;
        for c in word.chars() {
            match self.sign(c) {
                Sign::Ascii(byte) => {
                    let lower = char::from(byte.to_ascii_lowercase());
                    folded.push(lower);
                    exact.push(lower);
                }
                Sign::Letter(letter) => {
                    folded.push(char::from(letter.folded));
                    exact.push_str(letter.exact()?);
                    if letter.tone != 0 {
                        tone = letter.tone;
                    }
                }
                Sign::Between | Sign::Other => return None,
            }
        }
        if tone != 0 {
            exact.push('\'');
            exact.push(char::from(tone));
        }
        Some((folded, exact))
    }

    /// The words of a folded text, one after the other.
    pub(super) fn each_word(self, text: &str, mut each: impl FnMut(&str)) {
        let mut word = String::with_capacity(64);
        if self.know(text) {
            self.each_known(text, &mut word, &mut each);
            return;
        }
        // A mark combines with what stands before it, never over a space.
        for run in text.split([' ', '\n']) {
            if self.know(run) {
                self.each_known(run, &mut word, &mut each);
            } else {
                fold(run).split(' ').filter(|word| !word.is_empty()).for_each(&mut each);
            }
        }
    }

    fn each_known(self, text: &str, word: &mut String, each: &mut impl FnMut(&str)) {
        for c in text.chars() {
            match self.sign(c) {
                Sign::Ascii(byte) if byte.is_ascii_alphanumeric() => word.push(char::from(byte.to_ascii_lowercase())),
                Sign::Letter(letter) => word.push(char::from(letter.folded)),
                _ => {
                    if !word.is_empty() {
                        each(word);
                        word.clear();
                    }
                }
            }
        }
        if !word.is_empty() {
            each(word);
            word.clear();
        }
    }
}

impl Letter {
    fn exact(&self) -> Option<&str> {
        std::str::from_utf8(self.exact.get(..usize::from(self.len))?).ok()
    }
}

/// [`fold`], by the table where it can be.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    letters().each_word(text, |word| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    });
    out
}

/// [`nfc`], by the table where it can be.
pub(crate) fn normal(text: &str) -> Cow<'_, str> {
    if letters().know(text) { Cow::Borrowed(text) } else { nfc(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn long_way(text: &str) -> (String, String) {
        (fold(text), nfc(text).into_owned())
    }

    #[test]
    fn the_table_and_the_long_way_agree_on_every_letter() {
        for c in (0..0x3000).filter_map(char::from_u32) {
            for text in [c.to_string(), format!("a{c}b"), format!("{c}\u{301} {c}"), format!("ạ{c}\u{323}")] {
                assert_eq!((folded(&text), normal(&text).into_owned()), long_way(&text), "{text:?}");
            }
            let text = c.to_string();
            if let Some((folded, exact)) = letters().forms(&text)
                && c.is_alphanumeric()
            {
                assert_eq!((folded.as_str(), exact), (fold(&text).as_str(), exact_form(&text)), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_table_and_the_long_way_agree_on_every_text(
            text in "([a-zà-ỹÀ-Ỹ]{0,7}[ ,.\n–“…]|\\PC|[\u{300}-\u{345}\u{ad}\u{200b}ÐðƉ½ﬁ²１]){0,40}",
        ) {
            prop_assert_eq!((folded(&text), normal(&text).into_owned()), long_way(&text));
        }

        #[test]
        fn exact_forms_agree(word in "[a-zA-Z0-9à-ỹÀ-Ỹđ]{1,9}") {
            if let Some((folded, exact)) = letters().forms(&word) {
                prop_assert_eq!(folded.as_str(), fold(&word));
                prop_assert_eq!(exact, exact_form(&word));
            }
        }
    }
}
