//! eSMS.vn (VIHAT): a short code in, brand names out.
//!
//! Source: the provider's own documents, `developers.esms.vn`, pages "Kết nối
//! đầu số ngắn", "Gửi tin Chăm sóc khách hàng", "Callback Url" and "Bảng mã
//! lỗi" (read in the copy of `devesms/gitbook_esms_for_develop`).
//!
//! # Known quirks
//! - The signature covers neither the sender nor the short code, and has no
//!   boundaries between its fields: the id `12` with the text `HS…` signs the
//!   same as `1` with `2HS…`. Whoever saw one signed address can make others of
//!   it. So calls are taken from listed networks only and for a limited time, and a message
//!   is told apart by id, sender *and* text (the intake's work).
//! - The callback about what was sent has no signature at all.
//! - The provider answers the citizen with the `Message` of our reply. We leave
//!   it empty, because answers go out as messages of their own. That an empty
//!   one sends nothing is *likely*, not written: ask before going live.

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
use inbound::EsmsWebhook;
use outbound::EsmsPeer;

/// An account at eSMS.vn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EsmsConfig {
    /// Its name in paths, metrics and rows: 1–32 of a–z, 0–9 and `-`.
    pub name: String,
    /// The networks that eSMS calls from. There must be one where anything is
    /// received: the signature does not cover the sender.
    #[serde(default)]
    pub allow: Vec<IpNet>,
    /// The words that vouch for a sender. `provider`.
    #[serde(default = "vouching")]
    pub sender_assurance: Vouching,
    /// The calls come over a line of the operator's own, not the internet: the
    /// sender counts as proven. `false`.
    #[serde(default)]
    pub private_line: bool,
    /// The longest text of a citizen, in characters, 1–10,000. 1,600.
    #[serde(default = "max_text_chars")]
    pub max_text_chars: usize,
    /// The short code; none: nothing is received.
    #[serde(default)]
    pub inbound: Option<EsmsInbound>,
    /// Callbacks about what was sent; none: not taken.
    #[serde(default)]
    pub receipts: Option<EsmsReceipts>,
    /// Sending; none: nothing is sent.
    #[serde(default)]
    pub outbound: Option<EsmsOutbound>,
}

/// What citizens send to the short code.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EsmsInbound {
    /// The id of the service, given by eSMS.
    pub cpid: String,
    /// The private key that belongs to it.
    pub key: SecretString,
    /// How old `receiverTime` may be, in hours, 1–720; 0: any age. 72.
    #[serde(default = "max_age_hours")]
    pub max_age_hours: u16,
    /// What stands in the `Message` of the reply, and so is likely sent to the
    /// citizen. Empty.
    #[serde(default)]
    pub reply_message: String,
    /// The names of the fields, should eSMS change them.
    #[serde(default)]
    pub fields: EsmsFields,
}

/// The names of the fields of the call of a short code, as documented.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EsmsFields {
    /// `cpid`.
    pub cpid: String,
    /// `smsid`.
    pub id: String,
    /// `sender`: the citizen's number, beginning with 84.
    pub from: String,
    /// `serviceNumber`: the short code.
    pub to: String,
    /// `content`.
    pub text: String,
    /// `receiverTime`: `yyyyMMddHHmmss`, likely the time of Vietnam.
    pub time: String,
    /// `sign`.
    pub sign: String,
}

impl Default for EsmsFields {
    fn default() -> Self {
        Self {
            cpid: "cpid".into(),
            id: "smsid".into(),
            from: "sender".into(),
            to: "serviceNumber".into(),
            text: "content".into(),
            time: "receiverTime".into(),
            sign: "sign".into(),
        }
    }
}

/// Callbacks about what was sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EsmsReceipts {
    /// A secret that stands as `token=…` in the callback address; none: only
    /// the network is looked at. Proxies may log it: not one that opens more.
    pub token: Option<SecretString>,
}

