//! Tickets as rows.

use gateway_core::domain::queue::{
    CounterName, Prefix, Priority, ServiceKey, SiteCode, Ticket, TicketCode, TicketId, TicketNumber, TicketState,
};
use gateway_core::ports::{NewTicket, StoreError};
use jiff::civil::Date;

use crate::bulk::{Bind, Link, row};
use crate::failure::unreadable;
use crate::time::{from_day, from_micros, to_day, to_micros};

row!(
    pub(super) struct TicketRow {
        pub(super) id: i64,
        site: String,
        day: i64,
        service: String,
        prefix: String,
        serial: i64,
        code: String,
        priority: String,
        state: i64,
        at_service: String,
        for_counter: String,
        counter: String,
        pub(super) rank: i64,
        after_call: i64,
        calls: i64,
        returns: i64,
        taken_at: i64,
        called_at: Option<i64>,
        recalled_at: Option<i64>,
        serving_at: Option<i64>,
        ended_at: Option<i64>,
    }
);

/// Reads whole tickets: the rest of the statement follows.
macro_rules! tickets {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.site, t.day, t.service, t.prefix, t.serial, t.code, t.priority, t.state, t.at_service, \
             t.for_counter, t.counter, t.rank, t.after_call, t.calls, t.returns, t.taken_at, t.called_at, \
             t.recalled_at, t.serving_at, t.ended_at ",
            $rest
        )
    };
}
pub(super) use tickets;

/// A row that cannot be read says so, and no more is made of it.
pub(super) fn ticket(row: &TicketRow) -> Result<Ticket, StoreError> {
    let read = || {
        let counter = |name: &str| if name.is_empty() { Some(None) } else { CounterName::parse(name).map(Some) };
        Some(Ticket {
            id: TicketId(row.id),
            site: SiteCode::parse(&row.site)?,
            day: from_day(row.day)?,
            service: ServiceKey::parse(&row.service)?,
            number: TicketNumber::new(Prefix::parse(&row.prefix)?, u32::try_from(row.serial).ok()?)?,
            code: TicketCode::parse(&row.code)?,
            priority: Priority::from_key(&row.priority)?,
            state: TicketState::from_number(row.state)?,
            at_service: ServiceKey::parse(&row.at_service)?,
            for_counter: counter(&row.for_counter)?,
            counter: counter(&row.counter)?,
            rank: row.rank,
            after_call: u32::try_from(row.after_call).ok()?,
            calls: u32::try_from(row.calls).ok()?,
            returns: u32::try_from(row.returns).ok()?,
            taken_at: from_micros(row.taken_at).ok()?,
            called_at: row.called_at.map(from_micros).transpose().ok()?,
            recalled_at: row.recalled_at.map(from_micros).transpose().ok()?,
            serving_at: row.serving_at.map(from_micros).transpose().ok()?,
            ended_at: row.ended_at.map(from_micros).transpose().ok()?,
        })
    };
    read().ok_or_else(|| unreadable("a ticket"))
}

/// A ticket that was just given.
pub(super) fn new_ticket(id: i64, new: &NewTicket, number: TicketNumber) -> Ticket {
    Ticket {
        id: TicketId(id),
        site: new.site.clone(),
        day: new.day,
        service: new.service.clone(),
        number,
        code: new.code.clone(),
        priority: new.priority,
        state: TicketState::Waiting,
        at_service: new.service.clone(),
        for_counter: None,
        counter: None,
        rank: to_micros(new.at),
        after_call: 0,
        calls: 0,
        returns: 0,
        taken_at: new.at,
        called_at: None,
        recalled_at: None,
        serving_at: None,
        ended_at: None,
    }
}

/// The lock of a site, and the word to all that it changes. First in every
/// transaction; of several sites in their order.
pub(crate) async fn touch_site(link: &mut Link<'_>, site: &SiteCode) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO queue_sites (site, changes) VALUES ($1, 1) \
               ON CONFLICT (site) DO UPDATE SET changes = queue_sites.changes + 1";
    link.run(sql, &[Bind::Text(site.as_str())]).await.map(drop)
}

/// How many a service has called on a day.
pub(super) async fn calls_of(
    link: &mut Link<'_>,
    site: &SiteCode,
    day: Date,
    service: &ServiceKey,
) -> Result<u32, sqlx::Error> {
    let sql = "SELECT calls FROM queue_numbers WHERE site = $1 AND day = $2 AND service = $3";
    let values = [Bind::Text(site.as_str()), Bind::Int(to_day(day)), Bind::Text(service.as_str())];
    let rows: Vec<(i64,)> = link.rows(sql, &values).await?;
    Ok(rows.first().map_or(0, |(calls,)| u32::try_from(*calls).unwrap_or(u32::MAX)))
}

/// Writes what a counter can change of a ticket.
pub(super) async fn write_moved(link: &mut Link<'_>, ticket: &Ticket) -> Result<(), sqlx::Error> {
    let sql = "UPDATE queue_tickets SET state = $2, at_service = $3, for_counter = $4, counter = $5, after_call = $6, \
                      calls = $7, returns = $8, called_at = $9, recalled_at = $10, serving_at = $11, ended_at = $12 \
               WHERE id = $1";
    let name =
        |counter: &Option<CounterName>| counter.as_ref().map_or_else(String::new, |name| name.as_str().to_owned());
    let (for_counter, counter) = (name(&ticket.for_counter), name(&ticket.counter));
    let values = [
        Bind::Int(ticket.id.0),
        Bind::Int(ticket.state.number()),
        Bind::Text(ticket.at_service.as_str()),
        Bind::Text(&for_counter),
        Bind::Text(&counter),
        Bind::Int(i64::from(ticket.after_call)),
        Bind::Int(i64::from(ticket.calls)),
        Bind::Int(i64::from(ticket.returns)),
        Bind::MaybeInt(ticket.called_at.map(to_micros)),
        Bind::MaybeInt(ticket.recalled_at.map(to_micros)),
        Bind::MaybeInt(ticket.serving_at.map(to_micros)),
        Bind::MaybeInt(ticket.ended_at.map(to_micros)),
    ];
    link.run(sql, &values).await.map(drop)
}
