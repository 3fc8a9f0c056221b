//! A message to eSMS: `SendMultipleMessage_V4_post_json`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::Clock;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::EsmsOutbound;
use crate::codec::Alphabet;
use crate::providers::config::{Check, ConfigProblem, RoadConfig};
use crate::providers::exchange::{Reply, exchange, word};
use crate::providers::http_road::{HttpRoad, Peer, Rate, Verdict, nonzero};
use crate::providers::webhook::TOKEN_FIELD;
use crate::road::{Part, Road};

const PATH: &str = "/MainService.svc/json/SendMultipleMessage_V4_post_json/";

/// Messages from a fixed number carry no brand name.
const FIXED_NUMBER: &str = "8";

const USUAL: Rate = Rate { per_minute: nonzero(600), burst: nonzero(10) };

pub(super) struct EsmsPeer {
    client: Client,
    config: EsmsOutbound,
    url: Url,
    callback: Option<Url>,
    time: Duration,
    /// Ids of requests, which eSMS refuses to take twice.
    started: i64,
    next: AtomicU64,
}

impl EsmsPeer {
    pub(super) fn new(
        check: &Check<'_>,
        config: &EsmsOutbound,
        token: Option<SecretString>,
        client: Client,
        clock: &dyn Clock,
    ) -> Result<Self, ConfigProblem> {
        let base = config.base_url.trim_end_matches('/');
        let url = check.url(&format!("{base}{PATH}"), "outbound.base_url", config.allow_plain_http, false)?;
        let mut callback = match &config.callback_url {
            Some(callback) => Some(check.url(callback, "outbound.callback_url", true, true)?),
            None => None,
        };
        if let (Some(callback), Some(token)) = (&mut callback, token) {
            callback.query_pairs_mut().append_pair(TOKEN_FIELD, token.expose_secret());
        }
        Ok(Self {
            client,
            config: config.clone(),
            url,
            callback,
            time: config.road.response_timeout(),
            started: clock.now().as_microsecond(),
            next: AtomicU64::new(0),
        })
    }

    pub(super) fn into_road(self, name: &str, config: &RoadConfig, clock: Arc<dyn Clock>) -> Arc<dyn Road> {
        Arc::new(HttpRoad::new(name, config, USUAL, Box::new(self), clock))
    }

    fn request_id(&self) -> String {
        format!("{:x}-{:x}", self.started, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

#[async_trait]
impl Peer for EsmsPeer {
    async fn send(&self, part: &Part) -> Verdict {
        let config = &self.config;
        let phone = config.number_format.write(&part.to);
        let request_id = self.request_id();
        let fixed_number = config.sms_type == FIXED_NUMBER;
        let message = Message {
            api_key: config.api_key.expose_secret(),
            secret_key: config.secret_key.expose_secret(),
            phone: &phone,
            content: &part.text,
            sms_type: &config.sms_type,
            brandname: (!fixed_number).then(|| config.brandname.as_deref().unwrap_or(&part.from)),
            is_unicode: if part.alphabet == Alphabet::Ucs2 { "1" } else { "0" },
            sandbox: if config.sandbox { "1" } else { "0" },
            request_id: &request_id,
            callback_url: self.callback.as_ref().filter(|_| part.receipt).map(Url::as_str),
        };
        match exchange(self.client.post(self.url.clone()).json(&message), self.time).await {
            Ok(reply) => verdict(&reply, &config.retry_codes),
            Err(verdict) => verdict,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Message<'a> {
    api_key: &'a str,
    secret_key: &'a str,
    phone: &'a str,
    content: &'a str,
    sms_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    brandname: Option<&'a str>,
    is_unicode: &'a str,
    sandbox: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
}

#[derive(Deserialize)]
struct Taken {
    #[serde(rename = "CodeResult", default)]
    code: Value,
    #[serde(rename = "SMSID", default)]
    id: Value,
}

/// What an answer says. The codes stand in the provider's table of errors;
/// what is not named here (no price table, unknown brand name, wrong type or
/// template, …) refuses the message for good.
pub(super) fn verdict(reply: &Reply, retry_codes: &[String]) -> Verdict {
    if let Some(verdict) = reply.verdict_of_status() {
        return verdict;
    }
    let taken: Option<Taken> = reply.json();
    let Some((code, id)) = taken.and_then(|taken| Some((word(&taken.code)?, word(&taken.id)))) else {
        // A 2xx without a code that can be read: it may well have been taken.
        return Verdict::Uncertain;
    };
    match code.as_str() {
        "100" => Verdict::Accepted(id.unwrap_or_default()),
        "101" => Verdict::LoginRefused,
        "103" => Verdict::Empty,
        // It has this request already, and does not say what became of it.
        "124" => Verdict::Uncertain,
        code if retry_codes.iter().any(|retry| retry == code) => Verdict::TryAgain,
        code => Verdict::Refused(compact_str::format_compact!("error {code}")),
    }
}
