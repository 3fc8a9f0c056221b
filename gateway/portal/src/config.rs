//! Settings of this room. Every one has a default; `validate` tells what
//! cannot work, by the setting's name.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

/// A setting that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("portal.{setting}: {problem}")]
pub struct ConfigProblem {
    /// The setting, from `portal` on (`stack.retry.attempts`).
    pub setting: &'static str,
    /// What is wrong, without a secret's value.
    pub problem: &'static str,
}

fn must(holds: bool, setting: &'static str, problem: &'static str) -> Result<(), ConfigProblem> {
    if holds { Ok(()) } else { Err(ConfigProblem { setting, problem }) }
}

/// Everything of this room.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortalConfig {
    /// The national portal adapter.
    pub national: NationalConfig,
    /// What stands around its calls.
    pub stack: StackConfig,
    /// The read-through cache.
    pub cache: CacheConfig,
}

impl PortalConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        self.national.validate()?;
        self.stack.validate()?;
        self.cache.validate()
    }
}

/// Where the national portal adapter is and who asks there.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NationalConfig {
    /// The adapter's address; `/mapi/login` and `/mapi/g` follow it.
    pub base_url: String,
    /// Plain `http` to another host than this one. The password and people's
    /// data then travel readable: only inside a private network.
    pub allow_plain_http: bool,
    /// `madonvi`: the code of the agency in whose name is asked.
    pub agency_code: String,
    /// The account's name.
    pub username: String,
    /// The account's password. Never printed.
    pub password: SecretString,
    /// How long a session lives and how its end is recognised.
    pub session: SessionConfig,
    /// Words that tell the kind of a reason.
    pub reasons: ReasonWords,
    /// What the fields of a rating are called.
    pub rating: RatingFields,
    /// A procedure whose folded name or field holds one of these is sensitive
    /// by itself (denunciations, adoption, criminal records).
    pub sensitive_words: Vec<String>,
    /// Who is named as the source of a procedure.
    pub source_name: String,
    /// The largest answer that is read, in bytes.
    pub max_body_bytes: usize,
    /// Time to build a connection, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Idle connections that are kept.
    pub pool_idle: usize,
    /// How long an idle connection is kept, in milliseconds. Below the usual
    /// 60 s of a server, so that we close first.
    pub pool_idle_timeout_ms: u64,
}

impl Default for NationalConfig {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8082".into(),
            allow_plain_http: false,
            agency_code: "000.00.00.H09".into(),
            username: "dakenh".into(),
            password: SecretString::default(),
            session: SessionConfig::default(),
            reasons: ReasonWords::default(),
            rating: RatingFields::default(),
            sensitive_words: words(&["to cao", "con nuoi", "ly lich tu phap"]),
            source_name: "Cổng Dịch vụ công quốc gia".into(),
            max_body_bytes: 8 * 1024 * 1024,
            connect_timeout_ms: 1_000,
            pool_idle: 32,
            pool_idle_timeout_ms: 50_000,
        }
    }
}

impl NationalConfig {
    /// Checks the address, the account and the limits.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        let url = reqwest::Url::parse(&self.base_url)
            .map_err(|_| ConfigProblem { setting: "national.base_url", problem: "is no address" })?;
        must(matches!(url.scheme(), "http" | "https"), "national.base_url", "must begin with http or https")?;
        must(
            url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none(),
            "national.base_url",
            "must hold no account, query or fragment",
        )?;
        let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        must(
            url.scheme() == "https" || here || self.allow_plain_http,
            "national.base_url",
            "is plain http to another host; use https, or set allow_plain_http inside a private network",
        )?;
        must(!self.agency_code.trim().is_empty(), "national.agency_code", "is empty")?;
        must(!self.username.trim().is_empty(), "national.username", "is empty")?;
        let RatingFields { score, reasons, words, at } = &self.rating;
        let names = [score, reasons, words, at].map(String::as_str);
        let taken = |place: usize, name: &str| name == "MaHoSo" || names.iter().take(place).any(|other| *other == name);
        must(
            !score.is_empty() && !names.iter().enumerate().any(|(place, name)| !name.is_empty() && taken(place, name)),
            "national.rating",
            "needs a name for the score, and each name once",
        )?;
        must(self.max_body_bytes >= 1024, "national.max_body_bytes", "must be at least 1024")?;
        must(self.connect_timeout_ms > 0, "national.connect_timeout_ms", "must be more than 0")?;
        must(
            self.session.failure_codes.iter().all(|code| !code.trim_matches(['0', ' ']).is_empty()),
            "national.session.failure_codes",
            "holds an empty code or one that means success",
        )
    }
}

