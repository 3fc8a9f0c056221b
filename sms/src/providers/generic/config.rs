//! What an operator says of a provider.

use std::collections::BTreeMap;

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::providers::config::{Check, ConfigProblem, MAX_TEXT_CHARS, NumberFormat, RoadConfig, Vouching};
use crate::road::ReportedState;

/// A provider in the operator's words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericConfig {
    /// Its name in paths, metrics and rows: 1–32 of a–z, 0–9 and `-`.
    pub name: String,
    /// It processes what it gets outside of the country: only the public view
    /// goes through it. `false`.
    #[serde(default)]
    pub foreign: bool,
    /// The words that vouch for a sender; none: `provider` where `inbound.auth`
    /// proves the provider, else `claimed`.
    #[serde(default)]
    pub sender_assurance: Option<Vouching>,
    /// The calls come over a line of the operator's own, not the internet: the
    /// sender counts as proven. Needs `inbound.allow`. `false`.
    #[serde(default)]
    pub private_line: bool,
    /// The longest text of a citizen, in characters, 1–10,000. 1,600.
    #[serde(default = "max_text_chars")]
    pub max_text_chars: usize,
    /// Citizens' messages; none: not taken.
    #[serde(default)]
    pub inbound: Option<GenericInbound>,
    /// Receipts; none: not taken.
    #[serde(default)]
    pub receipts: Option<GenericReceipts>,
    /// Sending; none: nothing is sent.
    #[serde(default)]
    pub outbound: Option<GenericOutbound>,
}

fn max_text_chars() -> usize {
    MAX_TEXT_CHARS
}

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    /// `GET`: the fields stand in the query.
    Get,
    /// `POST`.
    Post,
}

/// Where fields stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// In the query string.
    Query,
    /// In a form (`application/x-www-form-urlencoded`).
    Form,
    /// In a JSON document.
    Json,
}

/// What a call brings that proves the provider.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Auth {
    /// Nothing: then `allow` must name networks.
    #[default]
    None,
    /// A secret in a header.
    Header {
        /// The header's name.
        name: String,
        /// Its whole value (`Bearer …` included).
        secret: SecretString,
    },
    /// A secret in a field.
    Field {
        /// The field's name, or JSON pointer.
        name: String,
        /// Its value.
        secret: SecretString,
    },
    /// HMAC-SHA256 over a text that both sides put together.
    HmacSha256 {
        /// The header that brings the signature; none: `field` does.
        #[serde(default)]
        header: Option<String>,
        /// The field that brings it.
        #[serde(default)]
        field: Option<String>,
        /// The key.
        key: SecretString,
        /// What is signed. Placeholders: `{body}` and `{query}` as they came,
        /// `{field:NAME}`, `{header:NAME}`. The whole `{body}` is the safe
        /// choice; fields glued together have no boundaries.
        template: String,
        /// How the signature is written. `hex`.
        #[serde(default)]
        encoding: Encoding,
        /// What stands before it (`sha256=`). Empty.
        #[serde(default)]
        prefix: String,
    },
}

impl Auth {
    /// Whether it proves the provider at all.
    pub(super) fn proves(&self) -> bool {
        !matches!(self, Self::None)
    }

    pub(super) fn validate(&self, check: &Check<'_>, setting: &'static str) -> Result<(), ConfigProblem> {
        let secret = match self {
            Self::None => return Ok(()),
            Self::Header { secret, .. } | Self::Field { secret, .. } => secret,
            Self::HmacSha256 { header, field, key, .. } => {
                check.must(header.is_some() != field.is_some(), setting, "needs either header or field")?;
                key
            }
        };
        check.must(secret.expose_secret().len() >= 8, setting, "has a secret of fewer than 8 letters")
    }
}

/// How a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Hexadecimal digits, of either case.
    #[default]
    Hex,
    /// Base64 with padding (RFC 4648 §4).
    Base64,
}

/// Citizens' messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericInbound {
    /// The method of the call.
    pub method: HttpMethod,
    /// Where the fields stand.
    pub format: BodyFormat,
    /// Which fields there are.
    pub fields: MessageFields,
    /// The number that citizens write to, where no field says it.
    #[serde(default)]
    pub service_number: Option<String>,
    /// What proves the provider. Nothing.
    #[serde(default)]
    pub auth: Auth,
    /// The networks that it calls from; none: all.
    #[serde(default)]
    pub allow: Vec<IpNet>,
    /// What it wants to hear. An empty 200.
    #[serde(default)]
    pub reply: Reply,
}

