//! A part as a `submit_sm` (SMPP 3.4 §4.4.1).

use std::time::Duration;

use bytes::BytesMut;
use compact_str::{CompactString, format_compact};
use jiff::Timestamp;
use jiff::tz::Offset;

use super::config::{AddressKind, LongMessages, SmppRoadConfig, Validity};
use super::pdu::codes::{command, esm_class, tag};
use super::pdu::message::{Address, LONGEST_SHORT_MESSAGE, Message};
use super::pdu::tlv::{self, Tlvs};
use crate::codec::{Alphabet, octets, udh};
use crate::road::Part;

/// The longest relative validity that is written: 63 days, the most that
/// phones' networks know (3GPP TS 23.040 §9.2.3.12.1).
const LONGEST_VALIDITY: Duration = Duration::from_secs(63 * 86_400);

/// A part that can never be sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsendable(pub(super) &'static str);

/// A `submit_sm` but for its sequence number.
pub(super) struct Submit {
    source: (AddressKind, CompactString),
    destination: (AddressKind, CompactString),
    service_type: CompactString,
    esm_class: u8,
    data_coding: u8,
    validity: CompactString,
    receipt: bool,
    short_message: Vec<u8>,
    tlvs: BytesMut,
}

impl Submit {
    pub(super) fn of(part: &Part, config: &SmppRoadConfig, now: Timestamp) -> Result<Self, Unsendable> {
        let words = octets(&part.text, part.alphabet);
        let mut submit = Self {
            source: address(&part.from, config).ok_or(Unsendable("bad_source"))?,
            destination: address(&part.to, config)
                .filter(|(_, to)| to.bytes().all(|octet| octet.is_ascii_digit()))
                .ok_or(Unsendable("bad_destination"))?,
            service_type: CompactString::new(&config.service_type),
            esm_class: 0,
            data_coding: match part.alphabet {
                Alphabet::Gsm7 => config.gsm_data_coding,
                Alphabet::Ucs2 => part.alphabet.data_coding(),
            },
            validity: validity(config.validity, part.valid_until, now)?,
            receipt: part.receipt && config.registered_delivery,
            short_message: Vec::new(),
            tlvs: BytesMut::new(),
        };
        match part.concatenation {
            Some(place) if config.long_messages == LongMessages::Sar => {
                tlv::put(&mut submit.tlvs, tag::SAR_REFERENCE, &place.reference.to_be_bytes());
                tlv::put(&mut submit.tlvs, tag::SAR_TOTAL, &[place.total]);
                tlv::put(&mut submit.tlvs, tag::SAR_SEQUENCE, &[place.sequence]);
                submit.short_message = words;
            }
            Some(place) => {
                submit.esm_class |= esm_class::UDH;
                submit.short_message = udh(place, config.reference());
                submit.short_message.extend_from_slice(&words);
            }
            None if part.alphabet.units(&part.text) > part.alphabet.single() => {
                tlv::put(&mut submit.tlvs, tag::PAYLOAD, &words);
            }
            None => submit.short_message = words,
        }
        if submit.short_message.len() > LONGEST_SHORT_MESSAGE || submit.tlvs.len() > usize::from(u16::MAX) {
            return Err(Unsendable("too_long"));
        }
        Ok(submit)
    }

    pub(super) fn write(&self, out: &mut BytesMut, sequence: u32) {
        let message = Message {
            service_type: self.service_type.as_bytes(),
            source: on_the_wire(&self.source),
            destination: on_the_wire(&self.destination),
            esm_class: self.esm_class,
            validity: self.validity.as_bytes(),
            registered_delivery: u8::from(self.receipt),
            data_coding: self.data_coding,
            short_message: &self.short_message,
            tlvs: Tlvs(&self.tlvs),
        };
        message.write(out, command::SUBMIT_SM, sequence);
    }
}