/// What the fields of `DongBoDanhGia` are called beside `MaHoSo`: the protocol's
/// description names none. An empty name leaves the field out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RatingFields {
    /// From "1" to "5".
    pub score: String,
    /// Codes of reasons, with semicolons between.
    pub reasons: String,
    /// The citizen's words.
    pub words: String,
    /// When, as the protocol writes times.
    pub at: String,
}

impl Default for RatingFields {
    fn default() -> Self {
        Self { score: "DiemDanhGia".into(), reasons: "LyDo".into(), words: "NoiDung".into(), at: "NgayDanhGia".into() }
    }
}

/// How the end of a session is recognised. The protocol names no error code
/// for it, so this is configuration: codes, words beside the code, and, where
/// neither is known, the session's age.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionConfig {
    /// Error codes that mean "no session". HTTP status 401 always does.
    pub failure_codes: Vec<String>,
    /// Words of the message beside an error code that mean it too; compared
    /// folded.
    pub failure_words: Vec<String>,
    /// Any *other* error code with a session at least this old, in
    /// milliseconds, is taken for its end once: a new login settles the doubt,
    /// at the price of one login in this time. 0 turns it off.
    pub suspect_after_ms: u64,
    /// After a refused login no other is tried for so many milliseconds, so
    /// that a wrong password does not lock the account.
    pub refused_pause_ms: u64,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            failure_codes: words(&["401"]),
            failure_words: words(&["session", "phien lam viec", "phien dang nhap"]),
            suspect_after_ms: 300_000,
            refused_pause_ms: 10_000,
        }
    }
}

/// Words that tell the kind of a reason (statuses 3 and 8), compared folded
/// and as whole words. The lists are tried in the order of the fields; the
/// first that holds one wins.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReasonWords {
    /// The agency has no competence.
    pub not_competent: Vec<String>,
    /// The citizen asked for it.
    pub at_request: Vec<String>,
    /// A fee, charge or tax is due.
    pub fee_due: Vec<String>,
    /// Papers are missing or wrong.
    pub papers_missing: Vec<String>,
    /// Conditions are not met.
    pub conditions_not_met: Vec<String>,
}

impl Default for ReasonWords {
    fn default() -> Self {
        Self {
            not_competent: words(&[
                "khong thuoc tham quyen",
                "khong dung tham quyen",
                "khong co tham quyen",
                "ngoai tham quyen",
                "sai tham quyen",
            ]),
            at_request: words(&[
                "xin rut",
                "yeu cau rut",
                "de nghi rut",
                "rut ho so",
                "theo yeu cau cua cong dan",
                "theo yeu cau cua nguoi nop",
            ]),
            fee_due: words(&[
                "nghia vu tai chinh",
                "chua nop phi",
                "chua nop le phi",
                "chua nop thue",
                "nop le phi",
                "nop phi",
                "nop thue",
            ]),
            papers_missing: words(&[
                "thieu giay to",
                "thieu ho so",
                "thieu thanh phan",
                "thieu ban chinh",
                "thieu",
                "bo sung",
                "chua day du",
                "khong day du",
                "thanh phan ho so",
                "ho so khong hop le",
                "ho so chua hop le",
                "giay to khong hop le",
            ]),
            conditions_not_met: words(&[
                "khong du dieu kien",
                "chua du dieu kien",
                "khong dap ung",
                "chua dap ung",
                "khong dat yeu cau",
                "khong dat",
            ]),
        }
    }
}

/// What stands around every call, from outside in; see the crate's page.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StackConfig {
    /// Calls at the portal at one time.
    pub concurrency: usize,
    /// Calls that may wait for their turn; one more is turned away at once.
    pub queue: usize,
    /// How long a call waits for its turn at most, in milliseconds.
    pub queue_wait_ms: u64,
    /// The circuit breaker.
    pub breaker: BreakerConfig,
    /// Further tries of reads.
    pub retry: RetryConfig,
    /// Time for one try (with the login it may need), in milliseconds.
    pub call_timeout_ms: u64,
    /// A try is not begun with less time than this left before the deadline,
    /// in milliseconds.
    pub least_call_ms: u64,
}

