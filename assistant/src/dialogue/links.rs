//! Linking a phone, seeing and ending links, and *my requests*. These wishes are
//! few, plainly said, and act on consent: they are rules, no model.

use gateway_core::desk::{Action, Conversation, LinkAction, Subject};
use gateway_core::domain::{OneTimeCode, Phone};
use gateway_core::text::fold;

/// A longer text tells a story: it is understood as a whole.
const MOST_WORDS: usize = 14;
/// Words that may stand around a code or a number that was asked for.
const MOST_BESIDE: usize = 6;

const LINK: [&str; 16] = [
    "lien ket so",
    "lien ket voi so",
    "lien ket dien thoai",
    "lien ket sdt",
    "lien ket zalo",
    "lien ket telegram",
    "lien ket tai khoan",
    "lien ket kenh",
    "ket noi so dien thoai",
    "link my phone",
    "link my number",
    "link my account",
    "link this phone",
    "link phone",
    "link my zalo",
    "link my telegram",
];
const UNLINK: [&str; 17] = [
    "bo lien ket",
    "huy lien ket",
    "ngat lien ket",
    "xoa lien ket",
    "go lien ket",
    "thoi lien ket",
    "bo cac lien ket",
    "xoa cac lien ket",
    "khong lien ket nua",
    "khong muon lien ket",
    "unlink",
    "remove my link",
    "remove the link",
    "end my link",
    "end the link",
    "delete my link",
    "break the link",
];
const SHOW: [&str; 10] = [
    "cac lien ket cua",
    "lien ket cua toi",
    "xem lien ket",
    "xem cac lien ket",
    "danh sach lien ket",
    "da lien ket gi",
    "da lien ket nhung gi",
    "my links",
    "show links",
    "my linked",
];
const REQUESTS: [&str; 9] = [
    "yeu cau cua toi",
    "yeu cau cua minh",
    "yeu cau cua em",
    "yeu cau toi da gui",
    "lich su yeu cau",
    "toi da hoi nhung gi",
    "toi da hoi gi",
    "my requests",
    "my past requests",
];
/// A code that names itself.
const CODE: [&str; 4] = ["ma lien ket", "link code", "linking code", "code to link"];
/// Links of other houses: accounts at banks, the national identity.
const OTHERS: [&str; 10] =
    ["ngan hang", "vneid", "dinh danh", "bao hiem", "vssid", "dich vu cong", "thue", "dao tao", "the atm", "bank"];
/// What is asked for under that name is a dossier's, not this list.
const OF_DOSSIERS: [&str; 4] = ["ho so", "giay", "thu tuc", "dossier"];

/// The wish, where it is one. `phone` is the number that stands in the text;
/// `names_a_dossier` where a dossier's number, or a wish about one, does.
pub(super) fn wish(
    text: &str,
    phone: Option<&Phone>,
    names_a_dossier: bool,
    before: Option<&Conversation>,
) -> Option<Action> {
    let count = text.split_whitespace().count();
    if names_a_dossier || count > MOST_WORDS {
        return None;
    }
    let folded = fold(text);
    // What a sentence ends and parts with is no part of its words.
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = format!(" {} ", words.collect::<Vec<_>>().join(" "));
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(&format!(" {phrase} ")));
    let awaited = before.map(|before| before.subject);
    if (awaited == Some(Subject::LinkCodeWanted) || has(&CODE))
        && let Some(code) = code_in(text)
    {
        return Some(Action::Link(LinkAction::Confirm { code, words: text.into() }));
    }
    if has(&OTHERS) {
        return None;
    }
    if has(&UNLINK) {
        return Some(Action::Link(LinkAction::Unlink { which: place_in(&words) }));
    }
    if has(&SHOW) {
        return Some(Action::Link(LinkAction::Show));
    }
    if has(&REQUESTS) && !has(&OF_DOSSIERS) {
        return Some(Action::MyRequests);
    }
    let number_awaited = matches!(awaited, Some(Subject::LinkPhoneWanted | Subject::LinkCodeWanted));
    let alone = phone.is_some() && count_of_letters(text) <= MOST_BESIDE;
    if has(&LINK) || words.trim() == "lien ket" || (number_awaited && alone) {
        return Some(Action::Link(LinkAction::Phone { phone: phone.cloned(), words: text.into() }));
    }
    None
}

/// The six digits of a short text that has no others.
fn code_in(text: &str) -> Option<OneTimeCode> {
    if count_of_letters(text) > MOST_BESIDE {
        return None;
    }
    // Full-width ones too: the code knows them.
    OneTimeCode::parse(text.trim_matches(|sign: char| !sign.is_numeric()))
}

