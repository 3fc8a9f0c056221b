//! What a peer wrote, by the data coding that it named (SMPP 3.4 §5.2.19).

use super::gsm::decode_gsm;
use super::ucs2::{decode_pairs, decode_ucs2};

/// What data coding 0, "the SMSC's default alphabet", means on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DefaultAlphabet {
    /// The default alphabet of GSM 03.38, one septet an octet.
    #[default]
    Gsm7,
    /// Latin-1, of which ASCII is a part.
    Latin1,
}

/// The text of a message, whatever its data coding. It never fails: a wrongly
/// named coding costs some letters their look, never the message.
///
/// | data coding | read as |
/// | --- | --- |
/// | 0 | the route's default alphabet |
/// | 1 | ASCII |
/// | 3 | Latin-1 |
/// | 8 | UTF-16BE; UTF-16LE after its byte order mark |
/// | 10–1F hex, F0–FF hex | by their alphabet bits (3GPP TS 23.038 §4): message classes, flash messages |
/// | any other | UTF-8 or UTF-16BE where it is plausible, else Latin-1 |
///
/// Octets over 0x7F are neither ASCII nor GSM: there they are read as UTF-8
/// where they are valid UTF-8, else as Latin-1.
///
/// The octets are those after the header (see [`super::take_udh`]); parts are
/// joined before they are decoded, as a part may end within a character.
pub fn decode(octets: &[u8], data_coding: u8, default: DefaultAlphabet) -> String {
    match data_coding {
        0 => decode_default(octets, default),
        1 => utf8(octets).unwrap_or_else(|| latin1(octets)),
        3 => latin1(octets),
        8 => utf16(octets),
        // A general data coding without compression, or a message class.
        0x10..=0x1F => match data_coding & 0x0C {
            0x00 => decode_default(octets, default),
            0x08 => utf16(octets),
            _ => guess(octets),
        },
        0xF0..=0xFF if data_coding & 0x04 == 0 => decode_default(octets, default),
        _ => guess(octets),
    }
}

fn decode_default(octets: &[u8], default: DefaultAlphabet) -> String {
    match default {
        DefaultAlphabet::Latin1 => latin1(octets),
        DefaultAlphabet::Gsm7 if octets.is_ascii() => decode_gsm(octets),
        DefaultAlphabet::Gsm7 => utf8(octets).unwrap_or_else(|| decode_gsm(octets)),
    }
}

fn utf8(octets: &[u8]) -> Option<String> {
    std::str::from_utf8(octets).ok().map(str::to_owned)
}

fn latin1(octets: &[u8]) -> String {
    octets.iter().copied().map(char::from).collect()
}

/// UTF-16 with the byte order that its mark names, or big-endian. The mark is
/// no letter and goes. (`FFFE` is no character, so nothing else is meant.)
fn utf16(octets: &[u8]) -> String {
    match octets {
        [0xFE, 0xFF, words @ ..] => decode_ucs2(words),
        [0xFF, 0xFE, words @ ..] => decode_pairs(words, u16::from_le_bytes),
        words => decode_ucs2(words),
    }
}

/// Nobody said how to read it. UTF-8 first: Latin letters in UTF-16 hold octets
/// of zero, and Vietnamese ones control codes, so that they never pass for it.
fn guess(octets: &[u8]) -> String {
    if let Some(text) = utf8(octets).filter(|text| is_plausible(text)) {
        return text;
    }
    if octets.len().is_multiple_of(2) {
        let text = utf16(octets);
        if is_plausible(&text) {
            return text;
        }
    }
    latin1(octets)
}

/// Whether a person may have written it: no control codes, nothing broken,
/// nothing out of private use.
fn is_plausible(text: &str) -> bool {
    !text.chars().any(|c| match c {
        '\n' | '\r' | '\t' => false,
        char::REPLACEMENT_CHARACTER | '\u{E000}'..='\u{F8FF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{F0000}'.. => true,
        c => c.is_control(),
    })
}
