//! One try of a call: with the session there is, and once more with a new one
//! where the portal knows it no more.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use gateway_core::ports::{PortalError, PortalFault};
use gateway_core::text;
use tokio::time::Instant;
use tower::Service;

use super::http::{Answer, Http, Parameter, SERVER_ERROR};
use super::session::{Session, Sessions};
use super::wire::envelope::{Bare, Outcome, read_body};
use crate::config::SessionConfig;
use crate::stack::PortalCall;

/// A call of the protocol. All reads may be repeated, and no write.
#[derive(Debug, Clone)]
pub(super) struct NationalCall {
    pub(super) service: &'static str,
    pub(super) parameter: Parameter,
    pub(super) deadline: Instant,
}

impl PortalCall for NationalCall {
    fn service(&self) -> &'static str {
        self.service
    }

    /// A write whose answer was lost may have been taken. (A session that ended
    /// is told by a refusal: then nothing was, and the client logs in again.)
    fn repeatable(&self) -> bool {
        !matches!(self.parameter, Parameter::Entry(_))
    }

    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn question(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.service, &self.parameter).hash(&mut hasher);
        hasher.finish()
    }

    /// Pages, odd documents and HTTP 500 come for one number where its data is
    /// bad there. A login that fails concerns everybody, and 502 to 504 tell of
    /// the house behind.
    fn may_be_the_questions(&self, error: &PortalError) -> bool {
        error.service == self.service
            && match &error.fault {
                PortalFault::Unreadable { .. } => true,
                PortalFault::Unreachable(words) => **words == *SERVER_ERROR,
                _ => false,
            }
    }
}

/// The innermost service; cheap to clone. Its answer is a body whose error
/// code says success.
#[derive(Clone)]
pub(super) struct NationalClient {
    parts: Arc<Parts>,
}

struct Parts {
    http: Http,
    sessions: Arc<Sessions>,
    ends: SessionEnds,
}

impl NationalClient {
    pub(super) fn new(http: Http, sessions: Arc<Sessions>, config: &SessionConfig) -> Self {
        Self { parts: Arc::new(Parts { http, sessions, ends: SessionEnds::new(config) }) }
    }
}

impl Service<NationalCall> for NationalClient {
    type Response = Bytes;
    type Error = PortalError;
    type Future = BoxFuture<'static, Result<Bytes, PortalError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), PortalError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: NationalCall) -> Self::Future {
        let parts = Arc::clone(&self.parts);
        async move { parts.ask(&call).await }.boxed()
    }
}

/// What one request came to.
enum Once {
    Body(Bytes),
    /// The portal knows the session no more, or perhaps: the error that
    /// stands if it was not that.
    SessionEnded(PortalError),
}

impl Parts {
    async fn ask(&self, call: &NationalCall) -> Result<Bytes, PortalError> {
        let session = self.sessions.current().await?;
        let ended = match self.ask_once(call, &session).await? {
            Once::Body(body) => return Ok(body),
            Once::SessionEnded(_) => session,
        };
        self.sessions.forget(&ended);
        let session = self.sessions.current().await?;
        match self.ask_once(call, &session).await? {
            Once::Body(body) => Ok(body),
            // Once only: a portal that ends every session at once is not to be
            // flooded with logins.
            Once::SessionEnded(error) => Err(error),
        }
    }

    async fn ask_once(&self, call: &NationalCall, session: &Session) -> Result<Once, PortalError> {
        let service = call.service;
        let error_code = |code: String| PortalError { service, fault: PortalFault::ErrorCode(code.into()) };
        let body = match self.http.read(service, &call.parameter, &session.token).await? {
            Answer::Body(body) => body,
            Answer::Unauthorized => return Ok(Once::SessionEnded(error_code("HTTP 401".into()))),
        };
        match read_body::<Bare>(service, &body)?.outcome(service)? {
            Outcome::Success => Ok(Once::Body(body)),
            Outcome::Code { code, message } => {
                let ended = self.ends.is_end(&code, &message, session.age());
                let error = error_code(code);
                if ended { Ok(Once::SessionEnded(error)) } else { Err(error) }
            }
        }
    }
}

/// How the end of a session is told from other errors.
struct SessionEnds {
    codes: Vec<String>,
    words: Vec<String>,
    suspect_after: Option<Duration>,
}

impl SessionEnds {
    fn new(config: &SessionConfig) -> Self {
        Self {
            codes: config.failure_codes.iter().map(|code| code.trim().to_owned()).collect(),
            words: config.failure_words.iter().map(|word| text::fold(word)).filter(|word| !word.is_empty()).collect(),
            suspect_after: (config.suspect_after_ms > 0).then(|| Duration::from_millis(config.suspect_after_ms)),
        }
    }

    fn is_end(&self, code: &str, message: &str, age: Duration) -> bool {
        if self.codes.iter().any(|known| known == code) {
            return true;
        }
        let folded = text::fold(message);
        self.words.iter().any(|word| folded.contains(word.as_str()))
            || self.suspect_after.is_some_and(|suspect| age >= suspect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_code_by_words_or_by_age() {
        let ends = SessionEnds::new(&SessionConfig::default());
        let young = Duration::from_secs(1);
        assert!(ends.is_end("401", "", young));
        assert!(ends.is_end("-2", "Phiên làm việc đã hết hạn", young));
        assert!(ends.is_end("7", "Invalid SESSION", young));
        assert!(!ends.is_end("500", "Lỗi hệ thống", young));
        assert!(ends.is_end("500", "Lỗi hệ thống", Duration::from_secs(300)));
    }

    #[test]
    fn doubt_by_age_can_be_turned_off() {
        let ends = SessionEnds::new(&SessionConfig { suspect_after_ms: 0, ..SessionConfig::default() });
        assert!(!ends.is_end("500", "", Duration::from_secs(86_400)));
    }
}
