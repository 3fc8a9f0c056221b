//! Telegram calls us.

use serde_json::json;
use test_support::{BotApi, Fault};

use crate::world::{Node, SECRET, numbered, says, webhook, words};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_is_on_disk_before_telegram_hears_200() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    assert_eq!(node.call(&numbered(7, says(42, " hồ sơ của tôi đâu "))).await, 200);
    let heard = node.memory.so_far();
    assert_eq!(words(&heard), ["hồ sơ của tôi đâu"]);
    assert_eq!((heard[0].event_id.as_str(), heard[0].from.as_str(), heard[0].chat.as_str()), ("123456:7", "42", "42"));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_hears_nothing_but_403() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    let update = numbered(7, says(42, "chào")).to_string();
    let wrong: [&[&str]; 5] = [&[], &["wrong"], &[""], &["a-secret-of-this-stor"], &[SECRET, SECRET]];
    for secrets in wrong {
        assert_eq!(node.post(secrets, update.clone().into_bytes()).await, 403, "{secrets:?}");
        // The body of a stranger is not even looked at.
        assert_eq!(node.post(secrets, b"{".to_vec()).await, 403);
        assert_eq!(node.post(secrets, vec![b' '; 200_000]).await, 403);
    }
    assert_eq!(*node.memory.asked.lock().unwrap(), 0);
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_is_told_as_taken_and_is_one_event() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    for _ in 0..3 {
        assert_eq!(node.call(&numbered(7, says(42, "chào"))).await, 200);
    }
    assert_eq!(node.memory.so_far().len(), 1);
    assert_eq!(*node.memory.asked.lock().unwrap(), 3);
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_long_or_no_update_is_refused_and_what_is_new_is_passed_over() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    let long = numbered(7, says(42, &"x".repeat(140_000)));
    assert_eq!(node.call(&long).await, 413);
    for bad in ["", "{", "[]", "null", "{\"message\":{}}", "{\"update_id\":\"7\"}", "\u{0}"] {
        assert_eq!(node.post(&[SECRET], bad.as_bytes().to_vec()).await, 400, "{bad:?}");
    }
    assert_eq!(node.post(&[SECRET], [b"[".repeat(50_000), b"]".repeat(50_000)].concat()).await, 400);
    // Well-formed, but of forms that we do not know: Telegram must not repeat
    // them for hours.
    for strange in [json!({"hologram": {}}), json!({"message": {"date": "yesterday"}}), json!({"message": 5})] {
        assert_eq!(node.call(&numbered(8, strange)).await, 200);
    }
    assert_eq!(*node.memory.asked.lock().unwrap(), 0);
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_database_telegram_is_asked_to_come_again() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    node.memory.refuse(|_| true);
    let update = numbered(7, says(42, "chào"));
    assert_eq!(node.call(&update).await, 503);
    node.memory.refuse(|_| false);
    assert_eq!(node.call(&update).await, 200);
    assert_eq!(node.memory.so_far().len(), 1);
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shuffled_flood_with_repetitions_is_each_event_once_in_its_citizens_order() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    // 300 updates of ten citizens, all in one second; every twentieth twice;
    // shuffled by a stride that meets each once.
    let mut ids: Vec<i64> = (0..300).map(|n| n * 77 % 300).collect();
    ids.extend((0..300).step_by(20));
    let calls = ids.iter().map(|id| {
        let update = numbered(*id, says(100 + id % 10, &format!("câu {id:03}")));
        let node = &node;
        async move { node.call(&update).await }
    });
    assert!(futures::future::join_all(calls).await.iter().all(|status| *status == 200));
    let mut heard = node.memory.heard(300);
    assert_eq!(heard.len(), 300);
    heard.sort_by_key(|event| event.sent_at);
    let told = words(&heard);
    assert!(told.is_sorted(), "within one second the numbers tell the order");
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_webhook_is_set_with_its_secret_and_tried_again_until_it_is() {
    let api = BotApi::start();
    api.spoil("setWebhook", [Fault::RetryAfter(9), Fault::BreaksOff]);
    let node = Node::start(&api, &webhook()).await;
    assert_eq!(node.clock.wakes(1).as_secs(), 9);
    assert_eq!(node.clock.wakes(2).as_secs(), 2, "the second failure in a row");
    let set = api.call("setWebhook", 3);
    assert_eq!(set["url"], "https://cong.tinh.gov.vn/webhooks/telegram");
    assert_eq!(set["secret_token"], SECRET);
    assert_eq!(set["allowed_updates"], json!(["message", "edited_message", "callback_query", "my_chat_member"]));
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_waits_until_we_know_our_name() {
    let api = BotApi::start();
    api.spoil("getMe", [Fault::BreaksOff]);
    let node = Node::start(&api, &webhook()).await;
    node.clock.sleeps(1);
    let mut update = numbered(7, says(42, "@DaKenhBot giờ làm việc"));
    update["message"]["chat"] = json!({"id": -1007, "type": "supergroup", "title": "Tổ dân phố"});
    update["message"]["entities"] = json!([{"type": "mention", "offset": 0, "length": 10}]);
    assert_eq!(node.call(&update).await, 503, "nobody knows yet whether it is for us");
    node.clock.wakes(1);
    api.call("setWebhook", 1);
    assert_eq!(node.call(&update).await, 200);
    assert_eq!(words(&node.memory.so_far()), ["giờ làm việc"]);
    node.stops().await;
}
