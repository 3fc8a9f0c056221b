use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Listening, StoreError};
use crate::domain::queue::{
    CounterName, Line, MoveTerms, NotMoved, Prefix, Priority, ServiceKey, SiteCode, Ticket, TicketCode, TicketId,
    TicketKey, TicketMove,
};

/// A number that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// Where.
    pub site: SiteCode,
    /// The day in Vietnam: numbers begin anew with each.
    pub day: Date,
    /// For what.
    pub service: ServiceKey,
    /// The letters of its numbers.
    pub prefix: Prefix,
    /// With priority or without.
    pub priority: Priority,
    /// The same key at the same site is the same ticket, on whichever day.
    pub key: TicketKey,
    /// The code that it gets, where it is new.
    pub code: TicketCode,
    /// When.
    pub at: Timestamp,
    /// So many may wait for the service.
    pub longest: u32,
    /// Serials that are never given here: terminals' own, both ends included.
    pub local: Option<(u32, u32)>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// A new one, and how the line stood.
    New(Ticket, Line),
    /// It was taken before with this key.
    Known(Ticket),
    /// Too many wait, or the day has no more numbers.
    Full,
}

/// A number that a terminal gave while the gateway was out of its reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTicket {
    /// What it would have been. Its `local` holds the serials that it may have,
    /// its `at` is when the terminal gave it.
    pub wanted: NewTicket,
    /// The serial that was printed.
    pub serial: u32,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciled {
    /// It stands in the line, by the time it was given.
    Accepted(Ticket),
    /// It was told before.
    Known(Ticket),
    /// Another one has its number.
    NumberTaken,
}

/// A counter that is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextCall {
    /// Where.
    pub site: SiteCode,
    /// The day in Vietnam.
    pub day: Date,
    /// Which counter.
    pub counter: CounterName,
    /// What it serves.
    pub services: Vec<ServiceKey>,
    /// After so many with priority in a row one without.
    pub priority_run: u32,
    /// When.
    pub at: Timestamp,
}

/// Whom it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalledNext {
    /// This one.
    Ticket(Ticket),
    /// It still has this one.
    Busy(Ticket),
    /// Nobody waits.
    Nobody,
}

/// What a counter wants done with a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterAct {
    /// Where.
    pub site: SiteCode,
    /// The day in Vietnam.
    pub day: Date,
    /// Which counter.
    pub counter: CounterName,
    /// Which ticket.
    pub ticket: TicketId,
    /// What.
    pub to: TicketMove,
    /// What it depends on; the store fills in how many the service has called.
    pub terms: MoveTerms,
    /// When.
    pub at: Timestamp,
}

/// How a service of a site stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLoad {
    /// Which.
    pub service: ServiceKey,
    /// Who waits.
    pub line: Line,
    /// Tickets that are called or served, the latest call first.
    pub at_counters: Vec<Ticket>,
}

/// A counter that did something today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterSeen {
    /// Which.
    pub counter: CounterName,
    /// When.
    pub at: Timestamp,
}

/// The queues of all sites, on disk: a restart loses no ticket. Every change of a
/// site happens after the one before it, on whichever node: no number is given
/// twice, and no ticket is called by two counters.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Gives a number.
    async fn take(&self, ticket: NewTicket) -> Result<Taken, StoreError>;

    /// Puts numbers into the line that a terminal gave by itself, in their order;
    /// all are of one site. One that was told before stays as it is.
    async fn reconcile(&self, tickets: Vec<LocalTicket>) -> Result<Vec<Reconciled>, StoreError>;

    /// How a site stands: one entry for each service for which somebody waits or
    /// is served.
    async fn load(&self, site: &SiteCode, day: Date) -> Result<Vec<ServiceLoad>, StoreError>;

    /// Counters of a site that did something on this day.
    async fn counters(&self, site: &SiteCode, day: Date) -> Result<Vec<CounterSeen>, StoreError>;

    /// How long the last services took, the latest first, at most so many.
    async fn service_times(
        &self,
        site: &SiteCode,
        service: &ServiceKey,
        most: u32,
    ) -> Result<Vec<Duration>, StoreError>;

    /// The ticket of a code.
    async fn ticket(&self, code: &TicketCode) -> Result<Option<Ticket>, StoreError>;

    /// How the line stands before a ticket that waits.
    async fn line_before(&self, ticket: &Ticket) -> Result<Line, StoreError>;

    /// Tickets of a site and day that are not over, or came to nothing: those at
    /// counters, those put aside, those for whom nobody came, and those that wait
    /// in the order of their coming; at most `limit`.
    async fn open_tickets(&self, site: &SiteCode, day: Date, limit: usize) -> Result<Vec<Ticket>, StoreError>;

    /// Calls the next for a counter that is free.
    async fn next(&self, call: NextCall) -> Result<CalledNext, StoreError>;

    /// Does something with a ticket.
    async fn act(&self, act: CounterAct) -> Result<Result<Ticket, NotMoved>, StoreError>;

    /// All tickets of a site from one day to another, both included, in the order
    /// of their rows, after one of them; at most `limit` (10,000 at the most).
    async fn history(
        &self,
        site: &SiteCode,
        days: (Date, Date),
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<Ticket>, StoreError>;

    /// Ends what earlier days left. How many there were.
    async fn end_days(&self, before: Date, at: Timestamp) -> Result<u64, StoreError>;

    /// A number that is another one after every change of a site.
    async fn changes(&self, site: &SiteCode) -> Result<i64, StoreError>;

    /// Hears when a site changes; its [`Listening::wait`] also returns once a
    /// second, and [`Queue::changes`] then tells whether another node changed it.
    fn listen(&self, site: &SiteCode) -> Box<dyn Listening>;
}
