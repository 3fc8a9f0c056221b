use std::sync::LazyLock;

use gateway_core::domain::SenderAssurance;
use proptest::prelude::{any, prop_assert_eq, proptest};

use super::inbound::signature;
use super::outbound::{GenericPeer, verdict};
use super::*;
use crate::codec::Alphabet;
use crate::providers::exchange;
use crate::providers::http_road::Verdict;
use crate::providers::testing::{call, clock, form, reply};
use crate::providers::webhook::{Answer, Call, Door, Heard, Refused};
use crate::road::{Arrived, Body, Part, Reported, ReportedState};

const SIGNED_JSON: &str = r#"
    name = "vht"
    [inbound]
    method = "POST"
    format = "json"
    fields = { from = "/mo/msisdn", to = "/mo/short", text = "/mo/text", id = "/mo/id" }
    auth = { kind = "hmac_sha256", header = "X-Signature", key = "khoa-bi-mat", template = "{header:X-Time}.{body}", prefix = "sha256=" }
    reply = { content_type = "application/json", body = '{{"ok":true,"id":"{id}"}}' }
    [receipts]
    method = "GET"
    format = "query"
    fields = { id = "msgid", to = "dest", state = "st", error = "err" }
    states = { DELIVRD = "delivered", UNDELIV = "failed", EXPIRED = "expired", UNKNOWN = "unknown" }
    auth = { kind = "field", name = "key", secret = "khoa-bi-mat" }
"#;

const QUERY: &str = r#"
    name = "vht"
    [inbound]
    method = "GET"
    format = "query"
    fields = { from = "from", text = "text" }
    service_number = "8283"
    allow = ["203.0.113.0/24"]
    reply = { content_type = "text/xml", body = "<r from='{from}'>{to}{id}</r>" }
"#;

fn config(text: &str) -> GenericConfig {
    let config: GenericConfig = toml::from_str(text).unwrap();
    assert_eq!(config.validate(), Ok(()));
    config
}

fn setting(text: &str) -> String {
    toml::from_str::<GenericConfig>(text).unwrap().validate().unwrap_err().setting.into_owned()
}

fn message(config: &GenericConfig, call: &Call) -> Result<(Arrived, Answer), Refused> {
    match config.webhook().unwrap().read(Door::Inbound, call)? {
        Heard::Message(message, answer) => Ok((message, answer)),
        other => panic!("{other:?}"),
    }
}

fn receipt(query: &str) -> Result<Reported, Refused> {
    match config(SIGNED_JSON).webhook().unwrap().read(Door::Receipts, &call(query, "", &[]))? {
        Heard::Receipt(receipt, _) => Ok(receipt),
        other => panic!("{other:?}"),
    }
}

fn signed(body: &str) -> Call {
    let code = signature(&"khoa-bi-mat".into(), &format!("17.{body}"), Encoding::Hex).unwrap();
    call("", body, &[("x-time", "17"), ("x-signature", &format!("sha256={}", code.to_uppercase()))])
}

