use std::collections::BTreeSet;
use std::sync::Arc;

use gateway_core::ports::{Clock, KeyedHash, Proofs};
use jiff::civil::date;

use crate::world::World;

const DOSSIER: KeyedHash = KeyedHash([7; 16]);

pub(crate) async fn of_fifty_guesses_at_once_each_gets_its_own_number(world: Arc<World>) {
    let other_node = world.another_node().await;
    let guesses: Vec<_> = (0..50)
        .map(|n| {
            let node = if n % 2 == 0 { world.store.clone() } else { other_node.clone() };
            tokio::spawn(async move { node.begin_attempt(DOSSIER, date(2026, 11, 23)).await.unwrap() })
        })
        .collect();
    let mut counts = BTreeSet::new();
    for guess in guesses {
        counts.insert(guess.await.unwrap());
    }
    assert_eq!(counts, (1..=50).collect());
}

pub(crate) async fn a_right_proof_is_taken_back_and_a_new_day_begins_at_one(world: Arc<World>) {
    let (today, tomorrow) = (date(2026, 11, 30), date(2026, 12, 1));
    let store = &world.store;
    assert_eq!(store.begin_attempt(DOSSIER, today).await.unwrap(), 1);
    assert_eq!(store.begin_attempt(DOSSIER, today).await.unwrap(), 2);
    store.forgive_attempt(DOSSIER, today).await.unwrap();
    assert_eq!(store.begin_attempt(DOSSIER, today).await.unwrap(), 2);
    assert_eq!(store.begin_attempt(KeyedHash([8; 16]), today).await.unwrap(), 1, "another dossier's");
    assert_eq!(store.begin_attempt(DOSSIER, tomorrow).await.unwrap(), 1);
    for _ in 0..3 {
        store.forgive_attempt(DOSSIER, tomorrow).await.unwrap();
    }
    assert_eq!(store.begin_attempt(DOSSIER, tomorrow).await.unwrap(), 1, "never below zero");
}

pub(crate) async fn tried_proofs_outlive_a_restart(world: Arc<World>) {
    let today = date(2026, 11, 23);
    for _ in 0..5 {
        world.store.begin_attempt(DOSSIER, today).await.unwrap();
    }
    world.store.close().await;
    let restarted = world.another_node().await;
    restarted.migrate().await.unwrap();
    assert_eq!(restarted.begin_attempt(DOSSIER, today).await.unwrap(), 6);
}

pub(crate) async fn a_phone_that_several_owners_share_is_known(world: Arc<World>) {
    let (phone, store, now) = (KeyedHash([1; 16]), &world.store, world.clock.now());
    assert_eq!(store.owners_of_phone(phone, KeyedHash([10; 16]), now).await.unwrap(), 1);
    assert_eq!(store.owners_of_phone(phone, KeyedHash([10; 16]), now).await.unwrap(), 1);
    assert_eq!(store.owners_of_phone(phone, KeyedHash([11; 16]), now).await.unwrap(), 2);
    assert_eq!(store.owners_of_phone(phone, KeyedHash([10; 16]), now).await.unwrap(), 2);
    assert_eq!(store.owners_of_phone(KeyedHash([2; 16]), KeyedHash([10; 16]), now).await.unwrap(), 1);

    for owner in 12..112 {
        assert!(store.owners_of_phone(phone, KeyedHash([owner; 16]), now).await.unwrap() > 1);
    }
    assert_eq!(world.number("SELECT count(*) FROM phone_owners").await, 16 + 1, "a shared phone is bounded");
}
