//! The citizens' pages in a real browser, at every width, in every light, with
//! axe-core looking at each page and state.

use serde_json::{Value, json};
use test_support::{Chromium, Demo};

/// One page of each kind and each state that it may be in.
fn steps(demo: &Demo) -> Value {
    let (number, proof) = demo.sample("status_6");
    let late = demo.number("overdue");
    let proof = proof.unwrap();
    let wrong = if proof == "0000" { "0001" } else { "0000" };
    json!([
        {"name": "front", "open": "/", "see": ["Ông/bà cần làm việc gì?", "Thủ tục hay hỏi"], "shot": "front"},
        {"name": "skip link", "press": "Tab", "focus": ".skip", "views": ["desk-light", "phone-light"]},
        {"name": "past the head", "press": "Enter", "focus": "#main", "views": ["desk-light", "phone-light"]},
        {"name": "front in English", "open": "/?lang=en", "see": "What do you need?", "shot": "front-en"},
        {"name": "a question", "open": "/", "fill": {"#ask": "làm giấy khai sinh cần gì"}, "click": ".ask .primary",
         "see": ["Giấy chứng sinh", "Xem đầy đủ thủ tục này"], "shot": "answer"},
        {"name": "which one", "open": "/", "fill": {"#ask": "căn cước"}, "click": ".ask .primary"},
        {"name": "not understood", "open": "/", "fill": {"#ask": "asdkjh qwe"}, "click": ".ask .primary", "see": "Rất tiếc"},
        {"name": "hours", "open": "/?lang=en", "fill": {"#ask": "when are you open"}, "click": ".ask .primary", "see": "Opening hours"},
        {"name": "number form", "open": "/dossiers", "see": "Mã hồ sơ", "shot": "dossiers"},
        {"name": "no number", "fill": {"#number": "xin chào"}, "click": "form.card .primary", "see": "Rất tiếc"},
        {"name": "late dossier", "open": "/dossiers", "fill": {"#number": late}, "click": "form.card .primary",
         "see": ["quá ngày hẹn", "Việc cần làm tiếp"], "shot": "dossier"},
        {"name": "public view", "open": "/dossiers", "fill": {"#number": number}, "click": "form.card .primary",
         "see": "Chờ nộp tiền", "read": {"public": {"url": true}}},
        {"name": "in English", "click": ".tools form button", "see": "What to do next"},
        {"name": "back in Vietnamese", "click": ".tools form button", "see": "Việc cần làm tiếp"},
        {"name": "wrong proof", "fill": {"#digits": wrong}, "click": "form[action^='/dossiers/owner'] .primary", "see": "Rất tiếc"},
        {"name": "owner", "fill": {"#digits": proof}, "click": "form[action^='/dossiers/owner'] .primary",
         "see": "Chỉ chủ hồ sơ xem được", "read": {"owner": {"url": true}}, "shot": "owner"},
        {"name": "closed", "click": "main .actions a", "miss": "Chỉ chủ hồ sơ xem được"},
        {"name": "not shown again", "back": true, "axe": false, "miss": "Chỉ chủ hồ sơ xem được", "views": ["desk-light", "phone-light"]},
        {"name": "procedures", "open": "/procedures", "see": "thủ tục", "shot": "procedures"},
        {"name": "search", "fill": {"#q": "khai sinh"}, "click": "form.card .primary", "see": "Đăng ký khai sinh"},
        {"name": "nothing found", "open": "/procedures?q=zzzzqqq", "see": "Chưa tìm thấy"},
        {"name": "second page", "open": "/procedures?page=2", "see": "Trang trước"},
        {"name": "event", "open": "/procedures?event=child", "see": "Sinh con"},
        {"name": "procedure", "open": "/procedures/1.001193", "see": ["Giấy tờ cần có", "Nguồn:"], "shot": "procedure"},
        {"name": "procedure in English", "open": "/procedures/1.001193?lang=en", "see": "Papers you need", "shot": "procedure-en"},
        {"name": "for the printer", "media": {"media": "print"}, "see": "Papers you need", "miss": "Look up a dossier", "views": ["desk-light"]},
        {"name": "on the screen again", "media": {"media": "screen"}, "axe": false, "views": ["desk-light"]},
        {"name": "unknown address", "open": "/khong-co", "see": "Tra cứu hồ sơ"},
    ])
}

#[test]
fn every_page_and_state_is_fit_for_everybody() {
    let Some(browser) = Chromium::find() else { return };
    // One browser after the other from one address is a flood like any other.
    let kinds = ["any", "track_dossier", "disclose_dossier", "procedures", "free_text"];
    let limits = kinds.iter().flat_map(|kind| ["sender", "address"].map(|whose| format!("limits.{kind}.{whose}")));
    let limits = limits.map(|limit| format!("{limit}={{per_minute=100000,burst=10000}}"));
    let others = ["desk.wrong_proofs_per_day=20", "http.address_limit.burst=10000"].map(str::to_owned);
    let limits: Vec<String> = limits.chain(others).flat_map(|setting| ["--set".to_owned(), setting]).collect();
    let arguments: Vec<&str> = limits.iter().map(String::as_str).collect();
    let demo = Demo::start(&arguments);
    let walked = browser.walk(&demo.public, &steps(&demo));
    walked.is_clean();
    assert_eq!(walked.seen["public"], format!("{}/dossiers", demo.public), "no number stands in the address");
    assert!(walked.seen["owner"].as_str().unwrap().starts_with(&format!("{}/dossiers/owner", demo.public)));
}

#[test]
fn the_theme_that_was_chosen_stays() {
    let Some(browser) = Chromium::find() else { return };
    let demo = Demo::start(&[]);
    let steps = json!([
        {"name": "light", "open": "/", "run": "getComputedStyle(document.body).backgroundColor"},
        {"name": "dark", "click": "#theme", "stay": true, "run": "getComputedStyle(document.body).backgroundColor"},
        {"name": "still dark", "open": "/procedures", "run": "getComputedStyle(document.body).backgroundColor"},
    ]);
    let walked = browser.run(&json!({"base": demo.public, "steps": steps, "views": ["desk-light"]}));
    walked.is_clean();
    assert_ne!(walked.seen["light"], walked.seen["dark"]);
    assert_eq!(walked.seen["dark"], walked.seen["still dark"]);
}

#[test]
fn the_driver_finds_what_is_wrong() {
    let Some(browser) = Chromium::find() else { return };
    let demo = Demo::start(&[]);
    let spoil = "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"\" width=\"4000\" height=\"9\"><button>x</button>'); \
                 document.querySelector('main button:last-child').setAttribute('class', 'spoilt'); \
                 document.querySelector('.spoilt').textContent = ''; 1";
    let steps = json!([
        {"name": "spoilt", "open": "/", "run": spoil, "see": "điều không ai nói", "miss": "Đa Kênh", "focus": "#ask"},
    ]);
    let walked = browser.run(&json!({"base": demo.public, "steps": steps, "views": ["phone-light"]}));
    let whats: Vec<&str> = walked.findings.iter().filter_map(|finding| finding["what"].as_str()).collect();
    for wanted in ["not said", "said", "focus", "wider than the window", "axe: image-alt", "axe: button-name"] {
        assert!(whats.contains(&wanted), "{wanted} among {whats:?}");
    }
}
