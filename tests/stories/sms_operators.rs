//! What operators type, and a phone in the demo.

use serde_json::Value;
use test_support::{Demo, NO_QUIET_HOURS, Smsc, Texting, dakenh, road};

const PHONE: &str = "84901234567";

#[test]
fn split_shows_parts_octets_and_cost() {
    let text = "Hồ sơ của ông/bà đã có kết quả, mời đến nhận trong giờ làm việc, mang giấy hẹn và căn cước.";
    let folded = dakenh(&["sms", "split", "--json", text]);
    assert_eq!(folded.code, Some(0), "{folded:?}");
    let folded: Value = serde_json::from_str(&folded.out).unwrap();
    assert_eq!((folded["alphabet"].as_str(), folded["policy"].as_str()), (Some("GSM 03.38"), Some("folded")));
    assert_eq!(folded["parts"].as_array().unwrap().len(), 1);
    assert!(folded["parts"][0]["text"].as_str().unwrap().starts_with("Ho so cua ong/ba"));
    let accented = dakenh(&["sms", "split", "--json", "--policy", "accented", text]);
    let accented: Value = serde_json::from_str(&accented.out).unwrap();
    let parts = accented["parts"].as_array().unwrap();
    assert_eq!((accented["alphabet"].as_str(), parts.len()), (Some("UCS-2"), 2));
    let joined: String = parts.iter().map(|part| part["text"].as_str().unwrap()).collect();
    assert_eq!(joined, text);
    for part in parts {
        // The octets, read by somebody else.
        let hex = part["octets"].as_str().unwrap();
        let octet = |at: usize| u16::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let units: Vec<u16> = (0..hex.len()).step_by(4).map(|at| octet(at) << 8 | octet(at + 2)).collect();
        assert_eq!(String::from_utf16(&units).unwrap(), part["text"].as_str().unwrap());
    }
    let people = dakenh(&["sms", "split", "--policy", "accented", text]);
    assert!(people.out.contains("parts: 2") && people.out.contains("UTF-16 units"), "{}", people.out);
    assert_eq!(dakenh(&["sms", "split", "--policy", "curly", text]).code, Some(2));
    assert_eq!(dakenh(&["sms", "split", "--road", "vnpt", text]).code, Some(2), "no such road");
    assert_eq!(dakenh(&["sms", "split"]).code, Some(2), "a text is wanted");
}

#[test]
fn send_trace_and_routes() {
    let Some(smsc) = Smsc::node() else { return };
    let roads = road("vnpt", &smsc, "", "part_cost = 300") + NO_QUIET_HOURS;
    let texting = Texting::start(&roads);
    smsc.counted("bound", 1);
    let routes = texting.run(&["sms", "routes"]);
    assert_eq!(routes.code, Some(0), "{routes:?}");
    assert!(routes.out.lines().any(|line| line.starts_with("vnpt") && line.contains(" up ")), "{}", routes.out);

    smsc.answer(serde_json::json!([{"id": "77", "receipt": "after"}]));
    let sent = texting.run(&["sms", "send", "--to", "0901234567", "Chiều nay trung tâm nghỉ"]);
    assert_eq!(sent.code, Some(0), "{sent:?}");
    assert!(smsc.reply(PHONE, 1).contains("Chieu nay trung tam nghi"));
    texting.receipted();
    let id = sent.out.split_whitespace().next().unwrap();
    let trace = texting.run(&["sms", "trace", id]);
    assert_eq!(trace.code, Some(0), "{trace:?}");
    for word in ["written down", "handed over", "accepted as 77", "delivered"] {
        assert!(trace.out.contains(word), "{word}: {}", trace.out);
    }
    assert!(!trace.out.contains("0901234567") && !trace.out.contains("Chieu nay"), "{}", trace.out);
    let cost = texting.run(&["sms", "split", "Chiều nay trung tâm nghỉ"]);
    assert!(cost.out.contains("300 đồng"), "{}", cost.out);

    assert_eq!(texting.run(&["sms", "trace", "7f-1"]).code, Some(1), "no such message");
    assert_eq!(texting.run(&["sms", "trace", "seven"]).code, Some(2));
    assert_eq!(texting.run(&["sms", "send", "--to", "19001", "a"]).code, Some(2), "no phone");
    assert_eq!(texting.run(&["sms", "send", "--to", "0901234567", " "]).code, Some(2), "no text");
    drop(smsc);
    texting.metric_reaches("sms_bind_up", "vnpt", 0.0);
    test_support::eventually("no road is up", || (texting.run(&["sms", "routes"]).code == Some(1)).then_some(()));
}

#[test]
fn a_queue_that_does_not_move_raises_an_alarm() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    smsc.counted("bound", 1);
    smsc.order(serde_json::json!({"do": "always", "with": {"status": "ESME_RMSGQFUL"}}));
    smsc.text(PHONE, "TRO GIUP");
    test_support::eventually("it is put back", || (!smsc.submits(PHONE).is_empty()).then_some(()));
    // Two minutes pass.
    texting.database.run("UPDATE outbox SET queued_at = queued_at - 120000000");
    texting.metric_reaches("sms_queue_stuck", "vnpt", 1.0);
    assert!(texting.metric("sms_queue_age_seconds", "vnpt") >= 120.0);
    smsc.order(serde_json::json!({"do": "always", "with": {}}));
    smsc.reply(PHONE, 1);
    test_support::eventually("the alarm ends", || (texting.metric("sms_queue_stuck", "vnpt") == 0.0).then_some(()));
}

#[test]
fn a_phone_texts_the_demo() {
    let demo = Demo::start(&[]);
    let text = |from: &str, words: &str| dakenh(&["demo", "sms", "--data", demo.folder(), "--from", from, words]);
    let number = demo.number("status_4");
    let asked = text("0912345678", &format!("HS {number}"));
    assert_eq!(asked.code, Some(0), "{asked:?}");
    let mut lines = asked.out.lines();
    assert!(lines.next().unwrap().starts_with("0912345678 → 8283"), "{}", asked.out);
    assert_eq!(lines.next().unwrap().trim(), format!("HS {number}"));
    assert!(lines.next().unwrap().starts_with("8283 → 0912345678  (GSM 03.38, 1 part"), "{}", asked.out);
    assert!(lines.next().unwrap().trim().starts_with(&format!("HS {number}:")), "{}", asked.out);
    let accented = text("0907777777", "Trợ giúp");
    assert!(accented.out.contains("UCS-2, 1 part") && accented.out.contains("Soan: HS"), "{}", accented.out);
    let long = text("0907777777", "TTHC dang ky khai sinh");
    assert!(long.out.contains("3 parts"), "{}", long.out);
    let robot = dakenh(&["demo", "sms", "--data", demo.folder(), "--from", "19", "--wait", "1", "HS"]);
    assert_eq!(robot.code, Some(2), "{robot:?}");
    let routes = dakenh(&["sms", "routes", "--data", demo.folder(), "--json"]);
    assert_eq!(routes.code, Some(0), "{routes:?}");
    let nowhere = tempfile::tempdir().unwrap();
    let none = dakenh(&["demo", "sms", "--data", nowhere.path().to_str().unwrap(), "TRO GIUP"]);
    assert_eq!(none.code, Some(3), "no demo runs there: {none:?}");
}
