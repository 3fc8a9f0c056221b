//! We ask Telegram.

use std::sync::Arc;
use std::time::Duration;

use channel_assistant::messenger::Event;
use serde_json::json;
use test_support::{BotApi, Fault};

use crate::world::{Node, Table, says, words};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn updates_are_handed_in_and_then_confirmed() {
    let api = BotApi::start();
    let first = api.happens(says(42, "một"));
    let second = api.happens(says(42, "hai"));
    let node = Node::start(&api, "").await;
    assert_eq!(words(&node.memory.heard(2)), ["một", "hai"]);
    assert_eq!(api.call("getUpdates", 1).get("offset"), None, "the first that nobody confirmed");
    assert_eq!(api.call("getUpdates", 2)["offset"], json!(second + 1));
    assert_eq!(api.calls("deleteWebhook").len(), 1);
    assert_eq!(second, first + 1);
    // What comes while the poll is open.
    api.happens(says(42, "ba"));
    assert_eq!(words(&node.memory.heard(3))[2], "ba");
    assert!(!api.unconfirmed().contains(&second));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_offset_moves_only_after_the_commit() {
    let api = BotApi::start();
    for (from, text) in [(42, "một"), (43, "hai"), (42, "ba")] {
        api.happens(says(from, text));
    }
    // The database is gone when citizen 42 is first heard.
    let mut tries = 0;
    let node = Node::refusing(&api, move |event| {
        tries += u32::from(event.from == "42");
        event.from == "42" && tries == 1
    })
    .await;
    assert_eq!(node.clock.sleeps(1).as_secs(), 1);
    assert_eq!((words(&node.memory.so_far()), api.unconfirmed().len()), (vec!["hai".to_owned()], 3));
    node.clock.wakes(1);
    assert_eq!(words(&node.memory.heard(3)), ["hai", "một", "ba"], "a citizen's later words wait for the earlier");
    assert_eq!(api.call("getUpdates", 2).get("offset"), None, "the same come again");
    assert_eq!(api.call("getUpdates", 3)["offset"], json!(4));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_that_cannot_be_read_is_passed_over() {
    let api = BotApi::start();
    api.happens(json!({"message": {"date": "yesterday"}}));
    api.happens(json!({"hologram": 1}));
    let last = api.happens(says(42, "chào"));
    let node = Node::start(&api, "").await;
    assert_eq!(words(&node.memory.heard(1)), ["chào"]);
    assert_eq!(api.call("getUpdates", 2)["offset"], json!(last + 1));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_that_never_can_be_stored_does_not_block_for_ever() {
    let api = BotApi::start();
    api.happens(says(42, "độc"));
    api.happens(says(42, "sau"));
    for from in 43..46 {
        api.happens(says(from, "khác"));
    }
    let node = Node::refusing(&api, |event| matches!(&event.what, Event::Said(words) if words == "độc")).await;
    for round in 1..=5 {
        assert_eq!(api.call("getUpdates", round).get("offset"), None);
        node.clock.wakes(round);
    }
    assert_eq!(words(&node.memory.heard(4))[3], "sau", "it is passed over, and the citizen goes on");
    assert_eq!(api.call("getUpdates", 7)["offset"], json!(6));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_whole_database_is_gone_nothing_is_passed_over() {
    let api = BotApi::start();
    for from in 42..46 {
        api.happens(says(from, "chào"));
    }
    let node = Node::refusing(&api, |_| true).await;
    for round in 1..=12 {
        node.clock.wakes(round);
    }
    assert_eq!(api.unconfirmed().len(), 4);
    node.clock.sleeps(13);
    node.memory.refuse(|_| false);
    node.clock.wakes(13);
    assert_eq!(node.memory.heard(4).len(), 4);
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_one_polls_and_the_other_takes_over() {
    let api = BotApi::start();
    let leases = Arc::new(Table::default());
    let one = Node::of(&api.url, "", Arc::clone(&leases), 1).await;
    api.call("getUpdates", 1);
    let two = Node::of(&api.url, "", Arc::clone(&leases), 2).await;
    let wait = two.clock.sleeps(1);
    assert_eq!(wait, Duration::from_secs(15), "the other has the lease");
    api.happens(says(42, "một"));
    assert_eq!(words(&one.memory.heard(1)), ["một"]);
    api.call("getUpdates", 2);
    one.stops().await;
    two.clock.wakes(1);
    api.happens(says(42, "hai"));
    assert_eq!(words(&two.memory.heard(1)), ["hai"], "what the first confirmed does not come again");
    two.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_and_a_limit_are_waited_out() {
    let api = BotApi::start();
    api.spoil(
        "getUpdates",
        [
            Fault::Error(409, "Conflict: terminated by other getUpdates request"),
            Fault::RetryAfter(7),
            Fault::Error(502, "Bad Gateway"),
            Fault::Says("<html>not JSON</html>"),
            Fault::Error(401, "Unauthorized"),
        ],
    );
    api.happens(says(42, "chào"));
    let node = Node::start(&api, "").await;
    let pauses: Vec<u64> = (1..=5).map(|round| node.clock.wakes(round).as_secs()).collect();
    assert_eq!(pauses, [1, 7, 4, 8, 300]);
    assert_eq!(words(&node.memory.heard(1)), ["chào"]);
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_at_once_in_the_middle_of_a_poll_and_of_a_pause() {
    let api = BotApi::start();
    let leases = Arc::new(Table::default());
    let polling = Node::of(&api.url, "poll_seconds = 50", Arc::clone(&leases), 1).await;
    api.call("getUpdates", 1);
    let waiting = Node::of(&api.url, "", leases, 2).await;
    waiting.clock.sleeps(1);
    let started = std::time::Instant::now();
    waiting.stops().await;
    polling.stops().await;
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
