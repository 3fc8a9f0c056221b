use compact_str::CompactString;
use jiff::Timestamp;

use super::{Action, ConversationId};
use crate::domain::{Channel, ClientNet, DeviceId, Locale, Provider, Sender, SenderAssurance};

/// The id that goes through every layer and every log line of one request: at
/// most 64 ASCII letters, digits, `-`, `_` or `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestId(CompactString);

impl RequestId {
    /// An id from outside; `None` where it is empty, too long or has other characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        fits.then(|| Self(text.into()))
    }

    /// An id of sixty-four random bits, as sixteen hexadecimal digits.
    pub fn from_bits(bits: u64) -> Self {
        Self(compact_str::format_compact!("{bits:016x}"))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id's own string.
    pub fn into_inner(self) -> CompactString {
        self.0
    }
}

/// What a citizen asks, whatever road it came by.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The road.
    pub channel: Channel,
    /// The provider on that road.
    pub provider: Provider,
    /// The provider's id of the message, where there is one: the same id from
    /// the same provider is a replay.
    pub message_id: Option<CompactString>,
    /// Who asks.
    pub sender: Sender,
    /// The device, where the app sends one. It only tightens limits.
    pub device: Option<DeviceId>,
    /// The network address, where there is one.
    pub address: Option<ClientNet>,
    /// How far the road vouches for the sender.
    pub assurance: SenderAssurance,
    /// Who else sees the answer.
    pub audience: Audience,
    /// The language of the answer.
    pub locale: Locale,
    /// When it came in.
    pub received_at: Timestamp,
    /// When the channel gives up.
    pub deadline: Timestamp,
    /// The conversation that it belongs to; where there is none, every question
    /// stands for itself.
    pub conversation: Option<ConversationId>,
    /// What is asked.
    pub content: Content,
}

/// Who sees an answer beside the one who asked (`dossiers.md`, rule 3). It can
/// only narrow what is shown: a channel that is a foreign processor by itself
/// ([`Channel::foreign_processor`]) stays one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Nobody but the citizen and carriers of this country.
    #[default]
    Sender,
    /// A company outside the country, which carries the message (Twilio).
    ForeignProcessor,
    /// The other members of a group.
    Group,
}

/// An action, or free text that is interpreted only after the sender was admitted.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// A structured request.
    Action(Action),
    /// Free words; personal data, never logged.
    Text(String),
}

impl Request {
    /// Whether others than the citizen may see the answer.
    pub const fn is_overheard(&self) -> bool {
        self.channel.foreign_processor() || !matches!(self.audience, Audience::Sender)
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Action(action) => f.debug_tuple("Action").field(action).finish(),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
        }
    }
}
