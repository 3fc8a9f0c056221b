//! A private PostgreSQL that keeps what it confirms: unlike the one of the
//! tests it runs with `fsync=on`, as it comes.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use crate::system::Cores;

pub(crate) struct Server {
    pub(crate) url: String,
    /// The postmaster; connections are its children.
    pub(crate) pid: u32,
    pub(crate) version: String,
    programs: PathBuf,
    data: PathBuf,
    _folder: TempDir,
}

impl Server {
    /// Where PostgreSQL's programs are, newest version first.
    pub(crate) fn programs() -> Option<PathBuf> {
        let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
            .collect();
        versions.sort();
        versions.pop()
    }

    /// Starts one in a folder of its own, on every core.
    pub(crate) fn start(cores: Cores) -> anyhow::Result<Self> {
        let programs = Self::programs().context("PostgreSQL is not installed")?;
        let folder = tempfile::Builder::new().prefix("dakenh-sms-postgres-").tempdir()?;
        let data = folder.path().join("data");
        if is_root() {
            // initdb refuses root.
            must(Command::new("chown").arg("postgres").arg(folder.path()))?;
        }
        let mut initdb = as_postgres(cores, &programs.join("initdb"));
        must(initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let options = format!("-h 127.0.0.1 -p {port} -k {} -c fsync=on", folder.path().display());
        let mut start = as_postgres(cores, &programs.join("pg_ctl"));
        must(
            start
                .arg("-D")
                .arg(&data)
                .arg("-l")
                .arg(folder.path().join("log"))
                .args(["-w", "-t", "60", "-o", &options, "start"]),
        )?;
        let pid = std::fs::read_to_string(data.join("postmaster.pid"))?;
        let pid = pid.lines().next().and_then(|line| line.trim().parse().ok()).context("postmaster.pid")?;
        let version = std::fs::read_to_string(data.join("PG_VERSION")).unwrap_or_default().trim().to_owned();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(Self { url, pid, version, programs, data, _folder: folder })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = as_postgres(Cores::Shared, &self.programs.join("pg_ctl"));
        let _ = must(stop.arg("-D").arg(&self.data).args(["-m", "immediate", "-w", "stop"]));
    }
}

fn as_postgres(cores: Cores, program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = cores.anywhere(Path::new("runuser"));
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        cores.anywhere(program)
    };
    // The postgres user may not enter the folder we stand in.
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

fn must(command: &mut Command) -> anyhow::Result<()> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let status = status.with_context(|| format!("{command:?} did not start"))?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(())
}
