//! Citizens at Telegram, from the update to the answer at Telegram's side.

use serde_json::{Value, json};
use test_support::{
    Answer, BOT_NAME, BOT_SECRET, BOT_TOKEN, BotApi, ChatPeer, Delivery, Fault, Heard, Texting, at_peer, binary,
    eventually, skipped,
};

use crate::privacy::{holds, on_disk};

const LAN: &str = "4242";
const MAI: &str = "4343";

/// A portal that is not waited for long and always asked again, and pauses that a
/// story can wait for.
const QUICK: [&str; 5] = [
    "portal.stack.call_timeout_ms=400",
    "portal.stack.breaker.minimum_calls=1000",
    "portal.cache.failure_pause_ms=0",
    "telegram.retry_ms=100",
    "telegram.response_timeout_ms=5000",
];

/// One node asks for updates; each poll is short.
const POLLING: [&str; 2] = ["telegram.mode=polling", "telegram.poll_seconds=1"];

fn start(bot: &BotApi, more: &[&str]) -> Texting {
    let settings: Vec<&str> = QUICK.iter().chain(more).copied().collect();
    Texting::start_with(&bot.account(), &settings)
}

fn deliver(texting: &Texting, update: &Value) -> Answer {
    BotApi::delivery(update).deliver(&texting.public())
}

/// Somebody writes over the webhook; Telegram is told that it was taken.
fn write(texting: &Texting, bot: &BotApi, user: &str, id: &str, words: &str) {
    assert_eq!(deliver(texting, &bot.said(user, id, words, at_peer())).status, 200, "{words}");
}

fn heard_by(bot: &BotApi, user: &str) -> Vec<Heard> {
    bot.heard().into_iter().filter(|heard| heard.user == user).collect()
}

/// Waits until somebody was told so much, and gives the last of it.
fn told(bot: &BotApi, user: &str, number: usize) -> Heard {
    eventually(&format!("message {number} to {user}"), || heard_by(bot, user).get(number - 1).cloned())
}

/// Somebody writes, and the update waits until it is asked for.
fn waits(bot: &BotApi, user: &str, words: &str) -> i64 {
    let mut message = BotApi::of(user.parse().unwrap(), at_peer());
    message["text"] = json!(words);
    bot.happens(json!({"message": message}))
}

/// How many messages that go out are in a state.
fn out(texting: &Texting, state: i64) -> i64 {
    texting.database.number(&format!("SELECT count(*) AS x FROM outbox WHERE state = {state}"))
}

#[test]
fn hoi_tra_loi_va_bam_nut() {
    let bot = BotApi::start();
    let texting = start(&bot, &["telegram.public_url=https://cong.tinh.gov.vn"]);
    let hook = bot.call("setWebhook", 1);
    assert_eq!(hook["url"], json!("https://cong.tinh.gov.vn/webhooks/telegram"));
    assert_eq!(hook["secret_token"], json!(BOT_SECRET));
    write(&texting, &bot, LAN, "m1", "/start");
    assert!(told(&bot, LAN, 1).text.contains("Kính chào quý công dân"));
    let question = bot.said(LAN, "m2", "làm giấy khai sinh cần gì", at_peer());
    for _ in 0..3 {
        assert_eq!(deliver(&texting, &question).status, 200, "a repetition is thanked for like the first");
    }
    let answer = told(&bot, LAN, 2);
    assert!(answer.text.to_lowercase().contains("khai sinh"), "{answer:?}");
    // A button is pressed: its spinner stops, and its words are answered.
    let message = bot.messages().pop().unwrap();
    let title = answer.buttons.first().unwrap_or_else(|| panic!("no button: {answer:?}")).0.clone();
    let pressed = bot.numbered("press", BotApi::press(&message, &title));
    for _ in 0..2 {
        assert_eq!(deliver(&texting, &pressed).status, 200);
    }
    let after = told(&bot, LAN, 3);
    assert!(after.text != answer.text && !after.text.contains("chưa hiểu"), "{title}: {after:?}");
    let stopped = bot.call("answerCallbackQuery", 1);
    assert_eq!(stopped["callback_query_id"], pressed["callback_query"]["id"]);
    // A command with its words, in the other language.
    write(&texting, &bot, MAI, "m3", "/procedures birth registration");
    assert!(told(&bot, MAI, 1).text.contains("1.001193"), "{:?}", heard_by(&bot, MAI));
    // What is no text is answered kindly.
    let mut picture = BotApi::of(4242, at_peer());
    picture["photo"] = json!([{"file_id": "x"}]);
    assert_eq!(deliver(&texting, &bot.numbered("m4", json!({"message": picture}))).status, 200);
    let kindly = told(&bot, LAN, 4);
    assert!(kindly.text.contains("chữ"), "{kindly:?}");
    // Who blocks the bot is told nothing, and may come back.
    let person = json!({"id": 4242, "is_bot": false, "first_name": "Lan"});
    let left = json!({"my_chat_member": {
        "chat": {"id": 4242, "type": "private"}, "from": person, "date": at_peer() / 1_000,
        "new_chat_member": {"status": "kicked", "user": {"id": 123_456, "is_bot": true, "first_name": "x"}},
    }});
    assert_eq!(deliver(&texting, &bot.numbered("left", left)).status, 200);
    texting.settled();
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM inbox WHERE state = 3"), 1, "the leaving alone");
    write(&texting, &bot, LAN, "m5", "xin chào");
    told(&bot, LAN, 5);
    texting.settled();
    assert_eq!((heard_by(&bot, LAN).len(), heard_by(&bot, MAI).len()), (5, 1));
}

