//! Numbers: given in batches, without a gap and without a double.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use gateway_core::domain::queue::{Line, ServiceKey, SiteCode, Ticket, TicketKey, TicketNumber};
use gateway_core::ports::{LocalTicket, NewTicket, Reconciled, StoreError, Taken};
use jiff::civil::Date;

use super::rows::{TicketRow, new_ticket, ticket, tickets, touch_site};
use crate::bulk::{Bind, Bulk, Kind, Link, Rows, row};
use crate::store::Store;
use crate::time::{to_day, to_micros};

static KNOWN: Bulk = Bulk::new(
    &[("site", Kind::Text), ("day", Kind::Int), ("take_key", Kind::Bytes)],
    tickets!(
        ", t.take_key FROM v CROSS JOIN queue_tickets t \
         WHERE v.site IS NOT NULL AND t.site = v.site AND t.day = v.day AND t.take_key = v.take_key"
    ),
);

static GIVE: Bulk = Bulk::new(
    &[
        ("site", Kind::Text),
        ("day", Kind::Int),
        ("service", Kind::Text),
        ("prefix", Kind::Text),
        ("serial", Kind::Int),
        ("code", Kind::Text),
        ("take_key", Kind::Bytes),
        ("priority", Kind::Text),
        ("favoured", Kind::Int),
        ("at", Kind::Int),
    ],
    "INSERT INTO queue_tickets (site, day, service, prefix, serial, code, take_key, priority, favoured, state, \
            at_service, for_counter, counter, rank, after_call, calls, returns, taken_at) \
     SELECT v.site, v.day, v.service, v.prefix, v.serial, v.code, v.take_key, v.priority, v.favoured, 0, v.service, \
            '', '', v.at, 0, 0, 0, v.at FROM v WHERE v.site IS NOT NULL ORDER BY v.site, v.service, v.serial \
     RETURNING id, code",
);

row!(
    struct Given {
        id: i64,
        code: String,
    }
);

row!(
    struct Standing {
        last: i64,
        favoured: i64,
        ordinary: i64,
    }
);

/// A service on a day.
type Day<'a> = (&'a SiteCode, Date, &'a ServiceKey);

/// How a service stands while a batch is given.
struct Counted {
    last: u32,
    before: u32,
    line: Line,
}

/// Gives numbers in one transaction: to each its own, in the order of the wishes.
pub(super) async fn give(store: &Store, wishes: &[NewTicket]) -> Result<Result<Vec<Taken>, StoreError>, sqlx::Error> {
    let mut link = Link::begin(store).await?;
    for site in wishes.iter().map(|wish| &wish.site).collect::<BTreeSet<_>>() {
        touch_site(&mut link, site).await?;
    }
    let known = match known(&mut link, wishes).await? {
        Ok(known) => known,
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    let mut days: BTreeMap<Day<'_>, Counted> = BTreeMap::new();
    // For each wish: what it got, or which of the new ones it is.
    let mut got: Vec<Result<Taken, usize>> = Vec::with_capacity(wishes.len());
    let mut new: Vec<(&NewTicket, TicketNumber, Line)> = Vec::with_capacity(wishes.len());
    let mut asked: HashMap<(&SiteCode, Date, TicketKey), usize> = HashMap::new();
    for wish in wishes {
        let before = (to_day(wish.day), wish.site.as_str().to_owned(), wish.key);
        if let Some(ticket) = known.get(&before) {
            got.push(Ok(Taken::Known(ticket.clone())));
            continue;
        }
        let key = (&wish.site, wish.day, wish.key);
        if let Some(first) = asked.get(&key) {
            got.push(Err(*first));
            continue;
        }
        let day: Day<'_> = (&wish.site, wish.day, &wish.service);
        let counted = match days.entry(day) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(standing(&mut link, day).await?),
        };
        match counted.next(wish) {
            Some((number, line)) => {
                asked.insert(key, new.len());
                got.push(Err(new.len()));
                new.push((wish, number, line));
            }
            None => got.push(Ok(Taken::Full)),
        }
    }
    if new.is_empty() {
        link.rollback().await?;
    } else {
        for ((site, day, service), counted) in days.iter().filter(|(_, counted)| counted.last > counted.before) {
            let sql = "INSERT INTO queue_numbers (site, day, service, last, calls) VALUES ($1, $2, $3, $4, 0) \
                       ON CONFLICT (site, day, service) DO UPDATE SET last = excluded.last";
            let values = [
                Bind::Text(site.as_str()),
                Bind::Int(to_day(*day)),
                Bind::Text(service.as_str()),
                Bind::Int(i64::from(counted.last)),
            ];
            link.run(sql, &values).await?;
        }
        let rows: Vec<_> = new.iter().map(|(wish, number, _)| (*wish, *number)).collect();
        let ids = insert(&mut link, &rows).await?;
        link.commit().await?;
        let made: Vec<(Ticket, Line)> = new
            .iter()
            .map(|(wish, number, line)| {
                let id = ids.get(wish.code.as_str()).copied().unwrap_or_default();
                (new_ticket(id, wish, *number), *line)
            })
            .collect();
        let mut told = vec![false; made.len()];
        let taken = got.into_iter().map(|one| match one {
            Ok(taken) => Ok(taken),
            Err(place) => {
                let (ticket, line) = made.get(place).cloned().ok_or_else(lost)?;
                let again = told.get_mut(place).is_some_and(|told| std::mem::replace(told, true));
                Ok(if again { Taken::Known(ticket) } else { Taken::New(ticket, line) })
            }
        });
        return Ok(taken.collect());
    }
    Ok(got.into_iter().map(|one| one.map_err(|_| lost())).collect())
}

