//! The chat of the web page, as a browser meets it.

use std::time::Duration;

use serde_json::{Value, json};
use test_support::{Texting, Webchat, eventually, get, now, post};

/// Open at any hour of any day, and closed at any.
const OPEN: &str = "[calendar]\nweekend = []\nholidays = []\nmakeup_days = []\n\
                    hours = [{ from = \"00:00:00\", to = \"23:59:59\" }]\n";
const CLOSED: &str = "[calendar]\nweekend = []\nholidays = []\nmakeup_days = []\n\
                      hours = [{ from = \"03:00:00\", to = \"03:00:01\" }]\n";

/// A portal that is not waited for long, and always asked again.
const IMPATIENT: [&str; 4] = [
    "portal.stack.call_timeout_ms=400",
    "portal.stack.breaker.minimum_calls=1000",
    "portal.cache.failure_pause_ms=0",
    "chat.deadline_ms=2000",
];

fn text(line: &Value) -> &str {
    line["text"].as_str().unwrap()
}

fn buttons(line: &Value) -> Vec<(String, String)> {
    serde_json::from_value(line["buttons"].clone()).unwrap_or_default()
}

#[test]
fn a_question_is_answered_and_the_next_leans_on_it() {
    let house = Texting::start("");
    let mut chat = Webchat::open(&house.public());
    let papers = chat.ask("làm giấy khai sinh cần gì");
    assert!(text(&papers).contains("Giấy chứng sinh"), "{papers}");
    let time = chat.ask("mất bao lâu");
    assert!(text(&time).contains("Đăng ký khai sinh") && text(&time).contains("Thời gian giải quyết"), "{time}");
    // A button sends its words.
    let fee = buttons(&time).into_iter().find(|(label, _)| label == "lệ phí");
    let fee = chat.ask(&fee.unwrap().1);
    assert!(text(&fee).contains("Đăng ký khai sinh") && text(&fee).contains("phí"), "{fee}");
    let who: Vec<&str> = chat.lines.iter().map(|line| line["who"].as_str().unwrap()).collect();
    assert_eq!(who, ["citizen", "assistant"].repeat(3));
}

#[test]
fn the_stream_is_taken_up_again_where_it_broke() {
    let mut house = Texting::start("");
    let mut chat = Webchat::open(&house.public());
    let mut stream = chat.listen(0);
    assert!(stream.until_ready().is_empty());
    chat.say("giờ làm việc");
    let question = stream.heard().unwrap();
    let answer = stream.heard().unwrap();
    assert_eq!((&question.2["who"], &answer.2["who"]), (&json!("citizen"), &json!("assistant")));
    assert!(answer.0 > question.0);
    drop(stream);
    // What is said while nobody listens is told to who comes back, once.
    chat.read();
    chat.ask("căn cước");
    let mut again = chat.listen(answer.0);
    let missed = again.until_ready();
    assert_eq!(missed.len(), 2, "{missed:?}");
    drop(again);
    let last = missed[1]["id"].as_i64().unwrap();
    house.crash_and_restart();
    chat.base = house.public();
    let mut stream = chat.listen(last);
    assert!(stream.until_ready().is_empty());
    drop(stream);
    let mut whole = chat.listen(0);
    assert_eq!(whole.until_ready().len(), 4, "and a reload shows all of it");
}

#[test]
fn what_was_taken_is_answered_once_though_the_power_fails() {
    let mut house = Texting::start_with("", &IMPATIENT);
    let number = house.sample("status_4").number;
    let mut chat = Webchat::open(&house.public());
    // The portal is silent: the answer cannot be there before the cut.
    house.faults(json!({"silence_rate": 1.0}));
    chat.say(&format!("hồ sơ {number}"));
    house.crash_and_restart();
    house.faults(json!({}));
    chat.base = house.public();
    let answer = chat.answers(1);
    assert!(text(&answer).contains(&number), "{answer}");
    house.settled();
    chat.read();
    assert_eq!((chat.texts("citizen").len(), chat.texts("assistant").len()), (1, 1));
}

