//! An SMSC has moods: it throttles, is silent, drops, reports too early, and
//! says everything twice.

use std::net::TcpListener;

use serde_json::json;
use test_support::{Letter, Smsc, Texting, eventually, road, road_at};

const PHONE: &str = "84901234567";

#[test]
fn throttled_answers_all_arrive_once() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "rate_per_second = 20", ""));
    let throttled = json!({"status": "ESME_RTHROTTLED"});
    let full = json!({"status": "ESME_RMSGQFUL"});
    smsc.answer(json!([throttled, full, {"id": "A1"}, throttled, {"id": "A2"}, throttled]));
    let phones: Vec<String> = (0..8).map(|place| format!("8490100000{place}")).collect();
    for phone in &phones {
        smsc.deliver(&Letter::of(phone, &format!("HS {}", texting.sample("status_4").number)));
    }
    for phone in &phones {
        smsc.reply(phone, 1);
    }
    texting.settled();
    for phone in &phones {
        assert_eq!(smsc.texts(phone).len(), 1, "{phone}");
    }
    assert_eq!(smsc.all_submits().len(), phones.len() + 4, "four were put back, and taken the next time");
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM outbox WHERE state = 2"), 8);
}

#[test]
fn silence_is_uncertain_and_never_repeated() {
    let Some(smsc) = Smsc::node() else { return };
    let mut texting = Texting::start(&road("vnpt", &smsc, "response_timeout_seconds = 1", ""));
    let question = format!("HS {}", texting.sample("status_4").number);
    smsc.answer(json!([{"silent": true}]));
    smsc.text(PHONE, &question);
    eventually("it is uncertain", || {
        (texting.database.number("SELECT count(*) AS x FROM outbox WHERE state = 3") == 1).then_some(())
    });
    let trace = texting.trace_of_newest();
    assert_eq!(trace["outbound"][0]["state"], "uncertain", "{trace}");
    assert_eq!(texting.metric("sms_uncertain_total", "vnpt"), 1.0);
    smsc.ask("84907777777", &question);
    texting.crash_and_restart();
    smsc.ask("84907777777", "TRO GIUP");
    texting.settled();
    assert_eq!(smsc.submits(PHONE).len(), 1, "the citizen may have it: it is not sent again");
}

#[test]
fn a_dropped_connection_comes_back() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let question = format!("HS {}", texting.sample("status_4").number);
    smsc.ask("84907777777", &question);
    smsc.answer(json!([{"drop": true}]));
    smsc.text(PHONE, &question);
    smsc.counted("bound", 2);
    let again = smsc.ask("84907777777", "TRO GIUP");
    assert!(again.contains("Soan"), "{again}");
    texting.settled();
    assert_eq!(smsc.submits(PHONE).len(), 1);
    let states = texting.database.texts("SELECT state AS x FROM outbox WHERE state = 3");
    assert_eq!(states.len(), 1, "the submit that was under way is uncertain, and no other");
    // The SMSC says goodbye: the same.
    smsc.order(json!({"do": "unbind"}));
    smsc.counted("bound", 3);
    smsc.ask("84907777777", &question.to_lowercase());
}

#[test]
fn receipts_fit_whenever_they_come_and_however_they_write_the_id() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let question = format!("HS {}", texting.sample("status_4").number);
    let answers = json!([
        {"id": "7F01", "receipt": "first"},
        {"id": "00FE2A9C", "receipt": "after", "receipt_id": "16657052"},
        {"id": "00FE2A9D", "receipt": "first", "receipt_id": "16657053"},
        {"id": "16657054", "receipt": "after", "receipt_id": "00fe2a9e"},
        {"id": "0000000123", "receipt": "first", "receipt_id": "123"},
    ]);
    let count = answers.as_array().unwrap().len();
    smsc.answer(answers);
    for place in 0..count {
        let phone = format!("8490100000{place}");
        smsc.ask(&phone, &question);
        eventually(&format!("receipt {place}"), || {
            let delivered = texting.database.number("SELECT count(*) AS x FROM outbox WHERE state = 4");
            (delivered == i64::try_from(place + 1).unwrap()).then_some(())
        });
        let trace = texting.trace_of_newest();
        assert_eq!(trace["outbound"][0]["state"], "delivered", "{trace}");
        assert!(trace["outbound"][0]["accepted_at"].is_string(), "{trace}");
    }
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM held_receipts"), 0);
    let told = texting.run(&["sms", "trace", &texting.id_of_newest()]);
    assert!(told.out.contains("answered") && told.out.contains("delivered"), "{}", told.out);
    assert!(!told.out.contains("8490100000"), "a trace names nobody: {}", told.out);
}

