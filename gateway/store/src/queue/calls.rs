//! What counters do: each a transaction that has its site for itself.

use gateway_core::domain::queue::{CounterName, MoveTerms, NotMoved, ServiceKey, SiteCode, Ticket, TicketMove, choose};
use gateway_core::ports::{CalledNext, CounterAct, NextCall, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;

use super::rows::{TicketRow, calls_of, ticket, tickets, touch_site, write_moved};
use crate::bulk::{Bind, Link};
use crate::store::{Store, on_pool};
use crate::time::{to_day, to_micros};

/// Calls the next for a counter.
pub(super) async fn next(store: &Store, call: &NextCall) -> Result<Result<CalledNext, StoreError>, sqlx::Error> {
    let mut link = Link::begin(store).await?;
    touch_site(&mut link, &call.site).await?;
    if let Some(row) = at_counter(&mut link, &call.site, call.day, &call.counter).await? {
        link.rollback().await?;
        return Ok(ticket(&row).map(CalledNext::Busy));
    }
    let run = run_of(&mut link, call).await?;
    let (mut favoured, mut ordinary, mut passed_over) = (None, None, None);
    for service in &call.services {
        let calls = calls_of(&mut link, &call.site, call.day, service).await?;
        sooner(&mut favoured, first(&mut link, call, service, 1, calls).await?);
        sooner(&mut ordinary, first(&mut link, call, service, 0, calls).await?);
        sooner(&mut passed_over, first_passed_over(&mut link, call, service).await?);
    }
    // Nobody is passed over for nobody.
    let Some(row) = choose(favoured, ordinary, run, call.priority_run).or(passed_over) else {
        link.rollback().await?;
        return Ok(Ok(CalledNext::Nobody));
    };
    let called = match ticket(&row) {
        Ok(ticket) => ticket.called(&call.counter, call.at),
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    write_moved(&mut link, &called).await?;
    count_call(&mut link, &called.site, called.day, &called.at_service).await?;
    let run = if called.priority.is_favoured() { run.saturating_add(1) } else { 0 };
    let sql = "INSERT INTO queue_counters (site, day, counter, run, seen_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (site, day, counter) DO UPDATE SET run = excluded.run, seen_at = excluded.seen_at";
    let values = [
        Bind::Text(call.site.as_str()),
        Bind::Int(to_day(call.day)),
        Bind::Text(call.counter.as_str()),
        Bind::Int(i64::from(run)),
        Bind::Int(to_micros(call.at)),
    ];
    link.run(sql, &values).await?;
    link.commit().await?;
    Ok(Ok(CalledNext::Ticket(called)))
}

/// Does something with a ticket.
pub(super) async fn act(
    store: &Store,
    act: &CounterAct,
) -> Result<Result<Result<Ticket, NotMoved>, StoreError>, sqlx::Error> {
    let mut link = Link::begin(store).await?;
    touch_site(&mut link, &act.site).await?;
    let sql = tickets!("FROM queue_tickets t WHERE t.id = $1 AND t.site = $2 AND t.day = $3");
    let values = [Bind::Int(act.ticket.0), Bind::Text(act.site.as_str()), Bind::Int(to_day(act.day))];
    let found: Vec<TicketRow> = link.rows(sql, &values).await?;
    let before = match found.first().map(ticket) {
        Some(Ok(ticket)) => ticket,
        Some(Err(unreadable)) => return Ok(Err(unreadable)),
        None => {
            link.rollback().await?;
            return Ok(Ok(Err(NotMoved::Gone)));
        }
    };
    if act.to.takes_the_counter(before.state)
        && at_counter(&mut link, &act.site, act.day, &act.counter).await?.is_some()
    {
        link.rollback().await?;
        return Ok(Ok(Err(NotMoved::CounterBusy)));
    }
    let service_calls = calls_of(&mut link, &act.site, act.day, &before.at_service).await?;
    let moved = match before.moved(&act.to, &act.counter, act.at, MoveTerms { service_calls, ..act.terms }) {
        Ok(moved) => moved,
        Err(not_moved) => {
            link.rollback().await?;
            return Ok(Ok(Err(not_moved)));
        }
    };
    write_moved(&mut link, &moved).await?;
    if act.to == TicketMove::Call {
        count_call(&mut link, &moved.site, moved.day, &moved.at_service).await?;
    }
    let sql = "INSERT INTO queue_counters (site, day, counter, run, seen_at) VALUES ($1, $2, $3, 0, $4) \
               ON CONFLICT (site, day, counter) DO UPDATE SET seen_at = excluded.seen_at";
    let values = [
        Bind::Text(act.site.as_str()),
        Bind::Int(to_day(act.day)),
        Bind::Text(act.counter.as_str()),
        Bind::Int(to_micros(act.at)),
    ];
    link.run(sql, &values).await?;
    link.commit().await?;
    Ok(Ok(Ok(moved)))
}

/// Ends what earlier days left.
pub(super) async fn end_days(store: &Store, before: Date, at: Timestamp) -> Result<u64, StoreError> {
    let sql = "UPDATE queue_tickets SET state = 6, ended_at = $2 WHERE day < $1 AND state < 4";
    on_pool!(write store, pool => async {
        let query = sqlx::query(sql).bind(to_day(before)).bind(to_micros(at));
        query.execute(pool).await.map(|done| done.rows_affected())
    })
}

/// What a counter has.
async fn at_counter(
    link: &mut Link<'_>,
    site: &SiteCode,
    day: Date,
    counter: &CounterName,
) -> Result<Option<TicketRow>, sqlx::Error> {
    let sql = tickets!(
        "FROM queue_tickets t WHERE t.site = $1 AND t.day = $2 AND t.state IN (1, 2) AND t.state < 5 \
         AND t.counter = $3 LIMIT 1"
    );
    let values = [Bind::Text(site.as_str()), Bind::Int(to_day(day)), Bind::Text(counter.as_str())];
    Ok(link.rows(sql, &values).await?.pop())
}

/// How many with priority this counter called in a row.
async fn run_of(link: &mut Link<'_>, call: &NextCall) -> Result<u32, sqlx::Error> {
    let sql = "SELECT run FROM queue_counters WHERE site = $1 AND day = $2 AND counter = $3";
    let values = [Bind::Text(call.site.as_str()), Bind::Int(to_day(call.day)), Bind::Text(call.counter.as_str())];
    let rows: Vec<(i64,)> = link.rows(sql, &values).await?;
    Ok(rows.first().map_or(0, |(run,)| u32::try_from(*run).unwrap_or(u32::MAX)))
}

/// Who waits longest of one kind and service, and is not passed over.
async fn first(
    link: &mut Link<'_>,
    call: &NextCall,
    service: &ServiceKey,
    favoured: i64,
    calls: u32,
) -> Result<Option<TicketRow>, sqlx::Error> {
    let sql = tickets!(
        "FROM queue_tickets t WHERE t.site = $1 AND t.day = $2 AND t.at_service = $3 AND t.favoured = $4 \
         AND t.state = 0 AND t.after_call <= $5 AND t.for_counter IN ('', $6) ORDER BY t.rank, t.id LIMIT 1"
    );
    let values = [
        Bind::Text(call.site.as_str()),
        Bind::Int(to_day(call.day)),
        Bind::Text(service.as_str()),
        Bind::Int(favoured),
        Bind::Int(i64::from(calls)),
        Bind::Text(call.counter.as_str()),
    ];
    Ok(link.rows(sql, &values).await?.pop())
}

/// Who would be called if nobody else waited: one who came back late.
async fn first_passed_over(
    link: &mut Link<'_>,
    call: &NextCall,
    service: &ServiceKey,
) -> Result<Option<TicketRow>, sqlx::Error> {
    let sql = tickets!(
        "FROM queue_tickets t WHERE t.site = $1 AND t.day = $2 AND t.at_service = $3 AND t.favoured IN (0, 1) \
         AND t.state = 0 AND t.for_counter IN ('', $4) ORDER BY t.after_call, t.rank, t.id LIMIT 1"
    );
    let values = [
        Bind::Text(call.site.as_str()),
        Bind::Int(to_day(call.day)),
        Bind::Text(service.as_str()),
        Bind::Text(call.counter.as_str()),
    ];
    Ok(link.rows(sql, &values).await?.pop())
}

/// Keeps whoever waits longer.
fn sooner(best: &mut Option<TicketRow>, other: Option<TicketRow>) {
    let Some(other) = other else { return };
    if best.as_ref().is_none_or(|best| (other.rank, other.id) < (best.rank, best.id)) {
        *best = Some(other);
    }
}

async fn count_call(link: &mut Link<'_>, site: &SiteCode, day: Date, service: &ServiceKey) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO queue_numbers (site, day, service, last, calls) VALUES ($1, $2, $3, 0, 1) \
               ON CONFLICT (site, day, service) DO UPDATE SET calls = queue_numbers.calls + 1";
    let values = [Bind::Text(site.as_str()), Bind::Int(to_day(day)), Bind::Text(service.as_str())];
    link.run(sql, &values).await.map(drop)
}
