//! Calls of the Bot API, and what becomes of one that fails. Errors of the
//! clients are never logged: they name the address, in which the token stands.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use gateway_core::ports::Clock;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use teloxide_core::{ApiError, Bot, RequestError};
use tokio_util::sync::CancellationToken;

use super::config::{ConfigProblem, Pauses, TelegramConfig};

/// The largest answer that is read: a hundred of the longest updates.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The longest pause that Telegram may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

/// What became of a call that brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// No connection was made: not a byte was sent.
    Unreached,
    /// It was sent, and no answer came that says what became of it.
    Silent,
    /// Too many: surely not taken.
    RetryAfter(Duration),
    /// The group has another id now: surely not taken.
    Migrated(i64),
    /// The token is refused, or there is no Bot API under the address.
    Token,
    /// Somebody else receives the updates.
    Conflict,
    /// Refused for good, with a stable code.
    Refused(&'static str),
    /// The answer is larger than is read.
    TooLarge,
}

impl Failure {
    /// A stable word for metrics and logs.
    pub(super) const fn key(&self) -> &'static str {
        match self {
            Self::Unreached => "unreached",
            Self::Silent => "no_answer",
            Self::RetryAfter(_) => "retry_after",
            Self::Migrated(_) => "migrated",
            Self::Token => "token_refused",
            Self::Conflict => "conflict",
            Self::Refused(code) => code,
            Self::TooLarge => "too_large",
        }
    }

    /// How long to wait before the next try, after so many failures in a row.
    pub(super) fn pause(&self, pauses: Pauses, failures: u32) -> Duration {
        match self {
            Self::RetryAfter(pause) => *pause,
            Self::Token => pauses.refused,
            _ => pauses.after(failures),
        }
    }

    /// From teloxide's error.
    pub(super) fn of(error: &RequestError) -> Self {
        match error {
            RequestError::RetryAfter(pause) => Self::RetryAfter(asked(pause.duration())),
            RequestError::MigrateToChatId(chat) => Self::Migrated(chat.0),
            RequestError::Network(error) if error.is_connect() => Self::Unreached,
            RequestError::Network(error) if error.is_builder() => Self::Refused("unsendable"),
            RequestError::Network(_) | RequestError::InvalidJson { .. } | RequestError::Io(_) => Self::Silent,
            RequestError::Api(error) => Self::of_api(error),
        }
    }

    fn of_api(error: &ApiError) -> Self {
        match error {
            ApiError::BotBlocked => Self::Refused("blocked"),
            ApiError::UserDeactivated | ApiError::GroupDeactivated => Self::Refused("deactivated"),
            ApiError::ChatNotFound => Self::Refused("chat_not_found"),
            ApiError::BotKicked | ApiError::BotKickedFromSupergroup | ApiError::BotKickedFromChannel => {
                Self::Refused("kicked")
            }
            ApiError::CantInitiateConversation => Self::Refused("not_started"),
            ApiError::MessageIsTooLong => Self::Refused("too_long"),
            ApiError::InvalidToken => Self::Token,
            ApiError::TerminatedByOtherGetUpdates | ApiError::CantGetUpdates => Self::Conflict,
            ApiError::Unknown(description) => Self::of_description(description),
            _ => Self::Refused("bad_request"),
        }
    }

    /// Telegram begins a description with the name of its code, and teloxide
    /// keeps no code.
    fn of_description(description: &str) -> Self {
        let begins = |name: &str| description.starts_with(name);
        if begins("Bad Request") {
            Self::Refused("bad_request")
        } else if begins("Forbidden") {
            Self::Refused("forbidden")
        } else if begins("Too Many Requests") {
            Self::RetryAfter(Duration::from_secs(5))
        } else if begins("Unauthorized") || begins("Not Found") {
            Self::Token
        } else if begins("Conflict") {
            Self::Conflict
        } else if begins("Request Entity Too Large") {
            Self::Refused("too_long")
        } else {
            // An error of its own, after which nobody knows what was done.
            Self::Silent
        }
    }

    /// From an answer's own fields.
    fn of_answer<T>(answer: &Answer<T>) -> Self {
        let parameters = answer.parameters.as_ref();
        if let Some(seconds) = parameters.and_then(|parameters| parameters.retry_after) {
            return Self::RetryAfter(asked(Duration::from_secs(seconds)));
        }
        match answer.error_code {
            Some(401 | 404) => Self::Token,
            Some(403) => Self::Refused("forbidden"),
            Some(409) => Self::Conflict,
            Some(429) => Self::RetryAfter(Duration::from_secs(5)),
            Some(400..=499) => Self::Refused("bad_request"),
            _ => Self::Silent,
        }
    }
}

fn asked(pause: Duration) -> Duration {
    pause.clamp(Duration::from_secs(1), LONGEST_PAUSE)
}

