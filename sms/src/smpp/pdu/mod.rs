//! SMPP 3.4 as octets: what an ESME and a small SMSC need of it, and no more.
//!
//! Reading is tolerant where a message would be lost otherwise (an address too
//! long or not ASCII, a time in another shape, junk behind the last TLV) and
//! strict where the place of a field would be a guess. A frame is found by its
//! length alone, so a body that cannot be read costs that one PDU and not the
//! connection.

pub mod bind;
pub mod codes;
pub mod frame;
pub mod message;
pub mod tlv;

/// A body that ends within a field, or a string without its NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body of the PDU cannot be read")]
pub struct Malformed;

/// Reads the fields of a body one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }

    pub(crate) fn octet(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.rest.split_first().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A C-octet string without its NUL, of any length (SMPP 3.4 §3.1).
    pub(crate) fn c_string(&mut self) -> Result<&'a [u8], Malformed> {
        let end = self.rest.iter().position(|octet| *octet == 0).ok_or(Malformed)?;
        let text = self.take(end)?;
        self.octet()?;
        Ok(text)
    }

    pub(crate) fn rest(self) -> &'a [u8] {
        self.rest
    }
}
