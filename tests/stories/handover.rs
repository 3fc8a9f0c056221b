//! A person when a person is needed: a citizen at the chat of the web page, and
//! officers at their console.

use serde_json::{Value, json};
use test_support::{Answer, Browser, Chromium, Texting, Webchat, csrf_of, dakenh_fed, eventually};

/// What every gateway of a [`Texting`] is started with.
const KEY: &str = "0123456789abcdef0123456789abcdef";
const WORD: &str = "bốn từ rời rạc";

/// Open at any hour of any day, and closed at any.
const OPEN: &str = "[calendar]\nweekend = []\nholidays = []\nmakeup_days = []\n\
                    hours = [{ from = \"00:00:00\", to = \"23:59:59\" }]\n";
const CLOSED: &str = "[calendar]\nweekend = []\nholidays = []\nmakeup_days = []\n\
                      hours = [{ from = \"03:00:00\", to = \"03:00:01\" }]\n";

/// The sign-in has stories of its own.
const PLAIN: [&str; 3] =
    ["officers.second_factor_for=[]", "officers.password_memory_kib=8192", "chat.site=000.00.17.H09"];

const A_PERSON: &str = "cho tôi gặp cán bộ";

/// A citizen at the chat's page.
struct Citizen {
    chat: Webchat,
}

impl Citizen {
    fn at(house: &Texting) -> Self {
        Self { chat: Webchat::open(&house.public()) }
    }

    fn say(&mut self, text: &str) {
        self.chat.say(text);
    }

    /// What this citizen has read of somebody by now.
    fn of(&mut self, who: &str) -> Vec<String> {
        self.chat.read();
        self.chat.texts(who).into_iter().map(str::to_owned).collect()
    }

    fn has_read(&mut self, words: &str) -> bool {
        self.chat.read();
        self.chat.lines.iter().any(|line| line["text"].as_str().is_some_and(|text| text.contains(words)))
    }

    fn waits_for(&mut self, who: &str, count: usize) -> Vec<String> {
        eventually(&format!("{count} lines of {who}"), || Some(self.of(who)).filter(|lines| lines.len() >= count))
    }

    /// Asks for a person and is in the line.
    fn asks_for(&mut self, person: &str, house: &Texting) -> i64 {
        let before = self.of("assistant").len();
        self.say(person);
        self.waits_for("assistant", before + 1);
        house.database.number("SELECT coalesce(max(id), 0) AS x FROM handovers")
    }
}

/// An officer before a browser.
struct Officer {
    browser: Browser,
}

impl Officer {
    fn signs_in(house: &Texting, login: &str, more: &[&str]) -> Self {
        let config = house.folder().join("dakenh.toml");
        let mut all = vec!["--config", config.to_str().unwrap()];
        PLAIN.iter().for_each(|setting| all.extend(["--set", setting]));
        all.extend(["officer", "add", login, "--name", login]);
        all.extend(more);
        let added = dakenh_fed(&all, &[("DAKENH_AUDIT__KEY", KEY)], &format!("{WORD}\n"));
        assert_eq!(added.code, Some(0), "{added:?}");
        let mut browser = Browser::at(&house.public());
        assert_eq!(browser.sign_in(login, WORD).header("location"), "/officers");
        Self { browser }
    }

    fn opens(&mut self, path: &str) -> Answer {
        self.browser.open(path)
    }

    fn sends(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = csrf_of(&self.browser.open("/officers").text);
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.browser.post(path, &all)
    }

    fn takes(&mut self, id: i64) {
        let taken = self.sends(&format!("/officers/chats/{id}/take"), &[]);
        assert_eq!(
            (taken.status, taken.header("location")),
            (303, format!("/officers/chats/{id}").as_str()),
            "{taken:?}"
        );
    }

    /// The same officer at a gateway that was started again.
    fn comes_back_to(&mut self, house: &Texting) {
        let mut browser = Browser::at(&house.public());
        browser.cookies.clone_from(&self.browser.cookies);
        self.browser = browser;
    }
}

fn state(house: &Texting, id: i64) -> i64 {
    house.database.number(&format!("SELECT state AS x FROM handovers WHERE id = {id}"))
}

