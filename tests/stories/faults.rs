//! Every fault of the portal, and what a citizen hears of it.

use serde_json::{Value, json};
use test_support::{Answer, Demo, get, put};

/// A cache that forgets at once, so that every question reaches the portal,
/// and a portal that is not waited for long.
const IMPATIENT: [&str; 10] = [
    "--set",
    "portal.cache.fresh_ms=1",
    "--set",
    "portal.cache.revalidate_ms=0",
    "--set",
    "portal.cache.failure_pause_ms=0",
    "--set",
    "portal.stack.call_timeout_ms=400",
    "--set",
    "portal.stack.breaker.minimum_calls=1000",
];

async fn faults(demo: &Demo, faults: Value) {
    let set = put(&format!("{}/internal/faults", demo.portal), &faults).await;
    assert_eq!(set.status / 100, 2, "{set:?}");
}

async fn dossier(demo: &Demo, number: &str) -> Answer {
    get(&format!("{}/api/v1/dossiers/{number}", demo.public), &[]).await
}

/// A number that was never asked is refused with a time; one that was asked is
/// answered from memory, marked as old.
async fn honest_about(fault: Value) {
    told_as(fault, 503, "portal_down").await;
}

async fn told_as(fault: Value, status: u16, code: &str) {
    let demo = Demo::start(&IMPATIENT);
    let (known, unknown) = (demo.number("status_4"), demo.number("status_2"));
    assert_eq!(dossier(&demo, &known).await.status, 200);
    faults(&demo, fault.clone()).await;
    let remembered = dossier(&demo, &known).await;
    assert_eq!(remembered.status, 200, "{fault}: {remembered:?}");
    let body = remembered.json();
    assert_eq!(body["dossier"]["stale"], true, "{fault}: {body}");
    assert!(body["dossier"]["as_of"].is_string());
    let refused = dossier(&demo, &unknown).await;
    assert_eq!(refused.status, status, "{fault}: {refused:?}");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(refused.json()["code"], code);
    faults(&demo, json!({})).await;
    let well = dossier(&demo, &unknown).await;
    assert_eq!(well.status, 200, "{fault} has passed: {well:?}");
}

#[tokio::test]
async fn a_full_stop() {
    honest_about(json!({"stop": true})).await;
}

#[tokio::test]
async fn a_server_error_each_time() {
    honest_about(json!({"error_rate": 1.0})).await;
}

#[tokio::test]
async fn an_html_page_with_status_200() {
    honest_about(json!({"html_rate": 1.0})).await;
}

#[tokio::test]
async fn a_body_cut_in_the_middle() {
    honest_about(json!({"cut_rate": 1.0})).await;
}

#[tokio::test]
async fn thirty_seconds_of_silence() {
    told_as(json!({"silence_rate": 1.0}), 504, "too_late").await;
}

#[tokio::test]
async fn answers_that_come_too_slowly() {
    told_as(json!({"latency": {"fixed_ms": 5_000}}), 504, "too_late").await;
}

#[tokio::test]
async fn an_expired_session_is_renewed_without_a_word() {
    let demo = Demo::start(&IMPATIENT);
    let number = demo.number("status_4");
    assert_eq!(dossier(&demo, &number).await.status, 200);
    faults(&demo, json!({"expired_session_rate": 0.5})).await;
    for _ in 0..5 {
        let answer = dossier(&demo, &number).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn untidy_answers_read_as_tidy_ones() {
    let demo = Demo::start(&IMPATIENT);
    let timeless = |answer: Answer| {
        let mut body = answer.json();
        body["dossier"].as_object_mut().unwrap().remove("as_of");
        body.as_object_mut().unwrap().remove("answer_code");
        body
    };
    for status in 1..=10 {
        let number = demo.number(&format!("status_{status}"));
        faults(&demo, json!({})).await;
        let tidy = timeless(dossier(&demo, &number).await);
        faults(&demo, json!({"untidy": true})).await;
        assert_eq!(timeless(dossier(&demo, &number).await), tidy, "{number}");
    }
}

#[tokio::test]
async fn a_single_failure_is_tried_again() {
    let demo = Demo::start(&IMPATIENT);
    faults(&demo, json!({"error_rate": 0.3})).await;
    let mut answered = 0;
    for status in 1..=10 {
        let answer = dossier(&demo, &demo.number(&format!("status_{status}"))).await;
        answered += u32::from(answer.status == 200);
    }
    assert!(answered >= 7, "retries within the budget hide most single failures: {answered} of 10");
}

#[tokio::test]
async fn readiness_tells_the_truth() {
    let demo = Demo::start(&IMPATIENT);
    let ready = get(&format!("{}/readyz", demo.internal), &[]).await;
    assert_eq!((ready.status, ready.json()["portal"].as_str()), (200, Some("up")));
    assert_eq!(get(&format!("{}/healthz", demo.internal), &[]).await.status, 200);
    let metrics = get(&format!("{}/metrics", demo.internal), &[]).await;
    assert!(metrics.text.contains("http_requests_total") && metrics.text.contains("portal_"), "{}", metrics.text);
    // The public listener shows none of it.
    for path in ["/healthz", "/readyz", "/metrics", "/internal/faults"] {
        assert_eq!(get(&format!("{}{path}", demo.public), &[]).await.status, 404);
    }
}

#[tokio::test]
async fn readiness_tells_of_a_portal_that_is_gone() {
    let demo = Demo::start(&IMPATIENT);
    faults(&demo, json!({"stop": true})).await;
    let ready = get(&format!("{}/readyz", demo.internal), &[]).await;
    assert_eq!(ready.json()["portal"], "down", "{ready:?}");
    assert_eq!(ready.json()["database"], "up");
}
