//! Twilio: for trials and for numbers abroad. A foreign processor: what goes
//! through it leaves the country, so the Desk gives it the public view only.
//!
//! Source: `twilio.com/docs/usage/security` (signature), `…/messaging/api/
//! message-resource` (sending, states), `…/messaging/guides/webhook-request`
//! (fields).
//!
//! # Known quirks
//! - The signature is over the *exact* address that Twilio was given, query
//!   included. Behind a proxy the gateway cannot know it, so it is configured.
//! - An answer is TwiML. An empty `<Response/>` says nothing to the citizen:
//!   answers go out as messages of their own.

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
use inbound::TwilioWebhook;
use outbound::TwilioPeer;

/// An account at Twilio.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioConfig {
    /// Its name in paths, metrics and rows: 1–32 of a–z, 0–9 and `-`.
    pub name: String,
    /// The account's SID, `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// The account's auth token: it signs what Twilio sends.
    pub auth_token: SecretString,
    /// The words that vouch for a sender. `provider`: the signature covers all
    /// fields. Never a carrier's word.
    #[serde(default = "vouching")]
    pub sender_assurance: Vouching,
    /// The networks that Twilio calls from; none: all, the signature proves it.
    #[serde(default)]
    pub allow: Vec<IpNet>,
    /// The longest text of a citizen, in characters, 1–10,000. 1,600.
    #[serde(default = "max_text_chars")]
    pub max_text_chars: usize,
    /// The exact address that Twilio was given for incoming messages, which
    /// leads to `/sms/<name>/inbound`; none: nothing is received.
    #[serde(default)]
    pub inbound_url: Option<String>,
    /// The exact address of `/sms/<name>/receipts`; none: no receipts.
    #[serde(default)]
    pub receipts_url: Option<String>,
    /// Sending; none: nothing is sent.
    #[serde(default)]
    pub outbound: Option<TwilioOutbound>,
}

/// Sending.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioOutbound {
    /// `https://api.twilio.com`.
    #[serde(default = "base_url")]
    pub base_url: String,
    /// Plain http to another machine, inside a private network. `false`.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// An API key (`SK…`) to log in with; none: the account's SID.
    #[serde(default)]
    pub api_key: Option<String>,
    /// The secret of `api_key`; none: the auth token.
    #[serde(default)]
    pub api_secret: Option<SecretString>,
    /// A messaging service (`MG…`) that chooses the sender; none: the sender
    /// that the message brings.
    #[serde(default)]
    pub messaging_service_sid: Option<String>,
    /// How numbers are written. `e164`.
    #[serde(default = "number_format")]
    pub number_format: NumberFormat,
    /// Window, rate (60 a minute, 1 at once) and pauses.
    #[serde(default)]
    pub road: RoadConfig,
}

fn vouching() -> Vouching {
    Vouching::Provider
}

fn max_text_chars() -> usize {
    MAX_TEXT_CHARS
}

fn base_url() -> String {
    "https://api.twilio.com".into()
}

fn number_format() -> NumberFormat {
    NumberFormat::E164
}

impl TwilioConfig {
    /// Checks names, secrets, networks and addresses.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        let check = Check::of(&self.name)?;
        let digits = self.account_sid.strip_prefix("AC").unwrap_or_default();
        let sid = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        check.must(sid, "account_sid", "must be AC and 32 hexadecimal digits")?;
        check.secret(&self.auth_token, "auth_token")?;
        check.networks(&self.allow, "allow")?;
        check.text_limit(self.max_text_chars)?;
        for (url, setting) in [(&self.inbound_url, "inbound_url"), (&self.receipts_url, "receipts_url")] {
            if let Some(url) = url {
                // Here we are the ones who are called.
                check.url(url, setting, true, true)?;
            }
        }
        if let Some(outbound) = &self.outbound {
            check.url(&outbound.base_url, "outbound.base_url", outbound.allow_plain_http, false)?;
            let both = outbound.api_key.is_some() == outbound.api_secret.is_some();
            check.must(both, "outbound.api_key", "needs outbound.api_secret, and the other way round")?;
            outbound.road.validate(&check)?;
        }
        Ok(())
    }

    pub(super) fn assurance(&self) -> SenderAssurance {
        self.sender_assurance.assurance(false)
    }

    pub(super) fn webhook(&self) -> Arc<dyn Webhook> {
        Arc::new(TwilioWebhook { config: self.clone() })
    }

    pub(super) fn road(
        &self,
        client: reqwest::Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Arc<dyn Road>>, ConfigProblem> {
        let Some(outbound) = &self.outbound else { return Ok(None) };
        let peer = TwilioPeer::new(&Check::of(&self.name)?, self, outbound, client, Arc::clone(&clock))?;
        Ok(Some(peer.into_road(&self.name, &outbound.road, clock)))
    }
}