#[test]
fn only_who_knows_the_secret_is_heard() {
    let bot = BotApi::start();
    let texting = start(&bot, &[]);
    let good = BotApi::delivery(&bot.said(LAN, "m1", "xin chào", at_peer()));
    let with = |secret: &str| Delivery {
        headers: vec![("x-telegram-bot-api-secret-token", secret.to_owned())],
        ..good.clone()
    };
    let body = |body: String| Delivery { body, ..good.clone() };
    let mut twice = good.clone();
    twice.headers.push(("x-telegram-bot-api-secret-token", BOT_SECRET.to_owned()));
    let empty = json!({"update_id": 9, "x": ""}).to_string().len();
    let long = |length: usize| body(json!({"update_id": 9, "x": "x".repeat(length - empty)}).to_string());
    for (what, delivery, status) in [
        ("no secret", Delivery { headers: Vec::new(), ..good.clone() }, 403),
        ("an empty one", with(""), 403),
        ("another one", with("bi-mat_cua-cau-chuyeN"), 403),
        ("half of it", with(&BOT_SECRET[..8]), 403),
        ("two of them", twice, 403),
        ("no JSON", body("{\"update_id\":1".into()), 400),
        ("nothing", body(String::new()), 400),
        ("no number", body("{\"message\":{}}".into()), 400),
        ("one byte too long", long(131_073), 413),
        ("far too long", long(200_000), 413),
        ("strange", body(json!({"update_id": 7, "message": {"date": "gestern"}}).to_string()), 200),
        ("of no interest", body(json!({"update_id": 8, "poll_answer": {}}).to_string()), 200),
        ("as long as it may be", long(131_072), 200),
    ] {
        let answer = delivery.deliver(&texting.public());
        assert_eq!(answer.status, status, "{what}: {answer:?}");
    }
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM inbox"), 0, "nothing of it is kept");
    assert_eq!(good.deliver(&texting.public()).status, 200);
    told(&bot, LAN, 1);
    for (name, count) in [("bad_secret", 5.0), ("malformed", 3.0), ("oversize", 1.0)] {
        let found = texting.metric(&format!("telegram_webhook_{name}_total"), "");
        assert!((found - count).abs() < 0.5, "{name}: {found}");
    }
}

#[test]
fn theo_thu_tu_cua_nguoi_hoi() {
    let bot = BotApi::start();
    let texting = start(&bot, &[]);
    let numbers = ["status_1", "status_2", "status_4"].map(|what| texting.sample(what).number);
    // All within one second: their numbers tell the order.
    let at = at_peer() - 1_000;
    let updates: Vec<Value> =
        numbers.iter().enumerate().map(|(place, number)| bot.said(LAN, &format!("m{place}"), number, at)).collect();
    for update in updates.iter().rev() {
        assert_eq!(deliver(&texting, update).status, 200);
    }
    told(&bot, LAN, 3);
    for (heard, number) in heard_by(&bot, LAN).iter().zip(&numbers) {
        assert!(heard.text.contains(number), "{number}: {heard:?}");
    }
}

