//! What a messenger's wire must give, and what it is given. A wire knows how its
//! provider writes and signs; it knows nothing of the Desk, of SQL or of other
//! wires.

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::desk::Audience;
use gateway_core::domain::{Channel, ClientNet, Locale, Phone, Provider};
use gateway_locale::Medium;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Something that a citizen did, as a wire hands it in.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The provider's id of the event: the same id is the same event.
    pub event_id: CompactString,
    /// The citizen's id at the provider. Personal data.
    pub from: CompactString,
    /// Where the answer goes: the citizen's id, or the chat's. Personal data.
    pub chat: CompactString,
    /// Who sees the answer beside the citizen.
    pub audience: Audience,
    /// The language that the messenger shows to the citizen, where it says so.
    pub locale: Option<Locale>,
    /// The citizen's network, where the gateway itself sees it.
    pub address: Option<ClientNet>,
    /// When the citizen did it, by the provider's clock: events of one citizen
    /// are answered in this order.
    pub sent_at: Timestamp,
    /// What.
    pub what: Event,
}

/// What a citizen did.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Words, typed or by a button that sends words. At most 10,000 characters
    /// are handed in; a wire cuts longer ones. Personal data.
    Said(String),
    /// A conversation begins: followed the account, pressed *Start*.
    Began,
    /// It ends: unfollowed, blocked. Nothing may be sent any more.
    Left,
    /// A picture, a sticker, a voice: it is not kept, and answered kindly.
    Unreadable,
    /// The messenger's own contact button: the citizen's own telephone, which
    /// the provider vouches for. Only where the contact's user is the sender.
    Contact(#[serde(with = "phone")] Phone),
}

/// Not the words.
impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Said(_) => "Said(…)",
            Self::Began => "Began",
            Self::Left => "Left",
            Self::Unreadable => "Unreadable",
            Self::Contact(_) => "Contact(…)",
        })
    }
}

/// Neither citizen nor words.
impl std::fmt::Debug for Arrived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrived").field("what", &self.what).finish_non_exhaustive()
    }
}

/// Where wires hand in what came: it is on disk when this returns, and the
/// provider is told then, not before.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Commits one event.
    ///
    /// # Errors
    /// [`NotTaken`]: it is not on disk, and the provider must send it again.
    async fn arrived(&self, channel: Channel, provider: &Provider, event: Arrived) -> Result<Taken, NotTaken>;
}

/// The event is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is new.
    New,
    /// It was there already.
    Replay,
}

/// The event is not on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The database failed, or too much waits already.
    #[error("not on disk")]
    Failed,
}

/// What is said to a citizen, before a wire puts it into its own form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    /// The text, in paragraphs.
    pub text: String,
    /// Buttons, best first: what stands on each, and the words that it sends.
    pub buttons: Vec<(String, String)>,
    /// A button of the messenger's own that shares the citizen's telephone; its
    /// label. A wire that has no such button leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_contact: Option<String>,
}

/// Not the words.
impl std::fmt::Debug for Saying {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Saying").field("buttons", &self.buttons.len()).finish_non_exhaustive()
    }
}

/// One messenger: how it sends, and what it can show.
#[async_trait]
pub trait Wire: Send + Sync {
    /// The channel.
    fn channel(&self) -> Channel;

    /// The name of the account in the configuration.
    fn provider(&self) -> &Provider;

    /// What it can show.
    fn medium(&self) -> Medium;

    /// How long after the citizen's last word something may be sent; `None`
    /// where there is no end.
    fn window(&self) -> Option<Duration>;

    /// The messages that carry a saying, in their order, each in a form of the
    /// wire's own that [`Wire::send`] reads again. Long texts are parted between
    /// sentences, at the least between grapheme clusters; buttons go with the
    /// last message.
    fn parts(&self, saying: &Saying) -> Vec<String>;

    /// Hands one of [`Wire::parts`] to the provider, and waits for its answer.
    /// It is called for one message of a chat at a time.
    async fn send(&self, chat: &str, part: &str) -> Sent;
}

/// What became of a message that was handed to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The provider took it under this id.
    Accepted {
        /// The provider's id; empty where it gives none.
        id: CompactString,
    },
    /// It surely was not taken: it waits again.
    Later {
        /// At the earliest after this time.
        after: Duration,
        /// Whether the whole account must wait (its quota, its limit), or this
        /// chat alone.
        account: bool,
    },
    /// The provider refused it for good (blocked, no such user, too late).
    Refused {
        /// The provider's own code.
        code: CompactString,
    },
    /// It was sent and no answer came: nobody knows. It is not repeated.
    Uncertain,
}

mod phone {
    use gateway_core::domain::Phone;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(phone: &Phone, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(phone.e164())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Phone, D::Error> {
        let text = String::deserialize(deserializer)?;
        Phone::parse(&text).map_err(|_| D::Error::custom("no telephone number"))
    }
}
