//! Binds: which, how many, refused, lost and made anew.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use channel_sms::road::{Road as _, RoadState, Submitted};
use channel_sms::smpp::config::BindModes;
use channel_sms::smpp::pdu::bind::BindMode;
use channel_sms::smpp::pdu::codes::{command, status};
use channel_sms::smpp::smsc::{Reply, Script, Smsc, message};

use crate::support::{Bare, Event, Held, Running, Scripted, config, pair, soon};

#[tokio::test]
async fn transceivers_carry_both_ways_and_submits_take_turns() {
    let intake = Held::open();
    let (_smsc, script, running) = pair(Arc::clone(&intake) as _, |config| config.binds = 2).await;
    soon(async {
        while script.sessions.lock().len() < 2 || running.road.state() != RoadState::Up {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // Both lanes know of their bind once the SMSC has heard from both.
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < 2 {
        running.submit("a").await;
        seen.insert(script.submit().await.session);
    }
    let session = script.session();
    let delivery = session.deliver(&message(b"84901234567", b"8283", b"HS")).await.unwrap();
    assert_eq!(soon(delivery.status()).await, Some(0));
    assert_eq!(script.binds.lock()[0], (BindMode::Transceiver, "hcc".into(), "matkhau1".into()));
}

#[tokio::test]
async fn a_pair_submits_over_the_transmitter_and_receives_over_the_receiver() {
    let intake = Held::open();
    let set = |config: &mut channel_sms::smpp::SmppRoadConfig| config.bind_mode = BindModes::TransmitterReceiver;
    let (_smsc, script, running) = pair(Arc::clone(&intake) as _, set).await;
    soon(async {
        while script.sessions.lock().len() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let sessions = script.sessions.lock().clone();
    for _ in 0..10 {
        let submitted = soon(running.submit("a").await).await.unwrap();
        assert!(matches!(submitted, Submitted::Accepted { .. }), "{submitted:?}");
        let number = script.submit().await.session;
        assert_eq!(sessions[number].mode(), Some(BindMode::Transmitter));
    }
    let receiver = sessions.iter().find(|session| session.mode() == Some(BindMode::Receiver)).unwrap();
    let delivery = receiver.deliver(&message(b"84901234567", b"8283", b"HS")).await.unwrap();
    assert_eq!(soon(delivery.status()).await, Some(0));
    assert_eq!(intake.arrived.lock().len(), 1);
    // Without the transmitter nothing is submitted, though the receiver is up.
    let transmitter = sessions.iter().find(|session| session.mode() == Some(BindMode::Transmitter)).unwrap();
    transmitter.close();
    running.state(RoadState::Down).await;
    assert!(running.road.try_reserve().is_none());
}

#[tokio::test]
async fn a_refused_account_is_not_tried_again() {
    for refusal in [status::INVALID_PASSWORD, status::INVALID_SYSTEM_ID] {
        let script = Scripted::new();
        script.bind_status.lock().push_back(refusal);
        let smsc = Smsc::listen("127.0.0.1:0", Arc::clone(&script) as Arc<dyn Script>, 1).await.unwrap();
        let running = Running::start(config(smsc.address().port()), Held::open());
        running.state(RoadState::Refused).await;
        running.clock.advance(Duration::from_secs(86_400));
        assert_eq!(script.binds.lock().len(), 1, "the account would be locked");
        assert!(running.road.try_reserve().is_none());
        running.stop.cancel();
        running.ended().await;
    }
}

#[tokio::test]
async fn another_refusal_is_tried_again_after_pauses_that_double() {
    let script = Scripted::new();
    script.bind_status.lock().extend([status::BIND_FAILED, 0x05, status::SYSTEM_ERROR]);
    let smsc = Smsc::listen("127.0.0.1:0", Arc::clone(&script) as Arc<dyn Script>, 1).await.unwrap();
    let running = Running::start(config(smsc.address().port()), Held::open());
    soon(script.event(Event::AskedToBind)).await;
    let begun = now(&running);
    running.clock.until(script.event(Event::Bound)).await;
    let took = now(&running).duration_since(begun).as_secs();
    assert!(took >= 1 + 2 + 4, "{took} s");
    assert_eq!(script.binds.lock().len(), 4);
    running.state(RoadState::Up).await;
}

fn now(running: &Running) -> jiff::Timestamp {
    gateway_core::ports::Clock::now(running.clock.as_ref())
}

#[tokio::test]
async fn the_next_host_is_tried_where_one_cannot_be_reached() {
    let script = Scripted::new();
    // Nothing listens on 127.0.0.2 at that port.
    let smsc = Smsc::listen("127.0.0.1:0", Arc::clone(&script) as Arc<dyn Script>, 1).await.unwrap();
    let mut config = config(smsc.address().port());
    config.hosts.insert(0, "127.0.0.2".into());
    let running = Running::start(config, Held::open());
    running.clock.until(script.event(Event::Bound)).await;
    running.state(RoadState::Up).await;
}

#[tokio::test]
async fn silence_is_asked_about_and_ends_the_connection() {
    let (_smsc, script, running) = pair(Held::open(), |_| ()).await;
    running.clock.until(script.event(Event::Enquired)).await;
    running.clock.until(script.event(Event::Enquired)).await;
    assert_eq!(script.sessions.lock().len(), 1, "an answer keeps it");
    script.silent.store(true, Ordering::SeqCst);
    running.clock.until(script.event(Event::Ended { unbound: false })).await;
    script.silent.store(false, Ordering::SeqCst);
    running.clock.until(script.event(Event::Bound)).await;
    running.state(RoadState::Up).await;
}

#[tokio::test]
async fn the_smsc_may_ask_too_and_may_unbind() {
    let (mut bare, running, listener) = Bare::pair(Held::open(), |_| ()).await;
    bare.send(command::ENQUIRE_LINK, 0, 77, b"").await;
    let (header, body) = bare.pdu().await.unwrap();
    assert_eq!((header.command, header.status, header.sequence), (command::ENQUIRE_LINK_RESP, 0, 77));
    assert!(body.is_empty());
    bare.send(command::UNBIND, 0, 78, b"").await;
    let (header, _) = bare.pdu().await.unwrap();
    assert_eq!((header.command, header.sequence), (command::UNBIND_RESP, 78));
    assert!(bare.pdu().await.is_none(), "then it closes");
    running.state(RoadState::Down).await;
    let mut again = running.clock.until(Bare::accept(&listener)).await;
    assert_eq!(again.pdu().await.unwrap().0.command, command::BIND_TRANSCEIVER);
}

#[tokio::test]
async fn what_was_sent_on_a_connection_that_broke_is_uncertain() {
    let (_smsc, script, running) = pair(Held::open(), |_| ()).await;
    script.replies.lock().extend([Reply::Later, Reply::Drop]);
    let first = running.submit("a").await;
    script.submit().await;
    let unused = running.permit().await;
    let second = running.submit("b").await;
    assert_eq!(soon(first).await.unwrap(), Submitted::Uncertain);
    assert_eq!(soon(second).await.unwrap(), Submitted::Uncertain);
    let late = soon(unused.submit(&crate::support::part("c"))).await;
    assert!(matches!(late, Submitted::NotTaken { code: "not_bound", .. }), "{late:?}");
    script.submit().await;
    assert!(script.nothing_more().await, "it was never sent");
    // The places came back.
    running.clock.until(script.event(Event::Bound)).await;
    running.clock.until(script.event(Event::Bound)).await;
    running.state(RoadState::Up).await;
    let again = soon(running.submit("d").await).await.unwrap();
    assert!(matches!(again, Submitted::Accepted { .. }));
}
