//! `load assistant`: what it costs to understand citizens: a question by itself,
//! memory, the start of the whole gateway, and many conversations at one time.

mod bench;
mod chats;
mod cold;
pub(crate) mod memory;
mod questions;
mod report;
mod scripts;
mod understanding;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};

use crate::report::finish;
use crate::system::{self, Cores};

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Understanding,
    Memory,
    Starts,
    Chats,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The gateway's binary, built for release.
    #[arg(long, value_name = "FILE")]
    dakenh: PathBuf,
    /// Procedures (JSON lines, plain or gzip); the small catalogue without it.
    #[arg(long, value_name = "FILE")]
    procedures: Option<PathBuf>,
    /// Questions (JSON lines) that are understood one by one.
    #[arg(long, default_value = "assistant/nlu/eval/tuning/questions.jsonl", value_name = "FILE")]
    questions: PathBuf,
    /// Measure this alone; may be repeated. Everything without it.
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
    /// How often each question is measured, in each form.
    #[arg(long, default_value_t = 10, value_name = "N")]
    passes: u32,
    /// Processes whose middle one tells the memory of a stage.
    #[arg(long, default_value_t = 3, value_name = "N")]
    processes: usize,
    /// Starts of the gateway.
    #[arg(long, default_value_t = 10, value_name = "N")]
    starts: usize,
    /// Conversations at one time.
    #[arg(long, default_value_t = 200, value_name = "N")]
    chats: usize,
    /// Length of the open loop, in seconds.
    #[arg(long, default_value_t = 30, value_name = "N")]
    seconds: u64,
    /// Length of the closed loop that finds how many answers a second there can
    /// be, in seconds.
    #[arg(long, default_value_t = 10, value_name = "N")]
    closed_seconds: u64,
    /// What of that the open loop asks for, in per cent.
    #[arg(long, default_value_t = 60, value_name = "N")]
    share: u32,
    /// Answers a second of the open loop, instead of a share.
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
    /// Dossiers that are tracked; all cached.
    #[arg(long, default_value_t = 100, value_name = "N")]
    dossiers: usize,
    /// Seed of the simulated portal.
    #[arg(long, default_value_t = 2026, value_name = "N")]
    seed: u64,
    /// Do not pin servers and generator to cores of their own.
    #[arg(long)]
    no_pin: bool,
    /// Write the raw figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A few seconds: shows that everything works, says nothing about speed.
    #[arg(long, alias = "quick")]
    smoke: bool,
}

impl Options {
    fn checked(&self) -> anyhow::Result<Self> {
        let mut options = self.clone();
        if options.smoke {
            options.passes = 1;
            options.processes = 1;
            options.starts = 1;
            options.chats = options.chats.min(20);
            options.seconds = 1;
            options.closed_seconds = 1;
            options.dossiers = options.dossiers.min(10);
        }
        ensure!(options.passes >= 1, "--passes: at least 1");
        ensure!(options.chats >= 1, "--chats: at least 1");
        ensure!(options.seconds >= 1 && options.closed_seconds >= 1, "--seconds, --closed-seconds: at least 1");
        ensure!((1..=100).contains(&options.share), "--share: 1 to 100");
        ensure!(options.rate != Some(0), "--rate: at least 1");
        // More would meet the limit of one agency and day.
        ensure!((1..=100).contains(&options.dossiers), "--dossiers: 1 to 100");
        options.dakenh = std::path::absolute(&options.dakenh)?;
        ensure!(options.dakenh.is_file(), "--dakenh {}: not there", options.dakenh.display());
        options.questions = std::path::absolute(&options.questions)?;
        if let Some(file) = &options.procedures {
            let file = std::path::absolute(file)?;
            ensure!(file.is_file(), "--procedures {}: not there", file.display());
            options.procedures = Some(file);
        }
        if let Some(json) = &options.json {
            options.json = Some(std::path::absolute(json)?);
        }
        Ok(options)
    }

    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn span(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let options = options.checked()?;
    // Before any thread is started, so that all of them are on the core.
    let cores = Cores::settle(!options.no_pin);
    let load_before = system::load_average();
    let dir = tempfile::Builder::new().prefix("dakenh-assistant-").tempdir().context("a folder for the databases")?;
    let found = bench::run(&options, cores, dir.path(), load_before)?;
    let lines = report::lines(&options, &found)?;
    finish(&lines, options.json.as_deref(), &report::json(&options, &found)?, &found.proofs)
}
