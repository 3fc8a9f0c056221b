//! Every call, and every way in which it brings nothing.

use std::time::Duration;

use crate::support::{Scene, Script, ScriptedGateway, TEST_NOW, problem};
use kiosk_client::{ClientError, Fresh, GoneKind, HttpClientError, KeyFile};
use mobile_api_types::{
    AskRequest, CallReason, CallRequest, CallState, ContinuationState, ContinuedPage, DisclosureRequest,
    HeartbeatRequest, NetworkView, PrinterState, PrinterView, RatingOf, RatingRequest, TicketRequest,
};

fn beat() -> HeartbeatRequest {
    HeartbeatRequest {
        version: "0.1.0".into(),
        printer: PrinterView { state: PrinterState::Ready },
        network: NetworkView { latency_ms: None },
        catalogue_at: None,
        last_use: None,
        screens_failed: 0,
        settings_version: None,
    }
}

const BEAT: &str = r#"{"settings_changed":false,"at":"2026-11-27T03:00:00Z"}"#;

#[tokio::test]
async fn a_terminal_enrols_once_and_signs_from_then_on() {
    let scene = Scene::new(ScriptedGateway::start(vec![Script::enrol(), Script::json(BEAT)]).await).await;
    assert!(scene.gateway.identity().is_none());
    assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::NotEnrolled));
    let answer = scene.gateway.enrol(" 7K3F-9QXM ", "0.1.0").await.unwrap();
    assert_eq!(answer.name, "Máy 1");
    assert!(!scene.gateway.heartbeat(&beat()).await.unwrap().settings_changed);
    let seen = scene.peer.seen();
    assert_eq!(seen[0].path, "/api/v1/devices/enrol");
    assert!(seen[0].body.contains("7K3F-9QXM") && !seen[0].signed);
    assert!(seen[1].signed, "the signature holds");
    // Another process with the same file is the same terminal.
    assert_eq!(scene.again().identity().unwrap().device, "k-0123456789abcdef");
}

#[tokio::test]
async fn an_enrolment_whose_answer_was_lost_is_tried_again_with_the_same_key() {
    let scripts = vec![
        Script::Close,
        Script::Close,
        Script::Close,
        problem(403, "enrolment_refused"),
        Script::Close,
        Script::enrol(),
    ];
    let scene = Scene::new(ScriptedGateway::start(scripts).await).await;
    assert!(scene.gateway.enrol("7K3F", "0.1.0").await.unwrap_err().is_gone());
    let refused = scene.again().enrol("7K3F", "0.1.0").await.unwrap_err();
    assert_eq!((refused.code(), refused.cannot_answer_now()), ("enrolment_refused", false));
    scene.gateway.enrol("9QXM", "0.1.0").await.unwrap();
    let keys: Vec<String> = scene.peer.seen().iter().map(|seen| seen.json()["public_key"].to_string()).collect();
    assert_eq!(keys.len(), 6);
    assert!(keys.iter().all(|key| *key == keys[0]), "another key was drawn");
}