#[test]
fn the_same_id_is_said_once() {
    let mut house = Texting::start("");
    let mut chat = Webchat::open(&house.public());
    let id = chat.say("giờ làm việc");
    assert_eq!(chat.say_as(&id, "giờ làm việc").status, 202);
    chat.answers(1);
    house.crash_and_restart();
    chat.base = house.public();
    assert_eq!(chat.say_as(&id, "giờ làm việc").status, 202);
    // Somebody else's id of the same name is another one.
    let mut other = Webchat::open(&house.public());
    other.ask("giờ làm việc");
    house.settled();
    chat.read();
    assert_eq!((chat.texts("citizen").len(), chat.texts("assistant").len()), (1, 1));
    assert_eq!(other.lines.len(), 2, "and nobody reads another's conversation");
}

#[test]
fn whoever_has_no_token_of_this_house_is_not_heard() {
    let house = Texting::start("");
    let base = house.public();
    let chat = Webchat::open(&base);
    let foreign = format!("{}{}", &chat.token[..32], "0".repeat(32));
    let upper = chat.token.to_uppercase();
    let body = json!({"id": "1", "text": "xin chào", "lang": "vi"});
    for token in ["", "x", &foreign, &upper, &chat.token[..63]] {
        let headers = [("x-chat-session", token)];
        for path in ["/chat/lines", "/chat/events"] {
            assert_eq!(now(get(&format!("{base}{path}"), &headers)).status, 401, "{path} {token}");
        }
        let refused = now(post(&format!("{base}/chat/messages"), &body, &headers));
        assert_eq!((refused.status, &refused.json()["code"]), (401, &json!("unknown_session")));
    }
    assert_eq!(now(get(&format!("{base}/chat/lines"), &[])).status, 401);
    // Nor does an address carry it.
    assert_eq!(now(get(&format!("{base}/chat/lines?session={}", chat.token), &[])).status, 401);
    assert_eq!(house.database.number("SELECT count(*) AS x FROM inbox"), 0);
}

#[test]
fn what_cannot_be_read_is_refused_and_leaves_nothing() {
    let house = Texting::start("");
    let base = house.public();
    let chat = Webchat::open(&base);
    let url = format!("{base}/chat/messages");
    let headers = [("x-chat-session", chat.token.as_str())];
    let sent = |body: &Value| now(post(&url, body, &headers)).status;
    for (status, body) in [
        (422, json!({"text": "xin chào"})),
        (422, json!({"id": "1"})),
        (422, json!({"id": 1, "text": "xin chào"})),
        (422, json!({"id": "", "text": "xin chào"})),
        (422, json!({"id": "x".repeat(65), "text": "xin chào"})),
        (422, json!({"id": "a b", "text": "xin chào"})),
        (422, json!({"id": "ê", "text": "xin chào"})),
        (422, json!({"id": "1", "text": ""})),
        (422, json!({"id": "1", "text": " \n\t "})),
        (422, json!({"id": "1", "text": "x".repeat(4_001)})),
        (413, json!({"id": "1", "text": "x".repeat(20_000)})),
        (422, json!([])),
    ] {
        assert_eq!(sent(&body), status, "{}", body.to_string().chars().take(80).collect::<String>());
    }
    let raw = |kind: &str, body: &str| {
        let request = test_support::client().post(&url).header("x-chat-session", &chat.token);
        now(request.header("content-type", kind).body(body.to_owned()).send()).unwrap().status().as_u16()
    };
    assert_eq!(raw("application/json", "{\"id\":"), 400);
    assert_eq!(raw("application/json", "{\"id\":\"1\",\"text\":\"\\ud800\"}"), 400);
    assert_eq!(raw("application/x-www-form-urlencoded", "id=1&text=x"), 415);
    assert_eq!(now(get(&format!("{base}/chat/lines?after=x"), &headers)).status, 400);
    assert_eq!(now(get(&format!("{base}/chat/messages"), &headers)).status, 405);
    assert_eq!(house.database.number("SELECT count(*) AS x FROM inbox"), 0);
    // The most that is taken.
    assert_eq!(sent(&json!({"id": "1", "text": "ế".repeat(4_000)})), 202);
}