impl Counted {
    /// The next number of a wish and how the line stands for it; `None` where too
    /// many wait, or the day has no more.
    fn next(&mut self, wish: &NewTicket) -> Option<(TicketNumber, Line)> {
        if self.line.waiting() >= wish.longest {
            return None;
        }
        let mut serial = self.last.saturating_add(1);
        // Terminals' own are passed over whole.
        if let Some((from, to)) = wish.local
            && (from..=to).contains(&serial)
        {
            serial = to.saturating_add(1);
        }
        let number = TicketNumber::new(wish.prefix, serial)?;
        self.last = serial;
        let favoured = wish.priority.is_favoured();
        let line = Line { before: if favoured { self.line.favoured } else { self.line.ordinary }, ..self.line };
        if favoured {
            self.line.favoured += 1;
        } else {
            self.line.ordinary += 1;
        }
        Some((number, line))
    }
}

fn lost() -> StoreError {
    StoreError("a number was given and not told".into())
}

type Keyed = HashMap<(i64, String, TicketKey), Ticket>;

/// Those of the wishes that were given a number before.
async fn known(link: &mut Link<'_>, wishes: &[NewTicket]) -> Result<Result<Keyed, StoreError>, sqlx::Error> {
    let rows = Rows::new(wishes.len())
        .texts(wishes.iter().map(|wish| wish.site.as_str()))
        .ints(wishes.iter().map(|wish| to_day(wish.day)))
        .bytes(wishes.iter().map(|wish| wish.key.0.as_slice()));
    let found: Vec<KnownRow> = link.fetch(&KNOWN, &rows).await?;
    let read = |row: KnownRow| {
        let key: [u8; 16] = row.take_key.try_into().map_err(|_| crate::failure::unreadable("a ticket's key"))?;
        let ticket = ticket(&row.ticket)?;
        Ok(((to_day(ticket.day), ticket.site.as_str().to_owned(), TicketKey(key)), ticket))
    };
    Ok(found.into_iter().map(read).collect())
}

/// A ticket with its key.
struct KnownRow {
    ticket: TicketRow,
    take_key: Vec<u8>,
}

impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for KnownRow
where
    TicketRow: sqlx::FromRow<'r, R>,
    &'static str: sqlx::ColumnIndex<R>,
    Vec<u8>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self { ticket: TicketRow::from_row(row)?, take_key: row.try_get("take_key")? })
    }
}

