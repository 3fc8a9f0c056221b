//! Texts of other systems on their way into an answer: they may hold line
//! ends, terminal codes, invisible marks and web addresses.

use std::borrow::Cow;

// One place cleans: what the portal's adapter keeps and what is shown here
// pass the same rule.
pub(crate) use gateway_core::text::clean;

/// A text of another system as it may be shown on any screen: one line,
/// without control characters, terminal codes and marks that turn the
/// direction of writing. A clean text is borrowed.
///
/// ```
/// assert_eq!(gateway_locale::shown("UBND\u{1b}[31m phường\u{202e}\r\nMột"), "UBND phường Một");
/// ```
pub fn shown(text: &str) -> Cow<'_, str> {
    clean(text, usize::MAX)
}

/// The same without anything that a phone would turn into a link.
pub(crate) fn without_links(text: &str) -> Cow<'_, str> {
    if !text.split(' ').any(is_link) {
        return Cow::Borrowed(text);
    }
    let kept: Vec<&str> = text.split(' ').filter(|word| !is_link(word)).collect();
    Cow::Owned(kept.join(" "))
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
        assert_eq!(clean("  UBND\r\n\tphường\u{1b}[31m  Một\u{0}", 100), "UBND phường Một");
    }

    #[test]
    fn terminal_codes_go_as_a_whole_and_the_text_stays() {
        for (dirty, expected) in [
            ("a\u{1b}[1;31mb\u{1b}[0m", "ab"),
            ("a\u{9b}2Jb", "ab"),
            ("\u{1b}]0;title\u{7}Tên", "Tên"),
            ("\u{1b}]8;;https://x.y\u{1b}\\Tên\u{1b}]8;;\u{1b}\\", "Tên"),
            ("\u{1b}Phường", "Phường"),
            ("\u{1b}Ủy ban", "Ủy ban"),
            ("\u{1b}UBND", "UBND"),
            ("\u{1b}]không bao giờ hết", "]không bao giờ hết"),
            ("\u{1b}[Ủy ban", "Ủy ban"),
            ("cuối\u{1b}[", "cuối"),
            ("cuối\u{1b}", "cuối"),
        ] {
            assert_eq!(shown(dirty), expected, "{dirty:?}");
        }
    }

    #[test]
    fn invisible_and_turning_marks_vanish() {
        assert_eq!(clean("Ủy\u{202e} ban\u{200b}", 100), "Ủy ban");
        for mark in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}').chain(['\u{200e}', '\u{61c}']) {
            assert_eq!(shown(&format!("Ủy{mark} ban{mark}")), "Ủy ban", "{mark:?}");
        }
        for end in ['\u{2028}', '\u{2029}', '\u{85}'] {
            assert_eq!(shown(&format!("Ủy{end}ban")), "Ủy ban", "{end:?}");
        }
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
        fn nothing_unclean_is_left(text in "\\PC{0,40}[\\x00-\\x20\u{202e}\u{9b}\u{9d};\\[\\]]{0,9}\\PC{0,40}") {
            let out = clean(&text, 60);
            prop_assert!(!out.contains("  ") && !out.contains(char::is_control));
            prop_assert_eq!(clean(&out, usize::MAX), &*out);
            prop_assert!(out.chars().count() <= 60);
        }
    }
}
