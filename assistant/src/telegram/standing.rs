//! How the bot stands at Telegram, for operators: asked once, and nothing is
//! changed by it. (`getUpdates` is not called: it would end another's poll.)

use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::Clock;
use serde::Deserialize;
use serde_json::Map;
use tokio_util::sync::CancellationToken;

use super::api::{Api, Failure};
use super::config::{ConfigProblem, Mode, TelegramConfig};

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The bot's name, without `@`.
    pub username: String,
    /// Updates that wait at Telegram.
    pub waiting: u64,
    /// Whether Telegram calls where the settings say, or nowhere where they say
    /// that it is polled. `serve` mends it at its start.
    pub in_place: bool,
    /// What Telegram says of its last call that failed, and when it was, in
    /// seconds since the epoch.
    pub last_error: Option<(String, i64)>,
}

/// Why nobody can tell.
#[derive(Debug, thiserror::Error)]
pub enum NoStanding {
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigProblem),
    /// Telegram does not know the token, or there is no Bot API under the address.
    #[error("the token is refused, or there is no Bot API under telegram.api")]
    Token,
    /// Nobody is reached.
    #[error("not reached: telegram.api may be blocked on the way")]
    Unreached,
    /// Anything else, by a stable word.
    #[error("no answer that can be used: {0}")]
    Other(&'static str),
}

impl From<Failure> for NoStanding {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Token => Self::Token,
            Failure::Unreached => Self::Unreached,
            other => Self::Other(other.key()),
        }
    }
}

/// Asks Telegram.
///
/// # Errors
/// [`NoStanding`]; it never holds the token.
pub async fn standing(config: &TelegramConfig, clock: Arc<dyn Clock>) -> Result<Standing, NoStanding> {
    #[derive(Deserialize)]
    struct Me {
        username: String,
    }
    #[derive(Deserialize)]
    struct Webhook {
        url: String,
        #[serde(default)]
        pending_update_count: u64,
        #[serde(default)]
        last_error_date: i64,
        last_error_message: Option<String>,
    }
    config.validate()?;
    let api = Api::new(config, clock, CancellationToken::new())?;
    let nothing = Map::new();
    let me: Me = api.call("getMe", &nothing, Duration::ZERO).await?;
    let webhook: Webhook = api.call("getWebhookInfo", &nothing, Duration::ZERO).await?;
    let in_place = match (config.mode, config.webhook_url()?) {
        (Mode::Polling, _) => webhook.url.is_empty(),
        // An operator sets it: it must be somewhere.
        (Mode::Webhook, None) => !webhook.url.is_empty(),
        (Mode::Webhook, Some(ours)) => webhook.url == ours.as_str(),
    };
    Ok(Standing {
        username: me.username,
        waiting: webhook.pending_update_count,
        in_place,
        last_error: webhook.last_error_message.map(|message| (message, webhook.last_error_date)),
    })
}
