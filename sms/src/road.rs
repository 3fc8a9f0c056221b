//! A way out to phones, whichever it is: an SMSC's bind or an aggregator.

use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::SenderAssurance;
use jiff::Timestamp;

use crate::codec::Alphabet;

/// One part of a message on its way out. Its text is already normalised,
/// folded where the policy folds, and fits into one part.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// The recipient as the road wants it: E.164 with `+`, or the address that
    /// a citizen's message came from, digit for digit.
    pub to: CompactString,
    /// The sender that the phone shows: a short code, a number or a brand name.
    pub from: CompactString,
    /// The letters of this part alone.
    pub text: String,
    /// The alphabet of the whole message: every part has the same.
    pub alphabet: Alphabet,
    /// Which part of how many it is; `None` for a message of one part.
    pub concatenation: Option<Concatenation>,
    /// Until when it is worth delivering; the SMSC is told.
    pub valid_until: Timestamp,
    /// Ask for a delivery receipt.
    pub receipt: bool,
}

/// Not the text nor the number: a log line may hold a part.
impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("alphabet", &self.alphabet)
            .field("concatenation", &self.concatenation)
            .finish_non_exhaustive()
    }
}

/// The place of a part in its message (3GPP TS 23.040 §9.2.3.24.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Concatenation {
    /// The message's reference: the same in every part. 0–255 where the parts
    /// are cut for an 8-bit reference.
    pub reference: u16,
    /// How many parts, 2–255.
    pub total: u8,
    /// Which one, from 1 on.
    pub sequence: u8,
}

/// What became of a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// The peer took it under this id (empty where it gives none).
    Accepted {
        /// The peer's id, as it wrote it.
        id: CompactString,
    },
    /// It surely was not taken; the same part may be sent again, after a pause
    /// where the peer asked for one.
    NotTaken {
        /// A stable word for logs and metrics (`throttled`, `queue_full`, `not_bound`, `not_connected`, …).
        code: &'static str,
        /// At the earliest after.
        after: Duration,
    },
    /// The peer refused it for good.
    Refused {
        /// The peer's own code (`0x0000000B`, `error 118`).
        code: CompactString,
    },
    /// It was sent, and no response came: nobody knows.
    Uncertain,
}

/// How a road is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoadState {
    /// It takes messages.
    Up,
    /// It does not, and tries to.
    Down,
    /// It was stopped: its password was refused, and an operator must look.
    Refused,
}

/// A way out to phones.
#[async_trait]
pub trait Road: Send + Sync {
    /// Its name in the configuration, in metrics and in rows.
    fn name(&self) -> &str;

    /// Whether it takes messages now.
    fn state(&self) -> RoadState;

    /// Waits for room in the window and for the rate to allow one more, on a
    /// bind that is up. Returns `None` where the road is stopping.
    ///
    /// A permit is asked for *before* the row is marked as being sent, so that
    /// a crash leaves no more rows uncertain than the window holds. Dropping it
    /// gives the place back.
    async fn reserve(&self) -> Option<Box<dyn Permit>>;

    /// The same without waiting.
    fn try_reserve(&self) -> Option<Box<dyn Permit>>;
}

/// A place in the window of a road.
#[async_trait]
pub trait Permit: Send {
    /// Sends the part and waits for the response, at most as long as the road's
    /// own response timeout.
    async fn submit(self: Box<Self>, part: &Part) -> Submitted;
}

/// What a road hands in: a citizen's message.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The road's name.
    pub road: CompactString,
    /// Who sent it, as the road wrote it.
    pub from: CompactString,
    /// The short code that it was sent to.
    pub to: CompactString,
    /// What it says.
    pub body: Body,
    /// The provider's id of the message, where the road carries one.
    pub id: Option<CompactString>,
    /// How far the road vouches for the sender.
    pub assurance: SenderAssurance,
}

/// Neither the number nor the words.
impl std::fmt::Debug for Arrived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrived").field("road", &self.road).finish_non_exhaustive()
    }
}

/// A whole message, or a part of one.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// The text of a whole message.
    Whole(String),
    /// A part of a longer one: its octets without the header. They are joined
    /// before they are decoded, because a part may end within a character.
    Part {
        /// The octets.
        octets: Vec<u8>,
        /// The SMPP data coding of the part (SMPP 3.4 §5.2.19).
        data_coding: u8,
        /// Its place.
        place: Concatenation,
    },
}

/// What a road reports of a message that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The road's name.
    pub road: CompactString,
    /// The peer's id of the message, from the TLV where there is one, else from
    /// the text of the receipt.
    pub id: CompactString,
    /// Whom it went to, as the road wrote it; empty where it does not say.
    pub to: CompactString,
    /// What became of it.
    pub state: ReportedState,
    /// The peer's own error code; empty where there is none.
    pub error: CompactString,
}

/// The final states of a message (SMPP 3.4 §5.2.28), and the one that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportedState {
    /// Still on its way (ENROUTE, ACCEPTED): nothing changes.
    OnItsWay,
    /// DELIVERED.
    Delivered,
    /// UNDELIVERABLE, DELETED or REJECTED.
    Failed,
    /// EXPIRED.
    Expired,
    /// UNKNOWN: the SMSC itself does not know.
    Unknown,
}

/// Where roads hand in what they receive. Both return once it is on disk; only
/// then is the peer told that it was taken.
#[async_trait]
pub trait Intake: Send + Sync {
    /// A citizen's message.
    ///
    /// # Errors
    /// It is not on disk: the peer must send it again.
    async fn arrived(&self, message: Arrived) -> Result<Taken, NotTaken>;

    /// A delivery receipt.
    ///
    /// # Errors
    /// It is not on disk: the peer must send it again.
    async fn reported(&self, receipt: Reported) -> Result<(), NotTaken>;
}

/// A message that is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is new.
    New,
    /// It was there already: a bare acknowledgement is due, nothing else.
    Replay,
}

/// A message that is not on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The database failed.
    #[error("the message could not be stored")]
    Failed,
    /// Too many are waiting.
    #[error("too many messages are waiting")]
    Full,
}
