//! What an update says.

use gateway_core::desk::Audience;
use gateway_core::domain::{Locale, Provider};
use gateway_locale::Locales;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::account::Account;
use super::commands::Commands;
use super::fuzz::fuzz_update;
use super::update::{Nothing, read};
use crate::messenger::{Arrived, Event};

fn account(name: Option<&str>) -> Account {
    let account = Account::new(123_456, Provider::new("telegram"));
    name.into_iter().for_each(|name| account.learn(name));
    account
}

fn hear_as(name: Option<&str>, update: &Value) -> Result<Arrived, Nothing> {
    let commands = Commands::new(&Locales::embedded().unwrap());
    read(update, &account(name), &commands, Timestamp::UNIX_EPOCH).unwrap().what
}

fn hear(update: &Value) -> Result<Arrived, Nothing> {
    hear_as(Some("DaKenhBot"), update)
}

fn said(update: &Value) -> String {
    match hear(update) {
        Ok(Arrived { what: Event::Said(words), .. }) => words,
        Ok(other) => format!("{:?}", other.what),
        Err(nothing) => nothing.key().to_owned(),
    }
}

/// A message in private with these fields.
fn private(fields: Value) -> Value {
    message("private", 42, fields)
}

fn group(fields: Value) -> Value {
    message("supergroup", -1007, fields)
}

#[expect(clippy::needless_pass_by_value, reason = "what json! made is handed over as it is")]
fn message(kind: &str, chat: i64, fields: Value) -> Value {
    let mut message = json!({
        "message_id": 5,
        "date": 1_790_000_000,
        "from": {"id": 42, "is_bot": false, "first_name": "Lan"},
        "chat": {"id": chat, "type": kind},
    });
    for (key, value) in fields.as_object().unwrap() {
        message[key] = value.clone();
    }
    json!({"update_id": 900, "message": message})
}

#[test]
fn only_ones_own_contact_from_the_button_is_a_telephone() {
    let contact =
        |user: Value| json!({"contact": {"phone_number": "84901234567", "first_name": "Lan", "user_id": user}});
    let own = hear(&private(contact(json!(42)))).unwrap();
    assert!(matches!(own.what, Event::Contact(phone) if phone.e164() == "+84901234567"));
    assert_eq!(said(&private(contact(json!(43)))), "Unreadable", "another's card");
    assert_eq!(said(&private(contact(Value::Null))), "Unreadable", "nobody's card");
    for passed_on in ["forward_origin", "via_bot"] {
        let mut card = contact(json!(42));
        card[passed_on] = json!({"type": "user"});
        assert_eq!(said(&private(card)), "Unreadable", "{passed_on}");
    }
    assert_eq!(said(&group(contact(json!(42)))), "not_for_us");
    let unreadable = json!({"contact": {"phone_number": "12", "user_id": 42}});
    assert_eq!(said(&private(unreadable)), "Unreadable");
}

#[test]
fn an_album_is_one_event_and_who_joins_is_none() {
    let picture = |id: i64| {
        let mut update = private(json!({"photo": [{"file_id": "x"}], "media_group_id": "7788", "caption": "giấy tờ"}));
        update["update_id"] = json!(id);
        hear(&update).unwrap()
    };
    assert_eq!(picture(1).what, Event::Unreadable);
    assert_eq!(picture(1).event_id, picture(2).event_id);
    assert_eq!(said(&private(json!({"new_chat_members": []}))), "not_for_us");
    assert_eq!(said(&group(json!({"photo": []}))), "not_for_us");
}

