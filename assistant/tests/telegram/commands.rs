//! The menus of commands, and what they say.

use serde_json::json;
use test_support::BotApi;

use crate::world::{Node, numbered, says, webhook, words};

fn command(id: i64, text: &str) -> serde_json::Value {
    let mut update = numbered(id, says(42, text));
    let length = text.split(' ').next().unwrap().len();
    update["message"]["entities"] = json!([{"type": "bot_command", "offset": 0, "length": length}]);
    update
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_language_has_its_menu() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    let menu = |number: usize| {
        let call = api.call("setMyCommands", number);
        let names: Vec<String> = call["commands"]
            .as_array()
            .unwrap()
            .iter()
            .map(|command| command["command"].as_str().unwrap().to_owned())
            .collect();
        (call.get("language_code").cloned(), names)
    };
    assert_eq!(menu(1), (None, ["tracuu", "thutuc", "nguoi", "hotro", "en"].map(String::from).to_vec()));
    assert_eq!(
        menu(2),
        (Some(json!("en")), ["track", "procedures", "person", "help", "vi"].map(String::from).to_vec())
    );
    node.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_are_words_and_start_begins() {
    let api = BotApi::start();
    let node = Node::start(&api, &webhook()).await;
    api.call("setWebhook", 1);
    let story = [
        ("/start", "Began"),
        ("/start qr-quay-3", "Began"),
        ("/tracuu", "tra cứu hồ sơ"),
        ("/TRACUU 000.00.17.H09-210819-0012", "tra cứu hồ sơ 000.00.17.H09-210819-0012"),
        ("/help@dakenhbot", "help"),
        ("/vi", "trả lời bằng tiếng Việt"),
        ("/khaisinh con thứ hai", "khaisinh con thứ hai"),
    ];
    for (id, (text, expected)) in story.iter().enumerate() {
        assert_eq!(node.call(&command(i64::try_from(id).unwrap(), text)).await, 200);
        assert_eq!(words(&node.memory.heard(id + 1))[id], *expected, "{text}");
    }
    assert_eq!(node.call(&command(99, "/help@OtherBot")).await, 200);
    assert_eq!(node.memory.so_far().len(), story.len(), "another bot's command");
    node.stops().await;
}
