//! Looks at the dossiers that somebody wants to hear of, within a budget of
//! calls, and tells each change once.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};

use super::Desk;
use super::disclosure::after;
use super::rules::SubscriptionRules;

use crate::domain::{Dossier, DossierNumberParser, Knowledge, Phone, Reading, local_date, local_moment};
use crate::ports::{Looked, NotSaid, Notification, Notifier, Seen, StoreError, Subject, Subscription};

/// How long one look may take.
const LOOK_WITHIN: SignedDuration = SignedDuration::from_secs(8);

/// A subscription that is being looked at is nobody else's for so long.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// Looks at one time: the portal is there for citizens first.
const AT_ONCE: usize = 4;

/// A silent portal is asked again after this time.
const AFTER_SILENCE: Duration = Duration::from_secs(600);

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watched {
    /// Dossiers that were looked at.
    pub looked: usize,
    /// Changes that were told.
    pub told: usize,
    /// Subscriptions that ended.
    pub ended: usize,
    /// Looks that failed: they come again.
    pub failed: usize,
}

/// The Desk's watch. It speaks through the [`Notifier`], which knows hours,
/// caps and refusals.
pub struct Watcher {
    desk: Arc<Desk>,
    notifier: Arc<dyn Notifier>,
    numbers: Arc<DossierNumberParser>,
}

enum Told {
    Same,
    Notice,
    End,
    Failed,
}

impl Watcher {
    /// The watch of a Desk; `None` where no road leads to phones.
    pub fn new(desk: Arc<Desk>, numbers: Arc<DossierNumberParser>) -> Option<Self> {
        let notifier = Arc::clone(desk.parts.notifier.as_ref()?);
        Some(Self { desk, notifier, numbers })
    }

    /// How often a round may be run: twelve times a minute.
    pub const EVERY: Duration = Duration::from_secs(5);

    /// Looks at those whose time has come: due dates first, and as many as a
    /// twelfth of the minute's calls.
    ///
    /// # Errors
    /// The database failed; what was looked at is recorded.
    pub async fn round(&self) -> Result<Watched, StoreError> {
        let parts = &self.desk.parts;
        let now = parts.clock.now();
        let budget = usize::try_from(parts.rules.subscriptions.calls_per_minute.div_ceil(12)).unwrap_or(1);
        let lease = now.checked_add(LEASE).unwrap_or(now);
        let mut waiting = parts.subscriptions.due(now, lease, budget).await?.into_iter();
        let mut watched = Watched::default();
        let mut looks = FuturesUnordered::new();
        for subscription in waiting.by_ref().take(AT_ONCE) {
            looks.push(self.look(subscription));
        }
        while let Some(told) = looks.next().await {
            watched.looked += 1;
            match told {
                Told::Same => {}
                Told::Notice => watched.told += 1,
                Told::End => watched.ended += 1,
                Told::Failed => watched.failed += 1,
            }
            if let Some(next) = waiting.next() {
                looks.push(self.look(next));
            }
        }
        Ok(watched)
    }

    async fn look(&self, subscription: Subscription) -> Told {
        let (looked, told) = self.decide(&subscription).await;
        match self.desk.parts.subscriptions.looked(&subscription, looked).await {
            Ok(true) => told,
            // Another node told it, or the citizen wants no more.
            Ok(false) => Told::Same,
            Err(problem) => {
                tracing::error!(subscription = subscription.id, %problem, "look not recorded");
                Told::Failed
            }
        }
    }

    async fn decide(&self, subscription: &Subscription) -> (Looked, Told) {
        let parts = &self.desk.parts;
        let now = parts.clock.now();
        if now >= subscription.until {
            return (Looked::Ended, Told::End);
        }
        let (Reading::One(number), Ok(to)) =
            (self.numbers.read(&subscription.number, local_date(now)), Phone::parse(&subscription.to))
        else {
            // Its pattern is not configured any more.
            return (Looked::Ended, Told::End);
        };
        let again = |span: Duration| Looked::Same { look_at: after(now, span) };
        let deadline = now.checked_add(LOOK_WITHIN).unwrap_or(now);
        let known = match parts.portal.dossier(&number, deadline).await {
            Ok(Some(known)) if !known.stale => known,
            Ok(Some(_)) => return (again(AFTER_SILENCE), Told::Failed),
            // It was there when they subscribed: a portal that forgets is asked
            // again, and the time ends it.
            Ok(None) => return (again(parts.rules.subscriptions.look_every), Told::Same),
            Err(problem) => {
                tracing::warn!(subscription = subscription.id, %problem, "portal gave no answer to a look");
                return (again(AFTER_SILENCE), Told::Failed);
            }
        };
        let seen = seen(&known.value);
        let pause = look_after(&parts.rules.subscriptions, &known.value, now);
        if seen.fingerprint == subscription.seen {
            return (again(pause), Told::Same);
        }
        let last = known.value.status.phase.is_last();
        let subject = Subject::DossierMoved(Box::new(self.public(&known, now)));
        let notification = Notification { to, locale: subscription.locale, subject, at: now };
        match self.notifier.compose(&notification).await {
            Ok(send) => {
                let look_at = (!last).then(|| after(now, pause));
                (Looked::Moved { seen, look_at, send }, Told::Notice)
            }
            Err(NotSaid::Refused) => (Looked::Ended, Told::End),
            // It is told tomorrow, as it stands then.
            Err(NotSaid::EnoughToday) => (Looked::Same { look_at: tomorrow_morning(now) }, Told::Same),
            Err(problem @ (NotSaid::NoRoad | NotSaid::Store(_))) => {
                tracing::warn!(subscription = subscription.id, %problem, "a change is told later");
                (again(AFTER_SILENCE), Told::Failed)
            }
        }
    }

    fn public(&self, known: &Knowledge<Arc<Dossier>>, now: Timestamp) -> super::DossierReply {
        self.desk.tracking_at(now).public(known)
    }
}

/// What a change is measured by: nothing private is in it.
pub(super) fn seen(dossier: &Dossier) -> Seen {
    let due = dossier.due_at.map_or(0, Timestamp::as_second);
    let reason = dossier.reason_kind.map_or("", crate::domain::ReasonKind::key);
    Seen {
        fingerprint: compact_str::format_compact!(
            "{}|{}|{due}|{reason}",
            dossier.status.phase.key(),
            dossier.status.code
        ),
        due_at: dossier.due_at,
    }
}

/// How long a dossier is left alone.
pub(super) fn look_after(rules: &SubscriptionRules, dossier: &Dossier, now: Timestamp) -> Duration {
    const SOON: SignedDuration = SignedDuration::from_hours(48);
    let soon = dossier.due_at.is_some_and(|due| due.duration_since(now) < SOON);
    if soon && dossier.status.phase.clock_runs() { rules.look_soon_every } else { rules.look_every }
}

/// Seven o'clock of the next day in Vietnam.
fn tomorrow_morning(now: Timestamp) -> Timestamp {
    let morning = local_date(now).tomorrow().ok().and_then(|day| local_moment(day.at(7, 0, 0, 0)));
    morning.unwrap_or_else(|| after(now, Duration::from_secs(12 * 3_600)))
}
