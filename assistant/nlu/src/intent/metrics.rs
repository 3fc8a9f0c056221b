//! How good a model is: precision, recall and F1, over all labels and for each.

use std::collections::BTreeMap;

/// Counts of one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LabelScore {
    /// Said and right.
    pub right: u32,
    /// Said and wrong.
    pub wrong: u32,
    /// Not said, though right.
    pub missed: u32,
}

impl LabelScore {
    /// 2·right / (2·right + wrong + missed); `None` where the label never stood.
    pub fn f1(&self) -> Option<f64> {
        let all = 2 * self.right + self.wrong + self.missed;
        (all > 0).then(|| f64::from(2 * self.right) / f64::from(all))
    }

    /// The share of what was said that was right.
    pub fn precision(&self) -> Option<f64> {
        let said = self.right + self.wrong;
        (said > 0).then(|| f64::from(self.right) / f64::from(said))
    }

    /// The share of what was right that was said.
    pub fn recall(&self) -> Option<f64> {
        let there = self.right + self.missed;
        (there > 0).then(|| f64::from(self.right) / f64::from(there))
    }
}

/// Counts by label.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metrics {
    labels: BTreeMap<String, LabelScore>,
}

impl Metrics {
    /// One more sentence.
    pub fn add<'a>(&mut self, expected: &[&'a str], said: &[&'a str]) {
        for label in expected {
            let score = self.labels.entry((*label).to_owned()).or_default();
            if said.contains(label) { score.right += 1 } else { score.missed += 1 }
        }
        for label in said.iter().filter(|label| !expected.contains(label)) {
            self.labels.entry((*label).to_owned()).or_default().wrong += 1;
        }
    }

    /// Each label.
    pub const fn labels(&self) -> &BTreeMap<String, LabelScore> {
        &self.labels
    }

    /// All labels together, each decision counted once.
    pub fn micro(&self) -> LabelScore {
        self.labels.values().fold(LabelScore::default(), |all, one| LabelScore {
            right: all.right + one.right,
            wrong: all.wrong + one.wrong,
            missed: all.missed + one.missed,
        })
    }
}
