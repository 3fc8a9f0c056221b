//! `cargo xtask test`: everything, with a count at the end.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::peers;
use crate::postgres::Server;
use crate::run::{cargo, in_ci, must, say, target_dir};

/// What ran.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    skipped: u64,
    /// Stories of the target that runs which could not be told: they end well
    /// all the same.
    untold: u64,
}

/// The feature of the binary that tells the SMSC too early, and the variable
/// that names that binary to its story.
const FAULT: &str = "fault-acknowledge-first";
const FAULT_BINARY: &str = "DAKENH_BIN_FAULT";

pub(crate) fn run(filters: &[&str]) -> anyhow::Result<()> {
    let mut count = Count::default();
    let server = match Server::find_or_start() {
        Ok(server) => Some(server),
        Err(problem) if in_ci() => return Err(problem),
        Err(problem) => {
            say(&format!("{problem:#}; the stories on PostgreSQL are skipped"));
            None
        }
    };
    let mut variables: Vec<(&str, String)> = Vec::new();
    if let Some(server) = &server {
        variables.push(("DAKENH_TEST_POSTGRES", server.url.clone()));
    }
    for peer in peers::find_or_install() {
        peers::tell(&peer);
        match peer.command {
            Ok(command) => variables.push((peer.variable, command)),
            Err(problem) if in_ci() => return Err(problem.context(peer.variable)),
            Err(_) => {}
        }
    }
    // The stories run the real binary; a test package of its own gets no path
    // to it from cargo. The faulty one first: its name is the other's.
    let built = target_dir().join("debug").join("dakenh");
    let faulty = target_dir().join("debug").join("dakenh-fault");
    must(&mut cargo(&["build", "--package", "gateway", "--bin", "dakenh", "--features", FAULT]))?;
    std::fs::copy(&built, &faulty).context("the binary with the fault")?;
    must(&mut cargo(&["build", "--package", "gateway", "--bin", "dakenh"]))?;
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast", "--"]);
    // The terminal itself is built with its own package's tests, before any test runs.
    let kiosk = target_dir().join("debug").join("kiosk");
    tests
        .args(filters)
        .env("DAKENH_BIN", built)
        .env(FAULT_BINARY, faulty)
        .env("DAKENH_KIOSK_BIN", kiosk)
        .envs(variables);
    let clean = counted(&mut tests, &mut count)?;
    if filters.is_empty() {
        fuzz_briefly(&mut count);
    }
    drop(server);
    let mut out = std::io::stdout();
    writeln!(out, "{} passed, {} failed, {} skipped", count.passed, count.failed, count.skipped)?;
    if !clean || count.failed > 0 {
        bail!("tests failed");
    }
    if count.passed == 0 {
        bail!("no test ran");
    }
    if in_ci() && count.skipped > 0 {
        bail!("something was skipped");
    }
    Ok(())
}

/// Runs `cargo test`, passes its output on and adds up its closing lines.
fn counted(tests: &mut Command, count: &mut Count) -> anyhow::Result<bool> {
    let mut child = tests.stdout(Stdio::piped()).spawn().context("cargo test did not start")?;
    let output = child.stdout.take().context("no output")?;
    let mut out = std::io::stdout();
    for line in BufReader::new(output).lines() {
        let line = line?;
        writeln!(out, "{line}")?;
        count.hear(&line);
    }
    Ok(child.wait()?.success())
}

impl Count {
    fn hear(&mut self, line: &str) {
        if line.starts_with("story skipped: ") {
            self.untold += 1;
        } else if let Some(closing) = line.strip_prefix("test result: ") {
            self.close(closing);
        }
    }

    /// `ok. 5 passed; 0 failed; 1 ignored; …`
    fn close(&mut self, closing: &str) {
        let number = |word: &str| -> u64 {
            closing
                .split([';', '.'])
                .find_map(|part| part.trim().strip_suffix(word))
                .and_then(|figure| figure.trim().parse().ok())
                .unwrap_or_default()
        };
        let untold = std::mem::take(&mut self.untold);
        self.passed += number("passed").saturating_sub(untold);
        self.failed += number("failed");
        self.skipped += number("ignored") + untold;
    }
}

/// The same inputs each time for each fuzz target, where the toolchain can build
/// them. The corpora themselves run as ordinary tests, always; new inputs are
/// searched for by `cargo xtask fuzz`.
fn fuzz_briefly(count: &mut Count) {
    if !in_ci() {
        return;
    }
    match crate::fuzz::fuzz(crate::fuzz::Search::Same, None) {
        Ok(()) => count.passed += 1,
        Err(problem) => {
            say(&format!("fuzzing: {problem:#}"));
            count.failed += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up() {
        let mut count = Count::default();
        for line in [
            "test a ... ok",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ] {
            count.hear(line);
        }
        assert_eq!(count, Count { passed: 7, failed: 3, skipped: 1, untold: 0 });
    }

    #[test]
    fn a_story_that_was_not_told_has_not_passed() {
        let mut count = Count::default();
        for line in [
            "story skipped: DAKENH_TEST_SMSC_NODE is not set",
            "story skipped: DAKENH_TEST_POSTGRES is not set",
            "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ] {
            count.hear(line);
        }
        assert_eq!(count, Count { passed: 3, failed: 0, skipped: 2, untold: 0 });
    }
}
