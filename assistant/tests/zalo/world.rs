//! The world of these stories: a database in memory that several nodes share
//! and that may be away, a clock, an intake that remembers.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use channel_assistant::messenger::{Arrived, Intake, NotTaken, Sent, Taken, Wire};
use channel_assistant::zalo::{Standing, ZaloConfig, ZaloNeeds, build, standing};
use gateway_core::domain::{Channel, Provider};
use gateway_core::ports::{Clock, Credential, Credentials, Leases, Randomness, StoreError};
use gateway_http::{Needs, ServeConfig, StackConfig, public_stack, serve};
use gateway_locale::Locales;
use jiff::{SignedDuration, Timestamp};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use parking_lot::Mutex;
use test_support::{Zalo, client};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

pub(crate) const FIRST: &str = "ma-lam-moi-dau-tien";
pub(crate) const CITIZEN: &str = "246845883529197922";

/// Real time, from a day of its own, that a story can move on.
#[derive(Default)]
pub(crate) struct TestClock {
    ahead: AtomicI64,
}

impl TestClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let day: Timestamp = "2026-11-26T05:00:00Z".parse().unwrap();
        day + SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed))
    }

    async fn sleep(&self, span: Duration) {
        let _ = tokio::time::timeout(span, std::future::pending::<()>()).await;
    }
}

pub(crate) struct Dice;

