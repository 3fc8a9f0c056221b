//! GSM 03.38 and UCS-2, both ways; data codings and user data headers.
//!
//! Outwards a text is [`octets`] in one of two alphabets, with a [`udh`] before
//! them where it is a part of several. Inwards [`take_udh`] parts the header
//! from the words, and [`decode`] reads these: it never fails and never drops a
//! letter that it could read.

mod data_coding;
mod gsm;
mod header;
mod ucs2;

#[cfg(test)]
mod tests;

pub use data_coding::{DefaultAlphabet, decode};
pub use gsm::{decode_gsm, encode_gsm, fill_bits, gsm_septets, pack, unpack};
pub use header::{Headed, ReferenceBits, take_udh, udh};
pub use ucs2::{decode_ucs2, encode_ucs2};

/// The most octets of user data in one message, its header included (3GPP TS
/// 23.040 §9.2.3.24).
pub const MOST_OCTETS: usize = 140;

/// The alphabet of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// The default alphabet of GSM 03.38 with its extension table (3GPP TS
    /// 23.038 §6.2.1): 160 septets.
    Gsm7,
    /// UCS-2, written as UTF-16BE: 70 code units.
    Ucs2,
}

impl Alphabet {
    /// The units of a message that stands alone: 160 septets or 70 UTF-16 code
    /// units.
    pub const fn single(self) -> usize {
        self.room(MOST_OCTETS)
    }

    /// The units of one part of several: 153 septets or 67 UTF-16 code units
    /// beside a reference of 8 bits, 152 or 66 beside one of 16 bits.
    pub const fn joined(self, reference: ReferenceBits) -> usize {
        self.room(MOST_OCTETS - reference.header_octets())
    }

    /// What a text takes: septets (a sign of the extension table takes two) or
    /// UTF-16 code units. A letter that the alphabet lacks counts as the
    /// question mark that [`octets`] writes for it.
    pub fn units(self, text: &str) -> usize {
        match self {
            Self::Gsm7 if text.is_ascii() => text.bytes().map(|b| gsm::cost(char::from(b)).unwrap_or(1)).sum(),
            Self::Gsm7 => text.chars().map(|c| gsm::cost(c).unwrap_or(1)).sum(),
            Self::Ucs2 => text.chars().map(char::len_utf16).sum(),
        }
    }

    /// What one letter takes, see [`Self::units`].
    pub(crate) fn cost(self, c: char) -> usize {
        match self {
            Self::Gsm7 => gsm::cost(c).unwrap_or(1),
            Self::Ucs2 => c.len_utf16(),
        }
    }

    /// The SMPP data coding (SMPP 3.4 §5.2.19): 0 and 8.
    pub const fn data_coding(self) -> u8 {
        match self {
            Self::Gsm7 => 0,
            Self::Ucs2 => 8,
        }
    }

    const fn room(self, octets: usize) -> usize {
        match self {
            Self::Gsm7 => octets * 8 / 7,
            Self::Ucs2 => octets / 2,
        }
    }
}

/// A text as it goes into SMPP's `short_message`: one septet an octet, or
/// UTF-16BE. A letter that the alphabet lacks becomes a question mark.
///
/// ```
/// use channel_sms::codec::{Alphabet, octets};
/// assert_eq!(octets("a@€", Alphabet::Gsm7), [0x61, 0x00, 0x1B, 0x65]);
/// assert_eq!(octets("ễ", Alphabet::Ucs2), [0x1E, 0xC5]);
/// ```
pub fn octets(text: &str, alphabet: Alphabet) -> Vec<u8> {
    match alphabet {
        Alphabet::Gsm7 => encode_gsm(text),
        Alphabet::Ucs2 => encode_ucs2(text),
    }
}
