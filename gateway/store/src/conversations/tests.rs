//! Conversations before a database that does as the test says, with a clock
//! that stands still until it is moved.

#[path = "../../tests/support/clock.rs"]
mod clock;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::join_all;
use jiff::SignedDuration;
use std::time::Duration;

use super::*;
use crate::failure::InsertFailure;
use clock::TestClock;

/// No randomness at all: each number comes once.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A database that is there or away, takes its time, and remembers each batch.
#[derive(Default)]
struct Database {
    away: Mutex<bool>,
    never: Mutex<Option<KeyedHash>>,
    /// Whoever holds it lets no write come to its end.
    turn: tokio::sync::Mutex<()>,
    rows: Mutex<BTreeMap<KeyedHash, Row>>,
    batches: Mutex<Vec<usize>>,
}

impl Database {
    fn batches(&self) -> Vec<usize> {
        self.batches.lock().clone()
    }
}

#[async_trait]
impl Shelf for Database {
    async fn find(&self, conversation: KeyedHash, now: i64) -> Result<Option<Row>, StoreError> {
        if *self.away.lock() {
            return Err(StoreError("away".into()));
        }
        Ok(self.rows.lock().get(&conversation).filter(|row| row.until_at > now).cloned())
    }

    async fn write(&self, rows: &[(KeyedHash, Kept)]) -> Result<(), InsertFailure> {
        assert!(rows.is_sorted_by(|(one, _), (next, _)| one < next), "in order, each once");
        let _turn = self.turn.lock().await;
        if *self.away.lock() {
            return Err(InsertFailure::Later(StoreError("away".into())));
        }
        if rows.iter().any(|(conversation, _)| Some(*conversation) == *self.never.lock()) {
            return Err(InsertFailure::Never(StoreError("spoilt".into())));
        }
        self.batches.lock().push(rows.len());
        let mut kept = self.rows.lock();
        for (conversation, row) in rows {
            match row {
                Some(row) => drop(kept.insert(*conversation, row.clone())),
                None => drop(kept.remove(conversation)),
            }
        }
        Ok(())
    }
}

struct Scene {
    database: Arc<Database>,
    clock: Arc<TestClock>,
    keeper: Arc<ConversationKeeper>,
}

fn key() -> HashKey {
    HashKey::new("k1", "a key for tests")
}

fn scene(batch_rows: usize) -> Scene {
    let (database, clock) = (Arc::new(Database::default()), TestClock::new());
    let config = ConversationsConfig { queue_rows: 100, batch_rows, ..ConversationsConfig::default() };
    let (shelf, time): (Arc<Database>, Arc<TestClock>) = (Arc::clone(&database), Arc::clone(&clock));
    let seal = Seal::new(&key(), Arc::new(Counting::default()));
    let keeper = Arc::new(ConversationKeeper::start(shelf, seal, config, time));
    Scene { database, clock, keeper }
}

fn hash(n: u8) -> KeyedHash {
    KeyedHash([n; 16])
}

fn turn(turns: u16) -> Conversation {
    Conversation { turns, ..Conversation::default() }
}

/// Lets every task go on until it waits.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

impl Scene {
    async fn passes(&self, milliseconds: u64) {
        settle().await;
        self.clock.advance(Duration::from_millis(milliseconds));
        settle().await;
    }

    async fn remember(&self, n: u8, turns: u16) -> Result<(), StoreError> {
        self.keeper.remember(hash(n), &turn(turns), self.clock.now() + SignedDuration::from_mins(30)).await
    }

    async fn remembers(&self, conversations: std::ops::Range<u8>) {
        for done in join_all(conversations.map(|n| self.remember(n, 1))).await {
            done.unwrap();
        }
    }

    async fn recalled(&self, n: u8) -> Option<u16> {
        Some(self.keeper.recall(hash(n), self.clock.now()).await.unwrap()?.turns)
    }

    fn is_away(&self, away: bool) {
        *self.database.away.lock() = away;
    }

