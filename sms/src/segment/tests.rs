use super::*;

const PLAIN: Options<'_> =
    Options { policy: Policy::Accented, max_parts: u8::MAX, reference: ReferenceBits::Eight, more: None };
const ONE_PAGE: Options<'_> = Options {
    policy: Policy::Folded,
    max_parts: 1,
    reference: ReferenceBits::Eight,
    more: Some("... soạn TIEP để xem tiếp"),
};
const HINT: &str = " ... soan TIEP de xem tiep";

/// The units of each part.
fn sizes(segmented: &Segmented) -> Vec<usize> {
    segmented.parts.iter().map(|part| segmented.alphabet.units(part)).collect()
}

fn cut(text: &str) -> (Alphabet, Vec<usize>) {
    let segmented = segment(text, &PLAIN);
    assert_eq!(segmented.parts.concat(), nfc(text));
    assert_eq!(segmented.rest, None);
    (segmented.alphabet, sizes(&segmented))
}

#[test]
fn a_sentence_folds_as_it_would_within_the_whole() {
    // GSM has à and ì, but not ồ: the whole loses all of its marks.
    let (plain, marked) = ("Là gì? ", "Hồ sơ [1]");
    let whole = fold_to_gsm(&format!("{plain}{marked}"));
    assert_eq!(format!("{}{}", fold_sentence(plain), fold_sentence(marked)), whole);
    assert_eq!(whole, "La gi? Ho so [1]");
    assert_eq!(fold_to_gsm(plain), plain, "by itself it would keep them");
}

#[test]
fn edges_of_gsm() {
    let gsm = |units: &[usize]| (Alphabet::Gsm7, units.to_vec());
    assert_eq!(cut(&"a".repeat(160)), gsm(&[160]));
    assert_eq!(cut(&"a".repeat(161)), gsm(&[153, 8]));
    assert_eq!(cut(&"a".repeat(153 * 2)), gsm(&[153, 153]));
    assert_eq!(cut(&"a".repeat(153 * 2 + 1)), gsm(&[153, 153, 1]));
    assert_eq!(cut(&"a".repeat(153 * 3)), gsm(&[153, 153, 153]));
}

#[test]
fn edges_of_ucs2() {
    let ucs2 = |units: &[usize]| (Alphabet::Ucs2, units.to_vec());
    assert_eq!(cut(&"ệ".repeat(70)), ucs2(&[70]));
    assert_eq!(cut(&"ệ".repeat(71)), ucs2(&[67, 4]), "71 Vietnamese letters");
    assert_eq!(cut(&"ệ".repeat(67 * 2)), ucs2(&[67, 67]));
    assert_eq!(cut(&"ệ".repeat(67 * 2 + 1)), ucs2(&[67, 67, 1]));
}

#[test]
fn a_reference_of_16_bits_costs_a_unit_a_part() {
    let wide = Options { reference: ReferenceBits::Sixteen, ..PLAIN };
    assert_eq!(sizes(&segment(&"a".repeat(160), &wide)), [160]);
    assert_eq!(sizes(&segment(&"a".repeat(161), &wide)), [152, 9]);
    assert_eq!(sizes(&segment(&"ệ".repeat(71), &wide)), [66, 5]);
}

#[test]
fn a_euro_sign_at_the_boundary_is_not_split() {
    let text = format!("{}€{}", "a".repeat(152), "b".repeat(20));
    assert_eq!(cut(&text), (Alphabet::Gsm7, vec![152, 22]));
    let text = format!("{}€", "a".repeat(158));
    assert_eq!(cut(&text), (Alphabet::Gsm7, vec![160]));
    let text = format!("{}€", "a".repeat(159));
    assert_eq!(cut(&text), (Alphabet::Gsm7, vec![153, 8]));
}

#[test]
fn an_emoji_at_the_boundary_is_not_split() {
    let text = format!("{}👋{}", "ệ".repeat(66), "b".repeat(5));
    assert_eq!(cut(&text), (Alphabet::Ucs2, vec![66, 7]));
    let tone = format!("{}👋🏽{}", "ệ".repeat(64), "b".repeat(5));
    assert_eq!(cut(&tone), (Alphabet::Ucs2, vec![64, 9]), "the tone stays with the hand");
    let flag = format!("{}🇻🇳{}", "ệ".repeat(65), "b".repeat(5));
    assert_eq!(cut(&flag), (Alphabet::Ucs2, vec![65, 9]), "a flag is two characters");
    let heart = format!("{}❤\u{FE0F}{}", "ệ".repeat(66), "b".repeat(5));
    assert_eq!(cut(&heart), (Alphabet::Ucs2, vec![66, 7]), "the heart stays red");
}

