//! A `deliver_sm` or `data_sm` as what the intake takes (SMPP 3.4 §4.6.1).

use compact_str::CompactString;
use gateway_core::domain::SenderAssurance;

use super::config::SmppRoadConfig;
use super::pdu::codes::{esm_class, tag};
use super::pdu::message::Message;
use super::receipt::Receipt;
use crate::codec::{DefaultAlphabet, decode, take_udh};
use crate::road::{Arrived, Body, Concatenation, Reported, ReportedState};

/// The data coding of Latin-1 (SMPP 3.4 §5.2.19).
const LATIN1: u8 = 3;

/// What a delivery is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A citizen's message.
    Arrived(Arrived),
    /// A delivery receipt.
    Reported(Reported),
    /// It says that it is a receipt, and has no id or no state.
    UnreadReceipt,
}

/// What a road knows before a message comes.
#[derive(Debug, Clone)]
pub struct Reading {
    road: CompactString,
    assurance: SenderAssurance,
    default_alphabet: DefaultAlphabet,
    receipts_without_mark: bool,
}

impl Reading {
    /// As the road is configured.
    pub fn of(config: &SmppRoadConfig) -> Self {
        Self {
            road: config.name.clone(),
            assurance: config.assurance(),
            default_alphabet: config.default_alphabet.into(),
            receipts_without_mark: config.receipts_without_mark,
        }
    }

    /// Reads a delivery. Nothing is lost: what cannot be understood as
    /// something else is a message.
    pub fn read(&self, message: &Message<'_>) -> Incoming {
        let marked = matches!(message.esm_class & esm_class::TYPE, esm_class::RECEIPT | esm_class::INTERMEDIATE);
        if marked {
            // An intermediate notification (§5.2.12) tells of a try, not of the end.
            let ended = message.esm_class & esm_class::TYPE == esm_class::RECEIPT;
            return Receipt::read(message).map_or(Incoming::UnreadReceipt, |mut receipt| {
                if !ended {
                    receipt.state = ReportedState::OnItsWay;
                }
                Incoming::Reported(self.reported(receipt, message))
            });
        }
        let unmarked = self.receipts_without_mark.then(|| Receipt::read_unmarked(message)).flatten();
        if let Some(receipt) = unmarked {
            return Incoming::Reported(self.reported(receipt, message));
        }
        Incoming::Arrived(Arrived {
            road: self.road.clone(),
            from: CompactString::from_utf8_lossy(message.source.digits),
            to: CompactString::from_utf8_lossy(message.destination.digits),
            body: self.body(message),
            id: message.tlvs.text(tag::RECEIPTED_MESSAGE_ID).map(CompactString::from_utf8_lossy),
            assurance: self.assurance,
        })
    }

    /// A receipt's source is whom the message went to.
    fn reported(&self, receipt: Receipt, message: &Message<'_>) -> Reported {
        Reported {
            road: self.road.clone(),
            id: receipt.id,
            to: CompactString::from_utf8_lossy(message.source.digits),
            state: receipt.state,
            error: receipt.error,
        }
    }

    fn body(&self, message: &Message<'_>) -> Body {
        let octets = message.payload();
        let (place, words) = if message.esm_class & esm_class::UDH != 0 {
            let headed = take_udh(octets);
            (headed.concatenation.map(|(place, _)| place), headed.words)
        } else {
            (None, octets)
        };
        match place.or_else(|| segment_of(message)) {
            Some(place) => {
                // Who joins the parts does not know this road's alphabet.
                let latin1 = message.data_coding == 0 && self.default_alphabet == DefaultAlphabet::Latin1;
                let data_coding = if latin1 { LATIN1 } else { message.data_coding };
                Body::Part { octets: words.to_vec(), data_coding, place }
            }
            None => Body::Whole(decode(words, message.data_coding, self.default_alphabet)),
        }
    }
}

