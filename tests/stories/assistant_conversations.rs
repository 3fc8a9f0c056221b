//! Conversations: whose they are, how long they last, and what is said where
//! nothing is understood, where somebody is in danger, or where it is too much.

use std::cell::RefCell;

use serde_json::{Value, json};
use test_support::{Demo, Texting, binary, eventually, now, post, skipped};

use crate::assistant_roads::{Roads, post_text};

const LOST: &str = "free_text question choices=5";
const PAPERS: &str = "làm lại căn cước cần giấy tờ gì";
const FEE: &str = "lệ phí bao nhiêu";
const ITS_FEE: &str = "show_procedure procedure code=1.014064 focus=fee";

/// An id that was never given out.
const GUESSED: &str = "00000000000000aa";

fn rows(texting: &Texting) -> i64 {
    texting.database.number("SELECT count(*) AS x FROM conversations")
}

/// Memory is written a moment after the answer.
fn remembered(texting: &Texting, least: i64) {
    eventually("conversations on disk", || (rows(texting) >= least).then_some(()));
}

#[test]
fn two_clients_behind_one_address_share_nothing() {
    let roads = Roads::open();
    let (mine, theirs) = (RefCell::default(), RefCell::default());
    roads.http(PAPERS, &mine);
    assert_eq!(roads.http(FEE, &theirs).facts.said, LOST, "the same address, another thread");
    assert_ne!(mine, theirs);
    assert_eq!(roads.http(FEE, &mine).facts.said, ITS_FEE);
    // Nor do two phones of one provider.
    let (one, other) = (roads.phone(), roads.phone());
    roads.sms(&one, PAPERS);
    assert_eq!(roads.sms(&other, FEE).facts.said, LOST);
    assert_eq!(roads.sms(&one, FEE).facts.said, ITS_FEE);
}

#[test]
fn a_guessed_id_opens_no_other_channels_thread() {
    let roads = Roads::open();
    let phone = roads.phone();
    roads.sms(&phone, PAPERS);
    remembered(&roads.texting, 1);
    let national = format!("0{}", &phone[2..]);
    for guess in
        [phone.as_str(), &format!("+{phone}"), &format!("phone:+{phone}"), &national, GUESSED, "", "' OR 1=1 --"]
    {
        let conversation = RefCell::new(Some(guess.to_owned()));
        assert_eq!(roads.http(FEE, &conversation).facts.said, LOST, "{guess}");
        let given = conversation.into_inner().unwrap();
        // What is no id of ours is not taken over; one of our kind is harmless.
        assert_eq!(given == guess, guess == GUESSED, "{guess}");
    }
    assert_eq!(roads.sms(&phone, FEE).facts.said, ITS_FEE, "its own thread goes on");
}

#[test]
fn memory_ends_by_itself() {
    let roads = Roads::open();
    let conversation = RefCell::default();
    roads.http(PAPERS, &conversation);
    remembered(&roads.texting, 1);
    // Half an hour later, by moving the row instead of the clock.
    let until = roads.texting.database.number("SELECT until_at AS x FROM conversations");
    let asked = roads.texting.database.number("SELECT max(at) AS x FROM audit");
    assert_eq!((until - asked) / 60_000_000, 30, "minutes after the last question");
    roads.texting.database.run("UPDATE conversations SET until_at = until_at - 1800000000");
    assert_eq!(roads.http(FEE, &conversation).facts.said, LOST);
}

