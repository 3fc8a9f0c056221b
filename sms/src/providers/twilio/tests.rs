use std::time::Duration;

use gateway_core::domain::SenderAssurance;

use super::inbound::signature;
use super::outbound::{validity, verdict};
use super::*;
use crate::providers::fields::Fields;
use crate::providers::http_road::Verdict;
use crate::providers::testing::{NOW, call, form, reply};
use crate::providers::webhook::{Call, Door, Heard, Refused};
use crate::road::{Arrived, Body, ReportedState};

const SID: &str = "AC0123456789abcdef0123456789abcdef";
const INBOUND: &str = "https://tin.example.vn/sms/tw/inbound?a=1";
const RECEIPTS: &str = "https://tin.example.vn/sms/tw/receipts";

fn config() -> TwilioConfig {
    let text = format!(
        "name = 'tw'\naccount_sid = '{SID}'\nauth_token = '12345'\n\
         inbound_url = '{INBOUND}'\nreceipts_url = '{RECEIPTS}'"
    );
    toml::from_str(&text).unwrap()
}

fn signed(url: &str, pairs: &[(&str, &str)]) -> Call {
    let body = form(pairs);
    let fields = Fields::form(body.as_bytes()).unwrap();
    let signature = signature(&"12345".into(), url, &fields).unwrap();
    call("", &body, &[("x-twilio-signature", &signature)])
}

fn message<'a>(text: &'a str, account: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("MessageSid", "SM1"),
        ("AccountSid", account),
        ("From", "+84901234567"),
        ("To", "+12025550123"),
        ("Body", text),
        ("NumMedia", "0"),
    ]
}

fn read(door: Door, call: &Call) -> Result<Heard, Refused> {
    config().webhook().read(door, call)
}

/// The examples of Twilio's documents and of its libraries; both were computed
/// anew with Python's hmac.
#[test]
fn the_signature_is_the_documents_own() {
    for (number, expected) in
        [("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="), ("+14158675310", "GvWf1cFY/Q7PnoempGyD5oXAezc=")]
    {
        let pairs = [
            ("Digits", "1234"),
            ("To", "+18005551212"),
            ("From", number),
            ("Caller", number),
            ("CallSid", "CA1234567890ABCDE"),
        ];
        let fields = Fields::form(form(&pairs).as_bytes()).unwrap();
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(signature(&"12345".into(), url, &fields).as_deref(), Some(expected));
    }
}

#[test]
fn a_citizens_message_is_read_and_answered_with_nothing() {
    let Ok(Heard::Message(arrived, answer)) = read(Door::Inbound, &signed(INBOUND, &message("HS ếế + 1", SID)))
    else {
        panic!("no message")
    };
    let expected = Arrived {
        road: "tw".into(),
        from: "+84901234567".into(),
        to: "+12025550123".into(),
        body: Body::Whole("HS ếế + 1".into()),
        id: Some("SM1".into()),
        assurance: SenderAssurance::Provider,
    };
    assert!(arrived == expected);
    assert_eq!(answer.content_type, "text/xml; charset=utf-8");
    assert!(answer.body.ends_with("<Response/>"));
}

#[test]
fn what_is_not_signed_for_this_address_is_refused() {
    let refused = |call: &Call| read(Door::Inbound, call).err();
    assert_eq!(refused(&signed(RECEIPTS, &message("HS", SID))), Some(Refused::Signature));
    assert_eq!(
        refused(&signed("https://tin.example.vn/sms/tw/inbound", &message("HS", SID))),
        Some(Refused::Signature)
    );
    assert_eq!(refused(&call("", &form(&message("HS", SID)), &[])), Some(Refused::Signature));
    let other = SID.replace('f', "e");
    assert_eq!(refused(&signed(INBOUND, &message("HS", &other))), Some(Refused::Signature), "another account");
    let mut changed = signed(INBOUND, &message("HS", SID));
    changed.body = form(&message("HS 2", SID)).into();
    assert_eq!(refused(&changed), Some(Refused::Signature));
    let mut twice = signed(INBOUND, &message("HS", SID));
    let first = twice.headers["x-twilio-signature"].clone();
    twice.headers.append("x-twilio-signature", first);
    assert_eq!(refused(&twice), Some(Refused::Signature));
}

