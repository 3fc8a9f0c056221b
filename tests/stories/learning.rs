//! What nobody understood is taught by one officer, confirmed by another one,
//! understood without a restart, and undone.

use serde_json::{Value, json};
use test_support::{Answer, Browser, Chromium, Database, Demo, csrf_of, eventually, now, post, skipped};

const PHRASE: &str = "zxqv brlqux";
const BIRTH: &str = "1.001193";
const PROPOSALS: &str = "/officers/proposals";

/// Asked again and again, until something has come.
const NO_LIMITS: [&str; 5] = [
    "limits.any.sender={per_minute=100000,burst=10000}",
    "limits.any.address={per_minute=100000,burst=10000}",
    "limits.free_text.sender={per_minute=100000,burst=10000}",
    "limits.free_text.address={per_minute=100000,burst=10000}",
    "http.address_limit.exempt=[\"127.0.0.0/8\"]",
];

fn start(settings: &[&str]) -> Demo {
    let all = settings.iter().copied().chain(NO_LIMITS);
    let arguments: Vec<&str> = all.flat_map(|setting| ["--set", setting]).collect();
    Demo::start(&arguments)
}

/// The first procedure that a question led to.
fn code(demo: &Demo, text: &str) -> Option<String> {
    let answer = now(post(&format!("{}/api/v1/ask", demo.public), &json!({"text": text}), &[]));
    assert_ne!(answer.status, 429, "a limit is no answer");
    answer.json()["codes"][0].as_str().map(str::to_owned)
}

/// An officer of the demo, signed in at one of its nodes.
fn officer(printed_by: &Demo, login: &str, at: &Demo) -> Browser {
    let mut browser = Browser::at(&at.public);
    let entered = browser.sign_in(login, printed_by.password(login));
    assert_eq!(entered.status, 303, "{entered:?}");
    browser
}

fn press(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let csrf = csrf_of(&browser.open("/officers").text);
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend(fields);
    browser.post(path, &all)
}

fn propose(browser: &mut Browser, text: &str, lesson: &str) -> Answer {
    press(browser, "/officers/proposals/new", &[("text", text), ("lesson", lesson), ("propose", "1")])
}

/// The number of the newest proposal that can be decided.
fn first_id(browser: &mut Browser) -> String {
    let page = browser.open(PROPOSALS).text;
    let (_, after) = page.split_once("name=\"id\" value=\"").unwrap_or_else(|| panic!("nothing to decide: {page}"));
    after.split('"').next().unwrap().to_owned()
}

fn until(browser: &mut Browser, words: &str) -> String {
    eventually(words, || Some(browser.open(PROPOSALS).text).filter(|page| page.contains(words)))
}

#[test]
fn what_nobody_understood_is_taught_by_two_and_undone() {
    let demo = start(&[]);
    for text in [PHRASE, "ZXQV brlqux!", "zxqv brlqux 4821"] {
        assert_eq!(code(&demo, text), None, "{text}");
    }
    let mut one = officer(&demo, "canbo", &demo);
    let page = eventually("misses on disk", || {
        Some(one.open("/officers/misses").text).filter(|page| page.contains("3 times"))
    });
    assert!(page.contains("zxqv brlqux ••••") && !page.contains("4821"), "{page}");
    assert!(!page.contains("/officers/misses/forget"), "deleting is for supervisors");

    // The form searches for the procedure, and proposes.
    let found =
        press(&mut one, "/officers/proposals/new", &[("text", PHRASE), ("sought", "khai sinh"), ("search", "1")]);
    assert!(found.status == 200 && found.text.contains(&format!("value=\"alias {BIRTH}\"")), "{found:?}");
    let unchosen = press(&mut one, "/officers/proposals/new", &[("text", PHRASE), ("propose", "1")]);
    assert!(unchosen.status == 422 && unchosen.text.contains("Please choose"), "{unchosen:?}");
    let private = propose(&mut one, "gọi 0912345678", &format!("alias {BIRTH}"));
    assert!(private.status == 422 && private.text.contains("cannot be taught"), "{private:?}");
    assert_eq!(propose(&mut one, PHRASE, "alias 9.999999").status, 422);
    assert_eq!(propose(&mut one, PHRASE, &format!("alias {BIRTH}")).status, 303);
    assert_eq!(propose(&mut one, PHRASE, "utterance help").status, 422, "the same text again");
    let id = first_id(&mut one);
    let page = one.open(PROPOSALS).text;
    assert!(page.contains("Waits to be confirmed") && !page.contains("/officers/proposals/confirm"), "{page}");
    assert_eq!(press(&mut one, "/officers/proposals/confirm", &[("id", &id)]).status, 403, "an officer");
    assert_eq!(code(&demo, PHRASE), None, "nothing is in effect yet");

    // A second person confirms; nobody confirms an own one.
    let mut two = officer(&demo, "phutrach", &demo);
    assert_eq!(propose(&mut two, "brlqux zxqv wq", &format!("alias {BIRTH}")).status, 303);
    let own = first_id(&mut two);
    let refused = press(&mut two, "/officers/proposals/confirm", &[("id", &own)]);
    assert!(refused.status == 403 && refused.text.contains("another person"), "{refused:?}");
    assert_eq!(press(&mut two, "/officers/proposals/reject", &[("id", &own)]).status, 303);
    assert_eq!(press(&mut two, "/officers/proposals/confirm", &[("id", &id)]).status, 303);
    let page = until(&mut two, "In effect");
    assert!(page.contains("Trial: passed") && page.contains("Right procedure first"), "{page}");
    assert_eq!(code(&demo, PHRASE).as_deref(), Some(BIRTH), "without a restart");
    assert_eq!(code(&demo, "zxqv brlqux lệ phí bao nhiêu").as_deref(), Some(BIRTH));

    assert_eq!(press(&mut one, "/officers/proposals/undo", &[("id", &id)]).status, 403);
    assert_eq!(press(&mut two, "/officers/proposals/undo", &[("id", &id)]).status, 303);
    assert_eq!(code(&demo, PHRASE), None, "undone at once");
    assert_eq!(press(&mut two, "/officers/proposals/undo", &[("id", &id)]).status, 409);

    let forgotten = two.open("/officers/misses").text;
    let (_, ids) = forgotten.split_once("name=\"ids\" value=\"").unwrap();
    let ids = ids.split('"').next().unwrap().to_owned();
    assert_eq!(press(&mut two, "/officers/misses/forget", &[("ids", &ids)]).status, 303);
    let database = Database::Sqlite(std::path::Path::new(demo.folder()).join("dakenh.db"));
    let acts = database.texts("SELECT DISTINCT act AS x FROM officer_acts ORDER BY act");
    for act in
        ["miss_read", "miss_forgotten", "proposal_made", "proposal_confirmed", "proposal_rejected", "proposal_undone"]
    {
        assert!(acts.iter().any(|found| found == act), "{act}: {acts:?}");
    }
    let logs = demo.process.errors();
    assert!(!logs.contains("brlqux"), "{logs}");
}