#[test]
fn a_restart_and_a_crash_keep_the_thread() {
    let mut texting = Texting::start("");
    let ask = |texting: &Texting, text: &str, id: &Value| {
        texting.post("/api/v1/ask", json!({"text": text, "conversation_id": id})).json()
    };
    let first = ask(&texting, PAPERS, &Value::Null);
    let id = first["conversation_id"].clone();
    texting.gateway.signal("TERM");
    assert_eq!(texting.gateway.wait(), Some(0));
    texting.restart();
    let second = ask(&texting, FEE, &id);
    assert_eq!((&second["codes"][0], &second["conversation_id"]), (&json!("1.014064"), &id), "{second}");
    let other = ask(&texting, "đăng ký kết hôn cần gì", &id);
    assert_eq!(other["codes"][0], "1.000894", "{other}");
    // What has reached the disk survives a power cut too.
    let sealed = "SELECT hex(sealed) AS x FROM conversations";
    let before = texting.database.texts(sealed);
    ask(&texting, "làm hộ chiếu mất bao lâu", &id);
    eventually("the last turn on disk", || (texting.database.texts(sealed) != before).then_some(()));
    texting.crash_and_restart();
    let third = ask(&texting, FEE, &id);
    assert!(["1.001456", "1.000894"].contains(&third["codes"][0].as_str().unwrap_or_default()), "{third}");
}

#[test]
fn two_nodes_on_one_postgresql_share_a_thread() {
    let Some(server) = std::env::var_os("DAKENH_TEST_POSTGRES") else {
        return skipped("DAKENH_TEST_POSTGRES");
    };
    let server = server.into_string().unwrap();
    let name = format!("story_talk_{}", std::process::id());
    let psql = |sql: &str| {
        let done = std::process::Command::new("psql").args([&server, "-q", "-c", sql]).status();
        assert!(done.is_ok_and(|status| status.success()), "{sql}");
    };
    psql(&format!("CREATE DATABASE {name}"));
    let (base, _) = server.rsplit_once('/').unwrap();
    let url = format!("{base}/{name}");
    let node = || Texting::start_on(binary(), Some(&url), "", &[]);
    let (one, two) = (node(), node());
    let first = one.post("/api/v1/ask", json!({"text": PAPERS})).json();
    remembered(&one, 1);
    let id = &first["conversation_id"];
    let second = two.post("/api/v1/ask", json!({"text": FEE, "conversation_id": id})).json();
    assert_eq!((&second["codes"][0], &second["conversation_id"]), (&json!("1.014064"), id), "{second}");
    drop((one, two));
    psql(&format!("DROP DATABASE {name} WITH (FORCE)"));
}

#[test]
fn a_broken_memory_costs_the_thread_and_no_answer() {
    let roads = Roads::open();
    let conversation = RefCell::default();
    roads.http(PAPERS, &conversation);
    remembered(&roads.texting, 1);
    roads.texting.database.run("ALTER TABLE conversations RENAME TO elsewhere");
    assert_eq!(roads.http(FEE, &conversation).facts.said, LOST);
    assert_eq!(
        roads.http("lệ phí làm lại căn cước", &conversation).facts.said,
        ITS_FEE,
        "a whole question needs no memory"
    );
    assert_eq!(roads.sms(&roads.phone(), "lệ phí làm lại căn cước").facts.said, ITS_FEE);
}

#[test]
fn who_is_not_understood_twice_is_shown_the_way_to_a_person() {
    let roads = Roads::open();
    let (http, phone) = (RefCell::default(), roads.phone());
    let lines: Vec<String> = ["?!", "..."].map(str::to_owned).to_vec();
    roads.http(&lines[0], &http);
    roads.sms(&phone, &lines[0]);
    let second =
        [roads.http(&lines[1], &http).text, roads.sms(&phone, &lines[1]).text, roads.terminal(&lines).remove(1).text];
    for text in second {
        assert!(text.contains("0274"), "the hotline: {text}");
        let plain = gateway_core::text::fold(&text);
        // A text message says only whether it is open now, where more would cost more.
        let hours = plain.contains("thu hai") || plain.contains("bay gio");
        assert!(plain.contains("gio lam viec") && hours, "the hours: {text}");
    }
}

