//! What is read of queues, outside of any transaction.

use std::collections::BTreeMap;
use std::time::Duration;

use gateway_core::domain::queue::{CounterName, Line, ServiceKey, SiteCode, Ticket, TicketCode, TicketId, TicketState};
use gateway_core::ports::{CounterSeen, ServiceLoad, StoreError};
use jiff::civil::Date;

use super::rows::{TicketRow, ticket, tickets};
use crate::bulk::{Bind, row};
use crate::failure::unreadable;
use crate::store::Store;
use crate::time::{from_micros, to_day};

/// Tickets at counters that are read of one site; there are fewer counters.
const MOST_AT_COUNTERS: i64 = 200;
/// Tickets in one answer.
const MOST_AT_ONCE: usize = 10_000;

row!(
    struct Waiting {
        at_service: String,
        favoured: i64,
        waiting: i64,
    }
);

row!(
    struct Before {
        favoured: i64,
        ordinary: i64,
        before: i64,
        calls: i64,
    }
);

pub(super) async fn load(store: &Store, site: &SiteCode, day: Date) -> Result<Vec<ServiceLoad>, StoreError> {
    let values = [Bind::Text(site.as_str()), Bind::Int(to_day(day))];
    let sql = "SELECT at_service, favoured, count(*) AS waiting FROM queue_tickets \
               WHERE site = $1 AND day = $2 AND state = 0 GROUP BY at_service, favoured";
    let waiting: Vec<Waiting> = store.read_rows(sql, &values).await?;
    let sql = tickets!(
        "FROM queue_tickets t WHERE t.site = $1 AND t.day = $2 AND t.state IN (1, 2) AND t.state < 5 \
         ORDER BY t.recalled_at DESC, t.id DESC LIMIT $3"
    );
    let [place, day] = values;
    let called: Vec<TicketRow> = store.read_rows(sql, &[place, day, Bind::Int(MOST_AT_COUNTERS)]).await?;
    let mut loads: BTreeMap<ServiceKey, ServiceLoad> = BTreeMap::new();
    let empty =
        |service: &ServiceKey| ServiceLoad { service: service.clone(), line: Line::default(), at_counters: Vec::new() };
    for row in waiting {
        let service = ServiceKey::parse(&row.at_service).ok_or_else(|| unreadable("a service"))?;
        let line = &mut loads.entry(service.clone()).or_insert_with(|| empty(&service)).line;
        let count = count(row.waiting);
        if row.favoured == 0 { line.ordinary = count } else { line.favoured = count }
    }
    for row in called {
        let ticket = ticket(&row)?;
        let service = ticket.at_service.clone();
        loads.entry(service.clone()).or_insert_with(|| empty(&service)).at_counters.push(ticket);
    }
    Ok(loads.into_values().collect())
}

