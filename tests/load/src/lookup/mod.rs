//! `load lookup`: the same question through the whole stack, beside the least
//! that an axum server does and beside nginx, in alternation and in one go.

mod bench;
mod cold;
mod nginx;
mod proofs;
mod report;
mod servers;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;

use crate::report::finish;
use crate::system::{self, Cores};

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The gateway's binary, built for release.
    #[arg(long, value_name = "FILE")]
    dakenh: PathBuf,
    /// Length of each phase, in seconds.
    #[arg(long, default_value_t = 10, value_name = "N")]
    seconds: u64,
    /// Rounds; each has every phase, every second one in the opposite order.
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: u32,
    /// Connections of the generator.
    #[arg(long, default_value_t = 64, value_name = "N")]
    connections: usize,
    /// Requests a second of the open loops, (c) excepted.
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    rate: u32,
    /// Requests a second of (c).
    #[arg(long, default_value_t = 500, value_name = "N")]
    uncached_rate: u32,
    /// Dossiers that are cached.
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    dossiers: u64,
    /// Client addresses that ask, and are kept in the limiters.
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    addresses: u32,
    /// Dossiers out of which (c) asks each at most once.
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    uncached_dossiers: u64,
    /// Latency of the portal in (c), in milliseconds.
    #[arg(long, default_value_t = 20, value_name = "MS")]
    latency_ms: u64,
    /// Starts of the gateway whose median is the cold start.
    #[arg(long, default_value_t = 7, value_name = "N")]
    starts: usize,
    /// Seed of everything that is drawn.
    #[arg(long, default_value_t = 2026, value_name = "N")]
    seed: u64,
    /// Leave nginx out although it is installed.
    #[arg(long)]
    no_nginx: bool,
    /// Do not pin servers and generator to cores of their own.
    #[arg(long)]
    no_pin: bool,
    /// Write the raw figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// One short round with few dossiers: shows that everything works, says
    /// nothing about speed.
    #[arg(long)]
    quick: bool,
}

impl Options {
    fn checked(&self) -> anyhow::Result<Self> {
        let mut options = self.clone();
        if options.quick {
            options.seconds = 1;
            options.rounds = 1;
            options.rate = options.rate.min(1_000);
            options.uncached_rate = options.uncached_rate.min(200);
            options.dossiers = options.dossiers.min(2_000);
            options.addresses = options.addresses.min(2_000);
            options.uncached_dossiers = options.uncached_dossiers.min(20_000);
            options.starts = 1;
        }
        ensure!(options.seconds >= 1 && options.rounds >= 1, "--seconds and --rounds: at least 1");
        ensure!(options.connections >= 1, "--connections: at least 1");
        ensure!(options.rate >= 1 && options.uncached_rate >= 1, "rates: at least 1 a second");
        ensure!(options.dossiers >= 1, "--dossiers: at least 1");
        ensure!(
            options.uncached_needed() <= options.uncached_dossiers,
            "--uncached-dossiers: (c) asks for {} different ones",
            options.uncached_needed()
        );
        options.dakenh = std::path::absolute(&options.dakenh)?;
        ensure!(options.dakenh.is_file(), "--dakenh {}: not there", options.dakenh.display());
        if let Some(json) = &options.json {
            options.json = Some(std::path::absolute(json)?);
        }
        Ok(options)
    }

    fn span(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// Numbers that (c) uses up, those before the first round included.
    fn uncached_needed(&self) -> u64 {
        u64::from(self.rounds) * self.seconds * u64::from(self.uncached_rate) + bench::UNCACHED_BEFORE
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let options = options.checked()?;
    // Before any thread is started, so that all of them are on the core.
    let cores = Cores::settle(!options.no_pin);
    let load_before = system::load_average();
    let dir = tempfile::tempdir().context("a folder for the databases")?;
    let result = bench::Bench::set_up(&options, cores, dir.path())?.measure(load_before)?;
    let lines = report::lines(&options, &result);
    finish(&lines, options.json.as_deref(), &report::json(&options, &result), &result.proofs)
}
