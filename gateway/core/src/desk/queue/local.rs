//! Numbers that a terminal gave while the gateway was out of its reach.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::QueueDesk;
use crate::domain::local_date;
use crate::domain::queue::{Priority, SerialRange, ServiceKey, SiteCode, Ticket, TicketCode, TicketKey};
use crate::ports::{LocalTicket, NewTicket, Reconciled, StoreError};

/// A terminal's clock may be ahead by so much.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// A number that a terminal tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldLocally {
    /// For what.
    pub service: ServiceKey,
    /// The serial that was printed.
    pub serial: u32,
    /// With priority or without.
    pub priority: Priority,
    /// When it was given.
    pub taken_at: Timestamp,
    /// The terminal's key for it.
    pub key: TicketKey,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalOutcome {
    /// It stands in the line.
    Accepted(Ticket),
    /// It was told before.
    Known(Ticket),
    /// It stands in no line.
    Refused(TicketKey, NotAccepted),
}

/// Why it stands in no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAccepted {
    /// No such site or service.
    Unknown,
    /// Terminals of this site give no numbers, or not this one.
    OutOfRange,
    /// This terminal may not have given it today: it is another's, or nobody's.
    NotItsRange,
    /// It was given on another day, or in the future.
    OtherDay,
    /// Another one has its number.
    NumberTaken,
}

impl NotAccepted {
    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::OutOfRange => "out_of_range",
            Self::NotItsRange => "not_its_range",
            Self::OtherDay => "other_day",
            Self::NumberTaken => "number_taken",
        }
    }
}

/// Whoever takes terminals' own numbers: the queue, or a stand-in in a channel's
/// tests.
#[async_trait]
pub trait Reconciles: Send + Sync {
    /// Puts a terminal's own numbers into the line of its site, by when they were
    /// given: those of the ranges that were its own today. What was told before is
    /// known again; hours do not matter any more, because somebody holds the number.
    ///
    /// # Errors
    /// The database failed: all may be told again.
    async fn reconcile(
        &self,
        site: &SiteCode,
        ranges: &[SerialRange],
        told: &[ToldLocally],
        at: Timestamp,
    ) -> Result<Vec<LocalOutcome>, StoreError>;
}

#[async_trait]
impl Reconciles for QueueDesk {
    async fn reconcile(
        &self,
        site: &SiteCode,
        ranges: &[SerialRange],
        told: &[ToldLocally],
        at: Timestamp,
    ) -> Result<Vec<LocalOutcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(told.len());
        let mut fit = Vec::with_capacity(told.len());
        for one in told {
            match self.fitting(site, ranges, one, at) {
                Ok(ticket) => fit.push((one.key, ticket)),
                Err(why) => outcomes.push(LocalOutcome::Refused(one.key, why)),
            }
        }
        // In the order in which they were given.
        fit.sort_by_key(|(_, ticket)| ticket.wanted.at);
        let (keys, tickets): (Vec<_>, Vec<_>) = fit.into_iter().unzip();
        let done = self.parts.queue.reconcile(tickets).await?;
        outcomes.extend(keys.into_iter().zip(done).map(|(key, one)| match one {
            Reconciled::Accepted(ticket) => LocalOutcome::Accepted(ticket),
            Reconciled::Known(ticket) => LocalOutcome::Known(ticket),
            Reconciled::NumberTaken => LocalOutcome::Refused(key, NotAccepted::NumberTaken),
        }));
        Ok(outcomes)
    }
}

impl QueueDesk {
    fn fitting(
        &self,
        site: &SiteCode,
        ranges: &[SerialRange],
        told: &ToldLocally,
        now: Timestamp,
    ) -> Result<LocalTicket, NotAccepted> {
        let site = self.parts.rules.site(site).ok_or(NotAccepted::Unknown)?;
        let service = site.service(&told.service).ok_or(NotAccepted::Unknown)?;
        let range = site.local.ok_or(NotAccepted::OutOfRange)?;
        if !(range.0..=range.1).contains(&told.serial) {
            return Err(NotAccepted::OutOfRange);
        }
        let today = local_date(now);
        if local_date(told.taken_at) != today || told.taken_at.duration_since(now) > AHEAD {
            return Err(NotAccepted::OtherDay);
        }
        // After the day: yesterday's ranges are not today's.
        if !ranges.iter().any(|range| range.holds(told.serial)) {
            return Err(NotAccepted::NotItsRange);
        }
        let wanted = NewTicket {
            site: site.code.clone(),
            day: today,
            service: service.key.clone(),
            prefix: service.prefix,
            priority: told.priority,
            key: told.key,
            code: TicketCode::new(self.parts.randomness.as_ref()),
            at: told.taken_at,
            longest: site.longest,
            local: Some(range),
        };
        Ok(LocalTicket { wanted, serial: told.serial })
    }
}
