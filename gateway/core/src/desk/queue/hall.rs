//! What a display in the hall shows, and calls.

use std::sync::Arc;

use jiff::Timestamp;

use super::{QueueDesk, SiteNow};
use crate::domain::local_date;
use crate::domain::queue::{CounterName, SiteRules, TicketId, TicketNumber, TicketState};
use crate::ports::{ServiceLoad, StoreError};

/// What a hall sees. Numbers and counters; nothing of anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallView {
    /// Which number this is the state of: see [`QueueDesk::changes`].
    pub changes: i64,
    /// How the site stands.
    pub now: SiteNow,
    /// What is called or served over all services, the latest call first.
    pub called: Vec<CalledNow>,
}

/// A number that was called, and is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalledNow {
    /// Its row.
    pub ticket: TicketId,
    /// Which number.
    pub number: TicketNumber,
    /// Where.
    pub counter: CounterName,
    /// How often it was called: another call is spoken again.
    pub calls: u32,
    /// When it was called last.
    pub at: Timestamp,
    /// Somebody has come.
    pub served: bool,
}

impl QueueDesk {
    /// What a hall sees.
    ///
    /// # Errors
    /// The database failed.
    pub async fn hall(&self, site: &Arc<SiteRules>, at: Timestamp) -> Result<HallView, StoreError> {
        // First the number: what changes afterwards is drawn once more.
        let changes = self.changes(&site.code).await?;
        let loads = self.parts.queue.load(&site.code, local_date(at)).await?;
        let called = called(&loads);
        Ok(HallView { changes, now: self.stands(site, &loads, at).await?, called })
    }
}

fn called(loads: &[ServiceLoad]) -> Vec<CalledNow> {
    let tickets = loads.iter().flat_map(|load| &load.at_counters);
    let mut called: Vec<_> = tickets
        .filter_map(|ticket| {
            Some(CalledNow {
                ticket: ticket.id,
                number: ticket.number,
                counter: ticket.counter.clone()?,
                calls: ticket.calls,
                at: ticket.recalled_at?,
                served: ticket.state == TicketState::Serving,
            })
        })
        .collect();
    // Of two in one moment the later row: the order never jumps.
    called.sort_by_key(|one| std::cmp::Reverse((one.at, one.ticket)));
    called
}
