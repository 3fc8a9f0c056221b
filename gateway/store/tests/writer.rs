//! The audit's writer before a database that does as the test says, with a
//! clock that stands still until it is moved.
#![expect(clippy::unwrap_used, reason = "the whole target is tests; the lint spares only #[test] functions")]

#[path = "support/mod.rs"]
mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::{Audit, AuditRow, StoreError};
use gateway_store::{AuditConfig, AuditSink, AuditWriter, InsertFailure};
use support::{DOSSIER, PHONE, TestClock, row};

/// A database that is there or away, and remembers each insert.
#[derive(Default)]
struct Database {
    away: Mutex<bool>,
    inserts: Mutex<Vec<(i64, usize)>>,
}

impl Database {
    fn is_away(&self, away: bool) {
        *self.away.lock().unwrap() = away;
    }

    fn inserts(&self) -> Vec<(i64, usize)> {
        self.inserts.lock().unwrap().clone()
    }
}

#[async_trait]
impl AuditSink for Database {
    async fn insert(&self, first_id: i64, rows: &[AuditRow]) -> Result<(), InsertFailure> {
        if *self.away.lock().unwrap() {
            return Err(InsertFailure::Later(StoreError("away".into())));
        }
        self.inserts.lock().unwrap().push((first_id, rows.len()));
        Ok(())
    }
}

struct Scene {
    database: Arc<Database>,
    clock: Arc<TestClock>,
    audit: Arc<AuditWriter>,
}

fn scene() -> Scene {
    let (database, clock) = (Arc::new(Database::default()), TestClock::new());
    let config = AuditConfig { queue_rows: 100, batch_rows: 10, ..AuditConfig::default() };
    let (sink, time): (Arc<Database>, Arc<TestClock>) = (Arc::clone(&database), Arc::clone(&clock));
    let audit = Arc::new(AuditWriter::start(sink, 1, config, time));
    Scene { database, clock, audit }
}

const FIRST: i64 = 1 << 40;

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
}

#[tokio::test]
async fn rows_wait_for_companions_and_go_together() {
    let scene = scene();
    for n in 0..3 {
        scene.audit.try_record(row(n)).unwrap();
    }
    scene.passes(19).await;
    assert_eq!(scene.database.inserts(), []);
    scene.passes(1).await;
    assert_eq!(scene.database.inserts(), [(FIRST, 3)]);
    scene.audit.try_record(row(3)).unwrap();
    scene.passes(20).await;
    assert_eq!(scene.database.inserts(), [(FIRST, 3), (FIRST + 3, 1)]);
}

#[tokio::test]
async fn a_full_batch_waits_for_nobody() {
    let scene = scene();
    for n in 0..10 {
        scene.audit.try_record(row(n)).unwrap();
    }
    settle().await;
    assert_eq!(scene.database.inserts(), [(FIRST, 10)]);
}

#[tokio::test]
async fn a_disclosure_takes_along_what_is_queued() {
    let scene = scene();
    for n in 0..3 {
        scene.audit.try_record(row(n)).unwrap();
    }
    settle().await;
    scene.audit.commit(row(3)).await.unwrap();
    assert_eq!(scene.database.inserts(), [(FIRST, 4)]);
}

#[tokio::test]
async fn disclosures_at_once_share_one_insert() {
    let scene = scene();
    let (first, second, third) =
        tokio::join!(scene.audit.commit(row(0)), scene.audit.commit(row(1)), scene.audit.commit(row(2)));
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    assert_eq!(scene.database.inserts(), [(FIRST, 3)]);
}

#[tokio::test]
async fn while_the_database_is_away_rows_are_kept_up_to_the_bound_and_then_written() {
    let scene = scene();
    scene.database.is_away(true);
    for n in 0..50 {
        scene.audit.try_record(row(n)).unwrap();
    }
    scene.passes(20).await;
    for n in 50..100 {
        scene.audit.try_record(row(n)).unwrap();
    }
    let given_back = scene.audit.try_record(row(100)).unwrap_err();
    assert_eq!(given_back.request_id, "request-100");
    let waiting = tokio::spawn({
        let audit = Arc::clone(&scene.audit);
        async move { audit.record(row(100)).await }
    });
    scene.passes(5_000).await;
    assert!(!waiting.is_finished(), "a full queue makes answers wait");
    assert_eq!(scene.audit.len(), 100);

    scene.database.is_away(false);
    for _ in 0..3 {
        scene.passes(5_000).await;
    }
    waiting.await.unwrap().unwrap();
    scene.audit.close().await.unwrap();
    assert_eq!(scene.database.inserts().iter().map(|(_, rows)| rows).sum::<usize>(), 101);
    let mut next = FIRST;
    for (first, rows) in scene.database.inserts() {
        assert_eq!(first, next, "no id is used twice, none is left out");
        next += i64::try_from(rows).unwrap();
    }
}

#[tokio::test]
async fn a_disclosure_does_not_wait_for_ever() {
    let scene = scene();
    scene.database.is_away(true);
    let commit = tokio::spawn({
        let audit = Arc::clone(&scene.audit);
        async move { audit.commit(row(1)).await }
    });
    scene.passes(1_999).await;
    assert!(!commit.is_finished());
    scene.passes(1).await;
    assert!(commit.await.unwrap().unwrap_err().to_string().contains("2s"));
    assert_eq!(scene.audit.len(), 1, "the row itself stays");
}

#[tokio::test]
async fn a_disclosure_succeeds_when_the_database_comes_back_in_time() {
    let scene = scene();
    scene.database.is_away(true);
    let commit = tokio::spawn({
        let audit = Arc::clone(&scene.audit);
        async move { audit.commit(row(1)).await }
    });
    scene.passes(1_000).await;
    scene.database.is_away(false);
    scene.passes(500).await;
    commit.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever_and_tells_what_is_lost() {
    let scene = scene();
    scene.database.is_away(true);
    for n in 0..7 {
        scene.audit.try_record(row(n)).unwrap();
    }
    let stop = tokio::spawn({
        let audit = Arc::clone(&scene.audit);
        async move { audit.close().await }
    });
    scene.passes(4_999).await;
    assert!(!stop.is_finished());
    scene.passes(1).await;
    assert_eq!(stop.await.unwrap().unwrap_err().rows, 7);
}

#[tokio::test]
async fn a_stop_tries_at_once_however_long_the_pause_was() {
    let scene = scene();
    scene.database.is_away(true);
    scene.audit.try_record(row(1)).unwrap();
    scene.passes(20).await;
    for _ in 0..8 {
        scene.passes(5_000).await;
    }
    scene.database.is_away(false);
    scene.audit.close().await.unwrap();
    assert_eq!(scene.database.inserts(), [(FIRST, 1)]);
}

#[tokio::test]
async fn a_writer_that_is_dropped_writes_what_it_holds() {
    let scene = scene();
    scene.audit.try_record(row(1)).unwrap();
    drop(scene.audit);
    settle().await;
    assert_eq!(scene.database.inserts(), [(FIRST, 1)]);
}

#[test]
fn a_row_does_not_show_what_it_stands_for() {
    let shown = format!("{:?}", row(2));
    assert!(!shown.contains(PHONE) && !shown.contains(DOSSIER), "{shown}");
}
