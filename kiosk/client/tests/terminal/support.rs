//! A gateway that answers by a script, and a terminal before it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use kiosk_client::{ClientSettings, Clock, Gateway, HttpClientError, KeyFile, SystemRandomness};
use mobile_api_types::signature::{Presented, PublicKey, SigningKey, Unsigned};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// 2026-11-27T03:00:00Z.
pub(crate) const TEST_NOW: i64 = 1_795_748_400;

/// What the gateway does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// Status, headers, body.
    Answer(u16, Vec<(&'static str, &'static str)>, String),
    /// The same with headers made in the test.
    Signed(u16, Vec<(String, String)>, Vec<u8>),
    /// It reads the request and closes.
    Close,
    /// It reads the request and says nothing.
    Hang,
}

impl Script {
    pub(crate) fn json(body: &str) -> Self {
        Self::Answer(200, vec![("content-type", "application/json")], body.to_owned())
    }

    pub(crate) fn enrol() -> Self {
        let key = gateway_key().public();
        Self::Answer(
            201,
            vec![],
            format!(
                r#"{{"device":"k-0123456789abcdef","site":"000.00.17.H09","site_name":"Trung tâm","name":"Máy 1",
                "gateway_key":"{key}","at":"2026-11-27T03:00:00Z"}}"#
            ),
        )
    }

    pub(crate) fn problem_with(status: u16, code: &str, mut headers: Vec<(&'static str, &'static str)>) -> Self {
        headers.push(("content-type", "application/problem+json"));
        let body = format!(
            r#"{{"type":"urn:dakenh:problem:{code}","title":"t","status":{status},"detail":"Xin thử lại sau",
            "code":"{code}","request_id":"r"}}"#
        );
        Self::Answer(status, headers, body)
    }
}

pub(crate) fn problem(status: u16, code: &str) -> Script {
    Script::problem_with(status, code, vec![])
}

pub(crate) fn gateway_key() -> SigningKey {
    SigningKey::from_seed(&[9; 32]).unwrap()
}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) language: String,
    pub(crate) if_none_match: String,
    pub(crate) nonce: String,
    pub(crate) created: i64,
    /// It was signed by the enrolled key over this very request.
    pub(crate) signed: bool,
}

impl Seen {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// HTTP/1.1 by hand: one request a connection, so that it can break off where a
/// server of a library would not.
pub(crate) struct ScriptedGateway {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    device_key: Arc<Mutex<Option<PublicKey>>>,
    task: JoinHandle<()>,
}

impl ScriptedGateway {
    pub(crate) async fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let device_key = Arc::new(Mutex::new(None));
        let (notes, key) = (Arc::clone(&seen), Arc::clone(&device_key));
        let task = tokio::spawn(async move {
            let mut scripts = VecDeque::from(scripts);
            let mut hanging = Vec::new();
            loop {
                let Ok((mut road, _)) = listener.accept().await else { return };
                let Some(request) = read(&mut road, &key).await else { continue };
                notes.lock().push(request);
                match scripts.pop_front() {
                    Some(Script::Answer(status, headers, body)) => {
                        let headers: Vec<(String, String)> =
                            headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                        answer(&mut road, status, &headers, body.as_bytes()).await;
                    }
                    Some(Script::Signed(status, headers, body)) => answer(&mut road, status, &headers, &body).await,
                    Some(Script::Close) => {}
                    Some(Script::Hang) => hanging.push(road),
                    None => answer(&mut road, 500, &[], b"the script is over").await,
                }
            }
        });
        Self { address, seen, device_key, task }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    pub(crate) fn stop(&self) {
        self.task.abort();
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for ScriptedGateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(road: &mut TcpStream, key: &Mutex<Option<PublicKey>>) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if road.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let header = |name: &str| {
        head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while bytes.len() < head_end + 4 + length {
        if road.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = &bytes[head_end + 4..];
    let mut line = head.lines().next()?.split(' ');
    let (method, target) = (line.next()?, line.next()?);
    let mut seen = Seen {
        method: method.to_owned(),
        path: target.to_owned(),
        body: String::from_utf8_lossy(body).into_owned(),
        language: header("accept-language").unwrap_or_default().to_owned(),
        if_none_match: header("if-none-match").unwrap_or_default().to_owned(),
        ..Seen::default()
    };
    if target == "/api/v1/devices/enrol" {
        *key.lock() = PublicKey::parse(seen.json()["public_key"].as_str()?).ok();
    }
    if let Ok(presented) = Presented::read(header) {
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let unsigned = Unsigned { method, path, query, body };
        seen.nonce = presented.nonce().to_string();
        seen.created = presented.created();
        seen.signed = key.lock().is_some_and(|key| presented.verify(&unsigned, &key).is_ok())
            && presented.device() == "k-0123456789abcdef";
    }
    Some(seen)
}

async fn answer(road: &mut TcpStream, status: u16, headers: &[(String, String)], body: &[u8]) {
    let mut head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n");
    if status != 304 {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    // The terminal may have hung up on an answer that is too long.
    let _ = road.write_all(head.as_bytes()).await;
    let _ = road.write_all(body).await;
    let _ = road.shutdown().await;
}

/// A clock that stands, and notes how long it was to sleep.
#[derive(Default)]
pub(crate) struct StandingClock(Mutex<Vec<Duration>>);

impl StandingClock {
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.0.lock().clone()
    }
}

#[async_trait]
impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(TEST_NOW).unwrap()
    }

    async fn sleep(&self, span: Duration) {
        self.0.lock().push(span);
    }
}

/// A terminal, its folder and its gateway.
pub(crate) struct Scene {
    pub(crate) gateway: Gateway,
    pub(crate) peer: ScriptedGateway,
    pub(crate) clock: Arc<StandingClock>,
    pub(crate) folder: tempfile::TempDir,
}

impl Scene {
    pub(crate) async fn new(peer: ScriptedGateway) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(StandingClock::default());
        let gateway = terminal(&peer.base(), folder.path().join("device.key"), Arc::clone(&clock)).unwrap();
        Self { gateway, peer, clock, folder }
    }

    /// Enrolled with another gateway of the same key.
    pub(crate) async fn enrolled(peer: ScriptedGateway) -> Self {
        let first = Self::new(ScriptedGateway::start(vec![Script::enrol()]).await).await;
        first.gateway.enrol("7K3F", "0.1.0").await.unwrap();
        *peer.device_key.lock() = *first.peer.device_key.lock();
        let clock = Arc::new(StandingClock::default());
        let path = first.folder.path().join("device.key");
        let gateway = terminal(&peer.base(), path, Arc::clone(&clock)).unwrap();
        Self { gateway, peer, clock, folder: first.folder }
    }

    /// The same terminal after a restart.
    pub(crate) fn again(&self) -> Gateway {
        terminal(&self.peer.base(), self.folder.path().join("device.key"), Arc::clone(&self.clock)).unwrap()
    }
}

pub(crate) fn client(base: &str, key: &str) -> Result<Gateway, HttpClientError> {
    terminal(base, key.into(), Arc::new(StandingClock::default()))
}

fn terminal(base: &str, key: std::path::PathBuf, clock: Arc<StandingClock>) -> Result<Gateway, HttpClientError> {
    let settings = ClientSettings {
        one_try: Duration::from_millis(1_500),
        patience: Duration::from_secs(4),
        ..ClientSettings::new(base)
    };
    Gateway::new(settings, KeyFile::new(key), clock, Arc::new(SystemRandomness::default()))
}
