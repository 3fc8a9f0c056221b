//! The default alphabet and its extension table (3GPP TS 23.038 §6.2.1), and
//! the packing of septets (§6.1.2.1).

/// Announces a septet of the extension table.
const ESCAPE: u8 = 0x1B;

/// What stands for a letter that the alphabet lacks.
const LACKING: u8 = 0x3F;

/// §6.2.1, by septet. The place of the escape holds a space: that is what is
/// shown for an escape that announces nothing.
const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', //
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', ' ', 'Æ', 'æ', 'ß', 'É', //
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/', //
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', //
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', //
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', //
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', //
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// §6.2.1.1: what follows the escape, and the sign that both together are.
const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{C}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// A septet with this bit stands in the extension table.
const EXTENDED: u8 = 0x80;

/// No septet at all.
const NONE: u8 = 0xFF;

/// The septets of the first 256 characters, which are nearly all that is asked
/// for, turned round from the two tables at compile time.
const LOW: [u8; 256] = {
    let mut low = [NONE; 256];
    let mut septet = 0;
    while septet < BASIC.len() {
        let c = BASIC[septet] as usize;
        if c < low.len() && septet != ESCAPE as usize {
            low[c] = septet as u8;
        }
        septet += 1;
    }
    let mut row = 0;
    while row < EXTENSION.len() {
        let (septet, sign) = EXTENSION[row];
        if (sign as usize) < low.len() {
            low[sign as usize] = septet | EXTENDED;
        }
        row += 1;
    }
    low
};

/// The septet of a letter, with [`EXTENDED`] where it stands in that table.
fn code(c: char) -> Option<u8> {
    let septet = match c {
        'Δ' => 0x10,
        'Φ' => 0x12,
        'Γ' => 0x13,
        'Λ' => 0x14,
        'Ω' => 0x15,
        'Π' => 0x16,
        'Ψ' => 0x17,
        'Σ' => 0x18,
        'Θ' => 0x19,
        'Ξ' => 0x1A,
        '€' => 0x65 | EXTENDED,
        c => *LOW.get(c as usize)?,
    };
    (septet != NONE).then_some(septet)
}

/// The septets of a letter: 1, or 2 for a sign of the extension table; `None`
/// where the alphabet lacks it.
pub(super) fn cost(c: char) -> Option<usize> {
    code(c).map(|septet| if septet & EXTENDED == 0 { 1 } else { 2 })
}

/// How many septets a text takes, two for each of `^ { } [ ] ~ | \ €` and form
/// feed; `None` where it holds a letter that the alphabet lacks.
///
/// ```
/// use channel_sms::codec::gsm_septets;
/// assert_eq!(gsm_septets("Ho so [1]"), Some(11));
/// assert_eq!(gsm_septets("Hồ sơ"), None);
/// ```
pub fn gsm_septets(text: &str) -> Option<usize> {
    text.chars().try_fold(0, |sum, c| Some(sum + cost(c)?))
}

/// A text as septets, one an octet (0x00–0x7F), as most SMSCs take it. A letter
/// that the alphabet lacks becomes a question mark.
pub fn encode_gsm(text: &str) -> Vec<u8> {
    let mut septets = Vec::with_capacity(text.len());
    for c in text.chars() {
        let septet = code(c).unwrap_or(LACKING);
        if septet & EXTENDED != 0 {
            septets.push(ESCAPE);
        }
        septets.push(septet & !EXTENDED);
    }
    septets
}

/// Septets, one an octet, as a text.
///
/// As the standard has it (§6.2.1.1), an escape before a septet that the
/// extension table lacks is not seen and the septet is read from the basic
/// table; an escape before an escape, or at the end, is a space. An octet over
/// 0x7F is no septet: a peer that sends one means Latin-1, and so it is read.
///
/// ```
/// use channel_sms::codec::decode_gsm;
/// assert_eq!(decode_gsm(&[0x1B, 0x65, 0x1B, 0x41, 0x1B]), "€A ");
/// ```
pub fn decode_gsm(septets: &[u8]) -> String {
    let mut text = String::with_capacity(septets.len());
    let mut rest = septets.iter().copied();
    while let Some(septet) = rest.next() {
        if septet != ESCAPE {
            text.push(basic(septet));
            continue;
        }
        match rest.next() {
            None | Some(ESCAPE) => text.push(' '),
            Some(septet) => text.push(extension(septet).unwrap_or_else(|| basic(septet))),
        }
    }
    text
}

fn basic(septet: u8) -> char {
    BASIC.get(usize::from(septet)).copied().unwrap_or(char::from(septet))
}

fn extension(septet: u8) -> Option<char> {
    EXTENSION.iter().find(|(code, _)| *code == septet).map(|(_, sign)| *sign)
}

/// The bits between a header of so many octets (its length octet included) and
/// the first septet, so that septets start at a septet's edge: 0–6 (3GPP TS
/// 23.040 §9.2.3.24). 1 after the six octets of an 8-bit concatenation, 0 after
/// the seven of a 16-bit one.
pub const fn fill_bits(header_octets: usize) -> u8 {
    // 8 bits an octet are 1 modulo 7.
    ((7 - header_octets % 7) % 7) as u8
}

/// Packs septets into octets: eight into seven, the lowest bits first (3GPP TS
/// 23.038 §6.1.2.1.1). The packing starts after `fill_bits` zero bits (0–6,
/// see [`fill_bits`]); the bits left over at the end are zero.
///
/// ```
/// use channel_sms::codec::{encode_gsm, pack};
/// assert_eq!(pack(&encode_gsm("hellohello"), 0), [0xE8, 0x32, 0x9B, 0xFD, 0x46, 0x97, 0xD9, 0xEC, 0x37]);
/// ```
pub fn pack(septets: &[u8], fill_bits: u8) -> Vec<u8> {
    let mut octets = Vec::with_capacity((septets.len() * 7).div_ceil(8) + 1);
    let mut held: u32 = 0;
    let mut bits = u32::from(fill_bits % 7);
    for septet in septets {
        held |= u32::from(septet & 0x7F) << bits;
        bits += 7;
        if bits >= 8 {
            octets.push((held & 0xFF) as u8);
            held >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 && !septets.is_empty() {
        octets.push((held & 0xFF) as u8);
    }
    octets
}

/// Unpacks at most `count` septets, one an octet; fewer where the octets hold
/// fewer. `fill_bits` (0–6) are skipped first.
///
/// The count comes from the message (`TP-UDL` less the header's septets): with
/// seven bits left over at the end nothing else tells an `@` from padding.
pub fn unpack(octets: &[u8], fill_bits: u8, count: usize) -> Vec<u8> {
    let fill_bits = fill_bits % 7;
    let most = (octets.len() * 8).saturating_sub(usize::from(fill_bits)) / 7;
    let count = count.min(most);
    let mut septets = Vec::with_capacity(count);
    let mut held: u32 = 0;
    let mut bits: u32 = 0;
    let mut skip = u32::from(fill_bits);
    for octet in octets {
        held |= u32::from(*octet) << bits;
        bits += 8;
        if skip > 0 {
            held >>= skip;
            bits -= skip;
            skip = 0;
        }
        while bits >= 7 && septets.len() < count {
            septets.push((held & 0x7F) as u8);
            held >>= 7;
            bits -= 7;
        }
        if septets.len() == count {
            break;
        }
    }
    septets
}
