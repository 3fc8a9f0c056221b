use async_trait::async_trait;
use compact_str::CompactString;
use jiff::{SignedDuration, Timestamp};

use super::{KeyedHash, NewOutbound, Outbound, StoreError};
use crate::domain::{Channel, MessageId, MessageKey, Provider, SenderAssurance, Window};

/// What came in over a road that cannot wait for its answer. It is on disk
/// before the road is told that it was taken.
#[derive(Clone, PartialEq, Eq)]
pub struct NewInbound {
    /// The channel.
    pub channel: Channel,
    /// The road within the channel.
    pub provider: Provider,
    /// What makes a second delivery the same message …
    pub key: MessageKey,
    /// … if it comes within this time after the first.
    pub window: Window,
    /// Who sent it, as the road wrote it. Personal data.
    pub from: CompactString,
    /// Where it was sent to (a short code, an account).
    pub to: CompactString,
    /// What it says. Personal data; it is wiped when the answer is written.
    pub text: String,
    /// How far the road vouches for the sender.
    pub assurance: SenderAssurance,
    /// When it came.
    pub received_at: Timestamp,
    /// Until when an answer is worth giving.
    pub answer_by: Timestamp,
    /// The set of parts that it was put together from: they are deleted in the
    /// same transaction.
    pub parts: Option<MessageKey>,
}

/// A message that waits for its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Its id.
    pub id: MessageId,
    /// The channel.
    pub channel: Channel,
    /// The road.
    pub provider: Provider,
    /// Who sent it.
    pub from: CompactString,
    /// Where it was sent to.
    pub to: CompactString,
    /// What it says.
    pub text: String,
    /// How far the road vouches for the sender.
    pub assurance: SenderAssurance,
    /// When it came.
    pub received_at: Timestamp,
    /// Until when an answer is worth giving.
    pub answer_by: Timestamp,
    /// The citizen was told already that the answer will come later.
    pub acknowledged: bool,
    /// How often it was tried and put off.
    pub tries: u32,
}

/// Neither the number nor the words.
impl std::fmt::Debug for NewInbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewInbound").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// The first pause before a question is asked again at a silent portal; it doubles
/// up to the longest.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(600);

impl Inbound {
    /// When it is tried again, where the portal was silent.
    pub fn next_try(&self, now: Timestamp) -> Timestamp {
        let pause = (FIRST_PAUSE * 2_i32.saturating_pow(self.tries.min(10))).min(LONGEST_PAUSE);
        now.checked_add(pause).unwrap_or(now)
    }
}

/// Neither the number nor the words.
impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbound").field("id", &self.id).field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// A message is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It is new, and this node's to answer.
    New(Inbound),
    /// It was there already.
    Replay,
}

/// A part of a longer message.
#[derive(Clone, PartialEq, Eq)]
pub struct NewInboundPart {
    /// The channel.
    pub channel: Channel,
    /// The road.
    pub provider: Provider,
    /// The set that it belongs to: road, sender, recipient, reference, total.
    pub set: MessageKey,
    /// How long the parts of a set may be apart; for as long, a part of a set
    /// that is complete is a replay.
    pub window: Window,
    /// Its place, 1–`total`.
    pub sequence: u8,
    /// How many there are, 2–255.
    pub total: u8,
    /// Its octets, as the channel wants them back.
    pub octets: Vec<u8>,
    /// How they are written, in the channel's own numbers.
    pub coding: u8,
    /// Who sent it.
    pub from: CompactString,
    /// Where it was sent to.
    pub to: CompactString,
    /// How far the road vouches for the sender.
    pub assurance: SenderAssurance,
    /// When it came.
    pub received_at: Timestamp,
}

/// A set of parts.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundParts {
    /// Its key.
    pub set: MessageKey,
    /// The channel.
    pub channel: Channel,
    /// The road.
    pub provider: Provider,
    /// Who sent it.
    pub from: CompactString,
    /// Where it was sent to.
    pub to: CompactString,
    /// How far the road vouches for the sender, at the weakest part.
    pub assurance: SenderAssurance,
    /// When the first part came.
    pub first_at: Timestamp,
    /// How many there should be.
    pub total: u8,
    /// Place, coding and octets of those that came, in the order of places.
    pub parts: Vec<(u8, u8, Vec<u8>)>,
}

/// Neither the number nor the words.
impl std::fmt::Debug for InboundParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InboundParts")
            .field("total", &self.total)
            .field("here", &self.parts.len())
            .finish_non_exhaustive()
    }
}

/// Neither the number nor the words.
impl std::fmt::Debug for NewInboundPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewInboundPart")
            .field("sequence", &self.sequence)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// A part is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartReceived {
    /// Others are still to come.
    Waiting,
    /// It was the last one. The parts stay on disk until the whole message is
    /// received with their key in [`NewInbound::parts`].
    Complete(InboundParts),
    /// The part, or its whole set, was there already.
    Replay,
}

/// How a message is settled.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// What becomes of it.
    pub fate: Fate,
    /// What goes out with it, in the same transaction.
    pub send: Vec<NewOutbound>,
    /// The rest of an answer that was too long.
    pub rest: Option<Rest>,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was answered.
    Answered,
    /// It needs no answer (a robot's): the row says so.
    Ignored,
    /// It is tried again.
    Later {
        /// Not before.
        at: Timestamp,
        /// The citizen has been told that the answer will come.
        acknowledged: bool,
    },
}

/// What did not fit into an answer; it is there when the citizen asks for more.
#[derive(Clone, PartialEq, Eq)]
pub struct Rest {
    /// Whose it is.
    pub owner: KeyedHash,
    /// The text. Empty deletes what was kept.
    pub text: String,
    /// It is wiped then.
    pub until: Timestamp,
}

/// Not the words.
impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest").field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// What came in and waits for its answer, on disk. Each call returns once its
/// change is committed. Every message belongs to one living node, or to none:
/// then any may adopt it.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Commits a message.
    async fn receive(&self, message: NewInbound) -> Result<Received, StoreError>;

    /// Commits a part.
    async fn receive_part(&self, part: NewInboundPart) -> Result<PartReceived, StoreError>;

    /// Sets that are complete but were not received as a message (a crash came
    /// between), and sets whose first part came before `before`: what is there
    /// must be received without the rest. At most `limit`, oldest first.
    async fn left_parts(
        &self,
        channel: Channel,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<InboundParts>, StoreError>;

    /// Makes messages of nobody, or of a dead node, this node's: those of the
    /// channel whose time has come, oldest first.
    async fn adopt(&self, channel: Channel, now: Timestamp, limit: usize) -> Result<Vec<Inbound>, StoreError>;

    /// Settles a message and writes what goes out, in one transaction. `None`
    /// where it was settled already: then nothing is written, and nothing may
    /// be sent.
    async fn settle(&self, id: MessageId, settlement: Settlement) -> Result<Option<Vec<Outbound>>, StoreError>;

    /// The rest of the last long answer, if it has not expired. It stays until
    /// a settlement replaces it.
    async fn rest_of(&self, owner: KeyedHash, now: Timestamp) -> Result<Option<String>, StoreError>;
}