#[test]
fn a_flood_of_one_is_told_kindly_and_the_others_are_served() {
    let house = Texting::start_with("", &["limits.free_text.sender={per_minute=1,burst=3}"]);
    let mut flood = Webchat::open(&house.public());
    for _ in 0..12 {
        flood.say("giờ làm việc");
    }
    let mut other = Webchat::open(&house.public());
    assert!(text(&other.ask("giờ làm việc")).contains("Giờ làm việc"));
    house.settled();
    flood.read();
    let answers = flood.texts("assistant");
    assert_eq!(answers.len(), 4, "three answers and one word: {answers:?}");
    assert!(answers[3].contains("gửi nhiều câu hỏi liền nhau"), "{answers:?}");
    assert_eq!(flood.texts("citizen").len(), 12, "what was said is not lost to an officer");
}

#[test]
fn a_flood_of_one_address_stays_at_the_door() {
    let settings = [
        "http.trusted_proxies=[\"127.0.0.0/8\"]",
        "http.address_limit={per_second=1,burst=6,max_networks=1024,exempt=[]}",
    ];
    let house = Texting::start_with("", &settings);
    let base = house.public();
    let flood = Webchat::open_from(&base, "203.0.113.5");
    let refused = (0..12).map(|n| flood.say_as(&format!("f{n}"), "giờ làm việc")).find(|answer| answer.status != 202);
    let refused = refused.unwrap();
    assert_eq!(refused.status, 429, "{refused:?}");
    assert!(!refused.header("retry-after").is_empty());
    assert!(!refused.json()["detail"].as_str().unwrap().is_empty(), "with kind words that the page shows");
    let mut other = Webchat::open_from(&base, "198.51.100.7");
    other.ask("giờ làm việc");
}

#[test]
fn somebody_who_opens_too_many_streams_takes_nobodys_place() {
    let house = Texting::start("");
    let mut chat = Webchat::open(&house.public());
    let mut open: Vec<_> = (0..8).map(|_| chat.listen(0)).collect();
    let headers = [("x-chat-session", chat.token.as_str())];
    assert_eq!(now(get(&format!("{}/chat/events", chat.base), &headers)).status, 503);
    assert!(Webchat::open(&house.public()).listen(0).until_ready().is_empty());
    chat.ask("giờ làm việc");
    for stream in &mut open {
        assert!(stream.until_ready().len() + 2 >= 2);
        drop(stream.heard());
    }
    drop(open);
    // A place that was given back is there again.
    eventually("a place", || (now(get_head(&chat)) == 200).then_some(()));
}

async fn get_head(chat: &Webchat) -> u16 {
    let request = test_support::client().get(format!("{}/chat/events", chat.base));
    request.header("x-chat-session", &chat.token).send().await.unwrap().status().as_u16()
}

#[test]
fn a_stop_ends_the_streams_at_once() {
    let mut house = Texting::start("");
    let chat = Webchat::open(&house.public());
    let mut streams: Vec<_> = (0..4).map(|_| chat.listen(0)).collect();
    streams.iter_mut().for_each(|stream| drop(stream.until_ready()));
    house.gateway.signal("TERM");
    for stream in streams {
        let lived = stream.ends_within();
        assert!(lived < Duration::from_secs(3), "{lived:?}");
    }
    assert_eq!(house.gateway.wait(), Some(0), "{}", house.gateway.errors());
}

#[test]
fn a_silent_portal_is_told_and_the_answer_comes_later() {
    let mut house = Texting::start_with("", &IMPATIENT);
    let number = house.sample("status_4").number;
    let mut chat = Webchat::open(&house.public());
    house.faults(json!({"stop": true}));
    let wait = chat.ask(&format!("hồ sơ {number}"));
    assert!(text(&wait).contains("đã nhận câu hỏi"), "{wait}");
    let put_off = "SELECT count(*) AS x FROM inbox WHERE state = 1 AND node IS NULL";
    eventually("it is put off", || (house.database.number(put_off) == 1).then_some(()));
    // Neither another try nor a crash says it again.
    house.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
    let twice = "SELECT count(*) AS x FROM inbox WHERE state = 1 AND node IS NULL AND tries >= 2";
    eventually("another try", || (house.database.number(twice) == 1).then_some(()));
    house.crash_and_restart();
    chat.base = house.public();
    house.faults(json!({}));
    house.database.run("UPDATE inbox SET again_at = 0 WHERE state = 1");
    let answer = chat.answers(2);
    assert!(text(&answer).contains(&number), "{answer}");
    house.settled();
    chat.answers(2);
}

