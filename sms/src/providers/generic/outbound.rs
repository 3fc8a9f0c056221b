//! A message to the provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::ports::Clock;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Url};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::config::{BodyFormat, GenericConfig, GenericOutbound, HttpMethod, Success};
use crate::providers::config::{Check, ConfigProblem, RoadConfig};
use crate::providers::exchange::{Reply, exchange, word};
use crate::providers::http_road::{HttpRoad, Peer, Rate, Verdict, nonzero};
use crate::providers::template::{JsonTemplate, Template, TemplateError};
use crate::road::{Part, Road};

const USUAL: Rate = Rate { per_minute: nonzero(600), burst: nonzero(10) };

/// What a message fills in.
const HOLES: [&str; 4] = ["to", "from", "text", "id"];

pub(super) struct GenericPeer {
    client: Client,
    config: GenericOutbound,
    request: Request,
    time: Duration,
    started: i64,
    next: AtomicU64,
}

/// What is compiled of the request.
struct Request {
    url: Url,
    fields: Shape,
    headers: Vec<(HeaderName, Template)>,
}

enum Shape {
    Document(JsonTemplate),
    Pairs(Vec<(String, Template)>),
}

impl GenericPeer {
    /// Whether it could be built.
    pub(super) fn check(config: &GenericConfig, check: &Check<'_>) -> Result<(), ConfigProblem> {
        config.outbound.as_ref().map_or(Ok(()), |outbound| Request::new(check, outbound).map(|_| ()))
    }

    pub(super) fn new(
        check: &Check<'_>,
        config: &GenericOutbound,
        client: Client,
        clock: &dyn Clock,
    ) -> Result<Self, ConfigProblem> {
        Ok(Self {
            client,
            config: config.clone(),
            request: Request::new(check, config)?,
            time: config.road.response_timeout(),
            started: clock.now().as_microsecond(),
            next: AtomicU64::new(0),
        })
    }

    pub(super) fn into_road(self, name: &str, config: &RoadConfig, clock: Arc<dyn Clock>) -> Arc<dyn Road> {
        Arc::new(HttpRoad::new(name, config, USUAL, Box::new(self), clock))
    }

