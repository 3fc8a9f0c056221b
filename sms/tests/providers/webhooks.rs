//! What providers call us with, through the whole public stack.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use channel_sms::road::{Body, NotTaken, ReportedState};
use gateway_core::domain::SenderAssurance;
use gateway_core::ports::Randomness;
use gateway_http::{ForwardedHeader, Needs, ServeConfig, StackConfig, TrustedProxies, public_stack, serve};
use gateway_locale::Locales;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use metrics_exporter_prometheus::PrometheusBuilder;
use sha1::Sha1;

use crate::support::{Remembering, client, provider};

pub(crate) const ESMS: &str = r#"
    kind = "esms"
    name = "esms"
    allow = ["203.0.113.0/24"]
    inbound = { cpid = "1024", key = "khoa" }
    receipts = {}
"#;

const TWILIO: &str = r#"
    kind = "twilio"
    name = "tw"
    account_sid = "AC0123456789abcdef0123456789abcdef"
    auth_token = "12345"
    inbound_url = "https://tin.example.vn/sms/tw/inbound"
"#;

struct Dice;

impl Randomness for Dice {
    fn next_u64(&self) -> u64 {
        4
    }
}

/// A gateway behind a proxy of the loopback, with one provider.
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    pub(crate) intake: Arc<Remembering>,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
    foreign: bool,
}

impl Gateway {
    pub(crate) async fn with(config: &str) -> Self {
        let intake = Arc::<Remembering>::default();
        let recorder = PrometheusBuilder::new().build_recorder();
        let metrics = recorder.handle();
        let provider = metrics::with_local_recorder(&recorder, || provider(config, &intake));
        let proxies = TrustedProxies::new(vec!["127.0.0.0/8".parse().unwrap()], ForwardedHeader::XForwardedFor);
        let needs = Needs { locales: Arc::new(Locales::embedded().unwrap()), randomness: Arc::new(Dice) };
        let stacked =
            public_stack(provider.public, &StackConfig { proxies, ..StackConfig::default() }, &needs).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, stacked.service, ServeConfig::default(), std::future::pending()));
        Self { address, intake, metrics, foreign: provider.foreign }
    }

    /// Calls from an address, as the proxy tells it.
    async fn call(&self, from: &str, request: reqwest::RequestBuilder) -> (u16, String, String) {
        let answer = request.header("x-forwarded-for", from).send().await.unwrap();
        let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        (answer.status().as_u16(), kind.unwrap_or_default(), answer.text().await.unwrap())
    }

    fn get(&self, path: &str, query: &str) -> reqwest::RequestBuilder {
        client().get(format!("http://{}{path}?{query}", self.address))
    }

    fn counted(&self, figure: &str) -> String {
        let rendered = self.metrics.render();
        let line = rendered.lines().find(|line| line.starts_with(figure));
        line.and_then(|line| line.rsplit(' ').next()).unwrap_or("none").to_owned()
    }
}

