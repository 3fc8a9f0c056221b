//! The whole stack, asked as a client would ask it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use gateway_core::desk::{Refusal, RefusalKind};
use gateway_core::ports::Randomness;
use gateway_http::{
    AddressLimitConfig, Caller, CorsConfig, Device, ForwardedHeader, HttpService, JsonBody, Needs, Problem, QueryInput,
    StackConfig, Stacked, TrustedProxies, internal_stack, measured, public_stack,
};
use gateway_locale::Locales;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;

struct Dice;

impl Randomness for Dice {
    fn next_u64(&self) -> u64 {
        4
    }
}

fn needs() -> Needs {
    Needs { locales: Arc::new(Locales::embedded().unwrap()), randomness: Arc::new(Dice) }
}

#[derive(Deserialize)]
struct Named {
    #[expect(dead_code, reason = "only its reading is tested")]
    name: String,
}

#[derive(Deserialize)]
struct Paged {
    #[expect(dead_code, reason = "only its reading is tested")]
    limit: u8,
}

fn router() -> Router {
    let whoami = get(|caller: Caller, Device(device): Device| async move {
        format!("{} {} {}", caller.net.address(), caller.locale, device.is_some())
    });
    Router::new()
        .route("/whoami", measured("/whoami", whoami))
        .route("/post", measured("/post", post(|JsonBody(_): JsonBody<Named>| async { "good" })))
        .route("/page", get(|QueryInput(_): QueryInput<Paged>| async { "good" }))
        .route("/long", get(|| async { ([("content-type", "text/plain")], "dài ".repeat(1_000)) }))
        .route(
            "/private",
            get(|| async {
                ([("content-type", "text/plain"), ("cache-control", "private, no-store")], "x".repeat(4_000))
            }),
        )
        .route("/panic", get(|| async { fall() }))
        .route("/slow", get(|| async { std::future::pending::<&str>().await }))
        .route("/portal-down", get(|| async { Problem::from(Refusal::of(RefusalKind::PortalDown)) }))
        .route("/too-many", get(|| async { Problem::from(Refusal::of(RefusalKind::TooManyDossiers)) }))
        .route("/not-disclosed", get(|| async { Problem::from(Refusal::of(RefusalKind::NotDisclosed)) }))
}

fn fall() -> &'static str {
    panic!("a mistake")
}

fn stacked(config: &StackConfig) -> Stacked<impl HttpService + use<>> {
    public_stack(router(), config, &needs()).unwrap()
}

fn request(path: &str) -> http::request::Builder {
    Request::builder().uri(path).extension(ConnectInfo("203.0.113.9:4711".parse::<SocketAddr>().unwrap()))
}

async fn ask(request: Request<Body>) -> Response<Body> {
    stacked(&StackConfig::default()).service.oneshot(request).await.unwrap()
}

async fn get_path(path: &str) -> Response<Body> {
    ask(request(path).body(Body::empty()).unwrap()).await
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

async fn problem(response: Response<Body>) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    let problem: Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(problem["request_id"], id.as_str());
    assert_eq!(problem["status"], status);
    for member in ["title", "detail"] {
        let words = problem[member].as_str().unwrap();
        assert!(words.contains(' ') && !words.contains("http-"), "{member}: {words}");
    }
    problem
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_carries_its_id_and_security_headers() {
    let answer = get_path("/whoami").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, "x-request-id").len(), 16);
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
    assert!(header(&answer, "content-security-policy").contains("default-src 'none'"));
    assert_eq!(header(&answer, "strict-transport-security"), "");
    assert_eq!(text(answer).await, "203.0.113.9 vi false");
}

#[tokio::test]
async fn an_unknown_address_is_told_in_the_citizens_language() {
    let answer = get_path("/nothing-here").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&answer, "content-language"), "vi");
    let vietnamese = problem(answer).await;
    assert_eq!(vietnamese["code"], "unknown_route");
    assert_eq!(vietnamese["type"], "urn:dakenh:problem:unknown_route");
    let english = problem(
        ask(request("/nothing-here").header("accept-language", "en-GB, vi;q=0.5").body(Body::empty()).unwrap()).await,
    )
    .await;
    assert_eq!(english["code"], "unknown_route");
    assert_ne!(english["detail"], vietnamese["detail"]);
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let answer = ask(request("/whoami").method(Method::DELETE).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(header(&answer, "allow"), "GET,HEAD");
    assert_eq!(problem(answer).await["code"], "method_not_allowed");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_each_in_its_own_way() {
    let post = |body: &'static str, kind: &'static str| {
        request("/post").method(Method::POST).header("content-type", kind).body(Body::from(body)).unwrap()
    };
    let cases = [
        (post("{\"name\":", "application/json"), 400, "malformed_json"),
        (post("{\"name\":1}", "application/json"), 422, "invalid_fields"),
        (post("{\"name\":\"a\"}", "text/plain"), 415, "unsupported_media_type"),
    ];
    for (request, status, code) in cases {
        let problem = problem(ask(request).await).await;
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(status), Some(code)));
    }
    let good = ask(post("{\"name\":\"a\"}", "application/json; charset=utf-8")).await;
    assert_eq!(good.status(), StatusCode::OK);
    assert_eq!(problem(get_path("/page?limit=many").await).await["code"], "invalid_query");
}

