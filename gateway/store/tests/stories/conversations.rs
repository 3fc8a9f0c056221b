use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway_core::desk::{Choice, Conversation, Subject};
use gateway_core::ports::{Clock, Conversations, HashKey, KeyedHash, Randomness};
use gateway_store::{ConversationKeeper, Store, Swept};
use jiff::SignedDuration;
use sqlx::Connection;

use crate::support::DOSSIER;
use crate::world::World;

const PROCEDURE: &str = "1.004222.000.00.00.H09";
const MINUTES: SignedDuration = SignedDuration::from_mins(30);

/// Numbers of which each comes once, over all nodes of a story.
pub(crate) struct Counting;

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

fn start(node: &Store) -> ConversationKeeper {
    start_with(node, &HashKey::new("key-of-the-story", "a key for tests"))
}

fn start_with(node: &Store, key: &HashKey) -> ConversationKeeper {
    node.start_conversations(key, Arc::new(Counting))
}

fn hash(n: u32) -> KeyedHash {
    KeyedHash((u128::from(n) << 96 | 0xd51e).to_be_bytes())
}

/// What is remembered after so many turns.
fn said(turns: u16) -> Conversation {
    Conversation {
        locale: Some("vi".into()),
        procedures: vec![PROCEDURE.into()],
        focus: "fee".into(),
        dossier: Some(DOSSIER.into()),
        subject: Subject::Dossier,
        choices: vec![Choice::Procedure(PROCEDURE.into(), "papers".into()), Choice::Dossier(DOSSIER.into())],
        misunderstood: 1,
        rating: Some(4),
        turns,
        ..Conversation::default()
    }
}

/// Lets time pass until everything is on disk: in small steps, each as long as
/// the database takes for a word, so that nothing expires meanwhile.
async fn written(world: &World, keeper: &ConversationKeeper) {
    while !keeper.is_empty() {
        world.clock.advance(Duration::from_millis(25));
        world.store.ping().await.unwrap();
    }
}

async fn remember(world: &World, keeper: &ConversationKeeper, n: u32, turns: u16) {
    keeper.remember(hash(n), &said(turns), world.clock.now() + MINUTES).await.unwrap();
}

async fn recalled(world: &World, keeper: &ConversationKeeper, n: u32) -> Option<Conversation> {
    keeper.recall(hash(n), world.clock.now()).await.unwrap()
}

pub(crate) async fn what_was_said_is_known_here_at_once_and_elsewhere_soon(world: Arc<World>) {
    let (here, there) = (start(&world.store), start(&world.another_node().await));
    assert_eq!(recalled(&world, &here, 1).await, None);
    remember(&world, &here, 1, 3).await;
    // The clock stands still: nothing is written yet.
    assert_eq!(recalled(&world, &here, 1).await, Some(said(3)));
    assert_eq!(recalled(&world, &there, 1).await, None);
    written(&world, &here).await;
    assert_eq!(recalled(&world, &there, 1).await, Some(said(3)));
    assert_eq!(recalled(&world, &here, 1).await, Some(said(3)));
    assert_eq!(recalled(&world, &there, 2).await, None, "another conversation's");
}

pub(crate) async fn the_last_turn_wins(world: Arc<World>) {
    let (here, there) = (start(&world.store), start(&world.another_node().await));
    for turns in 1..=3 {
        remember(&world, &here, 1, turns).await;
    }
    written(&world, &here).await;
    assert_eq!(world.number("SELECT count(*) FROM conversations").await, 1);
    assert_eq!(recalled(&world, &there, 1).await, Some(said(3)));
    remember(&world, &there, 1, 4).await;
    written(&world, &there).await;
    assert_eq!(recalled(&world, &here, 1).await, Some(said(4)));
    here.forget(hash(1)).await.unwrap();
    assert_eq!(recalled(&world, &here, 1).await, None);
    written(&world, &here).await;
    assert_eq!(recalled(&world, &there, 1).await, None);
    assert_eq!(world.number("SELECT count(*) FROM conversations").await, 0);
}

