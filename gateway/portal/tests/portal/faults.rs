//! What real portals do wrong, over real sockets.

use std::time::{Duration, Instant};

use gateway_core::ports::{Portal, PortalError, PortalFault};
use gateway_portal::StackConfig;
use wiremock::matchers::{body_string_contains, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::support::{House, NUMBER, golden, number, portal_answering, portal_with_login, raw_peer, requests};

async fn ask(house: &House) -> Result<bool, PortalError> {
    house.portal.dossier(&number(NUMBER), house.deadline()).await.map(|found| found.is_some())
}

fn unreadable_body(error: &PortalError, problem_has: &str) {
    let PortalFault::Unreadable { field, problem } = &error.fault else { panic!("{error}") };
    assert_eq!(&**field, "body");
    assert!(problem.contains(problem_has), "{problem}");
}

#[tokio::test]
async fn a_page_of_html_with_status_200_is_no_answer() {
    let server = portal_answering(golden("html_page").response.template()).await;
    let error = ask(&House::patient(&server.uri())).await.unwrap_err();
    assert_eq!(error.service, "TraCuuHoSo");
    unreadable_body(&error, "HTML");
    assert!(!error.to_string().contains("bảo trì"), "its content is not told");
}

#[tokio::test]
async fn a_page_for_one_number_does_not_close_the_portal_for_the_others() {
    let server = portal_with_login().await;
    Mock::given(path("/mapi/g"))
        .and(body_string_contains(NUMBER))
        .respond_with(golden("html_page").response.template())
        .mount(&server)
        .await;
    Mock::given(path("/mapi/g")).respond_with(golden("not_found").response.template()).mount(&server).await;
    let limits = StackConfig { call_timeout_ms: 20_000, ..StackConfig::default() };
    let house = House::new(&server.uri(), &limits, |_| {});
    for _ in 0..14 {
        unreadable_body(&ask(&house).await.unwrap_err(), "HTML");
    }
    let other = number("000.00.17.H09-261020-0099");
    assert!(house.portal.dossier(&other, house.deadline()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_of_html_in_place_of_a_login_is_no_answer() {
    let server = portal_with_login().await;
    server.reset().await;
    Mock::given(method("POST")).respond_with(golden("html_page").response.template()).mount(&server).await;
    let error = ask(&House::patient(&server.uri())).await.unwrap_err();
    assert_eq!(error.service, "login");
    unreadable_body(&error, "HTML");
}

#[tokio::test]
async fn json_under_a_wrong_content_type_is_read_all_the_same() {
    let body = golden("dossier_in_progress").response.bytes();
    let server = portal_answering(ResponseTemplate::new(200).set_body_raw(body, "text/html")).await;
    assert!(ask(&House::patient(&server.uri())).await.unwrap());
}

#[tokio::test]
async fn a_byte_order_mark_is_tolerated() {
    let mut body = b"\xef\xbb\xbf".to_vec();
    body.extend(golden("dossier_in_progress").response.bytes());
    let server = portal_answering(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
    assert!(ask(&House::patient(&server.uri())).await.unwrap());
}

#[tokio::test]
async fn a_body_cut_by_the_peer_is_named() {
    // Announces more than it sends, then hangs up.
    let login = br#"{"session":"1","error_"#;
    let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 400\r\n\r\n".to_vec();
    bytes.extend(login);
    let error = ask(&House::patient(&raw_peer(Some(bytes)).await)).await.unwrap_err();
    unreadable_body(&error, "broke off");
}

#[tokio::test]
async fn a_peer_that_hangs_up_without_a_word_is_not_reachable() {
    let error = ask(&House::patient(&raw_peer(Some(Vec::new())).await)).await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn nobody_at_the_address_is_not_reachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = ask(&House::patient(&address)).await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::NoConnection(_)), "{error}");
    assert!(error.surely_not_taken() && error.key() == "unreachable");
    assert!(!error.to_string().contains(NUMBER));
}

#[tokio::test]
async fn a_peer_that_keeps_silent_is_given_up() {
    let begun = Instant::now();
    let error = ask(&House::hurried(&raw_peer(None).await)).await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::TimedOut(_)), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn an_answer_after_the_deadline_is_not_waited_for() {
    let late = golden("dossier_in_progress").response.template().set_delay(Duration::from_secs(30));
    let server = portal_answering(late).await;
    let house = House::patient(&server.uri());
    house.portal.ping(house.in_ms(100)).await.unwrap_err();
    let begun = Instant::now();
    let error = house.portal.dossier(&number(NUMBER), house.in_ms(150)).await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::TimedOut(_)), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let huge = vec![b' '; 70_000];
    let server = portal_answering(ResponseTemplate::new(200).set_body_raw(huge, "application/json")).await;
    let limits = StackConfig { call_timeout_ms: 20_000, ..StackConfig::default() };
    let house = House::new(&server.uri(), &limits, |config| config.max_body_bytes = 65_536);
    unreadable_body(&ask(&house).await.unwrap_err(), "larger");

    // Without an announced length.
    let mut bytes = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    bytes.extend(vec![b' '; 70_000]);
    let house = House::new(&raw_peer(Some(bytes)).await, &limits, |config| config.max_body_bytes = 65_536);
    unreadable_body(&ask(&house).await.unwrap_err(), "larger");
}

#[tokio::test]
async fn a_list_of_odd_things_is_not_taken_for_none_found() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for result in [r#"["Không tìm thấy"]"#, "[3]", "7", r#""lỗi hệ thống""#, deep.as_str()] {
        let body = format!(r#"{{"error_code":0,"result":{result}}}"#);
        let server = portal_answering(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
        let error = ask(&House::patient(&server.uri())).await.unwrap_err();
        assert!(matches!(&error.fault, PortalFault::Unreadable { field, .. } if &**field == "result"), "{error}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed_with_a_session() {
    let server =
        portal_answering(ResponseTemplate::new(307).insert_header("location", "http://127.0.0.1:1/elsewhere")).await;
    let error = ask(&House::patient(&server.uri())).await.unwrap_err();
    assert!(matches!(&error.fault, PortalFault::ErrorCode(code) if &**code == "HTTP 307"), "{error}");
}

#[tokio::test]
async fn a_portal_that_stumbles_once_is_asked_again() {
    let server = portal_with_login().await;
    Mock::given(path("/mapi/g"))
        .respond_with(golden("cut_body").response.template())
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(path("/mapi/g")).respond_with(golden("dossier_in_progress").response.template()).mount(&server).await;
    let limits = StackConfig { call_timeout_ms: 20_000, ..StackConfig::default() };
    let house = House::new(&server.uri(), &limits, |_| {});
    assert!(ask(&house).await.unwrap());
    assert_eq!(requests(&server, "/mapi/g").await, 2);
    assert!(house.portal.health().is_up());
    assert!(house.portal.health().last_success().is_some());
}

#[tokio::test]
async fn a_ping_asks_for_a_dossier_that_nobody_has() {
    let server = portal_answering(golden("not_found").response.template()).await;
    let house = House::patient(&server.uri());
    house.portal.ping(house.deadline()).await.unwrap();
    let asked = server.received_requests().await.unwrap().pop().unwrap();
    assert!(String::from_utf8(asked.body).unwrap().contains("000.00.17.H09-000101-0000"));
}
