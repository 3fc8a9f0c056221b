use std::time::Duration;

use gateway_core::domain::{Rating, RatingReason, RatingWords, Score};
use gateway_core::ports::{Portal as _, PortalError, PortalFault};
use gateway_portal::StackConfig;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::{House, NUMBER, number, portal_answering, raw_peer, requests};

fn rating() -> Rating {
    Rating {
        score: Score::new(2).unwrap(),
        reasons: vec![RatingReason::Waiting, RatingReason::Attitude],
        words: RatingWords::parse("Chờ lâu quá").unwrap(),
        at: "2026-11-23T01:15:00Z".parse().unwrap(),
    }
}

async fn rate(house: &House) -> Result<(), PortalError> {
    house.portal.rate(&number(NUMBER), &rating(), house.deadline()).await
}

/// Three tries of whatever may be repeated.
fn eager(address: &str) -> House {
    let limits = StackConfig { call_timeout_ms: 300, ..StackConfig::default() };
    House::new(address, &limits, |_| {})
}

#[tokio::test]
async fn a_rating_is_written_as_the_protocol_writes() {
    let server = portal_answering(ResponseTemplate::new(200).set_body_json(json!({ "error_code": "00" }))).await;
    rate(&House::patient(&server.uri())).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    let body: Value = serde_json::from_slice(&sent.last().unwrap().body).unwrap();
    assert_eq!((&body["service"], &body["madonvi"]), (&json!("DongBoDanhGia"), &json!("000.00.17.H09")));
    let entry = json!({
        "MaHoSo": NUMBER, "DiemDanhGia": "2", "LyDo": "waiting;attitude", "NoiDung": "Chờ lâu quá",
        "NgayDanhGia": "20261123081500",
    });
    assert_eq!(body["data"], json!([entry]));
    assert!(body.get("mahoso").is_none());
}

#[tokio::test]
async fn what_a_portal_calls_its_fields_is_configuration() {
    let server = portal_answering(ResponseTemplate::new(200).set_body_json(json!({ "error_code": 0 }))).await;
    let house = House::new(&server.uri(), &StackConfig::default(), |config| {
        config.rating.score = "Diem".into();
        config.rating.reasons = String::new();
        config.rating.at = String::new();
    });
    rate(&house).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    let body: Value = serde_json::from_slice(&sent.last().unwrap().body).unwrap();
    assert_eq!(body["data"], json!([{ "MaHoSo": NUMBER, "Diem": "2", "NoiDung": "Chờ lâu quá" }]));
}

#[tokio::test]
async fn a_refusal_is_surely_no() {
    let refusal = json!({ "error_code": 422, "message": "data[0].MaHoSo: không có" });
    let server = portal_answering(ResponseTemplate::new(200).set_body_json(refusal)).await;
    let error = rate(&eager(&server.uri())).await.unwrap_err();
    assert!(matches!(&error.fault, PortalFault::ErrorCode(code) if &**code == "422"), "{error}");
    assert!(error.surely_not_taken());
    assert_eq!(requests(&server, "/mapi/g").await, 1);
}

#[tokio::test]
async fn a_portal_that_is_closed_for_now_surely_took_nothing() {
    for status in [503, 429, 425] {
        let server = portal_answering(ResponseTemplate::new(status)).await;
        let error = rate(&eager(&server.uri())).await.unwrap_err();
        assert!(matches!(&error.fault, PortalFault::TurnedAway(_)) && error.surely_not_taken(), "{error}");
        assert_eq!((requests(&server, "/mapi/g").await, error.key()), (1, "unreachable"), "{error}");
    }
}

#[tokio::test]
async fn what_may_have_been_taken_is_sent_once_whatever_happens() {
    for template in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(502),
        ResponseTemplate::new(504),
        ResponseTemplate::new(200).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_json(json!({ "error_code": "00" })).set_delay(Duration::from_secs(2)),
    ] {
        let server = portal_answering(template).await;
        let error = rate(&eager(&server.uri())).await.unwrap_err();
        assert!(!error.surely_not_taken(), "{error}");
        assert_eq!(requests(&server, "/mapi/g").await, 1, "{error}");
        assert!(!error.to_string().contains("Chờ lâu"));
    }
}

#[tokio::test]
async fn without_a_session_nothing_was_sent() {
    let error = rate(&House::hurried(&raw_peer(Some(Vec::new())).await)).await.unwrap_err();
    assert!(error.service == "login" && error.surely_not_taken(), "{error}");
}
