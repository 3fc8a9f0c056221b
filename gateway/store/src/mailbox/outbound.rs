use gateway_core::domain::{Category, DeliveryState, Lane, MessageId};
use gateway_core::ports::{HandedOver, NewOutbound};

use super::ops::{Asked, Begin, Begun, Conclude};
use crate::bulk::{Bulk, Kind, Link, Rows};
use crate::time::to_micros;

static INSERT: Bulk = Bulk::new(
    &[
        ("id", Kind::Int),
        ("channel", Kind::Text),
        ("route", Kind::Text),
        ("category", Kind::Int),
        ("lane", Kind::Int),
        ("recipient", Kind::Text),
        ("sender", Kind::Text),
        ("text", Kind::Text),
        ("form", Kind::Text),
        ("part", Kind::Int),
        ("parts", Kind::Int),
        ("reference", Kind::Int),
        ("queued_at", Kind::Int),
        ("not_before", Kind::Int),
        ("valid_until", Kind::Int),
        ("repeatable", Kind::Int),
        ("answers", Kind::Int),
        ("node", Kind::Int),
    ],
    "INSERT INTO outbox (id, channel, route, category, lane, recipient, sender, text, form, part, parts, reference, \
                         queued_at, not_before, valid_until, repeatable, answers, state, tries, node, \
                         attempt, provider_id, canonical_id, error, submitted_at) \
     SELECT v.id, v.channel, v.route, v.category, v.lane, v.recipient, v.sender, v.text, v.form, v.part, v.parts, \
            v.reference, v.queued_at, v.not_before, v.valid_until, v.repeatable, v.answers, \
            CASE WHEN v.node IS NULL THEN 0 ELSE 1 END, 0, v.node, \
            CASE WHEN v.node IS NULL THEN NULL ELSE v.id END, '', '', '', \
            CASE WHEN v.node IS NULL THEN NULL ELSE v.queued_at END \
     FROM v WHERE v.id IS NOT NULL ON CONFLICT (id) DO NOTHING",
);
static BEGIN: Bulk = Bulk::new(
    &[("id", Kind::Int), ("route", Kind::Text), ("at", Kind::Int), ("node", Kind::Int), ("attempt", Kind::Int)],
    "UPDATE outbox SET state = 1, route = v.route, submitted_at = v.at, attempt = v.attempt \
     FROM v WHERE outbox.id = v.id AND outbox.state + 0 = 0 AND outbox.node = v.node",
);
static BEGIN_TOLD: Bulk = Bulk::new(
    &[("id", Kind::Int), ("route", Kind::Text), ("at", Kind::Int), ("node", Kind::Int), ("attempt", Kind::Int)],
    "UPDATE outbox SET state = 1, route = v.route, submitted_at = v.at, attempt = v.attempt \
     FROM v WHERE outbox.id = v.id AND outbox.state + 0 = 0 AND outbox.node = v.node RETURNING outbox.id",
);
/// The house's own words in a conversation are not begun while an officer holds
/// it.
static BEGIN_VOICED: Bulk = Bulk::new(
    &[("id", Kind::Int), ("route", Kind::Text), ("at", Kind::Int), ("node", Kind::Int), ("attempt", Kind::Int)],
    "UPDATE outbox SET state = 1, route = v.route, submitted_at = v.at, attempt = v.attempt \
     FROM v WHERE outbox.id = v.id AND outbox.state + 0 = 0 AND outbox.node = v.node AND NOT EXISTS \
        (SELECT 1 FROM handovers h WHERE h.voice = outbox.form AND h.state = 1) RETURNING outbox.id",
);
/// What may not be begun for that reason will never be said: the officer has
/// the word. (It asks no second time who holds it: the officer may have gone
/// between the two, and it would stay queued with nobody who sends it.)
static SILENCED: Bulk = Bulk::new(
    &[("id", Kind::Int), ("at", Kind::Int), ("node", Kind::Int)],
    "UPDATE outbox SET state = 5, error = 'person', text = '', recipient = '', final_at = v.at \
     FROM v WHERE outbox.id = v.id AND outbox.state + 0 = 0 AND outbox.node = v.node",
);
/// Messengers send no receipts, so nobody asks any more for whom it was.
static ACCEPT: Bulk = Bulk::new(
    &[("id", Kind::Int), ("provider_id", Kind::Text), ("canonical_id", Kind::Text), ("at", Kind::Int)],
    "UPDATE outbox SET state = 2, provider_id = v.provider_id, canonical_id = v.canonical_id, accepted_at = v.at, \
                       recipient = CASE WHEN outbox.channel = 'sms' THEN outbox.recipient ELSE '' END, text = '' \
     FROM v WHERE outbox.id = v.id AND outbox.state + 0 IN (1, 3)",
);
/// The other ends of a hand-over. A message that was never begun can still be
/// refused or come too late.
static CONCLUDE: Bulk = Bulk::new(
    &[("id", Kind::Int), ("state", Kind::Int), ("at", Kind::Int), ("error", Kind::Text)],
    "UPDATE outbox SET state = v.state, error = v.error, \
        text = CASE WHEN v.state = 0 THEN outbox.text ELSE '' END, \
        recipient = CASE WHEN v.state IN (0, 3) THEN outbox.recipient ELSE '' END, \
        tries = outbox.tries + CASE WHEN v.state = 0 THEN 1 ELSE 0 END, \
        not_before = CASE WHEN v.state = 0 THEN v.at ELSE outbox.not_before END, \
        final_at = CASE WHEN v.state > 3 THEN v.at ELSE NULL END \
     FROM v WHERE outbox.id = v.id AND (outbox.state = 1 OR (outbox.state IN (0, 3) AND v.state > 3))",
);
static RELEASE: Bulk = Bulk::new(
    &[("id", Kind::Int), ("node", Kind::Int)],
    "UPDATE outbox SET node = NULL FROM v WHERE outbox.id = v.id AND outbox.state + 0 = 0 AND outbox.node = v.node",
);

