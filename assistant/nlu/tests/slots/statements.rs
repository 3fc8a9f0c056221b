use assistant_nlu::normal::Normal;

use crate::read;

/// What is meant, what is denied, and whether it corrects; in the normal form,
/// because short forms are undone only where there are some.
fn said(text: &str) -> (String, Vec<String>, bool) {
    let statement = read(text).statement;
    let denied = statement.denied.iter().map(|denied| normal(denied)).collect();
    (normal(&statement.affirmed), denied, statement.corrects)
}

fn normal(text: &str) -> String {
    Normal::of(text).text().to_owned()
}

#[test]
fn what_is_denied_is_taken_out() {
    for (text, affirmed, denied, corrects) in [
        ("không hỏi khai sinh, hỏi khai tử", "hỏi khai tử", &["khai sinh"][..], false),
        ("khong hoi khai sinh, hoi khai tu", "hoi khai tu", &["khai sinh"], false),
        ("khong hoi khai sinh hoi khai tu", "hoi khai tu", &["khai sinh"], false),
        ("không phải khai sinh mà là khai tử", "khai tử", &["khai sinh"], true),
        ("khong phai khai sinh ma la khai tu", "khai tu", &["khai sinh"], true),
        ("không phải khai sinh, mà là khai tử", "khai tử", &["khai sinh"], true),
        ("không phải khai sinh, khai tử", "khai tử", &["khai sinh"], true),
        ("ko phải cccd mà là hộ chiếu", "hộ chiếu", &["cccd"], true),
        ("tôi hỏi khai tử chứ không phải khai sinh", "tôi hỏi khai tử", &["khai sinh"], false),
        ("tôi không muốn làm khai sinh, muốn làm khai tử", "muốn làm khai tử", &["làm khai sinh"], false),
        ("tôi không làm khai sinh mà làm khai tử", "làm khai tử", &["khai sinh"], false),
        ("đừng nói về khai sinh nữa", "", &["nói về khai sinh nữa"], false),
        ("ko phải đổi bằng lái đâu, bằng em bị mất cơ", "bằng em bị mất cơ", &["đổi bằng lái"], true),
        ("không phải cái này", "", &["cái này"], true),
        ("not birth but death registration", "death registration", &["birth"], false),
        ("death certificate, not birth certificate", "death certificate", &["birth certificate"], false),
        ("I need a passport instead of a visa", "I need a passport", &["a visa"], false),
        (
            "I don't want a birth certificate, I want a death certificate",
            "I want a death certificate",
            &["a birth certificate"],
            false,
        ),
        ("khỏi cần khai sinh, làm khai tử thôi", "làm khai tử thôi", &["khai sinh"], false),
    ] {
        assert_eq!(
            said(text),
            (normal(affirmed), denied.iter().map(|denied| normal(denied)).collect(), corrects),
            "{text}"
        );
    }
}

#[test]
fn a_correction_says_what_is_meant() {
    for (text, affirmed, denied, corrects) in [
        ("nhầm, khai tử", "khai tử", &[][..], true),
        ("nhầm rồi, khai tử cơ", "khai tử cơ", &[], true),
        ("em hỏi nhầm, khai tử ạ", "khai tử ạ", &[], true),
        ("ý tôi là khai tử", "khai tử", &[], true),
        ("y em la khai tu", "khai tu", &[], true),
        ("à không, khai tử", "khai tử", &[], true),
        ("a nham khai tu", "khai tu", &[], true),
        ("sorry I mean death registration", "death registration", &[], true),
        ("I mean the passport", "the passport", &[], true),
        ("à quên, cho hỏi thêm lệ phí", "cho hỏi thêm lệ phí", &[], false),
        ("làm khai sinh, nhầm, khai tử", "khai tử", &["làm khai sinh"], false),
        ("làm khai sinh à quên khai tử", "khai tử", &["làm khai sinh"], false),
        ("làm khai sinh, ý tôi là khai tử", "khai tử", &["làm khai sinh"], false),
        ("birth certificate, I mean death certificate", "death certificate", &["birth certificate"], false),
        ("không, tôi hỏi khai tử", "tôi hỏi khai tử", &[], true),
        ("no, I want a passport", "I want a passport", &[], true),
    ] {
        assert_eq!(
            said(text),
            (normal(affirmed), denied.iter().map(|denied| normal(denied)).collect(), corrects),
            "{text}"
        );
    }
}

#[test]
fn a_harmless_no_denies_nothing() {
    for text in [
        "làm online được không",
        "lam online dc ko",
        "có mất phí không",
        "không biết làm ở đâu",
        "tôi không có giấy tờ",
        "nhà chưa có sổ",
        "không còn hộ khẩu",
        "khai sinh mất không",
        "có mất không",
        "không có sổ hộ khẩu thì làm sao",
        "không phải đóng phí à",
        "khong phai nop tien a",
        "con tôi không phải người Việt",
        "không phải người địa phương thì đăng ký ở đâu",
        "có phải nộp bản chính không",
        "không làm khai sinh có bị phạt không",
        "không cần giấy khai sinh có được không",
        "giấy khai sinh ghi nhầm tên",
        "nhầm lẫn ngày sinh trên giấy khai sinh",
        "hồ sơ không hợp lệ",
        "mẹ tôi không đi được",
        "xin ra khỏi hộ khẩu",
        "xóa khỏi hộ khẩu",
        "ra khoi nha nuoc",
        "my application is not working",
        "I do not have a passport",
        "I have not received my card",
        "can I pay or not",
        "không, cảm ơn",
        "no thanks",
        "khai sinh hay không",
        "đúng rồi",
        "dung roi",
        "mà sao lâu vậy",
        "chứ không sao",
        "not only birth but also death",
        "hong biet lam sao",
        "",
    ] {
        let (affirmed, denied, corrects) = said(text);
        assert_eq!((affirmed, denied.len(), corrects), (normal(text), 0, false), "{text}: {denied:?}");
    }
}

#[test]
fn nothing_private_is_in_what_is_meant() {
    let (affirmed, denied, _) = said("không hỏi 079203001234, hỏi khai tử sđt 0912345678");
    let all = format!("{affirmed} {denied:?}");
    assert!(!all.chars().any(|c| c.is_ascii_digit()), "{all}");
    assert!(affirmed.contains("hỏi khai tử"), "{affirmed}");
}

#[test]
fn keys_of_telex_deny_too() {
    let (affirmed, denied, _) = said("khoong hoir khai sinh hoir khai tuwr");
    assert_eq!((affirmed.as_str(), denied.as_slice()), ("hỏi khai tử", &["khai sinh".to_owned()][..]));
}
