use std::borrow::Cow;

use unicode_normalization::char::decompose_canonical;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Brings a text to NFC, as every text is kept and compared inside.
///
/// - Letters that only look like *đ* become *đ*: `Ð`/`ð` (U+00D0, U+00F0,
///   Icelandic eth, produced by old fonts) and `Ɖ`/`ɖ` (U+0189, U+0256).
/// - Characters without width are removed: zero-width space, joiners, word
///   joiner, byte order mark, soft hyphen, and the marks of writing direction
///   that come along when a number is pasted from a web page or a chat.
///
/// A text that is already clean is borrowed, not copied.
pub fn nfc(s: &str) -> Cow<'_, str> {
    if s.is_ascii() {
        return Cow::Borrowed(s);
    }
    if !s.chars().any(needs_cleaning) {
        return if is_nfc(s) { Cow::Borrowed(s) } else { Cow::Owned(s.nfc().collect()) };
    }
    Cow::Owned(s.chars().filter(|c| !is_zero_width(*c)).map(stroke_d).nfc().collect())
}

/// True for characters that take no room on paper and carry no meaning in
/// Vietnamese: removed wherever text is read.
pub fn is_zero_width(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FEFF}'
    )
}

/// `Ð ð Ɖ ɖ` → `Đ đ`; everything else unchanged.
pub(crate) fn stroke_d(c: char) -> char {
    match c {
        '\u{00D0}' | '\u{0189}' => 'Đ',
        '\u{00F0}' | '\u{0256}' => 'đ',
        other => other,
    }
}

/// The combining marks that stand over and under Latin letters.
pub(crate) fn is_latin_mark(c: char) -> bool {
    matches!(
        c,
        '\u{0300}'..='\u{036F}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

/// The ASCII letter under a marked Latin letter (`ữ` → `u`, `Đ` → `D`), or
/// nothing where there is none.
pub(crate) fn latin_base(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c);
    }
    match stroke_d(c) {
        'Đ' => return Some('D'),
        'đ' => return Some('d'),
        _ => {}
    }
    let mut first = None;
    let mut only_marks = true;
    decompose_canonical(c, |part| {
        if first.is_none() {
            first = Some(part);
        } else {
            only_marks &= is_latin_mark(part);
        }
    });
    first.filter(|base| only_marks && base.is_ascii())
}

/// Full-width forms and the ideographic space as their ASCII twins
/// (`０` → `0`, `｜` → `|`), as East Asian keyboards type them.
pub(crate) fn strip_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFF01 + 0x21).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

fn needs_cleaning(c: char) -> bool {
    is_zero_width(c) || stroke_d(c) != c
}
