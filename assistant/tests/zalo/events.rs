//! What Zalo calls us with, through the whole public stack.

use channel_assistant::messenger::Event;
use futures::StreamExt as _;
use gateway_core::ports::Clock as _;
use serde_json::{Value, json};
use test_support::{Zalo, ZaloEvent, client};

use crate::world::{CITIZEN, Door, World};

fn now(world: &World) -> i64 {
    world.clock.now().as_millisecond()
}

async fn post(door: &Door, event: &ZaloEvent) -> u16 {
    door.post(&event.body, Some(&event.signature)).await
}

#[tokio::test]
async fn what_a_citizen_does_arrives_once() {
    let world = World::new();
    let door = Door::of(&world).await;
    let events = [
        ZaloEvent::follow("follow", CITIZEN, now(&world)),
        ZaloEvent::text(CITIZEN, "1", "hồ sơ của tôi", now(&world)),
        ZaloEvent::other("user_send_sticker", CITIZEN, "2", now(&world)),
        ZaloEvent::follow("unfollow", CITIZEN, now(&world)),
    ];
    for event in events.iter().chain(&events) {
        assert_eq!(post(&door, event).await, 200);
    }
    let arrived = door.intake.events.lock();
    let what: Vec<&Event> = arrived.iter().map(|event| &event.what).collect();
    let wanted = [&Event::Began, &Event::Said("hồ sơ của tôi".into()), &Event::Unreadable, &Event::Left];
    assert!(what == wanted, "{what:?}");
    assert!(arrived.iter().all(|event| event.from == CITIZEN && event.chat == CITIZEN));
    assert_eq!((door.counted("taken"), door.counted("replayed")), (4, 4));
}

#[tokio::test]
async fn what_is_not_signed_over_these_bytes_is_refused() {
    let world = World::new();
    let door = Door::of(&world).await;
    let event = ZaloEvent::text(CITIZEN, "1", "hồ sơ của tôi", now(&world));
    assert_eq!(door.post(&event.body, None).await, 403);
    assert_eq!(door.post(&event.body, Some("mac=")).await, 403);
    let forged = ZaloEvent::sign(&event.body, &now(&world).to_string(), "khoa-khac");
    assert_eq!(door.post(&event.body, Some(&forged)).await, 403);
    // The same event, as another writer of JSON would have it.
    let value: Value = serde_json::from_str(&event.body).unwrap();
    let again = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(door.post(&again, Some(&event.signature)).await, 403);
    // Another's words under this signature.
    let changed = event.body.replace("hồ sơ của tôi", "hồ sơ của ai");
    assert_eq!(door.post(&changed, Some(&event.signature)).await, 403);
    let twice = client().post(format!("http://{}/webhooks/zalo", door.address)).body(event.body.clone());
    let twice = twice.header("X-ZEvent-Signature", &event.signature).header("X-ZEvent-Signature", "mac=00");
    assert_eq!(twice.send().await.unwrap().status(), 403);
    assert_eq!(door.counted("bad_signature"), 6);
    assert!(door.intake.events.lock().is_empty());
}

#[tokio::test]
async fn an_event_that_is_played_again_much_later_is_refused() {
    let world = World::new();
    let door = Door::of(&world).await;
    let event = ZaloEvent::text(CITIZEN, "1", "a", now(&world));
    let tomorrow = ZaloEvent::text(CITIZEN, "2", "b", now(&world) + 3_600_000);
    assert_eq!(post(&door, &tomorrow).await, 403, "of the future");
    // As long as Zalo itself may send it again, it is known and no more.
    world.clock.advance(3_600 * 23);
    assert_eq!((post(&door, &event).await, post(&door, &event).await), (200, 200));
    world.clock.advance(3_600 * 2);
    assert_eq!(post(&door, &event).await, 403);
    assert_eq!((door.counted("stale"), door.intake.events.lock().len()), (2, 1));
}

