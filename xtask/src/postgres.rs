//! A PostgreSQL server for the tests: a running one, or a private one.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use crate::run::{install, is_root, must, say, variable};

/// Where tests may create databases. A private server stops when this is dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    private: Option<Private>,
}

struct Private {
    programs: PathBuf,
    data: PathBuf,
    _folder: TempDir,
}

impl Server {
    /// A running server by `DAKENH_TEST_POSTGRES`, else a private one.
    pub(crate) fn find_or_start() -> anyhow::Result<Self> {
        if let Some(url) = variable("DAKENH_TEST_POSTGRES") {
            return Ok(Self { url, private: None });
        }
        let programs = match programs() {
            Some(programs) => programs,
            None if is_root() => {
                install("postgresql")?;
                programs().context("initdb is missing though the package postgresql was installed")?
            }
            None => bail!("PostgreSQL is missing: install the package postgresql, or set DAKENH_TEST_POSTGRES"),
        };
        Self::start(&programs)
    }

    fn start(programs: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("dakenh-postgres-").tempdir()?;
        let data = folder.path().join("data");
        if is_root() {
            // initdb refuses root.
            must(Command::new("chown").arg("postgres").arg(folder.path()))?;
        }
        must(
            as_postgres(&programs.join("initdb"))
                .arg("-D")
                .arg(&data)
                .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"])
                .stdout(std::process::Stdio::null()),
        )?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let options =
            format!("-h 127.0.0.1 -p {port} -k {} -c fsync=off -c max_connections=300", folder.path().display());
        must(
            as_postgres(&programs.join("pg_ctl"))
                .arg("-D")
                .arg(&data)
                .arg("-l")
                .arg(folder.path().join("log"))
                .args(["-w", "-t", "60", "-o", &options, "start"])
                .stdout(std::process::Stdio::null()),
        )?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(Self { url, private: Some(Private { programs: programs.to_path_buf(), data, _folder: folder }) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(private) = &self.private {
            let stopped = must(
                as_postgres(&private.programs.join("pg_ctl"))
                    .arg("-D")
                    .arg(&private.data)
                    .args(["-m", "immediate", "-w", "stop"])
                    .stdout(std::process::Stdio::null()),
            );
            if let Err(problem) = stopped {
                say(&format!("private PostgreSQL: {problem:#}"));
            }
        }
    }
}

fn as_postgres(program: &Path) -> Command {
    // The postgres user may not enter the folder we stand in.
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

/// The folder of `initdb`, newest version first.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    versions.sort();
    versions.pop()
}
