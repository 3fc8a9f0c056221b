//! Messages of one citizen.

use std::time::Duration;

use gateway_core::domain::{Category, Channel, DeliveryState, MessageId, MessageKey, Provider, SenderAssurance};
use gateway_core::ports::{DeliveryReceipt, NewInbound, NewInboundPart, NewOutbound};
use jiff::{SignedDuration, Timestamp};

/// The citizen's telephone number: it must be in no file when all is over.
const PHONE: &str = "+84912345678";

/// The `n`th message of a story.
pub(crate) fn inbound(n: u64, at: Timestamp) -> NewInbound {
    NewInbound {
        channel: Channel::Sms,
        provider: Provider::new("viettel"),
        key: MessageKey::of(&[b"message", &n.to_le_bytes()]),
        window: Duration::from_secs(600),
        from: PHONE.into(),
        to: "8x88".into(),
        text: format!("TC 000.00.17.H09-260916-0012 lan {n}"),
        assurance: SenderAssurance::Carrier,
        received_at: at,
        answer_by: at + SignedDuration::from_mins(10),
        parts: None,
    }
}

/// A part of the `n`th set.
pub(crate) fn part(n: u64, sequence: u8, total: u8, at: Timestamp) -> NewInboundPart {
    NewInboundPart {
        channel: Channel::Sms,
        provider: Provider::new("viettel"),
        set: MessageKey::of(&[b"set", &n.to_le_bytes()]),
        window: Duration::from_secs(600),
        sequence,
        total,
        octets: format!("part {sequence}").into_bytes(),
        coding: 8,
        from: PHONE.into(),
        to: "8x88".into(),
        assurance: SenderAssurance::Carrier,
        received_at: at,
    }
}

/// A message to the citizen, in one part.
pub(crate) fn outbound(answers: Option<MessageId>, begun: bool, at: Timestamp) -> NewOutbound {
    NewOutbound {
        channel: Channel::Sms,
        route: "viettel".into(),
        category: Category::Answer,
        to: PHONE.into(),
        from: "8x88".into(),
        text: "Ho so 000.00.17.H09-260916-0012 dang xu ly".to_owned(),
        form: "gsm7".into(),
        part: 1,
        parts: 1,
        reference: 7,
        not_before: at,
        valid_until: at + SignedDuration::from_hours(24),
        repeatable: false,
        answers,
        begun,
    }
}

/// A receipt of the road for an id.
pub(crate) fn receipt(id: &str, state: DeliveryState, at: Timestamp) -> DeliveryReceipt {
    DeliveryReceipt { route: "viettel".into(), id: id.into(), to: PHONE.into(), state, error: "".into(), at }
}
