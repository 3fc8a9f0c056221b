//! (d): Debian's nginx before the same gateway, from which it has cached every
//! answer, so that it sends the very same bytes. It does what can be compared:
//! a request id, a limit by client with a state for each of them, the cache,
//! and a line in a buffered log for each request. Where there is a choice, it
//! is made in nginx's favour: it neither varies by language nor revalidates.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use anyhow::Context as _;

use crate::process::Server;
use crate::system::{self, Cores};

/// An nginx of our own; that of the system is left alone.
pub(super) struct Nginx {
    pub(super) server: Server,
    pub(super) at: SocketAddr,
}

impl Nginx {
    /// Whether nginx can be started here.
    pub(super) fn is_installed() -> bool {
        system::is_installed(PROGRAM, "-v")
    }

    /// Starts it with everything it writes in `dir`.
    pub(super) fn start(cores: Cores, dir: &Path, upstream: SocketAddr, dossiers: u64) -> anyhow::Result<Self> {
        let home = dir.join("nginx");
        std::fs::create_dir(&home).with_context(|| home.display().to_string())?;
        // nginx cannot be asked which port it took: one that was free just now.
        let at = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        // As root its workers would change to a user who may not read here.
        let is_root = std::fs::metadata(&home)?.uid() == 0;
        let file = home.join("nginx.conf");
        let text = configuration(&home, at, upstream, is_root, dossiers);
        std::fs::write(&file, text).with_context(|| file.display().to_string())?;
        let mut command = cores.server(Path::new(PROGRAM));
        command.arg("-p").arg(&home).arg("-c").arg(&file);
        Ok(Self { server: Server::start_silent("nginx", command, &home, at)?, at })
    }
}

const PROGRAM: &str = "/usr/sbin/nginx";

fn configuration(home: &Path, at: SocketAddr, upstream: SocketAddr, is_root: bool, dossiers: u64) -> String {
    let home = home.display();
    let user = if is_root { "user root;\n" } else { "" };
    // Opened files are remembered, as far as the system lets one process have
    // so many.
    let files = (dossiers + 1_000).min(system::most_files().saturating_sub(5_000));
    let remembered = match files {
        0..1_000 => "off".to_owned(),
        _ => format!("max={files} inactive=2h"),
    };
    format!(
        r#"{user}daemon off;
worker_processes 1;
worker_rlimit_nofile {limit};
pid {home}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
    log_format audit '$msec $request_id $http_x_forwarded_for "$request" $status $upstream_cache_status';
    access_log {home}/access.log audit buffer=64k flush=1s;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    keepalive_timeout 300s;
    keepalive_requests 1000000000;
    sendfile on;
    tcp_nodelay on;
    open_file_cache {remembered};
    open_file_cache_valid 2h;
    limit_req_zone $http_x_forwarded_for zone=clients:64m rate=1r/s;
    limit_req_status 429;
    proxy_cache_path {home}/cache levels=1:2 keys_zone=dossiers:64m max_size=8g inactive=2h use_temp_path=off;
    upstream gateway {{ server {upstream}; keepalive 64; }}
    server {{
        listen {at};
        location / {{
            limit_req zone=clients burst=1000000 nodelay;
            add_header x-request-id $request_id;
            proxy_pass http://gateway;
            proxy_http_version 1.1;
            proxy_set_header connection "";
            proxy_set_header x-forwarded-for $http_x_forwarded_for;
            proxy_hide_header x-request-id;
            proxy_ignore_headers cache-control expires vary;
            proxy_cache dossiers;
            proxy_cache_key $uri;
            proxy_cache_valid 200 2h;
        }}
    }}
}}
"#,
        limit = files + 5_000,
    )
}