pub(crate) async fn of_two_hundred_chats_on_two_nodes_none_is_lost(world: Arc<World>) {
    let nodes = [Arc::new(start(&world.store)), Arc::new(start(&world.another_node().await))];
    for turns in 1..=5 {
        // Every chat on both nodes at once: they meet on every row.
        let chats = (0..200).flat_map(|n| nodes.iter().map(move |node| (n, Arc::clone(node))));
        let chats: Vec<_> = chats
            .map(|(n, node)| {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    remember(&world, &node, n, turns).await;
                    assert_eq!(recalled(&world, &node, n).await, Some(said(turns)));
                })
            })
            .collect();
        for chat in chats {
            chat.await.unwrap();
        }
        futures::join!(written(&world, &nodes[0]), written(&world, &nodes[1]));
    }
    assert_eq!(world.number("SELECT count(*) FROM conversations").await, 200);
    for n in 0..200 {
        assert_eq!(recalled(&world, &nodes[0], n).await, Some(said(5)));
    }
}

pub(crate) async fn what_has_expired_is_not_recalled_and_is_swept(world: Arc<World>) {
    let keeper = start(&world.store);
    remember(&world, &keeper, 1, 1).await;
    written(&world, &keeper).await;
    world.clock.advance(Duration::from_secs(20 * 60));
    remember(&world, &keeper, 2, 1).await;
    written(&world, &keeper).await;
    assert_eq!(world.store.sweep(world.clock.now()).await.unwrap(), Swept::default());
    assert_eq!(recalled(&world, &keeper, 1).await, Some(said(1)));

    world.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(recalled(&world, &keeper, 1).await, None);
    assert_eq!(recalled(&world, &keeper, 2).await, Some(said(1)));
    let swept = world.store.sweep(world.clock.now()).await.unwrap();
    assert_eq!(swept, Swept { conversations: 1, ..Swept::default() });
    assert_eq!(recalled(&world, &keeper, 2).await, Some(said(1)));
}

pub(crate) async fn a_sweep_of_many_goes_in_batches(world: Arc<World>) {
    let keeper = start(&world.store);
    for n in 0..4_500 {
        remember(&world, &keeper, n, 1).await;
    }
    keeper.close().await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM conversations").await, 4_500);
    let later = world.clock.now() + MINUTES + SignedDuration::from_secs(1);
    assert_eq!(world.store.sweep(later).await.unwrap().conversations, 4_500);
    assert_eq!(world.number("SELECT count(*) FROM conversations").await, 0);
}

pub(crate) async fn a_stop_writes_what_waits_and_a_restart_knows_it(world: Arc<World>) {
    let keeper = start(&world.store);
    for n in 0..1_234 {
        remember(&world, &keeper, n, 1).await;
    }
    keeper.close().await.unwrap();
    let restarted = start(&world.another_node().await);
    for n in [0, 617, 1_233] {
        assert_eq!(recalled(&world, &restarted, n).await, Some(said(1)));
    }
    let refused = keeper.remember(hash(1), &said(2), world.clock.now() + MINUTES).await.unwrap_err();
    assert!(refused.to_string().contains("closed"));
}

pub(crate) async fn under_another_key_nothing_is_there_until_it_is_said_again(world: Arc<World>) {
    let old = start(&world.store);
    remember(&world, &old, 1, 3).await;
    written(&world, &old).await;
    for (id, secret) in [("k2", "another key"), ("key-of-the-story", "another key")] {
        let new = start_with(&world.store, &HashKey::new(id, secret));
        assert_eq!(recalled(&world, &new, 1).await, None);
    }
    assert_eq!(recalled(&world, &old, 1).await, Some(said(3)), "nothing was taken away");
    let new = start_with(&world.store, &HashKey::new("k2", "another key"));
    remember(&world, &new, 1, 1).await;
    written(&world, &new).await;
    assert_eq!(recalled(&world, &new, 1).await, Some(said(1)));
    assert_eq!(recalled(&world, &old, 1).await, None);
}

