//! `load chat`: a messenger's whole way, measured from its provider: webhooks in a
//! shuffled order and some of them twice, inbox on disk, Desk, portal (cached),
//! outbox on disk, the message back at the provider.

mod bench;
mod book;
mod drive;
mod report;
mod zalo;

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args;

use crate::report::finish;
use crate::sms::Database;
use crate::system::{self, Cores};

/// Messages of one citizen, in one go.
pub(super) const EACH: usize = 5;

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The gateway's binary, built for release.
    #[arg(long, value_name = "FILE")]
    dakenh: PathBuf,
    /// Databases, each with a gateway of its own.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite"])]
    database: Vec<Database>,
    /// Webhooks a second of the open loop, duplicates not counted.
    #[arg(long, default_value_t = 500, value_name = "R")]
    rate: u32,
    /// Its length, in seconds.
    #[arg(long, default_value_t = 600, value_name = "N")]
    seconds: u32,
    /// Of a hundred webhooks so many come twice.
    #[arg(long, default_value_t = 5, value_name = "N")]
    duplicates: u32,
    /// A webhook comes later than its message was sent by up to so many
    /// milliseconds, each by another time.
    #[arg(long, default_value_t = 200, value_name = "MS")]
    shuffle_ms: u32,
    /// Connections of the provider.
    #[arg(long, default_value_t = 64, value_name = "N")]
    connections: usize,
    /// Seed of the shuffle and of the simulated portal.
    #[arg(long, default_value_t = 2026, value_name = "N")]
    seed: u64,
    /// Do not pin servers and the provider to cores of their own.
    #[arg(long)]
    no_pin: bool,
    /// Write the raw figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Five seconds: shows that everything works, says nothing about speed.
    #[arg(long)]
    quick: bool,
}

impl Options {
    fn checked(&self) -> anyhow::Result<Self> {
        let mut options = self.clone();
        if options.quick {
            options.seconds = 5;
        }
        options.database.sort_unstable();
        options.database.dedup();
        ensure!(!options.database.is_empty(), "--database: at least one");
        // Above it messages of one citizen share a millisecond, and have no order.
        ensure!((1..=1_000).contains(&options.rate), "--rate: 1 to 1000");
        ensure!((1..=86_400).contains(&options.seconds), "--seconds: 1 to 86400");
        ensure!(options.duplicates <= 100, "--duplicates: 0 to 100");
        ensure!(options.shuffle_ms <= 10_000, "--shuffle-ms: 0 to 10000");
        ensure!((1..=200).contains(&options.connections), "--connections: 1 to 200");
        ensure!(options.messages() <= 50_000_000, "more messages than there is memory for");
        options.dakenh = std::path::absolute(&options.dakenh)?;
        ensure!(options.dakenh.is_file(), "--dakenh {}: not there", options.dakenh.display());
        if let Some(json) = &options.json {
            options.json = Some(std::path::absolute(json)?);
        }
        Ok(options)
    }

    /// Messages in all; every citizen sends [`EACH`].
    fn messages(&self) -> usize {
        let messages = self.rate as usize * self.seconds as usize;
        messages.div_ceil(EACH) * EACH
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let options = options.checked()?;
    // Before any thread is started, so that all of them are on the core.
    let cores = Cores::settle(!options.no_pin);
    let load_before = system::load_average();
    let dir = tempfile::Builder::new().prefix("dakenh-chat-").tempdir().context("a folder for the databases")?;
    let found = bench::run(&options, cores, dir.path(), load_before)?;
    let lines = report::lines(&options, &found);
    finish(&lines, options.json.as_deref(), &report::json(&options, &found), &found.proofs)
}