async fn standing(link: &mut Link<'_>, (site, day, service): Day<'_>) -> Result<Counted, sqlx::Error> {
    let sql = "SELECT coalesce((SELECT last FROM queue_numbers WHERE site = $1 AND day = $2 AND service = $3), 0) \
                      AS last, \
                      (SELECT count(*) FROM queue_tickets WHERE site = $1 AND day = $2 AND at_service = $3 \
                          AND favoured = 1 AND state = 0) AS favoured, \
                      (SELECT count(*) FROM queue_tickets WHERE site = $1 AND day = $2 AND at_service = $3 \
                          AND favoured = 0 AND state = 0) AS ordinary";
    let values = [Bind::Text(site.as_str()), Bind::Int(to_day(day)), Bind::Text(service.as_str())];
    let rows: Vec<Standing> = link.rows(sql, &values).await?;
    let count = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    let (last, line) = rows.first().map_or((0, Line::default()), |row| {
        (count(row.last), Line { favoured: count(row.favoured), ordinary: count(row.ordinary), before: 0 })
    });
    Ok(Counted { last, before: last, line })
}

/// Writes new tickets down; their rows by their codes.
async fn insert(link: &mut Link<'_>, new: &[(&NewTicket, TicketNumber)]) -> Result<HashMap<String, i64>, sqlx::Error> {
    let prefixes: Vec<String> = new.iter().map(|(wish, _)| wish.prefix.to_string()).collect();
    let rows = Rows::new(new.len())
        .texts(new.iter().map(|(wish, _)| wish.site.as_str()))
        .ints(new.iter().map(|(wish, _)| to_day(wish.day)))
        .texts(new.iter().map(|(wish, _)| wish.service.as_str()))
        .texts(prefixes.iter().map(String::as_str))
        .ints(new.iter().map(|(_, number)| i64::from(number.serial)))
        .texts(new.iter().map(|(wish, _)| wish.code.as_str()))
        .bytes(new.iter().map(|(wish, _)| wish.key.0.as_slice()))
        .texts(new.iter().map(|(wish, _)| wish.priority.key()))
        .ints(new.iter().map(|(wish, _)| i64::from(wish.priority.is_favoured())))
        .ints(new.iter().map(|(wish, _)| to_micros(wish.at)));
    let given: Vec<Given> = link.fetch(&GIVE, &rows).await?;
    Ok(given.into_iter().map(|row| (row.code, row.id)).collect())
}

/// Puts terminals' own numbers into the line, in one transaction.
pub(super) async fn reconcile(
    store: &Store,
    site: &SiteCode,
    told: &[LocalTicket],
) -> Result<Result<Vec<Reconciled>, StoreError>, sqlx::Error> {
    let mut link = Link::begin(store).await?;
    touch_site(&mut link, site).await?;
    let mut done = Vec::with_capacity(told.len());
    for LocalTicket { wanted, serial } in told {
        let before = match known(&mut link, std::slice::from_ref(wanted)).await? {
            Ok(before) => before,
            Err(unreadable) => return Ok(Err(unreadable)),
        };
        if let Some(ticket) = before.into_values().next() {
            done.push(Reconciled::Known(ticket));
            continue;
        }
        let sql = "SELECT id FROM queue_tickets WHERE site = $1 AND day = $2 AND service = $3 AND serial = $4";
        let values = [
            Bind::Text(site.as_str()),
            Bind::Int(to_day(wanted.day)),
            Bind::Text(wanted.service.as_str()),
            Bind::Int(i64::from(*serial)),
        ];
        let others: Vec<(i64,)> = link.rows(sql, &values).await?;
        let Some(number) = TicketNumber::new(wanted.prefix, *serial).filter(|_| others.is_empty()) else {
            done.push(Reconciled::NumberTaken);
            continue;
        };
        let ids = insert(&mut link, &[(wanted, number)]).await?;
        let id = ids.into_values().next().unwrap_or_default();
        done.push(Reconciled::Accepted(new_ticket(id, wanted, number)));
    }
    link.commit().await?;
    Ok(Ok(done))
}