/// Words that hold a letter.
fn count_of_letters(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
}

/// The number that a text ends with: `bỏ liên kết 2`.
fn place_in(words: &str) -> Option<u8> {
    words.split_whitespace().next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(subject: Subject, text: &str) -> Option<Action> {
        let before = Conversation { subject, turns: 1, ..Conversation::default() };
        wish(text, phone_in(text).as_ref(), false, Some(&before))
    }

    fn phone_in(text: &str) -> Option<Phone> {
        text.split_whitespace().find_map(|word| Phone::parse(word).ok())
    }

    fn said(text: &str) -> Option<Action> {
        wish(text, phone_in(text).as_ref(), false, None)
    }

    fn link(text: &str, phone: Option<&str>) -> Option<Action> {
        let phone = phone.map(|phone| Phone::parse(phone).unwrap());
        Some(Action::Link(LinkAction::Phone { phone, words: text.into() }))
    }

    #[test]
    fn wishes_are_told_in_both_languages() {
        for text in ["liên kết số 0912345678", "Cho tôi liên kết số 0912345678 nhé", "link my phone 0912345678"]
        {
            assert_eq!(said(text), link(text, Some("0912345678")), "{text}");
        }
        for text in ["Liên kết số điện thoại", "Link my phone", "liên kết", "lien ket zalo"] {
            assert_eq!(said(text), link(text, None), "{text}");
        }
        for text in ["Các liên kết của tôi", "các liên kết của tôi?", "My links", "xem liên kết"] {
            assert_eq!(said(text), Some(Action::Link(LinkAction::Show)), "{text}");
        }
        for text in ["Bỏ liên kết", "bỏ liên kết.", "huỷ liên kết", "Unlink", "tôi không muốn liên kết"]
        {
            assert_eq!(said(text), Some(Action::Link(LinkAction::Unlink { which: None })), "{text}");
        }
        for text in ["Bỏ liên kết 2", "unlink 2", "bỏ liên kết số 2"] {
            assert_eq!(said(text), Some(Action::Link(LinkAction::Unlink { which: Some(2) })), "{text}");
        }
        for text in ["Yêu cầu của tôi", "các yêu cầu của tôi", "My requests", "tôi đã hỏi những gì"]
        {
            assert_eq!(said(text), Some(Action::MyRequests), "{text}");
        }
    }

    #[test]
    fn other_houses_links_and_dossiers_are_left_alone() {
        for text in [
            "liên kết tài khoản ngân hàng để nhận trợ cấp",
            "liên kết tài khoản VNeID với dịch vụ công",
            "thủ tục liên kết đào tạo với nước ngoài",
            "hồ sơ theo yêu cầu của tôi bị trả về",
            "hồ sơ của tôi, số điện thoại 0912345678",
            "gọi lại cho tôi số 0912345678",
            "0912345678",
            "123456",
            "gửi cho tôi cái link",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
        assert_eq!(wish("bỏ liên kết 2", None, true, None), None, "a dossier is named");
    }

    #[test]
    fn a_code_is_one_where_it_was_asked_for_or_names_itself() {
        let confirmed = |meant: Option<Action>| match meant {
            Some(Action::Link(LinkAction::Confirm { code, .. })) => Some(code.digits().to_owned()),
            _ => None,
        };
        for text in ["123456", "123 456", "mã là 123456", "１２３４５６", "ma 123456 a"] {
            assert_eq!(confirmed(after(Subject::LinkCodeWanted, text)).as_deref(), Some("123456"), "{text}");
        }
        assert_eq!(confirmed(said("mã liên kết 123456")).as_deref(), Some("123456"));
        assert_eq!(confirmed(said("link code: 123456")).as_deref(), Some("123456"));
        for text in ["1234", "1234567", "12/3456", "123456 và 1234", "hồ sơ ngày 1 tháng 2 năm 2026"] {
            assert_eq!(confirmed(after(Subject::LinkCodeWanted, text)), None, "{text}");
        }
        for subject in [Subject::None, Subject::Dossier, Subject::NumberWanted, Subject::LinkPhoneWanted] {
            assert_eq!(confirmed(after(subject, "123456")), None, "{subject:?}");
        }
    }

    #[test]
    fn a_number_is_linked_where_it_was_asked_for() {
        let number = "0912345678";
        assert_eq!(after(Subject::LinkPhoneWanted, number), link(number, Some(number)));
        assert_eq!(
            after(Subject::LinkCodeWanted, "số 0987654321 mới đúng"),
            link("số 0987654321 mới đúng", Some("0987654321"))
        );
        assert_eq!(after(Subject::Dossier, number), None);
    }
}
