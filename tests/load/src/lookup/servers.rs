//! The processes that are measured, and those behind them.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;

use super::Options;
use crate::generator::fetch;
use crate::process::Server;
use crate::system::Cores;

/// What the gateway logs in with at the simulated portal.
const PASSWORD: &str = "a-bench";

/// The portal of `dakenh portal-sim`, on the generator's core.
pub(super) fn portal(
    options: &Options,
    name: &'static str,
    dir: &Path,
    dossiers: u64,
    latency_ms: u64,
) -> anyhow::Result<Server> {
    let mut command = std::process::Command::new(&options.dakenh);
    command.args(["portal-sim", "--listen", "127.0.0.1:0"]);
    command.args(["--set", &format!("portal.national.password={PASSWORD}")]);
    command.arg("--dossiers").arg(dossiers.to_string()).arg("--seed").arg(options.seed.to_string());
    if latency_ms > 0 {
        command.arg("--latency-ms").arg(latency_ms.to_string());
    }
    Server::start(name, command, dir, "ready")
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

/// What differs from the defaults, and why.
fn settings(home: &Path, portal: std::net::SocketAddr) -> String {
    let wide = "{ per_minute = 1, burst = 1_000_000 }";
    let rates = format!("{{ sender = {wide}, device = {wide}, address = {wide} }}");
    let home = home.display();
    format!(
        r#"
[log]
filter = "warn"

[listen]
public = "127.0.0.1:0"
internal = "127.0.0.1:0"

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

[portal.national]
base_url = "http://{portal}"
password = "{PASSWORD}"

[portal.cache]
# What was put in before the measurement stays fresh to its end.
fresh_ms = 7_200_000

[catalogue]
file = "{home}/catalogue.jsonl"

[store]
url = "sqlite://{home}/dakenh.db"

[audit]
key = "a key for a bench, worth nothing elsewhere"
"#
    )
}

/// The paths of at least so many of the simulator's dossiers, in pages that lie
/// evenly over all of them.
pub(super) fn dossier_paths(portal: &Server, wanted: u64) -> anyhow::Result<Vec<String>> {
    let at = portal.address("portal")?;
    let page = |page: u64| -> anyhow::Result<(u64, Vec<String>)> {
        let body: Value = serde_json::from_slice(&fetch(at, &format!("/internal/dossiers?page={page}"))?)?;
        let pages = body["pages"].as_u64().context("pages")?;
        let numbers = body["dossiers"].as_array().context("dossiers")?;
        let paths = numbers.iter().filter_map(|dossier| dossier["number"].as_str());
        Ok((pages, paths.map(|number| format!("/api/v1/dossiers/{number}")).collect()))
    };
    let (pages, first) = page(0)?;
    let per_page = (first.len() as u64).max(1);
    let count = wanted.div_ceil(per_page).min(pages);
    let mut paths = first;
    for place in 1..count {
        paths.extend(page(place * pages / count)?.1);
    }
    Ok(paths)
}
