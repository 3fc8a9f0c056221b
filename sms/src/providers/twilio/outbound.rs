//! A message to Twilio: `POST /2010-04-01/Accounts/{sid}/Messages.json`.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::Clock;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::{TwilioConfig, TwilioOutbound};
use crate::providers::config::{Check, ConfigProblem, NumberFormat, RoadConfig};
use crate::providers::exchange::{Reply, exchange, word};
use crate::providers::http_road::{HttpRoad, Peer, Rate, Verdict, nonzero};
use crate::road::{Part, Road};

const USUAL: Rate = Rate { per_minute: nonzero(60), burst: NonZeroU32::MIN };

/// The longest that Twilio keeps a message, in seconds.
const LONGEST_VALIDITY: i64 = 14_400;

pub(super) struct TwilioPeer {
    client: Client,
    clock: Arc<dyn Clock>,
    url: Url,
    user: String,
    password: SecretString,
    messaging_service_sid: Option<String>,
    receipts_url: Option<String>,
    number_format: NumberFormat,
    time: Duration,
}

impl TwilioPeer {
    pub(super) fn new(
        check: &Check<'_>,
        account: &TwilioConfig,
        config: &TwilioOutbound,
        client: Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConfigProblem> {
        let (base, sid) = (config.base_url.trim_end_matches('/'), &account.account_sid);
        let url = format!("{base}/2010-04-01/Accounts/{sid}/Messages.json");
        Ok(Self {
            client,
            clock,
            url: check.url(&url, "outbound.base_url", config.allow_plain_http, false)?,
            user: config.api_key.as_ref().unwrap_or(sid).clone(),
            password: config.api_secret.as_ref().unwrap_or(&account.auth_token).clone(),
            messaging_service_sid: config.messaging_service_sid.clone(),
            receipts_url: account.receipts_url.clone(),
            number_format: config.number_format,
            time: config.road.response_timeout(),
        })
    }

    pub(super) fn into_road(self, name: &str, config: &RoadConfig, clock: Arc<dyn Clock>) -> Arc<dyn Road> {
        Arc::new(HttpRoad::new(name, config, USUAL, Box::new(self), clock))
    }

    fn form(&self, part: &Part) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", &self.number_format.write(&part.to));
        match &self.messaging_service_sid {
            Some(service) => form.append_pair("MessagingServiceSid", service),
            None => form.append_pair("From", &part.from),
        };
        form.append_pair("Body", &part.text);
        form.append_pair("ValidityPeriod", &validity(self.clock.now(), part.valid_until).to_string());
        if let Some(url) = self.receipts_url.as_deref().filter(|_| part.receipt) {
            form.append_pair("StatusCallback", url);
        }
        form.finish()
    }
}

/// How long it is still worth delivering, in seconds, within Twilio's bounds.
pub(super) fn validity(now: Timestamp, until: Timestamp) -> i64 {
    until.duration_since(now).as_secs().clamp(1, LONGEST_VALIDITY)
}

#[async_trait]
impl Peer for TwilioPeer {
    async fn send(&self, part: &Part) -> Verdict {
        let request = self
            .client
            .post(self.url.clone())
            .basic_auth(&self.user, Some(self.password.expose_secret()))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(self.form(part));
        match exchange(request, self.time).await {
            Ok(reply) => verdict(&reply),
            Err(verdict) => verdict,
        }
    }
}

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    sid: Value,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    error_code: Value,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    code: Value,
}

/// What an answer says.
pub(super) fn verdict(reply: &Reply) -> Verdict {
    if reply.status.is_client_error() && reply.status != StatusCode::REQUEST_TIMEOUT {
        return refused(reply);
    }
    if let Some(verdict) = reply.verdict_of_status() {
        return verdict;
    }
    let Some(made) = reply.json::<Made>() else {
        // "Created" is said only for what was made, though its id is lost.
        let made = reply.status == StatusCode::CREATED;
        return if made { Verdict::Accepted("".into()) } else { Verdict::Uncertain };
    };
    match (made.status.as_str(), word(&made.sid)) {
        (Some("failed" | "undelivered" | "canceled"), _) => {
            Verdict::Refused(compact_str::format_compact!("error {}", word(&made.error_code).unwrap_or_default()))
        }
        (_, Some(sid)) => Verdict::Accepted(sid),
        (_, None) => Verdict::Uncertain,
    }
}

/// The codes stand in `twilio.com/docs/api/errors`.
fn refused(reply: &Reply) -> Verdict {
    let code = reply.json::<Problem>().and_then(|problem| word(&problem.code));
    match (reply.status, code.as_deref()) {
        // 20003 "authenticate", 20005 "account not active".
        (StatusCode::UNAUTHORIZED, _) | (_, Some("20003" | "20005")) => Verdict::LoginRefused,
        (StatusCode::TOO_MANY_REQUESTS, _) | (_, None) => reply.verdict_of_status().unwrap_or(Verdict::Uncertain),
        (_, Some(code)) => Verdict::Refused(compact_str::format_compact!("error {code}")),
    }
}
