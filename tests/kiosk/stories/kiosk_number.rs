//! A number from the terminal to the counter that calls it and the display that
//! shows it.

use serde_json::json;
use test_support::{COUNTER, Chromium, HALL, get, now};

use crate::display::Display;
use crate::gateway;
use crate::terminal::{HOME, Terminal};

#[test]
fn a_number_is_taken_by_touch_called_at_a_counter_and_shown_in_the_hall() {
    let Some(display) = Display::start(1080, 1920) else { return };
    let Some(browser) = Chromium::find() else { return };
    let demo = gateway(&[]);
    let paper = tempfile::tempdir().unwrap();
    let printer = format!("picture:{}", paper.path().display());
    let terminal = Terminal::start_with(&display, &demo, &["--printer", &printer]);
    terminal.touch("Lấy số");
    let service = terminal.control_like("Hộ tịch");
    display.shot("06-services");
    terminal.touch_it(&service);
    terminal.control("Lấy số thường");
    display.shot("07-priority");
    terminal.touch("Lấy số thường");
    terminal.sees("Số của ông/bà là A001");
    terminal.sees("Mã QR của số thứ tự");
    terminal.sees("Xin lấy phiếu ở khe in.");
    display.shot("08-number");
    let shown = only(display.codes_on_screen());
    // What came out is read by a decoder that is not ours: the same ticket.
    let printed = paper.path().join("ticket-0001.png");
    assert_eq!(only(display.codes_in(&printed)), shown);
    keep(&printed);
    assert_eq!(state_of(&demo.public, &shown)["ticket"], "A001");

    let shots = std::env::var_os("DAKENH_TEST_SHOTS")
        .map(|folder| std::path::Path::new(&folder).join("kiosk").to_str().unwrap().to_owned());
    let steps = json!([
        {"name": "signs in", "page": "canbo", "open": "/officers/sign-in?lang=vi", "axe": false,
         "fill": {"#login": "canbo", "#password": demo.password("canbo")}, "click": ".fields .primary",
         "see": "Kính chào"},
        {"name": "the hall", "page": "hall", "open": format!("/hall/{HALL}?lang=vi"), "axe": false, "see": "Số người chờ"},
        {"name": "the counter", "page": "canbo", "open": format!("{COUNTER}?site={HALL}&counter=1&lang=vi"), "axe": false,
         "see": "Quầy đang trống"},
        {"name": "calls", "page": "canbo", "click": "form[action*='/next'] button", "axe": false,
         "see": ["A001", "Bắt đầu phục vụ"], "shot": "walk-09-counter"},
        {"name": "shown and spoken", "page": "hall", "wait": "[data-spoken]", "axe": false,
         "see": ["Quầy 1", "A001"], "shot": "walk-10-hall"},
    ]);
    browser.run(&json!({"base": demo.public, "steps": steps, "views": ["desk-light"], "shots": shots})).is_clean();
    assert_eq!(state_of(&demo.public, &shown)["state"], "called");
    terminal.touch("Xong, xóa màn hình");
    terminal.sees(HOME);
}

/// Keeps the printed ticket beside the pictures of the screen.
fn keep(printed: &std::path::Path) {
    if let Some(folder) = std::env::var_os("DAKENH_TEST_SHOTS") {
        let kept = std::path::Path::new(&folder).join("kiosk").join("walk-08-printed.png");
        std::fs::copy(printed, kept).unwrap();
    }
}

/// What the gateway says of a ticket by its code.
fn state_of(public: &str, payload: &str) -> serde_json::Value {
    let code = payload.rsplit([':', '/']).next().unwrap();
    let told = now(get(&format!("{public}/api/v1/queue/tickets/{code}"), &[]));
    assert_eq!(told.status, 200, "{payload}: {told:?}");
    told.json()
}

fn only(codes: Vec<String>) -> String {
    let [code] = <[String; 1]>::try_from(codes).unwrap_or_else(|codes| panic!("one code: {codes:?}"));
    code
}
