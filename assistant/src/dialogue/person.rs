//! What has to do with a person who answers here: being called back, leaving the
//! line, complaining of somebody. These wishes are few, plainly said, and matter:
//! they are rules, no model.

use gateway_core::desk::Action;
use gateway_core::domain::Phone;
use gateway_core::text::fold;

/// A longer text tells a story: it is understood as a whole.
const MOST_WORDS: usize = 25;

/// No officer, no call: whoever says so is believed first.
const LEAVE: [&str; 11] = [
    "khong can gap can bo",
    "khong can gap nguoi",
    "khong can can bo",
    "khong gap can bo nua",
    "khong cho can bo nua",
    "khong can goi lai",
    "khoi goi lai",
    "need no officer",
    "no officer any more",
    "no call back",
    "do not call me back",
];
const CALL: [&str; 5] = ["goi lai", "goi cho toi", "goi toi so", "call me back", "please call me"];
const COMPLAIN: [&str; 10] = [
    "gap nguoi phu trach",
    "gap lanh dao",
    "khieu nai can bo",
    "phan anh can bo",
    "phan anh thai do",
    "to cao can bo",
    "somebody in charge",
    "someone in charge",
    "complain about an officer",
    "complain about the officer",
];

/// The wish, where it is one. `phone` is the number that stands in the text.
pub(super) fn wish(text: &str, phone: Option<&Phone>) -> Option<Action> {
    if text.split_whitespace().count() > MOST_WORDS {
        return None;
    }
    let words = fold(text);
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
    if has(&LEAVE) {
        return Some(Action::LeaveLine);
    }
    if has(&COMPLAIN) {
        return Some(Action::Complain);
    }
    let phone = phone.filter(|_| has(&CALL))?;
    Some(Action::CallBack { phone: phone.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_told_from_questions() {
        let phone = Phone::parse("0912345678").unwrap();
        let with = |text| wish(text, Some(&phone));
        assert_eq!(with("Gọi lại cho tôi số 0912345678 nhé"), Some(Action::CallBack { phone: phone.clone() }));
        assert_eq!(with("call me back 0912345678"), Some(Action::CallBack { phone: phone.clone() }));
        assert_eq!(with("thôi không cần gọi lại 0912345678 nữa"), Some(Action::LeaveLine));
        assert_eq!(wish("không cần gặp cán bộ nữa", None), Some(Action::LeaveLine));
        assert_eq!(wish("tôi muốn khiếu nại cán bộ quầy 3", None), Some(Action::Complain));
        assert_eq!(wish("gọi lại cho tôi", None), None, "no number");
        assert_eq!(with("hồ sơ của tôi, số điện thoại 0912345678"), None);
        assert_eq!(wish("thủ tục khiếu nại lần đầu", None), None, "a procedure");
    }
}
