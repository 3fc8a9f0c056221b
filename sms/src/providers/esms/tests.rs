use gateway_core::domain::SenderAssurance;

use super::inbound::signature;
use super::outbound::verdict;
use super::*;
use crate::providers::http_road::Verdict;
use crate::providers::testing::{call, clock, form, reply};
use crate::providers::webhook::{Answer, Call, Door, Heard, Refused};
use crate::road::{Arrived, Body, Reported, ReportedState};

const KEY: &str = "17417a0d20114d36a902e49cad0e97f3";

fn config(more: &str) -> EsmsConfig {
    let text = format!(
        r#"name = "esms"
           allow = ["203.0.113.0/24"]
           {more}
           [inbound]
           cpid = "abcdef"
           key = "{KEY}"
           [receipts]
           token = "bí-mật""#
    );
    toml::from_str(&text).unwrap()
}

fn sign(id: &str, text: &str, time: &str) -> String {
    signature("abcdef", id, text, time, &KEY.into())
}

fn message(id: &str, from: &str, text: &str, time: &str, sign: &str) -> Call {
    let fields = [
        ("sender", from),
        ("content", text),
        ("serviceNumber", "8283"),
        ("keyword", "HS"),
        ("sign", sign),
        ("cpid", "abcdef"),
        ("smsid", id),
        ("receiverTime", time),
    ];
    call(&form(&fields), "", &[])
}

fn read(call: &Call) -> Result<(Arrived, Answer), Refused> {
    match config("").webhook(clock()).read(Door::Inbound, call)? {
        Heard::Message(message, answer) => Ok((message, answer)),
        other => panic!("{other:?}"),
    }
}

