//! Starting, stopping, crashing.

use serde_json::json;
use test_support::{Demo, dakenh, get, post};

#[tokio::test]
async fn a_graceful_stop_flushes_and_exits_0() {
    let mut demo = Demo::start(&[]);
    let number = demo.number("status_4");
    let answer = get(&format!("{}/api/v1/dossiers/{number}", demo.public), &[]).await;
    let code = answer.json()["answer_code"].as_str().unwrap().to_owned();
    demo.process.signal("TERM");
    assert_eq!(demo.process.wait(), Some(0));
    let store = format!("store.url=sqlite://{}/dakenh.db", demo.folder());
    let told = dakenh(&["answer", &code, "--set", &store]);
    assert_eq!(told.code, Some(0), "the last row was flushed: {told:?}");
}

#[tokio::test]
async fn a_power_cut_forgets_no_wrong_proof_and_no_disclosure() {
    let demo = Demo::start(&[]);
    let (number, proof) = demo.sample("status_5");
    let disclosure = |demo: &Demo| format!("{}/api/v1/dossiers/{number}/disclosure", demo.public);
    let opened = post(&disclosure(&demo), &json!({"id_last_four": proof}), &[]).await;
    let code = opened.json()["answer_code"].as_str().unwrap().to_owned();
    for _ in 0..5 {
        post(&disclosure(&demo), &json!({"id_last_four": "0000"}), &[]).await;
    }
    let folder = demo.into_folder();
    let again = Demo::start_in(folder, &[]);
    let locked = post(&disclosure(&again), &json!({"id_last_four": proof}), &[]).await;
    assert_eq!(locked.status, 403, "{locked:?}");
    let store = format!("store.url=sqlite://{}/dakenh.db", again.folder());
    assert_eq!(dakenh(&["answer", &code, "--set", &store]).code, Some(0), "the disclosure's row was on disk");
}

#[tokio::test]
async fn changed_words_are_read_on_hangup() {
    let words = tempfile::tempdir().unwrap();
    let folder = words.path().join("vi");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("own.ftl");
    std::fs::write(&file, "phase-in-progress = Đang giải quyết\n").unwrap();
    let demo = Demo::start(&["--set", &format!("locale.overrides={}", words.path().display())]);
    let url = format!("{}/api/v1/dossiers/{}", demo.public, demo.number("status_4"));
    assert!(get(&url, &[]).await.text.contains("Đang giải quyết"));
    std::fs::write(&file, "phase-in-progress = Đang được giải quyết\n").unwrap();
    demo.process.signal("HUP");
    let clock = std::time::Instant::now();
    while !get(&url, &[]).await.text.contains("Đang được giải quyết") {
        assert!(clock.elapsed().as_secs() < 20, "not reloaded");
        tokio::task::yield_now().await;
    }
}
