//! What becomes of a message that we send, whatever the provider does.

use std::time::Duration;

use channel_sms::road::{RoadState, Submitted};
use serde_json::json;

use crate::peer::{Act, ScriptedPeer};
use crate::support::{accepted, part, provider, refused, submit};

fn esms(url: &str) -> String {
    format!(
        r#"kind = "esms"
           name = "esms"
           allow = ["203.0.113.0/24"]
           receipts = {{ token = "bí mật" }}
           [outbound]
           base_url = "{url}"
           api_key = "A"
           secret_key = "S"
           callback_url = "https://tin.example.vn/sms/esms/receipts"
           road = {{ response_timeout_ms = 300, down_after = 2 }}"#
    )
}

fn speedsms(url: &str) -> String {
    format!("kind = 'speedsms'\nname = 'speed'\noutbound = {{ base_url = '{url}', access_token = 'tok' }}")
}

fn twilio(url: &str) -> String {
    format!(
        "kind = 'twilio'\nname = 'tw'\naccount_sid = 'AC0123456789abcdef0123456789abcdef'\nauth_token = '12345'\n\
         receipts_url = 'https://tin.example.vn/sms/tw/receipts'\noutbound = {{ base_url = '{url}' }}"
    )
}

const HOSTILE: &str = "\"},{\"to\":\"1&x=2#<b>{id}\u{0}\r\nế";

