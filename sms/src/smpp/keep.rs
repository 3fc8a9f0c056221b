//! Keeps one connection bound.

use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::ports::Randomness;

use super::connect::{NotBound, Tls, bound};
use super::lane::Lane;
use super::meters::BindMeters;
use super::pdu::bind::BindMode;
use super::road::Standing;
use super::session::{End, Session, Shared, TICK};

/// A session that lasted so long begins the pauses anew; a shorter one may be
/// an SMSC that takes a bind and drops it.
const STEADY: Duration = Duration::from_secs(60);

/// One connection of a road.
pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    pub(super) randomness: Arc<dyn Randomness>,
    pub(super) standing: Arc<Standing>,
    /// Its name in logs and metrics: `0`, `1-tx`.
    pub(super) bind: CompactString,
    pub(super) mode: BindMode,
    /// Where submits go, if they may.
    pub(super) lane: Option<Arc<Lane>>,
    pub(super) meters: Arc<BindMeters>,
    pub(super) tls: Option<Tls>,
    /// Which host comes first.
    pub(super) first_host: usize,
}

impl Connection {
    /// Until the road stops.
    pub(super) async fn keep(self) {
        let mut failures = 0;
        for attempt in 0_usize.. {
            let outcome = tokio::select! {
                outcome = self.bound(attempt) => outcome,
                () = self.shared.stop.cancelled() => return,
            };
            match outcome {
                Ok((stream, frames)) => {
                    let (end, lasted) = self.session(stream, frames).await;
                    if end == End::Stopped || self.shared.stop.is_cancelled() {
                        return;
                    }
                    if lasted >= STEADY {
                        failures = 0;
                    }
                    tracing::warn!(road = %self.shared.config.name, bind = %self.bind, ?end, "the bind is down");
                }
                Err(problem) if problem.is_final() => {
                    self.refused(&problem).await;
                    return;
                }
                Err(problem) if failures == 0 => {
                    tracing::warn!(road = %self.shared.config.name, bind = %self.bind, %problem, "no bind");
                }
                // Told once; the gauge goes on telling.
                Err(problem) => {
                    tracing::debug!(road = %self.shared.config.name, bind = %self.bind, %problem, "no bind");
                }
            }
            let pause = self.pause(failures);
            failures += 1;
            tokio::select! {
                () = self.shared.clock.sleep(pause) => {}
                () = self.shared.stop.cancelled() => return,
            }
        }
    }

    async fn bound(
        &self,
        attempt: usize,
    ) -> Result<(Box<dyn super::connect::Stream>, super::pdu::frame::Frames), NotBound> {
        let config = &self.shared.config;
        let turn = self.first_host.wrapping_add(attempt).checked_rem(config.hosts.len()).unwrap_or(0);
        let host = config.hosts.get(turn).map_or("", String::as_str);
        bound(config, host, self.mode, self.tls.as_ref(), self.shared.clock.as_ref()).await
    }

    async fn session(
        &self,
        stream: Box<dyn super::connect::Stream>,
        frames: super::pdu::frame::Frames,
    ) -> (End, Duration) {
        let session = Session::new(&self.shared.config);
        let (mut reader, mut writer) = tokio::io::split(stream);
        tracing::info!(road = %self.shared.config.name, bind = %self.bind, "the bind is up");
        let up = Up::new(self, &session);
        let end = session.run(frames, &mut reader, &mut writer, &self.shared).await;
        drop(up);
        (end, TICK * u32::try_from(session.ticks()).unwrap_or(u32::MAX))
    }

    /// Stands still until the road stops: asking again would only lock the
    /// account.
    async fn refused(&self, problem: &NotBound) {
        tracing::error!(
            road = %self.shared.config.name,
            bind = %self.bind,
            %problem,
            "the SMSC refuses the account; the bind stays down until a restart"
        );
        self.meters.refused.set(1);
        self.standing.refused();
        self.shared.stop.cancelled().await;
    }

    /// Doubles from the shortest to the longest; up to a half is drawn off, so
    /// that many gateways do not come back at once.
    fn pause(&self, failures: u32) -> Duration {
        let config = &self.shared.config;
        let longest = config.reconnect_to_seconds.saturating_mul(1_000);
        let full = config.reconnect_from_seconds.saturating_mul(1_000 << failures.min(16)).min(longest);
        let off = self.randomness.next_u64().checked_rem(full / 2 + 1).unwrap_or(0);
        Duration::from_millis(full - off)
    }
}

/// While it lives, the bind counts as up.
struct Up<'a>(&'a Connection);

impl<'a> Up<'a> {
    fn new(connection: &'a Connection, session: &Arc<Session>) -> Self {
        connection.meters.up.set(1);
        if let Some(lane) = &connection.lane {
            lane.set_session(Some(Arc::clone(session)));
        }
        Self(connection)
    }
}

impl Drop for Up<'_> {
    fn drop(&mut self) {
        self.0.meters.up.set(0);
        if let Some(lane) = &self.0.lane {
            lane.set_session(None);
        }
    }
}
