use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::{KeyedHash, NewLine, NewOutbound, StoreError};
use crate::domain::{Channel, Locale, OfficerId, Provider};

/// The row of a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HandoverId(pub i64);

/// Why a citizen is handed over to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HandoverReason {
    /// The citizen asked for one.
    Asked,
    /// A complaint, about an officer perhaps: it is a supervisor's.
    Complaint,
}

impl HandoverReason {
    /// Every reason.
    pub const ALL: [Self; 2] = [Self::Asked, Self::Complaint];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Complaint => "complaint",
        }
    }

    /// The reason of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

/// Where a hand-over is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HandoverState {
    /// The citizen waits; the house still answers.
    Waiting,
    /// An officer holds the conversation; the house is silent.
    Held,
    /// It is over; the house answers again.
    Closed,
}

impl HandoverState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Held, Self::Closed];

    /// Its number in rows.
    pub const fn number(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Held => 1,
            Self::Closed => 2,
        }
    }

    /// The state of a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }
}

/// A citizen who waits for a person.
#[derive(Clone, PartialEq, Eq)]
pub struct NewHandover {
    /// The conversation.
    pub conversation: KeyedHash,
    /// The channel.
    pub channel: Channel,
    /// The account within the channel.
    pub provider: Provider,
    /// Where words to the citizen go. Personal data: it is sealed.
    pub chat: CompactString,
    /// The keyed hash of the sender.
    pub sender: KeyedHash,
    /// The language of the conversation.
    pub locale: Locale,
    /// The agency whose officers see it; empty: everybody's.
    pub site: CompactString,
    /// Why.
    pub reason: HandoverReason,
    /// When.
    pub at: Timestamp,
    /// Its row is deleted then.
    pub until: Timestamp,
}

/// A hand-over.
#[derive(Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its row.
    pub id: HandoverId,
    /// Where it is.
    pub state: HandoverState,
    /// The conversation.
    pub conversation: KeyedHash,
    /// The channel.
    pub channel: Channel,
    /// The account within the channel.
    pub provider: Provider,
    /// Where words to the citizen go; empty where it cannot be opened any more.
    pub chat: CompactString,
    /// The keyed hash of the sender.
    pub sender: KeyedHash,
    /// The language.
    pub locale: Locale,
    /// The agency whose officers see it.
    pub site: CompactString,
    /// Why.
    pub reason: HandoverReason,
    /// Whether only supervisors may take it.
    pub for_supervisor: bool,
    /// Who holds it.
    pub officer: Option<OfficerId>,
    /// When the citizen asked.
    pub opened_at: Timestamp,
    /// When an officer first took it.
    pub claimed_at: Option<Timestamp>,
    /// When the officer was last seen at it; while the citizen waits, since when.
    pub touched_at: Timestamp,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// How it ended, in the console's stable words.
    pub outcome: CompactString,
}

/// Not the chat.
impl fmt::Debug for NewHandover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewHandover")
            .field("channel", &self.channel)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Not the chat.
impl fmt::Debug for Handover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handover").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A citizen was put into the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The hand-over: a new one, or the one that was open already.
    pub id: HandoverId,
    /// Whether it is new.
    pub new: bool,
    /// Whether an officer holds it already.
    pub held: bool,
    /// How many wait before it.
    pub ahead: u32,
}

/// What came of an officer's wish to take one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is theirs, and the house has said its last word.
    Yes,
    /// Another officer has it.
    Taken,
    /// It is over, or was never there.
    Gone,
}

/// What an officer did with a conversation that they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficerMove {
    /// Back to the line, for any officer.
    Requeue,
    /// To a supervisor.
    ToSupervisor,
    /// To another officer.
    To(OfficerId),
    /// It is over; the house answers again.
    Close {
        /// How it ended, in the console's stable words.
        outcome: CompactString,
    },
}

/// Hand-overs that somebody must be told about, as they were before: with the
/// officer who is gone, and with the chat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftHandovers {
    /// Their officer is gone: they wait again.
    pub requeued: Vec<Handover>,
    /// Nobody came for too long: they are over.
    pub expired: Vec<Handover>,
}

/// What a message of the house in a conversation bears as
/// [`NewOutbound::form`]: it is not begun while an officer holds it
/// ([`super::Outbox::begin_voiced`]), and never as it is written.
pub fn house_voice(conversation: KeyedHash) -> CompactString {
    compact_str::format_compact!("{HOUSE}{}", conversation.to_hex())
}

/// Whether a [`NewOutbound::form`] is that of a message of the house in some
/// conversation.
pub fn is_house_voice(form: &str) -> bool {
    form.starts_with(HOUSE)
}

/// (The store's index names it as well.)
const HOUSE: &str = "house:";