/// Writes messages down: id, time and message each. Those that are begun are
/// the node's and being handed over, and their own id is the attempt; the others
/// are queued and nobody's.
pub(crate) async fn insert<'b>(
    link: &mut Link<'b>,
    node: Option<i64>,
    messages: &[(i64, i64, &'b NewOutbound)],
) -> Result<(), sqlx::Error> {
    let all = || messages.iter().map(|(_, _, message)| *message);
    let rows = Rows::new(messages.len())
        .ints(messages.iter().map(|(id, ..)| *id))
        .texts(all().map(|message| message.channel.key()))
        .texts(all().map(|message| message.route.as_str()))
        .ints(all().map(|message| category_number(message.category)))
        .ints(all().map(|message| lane_number(message.category.lane())))
        .texts(all().map(|message| message.to.as_str()))
        .texts(all().map(|message| message.from.as_str()))
        .texts(all().map(|message| message.text.as_str()))
        .texts(all().map(|message| message.form.as_str()))
        .ints(all().map(|message| i64::from(message.part)))
        .ints(all().map(|message| i64::from(message.parts)))
        .ints(all().map(|message| i64::from(message.reference)))
        .ints(messages.iter().map(|(_, at, _)| *at))
        .ints(all().map(|message| to_micros(message.not_before)))
        .ints(all().map(|message| to_micros(message.valid_until)))
        .ints(all().map(|message| i64::from(message.repeatable)))
        .maybe_ints(all().map(|message| message.answers.map(|id| id.0)))
        .maybe_ints(all().map(|message| node.filter(|_| message.begun)));
    link.later(&INSERT, rows, None).await
}

/// Begins hand-overs and tells for each whether it may go; `careful` as in
/// [`super::receive::receive`].
pub(super) async fn begin<'b>(
    link: &mut Link<'b>,
    node: i64,
    ops: &'b [Asked<Begin, Option<Begun>>],
    careful: bool,
) -> Result<Vec<bool>, sqlx::Error> {
    let mut seen = std::collections::HashSet::with_capacity(ops.len());
    let mut begun: Vec<bool> = ops.iter().map(|op| seen.insert(op.what.begun.id)).collect();
    let firsts = ops.iter().zip(&begun).filter(|(_, first)| **first).map(|(op, _)| &op.what);
    let (voiced, firsts): (Vec<&Begin>, Vec<&Begin>) = firsts.partition(|op| op.voiced);
    if !voiced.is_empty() {
        let told: Vec<(i64,)> = link.fetch(&BEGIN_VOICED, &begin_rows(node, &voiced)).await?;
        let told: std::collections::HashSet<i64> = told.into_iter().map(|(id,)| id).collect();
        for (begun, op) in begun.iter_mut().zip(ops).filter(|(_, op)| op.what.voiced) {
            *begun &= told.contains(&op.what.begun.id.0);
        }
        let silent: Vec<&&Begin> = voiced.iter().filter(|op| !told.contains(&op.begun.id.0)).collect();
        let rows = Rows::new(silent.len())
            .ints(silent.iter().map(|op| op.begun.id.0))
            .ints(silent.iter().map(|op| to_micros(op.at)))
            .ints(silent.iter().map(|_| node));
        link.later(&SILENCED, rows, None).await?;
    }
    let rows = begin_rows(node, &firsts);
    if careful {
        let told: Vec<(i64,)> = link.fetch(&BEGIN_TOLD, &rows).await?;
        let told: std::collections::HashSet<i64> = told.into_iter().map(|(id,)| id).collect();
        for (begun, op) in begun.iter_mut().zip(ops).filter(|(_, op)| !op.what.voiced) {
            *begun &= told.contains(&op.what.begun.id.0);
        }
    } else {
        link.later(&BEGIN, rows, Some(firsts.len())).await?;
    }
    Ok(begun)
}

