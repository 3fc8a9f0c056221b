//! The end: nothing new, what is under way, then an unbind.

use std::sync::Arc;

use channel_sms::road::{Road as _, Submitted};
use channel_sms::smpp::pdu::codes::command;
use channel_sms::smpp::smsc::{Reply, message};

use crate::support::{Bare, Event, Held, pair, part, soon};

#[tokio::test]
async fn a_stop_waits_for_what_is_under_way_and_unbinds() {
    let intake = Held::shut();
    let (_smsc, script, running) = pair(Arc::clone(&intake) as _, |_| ()).await;
    script.replies.lock().push_back(Reply::Later);
    let submit = running.submit("a").await;
    let seen = script.submit().await;
    let session = script.session();
    let delivery = session.deliver(&message(b"84901234567", b"8283", b"HS")).await.unwrap();
    intake.begun(1).await;
    running.stop.cancel();
    assert!(soon(running.road.reserve()).await.is_none(), "nothing new");
    assert!(running.road.try_reserve().is_none());
    session.answer(seen.sequence, 0, "77");
    assert_eq!(soon(submit).await.unwrap(), Submitted::Accepted { id: "77".into() });
    intake.gate.add_permits(1);
    assert_eq!(soon(delivery.status()).await, Some(0));
    soon(script.event(Event::Ended { unbound: true })).await;
    running.ended().await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let (mut bare, running, _listener) = Bare::pair(Held::open(), |_| ()).await;
    let submit = running.submit("a").await;
    assert_eq!(bare.pdu().await.unwrap().0.command, command::SUBMIT_SM);
    let permit = running.permit().await;
    running.stop.cancel();
    let (header, _) = running.clock.until(bare.pdu_whenever()).await.unwrap();
    assert_eq!(header.command, command::UNBIND);
    let late = soon(permit.submit(&part("b"))).await;
    assert!(matches!(late, Submitted::NotTaken { code: "not_bound", .. }), "{late:?}");
    let clock = Arc::clone(&running.clock);
    clock.until(running.ended()).await;
    assert_eq!(soon(submit).await.unwrap(), Submitted::Uncertain);
    assert!(bare.pdu().await.is_none());
}

#[tokio::test]
async fn a_stop_before_the_bind_ends_at_once() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = crate::support::config(listener.local_addr().unwrap().port());
    let running = crate::support::Running::start(config, Held::open());
    let _silent = Bare::accept(&listener).await;
    running.stop.cancel();
    running.ended().await;
}
