use std::time::Duration;

use anyhow::{Context as _, bail};
use gateway_core::domain::Locale;
use mobile_api_types::{AskAnswer, AskRequest, ProblemAnswer};
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE};
use serde::Serialize;

use crate::exit::{Exit, WrongUse};

/// The characters of a question that a gateway reads: more would only make the
/// body too large.
const READ: usize = 2_000;

/// A gateway over HTTP.
pub(super) struct Client {
    http: reqwest::Client,
    server: String,
    locale: Locale,
}

/// What it said, whichever way.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) conversation: Option<String>,
    pub(super) action: Option<String>,
    pub(super) codes: Vec<String>,
    pub(super) number: Option<String>,
    pub(super) text: String,
    pub(super) choices: Vec<Choice>,
    pub(super) refusal: Option<String>,
    /// The language of the text.
    pub(super) locale: Locale,
    /// The portal or the gateway failed: nothing that the asker can mend.
    peer_failed: bool,
}

/// One of the answers that may be chosen.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    pub(super) label: String,
    pub(super) ask: String,
}

impl Said {
    /// Good, no, or somebody's failure.
    pub(super) const fn exit(&self) -> Exit {
        match (&self.refusal, self.peer_failed) {
            (_, true) => Exit::Environment,
            (Some(_), false) => Exit::No,
            (None, false) => Exit::Good,
        }
    }
}

impl Client {
    /// A client of the gateway at this address.
    pub(super) fn new(server: &str, locale: Locale) -> anyhow::Result<Self> {
        let server = server.trim_end_matches('/');
        if !(server.starts_with("http://") || server.starts_with("https://")) {
            return Err(WrongUse(format!("--server {server}: http://… or https://… is wanted")).into());
        }
        let http = gateway_portal::http_client(&gateway_portal::NationalConfig::default())?;
        Ok(Self { http, server: server.to_owned(), locale })
    }

    /// Whether a gateway answers there.
    pub(super) async fn is_there(&self) -> bool {
        let probe = self.http.get(format!("{}/api/v1/openapi.json", self.server)).timeout(Duration::from_millis(500));
        probe.send().await.is_ok_and(|answer| answer.status().is_success())
    }

    /// The language that is asked for.
    pub(super) const fn locale(&self) -> Locale {
        self.locale
    }

    /// Asks for another language from now on.
    pub(super) const fn switch_to(&mut self, locale: Locale) {
        self.locale = locale;
    }

    /// Asks.
    pub(super) async fn ask(&self, text: &str, conversation: Option<&str>) -> anyhow::Result<Said> {
        let text = text.chars().take(READ).collect();
        let body = AskRequest { text, conversation_id: conversation.map(str::to_owned) };
        let answer = self
            .http
            .post(format!("{}/api/v1/ask", self.server))
            .header(ACCEPT_LANGUAGE, self.locale.as_str())
            .timeout(Duration::from_secs(40))
            .json(&body)
            .send()
            .await
            .with_context(|| format!("{} does not answer", self.server))?;
        let status = answer.status();
        let spoken = answer.headers().get(CONTENT_LANGUAGE).and_then(|tag| Locale::parse(tag.to_str().ok()?));
        let locale = spoken.unwrap_or(self.locale);
        let body = answer.bytes().await.context("the answer broke off")?;
        if status.is_success() {
            let answer: AskAnswer<'_> = serde_json::from_slice(&body).context("unreadable answer")?;
            return Ok(said(answer, locale));
        }
        match serde_json::from_slice::<ProblemAnswer>(&body) {
            Ok(problem) => Ok(Said {
                conversation: None,
                action: problem.action,
                codes: Vec::new(),
                number: problem.number,
                text: problem.detail,
                choices: Vec::new(),
                refusal: Some(problem.code),
                locale,
                peer_failed: status.is_server_error(),
            }),
            Err(_) => bail!("{} answered {status}", self.server),
        }
    }
}

fn said(answer: AskAnswer<'_>, locale: Locale) -> Said {
    Said {
        conversation: Some(answer.conversation_id.into_owned()),
        action: answer.action.map(Into::into),
        codes: answer.codes.into_iter().map(Into::into).collect(),
        number: answer.number.map(Into::into),
        text: answer.text.into_owned(),
        choices: answer
            .choices
            .into_iter()
            .map(|choice| Choice { label: choice.label.into_owned(), ask: choice.ask.into_owned() })
            .collect(),
        refusal: answer.refusal.map(|refusal| refusal.code.into_owned()),
        locale,
        peer_failed: false,
    }
}
