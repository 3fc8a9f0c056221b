//! Deliveries: stored before they are acknowledged, receipts, parts, and a
//! bound on what is under way.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use channel_sms::road::{Body, Concatenation, ReportedState};
use channel_sms::smpp::config::SmppRoadConfig;
use channel_sms::smpp::pdu::codes::{command, status, tag};
use channel_sms::smpp::pdu::message::Message;
use channel_sms::smpp::pdu::tlv::{self, Tlvs};
use channel_sms::smpp::smsc::{message, receipt, receipt_text};
use gateway_core::domain::SenderAssurance;

use crate::support::{Bare, Held, pair, soon};

fn deliver(text: &[u8], sequence: u32) -> bytes::BytesMut {
    let mut out = bytes::BytesMut::new();
    message(b"84901234567", b"8283", text).write(&mut out, command::DELIVER_SM, sequence);
    out
}

#[tokio::test]
async fn a_delivery_is_acknowledged_after_it_is_stored() {
    let intake = Held::shut();
    let (mut bare, _running, _listener) = Bare::pair(Arc::clone(&intake) as _, |_| ()).await;
    bare.raw(&deliver(b"HS", 9)).await;
    intake.begun(1).await;
    // What is asked after it is answered before it: the delivery still waits.
    bare.send(command::ENQUIRE_LINK, 0, 10, b"").await;
    assert_eq!(bare.pdu().await.unwrap().0.sequence, 10);
    intake.gate.add_permits(1);
    let (header, body) = bare.pdu().await.unwrap();
    assert_eq!((header.command, header.status, header.sequence), (command::DELIVER_SM_RESP, 0, 9));
    assert_eq!(body, b"\0");
    assert_eq!(intake.arrived.lock().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_stored_must_be_sent_again() {
    let intake = Held::open();
    intake.fails.store(true, Ordering::SeqCst);
    let (_smsc, script, _running) = pair(Arc::clone(&intake) as _, |_| ()).await;
    let session = script.session();
    let text = receipt_text("1", "DELIVRD", "000");
    for one in [message(b"84901234567", b"8283", b"HS"), receipt(b"84901234567", b"8283", text.as_bytes())] {
        let delivery = session.deliver(&one).await.unwrap();
        assert_eq!(soon(delivery.status()).await, Some(status::RECEIVER_TEMPORARY));
    }
    intake.fails.store(false, Ordering::SeqCst);
    let delivery = session.deliver(&message(b"84901234567", b"8283", b"HS")).await.unwrap();
    assert_eq!(soon(delivery.status()).await, Some(0));
}

#[tokio::test]
async fn many_wait_at_once_and_beyond_the_bound_nothing_is_read() {
    let intake = Held::shut();
    let set = |config: &mut SmppRoadConfig| config.deliveries_in_flight = 5;
    let (mut bare, running, _listener) = Bare::pair(Arc::clone(&intake) as _, set).await;
    for sequence in 1..=8 {
        bare.raw(&deliver(b"HS", sequence)).await;
    }
    bare.send(command::ENQUIRE_LINK, 0, 99, b"").await;
    intake.begun(5).await;
    // Time passes, and nobody takes the standing still for a dead connection.
    for _ in 0..200 {
        running.clock.advance(std::time::Duration::from_millis(500));
        tokio::task::yield_now().await;
    }
    assert_eq!(intake.begun.load(Ordering::SeqCst), 5);
    intake.gate.add_permits(8);
    let mut sequences = Vec::new();
    for _ in 0..9 {
        sequences.push(bare.pdu().await.unwrap().0.sequence);
    }
    sequences.sort_unstable();
    assert_eq!(sequences, [1, 2, 3, 4, 5, 6, 7, 8, 99]);
}

#[tokio::test]
async fn receipts_by_tlv_before_text_and_those_that_cannot_be_read() {
    let intake = Held::open();
    let unmarked_too = |config: &mut SmppRoadConfig| config.receipts_without_mark = true;
    let (_smsc, script, _running) = pair(Arc::clone(&intake) as _, unmarked_too).await;
    let session = script.session();
    let mut tlvs = bytes::BytesMut::new();
    tlv::put(&mut tlvs, tag::RECEIPTED_MESSAGE_ID, b"0A2F\0");
    tlv::put(&mut tlvs, tag::MESSAGE_STATE, &[5]);
    let text = receipt_text("12", "DELIVRD", "000");
    let by_tlv = Message { tlvs: Tlvs(&tlvs), ..receipt(b"84901234567", b"8283", text.as_bytes()) };
    let by_text = receipt(b"84901234567", b"8283", text.as_bytes());
    let unmarked = Message { esm_class: 0, ..by_text };
    let unread = receipt(b"84901234567", b"8283", b"delivered, more or less");
    for one in [by_tlv, by_text, unmarked, unread] {
        let delivery = session.deliver(&one).await.unwrap();
        assert_eq!(soon(delivery.status()).await, Some(0));
    }
    let reported = intake.reported.lock();
    let read: Vec<_> = reported.iter().map(|one| (one.id.as_str(), one.state, one.to.as_str())).collect();
    assert_eq!(
        read,
        [
            ("0A2F", ReportedState::Failed, "84901234567"),
            ("12", ReportedState::Delivered, "84901234567"),
            ("12", ReportedState::Delivered, "84901234567"),
        ]
    );
    assert!(intake.arrived.lock().is_empty(), "no receipt is taken for a citizen's words");
}

#[tokio::test]
async fn parts_data_sm_and_assurance() {
    let intake = Held::open();
    let (mut bare, _running, _listener) =
        Bare::pair(Arc::clone(&intake) as _, |config| config.private_line = true).await;
    let part = Message {
        esm_class: 0x40,
        data_coding: 8,
        short_message: &[5, 0, 3, 7, 2, 1, 0x1E],
        ..message(b"84901234567", b"8283", b"")
    };
    let mut out = bytes::BytesMut::new();
    part.write(&mut out, command::DELIVER_SM, 1);
    message(b"84901234567", b"8283", b"qua data").write(&mut out, command::DATA_SM, 2);
    bare.raw(&out).await;
    let mut answers = [bare.pdu().await.unwrap().0, bare.pdu().await.unwrap().0];
    answers.sort_by_key(|header| header.sequence);
    assert_eq!(answers[0].command, command::DELIVER_SM_RESP);
    assert_eq!(answers[1].command, command::DATA_SM | command::RESPONSE);
    let arrived = intake.arrived.lock();
    let place = Concatenation { reference: 7, total: 2, sequence: 1 };
    assert!(arrived.iter().any(|one| one.body == Body::Part { octets: vec![0x1E], data_coding: 8, place }));
    assert!(arrived.iter().any(|one| one.body == Body::Whole("qua data".into())));
    assert!(arrived.iter().all(|one| one.assurance == SenderAssurance::Carrier && one.road == "vnpt"));
}
