use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::queue::{HeldRanges, RangeWish, SerialRange, SiteCode};
use gateway_core::domain::{DeviceId, TerminalName, local_date};
use gateway_core::ports::{Clock, Devices, KeyedHash, LocalRanges, NewDevice, NewEnrolment};
use gateway_store::DeviceRows;
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

const SITE: &str = "000.00.17.H09";

/// A terminal of the site that was enrolled.
async fn terminal(rows: &DeviceRows, number: u8, name: &str, at: Timestamp) -> DeviceId {
    let code = KeyedHash([number; 16]);
    let name = TerminalName::parse(name).unwrap();
    let until = at + SignedDuration::from_mins(60);
    rows.offer_enrolment(NewEnrolment { code, site: SITE.into(), name, at, until }).await.unwrap();
    let id = DeviceId::parse(&format!("k-terminal-{number}")).unwrap();
    let device = NewDevice { id, public_key: [number; 32], version: "0.1.0".into(), at };
    rows.enrol(code, device).await.unwrap().unwrap().id
}

fn range(from: u32, to: u32) -> SerialRange {
    SerialRange::new(from, to).unwrap()
}

fn wish(device: &DeviceId, name: &str, of: Option<SerialRange>, now: Timestamp) -> RangeWish {
    let site = SiteCode::parse(SITE).unwrap();
    RangeWish { device: device.clone(), name: name.into(), site, range: of, day: local_date(now) }
}

fn held(now: Option<SerialRange>, today: &[SerialRange]) -> HeldRanges {
    HeldRanges { now, today: today.to_vec() }
}

pub(crate) async fn what_a_terminal_was_given_is_its_own_that_day_whatever_changes(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    let one = terminal(&here, 1, "Sảnh 1", now).await;
    let two = terminal(&here, 2, "Sảnh 2", now).await;
    let (narrow, usual, other) = (range(900, 919), range(900, 949), range(950, 999));
    for rows in [&here, &there, &here] {
        let given = rows.hold(&wish(&one, "Sảnh 1", Some(usual), now)).await.unwrap();
        assert_eq!(given, held(Some(usual), &[usual]));
    }
    assert_eq!(there.hold(&wish(&two, "Sảnh 2", Some(other), now)).await.unwrap(), held(Some(other), &[other]));

    // The operator makes the first one's smaller and the second one's wider.
    let given = there.hold(&wish(&one, "Sảnh 1", Some(narrow), now)).await.unwrap();
    assert_eq!((given.now, given.today.len()), (Some(narrow), 2), "it may have given all of both: {given:?}");
    let wider = wish(&two, "Sảnh 2", Some(range(920, 999)), now);
    assert_eq!(here.hold(&wider).await.unwrap(), held(None, &[other]), "withheld: the first one may have given 920");
    // Back again, and none at all.
    assert_eq!(here.hold(&wish(&one, "Sảnh 1", Some(usual), now)).await.unwrap().now, Some(usual));
    let none = here.hold(&wish(&one, "Sảnh 1", None, now)).await.unwrap();
    assert_eq!((none.now, none.today.len()), (None, 2));

    // The next day each has what the operator wants, and yesterday's are over.
    let tomorrow = now + SignedDuration::from_hours(24);
    let wider = RangeWish { day: local_date(tomorrow), ..wider };
    assert_eq!(there.hold(&wider).await.unwrap(), held(wider.range, &[range(920, 999)]));
    assert_eq!(here.hold(&wish(&one, "Sảnh 1", None, tomorrow)).await.unwrap(), HeldRanges::default());
    let taken = here.hold(&wish(&one, "Sảnh 1", Some(usual), tomorrow)).await.unwrap();
    assert_eq!(taken.now, None, "the second one has some of it now");
    assert_eq!(world.store.sweep(now + SignedDuration::from_hours(24 * 9)).await.unwrap().devices, 5);
    assert_eq!(world.number("SELECT count(*) FROM device_ranges").await, 1, "the one that is still held");
}

pub(crate) async fn a_terminal_that_is_enrolled_anew_tells_of_the_old_one_s_and_gives_from_tomorrow(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let usual = range(900, 949);
    let old = terminal(&here, 1, "Sảnh 1", now).await;
    here.hold(&wish(&old, "Sảnh 1", Some(usual), now)).await.unwrap();
    assert!(here.revoke(&old, now).await.unwrap());
    let anew = terminal(&here, 2, "Sảnh 1", now).await;
    let other = terminal(&here, 3, "Sảnh 2", now).await;
    assert_eq!(here.hold(&wish(&anew, "Sảnh 1", Some(usual), now)).await.unwrap(), held(None, &[usual]));
    let stranger = here.hold(&wish(&other, "Sảnh 2", Some(range(949, 960)), now)).await.unwrap();
    assert_eq!(stranger, HeldRanges::default(), "nor does another name get, or tell of, any of it");
    let tomorrow = now + SignedDuration::from_hours(24);
    assert_eq!(here.hold(&wish(&anew, "Sảnh 1", Some(usual), tomorrow)).await.unwrap(), held(Some(usual), &[usual]));
}

pub(crate) async fn of_twenty_that_want_the_same_serials_at_once_one_has_them(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    let mut tries = Vec::new();
    for number in 1..=20_u8 {
        let device = terminal(&here, number, "Sảnh 1", now).await;
        let rows = if number % 2 == 0 { here.clone() } else { there.clone() };
        tries.push(async move {
            let wanted = wish(&device, "Sảnh 1", Some(range(900, 900 + u32::from(number))), now);
            rows.hold(&wanted).await.unwrap().now.is_some()
        });
    }
    let got = futures::future::join_all(tries).await;
    assert_eq!(got.into_iter().filter(|got| *got).count(), 1, "all of them want 900");
    assert_eq!(world.number("SELECT count(*) FROM device_ranges").await, 1);
}

pub(crate) async fn without_the_table_no_range_is_given(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let one = terminal(&here, 1, "Sảnh 1", now).await;
    world.sql("DROP TABLE device_ranges").await.unwrap();
    assert!(here.hold(&wish(&one, "Sảnh 1", Some(range(900, 949)), now)).await.is_err());
    world.clock.advance(Duration::from_secs(1));
    assert!(here.hold(&wish(&one, "Sảnh 1", None, now)).await.is_err());
}
