//! What must hold for every call of a stranger.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use gateway_core::domain::{ClientNet, SenderAssurance};
use gateway_core::ports::Clock;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::Vouching;
use super::config::MAX_TEXT_CHARS;
use super::esms::{EsmsConfig, EsmsFields, EsmsInbound, EsmsReceipts};
use super::generic::{
    Auth, BodyFormat, Encoding, GenericConfig, GenericInbound, GenericReceipts, HttpMethod, MessageFields,
    ReceiptFields, Reply, StateWord,
};
use super::speedsms::{SpeedSmsConfig, SpeedSmsInbound};
use super::twilio::TwilioConfig;
use super::webhook::{Call, Door, Heard, Webhook};
use crate::road::Body;

/// Feeds a call to every provider and both doors: the first line is the query,
/// the second a signature, the rest the body. For the fuzz target: it must
/// return, and what is taken must be within its bounds. How many doors took it.
#[doc(hidden)]
pub fn fuzz_webhook(bytes: &[u8]) -> usize {
    static PROVIDERS: LazyLock<Vec<Arc<dyn Webhook>>> = LazyLock::new(providers);
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(3, '\n');
    let (query, signature) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let body = lines.next().unwrap_or_default();
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(signature) {
        headers.insert(HeaderName::from_static("x-twilio-signature"), value.clone());
        headers.insert(HeaderName::from_static("x-signature"), value);
    }
    let call = Call {
        net: ClientNet::of([127, 0, 0, 1].into()),
        headers,
        query: query.to_owned(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    };
    let mut taken = 0;
    for webhook in PROVIDERS.iter() {
        for door in [Door::Inbound, Door::Receipts] {
            let heard = webhook.read(door, &call);
            taken += usize::from(heard.is_ok());
            match heard {
                Ok(Heard::Message(message, _)) => {
                    assert!((1..=40).contains(&message.from.len()), "a sender of {} bytes", message.from.len());
                    assert!(message.id.is_none_or(|id| (1..=128).contains(&id.len())), "an id out of bounds");
                    assert!(message.assurance != SenderAssurance::Carrier, "a stranger is a carrier");
                    let Body::Whole(text) = message.body else { continue };
                    assert!(text.chars().count() <= MAX_TEXT_CHARS, "a text out of bounds");
                }
                Ok(Heard::Receipt(receipt, _)) => {
                    assert!((1..=128).contains(&receipt.id.len()), "an id out of bounds");
                }
                Err(_) => {}
            }
        }
    }
    taken
}

fn providers() -> Vec<Arc<dyn Webhook>> {
    let esms = EsmsConfig {
        name: "esms".into(),
        allow: Vec::new(),
        sender_assurance: Vouching::Provider,
        private_line: false,
        max_text_chars: MAX_TEXT_CHARS,
        inbound: Some(EsmsInbound {
            cpid: "1".into(),
            key: "k".into(),
            max_age_hours: 72,
            reply_message: String::new(),
            fields: EsmsFields::default(),
        }),
        receipts: Some(EsmsReceipts::default()),
        outbound: None,
    };
    let speedsms = SpeedSmsConfig {
        name: "speedsms".into(),
        sender_assurance: Vouching::Claimed,
        private_line: false,
        max_text_chars: MAX_TEXT_CHARS,
        webhook: Some(SpeedSmsInbound { service_number: Some("8283".into()), ..SpeedSmsInbound::default() }),
        outbound: None,
    };
    let twilio = TwilioConfig {
        name: "twilio".into(),
        account_sid: "AC1".into(),
        auth_token: "t".into(),
        sender_assurance: Vouching::Provider,
        allow: Vec::new(),
        max_text_chars: MAX_TEXT_CHARS,
        inbound_url: Some("https://a/".into()),
        receipts_url: Some("https://a/".into()),
        outbound: None,
    };
    let mut all: Vec<Arc<dyn Webhook>> = vec![esms.webhook(Arc::new(Stopped)), speedsms.webhook(), twilio.webhook()];
    let signed = Auth::HmacSha256 {
        header: Some("x-signature".into()),
        field: None,
        key: "k".into(),
        template: "{query}{body}{field:a}{header:b}".into(),
        encoding: Encoding::Hex,
        prefix: "sha256=".into(),
    };
    for format in [BodyFormat::Query, BodyFormat::Form, BodyFormat::Json] {
        for auth in [Auth::None, signed.clone()] {
            all.extend(generic(format, auth).webhook());
        }
    }
    all
}

fn generic(format: BodyFormat, auth: Auth) -> GenericConfig {
    let reply = Reply { content_type: "application/json".into(), body: r#"{{"id":"{id}"}}"#.into() };
    GenericConfig {
        name: "generic".into(),
        foreign: false,
        sender_assurance: None,
        private_line: false,
        max_text_chars: MAX_TEXT_CHARS,
        inbound: Some(GenericInbound {
            method: HttpMethod::Post,
            format,
            fields: MessageFields {
                from: "from".into(),
                to: Some("to".into()),
                text: "text".into(),
                id: Some("id".into()),
            },
            service_number: None,
            auth: auth.clone(),
            allow: Vec::new(),
            reply: reply.clone(),
        }),
        receipts: Some(GenericReceipts {
            method: HttpMethod::Post,
            format,
            fields: ReceiptFields {
                id: "id".into(),
                to: Some("to".into()),
                state: "state".into(),
                error: Some("error".into()),
            },
            states: [("ok".to_owned(), StateWord::Delivered)].into(),
            auth,
            allow: Vec::new(),
            reply,
        }),
        outbound: None,
    }
}

struct Stopped;

#[async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn sleep(&self, _span: Duration) {}
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Seeds that nobody takes lead a fuzzer nowhere.
    #[test]
    fn the_seeds_of_the_fuzzer_are_taken() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus/provider_webhook");
        for (seed, doors) in [
            ("esms_message", 1),
            ("esms_receipt", 1),
            ("speedsms_message", 2),
            ("speedsms_report", 2),
            ("twilio_message", 1),
            ("twilio_receipt", 1),
            ("generic_query", 1),
            ("generic_receipt", 1),
            ("generic_signed_json", 2),
            ("twice_and_broken", 0),
        ] {
            let bytes = fs::read(corpus.join(seed)).unwrap();
            assert_eq!(fuzz_webhook(&bytes), doors, "{seed}");
        }
    }
}
