//! Each fault, over a real socket where the connection is part of it.

use std::time::Duration;

use axum::http::StatusCode;
use portal_simulator::Faults;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{AGENCY, Portal};

impl Portal {
    async fn faults(&self, faults: Value) {
        let (status, answer) = self.json("PUT", "/internal/faults", &faults).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    async fn look_up(&self, number: &str) -> (StatusCode, Result<Vec<u8>, ()>) {
        self.send("POST", "/mapi/g", self.question(number)).await
    }

    fn question(&self, number: &str) -> String {
        json!({ "session": self.session, "madonvi": AGENCY, "service": "TraCuuHoSo", "mahoso": number }).to_string()
    }

    /// What comes over a real connection until it is closed.
    async fn over_a_socket(&self, number: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(axum::serve(listener, self.simulator.router()).into_future());
        let mut socket = TcpStream::connect(address).await.unwrap();
        let body = self.question(number);
        let request = format!(
            "POST /mapi/g HTTP/1.1\r\nhost: portal\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // A reset is an end as good as a close.
        let _ = socket.read_to_end(&mut answer).await;
        server.abort();
        String::from_utf8(answer).unwrap()
    }
}

#[tokio::test]
async fn without_faults_a_socket_gets_the_whole_answer() {
    let portal = Portal::open().await;
    let answer = portal.over_a_socket(&portal.number(0)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with("]}"), "{answer}");
}

#[tokio::test]
async fn a_full_stop_closes_every_connection_without_a_word_and_can_be_lifted() {
    let portal = Portal::open().await;
    portal.faults(json!({ "stop": true })).await;
    assert_eq!(portal.over_a_socket(&portal.number(0)).await, "");
    assert_eq!(portal.get("/internal/faults").await["stop"], true, "the control endpoints go on");
    portal.faults(json!({})).await;
    assert!(portal.dossier(&portal.number(0)).await.is_some());
}

#[tokio::test]
async fn a_cut_answer_promises_the_whole_and_breaks_off() {
    let portal = Portal::open().await;
    let whole = portal.over_a_socket(&portal.number(0)).await;
    portal.faults(json!({ "cut_rate": 1 })).await;
    let cut = portal.over_a_socket(&portal.number(0)).await;
    let body = |answer: &str| answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap();
    let promised = format!("content-length: {}\r\n", body(&whole).len());
    assert!(cut.contains(&promised), "{cut}");
    assert!(!body(&cut).is_empty() && body(&cut).len() < body(&whole).len());
    assert!(body(&whole).starts_with(&body(&cut)));
}

#[tokio::test]
async fn a_silent_portal_says_nothing_for_half_a_minute() {
    let portal = Portal::open().await;
    portal.faults(json!({ "silence_rate": 1 })).await;
    assert_eq!(portal.over_a_socket(&portal.number(0)).await, "");
    assert_eq!(*portal.clock.slept.lock(), [Duration::from_secs(30)]);
}

#[tokio::test]
async fn an_error_is_an_http_500_and_a_page_is_a_200() {
    let portal = Portal::open().await;
    portal.faults(json!({ "error_rate": 1 })).await;
    assert_eq!(portal.look_up(&portal.number(0)).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    portal.faults(json!({ "html_rate": 1 })).await;
    let (status, body) = portal.look_up(&portal.number(0)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(String::from_utf8(body.unwrap()).unwrap().starts_with("<!DOCTYPE html>"));
    let faults = portal.get("/internal/stats").await["faults"].clone();
    assert_eq!((&faults["error"], &faults["html"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn sessions_end_under_the_callers_feet() {
    let mut portal = Portal::open().await;
    portal.faults(json!({ "expired_session_rate": 1 })).await;
    let number = portal.number(0);
    let answer = portal.call("TraCuuHoSo", json!({ "mahoso": number })).await;
    assert_eq!(answer, json!({ "error_code": 401, "result": [] }));
    portal.faults(json!({})).await;
    let still = portal.call("TraCuuHoSo", json!({ "mahoso": number })).await;
    assert_eq!(still["error_code"], 401, "the session is really gone");
    portal.log_in().await;
    assert!(portal.dossier(&number).await.is_some());
}

#[tokio::test]
async fn all_sessions_can_be_ended_at_once() {
    let mut portal = Portal::open().await;
    portal.faults(json!({ "expire_sessions": true })).await;
    assert_eq!(portal.call("LayDanhMucCoQuan", json!({})).await["error_code"], 401);
    assert_eq!(portal.get("/internal/faults").await.get("expire_sessions"), None, "it happened once");
    portal.log_in().await;
    assert_eq!(portal.json("DELETE", "/internal/sessions", &Value::Null).await.0, StatusCode::NO_CONTENT);
    assert_eq!(portal.call("LayDanhMucCoQuan", json!({})).await["error_code"], 401);
}

#[tokio::test]
async fn latency_is_waited_for_on_the_clock() {
    let portal = Portal::open().await;
    portal.faults(json!({ "latency": { "fixed_ms": 20 } })).await;
    assert_eq!(portal.look_up(&portal.number(0)).await.0, StatusCode::OK);
    assert_eq!(portal.clock.slept.lock().split_off(0), [Duration::from_millis(20)]);
    portal.faults(json!({ "latency": { "min_ms": 5, "max_ms": 50 } })).await;
    for index in 0..50 {
        portal.look_up(&portal.number(index)).await.1.unwrap();
    }
    let slept = portal.clock.slept.lock();
    assert_eq!(slept.len(), 50);
    assert!(slept.iter().all(|span| (5..=50).contains(&span.as_millis())));
    assert!(slept.iter().min() != slept.iter().max());
}

#[tokio::test]
async fn an_untidy_portal_says_the_same_in_other_shapes() {
    let portal = Portal::open().await;
    let tidy: Vec<Value> = {
        let mut tidy = Vec::new();
        for index in 0..40 {
            tidy.push(portal.dossier(&portal.number(index)).await.unwrap());
        }
        tidy
    };
    portal.faults(json!({ "untidy": true })).await;
    let mut seen = [false; 5];
    for (index, tidy) in (0..40).zip(&tidy) {
        let answer = portal.call("TraCuuHoSo", json!({ "mahoso": portal.number(index) })).await;
        let list = answer.get("data").or(answer.get("result")).unwrap();
        let dossier = list[0].as_object().unwrap();
        assert_eq!(dossier["MaHoSo"], tidy["MaHoSo"]);
        assert_eq!(dossier["ChuHoSo"], tidy["ChuHoSo"]);
        seen[0] |= answer.get("data").is_some();
        seen[1] |= answer["error_code"].is_string();
        seen[2] |= dossier.values().any(Value::is_number);
        seen[3] |= dossier.values().any(Value::is_null);
        seen[4] |= dossier.contains_key("PhienBan");
    }
    assert_eq!(seen, [true; 5]);
}

#[tokio::test]
async fn an_untidy_portal_tells_an_ended_session_in_words_or_in_code() {
    let portal = Portal::open().await;
    portal.faults(json!({ "untidy": true, "expire_sessions": true })).await;
    let mut words = 0;
    for _ in 0..40 {
        let answer = portal.call("LayDanhMucCoQuan", json!({})).await;
        match answer.get("error_message") {
            Some(message) => {
                assert_eq!(message, "Phiên làm việc đã hết hạn");
                words += 1;
            }
            None => assert!(answer["error_code"] == 401 || answer["error_code"] == "401", "{answer}"),
        }
    }
    assert!((5..35).contains(&words));
}

#[tokio::test]
async fn the_same_seed_meets_the_same_faults() {
    let story = async || {
        let portal = Portal::open().await;
        portal.faults(json!({ "error_rate": 0.3, "html_rate": 0.2, "cut_rate": 0.1 })).await;
        let mut story = Vec::new();
        for index in 0..100 {
            story.push(portal.look_up(&portal.number(index)).await);
        }
        story
    };
    let first = story().await;
    assert_eq!(first, story().await);
    let errors = first.iter().filter(|(status, _)| status.is_server_error()).count();
    let cut = first.iter().filter(|(_, body)| body.is_err()).count();
    assert!((15..45).contains(&errors) && (3..20).contains(&cut), "{errors} {cut}");
}

#[tokio::test]
async fn a_fault_out_of_bounds_is_refused_and_changes_nothing() {
    let portal = Portal::open().await;
    portal.faults(json!({ "error_rate": 0.5 })).await;
    for bad in
        [json!({ "error_rate": 1.5 }), json!({ "latency": { "fixed_ms": -1 } }), json!({ "eror_rate": 1 }), json!([])]
    {
        assert_eq!(portal.json("PUT", "/internal/faults", &bad).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(portal.simulator.faults(), Faults { error_rate: 0.5, ..Faults::default() });
    portal.simulator.set_faults(Faults::default()).unwrap();
    assert_eq!(portal.get("/internal/faults").await["error_rate"], 0.0);
}
