//! What a terminal knows without its gateway, and how it comes back.

use crate::support::{Scene, Script, ScriptedGateway, TEST_NOW, gateway_key, problem};
use jiff::Timestamp;
use kiosk_client::{
    CatalogueShelf, ClientError, LastKnown, LocalTicketBook, Received, Reconciled, ShelfProblem, Vitals,
};
use mobile_api_types::signature::{SigningKey, sign_bundle};
use mobile_api_types::{LocalTickets, LocalTicketsRequest, PrinterState};

const RANGE: Option<LocalTickets> = Some(LocalTickets { allowed: true, from: 901, to: 999 });
const BEAT: &str = r#"{"settings_changed":true,"at":"2026-11-27T03:00:00Z"}"#;
const SETTINGS: &str = r#"{"settings_version":"0a","site":"s","site_name":"S","name":"n","services":["ticket"],
    "languages":["vi"],"opening":{"ranges":[]},"open_now":true,"idle_seconds":45,"idle_seconds_accessible":90}"#;
const QUEUE: &str = r#"{"site":"s","site_name":"S","at":"2026-11-27T03:00:00Z","open":true,"services":[
    {"service":"ho-tich","prefix":"A","name":"Hộ tịch","waiting":3,"serving":[],"taking":true}]}"#;

fn bundle(made_at: &str, language: &str) -> Vec<u8> {
    format!(
        r#"{{"made_at":"{made_at}","language":"{language}","fields":[{{"name":"Hộ tịch","procedures":1}}],
        "procedures":[{{"code":"1.001193","name":"Thủ tục đăng ký khai sinh","short_name":"Đăng ký khai sinh",
        "field":"Hộ tịch","source":"Cổng DVCQG"}}]}}"#
    )
    .into_bytes()
}

fn sent(bundle: &[u8], key: &SigningKey, etag: &str) -> Script {
    let headers = vec![("bundle-signature".into(), sign_bundle(bundle, key)), ("etag".into(), etag.into())];
    Script::Signed(200, headers, bundle.to_vec())
}

#[tokio::test]
async fn a_bundle_is_kept_with_its_date_and_searched_without_a_gateway() {
    let good = bundle("2026-11-26T00:00:00Z", "vi");
    let scripts = vec![sent(&good, &gateway_key(), "\"1\""), Script::Answer(304, vec![], String::new())];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let shelf = CatalogueShelf::new(scene.folder.path().join("catalogue"));
    let made_at: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    assert_eq!(shelf.receive(&scene.gateway, "vi").await.unwrap(), Received::New(made_at));
    // After a restart it is still there, and asked for by its ETag.
    let shelf = CatalogueShelf::new(scene.folder.path().join("catalogue"));
    assert_eq!(shelf.receive(&scene.again(), "vi").await.unwrap(), Received::Unchanged);
    assert_eq!(scene.peer.seen()[1].if_none_match, "\"1\"");
    scene.peer.stop();
    let key = scene.gateway.identity().unwrap().gateway_key;
    let catalogue = shelf.open("vi", &key).unwrap().unwrap();
    assert_eq!((catalogue.made_at(), catalogue.search("khai sinh", 5).len()), (made_at, 1));
    assert!(shelf.open("en", &key).unwrap().is_none());
    assert!(matches!(shelf.receive(&scene.gateway, "vi").await, Err(ShelfProblem::Client(ClientError::Gone(_)))));
    assert!(shelf.open("vi", &key).unwrap().is_some(), "a failed look loses nothing");
}

