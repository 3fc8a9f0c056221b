use proptest::prelude::*;

use super::*;
use crate::road::Concatenation;

/// Every letter of the basic table in its order, without the escape.
const ALL_BASIC: &str = concat!(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ",
    " !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmnopqrstuvwxyzäöñüà",
);

const ALL_EXTENDED: &str = "\u{C}^{}\\[~]|€";

fn gsm_letter() -> impl Strategy<Value = char> {
    let letters: Vec<char> = ALL_BASIC.chars().chain(ALL_EXTENDED.chars()).collect();
    proptest::sample::select(letters)
}

fn gsm_text(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(gsm_letter(), 0..=most).prop_map(|letters| letters.into_iter().collect())
}

#[test]
fn the_whole_basic_table_goes_both_ways() {
    let septets: Vec<u8> = (0..0x80).filter(|septet| *septet != 0x1B).collect();
    assert_eq!(septets.len(), 127);
    assert_eq!(decode_gsm(&septets), ALL_BASIC);
    assert_eq!(encode_gsm(ALL_BASIC), septets);
    assert_eq!(gsm_septets(ALL_BASIC), Some(127));
}

#[test]
fn the_whole_extension_table_goes_both_ways() {
    let pairs = [0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65];
    let septets: Vec<u8> = pairs.iter().flat_map(|code| [0x1B, *code]).collect();
    assert_eq!(decode_gsm(&septets), ALL_EXTENDED);
    assert_eq!(encode_gsm(ALL_EXTENDED), septets);
    assert_eq!(gsm_septets(ALL_EXTENDED), Some(20));
}

#[test]
fn an_escape_before_anything_else_loses_no_letter() {
    let known = [0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65];
    for code in (0..0x80).filter(|code| *code != 0x1B && !known.contains(code)) {
        assert_eq!(decode_gsm(&[0x1B, code]), decode_gsm(&[code]), "1B {code:02X}");
    }
    assert_eq!(decode_gsm(&[0x1B, 0x1B, 0x41]), " A");
    assert_eq!(decode_gsm(&[0x41, 0x1B]), "A ");
}

#[test]
fn gsm_agrees_with_the_table_of_the_texts() {
    for c in (0..=0x2FFF_u32).filter_map(char::from_u32) {
        let basic = gsm_septets(c.encode_utf8(&mut [0; 4])) == Some(1);
        assert_eq!(basic, gateway_locale::is_gsm_basic(c), "{c:?}");
    }
}

#[test]
fn letters_that_gsm_lacks_are_question_marks() {
    assert_eq!(encode_gsm("Hồ`ç👋"), encode_gsm("H????"));
    assert_eq!(Alphabet::Gsm7.units("Hồ`ç👋"), 5);
}

#[test]
fn packing_as_in_the_standard() {
    assert_eq!(pack(&encode_gsm("1"), 0), [0x31]);
    assert_eq!(pack(&encode_gsm("12"), 0), [0x31, 0x19]);
    assert_eq!(pack(&encode_gsm("1234567"), 0), [0x31, 0xD9, 0x8C, 0x56, 0xB3, 0xDD, 0x00]);
    assert_eq!(pack(&encode_gsm("12345678"), 0), [0x31, 0xD9, 0x8C, 0x56, 0xB3, 0xDD, 0x70]);
    assert_eq!(pack(&encode_gsm("A"), 1), [0x82]);
    assert_eq!(pack(&[], 1), [0; 0]);
    assert_eq!([6, 7, 8, 12, 13, 1].map(fill_bits), [1, 0, 6, 2, 1, 6]);
}

#[test]
fn the_sizes_of_the_standard() {
    assert_eq!((Alphabet::Gsm7.single(), Alphabet::Ucs2.single()), (160, 70));
    let joined = |bits| (Alphabet::Gsm7.joined(bits), Alphabet::Ucs2.joined(bits));
    assert_eq!(joined(ReferenceBits::Eight), (153, 67));
    assert_eq!(joined(ReferenceBits::Sixteen), (152, 66));
    for bits in [ReferenceBits::Eight, ReferenceBits::Sixteen] {
        let header = bits.header_octets();
        let septets = vec![0x7F; Alphabet::Gsm7.joined(bits)];
        assert!(header + pack(&septets, fill_bits(header)).len() <= MOST_OCTETS, "{bits:?}");
    }
}

