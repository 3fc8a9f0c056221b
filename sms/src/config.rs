//! What the channel is told, beside its roads.

use std::time::Duration;

use compact_str::CompactString;
use jiff::civil::Time;
use serde::Deserialize;

use crate::keywords::KeywordConfig;
use crate::segment::Policy;

/// A setting that cannot be; the key is below the channel's section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct SmsConfigProblem {
    /// The key (`routes.viettel.max_parts`).
    pub key: String,
    /// What is wrong.
    pub problem: String,
}

impl SmsConfigProblem {
    /// A problem with a setting.
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }
}

/// The channel's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmsConfig {
    /// Ways out, best first. Each names a road.
    pub routes: Vec<RouteConfig>,
    /// What citizens may write.
    pub keywords: KeywordConfig,
    /// Answers.
    pub answers: AnswerConfig,
    /// What goes out without being asked for.
    pub notices: NoticeConfig,
    /// Going over to another road.
    pub failover: FailoverConfig,
}

#[expect(clippy::derivable_impls, reason = "the defaults are those of the sections, spelled out in one place")]
impl Default for SmsConfig {
    fn default() -> Self {
        Self {
            routes: Vec::new(),
            keywords: KeywordConfig::default(),
            answers: AnswerConfig::default(),
            notices: NoticeConfig::default(),
            failover: FailoverConfig::default(),
        }
    }
}

/// How texts go out over one road.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteConfig {
    /// The road.
    pub road: CompactString,
    /// The sender of what is no answer: a short code, a number or a brand name
    /// of at most 11 characters. An answer comes from where the question went.
    pub from: CompactString,
    /// Which letters.
    #[serde(default)]
    pub policy: PolicyName,
    /// Parts of one message at most, 1–10; what is longer goes on with TIEP.
    #[serde(default = "three")]
    pub max_parts: u8,
    /// It carries answers and codes.
    #[serde(default = "yes")]
    pub answers: bool,
    /// It carries notices.
    #[serde(default = "yes")]
    pub notices: bool,
    /// What one part costs the administration, in đồng, for `sms split`.
    #[serde(default)]
    pub part_cost: u32,
}

const fn three() -> u8 {
    3
}

const fn yes() -> bool {
    true
}

/// [`Policy`] by its name in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyName {
    /// Without diacritics.
    #[default]
    Folded,
    /// As written.
    Accented,
    /// As written where that takes no more parts.
    AccentedIfNoMoreParts,
}

impl PolicyName {
    /// The policy.
    pub const fn policy(self) -> Policy {
        match self {
            Self::Folded => Policy::Folded,
            Self::Accented => Policy::Accented,
            Self::AccentedIfNoMoreParts => Policy::AccentedIfNoMoreParts,
        }
    }

    /// The policy of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Folded, Self::Accented, Self::AccentedIfNoMoreParts].into_iter().find(|policy| policy.key() == name)
    }

    /// The name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Folded => "folded",
            Self::Accented => "accented",
            Self::AccentedIfNoMoreParts => "accented-if-no-more-parts",
        }
    }
}

/// How questions are answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerConfig {
    /// How long the Desk may take for one try, in milliseconds, 500–60,000.
    pub deadline_ms: u64,
    /// Messages that are being answered at one time, 1–100,000; beyond that
    /// roads are not told that a message was taken, and wait.
    pub at_once: usize,
    /// How long an answer is worth giving where the portal is silent, in
    /// minutes, 1–1,440. After that comes an apology.
    pub worth_minutes: u32,
    /// How long an answer may take to reach the phone, in minutes, 1–4,320: the
    /// validity that the SMSC is told.
    pub valid_minutes: u32,
    /// Replies to one number within an hour, 1–10,000; a robot gets no more.
    pub replies_an_hour: u32,
    /// How long the rest of a long answer is kept, in minutes, 1–1,440.
    pub rest_minutes: u32,
    /// The same message (sender, recipient, words, header) within this time is
    /// a repetition, in seconds, 1–3,600. For roads that carry no id.
    pub repetition_seconds: u32,
    /// An id of a provider is known for so long, in hours, 1–168.
    pub id_hours: u32,
    /// Parts of a message may be so far apart, in seconds, 10–86,400; then what
    /// is there is read.
    pub parts_seconds: u32,
    /// What a question costs, in the administration's words; it is added to
    /// the help. Empty adds nothing.
    pub tariff: String,
}

impl Default for AnswerConfig {
    fn default() -> Self {
        Self {
            deadline_ms: 8_000,
            at_once: 1_000,
            worth_minutes: 120,
            valid_minutes: 720,
            replies_an_hour: 30,
            rest_minutes: 30,
            repetition_seconds: 60,
            id_hours: 48,
            parts_seconds: 600,
            tariff: String::new(),
        }
    }
}

/// Notices: hours, caps, validity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoticeConfig {
    /// No notice leaves from this time on …
    pub quiet_from: Time,
    /// … until this one, in Vietnam's time. The same time twice: no quiet hours.
    pub quiet_until: Time,
    /// Notices to one phone on one day, 1–100.
    pub most_a_day: u32,
    /// How long a notice is worth delivering, in hours, 1–168.
    pub valid_hours: u32,
}

impl Default for NoticeConfig {
    fn default() -> Self {
        Self {
            quiet_from: Time::constant(22, 0, 0, 0),
            quiet_until: Time::constant(7, 0, 0, 0),
            most_a_day: 3,
            valid_hours: 48,
        }
    }
}

