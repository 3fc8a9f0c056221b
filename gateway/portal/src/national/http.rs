//! The protocol's two requests over HTTP, and what can go wrong with their
//! bytes.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use gateway_core::ports::{PortalError, PortalFault};
use reqwest::{Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Map, Value};

use super::service;
use super::wire::envelope::{LoginAnswer, is_success, read_body, short_code, unreadable};
use crate::config::{ConfigProblem, NationalConfig};

/// The longest session that is taken for one, in bytes.
const LONGEST_SESSION: usize = 4096;

/// What [`fault_of`] says of a status 500.
pub(super) const SERVER_ERROR: &str = "HTTP 500";

/// Where and as whom; cheap to clone.
#[derive(Clone)]
pub(super) struct Http {
    parts: Arc<Parts>,
}

struct Parts {
    client: reqwest::Client,
    login: Url,
    read: Url,
    agency_code: String,
    username: String,
    password: SecretString,
    max_body: usize,
}

/// The body of a read.
#[derive(Serialize)]
struct Question<'a> {
    session: &'a str,
    madonvi: &'a str,
    service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mahoso: Option<&'a str>,
    #[serde(rename = "maTTHC", skip_serializing_if = "Option::is_none")]
    procedure: Option<&'a str>,
    /// Of a write.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a [Map<String, Value>]>,
}

#[derive(Serialize)]
struct Login<'a> {
    username: &'a str,
    password: &'a str,
}

/// The parameter of a read, or what is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Parameter {
    None,
    Dossier(String),
    Procedure(String),
    /// One entry of `data`. It holds a citizen's words: its `Debug` is never
    /// logged.
    Entry(Map<String, Value>),
}

/// A body, or word that the portal knows no session.
pub(super) enum Answer {
    Body(Bytes),
    Unauthorized,
}

impl Http {
    pub(super) fn new(client: reqwest::Client, config: &NationalConfig) -> Result<Self, ConfigProblem> {
        let base = config.base_url.trim_end_matches('/');
        let at = |path: &str| {
            Url::parse(&format!("{base}{path}"))
                .map_err(|_| ConfigProblem { setting: "national.base_url", problem: "is no address" })
        };
        Ok(Self {
            parts: Arc::new(Parts {
                client,
                login: at("/mapi/login")?,
                read: at("/mapi/g")?,
                agency_code: config.agency_code.clone(),
                username: config.username.clone(),
                password: config.password.clone(),
                max_body: config.max_body_bytes,
            }),
        })
    }

    /// `POST /mapi/login`.
    ///
    /// # Errors
    /// [`PortalFault::LoginRefused`] for any error code but success and where
    /// no session is given; else as for a read.
    pub(super) async fn log_in(&self) -> Result<SecretString, PortalError> {
        let parts = &self.parts;
        let login = Login { username: &parts.username, password: parts.password.expose_secret() };
        let refused =
            |code: String| PortalError { service: service::LOGIN, fault: PortalFault::LoginRefused(code.into()) };
        let body = match self.post(service::LOGIN, &parts.login, &login).await? {
            Answer::Body(body) => body,
            Answer::Unauthorized => return Err(refused("HTTP 401".into())),
        };
        let answer: LoginAnswer = read_body(service::LOGIN, &body)?;
        let code = answer.error_code.text();
        match (code.as_deref(), answer.session.owned()) {
            (Some(code), Some(session)) if is_success(code) && session.len() <= LONGEST_SESSION => Ok(session.into()),
            (Some(code), _) => Err(refused(short_code(code))),
            (None, _) => Err(unreadable(service::LOGIN, "error_code", "missing")),
        }
    }

    /// `POST /mapi/g`.
    ///
    /// # Errors
    /// No connection, an HTTP status that is no answer, a body that breaks off
    /// or is too large.
    pub(super) async fn read(
        &self,
        service: &'static str,
        parameter: &Parameter,
        session: &SecretString,
    ) -> Result<Answer, PortalError> {
        let (mahoso, procedure, data) = match parameter {
            Parameter::None => (None, None, None),
            Parameter::Dossier(number) => (Some(number.as_str()), None, None),
            Parameter::Procedure(code) => (None, Some(code.as_str()), None),
            Parameter::Entry(entry) => (None, None, Some(std::slice::from_ref(entry))),
        };
        let madonvi = &self.parts.agency_code;
        let question = Question { session: session.expose_secret(), madonvi, service, mahoso, procedure, data };
        self.post(service, &self.parts.read, &question).await
    }

    async fn post(&self, service: &'static str, url: &Url, question: &impl Serialize) -> Result<Answer, PortalError> {
        let sent = self.parts.client.post(url.clone()).json(question).send().await;
        let response = sent.map_err(|error| unreachable(service, &error.without_url()))?;
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED {
            return Ok(Answer::Unauthorized);
        }
        if !status.is_success() {
            return Err(PortalError { service, fault: fault_of(status) });
        }
        self.body(service, response).await.map(Answer::Body)
    }

    async fn body(&self, service: &'static str, mut response: Response) -> Result<Bytes, PortalError> {
        let most = self.parts.max_body;
        let too_large = || unreadable(service, "body", "larger than national.max_body_bytes");
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        if announced > most {
            return Err(too_large());
        }
        let mut body = BytesMut::with_capacity(announced);
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > most => return Err(too_large()),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body.freeze()),
                Err(_) => return Err(unreadable(service, "body", "broke off")),
            }
        }
    }
}

/// A status that is no answer. Those that pass by themselves count as "not
/// reachable", so that another try is made.
fn fault_of(status: StatusCode) -> PortalFault {
    let word = format!("HTTP {}", status.as_u16());
    match status {
        // Nothing was done with the question: what was to be written may come again.
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY => {
            PortalFault::TurnedAway(word.into())
        }
        _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => PortalFault::Unreachable(word.into()),
        _ => PortalFault::ErrorCode(word.into()),
    }
}

/// The chain of causes, which names hosts and system errors and no content.
fn unreachable(service: &'static str, error: &reqwest::Error) -> PortalError {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    // Only where there was no connection is it sure that nothing was sent.
    let fault = if error.is_connect() { PortalFault::NoConnection } else { PortalFault::Unreachable };
    PortalError { service, fault: fault(words.into()) }
}