impl Default for StackConfig {
    fn default() -> Self {
        Self {
            concurrency: 64,
            queue: 128,
            queue_wait_ms: 500,
            breaker: BreakerConfig::default(),
            retry: RetryConfig::default(),
            call_timeout_ms: 3_000,
            least_call_ms: 20,
        }
    }
}

impl StackConfig {
    /// Checks the limits.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        must((1..=10_000).contains(&self.concurrency), "stack.concurrency", "must be 1 to 10,000")?;
        must(self.queue <= 100_000, "stack.queue", "must be at most 100,000")?;
        must(self.call_timeout_ms > 0, "stack.call_timeout_ms", "must be more than 0")?;
        must(self.least_call_ms < self.call_timeout_ms, "stack.least_call_ms", "must be less than call_timeout_ms")?;
        self.breaker.validate()?;
        self.retry.validate()
    }

    pub(crate) const fn call_timeout(&self) -> Duration {
        Duration::from_millis(self.call_timeout_ms)
    }
}

/// The circuit breaker: it opens where too many calls of the last seconds
/// failed, and lets a few probes through after a pause.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerConfig {
    /// The time that is looked back on, in milliseconds.
    pub window_ms: u64,
    /// With fewer calls in that time it stays closed.
    pub minimum_calls: u32,
    /// The share of failed calls that opens it, above 0 and at most 1.
    pub failure_ratio: f64,
    /// The first pause before probes, in milliseconds, ±20 %.
    pub open_ms: u64,
    /// The pause doubles with every failed round of probes, up to this.
    pub open_max_ms: u64,
    /// Probes at one time; so many good ones close it, one bad one opens it.
    pub probes: u32,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            window_ms: 30_000,
            minimum_calls: 10,
            failure_ratio: 0.5,
            open_ms: 5_000,
            open_max_ms: 60_000,
            probes: 3,
        }
    }
}

impl BreakerConfig {
    fn validate(&self) -> Result<(), ConfigProblem> {
        must(self.window_ms >= 1_000, "stack.breaker.window_ms", "must be at least 1000")?;
        must(self.minimum_calls > 0, "stack.breaker.minimum_calls", "must be more than 0")?;
        must(
            self.failure_ratio > 0.0 && self.failure_ratio <= 1.0,
            "stack.breaker.failure_ratio",
            "must be above 0 and at most 1",
        )?;
        must(self.open_ms > 0, "stack.breaker.open_ms", "must be more than 0")?;
        must(self.open_max_ms >= self.open_ms, "stack.breaker.open_max_ms", "must not be less than open_ms")?;
        must(self.probes > 0, "stack.breaker.probes", "must be more than 0")
    }
}

/// Further tries of reads that may be repeated without harm.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetryConfig {
    /// Tries in all, the first one included.
    pub attempts: u32,
    /// The pause before the second try is a random part of this, in
    /// milliseconds; it doubles from try to try ("full jitter").
    pub base_ms: u64,
    /// The longest pause, in milliseconds.
    pub max_ms: u64,
    /// How long a call counts for the budget, in milliseconds (1–60 s).
    pub budget_ttl_ms: u64,
    /// Retries a second that are always allowed.
    pub budget_per_second: u32,
    /// Retries beyond that, as a share of the calls.
    pub budget_ratio: f32,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self { attempts: 3, base_ms: 50, max_ms: 1_000, budget_ttl_ms: 10_000, budget_per_second: 2, budget_ratio: 0.1 }
    }
}

impl RetryConfig {
    fn validate(&self) -> Result<(), ConfigProblem> {
        must((1..=10).contains(&self.attempts), "stack.retry.attempts", "must be 1 to 10")?;
        must(self.max_ms >= self.base_ms, "stack.retry.max_ms", "must not be less than base_ms")?;
        must((1_000..=60_000).contains(&self.budget_ttl_ms), "stack.retry.budget_ttl_ms", "must be 1000 to 60,000")?;
        must(self.budget_per_second <= 100_000, "stack.retry.budget_per_second", "must be at most 100,000")?;
        must((0.0..=10.0).contains(&self.budget_ratio), "stack.retry.budget_ratio", "must be 0 to 10")
    }
}

