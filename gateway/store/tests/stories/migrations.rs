use std::sync::Arc;

use gateway_store::MigrationProblem;

use crate::world::World;

pub(crate) async fn a_second_run_changes_nothing(world: Arc<World>) {
    assert_eq!(world.store.pending_migrations().await.unwrap(), Vec::<i64>::new());
    let again = world.store.migrate().await.unwrap();
    assert!(!again.is_empty() && again.iter().all(|version| !version.new), "{again:?}");
}

pub(crate) async fn nodes_may_start_at_once(world: Arc<World>) {
    let all: Vec<i64> = world.store.migrate().await.unwrap().iter().map(|version| version.version).collect();
    // Back to an empty database.
    for table in [
        "DROP TABLE audit_writers",
        "DROP TABLE audit",
        "DROP TABLE seen_messages",
        "DROP TABLE proof_attempts",
        "DROP TABLE phone_owners",
        "DROP TABLE notices",
        "DROP TABLE nodes",
        "DROP TABLE inbox",
        "DROP TABLE inbound_parts",
        "DROP TABLE rests",
        "DROP TABLE outbox",
        "DROP TABLE held_receipts",
        "DROP TABLE codes",
        "DROP TABLE code_issues",
        "DROP TABLE proven",
        "DROP TABLE contact_wishes",
        "DROP TABLE notice_counts",
        "DROP TABLE subscriptions",
        "DROP TABLE conversations",
        "DROP TABLE officer_sessions",
        "DROP TABLE officers",
        "DROP TABLE officer_tries",
        "DROP TABLE officer_acts",
        "DROP TABLE transcript_lines",
        "DROP TABLE handovers",
        "DROP TABLE callbacks",
        "DROP TABLE credentials",
        "DROP TABLE leases",
        "DROP TABLE misses",
        "DROP TABLE proposals",
        "DROP TABLE taught",
        "DROP TABLE links",
        "DROP TABLE link_offers",
        "DROP TABLE link_issues",
        "DROP TABLE queue_sites",
        "DROP TABLE queue_numbers",
        "DROP TABLE queue_counters",
        "DROP TABLE queue_tickets",
        "DROP TABLE devices",
        "DROP TABLE enrolments",
        "DROP TABLE device_nonces",
        "DROP TABLE kiosk_calls",
        "DROP TABLE device_ranges",
        "DROP TABLE ratings",
        "DROP TABLE continuations",
        "DROP TABLE _sqlx_migrations",
    ] {
        world.sql(table).await.unwrap();
    }
    if world.store.kind() == "postgres" {
        world.sql("DROP FUNCTION audit_never_changes").await.unwrap();
        world.sql("DROP FUNCTION audit_is_kept").await.unwrap();
        world.sql("DROP FUNCTION officer_acts_never_change").await.unwrap();
        world.sql("DROP FUNCTION officer_acts_are_kept").await.unwrap();
    }
    assert_eq!(world.store.pending_migrations().await.unwrap(), all);

    let mut starts = Vec::new();
    for _ in 0..4 {
        let node = world.another_node().await;
        starts.push(tokio::spawn(async move { node.migrate().await }));
    }
    let mut new = 0;
    for start in starts {
        new += start.await.unwrap().unwrap().iter().filter(|version| version.new).count();
    }
    assert_eq!(new, all.len(), "one node migrated, the others found it done");
}

pub(crate) async fn a_newer_database_is_refused(world: Arc<World>) {
    let newer = match world.store.kind() {
        "sqlite" => {
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'of tomorrow', TRUE, x'00', 0)"
        }
        _ => {
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'of tomorrow', TRUE, '\\x00', 0)"
        }
    };
    world.sql(newer).await.unwrap();
    let refused = world.store.migrate().await.unwrap_err();
    assert!(matches!(refused, MigrationProblem::NewerDatabase { version: 9999 }), "{refused}");
}
