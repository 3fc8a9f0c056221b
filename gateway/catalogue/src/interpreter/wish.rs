//! *Send me a code* and *tell me when it moves*, in free words.

use gateway_core::domain::Score;
use gateway_core::text::fold;

use super::proof::code_name;
use super::words::{Word, phrase, words};

/// What is wished for beside where a dossier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// A one-time code to the registered phone.
    Code,
    /// A notice when the dossier moves.
    Notice,
}

/// Words that begin a rating, folded.
const RATE: [&str; 7] = ["danh gia", "danhgia", "cham diem", "cho diem", "rating", "rate", "score"];

/// Words that may stand before them.
const LEAD: [&str; 18] = [
    "i d", "toi", "em", "minh", "chau", "con", "muon", "xin", "cho", "hay", "xnc", "i", "want", "would", "like", "to",
    "please", "d",
];

/// Words behind the number of a rating.
const STARS: [&str; 5] = ["sao", "diem", "star", "stars", "points"];

/// Words that ask for something to be sent, folded; one comes before the code.
const SEND: [&str; 16] = [
    "gui", "cho", "xin", "lay", "cap", "can", "muon", "nhan", "yeu cau", "send", "get", "need", "want", "request",
    "give", "resend",
];

/// Words between that verb and the code.
const TO_WHOM: [&str; 25] = [
    "cho", "toi", "em", "minh", "chau", "con", "giup", "gium", "ho", "voi", "lai", "mot", "xin", "lay", "nhan", "me",
    "us", "a", "an", "the", "another", "new", "my", "to", "please",
];

/// Words that ask to be told, folded; longer ones first.
const TELL: [&str; 17] = [
    "thong bao",
    "bao tin",
    "nhan tin",
    "bao",
    "nhac",
    "cho biet",
    "cho toi biet",
    "cho em biet",
    "cho minh biet",
    "cho toi hay",
    "let me know",
    "tell me",
    "notify me",
    "inform me",
    "alert me",
    "text me",
    "message me",
];

/// Words between them and *when*.
const WHOM: [&str; 18] = [
    "cho", "toi", "em", "minh", "anh", "chi", "chau", "con", "biet", "hay", "giup", "gium", "ho", "voi", "ngay", "lai",
    "by", "sms",
];

/// *When*, folded; longer ones first.
const WHEN: [&str; 9] = ["ngay khi", "den khi", "khi", "luc", "neu", "as soon as", "when", "once", "whenever"];

/// These turn *when* into a question of its own: *báo khi nào xong*.
const ASKS_WHEN: [&str; 2] = ["nao", "will"];

/// Before the verb these take the wish back.
const NOT: [&str; 9] = ["khong", "ko", "chua", "dung", "dont", "don t", "not", "never", "thoi"];

/// How far words of one kind may stand from one another.
const FAR: usize = 5;

/// What a text wishes for.
pub(super) fn read(text: &str) -> Option<Wish> {
    let words = words(text);
    (0..words.len()).find_map(|at| {
        if wants_notice(&words, at) {
            return Some(Wish::Notice);
        }
        wants_code(&words, at).then_some(Wish::Code)
    })
}

/// Whether a text begins as a rating; the score in it, and the text without the score,
/// so that its digit is not taken for a part of the dossier number. A matter whose
/// name begins so (*đánh giá tác động môi trường*) has no dossier number behind it.
pub(super) fn rating(text: &str) -> Option<(Option<Score>, String)> {
    let words = words(text);
    let lead = words.iter().take_while(|word| LEAD.contains(&word.folded.as_str())).count();
    let behind = lead + phrase(&words, lead, &RATE)?;
    let score_at = |at: usize| {
        let digit = words.get(at).filter(|word| word.is_digits() && word.folded.len() == 1)?;
        Some((at, Score::new(digit.folded.parse().ok()?)?))
    };
    let last = words.len().checked_sub(1)?;
    let stars = |at: usize| words.get(at).is_some_and(|word| STARS.contains(&word.folded.as_str()));
    // `đánh giá 5 …`, or at the very end: `… 5`, `… 5 sao`.
    let at_end = if stars(last) { last.checked_sub(1) } else { Some(last) };
    let found = score_at(behind).or_else(|| score_at(at_end.filter(|at| *at > behind)?));
    let Some((at, score)) = found else { return Some((None, text.to_owned())) };
    let until = if stars(at + 1) { at + 1 } else { at };
    let (from, to) = (words.get(at)?.place.start, words.get(until)?.place.end);
    let rest = format!("{} {}", text.get(..from)?.trim_end(), text.get(to..)?.trim_start());
    Some((Some(score), rest.trim().to_owned()))
}

/// Whether a text speaks of a dossier, though it has no number.
pub(super) fn names_a_dossier(text: &str) -> bool {
    let folded = format!(" {} ", fold(text));
    ["ho so", "dossier", "application", "my case", "my file"].iter().any(|name| folded.contains(&format!(" {name} ")))
}

