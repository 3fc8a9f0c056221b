//! UCS-2, which every phone reads as UTF-16BE.

/// A text as UTF-16BE, without a byte order mark.
pub fn encode_ucs2(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len() * 2);
    for unit in text.encode_utf16() {
        octets.extend_from_slice(&unit.to_be_bytes());
    }
    octets
}

/// UTF-16BE as a text. A lone surrogate becomes U+FFFD. So does an odd octet at
/// the end, except for a zero, which some peers add.
///
/// ```
/// use channel_sms::codec::decode_ucs2;
/// assert_eq!(decode_ucs2(&[0x1E, 0xC5, 0xD8, 0x3D, 0x00, 0x61, 0x00]), "ễ\u{FFFD}a");
/// ```
pub fn decode_ucs2(octets: &[u8]) -> String {
    let mut text = decode_pairs(octets, u16::from_be_bytes);
    if octets.len() % 2 == 1 && octets.last().is_some_and(|octet| *octet != 0) {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// Whole units as a text; an odd octet at the end is not read.
pub(super) fn decode_pairs(octets: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = octets.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