#[test]
fn from_the_wish_for_a_person_to_the_assistant_again() {
    let house = Texting::start_with(OPEN, &PLAIN);
    let mut binh = Officer::signs_in(&house, "binh.nguyen", &["--site", "000.00.17.H09"]);
    let mut cuc = Officer::signs_in(&house, "cuc.le", &[]);
    let mut stranger = Officer::signs_in(&house, "dung.tran", &["--site", "000.00.05.H09"]);
    let mut citizen = Citizen::at(&house);
    citizen.say("làm giấy khai sinh cần gì");
    citizen.waits_for("assistant", 1);
    let id = citizen.asks_for(A_PERSON, &house);
    let talk = format!("/officers/chats/{id}");

    let line = binh.opens("/officers/chats");
    assert!(line.text.contains("Waiting (1)") && line.text.contains("Asked for a person"), "{}", line.text);
    assert!(!line.text.contains("khai sinh"), "no words in the line");
    assert!(stranger.opens("/officers/chats").text.contains("Nobody is waiting"));
    assert_eq!(stranger.opens(&talk).status, 403);
    let preview = binh.opens(&talk);
    assert!(
        preview.text.contains("làm giấy khai sinh cần gì") && preview.text.contains("Understood:"),
        "{}",
        preview.text
    );
    assert_eq!(state(&house, id), 0, "to look is not to take");

    binh.takes(id);
    let events = citizen.waits_for("event", 1);
    assert_eq!(events.len(), 1, "{events:?}");
    let assistant = citizen.of("assistant").len();
    citizen.say("giờ làm việc");
    citizen.say("căn cước mất bao lâu");
    house.settled();
    assert_eq!(citizen.of("assistant").len(), assistant, "the assistant is silent");
    let page = binh.opens(&talk);
    assert!(page.text.contains("căn cước mất bao lâu") && page.text.contains("You hold this conversation"));

    // Twice the same form is said once.
    let words = [("text", "Tôi đang xem giúp bác."), ("key", "0011223344556677")];
    for _ in 0..2 {
        let said = binh.sends(&format!("{talk}/say"), &words);
        assert_eq!((said.status, said.header("location")), (303, talk.as_str()));
    }
    let heard = citizen.waits_for("officer", 1);
    assert!(heard.len() == 1 && heard[0].contains("Tôi đang xem giúp bác."), "{heard:?}");
    assert_eq!(binh.sends(&format!("{talk}/note"), &[("text", "Bác nghe kém")]).status, 303);
    assert!(!citizen.has_read("nghe kém"), "a note is for officers");

    // To a colleague; to nobody who may not see it.
    let number = |login: &str| house.database.number(&format!("SELECT id AS x FROM officers WHERE login = '{login}'"));
    let (other, wrong) = (number("cuc.le").to_string(), number("dung.tran").to_string());
    assert_eq!(binh.sends(&format!("{talk}/pass"), &[("to", &wrong)]).status, 422);
    assert_eq!(cuc.opens(&talk).status, 409, "it has one voice");
    assert_eq!(binh.sends(&format!("{talk}/pass"), &[("to", &other)]).status, 303);
    citizen.waits_for("event", 2);
    assert_eq!(binh.sends(&format!("{talk}/say"), &[("text", "Còn tôi nữa")]).status, 409);
    assert!(cuc.opens(&talk).text.contains("Bác nghe kém"), "the colleague reads the note");
    assert_eq!(cuc.sends(&format!("{talk}/say"), &[("text", "Chào bác, tôi là Cúc.")]).status, 303);
    assert_eq!(citizen.waits_for("officer", 2).len(), 2);

    assert_eq!(cuc.sends(&format!("{talk}/close"), &[("outcome", "solved")]).header("location"), "/officers/chats");
    citizen.waits_for("event", 3);
    citizen.say("giờ làm việc");
    citizen.waits_for("assistant", assistant + 1);
    assert_eq!(cuc.opens(&talk).status, 409, "it is over");

    // The next time the officer sees how the last one ended.
    let again = citizen.asks_for(A_PERSON, &house);
    let page = binh.opens(&format!("/officers/chats/{again}"));
    assert!(again > id && page.text.contains("Solved") && page.text.contains("opening hours"), "{}", page.text);

    let acts = house.database.texts("SELECT act AS x FROM officer_acts WHERE act LIKE 'chat%' ORDER BY id");
    let count = |act: &str| acts.iter().filter(|found| *found == act).count();
    assert_eq!(acts[..2], ["chat_read", "chat_taken"]);
    assert_eq!(
        (count("chat_said"), count("chat_noted"), count("chat_passed"), count("chat_closed")),
        (3, 1, 1, 1),
        "{acts:?}"
    );
    let log = house.gateway.errors();
    for words in ["khai sinh", "nghe kém", "xem giúp"] {
        assert!(!log.contains(words), "{words} in the log");
    }
}