pub(crate) fn esms_query(id: &str, from: &str, text: &str, key: &str) -> String {
    let time = "20261126115900";
    let sign = STANDARD.encode(Md5::digest(format!("1024{id}{text}{time}{key}")));
    let pairs = [
        ("cpid", "1024"),
        ("smsid", id),
        ("sender", from),
        ("serviceNumber", "8283"),
        ("content", text),
        ("receiverTime", time),
        ("sign", &sign),
    ];
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[tokio::test]
async fn a_message_is_taken_once_and_acknowledged_alike_each_time() {
    let gateway = Gateway::with(ESMS).await;
    let query = esms_query("7", "84901234567", "HS 1 ế", "khoa");
    let first = gateway.call("203.0.113.9", gateway.get("/sms/esms/inbound", &query)).await;
    let again = gateway.call("203.0.113.9", gateway.get("/sms/esms/inbound", &query)).await;
    assert_eq!(first, again);
    let (status, kind, body) = first;
    assert_eq!((status, kind.as_str()), (200, "text/xml; charset=utf-8"));
    assert!(body.starts_with("<ClientResponse><Message></Message><Smsid>7</Smsid>"), "{body}");
    {
        let messages = gateway.intake.messages.lock();
        assert_eq!(messages.len(), 1);
        assert!(messages[0].body == Body::Whole("HS 1 ế".into()));
        assert_eq!(messages[0].assurance, SenderAssurance::Provider);
    }
    assert_eq!(gateway.counted("sms_webhook_replay_total{provider=\"esms\"}"), "1");
    assert!(!gateway.foreign);
}

#[tokio::test]
async fn two_messages_with_one_signature_are_two() {
    let gateway = Gateway::with(ESMS).await;
    let queries = [esms_query("12", "84901", "HS 1", "khoa"), esms_query("1", "84901", "2HS 1", "khoa")];
    for query in queries {
        assert_eq!(gateway.call("203.0.113.9", gateway.get("/sms/esms/inbound", &query)).await.0, 200);
    }
    assert_eq!(gateway.intake.messages.lock().len(), 2);
}

#[tokio::test]
async fn strangers_are_refused_and_counted() {
    let gateway = Gateway::with(ESMS).await;
    let good = esms_query("7", "84901234567", "HS 1", "khoa");
    let forged = esms_query("7", "84901234567", "HS 1", "doan");
    let from_elsewhere = gateway.call("198.51.100.1", gateway.get("/sms/esms/inbound", &good)).await;
    let wrongly_signed = gateway.call("203.0.113.9", gateway.get("/sms/esms/inbound", &forged)).await;
    assert_eq!(from_elsewhere, wrongly_signed, "a stranger is not told which key did not fit");
    assert_eq!((from_elsewhere.0, from_elsewhere.2.as_str()), (403, "forbidden"));
    // Who is no trusted proxy cannot borrow an address, and a header more in
    // front changes nothing.
    let borrowed = gateway.call("203.0.113.9, 198.51.100.1", gateway.get("/sms/esms/inbound", &good)).await;
    assert_eq!(borrowed.0, 403);
    let receipt = gateway.call("198.51.100.1", gateway.get("/sms/esms/receipts", "SMSID=1&SendStatus=5")).await;
    assert_eq!(receipt.0, 403);
    assert_eq!(gateway.counted("sms_bad_address_total{provider=\"esms\"}"), "3");
    assert_eq!(gateway.counted("sms_bad_signature_total{provider=\"esms\"}"), "1");
    assert!(gateway.intake.messages.lock().is_empty());
}

#[tokio::test]
async fn what_is_not_on_disk_is_never_acknowledged() {
    let gateway = Gateway::with(ESMS).await;
    let message = esms_query("7", "84901234567", "HS 1", "khoa");
    for why in [NotTaken::Failed, NotTaken::Full] {
        *gateway.intake.broken.lock() = Some(why);
        for (path, query) in [("/sms/esms/inbound", message.as_str()), ("/sms/esms/receipts", "SMSID=1&SendStatus=5")] {
            assert_eq!(gateway.call("203.0.113.9", gateway.get(path, query)).await.0, 503);
        }
    }
    assert_eq!(gateway.counted("sms_webhook_not_stored_total{provider=\"esms\"}"), "4");
    *gateway.intake.broken.lock() = None;
    assert_eq!(gateway.call("203.0.113.9", gateway.get("/sms/esms/inbound", &message)).await.0, 200);
}

#[tokio::test]
async fn what_cannot_be_read_is_named_without_what_stood_in_it() {
    let gateway = Gateway::with(ESMS).await;
    let get = |query: String| gateway.call("203.0.113.9", gateway.get("/sms/esms/inbound", &query));
    let (status, _, words) = get(esms_query("7", "", "HS 1", "khoa")).await;
    assert_eq!((status, words.as_str()), (400, "field is missing: sender"));
    let (status, _, words) = get(esms_query("7", &"8".repeat(60), "HS 1", "khoa")).await;
    assert_eq!((status, words.as_str()), (400, "field cannot be read: sender"));
    let (status, _, words) = get(esms_query("7", "84901", &"x".repeat(1_601), "khoa")).await;
    assert_eq!((status, words.as_str()), (413, "field is longer than 1600 characters: content"));
    let (status, _, words) = get("sender=%FF".into()).await;
    assert_eq!((status, words.as_str()), (400, "not a UTF-8 text"));
    assert_eq!(gateway.counted("sms_malformed_webhook_total{provider=\"esms\"}"), "4");
}

#[tokio::test]
async fn only_the_providers_own_methods_are_taken() {
    let gateway = Gateway::with(ESMS).await;
    let url = format!("http://{}/sms/esms/inbound?{}", gateway.address, esms_query("7", "84901", "HS", "khoa"));
    assert_eq!(gateway.call("203.0.113.9", client().head(&url)).await.0, 405);
    assert_eq!(gateway.call("203.0.113.9", client().post(&url)).await.0, 405);
    assert!(gateway.intake.messages.lock().is_empty());
    let twilio = Gateway::with(TWILIO).await;
    let unknown = client().post(format!("http://{}/sms/tw/receipts", twilio.address));
    assert_eq!(twilio.call("203.0.113.9", unknown).await.0, 404, "a door that is not configured is not there");
}

#[tokio::test]
async fn a_receipt_of_the_documents_sample_arrives() {
    let gateway = Gateway::with(ESMS).await;
    let sample = "SMSID=dc71&SendFailed=0&SendStatus=5&SendSuccess=1&TotalPrice=0.0000&TotalReceiver=1&TotalSent=1\
                  &RequestId=&TypeId=2&telcoid=1&phonenumber=0901888484&switchsmsid=";
    let answer = gateway.call("203.0.113.9", gateway.get("/sms/esms/receipts", sample)).await;
    assert_eq!((answer.0, answer.2.as_str()), (200, "OK"));
    let receipts = gateway.intake.receipts.lock();
    assert_eq!((receipts[0].id.as_str(), receipts[0].state), ("dc71", ReportedState::Delivered));
}

#[tokio::test]
async fn twilio_signs_what_it_sends() {
    let gateway = Gateway::with(TWILIO).await;
    assert!(gateway.foreign);
    let mut pairs = [
        ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
        ("Body", "HS 1 & ế"),
        ("From", "+84901234567"),
        ("MessageSid", "SM1"),
        ("To", "+12025550123"),
    ];
    pairs.sort_unstable();
    let mut mac = Hmac::<Sha1>::new_from_slice(b"12345").unwrap();
    mac.update(b"https://tin.example.vn/sms/tw/inbound");
    pairs.iter().for_each(|(name, value)| mac.update(format!("{name}{value}").as_bytes()));
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let post = |signature: &str| {
        client()
            .post(format!("http://{}/sms/tw/inbound", gateway.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-twilio-signature", signature)
            .body(form.clone())
    };
    let (status, _, body) = gateway.call("198.51.100.1", post(&signature)).await;
    assert_eq!(status, 200);
    assert!(body.ends_with("<Response/>"));
    assert_eq!(gateway.call("198.51.100.1", post("AAAA")).await.0, 403);
    assert_eq!(gateway.counted("sms_bad_signature_total{provider=\"tw\"}"), "1");
    assert!(gateway.intake.messages.lock()[0].body == Body::Whole("HS 1 & ế".into()));
}
