//! The processes that are measured, and those behind them.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Options;
use crate::gateway::{self, Simulated};
use crate::process::Server;
use crate::system::Cores;

/// The portal of `dakenh portal-sim` with so many dossiers.
pub(super) fn portal(
    options: &Options,
    name: &'static str,
    dir: &Path,
    dossiers: u64,
    latency_ms: u64,
) -> anyhow::Result<Server> {
    let simulated = Simulated { dossiers, latency_ms, seed: options.seed };
    gateway::portal(&options.dakenh, name, dir, simulated)
}

/// A gateway with a database of its own.
pub(super) struct Gateway {
    pub(super) server: Server,
    pub(super) database: PathBuf,
}

impl Gateway {
    /// Starts `dakenh serve` on an empty database.
    pub(super) fn start(
        options: &Options,
        cores: Cores,
        name: &'static str,
        dir: &Path,
        portal: std::net::SocketAddr,
        last: &str,
    ) -> anyhow::Result<Self> {
        let home = dir.join(name);
        std::fs::create_dir(&home).with_context(|| home.display().to_string())?;
        let file = home.join("dakenh.toml");
        let database = home.join("dakenh.db");
        std::fs::write(&file, settings(&home, portal)).with_context(|| file.display().to_string())?;
        let mut command = cores.server(&options.dakenh);
        command.arg("serve").arg("--config").arg(&file);
        Ok(Self { server: Server::start(name, command, &home, last)?, database })
    }
}

/// What differs from the defaults beside what every bench changes, and why.
fn settings(home: &Path, portal: std::net::SocketAddr) -> String {
    let wide = "{ per_minute = 1, burst = 1_000_000 }";
    let rates = format!("{{ sender = {wide}, device = {wide}, address = {wide} }}");
    let common =
        gateway::settings(portal, &format!("sqlite://{}/dakenh.db", home.display()), &home.join("catalogue.jsonl"));
    format!(
        r#"{common}
[http]
# The generator speaks for 100,000 clients.
trusted_proxies = ["127.0.0.1/32"]

[http.address_limit]
# Nobody is refused, and a bucket that is refilled this slowly stays in memory.
per_second = 1
burst = 1_000_000

[limits]
any = {rates}
track_dossier = {rates}

[limits.dossiers]
sender = 10_000
address = 10_000

[limits.agency_day]
distinct = 100_000
"#
    )
}

/// The paths of at least so many of the simulator's dossiers.
pub(super) fn dossier_paths(portal: &Server, wanted: u64) -> anyhow::Result<Vec<String>> {
    let numbers = gateway::dossier_numbers(portal, wanted)?;
    Ok(numbers.into_iter().map(|number| format!("/api/v1/dossiers/{number}")).collect())
}
