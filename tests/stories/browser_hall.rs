//! The hall's display in a real browser: when its connection breaks, when the browser
//! holds its sound back, and when there are more displays than have a stream.

use serde_json::{Value, json};
use test_support::{Browser, Chromium, Demo, HALL as SITE, Officer, client, eventually, get, now};

use crate::counter::{arguments, start};
use crate::terminals::Terminal;

/// As many displays as have a stream of their own.
const MOST: usize = 128;

const LOST: &str = "Màn hình đang mất kết nối";

fn hall() -> String {
    format!("/hall/{SITE}?lang=vi")
}

/// Writes down what the display says aloud, from now on.
const LISTENS: &str = "(() => { window.said = []; const call = document.getElementById('call'); \
     new MutationObserver(() => window.said.push(call.textContent)).observe(call, {childList: true}); return ''; })()";

/// Waits until it has said so much.
fn heard(count: usize) -> String {
    format!(
        "new Promise((done) => {{ const look = () => window.said.length >= {count} \
         ? done(window.said.join(' / ')) : setTimeout(look, 50); look(); }})"
    )
}

/// How many streams of displays the gateway has begun.
fn streams(demo: &Demo) -> f64 {
    let page = now(get(&format!("{}/metrics", demo.internal), &[])).text;
    let begun = page.lines().filter(|line| {
        line.starts_with("http_requests_total{") && line.contains("\"/hall/{site}/events\"") && line.contains("\"2xx\"")
    });
    begun.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

#[test]
fn a_cut_is_said_and_what_was_called_meanwhile_is_shown_and_spoken() {
    let Some(browser) = Chromium::find() else { return };
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    for _ in 0..4 {
        terminal.take("ho-tich", "none");
    }
    let counter = |name: &str| format!("/officers/counter?site={SITE}&counter={name}&lang=vi");
    let signs_in = |login: &str| {
        json!({"name": format!("{login} signs in"), "page": login, "open": "/officers/sign-in?lang=vi", "axe": false,
         "fill": {"#login": login, "#password": demo.password(login)}, "click": ".fields .primary", "see": "Kính chào"})
    };
    let calls = |login: &str, name: &str| {
        json!([
            {"name": format!("{login} sits down"), "page": login, "open": counter(name), "axe": false},
            {"name": format!("{login} calls"), "page": login, "click": "form[action*='/next'] button", "axe": false,
             "see": "Bắt đầu phục vụ"},
        ])
    };
    let mut steps = vec![signs_in("canbo"), signs_in("phutrach")];
    steps.push(json!({"name": "hangs there", "open": hall(), "see": "Chưa gọi số nào", "miss": LOST, "run": LISTENS}));
    steps.push(json!({"name": "the cable is out", "offline": true, "wait": "#lost", "see": LOST, "axe": false}));
    steps.extend(calls("canbo", "1").as_array().unwrap().iter().cloned());
    steps.extend(calls("phutrach", "2").as_array().unwrap().iter().cloned());
    steps.extend([
        json!({"name": "knows nothing of it", "see": [LOST, "Chưa gọi số nào"], "axe": false}),
        json!({"name": "is back", "offline": false, "gone": "#lost", "wait": "[data-ticket]", "miss": LOST,
         "see": ["A001", "A002"], "axe": false}),
        json!({"name": "spoken", "run": heard(2)}),
        // And it is live again, which a display that asks every few seconds is not.
        json!({"name": "finishes", "page": "canbo", "click": "form[action*='/serve'] button", "axe": false}),
        json!({"name": "is done", "page": "canbo", "click": "form[action*='/finish'] button", "axe": false}),
        json!({"name": "goes on", "page": "canbo", "click": "form[action*='/next'] button", "axe": false}),
        json!({"name": "the third", "wait": "li:has-text('A003')", "run": heard(3), "axe": false}),
        // What was called while it loaded itself anew is spoken, too.
        json!({"name": "is away", "open": "/", "axe": false}),
        json!({"name": "serves", "page": "canbo", "click": "form[action*='/serve'] button", "axe": false}),
        json!({"name": "has served", "page": "canbo", "click": "form[action*='/finish'] button", "axe": false}),
        json!({"name": "calls once more", "page": "canbo", "click": "form[action*='/next'] button", "axe": false}),
        json!({"name": "loads itself anew", "open": hall(), "wait": "#call:has-text('A 0 0 4')", "axe": false}),
    ]);
    let run = browser.run(&json!({"base": demo.public, "steps": steps, "views": ["hall-wide"]}));
    run.is_clean();
    let said = run.seen["spoken"].as_str().unwrap();
    assert_eq!(said, "Mời số A 0 0 1 đến quầy 1. / Mời số A 0 0 2 đến quầy 2.", "in their order, each once");
    assert!(run.seen["the third"].as_str().unwrap().ends_with(" / Mời số A 0 0 3 đến quầy 1."), "{:?}", run.seen);
}

#[test]
fn a_gateway_that_comes_back_finds_its_displays_again() {
    let Some(browser) = Chromium::find() else { return };
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    terminal.take("ho-tich", "none");
    drop(terminal);
    let shots = tempfile::tempdir().unwrap();
    let steps = json!([
        {"name": "hangs there", "open": hall(), "see": "Chưa gọi số nào", "miss": LOST, "run": LISTENS},
        {"name": "lost", "wait": "#lost", "see": LOST, "axe": false, "shot": "lost"},
        {"name": "found", "gone": "#lost", "miss": LOST, "axe": false, "shot": "found"},
        {"name": "called", "wait": "[data-ticket]", "see": ["A001", "Quầy 1"], "axe": false, "run": heard(1)},
    ]);
    let scenario = json!({"base": demo.public, "steps": steps, "views": ["hall-tall"], "shots": shots.path()});
    let folder = shots.path().to_owned();
    let seen = move |name: &str| {
        let picture = folder.join(format!("{name}-hall-tall.png"));
        eventually(name, || picture.exists().then_some(()));
    };
    let run = std::thread::scope(move |both| {
        let walk = both.spawn(move || browser.run(&scenario));
        eventually("the display listens", || (streams(&demo) > 0.5).then_some(()));
        let public = demo.public.trim_start_matches("http://").to_owned();
        let folder = demo.into_folder();
        seen("lost");
        let demo = Demo::start_at(folder, &public, &arguments(&[]));
        seen("found");
        let mut officer = Officer::at(&demo, "canbo", "1");
        assert_eq!(officer.calls().status, 303);
        walk.join().unwrap()
    });
    run.is_clean();
    assert_eq!(run.seen["called"], "Mời số A 0 0 1 đến quầy 1.");
}

#[test]
fn whether_there_is_sound_is_said_and_kept() {
    let Some(browser) = Chromium::find() else { return };
    let demo = start(&[]);
    let (on, off, blocked) = (
        "Âm thanh đang bật. Bấm để tắt.",
        "Âm thanh đang tắt. Bấm để bật.",
        "Trình duyệt đang chặn âm thanh. Bấm để bật.",
    );
    let state = "document.getElementById('sound').dataset.state + ' ' + localStorage.getItem('hall-sound')";
    let steps = json!([
        {"name": "before a touch", "open": hall(), "wait": "#sound[data-state=blocked]", "see": blocked, "run": state},
        {"name": "touched", "click": "#sound", "stay": true, "wait": "#sound[data-state=on]", "see": on,
         "miss": blocked, "run": state},
        {"name": "turned off", "press": "Enter", "wait": "#sound[data-state=off]", "see": off, "miss": on,
         "focus": "#sound", "run": state},
        {"name": "kept", "reload": true, "wait": "#sound[data-state=off]", "see": off, "run": state},
        {"name": "on again", "click": "#sound", "stay": true, "wait": "#sound[data-state=on]", "see": on, "run": state},
        {"name": "kept on", "reload": true, "wait": "#sound:not([data-state=off])", "miss": off},
        {"name": "in English", "open": format!("/hall/{SITE}?lang=en"), "wait": "#sound[data-state]", "see": "sound"},
    ]);
    let views = ["phone-light", "desk-light", "zoomed", "hall-wide", "hall-tall"];
    for view in views {
        let run = browser.run(&json!({"base": demo.public, "steps": steps, "views": [view]}));
        run.is_clean();
        let seen = |name: &str| run.seen[name].as_str().unwrap_or_default().to_owned();
        let states = ["before a touch", "touched", "turned off", "kept", "on again"].map(seen);
        assert_eq!(states, ["blocked null", "on null", "off off", "off off", "on on"], "{view}");
    }
}

/// A display that listens; it is dropped to hang up.
struct Display {
    runtime: tokio::runtime::Runtime,
    answer: reqwest::Response,
}

impl Display {
    /// One that has seen nothing yet of what stands in its part.
    fn hang_up_at(demo: &Demo, seen: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let url = format!("{}/hall/{SITE}/events?seen={seen}", demo.public);
        let answer = runtime.block_on(client().get(url).send()).unwrap();
        Self { runtime, answer }
    }

    fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// Whether it was told of a change. What comes before it only keeps the stream
    /// alive, while a browser takes its time.
    fn heard_of_a_change(&mut self) -> bool {
        let mut heard = String::new();
        while let Some(chunk) = self.runtime.block_on(self.answer.chunk()).unwrap() {
            heard.push_str(&String::from_utf8_lossy(&chunk));
            if heard.contains("event: changed") {
                return true;
            }
        }
        false
    }
}

#[test]
fn of_too_many_displays_the_last_one_is_told_and_the_others_go_on() {
    let demo = start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let page = Browser::at(&demo.public).open(&hall()).text;
    let seen = page.split("data-seen=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let mut displays: Vec<Display> = (0..MOST).map(|_| Display::hang_up_at(&demo, &seen)).collect();
    assert!(displays.iter().all(|display| display.status() == 200));
    for _ in 0..3 {
        let one_more = now(get(&format!("{}/hall/{SITE}/events?seen={seen}", demo.public), &[]));
        assert_eq!((one_more.status, &one_more.json()["code"]), (503, &json!("overloaded")), "{one_more:?}");
        assert!(one_more.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{one_more:?}");
        assert_eq!(one_more.header("content-type"), "application/problem+json");
    }
    // What it shows without a stream is whole all the same.
    assert_eq!(Browser::at(&demo.public).open(&format!("/hall/{SITE}?part=hall&lang=vi")).status, 200);

    // In a browser it is called all the same, a little later, and nothing is said to be lost.
    terminal.take("ho-tich", "none");
    let calls = || {
        let mut officer = Officer::at(&demo, "canbo", "1");
        assert_eq!(officer.calls().status, 303);
    };
    match Chromium::find() {
        None => calls(),
        Some(browser) => {
            let steps = json!([
                {"name": "hangs there", "open": hall(), "see": "Chưa gọi số nào", "run": LISTENS, "axe": false,
                 "shot": "hangs"},
                {"name": "called", "wait": "[data-ticket]", "see": "A001", "miss": LOST, "run": heard(1)},
            ]);
            let shots = tempfile::tempdir().unwrap();
            let scenario: Value =
                json!({"base": demo.public, "steps": steps, "views": ["hall-wide"], "shots": shots.path()});
            let run = std::thread::scope(|both| {
                let walk = both.spawn(|| browser.run(&scenario));
                let picture = shots.path().join("hangs-hall-wide.png");
                eventually("it hangs there", || picture.exists().then_some(()));
                calls();
                walk.join().unwrap()
            });
            // The browser itself writes on its console that it was refused a stream.
            run.is_clean();
        }
    }
    for display in &mut displays {
        assert!(display.heard_of_a_change(), "all others heard of it at once");
    }
    // Who hangs up makes room.
    displays.pop();
    eventually("a place", || (Display::hang_up_at(&demo, &seen).status() == 200).then_some(()));
}
