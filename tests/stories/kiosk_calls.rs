//! Somebody at a terminal calls for an officer: seen and heard at the counter and the
//! console, on the real binary.

use serde_json::{Value, json};
use test_support::{Answer, Browser, COUNTER, Chromium, Database, Demo, HALL as SITE, csrf_of, dakenh_fed, eventually};

use crate::counter::{WORD, start};
use crate::terminals::Terminal;

const CALLS: &str = "/officers/calls";

fn signed_in(demo: &Demo, login: &str, password: &str) -> Browser {
    let mut browser = Browser::at(&demo.public);
    let entered = browser.sign_in(login, password);
    assert_eq!(entered.status, 303, "{entered:?}");
    browser
}

fn officer(demo: &Demo, login: &str) -> Browser {
    signed_in(demo, login, demo.password(login))
}

fn call(terminal: &Terminal<'_>, reason: &str) -> i64 {
    let told = terminal.post("/api/v1/kiosk/calls", &json!({ "reason": reason, "counter_hint": "Quầy 2" }));
    assert_eq!(told.status, 202, "{told:?}");
    told.json()["call"].as_str().unwrap().parse().unwrap()
}

fn state(terminal: &Terminal<'_>, call: i64) -> Value {
    terminal.get(&format!("/api/v1/kiosk/calls/{call}")).json()["state"].clone()
}

fn press(browser: &mut Browser, call: i64, what: &str, more: &[(&str, &str)]) -> Answer {
    let csrf = csrf_of(&browser.open("/officers").text);
    let mut fields = vec![("csrf", csrf.as_str())];
    fields.extend(more);
    browser.post(&format!("{CALLS}/{call}/{what}"), &fields)
}

fn rows(demo: &Demo) -> Database {
    Database::Sqlite(std::path::Path::new(demo.folder()).join("dakenh.db"))
}

#[test]
fn a_call_is_seen_answered_once_and_the_terminal_hears_of_it() {
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let (mut one, mut two) = (officer(&demo, "canbo"), officer(&demo, "phutrach"));
    assert!(one.open(CALLS).text.contains("No terminal is calling"));
    let id = call(&terminal, "accessibility");
    let counter = format!("{COUNTER}?site={SITE}&counter=1");
    for path in [CALLS, "/officers/chats", "/officers/load", &counter] {
        let page = two.open(path);
        for word in ["Sảnh 1", "Needs help with walking", "Thủ Dầu Một", "Quầy 2", "just called"] {
            assert!(page.text.contains(word), "{path}: {word}: {page:?}");
        }
    }
    assert_eq!(state(&terminal, id), "waiting");

    // Both press at once: one goes, the other one is told who.
    let (first, second) = std::thread::scope(|both| {
        let tries = [&mut one, &mut two].map(|browser| {
            let csrf = csrf_of(&browser.open("/officers").text);
            both.spawn(move || browser.post(&format!("{CALLS}/{id}/answer"), &[("csrf", &csrf)]))
        });
        let [first, second] = tries.map(|one| one.join().unwrap());
        (first, second)
    });
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{first:?} {second:?}");
    let (mine, mut quick, mut late, told) =
        if first.status == 303 { ("canbo", one, two, second) } else { ("phutrach", two, one, first) };
    assert!(told.text.contains("is already on the way to this terminal"), "{told:?}");
    assert_eq!(state(&terminal, id), "coming");
    assert!(quick.open(CALLS).text.contains("<dd>You</dd>"));
    let again = press(&mut quick, id, "answer", &[("next", &counter)]);
    assert_eq!((again.status, again.header("location")), (303, counter.as_str()), "{again:?}");
    // Only the one who goes, or a supervisor, says that it is done.
    if mine == "phutrach" {
        assert_eq!(press(&mut late, id, "finish", &[]).status, 409);
    }
    let done = press(&mut quick, id, "finish", &[("next", "//evil.example/officers")]);
    assert_eq!((done.status, done.header("location")), (303, CALLS), "{done:?}");
    assert_eq!(state(&terminal, id), "done");
    let over = press(&mut late, id, "finish", &[]);
    assert!(over.status == 409 && over.text.contains("This call is over"), "{over:?}");
    assert!(!late.open(&counter).text.contains("Sảnh 1"));

    let acts = rows(&demo).texts("SELECT DISTINCT act AS x FROM officer_acts WHERE act LIKE 'call%' ORDER BY act");
    assert_eq!(acts, ["call_answered", "call_finished"]);
    let read = two_acts(&demo);
    assert!(read.contains("Call from a terminal answered") && read.contains("Call from a terminal done"), "{read}");
}

