//! A road of one or more binds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use compact_str::format_compact;
use gateway_core::ports::{Clock, Randomness};
use gateway_http::Task;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::config::{SmppConfigProblem, SmppRoadConfig};
use super::connect::{Tls, TlsProblem};
use super::incoming::Reading;
use super::keep::Connection;
use super::lane::{Lane, Place, Ticket};
use super::link::Answer;
use super::meters::{BindMeters, RoadMeters};
use super::outgoing::{Submit, Unsendable};
use super::pdu::codes::status;
use super::rate::Bucket;
use super::session::Shared;
use crate::road::{Intake, Part, Permit, Road, RoadState, Submitted};

/// After a submit that the SMSC throttled, or that never left.
const SOON: Duration = Duration::from_secs(1);

/// After an error of the SMSC itself.
const LATER: Duration = Duration::from_secs(10);

/// A road that cannot be started as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartProblem {
    /// A setting cannot work.
    #[error(transparent)]
    Config(#[from] SmppConfigProblem),
    /// A file for TLS cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsProblem),
}

/// Builds a road. Its tasks, one for each connection, bind when they are run
/// and end when `stop` is cancelled and the binds are undone.
///
/// # Errors
/// [`StartProblem`]: a setting, or a file for TLS. An SMSC that cannot be
/// reached is none.
pub fn start(
    config: SmppRoadConfig,
    intake: Arc<dyn Intake>,
    clock: Arc<dyn Clock>,
    randomness: &Arc<dyn Randomness>,
    stop: CancellationToken,
) -> Result<(Arc<SmppRoad>, Vec<Task>), StartProblem> {
    config.validate()?;
    let tls = config.tls.as_ref().map(Tls::of).transpose()?;
    let shared = Arc::new(Shared {
        reading: Reading::of(&config),
        meters: RoadMeters::new(&config.name),
        config,
        intake,
        clock,
        stop,
    });
    let freed = Arc::new(Notify::new());
    let standing = Arc::new(Standing::default());
    let mut lanes = Vec::new();
    let mut tasks: Vec<Task> = Vec::new();
    for (number, (bind, mode)) in shared.config.connections().into_iter().enumerate() {
        let meters = Arc::new(BindMeters::new(&shared.config.name, &bind));
        let lane = mode.submits().then(|| {
            let bucket = Bucket::new(shared.config.rate_per_second, shared.clock.now());
            Lane::new(shared.config.window, bucket, Arc::clone(&freed), Arc::clone(&meters))
        });
        lanes.extend(lane.clone());
        let connection = Connection {
            shared: Arc::clone(&shared),
            randomness: Arc::clone(randomness),
            standing: Arc::clone(&standing),
            bind,
            mode,
            lane,
            meters,
            tls: tls.clone(),
            first_host: number,
        };
        tasks.push(Box::pin(connection.keep()));
    }
    Ok((Arc::new(SmppRoad { shared, lanes, next: AtomicUsize::new(0), freed, standing }), tasks))
}

/// A way out to phones, and in from them, over SMPP 3.4.
pub struct SmppRoad {
    shared: Arc<Shared>,
    lanes: Vec<Arc<Lane>>,
    /// Whose turn it is.
    next: AtomicUsize,
    freed: Arc<Notify>,
    standing: Arc<Standing>,
}

/// Whether a bind was refused for good.
#[derive(Default)]
pub(super) struct Standing {
    refused: AtomicBool,
}

impl Standing {
    pub(super) fn refused(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }
}

impl SmppRoad {
    /// A permit, or how long to wait for the rate.
    fn take(&self) -> Result<SmppPermit, Option<Duration>> {
        if self.shared.stop.is_cancelled() {
            return Err(None);
        }
        let now = self.shared.clock.now();
        let first = self.next.fetch_add(1, Ordering::Relaxed).checked_rem(self.lanes.len()).unwrap_or(0);
        let (before, from) = self.lanes.split_at(first);
        let mut soonest: Option<Duration> = None;
        for lane in from.iter().chain(before) {
            match lane.take(now) {
                Place::Taken(ticket) => {
                    return Ok(SmppPermit { shared: Arc::clone(&self.shared), ticket: Some(ticket) });
                }
                Place::RateIn(span) => soonest = Some(soonest.map_or(span, |other| other.min(span))),
                Place::None => {}
            }
        }
        Err(soonest)
    }
}