impl Randomness for Dice {
    fn next_u64(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

/// The database that all nodes share.
#[derive(Default)]
pub(crate) struct Database {
    rows: Mutex<HashMap<String, Credential>>,
    leases: Mutex<HashMap<String, (String, Timestamp)>>,
    /// So many writings from now on, then it is away.
    pub(crate) writes_left: Mutex<Option<usize>>,
    /// Writes, and says that it failed.
    pub(crate) answers_lost: Mutex<bool>,
}

impl Database {
    fn may_write(&self) -> Result<(), StoreError> {
        match &mut *self.writes_left.lock() {
            Some(0) => Err(StoreError("away".into())),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(crate) fn secret(&self) -> String {
        self.rows.lock().values().next().map(|row| row.secret.clone()).unwrap_or_default()
    }
}

#[async_trait]
impl Credentials for Database {
    async fn credential(&self, name: &str) -> Result<Option<Credential>, StoreError> {
        Ok(self.rows.lock().get(name).cloned())
    }

    async fn replace(&self, name: &str, version: u64, secret: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.may_write()?;
        let mut rows = self.rows.lock();
        if rows.get(name).map_or(0, |row| row.version) != version {
            return Ok(false);
        }
        rows.insert(name.to_owned(), Credential { version: version + 1, secret: secret.to_owned(), at });
        if *self.answers_lost.lock() { Err(StoreError("no answer".into())) } else { Ok(true) }
    }
}

#[async_trait]
impl Leases for Database {
    async fn take_lease(&self, task: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let mut leases = self.leases.lock();
        let free = leases.get(task).is_none_or(|(other, end)| other == holder || *end <= now);
        if free {
            leases.insert(task.to_owned(), (holder.to_owned(), until));
        }
        Ok(free)
    }

    async fn end_lease(&self, task: &str, holder: &str) -> Result<(), StoreError> {
        self.leases.lock().retain(|name, (other, _)| name != task || other != holder);
        Ok(())
    }
}

/// Tells events apart as the real one does, by their id.
pub(crate) struct Remembering {
    pub(crate) events: Mutex<Vec<Arrived>>,
    pub(crate) broken: Mutex<bool>,
    /// How many may be stored: a database that is slow.
    pub(crate) turns: Semaphore,
}

impl Default for Remembering {
    fn default() -> Self {
        let turns = Semaphore::new(Semaphore::MAX_PERMITS);
        Self { events: Mutex::default(), broken: Mutex::default(), turns }
    }
}

#[async_trait]
impl Intake for Remembering {
    async fn arrived(&self, channel: Channel, provider: &Provider, event: Arrived) -> Result<Taken, NotTaken> {
        assert_eq!((channel, provider.as_str()), (Channel::Zalo, "oa"));
        let _turn = self.turns.acquire().await.map_err(|_| NotTaken::Failed)?;
        if *self.broken.lock() {
            return Err(NotTaken::Failed);
        }
        let mut events = self.events.lock();
        if events.iter().any(|known| known.event_id == event.event_id) {
            return Ok(Taken::Replay);
        }
        events.push(event);
        Ok(Taken::New)
    }
}

/// Zalo, a database and a clock, for any number of nodes.
pub(crate) struct World {
    pub(crate) zalo: Zalo,
    pub(crate) database: Arc<Database>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) config: ZaloConfig,
    pub(crate) client: reqwest::Client,
}

impl World {
    pub(crate) fn new() -> Self {
        let zalo = Zalo::start(FIRST);
        let config = ZaloConfig {
            app_id: Zalo::APP_ID.into(),
            oa_id: Zalo::OA_ID.into(),
            oa_secret: Zalo::OA_SECRET.into(),
            app_secret: Zalo::APP_SECRET.into(),
            refresh_token: FIRST.into(),
            api_url: zalo.url.clone(),
            oauth_url: zalo.url.clone(),
            ..ZaloConfig::default()
        };
        config.validate().unwrap();
        Self { zalo, database: Arc::default(), clock: Arc::default(), config, client: client() }
    }

    /// A node that looks after the tokens and can send.
    pub(crate) fn node(&self) -> Node {
        let stop = CancellationToken::new();
        let parts = build(&self.config, self.needs(&stop)).unwrap();
        for task in parts.tasks {
            tokio::spawn(task);
        }
        Node { wire: parts.wire, stop }
    }

    fn needs(&self, stop: &CancellationToken) -> ZaloNeeds {
        ZaloNeeds {
            client: self.client.clone(),
            credentials: Arc::<Database>::clone(&self.database),
            leases: Arc::<Database>::clone(&self.database),
            clock: Arc::<TestClock>::clone(&self.clock),
            randomness: Arc::new(Dice),
            stop: stop.clone(),
        }
    }

    pub(crate) async fn standing(&self) -> Standing {
        standing(&*self.database, &self.config, self.clock.now()).await.unwrap()
    }

    /// Waits until the tokens stand so.
    pub(crate) async fn until(&self, what: &str, there: impl Fn(&Standing) -> bool) {
        let wait = async {
            while !there(&self.standing().await) {
                self.clock.sleep(Duration::from_millis(5)).await;
            }
        };
        let came = tokio::time::timeout(Duration::from_secs(30), wait).await;
        assert!(came.is_ok(), "never {what}: {:?}", self.standing().await);
    }

    pub(crate) async fn until_ready(&self) {
        self.until("ready", |standing| matches!(standing, Standing::Ready { until: Some(_) })).await;
    }
}

/// One node.
pub(crate) struct Node {
    pub(crate) wire: Arc<dyn Wire>,
    pub(crate) stop: CancellationToken,
}

impl Node {
    pub(crate) async fn send(&self, text: &str) -> Sent {
        self.wire.send(CITIZEN, &serde_json::json!({ "text": text }).to_string()).await
    }
}

/// A node is killed.
impl Drop for Node {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The public listener of a gateway with Zalo's webhook.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    pub(crate) intake: Arc<Remembering>,
    metrics: PrometheusHandle,
    pub(crate) client: reqwest::Client,
}

impl Door {
    pub(crate) async fn of(world: &World) -> Self {
        let intake = Arc::<Remembering>::default();
        let recorder = PrometheusBuilder::new().build_recorder();
        let metrics = recorder.handle();
        let router = metrics::with_local_recorder(&recorder, || {
            let parts = build(&world.config, world.needs(&CancellationToken::new())).unwrap();
            parts.webhook.router(Arc::<Remembering>::clone(&intake))
        });
        let needs = Needs { locales: Arc::new(Locales::embedded().unwrap()), randomness: Arc::new(Dice) };
        let mut config = StackConfig { body_limit: 100_000, ..StackConfig::default() };
        config.address_limit.exempt = vec!["127.0.0.0/8".parse().unwrap()];
        let stacked = public_stack(router, &config, &needs).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, stacked.service, ServeConfig::default(), std::future::pending()));
        Self { address, intake, metrics, client: world.client.clone() }
    }

    pub(crate) async fn post(&self, body: &str, signature: Option<&str>) -> u16 {
        let mut request = self.client.post(format!("http://{}/webhooks/zalo", self.address)).body(body.to_owned());
        if let Some(signature) = signature {
            request = request.header("X-ZEvent-Signature", signature);
        }
        request.send().await.unwrap().status().as_u16()
    }

    pub(crate) fn counted(&self, result: &str) -> u64 {
        let line = format!("zalo_events_total{{result=\"{result}\"}} ");
        let rendered = self.metrics.render();
        rendered.lines().find_map(|found| found.strip_prefix(&line)?.parse().ok()).unwrap_or(0)
    }
}