fn two_acts(demo: &Demo) -> String {
    officer(demo, "phutrach").open("/officers/acts").text
}

#[test]
fn a_call_that_nobody_answers_is_late_then_over_and_the_citizen_is_told() {
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let id = call(&terminal, "help");
    let mut supervisor = officer(&demo, "phutrach");
    assert!(!supervisor.open(CALLS).text.contains("Waiting too long"));
    let back = |minutes: u64| rows(&demo).run(&format!("UPDATE kiosk_calls SET at = at - {}", minutes * 60_000_000));
    back(4);
    let page = supervisor.open(CALLS).text;
    assert!(page.contains("Waiting too long") && page.contains(&format!("data-call=\"{id}!\"")), "{page}");
    let load = supervisor.open("/officers/load").text;
    assert!(load.contains("Calls from terminals that wait too long</dt><dd>1</dd>"), "{load}");
    // The time is over: nobody is told that somebody comes.
    rows(&demo).run("UPDATE kiosk_calls SET until_at = at + 1");
    assert_eq!(state(&terminal, id), "missed");
    assert!(supervisor.open(CALLS).text.contains("No terminal is calling"));
    assert_eq!(press(&mut supervisor, id, "answer", &[]).status, 409);
    assert_eq!(state(&terminal, id), "missed");
    assert!(call(&terminal, "help") > id, "they may call again");
}

#[test]
fn strangers_other_sites_and_forged_forms_answer_no_call() {
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let id = call(&terminal, "trouble");
    let mut stranger = Browser::at(&demo.public);
    for path in [CALLS, "/officers/calls/events"] {
        let told = stranger.open(path);
        assert!(told.status == 303 && told.header("location").starts_with("/officers/sign-in"), "{path}: {told:?}");
    }
    assert_eq!(stranger.post(&format!("{CALLS}/{id}/answer"), &[("csrf", "0")]).status, 303);

    let all = ["officer", "--data", demo.folder(), "add", "dung.tran", "--name", "Dung", "--site", "000.00.05.H09"];
    let added = dakenh_fed(&all, &[], &format!("{WORD}\n"));
    assert_eq!(added.code, Some(0), "{added:?}");
    let mut other = signed_in(&demo, "dung.tran", WORD);
    assert!(other.open(CALLS).text.contains("No terminal is calling"));
    for what in ["answer", "finish"] {
        let told = press(&mut other, id, what, &[]);
        assert!(told.status == 409 && !told.text.contains("Sảnh 1"), "as if there were none: {told:?}");
    }

    let mut own = officer(&demo, "canbo");
    for path in [format!("{CALLS}/{id}/answer"), format!("{CALLS}/{id}/finish")] {
        assert_eq!(own.post(&path, &[("csrf", "0")]).status, 403, "{path}");
        assert_eq!(own.open(&path).status, 405, "{path}");
    }
    for (id, what) in [("9999", "answer"), ("-1", "finish")] {
        assert_eq!(press(&mut own, id.parse().unwrap(), what, &[]).status, 409, "{id} {what}");
    }
    assert_eq!(press(&mut own, id, "juggle", &[]).status, 404);
    assert_eq!(state(&terminal, id), "waiting");
    let acts = rows(&demo).number("SELECT count(*) AS x FROM officer_acts WHERE act LIKE 'call%'");
    assert_eq!(acts, 0, "what was not tried by somebody who may is no act");
    // A name that is markup stays words.
    let hostile = Terminal::enrol(&demo, SITE, "<img src=x onerror=alert(1)>");
    call(&hostile, "help");
    let page = own.open(CALLS).text;
    assert!(page.contains("&lt;img src=x") && !page.contains("<img src=x"), "{page}");
    // Pressing a thousand times is one call.
    let ids: std::collections::BTreeSet<_> = (0..20).map(|_| call(&terminal, "help")).collect();
    assert_eq!(ids.len(), 1);
    assert!(!demo.process.errors().contains("Sảnh 1"));
}