#[test]
fn in_a_group_only_who_calls_us_is_answered() {
    let mention = |text: &str, offset: usize, length: usize| {
        group(json!({"text": text, "entities": [{"type": "mention", "offset": offset, "length": length}]}))
    };
    assert_eq!(said(&group(json!({"text": "giờ làm việc"}))), "not_for_us");
    // 👋 counts two.
    assert_eq!(said(&mention("👋 @dakenhbot, giờ làm việc?", 3, 10)), "👋 , giờ làm việc?");
    assert_eq!(said(&mention("@DaKenhBot giờ làm việc?", 0, 10)), "giờ làm việc?");
    assert_eq!(said(&mention("@DaKenhBot", 0, 10)), "Began");
    assert_eq!(said(&mention("@OtherBot giờ làm việc?", 0, 9)), "not_for_us");
    assert_eq!(said(&mention("@DaKenhBot", 3, 900)), "not_for_us", "a place outside of the text");
    let reply = |id: i64| group(json!({"text": "còn phí?", "reply_to_message": {"from": {"id": id, "is_bot": true}}}));
    assert_eq!((said(&reply(123_456)), said(&reply(9))), ("còn phí?".into(), "not_for_us".into()));
    let command =
        |text: &str| group(json!({"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}));
    assert_eq!((said(&command("/help@DaKenhBot")), said(&command("/help"))), ("help".into(), "not_for_us".into()));
    let heard = hear(&reply(123_456)).unwrap();
    assert_eq!((heard.audience, heard.chat.as_str(), heard.from.as_str()), (Audience::Group, "-1007", "42"));
    // Before we know our name nobody knows whether it is for us.
    assert_eq!(hear_as(None, &mention("@DaKenhBot chào", 0, 10)).unwrap_err(), Nothing::NameUnknown);
    assert_eq!(hear_as(None, &command("/help@DaKenhBot")).unwrap_err(), Nothing::NameUnknown);
    assert_eq!(hear_as(None, &group(json!({"text": "giờ làm việc"}))).unwrap_err(), Nothing::NotForUs);
}

#[test]
fn a_typing_error_that_is_mended_at_once_is_asked_anew() {
    let edited = |kind: &str, after: i64| {
        let mut update = message(kind, 42, json!({"text": "hồ sơ 12", "edit_date": 1_790_000_000 + after}));
        let message = update.as_object_mut().unwrap().remove("message").unwrap();
        json!({"update_id": 901, "edited_message": message})
    };
    let heard = hear(&edited("private", 60)).unwrap();
    assert_eq!(heard.sent_at.as_second(), 1_790_000_060);
    assert_eq!(said(&edited("private", 60)), "hồ sơ 12");
    assert_eq!(said(&edited("private", 901)), "not_for_us", "nobody waits for it any more");
    assert_eq!(said(&edited("group", 60)), "not_for_us");
}

#[test]
fn who_blocks_us_has_left_and_a_groups_admin_has_not() {
    let change = |kind: &str, status: &str| {
        let member = json!({"user": {"id": 123_456, "is_bot": true}, "status": status});
        json!({"update_id": 1, "my_chat_member": {
            "date": 1_790_000_000, "from": {"id": 42}, "chat": {"id": 42, "type": kind}, "new_chat_member": member,
        }})
    };
    assert_eq!(said(&change("private", "kicked")), "Left");
    assert_eq!(said(&change("private", "member")), "not_for_us", "who comes back presses Start");
    assert_eq!(said(&change("supergroup", "kicked")), "not_for_us");
}

#[test]
fn bots_channels_and_forms_that_we_do_not_know_are_passed_over() {
    assert_eq!(said(&private(json!({"text": "x", "from": {"id": 9, "is_bot": true}}))), "not_for_us");
    assert_eq!(said(&private(json!({"text": "x", "from": null}))), "not_for_us");
    assert_eq!(said(&message("channel", -5, json!({"text": "x"}))), "not_for_us");
    assert_eq!(said(&private(json!({"text": 7}))), "strange");
    assert_eq!(said(&private(json!({"text": "x", "date": i64::MAX}))), "strange");
    assert_eq!(said(&private(json!({"text": "  \n "}))), "not_for_us");
}

/// Why teloxide's own types do not read here.
#[test]
fn an_entity_of_a_new_kind_spoils_no_message() {
    let newer = |entities: Value| private(json!({"text": "chào 27/11", "entities": entities}));
    let entity = json!({"type": "date_time", "offset": 5, "length": 5});
    assert_eq!(said(&newer(json!([entity, {"kind": 3}]))), "chào 27/11");
    let theirs: teloxide_core::types::Update = {
        let mut update = newer(json!([entity]));
        update["message"]["chat"]["first_name"] = json!("Lan");
        serde_json::from_str(&update.to_string()).unwrap()
    };
    let teloxide_core::types::UpdateKind::Message(message) = theirs.kind else { panic!("a message") };
    assert_eq!(message.text(), None, "it reads now what it once lost: ADR 12 can be looked at again");
}

#[test]
fn the_language_of_the_app_is_handed_in_where_it_is_ours() {
    let of = |code: Value| {
        let from = json!({"id": 42, "is_bot": false, "language_code": code});
        hear(&private(json!({"text": "x", "from": from}))).unwrap().locale
    };
    assert_eq!(
        ["vi", "en-GB", "VI-vn", "ko"].map(|code| of(json!(code))),
        [Some(Locale::VI), Some(Locale::EN), Some(Locale::VI), None]
    );
    assert_eq!(of(Value::Null), None);
}

#[test]
fn a_topic_of_a_group_is_a_place_of_its_own() {
    let topic = json!({
        "text": "chào", "message_thread_id": 45, "is_topic_message": true,
        "reply_to_message": {"from": {"id": 123_456}},
    });
    assert_eq!(hear(&group(topic)).unwrap().chat, "-1007/45");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[@/=#][a-zA-Z]{0,12}( \\PC{0,9})?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop::sample::select(vec![
            "text",
            "entities",
            "from",
            "chat",
            "id",
            "type",
            "date",
            "contact",
            "user_id",
            "phone_number",
            "data",
            "message",
            "reply_markup",
            "inline_keyboard",
            "offset",
            "length",
            "user",
            "status",
            "edit_date",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn any_update_is_read_within_its_bounds(
        kind in prop::sample::select(vec!["message", "edited_message", "callback_query", "my_chat_member"]),
        body in any_json(),
    ) {
        fuzz_update(json!({"update_id": 7, kind: body}).to_string().as_bytes());
    }

    #[test]
    fn any_message_is_read_within_its_bounds(
        text in "\\PC{0,60}",
        kind in prop::sample::select(vec!["mention", "text_mention", "bot_command", "bold"]),
        offset in 0_usize..70,
        length in 0_usize..70,
        private_chat in any::<bool>(),
    ) {
        let fields = json!({
            "text": text,
            "entities": [{"type": kind, "offset": offset, "length": length, "user": {"id": 123_456}}],
        });
        let update = if private_chat { private(fields) } else { group(fields) };
        let taken = fuzz_update(update.to_string().as_bytes());
        // In private all words are heard.
        prop_assert!(!private_chat || taken || text.trim().is_empty());
    }
}
