//! A number from the terminal that gives it to the counter that calls it and the
//! display that shows it, on the real binary.

use serde_json::json;
use test_support::{
    ALWAYS_OPEN, Browser, COUNTER, Chromium, Database, Demo, HALL as SITE, Officer, csrf_of, dakenh_fed,
    large_number as large, ticket_before,
};

use crate::terminals::Terminal;

pub(crate) const WORD: &str = "bốn từ rời rạc";

pub(crate) fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ALWAYS_OPEN.iter().copied().chain(more.iter().copied()).flat_map(|setting| ["--set", setting]).collect()
}

pub(crate) fn start(more: &[&str]) -> Demo {
    Demo::start(&arguments(more))
}

#[test]
fn a_number_is_taken_called_held_sent_on_missed_and_served() {
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let taken = [("ho-tich", "none"), ("ho-tich", "none"), ("ho-tich", "elderly"), ("dat-dai", "none")]
        .map(|(service, priority)| terminal.take(service, priority));
    assert_eq!(taken, ["A001", "A002", "A003", "B001"]);
    let mut one = Officer::at(&demo, "canbo", "1");
    let mut two = Officer::at(&demo, "phutrach", "2");
    let chosen = one.browser.open(COUNTER).text;
    assert!((1..=4).all(|counter| chosen.contains(&format!("counter={counter}"))), "{chosen}");
    let page = one.sees();
    assert!(page.contains("Waiting for this counter (3)") && page.contains("The counter is free"), "{page}");
    assert!(page.contains("Priority: elderly"), "{page}");

    // Those with priority go first; each counter has another one.
    assert_eq!(one.calls().status, 303);
    assert_eq!(large(&one.sees()), Some("A003"));
    assert_eq!(two.calls().status, 303);
    let page = two.sees();
    assert!(large(&page) == Some("A001") && page.contains("Number A003: called by counter 1"), "{page}");
    let again = one.calls();
    assert!(again.status == 409 && again.text.contains("still has number A003"), "{again:?}");

    let (first, second) = (one.current(), two.current());
    one.did(first, "recall");
    assert!(one.sees().contains("call 2, at "));
    // It is another counter's: a kind word says whose.
    let not_mine = two.does(first, "finish");
    assert!(not_mine.status == 409 && not_mine.text.contains("Counter 1 has called number A003"), "{not_mine:?}");
    one.did(first, "serve");
    assert!(one.sees().contains("being served since"));
    let again = one.does(first, "recall");
    assert!(again.status == 409 && again.text.contains("Number A003 has just changed"), "{again:?}");

    // Put aside: the counter is free for the next one, and goes on afterwards.
    one.did(first, "hold");
    assert!(one.sees().contains("Put aside at this counter (1)"));
    assert_eq!(one.calls().status, 303);
    let third = one.current();
    assert_eq!(large(&one.sees()), Some("A002"));
    let busy = one.does(first, "serve");
    assert!(busy.status == 409 && busy.text.contains("still has number A002"), "{busy:?}");
    one.did(third, "no-show");
    let page = one.sees();
    assert!(page.contains("Called, nobody came (1)") && page.contains("Put A002 back into the line"), "{page}");
    one.did(third, "back");
    assert_eq!(one.calls().status, 303, "nobody else waits, so it is called at once");
    assert_eq!(large(&one.sees()), Some("A002"));
    one.did(third, "finish");
    one.did(first, "serve");
    one.did(first, "finish");
    let nobody = one.calls();
    assert!(nobody.status == 200 && nobody.text.contains("Nobody is waiting for this counter"), "{nobody:?}");
    let over = one.does(first, "finish");
    assert!(over.status == 409 && over.text.contains("no longer in the line"), "{over:?}");

    // Sent on, it keeps its place by the time of taking.
    for (service, to) in [("dat-dai", "1"), ("nothing", ""), ("", ""), ("dat-dai", "?")] {
        let path = format!("{COUNTER}/tickets/{second}/transfer");
        let refused = two.press(&path, &[("service", service), ("to", to)]);
        assert!(refused.status == 422 && refused.text.contains("No such counter serves this"), "{service} {to}");
    }
    let sent = two.press(&format!("{COUNTER}/tickets/{second}/transfer"), &[("service", "dat-dai"), ("to", "3")]);
    assert_eq!(sent.status, 303, "{sent:?}");
    one.counter = "3";
    let page = one.sees();
    assert!(page.contains("Waiting for this counter (2)"), "{page}");
    assert_eq!(one.calls().status, 303);
    assert_eq!(large(&one.sees()), Some("A001"), "it came before B001");

    let database = Database::Sqlite(std::path::Path::new(demo.folder()).join("dakenh.db"));
    let acts = database.texts("SELECT DISTINCT act AS x FROM officer_acts WHERE act LIKE 'ticket%' ORDER BY act");
    let all = ["back", "called", "finished", "held", "no_show", "recalled", "served", "transferred"];
    assert_eq!(acts, all.map(|act| format!("ticket_{act}")));
}

