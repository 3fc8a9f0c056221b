use std::time::Duration;

use axum::http::StatusCode;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{AGENCY, Portal};

const MINUTE: i64 = 60;

#[tokio::test]
async fn a_wrong_password_opens_no_session() {
    let portal = Portal::open().await;
    for body in [
        json!({ "username": "dakenh", "password": "wrong" }),
        json!({ "username": "somebody", "password": "portal-sim" }),
        json!({ "username": "dakenh" }),
        json!({}),
    ] {
        assert_eq!(portal.post("/mapi/login", &body).await, json!({ "error_code": 1 }));
    }
}

#[tokio::test]
async fn a_session_ends_without_notice_and_a_new_one_serves() {
    let mut portal = Portal::open().await;
    let number = portal.number(0);
    portal.clock.pass(29 * MINUTE);
    assert!(portal.dossier(&number).await.is_some());
    portal.clock.pass(2 * MINUTE);
    let expired = portal.call("TraCuuHoSo", json!({ "mahoso": number })).await;
    assert_eq!(expired, json!({ "error_code": 401, "result": [] }));
    portal.log_in().await;
    assert!(portal.dossier(&number).await.is_some());
}

#[tokio::test]
async fn sessions_are_bounded_and_the_oldest_makes_room() {
    let mut portal = Portal::with(|config| config.session_lifetime = Duration::from_secs(86_400)).await;
    let first = portal.session.clone();
    for _ in 0..1_000 {
        portal.clock.pass(1);
        portal.log_in().await;
    }
    assert_eq!(portal.get("/internal/sessions").await["open"], 1_000);
    let body = json!({ "session": first, "madonvi": AGENCY, "service": "LayDanhMucCoQuan" });
    assert_eq!(portal.post("/mapi/g", &body).await["error_code"], 401);
    assert_eq!(portal.call("LayDanhMucCoQuan", json!({})).await["error_code"], 0);
}

#[tokio::test]
async fn another_agencys_code_is_refused() {
    let portal = Portal::open().await;
    let answer = portal.call("LayDanhSachTTHC", json!({ "madonvi": "000.00.17.H29" })).await;
    assert_eq!(answer, json!({ "error_code": 403, "result": [] }));
}

#[tokio::test]
async fn an_unknown_service_and_a_missing_parameter_are_errors_of_the_portal() {
    let portal = Portal::open().await;
    assert_eq!(portal.call("LayTatCa", json!({})).await["error_code"], 404);
    assert_eq!(portal.call("TraCuuHoSo", json!({})).await["error_code"], 400);
    assert_eq!(portal.call("LayThuTuc", json!({})).await["error_code"], 400);
    assert_eq!(portal.call("TraCuuHoSo", json!({ "mahoso": 7 })).await["error_code"], 400);
    assert_eq!(portal.get("/internal/stats").await["calls"]["unknown"], 2, "the unknown one and the unreadable one");
}

#[tokio::test]
async fn garbage_never_breaks_the_portal() {
    let portal = Portal::open().await;
    let deep = "[".repeat(100_000);
    let garbage: [Vec<u8>; 12] = [
        b"".to_vec(),
        b"{".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"42".to_vec(),
        b"\"TraCuuHoSo\"".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        b"{\"session\":{},\"service\":[]}".to_vec(),
        b"{\"service\":\"\\ud800\"}".to_vec(),
        b"{\"session\":\"a\",\"session\":\"b\"}".to_vec(),
        b"<xml/>".to_vec(),
        deep.into_bytes(),
    ];
    for body in garbage {
        for path in ["/mapi/login", "/mapi/g"] {
            let (status, answer) = portal.send("POST", path, body.clone()).await;
            assert_eq!(status, StatusCode::OK);
            let answer: Value = serde_json::from_slice(&answer.unwrap()).unwrap();
            assert_ne!(answer["error_code"], 0, "{answer}");
        }
        for (method, path) in [("PUT", "/internal/faults"), ("POST", "/internal/dossiers/x/status")] {
            let (status, _) = portal.send(method, path, body.clone()).await;
            assert!(status.is_client_error(), "{path}: {status}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_asked_for_is_answered(number in "\\PC{0,80}", code in "\\PC{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let portal = Portal::with(|config| config.dossiers = 100).await;
            for (service, more) in [("TraCuuHoSo", json!({ "mahoso": number })), ("LayThuTuc", json!({ "maTTHC": code }))] {
                assert_eq!(portal.call(service, more).await, json!({ "error_code": 0, "result": [] }));
            }
            for service in ["DongBoHoSoMC", "CapNhatTienDoHoSoMC", "DongBoDanhGia"] {
                let data = json!({ "isUpdating": "True", "data": [{ "MaHoSo": number, "TrangThaiHoSo": code }] });
                assert_eq!(portal.call(service, data).await["error_code"], 422);
            }
            for path in ["/mapi/login", "/mapi/g"] {
                assert_eq!(portal.send("POST", path, bytes.clone()).await.0, StatusCode::OK);
            }
        });
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let portal = Portal::open().await;
    let (status, _) = portal.send("POST", "/mapi/g", vec![b' '; (2 << 20) + 1]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn the_password_is_never_printed() {
    let clock = crate::support::TestClock::new();
    let mut config = crate::support::config(&clock);
    config.password = "rat-bi-mat".to_owned();
    assert!(!format!("{config:?}").contains("rat-bi-mat"));
    let simulator = portal_simulator::Simulator::new(config).unwrap();
    assert!(!format!("{simulator:?}").contains("rat-bi-mat"));
}

#[test]
fn a_wrong_setting_is_named() {
    let clock = crate::support::TestClock::new();
    let refuse = |change: fn(&mut portal_simulator::SimulatorConfig)| {
        let mut config = crate::support::config(&clock);
        change(&mut config);
        portal_simulator::Simulator::new(config).unwrap_err().to_string()
    };
    assert!(refuse(|config| config.procedures.clear()).starts_with("procedures"));
    assert!(refuse(|config| config.dossiers = 0).starts_with("dossiers"));
    assert!(refuse(|config| config.dossiers = 1_000_001).starts_with("dossiers"));
    assert!(refuse(|config| config.province = "Bình Dương".to_owned()).starts_with("province"));
    assert!(refuse(|config| config.province = String::new()).starts_with("province"));
    assert!(refuse(|config| config.session_lifetime = Duration::ZERO).starts_with("session_lifetime"));
    assert!(refuse(|config| config.agencies = vec![("000-17".to_owned(), "A".to_owned())]).starts_with("agencies"));
    let twice = |config: &mut portal_simulator::SimulatorConfig| {
        config.agencies = vec![("1.H09".to_owned(), "A".to_owned()), ("1.H09".to_owned(), "B".to_owned())];
    };
    assert!(refuse(twice).contains("twice"));
    assert!(refuse(|config| config.faults.error_rate = 2.0).contains("error_rate"));
}