fn receipt(query: &str) -> Result<Reported, Refused> {
    match config("").webhook(clock()).read(Door::Receipts, &call(query, "", &[]))? {
        Heard::Receipt(receipt, answer) => {
            assert_eq!(answer.body, "OK");
            Ok(receipt)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_signature_is_the_documents_own() {
    // Computed with Python's hashlib over "abcdef" "1234" "xyz" and the key,
    // the example of the provider's page.
    assert_eq!(signature("abcdef", "1234", "xyz", "", &KEY.into()), "O85nc2XByOhTm8a8t2rYKA==");
    assert_eq!(sign("7", "HS 1 tiếng Việt", "20261126120000"), "mhgEEkLMdyh2XPePBBUzOg==");
}

#[test]
fn a_citizens_message_is_read_and_answered_bare() {
    let time = "20261126115900";
    let text = "HS H09.13-261103-0003";
    let (arrived, answer) = read(&message("99", "84901234567", text, time, &sign("99", text, time))).unwrap();
    let expected = Arrived {
        road: "esms".into(),
        from: "84901234567".into(),
        to: "8283".into(),
        body: Body::Whole(text.into()),
        id: Some("99".into()),
        assurance: SenderAssurance::Provider,
    };
    assert!(arrived == expected);
    assert_eq!(answer.content_type, "text/xml; charset=utf-8");
    assert_eq!(
        answer.body,
        "<ClientResponse><Message></Message><Smsid>99</Smsid><Receiver>84901234567</Receiver></ClientResponse>"
    );
}

#[test]
fn the_reply_is_xml_whatever_came() {
    let time = "20261126115900";
    let sign = sign("1<2>&\"", "x", time);
    let (_, answer) = read(&message("1<2>&\"", "<b>", "x", time, &sign)).unwrap();
    assert!(answer.body.contains("<Smsid>1&lt;2&gt;&amp;&quot;</Smsid><Receiver>&lt;b&gt;</Receiver>"));
}

/// Both are signed, and both are taken as what they are: they differ in id and
/// text, and the intake tells messages apart by all four.
#[test]
fn a_signature_without_boundaries_makes_two_messages_and_not_a_replay() {
    let time = "20261126115900";
    let signed = sign("12", "HS 1", time);
    assert_eq!(signed, sign("1", "2HS 1", time));
    let (first, _) = read(&message("12", "84901234567", "HS 1", time, &signed)).unwrap();
    let (second, _) = read(&message("1", "84901234567", "2HS 1", time, &signed)).unwrap();
    assert_eq!(first.id.as_deref(), Some("12"));
    assert_eq!(second.id.as_deref(), Some("1"));
    assert!(first.body != second.body);
}

#[test]
fn a_plus_sign_that_nobody_encoded_still_proves() {
    let time = "20261126115900";
    let text = (0..).map(|n| format!("HS {n}")).find(|text| sign("1", text, time).contains('+')).unwrap();
    let raw = sign("1", &text, time).replace('+', " ");
    assert!(read(&message("1", "84901234567", &text, time, &raw)).is_ok());
}

#[test]
fn what_is_not_signed_is_refused() {
    let time = "20261126115900";
    let good = sign("1", "HS 1", time);
    assert_eq!(read(&message("1", "84901234567", "HS 2", time, &good)).err(), Some(Refused::Signature));
    assert_eq!(read(&message("1", "84901234567", "HS 1", time, "")).err(), Some(Refused::Signature));
    let mut other = config("").inbound.unwrap();
    other.cpid = "other".into();
    let other = EsmsConfig { inbound: Some(other), ..config("") };
    let read = other.webhook(clock()).read(Door::Inbound, &message("1", "84901234567", "HS 1", time, &good));
    assert_eq!(read.err(), Some(Refused::Signature), "signed for another service");
}

#[test]
fn an_old_address_is_worth_nothing() {
    for (time, refused) in [
        ("20261126115900", None),
        ("20261123120000", None),
        ("20261123115959", Some(Refused::Stale)),
        ("20361126115900", Some(Refused::Stale)),
        ("hôm qua", Some(Refused::Malformed("receiverTime".into()))),
    ] {
        assert_eq!(read(&message("1", "84901234567", "HS", time, &sign("1", "HS", time))).err(), refused, "{time}");
    }
}

#[test]
fn missing_and_oversize_fields_are_named() {
    let time = "20261126115900";
    let long = "ế".repeat(1_601);
    let refused = read(&message("1", "84901234567", &long, time, &sign("1", &long, time))).err();
    assert_eq!(refused, Some(Refused::TooLong { field: "content".into(), most: 1_600 }));
    let refused = read(&message("1", "", "HS", time, &sign("1", "HS", time))).err();
    assert_eq!(refused, Some(Refused::Missing("sender".into())));
    assert_eq!(read(&call("sign=x", "", &[])).err(), Some(Refused::Missing("cpid".into())));
}

#[test]
fn receipts_of_the_documents_samples() {
    let token = "&token=b%C3%AD-m%E1%BA%ADt";
    let sample = "SMSID=dc712784-9c5f-4c69-b9a8-ea69d56adc9a87&SendFailed=2&SendStatus=5&SendSuccess=0\
                  &TotalPrice=0.0000&TotalReceiver=2&TotalSent=2&RequestId=&TypeId=2&telcoid=1\
                  &phonenumber=0901888484&switchsmsid=";
    let reported = receipt(&format!("{sample}{token}")).unwrap();
    assert_eq!(reported.id, "dc712784-9c5f-4c69-b9a8-ea69d56adc9a87");
    assert_eq!(reported.to, "0901888484");
    assert_eq!((reported.state, reported.error.as_str()), (ReportedState::Failed, "5"));
    assert_eq!(receipt(sample).err(), Some(Refused::Signature), "without the token");

    let state = |query: &str| receipt(&format!("SMSID=1&{query}{token}")).map(|reported| reported.state);
    assert_eq!(state("SendStatus=5&SendSuccess=1&SendFailed=0"), Ok(ReportedState::Delivered));
    assert_eq!(state("SendStatus=5&SendSuccess=1&SendFailed=1"), Ok(ReportedState::Failed));
    assert_eq!(state("SendStatus=5"), Ok(ReportedState::Unknown));
    assert_eq!(state("SendStatus=4"), Ok(ReportedState::Failed));
    for waiting in ["1", "2", "7", "42"] {
        assert_eq!(state(&format!("SendStatus={waiting}")), Ok(ReportedState::OnItsWay));
    }
    assert_eq!(state("SendStatus=5&SendSuccess=x"), Err(Refused::Malformed("SendSuccess".into())));
    assert_eq!(state(""), Err(Refused::Missing("SendStatus".into())));
}

#[test]
fn codes_of_the_documents_table() {
    let of = |body: &str| verdict(&reply(200, body), &["99".to_owned()]);
    assert_eq!(of(r#"{"CodeResult":"100","CountRegenerate":0,"SMSID":"d5"}"#), Verdict::Accepted("d5".into()));
    assert_eq!(of(r#"{"CodeResult":100,"SMSID":"d5"}"#), Verdict::Accepted("d5".into()));
    assert_eq!(of(r#"{"CodeResult":"100"}"#), Verdict::Accepted("".into()));
    assert_eq!(of(r#"{"CodeResult":"101"}"#), Verdict::LoginRefused);
    assert_eq!(of(r#"{"CodeResult":"103"}"#), Verdict::Empty);
    assert_eq!(of(r#"{"CodeResult":"99"}"#), Verdict::TryAgain);
    assert_eq!(of(r#"{"CodeResult":"118","ErrorMessage":"…"}"#), Verdict::Refused("error 118".into()));
    assert_eq!(of(r#"{"CodeResult":"124"}"#), Verdict::Uncertain);
    for odd in ["", "<html>", "{}", r#"{"error":"Invalid request"}"#] {
        assert_eq!(of(odd), Verdict::Uncertain, "{odd}");
    }
    assert_eq!(verdict(&reply(500, r#"{"CodeResult":"99"}"#), &[]), Verdict::Uncertain);
}

#[test]
fn the_configuration_is_checked() {
    assert_eq!(config("").validate(), Ok(()));
    let setting = |config: EsmsConfig| config.validate().unwrap_err().setting;
    assert_eq!(setting(EsmsConfig { allow: Vec::new(), ..config("") }), "allow");
    assert_eq!(setting(EsmsConfig { name: "E SMS".into(), ..config("") }), "name");
    assert_eq!(setting(config("outbound = { api_key = '', secret_key = 'b' }")), "outbound.api_key");
    let plain = "outbound = { api_key = 'a', secret_key = 'b', base_url = 'http://rest.esms.vn' }";
    assert_eq!(setting(config(plain)), "outbound.base_url");
    assert_eq!(config("private_line = true").assurance(), SenderAssurance::Carrier);
    let unknown = toml::from_str::<EsmsConfig>("name = 'a'\nfrom = 'b'");
    assert!(unknown.unwrap_err().to_string().contains("unknown field"));
}

#[test]
fn no_secret_is_printed() {
    let outbound = "outbound = { api_key = 'a-p-i', secret_key = 's-e-c' }";
    let printed = format!("{:?}", config(outbound));
    for secret in [KEY, "a-p-i", "s-e-c", "bí-mật"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