#[test]
fn a_mark_that_composes_with_nothing_stays_with_its_letter() {
    // Ẫ with a dot below has no composed form.
    let text = format!("{}ẫ\u{0330}{}", "ệ".repeat(66), "b".repeat(5));
    assert_eq!(cut(&text), (Alphabet::Ucs2, vec![66, 7]));
    let khmer = "ស្រុកខ្មែរ ".repeat(12);
    let segmented = segment(&khmer, &PLAIN);
    assert!(
        segmented.parts.iter().skip(1).all(|part| !part.starts_with(unicode_normalization::char::is_combining_mark))
    );
}

#[test]
fn a_letter_larger_than_a_part_is_cut_between_its_characters() {
    let zalgo = format!("x{}", "\u{0330}".repeat(150));
    assert_eq!(cut(&zalgo), (Alphabet::Ucs2, vec![67, 67, 17]));
    let tones = format!("a{}", "🏽".repeat(50));
    assert_eq!(cut(&tones), (Alphabet::Ucs2, vec![67, 34]), "no surrogate pair is split");
}

#[test]
fn nfd_is_sent_as_nfc() {
    use unicode_normalization::UnicodeNormalization;
    let nfc = "Hồ sơ của bà đã được giải quyết";
    let nfd: String = nfc.nfd().collect();
    assert_ne!(nfd, nfc);
    assert_eq!(segment(&nfd, &PLAIN), segment(nfc, &PLAIN));
    assert_eq!(segment(&nfd, &PLAIN).parts, [nfc]);
    let folded = segment(&nfd, &Options { policy: Policy::Folded, ..PLAIN });
    assert_eq!((folded.alphabet, &folded.parts[0][..]), (Alphabet::Gsm7, "Ho so cua ba da duoc giai quyet"));
}

#[test]
fn an_empty_text_is_one_empty_part() {
    for text in ["", "\u{200B}"] {
        let empty = segment(text, &ONE_PAGE);
        assert_eq!((empty.alphabet, empty.parts, empty.rest), (Alphabet::Gsm7, vec![String::new()], None));
    }
}

#[test]
fn what_gsm_says_is_sent_in_gsm_under_every_policy() {
    let text = "Où est-il? 20€ à Évian [1]";
    for policy in [Policy::Folded, Policy::Accented, Policy::AccentedIfNoMoreParts] {
        let segmented = segment(text, &Options { policy, ..PLAIN });
        assert_eq!((segmented.alphabet, &segmented.parts[0][..]), (Alphabet::Gsm7, text), "{policy:?}");
    }
}

#[test]
fn accented_only_where_it_takes_no_more_parts() {
    let options = Options { policy: Policy::AccentedIfNoMoreParts, ..PLAIN };
    let alphabet = |text: &str| segment(text, &options).alphabet;
    assert_eq!(alphabet(&"ệ".repeat(70)), Alphabet::Ucs2, "one part either way");
    assert_eq!(alphabet(&"ệ".repeat(71)), Alphabet::Gsm7, "two parts, or one");
    assert_eq!(alphabet(&"ệ".repeat(160)), Alphabet::Gsm7, "three parts, or one");
    assert_eq!(alphabet(&"…ệ".repeat(45)), Alphabet::Ucs2, "folding makes it no shorter: two parts either way");
}

#[test]
fn mixed_scripts() {
    let text = "Xin chào 王小明, ស្រុក 👋🏽! Phí: 8.000 ₫";
    assert_eq!(segment(text, &PLAIN).parts, [text]);
    let folded = segment(text, &Options { policy: Policy::Folded, ..PLAIN });
    assert_eq!(folded.alphabet, Alphabet::Gsm7);
    assert_eq!(folded.parts, ["Xin chao ?, ? ?! Phi: 8.000 d"]);
}

#[test]
fn folding() {
    assert_eq!(fold_to_gsm("“Đã trả” – `x`\tΔ\u{0301}ễ…"), "\"Da tra\" - 'x' Δe...");
    assert_eq!(fold_to_gsm("\u{0330}ễ"), "e");
    assert_eq!(fold_to_gsm("[ễ] {€}"), "[e] {EUR}");
    assert_eq!(fold_to_gsm("[à] {€}"), "[à] {€}");
}

#[test]
fn what_goes_on_ends_at_a_word_with_the_hint() {
    let text = "Hồ sơ cần bổ sung bản sao giấy khai sinh. ".repeat(8);
    let page = segment(&text, &ONE_PAGE);
    assert_eq!(page.parts.len(), 1);
    let said = page.parts[0].strip_suffix(HINT).unwrap();
    assert_eq!(page.alphabet.units(&page.parts[0]), 157);
    assert!(said.ends_with("giay khai sinh. Ho so"), "{said}");
    assert!(page.rest.as_ref().unwrap().starts_with("can bo sung"), "{page:?}");

    let two = segment(&text, &Options { max_parts: 2, ..ONE_PAGE });
    assert_eq!(two.parts.len(), 2);
    assert_eq!(two.parts[0].len(), 153, "the first part is full");
    assert!(two.parts[1].ends_with(HINT), "{:?}", two.parts);
    assert!(two.rest.is_some());
}

