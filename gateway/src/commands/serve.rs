//! `dakenh serve`: the gateway.

use tokio_util::sync::CancellationToken;

use super::{out, settings};
use crate::cli::Global;
use crate::compose::Gateway;
use crate::config::Overrides;
use crate::exit::Exit;
use crate::{lifecycle, listeners, telemetry};

pub(super) async fn run(global: &Global) -> anyhow::Result<Exit> {
    let config = settings(global, Overrides::default())?;
    telemetry::start_logs(&config)?;
    let metrics = telemetry::start_metrics()?;
    let stop = CancellationToken::new();
    lifecycle::stop_on_signals(stop.clone())?;
    let gateway = Gateway::compose(config, &stop).await?;
    let running = listeners::start(gateway, metrics, stop).await?;
    out(&format!("public   http://{}", running.public));
    out(&format!("internal http://{}", running.internal));
    out("ready");
    running.until_stopped().await?;
    Ok(Exit::Good)
}
