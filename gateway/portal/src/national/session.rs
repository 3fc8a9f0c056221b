//! The session: one login at a time, whoever asks for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gateway_core::ports::{PortalError, PortalFault};
use metrics::Counter;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::http::Http;
use super::service;

/// A session in use. `Debug` shows nothing of its token.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) token: Arc<SecretString>,
    number: u64,
    since: Instant,
}

impl Session {
    /// How long it has been in use.
    pub(super) fn age(&self) -> Duration {
        self.since.elapsed()
    }
}

type LoginResult = Result<Session, PortalError>;

/// Sessions of one account.
pub(super) struct Sessions {
    http: Http,
    login_timeout: Duration,
    refused_pause: Duration,
    inside: Mutex<Inside>,
    logins: Counter,
    refused: Counter,
    failed: Counter,
}

struct Inside {
    state: State,
    /// Logins begun; numbers the sessions.
    begun: u64,
}

enum State {
    Without,
    LoggingIn(watch::Receiver<Option<LoginResult>>),
    In(Session),
    /// The portal refused; until then no other login is tried.
    Refused {
        until: Instant,
        error: PortalError,
    },
}

impl Sessions {
    pub(super) fn new(http: Http, login_timeout: Duration, refused_pause: Duration) -> Self {
        metrics::describe_counter!("portal_logins_total", "Logins at the portal by outcome");
        Self {
            http,
            login_timeout,
            refused_pause,
            inside: Mutex::new(Inside { state: State::Without, begun: 0 }),
            logins: metrics::counter!("portal_logins_total", "outcome" => "ok"),
            refused: metrics::counter!("portal_logins_total", "outcome" => "refused"),
            failed: metrics::counter!("portal_logins_total", "outcome" => "failed"),
        }
    }

    /// The session, or a new one. However many ask, one login runs, in a task
    /// of its own: an asker that leaves does not take it along.
    ///
    /// # Errors
    /// As the login failed, the same for all that waited for it.
    pub(super) async fn current(self: &Arc<Self>) -> LoginResult {
        let mut login = match self.enter() {
            Ok(known) => return known,
            Err(login) => login,
        };
        match login.wait_for(Option::is_some).await {
            Ok(result) => result.clone().unwrap_or_else(|| Err(lost())),
            Err(_) => Err(lost()),
        }
    }

    /// What is known now, or the login to wait for.
    fn enter(self: &Arc<Self>) -> Result<LoginResult, watch::Receiver<Option<LoginResult>>> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        match &inside.state {
            State::In(session) => return Ok(Ok(session.clone())),
            State::Refused { until, error } if Instant::now() < *until => return Ok(Err(error.clone())),
            // A login whose task died without a word is begun anew.
            State::LoggingIn(login) if login.has_changed().is_ok() => return Err(login.clone()),
            State::LoggingIn(_) | State::Without | State::Refused { .. } => {}
        }
        inside.begun += 1;
        let number = inside.begun;
        let (sender, receiver) = watch::channel(None);
        inside.state = State::LoggingIn(receiver.clone());
        let sessions = Arc::clone(self);
        tokio::spawn(async move {
            let result = sessions.log_in(number).await;
            sessions.settle(&result);
            // Fails only where nobody waits any more.
            let _ = sender.send(Some(result));
        });
        Err(receiver)
    }

    /// Forgets a session that the portal does not know any more. A newer one
    /// stays.
    pub(super) fn forget(&self, ended: &Session) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(&inside.state, State::In(session) if session.number == ended.number) {
            inside.state = State::Without;
        }
    }

    async fn log_in(&self, number: u64) -> LoginResult {
        let since = Instant::now();
        match timeout(self.login_timeout, self.http.log_in()).await {
            Ok(token) => Ok(Session { token: Arc::new(token?), number, since }),
            Err(_) => Err(PortalError { service: service::LOGIN, fault: PortalFault::TimedOut(self.login_timeout) }),
        }
    }

    fn settle(&self, result: &LoginResult) {
        let state = match result {
            Ok(session) => {
                self.logins.increment(1);
                State::In(session.clone())
            }
            Err(error) if matches!(error.fault, PortalFault::LoginRefused(_)) => {
                self.refused.increment(1);
                tracing::error!(%error, "the portal refuses our login; check national.username and its password");
                State::Refused { until: Instant::now() + self.refused_pause, error: error.clone() }
            }
            Err(_) => {
                self.failed.increment(1);
                State::Without
            }
        };
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).state = state;
    }
}

fn lost() -> PortalError {
    PortalError { service: service::LOGIN, fault: PortalFault::Unreachable("the login was given up".into()) }
}
