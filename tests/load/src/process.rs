//! Servers in processes of their own, ended by their id.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// The longest that is waited for a line.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server; it is ended at the latest when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    name: &'static str,
    printed: Vec<String>,
    log: PathBuf,
}

impl Server {
    /// Starts it and reads what it prints up to `last` (a line's first word).
    /// Its log goes to a file in `dir`. Settings of the surroundings do not
    /// reach it.
    pub(crate) fn start(name: &'static str, mut command: Command, dir: &Path, last: &str) -> anyhow::Result<Self> {
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("DAKENH_") {
                command.env_remove(variable);
            }
        }
        let log = dir.join(format!("{name}.log"));
        let errors = File::create(&log).with_context(|| log.display().to_string())?;
        let child = command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn();
        let mut child = child.with_context(|| format!("starting {name}"))?;
        let out = child.stdout.take().context("standard output")?;
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Read on when nobody listens any more: a full pipe would stop it.
                let _ = send.send(line);
            }
        });
        let mut server = Self { child, name, printed: Vec::new(), log };
        let until = Instant::now() + PATIENCE;
        loop {
            let Ok(line) = lines.recv_timeout(until.saturating_duration_since(Instant::now())) else {
                bail!("{name} did not say {last:?}; its log: {}", server.log());
            };
            let done = line.split_whitespace().next() == Some(last);
            server.printed.push(line);
            if done {
                return Ok(server);
            }
        }
    }

    /// Starts a server that prints nothing, and waits until it takes connections.
    pub(crate) fn start_silent(
        name: &'static str,
        mut command: Command,
        dir: &Path,
        at: SocketAddr,
    ) -> anyhow::Result<Self> {
        let log = dir.join(format!("{name}.log"));
        let errors = File::create(&log).with_context(|| log.display().to_string())?;
        let child = command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn();
        let mut server =
            Self { child: child.with_context(|| format!("starting {name}"))?, name, printed: Vec::new(), log };
        let until = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(at).is_err() {
            if server.child.try_wait()?.is_some() || Instant::now() > until {
                bail!("{name} does not answer at {at}; its log: {}", server.log());
            }
            pause(Duration::from_millis(5));
        }
        Ok(server)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The address that was printed after this word (`public   http://…`).
    pub(crate) fn address(&self, word: &str) -> anyhow::Result<SocketAddr> {
        let line = self.printed.iter().find(|line| line.split_whitespace().next() == Some(word));
        let address = line.and_then(|line| line.split_whitespace().nth(1)?.strip_prefix("http://"));
        let address = address.with_context(|| format!("{} printed no address of {word}", self.name))?;
        address.parse().with_context(|| format!("{} printed {address}", self.name))
    }

    /// The end of its log.
    pub(crate) fn log(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n")
    }

    fn terminate(&self) -> anyhow::Result<()> {
        let sent = Command::new("kill").arg(self.pid().to_string()).status().context("kill")?;
        anyhow::ensure!(sent.success(), "kill {}: {sent}", self.pid());
        Ok(())
    }

    /// Ends it as an operator does (SIGTERM) and waits until it has gone.
    ///
    /// # Errors
    /// It did not end well.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.terminate().with_context(|| format!("{} could not be stopped", self.name))?;
        let status = self.child.wait().with_context(|| format!("waiting for {}", self.name))?;
        if !status.success() {
            bail!("{} ended with {status}; its log: {}", self.name, self.log());
        }
        Ok(())
    }
}

/// How long a server that is not stopped in good order has for its own end.
const LAST_MOMENTS: Duration = Duration::from_secs(3);

impl Drop for Server {
    /// Asked first: one that is killed at once leaves its workers behind.
    fn drop(&mut self) {
        let until = Instant::now() + LAST_MOMENTS;
        if matches!(self.child.try_wait(), Ok(None)) && self.terminate().is_ok() {
            while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
                pause(Duration::from_millis(5));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits.
#[expect(clippy::disallowed_methods, reason = "a bench waits for other processes in real time")]
pub(crate) fn pause(span: Duration) {
    std::thread::sleep(span);
}
