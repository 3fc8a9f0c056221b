use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The road that a request came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A person at a terminal: `dakenh ask`.
    Terminal,
    /// The HTTP resources for mobile apps.
    Mobile,
    /// The citizen's front page in a browser.
    Web,
    /// Text messages.
    Sms,
    /// A touch terminal in a public administration centre.
    Kiosk,
    /// Zalo Official Account.
    Zalo,
    /// Telegram.
    Telegram,
    /// The chat of the web page.
    Webchat,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 8] =
        [Self::Terminal, Self::Mobile, Self::Web, Self::Sms, Self::Kiosk, Self::Zalo, Self::Telegram, Self::Webchat];

    /// A stable word for configuration, rows and metrics.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Mobile => "mobile",
            Self::Web => "web",
            Self::Sms => "sms",
            Self::Kiosk => "kiosk",
            Self::Zalo => "zalo",
            Self::Telegram => "telegram",
            Self::Webchat => "webchat",
        }
    }

    /// The channel of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }

    /// Whether an officer can take a conversation over on it.
    pub const fn has_officers(self) -> bool {
        matches!(self, Self::Zalo | Self::Telegram | Self::Webchat)
    }

    /// Whether it has a button by which a citizen shows the telephone of the
    /// account, vouched for by the provider.
    pub const fn shares_contacts(self) -> bool {
        matches!(self, Self::Telegram)
    }

    /// Whether messages pass through a company outside the country, or are
    /// seen by others than the sender, so that only the public view is given
    /// (`dossiers.md`, rule 3).
    pub const fn foreign_processor(self) -> bool {
        matches!(self, Self::Telegram)
    }
}

/// The provider within a channel (`"viettel"`, `"oa"`, `"api"`): a name from
/// the configuration, cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Provider(Arc<str>);

impl Provider {
    /// A provider of this name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
