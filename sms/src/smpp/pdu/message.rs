//! `submit_sm`, `deliver_sm` and `data_sm` (SMPP 3.4 §4.4.1, §4.6.1, §4.7.1).

use bytes::{BufMut as _, BytesMut};

use super::codes::{command, tag};
use super::frame::{Header, put_c_string, write};
use super::tlv::{self, Tlvs};
use super::{Fields, Malformed};

/// The most octets in `short_message` (SMPP 3.4 §5.2.22).
pub const LONGEST_SHORT_MESSAGE: usize = 254;

/// An address with its type of number and numbering plan (SMPP 3.4 §5.2.5–8).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Address<'a> {
    /// Type of number.
    pub ton: u8,
    /// Numbering plan indicator.
    pub npi: u8,
    /// The digits or letters, at most 20 octets where they are written.
    pub digits: &'a [u8],
}

/// Not the digits: they are somebody's.
impl std::fmt::Debug for Address<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address").field("ton", &self.ton).field("npi", &self.npi).finish_non_exhaustive()
    }
}

/// A message on the wire, either way.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// `service_type`, at most 5 octets.
    pub service_type: &'a [u8],
    /// Who sends.
    pub source: Address<'a>,
    /// Who receives.
    pub destination: Address<'a>,
    /// `esm_class`.
    pub esm_class: u8,
    /// `validity_period`: empty, or 16 octets (SMPP 3.4 §7.1.1).
    pub validity: &'a [u8],
    /// `registered_delivery`: 1 asks for a receipt.
    pub registered_delivery: u8,
    /// `data_coding`.
    pub data_coding: u8,
    /// `short_message`, at most 254 octets.
    pub short_message: &'a [u8],
    /// Optional parameters.
    pub tlvs: Tlvs<'a>,
}

/// Neither the numbers nor the words.
impl std::fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("esm_class", &self.esm_class)
            .field("data_coding", &self.data_coding)
            .field("octets", &self.payload().len())
            .finish_non_exhaustive()
    }
}

impl<'a> Message<'a> {
    /// Reads the body of a `submit_sm`, `deliver_sm` or `data_sm`.
    ///
    /// # Errors
    /// [`Malformed`] where it ends within a field.
    pub fn read(command: u32, body: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::new(body);
        let mut message = Self { service_type: fields.c_string()?, ..Self::default() };
        message.source = address(&mut fields)?;
        message.destination = address(&mut fields)?;
        message.esm_class = fields.octet()?;
        if command == command::DATA_SM {
            message.registered_delivery = fields.octet()?;
            message.data_coding = fields.octet()?;
        } else {
            let _protocol_and_priority = fields.take(2)?;
            let _schedule = fields.c_string()?;
            message.validity = fields.c_string()?;
            message.registered_delivery = fields.octet()?;
            let _replace = fields.octet()?;
            message.data_coding = fields.octet()?;
            let _canned = fields.octet()?;
            let length = usize::from(fields.octet()?);
            message.short_message = fields.take(length)?;
        }
        message.tlvs = Tlvs(fields.rest());
        Ok(message)
    }

    /// The octets of the text, with their user data header: those of
    /// `short_message`, or of `message_payload` where it is empty.
    pub fn payload(&self) -> &'a [u8] {
        if self.short_message.is_empty() { self.tlvs.get(tag::PAYLOAD).unwrap_or_default() } else { self.short_message }
    }

    /// Writes it as a `submit_sm`, `deliver_sm` or `data_sm`. What is longer
    /// than its field is cut: check before.
    pub fn write(&self, out: &mut BytesMut, command: u32, sequence: u32) {
        write(out, Header { command, status: 0, sequence }, |out| {
            put_c_string(out, self.service_type, 6);
            for address in [self.source, self.destination] {
                out.put_u8(address.ton);
                out.put_u8(address.npi);
                put_c_string(out, address.digits, 21);
            }
            out.put_u8(self.esm_class);
            if command == command::DATA_SM {
                out.put_u8(self.registered_delivery);
                out.put_u8(self.data_coding);
                if !self.short_message.is_empty() {
                    tlv::put(out, tag::PAYLOAD, self.short_message);
                }
            } else {
                // protocol_id, priority_flag, schedule_delivery_time
                out.extend_from_slice(&[0, 0, 0]);
                put_c_string(out, self.validity, 17);
                // …, replace_if_present_flag, …, sm_default_msg_id
                out.extend_from_slice(&[self.registered_delivery, 0, self.data_coding, 0]);
                let cut = self.short_message.len().min(LONGEST_SHORT_MESSAGE);
                out.put_u8(u8::try_from(cut).unwrap_or(0));
                out.extend_from_slice(self.short_message.get(..cut).unwrap_or_default());
            }
            out.extend_from_slice(self.tlvs.0);
        });
    }
}