#[test]
fn of_two_officers_who_call_at_once_each_has_another_number_and_one_number_has_one_counter() {
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    for _ in 0..8 {
        terminal.take("ho-tich", "none");
    }
    let press = |login: &'static str, counter: &'static str, path: String| {
        let mut officer = Officer::at(&demo, login, counter);
        let csrf = csrf_of(&officer.browser.open("/officers").text);
        move || {
            let told = officer.browser.post(&path, &[("csrf", &csrf), ("site", SITE), ("counter", counter)]);
            (officer, told)
        }
    };
    let next = || format!("{COUNTER}/next");
    let (one, two) = (press("canbo", "1", next()), press("phutrach", "2", next()));
    let ((mut one, first), (mut two, second)) = std::thread::scope(|both| {
        let (one, two) = (both.spawn(one), both.spawn(two));
        (one.join().unwrap(), two.join().unwrap())
    });
    assert_eq!((first.status, second.status), (303, 303));
    let mut called = [large(&one.sees()).unwrap().to_owned(), large(&two.sees()).unwrap().to_owned()];
    called.sort_unstable();
    assert_eq!(called, ["A001", "A002"]);

    // The same number at once: one has it, the other one is told who.
    let at = |officer: &mut Officer| officer.current();
    let (mine, theirs) = (at(&mut one), at(&mut two));
    one.did(mine, "finish");
    two.did(theirs, "finish");
    let wanted = ticket_before(&one.sees(), "/call\"");
    let path = || format!("{COUNTER}/tickets/{wanted}/call");
    let (one, two) = (press("canbo", "1", path()), press("phutrach", "2", path()));
    let ((_, first), (_, second)) = std::thread::scope(|both| {
        let (one, two) = (both.spawn(one), both.spawn(two));
        (one.join().unwrap(), two.join().unwrap())
    });
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let (late, quick) = if first.status == 409 { (first, 2) } else { (second, 1) };
    assert!(late.text.contains(&format!("Counter {quick} has called number A003 before you")), "{late:?}");
}

