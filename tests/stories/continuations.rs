//! From a terminal to a phone, on the real binary: who stands at the terminal
//! types what their own phone shows, and nobody else goes on.

use serde_json::{Value, json};
use test_support::{Answer, Browser, Database, Demo};

use crate::terminals::{SITE, Terminal};

const MAKE: &str = "/api/v1/kiosk/continuations";
/// What codes for phones lead to. The stories ask the address that is really
/// there for the same path.
const PHONES: &str = "https://dakenh.example.vn";

/// A demo whose terminals may hand pages to phones.
pub(crate) fn demo(more: &[&str]) -> Demo {
    let url = format!("kiosk.phone_base_url={PHONES}");
    Demo::start(&[&["--set", url.as_str()], more].concat())
}

/// A code on a terminal's screen.
pub(crate) struct Code {
    id: String,
    /// The path of its address, with the language.
    pub(crate) path: String,
}

impl Code {
    pub(crate) fn make(terminal: &Terminal<'_>, page: &Value) -> Self {
        let made = terminal.post(MAKE, &json!({ "page": page }));
        assert_eq!((made.status, made.header("cache-control")), (201, "private, no-store"), "{made:?}");
        let body = made.json();
        let url = body["url"].as_str().unwrap();
        let path = url.strip_prefix(PHONES).unwrap().to_owned();
        Self { id: format!("{MAKE}/{}", body["id"].as_str().unwrap()), path }
    }

    fn home(terminal: &Terminal<'_>) -> Self {
        Self::make(terminal, &json!({ "kind": "home" }))
    }

    pub(crate) fn state(&self, terminal: &Terminal<'_>) -> String {
        let told = terminal.get(&self.id);
        assert_eq!(told.status, 200, "{told:?}");
        told.json()["state"].as_str().unwrap().to_owned()
    }

    /// Digits are typed at the terminal: the status and the problem's code.
    pub(crate) fn typed(&self, terminal: &Terminal<'_>, digits: &str) -> (u16, String) {
        let told = terminal.post(&format!("{}/confirm", self.id), &json!({ "code": digits }));
        let said = told.json();
        (told.status, said["code"].as_str().or(said["state"].as_str()).unwrap_or_default().to_owned())
    }

    /// The token in the address.
    fn token(&self) -> &str {
        self.path.strip_prefix("/k/").unwrap().split('?').next().unwrap()
    }
}

/// A phone that has scanned a code.
pub(crate) struct Phone {
    browser: Browser,
    path: String,
    pub(crate) secret: String,
}

impl Phone {
    /// Opens the address and sees the button.
    fn scans(demo: &Demo, code: &Code) -> Self {
        let mut browser = Browser::at(&demo.public);
        let page = browser.open(&code.path);
        assert_eq!(page.status, 200, "{page:?}");
        let (_, after) = page.text.split_once("name=\"phone\" value=\"").unwrap();
        let secret = after.split('"').next().unwrap().to_owned();
        Self::with(demo, code, secret)
    }

    /// One that has this secret.
    pub(crate) fn with(demo: &Demo, code: &Code, secret: String) -> Self {
        Self { browser: Browser::at(&demo.public), path: code.path.clone(), secret }
    }

    fn presses(&mut self) -> Answer {
        self.browser.post(&self.path, &[("phone", &self.secret)])
    }

    /// The digits that it shows.
    pub(crate) fn digits(&mut self) -> String {
        let page = self.presses();
        assert_eq!(page.status, 200, "{page:?}");
        let (_, after) = page.text.split_once("class=\"large\">").unwrap();
        let digits: String = after.split('<').next().unwrap().split(' ').collect();
        assert!(digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit()), "{digits}");
        digits
    }

    /// What its script hears.
    fn state(&mut self) -> Value {
        let path = self.path.replace("?lang=vi", "/state");
        let told = self.browser.post(&path, &[("phone", &self.secret)]);
        assert_eq!((told.status, told.header("cache-control")), (200, "private, no-store"), "{told:?}");
        told.json()["state"].clone()
    }

    /// Where it goes on.
    fn goes_on(&mut self) -> String {
        let gone = self.presses();
        assert_eq!((gone.status, gone.header("cache-control")), (303, "no-store"), "{gone:?}");
        gone.header("location").to_owned()
    }

    /// The title of the kind page that it sees instead.
    fn is_told(&mut self) -> (u16, String) {
        let page = self.presses();
        (page.status, title(&page))
    }
}