#[test]
fn of_two_who_take_at_once_one_does() {
    let house = Texting::start_with(OPEN, &PLAIN);
    let officers = [Officer::signs_in(&house, "binh.nguyen", &[]), Officer::signs_in(&house, "cuc.le", &[])];
    let mut citizen = Citizen::at(&house);
    let id = citizen.asks_for(A_PERSON, &house);
    let path = format!("/officers/chats/{id}/take");
    let start = std::sync::Barrier::new(2);
    let mut answers: Vec<Answer> = std::thread::scope(|scope| {
        let takes = officers.map(|mut officer| {
            let (start, path) = (&start, &path);
            scope.spawn(move || {
                let csrf = csrf_of(&officer.opens("/officers").text);
                start.wait();
                officer.browser.post(path, &[("csrf", &csrf)])
            })
        });
        takes.map(|take| take.join().unwrap()).into()
    });
    answers.sort_by_key(|answer| answer.status);
    assert_eq!([answers[0].status, answers[1].status], [303, 409]);
    assert!(answers[1].text.contains("A colleague was quicker"), "{}", answers[1].text);
    assert_eq!(citizen.waits_for("event", 1).len(), 1, "the citizen is told once");
}

#[test]
fn a_power_cut_gives_the_assistant_no_voice() {
    let mut house = Texting::start_with(OPEN, &PLAIN);
    let mut binh = Officer::signs_in(&house, "binh.nguyen", &[]);
    let mut citizen = Citizen::at(&house);
    let id = citizen.asks_for(A_PERSON, &house);
    binh.takes(id);
    let assistant = citizen.of("assistant").len();
    citizen.say("tôi hỏi trước khi mất điện");
    house.crash_and_restart();
    citizen.chat.base = house.public();
    binh.comes_back_to(&house);
    citizen.say("và sau đó");
    house.settled();
    assert_eq!(state(&house, id), 1);
    assert_eq!(citizen.of("assistant").len(), assistant, "still silent");
    let page = binh.opens(&format!("/officers/chats/{id}"));
    assert!(page.text.contains("trước khi mất điện") && page.text.contains("và sau đó"), "{}", page.text);
    assert_eq!(binh.sends(&format!("/officers/chats/{id}/say"), &[("text", "Tôi vẫn ở đây.")]).status, 303);
    assert_eq!(citizen.waits_for("officer", 1).len(), 1);
}

#[test]
fn an_officer_who_is_gone_gives_the_citizen_back_and_one_who_is_there_does_not() {
    let house = Texting::start_with(OPEN, &PLAIN);
    let (mut binh, mut cuc) = (Officer::signs_in(&house, "binh.nguyen", &[]), Officer::signs_in(&house, "cuc.le", &[]));
    let (mut one, mut other) = (Citizen::at(&house), Citizen::at(&house));
    let gone = one.asks_for(A_PERSON, &house);
    let kept = other.asks_for(A_PERSON, &house);
    binh.takes(gone);
    cuc.takes(kept);
    let seen =
        |house: &Texting| house.database.number(&format!("SELECT touched_at AS x FROM handovers WHERE id = {kept}"));
    house.database.run("UPDATE handovers SET touched_at = touched_at - 60 * 1000000 WHERE state = 1");
    let before = seen(&house);
    assert_eq!(cuc.sends("/officers/chats/touch", &[]).status, 204);
    assert!(seen(&house) >= before + 60 * 1_000_000, "who is there is seen");
    house.database.run(&format!("UPDATE handovers SET touched_at = touched_at - 600 * 1000000 WHERE id = {gone}"));
    eventually("the citizen waits again", || (state(&house, gone) == 0).then_some(()));
    assert_eq!(state(&house, kept), 1);
    assert_eq!(one.waits_for("event", 2).len(), 2, "the citizen is told");
    assert_eq!(binh.sends(&format!("/officers/chats/{gone}/say"), &[("text", "Tôi đây")]).status, 409);
    assert!(cuc.opens("/officers/chats").text.contains("Waiting (1)"));
}

#[test]
fn a_complaint_is_a_supervisors() {
    let house = Texting::start_with(OPEN, &PLAIN);
    let mut binh = Officer::signs_in(&house, "binh.nguyen", &[]);
    let mut boss = Officer::signs_in(&house, "yen.pham", &["--role", "supervisor"]);
    let mut citizen = Citizen::at(&house);
    let id = citizen.asks_for("tôi muốn khiếu nại cán bộ quầy 3", &house);
    let talk = format!("/officers/chats/{id}");
    assert!(binh.opens("/officers/chats").text.contains("Nobody is waiting"));
    assert_eq!((binh.opens(&talk).status, binh.sends(&format!("{talk}/take"), &[]).status), (403, 403));
    assert_eq!(binh.opens("/officers/load").status, 403);
    assert!(boss.opens("/officers/chats").text.contains("Complaint"));
    boss.takes(id);
    assert!(boss.opens(&talk).text.contains("quầy 3"));
    let load = boss.opens("/officers/load");
    assert!(load.text.contains("yen.pham"), "{}", load.text);
}

