//! How the bot is reached, and how fast it speaks.

use std::num::NonZeroU32;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::webhook::PATH;

/// The least that a webhook's body may be long: 4,096 UTF-16 units and the
/// message that it replies to, each unit as a JSON escape of six characters, with
/// their entities.
const LEAST_BODY: usize = 131_072;

/// One bot. Without a token there is no channel.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelegramConfig {
    /// Its name in rows, metrics and logs: 1 to 32 of a–z, 0–9 and -.
    pub name: String,
    /// What @BotFather gave: `<bot id>:<secret>`. It stands in the address of
    /// every request. Empty: no channel.
    pub token: SecretString,
    /// The Bot API server, Telegram's own or one's own.
    pub api: String,
    /// Whether that may be plain http to another machine.
    pub allow_plain_http: bool,
    /// How updates come.
    pub mode: Mode,
    /// What Telegram brings in `X-Telegram-Bot-Api-Secret-Token`: 16 to 256 of
    /// A–Z, a–z, 0–9, _ and -. Needed for a webhook.
    pub webhook_secret: SecretString,
    /// The address under which Telegram reaches this gateway, without the path;
    /// the webhook is set there. Empty: an operator sets it.
    pub public_url: String,
    /// Webhook calls at one time that Telegram is asked to keep to, 1–100.
    pub webhook_connections: u8,
    /// The longest update that is read, in bytes, 131,072–1,048,576.
    pub max_update_bytes: usize,
    /// How long Telegram keeps a poll open, in seconds, 1–50.
    pub poll_seconds: u32,
    /// How long one node goes on polling without saying so again, in seconds:
    /// at least 30 more than `poll_seconds`, up to 600.
    pub lease_seconds: u32,
    /// Milliseconds to reach the server, and to have its answer.
    pub connect_timeout_ms: u64,
    /// See there.
    pub response_timeout_ms: u64,
    /// Messages a second of the whole bot, 1–1,000.
    pub messages_per_second: NonZeroU32,
    /// Messages a second to one chat, 1–100.
    pub chat_messages_per_second: NonZeroU32,
    /// Messages that may go to one chat in one go after a silence, 1–20.
    pub chat_burst: NonZeroU32,
    /// Messages a minute to one group, 1–1,000.
    pub group_messages_per_minute: NonZeroU32,
    /// The first pause after a failure, in milliseconds; it doubles.
    pub retry_ms: u64,
    /// The longest such pause, in milliseconds.
    pub longest_pause_ms: u64,
    /// The pause after a refused token, in milliseconds: an operator must look.
    pub refused_pause_ms: u64,
    /// Pressed buttons that may wait for their spinner to be stopped, 1–10,000;
    /// beyond that it turns until the app gives up.
    pub spinners: usize,
}

/// How updates come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Telegram calls `POST /webhooks/telegram`.
    Webhook,
    /// One node asks for them (`getUpdates`).
    Polling,
}

