//! Events as Zalo writes and signs them. Reading is apart from storing, and
//! waits for nothing, so that a fuzzer can feed it.

use compact_str::{CompactString, format_compact};
use gateway_core::desk::Audience;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::config::ZaloConfig;
use crate::messenger::{Arrived, Event};

/// The longest words that are handed in, in characters: the contract's bound.
const MOST_CHARS: usize = 10_000;

/// The longest id that is kept as it stands, in bytes.
const LONGEST_ID: usize = 128;

/// What a citizen sends besides words. A list, because a name that is not
/// known may be a group's, whose answers others would see.
const UNREADABLE: [&str; 8] = [
    "user_send_image",
    "user_send_gif",
    "user_send_audio",
    "user_send_video",
    "user_send_sticker",
    "user_send_location",
    "user_send_business_card",
    "user_send_file",
];

/// Why an event is refused. It names fields, never what stood in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// No signature, or one that does not match.
    #[error("no signature, or one that does not match")]
    Signature,
    /// Signed too long ago, or in the future.
    #[error("signed too long ago, or in the future")]
    Stale,
    /// Of another application or account.
    #[error("of another application or account")]
    OtherAccount,
    /// More bytes than are read.
    #[error("too long")]
    TooLong,
    /// Not of the form that Zalo documents.
    #[error("cannot be read: {0}")]
    Malformed(&'static str),
}

/// Proves and reads an event. `None`: nothing that a citizen did.
pub(super) fn read(
    config: &ZaloConfig,
    now: Timestamp,
    signature: Option<&str>,
    body: &[u8],
) -> Result<Option<Arrived>, Refused> {
    let mac = signature.and_then(|header| header.trim().strip_prefix("mac=")).ok_or(Refused::Signature)?;
    if body.len() > config.webhook_max_bytes {
        return Err(Refused::TooLong);
    }
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| Refused::Malformed("envelope"))?;
    // Over the application of the settings, not the one that the body names.
    if !is_signed(config, mac, body, &envelope.timestamp) {
        return Err(Refused::Signature);
    }
    let sent_at = envelope.sent_at()?;
    let oldest = now - SignedDuration::from_hours(i64::try_from(config.max_age_hours).unwrap_or(i64::MAX / 3_600));
    let newest = now + SignedDuration::from_secs(i64::try_from(config.ahead_seconds).unwrap_or(0));
    if sent_at < oldest || sent_at > newest {
        return Err(Refused::Stale);
    }
    let strange = |id: &Option<CompactString>, own: &str| id.as_ref().is_some_and(|id| id != own);
    if strange(&envelope.app_id, &config.app_id) || strange(&envelope.oa_id, &config.oa_id) {
        return Err(Refused::OtherAccount);
    }
    let Some(kind) = Kind::of(&envelope.event_name) else { return Ok(None) };
    // Only now: what nobody here waits for may look as it likes.
    let told: Told = serde_json::from_slice(body).map_err(|_| Refused::Malformed("event"))?;
    if told.to(kind, &envelope).ok_or(Refused::Malformed("recipient"))? != config.oa_id {
        return Err(Refused::OtherAccount);
    }
    let from = told.from(kind).ok_or(Refused::Malformed("sender"))?.clone();
    let what = match kind {
        Kind::Words => told.words(),
        Kind::Unreadable => Event::Unreadable,
        Kind::Follow => Event::Began,
        Kind::Unfollow => Event::Left,
    };
    Ok(Some(Arrived {
        event_id: told.id(&envelope),
        chat: from.clone(),
        from,
        // Between one citizen and the account, over a company of this country.
        audience: Audience::Sender,
        // Zalo tells neither.
        locale: None,
        address: None,
        sent_at,
        what,
    }))
}

/// `mac=` and the hexadecimal SHA-256 of application, raw body, time and the
/// account's secret.
pub(super) fn signature(config: &ZaloConfig, body: &[u8], timestamp: &str) -> String {
    format!("mac={}", digest(config, body, timestamp))
}

fn is_signed(config: &ZaloConfig, mac: &str, body: &[u8], timestamp: &str) -> bool {
    let own = digest(config, body, timestamp);
    mac.trim().to_ascii_lowercase().as_bytes().ct_eq(own.as_bytes()).into()
}

