//! What operators type, and the exit codes that scripts rely on.

use serde_json::json;
use test_support::{Demo, Process, dakenh, dakenh_with, get, post};

const KEY: (&str, &str) = ("DAKENH_AUDIT__KEY", "0123456789abcdef0123456789abcdef");

/// Of digits: a password is a text whatever it looks like.
const PASSWORD: (&str, &str) = ("DAKENH_PORTAL__NATIONAL__PASSWORD", "90125551234");

#[test]
fn wrong_use_is_2_and_names_what_is_wrong() {
    let unknown = dakenh(&["check", "--set", "portal.stack.cal_timeout_ms=5"]);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(unknown.err.contains("portal.stack.call_timeout_ms"), "the nearest name: {}", unknown.err);
    assert_eq!(dakenh(&["frobnicate"]).code, Some(2));
    assert_eq!(dakenh(&["ask", "--lang", "!", "xin chào"]).code, Some(2));
    let by_environment = dakenh_with(&["check"], &[("DAKENH_LISTEN__PUBLIK", "127.0.0.1:1")]);
    assert_eq!(by_environment.code, Some(2), "{by_environment:?}");
    assert!(by_environment.err.contains("listen.public"), "{}", by_environment.err);
    let keyless = dakenh(&["serve"]);
    assert_eq!(keyless.code, Some(2), "{keyless:?}");
    assert!(keyless.err.contains("audit.key"));
}

#[test]
fn help_and_version_are_good() {
    assert_eq!(dakenh(&["--help"]).code, Some(0));
    assert_eq!(dakenh(&["--version"]).code, Some(0));
}

#[test]
fn a_database_that_is_down_at_start_is_3() {
    let ended = dakenh_with(
        &["serve", "--set", "listen.public=127.0.0.1:0", "--set", "listen.internal=127.0.0.1:0"],
        &[KEY, ("DAKENH_STORE__URL", "postgres://gate:s3cret@127.0.0.1:1/gateway")],
    );
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.err.contains("database") && !ended.err.contains("s3cret"), "{}", ended.err);
}

#[test]
fn check_has_a_line_for_every_setting_and_peer() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite://{}", folder.path().join("gate.db").display());
    let simulator = Process::start(&["portal-sim", "--listen", "127.0.0.1:0", "--dossiers", "100"], &[PASSWORD]);
    let portal = simulator.address("portal");
    // A terminal's own variable may stand beside the settings.
    let terminal = ("DAKENH_KIOSK_GATEWAY", "https://a.example");
    let variables = [KEY, ("DAKENH_STORE__URL", store.as_str()), PASSWORD, terminal];
    let url = format!("portal.national.base_url={portal}");
    let listen = ["--set", "listen.public=127.0.0.1:0", "--set", "listen.internal=127.0.0.1:0"];
    let good = dakenh_with(&[&["check", "--set", url.as_str()][..], &listen].concat(), &variables);
    assert_eq!(good.code, Some(0), "{good:?}");
    for name in ["settings", "audit.key", "listen.public", "locale", "catalogue", "store", "portal"] {
        assert!(good.out.lines().any(|line| line.starts_with("ok") && line.contains(name)), "{name}: {}", good.out);
    }
    drop(simulator);
    let gone = dakenh_with(&[&["check", "--set", url.as_str()][..], &listen].concat(), &variables);
    assert_eq!(gone.code, Some(3), "{gone:?}");
    assert!(gone.out.lines().any(|line| line.starts_with("FAIL") && line.contains("portal")), "{}", gone.out);
    assert!(!gone.out.contains(PASSWORD.1) && !gone.err.contains(PASSWORD.1), "secrets are not printed");
}

#[test]
fn migrate_says_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("store.url=sqlite://{}", folder.path().join("gate.db").display());
    let first = dakenh(&["migrate", "--set", &store]);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.out.contains("applied"), "{}", first.out);
    assert_eq!(dakenh(&["migrate", "--set", &store]).out.trim(), "nothing to do");
}

