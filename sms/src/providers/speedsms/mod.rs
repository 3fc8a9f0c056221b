//! SpeedSMS.vn: brand names out; receipts and, for numbers that can receive,
//! messages in.
//!
//! Source: the provider's page `speedsms.vn/sms-api-service` for sending (basic
//! authentication, `to`, `content`, `sms_type`, `sender`, the answers and codes,
//! 60 requests in 60 s). The webhook (`type`, `tranId`, `phone`, `status`: 0
//! delivered, 1–63 failed for now, from 64 on failed) is *likely*: it is known
//! from public code of its users; the form of an incoming message (`type`
//! `sms`, `phone`, `content`) is the least certain.
//!
//! # Known quirks
//! - Nothing is signed. The operator lists networks, or puts a secret into the
//!   webhook address (`?token=…`), or both; one of them is asked for.
//! - An incoming message has no id and no short code: the intake tells it from
//!   a replay by sender and text alone, and its service number is configured.
//! - One address is given for everything, so both doors take both kinds.

mod inbound;
mod outbound;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use gateway_core::domain::SenderAssurance;
use gateway_core::ports::Clock;
use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;

use super::config::{Check, ConfigProblem, MAX_TEXT_CHARS, NumberFormat, RoadConfig, Vouching};
use super::webhook::Webhook;
use crate::road::Road;
use inbound::SpeedSmsWebhook;
use outbound::SpeedSmsPeer;

/// An account at SpeedSMS.vn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedSmsConfig {
    /// Its name in paths, metrics and rows: 1–32 of a–z, 0–9 and `-`.
    pub name: String,
    /// The words that vouch for a sender. `claimed`: nothing is signed.
    #[serde(default = "vouching")]
    pub sender_assurance: Vouching,
    /// The calls come over a line of the operator's own, not the internet: the
    /// sender counts as proven. `false`.
    #[serde(default)]
    pub private_line: bool,
    /// The longest text of a citizen, in characters, 1–10,000. 1,600.
    #[serde(default = "max_text_chars")]
    pub max_text_chars: usize,
    /// Calls; none: not taken.
    #[serde(default)]
    pub webhook: Option<SpeedSmsInbound>,
    /// Sending; none: nothing is sent.
    #[serde(default)]
    pub outbound: Option<SpeedSmsOutbound>,
}

/// What SpeedSMS calls us with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpeedSmsInbound {
    /// The networks that it calls from; none: all, and then `token` is needed.
    pub allow: Vec<IpNet>,
    /// A secret that stands as `token=…` in the webhook address. Proxies may
    /// log it: not one that opens more.
    pub token: Option<SecretString>,
    /// The number that citizens write to; none: their messages are refused and
    /// only receipts are taken.
    pub service_number: Option<String>,
    /// The names of the fields, should SpeedSMS write them otherwise.
    pub fields: SpeedSmsFields,
}

/// The names of the fields of a call.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpeedSmsFields {
    /// `type`.
    pub kind: String,
    /// The values of `type` that mean an incoming message: `sms`, `incoming`.
    pub message_kinds: Vec<String>,
    /// The values of `type` that mean a receipt: `report`.
    pub receipt_kinds: Vec<String>,
    /// `phone`: who wrote, or whom we wrote to.
    pub phone: String,
    /// `content`.
    pub text: String,
    /// `tranId`: the id that sending gave.
    pub id: String,
    /// `status`.
    pub status: String,
}

impl Default for SpeedSmsFields {
    fn default() -> Self {
        Self {
            kind: "type".into(),
            message_kinds: vec!["sms".into(), "incoming".into()],
            receipt_kinds: vec!["report".into()],
            phone: "phone".into(),
            text: "content".into(),
            id: "tranId".into(),
            status: "status".into(),
        }
    }
}

/// Sending.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedSmsOutbound {
    /// `https://api.speedsms.vn`.
    #[serde(default = "base_url")]
    pub base_url: String,
    /// Plain http to another machine, inside a private network. `false`.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// The account's API access token.
    pub access_token: SecretString,
    /// `sms_type`: 2 from any number, 3 with a brand name, 4 with SpeedSMS's
    /// own brand name, 5 from an Android phone. 3.
    #[serde(default = "sms_type")]
    pub sms_type: u8,
    /// The brand name that is registered; none: the sender that the message
    /// brings.
    #[serde(default)]
    pub sender: Option<String>,
    /// How numbers are written. `international`.
    #[serde(default = "number_format")]
    pub number_format: NumberFormat,
    /// Window, rate (55 a minute, 5 at once: SpeedSMS takes 60 in 60 s) and
    /// pauses.
    #[serde(default)]
    pub road: RoadConfig,
}

fn vouching() -> Vouching {
    Vouching::Claimed
}

fn max_text_chars() -> usize {
    MAX_TEXT_CHARS
}

fn base_url() -> String {
    "https://api.speedsms.vn".into()
}

fn sms_type() -> u8 {
    3
}

fn number_format() -> NumberFormat {
    NumberFormat::International
}

impl SpeedSmsConfig {
    /// Checks names, secrets, networks and addresses.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        let check = Check::of(&self.name)?;
        check.text_limit(self.max_text_chars)?;
        if let Some(webhook) = &self.webhook {
            check.networks(&webhook.allow, "webhook.allow")?;
            check.private_line(self.private_line, &webhook.allow)?;
            let guarded = !webhook.allow.is_empty() || webhook.token.is_some();
            check.must(guarded, "webhook", "needs allow or token, because nothing is signed")?;
            if let Some(token) = &webhook.token {
                check.secret(token, "webhook.token")?;
            }
            let vouched = webhook.token.is_some() || self.sender_assurance == Vouching::Claimed;
            check.must(vouched, "sender_assurance", "is provider, but no token vouches for the provider")?;
        }
        if let Some(outbound) = &self.outbound {
            check.url(&outbound.base_url, "outbound.base_url", outbound.allow_plain_http, false)?;
            check.secret(&outbound.access_token, "outbound.access_token")?;
            outbound.road.validate(&check)?;
        }
        Ok(())
    }

    pub(super) fn assurance(&self) -> SenderAssurance {
        self.sender_assurance.assurance(self.private_line)
    }

    pub(super) fn webhook(&self) -> Arc<dyn Webhook> {
        Arc::new(SpeedSmsWebhook { config: self.clone() })
    }

    pub(super) fn road(
        &self,
        client: reqwest::Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Arc<dyn Road>>, ConfigProblem> {
        let Some(outbound) = &self.outbound else { return Ok(None) };
        let peer = SpeedSmsPeer::new(&Check::of(&self.name)?, outbound, client)?;
        Ok(Some(peer.into_road(&self.name, &outbound.road, clock)))
    }
}
