//! Messages to citizens.

use std::time::Duration;

use channel_assistant::messenger::{Saying, Sent};
use gateway_core::domain::Channel;
use test_support::ZaloFault;

use crate::world::{CITIZEN, World};

fn accepted(id: &str) -> Sent {
    Sent::Accepted { id: id.into() }
}

fn later(seconds: u64, account: bool) -> Sent {
    Sent::Later { after: Duration::from_secs(seconds), account }
}

#[tokio::test]
async fn an_answer_goes_out_in_its_parts_with_buttons_on_the_last() {
    let world = World::new();
    let node = world.node();
    assert_eq!((node.wire.channel(), node.wire.provider().as_str()), (Channel::Zalo, "oa"));
    assert_eq!((node.wire.window(), node.wire.medium().buttons), (Some(Duration::from_secs(172_800)), 5));
    let saying = Saying {
        text: format!("{}\n\nXin mời chọn.", "Hồ sơ của quý công dân đang được xử lý. ".repeat(60)),
        buttons: vec![("Lệ phí bao nhiêu?".into(), "lệ phí".into())],
        ask_contact: None,
    };
    let parts = node.wire.parts(&saying);
    assert_eq!(parts.len(), 2);
    for part in &parts {
        assert!(matches!(node.wire.send(CITIZEN, part).await, Sent::Accepted { .. }));
    }
    let messages = world.zalo.messages();
    assert!(messages.iter().all(|message| message.user == CITIZEN));
    assert!(messages[0].message.get("attachment").is_none());
    assert!(messages[1].message["text"].as_str().unwrap().ends_with("Xin mời chọn."));
    let button = &messages[1].message["attachment"]["payload"]["buttons"][0];
    assert_eq!((button["type"].as_str(), button["payload"].as_str()), (Some("oa.query.show"), Some("lệ phí")));
}

#[tokio::test]
async fn what_zalo_says_is_what_becomes_of_the_message() {
    let world = World::new();
    let node = world.node();
    assert_eq!(node.send("0").await, accepted("G2"));
    let story = [
        (ZaloFault::Error(-32), later(60, true)),
        (ZaloFault::Error(-211), later(900, true)),
        (ZaloFault::Error(-218), later(900, false)),
        (ZaloFault::Error(-224), later(900, true)),
        (ZaloFault::Error(-230), Sent::Refused { code: "-230".into() }),
        (ZaloFault::Error(-213), Sent::Refused { code: "-213".into() }),
        (ZaloFault::Status(429), later(60, true)),
        (ZaloFault::Status(400), Sent::Refused { code: "HTTP 400".into() }),
        (ZaloFault::Status(503), Sent::Uncertain),
        (ZaloFault::DoneBut(500), Sent::Uncertain),
    ];
    for (fault, sent) in story {
        world.zalo.next_message(fault.clone());
        assert_eq!(node.send("1").await, sent, "{fault:?}");
    }
    assert_eq!(world.zalo.messages().len(), 2, "the first, and one that it kept quiet about");
    assert_eq!(node.wire.send(CITIZEN, "not a message").await, Sent::Refused { code: "unreadable".into() });
    assert_eq!(node.send(&"x".repeat(2_001)).await, Sent::Refused { code: "-210".into() });
}

#[tokio::test]
async fn the_quota_ends_and_the_account_waits() {
    let world = World::new();
    let node = world.node();
    world.zalo.quota(2);
    assert!(matches!(node.send("1").await, Sent::Accepted { .. }));
    assert!(matches!(node.send("2").await, Sent::Accepted { .. }));
    assert_eq!(node.send("3").await, later(900, true));
    world.zalo.quota(1);
    assert!(matches!(node.send("3").await, Sent::Accepted { .. }));
}

#[tokio::test]
async fn a_message_without_an_answer_is_uncertain_and_one_that_reached_nobody_waits() {
    let mut world = World::new();
    world.config.send_timeout_ms = 200;
    let node = world.node();
    world.until_ready().await;
    world.zalo.next_message(ZaloFault::Held);
    assert_eq!(node.send("1").await, Sent::Uncertain);
    assert_eq!(world.zalo.messages().len(), 1, "it was taken all the same");
    // Nobody listens there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    world.config.api_url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    assert_eq!(world.node().send("2").await, later(10, true));
}
