use std::num::NonZeroU32;
use std::time::Duration;

use gateway_core::ports::LimitedAction;
use governor::Quota;
use serde::Deserialize;

/// How much may be asked. Every key has a default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Senders, devices and addresses whose buckets are kept at once, 72 bytes
    /// each. One that has been quiet for a minute or so takes no room. Twice
    /// as many as are expected keeps most of them from giving way early.
    /// Rounded down to a power of two. 1,024–16,777,216.
    pub max_keys: usize,
    /// Any request at all. Each request also counts under its own action.
    pub any: ActionRates,
    /// Looking up a dossier.
    pub track_dossier: ActionRates,
    /// Trying a proof.
    pub disclose_dossier: ActionRates,
    /// Having a one-time code sent.
    pub send_code: ActionRates,
    /// Searching and reading procedures.
    pub procedures: ActionRates,
    /// Free text to be understood.
    pub free_text: ActionRates,
    /// Asking how a queue stands, and taking a number at a terminal.
    pub queue: ActionRates,
    /// An officer who signs in: only the address is known then.
    pub sign_in: ActionRates,
    /// How many *different* dossiers.
    pub dossiers: DossierConfig,
    /// The alarm for one agency and day.
    pub agency_day: AgencyDayConfig,
}

/// The rates of one action, by whom a request is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionRates {
    /// A person or account.
    pub sender: Rate,
    /// An app's device. Beside the sender: it only tightens.
    pub device: Rate,
    /// A network: a family, an office, a mobile network's exchange share one.
    pub address: Rate,
}

/// What a bucket lets through: `burst` at once, and `per_minute` in the long run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// 1–60,000,000.
    pub per_minute: u32,
    /// 1–1,000,000.
    pub burst: u32,
}

/// How many different dossiers may be asked for in a sliding window, answers
/// of every kind included (`dossiers.md`, rule 5: serials follow one another,
/// so guessing succeeds).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DossierConfig {
    /// Length of the window in hours, 1–168.
    pub window_hours: u32,
    /// For each sender, 1–10,000.
    pub sender: usize,
    /// For each device, 1–10,000.
    pub device: usize,
    /// For each address, 1–10,000.
    pub address: usize,
    /// Dossiers remembered over all of them, 1,000–20,000,000; about 100 bytes
    /// each at worst.
    pub max_entries: usize,
}

/// When one agency's dossiers of one day are asked for unusually often.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgencyDayConfig {
    /// Different numbers of one agency and day of receipt, by whomever, within
    /// the window: beyond it new numbers are slowed and an alarm is raised.
    /// 10–100,000.
    pub distinct: usize,
    /// Length of the window in minutes, 1–1,440.
    pub window_minutes: u32,
    /// How long an answer is held back then, in milliseconds, 0–5,000.
    pub delay_ms: u64,
    /// Numbers remembered over all agencies and days, 1,000–20,000,000.
    pub max_entries: usize,
}

const fn rate(per_minute: u32, burst: u32) -> Rate {
    Rate { per_minute, burst }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let person = |per_minute, burst, address| ActionRates {
            sender: rate(per_minute, burst),
            device: rate(per_minute, burst),
            address,
        };
        Self {
            max_keys: 1 << 19,
            // Twice what a hurried person types and an app refreshes.
            any: person(60, 30, rate(600, 200)),
            track_dossier: person(30, 15, rate(300, 100)),
            // Five wrong proofs a day lock a dossier; this only slows robots.
            disclose_dossier: person(6, 5, rate(30, 15)),
            // A code costs a message and rings somebody's phone.
            send_code: person(1, 3, rate(10, 10)),
            procedures: person(60, 30, rate(600, 200)),
            // Understanding costs the most.
            free_text: person(20, 10, rate(200, 60)),
            // A terminal counts as one sender: nobody taps faster than this, and a
            // child who plays does not fill the hall.
            queue: person(30, 20, rate(3_000, 1_000)),
            // An office of fifty comes to work at the same minute.
            sign_in: person(30, 60, rate(30, 60)),
            dossiers: DossierConfig::default(),
            agency_day: AgencyDayConfig::default(),
        }
    }
}

impl Default for DossierConfig {
    fn default() -> Self {
        Self { window_hours: 24, sender: 20, device: 20, address: 600, max_entries: 200_000 }
    }
}

impl Default for AgencyDayConfig {
    fn default() -> Self {
        Self { distinct: 120, window_minutes: 60, delay_ms: 500, max_entries: 200_000 }
    }
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} = {value} is out of range: {least} to {most}")]
pub struct LimitsConfigProblem {
    /// The key below the limits' section (`track_dossier.sender.burst`).
    pub key: String,
    /// What was given.
    pub value: u64,
    /// The least that may be.
    pub least: u64,
    /// The most that may be.
    pub most: u64,
}

