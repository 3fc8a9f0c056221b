//! What holds for every text.

use gateway_core::text::fold_display;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::codec::{DefaultAlphabet, MOST_OCTETS, decode, fill_bits, octets, pack};

/// Pieces that texts to citizens are made of, and those that break splitters.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(vec![
            "Hồ sơ ", "đã được ", "giải quyết", "trả ngày 24/10/2026. ", "lệ phí ", "8.000 ₫", "000.00.01.H61-231023-0001 ",
        ]).prop_map(str::to_owned),
        2 => proptest::sample::select(vec![
            "€", "[", "}", "^", "👋", "👋🏽", "🇻🇳", "❤\u{FE0F}", "\u{0330}", "\u{0323}", "ស្រុក", "한국", "\u{1112}\u{1161}\u{11AB}",
            "王小明", "\r\n", "\u{A0}", "\u{200D}", "e\u{0302}\u{0323}", "Ð", "नि", "\n", "  ", "\t",
        ]).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9 .,]{0,40}",
        1 => "[a-z]{100,200}",
        1 => "https://[a-z]{3,12}\\.gov\\.vn/[a-z0-9]{0,60} ",
        1 => any::<char>().prop_map(String::from),
    ]
}

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

fn policy() -> impl Strategy<Value = Policy> {
    prop_oneof![Just(Policy::Folded), Just(Policy::Accented), Just(Policy::AccentedIfNoMoreParts)]
}

fn reference() -> impl Strategy<Value = ReferenceBits> {
    prop_oneof![Just(ReferenceBits::Eight), Just(ReferenceBits::Sixteen)]
}

/// What the text is in the alphabet that was chosen.
fn normal(text: &str, alphabet: Alphabet) -> String {
    match alphabet {
        Alphabet::Gsm7 => fold_to_gsm(text),
        Alphabet::Ucs2 => nfc(text).into_owned(),
    }
}

/// Without blanks and diacritics. A run of lost letters that a page parts is
/// two question marks: here it is one.
fn plain(text: &str) -> String {
    let folded = fold_to_gsm(&fold_display(text));
    let mut plain: String = folded.split_whitespace().collect();
    while plain.contains("??") {
        plain = plain.replace("??", "?");
    }
    plain
}

/// Every part fits with its header, and comes back from its octets.
fn check_parts(segmented: &Segmented, options: &Options<'_>) -> Result<(), TestCaseError> {
    let most = usize::from(options.max_parts.max(1));
    prop_assert!((1..=most).contains(&segmented.parts.len()));
    let header = if segmented.parts.len() == 1 { 0 } else { options.reference.header_octets() };
    for part in &segmented.parts {
        let octets = octets(part, segmented.alphabet);
        let length = match segmented.alphabet {
            Alphabet::Gsm7 => pack(&octets, fill_bits(header)).len(),
            Alphabet::Ucs2 => octets.len(),
        };
        prop_assert!(header + length <= MOST_OCTETS, "{header} + {length} octets");
        let back = decode(&octets, segmented.alphabet.data_coding(), DefaultAlphabet::Gsm7);
        prop_assert_eq!(&back, part);
    }
    Ok(())
}

/// No part ends within a letter, except within one that is larger than a part.
fn check_letters(segmented: &Segmented, options: &Options<'_>) -> Result<(), TestCaseError> {
    if segmented.alphabet == Alphabet::Gsm7 {
        return Ok(());
    }
    let whole = segmented.parts.concat();
    let room = segmented.alphabet.joined(options.reference);
    let letters: Vec<(usize, &str)> = whole.grapheme_indices(true).collect();
    prop_assume!(letters.iter().all(|(_, letter)| segmented.alphabet.units(letter) <= room));
    let mut end = 0;
    for part in &segmented.parts {
        prop_assert!(letters.binary_search_by_key(&end, |(at, _)| *at).is_ok() || whole.is_empty(), "{end}: {part:?}");
        end += part.len();
    }
    Ok(())
}