#[test]
fn a_signed_call_without_a_field_is_told_which() {
    let pairs: Vec<_> = message("HS", SID).into_iter().filter(|(name, _)| *name != "Body").collect();
    assert_eq!(read(Door::Inbound, &signed(INBOUND, &pairs)).err(), Some(Refused::Missing("Body".into())));
}

#[test]
fn receipts_tell_the_state() {
    let state = |status: &str, error: &str| {
        let pairs = [
            ("MessageSid", "SM1"),
            ("AccountSid", SID),
            ("To", "+84901234567"),
            ("MessageStatus", status),
            ("ErrorCode", error),
        ];
        match read(Door::Receipts, &signed(RECEIPTS, &pairs)) {
            Ok(Heard::Receipt(receipt, _)) => (receipt.state, receipt.error.to_string()),
            other => panic!("{other:?}"),
        }
    };
    for way in ["accepted", "scheduled", "queued", "sending", "sent", "something_new"] {
        assert_eq!(state(way, "").0, ReportedState::OnItsWay);
    }
    assert_eq!(state("delivered", ""), (ReportedState::Delivered, String::new()));
    assert_eq!(state("undelivered", "30005"), (ReportedState::Failed, "30005".into()));
    assert_eq!(state("failed", "30003").0, ReportedState::Failed);
}

#[test]
fn answers_to_a_message() {
    let of = |status, body: &str| verdict(&reply(status, body));
    for status in ["queued", "accepted", "sending", "sent"] {
        let body = format!(r#"{{"sid":"SM9","status":"{status}","error_code":null}}"#);
        assert_eq!(of(201, &body), Verdict::Accepted("SM9".into()));
    }
    assert_eq!(
        of(201, r#"{"sid":"SM9","status":"failed","error_code":30006}"#),
        Verdict::Refused("error 30006".into())
    );
    assert_eq!(of(201, "<html>"), Verdict::Accepted("".into()));
    assert_eq!(of(200, "<html>"), Verdict::Uncertain);
    assert_eq!(of(400, r#"{"code":21211,"message":"…","status":400}"#), Verdict::Refused("error 21211".into()));
    assert_eq!(of(404, r#"{"code":20404}"#), Verdict::Refused("error 20404".into()));
    assert_eq!(of(404, "<html>"), Verdict::NotReached("wrong_address"));
    assert_eq!(of(401, r#"{"code":20003}"#), Verdict::LoginRefused);
    assert_eq!(of(403, r#"{"code":20005}"#), Verdict::LoginRefused);
    assert_eq!(of(429, r#"{"code":20429}"#), Verdict::Throttled(None));
    for status in [408, 500, 502, 503] {
        assert_eq!(of(status, ""), Verdict::Uncertain);
    }
    let mut throttled = reply(429, "");
    throttled.headers.insert("retry-after", "3".parse().unwrap());
    assert_eq!(verdict(&throttled), Verdict::Throttled(Some(Duration::from_secs(3))));
}

#[test]
fn a_message_is_kept_as_long_as_it_is_worth() {
    let now = NOW.parse().unwrap();
    let after = |seconds| validity(now, now + jiff::SignedDuration::from_secs(seconds));
    assert_eq!([after(-5), after(0), after(600), after(1_000_000)], [1, 1, 600, 14_400]);
}

#[test]
fn the_configuration_is_checked() {
    assert_eq!(config().validate(), Ok(()));
    let setting = |config: TwilioConfig| config.validate().unwrap_err().setting;
    assert_eq!(setting(TwilioConfig { account_sid: "AC../x".into(), ..config() }), "account_sid");
    assert_eq!(setting(TwilioConfig { auth_token: "".into(), ..config() }), "auth_token");
    assert_eq!(setting(TwilioConfig { inbound_url: Some("/sms".into()), ..config() }), "inbound_url");
    assert!(toml::from_str::<TwilioConfig>("private_line = true").is_err(), "a foreign processor is no carrier");
}
