//! The time from starting the whole gateway to `/readyz` saying yes.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::Options;
use crate::gateway;
use crate::generator::fetch;
use crate::process::Server;
use crate::system::Cores;

/// A gateway with a database of its own.
pub(super) struct Gateway {
    pub(super) server: Server,
    pub(super) database: PathBuf,
}

impl Gateway {
    /// Starts `dakenh serve` on an empty database, with the procedures.
    pub(super) fn start(options: &Options, cores: Cores, dir: &Path, at: &Around) -> anyhow::Result<Self> {
        let home = tempfile::Builder::new().prefix("gateway-").tempdir_in(dir)?.keep();
        let database = home.join("dakenh.db");
        let common = gateway::settings(at.portal, &format!("sqlite://{}", database.display()), &at.catalogue);
        // No limit is raised: each dialogue is another citizen's.
        let settings = format!(
            "{common}\n[http]\n# The generator speaks for all of them.\ntrusted_proxies = [\"127.0.0.1/32\"]\n"
        );
        let file = home.join("dakenh.toml");
        std::fs::write(&file, settings).with_context(|| file.display().to_string())?;
        let mut command = cores.server(&options.dakenh);
        command.arg("serve").arg("--config").arg(&file);
        Ok(Self { server: Server::start("gateway", command, &home, "ready")?, database })
    }
}

/// What a gateway is started with.
#[derive(Debug, Clone)]
pub(super) struct Around {
    pub(super) portal: SocketAddr,
    pub(super) catalogue: PathBuf,
}

impl Around {
    /// With a copy of the procedures, so that nothing is written or found beside the
    /// operator's file; the small catalogue where there are none.
    pub(super) fn anew(options: &Options, dir: &Path, portal: SocketAddr) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("catalogue-").tempdir_in(dir)?.keep();
        let Some(file) = &options.procedures else {
            return Ok(Self { portal, catalogue: folder.join("catalogue.jsonl") });
        };
        let catalogue = folder.join(file.file_name().context("--procedures: a file")?);
        std::fs::copy(file, &catalogue).with_context(|| file.display().to_string())?;
        Ok(Self { portal, catalogue })
    }

    /// The same, with the catalogue prepared beside it; `None` where the small one
    /// answers.
    pub(super) fn prepared(options: &Options, dir: &Path, portal: SocketAddr) -> anyhow::Result<Option<Self>> {
        if options.procedures.is_none() {
            return Ok(None);
        }
        let at = Self::anew(options, dir, portal)?;
        let settings = at.catalogue.with_extension("toml");
        std::fs::write(&settings, gateway::settings(portal, "sqlite::memory:", &at.catalogue))?;
        let mut prepare = Command::new(&options.dakenh);
        let ran = prepare.args(["catalogue", "prepare", "--config"]).arg(&settings).output()?;
        ensure!(ran.status.success(), "dakenh catalogue prepare: {}", String::from_utf8_lossy(&ran.stderr));
        Ok(Some(at))
    }
}

/// Starts it so many times. Sorted; at least one. Each must be ready with so many
/// procedures.
pub(super) fn starts(
    options: &Options,
    cores: Cores,
    dir: &Path,
    at: &Around,
    procedures: usize,
) -> anyhow::Result<Vec<Duration>> {
    // The first is not counted: it reads the program and the file from the disk.
    start(options, cores, dir, at, procedures)?;
    let mut times = Vec::with_capacity(options.starts.max(1));
    for _ in 0..options.starts.max(1) {
        times.push(start(options, cores, dir, at, procedures)?);
    }
    times.sort_unstable();
    Ok(times)
}

fn start(options: &Options, cores: Cores, dir: &Path, at: &Around, procedures: usize) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let gateway = Gateway::start(options, cores, dir, at)?;
    let body = fetch(gateway.server.address("internal")?, "/readyz")?;
    let took = started.elapsed();
    let ready: Value = serde_json::from_slice(&body)?;
    ensure!(
        ready["status"] == "ready" && ready["procedures"].as_u64() == Some(procedures as u64),
        "not ready with {procedures} procedures: {ready}; log: {}",
        gateway.server.log()
    );
    gateway.server.stop()?;
    Ok(took)
}
