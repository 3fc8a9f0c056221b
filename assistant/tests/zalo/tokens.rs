//! Tokens that are good once.

use std::time::Duration;

use channel_assistant::messenger::Sent;
use channel_assistant::zalo::{AuthoriseProblem, Standing, authorise, try_again};
use gateway_core::ports::Clock as _;
use test_support::ZaloFault;

use crate::world::{Database, FIRST, World};

const HOUR: i64 = 3_600;

fn is_accepted(sent: &Sent) -> bool {
    matches!(sent, Sent::Accepted { .. })
}

fn no_token() -> Sent {
    Sent::Later { after: Duration::from_secs(60), account: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_token_is_used_once_and_the_next_before_its_end() {
    let world = World::new();
    let node = world.node();
    assert!(is_accepted(&node.send("1").await));
    assert_eq!(world.zalo.refreshes(), 1);
    // Twenty-five hours: nothing is due after twenty, but after twenty-three.
    world.clock.advance(20 * HOUR);
    assert!(is_accepted(&node.send("2").await));
    assert_eq!(world.zalo.refreshes(), 1);
    world.clock.advance(4 * HOUR);
    // Whoever starts looks at once.
    let other = world.node();
    world.zalo.wait_for_asked(2);
    world.until_ready().await;
    assert!(is_accepted(&other.send("3").await));
    assert!(world.database.secret().contains(&world.zalo.refresh_token()), "the next one is kept");
    assert_eq!((world.zalo.refreshes(), world.zalo.is_locked()), (2, false));
}

#[tokio::test]
async fn of_two_nodes_that_race_one_refreshes() {
    let world = World::new();
    let nodes = [world.node(), world.node(), world.node()];
    for round in 1..=4 {
        let sends = nodes.iter().flat_map(|node| (0..4).map(|_| node.send("a")));
        let sent = futures::future::join_all(sends).await;
        assert!(sent.iter().all(is_accepted), "{sent:?}");
        assert_eq!((world.zalo.refreshes(), world.zalo.is_locked()), (round, false));
        // The access token ends at Zalo before its time: -216 for all at once.
        world.zalo.expire();
        world.clock.advance(61);
    }
}

#[tokio::test]
async fn a_refused_access_token_is_refreshed_once_and_the_same_message_goes() {
    let world = World::new();
    let node = world.node();
    assert!(is_accepted(&node.send("1").await));
    world.zalo.expire();
    world.clock.advance(61);
    assert!(is_accepted(&node.send("2").await));
    let texts: Vec<String> = world.zalo.messages().iter().map(|sent| sent.message["text"].to_string()).collect();
    assert_eq!(texts, ["\"1\"", "\"2\""]);
    assert_eq!(world.zalo.refreshes(), 2);
}

#[tokio::test]
async fn a_token_that_is_refused_when_it_has_just_come_burns_no_others() {
    let world = World::new();
    let node = world.node();
    assert!(is_accepted(&node.send("1").await));
    for _ in 0..20 {
        world.zalo.next_message(ZaloFault::Error(-216));
        assert_eq!(node.send("2").await, no_token());
    }
    assert_eq!(world.zalo.refreshes(), 1);
    // Later one is tried, and if that is refused too, no more.
    world.clock.advance(61);
    world.zalo.next_message(ZaloFault::Error(-216));
    world.zalo.next_message(ZaloFault::Error(-216));
    assert_eq!(node.send("3").await, no_token());
    assert_eq!((world.zalo.refreshes(), world.zalo.is_locked()), (2, false));
    assert!(is_accepted(&node.send("4").await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zalo_that_is_not_reached_has_not_used_the_token() {
    let mut world = World::new();
    world.config.busy_pause_seconds = 1;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let good = std::mem::replace(&mut world.config.oauth_url, format!("http://{}", nobody.local_addr().unwrap()));
    drop(nobody);
    let node = world.node();
    world.until("ready", |standing| matches!(standing, Standing::Ready { until: None })).await;
    drop(node);
    // A wall that lets nobody through, then the right place.
    world.config.oauth_url = good;
    world.zalo.next_refresh(ZaloFault::Status(429));
    world.clock.advance(5);
    let node = world.node();
    world.zalo.wait_for_asked(1);
    // The node begins its pause some time after it asked.
    let mut sent = false;
    for _ in 0..20 {
        world.clock.advance(5);
        sent = is_accepted(&node.send("1").await);
        if sent {
            break;
        }
    }
    assert!(sent);
    assert_eq!((world.zalo.refreshes(), world.zalo.is_locked()), (1, false));
}

#[tokio::test]
async fn a_refresh_of_unknown_outcome_is_not_tried_again_before_an_operator_says_so() {
    for lost in [ZaloFault::Held, ZaloFault::DoneBut(500), ZaloFault::DoneBut(204)] {
        let mut world = World::new();
        world.config.refresh_timeout_ms = 300;
        let node = world.node();
        assert!(is_accepted(&node.send("1").await));
        world.zalo.next_refresh(lost.clone());
        world.clock.advance(24 * HOUR);
        let other = world.node();
        world.until("unknown", |standing| *standing == Standing::Unknown).await;
        // Zalo has made new tokens, which nobody knows; the old access token is void.
        assert_eq!(world.zalo.refreshes(), 2);
        for node in [&node, &other] {
            assert_eq!(node.send("2").await, no_token(), "{lost:?}");
        }
        world.clock.advance(24 * HOUR);
        let third = world.node();
        assert_eq!(third.send("2").await, no_token());
        assert_eq!((world.zalo.asked(), world.zalo.is_locked()), (2, false));
        world.zalo.authorised_anew("ma-moi");
        authorise(&*world.database, &world.config, " ma-moi\n", world.clock.now()).await.unwrap();
        world.until("ready", |standing| matches!(standing, Standing::Ready { .. })).await;
        assert!(is_accepted(&world.node().send("2").await));
        assert!(!world.zalo.is_locked());
    }
}

#[tokio::test]
async fn a_crash_between_the_answer_and_the_disk_is_found_by_the_next_node() {
    let world = World::new();
    // What was written down before the token was used is the last writing.
    *world.database.writes_left.lock() = Some(2);
    let node = world.node();
    assert!(is_accepted(&node.send("1").await), "with the tokens that are in memory");
    assert_eq!(world.standing().await, Standing::Refreshing);
    // It is killed before the database is back.
    node.stop.cancel();
    let crashed = world.database.secret();
    let later = World { database: std::sync::Arc::new(Database::default()), ..world };
    put(&later, &crashed).await;
    let other = later.node();
    assert_eq!(later.standing().await, Standing::Refreshing, "its answer may still come");
    later.clock.advance(60);
    later.until("unknown", |standing| *standing == Standing::Unknown).await;
    assert_eq!(other.send("2").await, no_token());
    assert_eq!((later.zalo.asked(), later.zalo.is_locked()), (1, false));
}

/// What a database holds after a crash.
async fn put(world: &World, secret: &str) {
    use gateway_core::ports::Credentials as _;
    let name = format!("zalo.{}", world.config.oa_id);
    assert!(world.database.replace(&name, 0, secret, world.clock.now()).await.unwrap());
}

#[tokio::test]
async fn tokens_wait_for_a_database_that_comes_back() {
    let world = World::new();
    *world.database.writes_left.lock() = Some(2);
    let node = world.node();
    assert!(is_accepted(&node.send("1").await));
    assert!(!world.database.secret().contains("truy-cap"));
    *world.database.writes_left.lock() = None;
    world.until_ready().await;
    assert!(world.database.secret().contains(&world.zalo.refresh_token()));
    assert!(is_accepted(&world.node().send("2").await));
    assert_eq!((world.zalo.refreshes(), world.zalo.is_locked()), (1, false));
}

#[tokio::test]
async fn a_database_whose_answers_are_lost_loses_no_token() {
    let world = World::new();
    *world.database.answers_lost.lock() = true;
    let node = world.node();
    world.until("there", |standing| *standing != Standing::Missing).await;
    assert_eq!(world.zalo.asked(), 0, "not used, because nobody knew that it was written down");
    *world.database.answers_lost.lock() = false;
    assert!(is_accepted(&node.send("1").await));
    world.until_ready().await;
    assert_eq!((world.zalo.refreshes(), world.zalo.is_locked()), (1, false));
}

#[tokio::test]
async fn a_refused_refresh_token_waits_for_an_operator() {
    let world = World::new();
    world.zalo.next_refresh(ZaloFault::Error(-14_014));
    let node = world.node();
    let refused = Standing::Refused { code: "-14014".into() };
    world.until("refused", |standing| *standing == refused).await;
    assert_eq!(node.send("1").await, no_token());
    assert!(refused.needs_operator());
    // It was a mistake elsewhere, and the token is as it was.
    try_again(&*world.database, &world.config, world.clock.now()).await.unwrap();
    assert!(is_accepted(&world.node().send("1").await));
    assert_eq!((world.zalo.asked(), world.zalo.refreshes()), (2, 1));
    let again = try_again(&*world.database, &world.config, world.clock.now()).await;
    assert!(matches!(again, Err(AuthoriseProblem::NothingKept)));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_until_one_is_given() {
    let mut world = World::new();
    world.config.refresh_token = String::new().into();
    assert_eq!(world.node().send("1").await, no_token());
    assert_eq!(world.standing().await, Standing::Missing);
    for bad in ["", " ", "hai từ", "a b", &"x".repeat(4_097)] {
        let given = authorise(&*world.database, &world.config, bad, world.clock.now()).await;
        assert!(matches!(given, Err(AuthoriseProblem::NoToken)), "{bad}");
    }
    authorise(&*world.database, &world.config, FIRST, world.clock.now()).await.unwrap();
    assert!(is_accepted(&world.node().send("1").await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_answer_is_worth_more_than_the_guess_that_it_is_lost() {
    let world = World::new();
    world.zalo.next_refresh(ZaloFault::Held);
    let slow = world.node();
    world.zalo.wait_for_asked(1);
    // Another node's clock says that nobody will answer any more.
    world.clock.advance(60);
    let other = world.node();
    world.until("unknown", |standing| *standing == Standing::Unknown).await;
    assert_eq!(other.send("1").await, no_token());
    world.zalo.release();
    world.until_ready().await;
    assert!(is_accepted(&slow.send("1").await));
    assert_eq!((world.zalo.refreshes(), world.zalo.is_locked()), (1, false));
}
