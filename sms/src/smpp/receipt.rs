//! Delivery receipts: the TLVs first, then the text that SMSCs write (SMPP 3.4
//! appendix B), which is everybody's own dialect.

use compact_str::CompactString;

use super::pdu::codes::{state, tag};
use super::pdu::message::Message;
use crate::road::ReportedState;

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The SMSC's id of the message, as it wrote it (some write it in decimal
    /// here and in hexadecimal in the response: that is for the store to know).
    pub id: CompactString,
    /// What became of it.
    pub state: ReportedState,
    /// The SMSC's or network's own error; empty where there is none.
    pub error: CompactString,
}

impl Receipt {
    /// Reads a receipt: `receipted_message_id` before `id:`, `message_state`
    /// before `stat:`, `err:` before `network_error_code`. `None` where there is
    /// no id or no state.
    pub fn read(message: &Message<'_>) -> Option<Self> {
        let text = ReceiptText::read(message.payload());
        let tlvs = message.tlvs;
        let id = tlvs.text(tag::RECEIPTED_MESSAGE_ID).map(lossy).or(text.id)?;
        let state = tlvs.octet(tag::MESSAGE_STATE).and_then(state_of_number).or(text.state)?;
        let error = text.error.or_else(|| match tlvs.get(tag::NETWORK_ERROR)? {
            [_network, high, low] => Some(compact_str::format_compact!("{}", u16::from_be_bytes([*high, *low]))),
            _ => None,
        });
        Some(Self { id, state, error: error.unwrap_or_default() })
    }

    /// Reads a message that does not say that it is a receipt and plainly is
    /// one: a text that begins with `id:` and has `stat:` with a known state and
    /// one of `done date:`, `dlvrd:`.
    pub fn read_unmarked(message: &Message<'_>) -> Option<Self> {
        let octets = message.payload();
        let begins = octets.get(..3).is_some_and(|id| id.eq_ignore_ascii_case(b"id:"));
        if !begins || message.esm_class != 0 || !ReceiptText::read(octets).is_plainly_one() {
            return None;
        }
        Self::read(message)
    }
}

/// The text of a receipt, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptText {
    /// `id:`
    pub id: Option<CompactString>,
    /// `stat:`
    pub state: Option<ReportedState>,
    /// `err:`; none where it is only zeros.
    pub error: Option<CompactString>,
    /// Whether `done date:` or `dlvrd:` stand there.
    dated: bool,
}

impl ReceiptText {
    /// Reads `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:…
    /// text:…` in any order and any case, with spaces after the colons or
    /// without. What comes after `text:` is the citizen's and is not read.
    pub fn read(octets: &[u8]) -> Self {
        let text = lossy(octets);
        let lower = text.to_ascii_lowercase();
        // The message's own words may hold anything, "stat:" too.
        let end = [" text:", "\ntext:"].iter().filter_map(|word| lower.find(word)).min().unwrap_or(lower.len());
        let field = |name: &str| -> Option<&str> {
            let at = find_field(lower.get(..end)?, name)?;
            let value = text.get(at..end)?.trim_start().split([' ', '\r', '\n', '\t', ',', ';']).next()?;
            // "id: sub:001" has no id.
            (!value.is_empty() && !value.contains(':')).then_some(value)
        };
        Self {
            id: field("id:").filter(|id| id.len() <= 65).map(CompactString::from),
            state: field("stat:").and_then(state_of_word),
            error: field("err:")
                .filter(|error| error.len() <= 32 && error.bytes().any(|octet| octet != b'0'))
                .map(CompactString::from),
            dated: field("done date:").is_some() || field("dlvrd:").is_some(),
        }
    }

    fn is_plainly_one(&self) -> bool {
        self.id.is_some() && self.state.is_some() && self.dated
    }
}

/// Where the value of a field begins: after its name, which begins a word.
fn find_field(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(name) {
        let start = from + at;
        let begins_word = text.get(..start)?.bytes().next_back().is_none_or(|before| !before.is_ascii_alphanumeric());
        if begins_word {
            return Some(start + name.len());
        }
        from = start + name.len();
    }
    None
}

fn lossy(octets: &[u8]) -> CompactString {
    CompactString::from_utf8_lossy(octets)
}

