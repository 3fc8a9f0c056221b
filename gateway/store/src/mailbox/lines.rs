use std::collections::HashMap;

use gateway_core::domain::MessageKey;
use gateway_core::ports::Written;

use super::ops::Asked;
use crate::bulk::{Bind, Bulk, Kind, Link, Rows};

/// Whoever writes lines on PostgreSQL holds this lock until the commit, so
/// that numbers are seen in their order: readers ask for what is after one.
const LINES: i64 = 0x6461_6b65_6e68_0001;
/// Transactions in which the house speaks share this lock, from their start;
/// whoever gives a conversation to an officer holds it alone.
pub(crate) const VOICES: i64 = 0x6461_6b65_6e68_0002;

/// A line, sealed.
pub(crate) struct SealedLine {
    pub(crate) key: MessageKey,
    pub(crate) conversation: [u8; 16],
    pub(crate) speaker: &'static str,
    /// It is the house's: not while an officer holds the conversation.
    pub(crate) house: bool,
    pub(crate) sealed: Vec<u8>,
    pub(crate) key_id: compact_str::CompactString,
    pub(crate) understood: compact_str::CompactString,
    pub(crate) officer: Option<i64>,
    pub(crate) at: i64,
    pub(crate) until_at: i64,
}

static INSERT: Bulk = Bulk::new(
    &[
        ("line_key", Kind::Bytes),
        ("place", Kind::Int),
        ("conversation", Kind::Bytes),
        ("speaker", Kind::Text),
        ("house", Kind::Int),
        ("sealed", Kind::Bytes),
        ("key_id", Kind::Text),
        ("understood", Kind::Text),
        ("officer", Kind::Int),
        ("at", Kind::Int),
        ("until_at", Kind::Int),
    ],
    "INSERT INTO transcript_lines (line_key, conversation, speaker, sealed, key_id, understood, officer, at, until_at) \
     SELECT v.line_key, v.conversation, v.speaker, v.sealed, v.key_id, v.understood, v.officer, v.at, v.until_at \
     FROM v WHERE v.line_key IS NOT NULL AND (v.house = 0 OR NOT EXISTS \
        (SELECT 1 FROM handovers h WHERE h.conversation = v.conversation AND h.state < 2 AND h.state = 1)) \
     ORDER BY v.place ON CONFLICT (line_key) DO NOTHING RETURNING line_key, id",
);
static KNOWN: Bulk = Bulk::new(
    &[("line_key", Kind::Bytes)],
    "SELECT l.line_key, l.id FROM transcript_lines l WHERE l.line_key IN (SELECT v.line_key FROM v)",
);

/// Writes lines down, in the order of calls. It is the last statement of a
/// transaction: whoever holds the lock waits for nobody.
pub(super) async fn write<'b>(
    link: &mut Link<'b>,
    ops: &'b [Asked<Vec<SealedLine>, Vec<Written>>],
) -> Result<Vec<Vec<Written>>, sqlx::Error> {
    if ops.is_empty() {
        return Ok(Vec::new());
    }
    if link.is_postgres() {
        link.run("SELECT pg_advisory_xact_lock($1)", &[Bind::Int(LINES)]).await?;
    }
    let all: Vec<&SealedLine> = ops.iter().flat_map(|op| &op.what).collect();
    let rows = Rows::new(all.len())
        .bytes(all.iter().map(|line| &line.key.0[..]))
        .ints(0..i64::try_from(all.len()).unwrap_or(i64::MAX))
        .bytes(all.iter().map(|line| &line.conversation[..]))
        .texts(all.iter().map(|line| line.speaker))
        .ints(all.iter().map(|line| i64::from(line.house)))
        .bytes(all.iter().map(|line| &line.sealed[..]))
        .texts(all.iter().map(|line| line.key_id.as_str()))
        .texts(all.iter().map(|line| line.understood.as_str()))
        .maybe_ints(all.iter().map(|line| line.officer))
        .ints(all.iter().map(|line| line.at))
        .ints(all.iter().map(|line| line.until_at));
    let new: HashMap<Vec<u8>, i64> = link.fetch::<(Vec<u8>, i64)>(&INSERT, &rows).await?.into_iter().collect();
    let missing: Vec<&[u8]> = all.iter().map(|line| &line.key.0[..]).filter(|key| !new.contains_key(*key)).collect();
    let known: HashMap<Vec<u8>, i64> = if missing.is_empty() {
        HashMap::new()
    } else {
        let rows = Rows::new(missing.len()).bytes(missing.into_iter());
        link.fetch::<(Vec<u8>, i64)>(&KNOWN, &rows).await?.into_iter().collect()
    };
    let mut told = std::collections::HashSet::new();
    let mut fate = |line: &SealedLine| match new.get(&line.key.0[..]) {
        Some(id) if told.insert(line.key) => Written::New(*id),
        Some(_) => Written::Again,
        None if known.contains_key(&line.key.0[..]) => Written::Again,
        None => Written::Silenced,
    };
    Ok(ops.iter().map(|op| op.what.iter().map(&mut fate).collect()).collect())
}

/// Writes one line down in a transaction of somebody else's; `false` where it
/// was there.
pub(crate) async fn insert_alone(link: &mut Link<'_>, line: &SealedLine) -> Result<bool, sqlx::Error> {
    if link.is_postgres() {
        link.run("SELECT pg_advisory_xact_lock($1)", &[Bind::Int(LINES)]).await?;
    }
    let insert = "INSERT INTO transcript_lines (line_key, conversation, speaker, sealed, key_id, understood, \
                                                officer, at, until_at) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (line_key) DO NOTHING";
    let values = [
        Bind::Bytes(&line.key.0),
        Bind::Bytes(&line.conversation),
        Bind::Text(line.speaker),
        Bind::Bytes(&line.sealed),
        Bind::Text(&line.key_id),
        Bind::Text(&line.understood),
        Bind::MaybeInt(line.officer),
        Bind::Int(line.at),
        Bind::Int(line.until_at),
    ];
    Ok(link.run(insert, &values).await? == 1)
}
