//! The queue as it is asked about and worked with: how it stands, taking a
//! number, its place, and what counters do.

mod asked;
mod counters;
mod hall;
mod local;
mod reply;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

pub use counters::{AtCounter, CounterProblem, CounterView};
pub use hall::{CalledNow, HallView};
pub use local::{LocalOutcome, NotAccepted, Reconciles, ToldLocally};
pub use reply::{
    AtCounterNow, QueueNowReply, ServiceNow, SiteNow, TicketPlaceReply, TicketReply, TicketWish, WhereTicketsReply,
};

use crate::domain::queue::{
    Line, Pace, QueueRules, ServiceKey, SiteCode, SiteRules, Taking, Ticket, TicketCode, TicketState, WhyNot,
};
use crate::domain::{WorkingCalendar, local_date};
use crate::ports::{
    Clock, HashKey, Listening, NewTicket, OfficerAudit, Queue, Randomness, ServiceLoad, StoreError, Taken,
};

/// The pace of a service is measured again after so long: a thousand who ask at
/// once cost one measurement.
const PACE_KEPT: Duration = Duration::from_secs(5);

/// What the queue works with, handed in by the composition root.
pub struct QueueParts {
    /// The tickets.
    pub queue: Arc<dyn Queue>,
    /// What the operator decided.
    pub rules: Arc<QueueRules>,
    /// Working days.
    pub calendar: Arc<WorkingCalendar>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for the codes of tickets: the operating system's.
    pub randomness: Arc<dyn Randomness>,
    /// What officers did.
    pub audit: Arc<dyn OfficerAudit>,
    /// The key of the hashes in it.
    pub hash_key: HashKey,
}

/// The queues of all sites, by the operator's rules.
pub struct QueueDesk {
    parts: QueueParts,
    paces: Mutex<HashMap<(SiteCode, ServiceKey), Measured>>,
}

/// A pace, and when it was measured.
#[derive(Clone, Copy)]
struct Measured {
    at: Timestamp,
    pace: Option<Pace>,
}

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTicket {
    /// No such site, or it has no such service.
    Unknown,
    /// None is given now.
    NotNow {
        /// Why.
        why: WhyNot,
        /// From when on, where that is known.
        again_at: Option<Timestamp>,
    },
}

impl QueueDesk {
    /// The queues of these parts.
    pub fn new(parts: QueueParts) -> Self {
        Self { parts, paces: Mutex::default() }
    }

    /// What the operator decided.
    pub fn rules(&self) -> &QueueRules {
        &self.parts.rules
    }

    /// How a site stands.
    ///
    /// # Errors
    /// The database failed.
    pub async fn now(&self, site: &Arc<SiteRules>, at: Timestamp) -> Result<SiteNow, StoreError> {
        let loads = self.parts.queue.load(&site.code, local_date(at)).await?;
        self.stands(site, &loads, at).await
    }

    /// The same of what was read.
    async fn stands(&self, site: &Arc<SiteRules>, loads: &[ServiceLoad], at: Timestamp) -> Result<SiteNow, StoreError> {
        let mut services = Vec::with_capacity(site.services.len());
        for service in &site.services {
            let load = loads.iter().find(|load| load.service == service.key);
            let line = load.map(|load| load.line).unwrap_or_default();
            let pace = self.pace(site, &service.key, at).await?;
            // Whoever came now would be behind everybody.
            let behind_all = Line { before: line.ordinary, ..line };
            let ahead = behind_all.ahead(false, self.parts.rules.order.priority_run);
            services.push(ServiceNow {
                service: Arc::clone(service),
                waiting: line.waiting(),
                serving: load.map(at_counters).unwrap_or_default(),
                estimated_minutes: pace.map(|pace| pace.minutes(ahead)),
                taking: site.taking(service, &self.parts.calendar, at, line.waiting()),
            });
        }
        let opening = site.opening(&self.parts.calendar, at);
        Ok(SiteNow { site: Arc::clone(site), at, opening, services })
    }

    /// Gives a number.
    ///
    /// # Errors
    /// The database failed; a further try with the same key gives the same number
    /// at most once.
    pub async fn take(&self, wish: &TicketWish, at: Timestamp) -> Result<Result<TicketReply, NoTicket>, StoreError> {
        let Some(site) = self.parts.rules.site(&wish.site) else { return Ok(Err(NoTicket::Unknown)) };
        let Some(service) = site.service(&wish.service) else { return Ok(Err(NoTicket::Unknown)) };
        // How many wait is looked at where the number is given.
        if let Taking::No { why, again_at } = site.taking(service, &self.parts.calendar, at, 0) {
            return Ok(Err(NoTicket::NotNow { why, again_at }));
        }
        let taken = self.parts.queue.take(NewTicket {
            site: site.code.clone(),
            day: local_date(at),
            service: service.key.clone(),
            prefix: service.prefix,
            priority: wish.priority,
            key: wish.key,
            code: TicketCode::new(self.parts.randomness.as_ref()),
            at,
            longest: site.longest,
            local: site.local,
        });
        let (ticket, line, known) = match taken.await? {
            Taken::New(ticket, line) => (ticket, line, false),
            Taken::Known(ticket) => {
                let line = self.parts.queue.line_before(&ticket).await?;
                (ticket, line, true)
            }
            Taken::Full => return Ok(Err(NoTicket::NotNow { why: WhyNot::Full, again_at: None })),
        };
        let ahead = self.ahead(&ticket, line);
        let estimated_minutes = self.minutes(site, &ticket, ahead, at).await;
        // A key that was used for another service before: that one is told.
        let service = site.service(&ticket.service).unwrap_or(service);
        Ok(Ok(TicketReply {
            site: Arc::clone(site),
            service: Arc::clone(service),
            ticket,
            ahead,
            estimated_minutes,
            known,
        }))
    }

