//! The two listeners: public for citizens' apps, internal for operators.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use gateway_core::ports::Portal as _;
use gateway_http::serve::Ended;
use gateway_http::{Needs, internal_stack, measured, public_stack_with_pages, serve};
use jiff::{SignedDuration, Timestamp};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::chats;
use crate::compose::{Gateway, SWEEP_EVERY};
use crate::lifecycle;

/// What a probe learned of the portal is good for this long.
const PROBE_HOLDS: SignedDuration = SignedDuration::from_secs(5);

/// A probe of the portal takes at most this long.
const PROBE_WITHIN: SignedDuration = SignedDuration::from_secs(1);

/// A gateway that answers.
pub(crate) struct Running {
    pub(crate) public: SocketAddr,
    pub(crate) internal: SocketAddr,
    gateway: Arc<Gateway>,
    stop: CancellationToken,
    listeners: Vec<JoinHandle<std::io::Result<Ended>>>,
    jobs: JoinSet<()>,
}

/// Binds both listeners and answers until the token is cancelled.
pub(crate) async fn start(
    gateway: Gateway,
    metrics: PrometheusHandle,
    stop: CancellationToken,
) -> anyhow::Result<Running> {
    let gateway = Arc::new(gateway);
    let config = &gateway.config;
    raise_descriptor_limit(config.http.connections());
    let public = bind(config.listen.public, "listen.public").await?;
    let internal = bind(config.listen.internal, "listen.internal").await?;
    let (public_at, internal_at) = (public.local_addr()?, internal.local_addr()?);
    let needs = Needs { locales: Arc::clone(&gateway.locales), randomness: Arc::clone(&gateway.randomness) };
    gateway_http::describe_metrics();

    let mut jobs = JoinSet::new();
    let mut router = Router::new();
    let mut internal_router = operators_router(Arc::clone(&gateway), metrics);
    let chats = chats::start(&gateway, &stop)?;
    let pages = pages_needs(&gateway, &chats, &stop)?;
    // A channel is one folder and one line here.
    let channels = [
        Some(mobile(&gateway)?),
        Some(gateway_pages::channel_parts(pages.clone())),
        gateway.sms(&stop)?,
        Some(chats.parts),
    ];
    for channel in channels.into_iter().flatten() {
        tracing::debug!(channel = channel.name, "channel");
        router = router.merge(channel.public);
        internal_router = internal_router.merge(channel.internal);
        for task in channel.tasks {
            jobs.spawn(task);
        }
    }
    let mut stack = config.http.stack();
    if config.zalo.is_there() {
        // One more than is read, so that its own door counts what is too long.
        stack.longer_bodies.push((channel_assistant::zalo::WEBHOOK_PATH, config.zalo.webhook_max_bytes + 1));
    }
    if let Some(longest) = config.telegram.longest_webhook_body() {
        stack.longer_bodies.push((channel_assistant::telegram::WEBHOOK_PATH, longest + 1));
    }
    let problem_pages = gateway_pages::problem_pages(pages);
    let stacked = public_stack_with_pages(router, &stack, &needs, Some(problem_pages))?;
    let address_limits = stacked.address_limits;
    lifecycle::every(&mut jobs, &stop, &gateway.clock, SWEEP_EVERY, move || {
        address_limits.sweep();
        std::future::ready(())
    });
    lifecycle::start_jobs(&gateway, &mut jobs, &stop);
    jobs.spawn(Arc::clone(&gateway.learning.school).run(stop.clone()));
    lifecycle::reload_on_hangup(Arc::clone(&gateway), &mut jobs, stop.clone())?;

    // Draining leaves time to flush the audit within the same promise.
    let drain = Duration::from_millis(config.listen.stop_within_ms).mul_f64(0.4);
    let serve_public =
        serve(public, stacked.service, config.http.serve("public", drain), stop.clone().cancelled_owned());
    let serve_internal = serve(
        internal,
        internal_stack(internal_router, &needs)?,
        config.http.serve("internal", drain),
        stop.clone().cancelled_owned(),
    );
    let listeners = vec![tokio::spawn(serve_public), tokio::spawn(serve_internal)];
    Ok(Running { public: public_at, internal: internal_at, gateway, stop, listeners, jobs })
}