/// How busy the desk is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeskLoad {
    /// Citizens who wait.
    pub waiting: u32,
    /// When the one who waits longest began to wait.
    pub oldest: Option<Timestamp>,
    /// Conversations that each officer holds.
    pub held: Vec<(OfficerId, u32)>,
    /// How long citizens waited lately, in the median; `None` where nobody was
    /// taken lately.
    pub median_wait: Option<Duration>,
    /// Conversations that ended in the time that was asked about.
    pub closed: u32,
}

/// A wish to be called back.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCallback {
    /// The conversation in which it was wished.
    pub conversation: KeyedHash,
    /// The channel.
    pub channel: Channel,
    /// The telephone, as E.164. Personal data: it is sealed.
    pub phone: CompactString,
    /// In which language.
    pub locale: Locale,
    /// The version of the words that the citizen consented to.
    pub consent: CompactString,
    /// When.
    pub at: Timestamp,
    /// It is deleted then, whether somebody called or not.
    pub until: Timestamp,
}

/// A wish to be called back.
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    /// Its row.
    pub id: i64,
    /// The conversation in which it was wished.
    pub conversation: KeyedHash,
    /// The channel.
    pub channel: Channel,
    /// The telephone, as E.164. Personal data.
    pub phone: CompactString,
    /// In which language.
    pub locale: Locale,
    /// When.
    pub at: Timestamp,
    /// Who is calling.
    pub officer: Option<OfficerId>,
}

/// Not the number.
impl fmt::Debug for NewCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCallback").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Not the number.
impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("id", &self.id).field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Conversations on their way to a person and back. Whoever holds one has the
/// only voice in it: that is decided in the database, for every node and across
/// restarts.
#[async_trait]
pub trait Handovers: Send + Sync {
    /// Puts a citizen into the line; one who waits or is served already stays
    /// where they are.
    async fn open(&self, handover: NewHandover) -> Result<Opened, StoreError>;

    /// The citizen needs nobody any more. Only while nobody holds it.
    async fn cancel(&self, conversation: KeyedHash, at: Timestamp) -> Result<bool, StoreError>;

    /// The one of a conversation that is not over.
    async fn open_one(&self, conversation: KeyedHash) -> Result<Option<Handover>, StoreError>;

    /// One by its row.
    async fn handover(&self, id: HandoverId) -> Result<Option<Handover>, StoreError>;

    /// All that are not over: those that wait by the order of their coming,
    /// then those that are held.
    async fn open_ones(&self, limit: usize) -> Result<Vec<Handover>, StoreError>;

    /// Earlier ones of these senders, newest first.
    async fn earlier(&self, senders: &[KeyedHash], limit: usize) -> Result<Vec<Handover>, StoreError>;

    /// Takes one, where nobody holds it. What the house had not yet sent is
    /// taken back; what is on its way to the messenger is waited for (ten seconds
    /// at most, as the wire may never answer), so that afterwards the officer's is
    /// the only voice.
    async fn claim(&self, id: HandoverId, officer: OfficerId, at: Timestamp) -> Result<Claimed, StoreError>;

    /// An officer speaks: the line and the messages that carry it are one
    /// transaction. A line that was written already sends nothing again. `false`
    /// where the officer does not hold it, or the line is of another conversation.
    async fn say(
        &self,
        id: HandoverId,
        officer: OfficerId,
        line: NewLine,
        send: Vec<NewOutbound>,
    ) -> Result<bool, StoreError>;

    /// An officer passes it on or ends it. `false` where the officer does not
    /// hold it.
    async fn pass(
        &self,
        id: HandoverId,
        officer: OfficerId,
        to: OfficerMove,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The officer is there. `false` where the officer does not hold it.
    async fn touch(&self, id: HandoverId, officer: OfficerId, at: Timestamp) -> Result<bool, StoreError>;

    /// Puts those back into the line whose officer was not seen since
    /// `seen_before`, and ends those that began to wait, for the first time or
    /// again, before `waiting_before`. Of several nodes one is told of each.
    async fn sweep_handovers(
        &self,
        seen_before: Timestamp,
        waiting_before: Timestamp,
        now: Timestamp,
    ) -> Result<LeftHandovers, StoreError>;

    /// How busy the desk is; what is over counts from `since` on.
    async fn load(&self, since: Timestamp) -> Result<DeskLoad, StoreError>;

    /// Records a wish to be called back, in place of an earlier one of the
    /// same conversation: it is a new one, which nobody has taken.
    async fn wish_callback(&self, callback: NewCallback) -> Result<(), StoreError>;

    /// Those that nobody has answered, oldest first.
    async fn callbacks(&self, now: Timestamp, limit: usize) -> Result<Vec<Callback>, StoreError>;

    /// An officer takes one; `false` where another has.
    async fn take_callback(&self, id: i64, officer: OfficerId) -> Result<bool, StoreError>;

    /// The citizen needs no call any more.
    async fn forget_callback(&self, conversation: KeyedHash) -> Result<bool, StoreError>;

    /// It is done: the number is deleted. `false` where this officer had not
    /// taken it.
    async fn end_callback(&self, id: i64, officer: OfficerId) -> Result<bool, StoreError>;
}
