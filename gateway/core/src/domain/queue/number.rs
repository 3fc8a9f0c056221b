use std::fmt;

use serde::{Deserialize, Deserializer};

/// What tells a service's tickets from others': one or two capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix {
    first: u8,
    second: Option<u8>,
}

impl Prefix {
    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        let letter = |byte: u8| byte.is_ascii_uppercase().then_some(byte);
        match text.as_bytes() {
            [first] => Some(Self { first: letter(*first)?, second: None }),
            [first, second] => Some(Self { first: letter(*first)?, second: Some(letter(*second)?) }),
            _ => None,
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", char::from(self.first))?;
        self.second.map_or(Ok(()), |second| write!(f, "{}", char::from(second)))
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for Prefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a prefix: one or two capital letters"))
    }
}

/// What is printed and called: a prefix and at least three digits (`A012`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketNumber {
    /// The service's.
    pub prefix: Prefix,
    /// The serial within service and day, from 1 to [`TicketNumber::MOST`].
    pub serial: u32,
}

impl TicketNumber {
    /// No service has more in a day.
    pub const MOST: u32 = 9_999;

    /// A number; `None` where the serial is none.
    pub fn new(prefix: Prefix, serial: u32) -> Option<Self> {
        (1..=Self::MOST).contains(&serial).then_some(Self { prefix, serial })
    }

    /// Reads one as it was typed: `a12`, `A 012`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let digits = text.find(|c: char| c.is_ascii_digit())?;
        let (prefix, serial) = text.split_at(digits);
        if serial.len() > 4 || !serial.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Self::new(Prefix::parse(prefix.trim_end_matches([' ', '-']))?, serial.parse().ok()?)
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.prefix, self.serial)
    }
}

impl fmt::Debug for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_printed_with_three_digits_and_read_leniently() {
        let number = TicketNumber::parse("a12").unwrap();
        assert_eq!(number.to_string(), "A012");
        for same in ["A012", " a 12 ", "A-0012"] {
            assert_eq!(TicketNumber::parse(same), Some(number), "{same}");
        }
        assert_eq!(TicketNumber::parse("AB9999").unwrap().to_string(), "AB9999");
        for wrong in ["", "012", "A", "A000", "A10000", "ABC1", "A1B", "Đ012"] {
            assert_eq!(TicketNumber::parse(wrong), None, "{wrong}");
        }
    }
}
