//! What citizens ask of the queue, whatever the channel.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{NoTicket, QueueDesk, QueueNowReply, TicketWish, WhereTicketsReply};
use crate::desk::service::Desk;
use crate::desk::{Refusal, RefusalKind, Reply, Request, Service};
use crate::domain::Channel;
use crate::domain::queue::{SiteRules, TicketCode};
use crate::ports::StoreError;

impl Desk {
    /// How many wait, and which numbers are called: at the site that was named, or
    /// at all of them.
    pub(in crate::desk) async fn queue_now(&self, request: &Request, site: Option<&str>) -> Result<Reply, Refusal> {
        let Some(queue) = self.queue() else { return Ok(self.not_yet(request, Service::Queue)) };
        let named = site.and_then(|site| queue.rules().site_named(site));
        let asked = named.map_or_else(|| queue.rules().sites(), std::slice::from_ref);
        let mut sites = Vec::with_capacity(asked.len());
        for site in asked {
            let now = self.within(request, queue.now(site, request.received_at)).await?;
            sites.push(now.map_err(|problem| self.queue_failed(request, &problem))?);
        }
        Ok(Reply::QueueNow(QueueNowReply { sites }))
    }

    /// A number is given at a terminal; everybody else is told where one stands.
    pub(in crate::desk) async fn take_ticket(
        &self,
        request: &Request,
        wish: Option<&TicketWish>,
    ) -> Result<Reply, Refusal> {
        let Some(queue) = self.queue() else { return Ok(self.not_yet(request, Service::Ticket)) };
        let Some(wish) = wish.filter(|_| request.channel == Channel::Kiosk) else {
            return Ok(self.where_tickets(queue, request));
        };
        let taken = self.within(request, queue.take(wish, request.received_at)).await?;
        match taken.map_err(|problem| self.queue_failed(request, &problem))? {
            Ok(ticket) => Ok(Reply::Ticket(Box::new(ticket))),
            Err(NoTicket::Unknown) => Err(Refusal::of(RefusalKind::QueueUnknown)),
            Err(NoTicket::NotNow { why, again_at }) => {
                let retry_after = again_at.and_then(|at| until(request.received_at, at));
                Err(Refusal { kind: RefusalKind::NoTickets(why), retry_after })
            }
        }
    }

    /// Where the ticket of a code is.
    pub(in crate::desk) async fn ticket_place(&self, request: &Request, code: &TicketCode) -> Result<Reply, Refusal> {
        let unknown = || Refusal::of(RefusalKind::QueueUnknown);
        let queue = self.queue().ok_or_else(unknown)?;
        let place = self.within(request, queue.place(code, request.received_at)).await?;
        let place = place.map_err(|problem| self.queue_failed(request, &problem))?;
        Ok(Reply::TicketPlace(Box::new(place.ok_or_else(unknown)?)))
    }

    fn where_tickets(&self, queue: &QueueDesk, request: &Request) -> Reply {
        let opening =
            |site: &Arc<SiteRules>| (Arc::clone(site), site.opening(&self.parts.calendar, request.received_at));
        let sites = queue.rules().sites().iter().map(opening).collect();
        Reply::WhereTickets(WhereTicketsReply { sites, hotline: self.parts.rules.hotline.clone() })
    }

    /// The queues; `None` where no site has one.
    fn queue(&self) -> Option<&QueueDesk> {
        self.parts.queue.as_deref().filter(|queue| !queue.rules().sites().is_empty())
    }

    fn queue_failed(&self, request: &Request, problem: &StoreError) -> Refusal {
        tracing::error!(request = request.id.as_str(), %problem, "the queue gave no answer");
        Refusal { kind: RefusalKind::Internal, retry_after: Some(self.parts.rules.portal_retry_after) }
    }
}

fn until(now: Timestamp, then: Timestamp) -> Option<Duration> {
    Duration::try_from(then.duration_since(now)).ok()
}
