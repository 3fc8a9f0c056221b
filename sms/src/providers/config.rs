//! What the configurations of all providers share.

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::domain::SenderAssurance;
use ipnet::IpNet;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// The longest text that is taken in, in characters, where nothing else is
/// said: Twilio's limit, and more than ten parts of Vietnamese with accents.
pub(super) const MAX_TEXT_CHARS: usize = 1_600;

/// A setting of a provider that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sms.providers, {provider}: {setting} {problem}")]
pub struct ConfigProblem {
    /// The provider's name.
    pub provider: CompactString,
    /// Which setting.
    pub setting: Cow<'static, str>,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// How much is sent at once, how fast, and how long to wait for whom.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoadConfig {
    /// Messages that wait for an answer at one time, 1–10,000. 8.
    pub window: usize,
    /// Messages a minute; none: the provider's own default.
    pub per_minute: Option<NonZeroU32>,
    /// Messages that may go in one go after a silence; none: the provider's
    /// own default.
    pub burst: Option<NonZeroU32>,
    /// From the start of a request to the end of its answer, in milliseconds.
    /// 15,000. Longer than that and nobody knows what became of the message.
    pub response_timeout_ms: u64,
    /// After so many failures in a row the road is down. 5.
    pub down_after: u32,
    /// The first pause of a road that is down, in milliseconds; then one
    /// message is let through to try, and the pause doubles as long as that
    /// fails. 5,000.
    pub probe_after_ms: u64,
    /// The longest such pause, in milliseconds. 300,000.
    pub longest_pause_ms: u64,
    /// The pause after a refused login, a blocked account or an empty one, in
    /// milliseconds: an operator must look. 300,000.
    pub refused_pause_ms: u64,
    /// The pause where the provider asks for one without saying how long, in
    /// milliseconds. 5,000.
    pub busy_pause_ms: u64,
}

impl Default for RoadConfig {
    fn default() -> Self {
        Self {
            window: 8,
            per_minute: None,
            burst: None,
            response_timeout_ms: 15_000,
            down_after: 5,
            probe_after_ms: 5_000,
            longest_pause_ms: 300_000,
            refused_pause_ms: 300_000,
            busy_pause_ms: 5_000,
        }
    }
}

impl RoadConfig {
    pub(super) fn validate(&self, check: &Check<'_>) -> Result<(), ConfigProblem> {
        check.must((1..=10_000).contains(&self.window), "road.window", "must be 1 to 10,000")?;
        check.must(self.response_timeout_ms > 0, "road.response_timeout_ms", "must be more than 0")?;
        check.must(self.down_after > 0, "road.down_after", "must be more than 0")?;
        check.must(self.probe_after_ms > 0, "road.probe_after_ms", "must be more than 0")?;
        check.must(
            self.longest_pause_ms >= self.probe_after_ms,
            "road.longest_pause_ms",
            "must not be less than road.probe_after_ms",
        )?;
        check.must(self.refused_pause_ms > 0, "road.refused_pause_ms", "must be more than 0")?;
        check.must(self.busy_pause_ms > 0, "road.busy_pause_ms", "must be more than 0")
    }

    pub(super) fn response_timeout(&self) -> Duration {
        Duration::from_millis(self.response_timeout_ms)
    }
}

/// How a provider wants the recipient's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// `0901234567`, for numbers of Vietnam; others as `international`.
    National,
    /// `84901234567`.
    International,
    /// `+84901234567`.
    E164,
}

impl NumberFormat {
    /// The number in this form. What does not begin with `+` is the address
    /// that a citizen's message came from and stays digit for digit.
    pub(super) fn write<'a>(self, to: &'a str) -> Cow<'a, str> {
        let Some(digits) = to.strip_prefix('+') else { return Cow::Borrowed(to) };
        match self {
            Self::E164 => Cow::Borrowed(to),
            Self::International => Cow::Borrowed(digits),
            Self::National => match digits.strip_prefix("84") {
                Some(national) => Cow::Owned(format!("0{national}")),
                None => Cow::Borrowed(digits),
            },
        }
    }
}

/// How far an operator trusts a provider's word for the sender. A carrier's
/// word is not among them: that is `private_line`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vouching {
    /// Nothing vouches.
    Claimed,
    /// A shared secret vouches for the provider.
    Provider,
}

impl Vouching {
    /// The assurance that a message gets.
    pub(super) fn assurance(self, private_line: bool) -> SenderAssurance {
        match (private_line, self) {
            (true, _) => SenderAssurance::Carrier,
            (false, Self::Claimed) => SenderAssurance::Claimed,
            (false, Self::Provider) => SenderAssurance::Provider,
        }
    }
}

/// Checks the settings of one provider.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    provider: &'a str,
}

impl<'a> Check<'a> {
    /// The name stands in paths, in metrics and in rows.
    pub(super) fn of(provider: &'a str) -> Result<Self, ConfigProblem> {
        let check = Self { provider };
        let fits = (1..=32).contains(&provider.len())
            && provider.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        check.must(fits, "name", "must be 1 to 32 of a-z, 0-9 and -")?;
        Ok(check)
    }

