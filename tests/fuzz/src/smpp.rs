//! Targets of SMPP: octets from an SMSC.

use channel_sms::smpp::SmppRoadConfig;
use channel_sms::smpp::incoming::Reading;
use channel_sms::smpp::pdu::bind::Bind;
use channel_sms::smpp::pdu::codes::command;
use channel_sms::smpp::pdu::frame::{Frames, Header, LONGEST};
use channel_sms::smpp::pdu::message::{LONGEST_SHORT_MESSAGE, Message, message_id};
use channel_sms::smpp::receipt::ReceiptText;

/// A stream of PDUs: the same however it is cut, and every body is read or
/// refused. What is read writes and reads back the same where it fits its
/// fields.
pub fn smpp_pdu(data: &[u8]) {
    let whole = cut(data, data.len().max(1));
    assert_eq!(cut(data, 7), whole, "in pieces of seven");
    let reading = Reading::of(&SmppRoadConfig::default());
    for (header, body) in &whole.0 {
        let _ = Bind::read(body);
        assert!(message_id(body).len() <= body.len());
        for command in [command::DELIVER_SM, command::DATA_SM] {
            let Ok(message) = Message::read(command, body) else { continue };
            let _ = reading.read(&message);
            if command == command::DELIVER_SM && fits(&message) {
                let mut frames = Frames::default();
                message.write(&mut frames.buffer, command, header.sequence);
                let again = frames.pdu().ok().flatten().map(|(_, body)| body.to_vec());
                let again = again.as_deref().map(|body| Message::read(command, body));
                assert!(again == Some(Ok(message)), "{message:?}");
            }
        }
    }
}

/// The PDUs that were found in pieces of that size, and the length that ended
/// them.
fn cut(data: &[u8], size: usize) -> (Vec<(Header, Vec<u8>)>, Option<u32>) {
    let (mut frames, mut found) = (Frames::default(), Vec::new());
    for piece in data.chunks(size) {
        frames.buffer.extend_from_slice(piece);
        loop {
            match frames.pdu() {
                Ok(Some((header, body))) => found.push((header, body.to_vec())),
                Ok(None) => break,
                Err(bad) => {
                    assert!(bad.length < 16 || bad.length > LONGEST, "{}", bad.length);
                    return (found, Some(bad.length));
                }
            }
        }
    }
    (found, None)
}

fn fits(message: &Message<'_>) -> bool {
    message.service_type.len() <= 5
        && message.source.digits.len() <= 20
        && message.destination.digits.len() <= 20
        && message.validity.len() <= 16
        && message.short_message.len() <= LONGEST_SHORT_MESSAGE
        && message.tlvs.0.len() <= 60_000
}

/// The text of a delivery receipt: an id is one word of the text, and what the
/// citizen's own words say changes nothing.
pub fn smpp_receipt(data: &[u8]) {
    let read = ReceiptText::read(data);
    if let Some(id) = &read.id {
        assert!((1..=65).contains(&id.len()) && !id.contains([' ', ':', '\n']), "{id:?}");
        assert!(String::from_utf8_lossy(data).contains(id.as_str()), "{id:?}");
    }
    assert!(read.error.as_ref().is_none_or(|error| error.len() <= 32));
    let mut longer = data.to_vec();
    longer.extend_from_slice(b" text:id:forged stat:DELIVRD err:999");
    assert_eq!(ReceiptText::read(&longer), ReceiptText::read(&[data, b" text:"].concat()));
}