#[test]
fn the_same_delivery_twice_is_one_question() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let letter = Letter::of(PHONE, &format!("HS {}", texting.sample("status_4").number));
    let deliveries = [smsc.deliver(&letter), smsc.deliver(&letter), smsc.deliver(&letter)];
    for delivery in deliveries {
        assert_eq!(smsc.acknowledged(delivery), 0, "a repetition is acknowledged all the same");
    }
    smsc.reply(PHONE, 1);
    smsc.ask("84907777777", "TRO GIUP");
    texting.settled();
    assert_eq!(smsc.texts(PHONE).len(), 1);
    assert_eq!(texting.metric("sms_replayed_total", ""), 2.0);
}

#[test]
fn a_refused_password_raises_an_alarm_and_is_not_tried_again() {
    let Some(smsc) = Smsc::node() else { return };
    // A neighbour that hangs up on every try tells the time.
    let neighbour = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = neighbour.local_addr().unwrap().port();
    let roads = road_at("wrong", smsc.port, "saimatkhau", "", "") + &road_at("neighbour", port, "matkhau1", "", "");
    let texting = Texting::start(&roads);
    smsc.counted("refused", 1);
    for _ in 0..4 {
        drop(neighbour.accept().unwrap());
    }
    assert_eq!(smsc.count("refused"), 1, "asked once, while the neighbour was asked four times");
    texting.metric_reaches("sms_bind_refused", "wrong", 1.0);
    assert_eq!(texting.metric("sms_bind_refused", "neighbour"), 0.0);
    let routes = texting.run(&["sms", "routes"]);
    assert_eq!(routes.code, Some(1), "no road is up: {routes:?}");
    assert!(!texting.gateway.errors().contains("saimatkhau"), "a password is not logged");
}

#[test]
fn pairs_of_transmitter_and_receiver_serve_as_well() {
    let Some(smsc) = Smsc::node() else { return };
    let binds = "bind_mode = \"transmitter_receiver\"\nbinds = 2";
    let mut texting = Texting::start(&road("vnpt", &smsc, binds, ""));
    smsc.counted("bound", 4);
    let question = format!("HS {}", texting.sample("status_4").number);
    for place in 0..6 {
        let answer = smsc.ask(&format!("8490100000{place}"), &question);
        assert!(answer.starts_with("HS "), "{answer}");
    }
    texting.gateway.signal("TERM");
    assert_eq!(texting.gateway.wait(), Some(0));
    smsc.counted("unbound", 4);
}

#[test]
fn another_make_of_smsc_is_served_as_well() {
    let Some(smsc) = Smsc::python() else { return };
    let mut texting = Texting::start(&road("viettel", &smsc, "private_line = true", "max_parts = 10"));
    let dossier = texting.sample("status_4");
    let question = format!("HS {}", dossier.number);
    let answer = smsc.ask(PHONE, &question);
    assert!(answer.starts_with(&format!("HS {}:", dossier.number)), "{answer}");
    let accented = smsc.ask(PHONE, &format!("Hồ sơ {}", dossier.number));
    assert!(accented.contains(&dossier.number), "{accented}");
    let long = smsc.ask(PHONE, "TTHC dang ky khai sinh");
    assert!(smsc.submits(PHONE).len() >= 4 && long.contains("khai sinh"), "{long}");
    smsc.answer(json!([{"status": "ESME_RTHROTTLED"}]));
    smsc.deliver(&Letter::of("84901000001", &question));
    eventually("put back once, then taken", || (smsc.submits("84901000001").len() == 2).then_some(()));
    smsc.answer(json!([{"id": "00FE2A9C", "receipt": "first"}]));
    smsc.ask("84901000002", &question);
    eventually("a receipt before the response", || {
        (texting.database.number("SELECT count(*) AS x FROM outbox WHERE state = 4") == 1).then_some(())
    });
    let mut parts =
        Letter::parts("84901000003", &question.repeat(8), 150, |total, sequence| vec![5, 0, 3, 77, total, sequence]);
    parts.reverse();
    for part in &parts {
        assert_eq!(smsc.acknowledged(smsc.deliver(part)), 0);
    }
    smsc.reply("84901000003", 1);
    texting.crash_and_restart();
    smsc.counted("bound", 2);
    smsc.ask("84901000004", &question);
    texting.gateway.signal("TERM");
    smsc.counted("unbound", 1);
    assert_eq!(texting.gateway.wait(), Some(0));
}
