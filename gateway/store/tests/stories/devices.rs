use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::{DeviceId, Heartbeat, Printer, TerminalName};
use gateway_core::ports::{Clock, Devices, KeyedHash, NewDevice, NewEnrolment};
use gateway_store::DeviceRows;
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

const CODE: KeyedHash = KeyedHash([1; 16]);

fn id(text: &str) -> DeviceId {
    DeviceId::parse(text).unwrap()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

async fn offer(rows: &DeviceRows, code: KeyedHash, name: &str, at: Timestamp) {
    let enrolment = NewEnrolment {
        code,
        site: "000.00.17.H09".into(),
        name: TerminalName::parse(name).unwrap(),
        at,
        until: at + minutes(60),
    };
    rows.offer_enrolment(enrolment).await.unwrap();
}

fn terminal(of: &str, key: u8, at: Timestamp) -> NewDevice {
    NewDevice { id: id(of), public_key: [key; 32], version: "0.1.0".into(), at }
}

async fn enrolled(rows: &DeviceRows, of: &str, at: Timestamp) -> DeviceId {
    let code = KeyedHash([u8::try_from(of.len()).unwrap(); 16]);
    offer(rows, code, "Sảnh 1", at).await;
    rows.enrol(code, terminal(of, 7, at)).await.unwrap().unwrap().id
}

pub(crate) async fn a_code_makes_one_terminal_and_the_lost_answer_comes_again(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    assert_eq!(here.enrol(CODE, terminal("k-first-terminal", 7, now)).await.unwrap(), None, "nobody made it");
    offer(&here, CODE, "Sảnh tầng 1, máy 2", now).await;
    let made = there.enrol(CODE, terminal("k-first-terminal", 7, now)).await.unwrap().unwrap();
    assert_eq!((made.id.as_str(), made.site.as_str()), ("k-first-terminal", "000.00.17.H09"));
    assert_eq!((made.name.as_str(), made.public_key, made.enrolled_at), ("Sảnh tầng 1, máy 2", [7; 32], now));

    let again = here.enrol(CODE, terminal("k-another-id", 7, now + minutes(59))).await.unwrap().unwrap();
    assert_eq!(again, made, "the same key asks again: the same terminal");
    assert_eq!(here.enrol(CODE, terminal("k-a-thief", 8, now)).await.unwrap(), None, "another's key");
    assert_eq!(here.enrol(CODE, terminal("k-too-late", 7, now + minutes(60))).await.unwrap(), None);
    assert_eq!(here.device(&made.id).await.unwrap(), Some(made));
    assert_eq!(here.device(&id("k-another-id")).await.unwrap(), None);
    assert_eq!(world.number("SELECT count(*) FROM devices").await, 1);
}

pub(crate) async fn a_code_that_is_over_makes_none(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    offer(&here, CODE, "Sảnh 1", now).await;
    assert_eq!(here.enrol(CODE, terminal("k-first-terminal", 7, now + minutes(60))).await.unwrap(), None);
    let swept = world.store.sweep(now + minutes(61)).await.unwrap();
    assert_eq!((swept.devices, world.number("SELECT count(*) FROM enrolments").await), (1, 0));
}

pub(crate) async fn of_many_that_show_one_code_at_once_one_is_made(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    offer(&here, CODE, "Sảnh 1", now).await;
    let tries: Vec<_> = (0..10_u8)
        .map(|n| {
            let rows = if n % 2 == 0 { here.clone() } else { there.clone() };
            let of = format!("k-terminal-{n}");
            tokio::spawn(async move { rows.enrol(CODE, terminal(&of, n, now)).await.unwrap().is_some() })
        })
        .collect();
    let mut made = 0;
    for one in tries {
        made += usize::from(one.await.unwrap());
    }
    assert_eq!((made, world.number("SELECT count(*) FROM devices").await), (1, 1));
}

pub(crate) async fn revoking_acts_at_once_on_every_node(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    let of = enrolled(&here, "k-first-terminal", now).await;
    assert!(there.revoke(&of, now + minutes(1)).await.unwrap());
    assert!(!here.revoke(&of, now + minutes(2)).await.unwrap(), "once");
    assert_eq!(here.device(&of).await.unwrap().unwrap().revoked_at, Some(now + minutes(1)));
    let code = KeyedHash([u8::try_from(of.as_str().len()).unwrap(); 16]);
    assert_eq!(here.enrol(code, terminal("k-again-it", 7, now)).await.unwrap(), None, "its old code opens nothing");
    assert!(!here.revoke(&id("k-nobody-here"), now).await.unwrap());
}

pub(crate) async fn a_nonce_is_taken_once_among_all_nodes(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    let (one, other) = (id("k-first-terminal"), id("k-other-terminal"));
    let tries: Vec<_> = (0..200_u32)
        .map(|n| {
            let rows = if n % 2 == 0 { here.clone() } else { there.clone() };
            let (of, nonce) = (one.clone(), [u8::try_from(n % 40).unwrap(); 16]);
            tokio::spawn(async move { (nonce, rows.take_nonce(&of, nonce, now + minutes(4)).await.unwrap()) })
        })
        .collect();
    let (mut first, mut times) = (HashSet::new(), 0);
    for one in tries {
        let (nonce, taken) = one.await.unwrap();
        if taken {
            times += 1;
            first.insert(nonce);
        }
    }
    assert_eq!((first.len(), times), (40, 40), "each of forty once");
    assert!(here.take_nonce(&other, [1; 16], now + minutes(4)).await.unwrap(), "another terminal's is another");
}

pub(crate) async fn nonces_that_no_clock_lets_in_go_by_themselves(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let of = id("k-first-terminal");
    for n in 0..5 {
        here.take_nonce(&of, [n; 16], now + minutes(4)).await.unwrap();
    }
    world.clock.advance(Duration::from_secs(300));
    here.take_nonce(&of, [9; 16], now + minutes(9)).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM device_nonces").await, 1);
    assert_eq!(world.store.sweep(now + minutes(10)).await.unwrap().devices, 1);
}

pub(crate) async fn a_terminal_s_last_words_are_kept(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let of = enrolled(&here, "k-first-terminal", now).await;
    let other = enrolled(&here, "k-a-second-terminal", now + minutes(1)).await;
    assert!(here.devices().await.unwrap().iter().all(|(_, beat)| beat.is_none()));
    let mut beat = Heartbeat {
        at: now + minutes(2),
        version: "0.1.1".into(),
        printer: Printer::PaperOut,
        latency_ms: Some(12),
        catalogue_at: Some(now),
        last_use: None,
        screens_failed: 3,
    };
    assert!(here.heard(&of, &beat).await.unwrap());
    beat = Heartbeat { at: now + minutes(3), printer: Printer::Ready, latency_ms: None, ..beat };
    assert!(here.heard(&of, &beat).await.unwrap());
    assert!(!here.heard(&id("k-nobody-here"), &beat).await.unwrap());
    let all = here.devices().await.unwrap();
    let told: Vec<_> = all.iter().map(|(device, beat)| (device.id.clone(), beat.clone())).collect();
    assert_eq!(told, [(of, Some(beat)), (other, None)]);
}

pub(crate) async fn without_the_tables_nobody_is_let_in_and_every_call_ends(world: Arc<World>) {
    let (here, now) = (world.store.start_devices(), world.clock.now());
    let of = id("k-first-terminal");
    for table in ["DROP TABLE device_nonces", "DROP TABLE devices", "DROP TABLE enrolments"] {
        world.sql(table).await.unwrap();
    }
    // Twice: the task that writes goes on after a failure.
    for n in 0..2 {
        assert!(here.take_nonce(&of, [n; 16], now).await.is_err());
    }
    assert!(here.device(&of).await.is_err() && here.devices().await.is_err());
    assert!(here.enrol(CODE, terminal("k-first-terminal", 7, now)).await.is_err());
    assert!(here.revoke(&of, now).await.is_err());
}