/// Sending.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EsmsOutbound {
    /// `https://rest.esms.vn`.
    #[serde(default = "base_url")]
    pub base_url: String,
    /// Plain http to another machine, inside a private network. `false`.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// The account's `ApiKey`.
    pub api_key: SecretString,
    /// The account's `SecretKey`.
    pub secret_key: SecretString,
    /// `SmsType`: `2` with a brand name (customer care), `8` from a fixed
    /// number. `2`.
    #[serde(default = "sms_type")]
    pub sms_type: String,
    /// The brand name that is registered; none: the sender that the message
    /// brings. Left out where `sms_type` is `8`.
    #[serde(default)]
    pub brandname: Option<String>,
    /// How numbers are written. `national`.
    #[serde(default = "number_format")]
    pub number_format: NumberFormat,
    /// `Sandbox`: nothing is really sent. `false`.
    #[serde(default)]
    pub sandbox: bool,
    /// The public address of `/sms/<name>/receipts`, without the token; none:
    /// no callback is asked for.
    #[serde(default)]
    pub callback_url: Option<String>,
    /// Codes after which the same message is sent again. `["99"]`, "unknown
    /// error, try again later".
    #[serde(default = "retry_codes")]
    pub retry_codes: Vec<String>,
    /// Window, rate (600 a minute, 10 at once) and pauses.
    #[serde(default)]
    pub road: RoadConfig,
}

fn vouching() -> Vouching {
    Vouching::Provider
}

fn max_text_chars() -> usize {
    MAX_TEXT_CHARS
}

fn max_age_hours() -> u16 {
    72
}

fn base_url() -> String {
    "https://rest.esms.vn".into()
}

fn sms_type() -> String {
    "2".into()
}

fn number_format() -> NumberFormat {
    NumberFormat::National
}

fn retry_codes() -> Vec<String> {
    vec!["99".into()]
}

impl EsmsConfig {
    /// Checks names, keys, networks and addresses.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        let check = Check::of(&self.name)?;
        check.networks(&self.allow, "allow")?;
        check.private_line(self.private_line, &self.allow)?;
        check.text_limit(self.max_text_chars)?;
        let receives = self.inbound.is_some() || self.receipts.is_some();
        check.must(
            !receives || !self.allow.is_empty(),
            "allow",
            "is empty, but the signature does not cover the sender",
        )?;
        if let Some(inbound) = &self.inbound {
            check.filled(&inbound.cpid, "inbound.cpid")?;
            check.secret(&inbound.key, "inbound.key")?;
            check.must(inbound.max_age_hours <= 720, "inbound.max_age_hours", "must be at most 720")?;
        }
        if let Some(EsmsReceipts { token: Some(token) }) = &self.receipts {
            check.secret(token, "receipts.token")?;
        }
        if let Some(outbound) = &self.outbound {
            check.url(&outbound.base_url, "outbound.base_url", outbound.allow_plain_http, false)?;
            check.secret(&outbound.api_key, "outbound.api_key")?;
            check.secret(&outbound.secret_key, "outbound.secret_key")?;
            check.filled(&outbound.sms_type, "outbound.sms_type")?;
            if let Some(callback) = &outbound.callback_url {
                // Here we are the ones who are called.
                check.url(callback, "outbound.callback_url", true, true)?;
            }
            outbound.road.validate(&check)?;
        }
        Ok(())
    }

    pub(super) fn assurance(&self) -> SenderAssurance {
        self.sender_assurance.assurance(self.private_line)
    }

    pub(super) fn webhook(&self, clock: Arc<dyn Clock>) -> Arc<dyn Webhook> {
        Arc::new(EsmsWebhook { config: self.clone(), clock })
    }

    pub(super) fn road(
        &self,
        client: reqwest::Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Arc<dyn Road>>, ConfigProblem> {
        let Some(outbound) = &self.outbound else { return Ok(None) };
        let token = self.receipts.as_ref().and_then(|receipts| receipts.token.clone());
        let peer = EsmsPeer::new(&Check::of(&self.name)?, outbound, token, client, clock.as_ref())?;
        Ok(Some(peer.into_road(&self.name, &outbound.road, clock)))
    }
}