/// The place that the TLVs of SMPP 3.4 §5.3.2.22–24 tell; none where they are
/// not all there or make no sense.
fn segment_of(message: &Message<'_>) -> Option<Concatenation> {
    let tlvs = message.tlvs;
    let reference = tlvs.number(tag::SAR_REFERENCE)?;
    let (total, sequence) = (tlvs.octet(tag::SAR_TOTAL)?, tlvs.octet(tag::SAR_SEQUENCE)?);
    (total > 1 && (1..=total).contains(&sequence)).then_some(Concatenation { reference, total, sequence })
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::SenderAssurance;

    use super::super::config::{AlphabetOfZero, SmppRoadConfig};
    use super::super::pdu::codes::tag;
    use super::super::pdu::message::{Address, Message};
    use super::super::pdu::tlv::{self, Tlvs};
    use super::{Incoming, Reading};
    use crate::road::{Body, Concatenation, ReportedState};

    fn reading(default_alphabet: AlphabetOfZero) -> Reading {
        Reading::of(&SmppRoadConfig {
            name: "vnpt".into(),
            private_line: true,
            default_alphabet,
            ..SmppRoadConfig::default()
        })
    }

    fn body(message: &Message<'_>, alphabet: AlphabetOfZero) -> Body {
        match reading(alphabet).read(message) {
            Incoming::Arrived(arrived) => arrived.body,
            other => panic!("{other:?}"),
        }
    }

    const GSM: AlphabetOfZero = AlphabetOfZero::Gsm;

    #[test]
    fn a_citizens_message() {
        let message = Message {
            source: Address { ton: 1, npi: 1, digits: b"84901234567" },
            destination: Address { ton: 3, npi: 0, digits: b"8283" },
            short_message: b"HS \x00",
            ..Message::default()
        };
        let Incoming::Arrived(arrived) = reading(GSM).read(&message) else { panic!() };
        assert_eq!((arrived.from.as_str(), arrived.to.as_str()), ("84901234567", "8283"));
        assert!(arrived.body == Body::Whole("HS @".into()));
        assert_eq!(arrived.assurance, SenderAssurance::Carrier);
    }

    #[test]
    fn parts_by_header_and_by_tlv() {
        let place = Concatenation { reference: 7, total: 2, sequence: 2 };
        let part = |octets: &[u8], data_coding| Body::Part { octets: octets.to_vec(), data_coding, place };
        let headed =
            Message { esm_class: 0x40, data_coding: 8, short_message: &[5, 0, 3, 7, 2, 2, 0x1E], ..Message::default() };
        assert!(body(&headed, GSM) == part(&[0x1E], 8));
        let wide = Message { short_message: &[6, 8, 4, 0, 7, 2, 2, b'a'], data_coding: 0, esm_class: 0x40, ..headed };
        assert!(body(&wide, GSM) == part(b"a", 0));
        assert!(body(&wide, AlphabetOfZero::Latin1) == part(b"a", 3));

        let mut tlvs = bytes::BytesMut::new();
        tlv::put(&mut tlvs, tag::SAR_REFERENCE, &[0, 7]);
        tlv::put(&mut tlvs, tag::SAR_TOTAL, &[2]);
        tlv::put(&mut tlvs, tag::SAR_SEQUENCE, &[2]);
        let sar = Message { short_message: b"a", tlvs: Tlvs(&tlvs), ..Message::default() };
        assert!(body(&sar, GSM) == part(b"a", 0));
    }

    #[test]
    fn a_payload_and_a_broken_header_lose_nothing() {
        let mut tlvs = bytes::BytesMut::new();
        tlv::put(&mut tlvs, tag::PAYLOAD, b"dai hon");
        let payload = Message { tlvs: Tlvs(&tlvs), ..Message::default() };
        assert!(body(&payload, GSM) == Body::Whole("dai hon".into()));
        let broken = Message { esm_class: 0x40, short_message: b"Hs", ..Message::default() };
        assert!(body(&broken, GSM) == Body::Whole("Hs".into()));
    }

    #[test]
    fn receipts() {
        let text = b"id:1f stat:UNDELIV err:011 text:";
        let from = Address { digits: b"84901234567", ..Address::default() };
        // A try that failed is not the end.
        let ends = [(0x04, ReportedState::Failed), (0x20, ReportedState::OnItsWay), (0x44, ReportedState::Failed)];
        for (esm_class, state) in ends {
            let message = Message { esm_class, source: from, short_message: text, ..Message::default() };
            let Incoming::Reported(reported) = reading(GSM).read(&message) else { panic!() };
            assert_eq!((reported.id.as_str(), reported.to.as_str()), ("1f", "84901234567"));
            assert_eq!((reported.state, reported.error.as_str()), (state, "011"));
        }
        let unread = Message { esm_class: 4, short_message: b"?", ..Message::default() };
        assert_eq!(reading(GSM).read(&unread), Incoming::UnreadReceipt);
    }
}