#[tokio::test]
async fn what_the_gateway_did_not_sign_never_takes_the_place_of_what_it_did() {
    let good = bundle("2026-11-26T00:00:00Z", "vi");
    let newer = bundle("2026-11-27T00:00:00Z", "vi");
    let mut changed = newer.clone();
    changed[20] ^= 1;
    let forged = Script::Signed(200, vec![("bundle-signature".into(), sign_bundle(&newer, &gateway_key()))], changed);
    let unsigned = Script::Signed(200, vec![], newer.clone());
    let scripts = vec![
        sent(&good, &gateway_key(), "\"1\""),
        sent(&newer, &SigningKey::from_seed(&[8; 32]).unwrap(), "\"2\""),
        forged,
        unsigned,
        sent(&bundle("2026-11-27T00:00:00Z", "en"), &gateway_key(), "\"2\""),
        sent(b"{\"made_at\":", &gateway_key(), "\"2\""),
        sent(&bundle("2026-11-25T00:00:00Z", "vi"), &gateway_key(), "\"0\""),
        sent(&newer, &gateway_key(), "\"2\""),
    ];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let shelf = CatalogueShelf::new(scene.folder.path());
    let key = scene.gateway.identity().unwrap().gateway_key;
    shelf.receive(&scene.gateway, "vi").await.unwrap();
    for _ in 0..3 {
        assert!(matches!(shelf.receive(&scene.gateway, "vi").await, Err(ShelfProblem::NotTheGateways)));
    }
    for _ in 0..2 {
        assert!(matches!(shelf.receive(&scene.gateway, "vi").await, Err(ShelfProblem::Unreadable)));
    }
    let there = std::fs::read_dir(scene.folder.path())
        .unwrap()
        .filter(|file| file.as_ref().is_ok_and(|file| file.file_name().to_string_lossy().starts_with("catalogue")));
    assert_eq!(there.count(), 1, "what was refused leaves nothing on the disk");
    assert_eq!(shelf.receive(&scene.gateway, "vi").await.unwrap(), Received::Older);
    assert_eq!(shelf.open("vi", &key).unwrap().unwrap().made_at(), "2026-11-26T00:00:00Z".parse().unwrap());
    assert!(matches!(shelf.receive(&scene.gateway, "vi").await.unwrap(), Received::New(_)));
    // Somebody changed it on disk.
    let path = scene.folder.path().join("catalogue-vi.bundle");
    let file = std::fs::read(&path).unwrap();
    let signature = file.iter().rposition(|byte| *byte == b'\n').unwrap() + 20;
    for place in [20, signature] {
        let mut changed = file.clone();
        changed[place] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert!(shelf.open("vi", &key).unwrap().is_none(), "{place}");
    }
    // A power cut in an earlier version, or nothing but rubbish.
    for rubbish in [&file[..file.len() / 2], b"", b"\n", b"\n{}"] {
        std::fs::write(&path, rubbish).unwrap();
        assert!(shelf.open("vi", &key).unwrap().is_none());
    }
    assert_eq!(CatalogueShelf::new(scene.folder.path()).made_at("vi", &key).unwrap(), None);
}

fn now() -> Timestamp {
    Timestamp::from_second(TEST_NOW).unwrap()
}

fn give(book: &LocalTicketBook, key: u32) -> u32 {
    book.give(RANGE, "ho-tich", "none", format!("{key:032x}"), now()).unwrap().number
}

#[tokio::test]
async fn numbers_given_without_a_gateway_are_told_once_each() {
    let scripts = vec![
        // Heard, and the answer is lost: three tries, none of them comes back.
        Script::Close,
        Script::Close,
        Script::Close,
        Script::json(
            r#"{"accepted":[{"ticket":"A903","code":"0123456789ab"}],
                "known":[{"ticket":"A901","code":"0123456789ac"}],
                "refused":[{"key":"00000000000000000000000000000002","why":"number_taken"}]}"#,
        ),
    ];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let path = scene.folder.path().join("tickets.json");
    let book = LocalTicketBook::open(&path).unwrap();
    assert_eq!([1, 2, 3].map(|key| give(&book, key)), [901, 902, 903]);
    assert!(book.reconcile(&scene.gateway).await.unwrap_err().is_gone());
    assert_eq!(book.waiting(), 3);
    // The power goes; the same keys are told again.
    let book = LocalTicketBook::open(&path).unwrap();
    let done = book.reconcile(&scene.again()).await.unwrap().unwrap();
    assert_eq!((done.accepted, done.known, done.refused.len()), (1, 1, 1));
    assert_eq!(book.waiting(), 0);
    let kept =
        |book: &LocalTicketBook| book.refused().into_iter().map(|one| (one.ticket.number, one.why)).collect::<Vec<_>>();
    assert_eq!(kept(&book), [(902, "number_taken".to_owned())]);
    assert_eq!(kept(&LocalTicketBook::open(&path).unwrap()), kept(&book), "it outlives a restart");
    let seen = scene.peer.seen();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|call| call.body == seen[0].body && call.signed));
    // Nothing waits: nothing is sent. The numbers go on.
    assert_eq!(book.reconcile(&scene.gateway).await.unwrap().unwrap(), Reconciled::default());
    assert_eq!(LocalTicketBook::open(&path).unwrap().waiting(), 0);
    assert_eq!(give(&book, 4), 904);
}

