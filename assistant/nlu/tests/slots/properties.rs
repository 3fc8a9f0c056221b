use std::time::{Duration, Instant};

use assistant_nlu::normal::Normal;
use assistant_nlu::slots::{MOST_CHARS, Private, SlotReader, choice_in, language_of, language_wished};
use gateway_core::domain::DossierNumberParser;
use proptest::prelude::*;

use crate::{TODAY, read};

fn check(text: &str) {
    let slots = read(text);
    let mut end = 0;
    for named in &slots.private {
        assert!(text.get(named.range.clone()).is_some(), "{text:?} {:?}", named.range);
        assert!(named.range.start >= end && !named.range.is_empty(), "{text:?} {:?}", named.range);
        end = named.range.end;
    }
    for range in
        slots.dates.iter().map(|named| &named.range).chain(slots.places.iter().filter_map(|p| p.range.as_ref()))
    {
        assert!(text.get(range.clone()).is_some_and(|said| !said.is_empty()), "{text:?} {range:?}");
    }
    let left = slots.without_private();
    assert!(left.chars().count() <= MOST_CHARS + slots.private.len(), "{}", left.len());
    let _ = format!("{slots:?}");
    let _ = (choice_in(text), language_of(text), language_wished(text));
}

/// What people write around a number.
fn around() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zàáâãèéêìíòóôõùúýăđơư ]{0,20}",
        Just("cccd ".to_owned()),
        Just("sđt: ".to_owned()),
        Just(", hồ sơ ".to_owned()),
        Just(" 12 ".to_owned()),
        Just("quận 1 ".to_owned()),
        Just(" ngày 24/10 ".to_owned()),
        Just(". ".to_owned()),
        Just("-".to_owned()),
    ]
}

fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "0(01|24|74|79)[0-3][0-9]{2}[0-9]{6}",
        "0[35789][0-9]{8}",
        "\\+84[35789][0-9]{8}",
        "0[35789][0-9]{2} [0-9]{3} [0-9]{3}",
        "0[35789][0-9]{2}\\.[0-9]{3}\\.[0-9]{3}",
        "[0-9]{9}",
        "[0-9]{10}-[0-9]{3}",
        "(61|51|29)[A-H]-[0-9]{3}\\.[0-9]{2}",
        "(61|51)[A-H][1-9] [0-9]{3}\\.[0-9]{2}",
        "000\\.00\\.17\\.H09-2[0-5](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])-[0-9]{4}",
        "[a-z]{3,8}[0-9]{4}@(gmail|yahoo)\\.com",
    ]
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_text_breaks_it(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn no_character_breaks_it(text in proptest::collection::vec(any::<char>(), 0..200)) {
        let text: String = text.into_iter().collect();
        check(&text);
    }

    #[test]
    fn nothing_like_numbers_and_places_breaks_it(
        text in "([0-9OolHG.,/ @|+-]{0,6}|phường |q\\.|ngày |thứ |tháng |không phải |mà là |con |mất |nhầm |à ){0,30}"
    ) {
        check(&text);
    }

    #[test]
    fn digits_of_what_is_private_do_not_stay(before in around(), secret in secret(), after in around()) {
        let text = format!("{before} {secret} {after}");
        let slots = read(&text);
        let left = slots.without_private();
        for named in &slots.private {
            let cut = digits(&text[named.range.clone()]);
            prop_assert!(cut.len() < 4 || !digits(&left).contains(&cut), "{} -> {}", text, left);
        }
        prop_assert!(!left.contains(&secret), "{} -> {}", text, left);
        let meant = format!("{} {}", slots.statement.affirmed, slots.statement.denied.join(" "));
        prop_assert!(!meant.contains(&secret), "{} -> {}", text, meant);
    }

    #[test]
    fn a_secret_by_itself_leaves_nothing(secret in secret()) {
        prop_assert_eq!(read(&secret).without_private(), "", "{}", secret);
        prop_assert!(!read(&secret).private.is_empty());
    }

    #[test]
    fn an_identity_number_is_told_from_a_phone(serial in 0u32..1_000_000, year in 0u8..26) {
        let id = format!("0742{year:02}{serial:06}");
        let slots = read(&format!("cccd {id} nhé"));
        prop_assert_eq!(slots.citizen_ids().map(|id| id.digits().to_owned()).collect::<Vec<_>>(), [id]);
        prop_assert!(!slots.private.iter().any(|named| matches!(named.value, Private::Phone(_))));
    }
}

#[test]
fn only_so_much_is_read() {
    let long = format!("{} 0912345678", "xã hội ".repeat(400));
    let slots = read(&long);
    assert!(slots.without_private().chars().count() <= MOST_CHARS);
    assert!(!slots.without_private().contains("0912"));
}

#[test]
fn hostile_texts_take_bounded_time() {
    for piece in [
        "1",
        "1 ",
        "1.",
        "0912 ",
        "@",
        "a@",
        "a.b@",
        "phường ",
        "q.",
        "q.3 ",
        "không phải ",
        "mà là ",
        "ngày 5 tháng ",
        "24/10/",
        "61A-",
        "H09.",
        "0.Ó.",
        "000.00.17.H09-",
        "thứ hai tuần ",
        "Bình ",
        "bình dương ",
        "nhầm, ",
        "|",
        "079203001234|",
        "con ",
        "mất ",
        "not ",
        "i mean ",
        "1.004222 ",
        "ơ̛",
        "à ",
    ] {
        let text: String = piece.chars().cycle().take(MOST_CHARS).collect();
        let normal = Normal::of(&text);
        let reader = SlotReader::new(DossierNumberParser::default());
        let begun = Instant::now();
        let _ = reader.read(&text, &normal, TODAY);
        let took = begun.elapsed();
        // Milliseconds on a quiet machine; the limit only tells a blow-up.
        assert!(took < Duration::from_secs(2), "{took:?} {piece}");
    }
}