#[tokio::test]
async fn a_body_too_long_is_refused_whether_it_says_so_or_not() {
    let long = format!("{{\"name\":\"{}\"}}", "a".repeat(20_000));
    let said = request("/post").method(Method::POST).header("content-type", "application/json");
    let answer = ask(said.body(Body::from(long.clone())).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(problem(answer).await["code"], "body_too_large");

    let pieces =
        long.into_bytes().chunks(1_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>();
    let unsaid = request("/post").method(Method::POST).header("content-type", "application/json");
    let answer = ask(unsaid.body(Body::from_stream(futures::stream::iter(pieces))).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(problem(answer).await["code"], "body_too_large");
}

#[tokio::test]
async fn a_panic_is_one_citizens_trouble_only() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let stacked = stacked(&StackConfig::default());
    let answer = stacked.service.clone().oneshot(request("/panic").body(Body::empty()).unwrap()).await.unwrap();
    std::panic::set_hook(hook);
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let told = problem(answer).await;
    assert_eq!(told["code"], "internal");
    assert!(!told.to_string().contains("a mistake"));
    let next = stacked.service.oneshot(request("/whoami").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(next.status(), StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_ended() {
    let answer = get_path("/slow").await;
    assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(problem(answer).await["code"], "request_timeout");
}

#[tokio::test]
async fn a_portal_that_is_down_says_when_to_come_back() {
    let answer = get_path("/portal-down").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&answer, "retry-after"), "30");
    assert_eq!(problem(answer).await["code"], "portal_down");
}

#[tokio::test]
async fn a_failed_disclosure_always_reads_the_same() {
    let mut one = problem(get_path("/not-disclosed").await).await;
    let mut two = problem(get_path("/not-disclosed").await).await;
    for told in [&mut one, &mut two] {
        told.as_object_mut().unwrap().remove("request_id");
    }
    assert_eq!(one, two);
    assert_eq!(one["status"], 403);
}

fn small_limit() -> StackConfig {
    let one = NonZeroU32::MIN;
    StackConfig {
        address_limit: AddressLimitConfig {
            per_second: one,
            burst: NonZeroU32::new(2).unwrap(),
            max_keys: 1_000,
            exempt: Vec::new(),
        },
        proxies: TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()], ForwardedHeader::XForwardedFor),
        ..StackConfig::default()
    }
}

fn through(peer: &str, forwarded: &str) -> Request<Body> {
    Request::builder()
        .uri("/whoami")
        .header("x-forwarded-for", forwarded)
        .header("x-request-id", "abc-1")
        .extension(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)))
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let stacked = stacked(&small_limit());
    let ask = || stacked.service.clone().oneshot(request("/whoami").body(Body::empty()).unwrap());
    let first = ask().await.unwrap();
    assert_eq!(header(&first, "ratelimit-policy"), "\"address\";q=2;w=2");
    assert_eq!(header(&first, "ratelimit"), "\"address\";r=1;t=1");
    assert_eq!(header(&first, "x-ratelimit-limit"), "");
    assert_eq!(ask().await.unwrap().status(), StatusCode::OK);
    let refused = ask().await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&refused, "retry-after"), "1");
    assert_eq!(header(&refused, "ratelimit"), "\"address\";r=0;t=2");
    assert_eq!(header(&refused, "x-ratelimit-after"), "");
    assert_eq!(problem(refused).await["code"], "too_many_requests");
    assert_eq!(stacked.address_limits.sweep(), 1);
}

