//! The gateways that are measured, and what stands behind them.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use serde_json::Value;

use super::centre::SHORT_CODE;
use super::kannel::Kannel;
use super::{Database, Options, postgres};
use crate::generator::fetch;
use crate::process::Server;
use crate::system::Cores;

/// What the gateway logs in with at the simulated portal.
const PASSWORD: &str = "a-bench";

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Gateway(Database),
    Kannel,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gateway(Database::Sqlite) => "dakenh, SQLite",
            Self::Gateway(Database::Postgres) => "dakenh, PostgreSQL",
            Self::Kannel => "Kannel, file store",
        }
    }
}

/// A subject that runs.
pub(super) enum Subject {
    Gateway(Box<Gateway>),
    Kannel(Kannel),
}

impl Subject {
    pub(super) fn start(
        kind: Kind,
        options: &Options,
        cores: Cores,
        dir: &Path,
        portal: SocketAddr,
        smsc: SocketAddr,
    ) -> anyhow::Result<Self> {
        Ok(match kind {
            Kind::Gateway(database) => {
                Self::Gateway(Box::new(Gateway::start(database, options, cores, dir, portal, smsc)?))
            }
            Kind::Kannel => Self::Kannel(Kannel::start(options, cores, dir, smsc)?),
        })
    }

    /// Its processes, a database server's not among them.
    pub(super) fn pids(&self) -> Vec<u32> {
        match self {
            Self::Gateway(gateway) => vec![gateway.server.pid()],
            Self::Kannel(kannel) => kannel.pids(),
        }
    }

    /// The database server, whose children serve it.
    pub(super) fn database_pid(&self) -> Option<u32> {
        match self {
            Self::Gateway(gateway) => gateway.postgres.as_ref().map(|server| server.pid),
            Self::Kannel(_) => None,
        }
    }

    /// Its figures in Prometheus' text form.
    pub(super) fn metrics(&self) -> anyhow::Result<String> {
        match self {
            Self::Gateway(gateway) => Ok(String::from_utf8(fetch(gateway.server.address("internal")?, "/metrics")?)?),
            Self::Kannel(_) => Ok(String::new()),
        }
    }

    pub(super) fn log(&self) -> String {
        match self {
            Self::Gateway(gateway) => gateway.server.log(),
            Self::Kannel(kannel) => kannel.log(),
        }
    }
}

/// `dakenh serve` with a database of its own.
pub(super) struct Gateway {
    pub(super) server: Server,
    /// Where its database is.
    pub(super) url: String,
    pub(super) postgres: Option<postgres::Server>,
}

impl Gateway {
    fn start(
        database: Database,
        options: &Options,
        cores: Cores,
        dir: &Path,
        portal: SocketAddr,
        smsc: SocketAddr,
    ) -> anyhow::Result<Self> {
        let home = tempfile::Builder::new().prefix("gateway-").tempdir_in(dir)?.keep();
        let (url, postgres) = match database {
            Database::Sqlite => (format!("sqlite://{}/dakenh.db", home.display()), None),
            Database::Postgres => {
                let server = postgres::Server::start(cores)?;
                (server.url.clone(), Some(server))
            }
        };
        let file = home.join("dakenh.toml");
        std::fs::write(&file, settings(options, &home, &url, portal, smsc))
            .with_context(|| file.display().to_string())?;
        let mut command = cores.server(&options.dakenh);
        command.arg("serve").arg("--config").arg(&file);
        Ok(Self { server: Server::start("gateway", command, &home, "ready")?, url, postgres })
    }
}

/// What differs from the defaults, and why. No limit of senders is raised:
/// every phone asks once.
fn settings(options: &Options, home: &Path, url: &str, portal: SocketAddr, smsc: SocketAddr) -> String {
    let (home, window) = (home.display(), options.window);
    let (host, port) = (smsc.ip(), smsc.port());
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
file = "{home}/catalogue.jsonl"

[store]
url = "{url}"

[audit]
key = "a key for a bench, worth nothing elsewhere"

[[sms.smpp]]
name = "bench"
hosts = ["{host}"]
port = {port}
system_id = "dakenh"
password = "bench"
private_line = true
window = {window}
# No contract slows us.
rate_per_second = 100_000

[[sms.routes]]
road = "bench"
from = "{SHORT_CODE}"
"#
    )
}

/// The portal of `dakenh portal-sim`, on the SMSC's core.
pub(super) fn portal(options: &Options, dir: &Path) -> anyhow::Result<Server> {
    let mut command = Command::new(&options.dakenh);
    command.args(["portal-sim", "--listen", "127.0.0.1:0"]);
    command.args(["--set", &format!("portal.national.password={PASSWORD}")]);
    command.args(["--dossiers", "1000"]).arg("--seed").arg(options.seed.to_string());
    Server::start("portal", command, dir, "ready")
}

/// Numbers of the portal's dossiers.
pub(super) fn numbers(portal: &Server) -> anyhow::Result<Vec<String>> {
    let body: Value = serde_json::from_slice(&fetch(portal.address("portal")?, "/internal/dossiers?page=0")?)?;
    let dossiers = body["dossiers"].as_array().context("dossiers")?;
    Ok(dossiers.iter().filter_map(|dossier| Some(dossier["number"].as_str()?.to_owned())).collect())
}
