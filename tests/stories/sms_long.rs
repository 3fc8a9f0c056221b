//! Long messages, in and out.

use serde_json::json;
use test_support::{Letter, Smsc, Texting, eventually, road};

const PHONE: &str = "84901234567";

/// More than three parts, with the number across a boundary.
fn question(number: &str) -> String {
    format!(
        "Kính gửi trung tâm hành chính công, tôi nộp hồ sơ từ tháng trước mà đến nay chưa thấy ai gọi lại, xin cho \
         tôi hỏi hồ sơ {number} đã giải quyết đến đâu rồi, khi nào thì tôi được nhận kết quả, tôi xin cảm ơn rất nhiều"
    )
}

fn eight(reference: u8) -> impl Fn(u8, u8) -> Vec<u8> {
    move |total, sequence| vec![5, 0, 3, reference, total, sequence]
}

fn sixteen(total: u8, sequence: u8) -> Vec<u8> {
    vec![6, 8, 4, 0x12, 0x34, total, sequence]
}

fn taken(smsc: &Smsc, letter: &Letter) {
    assert_eq!(smsc.acknowledged(smsc.deliver(letter)), 0);
}

fn answered(smsc: &Smsc, phone: &str, number: &str) {
    let answer = smsc.reply(phone, 1);
    assert!(answer.starts_with(&format!("HS {number}:")), "{answer}");
}

#[test]
fn parts_in_any_order_and_any_marking_are_one_question() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let number = texting.sample("status_4").number;
    let text = question(&number);
    // An odd number of octets: a part ends within a character.
    let by_header =
        [Letter::parts("84901000001", &text, 133, eight(7)), Letter::parts("84901000002", &text, 132, sixteen)];
    let sar = |from: &str| {
        let mut parts = Letter::parts(from, &text, 140, |_, _| Vec::new());
        let total = parts.len();
        for (part, sequence) in parts.iter_mut().zip(1..) {
            part.tlvs = json!({"sar_msg_ref_num": 300, "sar_total_segments": total, "sar_segment_seqnum": sequence});
        }
        parts
    };
    for mut parts in by_header.into_iter().chain([sar("84901000003")]) {
        assert!(parts.len() >= 4);
        parts.reverse();
        parts.swap(0, 2);
        let phone = parts[0].from.clone();
        for part in &parts {
            taken(&smsc, part);
        }
        answered(&smsc, &phone, &number);
        // A part that comes again belongs to what was answered.
        taken(&smsc, &parts[1]);
        texting.settled();
        assert_eq!(smsc.texts(&phone).len(), 1);
    }
    let whole = Letter { payload: true, ..Letter::of("84901000004", &text) };
    taken(&smsc, &whole);
    answered(&smsc, "84901000004", &number);
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM inbound_parts"), 0);
}

#[test]
fn a_part_that_never_comes_is_not_waited_for_for_ever() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let number = texting.sample("status_4").number;
    let text = format!("HS {number}     {}", "cam on trung tam ".repeat(20));
    let mut parts = Letter::parts(PHONE, &text, 150, eight(9));
    parts.truncate(parts.len() - 1);
    for part in &parts {
        taken(&smsc, part);
    }
    assert!(smsc.texts(PHONE).is_empty());
    // Ten minutes pass.
    texting.database.run("UPDATE inbound_parts SET received_at = 0");
    let answer = smsc.reply(PHONE, 1);
    assert!(answer.contains(&number), "what is there is read: {answer}");
    assert_eq!(texting.metric("sms_incomplete_total", ""), 1.0);
    texting.settled();
    assert_eq!(smsc.texts(PHONE).len(), 1);
}

#[test]
fn a_crash_between_the_parts_loses_none() {
    let Some(smsc) = Smsc::node() else { return };
    let mut texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let number = texting.sample("status_4").number;
    let parts = Letter::parts(PHONE, &question(&number), 134, eight(200));
    for (place, part) in parts.iter().enumerate() {
        taken(&smsc, part);
        if place + 1 < parts.len() {
            texting.crash_and_restart();
            smsc.counted("bound", place + 2);
        }
    }
    answered(&smsc, PHONE, &number);
    texting.settled();
    assert_eq!(smsc.texts(PHONE).len(), 1);
}

/// Without the answer's own code.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text.split_whitespace().map(gateway_core::text::fold).collect();
    if let Some(at) = words.iter().rposition(|word| word == "ma") {
        words.drain(at..(at + 2).min(words.len()));
    }
    words
}

#[test]
fn a_long_answer_arrives_as_parts_that_join() {
    let Some(smsc) = Smsc::node() else { return };
    let mut all = Vec::new();
    for (way, route) in [
        ("", "max_parts = 10"),
        ("", "max_parts = 10\npolicy = \"accented\""),
        ("reference_bits = 16", "max_parts = 10\npolicy = \"accented\""),
        ("long_messages = \"sar\"", "max_parts = 10"),
        ("long_messages = \"message_payload\"", "max_parts = 10\npolicy = \"accented\""),
    ] {
        let accented = route.contains("accented");
        let texting = Texting::start(&road("vnpt", &smsc, way, route));
        let phone = format!("8490100000{}", all.len());
        let text = smsc.ask(&phone, "TTHC dang ky khai sinh");
        let submits = smsc.submits(&phone);
        assert_eq!(submits.iter().any(|part| part["payload"] == true), way.contains("payload"), "{way}");
        for part in &submits {
            assert_eq!(part["data_coding"], if accented { 8 } else { 0 }, "{way}");
            let units = part["text"].as_str().unwrap().encode_utf16().count();
            let most = match (accented, way.contains("16")) {
                _ if way.contains("payload") => 1_000,
                (true, false) => 67,
                (true, true) => 66,
                (false, _) => 153,
            };
            assert!(units <= most && units > 0, "{way}: {units} of {most}");
        }
        assert_eq!(text.contains("Đăng ký khai sinh"), accented, "{way}: {text}");
        all.push(words(&text));
        drop(texting);
        smsc.counted("closed", all.len());
    }
    assert!(all[0].len() > 40, "long: {:?}", all[0]);
    for other in &all[1..] {
        assert_eq!(*other, all[0], "the same words, whichever way they travel");
    }
}

#[test]
fn parts_of_an_answer_keep_their_order() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "window = 1", "policy = \"accented\"\nmax_parts = 10"));
    smsc.ask(PHONE, "TTHC dang ky khai sinh");
    let sequences: Vec<u64> = smsc
        .submits(PHONE)
        .iter()
        .map(|part| u64::from_str_radix(&part["udh"].as_str().unwrap()[8..10], 16).unwrap())
        .collect();
    let expected: Vec<u64> = (1..=u64::try_from(sequences.len()).unwrap()).collect();
    assert_eq!(sequences, expected);
    eventually("every part has its row", || {
        let accepted = "SELECT count(*) AS x FROM outbox WHERE state = 2";
        (texting.database.number(accepted) == i64::try_from(sequences.len()).unwrap()).then_some(())
    });
}
