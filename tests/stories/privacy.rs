//! Personal data: never in logs, metrics, URLs or audit.

use serde_json::json;
use test_support::{Demo, get, post};

#[tokio::test]
async fn nothing_private_is_written_anywhere() {
    let demo = Demo::start(&["--set", "log.filter=debug"]);
    let (number, proof) = demo.sample("status_5");
    let proof = proof.unwrap();
    get(&format!("{}/api/v1/dossiers/{number}", demo.public), &[]).await;
    let opened =
        post(&format!("{}/api/v1/dossiers/{number}/disclosure", demo.public), &json!({"id_last_four": proof}), &[])
            .await;
    assert_eq!(opened.status, 200, "{opened:?}");
    let words = "tôi là Nguyễn Thị Bưởi, số 0912345678, căn cước 074190001234, hỏi hồ sơ";
    post(&format!("{}/api/v1/ask", demo.public), &json!({"text": words}), &[]).await;
    post(&format!("{}/api/v1/ask", demo.public), &json!({"text": format!("{number} 4 so cuoi 0000")}), &[]).await;

    let owner = &opened.json()["dossier"]["owner"];
    let reason = owner["reason"].as_str().unwrap_or("(no reason)").to_owned();
    let private = ["Bưởi", "0912345678", "912345678", "074190001234", number.as_str(), reason.as_str()];
    let metrics = get(&format!("{}/metrics", demo.internal), &[]).await.text;
    let logs = demo.process.errors();
    assert!(!logs.is_empty(), "the log is looked at, not its absence");
    let folder = demo.into_folder();
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("dakenh.db")) {
            stored.extend(std::fs::read(path).unwrap());
        }
    }
    let stored = String::from_utf8_lossy(&stored);
    assert!(stored.contains("disclose_dossier"), "the audit is looked at, not its absence");
    for secret in private {
        assert!(!logs.contains(secret), "{secret} in the log:\n{logs}");
        assert!(!metrics.contains(secret), "{secret} in the metrics");
        assert!(!stored.contains(secret), "{secret} in the database");
    }
}
