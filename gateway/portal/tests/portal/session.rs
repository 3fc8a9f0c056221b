//! Logging in once, and again once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use gateway_core::ports::{Portal, PortalFault};
use gateway_portal::StackConfig;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{House, NUMBER, golden, number, requests};

/// A portal whose sessions are numbered; only `valid` and later ones hold.
async fn portal_with_sessions(valid: Arc<AtomicUsize>, expired: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let logins = AtomicUsize::new(0);
    Mock::given(method("POST"))
        .and(path("/mapi/login"))
        .respond_with(move |_: &Request| {
            let number = logins.fetch_add(1, Ordering::SeqCst) + 1;
            ResponseTemplate::new(200)
                .set_body_json(json!({"session": number.to_string(), "error_code": 0}))
                .set_delay(Duration::from_millis(50))
        })
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/mapi/g"))
        .respond_with(move |request: &Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let session: usize = body["session"].as_str().unwrap().parse().unwrap();
            if session >= valid.load(Ordering::SeqCst) {
                golden("dossier_in_progress").response.template()
            } else {
                expired.clone()
            }
        })
        .mount(&server)
        .await;
    server
}

async fn ask_at_once(house: &House, times: usize) -> usize {
    let number = number(NUMBER);
    let answers = join_all((0..times).map(|_| house.portal.dossier(&number, house.deadline()))).await;
    answers.iter().filter(|answer| answer.as_ref().is_ok_and(Option::is_some)).count()
}

#[tokio::test]
async fn a_hundred_calls_at_once_log_in_once() {
    let server = portal_with_sessions(Arc::default(), golden("session_expired").response.template()).await;
    let house = House::patient(&server.uri());
    assert_eq!(ask_at_once(&house, 100).await, 100);
    assert_eq!(requests(&server, "/mapi/login").await, 1);
    assert_eq!(requests(&server, "/mapi/g").await, 100);
}

#[tokio::test]
async fn a_session_that_ended_silently_is_renewed_once_for_all() {
    for file in ["session_expired", "session_expired_words"] {
        let valid = Arc::new(AtomicUsize::new(1));
        let server = portal_with_sessions(Arc::clone(&valid), golden(file).response.template()).await;
        let house = House::patient(&server.uri());
        assert_eq!(ask_at_once(&house, 1).await, 1);
        valid.store(2, Ordering::SeqCst);
        assert_eq!(ask_at_once(&house, 100).await, 100, "{file}");
        assert_eq!(requests(&server, "/mapi/login").await, 2, "{file}");
    }
}

#[tokio::test]
async fn http_401_ends_a_session_too() {
    let valid = Arc::new(AtomicUsize::new(2));
    let server = portal_with_sessions(valid, ResponseTemplate::new(401)).await;
    let house = House::patient(&server.uri());
    assert_eq!(ask_at_once(&house, 1).await, 1);
    assert_eq!(requests(&server, "/mapi/login").await, 2);
}

#[tokio::test]
async fn a_call_is_repeated_once_and_no_more() {
    let server =
        portal_with_sessions(Arc::new(AtomicUsize::new(1_000)), golden("session_expired").response.template()).await;
    let house = House::patient(&server.uri());
    let error = house.portal.dossier(&number(NUMBER), house.deadline()).await.unwrap_err();
    assert!(matches!(&error.fault, PortalFault::ErrorCode(code) if &**code == "401"), "{error}");
    assert_eq!(requests(&server, "/mapi/login").await, 2);
    assert_eq!(requests(&server, "/mapi/g").await, 2);
}

#[tokio::test]
async fn another_error_code_is_doubted_only_with_an_old_session() {
    let server = portal_with_sessions(Arc::new(AtomicUsize::new(2)), golden("error_code").response.template()).await;
    let house = House::patient(&server.uri());
    let error = house.portal.dossier(&number(NUMBER), house.deadline()).await.unwrap_err();
    assert!(matches!(&error.fault, PortalFault::ErrorCode(code) if &**code == "500"), "{error}");
    assert_eq!(requests(&server, "/mapi/login").await, 1, "a young session is not to blame");

    let limits = StackConfig { call_timeout_ms: 20_000, ..StackConfig::default() };
    let doubting = House::new(&server.uri(), &limits, |config| config.session.suspect_after_ms = 1);
    assert_eq!(ask_at_once(&doubting, 1).await, 1);
}

#[tokio::test]
async fn a_refused_login_is_not_tried_again_at_once() {
    let server = MockServer::start().await;
    Mock::given(path("/mapi/login")).respond_with(golden("login_refused").response.template()).mount(&server).await;
    let house = House::patient(&server.uri());
    for _ in 0..5 {
        let error = house.portal.dossier(&number(NUMBER), house.deadline()).await.unwrap_err();
        assert_eq!(error.service, "login");
        assert!(matches!(&error.fault, PortalFault::LoginRefused(code) if &**code == "1"), "{error}");
    }
    assert_eq!(requests(&server, "/mapi/login").await, 1, "the account must not be locked by our knocking");
    assert!(!house.portal.health().is_up());
}

#[tokio::test]
async fn a_login_goes_on_though_its_asker_has_left() {
    let server = portal_with_sessions(Arc::default(), golden("session_expired").response.template()).await;
    let house = House::patient(&server.uri());
    let number = number(NUMBER);
    // The login takes 50 ms.
    house.portal.dossier(&number, house.in_ms(30)).await.unwrap_err();
    assert_eq!(ask_at_once(&house, 1).await, 1);
    assert_eq!(requests(&server, "/mapi/login").await, 1);
}
