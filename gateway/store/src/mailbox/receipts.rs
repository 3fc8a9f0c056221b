use std::collections::{HashMap, HashSet};
use std::time::Duration;

use gateway_core::ports::{DeliveryReceipt, ReceiptFate};

use super::canonical::{canonical, other_bases, same_phone};
use super::ops::Asked;
use super::outbound::Accepted;
use crate::bulk::{Bulk, Kind, Link, Rows};
use crate::time::to_micros;

/// The message of a receipt. (`state + 0` keeps PostgreSQL from going through
/// the partial index of all accepted ones instead of by the id.) The newest of the road with this very id, else
/// the newest whose id is the same but for leading zeros and case.
static MATCH: Bulk = Bulk::new(
    &[
        ("route", Kind::Text),
        ("provider_id", Kind::Text),
        ("canonical_id", Kind::Text),
        ("state", Kind::Int),
        ("error", Kind::Text),
        ("at", Kind::Int),
    ],
    "UPDATE outbox SET state = v.state, error = v.error, final_at = v.at, recipient = '' \
     FROM v WHERE outbox.state + 0 = 2 AND outbox.id = coalesce( \
        (SELECT o.id FROM outbox o WHERE o.state = 2 AND o.route = v.route AND o.canonical_id = v.canonical_id \
            AND o.provider_id = v.provider_id ORDER BY o.id DESC LIMIT 1), \
        (SELECT o.id FROM outbox o WHERE o.state = 2 AND o.route = v.route AND o.canonical_id = v.canonical_id \
            ORDER BY o.id DESC LIMIT 1)) \
     RETURNING outbox.route, outbox.canonical_id, outbox.submitted_at",
);
/// Messages whose id is a receipt's in the other base.
static IN_OTHER_BASE: Bulk = Bulk::new(
    &[("n", Kind::Int), ("route", Kind::Text), ("canonical_id", Kind::Text)],
    "SELECT v.n, o.id, o.recipient, o.submitted_at FROM v \
     JOIN outbox o ON o.route = v.route AND o.canonical_id = v.canonical_id AND o.state = 2 ORDER BY o.id DESC",
);
static FINISH: Bulk = Bulk::new(
    &[("id", Kind::Int), ("state", Kind::Int), ("error", Kind::Text), ("at", Kind::Int)],
    "UPDATE outbox SET state = v.state, error = v.error, final_at = v.at, recipient = '' \
     FROM v WHERE outbox.id = v.id AND outbox.state = 2",
);
static HOLD: Bulk = Bulk::new(
    &[
        ("route", Kind::Text),
        ("provider_id", Kind::Text),
        ("canonical_id", Kind::Text),
        ("recipient", Kind::Text),
        ("state", Kind::Int),
        ("error", Kind::Text),
        ("at", Kind::Int),
    ],
    "INSERT INTO held_receipts (route, provider_id, canonical_id, recipient, state, error, at) \
     SELECT v.route, v.provider_id, v.canonical_id, v.recipient, v.state, v.error, v.at \
     FROM v WHERE v.route IS NOT NULL",
);
/// Receipts that were held for messages which have their id now. One that is
/// older than its message's hand-over is of an earlier message with that id.
static HELD: Bulk = Bulk::new(
    &[("id", Kind::Int), ("canonical_id", Kind::Text)],
    "SELECT o.id, h.id, o.provider_id, o.recipient, h.provider_id, h.recipient, h.canonical_id, h.state, h.error, \
            h.at \
     FROM v JOIN outbox o ON o.id = v.id JOIN held_receipts h ON h.route = o.route AND h.canonical_id = v.canonical_id \
     WHERE o.state + 0 = 2 AND h.at >= o.submitted_at - {n} ORDER BY h.at, h.id",
);
static DROP_HELD: Bulk = Bulk::new(&[("id", Kind::Int)], "DELETE FROM held_receipts WHERE id IN (SELECT v.id FROM v)");

/// How much earlier than the hand-over a receipt may seem to be, in
/// microseconds: clocks of two nodes differ.
const CLOCKS_DIFFER: i64 = 10_000_000;

/// A receipt with its place in the batch.
struct Open<'a> {
    place: usize,
    receipt: &'a DeliveryReceipt,
    canonical: String,
}

