//! GSM 03.38 and UCS-2, both ways.

/// The alphabet of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// The default alphabet of GSM 03.38 with its extension table (3GPP TS
    /// 23.038 §6.2.1): 160 septets.
    Gsm7,
    /// UCS-2, written as UTF-16BE: 70 code units.
    Ucs2,
}
