//! What every SMSC and the road must be able to do with each other.

use std::sync::Arc;

use channel_sms::codec::{Alphabet, octets};
use channel_sms::road::{Body, Concatenation, Part, ReportedState, RoadState, Submitted};
use channel_sms::smpp::SmppRoadConfig;
use channel_sms::smpp::config::LongMessages;
use serde_json::{Value, json};

use crate::peer::Peer;
use crate::support::{Held, Running, config, part, soon};

async fn up(peer: &mut Peer, intake: &Arc<Held>, set: impl FnOnce(&mut SmppRoadConfig)) -> Running {
    let mut config = config(peer.port);
    set(&mut config);
    let running = Running::start(config, Arc::clone(intake) as _);
    peer.event("bound").await;
    running.state(RoadState::Up).await;
    running
}

async fn sent(running: &Running, part: &Part) -> Submitted {
    soon(running.permit().await.submit(part)).await
}

pub(crate) async fn a_short_and_an_accented_message_arrive(mut peer: Peer) {
    let running = up(&mut peer, &Held::open(), |_| ()).await;
    let accented = Part { alphabet: Alphabet::Ucs2, ..part("Hồ sơ đã xong") };
    for (part, text) in [(part("Ho so da xong"), "Ho so da xong"), (accented, "Hồ sơ đã xong")] {
        let Submitted::Accepted { id } = sent(&running, &part).await else { panic!() };
        assert!(!id.is_empty());
        let seen = peer.event("submit").await;
        assert_eq!((seen["to"].as_str(), seen["from"].as_str()), (Some("84901234567"), Some("8283")));
        assert_eq!(seen["text"], text);
    }
}

pub(crate) async fn long_messages_are_understood_by_header_sar_and_payload(mut peer: Peer) {
    for (way, bits) in
        [(LongMessages::Udh, 8), (LongMessages::Udh, 16), (LongMessages::Sar, 8), (LongMessages::MessagePayload, 8)]
    {
        let running = up(&mut peer, &Held::open(), |config| {
            (config.long_messages, config.reference_bits) = (way, bits);
        })
        .await;
        if way == LongMessages::MessagePayload {
            let long = "Ho so ".repeat(100);
            assert!(matches!(sent(&running, &part(&long)).await, Submitted::Accepted { .. }));
            let seen = peer.event("submit").await;
            assert_eq!((seen["payload"].as_bool(), seen["text"].as_str()), (Some(true), Some(long.as_str())));
        } else {
            for sequence in [2, 1] {
                let place = Concatenation { reference: 0x0107, total: 2, sequence };
                let one = Part { concatenation: Some(place), ..part("mot phan") };
                assert!(matches!(sent(&running, &one).await, Submitted::Accepted { .. }));
                let seen = peer.event("submit").await;
                assert_eq!(seen["text"], "mot phan", "the header is taken off");
                let reference = if way == LongMessages::Udh && bits == 8 { 0x07 } else { 0x0107 };
                assert_eq!(place_of(&seen, way), [reference, 2, u64::from(sequence)], "{seen}");
            }
        }
        running.stop.cancel();
        running.ended().await;
        peer.event("closed").await;
    }
}