    /// Where the ticket of a code is; `None` where there is none today.
    ///
    /// # Errors
    /// The database failed.
    pub async fn place(&self, code: &TicketCode, at: Timestamp) -> Result<Option<TicketPlaceReply>, StoreError> {
        let today = local_date(at);
        let found = self.parts.queue.ticket(code).await?.filter(|ticket| ticket.day == today);
        let Some(ticket) = found else { return Ok(None) };
        let Some(site) = self.parts.rules.site(&ticket.site) else { return Ok(None) };
        let (mut ahead, mut estimated_minutes) = (0, None);
        if ticket.state == TicketState::Waiting {
            let line = self.parts.queue.line_before(&ticket).await?;
            ahead = self.ahead(&ticket, line);
            estimated_minutes = self.minutes(site, &ticket, ahead, at).await;
        }
        Ok(Some(TicketPlaceReply { site: Arc::clone(site), ticket, ahead, estimated_minutes }))
    }

    /// Ends what earlier days left; to be called now and then on any node.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_days(&self) -> Result<u64, StoreError> {
        let now = self.parts.clock.now();
        self.parts.queue.end_days(local_date(now), now).await
    }

    /// Hears when a site changes: [`Listening::wait`], then [`QueueDesk::changes`].
    pub fn listen(&self, site: &SiteCode) -> Box<dyn Listening> {
        self.parts.queue.listen(site)
    }

    /// A number that is another one after every change of a site, on any node:
    /// where it is the same, nothing need be drawn anew.
    ///
    /// # Errors
    /// The database failed.
    pub async fn changes(&self, site: &SiteCode) -> Result<i64, StoreError> {
        self.parts.queue.changes(site).await
    }

    fn ahead(&self, ticket: &Ticket, line: Line) -> u32 {
        line.ahead(ticket.priority.is_favoured(), self.parts.rules.order.priority_run)
    }

    /// About how long it takes. A database that fails here costs the estimate,
    /// not the number.
    async fn minutes(&self, site: &SiteRules, ticket: &Ticket, ahead: u32, at: Timestamp) -> Option<u32> {
        match self.pace(site, &ticket.at_service, at).await {
            Ok(pace) => pace.map(|pace| pace.minutes(ahead)),
            Err(problem) => {
                tracing::warn!(%problem, "the pace of a queue is not known");
                None
            }
        }
    }

    async fn pace(&self, site: &SiteRules, service: &ServiceKey, at: Timestamp) -> Result<Option<Pace>, StoreError> {
        let key = (site.code.clone(), service.clone());
        let kept = SignedDuration::try_from(PACE_KEPT).unwrap_or_default();
        let measured = self.paces.lock().get(&key).copied();
        // A clock that was set back measures anew.
        if let Some(measured) = measured.filter(|last| at >= last.at && at.duration_since(last.at) < kept) {
            return Ok(measured.pace);
        }
        let pace = self.measured_pace(site, service, at).await?;
        // As many as services were configured: it is bounded.
        self.paces.lock().insert(key, Measured { at, pace });
        Ok(pace)
    }

    async fn measured_pace(
        &self,
        site: &SiteRules,
        service: &ServiceKey,
        at: Timestamp,
    ) -> Result<Option<Pace>, StoreError> {
        let rules = self.parts.rules.estimate;
        let open_for = SignedDuration::try_from(rules.counter_open_for).unwrap_or_default();
        let seen = self.parts.queue.counters(&site.code, local_date(at)).await?;
        let serves = |name| site.counter(name).is_some_and(|counter| counter.serves(service));
        let open = seen.iter().filter(|seen| at.duration_since(seen.at) < open_for && serves(&seen.counter)).count();
        if open == 0 {
            return Ok(None);
        }
        let times = self.parts.queue.service_times(&site.code, service, rules.over).await?;
        let least = usize::try_from(rules.least).unwrap_or(usize::MAX);
        Ok(Pace::of(times, least, u32::try_from(open).unwrap_or(u32::MAX)))
    }
}

/// What is called or served where, the latest call first.
fn at_counters(load: &ServiceLoad) -> Vec<AtCounterNow> {
    load.at_counters
        .iter()
        .filter_map(|ticket| Some(AtCounterNow { number: ticket.number, counter: ticket.counter.clone()? }))
        .collect()
}
