//! Texts of the portal on their way in: cleaned and cut here, once, so that
//! nothing behind has to doubt them.

use std::borrow::Cow;

use gateway_core::text::clean;

use super::wire::lenient::Leaf;

/// The longest name of an agency, a fee, a person, in characters.
pub(super) const LONGEST_NAME: usize = 300;

/// The longest name of a procedure in the catalogue, in characters: official
/// ones may be longer than any other name, and are searched.
const LONGEST_TITLE: usize = 1_000;

/// The longest text of a few sentences, in characters.
pub(super) const LONGEST_TEXT: usize = 2_000;

/// The longest line of a long text, in characters: steps are published without
/// line ends too.
const LONGEST_LINE: usize = 10_000;

/// The most lines of a long text that are kept.
const MOST_LINES: usize = 200;

/// A name on one line; `None` where nothing is left of it.
pub(super) fn name(leaf: &Leaf) -> Option<String> {
    cleaned(leaf, LONGEST_NAME)
}

/// A procedure's official name.
pub(super) fn title(leaf: &Leaf) -> Option<String> {
    cleaned(leaf, LONGEST_TITLE)
}

/// A few sentences on one line.
pub(super) fn text(leaf: &Leaf) -> Option<String> {
    cleaned(leaf, LONGEST_TEXT)
}

/// A long text that keeps its lines.
pub(super) fn lines(leaf: &Leaf) -> Option<String> {
    let text = leaf.text()?;
    let lines = text.lines().map(|line| clean(line, LONGEST_LINE)).filter(|line| !line.is_empty());
    let kept: Vec<_> = lines.take(MOST_LINES).collect();
    (!kept.is_empty()).then(|| kept.join("\n"))
}

/// What an officer wrote for the owner, without links: results are handed out
/// by the portal and the desk, on no channel of ours.
///
/// Names, phones and numbers that an officer put there stay: they cannot be
/// told from other words, so only the owner may be shown this text.
pub(super) fn officers(leaf: &Leaf) -> Option<String> {
    // Cleaned first, so that nothing invisible hides a link; cut last, so that
    // no half of one is left.
    let text = leaf.text()?;
    let text = without_links(&clean(&text, usize::MAX));
    some(clean(&text, LONGEST_TEXT))
}

fn cleaned(leaf: &Leaf, most: usize) -> Option<String> {
    some(clean(&leaf.text()?, most))
}

fn some(text: Cow<'_, str>) -> Option<String> {
    (!text.is_empty()).then(|| text.into_owned())
}

/// The text of one line without web addresses; what stood before one in the
/// same word stays, and so does the punctuation behind it.
fn without_links(text: &str) -> String {
    let kept = text.split(' ').map(|word| match link_in(word) {
        Some(at) => {
            let (before, link) = word.split_at(at);
            let end = link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '”']);
            Cow::Owned(format!("{before}{}", link.get(end.len()..).unwrap_or_default()))
        }
        None => Cow::Borrowed(word),
    });
    kept.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where a web address begins in a word; it ends with the word.
fn link_in(word: &str) -> Option<usize> {
    let lower = word.to_ascii_lowercase();
    let scheme = lower.find("://").map(|at| {
        let before = lower.get(..at).unwrap_or_default();
        before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')).len()
    });
    let www = lower.find("www.");
    [scheme, www, bare_host(word)].into_iter().flatten().min()
}

/// Endings of hosts that are no words. Others are taken for a host only where a
/// path or a port follows.
const ENDINGS: [&str; 14] =
    ["vn", "com", "net", "org", "gov", "edu", "info", "io", "app", "dev", "xyz", "site", "online", "asia"];

/// Where a host without a scheme begins: `files.example.vn/kq.pdf`.
fn bare_host(word: &str) -> Option<usize> {
    let mut at = 0;
    for part in word.split_inclusive(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))) {
        let host = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        let follows = word.get(at + host.len()..).unwrap_or_default();
        let leads = follows.len() > 1
            && (follows.starts_with(['/', '?', '#', '\\'])
                || follows.strip_prefix(':').is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit())));
        let mailbox = word.get(..at).is_some_and(|before| before.ends_with('@'));
        if is_host(host.trim_start_matches(['.', '-', '_']), leads, mailbox) {
            return Some(at);
        }
        at += part.len();
    }
    None
}

fn is_host(host: &str, leads: bool, mailbox: bool) -> bool {
    let Some((rest, ending)) = host.rsplit_once('.') else { return false };
    if rest.is_empty() {
        return false;
    }
    if leads && host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok()) {
        return true;
    }
    let lettered = rest.chars().any(char::is_alphabetic);
    let known = ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending));
    let lower =
        ending.len() >= 2 && host.chars().all(|c| !c.is_uppercase()) && ending.bytes().all(|b| b.is_ascii_lowercase());
    lettered && ((known && !mailbox) || (leads && (known || lower)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Option<String> {
        officers(&Leaf::Text(text.into()))
    }

    #[test]
    fn links_go_and_what_stands_around_them_stays() {
        for (text, expected) in [
            ("Xem kết quả tại https://files.example/kq/12.pdf?k=a nhé", "Xem kết quả tại nhé"),
            ("Tải tại:HTTPS://A.VN/x.", "Tải tại:."),
            ("(xem http://10.0.0.1/x)", "(xem )"),
            ("tại www.example.vn, hoặc quầy 2", "tại , hoặc quầy 2"),
            ("tệp files.example.vn/kq.pdf.", "tệp ."),
            ("tệp files.example/kq.pdf", "tệp"),
            ("tệp 10.0.0.1:8080/kq", "tệp"),
            ("cổng dichvucong.gov.vn", "cổng"),
            ("cổng Dichvucong.GOV.VN/a,b(c)", "cổng )"),
            ("tệp nguoi@files.example.vn/kq", "tệp nguoi@"),
            ("ht\u{200b}tps://a.vn/x và f\u{202e}tp://b/c", "và"),
            ("a.vn/c://d", ""),
        ] {
            assert_eq!(kept(text).unwrap_or_default(), expected, "{text}");
        }
        assert_eq!(kept("https://a.vn/kq.pdf"), None);
    }

    #[test]
    fn numbers_of_decisions_dates_and_dossiers_are_no_links() {
        for text in [
            "HS 000.00.17.H09-210819-0012, TP.HCM, 0274.1022, 20.000 đ, 24.10.2026",
            "Quyết định 15/2020/NĐ-CP, TT.BTP/HT, mục 1.2.3/4 và/hoặc mẫu 01.a",
            "ho so.co the nop lai; hồ sơ.Không có; v.v. ...",
            "thư motcua@example.gov.vn",
        ] {
            assert_eq!(kept(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn texts_are_cleaned_and_cut() {
        let dirty = Leaf::Text("  UBND\r\n\u{1b}[31mphường\u{202e}  Một ".into());
        assert_eq!(name(&dirty).as_deref(), Some("UBND phường Một"));
        assert_eq!(name(&Leaf::Text("\u{200b}\n".into())), None);
        let long = Leaf::Text("phường ".repeat(1_000));
        for (read, most) in [(name(&long), 300), (title(&long), 1_000), (text(&long), 2_000), (officers(&long), 2_000)]
        {
            assert!((most - 10..=most).contains(&read.unwrap().chars().count()));
        }
        assert_eq!(
            lines(&Leaf::Text("Bước 1\u{7}: nộp\r\n\r\n  Bước 2".into())).as_deref(),
            Some("Bước 1 : nộp\nBước 2")
        );
    }
}