#[tokio::test]
async fn an_officer_looks_up_what_was_said() {
    let demo = Demo::start(&[]);
    let number = demo.number("status_4");
    let answer = get(&format!("{}/api/v1/dossiers/{number}", demo.public), &[]).await;
    let code = answer.json()["answer_code"].as_str().unwrap().to_owned();
    // The row is written in the background: a disclosure's commit flushes it.
    let (owned, proof) = demo.sample("status_5");
    post(&format!("{}/api/v1/dossiers/{owned}/disclosure", demo.public), &json!({"id_last_four": proof}), &[]).await;
    let store = format!("store.url=sqlite://{}/dakenh.db", demo.folder());
    let told = dakenh(&["answer", &code.to_lowercase(), "--set", &store]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.contains("mobile") && told.out.contains("track_dossier"), "{}", told.out);
    assert!(!told.out.contains(&number), "no personal data: {}", told.out);
    assert_eq!(dakenh(&["answer", "7K", "--set", &store]).code, Some(2));
}

#[tokio::test]
async fn a_notice_appears_everywhere_and_ends_by_itself() {
    let demo = Demo::start(&[]);
    let store = format!("store.url=sqlite://{}/dakenh.db", demo.folder());
    let add = |until: &str, vi: &str| {
        dakenh(&[
            "notice",
            "add",
            "--until",
            until,
            "--text",
            &format!("vi={vi}"),
            "--text",
            "en=Closed today",
            "--set",
            &store,
        ])
    };
    let added = add("2099-01-01T00:00", "Chiều nay trung tâm nghỉ");
    assert_eq!(added.code, Some(0), "{added:?}");
    assert_eq!(add("2001-01-01T00:00", "đã qua").code, Some(2), "it would end before it begins");
    let half = dakenh(&["notice", "add", "--until", "2099-01-01T00:00", "--text", "vi=chỉ một", "--set", &store]);
    assert_eq!(half.code, Some(2), "every language is wanted: {half:?}");
    let listed = dakenh(&["notice", "list", "--set", &store]);
    assert!(listed.out.contains("Chiều nay trung tâm nghỉ"), "{}", listed.out);
    // Every node looks again within two seconds; ask until it is there.
    let url = format!("{}/api/v1/agencies", demo.public);
    let clock = std::time::Instant::now();
    loop {
        let body = get(&url, &[("accept-language", "en")]).await;
        if body.text.contains("Closed today") {
            break;
        }
        assert!(clock.elapsed().as_secs() < 20, "{}", body.text);
        tokio::task::yield_now().await;
    }
    assert_eq!(dakenh(&["notice", "end", "1", "--set", &store]).code, Some(0));
    assert_eq!(dakenh(&["notice", "end", "77", "--set", &store]).code, Some(1));
}

#[test]
fn the_catalogue_is_imported_from_the_portal_and_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.jsonl");
    let simulator = Process::start(&["portal-sim", "--listen", "127.0.0.1:0", "--dossiers", "10"], &[PASSWORD]);
    let settings = [
        "--set".to_owned(),
        format!("portal.national.base_url={}", simulator.address("portal")),
        "--set".to_owned(),
        format!("catalogue.file={}", file.display()),
    ];
    let sync = || {
        let mut arguments = vec!["catalogue", "sync"];
        arguments.extend(settings.iter().map(String::as_str));
        dakenh_with(&arguments, &[PASSWORD])
    };
    let whole = sync();
    assert_eq!(whole.code, Some(0), "{whole:?}");
    let imported = std::fs::read_to_string(&file).unwrap();
    assert!(imported.lines().count() >= 45, "{}", imported.lines().count());

    // An import that was cut in the middle of a line.
    let partial = folder.path().join("catalogue.partial.jsonl");
    let cut: String = imported.chars().take(imported.chars().count() / 2).collect();
    std::fs::write(&partial, cut).unwrap();
    std::fs::remove_file(&file).unwrap();
    let resumed = sync();
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert!(resumed.out.contains("going on"), "{}", resumed.out);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), imported);
    assert!(!partial.exists());

    drop(simulator);
    let gone = sync();
    assert_eq!(gone.code, Some(3), "{gone:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), imported, "a failed import replaces nothing");
}

#[test]
fn the_committed_openapi_is_what_the_handlers_say() {
    let printed = dakenh(&["openapi"]);
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../mobile-api/openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(printed.out == committed, "stale: run cargo xtask openapi");
}
