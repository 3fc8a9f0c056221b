use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::Audit;
use gateway_store::{AuditSink, Store};
use sqlx::Connection;

use crate::support::{DOSSIER, PHONE, row};
use crate::world::World;

pub(crate) async fn what_is_queued_is_on_disk_after_a_graceful_stop(world: Arc<World>) {
    let audit = world.store.start_audit().await.unwrap();
    for n in 0..1_234 {
        audit.try_record(row(n)).unwrap();
    }
    audit.close().await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 1_234);
    assert_eq!(world.number("SELECT count(*) FROM audit WHERE dossier IS NULL").await, 617);
    assert!(audit.try_record(row(0)).is_err(), "a closed writer takes no row");
    assert!(audit.record(row(0)).await.is_err());
    assert!(audit.commit(row(0)).await.is_err());
}

pub(crate) async fn a_disclosure_is_on_disk_when_commit_returns(world: Arc<World>) {
    let audit = world.store.start_audit().await.unwrap();
    // The clock stands still, so nothing but the commit makes the writer write.
    audit.try_record(row(1)).unwrap();
    audit.commit(row(2)).await.unwrap();
    // Read by another connection; what was queued before went along.
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 2);

    let audit = Arc::new(audit);
    let commits: Vec<_> = (3..53)
        .map(|n| {
            let audit = Arc::clone(&audit);
            tokio::spawn(async move { audit.commit(row(n)).await })
        })
        .collect();
    for commit in commits {
        commit.await.unwrap().unwrap();
    }
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 52);
}

pub(crate) async fn rows_do_not_change_and_young_ones_stay(world: Arc<World>) {
    world.store.insert(1, &[row(1)]).await.unwrap();
    let refused = world.sql("UPDATE audit SET outcome = 'answered'").await.unwrap_err();
    assert!(refused.contains("append-only"), "{refused}");

    // The trigger goes by the database's own clock, so "young" is said in it.
    let young = match world.store.kind() {
        "sqlite" => {
            "INSERT INTO audit SELECT 2, CAST(unixepoch('subsec') * 1000000 AS INTEGER) - 2591000000000, request_id, \
             channel, provider, action, outcome, locale, sender, dossier, key_id, answer_code, said, elapsed_us \
             FROM audit WHERE id = 1"
        }
        _ => {
            "INSERT INTO audit SELECT 2, (extract(epoch FROM now()) * 1000000)::bigint - 2591000000000, request_id, \
             channel, provider, action, outcome, locale, sender, dossier, key_id, answer_code, said, elapsed_us \
             FROM audit WHERE id = 1"
        }
    };
    world.sql(young).await.unwrap();
    let refused = world.sql("DELETE FROM audit WHERE id = 2").await.unwrap_err();
    assert!(refused.contains("at least 30 days"), "{refused}");
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 2);
}

pub(crate) async fn the_audit_cannot_be_emptied(world: Arc<World>) {
    world.store.insert(1, &[row(1)]).await.unwrap();
    assert!(world.sql("TRUNCATE audit").await.unwrap_err().contains("append-only"));
}

pub(crate) async fn an_insert_that_is_repeated_writes_no_row_twice(world: Arc<World>) {
    let rows = [row(1), row(2), row(3)];
    world.store.insert(10, &rows[..2]).await.unwrap();
    world.store.insert(10, &rows).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 3);
}

pub(crate) async fn a_restarted_writer_goes_on_where_no_row_is(world: Arc<World>) {
    let nodes: [Store; 3] = [world.store.clone(), world.store.clone(), world.another_node().await];
    for node in nodes {
        let audit = node.start_audit().await.unwrap();
        for n in 0..10 {
            audit.record(row(n)).await.unwrap();
        }
        audit.close().await.unwrap();
    }
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 30);
}

pub(crate) async fn a_row_that_can_never_be_written_does_not_hold_up_the_others(world: Arc<World>) {
    // No value that the Desk builds breaks a rule of the table, so a rule is
    // made that one value breaks.
    let rule = match world.store.kind() {
        "sqlite" => {
            "CREATE TRIGGER spoilt BEFORE INSERT ON audit WHEN NEW.said = 'spoilt' \
             BEGIN SELECT RAISE(ABORT, 'spoilt'); END"
        }
        _ => "ALTER TABLE audit ADD CONSTRAINT spoilt CHECK (said <> 'spoilt')",
    };
    world.sql(rule).await.unwrap();
    let audit = world.store.start_audit().await.unwrap();
    for n in 0..5 {
        audit.record(row(n)).await.unwrap();
    }
    let mut spoilt = row(5);
    spoilt.said = "spoilt".into();
    let (refused, taken) = futures::join!(audit.commit(spoilt), audit.commit(row(6)));
    assert!(refused.unwrap_err().to_string().contains("refused"));
    taken.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 6);
    assert_eq!(audit.close().await.unwrap_err().rows, 1, "the stop tells the row that was lost");
}

pub(crate) async fn the_database_file_holds_no_personal_data(world: Arc<World>) {
    let audit = world.store.start_audit().await.unwrap();
    for n in 0..100 {
        audit.record(row(n)).await.unwrap();
    }
    audit.close().await.unwrap();
    world.store.close().await;

    let mut seen_a_row = false;
    for entry in std::fs::read_dir(world.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        seen_a_row |= holds("request-99");
        for secret in [PHONE, "84912345678", "912345678", DOSSIER, "260916-0012", "a key for tests"] {
            assert!(!holds(secret), "{secret} is in the file");
        }
    }
    assert!(seen_a_row, "the search would find what is there");
}

pub(crate) async fn while_the_file_is_locked_a_disclosure_fails_in_time_and_no_row_is_lost(world: Arc<World>) {
    let mut config = world.config.clone();
    config.call_timeout_ms = 100;
    let clock = Arc::clone(&world.clock);
    let node = Store::connect(&config, clock).await.unwrap();
    let audit = Arc::new(node.start_audit().await.unwrap());

    let mut intruder = world.sqlite().await;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut intruder).await.unwrap();
    audit.try_record(row(1)).unwrap();
    let commit = tokio::spawn({
        let audit = Arc::clone(&audit);
        async move { audit.commit(row(2)).await }
    });
    // Let the commit be queued before time passes.
    while audit.len() < 2 {
        tokio::task::yield_now().await;
    }
    let refused = loop {
        if commit.is_finished() {
            break commit.await.unwrap();
        }
        world.clock.advance(Duration::from_millis(100));
        tokio::task::yield_now().await;
    };
    assert!(refused.unwrap_err().to_string().contains("not on disk within"));
    assert_eq!(audit.len(), 2, "both rows are kept");

    sqlx::raw_sql("ROLLBACK").execute(&mut intruder).await.unwrap();
    intruder.close().await.unwrap();
    // Pauses between tries pass with the clock.
    while !audit.is_empty() {
        world.clock.advance(Duration::from_secs(5));
        tokio::task::yield_now().await;
    }
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 2);
    audit.close().await.unwrap();
}
