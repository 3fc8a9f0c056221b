use std::collections::BTreeMap;
use std::sync::Arc;

use gateway_core::domain::{Channel, Locale, NoticeId};
use gateway_core::ports::{Clock, Notices};
use gateway_store::NewNotice;
use jiff::{Timestamp, ToSpan};

use crate::world::World;

fn closing_early(channels: Vec<Channel>, from: Timestamp, until: Timestamp) -> NewNotice {
    let texts = BTreeMap::from([
        (Locale::VI, "Trung tâm nghỉ từ 15:00".to_owned()),
        (Locale::EN, "The centre closes at 15:00".to_owned()),
    ]);
    NewNotice::new(texts, channels, from, until).unwrap()
}

pub(crate) async fn a_notice_appears_and_ends_by_itself(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let id = store.add_notice(closing_early(vec![Channel::Sms], now + 1.hour(), now + 3.hours())).await.unwrap();
    let current = store.current(now).await.unwrap();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].id, id);
    assert_eq!(current[0].channels, [Channel::Sms]);
    assert_eq!(current[0].text(Locale::EN), "The centre closes at 15:00");
    assert_eq!(current[0].text(Locale::VI), "Trung tâm nghỉ từ 15:00");
    assert_eq!((current[0].from, current[0].until), (now + 1.hour(), now + 3.hours()));

    assert!(!current[0].applies(Channel::Sms, now), "it has not begun");
    assert!(current[0].applies(Channel::Sms, now + 1.hour()));
    assert!(!current[0].applies(Channel::Mobile, now + 1.hour()));

    assert_eq!(store.current(now + 3.hours()).await.unwrap(), [], "the end is exclusive");
}

pub(crate) async fn a_notice_can_be_ended_before_its_time(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let id = store.add_notice(closing_early(vec![], now, now + 3.hours())).await.unwrap();
    let other = store.add_notice(closing_early(vec![], now, now + 3.hours())).await.unwrap();
    assert_ne!(id, other);
    assert!(store.end_notice(id, now + 1.hour()).await.unwrap());
    assert_eq!(store.current(now + 1.hour()).await.unwrap().len(), 1);
    assert!(!store.end_notice(id, now + 2.hours()).await.unwrap(), "it has ended already");
    assert!(!store.end_notice(NoticeId(-1), now).await.unwrap());
}
