//! A million dossiers take no more memory than ten. Alone in its process, so
//! that no other test's memory is counted.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test does")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::Request;
use gateway_core::ports::{Clock, Randomness};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use portal_simulator::{Simulator, SimulatorConfig};
use serde_json::{Value, json};
use tower::ServiceExt as _;

struct Fixed;

#[async_trait]
impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        "2026-11-23T03:00:00Z".parse().unwrap()
    }

    async fn sleep(&self, _: Duration) {}
}

impl Randomness for Fixed {
    fn next_u64(&self) -> u64 {
        7
    }
}

/// Resident memory in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}

#[tokio::test]
async fn a_million_dossiers_take_no_memory_of_their_own() {
    let mut config = SimulatorConfig::new(gateway_catalogue::builtin(), Arc::new(Fixed), Arc::new(Fixed));
    config.dossiers = 1_000_000;
    let simulator = Simulator::new(config).unwrap();
    let router = simulator.router();
    let ask = async |path: &str, body: Value| {
        let request = Request::post(path).body(Body::from(body.to_string())).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let session =
        ask("/mapi/login", json!({ "username": "dakenh", "password": "portal-sim" })).await["session"].clone();
    let mut after_warming = 0;
    for index in 0..20_000_u64 {
        let number = simulator.dossier_by_index(index * 50).unwrap();
        let body = json!({ "session": session, "madonvi": "000.00.17.H09", "service": "TraCuuHoSo", "mahoso": number });
        assert_eq!(ask("/mapi/g", body).await["result"][0]["MaHoSo"], number);
        if index == 1_000 {
            after_warming = resident();
        }
    }
    let grown = resident().saturating_sub(after_warming);
    assert!(grown < 1 << 20, "{grown} bytes more after 19,000 different dossiers");
}
