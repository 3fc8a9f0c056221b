//! Settings of the account.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting} {problem}")]
pub struct ZaloConfigProblem {
    /// Which one.
    pub setting: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// One Official Account and the application that speaks for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZaloConfig {
    /// The application's id, digits. Empty: there is no such channel.
    pub app_id: String,
    /// The account's id, digits.
    pub oa_id: String,
    /// The account's secret key, with which events are signed.
    pub oa_secret: SecretString,
    /// The application's secret key, with which tokens are refreshed.
    pub app_secret: SecretString,
    /// The first refresh token, used only where the database has none; empty
    /// where `dakenh zalo authorise` gives it.
    pub refresh_token: SecretString,
    /// Where messages go.
    pub api_url: String,
    /// Where tokens come from.
    pub oauth_url: String,
    /// How long after the citizen's last word a reply may go, in hours
    /// (1–168). 48: what Zalo lets go free of charge.
    pub reply_window_hours: u64,
    /// Buttons under a message, 0–5. 5, Zalo's most.
    pub buttons: u8,
    /// The longest event that is read, in bytes (1,024–1,048,576). 65,536.
    pub webhook_max_bytes: usize,
    /// The oldest event that is taken, in hours (1–168). 24: Zalo sends an
    /// event that was not taken again for hours.
    pub max_age_hours: u64,
    /// How far ahead of our clock an event may be, in seconds (0–3,600). 300.
    pub ahead_seconds: u64,
    /// How long an event may take to be on disk, in milliseconds
    /// (100–10,000). 1,500: Zalo waits two seconds.
    pub store_within_ms: u64,
    /// From the start of a message to the end of Zalo's answer, in milliseconds
    /// (100–60,000). 10,000; longer, and nobody knows what became of it.
    pub send_timeout_ms: u64,
    /// The same for a refresh of the tokens. 20,000.
    pub refresh_timeout_ms: u64,
    /// How long before its end an access token is refreshed, in minutes
    /// (1–1,440), but never in the first half of its life. 120.
    pub refresh_before_minutes: u64,
    /// The shortest time between two refreshes, in seconds (1–3,600). 60: an
    /// access token that is refused younger than this is not made good by the
    /// next one.
    pub refresh_pause_seconds: u64,
    /// The pause where Zalo cannot be reached or asks for one without saying
    /// how long, in seconds (1–3,600). 10.
    pub busy_pause_seconds: u64,
    /// The pause of the account after its limit by the minute, in seconds
    /// (1–3,600). 60.
    pub rate_pause_seconds: u64,
    /// The pause of the account when its quota is used up, or when an operator
    /// must look, in seconds (1–86,400). 900.
    pub quota_pause_seconds: u64,
}

impl Default for ZaloConfig {
    fn default() -> Self {
        Self {
            app_id: String::new(),
            oa_id: String::new(),
            oa_secret: SecretString::default(),
            app_secret: SecretString::default(),
            refresh_token: SecretString::default(),
            api_url: "https://openapi.zalo.me".into(),
            oauth_url: "https://oauth.zaloapp.com".into(),
            reply_window_hours: 48,
            buttons: 5,
            webhook_max_bytes: 65_536,
            max_age_hours: 24,
            ahead_seconds: 300,
            store_within_ms: 1_500,
            send_timeout_ms: 10_000,
            refresh_timeout_ms: 20_000,
            refresh_before_minutes: 120,
            refresh_pause_seconds: 60,
            busy_pause_seconds: 10,
            rate_pause_seconds: 60,
            quota_pause_seconds: 900,
        }
    }
}

impl ZaloConfig {
    /// Whether there is such a channel.
    pub fn is_there(&self) -> bool {
        !self.app_id.is_empty()
    }

    /// Checks what types alone cannot. Without an application only the ranges
    /// are looked at.
    ///
    /// # Errors
    /// The first setting that cannot be used; never its value.
    pub fn validate(&self) -> Result<(), ZaloConfigProblem> {
        let ranges = [
            ("reply_window_hours", self.reply_window_hours, 1, 168, "must be 1 to 168"),
            ("buttons", u64::from(self.buttons), 0, 5, "must be 0 to 5"),
            ("webhook_max_bytes", self.webhook_max_bytes as u64, 1_024, 1_048_576, "must be 1,024 to 1,048,576"),
            ("max_age_hours", self.max_age_hours, 1, 168, "must be 1 to 168"),
            ("ahead_seconds", self.ahead_seconds, 0, 3_600, "must be 0 to 3,600"),
            ("store_within_ms", self.store_within_ms, 100, 10_000, "must be 100 to 10,000"),
            ("send_timeout_ms", self.send_timeout_ms, 100, 60_000, "must be 100 to 60,000"),
            ("refresh_timeout_ms", self.refresh_timeout_ms, 100, 60_000, "must be 100 to 60,000"),
            ("refresh_before_minutes", self.refresh_before_minutes, 1, 1_440, "must be 1 to 1,440"),
            ("refresh_pause_seconds", self.refresh_pause_seconds, 1, 3_600, "must be 1 to 3,600"),
            ("busy_pause_seconds", self.busy_pause_seconds, 1, 3_600, "must be 1 to 3,600"),
            ("rate_pause_seconds", self.rate_pause_seconds, 1, 3_600, "must be 1 to 3,600"),
            ("quota_pause_seconds", self.quota_pause_seconds, 1, 86_400, "must be 1 to 86,400"),
        ];
        for (setting, value, least, most, problem) in ranges {
            must((least..=most).contains(&value), setting, problem)?;
        }
        self.api()?;
        self.oauth()?;
        if !self.is_there() {
            return Ok(());
        }
        must(is_id(&self.app_id), "app_id", "must be 1 to 32 digits")?;
        must(is_id(&self.oa_id), "oa_id", "must be 1 to 32 digits")?;
        must(!self.oa_secret.expose_secret().trim().is_empty(), "oa_secret", "is empty")?;
        must(fits_header(self.app_secret.expose_secret()), "app_secret", "must be 1 to 4,096 letters without spaces")?;
        let first = self.refresh_token.expose_secret();
        must(first.is_empty() || fits_header(first), "refresh_token", "must be at most 4,096 letters without spaces")
    }