/// Applies receipts. Returns their fates and how many are held now.
pub(super) async fn receipts(
    link: &mut Link<'_>,
    ops: &[Asked<DeliveryReceipt, ReceiptFate>],
) -> Result<(Vec<ReceiptFate>, usize), sqlx::Error> {
    let mut fates = vec![ReceiptFate::Held; ops.len()];
    // The same receipt twice in a batch is one receipt; one without id fits
    // nothing, ever.
    let mut known = HashSet::with_capacity(ops.len());
    let mut open: Vec<Open<'_>> = ops
        .iter()
        .enumerate()
        .map(|(place, op)| Open { place, receipt: &op.what, canonical: canonical(&op.what.id) })
        .filter(|open| !open.canonical.is_empty() && known.insert((&open.receipt.route, &open.receipt.id)))
        .collect();
    // Ids that differ in zeros only: one after the other, and no third time.
    for _ in 0..2 {
        if open.is_empty() {
            break;
        }
        open = match_same_id(link, open, &mut fates).await?;
    }
    if !open.is_empty() {
        open = match_other_base(link, open, &mut fates).await?;
    }
    let all = || open.iter().map(|open| open.receipt);
    let rows = Rows::new(open.len())
        .texts(all().map(|receipt| receipt.route.as_str()))
        .texts(all().map(|receipt| receipt.id.as_str()))
        .texts(open.iter().map(|open| open.canonical.as_str()))
        .texts(all().map(|receipt| receipt.to.as_str()))
        .ints(all().map(|receipt| receipt.state.number()))
        .texts(all().map(|receipt| receipt.error.as_str()))
        .ints(all().map(|receipt| to_micros(receipt.at)));
    link.execute(&HOLD, &rows).await?;
    Ok((fates, open.len()))
}

/// Returns those that found no message.
async fn match_same_id<'a>(
    link: &mut Link<'_>,
    open: Vec<Open<'a>>,
    fates: &mut [ReceiptFate],
) -> Result<Vec<Open<'a>>, sqlx::Error> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::with_capacity(open.len());
    let mut now: Vec<&Open<'a>> = Vec::with_capacity(open.len());
    for (n, one) in open.iter().enumerate() {
        if let std::collections::hash_map::Entry::Vacant(entry) = places.entry((&one.receipt.route, &one.canonical)) {
            entry.insert(n);
            now.push(one);
        }
    }
    let rows = Rows::new(now.len())
        .texts(now.iter().map(|open| open.receipt.route.as_str()))
        .texts(now.iter().map(|open| open.receipt.id.as_str()))
        .texts(now.iter().map(|open| open.canonical.as_str()))
        .ints(now.iter().map(|open| open.receipt.state.number()))
        .texts(now.iter().map(|open| open.receipt.error.as_str()))
        .ints(now.iter().map(|open| to_micros(open.receipt.at)));
    let matched: Vec<(String, String, Option<i64>)> = link.fetch(&MATCH, &rows).await?;
    let mut done = vec![false; open.len()];
    for (route, canonical, submitted_at) in &matched {
        let Some(n) = places.get(&(route.as_str(), canonical.as_str())) else { continue };
        let (Some(done), Some(one)) = (done.get_mut(*n), open.get(*n)) else { continue };
        *done = true;
        settle_fate(fates, one, *submitted_at);
    }
    Ok(open.into_iter().zip(done).filter(|(_, done)| !done).map(|(open, _)| open).collect())
}

/// An id that only fits in the other base must have the recipient too.
async fn match_other_base<'a>(
    link: &mut Link<'_>,
    open: Vec<Open<'a>>,
    fates: &mut [ReceiptFate],
) -> Result<Vec<Open<'a>>, sqlx::Error> {
    let candidates: Vec<(i64, &str, String)> = (0..)
        .zip(&open)
        .filter(|(_, open)| !open.receipt.to.is_empty())
        .flat_map(|(n, open)| other_bases(&open.canonical).map(move |id| (n, open.receipt.route.as_str(), id)))
        .collect();
    let rows = Rows::new(candidates.len())
        .ints(candidates.iter().map(|candidate| candidate.0))
        .texts(candidates.iter().map(|candidate| candidate.1))
        .texts(candidates.iter().map(|candidate| candidate.2.as_str()));
    let found: Vec<(i64, i64, String, Option<i64>)> = link.fetch(&IN_OTHER_BASE, &rows).await?;
    let mut done = vec![false; open.len()];
    let mut taken = HashSet::new();
    let mut ends: Vec<(i64, &DeliveryReceipt)> = Vec::new();
    for (n, id, recipient, submitted_at) in &found {
        let n = usize::try_from(*n).unwrap_or(usize::MAX);
        let (Some(done), Some(one)) = (done.get_mut(n), open.get(n)) else { continue };
        if !*done && same_phone(&one.receipt.to, recipient) && taken.insert(*id) {
            *done = true;
            ends.push((*id, one.receipt));
            settle_fate(fates, one, *submitted_at);
        }
    }
    let rows = Rows::new(ends.len())
        .ints(ends.iter().map(|end| end.0))
        .ints(ends.iter().map(|end| end.1.state.number()))
        .texts(ends.iter().map(|end| end.1.error.as_str()))
        .ints(ends.iter().map(|end| to_micros(end.1.at)));
    link.execute(&FINISH, &rows).await?;
    Ok(open.into_iter().zip(done).filter(|(_, done)| !done).map(|(open, _)| open).collect())
}

