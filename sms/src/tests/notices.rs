//! What goes out without being asked for: hours, caps, refusals.

use gateway_core::domain::{Locale, OneTimeCode, Phone, local_datetime};
use gateway_core::ports::{NewOutbound, NotSaid, Notification, Notifier as _, Subject};
use jiff::Timestamp;
use jiff::civil::date;

use super::world::{World, world};
use crate::config::AnswerConfig;

fn announcement(at: &str) -> Notification {
    Notification {
        to: Phone::parse("0912345678").unwrap(),
        locale: Locale::VI,
        subject: Subject::Announcement("Chiều nay trung tâm nghỉ".into()),
        at: at.parse().unwrap(),
    }
}

async fn leaves(world: &World, at: &str) -> Timestamp {
    world.composer.compose(&announcement(at)).await.unwrap()[0].not_before
}

fn quiet() -> World {
    world(&["viettel"], AnswerConfig::default())
}

#[tokio::test(start_paused = true)]
async fn nobody_is_woken() {
    let world = quiet();
    // 09:00, 22:00, 23:30 and 06:59 in Vietnam.
    assert_eq!(leaves(&world, "2026-11-26T02:00:00Z").await.to_string(), "2026-11-26T02:00:00Z");
    let next_morning = date(2026, 11, 27).at(7, 0, 0, 0);
    assert_eq!(local_datetime(leaves(&world, "2026-11-26T15:00:00Z").await), next_morning);
    assert_eq!(local_datetime(leaves(&world, "2026-11-26T16:30:00Z").await), next_morning);
    assert_eq!(local_datetime(leaves(&world, "2026-11-26T23:59:00Z").await), next_morning);
}

#[tokio::test(start_paused = true)]
async fn three_notices_a_day_are_enough() {
    let world = quiet();
    for _ in 0..3 {
        world.composer.compose(&announcement("2026-11-26T02:00:00Z")).await.unwrap();
    }
    let fourth = world.composer.compose(&announcement("2026-11-26T03:00:00Z")).await;
    assert!(matches!(fourth, Err(NotSaid::EnoughToday)), "{fourth:?}");
    world.composer.compose(&announcement("2026-11-27T02:00:00Z")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn whoever_refuses_gets_nothing_but_what_they_ask_for() {
    let world = quiet();
    *world.wishes.refused.lock() = true;
    let refused = world.composer.compose(&announcement("2026-11-26T02:00:00Z")).await;
    assert!(matches!(refused, Err(NotSaid::Refused)));
    let code = Notification {
        subject: Subject::OneTimeCode { code: OneTimeCode::from_bits(123_456), minutes: 5 },
        // At night: somebody waits for it.
        ..announcement("2026-11-26T16:30:00Z")
    };
    let messages: Vec<NewOutbound> = world.composer.compose(&code).await.unwrap();
    let message = &messages[0];
    assert!(message.text.contains("123456"), "{}", message.text);
    assert_eq!(message.not_before, code.at);
    assert_eq!(message.valid_until.duration_since(code.at).as_secs(), 300);
    assert!(message.repeatable, "the same code twice harms nobody");
    assert_eq!(message.to, "+84912345678");
}

#[tokio::test(start_paused = true)]
async fn where_no_road_carries_notices_none_is_said() {
    let mut world = quiet();
    world.composer.routes = crate::RoadConfigs::default().plan(&crate::SmsConfig::default());
    let said = world.composer.compose(&announcement("2026-11-26T02:00:00Z")).await;
    assert!(matches!(said, Err(NotSaid::NoRoad)));
}