fn title(page: &Answer) -> String {
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("private, no-store", "no-referrer"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let (_, after) = page.text.split_once("<h1>").unwrap();
    after.split('<').next().unwrap().to_owned()
}

fn other_than(digits: &str) -> &'static str {
    if digits == "0000" { "0001" } else { "0000" }
}

#[test]
fn each_page_goes_on_on_the_phone_of_who_stands_there() {
    let demo = demo(&[]);
    let terminal = Terminal::enrol(&demo, "001.21.31.H09", "Sảnh 1");
    let mut pages = vec![
        (json!({ "kind": "home" }), "/?lang=vi".to_owned(), "Ông/bà cần làm việc gì?"),
        (
            json!({ "kind": "procedure", "code": "1.001193" }),
            "/procedures/1.001193?lang=vi".to_owned(),
            "Giấy tờ cần có",
        ),
        // The citizen's own case, by its number as a printed checklist has it.
        (
            json!({ "kind": "procedure", "code": "1.001193", "case_number": 2 }),
            "/procedures/1.001193?case=2&lang=vi".to_owned(),
            "Xem mọi trường hợp",
        ),
        (
            json!({ "kind": "procedures", "query": "giấy khai sinh" }),
            "/procedures?q=gi%E1%BA%A5y+khai+sinh&lang=vi".to_owned(),
            "Đăng ký khai sinh",
        ),
    ];
    // At night and on holidays there is no number to be had.
    let wish = json!({ "service": "ho-tich", "priority": "none", "key": format!("{:032x}", 7) });
    let taken = terminal.post("/api/v1/queue/tickets", &wish);
    if taken.status == 201 {
        let ticket = taken.json()["code"].as_str().unwrap().to_owned();
        let there = format!("/queue/tickets/{ticket}?lang=vi");
        pages.push((json!({ "kind": "queue", "ticket": ticket }), there, "Số A001"));
    }
    for (page, there, says) in pages {
        let code = Code::make(&terminal, &page);
        // A messenger's preview looks, twice: nothing changes by it.
        for _ in 0..2 {
            let seen = Browser::at(&demo.public).open(&code.path);
            assert_eq!((seen.status, title(&seen).as_str()), (200, "Xem tiếp trên điện thoại"));
        }
        assert_eq!(code.state(&terminal), "waiting");
        assert_eq!(code.typed(&terminal, "1234"), (409, "no_phone_yet".into()));
        let mut phone = Phone::scans(&demo, &code);
        let digits = phone.digits();
        assert_eq!(code.state(&terminal), "scanned");
        assert_eq!((phone.digits(), phone.state()), (digits.clone(), json!("matching")), "the page was loaded again");
        assert_eq!(code.typed(&terminal, other_than(&digits)), (409, "matching_code_wrong".into()));
        assert_eq!(code.typed(&terminal, &digits), (200, "open".into()));
        assert_eq!(phone.state(), json!("open"));
        assert_eq!(phone.goes_on(), there);
        let goes_on = Browser::at(&demo.public).open(&there);
        assert!(goes_on.status == 200 && goes_on.text.contains(says), "{page}: {goes_on:?}");
        assert_eq!(phone.is_told(), (410, "Mã này đã được dùng".into()), "once");
        assert_eq!(Browser::at(&demo.public).open(&code.path).status, 410);
        assert_eq!(code.state(&terminal), "open");
        assert_eq!(code.typed(&terminal, &digits), (200, "open".into()), "its first answer was lost");
    }
}

