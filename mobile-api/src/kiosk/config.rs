use std::time::Duration;

use compact_str::CompactString;
use gateway_core::desk::ContinuationRules;
use gateway_core::domain::{Locale, Session};
use serde::Deserialize;

/// What a terminal can offer on its home screen.
const SERVICES: [&str; 6] = ["look_up", "procedures", "ticket", "rate", "ask", "call"];

/// The section `[kiosk]`: how terminals are, and how single sites want them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskConfig {
    /// What the home screen offers, in this order.
    pub services: Vec<CompactString>,
    /// Languages on offer, the first one at the start.
    pub languages: Vec<CompactString>,
    /// Without a touch for so long, the terminal asks whether somebody is
    /// there. 15–600.
    pub idle_seconds: u32,
    /// The same with large text or speech, not less. 15–900.
    pub idle_seconds_accessible: u32,
    /// SHA-256 of the service menu's PIN, hexadecimal; empty: no service menu.
    pub service_pin_sha256: String,
    /// What addresses for phones begin with; empty: none are shown.
    pub phone_base_url: String,
    /// A terminal's signed requests a minute, in the long run and at once.
    pub requests_per_minute: u32,
    /// See there.
    pub requests_burst: u32,
    /// For so long a code for a terminal is good where nobody says. 1–10,080.
    pub enrolment_minutes: u32,
    /// Codes that are not right, from one network: a minute in the long run
    /// (1–600) and at once (1–10,000). One that is right is not counted.
    pub enrolment_tries_per_minute: u32,
    /// See there.
    pub enrolment_tries_burst: u32,
    /// A terminal that was not heard for so long counts as silent. 2–1,440.
    pub silent_after_minutes: u32,
    /// A page goes on on a phone within so many minutes. 1–60.
    pub continuation_minutes: u32,
    /// Wrong digits that end it. 1–10.
    pub continuation_tries: u32,
    /// A call for an officer that nobody answered counts as late after so long.
    /// 1–60.
    pub call_late_minutes: u32,
    /// After so long it is over, or at closing time. 5–480.
    pub call_open_minutes: u32,
    /// What single sites have otherwise.
    pub sites: Vec<SiteConfig>,
}

/// What one site has otherwise; what is absent is as everywhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    /// The agency's code.
    pub site: CompactString,
    /// As in [`KioskConfig`].
    pub services: Option<Vec<CompactString>>,
    /// As in [`KioskConfig`].
    pub languages: Option<Vec<CompactString>>,
    /// As in [`KioskConfig`].
    pub idle_seconds: Option<u32>,
    /// As in [`KioskConfig`].
    pub idle_seconds_accessible: Option<u32>,
    /// As in [`KioskConfig`].
    pub service_pin_sha256: Option<String>,
    /// Opening hours of a working day, in place of the calendar's.
    pub hours: Option<Vec<Session>>,
    /// Open on the calendar's days off, too.
    #[serde(default)]
    pub open_on_days_off: bool,
    /// Announcements of this site alone.
    #[serde(default)]
    pub notices: Vec<SiteNotice>,
    /// Numbers that single terminals may give out while the gateway is gone.
    #[serde(default)]
    pub local_tickets: Vec<LocalRange>,
}

/// An announcement of one site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteNotice {
    /// In Vietnamese.
    pub vi: String,
    /// In English; absent: the Vietnamese is shown.
    pub en: Option<String>,
}

impl SiteNotice {
    /// The text in a language.
    pub fn text(&self, locale: Locale) -> &str {
        self.en.as_deref().filter(|_| locale == Locale::EN).unwrap_or(&self.vi)
    }
}

/// Numbers of one terminal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalRange {
    /// The terminal's name.
    pub terminal: String,
    /// The first number, from 1 on.
    pub from: u32,
    /// The last number, at most 9,999.
    pub to: u32,
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct KioskConfigProblem {
    /// The key below `[kiosk]`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
}

impl KioskConfig {
    /// Checks what types alone cannot.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn validate(&self) -> Result<(), KioskConfigProblem> {
        let numbers = [
            ("idle_seconds", self.idle_seconds, 15, 600),
            ("idle_seconds_accessible", self.idle_seconds_accessible, 15, 900),
            ("requests_per_minute", self.requests_per_minute, 6, 60_000),
            ("requests_burst", self.requests_burst, 5, 10_000),
            ("enrolment_minutes", self.enrolment_minutes, 1, 10_080),
            ("enrolment_tries_per_minute", self.enrolment_tries_per_minute, 1, 600),
            ("enrolment_tries_burst", self.enrolment_tries_burst, 1, 10_000),
            ("silent_after_minutes", self.silent_after_minutes, 2, 1_440),
            ("continuation_minutes", self.continuation_minutes, 1, 60),
            ("continuation_tries", self.continuation_tries, 1, 10),
            ("call_late_minutes", self.call_late_minutes, 1, 60),
            ("call_open_minutes", self.call_open_minutes, 5, 480),
        ];
        for (key, value, least, most) in numbers {
            in_range(key, value, least, most)?;
        }
        known("services", &self.services, &SERVICES)?;
        languages("languages", &self.languages)?;
        idle("idle_seconds_accessible", self.idle_seconds, self.idle_seconds_accessible)?;
        pin("service_pin_sha256", &self.service_pin_sha256)?;
        let url = &self.phone_base_url;
        let is_base = |scheme| url.strip_prefix(scheme).is_some_and(|rest: &str| !rest.is_empty());
        let fits = is_base("https://") || is_base("http://");
        if !url.is_empty() && (!fits || url.ends_with('/') || url.contains(char::is_whitespace) || url.len() > 200) {
            return Err(wrong(
                "phone_base_url",
                "an address such as https://dakenh.example.vn, without a slash at its end",
            ));
        }
        for (place, site) in self.sites.iter().enumerate() {
            let key = |name: &str| format!("sites.{}.{name}", site.site);
            if self.sites.iter().take(place).any(|other| other.site.eq_ignore_ascii_case(&site.site)) {
                return Err(wrong(&key("site"), "stands twice"));
            }
            site.validate(self, key)?;
        }
        Ok(())
    }

    /// How pages go on on phones.
    pub fn continuations(&self) -> ContinuationRules {
        let lifetime = Duration::from_secs(60 * u64::from(self.continuation_minutes));
        ContinuationRules { lifetime, tries: self.continuation_tries }
    }

    /// What a site has otherwise.
    pub fn site(&self, code: &str) -> Option<&SiteConfig> {
        self.sites.iter().find(|site| site.site.eq_ignore_ascii_case(code))
    }

    /// The numbers that this terminal may give out while the gateway is gone.
    pub fn local_range(&self, site: &str, terminal: &str) -> Option<&LocalRange> {
        self.site(site)?.local_tickets.iter().find(|range| range.terminal == terminal)
    }
}