fn address<'a>(fields: &mut Fields<'a>) -> Result<Address<'a>, Malformed> {
    Ok(Address { ton: fields.octet()?, npi: fields.octet()?, digits: fields.c_string()? })
}

/// The `message_id` of a `submit_sm_resp` (SMPP 3.4 §4.4.2), which some SMSCs
/// end without a NUL.
pub fn message_id(body: &[u8]) -> &[u8] {
    body.split(|octet| *octet == 0).next().unwrap_or_default()
}

/// Writes a response: a `message_id` follows in those to messages, nothing in
/// the others.
pub fn write_response(out: &mut BytesMut, command: u32, status: u32, sequence: u32, id: Option<&[u8]>) {
    write(out, Header { command: command | command::RESPONSE, status, sequence }, |out| {
        if let Some(id) = id {
            put_c_string(out, id, 65);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::codes::{command, tag};
    use super::super::frame::Frames;
    use super::super::tlv::{self, Tlvs};
    use super::{Address, Message};

    #[test]
    fn what_is_written_reads_the_same() {
        let mut tlvs = bytes::BytesMut::new();
        tlv::put(&mut tlvs, tag::MESSAGE_STATE, &[2]);
        let message = Message {
            service_type: b"CMT",
            source: Address { ton: 1, npi: 1, digits: b"84901234567" },
            destination: Address { ton: 3, npi: 0, digits: b"8283" },
            esm_class: 0x40,
            validity: b"000001000000000R",
            registered_delivery: 1,
            data_coding: 8,
            short_message: b"\x05\0\x03\x01\x02\x01\0A",
            tlvs: Tlvs(&tlvs),
        };
        for command in [command::SUBMIT_SM, command::DELIVER_SM] {
            let mut frames = Frames::default();
            message.write(&mut frames.buffer, command, 9);
            let (header, body) = frames.pdu().unwrap().unwrap();
            assert_eq!((header.command, header.sequence), (command, 9));
            assert_eq!(Message::read(command, body), Ok(message));
            // Cut anywhere before the TLVs it is no message, and never a panic.
            let fixed = body.len() - tlvs.len();
            for end in 0..fixed {
                assert!(Message::read(command, &body[..end]).is_err(), "{end}");
            }
        }
        let mut frames = Frames::default();
        message.write(&mut frames.buffer, command::DATA_SM, 9);
        let (_, body) = frames.pdu().unwrap().unwrap();
        let data = Message::read(command::DATA_SM, body).unwrap();
        assert_eq!(data.payload(), message.short_message);
        assert_eq!(data.tlvs.octet(tag::MESSAGE_STATE), Some(2));
    }

    #[test]
    fn odd_fields_do_not_lose_a_message() {
        let body =
            b"\0\x01\x01not ascii \xFF and longer than 20 octets\0\0\x008283\0\0\0\0\x00260101\0\0\0\0\0\x02hi\x14";
        let message = Message::read(command::DELIVER_SM, body).unwrap();
        assert_eq!(message.payload(), b"hi");
        assert!(message.source.digits.starts_with(b"not ascii \xFF"));
    }
}