#[tokio::test]
async fn a_provider_brings_every_citizens_message_from_one_address() {
    let mut config = small_limit();
    config.address_limit.exempt = vec!["203.0.113.0/28".parse().unwrap()];
    let stacked = stacked(&config);
    let ask = |peer: &str| stacked.service.clone().oneshot(through(peer, "203.0.113.3"));
    for _ in 0..20 {
        let answer = ask("10.0.0.1").await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(header(&answer, "ratelimit"), "", "nothing is counted down");
    }
    // The header of somebody who is no trusted proxy exempts nobody.
    for _ in 0..2 {
        assert_eq!(ask("198.51.100.7").await.unwrap().status(), StatusCode::OK);
    }
    assert_eq!(ask("198.51.100.7").await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_finer_limits_refusal_is_not_contradicted() {
    let stacked = stacked(&small_limit());
    let refused = stacked.service.oneshot(request("/too-many").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&refused, "retry-after"), "1");
    for name in ["ratelimit", "ratelimit-policy", "x-ratelimit-remaining", "x-ratelimit-limit"] {
        assert_eq!(header(&refused, name), "", "{name}");
    }
}

#[tokio::test]
async fn a_spoofed_header_buys_no_new_bucket_but_a_proxys_client_has_its_own() {
    let stacked = stacked(&small_limit());
    let ask = |peer: &'static str, forwarded: &'static str| {
        let service = stacked.service.clone();
        async move { service.oneshot(through(peer, forwarded)).await.unwrap().status() }
    };
    assert_eq!(ask("203.0.113.9", "1.1.1.1").await, StatusCode::OK);
    assert_eq!(ask("203.0.113.9", "1.1.1.2").await, StatusCode::OK);
    assert_eq!(ask("203.0.113.9", "1.1.1.3").await, StatusCode::TOO_MANY_REQUESTS);
    for client in ["198.51.100.1", "198.51.100.2", "6.6.6.6, 198.51.100.3"] {
        assert_eq!(ask("10.0.0.1", client).await, StatusCode::OK);
    }
    // One home, many IPv6 addresses.
    assert_eq!(ask("10.0.0.1", "2001:db8:1:2::1").await, StatusCode::OK);
    assert_eq!(ask("10.0.0.1", "2001:db8:1:2::2").await, StatusCode::OK);
    assert_eq!(ask("10.0.0.1", "2001:db8:1:2::3").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask("10.0.0.1", "2001:db8:1:3::1").await, StatusCode::OK);
}

#[tokio::test]
async fn a_request_id_is_taken_from_a_trusted_proxy_only() {
    let stacked = stacked(&small_limit());
    let ours = stacked.service.clone().oneshot(through("203.0.113.9", "x")).await.unwrap();
    assert_ne!(header(&ours, "x-request-id"), "abc-1");
    let theirs = stacked.service.oneshot(through("10.0.0.1", "198.51.100.1")).await.unwrap();
    assert_eq!(header(&theirs, "x-request-id"), "abc-1");
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_ask_and_private_ones_never() {
    let zipped =
        |path: &'static str| ask(request(path).header("accept-encoding", "br, GZIP").body(Body::empty()).unwrap());
    let long = zipped("/long").await;
    assert_eq!(header(&long, "content-encoding"), "gzip");
    assert_eq!(header(&long, "vary"), "accept-encoding");
    assert!(long.into_body().collect().await.unwrap().to_bytes().len() < 500);
    assert_eq!(header(&zipped("/whoami").await, "content-encoding"), "");
    assert_eq!(header(&zipped("/private").await, "content-encoding"), "");
    assert_eq!(header(&get_path("/long").await, "content-encoding"), "");
    let refused = ask(request("/long").header("accept-encoding", "gzip;q=0").body(Body::empty()).unwrap()).await;
    assert_eq!(header(&refused, "content-encoding"), "");
}

#[tokio::test]
async fn browsers_of_the_configured_origins_may_ask() {
    let config = StackConfig {
        cors: CorsConfig { origins: vec!["https://tra-cuu.example.vn".into()] },
        hsts: Some("max-age=31536000".into()),
        ..StackConfig::default()
    };
    let stacked = stacked(&config);
    let from = |origin: &'static str, method: Method| {
        let asked = request("/whoami").method(method).header("origin", origin);
        stacked
            .service
            .clone()
            .oneshot(asked.header("access-control-request-method", "GET").body(Body::empty()).unwrap())
    };
    let good = from("https://tra-cuu.example.vn", Method::GET).await.unwrap();
    assert_eq!(header(&good, "access-control-allow-origin"), "https://tra-cuu.example.vn");
    assert!(header(&good, "access-control-expose-headers").contains("ratelimit"));
    assert_eq!(header(&good, "strict-transport-security"), "max-age=31536000");
    let preflight = from("https://tra-cuu.example.vn", Method::OPTIONS).await.unwrap();
    assert_eq!(preflight.status(), StatusCode::OK);
    assert!(header(&preflight, "access-control-allow-methods").contains("POST"));
    let stranger = from("https://evil.example", Method::GET).await.unwrap();
    assert_eq!(header(&stranger, "access-control-allow-origin"), "");
    // A problem can be read by the page too.
    let lost = request("/nothing").header("origin", "https://tra-cuu.example.vn").body(Body::empty()).unwrap();
    let lost = stacked.service.clone().oneshot(lost).await.unwrap();
    assert_eq!(header(&lost, "access-control-allow-origin"), "https://tra-cuu.example.vn");
    assert_eq!(problem(lost).await["code"], "unknown_route");
}

#[tokio::test]
async fn a_setting_that_is_no_header_is_named() {
    let config = StackConfig { hsts: Some("max-age=1\n".into()), ..StackConfig::default() };
    let mistake = public_stack(router(), &config, &needs()).map(|_| ()).unwrap_err();
    assert!(mistake.to_string().contains("http.hsts"), "{mistake}");
}

#[tokio::test]
async fn the_internal_listener_speaks_the_same_problems() {
    let service = internal_stack(Router::new().route("/healthz", get(|| async { "ok" })), &needs()).unwrap();
    let good = service.clone().oneshot(request("/healthz").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(good.status(), StatusCode::OK);
    let lost = service.oneshot(request("/nothing").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(problem(lost).await["code"], "unknown_route");
}

#[tokio::test]
async fn more_at_once_than_the_house_holds_are_shed() {
    let config = StackConfig { at_once: 0, total_timeout: Duration::from_secs(1), ..StackConfig::default() };
    let answer = stacked(&config).service.oneshot(request("/whoami").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&answer, "retry-after"), "1");
    assert_eq!(problem(answer).await["code"], "overloaded");
}

#[tokio::test]
async fn requests_are_counted_by_template_method_and_class() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let _recording = metrics::set_default_local_recorder(&recorder);
    gateway_http::describe_metrics();
    let stacked = stacked(&StackConfig::default());
    let ask = |method: Method, path: &'static str| {
        let service = stacked.service.clone();
        async move { service.oneshot(request(path).method(method).body(Body::empty()).unwrap()).await.unwrap() }
    };
    for _ in 0..3 {
        ask(Method::GET, "/whoami?secret=1").await;
    }
    ask(Method::POST, "/post").await;
    ask(Method::GET, "/a-path-that-somebody-made-up").await;
    let figures = recorder.handle().render();
    for line in [
        r#"http_requests_total{route="/whoami",method="GET",status="2xx"} 3"#,
        r#"http_requests_total{route="/post",method="POST",status="4xx"} 1"#,
        r#"http_requests_total{route="unknown",method="GET",status="4xx"} 1"#,
        r#"http_request_duration_seconds_count{route="/whoami",method="GET"} 3"#,
        r#"http_requests_in_flight{listener="public"} 0"#,
    ] {
        assert!(figures.contains(line), "{line} is missing in\n{figures}");
    }
    assert!(!figures.contains("secret") && !figures.contains("somebody"));
}

