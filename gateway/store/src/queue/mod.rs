//! The queues of centres. Numbers are given by one writer, which commits all that
//! were asked for meanwhile in one transaction (ADR 0014); what counters do is
//! a transaction each. All of them raise `queue_sites.changes` first: that row is
//! the lock of its site on PostgreSQL; SQLite has one writer anyway.

mod bell;
mod calls;
mod give;
mod read;
mod rows;
mod takers;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::domain::queue::{Line, NotMoved, ServiceKey, SiteCode, Ticket, TicketCode, TicketId};
use gateway_core::ports::{
    CalledNext, CounterAct, CounterSeen, Listening, LocalTicket, NewTicket, NextCall, Queue, Reconciled, ServiceLoad,
    StoreError, Taken,
};
use jiff::Timestamp;
use jiff::civil::Date;

pub(crate) use self::rows::touch_site;
use crate::store::Store;
use bell::Bell;
use takers::Takers;

/// Tickets of every site, through one node.
pub struct Queues {
    store: Store,
    bell: Arc<Bell>,
    takers: Takers,
}

impl Store {
    /// Starts the writer of numbers on the current runtime.
    pub fn start_queues(&self) -> Queues {
        let bell = Arc::new(Bell::new(Arc::clone(&self.clock)));
        let takers = Takers::start(self.clone(), Arc::clone(&bell));
        Queues { store: self.clone(), bell, takers }
    }
}

impl Queues {
    /// Takes no more wishes for numbers, and returns once those that were taken are
    /// answered, or after `queue.close_timeout_ms`.
    pub async fn close(&self) {
        self.takers.close(self.store.clock.as_ref(), self.store.config.queue.close_timeout()).await;
    }
}

#[async_trait]
impl Queue for Queues {
    async fn take(&self, ticket: NewTicket) -> Result<Taken, StoreError> {
        self.takers.take(ticket).await
    }

    async fn reconcile(&self, tickets: Vec<LocalTicket>) -> Result<Vec<Reconciled>, StoreError> {
        let Some(site) = tickets.first().map(|ticket| ticket.wanted.site.clone()) else { return Ok(Vec::new()) };
        let done = self.store.within(give::reconcile(&self.store, &site, &tickets)).await?;
        self.bell.ring(&site);
        done
    }

    async fn load(&self, site: &SiteCode, day: Date) -> Result<Vec<ServiceLoad>, StoreError> {
        read::load(&self.store, site, day).await
    }

    async fn counters(&self, site: &SiteCode, day: Date) -> Result<Vec<CounterSeen>, StoreError> {
        read::counters(&self.store, site, day).await
    }

    async fn service_times(
        &self,
        site: &SiteCode,
        service: &ServiceKey,
        most: u32,
    ) -> Result<Vec<Duration>, StoreError> {
        read::service_times(&self.store, site, service, most).await
    }

    async fn ticket(&self, code: &TicketCode) -> Result<Option<Ticket>, StoreError> {
        read::ticket_of(&self.store, code).await
    }

    async fn line_before(&self, ticket: &Ticket) -> Result<Line, StoreError> {
        read::line_before(&self.store, ticket).await
    }

    async fn open_tickets(&self, site: &SiteCode, day: Date, limit: usize) -> Result<Vec<Ticket>, StoreError> {
        read::open_tickets(&self.store, site, day, limit).await
    }

    async fn next(&self, call: NextCall) -> Result<CalledNext, StoreError> {
        let called = self.store.within(calls::next(&self.store, &call)).await??;
        if matches!(called, CalledNext::Ticket(_)) {
            self.bell.ring(&call.site);
        }
        Ok(called)
    }

    async fn act(&self, act: CounterAct) -> Result<Result<Ticket, NotMoved>, StoreError> {
        let done = self.store.within(calls::act(&self.store, &act)).await??;
        if done.is_ok() {
            self.bell.ring(&act.site);
        }
        Ok(done)
    }

    async fn history(
        &self,
        site: &SiteCode,
        days: (Date, Date),
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<Ticket>, StoreError> {
        read::history(&self.store, site, days, after, limit).await
    }

    async fn end_days(&self, before: Date, at: Timestamp) -> Result<u64, StoreError> {
        calls::end_days(&self.store, before, at).await
    }

    async fn changes(&self, site: &SiteCode) -> Result<i64, StoreError> {
        read::changes(&self.store, site).await
    }

    fn listen(&self, site: &SiteCode) -> Box<dyn Listening> {
        self.bell.listen(site)
    }
}
