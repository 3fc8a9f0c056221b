//! Starting, stopping, crashing.

use serde_json::json;
use test_support::{Demo, binary, dakenh, get, post};

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

#[test]
fn a_log_that_nobody_reads_any_more_holds_up_nothing() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    let folder = tempfile::tempdir().unwrap();
    let any = "127.0.0.1:0";
    let mut demo = Command::new(binary())
        .args(["demo", "--public", any, "--internal", any, "--portal", any, "--smsc", any])
        .args(["--set", "log.filter=debug", "--data"])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines();
    // The collector of the log is gone.
    drop(demo.stderr.take());
    let ready = lines.any(|line| line.unwrap() == "ready");
    assert!(ready, "it ended before it was ready: {:?}", demo.wait());
    let signalled = Command::new("kill").args(["-TERM", &demo.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    // A gateway that does not hear it holds its output open; it must not live
    // longer than the story.
    let watch = std::thread::spawn(move || lines.count());
    let ended = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !watch.is_finished() && std::time::Instant::now() < ended {
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    let heard = watch.is_finished();
    let _ = demo.kill();
    let code = demo.wait().unwrap().code();
    assert!(heard && code == Some(0), "{code:?}");
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
