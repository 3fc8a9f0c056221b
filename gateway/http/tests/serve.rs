//! Serving on real sockets: what a slow, silent or greedy client gets.
//! Timeouts are fractions of a second, and each test waits for the server to
//! act, never for time to pass.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use bytes::Bytes;
use gateway_core::ports::Randomness;
use gateway_http::serve::Ended;
use gateway_http::{
    ForwardedHeader, HttpService, Needs, ServeConfig, StackConfig, TrustedProxies, public_stack, serve,
};
use gateway_locale::Locales;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// Long enough for any machine; reached only where the server does not act.
const PATIENCE: Duration = Duration::from_secs(20);

fn quick() -> ServeConfig {
    ServeConfig {
        header_timeout: Duration::from_millis(200),
        idle_timeout: Duration::from_millis(200),
        write_timeout: Duration::from_millis(200),
        drain: PATIENCE,
        ..ServeConfig::default()
    }
}

/// Nothing fires but what the test shortens.
fn patient() -> ServeConfig {
    ServeConfig { header_timeout: PATIENCE, idle_timeout: PATIENCE, write_timeout: PATIENCE, ..quick() }
}

struct Dice;

impl Randomness for Dice {
    fn next_u64(&self) -> u64 {
        4
    }
}

struct Served {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<Ended>>,
    started: Arc<Notify>,
    release: Arc<Notify>,
}

impl Served {
    async fn with(config: ServeConfig) -> Self {
        Self::through(config, |router| router).await
    }

    /// Behind the stack of the public listener.
    async fn behind_the_stack(config: ServeConfig, stack: &StackConfig) -> Self {
        let needs = Needs { locales: Arc::new(Locales::embedded().unwrap()), randomness: Arc::new(Dice) };
        Self::through(config, |router| public_stack(router, stack, &needs).unwrap().service).await
    }

    async fn through<S: HttpService>(config: ServeConfig, around: impl FnOnce(Router) -> S) -> Self {
        let started = Arc::new(Notify::new());
        let release = Arc::new(Notify::new());
        let (begun, gate) = (Arc::clone(&started), Arc::clone(&release));
        let router = Router::new()
            .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
            .route("/echo", post(|body: String| async move { body }))
            .route(
                "/waits",
                get(move || async move {
                    begun.notify_one();
                    gate.notified().await;
                    "done"
                }),
            )
            .route(
                "/endless",
                get(|| async {
                    let piece = Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 16_384]));
                    Body::from_stream(futures::stream::repeat(piece))
                }),
            );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(serve(listener, around(router), config, async {
            stopped.await.ok();
        }));
        Self { address, stop, ended, started, release }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stop(self) -> Ended {
        self.stop.send(()).unwrap();
        tokio::time::timeout(PATIENCE * 2, self.ended).await.unwrap().unwrap().unwrap()
    }
}

/// Everything until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.unwrap();
    // A reset is a way to close, too.
    assert!(read.is_ok() || bytes.is_empty());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer of a connection that stays open: up to the end of a body that
