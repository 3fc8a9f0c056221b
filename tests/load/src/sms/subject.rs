//! The gateways that are measured, and what stands behind them.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context as _;

use super::centre::SHORT_CODE;
use super::kannel::Kannel;
use super::{Database, Options, postgres};
use crate::gateway::{self, Simulated};
use crate::process::Server;
use crate::system::Cores;

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
            Self::Gateway(gateway) => gateway::metrics(&gateway.server),
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

/// What differs from the defaults beside what every bench changes. No limit of
/// senders is raised: every phone asks once.
fn settings(options: &Options, home: &Path, url: &str, portal: SocketAddr, smsc: SocketAddr) -> String {
    let common = gateway::settings(portal, url, &home.join("catalogue.jsonl"));
    let (host, port, window) = (smsc.ip(), smsc.port(), options.window);
    format!(
        r#"{common}
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
    let simulated = Simulated { dossiers: 1_000, latency_ms: 0, seed: options.seed };
    gateway::portal(&options.dakenh, "portal", dir, simulated)
}