#[tokio::test]
async fn an_answer_that_leaves_some_out_forgets_none() {
    let scripts =
        vec![Script::json(r#"{"accepted":[{"ticket":"A901","code":"0123456789ab"}],"known":[],"refused":[]}"#)];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let book = LocalTicketBook::open(scene.folder.path().join("tickets.json")).unwrap();
    give(&book, 1);
    give(&book, 2);
    assert!(book.reconcile(&scene.gateway).await.is_err());
    assert_eq!(book.waiting(), 2);
}

#[tokio::test]
async fn a_refusal_of_what_was_not_told_forgets_none() {
    let scripts = vec![Script::json(
        r#"{"accepted":[],"known":[],"refused":[{"key":"000000000000000000000000000000ff","why":"not_its_range"}]}"#,
    )];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let book = LocalTicketBook::open(scene.folder.path().join("tickets.json")).unwrap();
    give(&book, 1);
    assert!(book.reconcile(&scene.gateway).await.is_err());
    assert_eq!((book.waiting(), book.refused().len()), (1, 0));
}

#[tokio::test]
async fn what_is_refused_is_kept_and_holds_up_none_of_the_others() {
    let most = LocalTicketsRequest::MOST;
    let refused: Vec<String> =
        (0..most).map(|key| format!(r#"{{"key":"{key:032X}","why":"not_its_range"}}"#)).collect();
    let scripts = vec![
        Script::json(&format!(r#"{{"accepted":[],"known":[],"refused":[{}]}}"#, refused.join(","))),
        Script::json(r#"{"accepted":[{"ticket":"A951","code":"0123456789ab"}],"known":[],"refused":[]}"#),
    ];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let book = LocalTicketBook::open(scene.folder.path().join("tickets.json")).unwrap();
    let all = u32::try_from(most).unwrap() + 1;
    let given: Vec<u32> = (0..all).map(|key| give(&book, key)).collect();
    let done = book.reconcile(&scene.gateway).await.unwrap().unwrap();
    assert_eq!((done.accepted, done.refused.len(), book.waiting()), (1, most, 0));
    let kept: Vec<u32> = book.refused().into_iter().map(|one| one.ticket.number).collect();
    assert_eq!(kept, given[..most]);
    // They are not told again.
    assert_eq!(book.reconcile(&scene.gateway).await.unwrap().unwrap(), Reconciled::default());
    assert_eq!(scene.peer.seen().len(), 2);
}

#[tokio::test]
async fn many_numbers_go_in_parts() {
    let most = LocalTicketsRequest::MOST;
    let accepted = |count: usize| {
        let one = r#"{"ticket":"A901","code":"0123456789ab"}"#;
        Script::json(&format!(r#"{{"accepted":[{}],"known":[],"refused":[]}}"#, vec![one; count].join(",")))
    };
    let scene = Scene::enrolled(ScriptedGateway::start(vec![accepted(most), accepted(most), accepted(7)]).await).await;
    let book = LocalTicketBook::open(scene.folder.path().join("tickets.json")).unwrap();
    let range = Some(LocalTickets { allowed: true, from: 1, to: 999 });
    for key in 0..2 * most + 7 {
        book.give(range, "a", "none", format!("{key:032x}"), now()).unwrap();
    }
    assert_eq!(book.reconcile(&scene.gateway).await.unwrap().unwrap().accepted, 2 * most + 7);
}

fn vitals() -> Vitals {
    Vitals {
        version: "0.1.0".into(),
        printer: PrinterState::PaperOut,
        last_use: Some("2026-11-27T02:59:41Z".parse().unwrap()),
        screens_failed: 0,
        settings_version: Some("0b".into()),
    }
}

#[tokio::test]
async fn a_round_takes_all_that_is_new() {
    let good = bundle("2026-11-26T00:00:00Z", "vi");
    let told = r#"{"accepted":[{"ticket":"A901","code":"0123456789ab"}],"known":[],"refused":[]}"#;
    let scripts = vec![
        Script::json(BEAT),
        Script::json(told),
        Script::json(SETTINGS),
        Script::json(QUEUE),
        sent(&good, &gateway_key(), "\"1\""),
        // The next one: nothing new, and the queue is refused.
        Script::json(r#"{"settings_changed":false,"at":"2026-11-27T03:01:00Z"}"#),
        problem(503, "portal_down"),
        Script::Answer(304, vec![], String::new()),
    ];
    let scene = Scene::enrolled(ScriptedGateway::start(scripts).await).await;
    let folder = scene.folder.path();
    let (known, shelf) = (LastKnown::new(folder), CatalogueShelf::new(folder));
    let book = LocalTicketBook::open(folder.join("tickets.json")).unwrap();
    give(&book, 1);
    let round = scene.gateway.round(&vitals(), &["vi"], &known, &shelf, Some(&book)).await;
    assert!(round.heard && round.settings_changed && round.catalogue_changed, "{round:?}");
    assert_eq!((round.reconciled.accepted, round.problem), (1, None));
    let beat = scene.peer.seen()[0].json();
    assert_eq!(beat["printer"]["state"], "paper_out");
    assert_eq!(beat["last_use"], "2026-11-27T02:59:00Z");
    assert_eq!(known.settings("vi").unwrap().settings_version, "0a");
    assert_eq!(known.queue("vi").unwrap().services[0].prefix, "A");

    let round = scene.gateway.round(&vitals(), &["vi"], &known, &shelf, Some(&book)).await;
    assert!(round.heard && !round.settings_changed && !round.catalogue_changed, "{round:?}");
    assert_eq!(round.problem.unwrap().code(), "portal_down");
    assert_eq!(scene.peer.seen()[5].json()["catalogue_at"], "2026-11-26T00:00:00Z");
    assert!(known.queue("vi").is_some(), "what was known stays known");

    scene.peer.stop();
    let round = scene.gateway.round(&vitals(), &["vi"], &known, &shelf, Some(&book)).await;
    assert!(!round.heard && round.problem.unwrap().is_gone());
}
