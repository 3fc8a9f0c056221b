//! From an event to its answer: order, repetitions, silence, floods.

use std::sync::atomic::Ordering;
use std::time::Duration;

use channel_assistant::messenger::{MessengerConfig, Taken};
use gateway_core::desk::RefusalKind;
use gateway_core::domain::Channel;
use gateway_core::ports::{Fate, Speaker};

use crate::stand_ins::Does;
use crate::world::{HELP, LEFT, WAIT, World, counted, reads, refuses, says_left};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn shuffled_events_are_answered_in_the_order_in_which_they_were_sent() {
    let world = World::new();
    for (words, ago) in [("third", 10), ("first", 90), ("fourth", 1), ("second", 40)] {
        world.said("an", words, Duration::from_millis(ago)).await;
    }
    world.settled().await;
    assert_eq!(world.asked(), ["first", "second", "third", "fourth"]);
    assert_eq!(world.got("an").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_a_browser_says_waits_for_nothing() {
    let world = World::new();
    world.types("s1", "hello").await;
    world.pass(Duration::from_millis(1)).await;
    assert_eq!(world.database.said_by(Speaker::Assistant).len(), 1, "without the time for putting into order");
    world.settled().await;
    assert!(world.wire.tried.lock().is_empty(), "a browser reads the transcript");
}

#[tokio::test(start_paused = true)]
async fn a_repetition_is_answered_once() {
    let world = World::new();
    assert_eq!(world.says("an", "hello").await, Taken::New);
    assert_eq!(world.says("an", "hello").await, Taken::Replay);
    world.settled().await;
    assert_eq!(world.says("an", "hello").await, Taken::Replay);
    world.settled().await;
    assert_eq!((world.asked().len(), world.got("an").len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_silent_portal_is_told_once_and_the_answer_comes_later() {
    let world = World::new();
    let down = || refuses(RefusalKind::PortalDown);
    world.desk_does("where", [down(), refuses(RefusalKind::TooLate), down()]);
    world.says("an", "where").await;
    world.types("s1", "how").await;
    world.settled().await;
    reads(&world.got("an"), &[WAIT, HELP]);
    // 30 s, a minute, two minutes.
    let asked: Vec<_> = world.asked().into_iter().filter(|words| words == "where").collect();
    assert_eq!(asked.len(), 4);
    let lines = world.database.said_by(Speaker::Citizen);
    assert_eq!(lines.iter().filter(|line| line.text == "where").count(), 1, "the question stands there once");
    let fates: Vec<Fate> = world.database.fates.lock().iter().map(|(_, fate)| *fate).collect();
    assert_eq!(fates.iter().filter(|fate| matches!(fate, Fate::Later { acknowledged: true, .. })).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_worth_nothing_any_more_is_given_up_kindly() {
    let world = World::with(MessengerConfig { worth: SECOND * 100, ..MessengerConfig::default() });
    world.desk_does("where", (0..9).map(|_| refuses(RefusalKind::PortalDown)));
    world.says("an", "where").await;
    world.settled().await;
    reads(&world.got("an"), &[WAIT, "Rất tiếc"]);
    assert_eq!(world.asked().len(), 3, "at once, after half a minute, and after a minute and a half for the last time");
}

#[tokio::test(start_paused = true)]
async fn one_question_that_the_house_stumbles_over_silences_no_chat() {
    let world = World::new();
    world.desk_does("bad", [Does::Panic, Does::Panic]);
    world.says("an", "bad").await;
    world.pass(SECOND).await;
    world.says("an", "good").await;
    world.pass(SECOND).await;
    reads(&world.got("an"), &[HELP]);
    world.settled().await;
    assert_eq!(world.asked(), ["bad", "good", "bad", "bad"], "and it is asked again");
    reads(&world.got("an"), &[HELP, HELP]);
}

#[tokio::test(start_paused = true)]
async fn a_question_that_always_makes_it_stumble_is_left_alone_in_the_end() {
    let world = World::with(MessengerConfig { worth: SECOND * 100, ..MessengerConfig::default() });
    world.desk_does("bad", (0..9).map(|_| Does::Panic));
    world.says("an", "bad").await;
    world.settled().await;
    assert_eq!(world.asked().len(), 3);
    assert!(matches!(world.database.fates.lock().last(), Some((_, Fate::Ignored))));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_one_chat_is_told_so_once_and_costs_nobody_else() {
    let world = World::with(MessengerConfig { at_once: 4, ..MessengerConfig::default() });
    for number in 0..60 {
        let words = format!("flood {number}");
        world.desk_does(&words, [Does::Take(SECOND)]);
        world.said("flood", &words, Duration::ZERO).await;
        world.pass(Duration::from_millis(1)).await;
    }
    world.says("an", "hello").await;
    world.pass(SECOND * 2).await;
    assert_eq!(counted(&world).get("an"), Some(&1), "the other is answered meanwhile");
    let too_much = world.got("flood").iter().filter(|text| text.contains("nhiều câu hỏi")).count();
    assert_eq!(too_much, 1, "told once");
    world.settled().await;
    let asked: Vec<String> = world.asked().into_iter().filter(|words| words.starts_with("flood")).collect();
    let expected: Vec<String> = (0..20).map(|number| format!("flood {number}")).collect();
    assert_eq!(asked, expected, "what fitted is answered, in its order");
    assert_eq!(world.got("flood").len(), 21);
    let fates = world.database.fates.lock();
    assert!(!fates.iter().any(|(_, fate)| matches!(fate, Fate::Later { .. })), "one write each, and no more");
}

#[tokio::test(start_paused = true)]
async fn what_was_promised_an_answer_is_answered_however_much_it_is() {
    let world = World::new();
    for number in 0..45 {
        let words = format!("where {number}");
        world.desk_does(&words, [refuses(RefusalKind::PortalDown)]);
        world.says("an", &words).await;
        world.pass(SECOND).await;
    }
    world.settled().await;
    let got = world.got("an");
    assert_eq!(got.iter().filter(|text| text.contains(WAIT)).count(), 45);
    assert_eq!(got.iter().filter(|text| text.contains(HELP)).count(), 45);
}

#[tokio::test(start_paused = true)]
async fn beyond_what_memory_holds_providers_are_asked_to_send_again() {
    use channel_assistant::messenger::Event;
    let world = World::new();
    for chat in 0..5_000 {
        world.says(&format!("c{chat}"), "hello").await;
    }
    let more = || world.try_event(Channel::Zalo, "oa", "an", "more", Event::Said("hello".into()), Duration::ZERO);
    assert!(more().await.is_err(), "it is not taken, and not on disk");
    world.settled().await;
    assert_eq!(more().await, Ok(Taken::New), "it comes again, and is no repetition");
    world.settled().await;
    assert_eq!(world.asked().len(), 5_001);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_late_is_still_put_in_its_place() {
    let world = World::new();
    world.said("an", "first", Duration::ZERO).await;
    world.pass(Duration::from_millis(240)).await;
    // While the first is being answered the third comes, and then the second.
    world.said("an", "third", Duration::ZERO).await;
    world.pass(Duration::from_millis(100)).await;
    world.said("an", "second", Duration::from_millis(150)).await;
    world.settled().await;
    assert_eq!(world.asked(), ["first", "second", "third"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_too_much_is_told_so_once_a_minute() {
    let world = World::new();
    for number in 0..10 {
        let words = format!("flood {number}");
        world.desk_does(&words, [refuses(RefusalKind::TooMany)]);
        world.says("an", &words).await;
        world.pass(SECOND).await;
    }
    world.settled().await;
    assert_eq!(world.got("an").len(), 1);
    world.pass(SECOND * 60).await;
    world.desk_does("again", [refuses(RefusalKind::TooMany)]);
    world.says("an", "again").await;
    world.settled().await;
    assert_eq!(world.got("an").len(), 2);
    assert_eq!(world.database.said_by(Speaker::Citizen).len(), 11, "an officer would see what was said");
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_away_for_a_while_loses_no_answer() {
    let world = World::new();
    world.database.failures.store(7, Ordering::Relaxed);
    world.desk_does("hello", [says_left()]);
    world.says("an", "hello").await;
    world.settled().await;
    reads(&world.got("an"), &[LEFT]);
    assert_eq!((world.asked().len(), world.database.lines.lock().len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn digits_that_may_be_secret_are_not_kept() {
    let world = World::new();
    world.types("s1", "CCCD 074085001234 hồ sơ 000.00.17.H09-260916-0012").await;
    world.settled().await;
    let said = world.database.said_by(Speaker::Citizen);
    assert_eq!(said[0].text, "CCCD •••••••••••• hồ sơ 000.00.17.H09-260916-0012");
    assert_eq!(world.asked(), ["CCCD 074085001234 hồ sơ 000.00.17.H09-260916-0012"], "but understood");
}

#[tokio::test(start_paused = true)]
async fn what_no_text_is_and_what_nobody_wrote_is_borne() {
    use channel_assistant::messenger::Event;
    let world = World::new();
    for (number, what) in [Event::Began, Event::Unreadable, Event::Left].into_iter().enumerate() {
        world.event(Channel::Zalo, "oa", "an", &format!("e{number}"), what, Duration::ZERO).await;
    }
    world.settled().await;
    assert_eq!(world.asked(), ["greet", "unreadable"]);
    assert_eq!(world.got("an").len(), 2, "whoever left is told nothing");
}

#[tokio::test(start_paused = true)]
async fn a_stop_settles_what_is_under_way() {
    let world = World::new();
    world.desk_does("slow", [Does::Take(SECOND * 3)]);
    world.types("s1", "slow").await;
    world.pass(SECOND).await;
    world.stop.cancel();
    for job in world.jobs {
        job.await.unwrap();
    }
    assert_eq!(world.database.said_by(Speaker::Assistant).len(), 1);
    assert!(world.database.waiting.lock().is_empty());
}
