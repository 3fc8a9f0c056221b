//! The user data header (3GPP TS 23.040 §9.2.3.24), as far as parts need it.

use crate::road::Concatenation;

/// Concatenated short messages, 8-bit reference (§9.2.3.24.1).
const IE_8_BIT: u8 = 0x00;

/// Concatenated short messages, 16-bit reference (§9.2.3.24.8).
const IE_16_BIT: u8 = 0x08;

/// How wide the reference is that joins the parts of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReferenceBits {
    /// 0–255. Every phone knows it.
    #[default]
    Eight,
    /// 0–65535: a part holds one unit less, and two messages to one phone are
    /// mixed up far more rarely.
    Sixteen,
}

impl ReferenceBits {
    /// The octets of the header, its length octet included: 6 or 7.
    pub const fn header_octets(self) -> usize {
        match self {
            Self::Eight => 6,
            Self::Sixteen => 7,
        }
    }
}

/// The header of a part: `05 00 03 rr tt ss`, or `06 08 04 rr rr tt ss` with a
/// reference of 16 bits. An 8-bit reference is the lower octet of the given one.
///
/// ```
/// use channel_sms::codec::{ReferenceBits, udh};
/// use channel_sms::road::Concatenation;
/// let second = Concatenation { reference: 0x1234, total: 3, sequence: 2 };
/// assert_eq!(udh(second, ReferenceBits::Eight), [0x05, 0x00, 0x03, 0x34, 0x03, 0x02]);
/// assert_eq!(udh(second, ReferenceBits::Sixteen), [0x06, 0x08, 0x04, 0x12, 0x34, 0x03, 0x02]);
/// ```
pub fn udh(place: Concatenation, reference: ReferenceBits) -> Vec<u8> {
    let [high, low] = place.reference.to_be_bytes();
    match reference {
        ReferenceBits::Eight => vec![5, IE_8_BIT, 3, low, place.total, place.sequence],
        ReferenceBits::Sixteen => vec![6, IE_16_BIT, 4, high, low, place.total, place.sequence],
    }
}

/// User data whose header was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headed<'a> {
    /// The place of the part, and how wide its reference is; `None` for a
    /// message that stands alone. 8-bit and 16-bit references of one sender are
    /// different messages.
    pub concatenation: Option<(Concatenation, ReferenceBits)>,
    /// The octets of the header with its length octet; 0 where there is none.
    /// Packed septets start after [`fill_bits`](super::fill_bits) of it.
    pub header_octets: usize,
    /// What comes after the header.
    pub words: &'a [u8],
}

/// Takes the header off user data whose header indicator is set (SMPP
/// `esm_class` bit 6).
///
/// A malformed header (longer than the data, or an element longer than the
/// header) is taken as none: then all octets are words, and nothing is lost.
/// Elements other than the two of concatenation are passed over; where there
/// are several, the last one counts (§9.2.3.24). One with a total or sequence
/// of 0, a sequence beyond the total or the wrong length is passed over too,
/// as the standard has it; so is "part 1 of 1", which is a whole message.
pub fn take_udh(octets: &[u8]) -> Headed<'_> {
    let none = Headed { concatenation: None, header_octets: 0, words: octets };
    let Some((length, after)) = octets.split_first() else { return none };
    let Some((mut elements, words)) = after.split_at_checked(usize::from(*length)) else { return none };
    let mut concatenation = None;
    while let Some((kind, after)) = elements.split_first() {
        let Some((length, after)) = after.split_first() else { return none };
        let Some((element, after)) = after.split_at_checked(usize::from(*length)) else { return none };
        concatenation = concatenation_of(*kind, element).or(concatenation);
        elements = after;
    }
    Headed { concatenation, header_octets: usize::from(*length) + 1, words }
}

fn concatenation_of(kind: u8, element: &[u8]) -> Option<(Concatenation, ReferenceBits)> {
    let (place, bits) = match (kind, element) {
        (IE_8_BIT, &[low, total, sequence]) => {
            (Concatenation { reference: u16::from(low), total, sequence }, ReferenceBits::Eight)
        }
        (IE_16_BIT, &[high, low, total, sequence]) => {
            (Concatenation { reference: u16::from_be_bytes([high, low]), total, sequence }, ReferenceBits::Sixteen)
        }
        _ => return None,
    };
    (place.total > 1 && (1..=place.total).contains(&place.sequence)).then_some((place, bits))
}