    pub(super) fn must(
        &self,
        holds: bool,
        setting: impl Into<Cow<'static, str>>,
        problem: &'static str,
    ) -> Result<(), ConfigProblem> {
        if holds { Ok(()) } else { Err(self.problem(setting, problem)) }
    }

    pub(super) fn problem(&self, setting: impl Into<Cow<'static, str>>, problem: &'static str) -> ConfigProblem {
        ConfigProblem { provider: self.provider.into(), setting: setting.into(), problem }
    }

    pub(super) fn filled(&self, value: &str, setting: &'static str) -> Result<(), ConfigProblem> {
        self.must(!value.trim().is_empty(), setting, "is empty")
    }

    pub(super) fn secret(&self, value: &SecretString, setting: &'static str) -> Result<(), ConfigProblem> {
        self.filled(value.expose_secret(), setting)
    }

    pub(super) fn text_limit(&self, most: usize) -> Result<(), ConfigProblem> {
        self.must((1..=10_000).contains(&most), "max_text_chars", "must be 1 to 10,000")
    }

    /// An address that requests go to: https, or plain http to this machine or
    /// where the operator allows it. Without an account; `query` says whether
    /// it may have a query.
    pub(super) fn url(
        &self,
        text: &str,
        setting: &'static str,
        allow_plain_http: bool,
        query: bool,
    ) -> Result<Url, ConfigProblem> {
        let url = Url::parse(text).map_err(|_| self.problem(setting, "is no address"))?;
        self.must(matches!(url.scheme(), "http" | "https"), setting, "must begin with http or https")?;
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        self.must(bare, setting, "must hold no account and no fragment")?;
        self.must(query || url.query().is_none(), setting, "must hold no query")?;
        let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        self.must(
            url.scheme() == "https" || here || allow_plain_http,
            setting,
            "is plain http to another host; use https, or set allow_plain_http inside a private network",
        )?;
        Ok(url)
    }

    /// Networks that may call. The stack knows a client of IPv6 by its /64
    /// only, so nothing smaller can be told apart.
    pub(super) fn networks(&self, allow: &[IpNet], setting: &'static str) -> Result<(), ConfigProblem> {
        let coarse = allow.iter().all(|network| match network {
            IpNet::V4(_) => true,
            IpNet::V6(network) => network.prefix_len() <= 64,
        });
        self.must(coarse, setting, "holds an IPv6 network smaller than a /64")
    }

    /// A private line is one to few addresses.
    pub(super) fn private_line(&self, private_line: bool, allow: &[IpNet]) -> Result<(), ConfigProblem> {
        self.must(!private_line || !allow.is_empty(), "private_line", "needs allow, the networks of that line")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_the_provider_wants_it() {
        let all = |to| [NumberFormat::National, NumberFormat::International, NumberFormat::E164].map(|f| f.write(to));
        assert_eq!(all("+84901234567"), ["0901234567", "84901234567", "+84901234567"]);
        assert_eq!(all("+12025550123"), ["12025550123", "12025550123", "+12025550123"]);
        // The address that a message came from, whatever it looks like.
        assert_eq!(all("84901234567"), ["84901234567"; 3]);
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let check = Check::of("thu").unwrap();
        let url = |text, allow| check.url(text, "base_url", allow, false).map(|_| ());
        for good in ["https://rest.esms.vn", "http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"] {
            assert_eq!(url(good, false), Ok(()), "{good}");
        }
        for bad in ["http://rest.esms.vn", "ftp://a", "a", "https://a:b@c", "https://a?b", "https://a#b"] {
            assert!(url(bad, false).is_err(), "{bad}");
        }
        assert_eq!(url("http://10.0.0.7", true), Ok(()));
    }

    #[test]
    fn a_name_is_fit_for_paths() {
        for bad in ["", "có dấu", "a/b", "A", "a b", "..", "an-altogether-too-long-name-of-a-provider"] {
            assert!(Check::of(bad).is_err(), "{bad}");
        }
        assert!(Check::of("esms-2").is_ok());
    }

    #[test]
    fn a_network_that_cannot_be_told_apart_is_refused() {
        let check = Check::of("thu").unwrap();
        let allow = |text: &str| check.networks(&[text.parse().unwrap()], "allow").is_ok();
        assert!(allow("203.0.113.9/32") && allow("2001:db8::/64") && !allow("2001:db8::1/128"));
    }

    #[test]
    fn only_a_private_line_is_a_carriers_word() {
        assert_eq!(Vouching::Claimed.assurance(false), SenderAssurance::Claimed);
        assert_eq!(Vouching::Provider.assurance(false), SenderAssurance::Provider);
        assert_eq!(Vouching::Claimed.assurance(true), SenderAssurance::Carrier);
        let check = Check::of("thu").unwrap();
        assert!(check.private_line(true, &[]).is_err());
    }
}
