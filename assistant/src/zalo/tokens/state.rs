//! What is written down of the tokens.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// The tokens, as they stand in the database.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The refresh token: of one use.
    pub(super) refresh: Hidden,
    /// The access token that came last, and from when until when it is good.
    pub(super) access: Option<Access>,
    /// What became of the refresh token.
    pub(super) fate: Fate,
}

/// A token for calls of the API.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Access {
    pub(super) token: Hidden,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// What became of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fate {
    /// It was not used yet.
    Unused {
        /// It may be used from then on: Zalo was not reached before.
        from: Timestamp,
    },
    /// It is being used, and the answer comes until then. Written down before
    /// it is used: who finds this later knows that nobody knows.
    InUse {
        /// By this node.
        by: String,
        /// Until then.
        until: Timestamp,
    },
    /// It was used and no answer came, or none that can be read.
    Unknown,
    /// Zalo refused it.
    Refused {
        /// With this code.
        code: String,
    },
}

/// How things stand, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// No token was ever given, or what is there does not open.
    Missing,
    /// The next refresh will find what it needs.
    Ready {
        /// The end of the access token, where there is one.
        until: Option<Timestamp>,
    },
    /// A node is refreshing.
    Refreshing,
    /// The outcome of a refresh is unknown: an operator must authorise anew.
    Unknown,
    /// Zalo refused the refresh token: an operator must authorise anew.
    Refused {
        /// Zalo's code.
        code: String,
    },
}

impl Standing {
    /// Whether nothing goes on without an operator.
    pub const fn needs_operator(&self) -> bool {
        matches!(self, Self::Missing | Self::Unknown | Self::Refused { .. })
    }
}

/// A secret that can be written down, and is never printed.
#[derive(Clone)]
pub(super) struct Hidden(pub(super) SecretString);

impl Hidden {
    pub(super) fn of(secret: &str) -> Self {
        Self(secret.into())
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Serialize for Hidden {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SecretString::deserialize(deserializer).map(Self)
    }
}

impl Kept {
    /// A refresh token that an operator gave.
    pub(super) fn given(refresh: &str, now: Timestamp) -> Self {
        Self { refresh: Hidden::of(refresh), access: None, fate: Fate::Unused { from: now } }
    }

    /// What is written down; `None` where it cannot be read.
    pub(super) fn read(secret: &str) -> Option<Self> {
        serde_json::from_str(secret).ok()
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn with(&self, fate: Fate) -> Self {
        Self { fate, ..self.clone() }
    }

    pub(super) fn standing(&self, now: Timestamp) -> Standing {
        match &self.fate {
            Fate::Unused { .. } => Standing::Ready { until: self.access.as_ref().map(|access| access.until) },
            Fate::InUse { until, .. } if *until > now => Standing::Refreshing,
            Fate::InUse { .. } | Fate::Unknown => Standing::Unknown,
            Fate::Refused { code } => Standing::Refused { code: code.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let now: Timestamp = "2026-11-26T05:00:00Z".parse().unwrap();
        let access = Access { token: Hidden::of("truy-cap"), from: now, until: now };
        let fates = [
            Fate::Unused { from: now },
            Fate::InUse { by: "a".into(), until: now },
            Fate::Unknown,
            Fate::Refused { code: "-14014".into() },
        ];
        for fate in fates {
            let kept = Kept { access: Some(access.clone()), ..Kept::given("lam-moi", now).with(fate.clone()) };
            let read = Kept::read(&kept.write()).unwrap();
            assert_eq!((read.refresh.expose(), &read.fate), ("lam-moi", &fate));
            assert_eq!(read.access.unwrap().token.expose(), "truy-cap");
        }
        assert!(Kept::read("").is_none());
    }

    #[test]
    fn a_use_without_an_end_is_of_unknown_outcome() {
        let now: Timestamp = "2026-11-26T05:00:00Z".parse().unwrap();
        let later = now + jiff::SignedDuration::from_secs(1);
        let kept = Kept::given("lam-moi", now).with(Fate::InUse { by: "a".into(), until: later });
        assert_eq!((kept.standing(now), kept.standing(later)), (Standing::Refreshing, Standing::Unknown));
        assert!(Standing::Unknown.needs_operator() && !Standing::Refreshing.needs_operator());
    }
}
