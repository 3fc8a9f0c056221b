use std::time::Duration;

use gateway_core::domain::{RatingReason, SearchWords};
use kiosk::flow::ports::{Answer, ContinuationNow, Page, Question};
use kiosk::flow::queue::{Priority, Taking};
use kiosk::flow::rate::Rated;
use kiosk::flow::{Event, Place, Trouble};
use kiosk_client::{Clock as _, SystemClock};
use mobile_api_types::signature::{SigningKey, sign_bundle};
use serde_json::json;
use zeroize::Zeroizing;

use crate::peer::{Peer, Terminal};

const NUMBER: &str = "000.00.17.H09-210819-0012";
/// Nobody listens there.
const NOBODY: &str = "http://127.0.0.1:1";

fn dossier(name: Option<&str>) -> String {
    json!({
        "number": NUMBER,
        "dossier": {
            "status": {"code": "4", "key": "in_progress", "label": "Đang xử lý"},
            "next_step": {"key": "wait", "label": "Chờ"},
            "lateness": {"key": "clock_stands"},
            "as_of": "2026-11-27T01:29:00Z",
            "stale": false,
            "more_with_proof": name.is_none(),
        },
        "answer_code": "7K3F",
    })
    .to_string()
}

fn look_up() -> Question {
    Question::LookUp { number: Zeroizing::new(NUMBER.to_owned()) }
}

fn disclose() -> Question {
    Question::Disclose { number: Zeroizing::new(NUMBER.to_owned()), last_four: Zeroizing::new("1234".to_owned()) }
}

fn settings(local: bool) -> String {
    json!({
        "settings_version": "0123456789abcdef", "site": "001.21.31.H09", "site_name": "Trung tâm Thủ Dầu Một",
        "name": "Máy 1", "services": ["ticket", "look_up", "call"], "languages": ["vi", "en"],
        "opening": {"ranges": []}, "open_now": true, "idle_seconds": 50, "idle_seconds_accessible": 130,
        "local_tickets": {"allowed": local, "from": 901, "to": 902},
    })
    .to_string()
}

fn queue() -> String {
    let line = |service: &str, prefix: &str, taking: bool, why: Option<&str>| {
        json!({"service": service, "prefix": prefix, "name": format!("Việc {prefix}"), "waiting": 2, "serving": [],
            "estimated_minutes": 10, "taking": taking, "why_not": why, "takes_again_at": "2026-11-27T06:30:00Z"})
    };
    json!({
        "site": "001.21.31.H09", "site_name": "Trung tâm", "at": "2026-11-27T03:00:00Z", "open": true,
        "services": [
            line("ho-tich", "A", true, None),
            line("dat-dai", "B", false, Some("lunch")),
            line("khac", "C", false, Some("one_that_is_new")),
        ],
    })
    .to_string()
}

/// The gateway hears the rounds, too.
fn whole(peer: &Peer, local: bool) {
    let at = SystemClock.now();
    peer.says("POST /api/v1/kiosk/heartbeat", 200, &format!(r#"{{"settings_changed":true,"at":"{at}"}}"#));
    peer.says("GET /api/v1/kiosk/settings", 200, &settings(local));
    peer.says("GET /api/v1/queue?", 200, &queue());
    let bundle = json!({
        "made_at": "2026-10-24T02:00:00Z", "language": "vi",
        "procedures": [{"code": "1.001193", "name": "Đăng ký khai sinh", "short_name": "Đăng ký khai sinh",
            "field": "Hộ tịch", "source": "Cổng Dịch vụ công quốc gia"}],
        "fields": [],
    })
    .to_string();
    let signature = sign_bundle(bundle.as_bytes(), &SigningKey::from_seed(&[9; 32]).unwrap());
    peer.says_with(
        "GET /api/v1/kiosk/catalogue",
        200,
        &format!("{}: {signature}", mobile_api_types::signature::BUNDLE_SIGNATURE),
        &bundle,
    );
}

/// Until a round has brought settings and a catalogue.
fn settled(terminal: &Terminal) -> kiosk::flow::Settings {
    // Those that it had are told before it.
    terminal.hears(|event| matches!(event, Event::Connected(_)).then_some(()));
    known(terminal)
}

/// The next settings that are told.
fn known(terminal: &Terminal) -> kiosk::flow::Settings {
    terminal.hears(|event| match event {
        Event::Settings(settings) => Some(*settings),
        _ => None,
    })
}

#[test]
fn a_dossier_is_looked_up_and_disclosed_in_signed_requests() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    peer.says(&format!("GET /api/v1/dossiers/{NUMBER}"), 200, &dossier(None));
    peer.says(&format!("POST /api/v1/dossiers/{NUMBER}/disclosure"), 200, &dossier(Some("N.V.A")));
    let mut terminal = Terminal::enrolled(&peer, folder.path());
    let (Ok(Answer::Dossier(answer)), true) = terminal.ask(look_up()) else { panic!("no dossier") };
    assert_eq!((answer.number.as_ref(), answer.dossier.unwrap().more_with_proof), (NUMBER, true));
    let (Ok(Answer::Dossier(answer)), true) = terminal.ask(disclose()) else { panic!("not disclosed") };
    assert!(!answer.dossier.unwrap().more_with_proof);
    let asked = peer.seen(&format!("POST /api/v1/dossiers/{NUMBER}/disclosure"));
    assert_eq!(asked.len(), 1, "wrong digits are counted: never twice");
    assert!(asked[0].signed && !asked[0].line.contains("1234"));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&asked[0].body).unwrap(), json!({"id_last_four": "1234"}));
}