impl SiteConfig {
    fn validate(&self, everywhere: &KioskConfig, key: impl Fn(&str) -> String) -> Result<(), KioskConfigProblem> {
        if let Some(services) = &self.services {
            known(&key("services"), services, &SERVICES)?;
        }
        if let Some(of) = &self.languages {
            languages(&key("languages"), of)?;
        }
        let seconds = self.idle_seconds.unwrap_or(everywhere.idle_seconds);
        let accessible = self.idle_seconds_accessible.unwrap_or(everywhere.idle_seconds_accessible);
        in_range(&key("idle_seconds"), seconds, 15, 600)?;
        in_range(&key("idle_seconds_accessible"), accessible, 15, 900)?;
        idle(&key("idle_seconds_accessible"), seconds, accessible)?;
        pin(&key("service_pin_sha256"), self.service_pin_sha256.as_deref().unwrap_or_default())?;
        if Session::first_out_of_order(self.hours.as_deref().unwrap_or_default()).is_some() {
            return Err(wrong(&key("hours"), "in order, each ending after it begins"));
        }
        if self.hours.as_ref().is_some_and(Vec::is_empty) {
            return Err(wrong(&key("hours"), "at least one session; without the key the calendar's hold"));
        }
        let fits = |text: &str| (1..=300).contains(&text.trim().chars().count());
        if self.notices.len() > 5
            || !self.notices.iter().all(|notice| fits(&notice.vi) && notice.en.as_deref().is_none_or(fits))
        {
            return Err(wrong(&key("notices"), "at most five, each of 1 to 300 characters"));
        }
        for (place, range) in self.local_tickets.iter().enumerate() {
            if range.from < 1 || range.to > 9_999 || range.from > range.to {
                return Err(wrong(&key("local_tickets"), "from 1 to 9,999, the first not after the last"));
            }
            let meets = |other: &LocalRange| {
                other.terminal == range.terminal || (other.from <= range.to && range.from <= other.to)
            };
            if self.local_tickets.iter().take(place).any(meets) {
                return Err(wrong(&key("local_tickets"), "one range for a terminal, and no number in two of them"));
            }
        }
        Ok(())
    }
}

fn wrong(key: &str, problem: &str) -> KioskConfigProblem {
    KioskConfigProblem { key: key.to_owned(), problem: problem.to_owned() }
}

fn in_range(key: &str, value: u32, least: u32, most: u32) -> Result<(), KioskConfigProblem> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(wrong(key, &format!("{least} to {most}"))) }
}

/// Known words, each once, at least one.
fn known(key: &str, words: &[CompactString], of: &[&str]) -> Result<(), KioskConfigProblem> {
    let twice = words.iter().enumerate().any(|(place, word)| words.iter().take(place).any(|other| other == word));
    if words.is_empty() || twice || !words.iter().all(|word| of.contains(&word.as_str())) {
        return Err(wrong(key, &format!("some of {}, each once", of.join(", "))));
    }
    Ok(())
}

fn languages(key: &str, tags: &[CompactString]) -> Result<(), KioskConfigProblem> {
    known(key, tags, &[Locale::VI.as_str(), Locale::EN.as_str()])
}

fn idle(key: &str, seconds: u32, accessible: u32) -> Result<(), KioskConfigProblem> {
    if accessible < seconds { Err(wrong(key, "not less than idle_seconds")) } else { Ok(()) }
}

fn pin(key: &str, digest: &str) -> Result<(), KioskConfigProblem> {
    let fits = digest.len() == 64 && digest.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if digest.is_empty() || fits { Ok(()) } else { Err(wrong(key, "64 hexadecimal digits in small letters, or empty")) }
}

#[cfg(test)]
impl Default for KioskConfig {
    /// As in `dakenh.default.toml`.
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| CompactString::from(*word)).collect();
        Self {
            services: words(&SERVICES),
            languages: words(&["vi", "en"]),
            idle_seconds: 45,
            idle_seconds_accessible: 120,
            service_pin_sha256: String::new(),
            phone_base_url: String::new(),
            requests_per_minute: 120,
            requests_burst: 60,
            enrolment_minutes: 60,
            enrolment_tries_per_minute: 6,
            enrolment_tries_burst: 60,
            silent_after_minutes: 5,
            continuation_minutes: 10,
            continuation_tries: 3,
            call_late_minutes: 3,
            call_open_minutes: 30,
            sites: Vec::new(),
        }
    }
}
