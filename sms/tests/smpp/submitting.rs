//! Submits: the window, the rate, what the SMSC answers and what it does not.

use std::time::Duration;

use channel_sms::codec::Alphabet;
use channel_sms::road::{Concatenation, Part, Road as _, RoadState, Submitted};
use channel_sms::smpp::config::LongMessages;
use channel_sms::smpp::pdu::codes::{command, status, tag};
use channel_sms::smpp::pdu::tlv::Tlvs;
use channel_sms::smpp::smsc::Reply;

use crate::support::{Bare, Event, Held, pair, part, soon};

#[tokio::test]
async fn the_window_bounds_what_is_under_way() {
    let (_smsc, script, running) = pair(Held::open(), |config| config.window = 3).await;
    *script.otherwise.lock() = Some(Reply::Later);
    running.clock.advance(Duration::from_secs(1));
    let mut submits = Vec::new();
    for _ in 0..3 {
        running.clock.advance(Duration::from_millis(1));
        submits.push(running.submit("a").await);
    }
    running.clock.advance(Duration::from_secs(1));
    assert!(running.road.try_reserve().is_none(), "three are under way");
    let first = script.submit().await;
    script.submit().await;
    script.submit().await;
    let waiting = tokio::spawn({
        let road = std::sync::Arc::clone(&running.road);
        async move { road.reserve().await.is_some() }
    });
    script.session().answer(first.sequence, 0, "7");
    assert_eq!(soon(submits.remove(0)).await.unwrap(), Submitted::Accepted { id: "7".into() });
    assert!(soon(waiting).await.unwrap(), "a response makes room");
    // A permit that is not used gives its place back.
    let unused = running.permit().await;
    running.clock.advance(Duration::from_secs(1));
    assert!(running.road.try_reserve().is_none());
    drop(unused);
    assert!(running.road.try_reserve().is_some());
}

#[tokio::test]
async fn the_rate_is_kept() {
    let (_smsc, _script, running) = pair(Held::open(), |config| {
        config.rate_per_second = 10;
        config.window = 1_000;
    })
    .await;
    let mut taken = 0;
    for _ in 0..100 {
        running.clock.advance(Duration::from_millis(10));
        while let Some(permit) = running.road.try_reserve() {
            taken += 1;
            std::mem::forget(permit);
        }
    }
    assert!((10..=11).contains(&taken), "{taken} in a second");
    let waited = running.clock.until(running.road.reserve()).await;
    assert!(waited.is_some(), "reserve waits for the rate");
}

#[tokio::test]
async fn throttling_puts_back_and_halves_the_rate() {
    for (answer, code) in [(status::THROTTLED, "throttled"), (status::QUEUE_FULL, "queue_full")] {
        let (_smsc, script, running) = pair(Held::open(), |config| {
            config.rate_per_second = 100;
            config.window = 1_000;
        })
        .await;
        script.replies.lock().push_back(Reply::Status(answer));
        let submitted = soon(running.submit("a").await).await.unwrap();
        let Submitted::NotTaken { code: told, after } = submitted else { panic!("{submitted:?}") };
        assert_eq!(told, code);
        assert!(after > Duration::ZERO);
        let in_a_second = |taken: &mut usize| {
            for _ in 0..100 {
                running.clock.advance(Duration::from_millis(10));
                if let Some(permit) = running.road.try_reserve() {
                    *taken += 1;
                    std::mem::forget(permit);
                }
            }
        };
        let mut taken = 0;
        in_a_second(&mut taken);
        assert!((45..=60).contains(&taken), "about half: {taken}");
        for _ in 0..10 {
            in_a_second(&mut 0);
        }
        let mut later = 0;
        in_a_second(&mut later);
        assert!(later >= 95, "it recovers: {later}");
    }
}

#[tokio::test]
async fn responses_may_come_in_any_order() {
    let (_smsc, script, running) = pair(Held::open(), |_| ()).await;
    *script.otherwise.lock() = Some(Reply::Later);
    let mut submits = Vec::new();
    for text in ["a", "b", "c"] {
        running.clock.advance(Duration::from_millis(10));
        submits.push((text, running.submit(text).await));
    }
    let seen = [script.submit().await, script.submit().await, script.submit().await];
    for one in seen.iter().rev() {
        script.session().answer(one.sequence, 0, &String::from_utf8_lossy(&one.octets));
    }
    for (text, submit) in submits {
        assert_eq!(soon(submit).await.unwrap(), Submitted::Accepted { id: text.into() }, "each gets its own");
    }
}

