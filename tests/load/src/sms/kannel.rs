//! Kannel on the same machine: bearerbox with its file store, smsbox, and a
//! backend that answers at once.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use axum::Router;
use axum::http::HeaderName;
use axum::routing::get;

use super::Options;
use super::centre::SHORT_CODE;
use crate::process::Server;
use crate::system::Cores;

/// What the backend answers: 150 letters, as the gateway's answers have.
pub(super) const ANSWER: &str = "HS 000.00.19.H09-261113-0001: Da co ket qua (So Xay dung). Ket qua gui qua buu dien. \
                                 Ca nhan xem them: gui ma, cccd, 4 so cuoi. Xong dung hen. Ma M08C";

/// Only errors on standard error: by default every octet is told there, and
/// that is most of what it then does.
const QUIET: [&str; 2] = ["-v", "3"];

pub(super) struct Kannel {
    bearerbox: Server,
    smsbox: Server,
}

impl Kannel {
    /// Where its two programs are.
    pub(super) fn programs() -> Option<(PathBuf, PathBuf)> {
        let path = std::env::var_os("PATH")?;
        // Debian puts them where only root looks.
        let folders: Vec<PathBuf> = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).collect();
        let find = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
        Some((find("bearerbox")?, find("smsbox")?))
    }

    pub(super) fn start(options: &Options, cores: Cores, dir: &Path, smsc: SocketAddr) -> anyhow::Result<Self> {
        let (bearerbox, smsbox) = Self::programs().context("Kannel is not installed")?;
        let home = tempfile::Builder::new().prefix("kannel-").tempdir_in(dir)?.keep();
        let backend = backend()?;
        let ports = [free_port()?, free_port()?, free_port()?];
        let file = home.join("kannel.conf");
        std::fs::write(&file, settings(options, &home, backend, smsc, ports))
            .with_context(|| file.display().to_string())?;
        let at = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        let mut command = cores.server(&bearerbox);
        command.args(QUIET).arg(&file);
        let bearerbox = Server::start_silent("bearerbox", command, &home, at(ports[0]))?;
        let mut command = cores.server(&smsbox);
        command.args(QUIET).arg(&file);
        let smsbox = Server::start_silent("smsbox", command, &home, at(ports[2]))?;
        Ok(Self { bearerbox, smsbox })
    }

    pub(super) fn pids(&self) -> Vec<u32> {
        vec![self.bearerbox.pid(), self.smsbox.pid()]
    }

    pub(super) fn log(&self) -> String {
        format!("{}\n{}", self.bearerbox.log(), self.smsbox.log())
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A service over HTTP, on a thread of its own; it ends with the process.
fn backend() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let at = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            // The answer asks for a receipt, as the gateway's do.
            let answer = || async { ([(HeaderName::from_static("x-kannel-dlr-mask"), "1")], ANSWER) };
            axum::serve(listener, Router::new().route("/answer", get(answer))).await
        })
    });
    Ok(at)
}

fn settings(options: &Options, home: &Path, backend: SocketAddr, smsc: SocketAddr, ports: [u16; 3]) -> String {
    let (home, window) = (home.display(), options.window);
    let [admin, boxes, sendsms] = ports;
    let (host, port) = (smsc.ip(), smsc.port());
    format!(
        r#"
group = core
admin-port = {admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
log-level = 3
store-type = file
store-location = {home}/kannel.store
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = bench
host = {host}
port = {port}
transceiver-mode = true
smsc-username = kannel
smsc-password = bench
system-type = ""
max-pending-submits = {window}
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
global-sender = {SHORT_CODE}
log-level = 3

group = sms-service
keyword = default
get-url = "http://{backend}/answer?from=%p&text=%a"
accept-x-kannel-headers = true
max-messages = 1
concatenation = false
omit-empty = true
"#
    )
}
