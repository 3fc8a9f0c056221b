use std::ops::Range;

use gateway_core::desk::Proof;
use gateway_core::domain::{CitizenId, LastFour};
use gateway_core::text::fold;

/// Words between what announces the digits and the digits themselves, at most.
const FAR: usize = 8;

/// What announces the last digits and nothing else, folded; a phrase that
/// begins another comes after it.
const LAST_DIGITS: [&str; 14] = [
    "4 so cuoi",
    "bon so cuoi",
    "4 chu so cuoi",
    "bon chu so cuoi",
    "4 so duoi",
    "bon so duoi",
    "so cuoi",
    "so duoi",
    "last four digits",
    "last 4 digits",
    "last four numbers",
    "last 4 numbers",
    "last four",
    "last 4",
];

/// What names an ID: its last digits may follow, but it is also a matter of its
/// own (*làm căn cước*).
const ID_NAMES: [&str; 13] = [
    "can cuoc cong dan",
    "can cuoc",
    "chung minh nhan dan",
    "chung minh thu",
    "chung minh",
    "cccd",
    "cmnd",
    "cmt",
    "identity card",
    "id card",
    "id number",
    "id no",
    "id",
];

/// Names that people glue to the digits: `cccd1234`.
const GLUED: [&str; 3] = ["cccd", "cmnd", "cmt"];

/// Only these may stand between: with *năm*, *tháng* or a number between, the
/// digits say something else.
const FILLERS: [&str; 29] = [
    "la",
    "cua",
    "toi",
    "em",
    "minh",
    "anh",
    "chi",
    "chau",
    "con",
    "nguoi",
    "nop",
    "nay",
    "the",
    "so",
    "chu",
    "cuoi",
    "is",
    "are",
    "my",
    "of",
    "on",
    "his",
    "her",
    "applicant",
    "s",
    "number",
    "numbers",
    "digits",
    "no",
];

/// Before the name of an ID these make it a matter: *làm căn cước 2026*, `case id 2026`.
const MATTERS: [&str; 19] = [
    "lam",
    "cap",
    "doi",
    "lai",
    "mat",
    "xin",
    "dang",
    "ky",
    "renew",
    "new",
    "lost",
    "dossier",
    "application",
    "file",
    "case",
    "request",
    "zalo",
    "user",
    "facebook",
];

/// After the digits these make them a sum or a count.
const UNITS: [&str; 8] = ["dong", "nghin", "ngan", "trieu", "vnd", "tuoi", "nguoi", "ngay"];

/// A second proof in a text (`… 4 số cuối 1234`, `cccd 1234`, a whole ID
/// number), and the text without it, so that its digits are not taken for a
/// part of the dossier number. Nothing else is taken out of the text.
pub(super) fn taken_from(text: &str) -> (String, Option<Proof>) {
    let words = words(text);
    for at in 0..words.len() {
        let Some((end, proof)) = glued(&words, at).or_else(|| announced(&words, at)) else { continue };
        let from = words.get(at).map_or(0, |word| word.place.start);
        let to = words.get(end).map_or(text.len(), |word| word.place.end);
        let before = text.get(..from).unwrap_or_default().trim_end();
        let after = text.get(to..).unwrap_or_default().trim_start();
        return (format!("{before} {after}").trim().to_owned(), Some(Proof::IdLastFour(proof)));
    }
    (text.to_owned(), None)
}

struct Word {
    place: Range<usize>,
    /// Punctuation at its ends is gone; empty for a dash.
    folded: String,
    /// A sentence ends here.
    ends: bool,
}

impl Word {
    fn is_digits(&self) -> bool {
        !self.folded.is_empty() && self.folded.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Words by white space, and by `:` and `=` except between digits (`10:30`).
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        let in_digits = before.is_some_and(char::is_numeric) && next.is_some_and(char::is_numeric);
        if c.is_whitespace() || (matches!(c, ':' | '=' | '：' | '＝') && !in_digits) {
            push(&mut words, text, start..at);
            start = at + c.len_utf8();
        }
        before = Some(c);
    }
    push(&mut words, text, start..text.len());
    words
}

fn push(words: &mut Vec<Word>, text: &str, place: Range<usize>) {
    let word = text.get(place.clone()).unwrap_or_default();
    if !word.is_empty() {
        words.push(Word { folded: fold(word), ends: word.ends_with(['.', '?', '!', ';']), place });
    }
}

/// `cccd1234` in one word.
fn glued(words: &[Word], at: usize) -> Option<(usize, LastFour)> {
    let word = &words.get(at)?.folded;
    let digits = GLUED.iter().find_map(|name| word.strip_prefix(name))?;
    Some((at, last_four(digits)?))
}

/// The place of the last word of a proof that is announced here, and its digits.
fn announced(words: &[Word], at: usize) -> Option<(usize, LastFour)> {
    let mut next = at
        + match phrase(words, at, &LAST_DIGITS) {
            Some(len) => len,
            None if is_matter(words, at) => return None,
            None => phrase(words, at, &ID_NAMES)?,
        };
    let farthest = next + FAR;
    while next <= farthest {
        let before = words.get(next.checked_sub(1)?)?;
        if before.ends && before.folded != "no" {
            return None;
        }
        if let Some(len) = phrase(words, next, &LAST_DIGITS).or_else(|| phrase(words, next, &ID_NAMES)) {
            next += len;
        } else if words.get(next)?.folded.split(' ').all(|part| part.is_empty() || FILLERS.contains(&part)) {
            next += 1;
        } else {
            return digits_at(words, next);
        }
    }
    None
}

