//! Where one PDU ends and the next begins (SMPP 3.4 §3.2).

use bytes::{Buf as _, BufMut as _, BytesMut};

/// Octets of a header.
pub const HEADER: usize = 16;

/// The longest PDU that is read, in octets: a `message_payload` of 64 KiB with
/// all that may stand around it.
pub const LONGEST: u32 = 66_560;

/// A PDU's header (SMPP 3.4 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// `command_id`.
    pub command: u32,
    /// `command_status`; 0 in requests.
    pub status: u32,
    /// `sequence_number`, by which a response finds its request.
    pub sequence: u32,
}

/// A length that no PDU has. What follows cannot be read: nobody knows where
/// the next PDU begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PDU says that it has {length} octets")]
pub struct BadLength {
    /// The length that it says.
    pub length: u32,
    /// Its sequence number, for the answer.
    pub sequence: u32,
}

/// Octets from the wire, cut into PDUs.
#[derive(Debug, Default)]
pub struct Frames {
    /// What has been read and not been taken.
    pub buffer: BytesMut,
    taken: usize,
}

impl Frames {
    /// The next PDU, where it is whole: its header and its body.
    ///
    /// # Errors
    /// [`BadLength`]; drop the connection.
    pub fn pdu(&mut self) -> Result<Option<(Header, &[u8])>, BadLength> {
        self.buffer.advance(std::mem::take(&mut self.taken).min(self.buffer.len()));
        let Some((mut header, _)) = self.buffer.split_at_checked(HEADER) else {
            return Ok(None);
        };
        let length = header.get_u32();
        let header = Header { command: header.get_u32(), status: header.get_u32(), sequence: header.get_u32() };
        let whole = usize::try_from(length).unwrap_or(usize::MAX);
        if whole < HEADER || length > LONGEST {
            return Err(BadLength { length, sequence: header.sequence });
        }
        if self.buffer.len() < whole {
            self.buffer.reserve(whole - self.buffer.len());
            return Ok(None);
        }
        self.taken = whole;
        Ok(self.buffer.get(HEADER..whole).map(|body| (header, body)))
    }
}

/// Writes one PDU: the header, what `body` writes, and the length of both.
pub fn write(out: &mut BytesMut, header: Header, body: impl FnOnce(&mut BytesMut)) {
    let start = out.len();
    out.put_u32(0);
    out.put_u32(header.command);
    out.put_u32(header.status);
    out.put_u32(header.sequence);
    body(out);
    let length = u32::try_from(out.len() - start).unwrap_or(u32::MAX);
    if let Some(mut place) = out.get_mut(start..) {
        place.put_u32(length);
    }
}

/// Writes a C-octet string of at most `longest` octets with its NUL; what is
/// longer or stands behind a NUL is left out (SMPP 3.4 §3.1).
pub(crate) fn put_c_string(out: &mut BytesMut, text: &[u8], longest: usize) {
    let text = text.split(|octet| *octet == 0).next().unwrap_or_default();
    out.extend_from_slice(text.get(..longest - 1).unwrap_or(text));
    out.put_u8(0);
}

#[cfg(test)]
mod tests {
    use super::{BadLength, Frames, HEADER, Header, LONGEST, write};

    const HEADER_7: Header = Header { command: 0x15, status: 0, sequence: 7 };

    #[test]
    fn pdus_are_found_however_the_octets_arrive() {
        let mut wire = bytes::BytesMut::new();
        write(&mut wire, HEADER_7, |_| ());
        write(&mut wire, Header { sequence: 8, ..HEADER_7 }, |body| body.extend_from_slice(b"abc"));
        for step in 1..wire.len() {
            let mut frames = Frames::default();
            let mut seen = Vec::new();
            for piece in wire.chunks(step) {
                frames.buffer.extend_from_slice(piece);
                while let Some((header, body)) = frames.pdu().unwrap() {
                    seen.push((header.sequence, body.to_vec()));
                }
            }
            assert_eq!(seen, [(7, vec![]), (8, b"abc".to_vec())], "in steps of {step}");
        }
    }

    #[test]
    fn a_length_that_cannot_be_is_told() {
        for length in [0, 15, LONGEST + 1, u32::MAX] {
            let mut frames = Frames::default();
            write(&mut frames.buffer, HEADER_7, |_| ());
            frames.buffer[..4].copy_from_slice(&length.to_be_bytes());
            assert_eq!(frames.pdu(), Err(BadLength { length, sequence: 7 }));
        }
        let mut frames = Frames::default();
        frames.buffer.extend_from_slice(&[0xFF; HEADER - 1]);
        assert_eq!(frames.pdu(), Ok(None), "not before the header is whole");
    }
}
