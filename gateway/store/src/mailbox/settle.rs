use std::collections::HashSet;

use gateway_core::ports::{Fate, NewOutbound, Outbound, Rest};

use super::ops::{Asked, Settle};
use super::outbound;
use crate::bulk::{Bulk, Kind, Link, Rows};
use crate::time::to_micros;

/// The end of a message: who sent it, where its answer goes and what it says is
/// wiped with the same write. (`state + 0`: by the id, not by the partial index of
/// open ones.)
static DONE: Bulk = Bulk::new(
    &[("id", Kind::Int), ("state", Kind::Int), ("at", Kind::Int), ("sent_from", Kind::Int), ("sent_rows", Kind::Int)],
    "UPDATE inbox SET state = v.state, sender = '', recipient = '', text = '', settled_at = v.at, \
                      sent_from = v.sent_from, sent_rows = v.sent_rows \
     FROM v WHERE inbox.id = v.id AND inbox.state + 0 < 2",
);
static DONE_TOLD: Bulk = Bulk::new(
    &[("id", Kind::Int), ("state", Kind::Int), ("at", Kind::Int), ("sent_from", Kind::Int), ("sent_rows", Kind::Int)],
    "UPDATE inbox SET state = v.state, sender = '', recipient = '', text = '', settled_at = v.at, \
                      sent_from = v.sent_from, sent_rows = v.sent_rows \
     FROM v WHERE inbox.id = v.id AND inbox.state + 0 < 2 RETURNING inbox.id",
);
static LATER: Bulk = Bulk::new(
    &[
        ("id", Kind::Int),
        ("again_at", Kind::Int),
        ("acknowledged", Kind::Int),
        ("wait_from", Kind::Int),
        ("wait_rows", Kind::Int),
    ],
    "UPDATE inbox SET state = 1, node = NULL, tries = inbox.tries + 1, again_at = v.again_at, \
                      acknowledged = v.acknowledged, \
                      wait_from = coalesce(v.wait_from, inbox.wait_from), \
                      wait_rows = coalesce(v.wait_rows, inbox.wait_rows) \
     FROM v WHERE inbox.id = v.id AND inbox.state + 0 < 2 RETURNING inbox.id",
);
static KEEP_RESTS: Bulk = Bulk::new(
    &[("owner", Kind::Bytes), ("text", Kind::Text), ("until_at", Kind::Int)],
    "INSERT INTO rests (owner, text, until_at) SELECT v.owner, v.text, v.until_at FROM v WHERE v.owner IS NOT NULL \
     ON CONFLICT (owner) DO UPDATE SET text = excluded.text, until_at = excluded.until_at",
);
static DROP_RESTS: Bulk =
    Bulk::new(&[("owner", Kind::Bytes)], "DELETE FROM rests WHERE owner IN (SELECT v.owner FROM v)");

/// Settles messages, writes what goes out with them, and tells for each whether
/// it was this call that settled it; `careful` as in [`super::receive::receive`].
pub(super) async fn settle<'b>(
    link: &mut Link<'b>,
    node: i64,
    ops: &'b [Asked<Settle, Option<Vec<Outbound>>>],
    careful: bool,
) -> Result<Vec<bool>, sqlx::Error> {
    if ops.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids = HashSet::with_capacity(ops.len());
    let mut settled: Vec<bool> = ops.iter().map(|op| ids.insert(op.what.id.0)).collect();
    let firsts = || ops.iter().zip(&settled).filter(|(_, first)| **first).map(|(op, _)| &op.what);
    let mut done: Vec<&Settle> = firsts().filter(|op| state_of(op) > 1).collect();
    let mut later: Vec<&Settle> = firsts().filter(|op| state_of(op) == 1).collect();
    done.sort_unstable_by_key(|op| op.id);
    later.sort_unstable_by_key(|op| op.id);

    let rows = Rows::new(done.len())
        .ints(done.iter().map(|op| op.id.0))
        .ints(done.iter().map(|op| state_of(op)))
        .ints(done.iter().map(|op| to_micros(op.at)))
        .maybe_ints(done.iter().map(|op| sent(op).map(|_| op.first_id)))
        .maybe_ints(done.iter().map(|op| sent(op)));
    let mut told: HashSet<i64> = HashSet::new();
    if careful {
        told.extend(link.fetch::<(i64,)>(&DONE_TOLD, &rows).await?.into_iter().map(|(id,)| id));
    } else {
        link.later(&DONE, rows, Some(done.len())).await?;
    }
    let rows = Rows::new(later.len())
        .ints(later.iter().map(|op| op.id.0))
        .ints(later.iter().map(|op| again(op).0))
        .ints(later.iter().map(|op| again(op).1))
        .maybe_ints(later.iter().map(|op| sent(op).map(|_| op.first_id)))
        .maybe_ints(later.iter().map(|op| sent(op)));
    let put_off: HashSet<i64> = link.fetch::<(i64,)>(&LATER, &rows).await?.into_iter().map(|(id,)| id).collect();
    for (settled, op) in settled.iter_mut().zip(ops) {
        let id = op.what.id.0;
        *settled &= match state_of(&op.what) {
            1 => put_off.contains(&id),
            _ => !careful || told.contains(&id),
        };
    }

    let winners = || ops.iter().zip(&settled).filter(|(_, settled)| **settled).map(|(op, _)| &op.what);
    let messages: Vec<(i64, i64, &'b NewOutbound)> = winners()
        .flat_map(|op| {
            let at = to_micros(op.at);
            (op.first_id..).zip(&op.settlement.send).map(move |(id, message)| (id, at, message))
        })
        .collect();
    outbound::insert(link, Some(node), &messages).await?;
    rests(link, winners().filter_map(|op| op.settlement.rest.as_ref()).collect()).await?;
    Ok(settled)
}

/// The last rest of each owner holds.
async fn rests(link: &mut Link<'_>, rests: Vec<&Rest>) -> Result<(), sqlx::Error> {
    if rests.is_empty() {
        return Ok(());
    }
    let mut owners = HashSet::new();
    let mut last: Vec<&Rest> = rests.into_iter().rev().filter(|rest| owners.insert(rest.owner)).collect();
    last.sort_unstable_by_key(|rest| rest.owner);
    let (drop, keep): (Vec<&Rest>, Vec<&Rest>) = last.into_iter().partition(|rest| rest.text.is_empty());
    link.execute(&DROP_RESTS, &Rows::new(drop.len()).bytes(drop.iter().map(|rest| &rest.owner.0[..]))).await?;
    let rows = Rows::new(keep.len())
        .bytes(keep.iter().map(|rest| &rest.owner.0[..]))
        .texts(keep.iter().map(|rest| rest.text.as_str()))
        .ints(keep.iter().map(|rest| to_micros(rest.until)));
    link.execute(&KEEP_RESTS, &rows).await?;
    Ok(())
}

const fn state_of(op: &Settle) -> i64 {
    match op.settlement.fate {
        Fate::Later { .. } => 1,
        Fate::Answered => 2,
        Fate::Ignored => 3,
    }
}

fn again(op: &Settle) -> (i64, i64) {
    match op.settlement.fate {
        Fate::Later { at, acknowledged } => (to_micros(at), i64::from(acknowledged)),
        Fate::Answered | Fate::Ignored => (0, 0),
    }
}

/// How many messages go out with it.
fn sent(op: &Settle) -> Option<i64> {
    i64::try_from(op.settlement.send.len()).ok().filter(|count| *count > 0)
}