#[test]
fn what_would_harm_other_questions_is_refused_by_the_exam() {
    let demo = start(&[]);
    let (mut one, mut two) = (officer(&demo, "canbo", &demo), officer(&demo, "phutrach", &demo));
    let before = code(&demo, "đăng ký kết hôn cần gì");
    assert!(before.is_some());
    assert_eq!(propose(&mut one, "đăng ký", &format!("alias {BIRTH}")).status, 303);
    let id = first_id(&mut two);
    assert_eq!(press(&mut two, "/officers/proposals/confirm", &[("id", &id)]).status, 303);
    let page = until(&mut two, "Trial: failed");
    assert!(page.contains("Rejected") && !page.contains("In effect"), "{page}");
    assert_eq!(code(&demo, "đăng ký kết hôn cần gì"), before);
}

#[test]
fn a_form_that_is_not_ours_teaches_nothing_and_strangers_see_nothing() {
    let demo = start(&[]);
    let mut stranger = Browser::at(&demo.public);
    for path in ["/officers/misses", PROPOSALS, "/officers/proposals/new"] {
        assert_eq!(stranger.open(path).status, 303, "{path}");
    }
    let mut one = officer(&demo, "canbo", &demo);
    let fields = [("text", PHRASE), ("lesson", "utterance help"), ("propose", "1"), ("csrf", "0")];
    assert_eq!(one.post("/officers/proposals/new", &fields).status, 403);
    one.headers = vec![("accept-language", "vi")];
    for (path, words) in [("/officers/misses", "Những câu chưa hiểu"), (PROPOSALS, "Chưa có đề xuất nào")]
    {
        let page = one.open(path);
        assert!(page.status == 200 && page.text.contains(words), "{page:?}");
        assert_eq!(page.header("cache-control"), "private, no-store");
    }
}

#[test]
fn a_second_node_on_one_postgresql_learns_it_and_forgets_it() {
    let Some(server) = std::env::var_os("DAKENH_TEST_POSTGRES") else {
        return skipped("DAKENH_TEST_POSTGRES");
    };
    let server = server.into_string().unwrap();
    let name = format!("story_learning_{}", std::process::id());
    let psql = |sql: &str| {
        let done = std::process::Command::new("psql").args([&server, "-q", "-c", sql]).status();
        assert!(done.is_ok_and(|status| status.success()), "{sql}");
    };
    psql(&format!("CREATE DATABASE {name}"));
    let (base, _) = server.rsplit_once('/').unwrap();
    let store = format!("store.url={base}/{name}");
    let node = || start(&[&store, "audit.key=0123456789abcdef0123456789abcdef"]);
    let (here, there) = (node(), node());
    // The second node gave the demo's officers their passwords.
    let (mut one, mut two) = (officer(&there, "canbo", &here), officer(&there, "phutrach", &here));
    assert_eq!(code(&there, PHRASE), None);
    assert_eq!(propose(&mut one, PHRASE, &format!("alias {BIRTH}")).status, 303);
    let id = first_id(&mut two);
    assert_eq!(press(&mut two, "/officers/proposals/confirm", &[("id", &id)]).status, 303);
    eventually("the other node understands it", || code(&there, PHRASE).filter(|found| found == BIRTH));
    eventually("and so does this one", || code(&here, PHRASE).filter(|found| found == BIRTH));
    assert_eq!(press(&mut two, "/officers/proposals/undo", &[("id", &id)]).status, 303);
    assert_eq!(code(&here, PHRASE), None, "at once");
    eventually("the other node forgets it", || code(&there, PHRASE).is_none().then_some(()));
    drop((here, there));
    psql(&format!("DROP DATABASE {name} WITH (FORCE)"));
}