/// Where the peer says that the part stands.
fn place_of(seen: &Value, way: LongMessages) -> Vec<u64> {
    let numbers = |value: &Value| value.as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect();
    if way == LongMessages::Sar {
        return numbers(&seen["sar"]);
    }
    let Some(udh) = seen["udh"].as_str() else { return numbers(&seen["place"]) };
    // Node's gives the element's octets.
    let octets: Vec<u64> = udh
        .as_bytes()
        .chunks(2)
        .map(|two| u64::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
        .collect();
    match octets[..] {
        [0, 3, low, total, sequence] => vec![low, total, sequence],
        [8, 4, high, low, total, sequence] => vec![high * 256 + low, total, sequence],
        _ => panic!("{udh}"),
    }
}

pub(crate) async fn throttling_is_a_part_put_back(mut peer: Peer) {
    let running = up(&mut peer, &Held::open(), |_| ()).await;
    peer.answer(json!([{"status": "ESME_RTHROTTLED"}, {"status": "ESME_RMSGQFUL"}])).await;
    // An order and a submit go by different ways: the receipt of a citizen's
    // message tells that the order was read.
    peer.deliver(1, b"HS", 0, 0).await;
    peer.event("delivered").await;
    let first = sent(&running, &part("a")).await;
    assert!(matches!(first, Submitted::NotTaken { code: "throttled", .. }), "{first:?}");
    let second = running.clock.until(async { running.permit().await.submit(&part("a")).await }).await;
    assert!(matches!(second, Submitted::NotTaken { code: "queue_full", .. }), "{second:?}");
    let third = running.clock.until(async { running.permit().await.submit(&part("a")).await }).await;
    assert!(matches!(third, Submitted::Accepted { .. }), "{third:?}");
}

pub(crate) async fn silence_is_uncertain(mut peer: Peer) {
    let running = up(&mut peer, &Held::open(), |_| ()).await;
    peer.answer(json!([{"silent": true}])).await;
    peer.deliver(1, b"HS", 0, 0).await;
    peer.event("delivered").await;
    let submit = running.submit("a").await;
    peer.event("submit").await;
    assert_eq!(running.clock.until(submit).await.unwrap(), Submitted::Uncertain);
    assert!(matches!(sent(&running, &part("b")).await, Submitted::Accepted { .. }), "one silence ends nothing");
}

pub(crate) async fn a_receipt_before_the_response_and_a_hexadecimal_id(mut peer: Peer) {
    let intake = Held::open();
    let running = up(&mut peer, &intake, |_| ()).await;
    peer.answer(json!([{"id": "00FE2a9c", "receipt": "first"}, {"id": "00FE2a9d", "receipt": "after"}])).await;
    peer.deliver(1, b"HS", 0, 0).await;
    peer.event("delivered").await;
    for id in ["00FE2a9c", "00FE2a9d"] {
        assert_eq!(sent(&running, &part("a")).await, Submitted::Accepted { id: id.into() });
        let answered = peer.event("delivered").await;
        assert_eq!((answered["ref"].as_str(), answered["status"].as_i64()), (Some(id), Some(0)));
        let reported = intake.reported.lock().last().cloned().unwrap();
        assert_eq!((reported.id.as_str(), reported.state), (id, ReportedState::Delivered));
        assert_eq!(reported.to, "84901234567");
    }
}

pub(crate) async fn citizens_messages_and_their_parts_come_in(mut peer: Peer) {
    let intake = Held::open();
    let _running = up(&mut peer, &intake, |_| ()).await;
    // The second part first, as some SMSCs have it.
    let words = octets("Hồ sơ", Alphabet::Ucs2);
    let (head, tail) = words.split_at(3);
    let part = |sequence, octets: &[u8]| [&[5, 0, 3, 9, 2, sequence], octets].concat();
    peer.deliver(1, &part(2, tail), 0x40, 8).await;
    peer.deliver(2, &part(1, head), 0x40, 8).await;
    peer.deliver(3, &octets("tra cứu", Alphabet::Ucs2), 0, 8).await;
    peer.deliver(4, b"HS H29.5\x00", 0, 0).await;
    for _ in 0..4 {
        assert_eq!(peer.event("delivered").await["status"], 0);
    }
    let arrived = intake.arrived.lock().clone();
    let has = |body: Body| arrived.iter().any(|one| one.body == body && one.from == "84901234567");
    for (sequence, octets) in [(1, head), (2, tail)] {
        let place = Concatenation { reference: 9, total: 2, sequence };
        assert!(has(Body::Part { octets: octets.to_vec(), data_coding: 8, place }));
    }
    assert!(has(Body::Whole("tra cứu".into())));
    assert!(has(Body::Whole("HS H29.5@".into())));
    // What cannot be stored is not acknowledged.
    intake.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    peer.deliver(5, b"HS", 0, 0).await;
    assert_ne!(peer.event("delivered").await["status"], 0);
}

pub(crate) async fn a_wrong_password_is_final(peer: Peer) {
    let mut config = config(peer.port);
    config.password = "sai".into();
    let running = Running::start(config, Held::open());
    running.state(RoadState::Refused).await;
}

pub(crate) async fn the_smsc_unbinds_and_we_come_back(mut peer: Peer) {
    let running = up(&mut peer, &Held::open(), |_| ()).await;
    peer.order(json!({"do": "unbind"})).await;
    running.clock.until(peer.event_whenever("bound")).await;
    running.state(RoadState::Up).await;
    assert!(matches!(sent(&running, &part("a")).await, Submitted::Accepted { .. }));
}

pub(crate) async fn a_stop_unbinds(mut peer: Peer) {
    let running = up(&mut peer, &Held::open(), |_| ()).await;
    running.stop.cancel();
    peer.event("unbound").await;
    running.ended().await;
}

pub(crate) async fn a_dropped_connection_is_uncertain_and_we_come_back(mut peer: Peer) {
    let running = up(&mut peer, &Held::open(), |_| ()).await;
    peer.answer(json!([{"drop": true}])).await;
    peer.deliver(1, b"HS", 0, 0).await;
    peer.event("delivered").await;
    assert_eq!(sent(&running, &part("a")).await, Submitted::Uncertain);
    running.clock.until(peer.event_whenever("bound")).await;
    running.state(RoadState::Up).await;
    assert!(matches!(sent(&running, &part("a")).await, Submitted::Accepted { .. }));
}

pub(crate) async fn a_payload_and_our_enquire_link_answer(mut peer: Peer) {
    let intake = Held::open();
    let _running = up(&mut peer, &intake, |_| ()).await;
    peer.order(json!({"do": "enquire"})).await;
    peer.event("enquired").await;
    let long = "dai ".repeat(100);
    let hex: String = long.bytes().map(|octet| format!("{octet:02x}")).collect();
    peer.order(json!({
        "do": "deliver", "ref": 1, "from": "84901234567", "to": "8283", "octets": hex, "payload": true,
    }))
    .await;
    assert_eq!(peer.event("delivered").await["status"], 0);
    assert!(intake.arrived.lock()[0].body == Body::Whole(long));
}
