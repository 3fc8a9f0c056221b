//! `dakenh migrate`: the database's tables, brought up to date.

use std::sync::Arc;

use anyhow::Context as _;
use gateway_core::ports::Clock;

use super::{out, settings};
use crate::cli::Global;
use crate::clock::SystemClock;
use crate::compose;
use crate::config::Overrides;
use crate::exit::Exit;

pub(super) async fn run(global: &Global) -> anyhow::Result<Exit> {
    let config = settings(global, Overrides::default())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = compose::open_store(&config, &clock).await?;
    let applied = store.migrate().await.context("database tables")?;
    for version in applied.iter().filter(|version| version.new) {
        out(&format!("applied {} {}", version.version, version.name));
    }
    if !applied.iter().any(|version| version.new) {
        out("nothing to do");
    }
    store.close().await;
    Ok(Exit::Good)
}