/// Going over to another road, and back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FailoverConfig {
    /// A road that is down for so long is passed over, in seconds, 1–3,600.
    pub away_after_seconds: u32,
    /// One that is up again for so long is taken again, in seconds, 1–3,600.
    pub back_after_seconds: u32,
    /// A queue whose oldest answer waits for so long raises the alarm, in
    /// seconds, 10–3,600.
    pub stuck_after_seconds: u32,
}

impl Default for FailoverConfig {
    fn default() -> Self {
        Self { away_after_seconds: 30, back_after_seconds: 120, stuck_after_seconds: 120 }
    }
}

impl SmsConfig {
    /// Checks every range; `roads` are the names that exist.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn validate(&self, roads: &[&str]) -> Result<(), SmsConfigProblem> {
        let Self { answers, notices, failover, .. } = self;
        let count = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        let ranges = [
            ("answers.deadline_ms", answers.deadline_ms, 500, 60_000),
            ("answers.at_once", count(answers.at_once), 1, 100_000),
            ("answers.worth_minutes", u64::from(answers.worth_minutes), 1, 1_440),
            ("answers.valid_minutes", u64::from(answers.valid_minutes), 1, 4_320),
            ("answers.replies_an_hour", u64::from(answers.replies_an_hour), 1, 10_000),
            ("answers.rest_minutes", u64::from(answers.rest_minutes), 1, 1_440),
            ("answers.repetition_seconds", u64::from(answers.repetition_seconds), 1, 3_600),
            ("answers.id_hours", u64::from(answers.id_hours), 1, 168),
            ("answers.parts_seconds", u64::from(answers.parts_seconds), 10, 86_400),
            ("notices.most_a_day", u64::from(notices.most_a_day), 1, 100),
            ("notices.valid_hours", u64::from(notices.valid_hours), 1, 168),
            ("failover.away_after_seconds", u64::from(failover.away_after_seconds), 1, 3_600),
            ("failover.back_after_seconds", u64::from(failover.back_after_seconds), 1, 3_600),
            ("failover.stuck_after_seconds", u64::from(failover.stuck_after_seconds), 10, 3_600),
        ];
        for (key, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(SmsConfigProblem::new(key, format!("{value} is not between {least} and {most}")));
            }
        }
        if answers.tariff.chars().count() > 100 {
            return Err(SmsConfigProblem::new("answers.tariff", "at most 100 characters"));
        }
        self.keywords.validate()?;
        for (place, route) in self.routes.iter().enumerate() {
            route.validate(roads)?;
            if self.routes.iter().take(place).any(|other| other.road == route.road) {
                return Err(SmsConfigProblem::new(format!("routes.{}", route.road), "a road has one route"));
            }
        }
        Ok(())
    }
}

impl RouteConfig {
    fn validate(&self, roads: &[&str]) -> Result<(), SmsConfigProblem> {
        let problem =
            |key: &str, problem: &str| Err(SmsConfigProblem::new(format!("routes.{}.{key}", self.road), problem));
        if !roads.contains(&self.road.as_str()) {
            return problem("road", &format!("no road has this name; there are: {}", roads.join(", ")));
        }
        let digits = self.from.strip_prefix('+').unwrap_or(&self.from);
        let most = if digits.bytes().all(|byte| byte.is_ascii_digit()) { 15 } else { 11 };
        if digits.is_empty() || !self.from.is_ascii() || digits.len() > most {
            return problem("from", "a number of at most 15 digits, or a name of at most 11 ASCII characters");
        }
        if !(1..=10).contains(&self.max_parts) {
            return problem("max_parts", "1 to 10");
        }
        Ok(())
    }
}

impl AnswerConfig {
    pub(crate) const fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }

    pub(crate) fn worth(&self) -> Duration {
        minutes(self.worth_minutes)
    }

    pub(crate) fn valid(&self) -> Duration {
        minutes(self.valid_minutes)
    }

    pub(crate) fn rest(&self) -> Duration {
        minutes(self.rest_minutes)
    }

    pub(crate) fn repetition(&self) -> Duration {
        Duration::from_secs(u64::from(self.repetition_seconds))
    }

    pub(crate) fn ids(&self) -> Duration {
        Duration::from_secs(u64::from(self.id_hours) * 3_600)
    }

    pub(crate) fn parts(&self) -> Duration {
        Duration::from_secs(u64::from(self.parts_seconds))
    }
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(road: &str, from: &str) -> RouteConfig {
        RouteConfig {
            road: road.into(),
            from: from.into(),
            policy: PolicyName::Folded,
            max_parts: 3,
            answers: true,
            notices: true,
            part_cost: 0,
        }
    }

    #[test]
    fn the_defaults_hold() {
        assert_eq!(SmsConfig::default().validate(&[]), Ok(()));
    }

    #[test]
    fn a_setting_that_cannot_be_is_named() {
        let with = |routes: Vec<RouteConfig>| SmsConfig { routes, ..SmsConfig::default() }.validate(&["viettel"]);
        assert_eq!(with(vec![route("viettel", "8283")]), Ok(()));
        assert_eq!(with(vec![route("viettel", "BINHDUONG")]), Ok(()));
        assert_eq!(with(vec![route("viettel", "+15005550006")]), Ok(()));
        let problem = with(vec![route("vietel", "8283")]).unwrap_err().to_string();
        assert!(problem.contains("routes.vietel.road") && problem.contains("viettel"), "{problem}");
        assert!(with(vec![route("viettel", "TRUNG TAM HANH CHINH")]).is_err());
        assert!(with(vec![route("viettel", "8283"), route("viettel", "8088")]).is_err());
        let mut config = SmsConfig::default();
        config.answers.deadline_ms = 0;
        assert_eq!(config.validate(&[]).unwrap_err().key, "answers.deadline_ms");
    }
}