#[test]
fn whatever_telegram_says_each_answer_goes_once() {
    let bot = BotApi::start();
    let texting = start(&bot, &["telegram.refused_pause_ms=1000"]);
    let outcome = |name: &str, least: f64| {
        texting.metric_reaches("chat_sent_total", &format!("outcome=\"{name}\""), least);
    };
    // Too many for the bot: nobody is written to until then, and then both are.
    bot.spoil("sendMessage", [Fault::RetryAfter(2)]);
    write(&texting, &bot, LAN, "m1", "xin chào");
    outcome("later", 1.0);
    let tried = bot.calls("sendMessage").len();
    write(&texting, &bot, MAI, "m2", "xin chào");
    told(&bot, LAN, 1);
    told(&bot, MAI, 1);
    texting.settled();
    assert_eq!((tried, bot.calls("sendMessage").len()), (1, 3), "not once before the time that Telegram named");

    // The token is refused, by a server that is being changed: later. Blocked:
    // refused for good. No answer: nobody knows, and it is not repeated.
    bot.spoil("sendMessage", [Fault::Error(401, "Unauthorized")]);
    write(&texting, &bot, LAN, "m3", "xin chào");
    told(&bot, LAN, 2);
    bot.spoil("sendMessage", [Fault::Error(403, "Forbidden: bot was blocked by the user")]);
    write(&texting, &bot, MAI, "m4", "xin chào");
    outcome("refused", 1.0);
    bot.spoil("sendMessage", [Fault::BreaksOff]);
    write(&texting, &bot, LAN, "m5", "xin chào");
    outcome("uncertain", 1.0);
    texting.settled();
    assert_eq!((out(&texting, 2), out(&texting, 3), out(&texting, 5)), (3, 1, 1), "accepted, uncertain, refused");
    assert_eq!((heard_by(&bot, LAN).len(), heard_by(&bot, MAI).len()), (2, 1));
    assert_eq!(bot.calls("sendMessage").len(), 7, "each once, but for the two that were to come later");
}

#[test]
fn what_was_polled_is_confirmed_when_it_is_on_disk() {
    let bot = BotApi::start();
    let mut texting = start(&bot, &POLLING);
    assert_eq!(bot.webhook(), None);
    let numbers: Vec<String> = ["status_1", "status_2", "status_4", "status_5", "status_6", "status_9"]
        .map(|what| texting.sample(what).number)
        .to_vec();
    waits(&bot, LAN, &numbers[0]);
    told(&bot, LAN, 1);
    eventually("it is confirmed", || bot.unconfirmed().is_empty().then_some(()));

    // The power is cut right after each; the time of the dead node's turn is over.
    for number in &numbers[1..] {
        let polls = bot.calls("getUpdates").len();
        waits(&bot, LAN, number);
        // At some instant of its work: what is not confirmed comes again.
        eventually("another poll", || (bot.calls("getUpdates").len() > polls).then_some(()));
        texting.gateway.kill();
        texting.database.run("UPDATE leases SET until_at = 0");
        texting.restart();
    }
    eventually("all is confirmed", || bot.unconfirmed().is_empty().then_some(()));
    texting.settled();
    let uncertain = usize::try_from(out(&texting, 3)).unwrap();
    let about: Vec<usize> = heard_by(&bot, LAN)
        .iter()
        .filter_map(|heard| numbers.iter().position(|number| heard.text.contains(number)))
        .collect();
    assert_eq!(about.len() + uncertain, numbers.len(), "each once, or marked: {about:?}, {uncertain} uncertain");
    assert!(about.is_sorted_by(|one, next| one < next), "in the citizen's order: {about:?}");
}

/// Telegram ends a poll when another begins: of two gateways on one database one
/// polls, and when it dies the other does.
#[test]
fn of_two_gateways_one_polls() {
    let Some(server) = std::env::var_os("DAKENH_TEST_POSTGRES") else { return skipped("DAKENH_TEST_POSTGRES") };
    let database = crate::chat_crashes::Postgres::create(&server.into_string().unwrap(), "telegram");
    let bot = BotApi::start();
    let settings: Vec<&str> = QUICK.iter().chain(&POLLING).copied().collect();
    let mut nodes = [0, 1].map(|_| Texting::start_on(binary(), Some(&database.url), &bot.account(), &settings));
    let polls = |node: &Texting| node.metric("telegram_polling", "") > 0.5;
    for round in 1..=5 {
        waits(&bot, LAN, "xin chào");
        told(&bot, LAN, round);
    }
    let which = nodes.iter().position(polls).expect("one polls");
    assert!(!polls(&nodes[1 - which]), "and the other does not");
    for node in &nodes {
        let conflicts = node.metric("telegram_call_failures_total", "why=\"conflict\"");
        assert!(conflicts < 0.5, "they took each other's polls {conflicts} times");
    }
    nodes[which].gateway.kill();
    nodes[which].database.run("UPDATE leases SET until_at = 0");
    waits(&bot, LAN, "xin chào");
    told(&bot, LAN, 6);
    assert!(polls(&nodes[1 - which]));
    nodes[1 - which].settled();
    assert_eq!(heard_by(&bot, LAN).len(), 6, "each answered once");
}