#[tokio::test]
async fn every_call_is_signed_and_read() {
    let dossier = r#"{"number":"000.00.17.H09-210819-0012"}"#;
    let procedure = r#"{"procedure":{"code":"1.001193","name":"n","short_name":"n","field":"f","source":"s"}}"#;
    let ticket = r#"{"ticket":"A012","id":7,"service":"ho-tich","service_name":"Hộ tịch","priority":"none","ahead":3,
        "taken_at":"2026-11-27T03:00:00Z","day":"2026-11-27","code":"0123456789ab"}"#;
    let scripts = vec![
        Script::json(r#"{"call":"c-1","position":2}"#),
        Script::json(r#"{"state":"coming"}"#),
        Script::json(r#"{"site":"s","site_name":"S","at":"2026-11-27T03:00:00Z","open":true,"services":[]}"#),
        Script::json(ticket),
        Script::json(r#"{"ticket":"A012","state":"waiting","ahead":3,"text":"Còn 3 người"}"#),
        Script::Answer(202, vec![], String::new()),
        Script::json(r#"{"id":"i","url":"https://x/k/t","expires_at":"2026-11-27T03:10:00Z"}"#),
        Script::json(r#"{"state":"scanned"}"#),
        problem(409, "wrong_code"),
        Script::json("{}"),
        Script::json(dossier),
        Script::json(dossier),
        Script::Answer(202, vec![], r#"{"minutes":5}"#.into()),
        Script::json(dossier),
        Script::json(r#"{"procedures":[],"total":0}"#),
        Script::json(procedure),
        Script::json(r#"{"conversation_id":"0","text":"Chào"}"#),
    ];
    let count = scripts.len();
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let gateway = &scene.gateway;
    let call = CallRequest { reason: CallReason::Help, counter_hint: None };
    assert_eq!(gateway.call_officer(&call).await.unwrap().position, Some(2));
    assert_eq!(gateway.call_state("c-1").await.unwrap().state, CallState::Coming);
    assert!(gateway.queue("en").await.unwrap().open);
    let key = gateway.fresh_key().unwrap();
    assert_eq!(key.len(), 32);
    let request = TicketRequest { service: "ho-tich".into(), priority: "none".into(), key };
    assert_eq!(gateway.take_ticket(&request, "vi").await.unwrap().ticket, "A012");
    assert_eq!(gateway.ticket("0123456789ab", "vi").await.unwrap().ahead, 3);
    let rating = RatingRequest { score: 5, reasons: vec![], words: None, of: RatingOf::Site("s".into()), key: None };
    gateway.rate(&rating).await.unwrap();
    let page = ContinuedPage::Procedures { query: "khai sinh".into() };
    assert_eq!(gateway.continue_on_phone(page, "vi").await.unwrap().id, "i");
    assert_eq!(gateway.continuation("i").await.unwrap().state, ContinuationState::Scanned);
    assert!(!gateway.confirm_continuation("i", "0000").await.unwrap());
    assert!(gateway.confirm_continuation("i", "1234").await.unwrap());
    gateway.dossier("000.00.17.H09-210819-0012", "vi").await.unwrap();
    gateway.disclose("000.00.17.H09-210819-0012", &DisclosureRequest::by_id("1234"), "vi").await.unwrap();
    assert_eq!(gateway.send_code("000.00.17.H09-210819-0012", "vi").await.unwrap().unwrap().minutes, 5);
    assert!(gateway.send_code("G01.899.909-260916-890028", "vi").await.unwrap().is_err());
    gateway.find_procedures("làm giấy & khai sinh", Some("Hộ tịch"), 200, None, "vi").await.unwrap();
    gateway.procedure("1.001193/../x?y", "vi").await.unwrap();
    gateway.ask(&AskRequest { text: "xin chào".into(), conversation_id: None }, "vi").await.unwrap();

    let seen = scene.peer.seen();
    assert_eq!(seen.len(), count);
    for call in &seen {
        assert!(call.signed, "{} {}", call.method, call.path);
    }
    assert_eq!(seen[2].path, "/api/v1/queue?site=000.00.17.H09");
    assert_eq!(seen[2].language, "en");
    assert!(seen[14].path.ends_with("&field=H%E1%BB%99+t%E1%BB%8Bch&limit=50"), "{}", seen[14].path);
    assert_eq!(seen[15].path, "/api/v1/procedures/1.001193%2F..%2Fx%3Fy");
    let nonces: std::collections::BTreeSet<&String> = seen.iter().map(|call| &call.nonce).collect();
    assert_eq!(nonces.len(), count, "a nonce was used twice");
}

#[tokio::test]
async fn what_may_be_repeated_is_and_nothing_else() {
    // Reads: down, broken off, then there.
    let scripts = vec![Script::Answer(503, vec![], "<html>".into()), Script::Close, Script::json(BEAT)];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    scene.gateway.heartbeat(&beat()).await.unwrap();
    assert_eq!(scene.clock.slept(), [Duration::from_millis(300), Duration::from_millis(600)]);
    assert!(scene.gateway.latency().is_some());

    // A number: the same key, another nonce.
    let ticket = r#"{"ticket":"A012","id":7,"service":"a","service_name":"A","priority":"none","ahead":3,
        "taken_at":"2026-11-27T03:00:00Z","day":"2026-11-27","code":"0123456789ab"}"#;
    let scene = Scene::enrolled(ScriptedGateway::start(vec![Script::Close, Script::json(ticket)]).await).await;
    let request = TicketRequest { service: "a".into(), priority: "none".into(), key: "0".repeat(32) };
    assert_eq!(scene.gateway.take_ticket(&request, "vi").await.unwrap().id, 7);
    let seen = scene.peer.seen();
    assert_eq!(seen[0].body, seen[1].body);
    assert_ne!(seen[0].nonce, seen[1].nonce);

    // A proof: once.
    let scene = Scene::enrolled(ScriptedGateway::start(vec![Script::Close, Script::json(BEAT)]).await).await;
    let proof = DisclosureRequest::by_id("1234");
    assert!(scene.gateway.disclose("000.00.17.H09-210819-0012", &proof, "vi").await.unwrap_err().is_gone());
    assert_eq!(scene.peer.seen().len(), 1);
    assert_eq!(scene.gateway.latency(), None);
}

#[tokio::test]
async fn an_overloaded_gateway_is_waited_for_as_it_says_and_a_dead_portal_is_not() {
    let overloaded = Script::problem_with(503, "overloaded", vec![("retry-after", "1")]);
    let scene = Scene::enrolled(ScriptedGateway::start(vec![overloaded, Script::json(BEAT)]).await).await;
    scene.gateway.heartbeat(&beat()).await.unwrap();
    assert_eq!(scene.clock.slept(), [Duration::from_secs(1)]);

    let scene = Scene::enrolled(ScriptedGateway::start(vec![problem(503, "portal_down")]).await).await;
    let error = scene.gateway.dossier("000.00.17.H09-210819-0012", "vi").await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable(), error.is_gone()), ("portal_down", true, false));
    assert!(error.cannot_answer_now());
    assert_eq!(error.detail(), Some("Xin thử lại sau"));
    assert_eq!(scene.peer.seen().len(), 1);

    let hours = Script::problem_with(503, "overloaded", vec![("retry-after", "3600")]);
    let scene = Scene::enrolled(ScriptedGateway::start(vec![hours]).await).await;
    let ClientError::Refused(refused) = scene.gateway.heartbeat(&beat()).await.unwrap_err() else {
        panic!("not refused")
    };
    assert_eq!(refused.retry_after, Some(Duration::from_secs(3_600)));
}

#[tokio::test]
async fn a_gateway_that_is_gone_slow_or_no_gateway() {
    let scene = Scene::enrolled(ScriptedGateway::start(vec![]).await).await;
    scene.peer.stop();
    assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::Gone(GoneKind::Unreachable)));

    // It takes the call and says nothing.
    let scene = Scene::enrolled(ScriptedGateway::start(vec![Script::Hang, Script::Hang, Script::Hang]).await).await;
    assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::Gone(GoneKind::TooLate)));

    for (script, kind) in [
        (Script::json("{\"settings_changed\":"), GoneKind::Unreadable),
        (Script::json("<html>Xin chào quý khách</html>"), GoneKind::Unreadable),
        (Script::Answer(302, vec![("location", "http://127.0.0.1:9/login")], String::new()), GoneKind::Unreadable),
        (Script::Answer(403, vec![], "<html>".into()), GoneKind::Unreadable),
        (Script::Answer(200, vec![], "x".repeat(3 * 1_024 * 1_024)), GoneKind::Unreadable),
        (Script::Answer(400, vec![("content-type", "application/problem+json")], "{".into()), GoneKind::Unreadable),
    ] {
        let scene = Scene::enrolled(ScriptedGateway::start(vec![script]).await).await;
        assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::Gone(kind)));
        assert_eq!(scene.peer.seen().len(), 1);
    }
    let down = || Script::Answer(502, vec![], "<html>".into());
    let scene = Scene::enrolled(ScriptedGateway::start(vec![down(), down(), down(), down()]).await).await;
    assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::Gone(GoneKind::Down)));
    assert_eq!(scene.peer.seen().len(), 3);
}

