use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::{Clock, Credentials, HashKey, Leases, Randomness};
use gateway_store::{SealedCredentials, Store};
use jiff::SignedDuration;

use crate::world::World;

const NAME: &str = "zalo.1234567890";
const SECRET: &str = r#"{"refresh":"mã làm mới"}"#;

/// Numbers of which each comes once, over all nodes of a story.
struct Counting;

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

fn sealed(node: &Store, secret: &str) -> SealedCredentials {
    node.credentials(&HashKey::new("key-of-the-story", secret), Arc::new(Counting))
}

pub(crate) async fn a_secret_is_replaced_by_the_version_that_was_read(world: Arc<World>) {
    let (here, there) = (sealed(&world.store, "a key"), sealed(&world.another_node().await, "a key"));
    let now = world.clock.now();
    assert_eq!(here.credential(NAME).await.unwrap(), None);
    assert!(!here.replace(NAME, 1, SECRET, now).await.unwrap(), "there is no first writing to replace");
    assert!(here.replace(NAME, 0, SECRET, now).await.unwrap());
    assert!(!there.replace(NAME, 0, "another", now).await.unwrap(), "the first writing is there");
    let first = there.credential(NAME).await.unwrap().unwrap();
    assert_eq!((first.version, first.secret.as_str(), first.at), (1, SECRET, now));
    assert!(!format!("{first:?}").contains("refresh"));
    assert!(there.replace(NAME, 1, "the next", now + SignedDuration::from_secs(1)).await.unwrap());
    assert!(!here.replace(NAME, 1, "too late", now).await.unwrap());
    let next = here.credential(NAME).await.unwrap().unwrap();
    assert_eq!((next.version, next.secret.as_str()), (2, "the next"));
    assert_eq!(here.credential("zalo.2").await.unwrap(), None, "another account's");
}

pub(crate) async fn of_twenty_that_replace_one_version_one_does(world: Arc<World>) {
    let other = world.another_node().await;
    let now = world.clock.now();
    assert!(sealed(&other, "a key").replace(NAME, 0, SECRET, now).await.unwrap());
    let racers: Vec<_> = (0..20)
        .map(|n| {
            let node = if n % 2 == 0 { &world.store } else { &other };
            let credentials = sealed(node, "a key");
            tokio::spawn(async move { (n, credentials.replace(NAME, 1, &format!("of {n}"), now).await.unwrap()) })
        })
        .collect();
    let mut winners = Vec::new();
    for racer in racers {
        let (n, won) = racer.await.unwrap();
        winners.extend(won.then_some(n));
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    let kept = sealed(&world.store, "a key").credential(NAME).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.secret), (2, format!("of {}", winners[0])));
}

pub(crate) async fn a_secret_that_does_not_open_is_empty_and_may_be_written_anew(world: Arc<World>) {
    let own = sealed(&world.store, "a key");
    let now = world.clock.now();
    for name in [NAME, "zalo.2"] {
        assert!(own.replace(name, 0, SECRET, now).await.unwrap());
        assert!(own.replace(name, 1, SECRET, now).await.unwrap());
    }
    let stranger = sealed(&world.store, "another key");
    let shut = stranger.credential(NAME).await.unwrap().unwrap();
    assert_eq!((shut.version, shut.secret.as_str()), (2, ""));
    // Neither another account's row nor a row under a later version opens.
    world.sql("UPDATE credentials SET version = 3 WHERE name = 'zalo.2'").await.unwrap();
    assert_eq!(own.credential("zalo.2").await.unwrap().unwrap().secret, "");
    world.sql("UPDATE credentials SET name = 'zalo.3' WHERE name = 'zalo.1234567890'").await.unwrap();
    assert_eq!(own.credential("zalo.3").await.unwrap().unwrap().secret, "");
    assert!(stranger.replace("zalo.3", 2, "anew", now).await.unwrap());
    assert_eq!(stranger.credential("zalo.3").await.unwrap().unwrap().secret, "anew");
}

pub(crate) async fn a_lease_has_one_holder_until_its_end(world: Arc<World>) {
    let (here, there) = (&world.store, world.another_node().await);
    let start = world.clock.now();
    let minute = SignedDuration::from_secs(60);
    assert!(here.take_lease("refresh", "a", start, start + minute).await.unwrap());
    assert!(!there.take_lease("refresh", "b", start, start + minute).await.unwrap());
    assert!(there.take_lease("poll", "b", start, start + minute).await.unwrap(), "another task");
    world.clock.advance(Duration::from_secs(59));
    let now = world.clock.now();
    assert!(here.take_lease("refresh", "a", now, now + minute).await.unwrap(), "it goes on having it");
    world.clock.advance(Duration::from_secs(59));
    let now = world.clock.now();
    assert!(!there.take_lease("refresh", "b", now, now + minute).await.unwrap());
    there.end_lease("refresh", "b").await.unwrap();
    assert!(!there.take_lease("refresh", "b", now, now + minute).await.unwrap(), "nobody ends another's");
    world.clock.advance(Duration::from_secs(1));
    let now = world.clock.now();
    assert!(there.take_lease("refresh", "b", now, now + minute).await.unwrap(), "its time is over");
    there.end_lease("refresh", "b").await.unwrap();
    assert!(here.take_lease("refresh", "a", now, now + minute).await.unwrap(), "it was given back");
}

pub(crate) async fn of_twenty_that_take_a_lease_one_has_it(world: Arc<World>) {
    let other = world.another_node().await;
    let now = world.clock.now();
    let racers: Vec<_> = (0..20)
        .map(|n| {
            let node = if n % 2 == 0 { world.store.clone() } else { other.clone() };
            let until = now + SignedDuration::from_secs(60);
            tokio::spawn(async move { node.take_lease("refresh", &n.to_string(), now, until).await.unwrap() })
        })
        .collect();
    let mut holders = 0;
    for racer in racers {
        holders += u32::from(racer.await.unwrap());
    }
    assert_eq!(holders, 1);
}

pub(crate) async fn the_database_files_hold_no_secret(world: Arc<World>) {
    let credentials = sealed(&world.store, "a key");
    assert!(credentials.replace(NAME, 0, SECRET, world.clock.now()).await.unwrap());
    let mut bytes = 0;
    for file in std::fs::read_dir(world.folder()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        bytes += content.len();
        for part in ["refresh", "mã làm mới"] {
            assert!(!content.windows(part.len()).any(|window| window == part.as_bytes()), "{part}");
        }
    }
    assert!(bytes > 0);
}