impl Default for TelegramConfig {
    fn default() -> Self {
        const fn number(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        Self {
            name: "telegram".into(),
            token: SecretString::default(),
            api: teloxide_core::net::TELEGRAM_API_URL.into(),
            allow_plain_http: false,
            mode: Mode::Polling,
            webhook_secret: SecretString::default(),
            public_url: String::new(),
            webhook_connections: 40,
            max_update_bytes: LEAST_BODY,
            poll_seconds: 25,
            lease_seconds: 90,
            connect_timeout_ms: 5_000,
            response_timeout_ms: 20_000,
            messages_per_second: number(30),
            chat_messages_per_second: number(1),
            chat_burst: number(3),
            group_messages_per_minute: number(20),
            retry_ms: 1_000,
            longest_pause_ms: 60_000,
            refused_pause_ms: 300_000,
            spinners: 256,
        }
    }
}

/// A setting that cannot be used; it never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct ConfigProblem {
    /// Which setting.
    pub setting: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl TelegramConfig {
    /// Whether there is a channel.
    pub fn is_there(&self) -> bool {
        !self.token.expose_secret().is_empty()
    }

    /// The longest update that Telegram brings, in bytes; `None` where it brings
    /// none.
    pub fn longest_webhook_body(&self) -> Option<usize> {
        (self.is_there() && self.mode == Mode::Webhook).then_some(self.max_update_bytes)
    }

    /// Checks what types alone cannot. Without a token nothing is checked.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        if !self.is_there() {
            return Ok(());
        }
        let name = (1..=32).contains(&self.name.len())
            && self.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        must(name, "name", "1 to 32 of a-z, 0-9 and -")?;
        self.bot_id()?;
        self.api_url()?;
        self.webhook_url()?;
        let secret = self.webhook_secret.expose_secret();
        let fits = (16..=256).contains(&secret.len())
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let wanted = self.mode == Mode::Webhook || !secret.is_empty();
        must(fits || !wanted, "webhook_secret", "16 to 256 of A-Z, a-z, 0-9, _ and -")?;
        must((1..=100).contains(&self.webhook_connections), "webhook_connections", "1 to 100")?;
        must((LEAST_BODY..=1_048_576).contains(&self.max_update_bytes), "max_update_bytes", "131,072 to 1,048,576")?;
        must((1..=50).contains(&self.poll_seconds), "poll_seconds", "1 to 50")?;
        let lease = (self.poll_seconds + 30..=600).contains(&self.lease_seconds);
        must(lease, "lease_seconds", "at least 30 more than poll_seconds, up to 600")?;
        let pauses = [
            ("connect_timeout_ms", self.connect_timeout_ms, 100, self.response_timeout_ms),
            ("response_timeout_ms", self.response_timeout_ms, 1_000, 120_000),
            ("retry_ms", self.retry_ms, 100, self.longest_pause_ms),
            ("longest_pause_ms", self.longest_pause_ms, 1_000, 3_600_000),
            ("refused_pause_ms", self.refused_pause_ms, 1_000, 3_600_000),
        ];
        for (setting, value, least, most) in pauses {
            must((least..=most).contains(&value), setting, "out of its range")?;
        }
        let rates = [
            ("messages_per_second", self.messages_per_second, 1_000),
            ("chat_messages_per_second", self.chat_messages_per_second, 100),
            ("chat_burst", self.chat_burst, 20),
            ("group_messages_per_minute", self.group_messages_per_minute, 1_000),
        ];
        for (setting, value, most) in rates {
            must(value.get() <= most, setting, "out of its range")?;
        }
        must((1..=10_000).contains(&self.spinners), "spinners", "1 to 10,000")
    }

    /// The bot's own user id: what stands before the colon of the token.
    pub(super) fn bot_id(&self) -> Result<i64, ConfigProblem> {
        let problem = ConfigProblem { setting: "token", problem: "is not of the form 123456789:AAAA…" };
        let (id, secret) = self.token.expose_secret().split_once(':').ok_or_else(|| problem.clone())?;
        let plain =
            secret.len() >= 8 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        // It stands in addresses: nothing else than these letters may be in it.
        id.parse().ok().filter(|id| plain && *id > 0).ok_or(problem)
    }

    pub(super) fn api_url(&self) -> Result<Url, ConfigProblem> {
        address(&self.api, "api", self.allow_plain_http)
    }

    /// Where Telegram is told to call.
    pub(super) fn webhook_url(&self) -> Result<Option<Url>, ConfigProblem> {
        if self.mode != Mode::Webhook || self.public_url.is_empty() {
            return Ok(None);
        }
        // A Bot API server of one's own may call over plain http.
        let mut url = address(&self.public_url, "public_url", self.allow_plain_http)?;
        let path = format!("{}{PATH}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Some(url))
    }

    pub(super) fn pauses(&self) -> Pauses {
        Pauses {
            first: Duration::from_millis(self.retry_ms),
            longest: Duration::from_millis(self.longest_pause_ms),
            refused: Duration::from_millis(self.refused_pause_ms),
        }
    }
}