#[tokio::test]
async fn a_revoked_terminal_asks_no_more() {
    for code in ["terminal_revoked", "terminal_unknown"] {
        let scene = Scene::enrolled(ScriptedGateway::start(vec![problem(401, code)]).await).await;
        assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::Revoked));
        assert!(scene.gateway.is_revoked());
        assert_eq!(scene.gateway.queue("vi").await, Err(ClientError::Revoked));
        assert_eq!(scene.peer.seen().len(), 1, "nothing more was sent");
    }
    // The gateway was set up again from a copy, and knows it once more.
    let scripts = vec![problem(401, "terminal_unknown"), Script::json(BEAT), Script::json(BEAT)];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::Revoked));
    scene.gateway.heartbeat(&beat()).await.unwrap();
    assert!(!scene.gateway.is_revoked());
}

#[tokio::test]
async fn a_nonce_that_was_seen_is_not_sent_again() {
    let scripts = vec![problem(401, "signature_replayed"), Script::json(BEAT)];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    scene.gateway.heartbeat(&beat()).await.unwrap();
    let seen = scene.peer.seen();
    assert_ne!(seen[0].nonce, seen[1].nonce);

    let scene = Scene::enrolled(ScriptedGateway::start(vec![problem(401, "signature_replayed")]).await).await;
    let error = scene.gateway.ask(&AskRequest { text: "x".into(), conversation_id: None }, "vi").await.unwrap_err();
    assert_eq!(error.code(), "signature_replayed");
}