proptest! {
    #[test]
    fn without_a_cap_the_parts_are_the_text(text in words(), policy in policy(), reference in reference()) {
        let options = Options { policy, max_parts: u8::MAX, reference, more: Some("… soạn TIEP") };
        let segmented = segment(&text, &options);
        prop_assert_eq!(&segmented.rest, &None);
        prop_assert_eq!(segmented.parts.concat(), normal(&text, segmented.alphabet));
        check_parts(&segmented, &options)?;
        check_letters(&segmented, &options)?;
    }

    #[test]
    fn any_characters_at_all(text in any::<String>(), policy in policy(), max_parts in 0_u8..3) {
        let options = Options { policy, max_parts, reference: ReferenceBits::Eight, more: Some("… soạn TIEP") };
        let segmented = segment(&text, &options);
        check_parts(&segmented, &options)?;
        if policy == Policy::Folded {
            prop_assert_eq!(segmented.alphabet, Alphabet::Gsm7);
        }
    }

    #[test]
    fn the_pages_say_every_word(
        text in words(), policy in policy(), reference in reference(), max_parts in 1_u8..5, hinted in any::<bool>(),
    ) {
        let more = hinted.then_some("... soạn TIẾP để xem tiếp");
        let options = Options { policy, max_parts, reference, more };
        let first = segment(&text, &options).alphabet;
        let mut said = String::new();
        let mut rest = Some(text.clone());
        let mut pages = 0;
        while let Some(text) = rest {
            let page = segment(&text, &options);
            check_parts(&page, &options)?;
            check_letters(&page, &options)?;
            let words = page.parts.concat();
            let words = match (&page.rest, more) {
                (None, _) | (_, None) => words.as_str(),
                (Some(_), Some(more)) => {
                    let last = page.parts.last().map_or("", String::as_str);
                    let hint = format!(" {}", normal(more, page.alphabet));
                    prop_assert!(last.ends_with(&hint), "{last:?}");
                    words.strip_suffix(&hint).unwrap_or_default()
                }
            };
            prop_assert!(page.rest.is_none() || !words.is_empty(), "a page says nothing");
            said.push_str(&plain(words));
            if let Some(rest) = &page.rest {
                prop_assert!(!rest.is_empty());
                prop_assert_eq!(nfc(rest), rest.as_str(), "normalised");
            }
            rest = page.rest;
            pages += 1;
            prop_assert!(pages < 500);
        }
        // Later pages of an accented text may be folded: compared folded.
        prop_assert_eq!(plain(&said), plain(&normal(&text, first)));
    }

    #[test]
    fn a_page_ends_at_a_word(words in proptest::collection::vec("[a-zếđ]{1,30}", 1..120), max_parts in 1_u8..4) {
        let text = words.join(" ");
        let options = Options { policy: Policy::Folded, max_parts, reference: ReferenceBits::Eight, more: Some("... TIEP") };
        let mut said = Vec::new();
        let mut rest = Some(text.clone());
        while let Some(text) = rest {
            let page = segment(&text, &options);
            let words = page.parts.concat();
            said.push(words.strip_suffix(" ... TIEP").unwrap_or(&words).to_owned());
            rest = page.rest;
        }
        prop_assert_eq!(said.join(" "), fold_to_gsm(&text));
    }

    #[test]
    fn folding_gives_gsm_and_is_stable(text in any::<String>()) {
        let folded = fold_to_gsm(&text);
        prop_assert!(gsm_septets(&folded).is_some());
        prop_assert_eq!(fold_to_gsm(&folded), folded);
    }

    #[test]
    fn accented_takes_no_more_parts_than_folded(text in words(), reference in reference()) {
        let parts = |policy| segment(&text, &Options { policy, max_parts: u8::MAX, reference, more: None });
        let (either, folded) = (parts(Policy::AccentedIfNoMoreParts), parts(Policy::Folded));
        let accented = parts(Policy::Accented);
        prop_assert!(either.parts.len() <= folded.parts.len());
        let expected = if accented.parts.len() <= folded.parts.len() { accented } else { folded };
        prop_assert_eq!(either.parts, expected.parts);
    }

    /// `sms_splitter` cuts between any two characters; so do we where each is a
    /// letter of its own. There both must agree, in number and in words.
    ///
    /// They differ, and ours is meant, where a letter is several characters: it
    /// cuts flags, skin tones, variation selectors, Hangul and Khmer in half.
    /// It neither normalises (so it is given normalised text) nor folds, and
    /// knows no reference of 16 bits.
    #[test]
    fn as_many_parts_as_the_oracle(
        letters in proptest::collection::vec(
            prop_oneof![8 => "[a-zA-Z0-9 .,]", 1 => "[€\\[\\]{}~|^\u{C}]", 1 => "[@£àéßΔ\n]"], 0..500,
        ),
        others in proptest::collection::vec((any::<prop::sample::Index>(), "[ếđƠ₫王👋🎉]"), 0..40),
    ) {
        let mut letters = letters;
        for (at, letter) in others {
            if !letters.is_empty() {
                let at = at.index(letters.len());
                letters[at] = letter;
            }
        }
        let text = letters.concat();
        let options = Options {
            policy: Policy::Accented, max_parts: u8::MAX, reference: ReferenceBits::Eight, more: None,
        };
        let ours = segment(&text, &options);
        let oracle = sms_splitter::SplitSms::default().split(text);
        let theirs: Vec<String> = oracle.parts.into_iter().map(|part| part.content).collect();
        prop_assert_eq!(oracle.character_set == "GSM", ours.alphabet == Alphabet::Gsm7);
        prop_assert_eq!(ours.parts, theirs);
    }
}
