//! What the provider tells us.

use std::borrow::Cow;

use axum::routing::MethodFilter;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use compact_str::CompactString;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderValue;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::config::{Auth, BodyFormat, Encoding, GenericConfig, GenericInbound, GenericReceipts, HttpMethod, Reply};
use crate::providers::config::{Check, ConfigProblem};
use crate::providers::fields::Fields;
use crate::providers::template::{Template, xml_escaped};
use crate::providers::webhook::{Answer, Call, Door, Heard, Refused, Webhook, same};
use crate::road::{Arrived, Body, Reported, ReportedState};

pub(super) struct GenericWebhook {
    config: GenericConfig,
    inbound: Option<Side>,
    receipts: Option<Side>,
}

/// What is compiled of one side.
struct Side {
    auth: Proof,
    content_type: HeaderValue,
    escape: Escape,
    reply: Template,
}

enum Proof {
    None,
    Header { name: String, secret: SecretString },
    Field { name: String, secret: SecretString },
    Signature { place: Place, key: SecretString, template: Template, encoding: Encoding, prefix: String },
}

enum Place {
    Header(String),
    Field(String),
}

#[derive(Clone, Copy)]
enum Escape {
    Plain,
    Json,
    Xml,
}

impl GenericWebhook {
    pub(super) fn new(config: &GenericConfig, check: &Check<'_>) -> Result<Self, ConfigProblem> {
        let inbound = config.inbound.as_ref().map(|side| {
            Side::new(check, (&side.auth, "inbound.auth"), (&side.reply, "inbound.reply"), &["id", "from", "to"])
        });
        let receipts = config
            .receipts
            .as_ref()
            .map(|side| Side::new(check, (&side.auth, "receipts.auth"), (&side.reply, "receipts.reply"), &["id"]));
        Ok(Self { config: config.clone(), inbound: inbound.transpose()?, receipts: receipts.transpose()? })
    }
}