fn is_matter(words: &[Word], at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).and_then(|place| words.get(place)).map_or("", |word| word.folded.as_str());
    MATTERS.contains(&back(1))
}

fn phrase(words: &[Word], at: usize, phrases: &[&str]) -> Option<usize> {
    phrases.iter().find_map(|phrase| {
        let len = phrase.split(' ').count();
        let said = words.get(at..at + len)?;
        let inside_ends = said.iter().take(len - 1).any(|word| word.ends);
        (!inside_ends && said.iter().map(|word| word.folded.as_str()).eq(phrase.split(' '))).then_some(len)
    })
}

/// The digits that begin here, also in groups (`079 203 001 234`) or one by one
/// (`1 2 3 4`), and the place of their last word.
fn digits_at(words: &[Word], at: usize) -> Option<(usize, LastFour)> {
    let from = words.get(at..)?;
    let run = from.iter().take_while(|word| word.is_digits()).count();
    let end = (at + run).checked_sub(1)?;
    let follows = words.get(at + run).map_or("", |word| word.folded.as_str());
    if UNITS.contains(&follows) {
        return None;
    }
    let groups = from.get(..run)?;
    let all = |len: usize| groups.iter().all(|group| group.folded.len() == len);
    if run == 1 || (run == 4 && (all(1) || all(3))) || (run == 3 && all(4)) {
        let digits: String = groups.iter().map(|group| group.folded.as_str()).collect();
        return Some((end, last_four(&digits)?));
    }
    // The groups of a dossier number may follow right after (`1234 000 00 17 H09 …`).
    let number_follows =
        follows.strip_prefix(['h', 'g']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let first = groups.first().filter(|_| number_follows)?;
    Some((at, last_four(&first.folded)?))
}

fn last_four(digits: &str) -> Option<LastFour> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        4 => LastFour::parse(digits).ok(),
        12 => CitizenId::parse(digits).ok().map(|id| id.last4()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four(text: &str) -> Option<String> {
        match taken_from(text).1 {
            Some(Proof::IdLastFour(four)) => Some(four.digits().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn reads_the_last_four_digits_as_people_announce_them() {
        for text in [
            "H09.17-210819-0012 4 số cuối 1234",
            "H09.17-210819-0012 4 so cuoi la 1234",
            "H09.17-210819-0012 bốn số cuối căn cước là 1234.",
            "H09.17-210819-0012 CCCD: 1234",
            "H09.17-210819-0012 cccd=1234",
            "H09.17-210819-0012 cccd 1234",
            "H09.17-210819-0012 cccd1234",
            "H09.17-210819-0012 cccd １２３４",
            "H09.17-210819-0012 cccd - 1234",
            "H09.17-210819-0012 số CCCD của em: ****1234",
            "H09.17-210819-0012 căn cước công dân 4 số cuối của tôi là 1234",
            "H09.17-210819-0012 4 số cuối thẻ căn cước của người nộp 1234",
            "cccd 1234 H09.17-210819-0012",
            "cccd 1 2 3 4 H09.17-210819-0012",
            "H09.17-210819-0012, last four digits 1234",
            "H09.17-210819-0012 last four 1234",
            "H09.17-210819-0012 last 4 digits of my ID 1234",
            "H09.17-210819-0012 the last 4 digits of the applicant's ID are 1234",
            "H09.17-210819-0012 ID no. 1234",
            "H09.17-210819-0012 cccd 079203001234",
            "H09.17-210819-0012 cccd 079 203 001 234",
        ] {
            assert_eq!(four(text).as_deref(), Some("1234"), "{text}");
            let kept = taken_from(text).0;
            assert!(kept.contains("H09.17-210819-0012"), "{text}");
            assert!(!kept.contains("234"), "{text}");
        }
    }

    #[test]
    fn only_the_announcement_and_its_digits_are_taken_out() {
        for (text, kept) in [
            ("mã H09.17-210819-0012, cccd 1234 ạ", "mã H09.17-210819-0012, ạ"),
            ("4 so cuoi cccd la 1234, hs H09.17-210819-0012", "hs H09.17-210819-0012"),
            ("cccd 1234 000 00 17 H09 210819 0012", "000 00 17 H09 210819 0012"),
        ] {
            assert_eq!(taken_from(text).0, kept, "{text}");
            assert_eq!(four(text).as_deref(), Some("1234"), "{text}");
        }
    }

    #[test]
    fn other_digits_are_no_proof() {
        for text in [
            "H09.17-210819-0012",
            "làm cccd năm 14 tuổi",
            "cccd 12345",
            "1234",
            "hồ sơ căn cước tháng 11 2026 số H09.17-210819-0012 ở đâu",
            "hồ sơ cccd H09.17-210819-0012 năm 2026 tới đâu rồi",
            "hồ sơ cccd H09.17-210819-0012 2026",
            "hồ sơ làm căn cước 2026 H09.17-210819-0012",
            "cccd ngày 2026",
            "căn cước nộp năm 2026",
            "my id year 2026",
            "application id 2026 H09.17-210819-0012",
            "xong cuối 2026 chưa, H09.17-210819-0012",
            "tôi mất cccd. 2026 có được không",
            "cccd 1234/2026",
            "cccd 12/11/2026",
            "cccd 11 2026",
            "cccd 2026 11",
            "cccd 1234-5678",
            "cccd 10:1234",
            "cccd 1234:56",
            "cccd 7000 đồng",
        ] {
            assert_eq!(four(text), None, "{text}");
            assert_eq!(taken_from(text).0, text);
        }
    }
}