/// By its number (SMPP 3.4 §5.2.28); 0 is SMPP 5.0's SCHEDULED, 9 its SKIPPED.
fn state_of_number(number: u8) -> Option<ReportedState> {
    Some(match number {
        0 | state::ENROUTE | state::ACCEPTED => ReportedState::OnItsWay,
        state::DELIVERED => ReportedState::Delivered,
        state::EXPIRED => ReportedState::Expired,
        state::DELETED | state::UNDELIVERABLE | state::REJECTED | 9 => ReportedState::Failed,
        state::UNKNOWN => ReportedState::Unknown,
        _ => return None,
    })
}

/// By its word (SMPP 3.4 appendix B), of which the first letters suffice.
fn state_of_word(word: &str) -> Option<ReportedState> {
    let mut start = [0_u8; 5];
    for (to, from) in start.iter_mut().zip(word.bytes()) {
        *to = from.to_ascii_uppercase();
    }
    Some(match &start {
        b"DELIV" => ReportedState::Delivered,
        b"EXPIR" => ReportedState::Expired,
        b"DELET" | b"UNDEL" | b"REJEC" | b"FAILE" => ReportedState::Failed,
        b"ACCEP" | b"ENROU" | b"BUFFE" | b"SCHED" => ReportedState::OnItsWay,
        b"UNKNO" => ReportedState::Unknown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::pdu::codes::tag;
    use super::super::pdu::message::Message;
    use super::super::pdu::tlv::{self, Tlvs};
    use super::{Receipt, ReceiptText};
    use crate::road::ReportedState;

    const USUAL: &[u8] = b"id:0000001f sub:001 dlvrd:001 submit date:2611231405 done date:2611231406 stat:DELIVRD err:000 text:stat:REJECTD id:9";

    #[test]
    fn the_usual_text() {
        let receipt = Receipt::read(&Message { esm_class: 4, short_message: USUAL, ..Message::default() }).unwrap();
        assert_eq!(receipt.id, "0000001f", "hexadecimal or not, as it stands");
        assert_eq!(receipt.state, ReportedState::Delivered);
        assert_eq!(receipt.error, "");
    }

    #[test]
    fn dialects() {
        let read = |text: &str| {
            let text = ReceiptText::read(text.as_bytes());
            (text.id.unwrap_or_default().to_string(), text.state, text.error.unwrap_or_default().to_string())
        };
        let failed = Some(ReportedState::Failed);
        assert_eq!(read("ID: 77 STAT: undeliv ERR: 1B"), ("77".into(), failed, "1B".into()));
        assert_eq!(read("stat:REJECTD,id:a-b_c;err:5"), ("a-b_c".into(), failed, "5".into()));
        assert_eq!(read("msgid:1 id:2\nstat:EXPIRED\n"), ("2".into(), Some(ReportedState::Expired), String::new()));
        assert_eq!(read("id: sub:001 stat:ENROUTE").0, "");
        assert_eq!(read("id:1 stat:WHATEVER err:000"), ("1".into(), None, String::new()));
        assert_eq!(read("Xin chào"), (String::new(), None, String::new()));
    }

    #[test]
    fn tlvs_come_before_the_text() {
        let mut tlvs = bytes::BytesMut::new();
        tlv::put(&mut tlvs, tag::RECEIPTED_MESSAGE_ID, b"from-tlv\0");
        tlv::put(&mut tlvs, tag::MESSAGE_STATE, &[5]);
        tlv::put(&mut tlvs, tag::NETWORK_ERROR, &[3, 0, 27]);
        let message = Message { esm_class: 4, short_message: USUAL, tlvs: Tlvs(&tlvs), ..Message::default() };
        let receipt = Receipt::read(&message).unwrap();
        assert_eq!((receipt.id.as_str(), receipt.state), ("from-tlv", ReportedState::Failed));
        assert_eq!(receipt.error, "27");
        let bare = Message { short_message: b"", ..message };
        assert_eq!(Receipt::read(&bare).unwrap().id, "from-tlv", "without any text");
    }

    #[test]
    fn unmarked_ones_must_be_plain() {
        let unmarked = |short_message| Receipt::read_unmarked(&Message { short_message, ..Message::default() });
        assert!(unmarked(USUAL).is_some());
        for text in
            [&b"id:H29.5-261119-0001"[..], b"tra cuu id:1 stat:DELIVRD dlvrd:001", b"id:1 stat:tot dlvrd:1", b""]
        {
            assert!(unmarked(text).is_none(), "{}", String::from_utf8_lossy(text));
        }
    }
}