impl LimitsConfig {
    /// Checks every range.
    ///
    /// # Errors
    /// The first setting out of its range.
    pub fn validate(&self) -> Result<(), LimitsConfigProblem> {
        let count = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        let DossierConfig { window_hours, sender, device, address, max_entries } = self.dossiers;
        in_range("max_keys", count(self.max_keys), 1_024, 1 << 24)?;
        in_range("dossiers.window_hours", u64::from(window_hours), 1, 168)?;
        in_range("dossiers.sender", count(sender), 1, 10_000)?;
        in_range("dossiers.device", count(device), 1, 10_000)?;
        in_range("dossiers.address", count(address), 1, 10_000)?;
        in_range("dossiers.max_entries", count(max_entries), 1_000, 20_000_000)?;
        in_range("agency_day.distinct", count(self.agency_day.distinct), 10, 100_000)?;
        in_range("agency_day.window_minutes", u64::from(self.agency_day.window_minutes), 1, 1_440)?;
        in_range("agency_day.delay_ms", self.agency_day.delay_ms, 0, 5_000)?;
        in_range("agency_day.max_entries", count(self.agency_day.max_entries), 1_000, 20_000_000)?;
        for action in LimitedAction::ALL {
            let ActionRates { sender, device, address } = self.rates(action);
            for (subject, rate) in [("sender", sender), ("device", device), ("address", address)] {
                let key = |setting: &str| format!("{}.{subject}.{setting}", action.key());
                in_range(&key("per_minute"), u64::from(rate.per_minute), 1, 60_000_000)?;
                in_range(&key("burst"), u64::from(rate.burst), 1, 1_000_000)?;
            }
        }
        Ok(())
    }

    /// The rates of one action.
    pub const fn rates(&self, action: LimitedAction) -> ActionRates {
        match action {
            LimitedAction::Any => self.any,
            LimitedAction::TrackDossier => self.track_dossier,
            LimitedAction::DiscloseDossier => self.disclose_dossier,
            LimitedAction::SendCode => self.send_code,
            LimitedAction::Procedures => self.procedures,
            LimitedAction::FreeText => self.free_text,
            LimitedAction::Queue => self.queue,
            LimitedAction::SignIn => self.sign_in,
        }
    }
}

impl DossierConfig {
    pub(crate) const fn window_seconds(&self) -> u32 {
        self.window_hours.saturating_mul(3_600)
    }

    /// By kind of subject, in its order.
    pub(crate) const fn most(&self) -> [usize; 3] {
        [self.sender, self.device, self.address]
    }
}

impl AgencyDayConfig {
    pub(crate) const fn window_seconds(&self) -> u32 {
        self.window_minutes.saturating_mul(60)
    }
}

impl Rate {
    /// The refilling that one request costs, in nanoseconds.
    pub(crate) fn cost(self) -> u64 {
        60_000_000_000 / u64::from(self.per_minute.max(1))
    }

    /// What an empty bucket owes, in nanoseconds.
    pub(crate) fn most_owed(self) -> u64 {
        self.cost().saturating_mul(u64::from(self.burst.max(1)))
    }

    /// The same in governor's terms, which counts in time for one request.
    pub(crate) fn quota(self) -> Quota {
        let burst = NonZeroU32::new(self.burst).unwrap_or(NonZeroU32::MIN);
        let steady = Quota::with_period(Duration::from_nanos(self.cost()));
        steady.unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN)).allow_burst(burst)
    }
}

fn in_range(key: &str, value: u64, least: u64, most: u64) -> Result<(), LimitsConfigProblem> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(LimitsConfigProblem { key: key.to_owned(), value, least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_range() {
        assert_eq!(LimitsConfig::default().validate(), Ok(()));
    }

    #[test]
    fn a_rate_of_nothing_is_refused_by_its_name() {
        let mut config = LimitsConfig::default();
        config.free_text.device.burst = 0;
        assert_eq!(config.validate().unwrap_err().key, "free_text.device.burst");
    }

    #[test]
    fn an_unknown_key_is_an_error_and_a_part_keeps_the_other_defaults() {
        assert!(toml::from_str::<LimitsConfig>("[dossiers]\nsenders = 3").is_err());
        let config: LimitsConfig = toml::from_str("[dossiers]\nsender = 3").unwrap();
        assert_eq!(config.dossiers.sender, 3);
        assert_eq!(config.dossiers.address, 600);
        let rates = "[any]\nsender = { per_minute = 6, burst = 2 }\ndevice = { per_minute = 6, burst = 2 }\n\
                     address = { per_minute = 60, burst = 20 }";
        assert_eq!(toml::from_str::<LimitsConfig>(rates).unwrap().any.sender, rate(6, 2));
    }

    #[test]
    fn a_rate_is_what_governor_counts_by() {
        let quota = rate(60, 30).quota();
        assert_eq!(quota.replenish_interval(), Duration::from_secs(1));
        assert_eq!(quota.burst_size().get(), 30);
    }
}
