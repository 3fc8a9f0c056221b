//! What Twilio tells us, in signed forms.

use axum::routing::MethodFilter;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

use super::TwilioConfig;
use crate::providers::fields::Fields;
use crate::providers::webhook::{Answer, Call, Door, Heard, Refused, Webhook, same};
use crate::road::{Arrived, Body, Reported, ReportedState};

const SIGNATURE: &str = "x-twilio-signature";

/// TwiML that does nothing.
const NOTHING_TO_SAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

pub(super) struct TwilioWebhook {
    pub(super) config: TwilioConfig,
}

impl TwilioWebhook {
    fn url(&self, door: Door) -> Option<&str> {
        match door {
            Door::Inbound => self.config.inbound_url.as_deref(),
            Door::Receipts => self.config.receipts_url.as_deref(),
        }
    }
}

impl Webhook for TwilioWebhook {
    fn methods(&self, door: Door) -> Option<MethodFilter> {
        self.url(door).map(|_| MethodFilter::POST)
    }

    fn allowed(&self, _door: Door) -> &[IpNet] {
        &self.config.allow
    }

    fn read(&self, door: Door, call: &Call) -> Result<Heard, Refused> {
        let Some(url) = self.url(door) else { return Err(Refused::NotA("door of this provider")) };
        let brought = call.header(SIGNATURE).ok_or(Refused::Signature)?;
        let fields = Fields::form(&call.body)?;
        let Some(ours) = signature(&self.config.auth_token, url, &fields) else { return Err(Refused::Signature) };
        if !same(ours.as_bytes(), brought.as_bytes()) {
            return Err(Refused::Signature);
        }
        // The token of a parent account signs for its sub-accounts too.
        if fields.word("AccountSid")? != self.config.account_sid {
            return Err(Refused::Signature);
        }
        match door {
            Door::Inbound => self.message(&fields),
            Door::Receipts => self.receipt(&fields),
        }
    }
}

impl TwilioWebhook {
    fn message(&self, fields: &Fields) -> Result<Heard, Refused> {
        let message = Arrived {
            road: self.config.name.as_str().into(),
            from: fields.word("From")?,
            to: fields.word("To")?,
            body: Body::Whole(fields.text("Body", self.config.max_text_chars)?),
            id: Some(fields.id("MessageSid")?),
            assurance: self.config.assurance(),
        };
        Ok(Heard::Message(message, Answer::of("text/xml; charset=utf-8", NOTHING_TO_SAY)))
    }

    fn receipt(&self, fields: &Fields) -> Result<Heard, Refused> {
        let receipt = Reported {
            road: self.config.name.as_str().into(),
            id: fields.id("MessageSid")?,
            to: fields.word_or_empty("To")?,
            state: match fields.word("MessageStatus")?.as_str() {
                "delivered" | "read" => ReportedState::Delivered,
                "undelivered" | "failed" | "canceled" => ReportedState::Failed,
                // accepted, scheduled, queued, sending, sent, and what may
                // come after them.
                _ => ReportedState::OnItsWay,
            },
            error: fields.word_or_empty("ErrorCode")?,
        };
        Ok(Heard::Receipt(receipt, Answer::of("text/xml; charset=utf-8", NOTHING_TO_SAY)))
    }
}

/// The signature: base64 of HMAC-SHA1 over the address and, sorted by name,
/// each name and value of the form. `None` where there is no form or no key.
pub(super) fn signature(token: &SecretString, url: &str, fields: &Fields) -> Option<String> {
    let Fields::Pairs(pairs) = fields else { return None };
    let mut sorted: Vec<_> = pairs.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()).ok()?;
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}
