use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::Opening;
use crate::domain::queue::{
    CounterName, Priority, ServiceKey, ServiceRules, SiteCode, SiteRules, Taking, Ticket, TicketKey, TicketNumber,
};

/// A number that is wanted at a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketWish {
    /// Where the terminal stands.
    pub site: SiteCode,
    /// For what.
    pub service: ServiceKey,
    /// With priority or without.
    pub priority: Priority,
    /// The same key on the same day is the same number.
    pub key: TicketKey,
}

/// How the queues stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueNowReply {
    /// The site that was asked about, else all.
    pub sites: Vec<SiteNow>,
}

/// How the queues of a site stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteNow {
    /// Which.
    pub site: Arc<SiteRules>,
    /// When this was so.
    pub at: Timestamp,
    /// Whether it is open.
    pub opening: Opening,
    /// Each of its services, in the order of the settings.
    pub services: Vec<ServiceNow>,
}

impl SiteNow {
    /// All that wait.
    pub fn waiting(&self) -> u32 {
        self.services.iter().fold(0, |all, service| all.saturating_add(service.waiting))
    }
}

/// How one queue stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceNow {
    /// For what people wait.
    pub service: Arc<ServiceRules>,
    /// How many.
    pub waiting: u32,
    /// What is called or served, the latest call first.
    pub serving: Vec<AtCounterNow>,
    /// About how long it takes for somebody who comes now; `None` where nobody
    /// can tell.
    pub estimated_minutes: Option<u32>,
    /// Whether numbers are given.
    pub taking: Taking,
}

/// A number at a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtCounterNow {
    /// Which number.
    pub number: TicketNumber,
    /// Where.
    pub counter: CounterName,
}

/// A number was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketReply {
    /// Where.
    pub site: Arc<SiteRules>,
    /// For what.
    pub service: Arc<ServiceRules>,
    /// The ticket.
    pub ticket: Ticket,
    /// How many are called before.
    pub ahead: u32,
    /// About how long it takes; `None` where nobody can tell.
    pub estimated_minutes: Option<u32>,
    /// It was given before, for the same key.
    pub known: bool,
}

/// Where a ticket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketPlaceReply {
    /// Where.
    pub site: Arc<SiteRules>,
    /// The ticket.
    pub ticket: Ticket,
    /// How many are called before, while it waits.
    pub ahead: u32,
    /// About how long it takes; `None` where nobody can tell, or it does not wait.
    pub estimated_minutes: Option<u32>,
}

/// A number is taken at a terminal, in one of these places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhereTicketsReply {
    /// Where, and whether it is open.
    pub sites: Vec<(Arc<SiteRules>, Opening)>,
    /// The province's telephone for all questions.
    pub hotline: Option<Arc<str>>,
}