/// The read-through cache of public views.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheConfig {
    /// A value this young is served without a word to the portal, in
    /// milliseconds, ± `jitter`.
    pub fresh_ms: u64,
    /// For so long after that it is served at once while the portal is asked
    /// again in the background. An older one waits for the portal.
    pub revalidate_ms: u64,
    /// A value up to this age is served, marked stale, where the portal fails.
    pub stale_ms: u64,
    /// How long an unknown number is remembered, in milliseconds, ± `jitter`.
    pub unknown_ms: u64,
    /// The share by which times to live differ, so that what came together
    /// does not go together. 0 to 0.5.
    pub jitter: f64,
    /// Room for known dossiers, in bytes (estimated; see the crate's page).
    pub max_bytes: u64,
    /// Room for numbers that are unknown or failed a moment ago, in bytes: a
    /// flood of wrong numbers displaces nothing else.
    pub unknown_max_bytes: u64,
    /// Where an older value is at hand, the portal is waited for so long at
    /// most, in milliseconds.
    pub patience_ms: u64,
    /// After a failure the portal is not asked for the same number again for so
    /// long, in milliseconds, ± `jitter`: the older value is served, or the same
    /// error told. 0 asks anew each time.
    pub failure_pause_ms: u64,
    /// The deadline of a load, in milliseconds. A load goes on though its
    /// asker has left: others wait for it too.
    pub load_ms: u64,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            fresh_ms: 60_000,
            revalidate_ms: 300_000,
            stale_ms: 86_400_000,
            unknown_ms: 10_000,
            jitter: 0.2,
            max_bytes: 64 * 1024 * 1024,
            unknown_max_bytes: 4 * 1024 * 1024,
            patience_ms: 1_000,
            failure_pause_ms: 5_000,
            load_ms: 10_000,
        }
    }
}

impl CacheConfig {
    /// Checks times and sizes.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        must(self.fresh_ms > 0, "cache.fresh_ms", "must be more than 0")?;
        must((0.0..=0.5).contains(&self.jitter), "cache.jitter", "must be 0 to 0.5")?;
        // Freshness may be stretched by half at most, so this leaves the three
        // ages in their order whatever the jitter.
        must(
            self.stale_ms >= self.fresh_ms.saturating_mul(2).saturating_add(self.revalidate_ms),
            "cache.stale_ms",
            "must be at least twice fresh_ms plus revalidate_ms",
        )?;
        must(self.stale_ms <= 30 * 86_400_000, "cache.stale_ms", "must be at most 30 days")?;
        must(self.unknown_ms <= 3_600_000, "cache.unknown_ms", "must be at most an hour")?;
        must(self.max_bytes >= 64 * 1024, "cache.max_bytes", "must be at least 65,536")?;
        must(self.unknown_max_bytes >= 16 * 1024, "cache.unknown_max_bytes", "must be at least 16,384")?;
        must(self.load_ms > 0, "cache.load_ms", "must be more than 0")
    }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_hold_together() {
        PortalConfig::default().validate().unwrap();
    }

    #[test]
    fn a_problem_names_its_setting() {
        let mut config = PortalConfig::default();
        config.national.base_url = "http://adapter.example.vn".into();
        assert_eq!(config.validate().unwrap_err().setting, "national.base_url");
        config.national.allow_plain_http = true;
        config.validate().unwrap();
        config.stack.retry.budget_ttl_ms = 10;
        assert_eq!(config.validate().unwrap_err().setting, "stack.retry.budget_ttl_ms");
        config.stack.retry.budget_ttl_ms = 10_000;
        config.national.session.failure_codes.push("00".into());
        assert_eq!(config.validate().unwrap_err().setting, "national.session.failure_codes");
    }

    #[test]
    fn the_password_is_never_printed() {
        let config: PortalConfig =
            serde_json::from_str(r#"{"national":{"username":"so-tu-phap","password":"mat-khau-that"}}"#).unwrap();
        let printed = format!("{config:?}");
        assert!(printed.contains("so-tu-phap"));
        assert!(!printed.contains("mat-khau-that"), "{printed}");
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(serde_json::from_str::<PortalConfig>(r#"{"cache":{"fresh":1}}"#).is_err());
    }
}
