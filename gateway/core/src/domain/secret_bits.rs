//! Random bits that open something, as they stand in a cookie, an address or a
//! form: lower-case hexadecimal digits of a fixed number.

use crate::ports::Randomness;

/// New ones. The randomness must be the operating system's.
pub(super) fn draw<const BYTES: usize>(randomness: &dyn Randomness) -> [u8; BYTES] {
    let mut bits = [0; BYTES];
    for chunk in bits.chunks_mut(8) {
        for (to, from) in chunk.iter_mut().zip(randomness.next_u64().to_le_bytes()) {
            *to = from;
        }
    }
    bits
}

/// Reads exactly two digits a byte.
pub(super) fn parse<const BYTES: usize>(text: &str) -> Option<[u8; BYTES]> {
    if text.len() != 2 * BYTES {
        return None;
    }
    let mut bits = [0; BYTES];
    for (bit, pair) in bits.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *bit = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bits)
}

/// As [`parse`] reads them.
pub(super) fn to_hex(bits: &[u8]) -> String {
    bits.iter().fold(String::with_capacity(2 * bits.len()), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
        text
    })
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
