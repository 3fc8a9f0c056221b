//! Linking an account and a phone by consent.

use std::time::Duration;

use gateway_core::desk::LinkRules;
use serde::Deserialize;

/// The section `[linking]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkingSection {
    valid_minutes: u64,
    tries: u32,
    pause_ms: u64,
    most_a_day: u32,
    most_a_day_phone: u32,
    most_accounts: u32,
    keep_days: u64,
}

impl LinkingSection {
    /// Checks the ranges that the default file names.
    ///
    /// # Errors
    /// The first setting that is out of them.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let ranges: [(&str, u64, std::ops::RangeInclusive<u64>); 7] = [
            ("valid_minutes", self.valid_minutes, 1..=60),
            ("tries", u64::from(self.tries), 1..=10),
            ("pause_ms", self.pause_ms, 1_000..=3_600_000),
            ("most_a_day", u64::from(self.most_a_day), 1..=100),
            ("most_a_day_phone", u64::from(self.most_a_day_phone), 1..=100),
            ("most_accounts", u64::from(self.most_accounts), 1..=10),
            ("keep_days", self.keep_days, 1..=730),
        ];
        match ranges.into_iter().find(|(_, value, range)| !range.contains(value)) {
            Some((name, value, range)) => {
                Err(format!("linking.{name} = {value}: from {} to {}", range.start(), range.end()))
            }
            None => Ok(()),
        }
    }

    pub(crate) const fn rules(&self) -> LinkRules {
        LinkRules {
            valid: Duration::from_secs(self.valid_minutes * 60),
            tries: self.tries,
            pause: Duration::from_millis(self.pause_ms),
            most_a_day: self.most_a_day,
            most_a_day_phone: self.most_a_day_phone,
            most_accounts: self.most_accounts,
            kept_for: Duration::from_secs(self.keep_days * 86_400),
        }
    }
}