#[tokio::test]
async fn a_wrong_clock_is_mended_by_the_gateways_once() {
    let ahead = "Fri, 27 Nov 2026 06:00:00 GMT";
    let stale = || Script::problem_with(401, "signature_stale", vec![("date", ahead)]);
    let beat_then = r#"{"settings_changed":false,"at":"2026-11-27T06:00:01Z"}"#;
    let scene = Scene::enrolled(ScriptedGateway::start(vec![stale(), Script::json(beat_then)]).await).await;
    scene.gateway.heartbeat(&beat()).await.unwrap();
    assert_eq!(scene.gateway.clock_skew(), 3 * 3_600 + 1);
    let created: Vec<i64> = scene.peer.seen().iter().map(|seen| seen.created).collect();
    assert_eq!(created, [TEST_NOW, TEST_NOW + 3 * 3_600]);

    // A proof too: what was stale was not carried out.
    let dossier = Script::json(r#"{"number":"000.00.17.H09-210819-0012"}"#);
    let scene = Scene::enrolled(ScriptedGateway::start(vec![stale(), dossier]).await).await;
    scene.gateway.disclose("000.00.17.H09-210819-0012", &DisclosureRequest::by_id("1234"), "vi").await.unwrap();

    let scene = Scene::enrolled(ScriptedGateway::start(vec![stale(), stale()]).await).await;
    assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::ClockWrong));
    let unknown = Script::problem_with(401, "signature_stale", vec![("date", "yesterday")]);
    let scene = Scene::enrolled(ScriptedGateway::start(vec![unknown]).await).await;
    assert_eq!(scene.gateway.heartbeat(&beat()).await, Err(ClientError::ClockWrong));
}

#[tokio::test]
async fn settings_that_have_not_changed_are_not_sent() {
    let settings = r#"{"settings_version":"00","site":"s","site_name":"S","name":"n","services":["ticket"],
        "languages":["vi"],"opening":{"ranges":[]},"open_now":true,"idle_seconds":45,"idle_seconds_accessible":90}"#;
    let scripts =
        vec![Script::Answer(200, vec![("etag", "\"7\"")], settings.into()), Script::Answer(304, vec![], String::new())];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let Fresh::New(settings, etag) = scene.gateway.settings("vi", None).await.unwrap() else { panic!("unchanged") };
    assert_eq!((settings.idle_seconds, etag.as_deref()), (45, Some("\"7\"")));
    assert_eq!(scene.gateway.settings("vi", etag.as_deref()).await.unwrap(), Fresh::Unchanged);
    assert_eq!(scene.peer.seen()[1].if_none_match, "\"7\"");
}

#[tokio::test]
async fn an_address_that_is_none_and_a_key_that_others_may_read() {
    use std::os::unix::fs::PermissionsExt;

    for base in ["", "gateway", "ftp://x", "https://x/path", "https://user@x"] {
        assert!(matches!(crate::support::client(base, "/nowhere/key"), Err(HttpClientError::BaseUrl(_))), "{base}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.key");
    std::fs::write(&path, "{}").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(
        crate::support::client("http://127.0.0.1:9", path.to_str().unwrap()),
        Err(HttpClientError::Key(_))
    ));
    assert!(KeyFile::new(path).load().is_err());
}
