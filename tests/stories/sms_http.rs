//! Aggregators over HTTP: a signed call in, an answer out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use serde_json::json;
use sha2::Sha256;
use test_support::{Aggregator, Answer, Texting, get, now};

const PHONE: &str = "84901234567";
pub(crate) const KEY: &str = "khoa-bi-mat-cua-dai-ly";

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn query(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// The road that an operator describes, and its route.
pub(crate) fn generic(aggregator: &Aggregator) -> String {
    format!(
        r#"
[[sms.http]]
kind = "generic"
name = "vht"
[sms.http.inbound]
method = "GET"
format = "query"
fields = {{ from = "msisdn", to = "shortcode", text = "text", id = "id" }}
auth = {{ kind = "hmac_sha256", field = "sign", key = "{KEY}", template = "{{field:id}}|{{field:msisdn}}|{{field:text}}" }}
reply = {{ content_type = "application/json", body = '{{{{"status":0,"id":"{{id}}"}}}}' }}
[sms.http.receipts]
method = "GET"
format = "query"
fields = {{ id = "msgid", to = "dest", state = "status" }}
states = {{ DELIVRD = "delivered" }}
auth = {{ kind = "field", name = "key", secret = "{KEY}" }}
[sms.http.outbound]
url = "{}/v2/sms"
method = "POST"
format = "json"
fields = {{ messages = [{{ to = "{{to}}", from = "{{from}}", text = "{{text}}" }}] }}
secrets = {{ api_key = "khoa-api-cua-tinh" }}
headers = {{ Authorization = "Bearer {{api_key}}" }}
success = {{ code = "/code", codes = ["0"], id = "/messages/0/id" }}
[[sms.routes]]
road = "vht"
from = "UBND-TINH"
max_parts = 10
"#,
        aggregator.url
    )
}

/// A citizen's message as the aggregator brings it.
fn brought(texting: &Texting, id: &str, text: &str, key: &str) -> Answer {
    brought_from(texting, PHONE, id, text, key)
}

/// The same from any phone.
pub(crate) fn brought_from(texting: &Texting, phone: &str, id: &str, text: &str, key: &str) -> Answer {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(format!("{id}|{phone}|{text}").as_bytes());
    let sign: String = mac.finalize().into_bytes().iter().map(|octet| format!("{octet:02x}")).collect();
    let fields = [("msisdn", phone), ("shortcode", "8283"), ("text", text), ("id", id), ("sign", sign.as_str())];
    now(get(&format!("{}/sms/vht/inbound?{}", texting.public(), query(&fields)), &[]))
}

#[test]
fn an_aggregator_in_the_operators_words() {
    let aggregator = Aggregator::start(json!({"code": "0", "messages": [{"id": "m-1"}]}));
    let texting = Texting::start(&generic(&aggregator));
    let number = texting.sample("status_4").number;
    let question = format!("HS {number}");
    let answer = brought(&texting, "17", &question, KEY);
    assert_eq!((answer.status, answer.json()), (200, json!({"status": 0, "id": "17"})));
    let call = aggregator.call(1);
    let message = &call["body"]["messages"][0];
    assert_eq!((call["path"].as_str(), message["to"].as_str()), (Some("/v2/sms"), Some(PHONE)));
    assert!(message["text"].as_str().unwrap().starts_with(&format!("HS {number}:")), "{call}");

    // Forged, tampered with, unsigned: 403, counted, not stored.
    assert_eq!(brought(&texting, "18", &question, "khoa-cua-ke-khac").status, 403);
    let bare = query(&[("msisdn", PHONE), ("shortcode", "8283"), ("text", &question), ("id", "19")]);
    assert_eq!(now(get(&format!("{}/sms/vht/inbound?{bare}", texting.public()), &[])).status, 403);
    assert_eq!(texting.metric("sms_bad_signature_total", "vht"), 2.0);
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM inbox"), 1);

    // Sent again: a bare acknowledgement, to the letter, and no second answer.
    let replay = brought(&texting, "17", &question, KEY);
    assert_eq!((replay.status, replay.text), (answer.status, answer.text));
    assert_eq!(texting.metric("sms_webhook_replay_total", "vht"), 1.0);
    // Another text under the same id is another message.
    assert_eq!(brought(&texting, "17", "TRO GIUP", KEY).status, 200);
    aggregator.call(2);
    texting.settled();

    // A receipt without the secret is nobody's; with it the message has its end.
    let receipt = |key: &str| {
        let fields = query(&[("msgid", "m-1"), ("dest", PHONE), ("status", "DELIVRD"), ("key", key)]);
        now(get(&format!("{}/sms/vht/receipts?{fields}", texting.public()), &[])).status
    };
    assert_eq!(receipt("khoa-cua-ke-khac"), 403);
    assert_eq!(texting.database.number("SELECT count(*) AS x FROM outbox WHERE state = 4"), 0);
    assert_eq!(receipt(KEY), 200);
    assert!(texting.database.number("SELECT count(*) AS x FROM outbox WHERE state = 4") >= 1);
    // An HTTP field proves no phone.
    let dossier = texting.sample("status_5");
    let calls = aggregator.heard().len();
    brought(&texting, "20", &format!("CHI TIET {}", dossier.number), KEY);
    let refused = aggregator.call(calls + 1);
    let text = refused["body"]["messages"][0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("Chua mo duoc"), "{text}");
}

#[test]
fn a_foreign_company_carries_the_public_view_only() {
    let aggregator = Aggregator::start(json!({"code": "0", "messages": [{"id": "m-1"}]}));
    let roads = generic(&aggregator).replace("name = \"vht\"\n", "name = \"vht\"\nforeign = true\n");
    let texting = Texting::start(&roads);
    let dossier = texting.sample("status_5");
    assert_eq!(brought(&texting, "1", &format!("HS {}", dossier.number), KEY).status, 200);
    let public = aggregator.call(1)["body"]["messages"][0]["text"].as_str().unwrap().to_owned();
    assert!(public.contains("Cho bo sung giay to"), "{public}");
    assert_eq!(brought(&texting, "2", &format!("HS {} {}", dossier.number, dossier.last_four), KEY).status, 200);
    let proved = aggregator.call(2)["body"]["messages"][0]["text"].as_str().unwrap().to_owned();
    assert!(!proved.contains("Nguoi nop"), "{proved}");
}

#[test]
fn a_short_code_at_esms() {
    let aggregator = Aggregator::start(json!({"CodeResult": "100", "SMSID": "e-1"}));
    let roads = format!(
        r#"
[[sms.http]]
kind = "esms"
name = "esms"
allow = ["127.0.0.1/32"]
inbound = {{ cpid = "1024", key = "{KEY}", max_age_hours = 0 }}
receipts = {{ token = "ma-cua-tinh-nay" }}
outbound = {{ base_url = "{}", api_key = "api", secret_key = "secret", brandname = "UBND-TINH" }}
[[sms.routes]]
road = "esms"
from = "UBND-TINH"
"#,
        aggregator.url
    );
    let texting = Texting::start(&roads);
    let number = texting.sample("status_4").number;
    let question = format!("Hồ sơ {number}");
    let bring = |id: &str, text: &str, key: &str| {
        let time = "20261126150405";
        let mut digest = Md5::new();
        for piece in ["1024", id, text, time, key] {
            digest.update(piece.as_bytes());
        }
        let sign = STANDARD.encode(digest.finalize());
        let fields = [
            ("cpid", "1024"),
            ("smsid", id),
            ("sender", PHONE),
            ("serviceNumber", "8283"),
            ("content", text),
            ("receiverTime", time),
            ("sign", sign.as_str()),
        ];
        now(get(&format!("{}/sms/esms/inbound?{}", texting.public(), query(&fields)), &[]))
    };
    let answer = bring("12", &question, KEY);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(
        answer.text.contains("<Smsid>12</Smsid>") && answer.text.contains("<Message></Message>"),
        "{}",
        answer.text
    );
    let call = aggregator.call(1);
    assert!(call["path"].as_str().unwrap().ends_with("/SendMultipleMessage_V4_post_json/"), "{call}");
    assert_eq!(call["body"]["Phone"], PHONE);
    assert!(call["body"]["Content"].as_str().unwrap().starts_with(&format!("HS {number}:")), "{call}");
    assert_eq!(bring("13", &question, "sai").status, 403);
    let replay = bring("12", &question, KEY);
    assert_eq!((replay.status, replay.text), (200, answer.text), "a bare acknowledgement");
    // The fields have no boundaries: the same signature, another message. It is
    // taken as one of its own, and neither proves anything.
    let shifted = bring("1", &format!("2{question}"), KEY);
    assert_eq!(shifted.status, 200, "{shifted:?}");
    texting.settled();
    let answers =
        aggregator.heard().iter().filter(|call| call["body"]["Content"].as_str().unwrap().starts_with("HS ")).count();
    assert!(answers <= 2 && aggregator.heard().len() == 2, "{:?}", aggregator.heard());
    let receipt = query(&[
        ("SMSID", "e-1"),
        ("SendStatus", "5"),
        ("SendSuccess", "1"),
        ("SendFailed", "0"),
        ("token", "ma-cua-tinh-nay"),
    ]);
    assert_eq!(now(get(&format!("{}/sms/esms/receipts?{receipt}", texting.public()), &[])).status, 200);
    assert!(texting.database.number("SELECT count(*) AS x FROM outbox WHERE state = 4") >= 1);
}
