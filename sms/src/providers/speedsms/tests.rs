use std::time::Duration;

use gateway_core::domain::SenderAssurance;

use super::outbound::verdict;
use super::*;
use crate::providers::http_road::Verdict;
use crate::providers::testing::{call, reply};
use crate::providers::webhook::{Door, Heard, Refused};
use crate::road::{Arrived, Body, ReportedState};

fn config(webhook: &str) -> SpeedSmsConfig {
    toml::from_str(&format!("name = \"speed\"\n[webhook]\n{webhook}")).unwrap()
}

fn read(body: &str) -> Result<Heard, Refused> {
    let config = config("token = \"bi-mat\"\nservice_number = \"8283\"");
    assert_eq!(config.validate(), Ok(()));
    config.webhook().read(Door::Receipts, &call("token=bi-mat", body, &[]))
}

#[test]
fn a_report_says_what_became_of_a_message() {
    let state = |status: &str| {
        let body = format!(r#"{{"type":"report","tranId":123456,"phone":"84901234567","status":{status}}}"#);
        match read(&body) {
            Ok(Heard::Receipt(receipt, answer)) => {
                assert_eq!((receipt.id.as_str(), receipt.to.as_str()), ("123456", "84901234567"));
                assert_eq!(answer.body, "OK");
                Ok((receipt.state, receipt.error.to_string()))
            }
            Ok(other) => panic!("{other:?}"),
            Err(refused) => Err(refused),
        }
    };
    assert_eq!(state("0"), Ok((ReportedState::Delivered, String::new())));
    assert_eq!(state("\"0\""), Ok((ReportedState::Delivered, String::new())));
    assert_eq!(state("63"), Ok((ReportedState::OnItsWay, "63".into())));
    assert_eq!(state("64"), Ok((ReportedState::Failed, "64".into())));
    assert_eq!(state("-1"), Err(Refused::Malformed("status".into())));
    assert_eq!(state("null"), Err(Refused::Missing("status".into())));
}

#[test]
fn a_citizens_message_has_no_id_and_proves_nothing() {
    let Ok(Heard::Message(arrived, _)) = read(r#"{"type":"sms","phone":"84901234567","content":"HS 1 ếế"}"#) else {
        panic!("no message")
    };
    let expected = Arrived {
        road: "speed".into(),
        from: "84901234567".into(),
        to: "8283".into(),
        body: Body::Whole("HS 1 ếế".into()),
        id: None,
        assurance: SenderAssurance::Claimed,
    };
    assert!(arrived == expected);
}

#[test]
fn what_is_neither_is_refused() {
    assert_eq!(read("{").err(), Some(Refused::NotA("JSON document")));
    assert_eq!(read(r#"{"type":"voice"}"#).err(), Some(Refused::Malformed("type".into())));
    assert_eq!(read(r#"{"type":"sms","phone":"1"}"#).err(), Some(Refused::Missing("content".into())));
    let receipts_only = config("token = \"bi-mat\"");
    let body = r#"{"type":"sms","phone":"84901234567","content":"HS"}"#;
    let read = receipts_only.webhook().read(Door::Inbound, &call("token=bi-mat", body, &[]));
    assert_eq!(read.err(), Some(Refused::Malformed("type".into())));
    for query in ["", "token=", "token=bi-mat2", "token=BI-MAT"] {
        let read = receipts_only.webhook().read(Door::Inbound, &call(query, body, &[]));
        assert_eq!(read.err(), Some(Refused::Signature), "{query}");
    }
}

#[test]
fn codes_of_the_documents_table() {
    let error = |code: &str| verdict(&reply(200, &format!(r#"{{"status":"error","code":"{code}","message":"…"}}"#)));
    for code in ["007", "008", "009"] {
        assert_eq!(error(code), Verdict::LoginRefused);
    }
    for code in ["101", "105", "110", "113"] {
        assert_eq!(error(code), Verdict::Refused(compact_str::format_compact!("error {code}")));
    }
    assert_eq!(error("300"), Verdict::Empty);
    assert_eq!(error("500"), Verdict::TryAgain);

    let good = r#"{"status":"success","code":"00","data":{"tranId":123456,"totalSMS":1,"invalidPhone":[]}}"#;
    assert_eq!(verdict(&reply(200, good)), Verdict::Accepted("123456".into()));
    let invalid = good.replace("[]", r#"["84901"]"#);
    assert_eq!(verdict(&reply(200, &invalid)), Verdict::Refused("error 105".into()));
    for odd in ["", "{}", r#"{"status":"error"}"#, r#"{"status":"ok"}"#] {
        assert_eq!(verdict(&reply(200, odd)), Verdict::Uncertain, "{odd}");
    }
}

#[test]
fn the_limit_says_when_it_ends() {
    let body = r#"{"name":"Too Many Requests","message":"Rate limit exceeded.","code":0,"status":429}"#;
    let mut throttled = reply(429, body);
    assert_eq!(verdict(&throttled), Verdict::Throttled(None));
    throttled.headers.insert("x-rate-limit-reset", "12".parse().unwrap());
    assert_eq!(verdict(&throttled), Verdict::Throttled(Some(Duration::from_secs(12))));
}

#[test]
fn the_configuration_is_checked() {
    let setting = |config: SpeedSmsConfig| config.validate().unwrap_err().setting;
    assert_eq!(setting(config("")), "webhook");
    assert_eq!(setting(config("token = ''")), "webhook.token");
    assert_eq!(config("allow = ['203.0.113.0/24']").validate(), Ok(()));
    let vouched = SpeedSmsConfig { sender_assurance: Vouching::Provider, ..config("allow = ['203.0.113.0/24']") };
    assert_eq!(setting(vouched), "sender_assurance");
    let plain: SpeedSmsConfig =
        toml::from_str("name = 'a'\noutbound = { access_token = 'b', base_url = 'http://api.speedsms.vn' }").unwrap();
    assert_eq!(setting(plain), "outbound.base_url");
}