#[test]
fn each_refusal_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    let mut terminal = Terminal::enrolled(&peer, folder.path());
    for (status, code, trouble) in [
        (404, "dossier_not_found", Trouble::NotFound),
        (404, "dossier_too_new", Trouble::TooNew),
        (400, "not_a_number", Trouble::NotANumber),
        (403, "not_disclosed", Trouble::NotDisclosed),
        (429, "too_many_dossiers", Trouble::TooMany),
        (503, "portal_down", Trouble::PortalDown),
        (401, "signature_invalid", Trouble::OutOfOrder),
        (418, "one_that_is_new", Trouble::Refused),
    ] {
        peer.refuses("POST /api/v1/dossiers/", status, code);
        assert_eq!(terminal.ask(disclose()), (Err(trouble), true), "{code}");
    }
    // This gateway has no continuations: nothing but that is said.
    peer.refuses("POST /api/v1/kiosk/continuations", 404, "unknown_route");
    assert_eq!(terminal.ask(Question::Continue { page: Page::Home }).0, Err(Trouble::Refused));
    // A hotel's page is no gateway.
    peer.says_with("GET /api/v1/dossiers/", 200, "content-type: text/html", "<html>");
    assert_eq!(terminal.ask(look_up()), (Err(Trouble::Unreachable), false));
    peer.refuses("GET /api/v1/dossiers/", 401, "terminal_revoked");
    assert_eq!(terminal.ask(look_up()).0, Err(Trouble::OutOfOrder));
}

#[test]
fn a_page_goes_to_a_phone_and_nothing_of_anybody_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    peer.says(
        "POST /api/v1/kiosk/continuations",
        201,
        r#"{"id":"7","url":"https://a.vn/k/00?lang=vi","expires_at":"2026-11-27T01:41:00Z"}"#,
    );
    let mut terminal = Terminal::enrolled(&peer, folder.path());
    let words = SearchWords::parse("khai sinh").unwrap();
    for (page, wire) in [
        (Page::Home, json!({"kind": "home"})),
        (Page::Procedure { code: "1.001193".into(), case: None }, json!({"kind": "procedure", "code": "1.001193"})),
        (
            Page::Procedure { code: "1.001193".into(), case: Some(1) },
            json!({"kind": "procedure", "code": "1.001193", "case_number": 2}),
        ),
        (Page::Procedures(words), json!({"kind": "procedures", "query": "khai sinh"})),
        (Page::Ticket { code: "7k3fq2m8w0zd".into() }, json!({"kind": "queue", "ticket": "7k3fq2m8w0zd"})),
    ] {
        let (Ok(Answer::Continuation { id, url, until }), true) = terminal.ask(Question::Continue { page }) else {
            panic!("no code")
        };
        assert_eq!((id.as_str(), url.as_str(), until.as_str()), ("7", "https://a.vn/k/00?lang=vi", "08:41"));
        let seen = peer.seen("POST /api/v1/kiosk/continuations").pop().unwrap();
        assert!(seen.signed);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&seen.body).unwrap(), json!({"page": wire}));
    }
    for (state, now) in [
        ("waiting", ContinuationNow::Waiting),
        ("scanned", ContinuationNow::Scanned),
        ("open", ContinuationNow::Open),
        ("over", ContinuationNow::Over),
    ] {
        peer.says("GET /api/v1/kiosk/continuations/7", 200, &json!({ "state": state }).to_string());
        let asked = terminal.ask(Question::ContinuationNow { id: "7".into() });
        assert_eq!(asked, (Ok(Answer::ContinuationNow(now)), true));
    }
    let confirm = "POST /api/v1/kiosk/continuations/7/confirm";
    let typed = || Question::Confirm { id: "7".into(), digits: "4321".into() };
    for (status, code, outcome) in [
        (409, "matching_code_wrong", Ok(Answer::Confirmed(false))),
        (410, "continuation_over", Ok(Answer::ContinuationNow(ContinuationNow::Over))),
        (429, "too_many_requests", Err(Trouble::Busy)),
        (401, "terminal_revoked", Err(Trouble::OutOfOrder)),
    ] {
        peer.refuses(confirm, status, code);
        assert_eq!(terminal.ask(typed()).0, outcome, "{code}");
    }
    let seen = peer.seen(confirm);
    assert!(seen.iter().all(|seen| seen.signed && !seen.line.contains("4321")), "digits stand in no address");
    assert_eq!(seen.len(), 4, "none is sent twice: wrong ones are counted");
}

