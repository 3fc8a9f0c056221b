//! Officers' accounts and sign-in.

use std::time::Duration;

use gateway_core::domain::{LockOut, OfficerRole};
use gateway_pages::{PasswordCost, SignInRules};
use serde::Deserialize;

/// How officers sign in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfficersSection {
    session_idle_minutes: u64,
    session_hours: u64,
    sessions_each: u32,
    failures: u32,
    first_pause_s: u64,
    longest_pause_s: u64,
    forget_hours: u64,
    network_failures: u32,
    pub(crate) second_factor_for: Vec<OfficerRole>,
    pub(crate) issuer: String,
    https: bool,
    password_memory_kib: u32,
    password_passes: u32,
    password_lanes: u32,
    passwords_at_once: usize,
}

impl OfficersSection {
    /// Checks ranges; the message names the setting.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let ranges = [
            ("session_idle_minutes", self.session_idle_minutes, 5, 240),
            ("session_hours", self.session_hours, 1, 24),
            ("sessions_each", u64::from(self.sessions_each), 1, 20),
            ("failures", u64::from(self.failures), 3, 20),
            ("first_pause_s", self.first_pause_s, 5, 600),
            ("longest_pause_s", self.longest_pause_s, 60, 86_400),
            ("forget_hours", self.forget_hours, 1, 168),
            ("network_failures", u64::from(self.network_failures), 10, 1_000),
            ("password_memory_kib", u64::from(self.password_memory_kib), 7_168, 1_048_576),
            ("password_passes", u64::from(self.password_passes), 1, 10),
            ("password_lanes", u64::from(self.password_lanes), 1, 8),
            ("passwords_at_once", u64::try_from(self.passwords_at_once).unwrap_or(u64::MAX), 1, 64),
        ];
        for (key, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(format!("officers.{key}: {value} is not between {least} and {most}"));
            }
        }
        if self.longest_pause_s < self.first_pause_s {
            return Err("officers.longest_pause_s: must not be less than first_pause_s".into());
        }
        // Else failures would be forgotten while they still bring a pause.
        if self.forget_hours * 3_600 < self.longest_pause_s {
            return Err("officers.forget_hours: must not be less than longest_pause_s".into());
        }
        let issuer = self.issuer.chars().count();
        if !(1..=40).contains(&issuer) || self.issuer.contains(':') || self.issuer.chars().any(char::is_control) {
            return Err("officers.issuer: 1 to 40 characters, no colon".into());
        }
        Ok(())
    }

    /// What a password's hash costs.
    pub(crate) const fn cost(&self) -> PasswordCost {
        PasswordCost {
            memory_kib: self.password_memory_kib,
            passes: self.password_passes,
            lanes: self.password_lanes,
            at_once: self.passwords_at_once,
        }
    }

    /// The rules; `hsts` says that the operator serves HTTPS.
    pub(crate) fn rules(&self, hsts: bool) -> SignInRules {
        let lock_out = |failures| LockOut {
            failures,
            first_pause: Duration::from_secs(self.first_pause_s),
            longest_pause: Duration::from_secs(self.longest_pause_s),
            forget_after: Duration::from_secs(self.forget_hours * 3_600),
        };
        SignInRules {
            idle: Duration::from_secs(self.session_idle_minutes * 60),
            session: Duration::from_secs(self.session_hours * 3_600),
            sessions_each: self.sessions_each,
            account: lock_out(self.failures),
            network: lock_out(self.network_failures),
            second_factor_for: self.second_factor_for.clone(),
            https: self.https || hsts,
            cost: self.cost(),
        }
    }
}
