//! `dakenh portal-sim`: a portal to run against.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use gateway_core::domain::Procedure;
use portal_simulator::{Simulator, SimulatorConfig};
use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{out, settings};
use crate::cli::{Global, PortalSim};
use crate::clock::{SystemClock, SystemRandomness};
use crate::compose;
use crate::config::{Config, Overrides};
use crate::exit::{Exit, WrongUse};
use crate::lifecycle;

pub(super) async fn run(global: &Global, arguments: &PortalSim) -> anyhow::Result<Exit> {
    // The account and the agencies are those that the gateway is configured
    // with, so that both sides fit together.
    let settings = settings(global, Overrides::default())?;
    let mut config = config(&settings, arguments.procedures.as_deref())?;
    config.dossiers = arguments.dossiers;
    config.seed = arguments.seed;
    let faults = match (&arguments.faults, arguments.latency_ms) {
        (Some(json), _) => Some(json.clone()),
        (None, Some(ms)) => Some(format!(r#"{{"latency":{{"fixed_ms":{ms}}}}}"#)),
        (None, None) => None,
    };
    if let Some(json) = faults {
        config.faults = serde_json::from_str(&json).map_err(|problem| WrongUse(format!("--faults: {problem}")))?;
    }
    let simulator = Simulator::new(config).map_err(|problem| WrongUse(problem.to_string()))?;
    let stop = CancellationToken::new();
    lifecycle::stop_on_signals(stop.clone())?;
    let listener =
        TcpListener::bind(arguments.listen).await.with_context(|| format!("--listen {}", arguments.listen))?;
    out(&format!("portal   http://{}", listener.local_addr()?));
    for sample in simulator.samples() {
        let proof = sample.last_four.as_deref().unwrap_or("-");
        out(&format!("{:<16} {}  {proof}", sample.what, sample.number));
    }
    out("ready");
    serve(listener, &simulator, stop).await?;
    Ok(Exit::Good)
}

/// A simulator of the small catalogue, or of the procedures in a file, for
/// the account and the agencies of the settings.
pub(super) fn config(settings: &Config, procedures: Option<&Path>) -> anyhow::Result<SimulatorConfig> {
    let procedures: Vec<Procedure> = match procedures {
        Some(file) => gateway_catalogue::read_jsonl(file)
            .map_err(|problem| WrongUse(format!("--procedures {}: {problem}", file.display())))?,
        None => gateway_catalogue::builtin(),
    };
    let mut config = SimulatorConfig::new(procedures, Arc::new(SystemClock), Arc::new(SystemRandomness));
    let national = &settings.portal.national;
    config.username.clone_from(&national.username);
    config.password = national.password.expose_secret().to_owned();
    config.agency_code.clone_from(&national.agency_code);
    config.agencies = compose::agency_names(&settings.agencies());
    config.calendar = settings.calendar().map_err(WrongUse)?;
    Ok(config)
}

/// Answers until the token is cancelled. Open connections are cut then: a
/// portal that stops does not say goodbye.
pub(super) async fn serve(listener: TcpListener, simulator: &Simulator, stop: CancellationToken) -> anyhow::Result<()> {
    let router = simulator.router().merge(simulator.internal_router());
    tokio::select! {
        () = stop.cancelled() => Ok(()),
        served = async { axum::serve(listener, router).await } => served.context("portal simulator"),
    }
}
