//! An app asks over HTTP, through the whole stack.

use serde_json::json;
use test_support::{Demo, get, post, put};

#[tokio::test]
async fn a_dossier_with_etag_age_and_headers() {
    let demo = Demo::start(&[]);
    let number = demo.number("status_4");
    let url = format!("{}/api/v1/dossiers/{number}", demo.public);
    let first = get(&url, &[]).await;
    assert_eq!(first.status, 200, "{first:?}");
    let body = first.json();
    assert_eq!(body["number"], number.as_str());
    assert_eq!(body["dossier"]["status"]["key"], "in_progress");
    assert_eq!(body["dossier"]["stale"], false);
    assert!(body["dossier"]["as_of"].is_string());
    assert!(!first.header("etag").is_empty() && !first.header("x-request-id").is_empty());
    assert_eq!(first.header("x-content-type-options"), "nosniff");
    let again = get(&url, &[("if-none-match", first.header("etag"))]).await;
    assert_eq!(again.status, 304, "an unchanged answer is not sent twice");
}

#[tokio::test]
async fn the_second_proof_travels_in_the_body_and_is_stored_nowhere() {
    let demo = Demo::start(&[]);
    let (number, proof) = demo.sample("status_6");
    let url = format!("{}/api/v1/dossiers/{number}/disclosure", demo.public);
    let opened = post(&url, &json!({"id_last_four": proof}), &[]).await;
    assert_eq!(opened.status, 200, "{opened:?}");
    assert_eq!(opened.header("cache-control"), "private, no-store");
    assert!(opened.json()["dossier"]["owner"]["masked_name"].is_string(), "{}", opened.text);

    let wrong = post(&url, &json!({"id_last_four": "0000"}), &[]).await;
    let nobody = format!("{}/api/v1/dossiers/000.00.17.H09-260105-9998/disclosure", demo.public);
    let missing = post(&nobody, &json!({"id_last_four": "0000"}), &[]).await;
    assert_eq!((wrong.status, missing.status), (403, 403));
    let words = |text: &str| {
        let mut body: serde_json::Value = serde_json::from_str(text).unwrap();
        for unique in ["request_id", "answer_code", "instance"] {
            body.as_object_mut().unwrap().remove(unique);
        }
        body
    };
    assert_eq!(words(&wrong.text), words(&missing.text));
}

#[tokio::test]
async fn bad_input_gets_a_clear_problem() {
    let demo = Demo::start(&[]);
    let at = |path: &str| format!("{}{path}", demo.public);
    let unreadable = get(&at("/api/v1/dossiers/xin-chao"), &[]).await;
    assert_eq!(unreadable.status, 400);
    assert_eq!(unreadable.header("content-type"), "application/problem+json");
    assert_eq!(unreadable.json()["code"], "not_a_number");
    assert_eq!(get(&at("/api/v1/nothing"), &[]).await.status, 404);
    let huge = post(&at("/api/v1/ask"), &json!({"text": "a".repeat(20_000)}), &[]).await;
    assert_eq!(huge.status, 413);
    assert_eq!(post(&at("/api/v1/ask"), &json!({"txt": 1}), &[]).await.status / 100, 4);
    assert_eq!(post(&at("/api/v1/agencies"), &json!({}), &[]).await.status, 405);
}

#[tokio::test]
async fn a_flood_is_told_when_to_come_back() {
    let demo = Demo::start(&["--set", "http.address_limit.burst=5", "--set", "http.address_limit.per_second=1"]);
    let url = format!("{}/api/v1/agencies", demo.public);
    let mut refused = None;
    for _ in 0..20 {
        let answer = get(&url, &[]).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a refusal");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(refused.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn distinct_dossiers_are_capped_successes_included() {
    let demo = Demo::start(&["--set", "limits.dossiers.address=60"]);
    let listed = get(&format!("{}/internal/dossiers", demo.portal), &[]).await.json();
    let listed = listed["dossiers"].as_array().expect("a list");
    let numbers: Vec<&str> = listed.iter().filter_map(|dossier| dossier["number"].as_str()).collect();
    let mut last = 200;
    for number in numbers.iter().take(80) {
        let answer = get(&format!("{}/api/v1/dossiers/{number}", demo.public), &[]).await;
        last = answer.status;
        if last == 429 {
            assert_eq!(answer.json()["code"], "too_many_dossiers");
            break;
        }
        assert_eq!(last, 200);
    }
    assert_eq!(last, 429, "guessing serials succeeds, so it is capped");
    let first = get(&format!("{}/api/v1/dossiers/{}", demo.public, numbers[0]), &[]).await;
    assert_eq!(first.status, 200, "what was asked before costs nothing");
}

#[tokio::test]
async fn a_moved_dossier_is_seen_when_the_cache_is_no_longer_fresh() {
    let demo = Demo::start(&["--set", "portal.cache.fresh_ms=1", "--set", "portal.cache.revalidate_ms=0"]);
    let number = demo.number("status_4");
    let url = format!("{}/api/v1/dossiers/{number}", demo.public);
    assert_eq!(get(&url, &[]).await.json()["dossier"]["status"]["key"], "in_progress");
    let moved = post(&format!("{}/internal/dossiers/{number}/status", demo.portal), &json!({"status": "9"}), &[]).await;
    assert_eq!(moved.status / 100, 2, "{moved:?}");
    assert_eq!(get(&url, &[]).await.json()["dossier"]["status"]["key"], "result_ready");
    put(&format!("{}/internal/faults", demo.portal), &json!({})).await;
}

#[tokio::test]
async fn the_catalogue_is_searched_filtered_and_paged() {
    let demo = Demo::start(&[]);
    let at = |path: &str| format!("{}/api/v1/procedures{path}", demo.public);
    let found = get(&at("?q=dang%20ky%20khai%20sinh"), &[]).await;
    assert_eq!(found.json()["procedures"][0]["code"], "1.001193", "{}", found.text);
    let page = get(&at("?limit=5"), &[]).await.json();
    let cursor = page["next_cursor"].as_str().expect("more");
    let next = get(&at(&format!("?limit=5&cursor={cursor}")), &[]).await.json();
    assert_ne!(page["procedures"][0]["code"], next["procedures"][0]["code"]);
    assert_eq!(get(&at("?limit=5&cursor=nonsense"), &[]).await.status, 400);
    let one = get(&at("/1.014064"), &[]).await;
    assert_eq!(one.status, 200);
    assert!(one.text.contains("31/12/2026"), "amounts carry their dates: {}", one.text);
    assert!(get(&at("/1.014064"), &[("accept-encoding", "gzip")]).await.header("content-encoding").contains("gzip"));
}