impl Running {
    /// What answers.
    pub(crate) fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// Waits for the stop, then drains, flushes and closes.
    pub(crate) async fn until_stopped(mut self) -> anyhow::Result<()> {
        self.stop.cancelled().await;
        let within = Duration::from_millis(self.gateway.config.listen.stop_within_ms).mul_f64(0.4);
        let until = tokio::time::Instant::now() + within;
        for listener in self.listeners {
            let ended = listener.await.context("listener")?.context("listener")?;
            if ended.cut > 0 {
                tracing::warn!(connections = ended.cut, "connections were cut: they did not end in time");
            }
        }
        // Roads unbind, and what is being answered is settled: each job ends by
        // the same token, at the same time as the listeners drain.
        let settled = async { while self.jobs.join_next().await.is_some() {} };
        if tokio::time::timeout_at(until, settled).await.is_err() {
            tracing::warn!("jobs were cut: they did not end in time");
        }
        self.jobs.shutdown().await;
        self.gateway.close().await
    }
}

/// Each connection is a file descriptor; the usual soft limit of 1,024 is far
/// below what the settings allow.
fn raise_descriptor_limit(connections: usize) {
    // For the database, the portal and whatever else is open.
    const RESERVE: u64 = 256;
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(RESERVE);
    match rlimit::increase_nofile_limit(wanted) {
        Ok(limit) if limit < wanted => {
            tracing::warn!(limit, wanted, "fewer file descriptors than http.max_connections needs: raise ulimit -n");
        }
        Ok(_) => {}
        Err(problem) => tracing::warn!(%problem, "the limit of file descriptors was not raised"),
    }
}

async fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{setting} = {address}"))
}

fn mobile(gateway: &Gateway) -> anyhow::Result<gateway_http::ChannelParts> {
    let numbers = gateway.config.number_parser().map_err(crate::exit::WrongUse)?;
    Ok(channel_mobile::channel_parts(channel_mobile::MobileNeeds {
        desk: Arc::clone(&gateway.desk),
        catalogue: Arc::clone(&gateway.catalogue) as Arc<_>,
        locales: Arc::clone(&gateway.locales),
        clock: Arc::clone(&gateway.clock),
        randomness: Arc::clone(&gateway.randomness),
        numbers: Arc::new(numbers),
        kiosk: crate::terminals::needs(gateway)?,
        queue: Arc::clone(&gateway.queue) as Arc<_>,
        deadline: gateway.config.http.deadline(),
    }))
}

fn pages_needs(
    gateway: &Gateway,
    chats: &chats::Chats,
    stop: &CancellationToken,
) -> anyhow::Result<gateway_pages::PagesNeeds> {
    let config = &gateway.config;
    let numbers = config.number_parser().map_err(crate::exit::WrongUse)?;
    let calendar = config.calendar().map_err(crate::exit::WrongUse)?;
    Ok(gateway_pages::PagesNeeds {
        desk: Arc::clone(&gateway.desk),
        catalogue: Arc::clone(&gateway.catalogue) as Arc<_>,
        locales: Arc::clone(&gateway.locales),
        numbers: Arc::new(numbers),
        clock: Arc::clone(&gateway.clock),
        randomness: Arc::clone(&gateway.randomness),
        notices: Arc::clone(&gateway.notices),
        calendar: Arc::new(calendar),
        hotline: config.desk_rules().map_err(crate::exit::WrongUse)?.hotline,
        codes_by_sms: gateway.watcher.is_some(),
        officers: Some(Arc::new(gateway.sign_in_desk()?)),
        shelf: Arc::new(config.pages.shelf().map_err(crate::exit::WrongUse)?),
        chat: config.chat.page(),
        hash_key: gateway.hash_key().clone(),
        continuations: (!config.kiosk.phone_base_url.is_empty()).then(|| Arc::clone(&gateway.continuations)),
        console: config.chat.officers.then(|| gateway_pages::ConsoleNeeds {
            switchboard: Arc::clone(&chats.messenger) as Arc<_>,
            handovers: Arc::clone(&chats.rows) as Arc<_>,
            transcripts: Arc::clone(&chats.rows) as Arc<_>,
            requests: Arc::new(gateway.store.clone()),
            links: gateway.links(),
            stop: stop.clone(),
        }),
        learning: Some(Arc::clone(&gateway.learning.school) as Arc<_>),
        queue: Some(gateway_pages::QueueNeeds {
            desk: Arc::clone(&gateway.queue),
            hall_public: config.queue.hall_public,
            stop: stop.clone(),
        }),
        calls: Some(gateway_pages::CallNeeds {
            desk: Arc::clone(&gateway.calls),
            agencies: Arc::new(config.agencies()),
            stop: stop.clone(),
        }),
        deadline: config.http.deadline(),
    })
}