pub(crate) async fn a_row_that_was_meddled_with_is_as_if_it_were_not_there(world: Arc<World>) {
    let keeper = start(&world.store);
    for n in 1..=2 {
        remember(&world, &keeper, n, 1).await;
    }
    written(&world, &keeper).await;

    // Both end at the same moment: nothing but the hashes tells them apart.
    let moved = "UPDATE conversations SET sealed = (SELECT sealed FROM conversations ORDER BY conversation LIMIT 1)";
    world.sql(moved).await.unwrap();
    assert_eq!(recalled(&world, &keeper, 1).await, Some(said(1)), "its own");
    assert_eq!(recalled(&world, &keeper, 2).await, None, "another's");

    let longer = "UPDATE conversations SET until_at = until_at + 60000000";
    world.sql(longer).await.unwrap();
    assert_eq!(recalled(&world, &keeper, 1).await, None);
    let as_it_was = "UPDATE conversations SET until_at = until_at - 60000000";
    world.sql(as_it_was).await.unwrap();
    assert_eq!(recalled(&world, &keeper, 1).await, Some(said(1)));

    // (Every bit is tried where rows are sealed.)
    let cut = "UPDATE conversations SET sealed = substr(sealed, 1, length(sealed) - 1)";
    world.sql(cut).await.unwrap();
    assert_eq!(recalled(&world, &keeper, 1).await, None);

    let nothing = match world.store.kind() {
        "sqlite" => "UPDATE conversations SET sealed = x''",
        _ => "UPDATE conversations SET sealed = ''",
    };
    world.sql(nothing).await.unwrap();
    assert_eq!(recalled(&world, &keeper, 1).await, None);
    remember(&world, &keeper, 1, 2).await;
    written(&world, &keeper).await;
    assert_eq!(recalled(&world, &keeper, 1).await, Some(said(2)), "the next turn mends it");
}

pub(crate) async fn a_database_without_the_table_is_an_error_that_the_desk_hears(world: Arc<World>) {
    let keeper = start(&world.store);
    world.sql("ALTER TABLE conversations RENAME TO elsewhere").await.unwrap();
    keeper.recall(hash(1), world.clock.now()).await.unwrap_err();
    remember(&world, &keeper, 1, 1).await;
    assert_eq!(recalled(&world, &keeper, 1).await, Some(said(1)), "what waits is known all the same");
    world.clock.advance(Duration::from_millis(100));
    world.sql("ALTER TABLE elsewhere RENAME TO conversations").await.unwrap();
    written(&world, &keeper).await;
    assert_eq!(recalled(&world, &keeper, 1).await, Some(said(1)));
}

pub(crate) async fn the_database_files_tell_nothing_of_what_was_said(world: Arc<World>) {
    let keeper = start(&world.store);
    for n in 0..100 {
        remember(&world, &keeper, n, 1).await;
    }
    written(&world, &keeper).await;
    // The log beside the file, first; then, after a clean stop, the file alone.
    let with_the_log = hold_nothing_readable(&world);
    keeper.close().await.unwrap();
    world.store.close().await;
    let file = hold_nothing_readable(&world);
    assert!(with_the_log > 1 && file == 1, "{with_the_log} files, then {file}");
}

/// Returns how many files there are.
fn hold_nothing_readable(world: &World) -> usize {
    let (mut files, mut seen_a_row) = (0, false);
    for entry in std::fs::read_dir(world.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        seen_a_row |= holds("key-of-the-story");
        files += 1;
        for secret in [DOSSIER, "260916-0012", PROCEDURE, "1.004222", "procedures", "papers", "a key for tests"] {
            assert!(!holds(secret), "{secret} is in the file");
        }
    }
    assert!(seen_a_row, "the search would find what is there");
    files
}

pub(crate) async fn while_the_file_is_locked_answers_do_not_wait(world: Arc<World>) {
    let mut config = world.config.clone();
    config.call_timeout_ms = 100;
    let clock = Arc::clone(&world.clock);
    let keeper = start(&Store::connect(&config, clock).await.unwrap());

    let mut intruder = world.sqlite().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut intruder).await.unwrap();
    for n in 0..200 {
        remember(&world, &keeper, n, 1).await;
        assert_eq!(recalled(&world, &keeper, n).await, Some(said(1)));
    }
    world.clock.advance(Duration::from_millis(100));
    assert_eq!(recalled(&world, &keeper, 999).await, None, "and the others are asked for");
    assert_eq!(keeper.len(), 200);
    sqlx::raw_sql("ROLLBACK").execute(&mut intruder).await.unwrap();
    intruder.close().await.unwrap();
    written(&world, &keeper).await;
    assert_eq!(world.number("SELECT count(*) FROM conversations").await, 200);
}