    /// The address of a path of the API.
    pub(super) fn api(&self) -> Result<Url, ZaloConfigProblem> {
        address(&self.api_url, "api_url", "/v3.0/oa/message/cs")
    }

    /// The address of the tokens.
    pub(super) fn oauth(&self) -> Result<Url, ZaloConfigProblem> {
        address(&self.oauth_url, "oauth_url", "/v4/oa/access_token")
    }

    pub(super) const fn reply_window(&self) -> Duration {
        Duration::from_secs(self.reply_window_hours * 3_600)
    }

    pub(super) const fn store_within(&self) -> Duration {
        Duration::from_millis(self.store_within_ms)
    }

    pub(super) const fn send_timeout(&self) -> Duration {
        Duration::from_millis(self.send_timeout_ms)
    }

    pub(super) const fn refresh_timeout(&self) -> Duration {
        Duration::from_millis(self.refresh_timeout_ms)
    }

    pub(super) fn refresh_before(&self) -> SignedDuration {
        seconds(self.refresh_before_minutes * 60)
    }

    pub(super) fn refresh_pause(&self) -> SignedDuration {
        seconds(self.refresh_pause_seconds)
    }

    pub(super) const fn busy_pause(&self) -> Duration {
        Duration::from_secs(self.busy_pause_seconds)
    }

    pub(super) const fn rate_pause(&self) -> Duration {
        Duration::from_secs(self.rate_pause_seconds)
    }

    pub(super) const fn quota_pause(&self) -> Duration {
        Duration::from_secs(self.quota_pause_seconds)
    }
}

/// Ranges of settings are far below what this holds.
fn seconds(seconds: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// What goes into a header, and into a form, as it stands.
pub(super) fn fits_header(secret: &str) -> bool {
    (1..=4_096).contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_id(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

const fn must(holds: bool, setting: &'static str, problem: &'static str) -> Result<(), ZaloConfigProblem> {
    if holds { Ok(()) } else { Err(ZaloConfigProblem { setting, problem }) }
}

/// Tokens travel there: https, or this machine.
fn address(base: &str, setting: &'static str, path: &str) -> Result<Url, ZaloConfigProblem> {
    let problem = |problem| ZaloConfigProblem { setting, problem };
    let url = Url::parse(base).map_err(|_| problem("is no address"))?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    must(url.scheme() == "https" || (here && url.scheme() == "http"), setting, "must begin with https")?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    must(bare && url.fragment().is_none(), setting, "must hold no account, no query and no fragment")?;
    Url::parse(&format!("{}{path}", base.trim_end_matches('/'))).map_err(|_| problem("is no address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> ZaloConfig {
        ZaloConfig {
            app_id: "360846524940903967".into(),
            oa_id: "579745863508352884".into(),
            oa_secret: "khoa-oa".into(),
            app_secret: "khoa-app".into(),
            ..ZaloConfig::default()
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(ZaloConfig::default().validate(), Ok(()));
        assert!(!ZaloConfig::default().is_there());
        assert_eq!(whole().validate(), Ok(()));
        let named = |config: ZaloConfig| config.validate().unwrap_err().setting;
        assert_eq!(named(ZaloConfig { app_id: "../1".into(), ..whole() }), "app_id");
        assert_eq!(named(ZaloConfig { oa_id: String::new(), ..whole() }), "oa_id");
        assert_eq!(named(ZaloConfig { oa_secret: " ".into(), ..whole() }), "oa_secret");
        assert_eq!(named(ZaloConfig { app_secret: "a b".into(), ..whole() }), "app_secret");
        assert_eq!(named(ZaloConfig { refresh_token: "a\nb".into(), ..whole() }), "refresh_token");
        assert_eq!(named(ZaloConfig { buttons: 6, ..whole() }), "buttons");
        assert_eq!(named(ZaloConfig { max_age_hours: 0, ..ZaloConfig::default() }), "max_age_hours");
    }

    #[test]
    fn tokens_travel_over_https_or_stay_here() {
        let of = |url: &str| ZaloConfig { oauth_url: url.into(), ..whole() }.oauth().map(|url| url.to_string());
        assert_eq!(of("https://oauth.zaloapp.com").unwrap(), "https://oauth.zaloapp.com/v4/oa/access_token");
        assert_eq!(of("http://127.0.0.1:9/").unwrap(), "http://127.0.0.1:9/v4/oa/access_token");
        for bad in
            ["http://oauth.zaloapp.com", "ftp://127.0.0.1", "oauth", "https://a:b@c", "https://a?b", "https://a#b"]
        {
            assert!(of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let printed = format!("{:?}", ZaloConfig { refresh_token: "lam-moi".into(), ..whole() });
        for secret in ["khoa-oa", "khoa-app", "lam-moi"] {
            assert!(!printed.contains(secret), "{secret}");
        }
    }
}