#[test]
fn settings_reach_the_screen_and_outlive_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    let terminal = Terminal::enrolled(&peer, folder.path());
    assert_eq!(terminal.at_start, None, "nothing is known before the first round");
    let said = settled(&terminal);
    assert_eq!(said.vietnamese.site_name, "Trung tâm Thủ Dầu Một");
    assert_eq!(said.services, [Place::Ticket, Place::LookUp]);
    assert_eq!((said.idle, said.device.as_str()), (Duration::from_secs(50), "k-0123456789abcdef"));
    assert_eq!(said.catalogue_date, "24/10/2026");
    let again = Terminal::at(NOBODY, folder.path());
    let at_once = kiosk::flow::Settings { catalogue_date: String::new(), fields: Vec::new().into(), ..said.clone() };
    assert_eq!(again.at_start, Some(at_once), "the home screen does not wait for the catalogue");
    assert_eq!(known(&again), said, "though the gateway is gone");
}

#[test]
fn with_the_gateway_gone_only_what_is_known_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    settled(&Terminal::enrolled(&peer, folder.path()));
    let mut terminal = Terminal::at(NOBODY, folder.path());
    assert_eq!(terminal.ask(look_up()), (Err(Trouble::Unreachable), false));
    assert_eq!(terminal.ask(Question::Queue), (Err(Trouble::Unreachable), false));
    let take = Question::Take { service: "ho-tich".into(), priority: Priority::None, key: [1; 16] };
    assert_eq!(terminal.ask(take), (Err(Trouble::Unreachable), false), "the operator does not allow it");
    let find = Question::Procedures { query: "giay khai sinh".into(), field: None, cursor: None };
    let (Ok(Answer::Procedures(found)), false) = terminal.ask(find) else { panic!("no catalogue") };
    assert_eq!((found.total, found.procedures[0].code.as_ref()), (1, "1.001193"));
    let show = Question::Procedure { code: "1.001193".into() };
    let (Ok(Answer::Procedure(shown)), false) = terminal.ask(show) else { panic!("no procedure") };
    assert_eq!(shown.procedure.short_name, "Đăng ký khai sinh");
    let unknown = Question::Procedure { code: "9.999999".into() };
    assert_eq!(terminal.ask(unknown), (Err(Trouble::Unreachable), false));
}

#[test]
fn a_number_is_taken_with_its_key_and_asked_for_by_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    let ticket = json!({"ticket": "A012", "id": 7, "service": "ho-tich", "service_name": "Việc A",
        "priority": "elderly", "ahead": 3, "estimated_minutes": 15, "taken_at": "2026-11-27T01:31:00Z",
        "day": "2026-11-27", "code": "0123456789ab"});
    peer.says("POST /api/v1/queue/tickets", 201, &ticket.to_string());
    let mut terminal = Terminal::enrolled(&peer, folder.path());
    settled(&terminal);
    let (Ok(Answer::Queue(lines)), true) = terminal.ask(Question::Queue) else { panic!("no queue") };
    let taking: Vec<_> = lines.iter().map(|line| line.taking).collect();
    assert_eq!(taking, [Taking::Yes, Taking::Lunch, Taking::Paused]);
    assert_eq!(lines[1].again_at.as_deref(), Some("13:30"), "the hall's time");

    let take = Question::Take { service: "ho-tich".into(), priority: Priority::Elderly, key: [0xab; 16] };
    for _ in 0..2 {
        let (Ok(Answer::Ticket(taken)), true) = terminal.ask(take.clone()) else { panic!("no number") };
        assert_eq!((taken.number.as_str(), taken.ahead, taken.priority), ("A012", Some(3), Priority::Elderly));
        assert_eq!(taken.at, Some("2026-11-27T08:31:00+07:00".parse().unwrap()));
        assert!(taken.says.is_empty());
    }
    let asked = peer.seen("POST /api/v1/queue/tickets");
    assert_eq!(asked.len(), 2);
    for asked in asked {
        let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
        assert_eq!(body, json!({"service": "ho-tich", "priority": "elderly", "key": "ab".repeat(16)}));
        assert!(asked.signed);
    }
    peer.refuses("POST /api/v1/queue/tickets", 409, "queue_closed");
    assert_eq!(terminal.ask(take).0, Err(Trouble::Closed));

    let place = json!({"ticket": "A012", "state": "called", "ahead": 0, "counter": "3", "text": "Mời đến quầy 3."});
    peer.says("GET /api/v1/queue/tickets/0123456789ab", 200, &place.to_string());
    let now = Question::TicketNow { code: "0123456789ab".into() };
    let (Ok(Answer::Ticket(taken)), true) = terminal.ask(now) else { panic!("no place") };
    assert_eq!((taken.service.as_str(), taken.ahead, taken.says.as_str()), ("Việc A", None, "Mời đến quầy 3."));
}

