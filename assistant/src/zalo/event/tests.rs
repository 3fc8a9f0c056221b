use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const APP: &str = "360846524940903967";
const OA: &str = "579745863508352884";
const NOW: &str = "2026-11-26T05:00:00Z";

fn config() -> ZaloConfig {
    ZaloConfig {
        app_id: APP.into(),
        oa_id: OA.into(),
        oa_secret: "khoa-oa".into(),
        app_secret: "khoa-app".into(),
        ..ZaloConfig::default()
    }
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn millis() -> String {
    now().as_millisecond().to_string()
}

/// A text, as the documents of Zalo show one.
fn text(words: &str) -> Value {
    json!({
        "app_id": APP,
        "user_id_by_app": "552177279717587730",
        "event_name": "user_send_text",
        "timestamp": millis(),
        "sender": {"id": "246845883529197922"},
        "recipient": {"id": OA},
        "message": {"msg_id": "96d3cdf3af150460909", "text": words},
    })
}

fn follow(name: &str) -> Value {
    json!({
        "oa_id": OA,
        "app_id": APP,
        "event_name": name,
        "source": "oa_profile",
        "timestamp": millis(),
        "follower": {"id": "246845883529197922"},
    })
}

fn read_signed(event: &Value) -> Result<Option<Arrived>, Refused> {
    let body = event.to_string();
    let timestamp = match &event["timestamp"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    read(&config(), now(), Some(&signature(&config(), body.as_bytes(), &timestamp)), body.as_bytes())
}

fn arrived(event: &Value) -> Arrived {
    read_signed(event).unwrap().unwrap()
}

fn with(mut event: Value, field: &str, value: Value) -> Value {
    *event.pointer_mut(field).unwrap() = value;
    event
}

#[test]
fn the_signature_is_the_one_of_the_documents() {
    // echo -n '3608465249409039671{}1khoa-oa' | sha256sum, with the app's id in front.
    let plain = Sha256::digest(format!("{APP}{{}}1khoa-oa"));
    assert_eq!(signature(&config(), b"{}", "1"), format!("mac={}", hex(&plain)));
    assert_eq!(hex(&Sha256::digest("abc"))[..16], *"ba7816bf8f01cfea");
}

#[test]
fn words_arrive_with_their_id_their_time_and_their_sender() {
    let arrived = arrived(&text("hồ sơ của tôi đến đâu rồi"));
    assert_eq!(arrived.event_id, "m-96d3cdf3af150460909");
    assert_eq!((arrived.from.as_str(), arrived.chat.as_str()), ("246845883529197922", "246845883529197922"));
    assert_eq!((arrived.audience, arrived.sent_at), (Audience::Sender, now()));
    assert!(arrived.what == Event::Said("hồ sơ của tôi đến đâu rồi".into()));
}

#[test]
fn numbers_may_be_numbers() {
    let event = with(text("a"), "/timestamp", json!(now().as_millisecond()));
    let event = with(event, "/sender/id", json!(246_845_883_529_197_922_u64));
    assert!(arrived(&event) == arrived(&text("a")));
}

#[test]
fn who_follows_begins_and_who_unfollows_leaves() {
    let (began, left) = (arrived(&follow("follow")), arrived(&follow("unfollow")));
    assert!(began.what == Event::Began && left.what == Event::Left);
    assert_ne!(began.event_id, left.event_id);
    assert!(began.event_id.starts_with("f-"));
    assert_eq!(began.event_id, arrived(&follow("follow")).event_id, "sent again it is the same");
    let later = with(follow("follow"), "/timestamp", json!((now().as_millisecond() + 1).to_string()));
    assert_ne!(arrived(&later).event_id, began.event_id);
}

#[test]
fn without_an_id_the_fields_tell_events_apart() {
    let bare = |words: &str, sender: &str| {
        let event = with(text(words), "/message", json!({"text": words}));
        arrived(&with(event, "/sender/id", json!(sender))).event_id
    };
    assert_eq!(bare("a", "1"), bare("a", "1"));
    let all = [bare("a", "1"), bare("b", "1"), bare("a", "2"), bare("1a", "2"), bare("", "12")];
    for (place, id) in all.iter().enumerate() {
        assert!(!all[..place].contains(id), "{place}");
    }
}

#[test]
fn what_cannot_be_read_is_told_as_such() {
    for name in UNREADABLE {
        let event = with(text("chú thích"), "/event_name", json!(name));
        assert!(arrived(&event).what == Event::Unreadable, "{name}");
    }
    assert!(arrived(&text("  \n")).what == Event::Unreadable);
    let event = with(text("a"), "/message", json!({"msg_id": "1", "attachments": [{"type": "photo"}]}));
    assert!(arrived(&event).what == Event::Unreadable);
    let link = with(text("https://a.vn"), "/event_name", json!("user_send_link"));
    assert!(arrived(&link).what == Event::Said("https://a.vn".into()));
}

#[test]
fn what_the_account_does_and_what_is_not_known_is_nothing() {
    for name in [
        "oa_send_text",
        "user_seen_message",
        "user_received_message",
        "user_send_group_text",
        "anonymous_send_text",
        "x",
    ] {
        let event = with(text("a"), "/event_name", json!(name));
        assert!(read_signed(&event).unwrap().is_none(), "{name}");
        // Whatever it looks like.
        let event = with(event, "/message", json!(["odd"]));
        assert!(read_signed(&event).unwrap().is_none(), "{name}");
    }
}

#[test]
fn long_words_are_cut() {
    let arrived = arrived(&text(&"ế".repeat(MOST_CHARS + 1)));
    let Event::Said(words) = arrived.what else { panic!() };
    assert_eq!(words.chars().count(), MOST_CHARS);
}

#[test]
fn another_account_is_refused() {
    assert!(matches!(read_signed(&with(text("a"), "/app_id", json!("1"))), Err(Refused::OtherAccount)));
    assert!(matches!(read_signed(&with(text("a"), "/recipient/id", json!("1"))), Err(Refused::OtherAccount)));
    assert!(matches!(read_signed(&with(follow("follow"), "/oa_id", json!("1"))), Err(Refused::OtherAccount)));
    // Also where it is an event that would be ignored.
    let event = with(text("a"), "/app_id", json!("1"));
    assert!(matches!(read_signed(&with(event, "/event_name", json!("x"))), Err(Refused::OtherAccount)));
}

#[test]
fn old_events_and_those_of_the_future_are_refused() {
    let at =
        |millis: i64| read_signed(&with(text("a"), "/timestamp", json!((now().as_millisecond() + millis).to_string())));
    let (hours, seconds) = (24 * 3_600_000, 300_000);
    assert!(at(-hours).is_ok() && at(seconds).is_ok());
    assert!(matches!(at(-hours - 1), Err(Refused::Stale)));
    assert!(matches!(at(seconds + 1), Err(Refused::Stale)));
}

#[test]
fn a_signature_is_of_these_very_bytes() {
    let body = text("a").to_string();
    let good = signature(&config(), body.as_bytes(), &millis());
    let of = |signature: Option<&str>, body: &str| read(&config(), now(), signature, body.as_bytes()).err();
    assert_eq!(of(Some(&good), &body), None);
    assert_eq!(of(Some(&good.to_uppercase().replace("MAC", "mac")), &body), None);
    assert_eq!(of(None, &body), Some(Refused::Signature));
    assert_eq!(of(Some(good.trim_start_matches("mac=")), &body), Some(Refused::Signature));
    assert_eq!(of(Some("mac="), &body), Some(Refused::Signature));
    assert_eq!(of(Some(&good[..good.len() - 1]), &body), Some(Refused::Signature));
    let pretty = serde_json::to_string_pretty(&text("a")).unwrap();
    assert_eq!(of(Some(&good), &pretty), Some(Refused::Signature), "the same event, written again");
    let other = ZaloConfig { oa_secret: "khoa-khac".into(), ..config() };
    assert_eq!(of(Some(&signature(&other, body.as_bytes(), &millis())), &body), Some(Refused::Signature));
}

#[test]
fn what_is_malformed_is_named() {
    let of = |body: &str| {
        let signature = signature(&config(), body.as_bytes(), &millis());
        read(&config(), now(), Some(&signature), body.as_bytes()).err().unwrap()
    };
    for bad in ["", "{", "[]", "null", "\u{feff}{}", r#"{"event_name":"x"}"#, r#"{"event_name":"x","timestamp":"-1"}"#]
    {
        assert_eq!(of(bad), Refused::Malformed("envelope"), "{bad}");
    }
    let body = text("a").to_string();
    let twice = body.replacen('{', r#"{"timestamp":"1","#, 1);
    assert_eq!(of(&twice), Refused::Malformed("envelope"));
    let two_senders = body.replacen('{', r#"{"sender":{"id":"1"},"#, 1);
    assert_eq!(of(&two_senders), Refused::Malformed("event"));
    let event = |field: &str, value| read_signed(&with(text("a"), field, value)).err().unwrap();
    assert_eq!(event("/sender", json!(null)), Refused::Malformed("sender"));
    assert_eq!(event("/recipient", json!(null)), Refused::Malformed("recipient"));
    assert_eq!(event("/sender/id", json!("a b")), Refused::Malformed("event"));
    assert_eq!(event("/sender/id", json!("")), Refused::Malformed("event"));
    assert_eq!(event("/message/msg_id", json!("x".repeat(129))), Refused::Malformed("event"));
    assert_eq!(event("/message/text", json!(5)), Refused::Malformed("event"));
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(of(&deep), Refused::Malformed("envelope"));
    assert_eq!(of(&" ".repeat(65_537)), Refused::TooLong);
}

proptest! {
    /// What is taken is within the contract's bounds, and unsigned nothing is.
    #[test]
    fn whatever_comes_is_within_bounds(
        words in any::<String>(), sender in "[!-~]{1,128}", id in proptest::option::of("[!-~]{1,128}"), signed in any::<bool>(),
    ) {
        let event = with(text(&words), "/sender/id", json!(sender));
        let event = with(event, "/message", json!({"text": words, "msg_id": id}));
        let body = event.to_string();
        let signature = signature(&config(), body.as_bytes(), &millis());
        let taken = read(&config(), now(), Some(&signature).filter(|_| signed).map(String::as_str), body.as_bytes());
        match taken {
            Ok(Some(arrived)) => {
                prop_assert!(signed);
                prop_assert_eq!(arrived.from.as_str(), sender);
                prop_assert!(arrived.event_id.len() <= 130);
                match arrived.what {
                    Event::Said(said) => prop_assert_eq!(said, words),
                    what => prop_assert!(what == Event::Unreadable && words.trim().is_empty()),
                }
            }
            Ok(None) => prop_assert!(false, "words are something"),
            Err(refused) => prop_assert!(!signed && refused == Refused::Signature),
        }
    }

    /// Any bytes at all: read or refused.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let signature = signature(&config(), &bytes, &millis());
        prop_assert!(read(&config(), now(), Some(&signature), &bytes).is_err());
    }
}