fn digest(config: &ZaloConfig, body: &[u8], timestamp: &str) -> String {
    let hash = Sha256::new()
        .chain_update(&config.app_id)
        .chain_update(body)
        .chain_update(timestamp)
        .chain_update(config.oa_secret.expose_secret());
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a citizen did, as Zalo names it.
#[derive(Clone, Copy)]
enum Kind {
    Words,
    Unreadable,
    Follow,
    Unfollow,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            // A link is a text with a picture beside it.
            "user_send_text" | "user_send_link" => Self::Words,
            "follow" => Self::Follow,
            "unfollow" => Self::Unfollow,
            name if UNREADABLE.contains(&name) => Self::Unreadable,
            _ => return None,
        })
    }
}

/// What every event has. A field that is there twice is an error.
#[derive(Deserialize)]
struct Envelope {
    event_name: CompactString,
    #[serde(deserialize_with = "digits")]
    timestamp: CompactString,
    #[serde(default, deserialize_with = "maybe_word")]
    app_id: Option<CompactString>,
    #[serde(default, deserialize_with = "maybe_word")]
    oa_id: Option<CompactString>,
}

impl Envelope {
    /// Milliseconds since the epoch.
    fn sent_at(&self) -> Result<Timestamp, Refused> {
        let millis = self.timestamp.parse().ok();
        millis.and_then(|millis| Timestamp::from_millisecond(millis).ok()).ok_or(Refused::Malformed("timestamp"))
    }
}

/// What an event of a citizen has besides.
#[derive(Deserialize)]
struct Told {
    sender: Option<Party>,
    recipient: Option<Party>,
    follower: Option<Party>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Party {
    #[serde(deserialize_with = "word")]
    id: CompactString,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    text: Option<String>,
    #[serde(default, deserialize_with = "maybe_word")]
    msg_id: Option<CompactString>,
    #[serde(default)]
    attachments: Option<Vec<IgnoredAny>>,
}

impl Told {
    fn from(&self, kind: Kind) -> Option<&CompactString> {
        let party = match kind {
            Kind::Words | Kind::Unreadable => &self.sender,
            Kind::Follow | Kind::Unfollow => &self.follower,
        };
        party.as_ref().map(|party| &party.id)
    }

    /// The account. One who follows tells it beside, others as the recipient.
    fn to<'a>(&'a self, kind: Kind, envelope: &'a Envelope) -> Option<&'a CompactString> {
        let recipient = self.recipient.as_ref().map(|party| &party.id);
        match kind {
            Kind::Words | Kind::Unreadable => recipient,
            Kind::Follow | Kind::Unfollow => envelope.oa_id.as_ref().or(recipient),
        }
    }

    fn words(&self) -> Event {
        let text = self.message.as_ref().and_then(|message| message.text.as_deref()).unwrap_or_default();
        if text.trim().is_empty() {
            return Event::Unreadable;
        }
        let end = text.char_indices().nth(MOST_CHARS).map_or(text.len(), |(end, _)| end);
        Event::Said(text.get(..end).unwrap_or_default().to_owned())
    }

    /// The message's id, else a hash over all that was read, so that the same
    /// event, written differently, is the same.
    fn id(&self, envelope: &Envelope) -> CompactString {
        if let Some(id) = self.message.as_ref().and_then(|message| message.msg_id.as_ref()) {
            return format_compact!("m-{id}");
        }
        let party = |party: &Option<Party>| party.as_ref().map_or("", |party| party.id.as_str()).to_owned();
        let message = self.message.as_ref();
        let attachments = message.and_then(|message| message.attachments.as_ref()).map_or(0, Vec::len);
        let fields = [
            envelope.event_name.to_string(),
            envelope.timestamp.to_string(),
            party(&self.sender),
            party(&self.recipient),
            party(&self.follower),
            message.and_then(|message| message.text.clone()).unwrap_or_default(),
            attachments.to_string(),
        ];
        let mut hash = Sha256::new();
        for field in fields {
            // With its length in front, or two fields could share their letters.
            hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(field);
        }
        format_compact!("f-{}", hex(&hash.finalize()))
    }
}

/// A text or a number of digits, as it stands: the signature is over it.
fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CompactString, D::Error> {
    let text = text_or_number(deserializer)?;
    let fits = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(text) } else { Err(serde::de::Error::custom("no digits")) }
}

/// An id: a short plain word.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CompactString, D::Error> {
    let text = text_or_number(deserializer)?;
    let fits = (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text) } else { Err(serde::de::Error::custom("no id")) }
}

fn maybe_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CompactString>, D::Error> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Word(#[serde(deserialize_with = "word")] CompactString);
    Ok(Option::<Word>::deserialize(deserializer)?.map(|word| word.0))
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CompactString, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(CompactString),
        Number(u64),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Text(text) => text,
        Either::Number(number) => format_compact!("{number}"),
    })
}

#[cfg(test)]
mod tests;
