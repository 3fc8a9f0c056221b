//! What holds for every chat: messengers and the web page.

use std::time::Duration;

use channel_assistant::messenger::MessengerConfig;
use gateway_pages::ChatPage;
use serde::Deserialize;

/// The section `[chat]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChatSection {
    pub(crate) web: bool,
    embed_origins: Vec<String>,
    pub(crate) officers: bool,
    site: String,
    deadline_ms: u64,
    worth_minutes: u64,
    valid_minutes: u64,
    order_ms: u64,
    repeats_hours: u64,
    at_once: usize,
    sends_at_once: usize,
    transcript_hours: u64,
    private_minutes: u64,
    officer_gone_seconds: u64,
    most_wait_minutes: u64,
    handovers_days: u64,
    callbacks_days: u64,
}

impl ChatSection {
    /// Checks the ranges that the default file names.
    ///
    /// # Errors
    /// The first setting that is out of them.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let ranges: [(&str, u64, std::ops::RangeInclusive<u64>); 13] = [
            ("deadline_ms", self.deadline_ms, 100..=60_000),
            ("worth_minutes", self.worth_minutes, 1..=10_080),
            ("valid_minutes", self.valid_minutes, 1..=2_880),
            ("order_ms", self.order_ms, 0..=5_000),
            ("repeats_hours", self.repeats_hours, 1..=168),
            ("at_once", u64::try_from(self.at_once).unwrap_or(u64::MAX), 1..=1_024),
            ("sends_at_once", u64::try_from(self.sends_at_once).unwrap_or(u64::MAX), 1..=1_024),
            ("transcript_hours", self.transcript_hours, 1..=720),
            ("private_minutes", self.private_minutes, 1..=60),
            ("officer_gone_seconds", self.officer_gone_seconds, 30..=3_600),
            ("most_wait_minutes", self.most_wait_minutes, 1..=1_440),
            ("handovers_days", self.handovers_days, 1..=365),
            ("callbacks_days", self.callbacks_days, 1..=30),
        ];
        if let Some(origin) = self.embed_origins.iter().find(|origin| !is_origin(origin)) {
            return Err(format!(
                "chat.embed_origins: {origin:?} is no origin such as \"https://dichvucong.example.vn\""
            ));
        }
        match ranges.into_iter().find(|(_, value, range)| !range.contains(value)) {
            Some((name, value, range)) => {
                Err(format!("chat.{name} = {value}: from {} to {}", range.start(), range.end()))
            }
            None => Ok(()),
        }
    }

    /// What the page of the web chat tells; `None` where there is none.
    pub(crate) fn page(&self) -> Option<ChatPage> {
        let MessengerConfig { transcript, private, .. } = self.messenger();
        self.web.then(|| ChatPage { embed_origins: self.embed_origins.clone(), transcript, private })
    }

    pub(crate) fn messenger(&self) -> MessengerConfig {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        MessengerConfig {
            deadline: Duration::from_millis(self.deadline_ms),
            worth: minutes(self.worth_minutes),
            valid: minutes(self.valid_minutes),
            order: Duration::from_millis(self.order_ms),
            repeats: minutes(60 * self.repeats_hours),
            at_once: self.at_once,
            sends_at_once: self.sends_at_once,
            transcript: minutes(60 * self.transcript_hours),
            private: minutes(self.private_minutes),
            officers: self.officers,
            site: self.site.clone(),
            officer_gone: Duration::from_secs(self.officer_gone_seconds),
            most_wait: minutes(self.most_wait_minutes),
            handovers_kept: minutes(24 * 60 * self.handovers_days),
            callbacks_kept: minutes(24 * 60 * self.callbacks_days),
        }
    }
}

/// An origin as a browser writes it: it goes into a header as it is.
fn is_origin(text: &str) -> bool {
    const THIS_MACHINE: [&str; 2] = ["127.0.0.1", "localhost"];
    let Some((scheme, authority)) = text.split_once("://") else { return false };
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let host_fits = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    let scheme_fits = scheme == "https" || (scheme == "http" && THIS_MACHINE.contains(&host));
    host_fits && port_fits && scheme_fits
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn only_origins_may_frame_the_chat() {
        for good in
            ["https://dichvucong.example.vn", "https://a-b.vn:8443", "http://127.0.0.1:9000", "http://localhost"]
        {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "*",
            "https://",
            "https:",
            "dichvucong.example.vn",
            "http://dichvucong.example.vn",
            "https://*.vn",
            "https://a.vn/",
            "https://a.vn:0",
            "https://a.vn:99999",
            "https://a.vn; script-src *",
            "https://a.vn b",
            "https://A.vn",
            "https://a.vn:",
            "'self'",
            "data:",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