#[tokio::test(start_paused = true)]
async fn who_sends_slowly_takes_no_place_from_others() {
    let stacked = stacked(&StackConfig { at_once: 1, bodies_per_network: 1, ..StackConfig::default() });
    let slow = || {
        let never = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let asked = request("/post").method(Method::POST).header("content-type", "application/json");
        stacked.service.clone().oneshot(asked.body(Body::from_stream(never)).unwrap())
    };
    let started = tokio::time::Instant::now();
    let first = tokio::spawn(slow());
    tokio::task::yield_now().await;
    // The only permit is free: the body is not there yet.
    let other = stacked.service.clone().oneshot(request("/whoami").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(other.status(), StatusCode::OK);
    // One network does not send many bodies at a time.
    let second = slow().await.unwrap();
    assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&second, "retry-after"), "1");
    assert_eq!(problem(second).await["code"], "too_many_requests");
    assert_eq!(started.elapsed(), Duration::ZERO);
    let late = first.await.unwrap().unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(5));
    assert_eq!(late.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(problem(late).await["code"], "request_timeout");
    // Its place is free again.
    let good = request("/post").method(Method::POST).header("content-type", "application/json");
    let good = stacked.service.clone().oneshot(good.body(Body::from(r#"{"name":"Lan"}"#)).unwrap()).await.unwrap();
    assert_eq!(good.status(), StatusCode::OK);
}
