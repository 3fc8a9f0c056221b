//! A portal to ask: golden answers over wiremock, and a peer that breaks off.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::domain::dossier_number::default_patterns;
use gateway_core::domain::{DossierNumber, DossierNumberParser, StatusMap};
use gateway_core::ports::{Clock, Randomness};
use gateway_portal::{NationalConfig, NationalParts, NationalPortal, StackConfig, http_client};
use jiff::Timestamp;
use jiff::civil::date;
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) const NUMBER: &str = "000.00.17.H09-261020-0012";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Golden {
    pub(crate) name: String,
    #[expect(dead_code, reason = "for people")]
    pub(crate) about: String,
    #[expect(dead_code, reason = "for the simulator's tests")]
    pub(crate) tidy: bool,
    pub(crate) request: GoldenRequest,
    pub(crate) response: GoldenResponse,
    pub(crate) expect: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoldenRequest {
    pub(crate) path: String,
    pub(crate) body: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoldenResponse {
    status: u16,
    content_type: String,
    #[serde(default)]
    pub(crate) body: Option<Value>,
    #[serde(default)]
    raw: Option<String>,
}

impl GoldenResponse {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match (&self.body, &self.raw) {
            (Some(body), None) => serde_json::to_vec(body).unwrap(),
            (None, Some(raw)) => raw.clone().into_bytes(),
            _ => panic!("a golden answer has either body or raw"),
        }
    }

    pub(crate) fn template(&self) -> ResponseTemplate {
        ResponseTemplate::new(self.status).set_body_raw(self.bytes(), &self.content_type)
    }
}

fn golden_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/portal")
}

pub(crate) fn golden(name: &str) -> Golden {
    let text = std::fs::read_to_string(golden_dir().join(format!("{name}.json"))).unwrap();
    let golden: Golden = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(golden.name, name);
    golden
}

pub(crate) fn all_golden() -> Vec<Golden> {
    let mut names: Vec<String> = std::fs::read_dir(golden_dir())
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .collect();
    names.sort();
    names.iter().map(|name| golden(name)).collect()
}

/// Real time, on a fixed day.
pub(crate) struct TestClock(Instant);

impl TestClock {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

pub(crate) fn no_jitter() -> Arc<dyn Randomness> {
    struct Middle;
    impl Randomness for Middle {
        fn next_u64(&self) -> u64 {
            1 << 63
        }
    }
    Arc::new(Middle)
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        "2026-11-23T02:00:00Z".parse::<Timestamp>().unwrap() + self.0.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the tests' clock")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

struct Steps(AtomicU64);

impl Randomness for Steps {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
    }
}

pub(crate) struct House {
    pub(crate) portal: NationalPortal,
    clock: Arc<TestClock>,
}

impl House {
    /// An adapter for a portal at `base_url`, in a hurry: one try, without
    /// patience.
    pub(crate) fn hurried(base_url: &str) -> Self {
        let mut limits = StackConfig::default();
        limits.retry.attempts = 1;
        limits.call_timeout_ms = 300;
        Self::new(base_url, &limits, |_| {})
    }

    /// An adapter with time enough.
    pub(crate) fn patient(base_url: &str) -> Self {
        let mut limits = StackConfig::default();
        limits.retry.attempts = 1;
        limits.call_timeout_ms = 20_000;
        limits.concurrency = 200;
        Self::new(base_url, &limits, |_| {})
    }

    pub(crate) fn new(base_url: &str, limits: &StackConfig, change: impl FnOnce(&mut NationalConfig)) -> Self {
        let mut config = NationalConfig {
            base_url: base_url.into(),
            agency_code: "000.00.17.H09".into(),
            username: "dakenh".into(),
            password: "mat-khau-thu".into(),
            ..NationalConfig::default()
        };
        change(&mut config);
        let clock = Arc::new(TestClock::new());
        let parts = NationalParts {
            client: http_client(&config).unwrap(),
            statuses: StatusMap::default(),
            clock: Arc::<TestClock>::clone(&clock),
            randomness: Arc::new(Steps(AtomicU64::new(0))),
        };
        Self { portal: NationalPortal::new(&config, limits, parts).unwrap(), clock }
    }

    pub(crate) fn deadline(&self) -> Timestamp {
        self.clock.now() + Duration::from_secs(30)
    }

    pub(crate) fn in_ms(&self, millis: u64) -> Timestamp {
        self.clock.now() + Duration::from_millis(millis)
    }
}

pub(crate) fn number(text: &str) -> DossierNumber {
    DossierNumberParser::new(&default_patterns()).unwrap().parse_exact(text, date(2026, 11, 23)).unwrap()
}

/// A portal that lets everybody in.
pub(crate) async fn portal_with_login() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/mapi/login"))
        .respond_with(golden("login").response.template())
        .mount(&server)
        .await;
    server
}

/// A portal that answers every read like this.
pub(crate) async fn portal_answering(template: ResponseTemplate) -> MockServer {
    let server = portal_with_login().await;
    Mock::given(method("POST")).and(path("/mapi/g")).respond_with(template).mount(&server).await;
    server
}

pub(crate) async fn requests(server: &MockServer, path: &str) -> usize {
    server.received_requests().await.unwrap().iter().filter(|request| request.url.path() == path).count()
}

/// A peer that reads a request, writes these bytes and hangs up; or, with
/// `None`, says nothing at all. It gives its address.
pub(crate) async fn raw_peer(answers: Option<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = vec![0; 65_536];
            let _ = stream.read(&mut buffer).await;
            match &answers {
                Some(bytes) => {
                    let _ = stream.write_all(bytes).await;
                    let _ = stream.shutdown().await;
                }
                None => held.push(stream),
            }
        }
    });
    format!("http://{address}")
}
