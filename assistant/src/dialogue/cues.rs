//! Small words by which a sentence hangs on what was said before it.

use gateway_core::text::fold;

/// With these a follow-up begins: *vậy phí thì sao*, *còn nộp qua mạng*.
const GOES_ON: [&str; 30] = [
    "vay",
    "the",
    "con",
    "thi",
    "roi",
    "a con",
    "vay con",
    "the con",
    "vay thi",
    "the thi",
    "neu",
    "neu vay",
    "ua",
    "va",
    "and",
    "what about",
    "how about",
    "then",
    "so",
    "also",
    "but",
    "ok",
    "oh",
    "ah",
    "a",
    "u",
    "da",
    "vang",
    "thoi",
    "voi lai",
];

/// With these the same is asked of another matter: *còn khai tử?*.
const CARRIES_ON: [&str; 11] = [
    "con",
    "the",
    "vay con",
    "the con",
    "a con",
    "roi con",
    "what about",
    "how about",
    "and for",
    "and the",
    "and what about",
];

/// With these the same is asked of another matter at the end of a few words: *kết
/// hôn thì sao*, *khai tử nữa*.
const CARRIES_ON_AT_THE_END: [&str; 4] = ["thi sao", "nua", "too", "as well"];
/// So many words at most has such a sentence.
const FEW_WORDS: usize = 6;

/// With these one asks what is to be done: the last question is not asked again.
const WHAT_TO_DO: [&str; 16] = [
    "lam gi",
    "lam sao",
    "the nao",
    "lam the nao",
    "thu tuc gi",
    "ra sao",
    "lam luon",
    "xin lai sao",
    "phai lam",
    "co phai",
    "neu",
    "lo",
    "sau nay",
    "what to do",
    "how do i",
    "how to",
];

/// With these a correction begins: *nhầm, mình hỏi …*.
const CORRECTS: [&str; 34] = [
    "nham",
    "a nham",
    "nham roi",
    "y toi la",
    "y em la",
    "y minh la",
    "y la",
    "khong phai",
    "ko phai",
    "k phai",
    "khong",
    "ko phai the",
    "a khong",
    "khong phai vay",
    "toi hoi",
    "em hoi",
    "minh hoi",
    "tui hoi",
    "sai roi",
    "khong dung",
    "xin loi",
    "quen",
    "a quen",
    "khong hoi",
    "ko hoi",
    "sorry",
    "no",
    "not that",
    "i mean",
    "i meant",
    "wrong",
    "no i mean",
    "khoan",
    "oops",
];

/// Words that point back: *cái cuối ấy*, *thủ tục đó*, *it*.
const POINTS_BACK: [&str; 26] = [
    "cai do",
    "cai ay",
    "cai nay",
    "cai kia",
    "viec do",
    "viec nay",
    "thu tuc do",
    "thu tuc nay",
    "thu tuc ay",
    "no",
    "giay do",
    "giay nay",
    "the do",
    "loai do",
    "loai nay",
    "vu do",
    "ho so do",
    "ho so nay",
    "that one",
    "this one",
    "that",
    "it",
    "this",
    "for it",
    "same",
    "giong vay",
];

/// Words that go back to something earlier.
const RETURNS: [&str; 12] = [
    "quay lai chuyen",
    "quay lai vu",
    "quay lai cai",
    "quay lai viec",
    "tro lai chuyen",
    "tro lai vu",
    "ve lai chuyen",
    "ve lai vu",
    "luc nay",
    "hoi nay",
    "back to",
    "going back to",
];

fn begins(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        folded.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || !rest.starts_with(char::is_alphanumeric))
    })
}

/// What the first and the pointing words of a sentence say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cues {
    /// It goes on from what was said.
    pub(super) goes_on: bool,
    /// It asks the same of something else.
    pub(super) carries_on: bool,
    /// It asks what is to be done in a case.
    pub(super) asks_what_to_do: bool,
    /// It goes back to something earlier.
    pub(super) returns: bool,
    /// It corrects it.
    pub(super) corrects: bool,
    /// It points back to it.
    pub(super) points_back: bool,
}

impl Cues {
    pub(super) fn of(text: &str) -> Self {
        let folded = fold(text);
        let spaced = format!(" {folded} ");
        let points_back = POINTS_BACK.iter().any(|phrase| spaced.contains(&format!(" {phrase} ")));
        let asks_what_to_do = WHAT_TO_DO.iter().any(|phrase| spaced.contains(&format!(" {phrase} ")));
        let few = folded.split(' ').count() <= FEW_WORDS;
        let at_the_end = few && CARRIES_ON_AT_THE_END.iter().any(|phrase| folded.ends_with(&format!(" {phrase}")));
        Self {
            goes_on: begins(&folded, &GOES_ON),
            carries_on: (begins(&folded, &CARRIES_ON) || at_the_end) && !asks_what_to_do,
            asks_what_to_do,
            returns: RETURNS.iter().any(|phrase| spaced.contains(&format!(" {phrase} "))),
            corrects: begins(&folded, &CORRECTS),
            points_back,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_tell() {
        assert!(Cues::of("vậy phí thì sao?").goes_on);
        assert!(Cues::of("còn nộp qua mạng?").goes_on);
        assert!(Cues::of("nhầm, mình hỏi khai tử").corrects);
        assert!(Cues::of("No, I mean the passport").corrects);
        assert!(Cues::of("cái đó bao nhiêu tiền").points_back);
        assert_eq!(Cues::of("đăng ký khai sinh"), Cues::default());
    }
}
