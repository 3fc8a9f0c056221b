//! What officers do at their counters.

use std::sync::Arc;

use jiff::civil::Date;

use super::QueueDesk;
use crate::domain::queue::{
    CounterName, CounterRules, MoveTerms, NotMoved, ServiceKey, SiteCode, SiteRules, Ticket, TicketId, TicketMove,
};
use crate::domain::{Officer, local_date};
use crate::ports::{CalledNext, CounterAct, KeyedHash, NewOfficerAct, NextCall, StoreError, acts};

/// Open tickets that are shown at most.
const MOST_SHOWN: usize = 500;

/// An officer at a counter.
#[derive(Clone, Copy)]
pub struct AtCounter<'a> {
    /// Who, as the sign-in knows them.
    pub officer: &'a Officer,
    /// Keyed hash of the network they are at, for the record.
    pub address: Option<KeyedHash>,
    /// Where.
    pub site: &'a SiteCode,
    /// Which counter.
    pub counter: &'a CounterName,
}

/// Why it was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CounterProblem {
    /// No such site, or not one of this officer's: the two look the same.
    #[error("no such site for this officer")]
    NoSite,
    /// The site has no such counter.
    #[error("no such counter at this site")]
    NoCounter,
    /// The site has no such service, or no counter (of that name) serves it.
    #[error("no such service at this site")]
    NoService,
    /// The ticket stays where it is.
    #[error("the ticket was not moved: {0:?}")]
    NotMoved(NotMoved),
    /// The database failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What a counter sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterView {
    /// Where.
    pub site: Arc<SiteRules>,
    /// Which number this is the state of: see [`QueueDesk::changes`].
    pub changes: i64,
    /// The ticket at this counter.
    pub current: Option<Ticket>,
    /// Everything else that is not over, also at other counters.
    pub others: Vec<Ticket>,
}

impl QueueDesk {
    /// The sites and their counters at which an officer may work.
    pub fn sites_of(&self, officer: &Officer) -> Vec<&Arc<SiteRules>> {
        self.parts.rules.sites().iter().filter(|site| officer.may_see(site.code.as_str())).collect()
    }