#[test]
fn outside_hours_a_number_is_left_and_shown_to_whoever_calls() {
    let house = Texting::start_with(CLOSED, &PLAIN);
    let mut binh = Officer::signs_in(&house, "binh.nguyen", &[]);
    let mut cuc = Officer::signs_in(&house, "cuc.le", &[]);
    let mut citizen = Citizen::at(&house);
    citizen.say(A_PERSON);
    citizen.waits_for("assistant", 1);
    citizen.say("gọi lại cho tôi số 0912345678 nhé");
    citizen.waits_for("assistant", 2);
    assert!(binh.opens("/officers/chats").text.contains("Nobody is waiting"));
    let calls = binh.opens("/officers/callbacks");
    assert!(calls.text.contains("Take, and show the number") && !calls.text.contains("912345678"), "{}", calls.text);
    let id = house.database.number("SELECT id AS x FROM callbacks");
    assert_eq!(binh.sends(&format!("/officers/callbacks/{id}/take"), &[]).status, 303);
    assert!(binh.opens("/officers/callbacks").text.contains("+84912345678"));
    assert!(!cuc.opens("/officers/callbacks").text.contains("912345678"));
    assert_eq!(cuc.sends(&format!("/officers/callbacks/{id}/take"), &[]).status, 409);
    assert_eq!(binh.sends(&format!("/officers/callbacks/{id}/done"), &[]).status, 303);
    assert_eq!(house.database.number("SELECT count(*) AS x FROM callbacks"), 0, "the number is deleted");
}

#[test]
fn a_dossier_is_looked_up_through_the_desk() {
    let house = Texting::start_with(OPEN, &PLAIN);
    let mut binh = Officer::signs_in(&house, "binh.nguyen", &[]);
    let mut citizen = Citizen::at(&house);
    let id = citizen.asks_for(A_PERSON, &house);
    binh.takes(id);
    let sample = house.sample("status_6");
    let path = format!("/officers/chats/{id}/dossier");
    let public = binh.sends(&path, &[("number", &sample.number), ("proof", "")]);
    assert!(public.status == 200 && public.text.contains(&sample.number), "{}", public.text);
    let owners = binh.sends(&path, &[("number", &sample.number), ("proof", &sample.last_four)]);
    assert!(owners.status == 200 && owners.text.len() > public.text.len(), "{}", owners.text);
    let rows = "SELECT action || ' ' || outcome AS x FROM audit WHERE provider = 'officers' ORDER BY id";
    let rows = eventually("both are in the audit", || Some(house.database.texts(rows)).filter(|rows| rows.len() == 2));
    assert_eq!(rows, ["track_dossier answered", "disclose_dossier disclosed"]);
    let acts = house.database.number("SELECT count(*) AS x FROM officer_acts WHERE act = 'dossier_read'");
    assert_eq!(acts, 2);
    assert!(!citizen.has_read(&sample.number), "the citizen is told by the officer");
}

/// A gateway with a supervisor, and a browser; settings for many views of one.
fn browsed() -> Option<(Chromium, Texting)> {
    let chromium = Chromium::find()?;
    let house = Texting::start_with(OPEN, &["http.address_limit.burst=10000", PLAIN[0], PLAIN[1], PLAIN[2]]);
    drop(Officer::signs_in(&house, "yen.pham", &["--role", "supervisor"]));
    Some((chromium, house))
}

fn sign_in() -> Value {
    json!({"name": "sign in", "page": "officer", "open": "/officers/sign-in", "axe": false,
           "fill": {"#login": "yen.pham", "#password": WORD}, "click": ".fields .primary", "see": "yen.pham"})
}

fn shots() -> Option<String> {
    std::env::var_os("DAKENH_TEST_SHOTS").and_then(|folder| folder.into_string().ok())
}

