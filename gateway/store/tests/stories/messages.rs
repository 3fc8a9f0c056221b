use std::sync::Arc;

use gateway_core::domain::{Channel, Provider};
use gateway_core::ports::{Clock, Dedupe};

use crate::world::World;

pub(crate) async fn a_replay_is_known(world: Arc<World>) {
    let (viettel, now) = (Provider::new("viettel"), world.clock.now());
    let store = &world.store;
    assert!(store.first_time(Channel::Sms, &viettel, "mo-1", now).await.unwrap());
    assert!(!store.first_time(Channel::Sms, &viettel, "mo-1", now).await.unwrap());
    assert!(store.first_time(Channel::Sms, &viettel, "mo-2", now).await.unwrap());
    assert!(store.first_time(Channel::Sms, &Provider::new("mobifone"), "mo-1", now).await.unwrap());
    assert!(store.first_time(Channel::Zalo, &viettel, "mo-1", now).await.unwrap());
    let long = "x".repeat(100_000);
    assert!(store.first_time(Channel::Sms, &viettel, &long, now).await.unwrap());
    assert!(!store.first_time(Channel::Sms, &viettel, &long, now).await.unwrap());
}

pub(crate) async fn of_twenty_deliveries_at_once_one_is_the_first(world: Arc<World>) {
    let other_node = world.another_node().await;
    let now = world.clock.now();
    let deliveries: Vec<_> = (0..20)
        .map(|n| {
            let node = if n % 2 == 0 { world.store.clone() } else { other_node.clone() };
            tokio::spawn(
                async move { node.first_time(Channel::Sms, &Provider::new("viettel"), "mo-1", now).await.unwrap() },
            )
        })
        .collect();
    let mut firsts = 0;
    for delivery in deliveries {
        firsts += u32::from(delivery.await.unwrap());
    }
    assert_eq!(firsts, 1);
}