/// The Bot API under one token.
pub(super) struct Api {
    /// For what is sent.
    pub(super) bot: Bot,
    base: Url,
    token: SecretString,
    response_timeout: Duration,
    pauses: Pauses,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
}

#[derive(Deserialize)]
struct Answer<T> {
    ok: bool,
    result: Option<T>,
    error_code: Option<u16>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

impl Api {
    /// The client that teloxide is handed: no redirects, as the token would go
    /// elsewhere; no proxy from the environment; every call has an end.
    pub(super) fn new(
        config: &TelegramConfig,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) -> Result<Self, ConfigProblem> {
        let response_timeout = Duration::from_millis(config.response_timeout_ms);
        let client = reqwest_of_teloxide::Client::builder()
            .user_agent(concat!("dakenh/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest_of_teloxide::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
            .timeout(response_timeout)
            .tcp_nodelay(true)
            .build()
            .map_err(|_| ConfigProblem { setting: "api", problem: "no client: are there root certificates?" })?;
        let base = config.api_url()?;
        let bot = Bot::with_client(config.token.expose_secret(), client).set_api_url(base.clone());
        let token = config.token.clone();
        Ok(Self { bot, base, token, response_timeout, pauses: config.pauses(), clock, stop })
    }

    /// Calls what is not sent to anybody: read here and not by teloxide, whose
    /// types refuse what is newer or older than they are, and whose answers
    /// have no largest size. `longer` is how long the server may keep it open.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        body: &impl Serialize,
        longer: Duration,
    ) -> Result<T, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(&format!("bot{}", self.token.expose_secret())).push(method);
        }
        let request = self.bot.client().post(url).json(body).timeout(self.response_timeout + longer);
        let mut response = request
            .send()
            .await
            .map_err(|error| if error.is_connect() { Failure::Unreached } else { Failure::Silent })?;
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| Failure::Silent)? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(Failure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let answer: Answer<T> = serde_json::from_slice(&body).map_err(|_| Failure::Silent)?;
        match answer.result {
            Some(result) if answer.ok => Ok(result),
            _ => Err(Failure::of_answer(&answer)),
        }
    }

    /// Calls until it succeeds; `None` where the gateway stops before.
    pub(super) async fn insist<T, F>(&self, what: &'static str, call: impl Fn() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut failures = 0_u32;
        loop {
            let result = tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                result = call() => result,
            };
            let failure = match result {
                Ok(result) => return Some(result),
                Err(failure) => failure,
            };
            failures = failures.saturating_add(1);
            self.tell(what, &failure, failures);
            if !self.wait(failure.pause(self.pauses, failures)).await {
                return None;
            }
        }
    }

    /// Waits; `false` where the gateway stops meanwhile.
    pub(super) async fn wait(&self, span: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            () = self.clock.sleep(span) => true,
        }
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    pub(super) const fn pauses(&self) -> Pauses {
        self.pauses
    }

    /// Once at the start of a row of failures, and as an error where only an
    /// operator can help.
    pub(super) fn tell(&self, what: &'static str, failure: &Failure, failures: u32) {
        metrics::counter!("telegram_call_failures_total", "call" => what, "why" => failure.key()).increment(1);
        match failure {
            Failure::Token => tracing::error!(call = what, "telegram refuses the token, an operator must look"),
            Failure::Conflict => tracing::error!(
                call = what,
                "somebody else receives this bot's updates: a second gateway, or a webhook; an operator must look"
            ),
            _ if failures == 1 => {
                tracing::warn!(call = what, why = failure.key(), "telegram call failed, it is tried again");
            }
            _ => tracing::debug!(call = what, why = failure.key(), failures, "telegram call failed again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_says_whether_a_message_was_taken() {
        let story = [
            ("Bad Request: TOPIC_CLOSED", Failure::Refused("bad_request")),
            ("Forbidden: bots can't send messages to bots", Failure::Refused("forbidden")),
            ("Too Many Requests: retry later", Failure::RetryAfter(Duration::from_secs(5))),
            ("Unauthorized: new words", Failure::Token),
            ("Internal Server Error", Failure::Silent),
            ("Bad Gateway", Failure::Silent),
            ("", Failure::Silent),
        ];
        for (description, failure) in story {
            assert_eq!(Failure::of_api(&ApiError::Unknown(description.into())), failure, "{description}");
        }
        assert_eq!(Failure::of_api(&ApiError::BotBlocked), Failure::Refused("blocked"));
        assert_eq!(Failure::of_api(&ApiError::PollHasAlreadyClosed), Failure::Refused("bad_request"));
    }

    #[test]
    fn a_pause_is_as_long_as_was_asked_for_within_reason() {
        for (seconds, expected) in [(0, 1), (7, 7), (999_999, 3_600)] {
            assert_eq!(asked(Duration::from_secs(seconds)), Duration::from_secs(expected));
        }
    }
}