/// The names of the fields of a message: names, or in JSON pointers (RFC 6901).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageFields {
    /// Who wrote.
    pub from: String,
    /// The number that was written to.
    #[serde(default)]
    pub to: Option<String>,
    /// What was written.
    pub text: String,
    /// The provider's id. Without one, a message that is sent again is told
    /// from a new one by sender and text alone.
    #[serde(default)]
    pub id: Option<String>,
}

/// What a provider wants to hear once a call is on disk.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reply {
    /// The media type; `json` or `xml` in it says how placeholders are escaped.
    /// `text/plain; charset=utf-8`.
    pub content_type: String,
    /// The body. Placeholders of a message: `{id}`, `{from}`, `{to}`; of a
    /// receipt: `{id}`. Within JSON they stand inside of quotes. Braces are
    /// written twice. Empty.
    pub body: String,
}

impl Default for Reply {
    fn default() -> Self {
        Self { content_type: "text/plain; charset=utf-8".into(), body: String::new() }
    }
}

/// Receipts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericReceipts {
    /// The method of the call.
    pub method: HttpMethod,
    /// Where the fields stand.
    pub format: BodyFormat,
    /// Which fields there are.
    pub fields: ReceiptFields,
    /// What the values of the state mean; those that are not listed mean that
    /// the message is on its way, and nothing changes.
    pub states: BTreeMap<String, StateWord>,
    /// What proves the provider. Nothing.
    #[serde(default)]
    pub auth: Auth,
    /// The networks that it calls from; none: all.
    #[serde(default)]
    pub allow: Vec<IpNet>,
    /// What it wants to hear. An empty 200.
    #[serde(default)]
    pub reply: Reply,
}

/// The names of the fields of a receipt.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptFields {
    /// The id that the interface gave for our message.
    pub id: String,
    /// Whom it went to.
    #[serde(default)]
    pub to: Option<String>,
    /// What became of it.
    pub state: String,
    /// The provider's error code.
    #[serde(default)]
    pub error: Option<String>,
}

/// What a state of the provider means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
    /// Still on its way.
    OnItsWay,
    /// Delivered.
    Delivered,
    /// Failed for good.
    Failed,
    /// Its time ran out.
    Expired,
    /// The provider itself does not know.
    Unknown,
}

impl From<StateWord> for ReportedState {
    fn from(word: StateWord) -> Self {
        match word {
            StateWord::OnItsWay => Self::OnItsWay,
            StateWord::Delivered => Self::Delivered,
            StateWord::Failed => Self::Failed,
            StateWord::Expired => Self::Expired,
            StateWord::Unknown => Self::Unknown,
        }
    }
}

/// Sending. In `fields` and `headers`, placeholders are `{to}`, `{from}`,
/// `{text}`, `{id}` (new for each attempt) and each name of `secrets`; headers
/// take `{id}` and secrets only. Braces are written twice.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericOutbound {
    /// The address, without placeholders.
    pub url: String,
    /// Plain http to another machine, inside a private network. `false`.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// The method.
    pub method: HttpMethod,
    /// Where the fields stand; `query` where the method is GET.
    pub format: BodyFormat,
    /// The document, or the pairs of a form or query (texts then). Each value is
    /// encoded after it is filled, so that no message can get out of its field.
    pub fields: Map<String, Value>,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Secrets, by the name of their placeholder: never printed.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretString>,
    /// How numbers are written. `international`.
    #[serde(default = "number_format")]
    pub number_format: NumberFormat,
    /// What answers mean.
    pub success: Success,
    /// Window, rate (600 a minute, 10 at once) and pauses.
    #[serde(default)]
    pub road: RoadConfig,
}

fn number_format() -> NumberFormat {
    NumberFormat::International
}

/// What answers mean. A status that is no 2xx means what it usually means; the
/// rest is read from a JSON body by pointers (RFC 6901).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Success {
    /// Where the code stands; none: every 2xx means "taken".
    pub code: Option<String>,
    /// The codes that mean "taken".
    pub codes: Vec<String>,
    /// Where the id stands; none: there is no id, and receipts cannot be told.
    pub id: Option<String>,
    /// The codes after which the same message is sent again.
    pub busy_codes: Vec<String>,
    /// The codes of a refused login.
    pub login_codes: Vec<String>,
    /// The codes of an empty account.
    pub empty_codes: Vec<String>,
}