#[test]
fn whatever_is_said_comes_back_as_it_was_and_does_nothing() {
    let house = Texting::start("");
    let mut chat = Webchat::open(&house.public());
    let hostile = [
        "<script>alert(document.domain)</script><img src=x onerror=alert(1)>".to_owned(),
        "\u{202e}gnp.exe\u{202c} \u{2066}xin chào\u{2069} \u{200f}".to_owned(),
        "xin\u{0}chào\u{7}\u{1b}[31m\u{85}\r\nevent: line\ndata: {}\n\n".to_owned(),
        "💬".repeat(2_000),
        "ế ".repeat(2_000),
        "{{a*b}} ${a*b} %zz ' OR 1=1 --".to_owned(),
    ];
    for (place, words) in hostile.iter().enumerate() {
        chat.ask(words);
        assert_eq!(chat.texts("citizen")[place], words);
    }
    let mut stream = chat.listen(0);
    let told = stream.until_ready();
    assert_eq!(told.len(), chat.lines.len(), "no line break of a citizen's makes an event");
    assert!(told.iter().zip(&chat.lines).all(|(one, other)| one == other));
    let headers = [("x-chat-session", chat.token.as_str())];
    let lines = now(get(&format!("{}/chat/lines", chat.base), &headers));
    assert_eq!(lines.header("content-type"), "application/json");
    assert_eq!(lines.header("x-content-type-options"), "nosniff");
    assert_eq!(lines.header("cache-control"), "private, no-store");
}

#[test]
fn digits_that_may_be_secret_are_not_kept() {
    let house = Texting::start("");
    let mut chat = Webchat::open(&house.public());
    chat.ask("CCCD của tôi 074085001234, gọi 0912.345.678");
    assert_eq!(chat.texts("citizen"), ["CCCD của tôi ••••••••••••, gọi ••••.•••.•••"]);
    house.settled();
    assert_eq!(
        house.database.number("SELECT count(*) AS x FROM inbox WHERE text <> '' OR sender <> '' OR recipient <> ''"),
        0
    );
    let sealed = house.database.texts("SELECT hex(sealed) AS x FROM transcript_lines");
    let plain: String = "CCCD".bytes().map(|byte| format!("{byte:02X}")).collect();
    assert!(sealed.len() == 2 && sealed.iter().all(|row| !row.contains(&plain)), "and the rest is sealed");
}

#[test]
fn what_is_for_the_owner_alone_is_soon_gone() {
    let house = Texting::start("");
    let sample = house.sample("status_5");
    let mut chat = Webchat::open(&house.public());
    let public = chat.ask(&format!("hồ sơ {}", sample.number));
    assert!(text(&public).contains(&sample.number), "{public}");
    let private = chat.ask(&format!("{} cccd {}", sample.number, sample.last_four));
    assert_ne!(text(&public), text(&private));
    let said = chat.texts("citizen")[1].to_owned();
    assert_eq!(said, format!("{} cccd ••••", sample.number), "nor is the proof kept");
    let minutes = house.database.texts(
        "SELECT CAST((until_at - at) / 60000000 AS TEXT) AS x FROM transcript_lines WHERE speaker = 'assistant' ORDER BY id",
    );
    assert_eq!(minutes, ["1440", "10"]);
    // Its minutes are over.
    house.database.run(&format!("UPDATE transcript_lines SET until_at = at WHERE id = {}", private["id"]));
    let mut stream = chat.listen(0);
    let told = stream.until_ready();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|line| text(line) != text(&private)));
}

#[test]
fn in_opening_hours_a_person_is_called_and_may_be_let_go() {
    let house = Texting::start(OPEN);
    let mut first = Webchat::open(&house.public());
    let mut second = Webchat::open(&house.public());
    let place = first.ask("gặp cán bộ");
    assert!(text(&place).contains("Đã báo cán bộ"), "{place}");
    let behind = second.ask("cho tôi gặp người thật");
    assert!(text(&behind).contains("Trước ông/bà còn 1 người"), "{behind}");
    assert!(text(&first.ask("gặp cán bộ")).contains("đã ở trong hàng chờ"));
    // Meanwhile one goes on asking.
    assert!(text(&first.ask("giờ làm việc")).contains("Giờ làm việc"));
    let leave = buttons(&place).into_iter().next().unwrap().1;
    let left = first.ask(&leave);
    assert!(text(&left).contains("Đã rút khỏi hàng chờ"), "{left}");
    assert_eq!(house.database.number("SELECT count(*) AS x FROM handovers WHERE state = 0"), 1);
    let next = second.ask("gặp cán bộ");
    assert!(text(&next).contains("đã ở trong hàng chờ") && !text(&next).contains("Trước ông/bà"), "{next}");
}

