//! `load sms`: a text message's whole way, measured from the SMSC: `deliver_sm`,
//! inbox on disk, Desk, portal (cached), outbox on disk, `submit_sm`, receipt.

mod bench;
mod centre;
mod drive;
mod kannel;
mod postgres;
mod report;
mod rows;
mod subject;

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};

use crate::report::finish;
use crate::system::{self, Cores};
pub(crate) use drive::wait;
pub(crate) use postgres::Server as PostgresServer;

/// Where the gateway keeps its inbox and outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Database {
    /// A file, `synchronous=FULL`.
    Sqlite,
    /// A private server with `fsync=on`.
    Postgres,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The gateway's binary, built for release.
    #[arg(long, value_name = "FILE")]
    dakenh: PathBuf,
    /// Databases, each with a gateway of its own.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    database: Vec<Database>,
    /// Messages of a closed loop; each comes from another phone.
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    messages: u32,
    /// Closed loops: deliveries without a response, or questions without an
    /// answer; also the gateway's window for submits.
    #[arg(long, default_value_t = 50, value_name = "W")]
    window: u32,
    /// Messages a second of an open loop; may be repeated.
    #[arg(long, default_values_t = [1_000], value_name = "R")]
    rate: Vec<u32>,
    /// Length of an open loop, in seconds.
    #[arg(long, default_value_t = 20, value_name = "N")]
    seconds: u32,
    /// Rounds; each has every subject with every loop, every second one in the
    /// opposite order.
    #[arg(long, default_value_t = 2, value_name = "N")]
    rounds: u32,
    /// How long after the submit its receipt comes, in milliseconds; 0 is the
    /// hardest, for the receipt then runs after the submit's own response.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    receipt_ms: u64,
    /// Distinct dossiers that are asked for; all cached.
    #[arg(long, default_value_t = 5, value_name = "N")]
    dossiers: usize,
    /// Seed of the simulated portal.
    #[arg(long, default_value_t = 2026, value_name = "N")]
    seed: u64,
    /// Leave Kannel out although it is installed.
    #[arg(long)]
    no_kannel: bool,
    /// Stop where Kannel is not installed.
    #[arg(long, conflicts_with = "no_kannel")]
    kannel: bool,
    /// Do not pin servers and the SMSC to cores of their own.
    #[arg(long)]
    no_pin: bool,
    /// Wait so many seconds with the gateway warm, its id printed: for a
    /// profiler to be attached.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pause_seconds: u64,
    /// Write the raw figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// One short round: shows that everything works, says nothing about speed.
    #[arg(long)]
    quick: bool,
}

impl Options {
    fn checked(&self) -> anyhow::Result<Self> {
        let mut options = self.clone();
        if options.quick {
            options.messages = options.messages.min(1_000);
            options.seconds = 1;
            options.rounds = 1;
            options.rate.iter_mut().for_each(|rate| *rate = (*rate).min(500));
        }
        options.database.sort_unstable();
        options.database.dedup();
        ensure!(!options.database.is_empty(), "--database: at least one");
        ensure!(options.messages >= 1 && options.rounds >= 1, "--messages and --rounds: at least 1");
        ensure!((1..=10_000).contains(&options.window), "--window: 1 to 10000");
        ensure!(options.rate.iter().all(|rate| *rate >= 1) && options.seconds >= 1, "--rate and --seconds: at least 1");
        ensure!((1..=100).contains(&options.dossiers), "--dossiers: 1 to 100");
        ensure!(options.phones_needed() < 10_000_000, "more phones than there are numbers");
        options.dakenh = std::path::absolute(&options.dakenh)?;
        ensure!(options.dakenh.is_file(), "--dakenh {}: not there", options.dakenh.display());
        if let Some(json) = &options.json {
            options.json = Some(std::path::absolute(json)?);
        }
        Ok(options)
    }

    fn phones_needed(&self) -> u64 {
        let open: u64 = self.rate.iter().map(|rate| u64::from(*rate) * u64::from(self.seconds)).sum();
        2 * u64::from(self.messages) + open + 1_000
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let options = options.checked()?;
    // Before any thread is started, so that all of them are on the core.
    let cores = Cores::settle(!options.no_pin);
    let load_before = system::load_average();
    let dir = tempfile::Builder::new().prefix("dakenh-sms-").tempdir().context("a folder for the databases")?;
    let found = bench::run(&options, cores, dir.path(), load_before)?;
    let lines = report::lines(&options, &found);
    finish(&lines, options.json.as_deref(), &report::json(&options, &found), &found.proofs)
}