#[test]
fn ucs2_is_lenient() {
    assert_eq!(decode_ucs2(&[0xD8, 0x3D]), "\u{FFFD}");
    assert_eq!(decode_ucs2(&[0xDE, 0x00, 0x00, 0x41]), "\u{FFFD}A");
    assert_eq!(decode_ucs2(&[0x00, 0x41, 0x00]), "A");
    assert_eq!(decode_ucs2(&[0x00, 0x41, 0x1E]), "A\u{FFFD}");
    assert_eq!(decode_ucs2(&[]), "");
}

#[test]
fn data_codings() {
    let gsm = |octets: &[u8], coding| decode(octets, coding, DefaultAlphabet::Gsm7);
    assert_eq!(gsm(b"TRA CUU", 0), "TRA CUU");
    assert_eq!(gsm(&[0x00, 0x11, 0x1B, 0x65], 0), "@_€");
    assert_eq!(decode(b"a@b_[\xE0", 0, DefaultAlphabet::Latin1), "a@b_[à");
    assert_eq!(gsm(b"a@b_[", 1), "a@b_[");
    assert_eq!(gsm(&[b'c', 0xF3], 1), "có");
    assert_eq!(gsm(&[b'c', 0xF3], 3), "có");
    assert_eq!(gsm("có".as_bytes(), 3), "cÃ³");
    assert_eq!(gsm(&encode_ucs2("Hồ sơ 👋"), 8), "Hồ sơ 👋");
}

#[test]
fn a_wrongly_named_coding_is_seen_through() {
    let gsm = |octets: &[u8], coding| decode(octets, coding, DefaultAlphabet::Gsm7);
    assert_eq!(gsm("hồ sơ".as_bytes(), 0), "hồ sơ");
    assert_eq!(gsm("hồ sơ".as_bytes(), 1), "hồ sơ");
    assert_eq!(gsm(&[b'c', 0xF3], 0), "có");
    assert_eq!(gsm(&[0xFE, 0xFF, 0x1E, 0xC5], 8), "ễ");
    assert_eq!(gsm(&[0xFF, 0xFE, 0xC5, 0x1E], 8), "ễ");
}

#[test]
fn message_classes_are_read_by_their_alphabet_bits() {
    let gsm = |octets: &[u8], coding| decode(octets, coding, DefaultAlphabet::Gsm7);
    for coding in [0x10, 0x11, 0xF0, 0xF1] {
        assert_eq!(gsm(&[0x00], coding), "@", "{coding:02X}");
    }
    assert_eq!(gsm(&encode_ucs2("TRA CUU"), 0x18), "TRA CUU");
}

#[test]
fn an_unknown_coding_is_guessed() {
    let gsm = |octets: &[u8], coding| decode(octets, coding, DefaultAlphabet::Gsm7);
    for coding in [2, 4, 5, 0x0D, 0x40, 0xF5] {
        assert_eq!(gsm("hồ sơ".as_bytes(), coding), "hồ sơ", "{coding:02X}");
        assert_eq!(gsm(&encode_ucs2("hồ sơ"), coding), "hồ sơ", "{coding:02X}");
        assert_eq!(gsm(b"TRA CUU 1", coding), "TRA CUU 1", "{coding:02X}");
        assert_eq!(gsm(&[b'c', 0xF3, b'!'], coding), "có!", "{coding:02X}");
        assert_eq!(gsm(&[], coding), "", "{coding:02X}");
    }
}

#[test]
fn headers_of_parts() {
    let place = Concatenation { reference: 0xBEEF, total: 3, sequence: 2 };
    let mut octets = udh(place, ReferenceBits::Sixteen);
    octets.extend_from_slice(b"words");
    let headed = take_udh(&octets);
    assert_eq!(headed.concatenation, Some((place, ReferenceBits::Sixteen)));
    assert_eq!((headed.header_octets, headed.words), (7, &b"words"[..]));

    let headed = take_udh(&[0x05, 0x00, 0x03, 0xEF, 0x03, 0x02]);
    let place = Concatenation { reference: 0xEF, ..place };
    assert_eq!(headed.concatenation, Some((place, ReferenceBits::Eight)));
    assert_eq!(headed.words, b"");
}

#[test]
fn a_part_is_found_among_other_elements() {
    // Application ports, the part, a national language.
    let header = [0x0E, 0x05, 0x04, 0x0B, 0x84, 0x23, 0xF0, 0x00, 0x03, 0x07, 0x02, 0x01, 0x25, 0x01, 0x0D, b'x'];
    let headed = take_udh(&header);
    let place = Concatenation { reference: 7, total: 2, sequence: 1 };
    assert_eq!(headed.concatenation, Some((place, ReferenceBits::Eight)));
    assert_eq!((headed.header_octets, headed.words), (15, &b"x"[..]));
}