/// The pages of it in a real browser, in each state that they may be in; axe-core
/// looks at each.
#[test]
fn the_pages_of_learning_are_fit_for_everybody() {
    let Some(browser) = Chromium::find() else { return };
    let demo = start(&[]);
    let sign_in = |login: &str| {
        json!({"name": format!("{login} signs in"), "page": login, "open": "/officers/sign-in", "axe": false,
               "fill": {"#login": login, "#password": demo.password(login)}, "click": ".fields .primary",
               "see": "Kính chào"})
    };
    let walk = |view: &str, steps: Value| {
        let shots = std::env::var_os("DAKENH_TEST_SHOTS").and_then(|folder| folder.into_string().ok());
        browser.run(&json!({"base": demo.public, "steps": steps, "views": [view], "shots": shots})).is_clean();
    };
    walk(
        "phone-light",
        json!([
            sign_in("canbo"),
            {"name": "no miss", "page": "canbo", "open": "/officers/misses", "see": "Chưa có câu nào"},
            {"name": "no proposal", "page": "canbo", "open": PROPOSALS, "see": "Chưa có đề xuất nào"},
        ]),
    );
    let send = "[name=propose]";
    for (place, view) in
        ["phone-light", "phone-dark", "desk-light", "desk-dark", "zoomed", "no-script"].iter().enumerate()
    {
        // Each view teaches words of its own.
        let phrase = ["zxqv brlqux", "wjzk fhqm", "kfwz jxdv", "vqfj wlzx", "jzwq xkvf", "fxwd zqjk"][place].to_owned();
        for text in [&phrase, &format!("{phrase} 4821")] {
            assert_eq!(code(&demo, text), None, "{text}");
        }
        let mut two = officer(&demo, "phutrach", &demo);
        eventually("a miss on disk", || two.open("/officers/misses").text.contains(&phrase).then_some(()));
        walk(
            view,
            json!([
                sign_in("canbo"),
                {"name": "misses", "page": "canbo", "open": "/officers/misses", "see": [phrase, " lần", "••••"],
                 "miss": ["4821", "Bỏ qua và xóa"], "shot": "officers-misses"},
                {"name": "asked back", "page": "canbo", "click": "main .actions a.button", "see": "phải hỏi lại"},
                {"name": "in English", "page": "canbo", "open": "/officers/misses?lang=en", "see": " times"},
                {"name": "the form", "page": "canbo", "open": "/officers/proposals/new?lang=vi", "see": "Xin ông/bà tìm thủ tục trước"},
                {"name": "nothing is chosen", "page": "canbo", "fill": {"#text": phrase}, "click": send, "see": "chọn một thủ tục"},
                {"name": "private", "page": "canbo", "fill": {"#text": "gọi 0912345678"}, "click": "#greet", "stay": true, "axe": false},
                {"name": "is not taught", "page": "canbo", "click": send, "see": "chưa dùng được"},
                {"name": "nothing is found", "page": "canbo", "fill": {"#text": phrase, "#sought": "zzzzqqq"},
                 "click": "[name=search]", "see": "Không tìm thấy"},
                {"name": "found", "page": "canbo", "fill": {"#sought": "khai sinh"}, "click": "[name=search]",
                 "see": BIRTH, "shot": "officers-propose"},
                {"name": "chosen", "page": "canbo", "click": format!("[value='alias {BIRTH}']"), "stay": true, "axe": false},
                {"name": "proposed", "page": "canbo", "click": send, "see": ["Chờ xác nhận", "Rút lại"], "miss": "Xác nhận và chấm"},
                sign_in("phutrach"),
                {"name": "may be forgotten", "page": "phutrach", "open": "/officers/misses", "see": "Bỏ qua và xóa"},
                {"name": "to be confirmed", "page": "phutrach", "open": PROPOSALS, "see": "Xác nhận và chấm"},
                {"name": "confirmed", "page": "phutrach", "click": "form[action*='confirm'] button", "miss": "Xác nhận và chấm"},
            ]),
        );
        eventually("the exam is over", || code(&demo, &phrase).filter(|found| found == BIRTH));
        walk(
            view,
            json!([
                sign_in("phutrach"),
                {"name": "in effect", "page": "phutrach", "open": PROPOSALS, "see": ["Đang có hiệu lực", "Kết quả chấm: đạt"],
                 "shot": "officers-proposals"},
                {"name": "in English", "page": "phutrach", "open": format!("{PROPOSALS}?lang=en"), "see": ["In effect", "Trial: passed"]},
                {"name": "undone", "page": "phutrach", "click": "form[action*='undo'] button", "see": "Undone"},
            ]),
        );
    }
}
