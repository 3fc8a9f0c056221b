//! What is no SMPP, or not what we know of it.

use std::sync::Arc;

use channel_sms::road::Submitted;
use channel_sms::smpp::pdu::codes::{command, status};
use channel_sms::smpp::pdu::frame::LONGEST;
use channel_sms::smpp::smsc::message;

use crate::support::{Bare, Held, soon};

/// The connection still works.
async fn lives(bare: &mut Bare) {
    bare.send(command::ENQUIRE_LINK, 0, 4_000, b"").await;
    loop {
        let (header, _) = bare.pdu().await.expect("the connection lives");
        if header.command == command::ENQUIRE_LINK_RESP && header.sequence == 4_000 {
            return;
        }
    }
}

#[tokio::test]
async fn unknown_requests_are_answered_and_unknown_responses_are_not() {
    let (mut bare, _running, _listener) = Bare::pair(Held::open(), |_| ()).await;
    for (sequence, id) in [(1, 0x0000_0777), (2, command::SUBMIT_SM), (3, command::BIND_RECEIVER), (4, 0)] {
        bare.send(id, 0, sequence, b"junk").await;
        let (header, _) = bare.pdu().await.unwrap();
        assert_eq!(
            (header.command, header.status, header.sequence),
            (command::GENERIC_NACK, status::INVALID_COMMAND, sequence)
        );
    }
    for id in [0x8000_0777, command::DELIVER_SM_RESP, command::ALERT_NOTIFICATION, command::OUTBIND] {
        bare.send(id, 0, 9, b"junk").await;
    }
    lives(&mut bare).await;
}

#[tokio::test]
async fn a_body_that_cannot_be_read_costs_that_one_pdu() {
    let (mut bare, running, _listener) = Bare::pair(Held::open(), |_| ()).await;
    let mut whole = bytes::BytesMut::new();
    message(b"84901234567", b"8283", b"HS").write(&mut whole, command::DELIVER_SM, 5);
    for end in 16..whole.len() - 1 {
        let mut cut = whole[..end].to_vec();
        cut[..4].copy_from_slice(&u32::try_from(end).unwrap().to_be_bytes());
        bare.raw(&cut).await;
        let (header, _) = bare.pdu().await.unwrap();
        assert_eq!((header.command, header.sequence), (command::DELIVER_SM_RESP, 5), "cut at {end}");
        assert_eq!(header.status, status::RECEIVER_REJECTS, "cut at {end}");
    }
    // A response without a body, and one without its NUL.
    for (body, id) in [(&b""[..], ""), (b"abc", "abc"), (b"d\xFFe\0", "d\u{FFFD}e")] {
        running.clock.advance(std::time::Duration::from_millis(10));
        let submit = running.submit("a").await;
        let (header, _) = bare.pdu().await.unwrap();
        bare.send(command::SUBMIT_SM_RESP, 0, header.sequence, body).await;
        assert_eq!(soon(submit).await.unwrap(), Submitted::Accepted { id: id.into() });
    }
    lives(&mut bare).await;
}

#[tokio::test]
async fn a_length_that_cannot_be_ends_the_connection() {
    for length in [0, 15, LONGEST + 1, u32::MAX] {
        let (mut bare, _running, _listener) = Bare::pair(Held::open(), |_| ()).await;
        let mut octets = length.to_be_bytes().to_vec();
        octets.extend_from_slice(&[0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 42]);
        bare.raw(&octets).await;
        let (header, _) = bare.pdu().await.unwrap();
        assert_eq!(
            (header.command, header.status, header.sequence),
            (command::GENERIC_NACK, status::INVALID_LENGTH, 42)
        );
        assert!(bare.pdu().await.is_none(), "nobody knows where the next one begins");
    }
}

#[tokio::test]
async fn pdus_in_pieces_are_put_together() {
    let intake = Held::open();
    let (mut bare, _running, _listener) = Bare::pair(Arc::clone(&intake) as _, |_| ()).await;
    let mut out = bytes::BytesMut::new();
    for sequence in 1..=3 {
        message(b"84901234567", b"8283", b"HS").write(&mut out, command::DELIVER_SM, sequence);
    }
    for octet in out.iter() {
        bare.raw(&[*octet]).await;
    }
    for _ in 0..3 {
        assert_eq!(bare.pdu().await.unwrap().0.status, 0);
    }
    assert_eq!(intake.arrived.lock().len(), 3);
}

#[tokio::test]
async fn a_bind_that_is_answered_with_junk_is_no_bind() {
    for junk in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], &[0; 16], &[0xFF; 64]] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = crate::support::config(listener.local_addr().unwrap().port());
        let running = crate::support::Running::start(config, Held::open());
        let mut bare = Bare::accept(&listener).await;
        bare.pdu().await.unwrap();
        bare.raw(junk).await;
        assert!(bare.pdu().await.is_none());
        let mut again = running.clock.until(Bare::accept(&listener)).await;
        assert_eq!(again.pdu().await.unwrap().0.command, command::BIND_TRANSCEIVER);
    }
}
