//! `cargo xtask fuzz`: libFuzzer with coverage feedback on a stable toolchain.
//! The coverage pass is asked for by codegen options, which are stable; the
//! address sanitizer would need a nightly compiler, and there is no unsafe
//! code of ours for it to watch.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::run::{cargo, must, root, say, target_dir};

const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions=on";

pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let seconds: u32 = match arguments.first() {
        Some(text) => text.parse().with_context(|| format!("{text}: seconds are wanted"))?,
        None => 10,
    };
    fuzz(Search::New { seconds }, arguments.get(1).copied())
}

/// How inputs are made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Search {
    /// Others each time, for so many seconds.
    New {
        /// For each target.
        seconds: u32,
    },
    /// The same ones each time, so that a change is judged by what it changed:
    /// a slow machine sees the first of them, none sees others.
    Same,
}

impl Search {
    fn arguments(self) -> Vec<String> {
        match self {
            Self::New { seconds } => vec![format!("-max_total_time={seconds}")],
            Self::Same => ["-seed=1", "-runs=20000", "-reload=0", "-max_total_time=3"].map(str::to_owned).to_vec(),
        }
    }
}

/// Runs every target, or one.
pub(crate) fn fuzz(search: Search, only: Option<&str>) -> anyhow::Result<()> {
    let folder = target_dir().join("fuzz");
    let host = host()?;
    let mut build = cargo(&[
        "build",
        "--release",
        "--package",
        "fuzz-targets",
        "--features",
        "libfuzzer",
        "--bins",
        "--target",
        &host,
    ]);
    // A target folder of its own: these flags would rebuild everything else.
    build.env("CARGO_TARGET_DIR", &folder).env("RUSTFLAGS", COVERAGE);
    build.env("CARGO_PROFILE_RELEASE_LTO", "false").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "2");
    must(&mut build)?;
    let bins = folder.join(&host).join("release");
    let corpora = root().join("tests/fuzz/corpus");
    let mut names: Vec<String> = std::fs::read_dir(root().join("tests/fuzz/fuzz_targets"))?
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .filter(|name| only.is_none_or(|only| only == name))
        .collect();
    names.sort();
    if names.is_empty() {
        bail!("no such fuzz target: {}", only.unwrap_or("(none at all)"));
    }
    for name in names {
        run_one(&bins, &corpora, &name, search)?;
    }
    Ok(())
}

fn run_one(bins: &Path, corpora: &Path, name: &str, search: Search) -> anyhow::Result<()> {
    // New inputs go to a folder of their own: the committed corpus stays small.
    let found = tempfile::tempdir()?;
    let mut fuzz = Command::new(bins.join(name));
    fuzz.current_dir(found.path()).arg(found.path()).arg(corpora.join(name)).args(search.arguments()).args([
        "-timeout=5",
        "-rss_limit_mb=2048",
        "-max_len=10240",
        "-print_final_stats=1",
        "-verbosity=0",
    ]);
    let out = fuzz.output().with_context(|| format!("fuzz target {name}"))?;
    let log = String::from_utf8_lossy(&out.stderr);
    if !out.status.success() {
        bail!("fuzz target {name} found a failure:\n{log}");
    }
    let runs = log.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")).unwrap_or("?").trim();
    say(&format!("fuzz {name}: {runs} runs, no failure"));
    Ok(())
}

fn host() -> anyhow::Result<String> {
    let out = Command::new("rustc").arg("-vV").output().context("rustc -vV")?;
    let text = String::from_utf8_lossy(&out.stdout);
    text.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).context("rustc -vV names no host")
}
