//! We answer.

use std::time::Duration;

use channel_assistant::messenger::{Saying, Sent, Wire};
use serde_json::json;
use test_support::{BotApi, Fault};

use crate::world::{Node, numbered, webhook, words};

const LONG: &str = "thủ tục đăng ký khai sinh có yếu tố nước ngoài tại phường";

fn saying(text: &str, buttons: &[(&str, &str)]) -> Saying {
    let buttons = buttons.iter().map(|(shown, words)| ((*shown).to_owned(), (*words).to_owned())).collect();
    Saying { text: text.into(), buttons, ask_contact: None }
}

/// A bot whose own limit nobody meets; a chat's is as Telegram has it.
fn fast() -> String {
    format!("{}\nmessages_per_second = 1000", webhook())
}

async fn say(wire: &dyn Wire, chat: &str, text: &str) -> Sent {
    let parts = wire.parts(&saying(text, &[]));
    assert_eq!(parts.len(), 1);
    wire.send(chat, &parts[0]).await
}

fn refused(code: &str) -> Sent {
    Sent::Refused { code: code.into() }
}

fn later(seconds: u64, account: bool) -> Sent {
    Sent::Later { after: Duration::from_secs(seconds), account }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_goes_out_plain_and_without_a_preview() {
    let api = BotApi::start();
    let node = Node::start(&api, &fast()).await;
    let text = "Phí <b>20.000</b> đ & _xem_ https://dichvucong.gov.vn";
    assert_eq!(say(&*node.wire, "42", text).await, Sent::Accepted { id: "1".into() });
    let call = api.call("sendMessage", 1);
    assert_eq!((&call["chat_id"], &call["text"]), (&json!(42), &json!(text)));
    assert_eq!(call["link_preview_options"], json!({"is_disabled": true}));
    assert!(call.get("parse_mode").is_none());
    // One topic of a group.
    say(&*node.wire, "-1007/45", "chào").await;
    let call = api.call("sendMessage", 2);
    assert_eq!((&call["chat_id"], &call["message_thread_id"]), (&json!(-1007), &json!(45)));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_telegram_answers_decides_what_becomes_of_a_message() {
    let api = BotApi::start();
    let node = Node::start(&api, &fast()).await;
    let story = [
        ("42", Fault::RetryAfter(7), later(7, true)),
        ("-1007", Fault::RetryAfter(40), later(40, false)),
        ("43", Fault::Error(403, "Forbidden: bot was blocked by the user"), refused("blocked")),
        ("44", Fault::Error(403, "Forbidden: user is deactivated"), refused("deactivated")),
        ("45", Fault::Error(400, "Bad Request: chat not found"), refused("chat_not_found")),
        ("46", Fault::Error(403, "Forbidden: bot is not a member of the channel chat"), refused("forbidden")),
        ("47", Fault::Error(400, "Bad Request: something new"), refused("bad_request")),
        ("48", Fault::Error(401, "Unauthorized"), later(300, true)),
        ("49", Fault::BreaksOff, Sent::Uncertain),
        (
            "50",
            Fault::Says("{\"ok\":true,\"result\":{\"message_id\":9,\"hologram\":1}}"),
            Sent::Accepted { id: "9".into() },
        ),
    ];
    for (chat, fault, expected) in story {
        api.spoil("sendMessage", [fault.clone()]);
        assert_eq!(say(&*node.wire, chat, "chào").await, expected, "{fault:?}");
    }
    assert_eq!(api.calls("sendMessage").len(), 10, "nothing is repeated behind the engine's back");
    assert_eq!(node.wire.send("42", "no part").await, refused("unsendable"));
    assert_eq!(node.wire.send("@channel", "{\"text\":\"x\"}").await, refused("unsendable"));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_moved_is_found() {
    let api = BotApi::start();
    let node = Node::start(&api, &fast()).await;
    api.spoil("sendMessage", [Fault::Migrated(-100_555)]);
    assert_eq!(say(&*node.wire, "-7", "chào").await, Sent::Accepted { id: "1".into() });
    assert_eq!(api.messages()[0]["chat"]["id"], json!(-100_555));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_reached_waits_and_no_answer_is_uncertain() {
    let api = BotApi::start();
    let node = Node::start(&api, &format!("{}\nconnect_timeout_ms = 500\nresponse_timeout_ms = 1000", fast())).await;
    api.spoil("sendMessage", [Fault::Silent]);
    assert_eq!(say(&*node.wire, "42", "chào").await, Sent::Uncertain);
    node.stops().await;
    // Nobody listens there any more.
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let node = Node::of(&gone, &fast(), std::sync::Arc::default(), 1).await;
    let first = say(&*node.wire, "42", "chào").await;
    let second = say(&*node.wire, "43", "chào").await;
    assert_eq!((first, second), (later(1, true), later(2, true)));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_that_hears_too_much_waits_outside() {
    let api = BotApi::start();
    let node = Node::start(&api, &fast()).await;
    let mut waits = 0;
    for _ in 0..5 {
        match say(&*node.wire, "42", "chào").await {
            Sent::Accepted { .. } => {}
            Sent::Later { after, account: false } => {
                assert!(after <= Duration::from_secs(1));
                waits += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(waits >= 1);
    assert_eq!(api.calls("sendMessage").len(), 5 - waits, "what is too early does not go out");
    assert!(matches!(say(&*node.wire, "43", "chào").await, Sent::Accepted { .. }), "nobody else waits for it");
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_come_back_as_their_words_and_their_spinner_stops() {
    let api = BotApi::start();
    let node = Node::start(&api, &fast()).await;
    let saying = saying("Ông/bà hỏi thủ tục nào?", &[("Lệ phí", "lệ phí khai sinh"), ("Khai sinh…", LONG)]);
    for part in node.wire.parts(&saying) {
        assert!(matches!(node.wire.send("42", &part).await, Sent::Accepted { .. }));
    }
    let message = api.messages().remove(0);
    assert_eq!(node.call(&numbered(1, BotApi::press(&message, "Lệ phí"))).await, 200);
    assert_eq!(node.call(&numbered(2, BotApi::press(&message, LONG))).await, 200);
    assert_eq!(words(&node.memory.heard(2)), ["lệ phí khai sinh", LONG]);
    let stopped = [api.call("answerCallbackQuery", 1), api.call("answerCallbackQuery", 2)];
    assert!(stopped.iter().any(|call| call["callback_query_id"] == "query-Lệ phí"));
    // Not while it is not on disk.
    node.memory.refuse(|_| true);
    assert_eq!(node.call(&numbered(3, BotApi::press(&message, "Lệ phí"))).await, 503);
    assert_eq!(api.calls("answerCallbackQuery").len(), 2);
    // An old message comes without its buttons: it is answered kindly.
    node.memory.refuse(|_| false);
    let mut old = numbered(4, BotApi::press(&message, LONG));
    old["callback_query"]["message"].as_object_mut().unwrap().remove("reply_markup");
    assert_eq!(node.call(&old).await, 200);
    assert_eq!(words(&node.memory.heard(3))[2], "Unreadable");
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_longest_answer_is_taken_in_parts() {
    let api = BotApi::start();
    let settings = format!("{}\nchat_burst = 20", fast());
    let node = Node::start(&api, &settings).await;
    let text = format!("{} {}", "Giấy tờ 👨‍👩‍👧‍👦 cần nộp gồm có bản chính. ".repeat(400), "ữ".repeat(5_000));
    let parts = node.wire.parts(&saying(&text, &[("Phí", "lệ phí")]));
    assert!(parts.len() >= 5);
    for part in &parts {
        assert!(matches!(node.wire.send("42", part).await, Sent::Accepted { .. }));
    }
    let messages = api.messages();
    assert!(messages.iter().rev().skip(1).all(|message| message.get("reply_markup").is_none()));
    assert!(messages.last().unwrap().get("reply_markup").is_some());
    node.stops().await;
}