#[tokio::test]
async fn esms_is_asked_in_its_own_words() {
    let peer = ScriptedPeer::new(&[Act::Answer(200, r#"{"CodeResult":"100","SMSID":"d5"}"#)]).await;
    assert_eq!(submit(&esms(&peer.url()), "Hồ sơ đã xong").await, accepted("d5"));
    let request = peer.only();
    assert!(request.head.starts_with("POST /MainService.svc/json/SendMultipleMessage_V4_post_json/ HTTP/1.1"));
    let mut body = request.json();
    let request_id = body.as_object_mut().unwrap().remove("RequestId").unwrap();
    assert!(request_id.as_str().unwrap().ends_with("-0"));
    assert_eq!(
        body,
        json!({
            "ApiKey": "A",
            "SecretKey": "S",
            "Phone": "0901234567",
            "Content": "Hồ sơ đã xong",
            "SmsType": "2",
            "Brandname": "UBND-TINH",
            "IsUnicode": "1",
            "Sandbox": "0",
            "CallbackUrl": "https://tin.example.vn/sms/esms/receipts?token=b%C3%AD+m%E1%BA%ADt",
        })
    );
}

#[tokio::test]
async fn speedsms_is_asked_in_its_own_words() {
    let answer = r#"{"status":"success","code":"00","data":{"tranId":123456,"totalSMS":1,"invalidPhone":[]}}"#;
    let peer = ScriptedPeer::new(&[Act::Answer(200, answer)]).await;
    assert_eq!(submit(&speedsms(&peer.url()), HOSTILE).await, accepted("123456"));
    let request = peer.only();
    assert!(request.head.starts_with("POST /index.php/sms/send HTTP/1.1"));
    // base64 of "tok:x".
    assert!(request.head.to_lowercase().contains("authorization: basic dg9rong="), "{}", request.head);
    let expected = json!({ "to": ["84901234567"], "content": HOSTILE, "sms_type": 3, "sender": "UBND-TINH" });
    assert_eq!(request.json(), expected);
}

#[tokio::test]
async fn twilio_is_asked_in_its_own_words() {
    let peer = ScriptedPeer::new(&[Act::Answer(201, r#"{"sid":"SM9","status":"queued"}"#)]).await;
    assert_eq!(submit(&twilio(&peer.url()), HOSTILE).await, accepted("SM9"));
    let request = peer.only();
    let path = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json";
    assert!(request.head.starts_with(&format!("POST {path} HTTP/1.1")));
    let read: Vec<(String, String)> = form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    let expected = [
        ("To", "+84901234567"),
        ("From", "UBND-TINH"),
        ("Body", HOSTILE),
        ("ValidityPeriod", "600"),
        ("StatusCallback", "https://tin.example.vn/sms/tw/receipts"),
    ];
    assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn any_other_is_asked_in_the_operators_words() {
    let generic = |url: &str, more: &str| {
        format!(
            "kind = 'generic'\nname = 'vht'\n[outbound]\nurl = '{url}/gui?v=2'\n\
             secrets = {{ khoa = 'bi-mat' }}\nheaders = {{ 'X-Key' = 'k {{khoa}}' }}\n{more}"
        )
    };
    let json_more = "method = 'POST'\nformat = 'json'\n\
                     fields = { list = [{ to = '{to}', n = 1 }], text = '{text}', key = '{khoa}', brace = '{{' }\n\
                     success = { code = '/code', codes = ['0'], id = '/id' }";
    let peer = ScriptedPeer::new(&[Act::Answer(200, r#"{"code":0,"id":"77"}"#)]).await;
    assert_eq!(submit(&generic(&peer.url(), json_more), HOSTILE).await, accepted("77"));
    let request = peer.only();
    assert!(request.head.starts_with("POST /gui?v=2 HTTP/1.1"));
    assert!(request.head.contains("x-key: k bi-mat"), "{}", request.head);
    let expected = json!({ "list": [{ "to": "84901234567", "n": 1 }], "text": HOSTILE, "key": "bi-mat", "brace": "{" });
    assert_eq!(request.json(), expected);

    let fields = "fields = { to = '{to}', text = '{text}' }\nsuccess = {}";
    let peer = ScriptedPeer::new(&[Act::Answer(200, "ok")]).await;
    let get = generic(&peer.url(), &format!("method = 'GET'\nformat = 'query'\n{fields}"));
    assert_eq!(submit(&get, HOSTILE).await, accepted(""));
    let head = peer.only().head;
    let query = head.split_once("?").unwrap().1.split_once(" HTTP/1.1\r\n").unwrap().0;
    let read: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let expected = [("v", "2"), ("text", HOSTILE), ("to", "84901234567")];
    let mut expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let mut read = read;
    expected.sort();
    read.sort();
    assert_eq!(read, expected);

    let peer = ScriptedPeer::new(&[Act::Answer(200, "ok")]).await;
    let post = generic(&peer.url(), &format!("method = 'POST'\nformat = 'form'\n{fields}"));
    assert_eq!(submit(&post, "a b").await, accepted(""));
    let request = peer.only();
    assert!(request.head.contains("application/x-www-form-urlencoded"));
    assert_eq!(form_urlencoded::parse(request.body.as_bytes()).count(), 2);
}

#[tokio::test]
async fn nobody_there_means_surely_not_taken() {
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for config in [esms, speedsms, twilio] {
        let submitted = submit(&config(&format!("http://{free}")), "a").await;
        let after = Duration::from_secs(5);
        assert_eq!(submitted, Submitted::NotTaken { code: "not_connected", after });
    }
}

#[tokio::test]
async fn sent_without_an_answer_means_nobody_knows() {
    for act in [Act::HangUp, Act::Silence, Act::BreakOff, Act::Answer(500, ""), Act::Answer(503, "")] {
        let peer = ScriptedPeer::new(&[act]).await;
        assert_eq!(submit(&esms(&peer.url()), "a").await, Submitted::Uncertain);
        assert_eq!(peer.count(), 1, "it is never sent twice");
    }
    for config in [speedsms, twilio] {
        let peer = ScriptedPeer::new(&[Act::HangUp, Act::HangUp]).await;
        assert_eq!(submit(&config(&peer.url()), "a").await, Submitted::Uncertain);
        assert_eq!(peer.count(), 1);
    }
}

#[tokio::test]
async fn an_explicit_answer_is_believed() {
    let not_taken = |code, seconds| Submitted::NotTaken { code, after: Duration::from_secs(seconds) };
    for (act, expected) in [
        (Act::Answer(200, r#"{"CodeResult":"104"}"#), refused("error 104")),
        (Act::Answer(200, r#"{"CodeResult":"99"}"#), not_taken("provider_error", 5)),
        (Act::Answer(200, r#"{"CodeResult":"103"}"#), not_taken("account_empty", 300)),
        (Act::Answer(400, ""), refused("HTTP 400")),
        (Act::AnswerWith(429, "retry-after: 7", ""), not_taken("throttled", 7)),
        (Act::AnswerWith(307, "location: http://127.0.0.1:1/", ""), not_taken("redirected", 5)),
    ] {
        let peer = ScriptedPeer::new(&[act]).await;
        assert_eq!(submit(&esms(&peer.url()), "a").await, expected);
    }
}

#[tokio::test]
async fn a_refused_login_stops_the_road() {
    let peer = ScriptedPeer::new(&[Act::Answer(401, r#"{"code":20003}"#)]).await;
    let road = provider(&twilio(&peer.url()), &Default::default()).road.unwrap();
    let submitted = road.reserve().await.unwrap().submit(&part("a")).await;
    assert_eq!(submitted, Submitted::NotTaken { code: "login_refused", after: Duration::from_secs(300) });
    assert_eq!(road.state(), RoadState::Refused);
    assert!(road.try_reserve().is_none());
    assert_eq!(road.name(), "tw");
}

#[tokio::test]
async fn a_road_goes_down_after_failures_in_a_row() {
    let peer = ScriptedPeer::new(&[Act::HangUp, Act::HangUp]).await;
    let road = provider(&esms(&peer.url()), &Default::default()).road.unwrap();
    for _ in 0..2 {
        assert_eq!(road.state(), RoadState::Up);
        assert_eq!(road.reserve().await.unwrap().submit(&part("a")).await, Submitted::Uncertain);
    }
    assert_eq!(road.state(), RoadState::Down);
    assert!(road.try_reserve().is_none());
}