#[test]
fn the_signature_is_that_of_rfc_4231() {
    // Test case 2.
    let code = signature(&"Jefe".into(), "what do ya want for nothing?", Encoding::Hex).unwrap();
    assert_eq!(code, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[test]
fn a_signed_document_is_read_by_pointers() {
    let body = r#"{"mo":{"msisdn":84901234567,"short":"8283","text":"HS \"1\"","id":"a\"}"}}"#;
    let (arrived, answer) = message(&config(SIGNED_JSON), &signed(body)).unwrap();
    let expected = Arrived {
        road: "vht".into(),
        from: "84901234567".into(),
        to: "8283".into(),
        body: Body::Whole("HS \"1\"".into()),
        id: Some("a\"}".into()),
        assurance: SenderAssurance::Provider,
    };
    assert!(arrived == expected);
    assert_eq!(answer.content_type, "application/json");
    assert_eq!(answer.body, r#"{"ok":true,"id":"a\"}"}"#);
}

#[test]
fn what_was_changed_after_it_was_signed_is_refused() {
    let body = r#"{"mo":{"msisdn":"84901234567","short":"8283","text":"HS","id":"1"}}"#;
    let refused = |call: &Call| message(&config(SIGNED_JSON), call).err();
    let mut changed = signed(body);
    changed.body = body.replace("HS", "HX").into();
    assert_eq!(refused(&changed), Some(Refused::Signature));
    let mut other_time = signed(body);
    other_time.headers.insert("x-time", "18".parse().unwrap());
    assert_eq!(refused(&other_time), Some(Refused::Signature));
    let mut no_prefix = signed(body);
    no_prefix.headers.insert("x-signature", "00".parse().unwrap());
    assert_eq!(refused(&no_prefix), Some(Refused::Signature));
    assert_eq!(refused(&call("", body, &[])), Some(Refused::Signature));
    assert_eq!(refused(&signed(r#"{"mo":{}}"#)), Some(Refused::Missing("/mo/msisdn".into())));
}

#[test]
fn a_query_without_a_secret_proves_nothing() {
    let query = form(&[("from", "84901<x>'"), ("text", "HS ế")]);
    let (arrived, answer) = message(&config(QUERY), &call(&query, "", &[])).unwrap();
    assert_eq!((arrived.to.as_str(), arrived.id, arrived.assurance), ("8283", None, SenderAssurance::Claimed));
    assert_eq!(answer.body, "<r from='84901&lt;x&gt;&apos;'>8283</r>");
}

#[test]
fn secrets_in_headers_and_fields() {
    for (auth, good, bad) in [
        (
            r#"kind = "header", name = "Authorization", secret = "Bearer abcdef""#,
            call("from=1&text=a", "", &[("authorization", "Bearer abcdef")]),
            call("from=1&text=a", "", &[("authorization", "Bearer abcdeg")]),
        ),
        (
            r#"kind = "field", name = "pw", secret = "mat+khau dai""#,
            call("from=1&text=a&pw=mat%2Bkhau+dai", "", &[]),
            call("from=1&text=a&pw=mat", "", &[]),
        ),
    ] {
        let config = config(&QUERY.replace("allow =", &format!("auth = {{ {auth} }}\n    allow =")));
        assert_eq!(message(&config, &good).unwrap().0.assurance, SenderAssurance::Provider);
        assert_eq!(message(&config, &bad).err(), Some(Refused::Signature));
        assert_eq!(message(&config, &call("from=1&text=a", "", &[])).err(), Some(Refused::Signature));
    }
}

#[test]
fn receipts_are_read_by_the_operators_words() {
    let state = |state: &str| {
        receipt(&format!("msgid=9&dest=84901&st={state}&err=E1&key=khoa-bi-mat")).map(|receipt| receipt.state)
    };
    assert_eq!(state("DELIVRD"), Ok(ReportedState::Delivered));
    assert_eq!(state("UNDELIV"), Ok(ReportedState::Failed));
    assert_eq!(state("EXPIRED"), Ok(ReportedState::Expired));
    assert_eq!(state("UNKNOWN"), Ok(ReportedState::Unknown));
    assert_eq!(state("SOMETHING"), Ok(ReportedState::OnItsWay));
    assert_eq!(state(""), Err(Refused::Missing("st".into())));
    assert_eq!(receipt("msgid=9&st=DELIVRD").err(), Some(Refused::Signature));
    let receipt = receipt("msgid=9&dest=84901&st=UNDELIV&err=E1&key=khoa-bi-mat").unwrap();
    assert_eq!((receipt.id.as_str(), receipt.to.as_str(), receipt.error.as_str()), ("9", "84901", "E1"));
}

#[test]
fn answers_are_read_by_the_operators_words() {
    let words: Success = toml::from_str(
        r#"code = "/code"
           codes = ["0", "00"]
           id = "/data/0/id"
           busy_codes = ["9"]
           login_codes = ["8"]
           empty_codes = ["7"]"#,
    )
    .unwrap();
    let of = |status, body: &str| verdict(&reply(status, body), &words);
    assert_eq!(of(200, r#"{"code":0,"data":[{"id":77}]}"#), Verdict::Accepted("77".into()));
    assert_eq!(of(200, r#"{"code":"00"}"#), Verdict::Accepted("".into()));
    assert_eq!(of(200, r#"{"code":"5"}"#), Verdict::Refused("error 5".into()));
    assert_eq!(of(422, r#"{"code":"5"}"#), Verdict::Refused("error 5".into()));
    assert_eq!(of(422, "x"), Verdict::Refused("HTTP 422".into()));
    assert_eq!(of(200, r#"{"code":9}"#), Verdict::TryAgain);
    assert_eq!(of(400, r#"{"code":8}"#), Verdict::LoginRefused);
    assert_eq!(of(200, r#"{"code":7}"#), Verdict::Empty);
    for (status, body) in [(200, ""), (200, "{}"), (200, r#"{"code":null}"#), (500, r#"{"code":9}"#), (502, "")] {
        assert_eq!(of(status, body), Verdict::Uncertain, "{status} {body}");
    }
    assert_eq!(verdict(&reply(204, ""), &Success::default()), Verdict::Accepted("".into()));
    assert_eq!(exchange::http_code(http::StatusCode::IM_A_TEAPOT), "HTTP 418");
}

#[test]
fn the_configuration_is_checked() {
    assert_eq!(setting(&QUERY.replace("allow =", "#")), "inbound.auth");
    assert_eq!(setting(&QUERY.replace("service_number =", "#")), "inbound.service_number");
    assert_eq!(setting(&QUERY.replace("{id}", "{text}")), "inbound.reply");
    assert_eq!(setting(&SIGNED_JSON.replace("\"{id}\"", "{id}")), "inbound.reply");
    assert_eq!(setting(&SIGNED_JSON.replace("{body}", "{bodi}")), "inbound.auth");
    assert_eq!(setting(&SIGNED_JSON.replace("header = \"X-Signature\", ", "")), "inbound.auth");
    assert_eq!(setting(&SIGNED_JSON.replace("khoa-bi-mat", "ngắn")), "inbound.auth");

    let outbound =
        |more: &str| format!("name = 'vht'\n[outbound]\nurl = 'https://a.vn'\nmethod = 'POST'\nsuccess = {{}}\n{more}");
    assert!(
        toml::from_str::<GenericConfig>(&outbound("format = 'form'\nfields = { to = '{to}' }"))
            .unwrap()
            .validate()
            .is_ok()
    );
    for (more, expected) in [
        ("format = 'form'\nfields = { to = ['{to}'] }", "outbound.fields"),
        ("format = 'json'\nfields = { to = '{too}' }", "outbound.fields"),
        ("format = 'json'\nfields = {}\nheaders = { a = '{text}' }", "outbound.headers"),
        ("format = 'json'\nfields = {}\nheaders = { 'a b' = 'c' }", "outbound.headers"),
        ("format = 'json'\nfields = {}\nheaders = { a = '{k}' }\nsecrets = { k = \"x\\ny\" }", "outbound.headers"),
        ("format = 'json'\nfields = {}\nsecrets = { text = 'a' }", "outbound.secrets"),
    ] {
        assert_eq!(setting(&outbound(more)), expected, "{more}");
    }
    assert_eq!(setting(&QUERY.replace("\"query\"", "\"form\"")), "inbound.format");
    assert_eq!(setting(&SIGNED_JSON.replace("\"query\"", "\"json\"")), "receipts.format");
    assert_eq!(setting(&format!("sender_assurance = \"provider\"\n{QUERY}")), "sender_assurance");

    let get = outbound("format = 'json'\nfields = {}").replace("POST", "GET");
    assert_eq!(setting(&get), "outbound.format");
    assert_eq!(setting(&outbound("format = 'form'\nfields = {}").replace("https", "http")), "outbound.url");
    let unsaid = outbound("format = 'form'\nfields = {}").replace("{}\nformat", "{ code = '/a' }\nformat");
    assert_eq!(setting(&unsaid), "outbound.success");
}

/// What a message of these words is sent as: the query, and the body.
fn sent(format: &str, to: &str, text: &str) -> (String, String) {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder().build().unwrap()
    });
    let fields = "fields = { key = '{k}', to = '{to}', text = 'Kính gửi: {text}' }\nsecrets = { k = 'a&b' }";
    let config = config(&format!(
        "name = 'vht'\n[outbound]\nurl = 'https://a.vn/?v=2'\nmethod = 'POST'\nsuccess = {{}}\n\
         format = '{format}'\n{fields}"
    ));
    let outbound = config.outbound.unwrap();
    let peer = GenericPeer::new(&Check::of("vht").unwrap(), &outbound, CLIENT.clone(), clock().as_ref()).unwrap();
    let part = Part {
        to: to.into(),
        from: "8283".into(),
        text: text.to_owned(),
        alphabet: Alphabet::Ucs2,
        concatenation: None,
        valid_until: clock().now(),
        receipt: false,
    };
    let request = peer.request(&part).unwrap().build().unwrap();
    let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
    (request.url().query().unwrap_or_default().to_owned(), String::from_utf8(body.to_vec()).unwrap())
}

proptest! {
    #[test]
    fn no_message_gets_out_of_its_field(to in "[^+].*", text in any::<String>()) {
        let expected = vec![
            ("key".to_owned(), "a&b".to_owned()),
            ("text".to_owned(), format!("Kính gửi: {text}")),
            ("to".to_owned(), to.clone()),
        ];
        let read = |pairs: &str| {
            let mut pairs: Vec<(String, String)> = form_urlencoded::parse(pairs.as_bytes()).into_owned().collect();
            pairs.sort();
            pairs
        };
        let (query, body) = sent("form", &to, &text);
        prop_assert_eq!(query, "v=2");
        prop_assert_eq!(&read(&body), &expected);

        let (query, body) = sent("query", &to, &text);
        prop_assert_eq!(body, "");
        prop_assert_eq!(read(query.strip_prefix("v=2&").unwrap()), expected);

        let (_, body) = sent("json", &to, &text);
        let read: serde_json::Value = serde_json::from_str(&body).unwrap();
        let expected = serde_json::json!({ "key": "a&b", "text": format!("Kính gửi: {text}"), "to": to });
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn a_json_reply_stays_json(id in "[!-~]{1,40}") {
        let body = serde_json::json!({ "mo": { "msisdn": "1", "short": "2", "text": "", "id": id } }).to_string();
        let (_, answer) = message(&config(SIGNED_JSON), &signed(&body)).unwrap();
        let read: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        prop_assert_eq!(read, serde_json::json!({ "ok": true, "id": id }));
    }

    #[test]
    fn nothing_makes_it_stumble(bytes in any::<Vec<u8>>()) {
        crate::providers::fuzz_webhook(&bytes);
    }
}
