//! The same gateway on PostgreSQL.

use serde_json::json;
use test_support::{Demo, get, post, skipped};

#[tokio::test]
async fn the_gateway_answers_on_postgresql() {
    let Some(server) = std::env::var_os("DAKENH_TEST_POSTGRES") else {
        return skipped("DAKENH_TEST_POSTGRES");
    };
    let server = server.into_string().unwrap();
    let name = format!("story_{}", std::process::id());
    let psql = |sql: &str| {
        let done = std::process::Command::new("psql").args([&server, "-q", "-c", sql]).status();
        assert!(done.is_ok_and(|status| status.success()), "{sql}");
    };
    psql(&format!("CREATE DATABASE {name}"));
    let (base, _) = server.rsplit_once('/').unwrap();
    let demo = Demo::start(&["--set", &format!("store.url={base}/{name}")]);
    let (number, proof) = demo.sample("status_5");
    let public = get(&format!("{}/api/v1/dossiers/{number}", demo.public), &[]).await;
    assert_eq!(public.status, 200, "{public:?}");
    let url = format!("{}/api/v1/dossiers/{number}/disclosure", demo.public);
    assert_eq!(post(&url, &json!({"id_last_four": proof}), &[]).await.status, 200);
    for _ in 0..5 {
        assert_eq!(post(&url, &json!({"id_last_four": "0000"}), &[]).await.status, 403);
    }
    let locked = post(&url, &json!({"id_last_four": proof}), &[]).await;
    assert_eq!(locked.status, 403, "five wrong proofs a day, kept on disk");
    drop(demo);
    psql(&format!("DROP DATABASE {name} WITH (FORCE)"));
}
