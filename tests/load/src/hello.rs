//! `load hello`: the least that an axum server does. What the gateway costs is
//! told as a share of it.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::Router;
use axum::routing::get;
use clap::Args;
use tokio::net::TcpListener;

use crate::report::say;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Address to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    listen: SocketAddr,
    /// Threads of the runtime; as many as the process may use cores, like the gateway.
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(workers) = options.workers {
        builder.worker_threads(workers.max(1));
    }
    builder.enable_all().build()?.block_on(async {
        let listener =
            TcpListener::bind(options.listen).await.with_context(|| format!("--listen {}", options.listen))?;
        say(&format!("public   http://{}", listener.local_addr()?));
        say("ready");
        axum::serve(listener, router()).await.context("hello")
    })
}

pub(crate) fn router() -> Router {
    Router::new().route("/hello", get(|| async { "hello" }))
}