#[tokio::test]
async fn ids_stay_as_they_are_and_refusals_carry_the_peers_code() {
    let (_smsc, script, running) = pair(Held::open(), |_| ()).await;
    script.replies.lock().extend([
        Reply::Id("0A2f5ED278FC".into()),
        Reply::Id("".into()),
        Reply::Status(0x0B),
        Reply::Status(status::SYSTEM_ERROR),
    ]);
    let mut outcomes = Vec::new();
    for _ in 0..4 {
        running.clock.advance(Duration::from_millis(10));
        outcomes.push(soon(running.submit("a").await).await.unwrap());
    }
    assert_eq!(outcomes[0], Submitted::Accepted { id: "0A2f5ED278FC".into() });
    assert_eq!(outcomes[1], Submitted::Accepted { id: "".into() });
    assert_eq!(outcomes[2], Submitted::Refused { code: "0x0000000B".into() });
    assert!(matches!(outcomes[3], Submitted::NotTaken { code: "system_error", .. }));
    let past = Part { valid_until: "2026-01-01T00:00:00Z".parse().unwrap(), ..part("late") };
    let refused = running.permit().await.submit(&past).await;
    assert_eq!(refused, Submitted::Refused { code: "expired".into() });
}

#[tokio::test]
async fn silence_is_uncertain_and_three_times_ends_the_connection() {
    let (_smsc, script, running) = pair(Held::open(), |_| ()).await;
    *script.otherwise.lock() = Some(Reply::Later);
    for number in 1..=3 {
        running.clock.advance(Duration::from_millis(10));
        let submit = running.submit("a").await;
        script.submit().await;
        assert_eq!(running.clock.until(submit).await.unwrap(), Submitted::Uncertain);
        assert!(number < 3 || script.sessions.lock().len() == 1);
    }
    running.clock.until(script.event(Event::Ended { unbound: false })).await;
    *script.otherwise.lock() = None;
    running.clock.until(script.event(Event::Bound)).await;
    running.state(RoadState::Up).await;
}

#[tokio::test]
async fn a_generic_nack_is_a_refusal_and_a_stray_response_is_nothing() {
    let (mut bare, running, _listener) = Bare::pair(Held::open(), |_| ()).await;
    let submit = running.submit("a").await;
    let (header, _) = bare.pdu().await.unwrap();
    assert_eq!(header.command, command::SUBMIT_SM);
    bare.send(command::SUBMIT_SM_RESP, 0, header.sequence + 1_000, b"9\0").await;
    bare.send(command::GENERIC_NACK, 3, header.sequence, b"").await;
    assert_eq!(soon(submit).await.unwrap(), Submitted::Refused { code: "0x00000003".into() });
}

#[tokio::test]
async fn long_messages_by_the_three_ways() {
    let place = Concatenation { reference: 0x0102, total: 2, sequence: 1 };
    for way in [LongMessages::Udh, LongMessages::Sar, LongMessages::MessagePayload] {
        let (_smsc, script, running) = pair(Held::open(), |config| config.long_messages = way).await;
        let part = if way == LongMessages::MessagePayload {
            part(&"dài ".repeat(100))
        } else {
            Part { concatenation: Some(place), alphabet: Alphabet::Ucs2, ..part("ễ") }
        };
        let permit = running.permit().await;
        let accepted = soon(permit.submit(&part)).await;
        assert!(matches!(accepted, Submitted::Accepted { .. }));
        let seen = script.submit().await;
        assert_eq!(seen.to, "84901234567");
        let tlvs = Tlvs(&seen.tlvs);
        match way {
            LongMessages::Udh => assert_eq!((seen.esm_class, &seen.octets[..6]), (0x40, &[5, 0, 3, 2, 2, 1][..])),
            LongMessages::Sar => {
                assert_eq!((seen.esm_class, seen.data_coding), (0, 8));
                assert_eq!(tlvs.number(tag::SAR_REFERENCE), Some(0x0102));
            }
            LongMessages::MessagePayload => {
                assert_eq!(tlvs.get(tag::PAYLOAD).unwrap().len(), seen.octets.len());
                assert!(seen.octets.len() >= 400);
            }
        }
    }
}