/// How long to wait after a failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pauses {
    pub(super) first: Duration,
    pub(super) longest: Duration,
    pub(super) refused: Duration,
}

impl Pauses {
    /// After so many failures in a row (1 or more).
    pub(super) fn after(&self, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first.saturating_mul(doubled).min(self.longest)
    }
}

fn must(holds: bool, setting: &'static str, problem: &'static str) -> Result<(), ConfigProblem> {
    if holds { Ok(()) } else { Err(ConfigProblem { setting, problem }) }
}

fn address(text: &str, setting: &'static str, allow_plain_http: bool) -> Result<Url, ConfigProblem> {
    let url = Url::parse(text).map_err(|_| ConfigProblem { setting, problem: "is no address" })?;
    must(matches!(url.scheme(), "http" | "https"), setting, "must begin with http or https")?;
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    must(bare && url.query().is_none(), setting, "must hold no account, query or fragment")?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let plain = "is plain http to another host; use https, or set allow_plain_http inside a private network";
    must(url.scheme() == "https" || here || allow_plain_http, setting, plain)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> TelegramConfig {
        TelegramConfig { token: "123456:AAbb_cc-dd".into(), ..TelegramConfig::default() }
    }

    fn problem(change: impl FnOnce(&mut TelegramConfig)) -> &'static str {
        let mut config = good();
        change(&mut config);
        config.validate().unwrap_err().setting
    }

    #[test]
    fn nothing_is_wanted_of_a_channel_that_is_not_there() {
        let off = TelegramConfig { poll_seconds: 900, ..TelegramConfig::default() };
        assert!(!off.is_there() && off.validate().is_ok());
    }

    #[test]
    fn each_setting_is_checked_by_its_name() {
        assert_eq!(good().validate(), Ok(()));
        assert_eq!(good().bot_id(), Ok(123_456));
        assert_eq!(problem(|c| c.name = "A b".into()), "name");
        for token in ["abc", "12:short", "x:AAbb_cc-dd", "12:AA/../../evil", "-5:AAbb_cc-dd"] {
            assert_eq!(problem(|c| c.token = token.into()), "token", "{token}");
        }
        assert_eq!(problem(|c| c.api = "http://api.example".into()), "api");
        assert_eq!(problem(|c| c.api = "https://a:b@api.example".into()), "api");
        assert_eq!(problem(|c| c.mode = Mode::Webhook), "webhook_secret");
        assert_eq!(problem(|c| c.webhook_secret = "có dấu có dấu có dấu".into()), "webhook_secret");
        assert_eq!(problem(|c| c.max_update_bytes = 1_000), "max_update_bytes");
        assert_eq!(problem(|c| c.lease_seconds = 40), "lease_seconds");
        assert_eq!(problem(|c| c.connect_timeout_ms = 30_000), "connect_timeout_ms");
        assert_eq!(problem(|c| c.spinners = 0), "spinners");
    }

    #[test]
    fn the_webhook_stands_under_the_public_address() {
        let mut config = good();
        config.public_url = "https://cong.tinh.gov.vn/dakenh/".into();
        assert_eq!(config.webhook_url(), Ok(None), "polling sets none");
        config.mode = Mode::Webhook;
        let url = config.webhook_url().unwrap().unwrap();
        assert_eq!(url.as_str(), "https://cong.tinh.gov.vn/dakenh/webhooks/telegram");
    }

    #[test]
    fn no_secret_is_printed() {
        let config = TelegramConfig { webhook_secret: "sssssssssssssssssss".into(), ..good() };
        let printed = format!("{config:?}");
        assert!(!printed.contains("AAbb") && !printed.contains("ssss"), "{printed}");
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = good().pauses();
        let seconds: Vec<u64> = [1, 2, 3, 7, 80].map(|n| pauses.after(n).as_secs()).to_vec();
        assert_eq!(seconds, [1, 2, 4, 60, 60]);
    }
}
