use gateway_core::desk::Proof;
use gateway_core::domain::{CitizenId, LastFour, OneTimeCode};

use super::words::{Word, phrase, words};

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

/// What names a one-time code and nothing else, folded; longer ones first.
const CODE_NAMES: [&str; 16] = [
    "ma xac nhan",
    "ma xac thuc",
    "ma xac minh",
    "ma kich hoat",
    "ma otp",
    "otp",
    "one time code",
    "one time password",
    "verification code",
    "confirmation code",
    "security code",
    "authentication code",
    "otp code",
    "passcode",
    "sms code",
    "code",
];

/// Before a bare *code* these make it another one.
const OTHER_CODES: [&str; 19] = [
    "procedure",
    "dossier",
    "application",
    "file",
    "case",
    "receipt",
    "reference",
    "answer",
    "zip",
    "postal",
    "post",
    "area",
    "tax",
    "agency",
    "qr",
    "bar",
    "country",
    "error",
    "discount",
];

/// Words between the name of a one-time code and its digits, at most.
const CODE_FAR: usize = 4;

/// A second proof in a text, and the text without it, so that its digits are
/// not taken for a part of the dossier number. Nothing else is taken out.
///
/// It is a one-time code (`mã xác nhận 123456`, `otp 123456`) or the last four
/// digits of an ID (`… 4 số cuối 1234`, `cccd 1234`, a whole ID number). Where
/// both stand there, the code is the stronger.
pub(super) fn taken_from(text: &str) -> (String, Option<Proof>) {
    let (text, code) = take(text, one_time);
    let (text, four) = take(&text, |words, at| glued(words, at).or_else(|| announced(words, at)));
    (text, code.map(Proof::OneTimeCode).or_else(|| four.map(Proof::IdLastFour)))
}

/// The first that is found, and the text without it. `find` gives the place of
/// its last word.
fn take<T>(text: &str, find: impl Fn(&[Word], usize) -> Option<(usize, T)>) -> (String, Option<T>) {
    let words = words(text);
    for at in 0..words.len() {
        let Some((end, found)) = find(&words, at) else { continue };
        let from = words.get(at).map_or(0, |word| word.place.start);
        let to = words.get(end).map_or(text.len(), |word| word.place.end);
        let before = text.get(..from).unwrap_or_default().trim_end();
        let after = text.get(to..).unwrap_or_default().trim_start();
        return (format!("{before} {after}").trim().to_owned(), Some(found));
    }
    (text.to_owned(), None)
}

/// The length of the name of a one-time code that stands here.
pub(super) fn code_name(words: &[Word], at: usize) -> Option<usize> {
    let len = phrase(words, at, &CODE_NAMES)?;
    let before = at.checked_sub(1).and_then(|place| words.get(place)).filter(|word| !word.ends);
    let another = len == 1 && before.is_some_and(|word| OTHER_CODES.contains(&word.folded.as_str()));
    (!another).then_some(len)
}

/// The place of the last word of a one-time code that is announced here.
fn one_time(words: &[Word], at: usize) -> Option<(usize, OneTimeCode)> {
    if let Some(digits) = words.get(at)?.folded.strip_prefix("otp").filter(|digits| !digits.is_empty()) {
        return Some((at, whole_code(digits)?));
    }
    let mut next = at + code_name(words, at)?;
    let farthest = next + CODE_FAR;
    while next <= farthest {
        if words.get(next.checked_sub(1)?)?.ends {
            return None;
        }
        let word = words.get(next)?;
        if word.is_digits() {
            return code_at(words, next);
        }
        if !word.folded.split(' ').all(|part| part.is_empty() || FILLERS.contains(&part)) {
            return None;
        }
        next += 1;
    }
    None
}

/// Six digits that begin here: in one word, in groups (`123 456`), or one by
/// one. Digits that go on are something else, but for a dossier number.
fn code_at(words: &[Word], at: usize) -> Option<(usize, OneTimeCode)> {
    let from = words.get(at..)?;
    let run = from.iter().take_while(|word| word.is_digits()).count();
    let follows = words.get(at + run).map_or("", |word| word.folded.as_str());
    if UNITS.contains(&follows) {
        return None;
    }
    let groups = from.get(..run)?;
    let all = |len: usize| groups.iter().all(|group| group.folded.len() == len);
    if run == 1 || (run == 2 && all(3)) || (run == 3 && all(2)) || (run == 6 && all(1)) {
        let digits: String = groups.iter().map(|group| group.folded.as_str()).collect();
        return Some((at + run - 1, whole_code(&digits)?));
    }
    let first = groups.first().filter(|_| run > 2 && is_authority(follows))?;
    Some((at, whole_code(&first.folded)?))
}

fn whole_code(digits: &str) -> Option<OneTimeCode> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| OneTimeCode::parse(digits))?
}

/// `H09`, `G01`: the letter group of a dossier number.
fn is_authority(folded: &str) -> bool {
    folded.strip_prefix(['h', 'g']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
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
    let first = groups.first().filter(|_| is_authority(follows))?;
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

    fn code(text: &str) -> Option<String> {
        match taken_from(text).1 {
            Some(Proof::OneTimeCode(code)) => Some(code.digits().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn reads_a_one_time_code_as_people_announce_it() {
        for text in [
            "H09.17-210819-0012 mã xác nhận 123456",
            "H09.17-210819-0012 ma xac nhan la 123456",
            "H09.17-210819-0012 mã xác thực: 123456",
            "H09.17-210819-0012 mã OTP 123456",
            "H09.17-210819-0012 OTP 123456",
            "H09.17-210819-0012 otp: 123 456",
            "H09.17-210819-0012 otp 1 2 3 4 5 6",
            "H09.17-210819-0012 otp123456",
            "otp 123456 H09.17-210819-0012",
            "otp 123456 000 00 17 H09 210819 0012",
            "H09.17-210819-0012 code 123456",
            "my code is 123456, H09.17-210819-0012",
            "one-time code 123456 H09.17-210819-0012",
            "H09.17-210819-0012 verification code 123456.",
            "H09.17-210819-0012 mã xác nhận của tôi là １２３４５６",
            "H09.17-210819-0012 cccd 1234 otp 123456",
        ] {
            assert_eq!(code(text).as_deref(), Some("123456"), "{text}");
            let kept = taken_from(text).0;
            assert!(kept.contains("0012") && !kept.contains("3456") && !kept.contains("1234"), "{text}: {kept}");
        }
    }

    #[test]
    fn other_digits_are_no_one_time_code() {
        for text in [
            "mã 123456",
            "123456",
            "mã hồ sơ 123456",
            "mã hồ sơ H09.17-210819-0012",
            "ma ho so 000 00 17 H09 210819 0012",
            "mã xác nhận 000 00 17 H09 210819 0012",
            "mã xác nhận H09 210819 0012",
            "mã xác nhận H09.17-210819-123456",
            "G01.899.909-260916-890028",
            "otp G01 899 909 260916 890028",
            "code 210819 0012",
            "otp 12345",
            "otp 1234567",
            "dossier code 210819",
            "procedure code 123456",
            "postal code 820000",
            "code 500000 đồng",
            "mã thủ tục 1.004222",
            "mã bưu chính 820000",
            "mã số thuế 123456",
            "otp. 123456 có phải mã hồ sơ không",
            "mã trả lời 123456",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
