use std::collections::HashSet;

use gateway_core::domain::SenderAssurance;
use gateway_core::ports::Received;

use super::ops::{Asked, Receive};
use crate::bulk::{Bulk, Kind, Link, Rows};
use crate::time::to_micros;

/// Remembers messages. A row that is older than the window counts as gone.
static SEEN: Bulk = Bulk::new(
    &[("message", Kind::Bytes), ("at", Kind::Int)],
    "INSERT INTO seen_messages (message, at) SELECT v.message, v.at FROM v WHERE v.message IS NOT NULL \
     ON CONFLICT (message) DO UPDATE SET at = excluded.at WHERE seen_messages.at < excluded.at - {n}",
);
/// The same, and tells which were new.
static SEEN_TOLD: Bulk = Bulk::new(
    &[("message", Kind::Bytes), ("at", Kind::Int)],
    "INSERT INTO seen_messages (message, at) SELECT v.message, v.at FROM v WHERE v.message IS NOT NULL \
     ON CONFLICT (message) DO UPDATE SET at = excluded.at WHERE seen_messages.at < excluded.at - {n} \
     RETURNING message",
);
static INSERT: Bulk = Bulk::new(
    &[
        ("id", Kind::Int),
        ("channel", Kind::Text),
        ("provider", Kind::Text),
        ("sender", Kind::Text),
        ("recipient", Kind::Text),
        ("text", Kind::Text),
        ("assurance", Kind::Int),
        ("received_at", Kind::Int),
        ("answer_by", Kind::Int),
        ("node", Kind::Int),
    ],
    "INSERT INTO inbox (id, channel, provider, sender, recipient, text, assurance, received_at, answer_by, \
                        state, acknowledged, tries, again_at, node) \
     SELECT v.id, v.channel, v.provider, v.sender, v.recipient, v.text, v.assurance, v.received_at, v.answer_by, \
            0, 0, 0, v.received_at, v.node FROM v WHERE v.id IS NOT NULL \
     ON CONFLICT (id) DO NOTHING",
);
static SETS_SEEN: Bulk = Bulk::new(
    &[("message", Kind::Bytes), ("at", Kind::Int)],
    "INSERT INTO seen_messages (message, at) SELECT v.message, v.at FROM v WHERE v.message IS NOT NULL \
     ON CONFLICT (message) DO UPDATE SET at = excluded.at",
);
static DELETE_SETS: Bulk =
    Bulk::new(&[("part_set", Kind::Bytes)], "DELETE FROM inbound_parts WHERE part_set IN (SELECT v.part_set FROM v)");

/// Writes messages down and tells for each whether it is new, and how many
/// parts it took away. Where it is not `careful`, all are taken for new, and
/// [`Link::as_expected`] says whether that was so.
pub(super) async fn receive<'b>(
    link: &mut Link<'b>,
    node: i64,
    ops: &'b [Asked<Receive, Received>],
    careful: bool,
) -> Result<(Vec<bool>, u64), sqlx::Error> {
    if ops.is_empty() {
        return Ok((Vec::new(), 0));
    }
    // Of two deliveries at once the first is the one.
    let mut keys = HashSet::with_capacity(ops.len());
    let mut firsts: Vec<&Receive> = Vec::with_capacity(ops.len());
    let first: Vec<bool> = ops
        .iter()
        .map(|op| {
            let first = keys.insert(op.what.message.key);
            if first {
                firsts.push(&op.what);
            }
            first
        })
        .collect();
    let mut new = first;
    // In the order of keys, so that two nodes cannot wait for each other.
    let mut by_key = firsts.clone();
    by_key.sort_unstable_by_key(|op| (op.message.window, op.message.key));
    let mut told: HashSet<Vec<u8>> = HashSet::new();
    for same in by_key.chunk_by(|a, b| a.message.window == b.message.window) {
        let window = same.first().map(|op| op.message.window).unwrap_or_default();
        let rows = Rows::new(same.len())
            .bytes(same.iter().map(|op| &op.message.key.0[..]))
            .ints(same.iter().map(|op| to_micros(op.message.received_at)))
            .number(i64::try_from(window.as_micros()).unwrap_or(i64::MAX / 2));
        if careful {
            told.extend(link.fetch::<(Vec<u8>,)>(&SEEN_TOLD, &rows).await?.into_iter().map(|(key,)| key));
        } else {
            link.later(&SEEN, rows, Some(same.len())).await?;
        }
    }
    if careful {
        firsts.retain(|op| told.contains(&op.message.key.0[..]));
        for (new, op) in new.iter_mut().zip(ops) {
            *new &= told.contains(&op.what.message.key.0[..]);
        }
    }
    link.later(&INSERT, rows_of(node, &firsts), None).await?;
    let parts = forget_parts(link, ops).await?;
    Ok((new, parts))
}

fn rows_of<'a>(node: i64, firsts: &[&'a Receive]) -> Rows<'a> {
    let all = || firsts.iter().map(|op| (op.id, &op.message));
    Rows::new(firsts.len())
        .ints(all().map(|(id, _)| id))
        .texts(all().map(|(_, message)| message.channel.key()))
        .texts(all().map(|(_, message)| message.provider.as_str()))
        .texts(all().map(|(_, message)| message.from.as_str()))
        .texts(all().map(|(_, message)| message.to.as_str()))
        .texts(all().map(|(_, message)| message.text.as_str()))
        .ints(all().map(|(_, message)| assurance_number(message.assurance)))
        .ints(all().map(|(_, message)| to_micros(message.received_at)))
        .ints(all().map(|(_, message)| to_micros(message.answer_by)))
        .ints(all().map(|_| node))
}

/// Deletes the parts that became messages and remembers their sets, so that a
/// part that comes again is known.
async fn forget_parts(link: &mut Link<'_>, ops: &[Asked<Receive, Received>]) -> Result<u64, sqlx::Error> {
    let mut sets: Vec<_> =
        ops.iter().filter_map(|op| Some((op.what.message.parts?, to_micros(op.what.message.received_at)))).collect();
    if sets.is_empty() {
        return Ok(0);
    }
    sets.sort_unstable();
    sets.dedup_by_key(|(set, _)| *set);
    let keys = || sets.iter().map(|(set, _)| &set.0[..]);
    link.execute(&SETS_SEEN, &Rows::new(sets.len()).bytes(keys()).ints(sets.iter().map(|(_, at)| *at))).await?;
    link.execute(&DELETE_SETS, &Rows::new(sets.len()).bytes(keys())).await
}

pub(super) const fn assurance_number(assurance: SenderAssurance) -> i64 {
    match assurance {
        SenderAssurance::Claimed => 0,
        SenderAssurance::Provider => 1,
        SenderAssurance::Carrier => 2,
    }
}

/// What cannot be read vouches for nothing.
pub(super) const fn assurance_of(number: i64) -> SenderAssurance {
    match number {
        1 => SenderAssurance::Provider,
        2 => SenderAssurance::Carrier,
        _ => SenderAssurance::Claimed,
    }
}
