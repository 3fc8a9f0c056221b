use std::sync::Arc;

use gateway_core::domain::{CallReason, CallStage, DeviceId, OfficerId, Sites, TerminalName};
use gateway_core::ports::{Called, Calls, Clock, Devices, KeyedHash, NewCall, NewDevice, NewEnrolment};
use gateway_store::DeviceRows;
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

const HERE: &str = "000.00.17.H09";
const THERE: &str = "000.00.01.H09";
const BINH: OfficerId = OfficerId(1);
const AN: OfficerId = OfficerId(2);

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

async fn terminal(rows: &DeviceRows, number: u8, site: &str, at: Timestamp) -> DeviceId {
    let code = KeyedHash([number; 16]);
    let name = TerminalName::parse(&format!("Máy {number}")).unwrap();
    let enrolment = NewEnrolment { code, site: site.into(), name, at, until: at + minutes(60) };
    rows.offer_enrolment(enrolment).await.unwrap();
    let id = DeviceId::parse(&format!("k-terminal-{number}")).unwrap();
    let device = NewDevice { id, public_key: [number; 32], version: "0.1.0".into(), at };
    rows.enrol(code, device).await.unwrap().unwrap().id
}

fn call(device: &DeviceId, reason: CallReason, at: Timestamp) -> NewCall {
    NewCall { device: device.clone(), reason, counter: None, at, until: at + minutes(30) }
}

pub(crate) async fn calls_stand_in_a_line_of_their_site(world: Arc<World>) {
    let (rows, now) = (world.store.start_devices(), world.clock.now());
    let (one, two) = (terminal(&rows, 1, HERE, now).await, terminal(&rows, 2, HERE, now).await);
    let elsewhere = terminal(&rows, 3, THERE, now).await;
    let first = rows.call_officer(call(&one, CallReason::Help, now)).await.unwrap();
    let other = rows.call_officer(call(&elsewhere, CallReason::Trouble, now)).await.unwrap();
    let second = rows.call_officer(call(&two, CallReason::Accessibility, now)).await.unwrap();
    assert_eq!((first.position, other.position, second.position), (Some(1), Some(1), Some(2)));

    // The same terminal again: the same call, with its latest words.
    let mut again = call(&one, CallReason::Trouble, now + minutes(1));
    again.counter = Some("Quầy 3".into());
    assert_eq!(rows.call_officer(again).await.unwrap(), Called { id: first.id, position: Some(1) });
    let sites = Sites::parse([HERE]).unwrap();
    let open = rows.open_calls(&sites, now, 10).await.unwrap();
    let told: Vec<_> = open.iter().map(|call| (call.id, call.reason, call.stage)).collect();
    assert_eq!(
        told,
        [
            (first.id, CallReason::Trouble, CallStage::Waiting),
            (second.id, CallReason::Accessibility, CallStage::Waiting)
        ]
    );
    assert_eq!((open[0].counter.as_deref(), open[0].terminal.as_str(), open[0].at), (Some("Quầy 3"), "Máy 1", now));
    assert_eq!(rows.open_calls(&Sites::ALL, now, 10).await.unwrap().len(), 3);
    assert_eq!(rows.open_calls(&Sites::ALL, now, 1).await.unwrap().len(), 1);
}

pub(crate) async fn of_two_officers_one_comes_and_the_terminal_sees_it(world: Arc<World>) {
    let (rows, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    let (one, two) = (terminal(&rows, 1, HERE, now).await, terminal(&rows, 2, HERE, now).await);
    let id = rows.call_officer(call(&one, CallReason::Help, now)).await.unwrap().id;
    let stage = async |rows: &DeviceRows| rows.call_of(&one, id, now).await.unwrap().map(|call| call.stage);
    assert_eq!(stage(&there).await, Some(CallStage::Waiting));
    assert_eq!(rows.call_of(&two, id, now).await.unwrap(), None, "another terminal's is none of its business");

    let elsewhere = Sites::parse([THERE]).unwrap();
    assert!(!rows.answer_call(id, BINH, &elsewhere, now).await.unwrap(), "of another site");
    let tries = [(BINH, rows.clone()), (AN, there.clone())].map(|(officer, node)| {
        tokio::spawn(async move { node.answer_call(id, officer, &Sites::ALL, now).await.unwrap() })
    });
    let mut came = 0;
    for one in tries {
        came += u32::from(one.await.unwrap());
    }
    assert_eq!(came, 1);
    assert_eq!(stage(&there).await, Some(CallStage::Coming));
    // Who calls while somebody is on the way has no place in the line.
    assert_eq!(rows.call_officer(call(&one, CallReason::Help, now)).await.unwrap(), Called { id, position: None });
    assert!(!rows.finish_call(id, BINH, &elsewhere, now).await.unwrap());
    assert!(rows.finish_call(id, BINH, &Sites::ALL, now).await.unwrap());
    assert!(!rows.finish_call(id, BINH, &Sites::ALL, now).await.unwrap(), "once");
    assert_eq!(stage(&there).await, Some(CallStage::Done));
    let next = rows.call_officer(call(&one, CallReason::Help, now)).await.unwrap();
    assert!(next.id > id && next.position == Some(1), "a new one");
}

pub(crate) async fn whom_nobody_answers_in_time_may_call_again(world: Arc<World>) {
    let (rows, now) = (world.store.start_devices(), world.clock.now());
    let one = terminal(&rows, 1, HERE, now).await;
    let id = rows.call_officer(call(&one, CallReason::Help, now)).await.unwrap().id;
    let late = now + minutes(30);
    assert_eq!(rows.call_of(&one, id, late).await.unwrap().unwrap().stage, CallStage::Missed);
    assert!(rows.open_calls(&Sites::ALL, late, 10).await.unwrap().is_empty());
    assert!(!rows.answer_call(id, BINH, &Sites::ALL, late).await.unwrap());
    assert_ne!(rows.call_officer(call(&one, CallReason::Help, late)).await.unwrap().id, id);
    let swept = world.store.sweep(now + minutes(60 * 24 * 60)).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM kiosk_calls").await, 0, "{swept:?}");
}

pub(crate) async fn a_terminal_that_calls_many_times_at_once_has_one_call(world: Arc<World>) {
    let (rows, now) = (world.store.start_devices(), world.clock.now());
    let there = world.another_node().await.start_devices();
    let one = terminal(&rows, 1, HERE, now).await;
    let tries: Vec<_> = (0..10)
        .map(|n| {
            let node = if n % 2 == 0 { rows.clone() } else { there.clone() };
            let call = call(&one, CallReason::Help, now);
            tokio::spawn(async move { node.call_officer(call).await.unwrap().id })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for one in tries {
        ids.insert(one.await.unwrap());
    }
    assert_eq!((ids.len(), world.number("SELECT count(*) FROM kiosk_calls").await), (1, 1));
}