fn operators_router(gateway: Arc<Gateway>, metrics: PrometheusHandle) -> Router {
    let readiness = Arc::new(Readiness { gateway: Arc::clone(&gateway), portal: tokio::sync::Mutex::new(None) });
    Router::new()
        .route("/healthz", measured("/healthz", get(async || (NO_STORE, "ok\n"))))
        .route("/readyz", measured("/readyz", get(readyz).with_state(readiness)))
        .route("/metrics", measured("/metrics", get(show_metrics).with_state((gateway, metrics))))
}

const NO_STORE: [(axum::http::HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

async fn show_metrics(State((gateway, metrics)): State<(Arc<Gateway>, PrometheusHandle)>) -> impl IntoResponse {
    gateway.store.report_load();
    gateway.portal.report_size();
    metrics::gauge!("limits_keys")
        .set(f64::from(u32::try_from(gateway.limits.len(gateway.clock.now())).unwrap_or(u32::MAX)));
    metrics.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4"), (CACHE_CONTROL, "no-store")], metrics.render())
}

struct Readiness {
    gateway: Arc<Gateway>,
    /// When the portal was last asked, and whether it answered.
    portal: tokio::sync::Mutex<Option<(Timestamp, bool)>>,
}

impl Readiness {
    /// Whether the portal answers: by the calls of late, else by asking it.
    /// Many probes make one call.
    async fn portal_up(&self) -> bool {
        let health = &self.gateway.portal_health;
        let now = self.gateway.clock.now();
        if !health.is_up() && health.last_failure().is_some_and(|at| now.duration_since(at) < PROBE_HOLDS) {
            return false;
        }
        if health.is_up() && health.last_success().is_some_and(|at| now.duration_since(at) < PROBE_HOLDS) {
            return true;
        }
        let mut known = self.portal.lock().await;
        if let Some((at, up)) = *known
            && now.duration_since(at) < PROBE_HOLDS
        {
            return up;
        }
        let up = self.gateway.portal.ping(now + PROBE_WITHIN).await.is_ok();
        *known = Some((self.gateway.clock.now(), up));
        up
    }
}

/// Ready means: send citizens here. Without the database nobody is served.
/// Without the portal this node still answers from memory and from the
/// catalogue, and so would every other node: that is told, not refused.
async fn readyz(State(readiness): State<Arc<Readiness>>) -> impl IntoResponse {
    let (database, portal) = tokio::join!(readiness.gateway.store.ping(), readiness.portal_up());
    // Rows that pile up are a database that answers pings and writes nothing,
    // or a writer that died: soon every answer would be refused.
    let audit = readiness.gateway.audit.len() * 2 < readiness.gateway.config.store.audit.queue_rows;
    let (status, state) = match (database.is_ok() && audit, portal) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        (true, false) => (StatusCode::OK, "degraded"),
        (true, true) => (StatusCode::OK, "ready"),
    };
    let word = |up: bool| if up { "up" } else { "down" };
    let body = serde_json::json!({
        "status": state,
        "database": word(database.is_ok()),
        "audit": word(audit),
        "portal": word(portal),
        "procedures": gateway_core::ports::Catalogue::len(readiness.gateway.catalogue.as_ref()),
    });
    (status, [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], body.to_string())
}
