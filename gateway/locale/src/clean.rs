//! Texts of other systems on their way into an answer: they may hold line
//! ends, terminal codes, invisible marks and web addresses.

use std::borrow::Cow;

use gateway_core::text::truncate_graphemes;

/// A text without control characters, invisible marks and runs of white
/// space, at most `most` characters long. A clean text is borrowed.
pub(crate) fn clean(text: &str, most: usize) -> Cow<'_, str> {
    let text = text.trim();
    if is_clean(text) {
        return truncate_graphemes(text, most);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    match truncate_graphemes(&out, most) {
        Cow::Borrowed(_) => Cow::Owned(out),
        Cow::Owned(cut) => Cow::Owned(cut),
    }
}

/// The same without anything that a phone would turn into a link.
pub(crate) fn without_links(text: &str) -> Cow<'_, str> {
    if !text.split(' ').any(is_link) {
        return Cow::Borrowed(text);
    }
    let kept: Vec<&str> = text.split(' ').filter(|word| !is_link(word)).collect();
    Cow::Owned(kept.join(" "))
}

fn is_clean(text: &str) -> bool {
    let mut before = '\0';
    text.chars().all(|c| {
        let double = c == ' ' && before == ' ';
        before = c;
        !double && !c.is_control() && (c == ' ' || !c.is_whitespace()) && !is_invisible(c)
    })
}

/// Characters that take no room, and those that turn the direction of writing:
/// they can make a text read as something else.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// Endings after which phones underline a word, whatever stands before it.
const ENDINGS: &[&str] = &[
    "vn", "com", "net", "org", "gov", "edu", "info", "biz", "io", "me", "app", "dev", "xyz", "top", "site", "online",
    "link", "click", "asia", "co", "cc", "ly", "gl", "to", "vip", "shop", "club", "live", "tk", "ru", "cn",
];

fn is_link(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    if lower.contains("://") || lower.contains("www.") {
        return true;
    }
    let inner = lower.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    // `host/path`, `host:port`, `name@host`, `host)`.
    inner.split(['/', ':', '@', ',', ';', '(', ')', '?', '"', '“', '”']).any(|part| {
        let host = part.trim_matches('.');
        host.rsplit_once('.')
            .is_some_and(|(rest, ending)| ENDINGS.contains(&ending) && rest.bytes().any(|b| b.is_ascii_alphabetic()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_clean_text_is_borrowed() {
        assert!(matches!(clean("UBND phường Thủ Dầu Một", 100), Cow::Borrowed(_)));
    }

    #[test]
    fn terminal_codes_and_line_ends_become_spaces() {
        assert_eq!(clean("  UBND\r\n\tphường\u{1b}[31m  Một\u{0}", 100), "UBND phường [31m Một");
    }

    #[test]
    fn invisible_and_turning_marks_vanish() {
        assert_eq!(clean("Ủy\u{202e} ban\u{200b}", 100), "Ủy ban");
    }

    #[test]
    fn a_long_text_is_cut_at_a_word() {
        assert_eq!(clean("một hai ba bốn", 8), "một hai…");
    }

    #[test]
    fn links_are_dropped_and_figures_are_not() {
        assert_eq!(without_links("xem https://a.vn/x tại quầy"), "xem tại quầy");
        assert_eq!(without_links("cổng dichvucong.gov.vn, hoặc gọi 1022"), "cổng hoặc gọi 1022");
        assert_eq!(without_links("thư a@b.com; (www.x.y)"), "thư");
        let kept = "HS 000.00.17.H09-210819-0012, TP.HCM, 0274.1022, 20.000 đ, 24.10.2026";
        assert_eq!(without_links(kept), kept);
    }

    proptest! {
        #[test]
        fn nothing_unclean_is_left(text in "\\PC{0,40}[\\x00-\\x20\u{202e}]{0,9}\\PC{0,40}") {
            let out = clean(&text, 60);
            prop_assert!(is_clean(&out));
            prop_assert!(out.chars().count() <= 60);
        }
    }
}