fn settle_fate(fates: &mut [ReceiptFate], open: &Open<'_>, submitted_at: Option<i64>) {
    let at = to_micros(open.receipt.at);
    let lag = u64::try_from(at.saturating_sub(submitted_at.unwrap_or(at))).unwrap_or(0);
    if let Some(fate) = fates.get_mut(open.place) {
        *fate = ReceiptFate::Matched { lag: Duration::from_micros(lag) };
    }
}

/// Ids of message and receipt; the message's provider id and recipient; the
/// receipt's, and its canonical id, state, error and time.
type Held = (i64, i64, String, String, String, String, String, i64, String, i64);

/// Applies receipts that were held for these messages.
pub(super) async fn apply_held(link: &mut Link<'_>, accepted: &[Accepted<'_>]) -> Result<(), sqlx::Error> {
    let candidates: Vec<(i64, String)> = accepted
        .iter()
        .filter(|row| !row.canonical_id.is_empty())
        .flat_map(|row| {
            let same = std::iter::once(row.canonical_id.to_owned());
            same.chain(other_bases(row.canonical_id)).map(|canonical| (row.id, canonical))
        })
        .collect();
    let rows = Rows::new(candidates.len())
        .ints(candidates.iter().map(|candidate| candidate.0))
        .texts(candidates.iter().map(|candidate| candidate.1.as_str()))
        .number(CLOCKS_DIFFER);
    let held = link.fetch(&HELD, &rows).await?;
    finish_held(link, held).await
}

async fn finish_held(link: &mut Link<'_>, mut held: Vec<Held>) -> Result<(), sqlx::Error> {
    // The very id first, then the same but for zeros, then the other base.
    held.sort_by_key(|(_, _, ours, _, theirs, _, same, ..)| (ours != theirs, canonical(ours) != *same));
    let (mut messages, mut receipts) = (HashSet::new(), HashSet::new());
    held.retain(|(id, receipt, ours, our_phone, _, their_phone, same, ..)| {
        let fits = canonical(ours) == *same || same_phone(our_phone, their_phone);
        fits && !messages.contains(id) && receipts.insert(*receipt) && messages.insert(*id)
    });
    let rows = Rows::new(held.len())
        .ints(held.iter().map(|row| row.0))
        .ints(held.iter().map(|row| row.7))
        .texts(held.iter().map(|row| row.8.as_str()))
        .ints(held.iter().map(|row| row.9));
    link.execute(&FINISH, &rows).await?;
    link.execute(&DROP_HELD, &Rows::new(held.len()).ints(held.iter().map(|row| row.1))).await?;
    Ok(())
}

/// Held receipts whose message has their id by now. (SQLite keeps the order of
/// a `CROSS JOIN`: few receipts, then many messages by their index.)
const LEFT: &str = "SELECT o.id, h.id, o.provider_id, o.recipient, h.provider_id, h.recipient, h.canonical_id, h.state, \
                           h.error, h.at \
                    FROM held_receipts h CROSS JOIN outbox o \
                    WHERE o.route = h.route AND o.canonical_id = h.canonical_id AND o.state = 2 \
                      AND h.at >= o.submitted_at - $1 ORDER BY h.at, h.id LIMIT 1000";
/// The limit in it, and how often it is asked in one go: two writers under full
/// load leave some hundreds a second.
const LEFT_AT_ONCE: usize = 1_000;
const LEFT_TURNS: usize = 20;

/// Applies receipts that one writer held while another wrote the id.
pub(super) async fn apply_left(link: &mut Link<'_>) -> Result<(), sqlx::Error> {
    for _ in 0..LEFT_TURNS {
        let held: Vec<Held> = link.rows(LEFT, &[crate::bulk::Bind::Int(CLOCKS_DIFFER)]).await?;
        let found = held.len();
        finish_held(link, held).await?;
        if found < LEFT_AT_ONCE {
            break;
        }
    }
    Ok(())
}