#[test]
fn the_pages_of_a_text_say_all_of_it() {
    let text = (1..=60).map(|number| format!("Giấy tờ thứ {number}:\nbản sao.")).collect::<Vec<_>>().join(" ");
    let mut said = Vec::new();
    let mut rest = Some(text.clone());
    while let Some(text) = rest {
        let page = segment(&text, &ONE_PAGE);
        let words = page.parts.concat();
        said.push(words.strip_suffix(HINT).unwrap_or(&words).to_owned());
        rest = page.rest;
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&said.join(" ")), words(&fold_to_gsm(&text)));
    assert!(said.len() > 8 && said.len() < 15, "{} pages", said.len());
}

#[test]
fn a_hint_keeps_its_marks_beside_an_accented_text() {
    let options = Options { policy: Policy::Accented, ..ONE_PAGE };
    let page = segment(&"Hồ sơ ".repeat(30), &options);
    assert_eq!(page.alphabet, Alphabet::Ucs2);
    assert!(page.parts[0].ends_with(" Hồ ... soạn TIEP để xem tiếp"));
    assert!(page.alphabet.units(&page.parts[0]) <= 70);
    // It does not turn a text of GSM letters into UCS-2.
    let page = segment(&"ho so ".repeat(30), &options);
    assert_eq!(page.alphabet, Alphabet::Gsm7);
    assert!(page.parts[0].ends_with(HINT));
}

#[test]
fn no_half_of_an_address_is_left() {
    let address = format!("https://dichvucong.gov.vn/{}", "p".repeat(140));
    let text = format!("{} {address} {}", "a b ".repeat(30).trim_end(), "c d ".repeat(60));
    let page = segment(&text, &Options { max_parts: 2, ..ONE_PAGE });
    // It would begin in the first part and end in the second, beyond the hint.
    assert!(!page.parts.concat().contains("https"), "{:?}", page.parts);
    let rest = page.rest.unwrap();
    assert!(rest.starts_with(&address));
    let next = segment(&rest, &Options { max_parts: 2, ..ONE_PAGE });
    assert!(next.parts.concat().starts_with(&address));
}

#[test]
fn a_word_longer_than_a_page_is_cut_and_goes_on() {
    let word = "x".repeat(400);
    let page = segment(&word, &ONE_PAGE);
    assert_eq!(page.parts, [format!("{}{HINT}", "x".repeat(160 - HINT.len()))]);
    assert_eq!(page.rest.unwrap().len(), 400 - (160 - HINT.len()));
    // After other words it fills the page, rather than leave it nearly empty.
    let page = segment(&format!("abc {word}"), &ONE_PAGE);
    assert!(page.parts[0].starts_with("abc xxx"));
}

#[test]
fn a_hint_without_room_is_left_out() {
    let long = "h".repeat(150);
    let page = segment(&"a ".repeat(100), &Options { more: Some(&long), ..ONE_PAGE });
    assert_eq!(page.parts, ["a ".repeat(80).trim_end()]);
    assert_eq!(page.rest, Some("a ".repeat(20).trim_end().to_owned()));
    let none = segment(&"a ".repeat(100), &Options { more: Some(" "), ..ONE_PAGE });
    assert_eq!(none, page);
}

#[test]
fn blanks_alone_do_not_ask_to_go_on() {
    let page = segment(&format!("{}abc{}", " ".repeat(100), "\n".repeat(100)), &ONE_PAGE);
    assert_eq!((page.parts, page.rest), (vec!["abc".to_owned()], None));
    let page = segment(&" ".repeat(500), &ONE_PAGE);
    assert_eq!((page.parts, page.rest), (vec![String::new()], None));
}

#[test]
fn no_parts_at_most_counts_as_one() {
    let page = segment(&"a ".repeat(100), &Options { max_parts: 0, ..ONE_PAGE });
    assert_eq!(page, segment(&"a ".repeat(100), &ONE_PAGE));
}

#[test]
fn a_no_break_space_is_no_place_to_end() {
    let options = Options { policy: Policy::Accented, more: None, ..ONE_PAGE };
    let text = format!("{} 8.000\u{A0}₫ {}", "ệ".repeat(63), "b".repeat(40));
    let page = segment(&text, &options);
    assert_eq!(page.parts, ["ệ".repeat(63)]);
}

#[test]
fn printing_it_hides_the_words() {
    assert_eq!(format!("{:?}", segment("bi mat", &PLAIN)), "Segmented { alphabet: Gsm7, parts: 1, goes_on: false }");
}
