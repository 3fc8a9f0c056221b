//! What the bench shows of itself: that what it measured was done.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::Clock;
use gateway_store::{Store, StoreConfig};
use jiff::Timestamp;

/// A statement that must hold for the figures to mean anything.
#[derive(Debug, Clone)]
pub(super) struct Proof {
    pub(super) what: String,
    pub(super) holds: bool,
}

impl Proof {
    pub(super) fn new(holds: bool, what: String) -> Self {
        Self { what, holds }
    }

    /// Two counts that must be the same.
    pub(super) fn equal(what: &str, found: u64, wanted: u64) -> Self {
        Self { what: format!("{what}: {found} of {wanted}"), holds: found == wanted }
    }
}

/// The sum of a figure's values in Prometheus' text form, over the series that
/// have this text among their labels.
pub(super) fn metric(text: &str, name: &str, label: &str) -> u64 {
    let values = text.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let (labels, value) = rest.rsplit_once(' ')?;
        let is_it = labels.is_empty() || labels.starts_with('{');
        (is_it && labels.contains(label)).then(|| value.parse::<f64>().ok())?
    });
    values.sum::<f64>() as u64
}

/// Rows of the audit in a database that no process has open any more.
pub(super) fn audit_rows(runtime: &tokio::runtime::Runtime, database: &Path) -> anyhow::Result<u64> {
    let config = StoreConfig {
        url: format!("sqlite://{}", database.display()),
        call_timeout_ms: 60_000,
        ..StoreConfig::default()
    };
    runtime.block_on(async {
        let store = Store::connect(&config, Arc::new(RealTime)).await?;
        let rows = store.audit_rows().await?;
        store.close().await;
        Ok(rows)
    })
}

/// The store wants a clock; counting does not look at it.
struct RealTime;

#[async_trait]
impl Clock for RealTime {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP portal_cache_total x\nportal_cache_total{result=\"hit\"} 40\nportal_cache_total{result=\"miss\"} 2\n\
                        portal_cache_total_more 7\nlimits_keys 100000\n";

    #[test]
    fn figures_are_found_by_name_and_label() {
        assert_eq!(metric(TEXT, "portal_cache_total", "result=\"hit\""), 40);
        assert_eq!(metric(TEXT, "portal_cache_total", ""), 42);
        assert_eq!(metric(TEXT, "limits_keys", ""), 100_000);
        assert_eq!(metric(TEXT, "nothing", ""), 0);
    }
}
