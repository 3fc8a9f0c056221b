//! Texts of other systems, cleaned once at the door: they may hold line ends,
//! terminal codes and marks that nobody sees.

use std::borrow::Cow;

use super::normal::{is_zero_width, nfc};
use super::shorten::truncate_graphemes;

/// How far the end of a terminal's string (a window's title) is looked for, in
/// characters: a text full of beginnings must not be searched to its end for
/// each of them.
const LONGEST_CODE: usize = 256;

/// A text of another system as it may be kept and shown: one line of NFC,
/// without control characters, terminal codes, marks of writing direction and
/// other characters without width, each run of white space one space, at most
/// `most` characters (Unicode scalar values), cut between graphemes.
///
/// A clean text is borrowed. Cleaning twice changes nothing.
///
/// ```
/// use gateway_core::text::clean;
///
/// assert_eq!(clean("  UBND\u{1b}[31m phường\u{202e}\r\nMột", 300), "UBND phường Một");
/// assert_eq!(clean("một hai ba bốn", 8), "một hai…");
/// ```
pub fn clean(text: &str, most: usize) -> Cow<'_, str> {
    let text = text.trim();
    let cleaned = if is_clean(text) { nfc(text) } else { Cow::Owned(nfc(&cleaned(text)).into_owned()) };
    match cleaned {
        Cow::Borrowed(text) => truncate_graphemes(text, most),
        Cow::Owned(text) => match truncate_graphemes(&text, most) {
            Cow::Borrowed(whole) if whole.len() == text.len() => Cow::Owned(text),
            cut => Cow::Owned(cut.into_owned()),
        },
    }
}

fn cleaned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if is_invisible(c) {
            continue;
        }
        if let Some(after) = after_code(c, rest.as_str()) {
            rest = after.chars();
        } else if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_clean(text: &str) -> bool {
    let mut before = '\0';
    text.chars().all(|c| {
        let double = c == ' ' && before == ' ';
        before = c;
        !double && !c.is_control() && (c == ' ' || !c.is_whitespace()) && !is_invisible(c)
    })
}

/// What no text needs: what takes no room, the marks of annotations and the
/// invisible tags.
fn is_invisible(c: char) -> bool {
    is_zero_width(c) || matches!(c, '\u{2065}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// What follows a terminal code that begins with `c`; `None` where none
/// begins. A control sequence goes as a whole, and so does a string that is
/// ended; of everything else just the sign that begins it goes, for what
/// follows may be the text itself.
fn after_code(c: char, rest: &str) -> Option<&str> {
    let (kind, body) = match c {
        '\u{1b}' => match rest.chars().next() {
            Some(kind @ ('[' | ']' | 'P' | 'X' | '^' | '_')) => (kind, rest.get(1..)?),
            _ => return Some(rest),
        },
        '\u{9b}' => ('[', rest),
        '\u{9d}' => (']', rest),
        '\u{90}' => ('P', rest),
        _ => return None,
    };
    if kind == '[' {
        // All that a code is made of is ASCII.
        let Some(end) = body.find(|c| !matches!(c, ' '..='?')) else { return Some(body) };
        let ends = body.get(end..)?.starts_with(|c| matches!(c, '@'..='~'));
        return body.get(if ends { end + 1 } else { end }..);
    }
    Some(after_string(kind, body).unwrap_or(rest))
}

/// What follows the first end of a terminal's string.
fn after_string(kind: char, body: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in body.char_indices().take(LONGEST_CODE) {
        if c == '\u{9c}' || (c == '\u{7}' && kind == ']') || (c == '\\' && escaped) {
            return body.get(at + c.len_utf8()..);
        }
        escaped = c == '\u{1b}';
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chu_sach_thi_khong_chep_lai() {
        for text in ["UBND phường Thủ Dầu Một", "", "10.000 đồng/bản"] {
            assert!(matches!(clean(text, 100), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn ma_dau_cuoi_va_xuong_dong_khong_con() {
        for (dirty, expected) in [
            ("  UBND\r\n\tphường\u{1b}[31m  Một\u{0}", "UBND phường Một"),
            ("a\u{1b}[1;31mb\u{1b}[0m", "ab"),
            ("a\u{9b}2Jb", "ab"),
            ("\u{1b}]0;title\u{7}Tên", "Tên"),
            ("\u{1b}]8;;https://x.y\u{1b}\\Tên\u{1b}]8;;\u{1b}\\", "Tên"),
            ("\u{1b}Ủy ban", "Ủy ban"),
            ("\u{1b}]không bao giờ hết", "]không bao giờ hết"),
            ("\u{1b}[Ủy ban", "Ủy ban"),
            ("cuối\u{1b}[", "cuối"),
            ("Ủy\u{2028}ban\u{85}phường", "Ủy ban phường"),
        ] {
            assert_eq!(clean(dirty, 100), expected, "{dirty:?}");
        }
    }

    #[test]
    fn dau_an_va_dau_doi_chieu_khong_con() {
        for mark in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}').chain(['\u{200B}', '\u{200D}', '\u{FEFF}'])
        {
            assert_eq!(clean(&format!("Ủy{mark} ban{mark}"), 100), "Ủy ban", "{mark:?}");
        }
        assert_eq!(clean("U\u{309}\u{1b}[my", 100), "Ủy", "ghép lại sau khi bỏ mã");
    }

    #[test]
    fn cat_giua_hai_chu_khong_cat_dau() {
        assert_eq!(clean("một\n\nhai ba bốn", 8), "một hai…");
        assert_eq!(clean("\u{200B}", 8), "");
        assert_eq!(clean("abc", 0), "");
        assert_eq!(clean("a\tc", 0), "");
    }

    proptest! {
        #[test]
        fn sach_roi_thi_sach_mai(text in "\\PC{0,40}[\\x00-\\x20\u{202e}\u{301}\u{9b}\u{9d}\u{1b};\\[\\]]{0,9}\\PC{0,40}",
                                 most in 0_usize..80) {
            let once = clean(&text, most).into_owned();
            prop_assert!(once.chars().count() <= most);
            prop_assert!(is_clean(&once), "{once:?}");
            prop_assert_eq!(clean(&once, most), once.as_str());
        }
    }
}