    /// What the database has of a conversation.
    fn on_disk(&self, n: u8) -> Option<u16> {
        let row = self.database.rows.lock().get(&hash(n)).cloned()?;
        Some(Seal::new(&key(), Arc::new(Counting::default())).open(hash(n), &row).unwrap().turns)
    }
}

#[tokio::test]
async fn many_chats_at_once_are_known_at_once_and_written_together() {
    let scene = scene(500);
    scene.remembers(0..100).await;
    assert_eq!(scene.recalled(77).await, Some(1));
    scene.passes(99).await;
    assert!(scene.database.batches().is_empty());
    scene.passes(1).await;
    assert_eq!(scene.database.batches(), [100]);
    assert_eq!((scene.recalled(77).await, scene.keeper.len()), (Some(1), 0));
}

#[tokio::test]
async fn a_full_batch_waits_for_nobody() {
    let scene = scene(10);
    scene.remembers(0..10).await;
    settle().await;
    assert_eq!(scene.database.batches(), [10]);
    scene.remembers(0..25).await;
    settle().await;
    assert_eq!(scene.database.batches(), [10, 10, 10, 5]);
}

#[tokio::test]
async fn the_last_turn_of_a_batch_is_the_one_that_is_written() {
    let scene = scene(500);
    for turns in 1..=3 {
        scene.remember(1, turns).await.unwrap();
        assert_eq!(scene.recalled(1).await, Some(turns));
    }
    scene.passes(100).await;
    assert_eq!((scene.database.batches(), scene.on_disk(1)), (vec![1], Some(3)));
}

#[tokio::test]
async fn a_turn_that_comes_while_the_one_before_is_written_goes_after_it() {
    let scene = scene(500);
    let database = Arc::clone(&scene.database);
    let busy = database.turn.lock().await;
    scene.remember(1, 1).await.unwrap();
    scene.passes(100).await;
    assert_eq!(scene.recalled(1).await, Some(1), "recalled while it is written");
    scene.remember(1, 2).await.unwrap();
    assert_eq!((scene.recalled(1).await, scene.keeper.len()), (Some(2), 2));
    drop(busy);
    settle().await;
    assert_eq!((scene.recalled(1).await, scene.on_disk(1)), (Some(2), Some(1)));
    scene.passes(100).await;
    assert_eq!((scene.on_disk(1), scene.keeper.len()), (Some(2), 0));
}

#[tokio::test]
async fn while_the_database_is_away_the_newest_turns_are_kept() {
    let scene = scene(500);
    scene.is_away(true);
    scene.remembers(1..3).await;
    scene.passes(100).await;
    scene.remember(1, 2).await.unwrap();
    scene.passes(50).await;
    assert_eq!(scene.keeper.len(), 2);
    assert_eq!((scene.recalled(1).await, scene.recalled(2).await), (Some(2), Some(1)));
    assert!(scene.keeper.recall(hash(9), scene.clock.now()).await.is_err(), "nobody knows of the others");
    scene.is_away(false);
    scene.passes(100).await;
    scene.passes(100).await;
    assert_eq!((scene.on_disk(1), scene.on_disk(2), scene.database.batches()), (Some(2), Some(1), vec![2]));
}

#[tokio::test]
async fn a_turn_that_could_not_be_written_takes_nothing_from_a_newer_one() {
    let scene = scene(500);
    let database = Arc::clone(&scene.database);
    let busy = database.turn.lock().await;
    scene.remember(1, 1).await.unwrap();
    scene.passes(100).await;
    scene.remember(1, 2).await.unwrap();
    scene.is_away(true);
    drop(busy);
    settle().await;
    assert_eq!((scene.recalled(1).await, scene.keeper.len()), (Some(2), 1));
    scene.is_away(false);
    scene.passes(100).await;
    scene.passes(100).await;
    assert_eq!((scene.on_disk(1), scene.database.batches()), (Some(2), vec![1]));
}