#[tokio::test]
async fn another_accounts_events_are_refused_and_what_the_account_does_is_ignored() {
    let world = World::new();
    let door = Door::of(&world).await;
    let at = now(&world).to_string();
    let of = |field: &str, value: &str| {
        let mut event = json!({
            "app_id": Zalo::APP_ID, "event_name": "user_send_text", "timestamp": at,
            "sender": {"id": CITIZEN}, "recipient": {"id": Zalo::OA_ID}, "message": {"msg_id": "1", "text": "a"},
        });
        *event.pointer_mut(field).unwrap() = json!(value);
        ZaloEvent::of(&event)
    };
    assert_eq!(post(&door, &of("/app_id", "1")).await, 403);
    assert_eq!(post(&door, &of("/recipient/id", "1")).await, 403);
    for name in ["oa_send_text", "user_seen_message", "a_new_event_of_2031"] {
        assert_eq!(post(&door, &of("/event_name", name)).await, 200);
    }
    assert_eq!((door.counted("other_account"), door.counted("ignored")), (2, 3));
    assert!(door.intake.events.lock().is_empty());
}

#[tokio::test]
async fn what_is_too_long_or_malformed_is_said_to_be_so() {
    let world = World::new();
    let door = Door::of(&world).await;
    let long = ZaloEvent::text(CITIZEN, "1", &"x".repeat(65_536), now(&world));
    assert_eq!(post(&door, &long).await, 413);
    let endless = ZaloEvent::text(CITIZEN, "1", &"x".repeat(200_000), now(&world));
    assert_eq!(post(&door, &endless).await, 413);
    for body in ["", "{", "[]", "\u{0}", r#"{"event_name":"user_send_text"}"#] {
        let signature = ZaloEvent::sign(body, "1", Zalo::OA_SECRET);
        assert_eq!(door.post(body, Some(&signature)).await, 400, "{body:?}");
    }
    let no_sender = json!({
        "event_name": "user_send_text", "timestamp": now(&world).to_string(), "recipient": {"id": Zalo::OA_ID},
    });
    assert_eq!(post(&door, &ZaloEvent::of(&no_sender)).await, 400);
    assert_eq!(door.counted("malformed"), 6);
    let get = client().get(format!("http://{}/webhooks/zalo", door.address)).send().await.unwrap();
    assert_eq!(get.status(), 405);
}

#[tokio::test]
async fn what_is_not_on_disk_in_time_is_not_acknowledged() {
    let mut world = World::new();
    world.config.store_within_ms = 100;
    let door = Door::of(&world).await;
    let event = ZaloEvent::text(CITIZEN, "1", "a", now(&world));
    *door.intake.broken.lock() = true;
    assert_eq!(post(&door, &event).await, 503);
    *door.intake.broken.lock() = false;
    let all = door.intake.turns.forget_permits(usize::MAX);
    assert_eq!(post(&door, &event).await, 503, "Zalo would have turned away");
    door.intake.turns.add_permits(all);
    assert_eq!(post(&door, &event).await, 200);
    assert_eq!((door.counted("not_stored"), door.counted("taken")), (2, 1));
}

#[tokio::test]
async fn of_a_flood_out_of_order_each_event_is_taken_once_and_tells_its_time() {
    let world = World::new();
    let door = Door::of(&world).await;
    let start = now(&world);
    let events: Vec<ZaloEvent> = (0..300_i64)
        .map(|n| ZaloEvent::text(&format!("{}", n % 7), &format!("m{n}"), &format!("câu {n}"), start + n))
        .collect();
    let disturbed = ZaloEvent::disturbed(&events, 5, 2_026);
    assert!(disturbed.len() > events.len() && disturbed[..300] != events[..]);
    let forged = ZaloEvent { signature: "mac=00".into(), ..events[0].clone() };
    let all: Vec<&ZaloEvent> = disturbed.iter().flat_map(|event| [event, &forged]).collect();
    let answers: Vec<u16> =
        futures::stream::iter(all).map(|event| post(&door, event)).buffer_unordered(32).collect().await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), disturbed.len());
    assert_eq!(answers.iter().filter(|status| **status == 403).count(), disturbed.len());
    let mut arrived = door.intake.events.lock().clone();
    arrived.sort_by_key(|event| event.sent_at);
    let said: Vec<&Event> = arrived.iter().map(|event| &event.what).collect();
    let wanted: Vec<Event> = (0..300).map(|n| Event::Said(format!("câu {n}"))).collect();
    assert!(said == wanted.iter().collect::<Vec<_>>(), "the time that was signed is the order");
}
