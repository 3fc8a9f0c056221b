//! The phone's pages in a real browser, with axe-core looking at each.

use serde_json::json;
use test_support::{Chromium, Demo, eventually};

use crate::continuations::{Code, Phone, demo};
use crate::terminals::{SITE, Terminal};

/// A secret that the story knows as well as the browser: it reads the digits for
/// whoever stands at the terminal.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// One walk in one view: the page goes on by itself once the digits are typed.
fn goes_on_by_itself(browser: &Chromium, demo: &Demo, terminals: [&Terminal<'_>; 2], view: &str) {
    let [terminal, other] = terminals;
    let code = Code::make(terminal, &json!({ "kind": "procedure", "code": "1.001193" }));
    // Its phone is how the browser says that it has come so far.
    let signal = Code::make(other, &json!({ "kind": "home" }));
    let known = format!("document.querySelector('[name=phone]').value = '{SECRET}'");
    let english = code.path.replace("lang=vi", "lang=en");
    let press = "form[data-continued] .primary";
    let steps = json!([
        {"name": "button", "open": code.path, "see": ["Tiếp tục trên điện thoại này", "đứng trước máy"], "shot": "phone-button"},
        {"name": "in English", "open": english, "see": "Go on with this phone"},
        {"name": "known", "open": code.path, "run": known, "axe": false},
        {"name": "digits", "click": press, "see": "Xin nhập 4 số này vào máy", "focus": "[data-focus]", "shot": "phone-digits"},
        {"name": "in English, too", "click": ".tools form button", "see": "Please enter these 4 digits"},
        {"name": "another phone", "page": "b", "open": code.path, "see": "Một điện thoại đã quét mã này", "shot": "phone-taken"},
        {"name": "opened again", "open": code.path, "wait": ".large", "see": "Xin nhập 4 số này vào máy", "axe": false},
        {"name": "come so far", "page": "b", "open": signal.path, "click": press, "axe": false},
        {"name": "goes on", "wait": "#papers", "see": "Giấy tờ cần có", "read": {"there": {"url": true}}},
        {"name": "used", "page": "b", "open": code.path, "see": "Mã này đã được dùng", "shot": "phone-used"},
        {"name": "unknown", "page": "b", "open": format!("/k/{SECRET}"), "see": "Không có mã này"},
    ]);
    let base = demo.public.clone();
    let walked = std::thread::scope(|scope| {
        let walk = scope.spawn(|| browser.view(&base, &steps, view));
        eventually("the browser has come so far", || {
            (walk.is_finished() || signal.state(other) == "scanned").then_some(())
        });
        let digits = Phone::with(demo, &code, SECRET.to_owned()).digits();
        assert_eq!(code.typed(terminal, &digits), (200, "open".into()));
        walk.join().unwrap()
    });
    walked.is_clean();
    assert_eq!(walked.seen["there"], format!("{base}/procedures/1.001193?lang=vi"));
}

#[test]
fn a_phone_s_pages_are_fit_for_everybody_and_go_on_by_themselves() {
    let Some(browser) = Chromium::find() else { return };
    let wide = ["http.address_limit.burst=10000", "kiosk.requests_per_minute=60000", "kiosk.requests_burst=10000"];
    let demo = demo(&wide.map(|setting| ["--set", setting]).concat());
    let terminals = [Terminal::enrol(&demo, SITE, "Sảnh 1"), Terminal::enrol(&demo, SITE, "Sảnh 2")];
    for view in ["phone-light", "phone-dark", "zoomed"] {
        goes_on_by_itself(&browser, &demo, [&terminals[0], &terminals[1]], view);
    }
    // Without scripts the page's own button does it.
    let code = Code::make(&terminals[0], &json!({ "kind": "home" }));
    let press = "form[data-continued] .primary";
    let steps = json!([
        {"name": "button", "open": code.path, "see": "Tiếp tục trên điện thoại này"},
        {"name": "digits", "click": press, "see": "Xin nhập 4 số này vào máy"},
        {"name": "not yet", "click": press, "see": "Máy chưa nhận được 4 số."},
        {"name": "another phone", "page": "b", "open": code.path, "see": "Một điện thoại đã quét mã này"},
    ]);
    browser.view(&demo.public, &steps, "no-script").is_clean();
}