/// the test knows.
async fn answer_ending_in(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut piece = [0; 1_024];
    while !text.ends_with(end) {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut piece)).await.unwrap().unwrap();
        assert_ne!(read, 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn answers_and_knows_its_peer() {
    let served = Served::with(patient()).await;
    let mut client = served.connect().await;
    client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    assert!(answer_ending_in(&mut client, "127.0.0.1").await.starts_with("HTTP/1.1 200"));
    client.write_all(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc").await.unwrap();
    assert!(answer_ending_in(&mut client, "abc").await.starts_with("HTTP/1.1 200"));
    assert_eq!(served.stop().await, Ended { cut: 0 });
}

#[tokio::test]
async fn a_header_that_trickles_in_is_cut_off() {
    let served = Served::with(ServeConfig { idle_timeout: PATIENCE, ..quick() }).await;
    let mut loris = served.connect().await;
    loris.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nx-slow: ").await.unwrap();
    let (mut reader, mut writer) = loris.into_split();
    // A byte now and then keeps nothing alive.
    let trickle = tokio::spawn(async move {
        let mut beat = tokio::time::interval(Duration::from_millis(10));
        while writer.write_all(b"z").await.is_ok() {
            beat.tick().await;
        }
    });
    let mut bytes = Vec::new();
    tokio::time::timeout(PATIENCE, reader.read_to_end(&mut bytes)).await.unwrap().ok();
    assert!(bytes.is_empty());
    trickle.await.unwrap();
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut_off_by_the_header_timeout() {
    let served = Served::with(ServeConfig { idle_timeout: PATIENCE, ..quick() }).await;
    let mut silent = served.connect().await;
    assert_eq!(rest(&mut silent).await, "");
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let served = Served::with(ServeConfig { header_timeout: PATIENCE, ..quick() }).await;
    let mut client = served.connect().await;
    client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    answer_ending_in(&mut client, "127.0.0.1").await;
    assert_eq!(rest(&mut client).await, "");
}

#[tokio::test]
async fn a_second_header_that_stops_halfway_is_cut_off_too() {
    let served = Served::with(ServeConfig { idle_timeout: PATIENCE, ..quick() }).await;
    let mut client = served.connect().await;
    client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    answer_ending_in(&mut client, "127.0.0.1").await;
    client.write_all(b"GET / HT").await.unwrap();
    assert_eq!(rest(&mut client).await, "");
}

#[tokio::test]
async fn an_answer_that_takes_long_is_not_idle() {
    let served = Served::with(quick()).await;
    let mut client = served.connect().await;
    client.write_all(b"GET /waits HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    served.started.notified().await;
    // Longer than every timeout of this server: another connection, made
    // afterwards, has died of silence.
    let mut silent = served.connect().await;
    assert_eq!(rest(&mut silent).await, "");
    served.release.notify_one();
    assert!(answer_ending_in(&mut client, "done").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_takes_nothing_off_its_line_is_cut_off() {
    let served = Served::with(ServeConfig { header_timeout: PATIENCE, idle_timeout: PATIENCE, ..quick() }).await;
    let mut greedy = served.connect().await;
    greedy.write_all(b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    answer_ending_in(&mut greedy, "xxx").await;
    // From here on nothing is read, and both sockets' buffers fill. A stop
    // waits for the answer to end, which it never does by itself: it returns
    // because the connection is cut, long before the drain is over.
    assert_eq!(served.stop().await, Ended { cut: 0 });
}

#[tokio::test]
async fn headers_beyond_the_limit_are_refused() {
    let served = Served::with(ServeConfig { max_header_bytes: 8_192, ..patient() }).await;
    let mut client = served.connect().await;
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx-long: {}\r\n\r\n", "a".repeat(20_000));
    client.write_all(long.as_bytes()).await.ok();
    let answer = rest(&mut client).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn one_connection_too_many_waits_for_its_turn() {
    let served = Served::with(ServeConfig { max_connections: 1, ..patient() }).await;
    let mut first = served.connect().await;
    first.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    answer_ending_in(&mut first, "127.0.0.1").await;
    let mut second = served.connect().await;
    second.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut byte = [0; 1];
    assert!(tokio::time::timeout(Duration::from_millis(30), second.peek(&mut byte)).await.is_err());
    drop(first);
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn stopping_ends_idle_connections_at_once_and_lets_the_busy_one_finish() {
    let served = Served::with(patient()).await;
    let mut idle = served.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    answer_ending_in(&mut idle, "127.0.0.1").await;
    let mut busy = served.connect().await;
    busy.write_all(b"GET /waits HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    served.started.notified().await;
    let (release, address) = (Arc::clone(&served.release), served.address);
    let ended = tokio::spawn(served.stop());
    assert_eq!(rest(&mut idle).await, "");
    // The idle one is gone, so the listener is, too.
    assert!(TcpStream::connect(address).await.is_err());
    release.notify_one();
    let answer = rest(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    assert_eq!(ended.await.unwrap(), Ended { cut: 0 });
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_cut() {
    let served = Served::with(ServeConfig { drain: Duration::from_millis(50), ..patient() }).await;
    let mut busy = served.connect().await;
    busy.write_all(b"GET /waits HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    served.started.notified().await;
    assert_eq!(served.stop().await, Ended { cut: 1 });
    assert_eq!(rest(&mut busy).await, "");
}

#[tokio::test]
async fn a_header_begun_behind_a_whole_request_is_cut_off_too() {
    let served = Served::with(ServeConfig { idle_timeout: PATIENCE, ..quick() }).await;
    let mut client = served.connect().await;
    client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HT").await.unwrap();
    assert!(rest(&mut client).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_header_begun_while_the_answer_is_made_is_cut_off_too() {
    let served = Served::with(ServeConfig { idle_timeout: PATIENCE, ..quick() }).await;
    let mut client = served.connect().await;
    client.write_all(b"GET /waits HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    served.started.notified().await;
    client.write_all(b"GET / HT").await.unwrap();
    served.release.notify_one();
    assert!(rest(&mut client).await.ends_with("done"));
}

#[tokio::test]
async fn a_connection_that_sent_a_body_may_rest_like_any_other() {
    let served = Served::with(ServeConfig { idle_timeout: PATIENCE, ..quick() }).await;
    for body in ["content-length: 3\r\n\r\nabc", "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"] {
        let mut client = served.connect().await;
        client.write_all(format!("POST /echo HTTP/1.1\r\nhost: a\r\n{body}").as_bytes()).await.unwrap();
        answer_ending_in(&mut client, "abc").await;
        // Longer than the header's time: one that came later has died of silence.
        let mut silent = served.connect().await;
        assert_eq!(rest(&mut silent).await, "");
        client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        answer_ending_in(&mut client, "127.0.0.1").await;
    }
}

#[tokio::test]
async fn one_network_cannot_take_every_connection() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let served = Served::with(ServeConfig { max_connections_per_network: 1, ..patient() }).await;
    let mut first = served.connect().await;
    first.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    answer_ending_in(&mut first, "127.0.0.1").await;
    let mut second = served.connect().await;
    assert_eq!(rest(&mut second).await, "", "closed at once");
    let counted = r#"http_connections_cut_total{listener="public",reason="network_limit"} 1"#;
    assert!(recorder.handle().render().contains(counted));
    // When the first has gone, there is room again.
    first.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(rest(&mut first).await.starts_with("HTTP/1.1 200"));
    loop {
        let mut third = served.connect().await;
        third.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.ok();
        if rest(&mut third).await.starts_with("HTTP/1.1 200") {
            break;
        }
    }
}

#[tokio::test]
async fn a_trusted_proxy_brings_as_many_connections_as_it_likes() {
    let exempt = TrustedProxies::new(vec!["127.0.0.0/8".parse().unwrap()], ForwardedHeader::default());
    let served = Served::with(ServeConfig { max_connections_per_network: 1, exempt, ..patient() }).await;
    let mut all = Vec::new();
    for _ in 0..3 {
        let mut client = served.connect().await;
        client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        answer_ending_in(&mut client, "127.0.0.1").await;
        all.push(client);
    }
}

#[tokio::test]
async fn a_request_must_say_its_host_once() {
    let served = Served::behind_the_stack(patient(), &StackConfig::default()).await;
    for heads in ["", "host: a\r\nhost: a\r\n", "host: a/b\r\n"] {
        let mut client = served.connect().await;
        let ask = format!("GET / HTTP/1.1\r\n{heads}connection: close\r\n\r\n");
        client.write_all(ask.as_bytes()).await.unwrap();
        let answer = rest(&mut client).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("\"invalid_host\""), "{answer}");
    }
    let mut old = served.connect().await;
    old.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(rest(&mut old).await.starts_with("HTTP/1.0 200"));
}

#[tokio::test]
async fn a_slow_body_holds_nobody_up_but_itself() {
    let stack = StackConfig { at_once: 1, body_timeout: Duration::from_secs(1), ..StackConfig::default() };
    let served = Served::behind_the_stack(patient(), &stack).await;
    let mut slow = served.connect().await;
    slow.write_all(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nx").await.unwrap();
    let mut other = served.connect().await;
    other.write_all(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\na").await.unwrap();
    other.write_all(b"bc").await.unwrap();
    assert!(answer_ending_in(&mut other, "abc").await.starts_with("HTTP/1.1 200"));
    let answer = rest(&mut slow).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"request_timeout\""), "{answer}");
}