#[test]
fn a_bystander_who_scans_first_gets_nothing() {
    let demo = demo(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let code = Code::home(&terminal);
    let (mut bystander, mut citizen) = (Phone::scans(&demo, &code), Phone::scans(&demo, &code));
    let theirs = bystander.digits();
    assert_eq!(citizen.is_told(), (409, "Một điện thoại đã quét mã này".into()));
    assert_eq!(Browser::at(&demo.public).open(&code.path).status, 409);
    assert_eq!(citizen.state(), json!("over"));
    // The citizen asks for a new code.
    let again = Code::home(&terminal);
    assert_ne!(again.path, code.path);
    assert_eq!(bystander.is_told(), (410, "Máy đã tạo mã mới".into()));
    assert_eq!(code.typed(&terminal, &theirs), (410, "continuation_over".into()));
    assert_eq!(code.state(&terminal), "over");
    let mut citizen = Phone::scans(&demo, &again);
    let digits = citizen.digits();
    bystander.path.clone_from(&again.path);
    assert_eq!(again.typed(&terminal, &digits), (200, "open".into()));
    assert_eq!(bystander.is_told().0, 409, "not even now");
    assert_eq!(citizen.goes_on(), "/?lang=vi");
}

#[test]
fn wrong_digits_time_another_terminal_and_a_revoked_one() {
    let demo = demo(&["--set", "kiosk.continuation_tries=2"]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let other = Terminal::enrol(&demo, SITE, "Sảnh 2");
    let rows = Database::Sqlite(std::path::Path::new(demo.folder()).join("dakenh.db"));

    let code = Code::home(&terminal);
    let mut phone = Phone::scans(&demo, &code);
    let digits = phone.digits();
    assert_eq!(code.typed(&terminal, other_than(&digits)), (409, "matching_code_wrong".into()));
    assert_eq!(code.typed(&terminal, other_than(&digits)), (410, "continuation_over".into()));
    assert_eq!(code.typed(&terminal, &digits), (410, "continuation_over".into()));
    assert_eq!(phone.is_told(), (410, "Mã đã khóa vì nhập sai nhiều lần".into()));

    // Ten minutes pass: right digits before, and nothing after.
    let code = Code::home(&terminal);
    let mut phone = Phone::scans(&demo, &code);
    let digits = phone.digits();
    assert_eq!(code.typed(&other, &digits), (404, "unknown_route".into()));
    assert_eq!(other.get(&code.id).status, 404);
    assert_eq!(code.typed(&terminal, &digits), (200, "open".into()));
    assert_eq!(rows.run("UPDATE continuations SET until_at = until_at - 600000000 WHERE over = 0"), 1);
    assert_eq!(phone.state(), json!("over"));
    assert_eq!(phone.is_told(), (410, "Mã đã hết hạn".into()));
    assert_eq!(code.state(&terminal), "over");

    let code = Code::home(&terminal);
    let digits = Phone::scans(&demo, &code).digits();
    terminal.revoke(&demo);
    assert_eq!(code.typed(&terminal, &digits), (401, "terminal_revoked".into()));
    assert_eq!(terminal.post(MAKE, &json!({ "page": { "kind": "home" } })).status, 401);
}

#[test]
fn a_restart_in_the_middle_loses_nothing() {
    let mut first = demo(&[]);
    let terminal = Terminal::enrol(&first, SITE, "Sảnh 1");
    let code = Code::make(&terminal, &json!({ "kind": "procedure", "code": "1.001193" }));
    let mut phone = Phone::scans(&first, &code);
    let (secret, digits) = (phone.secret.clone(), phone.digits());
    let before = terminal.parted();
    first.process.kill();
    let url = format!("kiosk.phone_base_url={PHONES}");
    let second = Demo::start_in(first.into_folder(), &["--set", &url]);
    let terminal = before.at(&second);
    assert_eq!(code.state(&terminal), "scanned");
    let mut phone = Phone::with(&second, &code, secret);
    assert_eq!(phone.digits(), digits);
    assert_eq!(code.typed(&terminal, &digits), (200, "open".into()));
    assert_eq!(phone.goes_on(), "/procedures/1.001193?lang=vi");
}

#[test]
fn what_is_no_code_is_told_kindly_and_a_flood_is_stopped() {
    let demo = demo(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let code = Code::home(&terminal);
    let mut browser = Browser::at(&demo.public);
    let (upper, short) = (code.token().to_uppercase(), &code.token()[1..]);
    for token in ["0".repeat(32).as_str(), &upper, short, "x", "%FF", &"0".repeat(4_000)] {
        let page = browser.open(&format!("/k/{token}"));
        assert_eq!(page.status, 404, "{token}");
        assert!(!page.text.contains("name=\"phone\""));
        assert_eq!(browser.post(&format!("/k/{token}"), &[("phone", &"1".repeat(32))]).status, 404, "{token}");
    }
    // A form that is none of ours leads to the page, and binds nothing.
    for phone in ["", "x", &"G".repeat(32), &"1".repeat(31)] {
        assert_eq!(browser.post(&code.path, &[("phone", phone)]).status, 303, "{phone}");
    }
    assert_eq!(browser.post(&code.path, &[("phone", &"1".repeat(20_000))]).status, 413);
    assert_eq!(code.state(&terminal), "waiting");

    let home = json!({ "page": { "kind": "home" } });
    let many: Vec<Answer> = (0..80).map(|_| terminal.post(MAKE, &home)).collect();
    let (made, refused): (Vec<_>, Vec<_>) = many.iter().partition(|told| told.status == 201);
    assert!(!made.is_empty() && !refused.is_empty(), "{} made", made.len());
    assert!(refused.iter().all(|told| told.status == 429 && !told.header("retry-after").is_empty()));
    let rows = Database::Sqlite(std::path::Path::new(demo.folder()).join("dakenh.db"));
    assert_eq!(rows.number("SELECT count(*) AS x FROM continuations WHERE over = 0"), 1, "a terminal has one");
    // Without an address for phones there is nothing at all.
    let none = Demo::start(&[]);
    let terminal = Terminal::enrol(&none, SITE, "Sảnh 1");
    let told = terminal.post(MAKE, &home);
    assert_eq!((told.status, &told.json()["code"]), (409, &json!("no_phones")));
    assert_eq!(Browser::at(&none.public).open(&code.path).status, 404);
}

#[test]
fn nothing_of_it_is_written_anywhere() {
    let mut demo = demo(&["--set", "log.filter=trace,sqlx=debug,hyper=debug,h2=debug"]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let code = Code::make(&terminal, &json!({ "kind": "procedures", "query": "ly hôn đơn phương" }));
    let mut phone = Phone::scans(&demo, &code);
    let mut bystander = Phone::scans(&demo, &code);
    let digits = phone.digits();
    bystander.presses();
    phone.state();
    let mut browser = Browser::at(&demo.public);
    browser.open(&format!("/k/{}/nowhere", code.token()));
    browser.open(&format!("/k/{}", code.token().to_uppercase()));
    assert_eq!(code.typed(&terminal, other_than(&digits)).0, 409);
    assert_eq!(code.typed(&terminal, &digits).0, 200);
    let folder = std::path::PathBuf::from(demo.folder());
    let stored = || {
        let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let database = files.filter(|path| path.to_string_lossy().contains("dakenh.db"));
        database.flat_map(|path| std::fs::read(path).unwrap()).collect::<Vec<u8>>()
    };
    let before = stored();
    phone.goes_on();
    let metrics = test_support::now(test_support::get(&format!("{}/metrics", demo.internal), &[])).text;
    assert!(metrics.contains("kiosk_continuations_total") && metrics.contains("/k/{token}"), "{metrics}");
    demo.process.signal("TERM");
    assert_eq!(demo.process.wait(), Some(0));
    let logs = demo.process.errors();
    assert!(logs.contains("DEBUG"), "the log is looked at, not its absence");
    let secrets = [code.token(), &phone.secret, &bystander.secret, "ly hôn", "%C3%B4n"];
    for secret in secrets {
        let line = logs.lines().find(|line| line.to_lowercase().contains(secret));
        assert!(line.is_none(), "{secret} in the log: {line:?}");
        assert!(!metrics.contains(secret), "{secret} in the metrics");
        for stored in [&before, &stored()] {
            assert!(!crate::privacy::holds(stored, secret), "{secret} in the database");
        }
    }
    for line in logs.lines() {
        assert!(!line.contains("MatchingCode(\"") && !line.contains(&format!("code={digits}")), "{line}");
    }
}