pub(super) async fn counters(store: &Store, site: &SiteCode, day: Date) -> Result<Vec<CounterSeen>, StoreError> {
    let sql = "SELECT counter, seen_at FROM queue_counters WHERE site = $1 AND day = $2 ORDER BY counter";
    let rows: Vec<(String, i64)> = store.read_rows(sql, &[Bind::Text(site.as_str()), Bind::Int(to_day(day))]).await?;
    let read = |(counter, at): (String, i64)| {
        let counter = CounterName::parse(&counter).ok_or_else(|| unreadable("a counter"))?;
        Ok(CounterSeen { counter, at: from_micros(at)? })
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn service_times(
    store: &Store,
    site: &SiteCode,
    service: &ServiceKey,
    most: u32,
) -> Result<Vec<Duration>, StoreError> {
    let sql = "SELECT ended_at - coalesce(serving_at, recalled_at, ended_at) FROM queue_tickets \
               WHERE site = $1 AND at_service = $2 AND state = 5 ORDER BY ended_at DESC LIMIT $3";
    let values = [Bind::Text(site.as_str()), Bind::Text(service.as_str()), Bind::Int(i64::from(most))];
    let rows: Vec<(i64,)> = store.read_rows(sql, &values).await?;
    // A clock that was set back in between measured nothing.
    let took = rows.into_iter().filter_map(|(micros,)| u64::try_from(micros).ok());
    Ok(took.map(Duration::from_micros).collect())
}

pub(super) async fn ticket_rows(
    store: &Store,
    sql: &'static str,
    values: &[Bind<'_>],
) -> Result<Vec<Ticket>, StoreError> {
    let rows: Vec<TicketRow> = store.read_rows(sql, values).await?;
    rows.iter().map(ticket).collect()
}

pub(super) async fn ticket_of(store: &Store, code: &TicketCode) -> Result<Option<Ticket>, StoreError> {
    let sql = tickets!("FROM queue_tickets t WHERE t.code = $1");
    Ok(ticket_rows(store, sql, &[Bind::Text(code.as_str())]).await?.pop())
}

pub(super) async fn line_before(store: &Store, ticket: &Ticket) -> Result<Line, StoreError> {
    if ticket.state != TicketState::Waiting {
        return Ok(Line::default());
    }
    let sql = "SELECT (SELECT count(*) FROM queue_tickets WHERE site = $1 AND day = $2 AND at_service = $3 \
                          AND favoured = 1 AND state = 0) AS favoured, \
                      (SELECT count(*) FROM queue_tickets WHERE site = $1 AND day = $2 AND at_service = $3 \
                          AND favoured = 0 AND state = 0) AS ordinary, \
                      (SELECT count(*) FROM queue_tickets WHERE site = $1 AND day = $2 AND at_service = $3 \
                          AND favoured = $4 AND state = 0 AND (rank < $5 OR (rank = $5 AND id < $6))) AS before, \
                      coalesce((SELECT calls FROM queue_numbers WHERE site = $1 AND day = $2 AND service = $3), 0) \
                          AS calls";
    let values = [
        Bind::Text(ticket.site.as_str()),
        Bind::Int(to_day(ticket.day)),
        Bind::Text(ticket.at_service.as_str()),
        Bind::Int(i64::from(ticket.priority.is_favoured())),
        Bind::Int(ticket.rank),
        Bind::Int(ticket.id.0),
    ];
    let rows: Vec<Before> = store.read_rows(sql, &values).await?;
    let Some(row) = rows.first() else { return Ok(Line::default()) };
    let line = Line { favoured: count(row.favoured), ordinary: count(row.ordinary), before: count(row.before) };
    // Whoever came back late waits for as many calls, as long as others wait.
    let passed_over = ticket.after_call.saturating_sub(count(row.calls)).min(line.waiting().saturating_sub(1));
    Ok(Line { before: line.before.max(passed_over), ..line })
}

pub(super) async fn open_tickets(
    store: &Store,
    site: &SiteCode,
    day: Date,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let sql = tickets!(
        "FROM queue_tickets t WHERE t.site = $1 AND t.day = $2 AND t.state < 5 \
         ORDER BY CASE t.state WHEN 0 THEN 9 ELSE t.state END, t.rank, t.id LIMIT $3"
    );
    let values = [Bind::Text(site.as_str()), Bind::Int(to_day(day)), Bind::Int(most(limit))];
    ticket_rows(store, sql, &values).await
}

pub(super) async fn history(
    store: &Store,
    site: &SiteCode,
    (from, to): (Date, Date),
    after: Option<TicketId>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let sql = tickets!(
        "FROM queue_tickets t WHERE t.site = $1 AND t.day >= $2 AND t.day <= $3 AND t.id > $4 \
         ORDER BY t.id LIMIT $5"
    );
    let values = [
        Bind::Text(site.as_str()),
        Bind::Int(to_day(from)),
        Bind::Int(to_day(to)),
        Bind::Int(after.map_or(0, |after| after.0)),
        Bind::Int(most(limit)),
    ];
    ticket_rows(store, sql, &values).await
}

pub(super) async fn changes(store: &Store, site: &SiteCode) -> Result<i64, StoreError> {
    let sql = "SELECT changes FROM queue_sites WHERE site = $1";
    let rows: Vec<(i64,)> = store.read_rows(sql, &[Bind::Text(site.as_str())]).await?;
    Ok(rows.first().map_or(0, |(changes,)| *changes))
}

fn count(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit.min(MOST_AT_ONCE)).unwrap_or(i64::MAX)
}
