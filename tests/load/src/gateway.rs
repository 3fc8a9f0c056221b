//! The gateway that is measured and the portal behind it, as every bench starts
//! them.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::generator::fetch;
use crate::process::Server;

/// What the gateway logs in with at the simulated portal.
const PASSWORD: &str = "a-bench";

/// What the simulated portal holds, and how slow it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Simulated {
    pub(crate) dossiers: u64,
    pub(crate) latency_ms: u64,
    pub(crate) seed: u64,
}

/// The portal of `dakenh portal-sim`, on the generator's core.
pub(crate) fn portal(dakenh: &Path, name: &'static str, dir: &Path, simulated: Simulated) -> anyhow::Result<Server> {
    let Simulated { dossiers, latency_ms, seed } = simulated;
    let mut command = Command::new(dakenh);
    command.args(["portal-sim", "--listen", "127.0.0.1:0"]);
    command.args(["--set", &format!("portal.national.password={PASSWORD}")]);
    command.arg("--dossiers").arg(dossiers.to_string()).arg("--seed").arg(seed.to_string());
    if latency_ms > 0 {
        command.arg("--latency-ms").arg(latency_ms.to_string());
    }
    Server::start(name, command, dir, "ready")
}

/// The numbers of at least so many of the simulator's dossiers (or of all of
/// them), in pages that lie evenly over all.
pub(crate) fn dossier_numbers(portal: &Server, wanted: u64) -> anyhow::Result<Vec<String>> {
    let at = portal.address("portal")?;
    let page = |page: u64| -> anyhow::Result<(u64, Vec<String>)> {
        let body: Value = serde_json::from_slice(&fetch(at, &format!("/internal/dossiers?page={page}"))?)?;
        let pages = body["pages"].as_u64().context("pages")?;
        let dossiers = body["dossiers"].as_array().context("dossiers")?;
        let numbers = dossiers.iter().filter_map(|dossier| Some(dossier["number"].as_str()?.to_owned()));
        Ok((pages, numbers.collect()))
    };
    let (pages, mut numbers) = page(0)?;
    let per_page = (numbers.len() as u64).max(1);
    let count = wanted.div_ceil(per_page).min(pages);
    for place in 1..count {
        numbers.extend(page(place * pages / count)?.1);
    }
    Ok(numbers)
}

/// A gateway's figures in Prometheus' text form.
pub(crate) fn metrics(gateway: &Server) -> anyhow::Result<String> {
    Ok(String::from_utf8(fetch(gateway.address("internal")?, "/metrics")?)?)
}

/// The code by which a terminal of a gateway becomes one.
pub(crate) fn enrolment_code(dakenh: &Path, settings: &Path, site: &str, name: &str) -> anyhow::Result<String> {
    let mut enrol = Command::new(dakenh);
    let made = enrol.args(["kiosk", "enrol", "--site", site, "--name", name, "--config"]).arg(settings).output();
    let made = made.context("dakenh kiosk enrol")?;
    ensure!(made.status.success(), "dakenh kiosk enrol: {}", String::from_utf8_lossy(&made.stderr));
    let out = String::from_utf8(made.stdout).context("the code")?;
    Ok(out.lines().next().context("the code")?.trim().to_owned())
}

/// What differs from the defaults in every bench, and why. More sections may
/// follow.
pub(crate) fn settings(portal: SocketAddr, database_url: &str, catalogue: &Path) -> String {
    let catalogue = catalogue.display();
    format!(
        r#"
[log]
filter = "warn"

[listen]
public = "127.0.0.1:0"
internal = "127.0.0.1:0"

[portal.national]
base_url = "http://{portal}"
password = "{PASSWORD}"

[portal.cache]
# What was put in before the measurement stays fresh to its end.
fresh_ms = 7_200_000

[catalogue]
# Where it is not there, the small catalogue answers.
file = "{catalogue}"

[store]
url = "{database_url}"

[audit]
key = "a key for a bench, worth nothing elsewhere"
"#
    )
}
