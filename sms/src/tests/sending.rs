//! From the outbox onto the roads.

use std::sync::atomic::Ordering;
use std::time::Duration;

use gateway_core::domain::{Category, Channel, DeliveryState};
use gateway_core::ports::{NewOutbound, Outbox as _};
use jiff::{SignedDuration, Timestamp};

use super::world::{CITIZEN, NOW, World, id, world};
use crate::config::AnswerConfig;
use crate::road::{RoadState, Submitted};

fn message(text: &str, category: Category) -> NewOutbound {
    let now: Timestamp = NOW.parse().unwrap();
    NewOutbound {
        channel: Channel::Sms,
        route: "viettel".into(),
        category,
        to: CITIZEN.into(),
        from: "8283".into(),
        text: text.into(),
        form: "gsm7".into(),
        part: 1,
        parts: 1,
        reference: 0,
        not_before: now,
        valid_until: now + SignedDuration::from_hours(1),
        repeatable: false,
        answers: None,
        begun: false,
    }
}

async fn enqueue(world: &World, messages: Vec<NewOutbound>) {
    world.mailbox.enqueue(messages).await.unwrap();
    world.pass(Duration::from_millis(600)).await;
}

#[tokio::test(start_paused = true)]
async fn answers_go_before_notices() {
    let world = world(&["viettel"], AnswerConfig::default());
    let held = world.road().window.acquire_many(4).await.unwrap();
    let notices = (0..3).map(|place| message(&format!("notice {place}"), Category::Announcement));
    enqueue(&world, notices.collect()).await;
    enqueue(&world, vec![message("answer", Category::Answer), message("code", Category::Code)]).await;
    drop(held);
    world.settle_down().await;
    assert_eq!(world.road().texts(), ["answer", "code", "notice 0", "notice 1", "notice 2"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_waits_a_moment_for_a_place() {
    let world = world(&["viettel"], AnswerConfig::default());
    let held = world.road().window.acquire_many(4).await.unwrap();
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.pass(Duration::from_millis(50)).await;
    assert!(world.mailbox.states.lock().is_empty(), "it is not even queued: its question is on disk");
    drop(held);
    world.settle_down().await;
    assert_eq!(world.road().texts().len(), 2, "the help takes two parts");
    assert_eq!(world.mailbox.state(DeliveryState::Accepted), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_found_no_place_is_queued_and_goes_as_soon_as_there_is_one() {
    let world = world(&["viettel"], AnswerConfig::default());
    let held = world.road().window.acquire_many(4).await.unwrap();
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.pass(Duration::from_millis(101)).await;
    assert_eq!(world.mailbox.state(DeliveryState::Queued), 2);
    // Nobody has adopted it yet, and a place is free: a later one waits.
    drop(held);
    world.texts("84987654321", "TRO GIUP").await.unwrap();
    world.pass(Duration::from_millis(25)).await;
    let to: Vec<_> = world.road().sent.lock().iter().map(|part| part.to.clone()).collect();
    assert_eq!(to, [CITIZEN, CITIZEN, "84987654321", "84987654321"]);
    assert_eq!(world.mailbox.state(DeliveryState::Accepted), 4);
    // Then answers are begun as they are written again.
    world.texts("84977777777", "TRO GIUP").await.unwrap();
    world.pass(Duration::from_millis(1)).await;
    assert_eq!(world.mailbox.state(DeliveryState::Accepted), 6);
}

#[tokio::test(start_paused = true)]
async fn an_answer_does_not_wait_for_a_road_that_is_down() {
    let world = world(&["viettel"], AnswerConfig::default());
    *world.road().state.lock() = RoadState::Down;
    let _held = world.road().window.acquire_many(4).await.unwrap();
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.pass(Duration::from_millis(1)).await;
    assert_eq!(world.mailbox.state(DeliveryState::Queued), 2);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_taken_goes_again_after_the_pause() {
    let world = world(&["viettel"], AnswerConfig::default());
    let throttled = Submitted::NotTaken { code: "throttled", after: Duration::from_secs(3) };
    world.road().outcomes.lock().extend([throttled.clone(), throttled]);
    enqueue(&world, vec![message("answer", Category::Answer)]).await;
    assert!(world.road().texts().is_empty());
    assert_eq!(world.mailbox.state(DeliveryState::Queued), 1);
    world.pass(Duration::from_secs(7)).await;
    assert_eq!(world.road().texts(), ["answer"]);
    assert_eq!(world.mailbox.state(DeliveryState::Accepted), 1);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_of_is_not_repeated_unless_that_is_harmless() {
    let world = world(&["viettel"], AnswerConfig::default());
    world.road().outcomes.lock().push_back(Submitted::Uncertain);
    enqueue(&world, vec![message("answer", Category::Answer)]).await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.road().texts(), ["answer"]);
    assert_eq!(world.mailbox.state(DeliveryState::Uncertain), 1);
    world.road().outcomes.lock().push_back(Submitted::Uncertain);
    world.road().outcomes.lock().push_back(Submitted::Uncertain);
    enqueue(&world, vec![NewOutbound { repeatable: true, ..message("code", Category::Code) }]).await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.road().texts(), ["answer", "code", "code"], "once more, and not for ever");
}

#[tokio::test(start_paused = true)]
async fn a_refused_message_is_failed_and_a_late_one_expires_unsent() {
    let world = world(&["viettel"], AnswerConfig::default());
    world.road().outcomes.lock().push_back(Submitted::Refused { code: id("0x0000000B") });
    enqueue(&world, vec![message("answer", Category::Answer)]).await;
    assert_eq!(world.mailbox.state(DeliveryState::Failed), 1);
    let held = world.road().window.acquire_many(4).await.unwrap();
    enqueue(&world, vec![message("late", Category::Answer)]).await;
    world.pass(Duration::from_secs(3_700)).await;
    drop(held);
    world.settle_down().await;
    assert_eq!(world.mailbox.state(DeliveryState::Expired), 1);
    assert_eq!(world.road().texts(), ["answer"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_before_its_time() {
    let world = world(&["viettel"], AnswerConfig::default());
    let morning = NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(30);
    enqueue(&world, vec![NewOutbound { not_before: morning, ..message("notice", Category::Status) }]).await;
    world.pass(Duration::from_secs(1_700)).await;
    assert!(world.road().texts().is_empty());
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.road().texts(), ["notice"]);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_road_that_is_given_up_takes_another() {
    let world = world(&["viettel", "vinaphone"], AnswerConfig::default());
    *world.road().state.lock() = RoadState::Down;
    let _held = world.road().window.acquire_many(4).await.unwrap();
    enqueue(&world, vec![message("answer", Category::Answer)]).await;
    world.pass(Duration::from_secs(20)).await;
    assert!(world.roads[1].texts().is_empty(), "a short fall moves nothing");
    world.pass(Duration::from_secs(20)).await;
    assert_eq!(world.roads[1].texts(), ["answer"]);
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.settle_down().await;
    assert_eq!(world.roads[1].texts().len(), 3, "and so do answers from now on");
}

#[tokio::test(start_paused = true)]
async fn a_road_out_of_service_gets_nothing_new() {
    let world = world(&["viettel", "vinaphone"], AnswerConfig::default());
    world.routes.named("viettel").unwrap().drain(true);
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.settle_down().await;
    assert_eq!((world.road().texts().len(), world.roads[1].texts().len()), (0, 2));
    assert_eq!(world.dispatcher.waiting("viettel"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_cannot_be_recorded_is_recorded_later_and_nothing_sent_twice() {
    let world = world(&["viettel"], AnswerConfig::default());
    let held = world.road().window.acquire_many(4).await.unwrap();
    enqueue(&world, vec![message("answer", Category::Answer)]).await;
    // The marking fails first, then twice the outcome.
    world.mailbox.failures.store(1, Ordering::Relaxed);
    drop(held);
    world.settle_down().await;
    assert!(world.road().texts().is_empty(), "what is not marked is not sent");
    world.pass(Duration::from_secs(2)).await;
    assert_eq!(world.road().texts(), ["answer"]);
    assert_eq!(world.mailbox.state(DeliveryState::Accepted), 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_citizen_alone_may_see_is_not_carried_abroad() {
    let world = world(&["viettel", "twilio"], AnswerConfig::default());
    *world.road().state.lock() = RoadState::Down;
    let _held = world.road().window.acquire_many(4).await.unwrap();
    enqueue(&world, vec![message("answer", Category::Answer), message("notice", Category::Announcement)]).await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.roads[1].texts(), ["notice"], "a private answer waits for its own road");
    assert_eq!(world.routes.choose(Category::Code, None).unwrap().name(), "viettel", "and so does a code");
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.settle_down().await;
    let audience = world.desk.asked.lock()[0].audience;
    assert_eq!(audience, gateway_core::desk::Audience::ForeignProcessor, "a new answer is for everybody to see");
}

#[tokio::test(start_paused = true)]
async fn a_notice_that_was_refused_meanwhile_does_not_leave() {
    let world = world(&["viettel"], AnswerConfig::default());
    let morning = NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(5);
    enqueue(&world, vec![NewOutbound { not_before: morning, ..message("notice", Category::Status) }]).await;
    *world.wishes.refused.lock() = true;
    world.pass(Duration::from_secs(600)).await;
    assert!(world.road().texts().is_empty());
    assert_eq!(world.mailbox.state(DeliveryState::Failed), 1);
}

#[tokio::test(start_paused = true)]
async fn what_expires_on_a_dead_road_makes_room() {
    let world = world(&["viettel"], AnswerConfig::default());
    let _held = world.road().window.acquire_many(4).await.unwrap();
    enqueue(&world, vec![message("late", Category::Answer)]).await;
    assert_eq!(world.dispatcher.waiting("viettel"), 1);
    world.pass(Duration::from_secs(3_700)).await;
    assert_eq!(world.dispatcher.waiting("viettel"), 0);
    assert_eq!(world.mailbox.state(DeliveryState::Expired), 1);
}