#[test]
fn an_operator_sees_how_the_bot_stands() {
    let bot = BotApi::start();
    let texting = start(&bot, &["telegram.public_url=https://cong.tinh.gov.vn"]);
    bot.call("setWebhook", 1);
    let check = |more: &[&str]| {
        let ended = texting.run(&[&["check", "--set", "listen.public=127.0.0.1:0"], more].concat());
        assert!(!ended.out.contains(BOT_TOKEN) && !ended.err.contains(BOT_TOKEN), "{ended:?}");
        let line = ended.out.lines().find(|line| line.contains(" telegram: "));
        line.unwrap_or_else(|| panic!("no line: {ended:?}")).to_owned()
    };
    let stands = format!("ok    telegram: @{BOT_NAME}, webhook, 0 updates wait; its last call that failed, 2026-");
    assert!(check(&[]).starts_with(&stands), "{}", check(&[]));
    let elsewhere = check(&["--set", "telegram.public_url=https://cong-moi.tinh.gov.vn"]);
    assert!(elsewhere.contains("set to another address, which serve changes"), "{elsewhere}");
    let polling = check(&["--set", "telegram.mode=polling"]);
    assert!(polling.contains("polling (a webhook is set, which serve deletes)"), "{polling}");
    let stranger = check(&["--set", "telegram.token=654321:AA-another_token"]);
    assert!(stranger.starts_with("FAIL  telegram: the token is refused"), "{stranger}");
    let url = bot.url.clone();
    drop(bot);
    let gone = check(&["--set", &format!("telegram.api={url}")]);
    assert!(gone.starts_with("FAIL  telegram: not reached"), "{gone}");
}

/// Telegram is a company outside the country: the second proof opens nothing there,
/// and nothing that was written stays.
#[test]
fn nothing_of_a_citizen_at_telegram_is_left_behind() {
    let bot = BotApi::start();
    let mut texting = start(&bot, &["log.filter=trace,sqlx=debug,hyper=debug,h2=debug"]);
    let dossier = texting.sample("status_5");
    write(&texting, &bot, LAN, "m1", &format!("hồ sơ {} của tôi", dossier.number));
    let open = told(&bot, LAN, 1);
    assert!(open.text.contains(&dossier.number) && !open.text.contains("Người nộp"), "{open:?}");
    write(&texting, &bot, LAN, "m2", &format!("{} 4 số cuối {}", dossier.number, dossier.last_four));
    assert!(!told(&bot, LAN, 2).text.contains("Người nộp"), "a foreign processor is shown no private view");
    let words = "tôi tên là Trần Văn Khoai, số 0987654321, căn cước 079201009876, ngõ Lạc Long, khoai@nhatoi.vn";
    write(&texting, &bot, LAN, "m3", words);
    told(&bot, LAN, 3);
    let mut forged = BotApi::delivery(&bot.said(LAN, "m4", "Bưởi ơi", at_peer()));
    forged.headers.clear();
    assert_eq!(forged.deliver(&texting.public()).status, 403);
    let unreadable = Delivery { body: format!("{{\"x\":\"Bưởi {LAN}\""), ..BotApi::delivery(&Value::Null) };
    assert_eq!(unreadable.deliver(&texting.public()).status, 400);
    bot.spoil("sendMessage", [Fault::Error(400, "Bad Request: Bưởi"), Fault::Says("no JSON: Bưởi")]);
    write(&texting, &bot, MAI, "m5", "xin chào");
    write(&texting, &bot, MAI, "m6", "xin chào");
    texting.settled();

    let metrics = texting.metrics();
    assert!(metrics.contains("telegram_sends_total") && metrics.contains("chat_sent_total"), "{metrics}");
    texting.gateway.signal("TERM");
    assert_eq!(texting.gateway.wait(), Some(0));
    let logs = texting.gateway.errors();
    assert!(logs.contains("TRACE") && logs.contains("DEBUG"), "the log is looked at");
    let stored = on_disk(&texting);
    assert!(holds(&stored, "disclose_dossier") && holds(&stored, "transcript_lines"), "the database is looked at");
    let token = BOT_TOKEN.split_once(':').unwrap().1;
    let secrets = [
        "Khoai",
        "0987654321",
        "079201009876",
        "Lạc Long",
        "nhatoi",
        "Bưởi",
        token,
        BOT_SECRET,
        dossier.number.as_str(),
    ];
    for secret in secrets {
        let line = logs.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} in the log: {line:?}");
        assert!(!metrics.contains(secret), "{secret} in the metrics");
        assert!(!holds(&stored, secret), "{secret} in the database");
    }
    let kept = texting.database.number(
        "SELECT (SELECT count(*) FROM inbox WHERE sender <> '' OR recipient <> '' OR text <> '') \
              + (SELECT count(*) FROM outbox WHERE (recipient <> '' AND state <> 3) OR text <> '') AS x",
    );
    assert_eq!(kept, 0, "rows tell neither who nor what, but for whom an uncertain one was");
}