fn begin_rows<'b>(node: i64, begins: &[&'b Begin]) -> Rows<'b> {
    Rows::new(begins.len())
        .ints(begins.iter().map(|op| op.begun.id.0))
        .texts(begins.iter().map(|op| op.route.as_str()))
        .ints(begins.iter().map(|op| to_micros(op.at)))
        .ints(begins.iter().map(|_| node))
        .ints(begins.iter().map(|op| op.begun.attempt))
}

/// A message that a provider took under an id.
pub(super) struct Accepted<'a> {
    pub(super) id: i64,
    pub(super) provider_id: &'a str,
    pub(super) canonical_id: &'a str,
}

/// Writes how hand-overs ended; returns those that a provider took.
pub(super) async fn conclude<'a>(
    link: &mut Link<'a>,
    ops: &'a [Asked<Conclude, ()>],
) -> Result<Vec<Accepted<'a>>, sqlx::Error> {
    let mut accepted = Vec::with_capacity(ops.len());
    let mut times = Vec::with_capacity(ops.len());
    let mut others: Vec<(i64, DeliveryState, i64, &'a str)> = Vec::new();
    for op in ops {
        let id = op.what.id.0;
        match &op.what.outcome {
            HandedOver::Accepted { id: provider_id, at } => {
                accepted.push(Accepted { id, provider_id, canonical_id: &op.what.canonical_id });
                times.push(to_micros(*at));
            }
            HandedOver::GivenBack { at } => others.push((id, DeliveryState::Queued, to_micros(*at), "")),
            HandedOver::Refused { code, at } => others.push((id, DeliveryState::Failed, to_micros(*at), code)),
            HandedOver::TooLate { at } => others.push((id, DeliveryState::Expired, to_micros(*at), "")),
            HandedOver::Uncertain { at } => others.push((id, DeliveryState::Uncertain, to_micros(*at), "")),
        }
    }
    let rows = Rows::new(accepted.len())
        .ints(accepted.iter().map(|row| row.id))
        .texts(accepted.iter().map(|row| row.provider_id))
        .texts(accepted.iter().map(|row| row.canonical_id))
        .ints(times.iter().copied());
    link.later(&ACCEPT, rows, None).await?;
    let rows = Rows::new(others.len())
        .ints(others.iter().map(|row| row.0))
        .ints(others.iter().map(|row| row.1.number()))
        .ints(others.iter().map(|row| row.2))
        .texts(others.iter().map(|row| row.3));
    link.later(&CONCLUDE, rows, None).await?;
    Ok(accepted)
}

/// Gives queued messages of this node back.
pub(super) async fn release(
    link: &mut Link<'_>,
    node: i64,
    ops: &[Asked<Vec<MessageId>, ()>],
) -> Result<(), sqlx::Error> {
    let ids: Vec<i64> = ops.iter().flat_map(|op| &op.what).map(|id| id.0).collect();
    let rows = Rows::new(ids.len()).ints(ids.iter().copied()).ints(ids.iter().map(|_| node));
    link.later(&RELEASE, rows, None).await
}

pub(super) const fn category_number(category: Category) -> i64 {
    match category {
        Category::Answer => 0,
        Category::Code => 1,
        Category::Status => 2,
        Category::Announcement => 3,
    }
}

pub(super) fn category_of(number: i64) -> Option<Category> {
    Category::ALL.into_iter().find(|category| category_number(*category) == number)
}

pub(super) const fn lane_number(lane: Lane) -> i64 {
    match lane {
        Lane::Answers => 0,
        Lane::Notices => 1,
    }
}
