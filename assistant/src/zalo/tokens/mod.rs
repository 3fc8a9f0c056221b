//! Tokens: kept in the database, refreshed by one node of all.
//!
//! A refresh token is good once, and its answer holds the next one: whoever
//! loses an answer has locked the account out until an operator authorises it
//! anew. So, in this order:
//!
//! 1. one node takes the lease, and writes down that it uses the token, over
//!    the very version that it read; of several one can;
//! 2. it asks Zalo;
//! 3. it writes down what came, and goes on trying as long as the database
//!    fails; meanwhile it sends with what it has.
//!
//! Where a crash, or a silent Zalo, comes between 1 and 3, nobody knows whether
//! the token was used. It is not tried again: that may lock the account. The
//! gauge `zalo_token_needs_operator` and the log say so, messages go on with the
//! access token as long as it is good, and `dakenh zalo authorise` ends it.
//! Where Zalo surely was not reached the token is as it was.
//!
//! Other nodes do not refresh: they look, and wait for the next version.

mod oauth;
mod operator;
mod state;

use std::sync::Arc;
use std::time::Duration;

use gateway_core::ports::{Clock, Credential, Credentials, Leases};
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::config::ZaloConfig;
use oauth::{Oauth, Refreshed};
pub use operator::{AuthoriseProblem, authorise, standing, try_again};
pub use state::Standing;
use state::{Access, Fate, Hidden, Kept};

/// How often a node looks whether another one has written.
const LOOK: Duration = Duration::from_secs(30);

/// How often while another one is refreshing.
const LOOK_SOON: Duration = Duration::from_millis(250);

/// What a refresh may take beside Zalo's answer: to write it down.
const TO_WRITE: SignedDuration = SignedDuration::from_secs(10);

/// The longest pause between two tries to write down new tokens.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The name of the account's tokens in the database, and of the lease.
fn name_of(config: &ZaloConfig) -> String {
    format!("zalo.{}", config.oa_id)
}

/// An access token.
#[derive(Clone)]
pub(super) struct Token(Hidden);

impl Token {
    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }

    fn is(&self, access: &Access) -> bool {
        self.expose() == access.token.expose()
    }
}

/// What this node knows of the tokens.
struct Seen {
    access: Option<Access>,
    standing: Standing,
}

/// Who keeps tokens, and gives them to whoever sends.
pub(super) struct Tokens {
    name: String,
    /// This node, in this start.
    holder: String,
    config: Arc<ZaloConfig>,
    oauth: Oauth,
    credentials: Arc<dyn Credentials>,
    leases: Arc<dyn Leases>,
    clock: Arc<dyn Clock>,
    seen: watch::Sender<Option<Seen>>,
    look: Notify,
    /// The access token that Zalo refused last.
    rejected: Mutex<Option<Token>>,
}

impl Tokens {
    pub(super) fn new(
        config: Arc<ZaloConfig>,
        (client, url): (reqwest::Client, reqwest::Url),
        credentials: Arc<dyn Credentials>,
        leases: Arc<dyn Leases>,
        clock: Arc<dyn Clock>,
        holder: String,
    ) -> Self {
        let oauth = Oauth::new(&config, client, url);
        let (name, seen) = (name_of(&config), watch::Sender::new(None));
        let (look, rejected) = (Notify::new(), Mutex::new(None));
        Self { name, holder, config, oauth, credentials, leases, clock, seen, look, rejected }
    }

    /// An access token that is good, other than the one that was refused. It
    /// waits for a refresh.
    ///
    /// # Errors
    /// There is none: after so long it is worth asking again.
    pub(super) async fn token(&self, refused: Option<&Token>) -> Result<Token, Duration> {
        let mut seen = self.seen.subscribe();
        if let Some(refused) = refused {
            *self.rejected.lock() = Some(refused.clone());
        }
        if let Some(found) = self.look_at(seen.borrow_and_update().as_ref(), refused) {
            return found;
        }
        self.look.notify_one();
        let found = async {
            loop {
                if let Some(found) = self.look_at(seen.borrow_and_update().as_ref(), refused) {
                    return found;
                }
                if seen.changed().await.is_err() {
                    return Err(self.config.busy_pause());
                }
            }
        };
        tokio::select! {
            found = found => found,
            () = self.clock.sleep(self.config.refresh_timeout() + LOOK_SOON * 4) => Err(self.config.busy_pause()),
        }
    }