fn on_the_wire((kind, digits): &(AddressKind, CompactString)) -> Address<'_> {
    Address { ton: kind.ton, npi: kind.npi, digits: digits.as_bytes() }
}

/// The address without its plus; `None` where it cannot stand in a PDU. Eleven
/// characters are the most in a name (3GPP TS 23.040 §9.1.2.5).
fn address(address: &str, config: &SmppRoadConfig) -> Option<(AddressKind, CompactString)> {
    let kind = config.addresses.of(address);
    let digits = address.strip_prefix('+').unwrap_or(address);
    let numeric = digits.bytes().all(|octet| octet.is_ascii_digit());
    let most = if numeric { 20 } else { 11 };
    let fits = (1..=most).contains(&digits.len()) && digits.bytes().all(|octet| (0x20..0x7F).contains(&octet));
    fits.then(|| (kind, digits.into()))
}

/// SMPP 3.4 §7.1.1: `YYMMDDhhmmsstnnp`, whole seconds, rounded up.
fn validity(form: Validity, until: Timestamp, now: Timestamp) -> Result<CompactString, Unsendable> {
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    if left.is_zero() {
        return Err(Unsendable("expired"));
    }
    let left = left.min(LONGEST_VALIDITY);
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    Ok(match form {
        Validity::None => CompactString::default(),
        Validity::Relative => {
            let (minutes, hours, days) = (seconds / 60 % 60, seconds / 3_600 % 24, seconds / 86_400);
            // Months are of no fixed length: days go up to 63.
            format_compact!("0000{days:02}{hours:02}{minutes:02}{:02}000R", seconds % 60)
        }
        Validity::Absolute => {
            let end = Offset::UTC.to_datetime(now + left);
            format_compact!(
                "{:02}{:02}{:02}{:02}{:02}{:02}{}00+",
                end.year() % 100,
                end.month(),
                end.day(),
                end.hour(),
                end.minute(),
                end.second(),
                end.millisecond() / 100,
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::super::config::{AddressKind, LongMessages, SmppRoadConfig, Validity};
    use super::super::pdu::codes::{command, tag};
    use super::super::pdu::frame::Frames;
    use super::super::pdu::message::Message;
    use super::{Submit, Unsendable, validity};
    use crate::codec::Alphabet;
    use crate::road::{Concatenation, Part};

    const NOW: &str = "2026-11-23T02:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn part(text: &str) -> Part {
        Part {
            to: "+84901234567".into(),
            from: "8283".into(),
            text: text.to_owned(),
            alphabet: Alphabet::Gsm7,
            concatenation: None,
            valid_until: now() + SignedDuration::from_hours(26),
            receipt: true,
        }
    }

    fn written(part: &Part, config: &SmppRoadConfig) -> Vec<u8> {
        let mut frames = Frames::default();
        Submit::of(part, config, now()).unwrap().write(&mut frames.buffer, 1);
        frames.pdu().unwrap().unwrap().1.to_vec()
    }

    #[test]
    fn a_short_message() {
        let body = written(&part("Ho so @"), &SmppRoadConfig::default());
        let submit = Message::read(command::SUBMIT_SM, &body).unwrap();
        assert_eq!((submit.source.ton, submit.source.npi, submit.source.digits), (3, 0, &b"8283"[..]));
        assert_eq!(submit.destination.digits, b"84901234567");
        assert_eq!((submit.destination.ton, submit.destination.npi), (1, 1));
        assert_eq!(submit.short_message, b"Ho so \0");
        assert_eq!((submit.data_coding, submit.esm_class, submit.registered_delivery), (0, 0, 1));
        assert_eq!(submit.validity, b"000001020000000R");
        let quiet = SmppRoadConfig { registered_delivery: false, gsm_data_coding: 1, ..SmppRoadConfig::default() };
        let body = written(&part("a"), &quiet);
        let submit = Message::read(command::SUBMIT_SM, &body).unwrap();
        assert_eq!((submit.registered_delivery, submit.data_coding), (0, 1));
    }

    #[test]
    fn the_three_ways_of_a_long_message() {
        let place = Concatenation { reference: 0x1234, total: 2, sequence: 1 };
        let mut first = Part { concatenation: Some(place), alphabet: Alphabet::Ucs2, ..part("ễ") };
        let mut config = SmppRoadConfig::default();
        let body = written(&first, &config);
        let submit = Message::read(command::SUBMIT_SM, &body).unwrap();
        assert_eq!(submit.short_message, [5, 0, 3, 0x34, 2, 1, 0x1E, 0xC5]);
        assert_eq!((submit.esm_class, submit.data_coding), (0x40, 8));

        config.reference_bits = 16;
        let body = written(&first, &config);
        let submit = Message::read(command::SUBMIT_SM, &body).unwrap();
        assert_eq!(submit.short_message, [6, 8, 4, 0x12, 0x34, 2, 1, 0x1E, 0xC5]);

        config.long_messages = LongMessages::Sar;
        let body = written(&first, &config);
        let submit = Message::read(command::SUBMIT_SM, &body).unwrap();
        assert_eq!((submit.short_message, submit.esm_class), (&[0x1E, 0xC5][..], 0));
        assert_eq!(submit.tlvs.number(tag::SAR_REFERENCE), Some(0x1234));
        assert_eq!(submit.tlvs.octet(tag::SAR_TOTAL), Some(2));
        assert_eq!(submit.tlvs.octet(tag::SAR_SEQUENCE), Some(1));

        config.long_messages = LongMessages::MessagePayload;
        first = Part { concatenation: None, ..part(&"a".repeat(400)) };
        let body = written(&first, &config);
        let submit = Message::read(command::SUBMIT_SM, &body).unwrap();
        assert!(submit.short_message.is_empty());
        assert_eq!(submit.payload(), "a".repeat(400).as_bytes());
    }

    #[test]
    fn what_can_never_be_sent() {
        let config = SmppRoadConfig::default();
        let refused = |part: Part| Submit::of(&part, &config, now()).err();
        assert_eq!(refused(Part { to: "Cong an".into(), ..part("a") }), Some(Unsendable("bad_destination")));
        assert_eq!(refused(Part { to: "".into(), ..part("a") }), Some(Unsendable("bad_destination")));
        assert_eq!(refused(Part { from: "QUÁN".into(), ..part("a") }), Some(Unsendable("bad_source")));
        assert_eq!(refused(Part { from: "TWELVELETTER".into(), ..part("a") }), Some(Unsendable("bad_source")));
        assert_eq!(refused(Part { valid_until: now(), ..part("a") }), Some(Unsendable("expired")));
        assert_eq!(refused(part(&"a".repeat(70_000))), Some(Unsendable("too_long")));
    }

    #[test]
    fn kinds_of_addresses() {
        let kinds = SmppRoadConfig::default().addresses;
        let kind = |ton, npi| AddressKind { ton, npi };
        assert_eq!(kinds.of("8283"), kind(3, 0));
        assert_eq!(kinds.of("HCC DongNai"), kind(5, 0));
        assert_eq!(kinds.of("+84901234567"), kind(1, 1));
        assert_eq!(kinds.of("84901234567"), kind(1, 1));
        assert_eq!(kinds.of("0901234567"), kind(2, 1));
    }

    #[test]
    fn validity_both_ways() {
        let until = now() + SignedDuration::from_millis(90_061_200);
        assert_eq!(validity(Validity::Relative, until, now()).unwrap(), "000001010102000R");
        assert_eq!(validity(Validity::Absolute, until, now()).unwrap(), "261124030101200+");
        assert_eq!(validity(Validity::None, until, now()).unwrap(), "");
        let far = now() + SignedDuration::from_hours(24 * 365);
        assert_eq!(validity(Validity::Relative, far, now()).unwrap(), "000063000000000R");
    }
}
