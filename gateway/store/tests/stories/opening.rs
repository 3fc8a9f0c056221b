use std::sync::Arc;

use gateway_core::ports::Audit;
use gateway_store::{Store, StoreConfig, StoreOpenError};

use crate::support::{TestClock, row};
use crate::world::{World, with_database};

async fn refusal(url: String) -> StoreOpenError {
    let config = StoreConfig { url, open_timeout_ms: 300, ..StoreConfig::default() };
    let refused = Store::connect(&config, TestClock::new()).await.unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("s3cret"), "{refused:?}");
    refused
}

pub(crate) async fn a_ping_answers_and_pools_tell_their_load(world: Arc<World>) {
    world.store.ping().await.unwrap();
    let load = world.store.load();
    assert!(load.iter().any(|pool| pool.open >= 1), "{load:?}");
    world.store.report_load();
    world.store.close().await;
    world.store.ping().await.unwrap_err();
}

pub(crate) async fn a_database_in_memory_is_one_for_reading_and_writing(world: Arc<World>) {
    let config = StoreConfig { url: "sqlite::memory:".to_owned(), ..StoreConfig::default() };
    let clock = Arc::clone(&world.clock);
    let (first, second) =
        (Store::connect(&config, clock.clone()).await.unwrap(), Store::connect(&config, clock).await.unwrap());
    first.migrate().await.unwrap();
    let audit = first.start_audit().await.unwrap();
    audit.commit(row(7)).await.unwrap();
    assert_eq!(first.answers(row(7).answer_code, 10).await.unwrap().len(), 1);
    assert!(second.pending_migrations().await.unwrap().starts_with(&[1, 2]), "another one is empty");
}

pub(crate) async fn a_folder_that_is_not_there_is_named(world: Arc<World>) {
    let missing = world.folder().join("no/such/folder/dakenh.db");
    let refused = refusal(format!("sqlite://{}", missing.display())).await;
    assert!(matches!(&refused, StoreOpenError::FileNotWritable { path, .. } if *path == missing), "{refused:?}");
    let folder = refusal(format!("sqlite://{}", world.folder().display())).await;
    assert!(matches!(folder, StoreOpenError::FileNotWritable { .. }), "{folder:?}");
    let read_only = refusal(format!("{}?mode=ro", world.config.url)).await;
    assert!(matches!(read_only, StoreOpenError::FileNotWritable { .. }), "{read_only:?}");
}

pub(crate) async fn a_file_that_is_no_database_is_named(world: Arc<World>) {
    let letter = world.folder().join("letter.txt");
    std::fs::write(&letter, "Kính gửi Ủy ban nhân dân tỉnh. ".repeat(100)).unwrap();
    let refused = refusal(format!("sqlite://{}", letter.display())).await;
    assert!(matches!(&refused, StoreOpenError::NotADatabase { path } if *path == letter), "{refused:?}");
}

pub(crate) async fn a_url_of_another_kind_is_refused(_world: Arc<World>) {
    for url in ["mysql://u:s3cret@h/d", "", "s3cret", "sqlite://x?colour=red", "postgres://u:s3cret@h:port/d"] {
        let refused = refusal(url.to_owned()).await;
        assert!(matches!(refused, StoreOpenError::BadUrl { .. }), "{refused:?}");
        assert!(refused.is_wrong_use());
    }
}

pub(crate) async fn a_server_without_the_database_says_so(world: Arc<World>) {
    let refused = refusal(with_database(&world.config.url, "of_nobody")).await;
    assert!(matches!(refused, StoreOpenError::NoSuchDatabase { .. }), "{refused:?}");
    assert!(!refused.is_wrong_use());
}

pub(crate) async fn a_silent_or_absent_server_is_unreachable_in_time(_world: Arc<World>) {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://gate:s3cret@{}/dakenh", silent.local_addr().unwrap());
    let refused = refusal(url.clone()).await;
    assert!(matches!(refused, StoreOpenError::Unreachable { .. }), "{refused:?}");
    drop(silent);
    let refused = refusal(url).await;
    assert!(matches!(refused, StoreOpenError::Unreachable { .. }), "{refused:?}");
    assert!(refused.to_string().contains("gate@127.0.0.1"), "{refused}");
}