#[async_trait]
impl Road for SmppRoad {
    fn name(&self) -> &str {
        &self.shared.config.name
    }

    fn state(&self) -> RoadState {
        if self.lanes.iter().any(|lane| lane.is_up()) {
            RoadState::Up
        } else if self.standing.refused.load(Ordering::Relaxed) {
            RoadState::Refused
        } else {
            RoadState::Down
        }
    }

    async fn reserve(&self) -> Option<Box<dyn Permit>> {
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            // From here on nobody's news is missed.
            freed.as_mut().enable();
            let span = match self.take() {
                Ok(permit) => return Some(Box::new(permit)),
                Err(span) => span,
            };
            let rate = async {
                match span {
                    Some(span) => self.shared.clock.sleep(span).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.shared.stop.cancelled() => return None,
                () = freed => {}
                () = rate => {}
            }
        }
    }

    fn try_reserve(&self) -> Option<Box<dyn Permit>> {
        self.take().ok().map(|permit| -> Box<dyn Permit> { Box::new(permit) })
    }
}

struct SmppPermit {
    shared: Arc<Shared>,
    ticket: Option<Ticket>,
}

impl Drop for SmppPermit {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            ticket.slot.lane().give_back();
        }
    }
}

#[async_trait]
impl Permit for SmppPermit {
    async fn submit(mut self: Box<Self>, part: &Part) -> Submitted {
        let submitted = self.sent(part).await;
        let meters = &self.shared.meters;
        match &submitted {
            Submitted::Accepted { .. } => &meters.accepted,
            Submitted::NotTaken { code: "throttled", .. } => &meters.throttled,
            Submitted::NotTaken { code: "queue_full", .. } => &meters.queue_full,
            Submitted::NotTaken { .. } => &meters.not_taken,
            Submitted::Refused { .. } => &meters.refused,
            Submitted::Uncertain => &meters.uncertain,
        }
        .increment(1);
        submitted
    }
}

impl SmppPermit {
    async fn sent(&mut self, part: &Part) -> Submitted {
        let not_bound = Submitted::NotTaken { code: "not_bound", after: SOON };
        let submit = match Submit::of(part, &self.shared.config, self.shared.clock.now()) {
            Ok(submit) => submit,
            Err(Unsendable(code)) => return Submitted::Refused { code: code.into() },
        };
        let Some(Ticket { session, slot, halvings, taken_at }) = self.ticket.take() else { return not_bound };
        let lane = Arc::clone(slot.lane());
        let Some(answer) = session.link.request(session.ticks(), slot, |out, sequence| submit.write(out, sequence))
        else {
            return not_bound;
        };
        let (status, nack, id) = match answer.await {
            Ok(Answer::Response { nack, status, id }) => (status, nack, id),
            Ok(Answer::Lost { written: false }) => return not_bound,
            Ok(Answer::Lost { written: true } | Answer::TimedOut) | Err(_) => return Submitted::Uncertain,
        };
        session.answered();
        let took = self.shared.clock.now().duration_since(taken_at);
        self.shared.meters.latency.record(took.as_secs_f64().max(0.0));
        match status {
            status::OK if !nack => Submitted::Accepted { id },
            status::THROTTLED | status::QUEUE_FULL => {
                lane.throttled(halvings);
                let code = if status == status::THROTTLED { "throttled" } else { "queue_full" };
                Submitted::NotTaken { code, after: SOON }
            }
            status::INVALID_BIND => not_bound,
            status::SYSTEM_ERROR => Submitted::NotTaken { code: "system_error", after: LATER },
            status::RECEIVER_TEMPORARY => Submitted::NotTaken { code: "temporary", after: LATER },
            other => Submitted::Refused { code: format_compact!("{other:#010X}") },
        }
    }
}
