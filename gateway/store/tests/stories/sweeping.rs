use std::collections::BTreeMap;
use std::sync::Arc;

use gateway_core::domain::{Channel, Locale, Provider};
use gateway_core::ports::{Clock, Dedupe, KeyedHash, Proofs};
use gateway_store::{AuditSink, NewNotice, Swept};
use jiff::SignedDuration;
use jiff::civil::date;

use crate::support::row;
use crate::world::World;

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub(crate) async fn what_is_older_than_the_retention_goes(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let (mut old, mut older_than_a_month) = (row(1), row(2));
    old.at = now - days(366);
    older_than_a_month.at = now - days(60);
    store.insert(1, &[old, older_than_a_month, row(3)]).await.unwrap();
    for (age, message) in [(8, "old"), (6, "young")] {
        store.first_time(Channel::Sms, &Provider::new("viettel"), message, now - days(age)).await.unwrap();
    }
    for day in [date(2026, 11, 15), date(2026, 11, 16), date(2026, 11, 23)] {
        store.begin_attempt(KeyedHash([1; 16]), day).await.unwrap();
    }
    for (age, owner) in [(401, 1), (399, 2)] {
        store.owners_of_phone(KeyedHash([1; 16]), KeyedHash([owner; 16]), now - days(age)).await.unwrap();
    }
    for age in [91, 89] {
        let text = BTreeMap::from([(Locale::VI, "Nghỉ lễ".to_owned())]);
        let notice = NewNotice::new(text, vec![], now - days(100), now - days(age)).unwrap();
        store.add_notice(notice).await.unwrap();
    }

    let swept = store.sweep(now).await.unwrap();
    assert_eq!(swept, Swept { audit: 1, messages: 1, proofs: 1, phone_owners: 1, notices: 1, ..Swept::default() });
    assert_eq!(store.sweep(now).await.unwrap(), Swept::default(), "a second sweep finds nothing");
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 2);
    assert!(!store.first_time(Channel::Sms, &Provider::new("viettel"), "young", now).await.unwrap());
}

pub(crate) async fn a_sweep_of_many_rows_goes_in_batches(world: Arc<World>) {
    let now = world.clock.now();
    let old: Vec<_> = (0..4_500)
        .map(|n| {
            let mut row = row(n);
            row.at = now - days(400);
            row
        })
        .collect();
    world.store.insert(1, &old).await.unwrap();
    // Two more starts of a writer, one with old rows and one with young ones.
    world.store.insert(1 << 40, &old[..10]).await.unwrap();
    let young: Vec<_> = (0..10).map(row).collect();
    world.store.insert(2 << 40, &young).await.unwrap();
    assert_eq!(world.store.sweep(now).await.unwrap().audit, 4_510);
    assert_eq!(world.number("SELECT count(*) FROM audit").await, 10);
}