#[test]
fn of_two_places_the_last_valid_one_counts() {
    let header = [0x0F, 0, 3, 1, 2, 1, 0, 3, 2, 2, 2, 0, 3, 9, 0, 0];
    let place = Concatenation { reference: 2, total: 2, sequence: 2 };
    assert_eq!(take_udh(&header).concatenation, Some((place, ReferenceBits::Eight)));
}

#[test]
fn what_is_no_place_is_passed_over_and_the_words_stay() {
    for [total, sequence] in [[0, 0], [0, 1], [2, 0], [2, 3], [1, 1]] {
        let octets = [0x05, 0x00, 0x03, 0x07, total, sequence, b'x'];
        assert_eq!(take_udh(&octets), Headed { concatenation: None, header_octets: 6, words: b"x" });
    }
    let wrong_length = [0x04, 0x00, 0x02, 0x07, 0x02, b'x'];
    assert_eq!(take_udh(&wrong_length), Headed { concatenation: None, header_octets: 5, words: b"x" });
}

#[test]
fn a_malformed_header_is_none_and_all_octets_are_words() {
    for octets in [&b""[..], b"\x05\x00\x03", b"\xFFwords", b"\x05\x00\x09\x01\x02\x01x", b"\x01\x00x"] {
        assert_eq!(take_udh(octets), Headed { concatenation: None, header_octets: 0, words: octets });
    }
    let empty = take_udh(b"\x00words");
    assert_eq!((empty.header_octets, empty.words), (1, &b"words"[..]));
}

proptest! {
    #[test]
    fn gsm_texts_come_back(text in gsm_text(200)) {
        let septets = encode_gsm(&text);
        prop_assert_eq!(gsm_septets(&text), Some(septets.len()));
        prop_assert_eq!(Alphabet::Gsm7.units(&text), septets.len());
        prop_assert!(septets.iter().all(|septet| *septet < 0x80));
        prop_assert_eq!(decode_gsm(&septets), text);
    }

    #[test]
    fn packed_septets_come_back(septets in proptest::collection::vec(0_u8..0x80, 0..300), fill in 0_u8..7) {
        let packed = pack(&septets, fill);
        if !septets.is_empty() {
            prop_assert_eq!(packed.len(), (septets.len() * 7 + usize::from(fill)).div_ceil(8));
        }
        prop_assert_eq!(unpack(&packed, fill, septets.len()), septets);
    }

    #[test]
    fn any_octets_unpack_to_what_they_hold(
        octets in proptest::collection::vec(any::<u8>(), 0..200), fill in any::<u8>(), count in 0_usize..400,
    ) {
        let most = (octets.len() * 8).saturating_sub(usize::from(fill % 7)) / 7;
        prop_assert_eq!(unpack(&octets, fill, count).len(), count.min(most));
    }

    #[test]
    fn any_text_comes_back_from_ucs2(text in any::<String>()) {
        let octets = encode_ucs2(&text);
        prop_assert_eq!(octets.len(), Alphabet::Ucs2.units(&text) * 2);
        prop_assert_eq!(decode_ucs2(&octets), text);
    }

    #[test]
    fn any_octets_of_any_coding_say_something(
        octets in proptest::collection::vec(any::<u8>(), 1..200), coding in any::<u8>(), latin in any::<bool>(),
    ) {
        let default = if latin { DefaultAlphabet::Latin1 } else { DefaultAlphabet::Gsm7 };
        let text = decode(&octets, coding, default);
        // A byte order mark, an escape and half a unit say nothing.
        prop_assert!(text.chars().count() >= octets.len().saturating_sub(2) / 4);
        prop_assert!(text.chars().count() <= octets.len());
    }

    #[test]
    fn headers_come_back(
        reference in any::<u16>(), total in 2_u8.., of in any::<prop::sample::Index>(), wide in any::<bool>(), words: Vec<u8>,
    ) {
        let sequence = of.index(usize::from(total)) as u8 + 1;
        let bits = if wide { ReferenceBits::Sixteen } else { ReferenceBits::Eight };
        let reference = if wide { reference } else { reference & 0xFF };
        let place = Concatenation { reference, total, sequence };
        let mut octets = udh(place, bits);
        prop_assert_eq!(octets.len(), bits.header_octets());
        octets.extend_from_slice(&words);
        let headed = take_udh(&octets);
        prop_assert_eq!(headed.concatenation, Some((place, bits)));
        prop_assert_eq!(headed.words, &words[..]);
    }

    #[test]
    fn no_header_loses_an_octet(octets: Vec<u8>) {
        let headed = take_udh(&octets);
        prop_assert_eq!(&octets[headed.header_octets..], headed.words);
    }
}
