//! What every bench says at its end: whether the machine was quiet, the goals,
//! the proofs.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::proof::Proof;
use crate::system::{self, Busy};

/// Prints a line on standard output; a closed pipe is the reader's choice.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Says what is going on, beside the table.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(std::io::stderr(), "load: {text}");
}

/// What others did to a phase, as shares of all cores' time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Disturbance {
    /// Processes that are none of the bench's.
    pub(crate) others: f64,
    /// The host, for its other guests.
    pub(crate) stolen: f64,
}

impl Disturbance {
    /// Between two readings of the machine that are so far apart, while the
    /// bench's own processes used `ours`.
    pub(crate) fn between(before: Busy, after: Busy, apart: Duration, ours: Duration) -> Self {
        let all = apart.as_secs_f64() * system::cores() as f64;
        let others = after.processes.saturating_sub(before.processes).saturating_sub(ours);
        let stolen = after.stolen.saturating_sub(before.stolen);
        Self { others: others.as_secs_f64() / all.max(1e-9), stolen: stolen.as_secs_f64() / all.max(1e-9) }
    }

    /// The most of each.
    pub(crate) fn most(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |most, one| Self {
            others: most.others.max(one.others),
            stolen: most.stolen.max(one.stolen),
        })
    }

    /// Whether the machine was the bench's own, by load averages too.
    pub(crate) fn lines(self, load_before: f64, load_after: f64) -> Vec<String> {
        let Self { others, stolen } = self;
        let mut lines = vec![format!(
            "quiet?    load average {load_before:.2} before, {load_after:.2} after; others took at most {:.0} % of the cores in a phase, the host {:.0} %",
            others * 100.0,
            stolen * 100.0
        )];
        if others > 0.05 || stolen > 0.05 {
            lines.push("          the machine was not quiet: run it again".to_owned());
        }
        lines
    }
}

/// What a figure is wanted to be, and what it is.
#[derive(Debug)]
pub(crate) struct Goal {
    pub(crate) what: String,
    pub(crate) found: String,
    pub(crate) met: bool,
}

impl Goal {
    pub(crate) fn new(met: bool, what: &str, found: String) -> Self {
        Self { what: what.to_owned(), found, met }
    }

    pub(crate) fn json(all: &[Self]) -> Value {
        all.iter().map(|goal| json!({ "goal": goal.what, "found": goal.found, "met": goal.met })).collect()
    }
}

/// Goals and proofs, as lines of the page.
pub(crate) fn goals_and_proofs(goals: &[Goal], proofs: &[Proof]) -> Vec<String> {
    let mut lines = vec!["goals".to_owned()];
    lines.extend(goals.iter().map(|goal| {
        let word = if goal.met { "met" } else { "MISSED" };
        format!("  {word:<7} {:<66} {}", goal.what, goal.found)
    }));
    lines.push(String::new());
    lines.push("proofs".to_owned());
    lines.extend(proofs.iter().map(|proof| {
        let word = if proof.holds { "holds" } else { "FAILED" };
        format!("  {word:<7} {}", proof.what.trim_end())
    }));
    lines
}

/// Prints the lines, writes the raw figures where they are wanted, and fails
/// where a proof does.
pub(crate) fn finish(lines: &[String], file: Option<&Path>, figures: &Value, proofs: &[Proof]) -> anyhow::Result<()> {
    for line in lines {
        say(line);
    }
    if let Some(file) = file {
        let mut text = serde_json::to_string_pretty(figures)?;
        text.push('\n');
        std::fs::write(file, text).with_context(|| file.display().to_string())?;
    }
    if let Some(failed) = proofs.iter().find(|proof| !proof.holds) {
        bail!("the figures are worth nothing: {}", failed.what);
    }
    Ok(())
}

/// The middle one of sorted times.
pub(crate) fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// A quantile of a histogram of nanoseconds, in milliseconds.
pub(crate) fn ms(histogram: &hdrhistogram::Histogram<u64>, quantile: f64) -> f64 {
    histogram.value_at_quantile(quantile) as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_what_is_left_of_the_busy_time() {
        let busy = |seconds| Busy { processes: Duration::from_secs(seconds), stolen: Duration::from_secs(1) };
        let apart = Duration::from_secs(10);
        let found = Disturbance::between(busy(0), busy(10), apart, Duration::from_secs(4));
        let whole = 10.0 * system::cores() as f64;
        assert!((found.others - 6.0 / whole).abs() < 1e-9, "{found:?}");
        assert!(found.stolen.abs() < 1e-9, "{found:?}");
        // Clock ticks may make ours more than all.
        assert!(Disturbance::between(busy(0), busy(1), apart, apart).others.abs() < 1e-9);
    }

    #[test]
    fn a_machine_that_others_use_is_said_to_be_so() {
        let quiet = Disturbance { others: 0.01, stolen: 0.0 };
        let loud = Disturbance { others: 0.01, stolen: 0.2 };
        assert_eq!(quiet.lines(0.1, 0.2).len(), 1);
        let lines = Disturbance::most([quiet, loud]).lines(0.1, 0.2);
        assert!(lines[0].contains("0.10 before, 0.20 after; others took at most 1 %"), "{lines:?}");
        assert!(lines[1].contains("not quiet"), "{lines:?}");
    }
}
