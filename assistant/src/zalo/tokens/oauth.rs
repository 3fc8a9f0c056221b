//! The exchange of a refresh token for new ones.
//!
//! `POST {oauth}/v4/oa/access_token`, header `secret_key`, form `refresh_token`,
//! `app_id`, `grant_type=refresh_token`; the answer holds `access_token`,
//! `refresh_token` and `expires_in` (seconds, often as a text), or `error`,
//! `error_name` and `error_description` with status 200 (all seen).

use std::time::Duration;

use http::StatusCode;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::state::Hidden;
use crate::zalo::config::{ZaloConfig, fits_header};
use crate::zalo::http::{Lost, Reply, exchange};

/// The life of an access token where Zalo tells none: an hour, the shortest
/// that was seen told.
const USUAL_LIFE: Duration = Duration::from_secs(3_600);

/// The longest life that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(90 * 24 * 3_600);

/// What became of a refresh.
pub(super) enum Refreshed {
    /// New tokens; the old refresh token is used up.
    Renewed { access: Hidden, refresh: Hidden, life: Duration },
    /// The refresh token surely was not used.
    NotUsed(Option<Duration>),
    /// Zalo refused it.
    Refused(String),
    /// Nobody knows.
    Unknown,
}

/// Who asks for tokens.
pub(super) struct Oauth {
    client: Client,
    url: Url,
    app_id: String,
    app_secret: SecretString,
    time: Duration,
}

impl Oauth {
    pub(super) fn new(config: &ZaloConfig, client: Client, url: Url) -> Self {
        let (app_id, app_secret) = (config.app_id.clone(), config.app_secret.clone());
        Self { client, url, app_id, app_secret, time: config.refresh_timeout() }
    }

    pub(super) async fn refresh(&self, refresh: &Hidden) -> Refreshed {
        let form =
            [("refresh_token", refresh.expose()), ("app_id", self.app_id.as_str()), ("grant_type", "refresh_token")];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self
            .client
            .post(self.url.clone())
            .header("secret_key", self.app_secret.expose_secret())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        match exchange(request, self.time).await {
            Ok(reply) => refreshed(&reply),
            Err(Lost::NotReached | Lost::Unsendable) => Refreshed::NotUsed(None),
            Err(Lost::Unknown) => Refreshed::Unknown,
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<Value>,
    error: Option<Value>,
}

fn refreshed(reply: &Reply) -> Refreshed {
    if reply.status == StatusCode::TOO_MANY_REQUESTS {
        return Refreshed::NotUsed(reply.pause());
    }
    // Whoever answered was not the one who makes tokens.
    let elsewhere = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED, StatusCode::GONE];
    if reply.status.is_redirection() || elsewhere.contains(&reply.status) {
        tracing::error!(status = reply.status.as_u16(), "zalo.oauth_url makes no tokens, an operator must look");
        return Refreshed::NotUsed(reply.pause());
    }
    // A server that failed may have failed after it used the token.
    if reply.status.is_server_error() || reply.status == StatusCode::REQUEST_TIMEOUT {
        return Refreshed::Unknown;
    }
    if let Some(answer) = reply.json::<Answer>() {
        let fit = |token: Option<String>| token.filter(|token| fits_header(token)).map(|token| Hidden::of(&token));
        if let (Some(access), Some(refresh)) = (fit(answer.access_token), fit(answer.refresh_token)) {
            return Refreshed::Renewed { access, refresh, life: life(answer.expires_in.as_ref()) };
        }
        if let Some(code) = answer.error.as_ref().and_then(code).filter(|code| code != "0") {
            return Refreshed::Refused(code);
        }
    }
    if reply.status.is_success() {
        // It said yes in words that cannot be read.
        return Refreshed::Unknown;
    }
    Refreshed::Refused(format!("HTTP {}", reply.status.as_u16()))
}

fn life(told: Option<&Value>) -> Duration {
    let seconds = match told {
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    let told = seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs);
    told.unwrap_or(USUAL_LIFE).min(LONGEST_LIFE)
}

/// A short code; words are left out, because they may hold what was sent.
fn code(told: &Value) -> Option<String> {
    let code = match told {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let fits = (1..=32).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    Some(if fits { code } else { "unreadable".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> String {
        match refreshed(&Reply::of(status, body, None)) {
            Refreshed::Renewed { access, refresh, life } => {
                format!("{} {} {}", access.expose(), refresh.expose(), life.as_secs())
            }
            Refreshed::NotUsed(_) => "not used".into(),
            Refreshed::Refused(code) => code,
            Refreshed::Unknown => "unknown".into(),
        }
    }

    #[test]
    fn answers_to_a_refresh() {
        assert_eq!(of(200, r#"{"access_token":"a","refresh_token":"r","expires_in":"90000"}"#), "a r 90000");
        assert_eq!(of(200, r#"{"access_token":"a","refresh_token":"r","expires_in":3600}"#), "a r 3600");
        assert_eq!(of(200, r#"{"access_token":"a","refresh_token":"r"}"#), "a r 3600");
        assert_eq!(of(200, r#"{"error":-14014,"error_name":"Invalid refresh token."}"#), "-14014");
        assert_eq!(of(200, r#"{"error":"token r is used"}"#), "unreadable");
        assert_eq!(of(400, "<html>"), "HTTP 400");
        for status in [302, 404, 405, 429] {
            assert_eq!(of(status, ""), "not used", "{status}");
        }
        // Without a refresh token the chain is broken, whatever else was said.
        for (status, body) in [(200, "<html>"), (200, r#"{"access_token":"a"}"#), (500, r#"{"error":-1}"#), (504, "")] {
            assert_eq!(of(status, body), "unknown", "{status} {body}");
        }
        // A token with a line break would write a header of its own.
        assert_eq!(of(200, r#"{"access_token":"a\nb","refresh_token":"r"}"#), "unknown");
    }
}
