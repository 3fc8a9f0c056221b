//! Learning from misses.

use gateway_store::LearningRules;
use serde::Deserialize;

/// The section `[learning]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LearningSection {
    pub(crate) misses: bool,
    keep_days: u32,
    most_misses: u32,
    most_proposals: u32,
    decided_days: u32,
    may_cost_points: f64,
}

impl LearningSection {
    /// Checks the ranges that the default file names.
    ///
    /// # Errors
    /// The first setting that is out of them.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let ranges = [
            ("keep_days", self.keep_days, 1..=90),
            ("most_misses", self.most_misses, 100..=1_000_000),
            ("most_proposals", self.most_proposals, 1..=2_000),
            ("decided_days", self.decided_days, 1..=3_650),
        ];
        if let Some((name, value, range)) = ranges.into_iter().find(|(_, value, range)| !range.contains(value)) {
            return Err(format!("learning.{name} = {value}: from {} to {}", range.start(), range.end()));
        }
        if !(0.0..=10.0).contains(&self.may_cost_points) {
            return Err(format!("learning.may_cost_points = {}: from 0 to 10", self.may_cost_points));
        }
        Ok(())
    }

    pub(crate) const fn rules(&self) -> LearningRules {
        LearningRules {
            keep_days: self.keep_days,
            most_misses: self.most_misses,
            most_proposals: self.most_proposals,
            decided_days: self.decided_days,
        }
    }

    /// In hundredths of a percent.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "validated: from 0 to 1,000")]
    pub(crate) fn may_cost(&self) -> u32 {
        (self.may_cost_points * 100.0).round() as u32
    }
}