    /// What a counter sees.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn at_counter(&self, at: AtCounter<'_>) -> Result<CounterView, CounterProblem> {
        let (site, _) = self.counter(at)?;
        let queue = &self.parts.queue;
        // First the number: what changes afterwards is drawn once more.
        let changes = queue.changes(&site.code).await?;
        let day = local_date(self.parts.clock.now());
        let (current, others) =
            queue.open_tickets(&site.code, day, MOST_SHOWN).await?.into_iter().partition::<Vec<_>, _>(|ticket| {
                ticket.state.is_at_a_counter() && ticket.counter.as_ref() == Some(at.counter)
            });
        Ok(CounterView { site: Arc::clone(site), changes, current: current.into_iter().next(), others })
    }

    /// Calls the next.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn next(&self, at: AtCounter<'_>) -> Result<CalledNext, CounterProblem> {
        let (site, counter) = self.counter(at)?;
        let services = site.services.iter().filter(|service| counter.serves(&service.key));
        let services = services.map(|service| service.key.clone()).collect();
        // Which one it will be is not known before; the counter is.
        let target = format!("{}/{}", site.code.as_str(), at.counter.as_str());
        self.record(at, acts::TICKET_CALLED, "queue_counter", &target).await?;
        let now = self.parts.clock.now();
        let call = NextCall {
            site: site.code.clone(),
            day: local_date(now),
            counter: at.counter.clone(),
            services,
            priority_run: self.parts.rules.order.priority_run,
            at: now,
        };
        Ok(self.parts.queue.next(call).await?)
    }

    /// Calls this very one, out of its turn, or after nobody had come with it.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn call(&self, at: AtCounter<'_>, ticket: TicketId) -> Result<Ticket, CounterProblem> {
        self.act(at, ticket, TicketMove::Call, acts::TICKET_CALLED).await
    }

    /// Calls it once more.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn recall(&self, at: AtCounter<'_>, ticket: TicketId) -> Result<Ticket, CounterProblem> {
        self.act(at, ticket, TicketMove::Recall, acts::TICKET_RECALLED).await
    }

    /// Somebody came: the service begins, or goes on after a hold.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn serve(&self, at: AtCounter<'_>, ticket: TicketId) -> Result<Ticket, CounterProblem> {
        self.act(at, ticket, TicketMove::Serve, acts::TICKET_SERVED).await
    }

    /// Puts it aside: the counter is free.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn hold(&self, at: AtCounter<'_>, ticket: TicketId) -> Result<Ticket, CounterProblem> {
        self.act(at, ticket, TicketMove::Hold, acts::TICKET_HELD).await
    }

    /// Nobody came.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn no_show(&self, at: AtCounter<'_>, ticket: TicketId) -> Result<Ticket, CounterProblem> {
        self.act(at, ticket, TicketMove::NoShow, acts::TICKET_NO_SHOW).await
    }

    /// Puts it back into the line.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn back(&self, at: AtCounter<'_>, ticket: TicketId) -> Result<Ticket, CounterProblem> {
        self.act(at, ticket, TicketMove::Back, acts::TICKET_BACK).await
    }

    /// The service is done.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn finish(&self, at: AtCounter<'_>, ticket: TicketId) -> Result<Ticket, CounterProblem> {
        self.act(at, ticket, TicketMove::Finish, acts::TICKET_FINISHED).await
    }

    /// Sends it on to a service, perhaps to one counter of it.
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn transfer(
        &self,
        at: AtCounter<'_>,
        ticket: TicketId,
        service: ServiceKey,
        counter: Option<CounterName>,
    ) -> Result<Ticket, CounterProblem> {
        let (site, _) = self.counter(at)?;
        let target = match &counter {
            Some(name) => site.counter(name).is_some_and(|counter| counter.serves(&service)),
            None => site.counters.iter().any(|counter| counter.serves(&service)),
        };
        // Else nobody would ever call it.
        if site.service(&service).is_none() || !target {
            return Err(CounterProblem::NoService);
        }
        self.act(at, ticket, TicketMove::Transfer { service, counter }, acts::TICKET_TRANSFERRED).await
    }

    /// Tickets of past days, for reports: from one day to another, both included,
    /// after one of them; at most `limit` (10,000 at the most).
    ///
    /// # Errors
    /// [`CounterProblem`].
    pub async fn history(
        &self,
        officer: &Officer,
        address: Option<KeyedHash>,
        site: &SiteCode,
        days: (Date, Date),
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<Ticket>, CounterProblem> {
        let site = self.site_for(officer, site)?;
        self.record_of(officer, address, acts::TICKETS_READ, "queue_site", site.code.as_str()).await?;
        Ok(self.parts.queue.history(&site.code, days, after, limit).await?)
    }

    async fn act(
        &self,
        at: AtCounter<'_>,
        ticket: TicketId,
        to: TicketMove,
        act: &'static str,
    ) -> Result<Ticket, CounterProblem> {
        let (site, _) = self.counter(at)?;
        self.record(at, act, "ticket", &ticket.0.to_string()).await?;
        let (now, order) = (self.parts.clock.now(), self.parts.rules.order);
        let act = CounterAct {
            site: site.code.clone(),
            day: local_date(now),
            counter: at.counter.clone(),
            ticket,
            to,
            terms: MoveTerms { service_calls: 0, after_no_show: order.after_no_show, most_returns: order.most_returns },
            at: now,
        };
        self.parts.queue.act(act).await?.map_err(CounterProblem::NotMoved)
    }

    fn counter(&self, at: AtCounter<'_>) -> Result<(&Arc<SiteRules>, &CounterRules), CounterProblem> {
        let site = self.site_for(at.officer, at.site)?;
        Ok((site, site.counter(at.counter).ok_or(CounterProblem::NoCounter)?))
    }

    fn site_for(&self, officer: &Officer, site: &SiteCode) -> Result<&Arc<SiteRules>, CounterProblem> {
        let site = self.parts.rules.site(site).filter(|site| officer.may_see(site.code.as_str()));
        site.ok_or(CounterProblem::NoSite)
    }

    /// The act is on disk before it is done.
    async fn record(
        &self,
        at: AtCounter<'_>,
        act: &'static str,
        kind: &str,
        target: &str,
    ) -> Result<(), CounterProblem> {
        self.record_of(at.officer, at.address, act, kind, target).await
    }

    async fn record_of(
        &self,
        officer: &Officer,
        address: Option<KeyedHash>,
        act: &'static str,
        kind: &str,
        target: &str,
    ) -> Result<(), CounterProblem> {
        let key = &self.parts.hash_key;
        let act = NewOfficerAct {
            at: self.parts.clock.now(),
            act,
            officer: Some(officer.id),
            account: None,
            target: Some(key.hash(kind, target)),
            address,
            key_id: key.id().into(),
        };
        Ok(self.parts.audit.record_act(act).await?)
    }
}