#[test]
fn out_of_hours_a_number_can_be_left_and_taken_back() {
    let house = Texting::start(CLOSED);
    let mut chat = Webchat::open(&house.public());
    let closed = chat.ask("gặp cán bộ");
    assert!(text(&closed).contains("gọi lại") && text(&closed).contains("0274.1022"), "{closed}");
    assert_eq!(house.database.number("SELECT count(*) AS x FROM handovers"), 0);
    let noted = chat.ask("gọi lại 0912345678");
    assert!(text(&noted).contains("Đã ghi"), "{noted}");
    assert_eq!(chat.texts("citizen")[1], "gọi lại ••••••••••");
    assert_eq!(house.database.number("SELECT count(*) AS x FROM callbacks"), 1);
    chat.ask("không cần gọi lại");
    assert_eq!(house.database.number("SELECT count(*) AS x FROM callbacks"), 0);
}

#[test]
fn the_page_is_light_strict_and_kept_by_nobody() {
    let house = Texting::start_with("", &["chat.embed_origins=[\"https://dichvucong.example.vn\"]"]);
    let base = house.public();
    for path in ["/chat", "/chat?lang=en", "/chat?embed=1", "/chat?embed=1&lang=en"] {
        let page = now(get(&format!("{base}{path}"), &[]));
        assert_eq!(page.header("cache-control"), "private, no-store");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self'; style-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let framed = policy.ends_with("frame-ancestors https://dichvucong.example.vn");
        assert_eq!(framed, path.contains("embed"), "{path}: {policy}");
        assert!(!page.text.contains("<style") && !page.text.contains(" style=") && !page.text.contains(" onclick"));
        assert!(page.text.contains("href=\"/dossiers"), "who runs no scripts is shown another way");
        // All that it loads.
        let parts = page.text.split('"').filter(|part| part.starts_with("/assets/"));
        let mut parts: Vec<&str> = parts.collect();
        parts.sort_unstable();
        parts.dedup();
        assert!(parts.len() >= 5, "{parts:?}");
        let loaded: usize = parts.iter().map(|part| now(get(&format!("{base}{part}"), &[])).text.len()).sum();
        let weight = page.text.len() + loaded;
        assert!(weight < 60_000, "{weight} bytes");
    }
    let (one, other) = (Webchat::open(&base), Webchat::open(&base));
    assert!(one.token != other.token && one.token[..32] != other.token[..32]);
}

#[test]
fn the_button_for_other_pages_is_small_and_may_be_kept_an_hour() {
    let house = Texting::start("");
    let url = format!("{}/chat/widget.js", house.public());
    let script = now(get(&url, &[]));
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(script.header("cache-control"), "public, max-age=3600");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    assert!(script.text.len() < 8_000 && script.text.contains("Hỏi về thủ tục"), "{}", script.text.len());
    let tag = script.header("etag").to_owned();
    assert_eq!(now(get(&url, &[("if-none-match", &tag)])).status, 304);
    // Where nobody is named, nobody frames it.
    let page = now(get(&format!("{}/chat?embed=1", house.public()), &[]));
    assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"));
}

#[test]
fn a_house_without_the_chat_has_no_way_to_it() {
    let house = Texting::start_with("", &["chat.web=false"]);
    let base = house.public();
    for path in ["/chat", "/chat/widget.js", "/chat/lines", "/chat/events"] {
        assert_eq!(now(get(&format!("{base}{path}"), &[])).status, 404, "{path}");
    }
    let front = now(get(&format!("{base}/"), &[]));
    assert!(front.status == 200 && !front.text.contains("href=\"/chat"), "{front:?}");
}

#[test]
fn a_setting_that_is_no_origin_is_named() {
    let told = test_support::dakenh(&["check", "--set", "chat.embed_origins=[\"https://a.vn/; script-src *\"]"]);
    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(told.err.contains("chat.embed_origins"), "{told:?}");
}
