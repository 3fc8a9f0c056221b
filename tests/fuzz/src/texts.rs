//! Targets of the SMS channel: what a peer's octets say, and what becomes of a
//! text that is sent.

use channel_sms::codec::{
    Alphabet, DefaultAlphabet, Headed, MOST_OCTETS, ReferenceBits, decode, decode_gsm, decode_ucs2, encode_gsm,
    fill_bits, gsm_septets, octets, pack, take_udh, udh as write_udh, unpack,
};
use channel_sms::segment::{Options, Policy, Segmented, fold_to_gsm, segment as cut};

/// Octets in every data coding, packed or not: something is read of each; what
/// GSM 03.38 says is written and read back the same.
pub fn gsm_decode(data: &[u8]) {
    let (coding, words) = data.split_first().map_or((0, data), |(coding, words)| (*coding, words));
    for default in [DefaultAlphabet::Gsm7, DefaultAlphabet::Latin1] {
        for coding in [coding, 0, 1, 3, 8] {
            let letters = decode(words, coding, default).chars().count();
            assert!(letters <= words.len(), "{letters} letters of {} octets", words.len());
            // Of four octets at least one letter comes, beside a byte order mark.
            assert!(letters >= words.len().saturating_sub(2) / 4, "{letters} letters of {} octets", words.len());
        }
    }
    let fill = coding % 7;
    let septets = unpack(words, fill, usize::MAX);
    assert_eq!(unpack(&pack(&septets, fill), fill, septets.len()), septets);
    let text = decode_gsm(&septets);
    assert!(gsm_septets(&text).is_some_and(|count| count <= septets.len()), "{text:?}");
    assert_eq!(decode_gsm(&encode_gsm(&text)), text);
}

/// Headers of parts: no octet is lost, and a place is a real one and reads back
/// the same.
pub fn udh(data: &[u8]) {
    let headed = take_udh(data);
    assert_eq!(data.get(headed.header_octets..), Some(headed.words));
    let Some((place, bits)) = headed.concatenation else { return };
    assert!(place.total > 1 && (1..=place.total).contains(&place.sequence), "{place:?}");
    assert!(bits == ReferenceBits::Sixteen || place.reference <= 0xFF, "{place:?}");
    let mut written = write_udh(place, bits);
    assert_eq!(written.len(), bits.header_octets());
    written.extend_from_slice(headed.words);
    assert_eq!(take_udh(&written), Headed { header_octets: bits.header_octets(), ..headed });
}

/// A text under every policy, after two octets of settings: every part fits and
/// comes back from its octets, the pages come to an end and say every letter.
pub fn segment(data: &[u8]) {
    let Some(([most, flags], words)) = data.split_first_chunk::<2>() else { return };
    let mut text = String::from_utf8_lossy(words).into_owned();
    let options = Options {
        policy: [Policy::Folded, Policy::Accented, Policy::AccentedIfNoMoreParts][usize::from(flags % 3)],
        max_parts: *most,
        reference: if flags & 0x10 == 0 { ReferenceBits::Eight } else { ReferenceBits::Sixteen },
        more: (flags & 0x20 == 0).then_some("… soạn TIẾP"),
    };
    loop {
        let page = cut(&text, &options);
        assert!(options.policy != Policy::Folded || page.alphabet == Alphabet::Gsm7);
        parts_fit(&page, &options);
        // A later page of an accented text may be folded.
        let normal = in_alphabet(&text, page.alphabet);
        let joined = page.parts.concat();
        let Some(rest) = page.rest else {
            // Only blanks around a text are lost; one that carries a mark is a
            // letter and stays, which `trim` alone does not see.
            assert!(normal.contains(&joined), "{joined:?} of {normal:?}");
            assert_eq!(joined.trim(), normal.trim());
            return;
        };
        let hint = options.more.map(|more| format!(" {}", in_alphabet(more, page.alphabet))).unwrap_or_default();
        let said = joined.strip_suffix(&hint);
        assert!(said.is_some_and(|said| !said.is_empty()), "a page says nothing or has no hint: {joined:?}");
        let said = without_blanks(said.unwrap_or_default());
        assert_eq!(said + &without_blanks(&rest), without_blanks(&normal));
        text = rest;
    }
}

fn in_alphabet(text: &str, alphabet: Alphabet) -> String {
    match alphabet {
        Alphabet::Gsm7 => fold_to_gsm(text),
        Alphabet::Ucs2 => gateway_core::text::nfc(text).into_owned(),
    }
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

fn parts_fit(page: &Segmented, options: &Options<'_>) {
    assert!((1..=usize::from(options.max_parts.max(1))).contains(&page.parts.len()), "{page:?}");
    let header = if page.parts.len() == 1 { 0 } else { options.reference.header_octets() };
    for part in &page.parts {
        let octets = octets(part, page.alphabet);
        let length = match page.alphabet {
            Alphabet::Gsm7 => pack(&octets, fill_bits(header)).len(),
            Alphabet::Ucs2 => octets.len(),
        };
        assert!(header + length <= MOST_OCTETS, "{header} + {length} octets");
        assert_eq!(&decode_exactly(&octets, page.alphabet), part);
    }
}

fn decode_exactly(octets: &[u8], alphabet: Alphabet) -> String {
    match alphabet {
        Alphabet::Gsm7 => decode_gsm(octets),
        Alphabet::Ucs2 => decode_ucs2(octets),
    }
}
