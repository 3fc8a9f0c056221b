//! The queue of a public administration centre: who waits for what, at which
//! counter, and in which order. No personal data: a ticket is a number.

mod codes;
mod names;
mod number;
mod order;
mod ranges;
mod rules;
mod ticket;

pub use codes::{CounterName, ServiceKey, SiteCode, TicketCode, TicketKey};
pub use names::Names;
pub use number::{Prefix, TicketNumber};
pub use order::{Line, Pace, choose};
pub use ranges::{HeldRanges, RangeWish, Reservation, SerialRange};
pub use rules::{
    CounterRules, EstimateRules, OrderRules, QueueRules, QueueRulesProblem, ServiceRules, SiteRules, Taking, WhyNot,
};
pub use ticket::{MoveTerms, NotMoved, Priority, Ticket, TicketId, TicketMove, TicketState};
