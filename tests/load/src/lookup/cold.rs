//! The time from starting a process to its first answer.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::Options;
use super::servers::Gateway;
use crate::generator::fetch;
use crate::system::Cores;

/// Starts `dakenh serve` on an empty database so many times (with the tables
/// to be made) and asks it for a procedure. Sorted; at least one.
pub(super) fn starts(
    options: &Options,
    cores: Cores,
    dir: &Path,
    portal: std::net::SocketAddr,
) -> anyhow::Result<Vec<Duration>> {
    // The first is not counted: it reads the program from the disk.
    let (code, _) = start(options, cores, dir, portal, None)?;
    let mut times = Vec::with_capacity(options.starts.max(1));
    for _ in 0..options.starts.max(1) {
        times.push(start(options, cores, dir, portal, Some(&code))?.1);
    }
    times.sort_unstable();
    Ok(times)
}

fn start(
    options: &Options,
    cores: Cores,
    dir: &Path,
    portal: std::net::SocketAddr,
    code: Option<&str>,
) -> anyhow::Result<(String, Duration)> {
    let dir = tempfile::tempdir_in(dir)?;
    let started = Instant::now();
    let gateway = Gateway::start(options, cores, "start", dir.path(), portal, "public")?;
    let at = gateway.server.address("public")?;
    let code = match code {
        Some(code) => code.to_owned(),
        None => some_code(&fetch(at, "/api/v1/procedures?limit=1")?)?,
    };
    fetch(at, &format!("/api/v1/procedures/{code}"))?;
    let took = started.elapsed();
    gateway.server.stop()?;
    Ok((code, took))
}

/// The first procedure's code in a list.
fn some_code(list: &[u8]) -> anyhow::Result<String> {
    let text = std::str::from_utf8(list)?;
    let (_, rest) = text.split_once("\"code\":\"").context("a list of procedures without a code")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