#[test]
fn danger_gets_the_numbers_of_rescue_and_nothing_else() {
    let roads = Roads::open();
    for cry in ["cháy nhà, cứu với", "có người bị đâm, chảy máu nhiều quá", "help, my house is on fire"]
    {
        let heard = [
            roads.http(cry, &RefCell::default()),
            roads.sms(&roads.phone(), cry),
            roads.terminal(&[cry.to_owned()]).remove(0),
        ];
        for heard in heard {
            assert_eq!(heard.facts.said, "turn_away turned_away topic=emergency", "{cry}: {}", heard.text);
            for number in ["113", "114", "115"] {
                assert!(heard.text.contains(number), "{number}: {}", heard.text);
            }
            assert!(!heard.text.contains("0274"), "no hotline for papers: {}", heard.text);
        }
    }
    // In the middle of another matter.
    let conversation = RefCell::default();
    roads.http(PAPERS, &conversation);
    let cry = roads.http("cháy nhà, cứu với", &conversation);
    assert!(cry.text.contains("114"), "{}", cry.text);
    assert_eq!(roads.http(FEE, &conversation).facts.said, ITS_FEE, "what was spoken of is still there");
}

#[test]
fn a_flood_is_stopped_before_it_is_understood() {
    let demo = Demo::start(&["--set", "limits.free_text.address={per_minute=1,burst=2}"]);
    for _ in 0..2 {
        assert_eq!(post_text(&demo.public, "xin chào")["action"], "greet");
    }
    let url = format!("{}/api/v1/ask", demo.public);
    let refused = now(post(&url, &json!({"text": "làm lại căn cước bao nhiêu tiền"}), &[]));
    assert_eq!((refused.status, refused.json()["code"].as_str()), (429, Some("too_many_requests")), "{refused:?}");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    let problem = refused.json();
    assert!(problem["action"].is_null(), "nobody read the words: {problem}");
}

/// What a text may do to a screen, a page or a terminal.
fn inert(text: &str) -> bool {
    let steers =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(steers) && !text.contains('<') && !text.contains("javascript:")
}

#[test]
fn odd_messages_are_answered_kindly_and_do_nothing() {
    let roads = Roads::open();
    let long = "lam giay khai sinh can gi ".repeat(400);
    let odd = [
        long.get(..10_000).unwrap().to_owned(),
        "😀🔥🎉👨‍👩‍👧‍👦🇻🇳".repeat(60),
        "\u{202e}gnort gnud iohk\u{202c} làm giấy khai sinh\u{2066} cần gì\u{2069}".to_owned(),
        "<script>alert(1)</script><img src=x onerror=alert(2)> làm giấy khai sinh cần gì".to_owned(),
        "làm giấy\0 khai sinh\0 cần gì\u{1b}[2J\u{7}".to_owned(),
        "'; DROP TABLE conversations; --".to_owned(),
        "{{7*7}} ${jndi:ldap://127.0.0.1/a} %s%n".to_owned(),
        "e\u{301}".repeat(2_000),
        String::new(),
        " \u{200b}\u{feff}\t ".to_owned(),
    ];
    for text in &odd {
        let shown: String = text.escape_debug().take(60).collect();
        let heard = roads.http(text, &RefCell::default());
        assert!(inert(&heard.text) && heard.text.chars().count() > 20, "{shown}: {}", heard.text);
    }
    // Through the other roads, which carry what they can.
    for text in odd.iter().filter(|text| !text.trim().is_empty() && text.len() < 2_000) {
        let heard = roads.sms(&roads.phone(), text);
        assert!(inert(&heard.text) && heard.text.chars().count() > 20, "{}", heard.text);
    }
    let wide = "ạ".repeat(10_000);
    let lines = [wide, odd[0].clone(), odd[1].clone()];
    let answers = roads.terminal(&lines);
    assert_eq!(answers[1].facts.code.as_deref(), Some("1.001193"), "{}", answers[1].text);
    assert!(rows(&roads.texting) > 0, "nothing was dropped");
}