#[tokio::test]
async fn a_full_queue_makes_an_answer_wait_a_moment_and_no_longer() {
    let scene = scene(500);
    scene.is_away(true);
    scene.remembers(0..100).await;
    scene.passes(100).await;
    scene.remember(5, 2).await.unwrap();
    let late = |n| {
        let (keeper, until) = (Arc::clone(&scene.keeper), scene.clock.now() + SignedDuration::from_mins(30));
        tokio::spawn(async move { keeper.remember(hash(n), &turn(1), until).await })
    };
    let waiting = late(100);
    scene.passes(49).await;
    assert!(!waiting.is_finished());
    scene.passes(1).await;
    assert!(waiting.await.unwrap().unwrap_err().to_string().contains("too many"));
    assert_eq!((scene.keeper.len(), scene.recalled(5).await), (100, Some(2)), "none is driven out");

    // The pause of 100 ms after the second failure began when the wait ended.
    scene.passes(70).await;
    let in_time = late(101);
    settle().await;
    scene.is_away(false);
    scene.passes(30).await;
    in_time.await.unwrap().unwrap();
    assert_eq!(scene.database.batches(), [100]);
}

#[tokio::test]
async fn what_is_forgotten_is_forgotten_at_once() {
    let scene = scene(500);
    scene.remember(1, 1).await.unwrap();
    scene.passes(100).await;
    assert_eq!(scene.on_disk(1), Some(1));
    scene.keeper.forget(hash(1)).await.unwrap();
    assert_eq!(scene.recalled(1).await, None);
    scene.passes(100).await;
    assert_eq!((scene.recalled(1).await, scene.on_disk(1)), (None, None));
}

#[tokio::test]
async fn what_has_expired_is_not_recalled_while_it_waits() {
    let scene = scene(500);
    let now = scene.clock.now();
    scene.keeper.remember(hash(1), &turn(1), now + SignedDuration::from_micros(1)).await.unwrap();
    scene.keeper.remember(hash(2), &turn(1), now).await.unwrap();
    assert_eq!((scene.recalled(1).await, scene.recalled(2).await), (Some(1), None));
}

#[tokio::test]
async fn one_row_that_the_database_refuses_does_not_hold_up_the_others() {
    let scene = scene(500);
    *scene.database.never.lock() = Some(hash(2));
    scene.remembers(1..4).await;
    scene.passes(100).await;
    assert_eq!((scene.on_disk(1), scene.on_disk(2), scene.on_disk(3)), (Some(1), None, Some(1)));
    assert!(scene.keeper.is_empty());
}

#[tokio::test]
async fn a_stop_writes_what_waits_and_takes_no_more() {
    let scene = scene(500);
    scene.remembers(0..7).await;
    scene.keeper.close().await.unwrap();
    assert_eq!(scene.database.batches(), [7]);
    assert!(scene.remember(1, 2).await.is_err());
    assert!(scene.keeper.forget(hash(1)).await.is_err());
    assert_eq!(scene.recalled(1).await, Some(1), "what is on disk is recalled to the end");
    scene.keeper.close().await.unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever_and_tells_what_is_lost() {
    let scene = scene(500);
    scene.is_away(true);
    scene.remembers(0..7).await;
    let stop = tokio::spawn({
        let keeper = Arc::clone(&scene.keeper);
        async move { keeper.close().await }
    });
    scene.passes(1_999).await;
    assert!(!stop.is_finished());
    scene.passes(1).await;
    assert!(stop.await.unwrap().unwrap_err().to_string().contains("7 turns"));
}

#[tokio::test]
async fn a_keeper_that_is_dropped_writes_what_it_holds() {
    let scene = scene(500);
    scene.remember(1, 1).await.unwrap();
    drop(scene.keeper);
    settle().await;
    assert_eq!(scene.database.batches(), [1]);
}

#[test]
fn of_many_rows_that_do_not_open_one_a_minute_is_told() {
    let (seldom, clock) = (Seldom::default(), TestClock::new());
    let may = |seconds| {
        clock.advance(Duration::from_secs(seconds));
        seldom.may(clock.now())
    };
    assert_eq!([may(0), may(0), may(59), may(1), may(1)], [true, false, false, true, false]);
}