impl Side {
    fn new(
        check: &Check<'_>,
        (auth, auth_setting): (&Auth, &'static str),
        (reply, reply_setting): (&Reply, &'static str),
        holes: &[&str],
    ) -> Result<Self, ConfigProblem> {
        let content_type =
            HeaderValue::from_str(&reply.content_type).map_err(|_| check.problem(reply_setting, "is no media type"))?;
        let escape = match reply.content_type.to_ascii_lowercase() {
            kind if kind.contains("json") => Escape::Json,
            kind if kind.contains("xml") => Escape::Xml,
            _ => Escape::Plain,
        };
        let template = Template::parse(&reply.body, |hole| holes.contains(&hole))
            .map_err(|error| check.problem(reply_setting, error.problem()))?;
        if let Escape::Json = escape {
            // A placeholder outside of quotes is no JSON with letters in it.
            let sample = template.fill(&|_| "a".to_owned());
            let fits = serde_json::from_str::<serde_json::Value>(&sample).is_ok();
            check.must(fits, reply_setting, "is no JSON once it is filled (placeholders stand inside of quotes)")?;
        }
        Ok(Self { auth: Proof::new(check, auth, auth_setting)?, content_type, escape, reply: template })
    }

    fn answer(&self, value: impl Fn(&str) -> String) -> Answer {
        let body = self.reply.fill(&|hole| {
            let value = value(hole);
            match self.escape {
                Escape::Plain => value,
                Escape::Xml => xml_escaped(&value),
                Escape::Json => {
                    let quoted = serde_json::Value::String(value).to_string();
                    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
                }
            }
        });
        Answer { content_type: self.content_type.clone(), body }
    }
}

impl Proof {
    fn new(check: &Check<'_>, auth: &Auth, setting: &'static str) -> Result<Self, ConfigProblem> {
        Ok(match auth {
            Auth::None => Self::None,
            Auth::Header { name, secret } => Self::Header { name: name.clone(), secret: secret.clone() },
            Auth::Field { name, secret } => Self::Field { name: name.clone(), secret: secret.clone() },
            Auth::HmacSha256 { header, field, key, template, encoding, prefix } => {
                let place = match (header, field) {
                    (Some(header), None) => Place::Header(header.clone()),
                    (None, Some(field)) => Place::Field(field.clone()),
                    _ => return Err(check.problem(setting, "needs either header or field")),
                };
                let template =
                    Template::parse(template, is_signed).map_err(|error| check.problem(setting, error.problem()))?;
                Self::Signature { place, key: key.clone(), template, encoding: *encoding, prefix: prefix.clone() }
            }
        })
    }

    fn prove(&self, call: &Call, fields: &Fields) -> Result<(), Refused> {
        let proven = match self {
            Self::None => true,
            Self::Header { name, secret } => fits(call.header(name), secret),
            Self::Field { name, secret } => fits(fields.get(name)?.as_deref(), secret),
            Self::Signature { place, key, template, encoding, prefix } => {
                let brought = match place {
                    Place::Header(name) => call.header(name).map(Cow::Borrowed),
                    Place::Field(name) => fields.get(name)?,
                };
                let brought = brought.ok_or(Refused::Signature)?;
                let brought = brought.strip_prefix(prefix.as_str()).ok_or(Refused::Signature)?;
                let ours = signature(key, &signed(template, call, fields)?, *encoding).ok_or(Refused::Signature)?;
                let brought = match encoding {
                    Encoding::Hex => brought.to_ascii_lowercase(),
                    Encoding::Base64 => brought.replace(' ', "+"),
                };
                same(ours.as_bytes(), brought.as_bytes())
            }
        };
        if proven { Ok(()) } else { Err(Refused::Signature) }
    }
}

fn fits(brought: Option<&str>, secret: &SecretString) -> bool {
    brought.is_some_and(|brought| same(brought.as_bytes(), secret.expose_secret().as_bytes()))
}

fn is_signed(hole: &str) -> bool {
    matches!(hole, "body" | "query") || hole.starts_with("field:") || hole.starts_with("header:")
}

/// The text that both sides sign. A field of it that is missing is no reason
/// to say more than that the signature does not fit.
fn signed(template: &Template, call: &Call, fields: &Fields) -> Result<String, Refused> {
    let body = std::str::from_utf8(&call.body).map_err(|_| Refused::NotA("UTF-8 text"))?;
    Ok(template.fill(&|hole| match hole.split_once(':') {
        Some(("field", name)) => fields.get(name).ok().flatten().unwrap_or_default().into_owned(),
        Some((_, name)) => call.header(name).unwrap_or_default().to_owned(),
        None if hole == "query" => call.query.clone(),
        None => body.to_owned(),
    }))
}

pub(super) fn signature(key: &SecretString, text: &str, encoding: Encoding) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).ok()?;
    mac.update(text.as_bytes());
    let code = mac.finalize().into_bytes();
    Some(match encoding {
        Encoding::Base64 => STANDARD.encode(code),
        Encoding::Hex => code.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

impl Webhook for GenericWebhook {
    fn methods(&self, door: Door) -> Option<MethodFilter> {
        let method = match door {
            Door::Inbound => self.config.inbound.as_ref().map(|side| side.method),
            Door::Receipts => self.config.receipts.as_ref().map(|side| side.method),
        };
        method.map(|method| match method {
            HttpMethod::Get => MethodFilter::GET,
            HttpMethod::Post => MethodFilter::POST,
        })
    }

    fn allowed(&self, door: Door) -> &[IpNet] {
        match door {
            Door::Inbound => self.config.inbound.as_ref().map_or(&[], |side| &side.allow),
            Door::Receipts => self.config.receipts.as_ref().map_or(&[], |side| &side.allow),
        }
    }

    fn read(&self, door: Door, call: &Call) -> Result<Heard, Refused> {
        match (door, &self.config.inbound, &self.inbound, &self.config.receipts, &self.receipts) {
            (Door::Inbound, Some(inbound), Some(side), ..) => self.message(inbound, side, call),
            (Door::Receipts, _, _, Some(receipts), Some(side)) => self.receipt(receipts, side, call),
            _ => Err(Refused::NotA("door of this provider")),
        }
    }
}

impl GenericWebhook {
    fn message(&self, inbound: &GenericInbound, side: &Side, call: &Call) -> Result<Heard, Refused> {
        let fields = fields(inbound.format, call)?;
        side.auth.prove(call, &fields)?;
        let names = &inbound.fields;
        let from = fields.word(&names.from)?;
        let to: CompactString = match (&names.to, &inbound.service_number) {
            (Some(name), _) => fields.word(name)?,
            (None, number) => number.as_deref().unwrap_or_default().into(),
        };
        let text = fields.text(&names.text, self.config.max_text_chars)?;
        let id = names.id.as_ref().map(|name| fields.id(name)).transpose()?;
        let answer = side.answer(|hole| match hole {
            "id" => id.as_deref().unwrap_or_default().to_owned(),
            "from" => from.to_string(),
            _ => to.to_string(),
        });
        let message = Arrived {
            road: self.config.name.as_str().into(),
            from,
            to,
            body: Body::Whole(text),
            id,
            assurance: self.config.assurance(),
        };
        Ok(Heard::Message(message, answer))
    }

    fn receipt(&self, receipts: &GenericReceipts, side: &Side, call: &Call) -> Result<Heard, Refused> {
        let fields = fields(receipts.format, call)?;
        side.auth.prove(call, &fields)?;
        let names = &receipts.fields;
        let id = fields.id(&names.id)?;
        let state = fields.word(&names.state)?;
        let optional = |name: &Option<String>| match name {
            Some(name) => fields.word_or_empty(name),
            None => Ok(CompactString::default()),
        };
        let answer = side.answer(|_| id.to_string());
        let receipt = Reported {
            road: self.config.name.as_str().into(),
            to: optional(&names.to)?,
            state: receipts.states.get(state.as_str()).map_or(ReportedState::OnItsWay, |word| (*word).into()),
            error: optional(&names.error)?,
            id,
        };
        Ok(Heard::Receipt(receipt, answer))
    }
}

fn fields(format: BodyFormat, call: &Call) -> Result<Fields, Refused> {
    match format {
        BodyFormat::Query => Fields::form(call.query.as_bytes()),
        BodyFormat::Form => Fields::form(&call.body),
        BodyFormat::Json => Fields::json(&call.body),
    }
}
