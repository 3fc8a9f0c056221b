use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// The row number of a message on its way in or out. It is the number of the
/// node's start in the upper bits and a serial in the lower 40, so that a
/// repeated insert is known again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub i64);

impl MessageId {
    /// The id of its printed form: hexadecimal digits, with or without the
    /// dash between node and serial.
    pub fn parse(text: &str) -> Option<Self> {
        let (node, serial) = text.trim().split_once('-')?;
        let (node, serial) = (i64::from_str_radix(node, 16).ok()?, i64::from_str_radix(serial, 16).ok()?);
        let fits = (0..1 << 23).contains(&node) && (0..1 << 40).contains(&serial);
        fits.then_some(Self(node << 40 | serial))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.0 >> 40, self.0 & ((1 << 40) - 1))
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What makes two deliveries the same message: 128 bits of a hash over all its
/// fields, each with its length, so that no two lists of fields sound the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageKey(pub [u8; 16]);

impl MessageKey {
    /// The key of these fields. Not keyed: a message must be known again under
    /// a new audit key.
    pub fn of(fields: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("dakenh 2026 message key");
        for field in fields {
            hasher.update(&u64::try_from(field.len()).unwrap_or(u64::MAX).to_le_bytes()).update(field);
        }
        let mut short = [0; 16];
        hasher.finalize_xof().fill(&mut short);
        Self(short)
    }
}

impl fmt::Debug for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageKey(…)")
    }
}

/// Why a message goes out: it decides the lane, the hours and whether a
/// citizen may refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// The answer to a citizen's own message.
    Answer,
    /// A one-time code that somebody asked for.
    Code,
    /// The status of a dossier has changed.
    Status,
    /// An announcement of the administration.
    Announcement,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 4] = [Self::Answer, Self::Code, Self::Status, Self::Announcement];

    /// A stable word for rows, configuration and metrics.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Code => "code",
            Self::Status => "status",
            Self::Announcement => "announcement",
        }
    }

    /// The category of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }

    /// Which queue it waits in.
    pub const fn lane(self) -> Lane {
        match self {
            Self::Answer | Self::Code => Lane::Answers,
            Self::Status | Self::Announcement => Lane::Notices,
        }
    }

    /// Whether a citizen may refuse it, and quiet hours and daily caps hold.
    /// Somebody waits for the others.
    pub const fn is_notice(self) -> bool {
        matches!(self.lane(), Lane::Notices)
    }
}

/// The two queues of a road: nobody who asked waits behind an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Somebody waits for it.
    Answers,
    /// Nobody does.
    Notices,
}

impl Lane {
    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Notices => "notices",
        }
    }
}

/// Where an outgoing message is. The last four are final: nothing leads out of
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Written down, not sent.
    Queued,
    /// It may be at the provider: its fate is known when the response comes.
    Submitting,
    /// The provider took it and gave it an id.
    Accepted,
    /// It was sent and no response came; it is not repeated.
    Uncertain,
    /// It reached the phone.
    Delivered,
    /// It was refused, by the provider or by the network.
    Failed,
    /// It was not delivered within its validity.
    Expired,
    /// The provider itself does not know what became of it.
    Unknown,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Submitting,
        Self::Accepted,
        Self::Uncertain,
        Self::Delivered,
        Self::Failed,
        Self::Expired,
        Self::Unknown,
    ];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Submitting => "submitting",
            Self::Accepted => "accepted",
            Self::Uncertain => "uncertain",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }

    /// Its number in rows.
    pub const fn number(self) -> i64 {
        match self {
            Self::Queued => 0,
            Self::Submitting => 1,
            Self::Accepted => 2,
            Self::Uncertain => 3,
            Self::Delivered => 4,
            Self::Failed => 5,
            Self::Expired => 6,
            Self::Unknown => 7,
        }
    }

    /// The state of a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// Whether nothing leads out of it.
    pub const fn is_final(self) -> bool {
        self.number() >= Self::Delivered.number()
    }
}

/// How long the same message counts as a repetition.
pub type Window = Duration;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_is_printed() {
        for id in [MessageId(0), MessageId(7 << 40 | 0xabc), MessageId(i64::MAX)] {
            assert_eq!(MessageId::parse(&id.to_string()), Some(id));
        }
        for wrong in ["", "7", "-", "x-1", "1-10000000000", "800000-0", "-1-1"] {
            assert_eq!(MessageId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_knows_where_a_field_ends() {
        assert_ne!(MessageKey::of(&[b"12", b"HS 1"]), MessageKey::of(&[b"1", b"2HS 1"]));
        assert_eq!(MessageKey::of(&[b"12", b"HS 1"]), MessageKey::of(&[b"12", b"HS 1"]));
    }

    #[test]
    fn nothing_leads_out_of_the_last_four() {
        let last: Vec<_> = DeliveryState::ALL.into_iter().filter(|state| state.is_final()).collect();
        assert_eq!(last.len(), 4);
        assert!(DeliveryState::ALL.into_iter().all(|state| DeliveryState::from_number(state.number()) == Some(state)));
    }
}