    /// `None`: it is worth waiting.
    fn look_at(&self, seen: Option<&Seen>, refused: Option<&Token>) -> Option<Result<Token, Duration>> {
        let (seen, now) = (seen?, self.clock.now());
        let good = seen.access.as_ref().filter(|access| access.until > now);
        match good {
            Some(access) if !refused.is_some_and(|refused| refused.is(access)) => Some(Ok(Token(access.token.clone()))),
            // It came just now, and the next would be no better.
            Some(access) if now < access.from + self.config.refresh_pause() => Some(Err(self.config.rate_pause())),
            _ if seen.standing.needs_operator() => Some(Err(self.config.rate_pause())),
            _ => None,
        }
    }

    /// Looks after the tokens until it is told to stop. A refresh that has begun
    /// is brought to its end.
    pub(super) async fn keep(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = self.round().await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.clock.sleep(pause) => {}
                () = self.look.notified() => {}
            }
        }
    }

    /// Looks once, refreshes where it is time, and tells when to look again.
    async fn round(&self) -> Duration {
        let found = match self.credentials.credential(&self.name).await {
            Ok(found) => found,
            Err(problem) => {
                tracing::warn!(%problem, "Zalo's tokens cannot be read");
                return LONGEST_PAUSE;
            }
        };
        let now = self.clock.now();
        let Some(found) = found else { return self.begin(now).await };
        let Some(kept) = Kept::read(&found.secret) else {
            self.publish(Seen { access: None, standing: Standing::Missing });
            return LOOK;
        };
        self.publish(Seen { access: kept.access.clone(), standing: kept.standing(now) });
        match &kept.fate {
            Fate::Unused { from } => match self.due(&kept, *from, now) {
                due if due <= now => self.refresh(found.version, &kept).await,
                due => Duration::try_from(due.duration_since(now)).unwrap_or(LOOK).min(LOOK),
            },
            // Nothing is under way here: it was written down, but that was not
            // known, and so the token was not used.
            Fate::InUse { by, .. } if *by == self.holder => self.mend(&found, &kept.with(unused(now))).await,
            Fate::InUse { until, .. } if *until > now => LOOK_SOON,
            Fate::InUse { .. } => self.mend(&found, &kept.with(Fate::Unknown)).await,
            Fate::Unknown | Fate::Refused { .. } => LOOK,
        }
    }

    /// The first refresh token of the settings, where the database has none.
    async fn begin(&self, now: Timestamp) -> Duration {
        let first = secrecy::ExposeSecret::expose_secret(&self.config.refresh_token);
        if first.is_empty() {
            self.publish(Seen { access: None, standing: Standing::Missing });
            return LOOK;
        }
        let kept = Kept::given(first, now);
        match self.credentials.replace(&self.name, 0, &kept.write(), now).await {
            Ok(_) => Duration::ZERO,
            Err(problem) => {
                tracing::warn!(%problem, "Zalo's first token cannot be written");
                LONGEST_PAUSE
            }
        }
    }

    /// Writes over what was found. Whoever else does it first is as good.
    async fn mend(&self, found: &Credential, kept: &Kept) -> Duration {
        match self.credentials.replace(&self.name, found.version, &kept.write(), self.clock.now()).await {
            Ok(_) => Duration::ZERO,
            Err(problem) => {
                tracing::warn!(%problem, "Zalo's tokens cannot be written");
                LONGEST_PAUSE
            }
        }
    }

    /// When it is time for a refresh.
    fn due(&self, kept: &Kept, from: Timestamp, now: Timestamp) -> Timestamp {
        let Some(access) = &kept.access else { return from };
        let rejected = self.rejected.lock().as_ref().is_some_and(|rejected| rejected.is(access));
        if rejected && now >= access.from + self.config.refresh_pause() {
            return from;
        }
        let half = access.from + access.until.duration_since(access.from) / 2;
        (access.until - self.config.refresh_before()).max(half).max(from)
    }

    async fn refresh(&self, version: u64, kept: &Kept) -> Duration {
        let now = self.clock.now();
        let until = now + SignedDuration::try_from(self.config.refresh_timeout()).unwrap_or(TO_WRITE) + TO_WRITE;
        match self.leases.take_lease(&self.name, &self.holder, now, until).await {
            Ok(true) => {}
            Ok(false) => return LOOK_SOON,
            Err(problem) => {
                tracing::warn!(%problem, "the lease of Zalo's tokens cannot be taken");
                return LONGEST_PAUSE;
            }
        }
        let in_use = kept.with(Fate::InUse { by: self.holder.clone(), until });
        let pause = match self.credentials.replace(&self.name, version, &in_use.write(), now).await {
            Ok(true) => {
                self.publish(Seen { access: kept.access.clone(), standing: Standing::Refreshing });
                let refreshed = self.oauth.refresh(&kept.refresh).await;
                self.write_down(version + 1, kept, &self.after(kept, refreshed)).await;
                Duration::ZERO
            }
            // Another one was here.
            Ok(false) => Duration::ZERO,
            Err(problem) => {
                tracing::warn!(%problem, "Zalo's tokens cannot be written and are not refreshed");
                LONGEST_PAUSE
            }
        };
        if let Err(problem) = self.leases.end_lease(&self.name, &self.holder).await {
            tracing::warn!(%problem, "the lease of Zalo's tokens ends by itself");
        }
        pause
    }

    /// What is to be written down after a refresh.
    fn after(&self, kept: &Kept, refreshed: Refreshed) -> Kept {
        let now = self.clock.now();
        let counted = |outcome: &'static str| {
            metrics::counter!("zalo_token_refreshes_total", "outcome" => outcome).increment(1);
        };
        match refreshed {
            Refreshed::Renewed { access, refresh, life } => {
                counted("renewed");
                tracing::info!(seconds = life.as_secs(), "Zalo's tokens are renewed");
                let until = now + SignedDuration::try_from(life).unwrap_or(TO_WRITE);
                let access = Some(Access { token: access, from: now, until });
                Kept { refresh, access, fate: unused(now) }
            }
            Refreshed::NotUsed(pause) => {
                counted("not_reached");
                let pause = pause.unwrap_or(self.config.busy_pause());
                tracing::warn!(seconds = pause.as_secs(), "Zalo's tokens are not refreshed yet: not reached");
                kept.with(unused(now + SignedDuration::try_from(pause).unwrap_or(TO_WRITE)))
            }
            Refreshed::Refused(code) => {
                counted("refused");
                kept.with(Fate::Refused { code })
            }
            Refreshed::Unknown => {
                counted("unknown");
                kept.with(Fate::Unknown)
            }
        }
    }

    /// Does not return before it stands there, or another one's tokens do: it
    /// may be all that leads back into the account.
    async fn write_down(&self, mut version: u64, before: &Kept, kept: &Kept) {
        let written = kept.write();
        let mut pause = LOOK_SOON;
        loop {
            let now = self.clock.now();
            let problem = match self.credentials.replace(&self.name, version, &written, now).await {
                Ok(true) => break,
                Ok(false) => match self.credentials.credential(&self.name).await {
                    // What was written in a call whose answer was lost.
                    Ok(Some(found)) if found.secret == written => break,
                    // The answer was late, and somebody gave it up.
                    Ok(Some(found)) if is_of(&found, before) => {
                        version = found.version;
                        continue;
                    }
                    // An operator has authorised anew.
                    Ok(_) => break,
                    Err(problem) => problem,
                },
                Err(problem) => problem,
            };
            tracing::error!(%problem, "Zalo's new tokens are not on disk yet: if this node ends now, authorise anew");
            // Sending goes on with what has come.
            self.publish(Seen { access: kept.access.clone(), standing: kept.standing(now) });
            self.clock.sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn publish(&self, seen: Seen) {
        let before = self.seen.borrow().as_ref().map(|before| before.standing.clone());
        if before.as_ref() != Some(&seen.standing) {
            self.tell(&seen.standing, before.as_ref());
        }
        self.seen.send_replace(Some(seen));
    }

    /// Once for each change.
    fn tell(&self, standing: &Standing, before: Option<&Standing>) {
        let alarm = if standing.needs_operator() { 1.0 } else { 0.0 };
        metrics::gauge!("zalo_token_needs_operator").set(alarm);
        match standing {
            Standing::Missing => tracing::error!("Zalo: no token: run dakenh zalo authorise"),
            Standing::Unknown => {
                tracing::error!(
                    "Zalo: the outcome of a refresh is unknown and is not tried: run dakenh zalo authorise"
                );
            }
            Standing::Refused { code } => {
                tracing::error!(%code, "Zalo: the refresh token is refused: run dakenh zalo authorise");
            }
            Standing::Ready { .. } if before.is_some_and(Standing::needs_operator) => {
                tracing::info!("Zalo: a token was given");
            }
            Standing::Ready { .. } | Standing::Refreshing => {}
        }
    }
}

const fn unused(from: Timestamp) -> Fate {
    Fate::Unused { from }
}

/// Whether what was found is still about the refresh token of before.
fn is_of(found: &Credential, before: &Kept) -> bool {
    Kept::read(&found.secret).is_some_and(|kept| kept.refresh.expose() == before.refresh.expose())
}