/// The alert in a real browser, live and without scripts; axe-core looks at each state.
#[test]
fn the_alert_is_seen_and_heard_by_everybody() {
    let Some(browser) = Chromium::find() else { return };
    let demo = start(&[]);
    let shots = std::env::var_os("DAKENH_TEST_SHOTS").and_then(|folder| folder.into_string().ok());
    let terminals = ["Sảnh 1", "Sảnh 2", "Sảnh 3"].map(|name| Terminal::enrol(&demo, SITE, name));
    let [one, two, mut three] = terminals;
    let counter = format!("{COUNTER}?site={SITE}&counter=1&lang=vi");
    for view in ["phone-light", "phone-dark", "desk-light", "desk-dark", "zoomed", "no-script"] {
        // A page that is shown again by itself would be taken from under axe.
        let looks = view != "no-script";
        let rows = rows(&demo);
        rows.run("UPDATE kiosk_calls SET done_at = at, officer = 1 WHERE done_at IS NULL");
        let first = call(&one, "accessibility");
        rows.run(&format!("UPDATE kiosk_calls SET at = at - 240000000 WHERE id = {first}"));
        call(&two, "help");
        let mut steps = vec![
            json!({"name": "signs in", "page": "canbo", "open": "/officers/sign-in?lang=vi", "axe": false,
             "fill": {"#login": "canbo", "#password": demo.password("canbo")}, "click": ".fields .primary",
             "see": "Kính chào"}),
            json!({"name": "the counter", "page": "canbo", "open": &counter, "axe": looks, "shot": "calls-counter",
             "see": ["Có người dân gọi cán bộ (2)", "Chờ quá lâu", "Cần giúp đi lại", "4 phút", "Tôi đến: Sảnh 2"]}),
            json!({"name": "the list", "page": "canbo", "open": format!("{CALLS}?lang=vi"), "axe": looks, "shot": "calls",
             "see": ["Máy tự phục vụ gọi cán bộ", "Sảnh 1", "Sảnh 2", "Thủ Dầu Một"]}),
            json!({"name": "a colleague", "page": "two", "open": "/officers/sign-in?lang=vi", "axe": false,
             "fill": {"#login": "phutrach", "#password": demo.password("phutrach")}, "click": ".fields .primary",
             "see": "Kính chào"}),
            json!({"name": "at the console", "page": "two", "open": "/officers/chats?lang=vi", "axe": looks,
             "see": ["Có người dân gọi cán bộ (2)", "Sảnh 1"]}),
            json!({"name": "goes", "page": "canbo", "axe": looks,
             "click": format!("form[action*='/{first}/answer'] button"),
             "see": ["Người đang đến", "Ông/bà", "Đã giúp xong: Sảnh 1"]}),
        ];
        if looks {
            steps.extend([
                json!({"name": "says so", "page": "two", "wait": "#calls li:has-text('Sảnh 3')",
                 "axe": true, "see": ["Người đang đến", "Máy bị trục trặc"],
                 "run": "document.getElementById('calls-told').textContent + ' / ' + document.title \
                         + ' / ' + localStorage.getItem('calls-heard')"}),
                json!({"name": "the switch", "page": "two", "click": "#calls-sound", "stay": true, "axe": true,
                 "run": "document.getElementById('calls-sound').textContent + ' / ' \
                         + (localStorage.getItem('calls-sound') || 'never')"}),
            ]);
        }
        steps.extend([
            json!({"name": "done", "page": "canbo", "axe": looks,
             "click": format!("form[action*='/{first}/finish'] button"), "miss": "Đã giúp xong: Sảnh 1"}),
            json!({"name": "in English", "page": "canbo", "open": format!("{CALLS}?lang=en"), "axe": looks,
             "see": ["I am coming: Sảnh 2", "Wants somebody to show them how"]}),
        ]);
        // One that comes while both pages stand open: once the first is answered.
        let answered = format!("SELECT count(*) AS x FROM kiosk_calls WHERE id = {first} AND coming_at IS NOT NULL");
        let (run, back) = std::thread::scope(|both| {
            let later = both.spawn(move || {
                eventually("the first call is answered", || (rows.number(&answered) == 1).then_some(()));
                call(&three, "trouble");
                three
            });
            let run = browser.run(&json!({"base": demo.public, "steps": steps, "views": [view], "shots": shots}));
            (run, later.join().unwrap())
        });
        three = back;
        if looks {
            let said = run.seen["says so"].as_str().unwrap_or_default();
            assert!(said.contains("Có người gọi cán bộ ở Sảnh 3: Máy bị trục trặc."), "{said} {:?}", run.findings);
            assert!(said.contains("(2) ") && said.contains(&format!("{first}!")), "{said}");
            assert_eq!(run.seen["the switch"], "Bật âm báo có người gọi / off");
        }
        run.is_clean();
    }
}