#[test]
fn strangers_other_sites_and_forged_forms_move_nothing() {
    let demo = start(&["queue.hall_public=false"]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    terminal.take("ho-tich", "none");
    let (hall, events) = (format!("/hall/{SITE}"), format!("/hall/{SITE}/events"));
    let page = format!("{COUNTER}?site={SITE}&counter=1");
    let mut stranger = Browser::at(&demo.public);
    for path in [COUNTER, &page, &format!("{COUNTER}/events?site={SITE}&counter=1"), &hall, &events] {
        let told = stranger.open(path);
        assert!(told.status == 303 && told.header("location").starts_with("/officers/sign-in"), "{path}: {told:?}");
    }
    assert!(stranger.open(&hall).header("location").contains("next=%2Fhall%2F"), "and back to the display");

    let all = ["officer", "--data", demo.folder(), "add", "dung.tran", "--name", "Dung", "--site", "000.00.05.H09"];
    let added = dakenh_fed(&all, &[], &format!("{WORD}\n"));
    assert_eq!(added.code, Some(0), "{added:?}");
    let mut other = Officer::with(&demo, "dung.tran", WORD, "1");
    let chosen = other.browser.open(COUNTER).text;
    assert!(!chosen.contains(SITE) && chosen.contains("There is no counter for you"), "{chosen}");
    for path in [&page, &format!("{COUNTER}/events?site={SITE}&counter=1"), &hall, &events] {
        assert_eq!(other.browser.open(path).status, 403, "{path}");
    }
    assert_eq!((other.calls().status, other.does(1, "call").status), (403, 403));

    let mut own = Officer::at(&demo, "canbo", "1");
    let fields = [("csrf", "0"), ("site", SITE), ("counter", "1")];
    assert_eq!(own.browser.post(&format!("{COUNTER}/next"), &fields).status, 403);
    own.counter = "9";
    assert_eq!((own.calls().status, own.browser.open(&own.page()).status), (404, 404));
    own.counter = "1";
    assert_eq!(own.does(1, "juggle").status, 404);
    let csrf = csrf_of(&own.sees());
    assert_eq!(own.browser.post(&format!("{COUNTER}/next"), &[("csrf", &csrf)]).status, 404, "it names no place");
    let page = own.sees();
    assert!(page.contains("Waiting for this counter (1)") && large(&page).is_none(), "nothing was moved: {page}");
    assert_eq!(own.browser.open(&hall).status, 200);
    let logs = demo.process.errors();
    assert!(!logs.contains("A001"), "{logs}");
}

#[test]
fn the_hall_shows_numbers_alone_and_a_restart_loses_none() {
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    for _ in 0..3 {
        terminal.take("ho-tich", "none");
    }
    let mut one = Officer::at(&demo, "canbo", "1");
    assert_eq!(one.calls().status, 303);
    let ticket = one.current();
    one.did(ticket, "serve");
    let mut hall = Browser::at(&demo.public);
    let path = format!("/hall/{SITE}?lang=vi");
    let served = hall.open(&path);
    assert!(served.text.contains("A001") && served.text.contains("đang phục vụ"), "{served:?}");
    assert!(!served.text.contains("data-spoken"), "whoever has come is not called");
    one.did(ticket, "hold");
    assert_eq!(one.calls().status, 303);
    let called = hall.open(&path);
    assert!(called.text.contains("data-spoken=\"Mời số A 0 0 2 đến quầy 1.\""), "{called:?}");
    assert!(!called.text.contains("A001") && !called.text.contains("A003"), "who waits is not shown by number");
    assert!(called.text.contains("http-equiv=\"refresh\" content=\"5\""));
    assert!(called.header("content-security-policy").contains("script-src 'self'"));
    assert_eq!(called.header("cache-control"), "private, no-store");
    assert_eq!(hall.cookies.len(), 0);
    let part = hall.open(&format!("/hall/{SITE}?part=hall&lang=vi"));
    assert!(part.text.starts_with("<div id=\"state\"") && part.text.contains("Hộ tịch"), "{part:?}");
    for path in ["/hall/000.00.99.H09", "/hall/000.00.99.H09/events", "/hall/%3Cx%3E"] {
        assert_eq!(hall.open(path).status, 404, "{path}");
    }

    drop(terminal);
    let demo = Demo::start_in(demo.into_folder(), &arguments(&[]));
    let mut one = Officer::at(&demo, "canbo", "1");
    let page = one.sees();
    assert!(large(&page) == Some("A002") && page.contains("Put aside at this counter (1)"), "{page}");
    assert!(page.contains("Waiting for this counter (1)"), "{page}");
    assert!(Browser::at(&demo.public).open(&path).text.contains("A002"));
}

/// Both pages in a real browser, live and without scripts; axe-core looks at each
/// state.
#[test]
fn the_counter_and_the_hall_are_fit_for_everybody() {
    let Some(browser) = Chromium::find() else { return };
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let shots = std::env::var_os("DAKENH_TEST_SHOTS").and_then(|folder| folder.into_string().ok());
    let counter = |name: &str| format!("{COUNTER}?site={SITE}&counter={name}&lang=vi");
    let hall = format!("/hall/{SITE}?lang=vi");
    let views =
        ["phone-light", "phone-dark", "desk-light", "desk-dark", "zoomed", "no-script", "hall-wide", "hall-tall"];
    for view in views {
        for (service, priority) in [("ho-tich", "elderly"), ("ho-tich", "none"), ("ho-tich", "none")] {
            terminal.take(service, priority);
        }
        terminal.take("dat-dai", "none");
        // A page that is shown again by itself would be taken from under axe.
        let looks = view != "no-script";
        let spoken = if looks { "Mời số A" } else { "A" };
        let steps = json!([
            {"name": "signs in", "page": "canbo", "open": "/officers/sign-in?lang=vi", "axe": false,
             "fill": {"#login": "canbo", "#password": demo.password("canbo")}, "click": ".fields .primary",
             "see": "Kính chào"},
            {"name": "chooses", "page": "canbo", "open": format!("{COUNTER}?lang=vi"), "see": ["Chọn quầy", "Quầy 4"]},
            {"name": "is free", "page": "canbo", "open": counter("1"), "see": "Quầy đang trống", "axe": looks},
            {"name": "the hall", "page": "hall", "open": &hall, "see": ["Mời đến quầy", "Số người chờ"], "axe": looks},
            {"name": "calls", "page": "canbo", "click": "form[action*='/next'] button", "axe": looks,
             "see": ["Bắt đầu phục vụ", "Ưu tiên: người cao tuổi"], "shot": "counter"},
            {"name": "shown and spoken", "page": "hall", "wait": "[data-spoken]", "see": ["Quầy 1", spoken],
             "axe": looks, "shot": "hall"},
            {"name": "a colleague", "page": "two", "open": "/officers/sign-in?lang=vi", "axe": false,
             "fill": {"#login": "phutrach", "#password": demo.password("phutrach")}, "click": ".fields .primary",
             "see": "Kính chào"},
            {"name": "sees it", "page": "two", "open": counter("2"), "see": "quầy 1 đang gọi", "axe": false},
            {"name": "calls as well", "page": "two", "click": "form[action*='/next'] button", "axe": false,
             "see": "Bắt đầu phục vụ"},
            {"name": "is told of it", "page": "canbo", "wait": "#elsewhere + ul li", "axe": false},
            {"name": "serves", "page": "canbo", "click": "form[action*='/serve'] button", "see": "đang phục vụ từ", "axe": looks},
            {"name": "puts aside", "page": "canbo", "click": "form[action*='/hold'] button", "see": "Phục vụ tiếp số", "axe": looks},
            {"name": "the next one", "page": "canbo", "click": "form[action*='/next'] button", "see": "Gọi lại", "axe": false},
            {"name": "does not come", "page": "canbo", "click": "form[action*='/no-show'] button", "see": "về hàng chờ", "axe": looks},
            {"name": "nobody waits", "page": "canbo", "click": "form[action*='/next'] button", "axe": looks,
             "see": "Hiện không có ai chờ quầy này"},
            {"name": "in English", "page": "canbo", "open": format!("{COUNTER}?site={SITE}&counter=1&lang=en"), "axe": looks,
             "see": ["The counter is free", "Go on with A"]},
            {"name": "all done here", "page": "canbo", "click": "form[action*='/finish'] button", "axe": false},
            {"name": "and there", "page": "two", "open": counter("2"), "axe": false},
            {"name": "finished", "page": "two", "click": "form[action*='/finish'] button", "see": "Quầy đang trống", "axe": false},
            {"name": "nobody is called", "page": "hall", "wait": ".called p", "see": "Chưa gọi số nào", "axe": looks},
        ]);
        browser.run(&json!({"base": demo.public, "steps": steps, "views": [view], "shots": shots})).is_clean();
    }
}
