use proptest::prelude::*;

use super::*;
use crate::letters::{Mark, Tone};

fn typed(method: Method, text: &str) -> Buffer {
    let mut line = Buffer::new(method, 200);
    for c in text.chars() {
        line.press(Key::Char(c));
    }
    line
}

#[test]
fn sentences() {
    for (method, keys, seen) in [
        (Method::Telex, "ddawng kys khai sinh", "đăng ký khai sinh"),
        (Method::Telex, "Toio muoons ddooir bawngf lais xe.", "Tôi muốn đổi bằng lái xe."),
        (Method::Telex, "hooj khaaur, hoj/teen", "hộ khẩu, họ/tên"),
        (Method::Telex, "quan1 phuong5", "quan1 phuong5"),
        (Method::Telex, "gia han visa", "gia han visa"),
        (Method::Telex, "doi bang a1", "doi bang a1"),
        (Method::Telex, "nguyenvanas@gmail.com", "nguyenvanas@gmail.com"),
        (Method::Telex, "office@hoas.vn", "office@hoas.vn"),
        (Method::Telex, "www.moj.gov.vn", "www.moj.gov.vn"),
        (Method::Telex, "000.00.17.H09-210819-0012", "000.00.17.H09-210819-0012"),
        (Method::Telex, "TT250C8DDF4C1E AS12", "TT250C8DDF4C1E AS12"),
        (Method::Vni, "ho62 so7", "hồ sơ"),
        (Method::Vni, "d9a8ng ky1", "đăng ký"),
        (Method::Vni, "quan1 phuong5", "quan1 phuong5"),
        (Method::Vni, "phuong10 quan10", "phuong10 quan10"),
        (Method::Vni, "quan1 a8n", "quán ăn"),
        (Method::Vni, "doi bang a1", "doi bang a1"),
        (Method::Vni, "chau6 a1", "châu á"),
        (Method::Vni, "an1@gmail.com", "an1@gmail.com"),
        (Method::Vni, "0912345678 079085001234", "0912345678 079085001234"),
        (Method::Vni, "000.00.17.H09-210819-0012", "000.00.17.H09-210819-0012"),
        (Method::Labelled, "email quan1 class", "email quan1 class"),
        (Method::Labelled, "đăng ky", "đăng ky"),
        (Method::Plain, "hoaf ho62 aa", "hoaf ho62 aa"),
    ] {
        assert_eq!(typed(method, keys).text(), seen, "{method:?} {keys}");
    }
}

#[test]
fn labelled_tones_toggle_and_say_where_they_do_nothing() {
    let mut line = typed(Method::Labelled, "toan");
    assert_eq!(line.press(Key::Tone(Tone::Acute)), Pressed::Changed);
    assert_eq!(line.text(), "toán");
    assert_eq!(line.press(Key::Tone(Tone::Grave)), Pressed::Changed);
    assert_eq!(line.text(), "toàn");
    assert_eq!(line.press(Key::Tone(Tone::Grave)), Pressed::Changed);
    assert_eq!(line.text(), "toan");
    assert_eq!(line.press(Key::Mark(Mark::Horn)), Pressed::Ignored);
    line.press(Key::Space);
    assert_eq!(line.press(Key::Tone(Tone::Dot)), Pressed::Ignored);
    line.press(Key::Char('b'));
    assert_eq!(line.press(Key::Tone(Tone::Dot)), Pressed::Ignored);
    assert_eq!(line.text(), "toan b");
}

#[test]
fn a_full_line_takes_marks_but_no_letters() {
    let mut line = Buffer::new(Method::Telex, 4);
    for c in "vietej".chars() {
        line.press(Key::Char(c));
    }
    assert_eq!(line.text(), "việt");
    assert_eq!(line.press(Key::Char('k')), Pressed::Full);
    assert_eq!(line.press(Key::Space), Pressed::Full);
    assert_eq!(line.text(), "việt");
}

#[test]
fn backspace_takes_what_is_seen() {
    let mut line = typed(Method::Telex, "nguwowif");
    assert_eq!(line.text(), "người");
    line.press(Key::Backspace);
    assert_eq!(line.text(), "ngườ");
    line.press(Key::Char('i'));
    assert_eq!(line.text(), "người");
    line.press(Key::Char('s'));
    assert_eq!(line.text(), "ngưới");

    let mut line = typed(Method::Vni, "quan1 phuong5");
    line.press(Key::Backspace);
    assert_eq!(line.text(), "quan1 phuong");
    for _ in 0.."quan1 phuong".len() {
        assert_eq!(line.press(Key::Backspace), Pressed::Changed);
    }
    assert!(line.is_empty());
    assert_eq!(line.press(Key::Backspace), Pressed::Ignored);
    assert_eq!(line.press(Key::Clear), Pressed::Ignored);
}

#[test]
fn a_chosen_text_stays_and_goes_on() {
    let mut line = Buffer::new(Method::Telex, 12);
    line.set_text("Khai  sinh\n cho trẻ em");
    assert_eq!(line.text(), "Khai sinh ch");
    line.set_text("hoas");
    line.press(Key::Space);
    "hoas".chars().for_each(|c| assert_eq!(line.press(Key::Char(c)), Pressed::Changed));
    assert_eq!(line.text(), "hoas hoá");
    line.set_method(Method::Vni);
    line.press(Key::Char('1'));
    assert_eq!(line.text(), "hoas hoá1");
}

#[test]
fn nothing_is_printed() {
    let line = typed(Method::Plain, "079085001234");
    assert_eq!(format!("{line:?}"), "Buffer(Plain, 12 characters)");
}

fn keys() -> impl Strategy<Value = Vec<Key>> {
    let key = prop_oneof![
        12 => "[a-zA-Z]".prop_map(|c| Key::Char(c.chars().next().unwrap())),
        8 => "[aeioudswfjrxz]".prop_map(|c| Key::Char(c.chars().next().unwrap())),
        4 => "[0-9]".prop_map(|c| Key::Char(c.chars().next().unwrap())),
        2 => "[@.,/\\-ơưđăâêôẾ\u{301}ß🙂]".prop_map(|c| Key::Char(c.chars().next().unwrap())),
        2 => Just(Key::Space),
        2 => prop_oneof![Just(Tone::Acute), Just(Tone::Dot), Just(Tone::Hook)].prop_map(Key::Tone),
        2 => prop_oneof![Just(Mark::Horn), Just(Mark::Hat), Just(Mark::Bar)].prop_map(Key::Mark),
        2 => Just(Key::Backspace),
    ];
    proptest::collection::vec(key, 0..40)
}

proptest! {
    #[test]
    fn backspace_takes_exactly_one_letter(keys in keys(), method in prop_oneof![
        Just(Method::Telex), Just(Method::Vni), Just(Method::Labelled), Just(Method::Plain)]) {
        let mut line = Buffer::new(method, 30);
        for key in keys {
            let before = line.text().to_owned();
            let pressed = line.press(key);
            prop_assert_eq!(pressed == Pressed::Changed, before != line.text(), "{:?}", key);
            prop_assert!(line.length() <= 30);
            if key == Key::Backspace && pressed == Pressed::Changed {
                let end = before.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
                prop_assert_eq!(line.text(), &before[..end]);
            }
        }
    }

    #[test]
    fn plain_stays_plain(text in "[a-z0-9@.]{0,30}") {
        let line = typed(Method::Plain, &text);
        prop_assert_eq!(line.text(), text.as_str());
        let line = typed(Method::Labelled, &text);
        prop_assert_eq!(line.text(), text.as_str());
    }
}
