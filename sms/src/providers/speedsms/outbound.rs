//! A message to SpeedSMS: `POST /index.php/sms/send`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::Clock;
use http::{HeaderName, StatusCode};
use reqwest::{Client, Url};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SpeedSmsOutbound;
use crate::providers::config::{Check, ConfigProblem, RoadConfig};
use crate::providers::exchange::{Reply, exchange, word};
use crate::providers::http_road::{HttpRoad, Peer, Rate, Verdict, nonzero};
use crate::road::{Part, Road};

const PATH: &str = "/index.php/sms/send";

/// In whole seconds: when the limit of 60 requests in 60 s begins anew.
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

const USUAL: Rate = Rate { per_minute: nonzero(55), burst: nonzero(5) };

pub(super) struct SpeedSmsPeer {
    client: Client,
    config: SpeedSmsOutbound,
    url: Url,
    time: Duration,
}

impl SpeedSmsPeer {
    pub(super) fn new(check: &Check<'_>, config: &SpeedSmsOutbound, client: Client) -> Result<Self, ConfigProblem> {
        let base = config.base_url.trim_end_matches('/');
        let url = check.url(&format!("{base}{PATH}"), "outbound.base_url", config.allow_plain_http, false)?;
        Ok(Self { client, config: config.clone(), url, time: config.road.response_timeout() })
    }

    pub(super) fn into_road(self, name: &str, config: &RoadConfig, clock: Arc<dyn Clock>) -> Arc<dyn Road> {
        Arc::new(HttpRoad::new(name, config, USUAL, Box::new(self), clock))
    }
}

#[async_trait]
impl Peer for SpeedSmsPeer {
    async fn send(&self, part: &Part) -> Verdict {
        let config = &self.config;
        let phone = config.number_format.write(&part.to);
        let message = Message {
            to: [&phone],
            content: &part.text,
            sms_type: config.sms_type,
            sender: config.sender.as_deref().unwrap_or(&part.from),
        };
        let request = self.client.post(self.url.clone()).basic_auth(config.access_token.expose_secret(), Some("x"));
        match exchange(request.json(&message), self.time).await {
            Ok(reply) => verdict(&reply),
            Err(verdict) => verdict,
        }
    }
}

#[derive(Serialize)]
struct Message<'a> {
    to: [&'a str; 1],
    content: &'a str,
    sms_type: u8,
    sender: &'a str,
}

#[derive(Deserialize)]
struct Taken {
    #[serde(default)]
    status: Value,
    #[serde(default)]
    code: Value,
    #[serde(default)]
    data: Value,
}

/// What an answer says.
pub(super) fn verdict(reply: &Reply) -> Verdict {
    if reply.status == StatusCode::TOO_MANY_REQUESTS {
        return Verdict::Throttled(reply.pause(&RESET));
    }
    if let Some(verdict) = reply.verdict_of_status() {
        return verdict;
    }
    let Some(taken) = reply.json::<Taken>() else { return Verdict::Uncertain };
    match (taken.status.as_str(), word(&taken.code)) {
        (Some("success"), _) => accepted(&taken.data),
        (Some("error"), Some(code)) => match code.as_str() {
            // This address, the account, or its right to use the interface.
            "007" | "008" | "009" => Verdict::LoginRefused,
            "300" => Verdict::Empty,
            // "Internal error, please try again."
            "500" => Verdict::TryAgain,
            code => Verdict::Refused(compact_str::format_compact!("error {code}")),
        },
        _ => Verdict::Uncertain,
    }
}

/// The one recipient may be among those that it could not use.
fn accepted(data: &Value) -> Verdict {
    let invalid = data.get("invalidPhone").and_then(Value::as_array).is_some_and(|phones| !phones.is_empty());
    if invalid {
        return Verdict::Refused("error 105".into());
    }
    Verdict::Accepted(data.get("tranId").and_then(word).unwrap_or_default())
}
