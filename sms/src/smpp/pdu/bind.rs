//! The three binds (SMPP 3.4 §4.1).

use bytes::{BufMut as _, BytesMut};

use super::codes::{VERSION, command};
use super::frame::{Header, put_c_string, write};
use super::{Fields, Malformed};

/// What a bind allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BindMode {
    /// Submits only.
    Transmitter,
    /// Deliveries only.
    Receiver,
    /// Both.
    Transceiver,
}

impl BindMode {
    /// Its `command_id`.
    pub fn command(self) -> u32 {
        match self {
            Self::Transmitter => command::BIND_TRANSMITTER,
            Self::Receiver => command::BIND_RECEIVER,
            Self::Transceiver => command::BIND_TRANSCEIVER,
        }
    }

    /// The mode of a `command_id`; `None` where it is no bind.
    pub fn of(command: u32) -> Option<Self> {
        [Self::Transmitter, Self::Receiver, Self::Transceiver].into_iter().find(|mode| mode.command() == command)
    }

    /// Whether messages may be submitted on it.
    pub fn submits(self) -> bool {
        self != Self::Receiver
    }

    /// Whether messages may be delivered on it.
    pub fn receives(self) -> bool {
        self != Self::Transmitter
    }
}

/// The body of a bind. It holds the password, so it is not printed.
#[derive(Clone, Copy)]
pub struct Bind<'a> {
    /// `system_id`, at most 15 octets.
    pub system_id: &'a [u8],
    /// `password`, at most 8 octets in the standard; up to 15 are written,
    /// because SMSCs accept more than the standard's 8.
    pub password: &'a [u8],
    /// `system_type`, at most 12 octets.
    pub system_type: &'a [u8],
    /// Type of number of `address_range`.
    pub ton: u8,
    /// Numbering plan of `address_range`.
    pub npi: u8,
    /// `address_range`, at most 40 octets.
    pub address_range: &'a [u8],
}

impl<'a> Bind<'a> {
    /// Reads the body of a bind of any mode.
    ///
    /// # Errors
    /// [`Malformed`] where it ends within a field.
    pub fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::new(body);
        let (system_id, password, system_type) = (fields.c_string()?, fields.c_string()?, fields.c_string()?);
        let _version = fields.octet()?;
        let (ton, npi) = (fields.octet()?, fields.octet()?);
        Ok(Self { system_id, password, system_type, ton, npi, address_range: fields.c_string()? })
    }

    /// Writes it as a bind of this mode.
    pub fn write(&self, out: &mut BytesMut, mode: BindMode, sequence: u32) {
        write(out, Header { command: mode.command(), status: 0, sequence }, |out| {
            put_c_string(out, self.system_id, 16);
            put_c_string(out, self.password, 16);
            put_c_string(out, self.system_type, 13);
            out.extend_from_slice(&[VERSION, self.ton, self.npi]);
            put_c_string(out, self.address_range, 41);
        });
    }
}

/// Writes the response to a bind (SMPP 3.4 §4.1.2, §4.1.4, §4.1.6).
pub fn write_bind_response(out: &mut BytesMut, mode: BindMode, status: u32, sequence: u32, system_id: &[u8]) {
    write(out, Header { command: mode.command() | command::RESPONSE, status, sequence }, |out| {
        if status == 0 {
            put_c_string(out, system_id, 16);
            super::tlv::put(out, super::codes::tag::INTERFACE_VERSION, &[VERSION]);
        } else {
            out.put_u8(0);
        }
    });
}