#[test]
fn an_officer_and_a_citizen_talk_in_two_browsers() {
    let Some((chromium, house)) = browsed() else { return };
    let here = |page: &str, script: String| {
        // What never comes fails the story and does not hang it.
        let script = format!(
            "const until = Date.now() + 60000; const look = () => {script} ? done(true) : \
             Date.now() > until ? fail(new Error('it never came')) : setTimeout(look, 50); look();"
        );
        let run = format!("new Promise((done, fail) => {{ {script} }})");
        json!({"name": format!("{page} reads"), "page": page, "axe": false, "run": run})
    };
    let read = |page: &str, log: &str, words: &str| {
        here(page, format!("document.querySelector('{log}').innerText.includes('{words}')"))
    };
    let says = |words: &str| {
        json!({"name": "says", "page": "citizen", "axe": false, "fill": {"#chat-text": words}, "click": "#chat-form .primary",
               "stay": true})
    };
    for view in ["phone-light", "phone-dark", "desk-light", "desk-dark", "zoomed"] {
        let steps = json!([
            sign_in(),
            {"name": "an empty line", "page": "officer", "open": "/officers/chats", "see": "Đang chờ (0)"},
            {"name": "comes", "page": "citizen", "open": "/chat", "wait": "#chat-text", "axe": false},
            says(A_PERSON),
            {"name": "answered", "page": "citizen", "wait": "#chat-lines .assistant", "axe": false},
            // The page was not opened again: it was told.
            {"name": "the line", "page": "officer", "wait": "#part form .primary", "see": "Đang chờ (1)", "shot": "officers-line"},
            {"name": "load", "page": "officer", "open": "/officers/load", "see": "Tình hình"},
            {"name": "calls", "page": "officer", "open": "/officers/callbacks", "see": "gọi lại"},
            {"name": "back", "page": "officer", "open": "/officers/chats", "axe": false},
            {"name": "preview", "page": "officer", "click": "#part .card .actions a", "wait": "#log", "see": "Công dân đang chờ"},
            {"name": "taken", "page": "officer", "click": "main form .primary", "wait": "#say", "see": "đang tiếp"},
            {"name": "told", "page": "citizen", "wait": "#chat-lines .event", "axe": false},
            says("Hồ sơ của tôi trễ hẹn. <b>Xin giúp</b>"),
            read("officer", "#log", "<b>Xin giúp</b>"),
            {"name": "a ready answer", "page": "officer", "set": {"#canned": "moment"}, "click": "#canned-form button",
             "stay": true, "focus": "#say"},
            {"name": "answers", "page": "officer", "axe": false, "click": "#say-form .primary", "stay": true,
             "wait": "#log .officer"},
            {"name": "conversation", "page": "officer", "see": ["Công dân", "<b>Xin giúp</b>"],
             "run": "document.getElementById('say').value", "shot": "officers-conversation"},
            read("citizen", "#chat-lines", "tra cứu giúp"),
            {"name": "no number", "page": "officer", "fill": {"#number": "abc"}, "click": "form[action$='/dossier'] button",
             "wait": "#trouble", "see": "Đây không phải số hồ sơ"},
            {"name": "ended", "page": "officer", "click": "form[action$='/close'] button", "wait": "#part", "see": "Tôi đang tiếp (0)"},
            says("giờ làm việc"),
            read("citizen", "#chat-lines", "quầy đang mở cửa"),
        ]);
        let walked = chromium.run(&json!({"base": house.public(), "steps": steps, "views": [view], "shots": shots()}));
        walked.is_clean();
        assert_eq!(walked.seen["conversation"], "", "what was sent stands no longer in the box");
    }
}

#[test]
fn the_console_works_without_scripts() {
    let Some((chromium, house)) = browsed() else { return };
    let mut citizen = Citizen::at(&house);
    citizen.asks_for(A_PERSON, &house);
    let steps = json!([
        sign_in(),
        {"name": "the line", "page": "officer", "open": "/officers/chats", "see": "Đang chờ (1)"},
        {"name": "taken", "page": "officer", "click": "#part form .primary", "wait": "#say", "see": "đang tiếp"},
        {"name": "a ready answer", "page": "officer", "set": {"#canned": "moment"}, "click": "#canned-form button",
         "see": "đang tiếp"},
        {"name": "answers", "page": "officer", "click": "#say-form .primary", "wait": "#log .officer"},
        {"name": "a note", "page": "officer", "fill": {"#note": "đã xem"}, "click": "form[action$='/note'] button",
         "wait": "#log .note"},
        {"name": "ended", "page": "officer", "click": "form[action$='/close'] button", "wait": "#part", "see": "Tôi đang tiếp (0)"},
    ]);
    let walked = chromium.run(&json!({"base": house.public(), "steps": steps, "views": ["no-script"]}));
    walked.is_clean();
    assert!(citizen.of("officer")[0].contains("tra cứu giúp"));
}