#[test]
fn the_terminals_own_numbers_where_the_operator_allows_them() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, true);
    settled(&Terminal::enrolled(&peer, folder.path()));
    let mut terminal = Terminal::at(NOBODY, folder.path());
    let (Ok(Answer::Queue(lines)), false) = terminal.ask(Question::Queue) else { panic!("no services") };
    let first = (lines[0].name.as_str(), lines[0].waiting, lines[0].taking);
    assert_eq!((lines.len(), first), (3, ("Việc A", None, Taking::Yes)), "nobody knows how many wait");
    let mut take =
        |key| terminal.ask(Question::Take { service: "ho-tich".into(), priority: Priority::None, key: [key; 16] });
    for (key, number) in [(1, "A901"), (2, "A902")] {
        let (Ok(Answer::Ticket(taken)), false) = take(key) else { panic!("no number") };
        assert_eq!((taken.number.as_str(), taken.service.as_str()), (number, "Việc A"));
        assert_eq!((taken.ahead, taken.code.as_str()), (None, ""), "nobody knows them now");
    }
    assert_eq!(take(3), (Err(Trouble::Unreachable), false), "the range is used up");
    drop(terminal);

    // With the first round that is heard they are told, each with its key.
    let known = r#"{"accepted":[{"ticket":"A901","code":"c1"},{"ticket":"A902","code":"c2"}],"known":[],"refused":[]}"#;
    peer.says("POST /api/v1/queue/tickets/local", 200, known);
    settled(&Terminal::enrolled(&peer, folder.path()));
    let told = peer.seen("POST /api/v1/queue/tickets/local");
    assert!(told.len() == 1 && told[0].body.contains(&"01".repeat(16)) && told[0].body.contains(&"02".repeat(16)));
}

#[test]
fn without_an_own_range_nothing_is_offered_while_the_gateway_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    settled(&Terminal::enrolled(&peer, folder.path()));
    let mut terminal = Terminal::at(NOBODY, folder.path());
    assert_eq!(terminal.ask(Question::Queue), (Err(Trouble::Unreachable), false));
}

#[test]
fn a_rating_is_sent_once_also_when_its_citizen_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    whole(&peer, false);
    peer.says("POST /api/v1/ratings", 201, "{}");
    let mut terminal = Terminal::enrolled(&peer, folder.path());
    let reasons = vec![RatingReason::Waiting, RatingReason::Guidance, RatingReason::Terminal];
    let rate = Question::Rate { score: 2, reasons, of: Rated::Site, key: [7; 16] };
    terminal.asks(rate);
    terminal.forgets();
    terminal.hears(|event| matches!(event, Event::Answered(_, Ok(Answer::Rated))).then_some(()));
    let sent = peer.seen("POST /api/v1/ratings");
    let body: serde_json::Value = serde_json::from_str(&sent[0].body).unwrap();
    let expected = json!({
        "score": 2, "reasons": ["waiting", "guidance", "terminal"], "of": {"site": "001.21.31.H09"}, "key": "07".repeat(16),
    });
    assert_eq!((sent.len(), body), (1, expected));
}

#[test]
fn a_terminal_without_a_key_asks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start();
    let mut terminal = Terminal::at(&peer.base(), folder.path());
    assert_eq!(terminal.ask(look_up()), (Err(Trouble::OutOfOrder), false));
    assert!(peer.seen("").is_empty());
}
