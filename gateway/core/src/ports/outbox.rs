use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::{Category, Channel, DeliveryState, MessageId};

/// A message, or one part of it, that is to go out.
#[derive(Clone, PartialEq, Eq)]
pub struct NewOutbound {
    /// The channel.
    pub channel: Channel,
    /// The road that it shall take.
    pub route: CompactString,
    /// Why it goes out.
    pub category: Category,
    /// The recipient, as the road wants it. Personal data.
    pub to: CompactString,
    /// The sender that is shown.
    pub from: CompactString,
    /// The text of this part. Personal data; it is wiped once a provider took it.
    pub text: String,
    /// How the text is written, in the channel's own word (`gsm7`, `ucs2`).
    pub form: CompactString,
    /// Which part it is, from 1 on.
    pub part: u8,
    /// How many parts the message has, at least 1.
    pub parts: u8,
    /// What the parts of one message have in common.
    pub reference: u16,
    /// Not sent before (quiet hours).
    pub not_before: Timestamp,
    /// Worth delivering until.
    pub valid_until: Timestamp,
    /// Whether it may be sent again where nobody knows if it was sent.
    pub repeatable: bool,
    /// The message that it answers.
    pub answers: Option<MessageId>,
    /// Its sender holds a place in the road's window already: it is written as
    /// [`DeliveryState::Submitting`] at once, and handed over when this
    /// returns. Else it is queued.
    pub begun: bool,
}

/// A message that is written down.
#[derive(Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Its id.
    pub id: MessageId,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was handed over and given back.
    pub tries: u32,
    /// When it was written down.
    pub queued_at: Timestamp,
    /// What was to be sent; its text is empty once a provider took it.
    pub message: NewOutbound,
}

/// Neither the number nor the words.
impl std::fmt::Debug for NewOutbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewOutbound")
            .field("route", &self.route)
            .field("category", &self.category)
            .field("part", &self.part)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// Neither the number nor the words.
impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// How a hand-over ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandedOver {
    /// The provider took it under this id; empty where it gives none.
    Accepted {
        /// The id as the provider wrote it.
        id: CompactString,
        /// When.
        at: Timestamp,
    },
    /// It surely was not taken: it waits again.
    GivenBack {
        /// At the earliest then.
        at: Timestamp,
    },
    /// The provider refused it for good.
    Refused {
        /// The provider's code.
        code: CompactString,
        /// When.
        at: Timestamp,
    },
    /// Its validity ended before it could be sent.
    TooLate {
        /// When.
        at: Timestamp,
    },
    /// It was sent and no response came.
    Uncertain {
        /// When.
        at: Timestamp,
    },
}

/// What a provider reports.
#[derive(Clone, PartialEq, Eq)]
pub struct DeliveryReceipt {
    /// The road.
    pub route: CompactString,
    /// The provider's id, as it wrote it. It is compared as it stands, without
    /// leading zeros, and read as hexadecimal or decimal for the other.
    pub id: CompactString,
    /// The recipient as the road wrote it; empty where it does not say. An id
    /// that only fits when read in the other base must fit in this too.
    pub to: CompactString,
    /// A final state.
    pub state: DeliveryState,
    /// The provider's error code.
    pub error: CompactString,
    /// When it came.
    pub at: Timestamp,
}

/// Not the number.
impl std::fmt::Debug for DeliveryReceipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeliveryReceipt")
            .field("route", &self.route)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// What was done with a receipt. In each case it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptFate {
    /// It told the end of a message that was handed over so long before.
    Matched {
        /// Time from the hand-over to the receipt.
        lag: Duration,
    },
    /// No message of that id yet: it is held until one has it.
    Held,
}

/// How much waits on a road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueDepth {
    /// The road.
    pub route: CompactString,
    /// Why it goes out.
    pub category: Category,
    /// Its state: queued, submitting, accepted or uncertain.
    pub state: DeliveryState,
    /// How many.
    pub count: u64,
    /// When the oldest was written down.
    pub oldest: Timestamp,
}

/// A message's whole life, without number and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTrace {
    /// What came in, where it is the answer to something.
    pub inbound: Option<InboundTrace>,
    /// Its parts on their way out.
    pub outbound: Vec<OutboundTrace>,
}

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundTrace {
    /// Its id.
    pub id: MessageId,
    /// The road.
    pub provider: CompactString,
    /// When it came.
    pub received_at: Timestamp,
    /// `waiting`, `later`, `answered` or `ignored`.
    pub state: &'static str,
    /// How often it was put off.
    pub tries: u32,
    /// Whether the citizen was told to wait.
    pub acknowledged: bool,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

/// One part on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundTrace {
    /// Its id.
    pub id: MessageId,
    /// The road.
    pub route: CompactString,
    /// Why it goes out.
    pub category: Category,
    /// Its place.
    pub part: u8,
    /// How many parts.
    pub parts: u8,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was given back.
    pub tries: u32,
    /// The provider's id.
    pub provider_id: CompactString,
    /// The provider's error code.
    pub error: CompactString,
    /// Written down.
    pub queued_at: Timestamp,
    /// Not before.
    pub not_before: Timestamp,
    /// Valid until.
    pub valid_until: Timestamp,
    /// Last handed over.
    pub submitted_at: Option<Timestamp>,
    /// Taken by the provider.
    pub accepted_at: Option<Timestamp>,
    /// Ended.
    pub final_at: Option<Timestamp>,
}

/// What is to go out, on disk. Each call returns once its change is committed.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Writes messages down, all or none. They belong to no node yet, but those
    /// that are begun.
    async fn enqueue(&self, messages: Vec<NewOutbound>) -> Result<Vec<Outbound>, StoreError>;

    /// Makes queued messages of nobody, or of a dead node, this node's: those
    /// of the channel whose time has come, answers before notices, oldest
    /// first. Messages that a dead node was handing over become uncertain, or
    /// queued again where a repetition is harmless.
    async fn adopt_outbound(&self, channel: Channel, now: Timestamp, limit: usize)
    -> Result<Vec<Outbound>, StoreError>;

    /// The message is about to be handed over on this road. `false` where it is
    /// not this node's any more or not queued: then it must not be sent.
    async fn begin(&self, id: MessageId, route: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// The same for a message of the house in a conversation
    /// ([`super::house_voice`]): also `false` where an officer holds it, and the
    /// message is then taken back.
    async fn begin_voiced(&self, id: MessageId, route: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// How the hand-over ended. A receipt that is held for the id is applied.
    async fn conclude(&self, id: MessageId, outcome: HandedOver) -> Result<(), StoreError>;

    /// Gives queued messages back: any node may adopt them.
    async fn release(&self, ids: &[MessageId]) -> Result<(), StoreError>;

    /// Applies a receipt. A final state never changes.
    async fn receipt(&self, receipt: DeliveryReceipt) -> Result<ReceiptFate, StoreError>;

    /// What is not final, by road, category and state.
    async fn depths(&self, channel: Channel) -> Result<Vec<QueueDepth>, StoreError>;

    /// The life of a message, by the id of what came in or of what went out.
    async fn trace(&self, id: MessageId) -> Result<Option<MessageTrace>, StoreError>;
}
