use std::collections::{HashMap, HashSet};

use compact_str::CompactString;
use gateway_core::domain::{Channel, MessageKey, Provider};
use gateway_core::ports::{InboundParts, NewInboundPart, PartReceived, StoreError};
use jiff::Timestamp;

use super::ops::Asked;
use super::receive::{assurance_number, assurance_of};
use crate::bulk::{Bulk, Kind, Link, Rows, row};
use crate::failure::unreadable;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

static SEEN_SETS: Bulk = Bulk::new(
    &[("message", Kind::Bytes)],
    "SELECT seen_messages.message, seen_messages.at FROM v JOIN seen_messages ON seen_messages.message = v.message",
);
/// A part that is there from before the window belongs to another message with
/// the same reference: the new one takes its place.
static INSERT: Bulk = Bulk::new(
    &[
        ("part_set", Kind::Bytes),
        ("sequence", Kind::Int),
        ("total", Kind::Int),
        ("channel", Kind::Text),
        ("provider", Kind::Text),
        ("sender", Kind::Text),
        ("recipient", Kind::Text),
        ("assurance", Kind::Int),
        ("coding", Kind::Int),
        ("octets", Kind::Bytes),
        ("received_at", Kind::Int),
    ],
    "INSERT INTO inbound_parts (part_set, sequence, total, channel, provider, sender, recipient, assurance, coding, \
                                octets, received_at) \
     SELECT v.part_set, v.sequence, v.total, v.channel, v.provider, v.sender, v.recipient, v.assurance, v.coding, \
            v.octets, v.received_at FROM v WHERE v.part_set IS NOT NULL \
     ON CONFLICT (part_set, sequence) DO UPDATE SET \
        total = excluded.total, channel = excluded.channel, provider = excluded.provider, sender = excluded.sender, \
        recipient = excluded.recipient, assurance = excluded.assurance, coding = excluded.coding, \
        octets = excluded.octets, received_at = excluded.received_at \
     WHERE inbound_parts.received_at < excluded.received_at - {n} \
     RETURNING part_set, sequence",
);
static OF_SETS: Bulk = Bulk::new(
    &[("part_set", Kind::Bytes)],
    "SELECT p.part_set, p.sequence, p.total, p.channel, p.provider, p.sender, p.recipient, p.assurance, p.coding, \
            p.octets, p.received_at \
     FROM v JOIN inbound_parts p ON p.part_set = v.part_set ORDER BY p.part_set, p.sequence",
);
static HOW_MANY: Bulk = Bulk::new(
    &[("part_set", Kind::Bytes)],
    "SELECT p.part_set, count(*), max(p.total) FROM v JOIN inbound_parts p ON p.part_set = v.part_set \
     GROUP BY p.part_set",
);

row! {
    struct Row {
        part_set: Vec<u8>,
        sequence: i64,
        total: i64,
        channel: String,
        provider: String,
        sender: String,
        recipient: String,
        assurance: i64,
        coding: i64,
        octets: Vec<u8>,
        received_at: i64,
    }
}

/// Writes parts down. The last of a set gets all of them.
pub(super) async fn receive_parts(
    link: &mut Link<'_>,
    ops: &[Asked<NewInboundPart, PartReceived>],
) -> Result<Vec<PartReceived>, sqlx::Error> {
    if ops.is_empty() {
        return Ok(Vec::new());
    }
    let seen = seen_sets(link, ops).await?;
    let mut places = HashSet::new();
    let mut firsts: Vec<(usize, &NewInboundPart)> = Vec::new();
    for (n, op) in ops.iter().enumerate() {
        let part = &op.what;
        let known = seen.get(&part.set.0[..]).is_some_and(|at| within(*at, part));
        if !known && places.insert((part.set, part.sequence)) {
            firsts.push((n, part));
        }
    }
    firsts.sort_by_key(|(_, part)| (part.window, part.set, part.sequence));
    let mut written: HashSet<(Vec<u8>, i64)> = HashSet::new();
    for same in firsts.chunk_by(|(_, a), (_, b)| a.window == b.window) {
        written.extend(link.fetch::<(Vec<u8>, i64)>(&INSERT, &rows_of(same)).await?);
    }
    firsts.retain(|(_, part)| written.contains(&(part.set.0.to_vec(), i64::from(part.sequence))));

    // Of several parts of a set in one batch the last completes it.
    let mut last: HashMap<MessageKey, usize> = HashMap::new();
    for (n, part) in &firsts {
        let place = last.entry(part.set).or_insert(*n);
        *place = (*place).max(*n);
    }
    let mut sets = complete(link, last.keys().copied().collect()).await?;
    let mut answers = Vec::with_capacity(ops.len());
    let new: HashSet<usize> = firsts.iter().map(|(n, _)| *n).collect();
    for (n, op) in ops.iter().enumerate() {
        answers.push(if !new.contains(&n) {
            PartReceived::Replay
        } else if last.get(&op.what.set) == Some(&n) {
            sets.remove(&op.what.set).map_or(PartReceived::Waiting, PartReceived::Complete)
        } else {
            PartReceived::Waiting
        });
    }
    Ok(answers)
}

