//! From the outbox onto a wire: every end of a hand-over, and the order of each
//! chat.

use std::time::Duration;

use channel_assistant::messenger::{MessengerConfig, Sent};
use gateway_core::domain::DeliveryState;

use crate::world::{HELP, LEFT, World, counted, reads, says_left};

const SECOND: Duration = Duration::from_secs(1);

fn later(seconds: u64, account: bool) -> Sent {
    Sent::Later { after: SECOND * u32::try_from(seconds).unwrap(), account }
}

#[tokio::test(start_paused = true)]
async fn the_order_of_a_chat_is_kept_over_a_pause() {
    let world = World::new();
    world.wire_ends("an", [later(20, false), later(5, false)]);
    world.says("an", "one").await;
    world.pass(SECOND).await;
    world.desk_does("two", [says_left()]);
    world.says("an", "two").await;
    world.settled().await;
    reads(&world.got("an"), &[HELP, LEFT]);
    let tries = world.tries("an");
    assert_eq!(tries.len(), 4, "{tries:?}");
    assert!(tries[1] - tries[0] >= 20_000 && tries[2] - tries[1] >= 5_000, "{tries:?}");
}

#[tokio::test(start_paused = true)]
async fn a_chat_that_must_wait_takes_nobodys_place() {
    let world = World::with(MessengerConfig { sends_at_once: 1, ..MessengerConfig::default() });
    world.wire_ends("an", [later(50, false)]);
    world.says("an", "one").await;
    world.pass(SECOND).await;
    world.says("binh", "one").await;
    world.pass(SECOND * 2).await;
    assert_eq!(counted(&world).get("binh"), Some(&1), "while the other waits");
    assert_eq!(counted(&world).get("an"), None);
    world.settled().await;
    assert_eq!(counted(&world).get("an"), Some(&1));
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_the_account_holds_every_chat_back() {
    let world = World::new();
    world.wire_ends("an", [later(60, true)]);
    world.says("an", "one").await;
    world.pass(SECOND).await;
    for chat in ["binh", "chi", "dung"] {
        world.says(chat, "one").await;
    }
    world.pass(SECOND * 30).await;
    assert_eq!(world.wire.tried.lock().len(), 1, "nobody knocks meanwhile");
    world.settled().await;
    let counts = counted(&world);
    assert!(["an", "binh", "chi", "dung"].iter().all(|chat| counts.get(*chat) == Some(&1)), "{counts:?}");
    assert!(world.tries("binh")[0] >= 60_000);
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_and_what_nobody_knows_is_not_repeated() {
    let world = World::new();
    world.wire_ends("blocked", [Sent::Refused { code: "-213".into() }]);
    world.wire_ends("unknown", [Sent::Uncertain]);
    for chat in ["blocked", "unknown", "an"] {
        world.says(chat, "one").await;
    }
    world.settled().await;
    world.pass(SECOND * 600).await;
    assert_eq!(world.wire.tried.lock().len(), 3);
    let in_state = |state| world.database.in_state(state);
    assert_eq!(in_state(DeliveryState::Failed), 1);
    assert_eq!(in_state(DeliveryState::Uncertain), 1);
    assert_eq!(in_state(DeliveryState::Accepted), 1);
    // The chat goes on.
    world.says("unknown", "two").await;
    world.settled().await;
    assert_eq!(counted(&world).get("unknown"), Some(&1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_gets_through_ends_in_time() {
    let world = World::with(MessengerConfig { valid: SECOND * 100, ..MessengerConfig::default() });
    world.wire_ends("an", (0..99).map(|_| later(30, false)));
    world.says("an", "one").await;
    world.settled().await;
    assert_eq!(world.database.in_state(DeliveryState::Expired), 1);
    assert_eq!(world.tries("an").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_stop_leaves_alone_what_still_must_wait() {
    let world = World::new();
    world.wire_ends("an", [later(3_000, false)]);
    world.says("an", "one").await;
    world.pass(SECOND).await;
    world.stop.cancel();
    let started = tokio::time::Instant::now();
    for job in world.jobs {
        job.await.unwrap();
    }
    assert!(started.elapsed() < SECOND, "{:?}", started.elapsed());
    assert_eq!(world.database.in_state(DeliveryState::Queued), 1, "the next start sends it");
}
