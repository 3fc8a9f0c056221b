//! Logs and metrics.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts logging to standard error, as lines for people or as JSON.
pub(crate) fn start_logs(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log.filter).context("setting log.filter")?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Else a line that nobody reads any more is complained of on the same
        // closed pipe, and that panics in whoever logs, the stop among them.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    let started = if config.log.json {
        builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        builder.compact().with_target(false).try_init()
    };
    started.map_err(|problem| anyhow::anyhow!("logs: {problem}"))
}

/// Installs the Prometheus recorder. Once in a process; it must stand before
/// anything registers a metric.
pub(crate) fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets(&[
            0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ])
        .context("metric buckets")?
        .install_recorder()
        .context("metrics")
}