/// When sets were received whole.
async fn seen_sets(
    link: &mut Link<'_>,
    ops: &[Asked<NewInboundPart, PartReceived>],
) -> Result<HashMap<Vec<u8>, i64>, sqlx::Error> {
    let mut sets: Vec<MessageKey> = ops.iter().map(|op| op.what.set).collect();
    sets.sort_unstable();
    sets.dedup();
    let rows = Rows::new(sets.len()).bytes(sets.iter().map(|set| &set.0[..]));
    Ok(link.fetch::<(Vec<u8>, i64)>(&SEEN_SETS, &rows).await?.into_iter().collect())
}

fn within(seen_at: i64, part: &NewInboundPart) -> bool {
    seen_at >= to_micros(part.received_at).saturating_sub(window_micros(part))
}

fn window_micros(part: &NewInboundPart) -> i64 {
    i64::try_from(part.window.as_micros()).unwrap_or(i64::MAX / 2)
}

fn rows_of<'a>(parts: &[(usize, &'a NewInboundPart)]) -> Rows<'a> {
    let all = || parts.iter().map(|(_, part)| *part);
    let window = parts.first().map_or(0, |(_, part)| window_micros(part));
    Rows::new(parts.len())
        .bytes(all().map(|part| &part.set.0[..]))
        .ints(all().map(|part| i64::from(part.sequence)))
        .ints(all().map(|part| i64::from(part.total)))
        .texts(all().map(|part| part.channel.key()))
        .texts(all().map(|part| part.provider.as_str()))
        .texts(all().map(|part| part.from.as_str()))
        .texts(all().map(|part| part.to.as_str()))
        .ints(all().map(|part| assurance_number(part.assurance)))
        .ints(all().map(|part| i64::from(part.coding)))
        .bytes(all().map(|part| part.octets.as_slice()))
        .ints(all().map(|part| to_micros(part.received_at)))
        .number(window)
}

/// Those of the sets of which every part is there.
async fn complete(
    link: &mut Link<'_>,
    sets: Vec<MessageKey>,
) -> Result<HashMap<MessageKey, InboundParts>, sqlx::Error> {
    let rows = Rows::new(sets.len()).bytes(sets.iter().map(|set| &set.0[..]));
    let counts: Vec<(Vec<u8>, i64, i64)> = link.fetch(&HOW_MANY, &rows).await?;
    let whole: Vec<Vec<u8>> =
        counts.into_iter().filter(|(_, here, total)| here >= total).map(|(set, ..)| set).collect();
    let rows = Rows::new(whole.len()).bytes(whole.iter().map(Vec::as_slice));
    let parts: Vec<Row> = link.fetch(&OF_SETS, &rows).await?;
    let sets = sets_of(parts).map_err(|error| sqlx::Error::Decode(error.to_string().into()))?;
    Ok(sets.into_iter().map(|set| (set.set, set)).collect())
}

/// Rows in the order of sets and places, as sets.
fn sets_of(rows: Vec<Row>) -> Result<Vec<InboundParts>, StoreError> {
    let mut sets: Vec<InboundParts> = Vec::new();
    for row in rows {
        let key: [u8; 16] = row.part_set.try_into().map_err(|_| unreadable("a part's set"))?;
        let small = |number: i64| u8::try_from(number).map_err(|_| unreadable("a part's place"));
        let at = from_micros(row.received_at)?;
        let part = (small(row.sequence)?, small(row.coding)?, row.octets);
        match sets.last_mut().filter(|set| set.set.0 == key) {
            Some(set) => {
                set.first_at = set.first_at.min(at);
                set.assurance = set.assurance.min(assurance_of(row.assurance));
                set.parts.push(part);
            }
            None => sets.push(InboundParts {
                set: MessageKey(key),
                channel: Channel::from_key(&row.channel).ok_or_else(|| unreadable("a part's channel"))?,
                provider: Provider::new(&row.provider),
                from: CompactString::from(row.sender),
                to: CompactString::from(row.recipient),
                assurance: assurance_of(row.assurance),
                first_at: at,
                total: small(row.total)?,
                parts: vec![part],
            }),
        }
    }
    Ok(sets)
}

/// See [`gateway_core::ports::Inbox::left_parts`].
pub(super) async fn left_parts(
    store: &Store,
    channel: Channel,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<InboundParts>, StoreError> {
    let sql = "WITH lefts AS ( \
                   SELECT part_set, min(received_at) AS first_at FROM inbound_parts WHERE channel = $1 \
                   GROUP BY part_set HAVING min(received_at) < $2 OR count(*) >= max(total) \
                   ORDER BY min(received_at), part_set LIMIT $3 \
               ) \
               SELECT p.part_set, p.sequence, p.total, p.channel, p.provider, p.sender, p.recipient, p.assurance, \
                      p.coding, p.octets, p.received_at \
               FROM lefts JOIN inbound_parts p ON p.part_set = lefts.part_set \
               ORDER BY lefts.first_at, p.part_set, p.sequence";
    let rows: Vec<Row> = on_pool!(read store, pool => sqlx::query_as(sql)
        .bind(channel.key())
        .bind(to_micros(before))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(pool))?;
    sets_of(rows)
}