/// `gửi cho tôi mã xác nhận`: the verb stands here.
fn wants_code(words: &[Word], at: usize) -> bool {
    let Some(len) = phrase(words, at, &SEND).filter(|_| !is_taken_back(words, at)) else { return false };
    let mut next = at + len;
    while next <= at + len + FAR {
        if words.get(next - 1).is_none_or(|word| word.ends) {
            return false;
        }
        if code_name(words, next).is_some() {
            return true;
        }
        if words.get(next).is_none_or(|word| !TO_WHOM.contains(&word.folded.as_str())) {
            return false;
        }
        next += 1;
    }
    false
}

/// `báo cho tôi khi …`: the verb stands here.
fn wants_notice(words: &[Word], at: usize) -> bool {
    let Some(len) = phrase(words, at, &TELL).filter(|_| !is_taken_back(words, at)) else { return false };
    let mut next = at + len;
    while next <= at + len + FAR {
        if words.get(next - 1).is_none_or(|word| word.ends) {
            return false;
        }
        if let Some(when) = phrase(words, next, &WHEN) {
            let follows = words.get(next + when).map(|word| word.folded.as_str());
            return follows.is_some_and(|word| !ASKS_WHEN.contains(&word));
        }
        if words.get(next).is_none_or(|word| !WHOM.contains(&word.folded.as_str())) {
            return false;
        }
        next += 1;
    }
    false
}

fn is_taken_back(words: &[Word], at: usize) -> bool {
    let before = words.get(at.saturating_sub(3)..at).unwrap_or_default();
    let clause = before.iter().rev().take_while(|word| !word.ends);
    clause.into_iter().any(|word| NOT.contains(&word.folded.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_asked_for_as_people_ask() {
        for text in [
            "gửi mã xác nhận hồ sơ H09.17-210819-0012",
            "gui ma xac nhan H09.17-210819-0012",
            "xin mã OTP cho hồ sơ H09.17-210819-0012",
            "cho tôi xin mã xác thực hồ sơ H09.17-210819-0012",
            "gửi lại cho em mã xác nhận",
            "send me a code for H09.17-210819-0012",
            "please send another one-time code, H09.17-210819-0012",
            "I need a verification code for H09.17-210819-0012",
        ] {
            assert_eq!(read(text), Some(Wish::Code), "{text}");
        }
    }

    #[test]
    fn a_notice_is_asked_for_as_people_ask() {
        for text in [
            "báo cho tôi khi hồ sơ H09.17-210819-0012 xong",
            "bao cho toi khi ho so H09.17-210819-0012 thay doi",
            "nhắn tin cho em khi H09.17-210819-0012 có kết quả",
            "thông báo khi hồ sơ có thay đổi",
            "cho tôi biết khi hồ sơ H09.17-210819-0012 xong",
            "hồ sơ H09.17-210819-0012, có gì báo giúp tôi ngay khi xong nhé",
            "tell me when H09.17-210819-0012 is ready",
            "let me know as soon as my dossier changes",
            "please notify me when dossier H09.17-210819-0012 changes",
        ] {
            assert_eq!(read(text), Some(Wish::Notice), "{text}");
        }
    }

    #[test]
    fn a_rating_is_given_as_people_give_it() {
        let number = "000.00.17.H09-210819-0012";
        for (said, score) in [
            ("đánh giá 5 hồ sơ {}", Some(5)),
            ("danh gia {} 4", Some(4)),
            ("DANHGIA {} 1", Some(1)),
            ("XNC DANHGIA {} 3", Some(3)),
            ("tôi muốn đánh giá hồ sơ {} 5 sao", Some(5)),
            ("chấm điểm hồ sơ {}: 2 điểm", Some(2)),
            ("rate 5 dossier {}", Some(5)),
            ("I'd like to rate dossier {} 4 stars.", Some(4)),
            ("đánh giá hồ sơ {}", None),
            // No score of ours.
            ("đánh giá 10 hồ sơ {}", None),
            ("đánh giá {} 0", None),
            ("đánh giá {} 6", None),
        ] {
            let (found, rest) = rating(&said.replace("{}", number)).unwrap_or_else(|| panic!("{said}"));
            assert_eq!(found.map(Score::number), score, "{said}");
            assert!(rest.contains(number), "{said}: {rest}");
        }
        for none in ["hồ sơ H09.17-210819-0012 được đánh giá chưa", "không đánh giá", "5", "", "giá đất 5 sao"]
        {
            assert_eq!(rating(none), None, "{none}");
        }
    }

    #[test]
    fn what_only_sounds_like_a_wish_is_none() {
        for text in [
            "hồ sơ H09.17-210819-0012 khi nào xong",
            "báo cho tôi biết khi nào hồ sơ H09.17-210819-0012 xong",
            "bao giờ hồ sơ H09.17-210819-0012 xong",
            "bao lâu thì xong",
            "đừng báo cho tôi khi hồ sơ thay đổi",
            "không cần báo khi xong",
            "tell me when will it be ready",
            "tell me if H09.17-210819-0012 is ready",
            "don't tell me when it changes",
            "tôi không xin mã xác nhận nào",
            "đừng gửi mã xác nhận nữa",
            "gửi hồ sơ cho tôi. Mã xác nhận là gì",
            "send me the procedure code",
            "cho tôi mã hồ sơ",
            "gửi mã 123456",
            "nhận kết quả khi đi vắng",
            "thông báo thuế",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