    /// `None` where a filled header is none.
    pub(super) fn request(&self, part: &Part) -> Option<RequestBuilder> {
        let config = &self.config;
        let id = format!("{:x}-{:x}", self.started, self.next.fetch_add(1, Ordering::Relaxed));
        let value = |hole: &str| match hole {
            "to" => config.number_format.write(&part.to).into_owned(),
            "from" => part.from.to_string(),
            "text" => part.text.clone(),
            "id" => id.clone(),
            secret => config.secrets.get(secret).map(|secret| secret.expose_secret().to_owned()).unwrap_or_default(),
        };
        let mut url = self.request.url.clone();
        let body = match (&self.request.fields, config.format) {
            (Shape::Document(document), _) => {
                Some(("application/json", serde_json::to_vec(&document.fill(&value)).ok()?))
            }
            (Shape::Pairs(pairs), BodyFormat::Form) => {
                let filled = pairs.iter().map(|(name, template)| (name, template.fill(&value)));
                let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
                Some(("application/x-www-form-urlencoded", form.into_bytes()))
            }
            (Shape::Pairs(pairs), _) => {
                let filled = pairs.iter().map(|(name, template)| (name, template.fill(&value)));
                url.query_pairs_mut().extend_pairs(filled);
                None
            }
        };
        let mut request = match config.method {
            HttpMethod::Get => self.client.get(url),
            HttpMethod::Post => self.client.post(url),
        };
        for (name, template) in &self.request.headers {
            let mut value = HeaderValue::from_str(&template.fill(&value)).ok()?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        if let Some((kind, body)) = body {
            request = request.header(CONTENT_TYPE, kind).body(body);
        }
        Some(request)
    }
}

impl Request {
    fn new(check: &Check<'_>, config: &GenericOutbound) -> Result<Self, ConfigProblem> {
        let url = check.url(&config.url, "outbound.url", config.allow_plain_http, true)?;
        let bodiless = config.method == HttpMethod::Get;
        check.must(!bodiless || config.format == BodyFormat::Query, "outbound.format", "must be query with GET")?;
        let shadowed = config.secrets.keys().any(|name| HOLES.contains(&name.as_str()));
        check.must(!shadowed, "outbound.secrets", "holds a name that a message fills in")?;
        let wrong = |error: TemplateError| check.problem("outbound.fields", error.problem());
        let known = |hole: &str| HOLES.contains(&hole) || config.secrets.contains_key(hole);
        let fields = if config.format == BodyFormat::Json {
            Shape::Document(JsonTemplate::parse(&Value::Object(config.fields.clone()), &known).map_err(wrong)?)
        } else {
            let pairs = config.fields.iter().map(|(name, value)| {
                let text = word_or_text(value)
                    .ok_or_else(|| check.problem("outbound.fields", "holds a list or table in a form or query"))?;
                Ok((name.clone(), Template::parse(&text, known).map_err(wrong)?))
            });
            Shape::Pairs(pairs.collect::<Result<_, ConfigProblem>>()?)
        };
        let headers = config.headers.iter().map(|(name, text)| {
            let known = |hole: &str| hole == "id" || config.secrets.contains_key(hole);
            let name = name.parse().map_err(|_| check.problem("outbound.headers", "holds a name that is none"))?;
            let template =
                Template::parse(text, known).map_err(|error| check.problem("outbound.headers", error.problem()))?;
            // A message fills in nothing but an id, so what fits once always does.
            let sample = template.fill(&|hole| match config.secrets.get(hole) {
                Some(secret) => secret.expose_secret().to_owned(),
                None => String::new(),
            });
            check.must(HeaderValue::from_str(&sample).is_ok(), "outbound.headers", "holds a value that is none")?;
            Ok((name, template))
        });
        let headers = headers.collect::<Result<_, ConfigProblem>>()?;
        let said = config.success.code.is_some() != config.success.codes.is_empty();
        check.must(said, "outbound.success", "needs both code and codes, or neither")?;
        Ok(Self { url, fields, headers })
    }
}

fn word_or_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[async_trait]
impl Peer for GenericPeer {
    async fn send(&self, part: &Part) -> Verdict {
        let Some(request) = self.request(part) else { return Verdict::Refused("unsendable".into()) };
        match exchange(request, self.time).await {
            Ok(reply) => verdict(&reply, &self.config.success),
            Err(verdict) => verdict,
        }
    }
}

/// What an answer says, in the operator's words.
pub(super) fn verdict(reply: &Reply, success: &Success) -> Verdict {
    let document: Option<Value> = reply.json();
    let at = |pointer: &Option<String>| document.as_ref()?.pointer(pointer.as_deref()?).and_then(word);
    let code = at(&success.code);
    let taken = || Verdict::Accepted(at(&success.id).unwrap_or_default());
    let refused = |code: &str| Verdict::Refused(compact_str::format_compact!("error {code}"));
    let among = |codes: &[String], code: &str| codes.iter().any(|known| known == code);
    // A 5xx may come from a proxy that repeats an older answer: its body is
    // never believed about one message.
    let said = code.as_deref().filter(|_| !reply.status.is_server_error());
    match (reply.verdict_of_status(), said) {
        (_, Some(code)) if among(&success.login_codes, code) => Verdict::LoginRefused,
        (_, Some(code)) if among(&success.empty_codes, code) => Verdict::Empty,
        (_, Some(code)) if among(&success.busy_codes, code) => Verdict::TryAgain,
        (Some(Verdict::Refused(_)), Some(code)) => refused(code),
        (Some(verdict), _) => verdict,
        (None, _) if success.code.is_none() => taken(),
        (None, Some(code)) if among(&success.codes, code) => taken(),
        (None, Some(code)) => refused(code),
        (None, None) => Verdict::Uncertain,
    }
}
