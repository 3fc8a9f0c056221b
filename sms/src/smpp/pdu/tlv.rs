//! Optional parameters (SMPP 3.4 §3.2.4).

use bytes::{BufMut as _, BytesMut};

/// The optional parameters of a PDU, as they are on the wire. Reading ends
/// quietly at what is no parameter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tlvs<'a>(pub &'a [u8]);

impl<'a> Tlvs<'a> {
    /// The value of the first parameter with this tag.
    pub fn get(self, tag: u16) -> Option<&'a [u8]> {
        let mut rest = self.0;
        while let Some(([high, low, length_high, length_low], behind)) = rest.split_first_chunk::<4>() {
            let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
            let (value, next) = behind.split_at_checked(length)?;
            if u16::from_be_bytes([*high, *low]) == tag {
                return Some(value);
            }
            rest = next;
        }
        None
    }

    /// A parameter of one octet; a longer one counts by its last.
    pub fn octet(self, tag: u16) -> Option<u8> {
        self.get(tag)?.last().copied()
    }

    /// A parameter of two octets, or of one.
    pub fn number(self, tag: u16) -> Option<u16> {
        match self.get(tag)? {
            [low] => Some(u16::from(*low)),
            [.., high, low] => Some(u16::from_be_bytes([*high, *low])),
            [] => None,
        }
    }

    /// A C-octet string, with or without its NUL.
    pub fn text(self, tag: u16) -> Option<&'a [u8]> {
        let text = self.get(tag)?.split(|octet| *octet == 0).next()?;
        (!text.is_empty()).then_some(text)
    }
}

/// Writes a parameter; a value above 65,535 octets is cut.
pub fn put(out: &mut BytesMut, tag: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    out.put_u16(tag);
    out.put_u16(length);
    out.extend_from_slice(value.get(..usize::from(length)).unwrap_or(value));
}

#[cfg(test)]
mod tests {
    use super::{Tlvs, put};

    #[test]
    fn parameters_are_found_and_junk_ends_them() {
        let mut wire = bytes::BytesMut::new();
        put(&mut wire, 0x001E, b"abc\0");
        put(&mut wire, 0x0427, &[2]);
        put(&mut wire, 0x020C, &[1, 2]);
        wire.extend_from_slice(&[0x04, 0x24, 0xFF, 0xFF, 1]);
        let tlvs = Tlvs(&wire);
        assert_eq!(tlvs.text(0x001E), Some(&b"abc"[..]));
        assert_eq!(tlvs.octet(0x0427), Some(2));
        assert_eq!(tlvs.number(0x020C), Some(0x0102));
        assert_eq!(tlvs.get(0x0424), None, "cut within its value");
        assert_eq!(tlvs.get(0x0001), None);
    }
}
