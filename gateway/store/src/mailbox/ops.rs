use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::domain::{DeliveryState, MessageId};
use gateway_core::ports::{
    DeliveryReceipt, HandedOver, Inbound, NewInbound, NewInboundPart, NewOutbound, Outbound, PartReceived, ReceiptFate,
    Received, Settlement, StoreError, Written,
};

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::claim::Claim;
use super::journal::Core;
use super::lines::SealedLine;

/// What a caller is told: the answer, and what it takes over with it.
pub(super) type Told<A> = Result<(A, Claim), StoreError>;

/// Tells a caller once its change is committed.
pub(super) type Done<A> = oneshot::Sender<Told<A>>;

/// A call and who waits for it.
pub(super) struct Asked<Q, A> {
    pub(super) what: Q,
    pub(super) done: Done<A>,
}

pub(super) struct Receive {
    pub(super) id: i64,
    pub(super) message: NewInbound,
}

pub(super) struct Settle {
    pub(super) id: MessageId,
    pub(super) at: Timestamp,
    /// The id of the first message that goes out; the others follow.
    pub(super) first_id: i64,
    pub(super) settlement: Settlement,
}

pub(super) struct Enqueue {
    pub(super) at: Timestamp,
    pub(super) first_id: i64,
    pub(super) messages: Vec<NewOutbound>,
}

/// A hand-over that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) id: MessageId,
    /// Told apart from every other attempt at any message.
    pub(super) attempt: i64,
}

pub(super) struct Begin {
    pub(super) begun: Begun,
    pub(super) route: CompactString,
    pub(super) at: Timestamp,
    /// Not while an officer holds the conversation.
    pub(super) voiced: bool,
}

pub(super) struct Conclude {
    pub(super) id: MessageId,
    pub(super) outcome: HandedOver,
    /// Of the id under which a provider took it.
    pub(super) canonical_id: String,
}

/// One call of the mailbox.
pub(super) enum Op {
    Receive(Asked<Receive, Received>),
    Part(Asked<NewInboundPart, PartReceived>),
    Settle(Asked<Settle, Option<Vec<Outbound>>>),
    Enqueue(Asked<Enqueue, Vec<Outbound>>),
    Begin(Asked<Begin, Option<Begun>>),
    Conclude(Asked<Conclude, ()>),
    Release(Asked<Vec<MessageId>, ()>),
    Receipt(Asked<DeliveryReceipt, ReceiptFate>),
    Lines(Asked<Vec<SealedLine>, Vec<Written>>),
}

/// Calls that are committed together, sorted by kind. Whoever calls waits for
/// the answer before the next call on the same message, so kinds may be
/// written one after the other.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) receives: Vec<Asked<Receive, Received>>,
    pub(super) parts: Vec<Asked<NewInboundPart, PartReceived>>,
    pub(super) settles: Vec<Asked<Settle, Option<Vec<Outbound>>>>,
    pub(super) enqueues: Vec<Asked<Enqueue, Vec<Outbound>>>,
    pub(super) begins: Vec<Asked<Begin, Option<Begun>>>,
    pub(super) concludes: Vec<Asked<Conclude, ()>>,
    pub(super) releases: Vec<Asked<Vec<MessageId>, ()>>,
    pub(super) receipts: Vec<Asked<DeliveryReceipt, ReceiptFate>>,
    pub(super) lines: Vec<Asked<Vec<SealedLine>, Vec<Written>>>,
}

/// What came of a batch, in the order of its calls.
#[derive(Default)]
pub(super) struct Answers {
    /// Whether each message is new.
    pub(super) receives: Vec<bool>,
    /// Rows of parts that became messages.
    pub(super) parts_done: u64,
    pub(super) parts: Vec<PartReceived>,
    /// Whether each message was settled by this call.
    pub(super) settles: Vec<bool>,
    pub(super) begins: Vec<bool>,
    pub(super) receipts: Vec<ReceiptFate>,
    pub(super) lines: Vec<Vec<Written>>,
}

/// What is to be mended because a caller was not told that its change was
/// written: what nobody holds in memory must be there for all to adopt.
///
/// One may run late, after the caller tried again and another writer committed
/// that, and it may run twice, where the outcome of its own commit is unknown. So
/// each touches only what its own call wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repair {
    /// A message that nobody answers.
    FreeInbound(i64),
    /// A message that nobody hands over, begun by that attempt and no other.
    FreeBegun(Begun),
    /// A message that was adopted and nobody has, as long as it is not begun.
    FreeAdopted(i64),
    /// A message whose writer was told that it failed, and will write again.
    Unwrite(i64),
}

impl Begun {
    /// A message that was written down as begun: its id is the attempt.
    pub(super) const fn as_written(id: i64) -> Self {
        Self { id: MessageId(id), attempt: id }
    }
}

/// Repairs that wait for the next transaction.
#[derive(Default)]
pub(super) struct Repairs(Mutex<Vec<Repair>>);

/// More are not remembered: the restart of the node mends the rest.
const MOST_REPAIRS: usize = 1_000_000;

impl Repairs {
    pub(super) fn add(&self, repairs: impl IntoIterator<Item = Repair>) {
        let mut waiting = self.0.lock();
        let room = MOST_REPAIRS.saturating_sub(waiting.len());
        waiting.extend(repairs.into_iter().take(room));
    }

    pub(super) fn take(&self) -> Vec<Repair> {
        std::mem::take(&mut *self.0.lock())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.lock().is_empty()
    }
}

/// An answer that makes its receiver responsible for something.
pub(super) trait Answer: Send + 'static {
    /// What must be mended where nobody received it.
    fn repairs(&self) -> Vec<Repair> {
        Vec::new()
    }
}

impl Answer for () {}
impl Answer for PartReceived {}
impl Answer for ReceiptFate {}
impl Answer for Vec<Written> {}

impl Answer for Received {
    fn repairs(&self) -> Vec<Repair> {
        match self {
            Self::New(message) => vec![Repair::FreeInbound(message.id.0)],
            Self::Replay => Vec::new(),
        }
    }
}

impl Answer for Vec<Outbound> {
    fn repairs(&self) -> Vec<Repair> {
        self.iter().filter(|row| row.message.begun).map(|row| Repair::FreeBegun(Begun::as_written(row.id.0))).collect()
    }
}

impl Answer for Option<Vec<Outbound>> {
    fn repairs(&self) -> Vec<Repair> {
        self.as_ref().map(Answer::repairs).unwrap_or_default()
    }
}

impl Answer for Option<Begun> {
    fn repairs(&self) -> Vec<Repair> {
        self.iter().map(|begun| Repair::FreeBegun(*begun)).collect()
    }
}

impl Batch {
    pub(super) fn of(ops: impl IntoIterator<Item = Op>) -> Self {
        let mut batch = Self::default();
        for op in ops {
            match op {
                Op::Receive(op) => batch.receives.push(op),
                Op::Part(op) => batch.parts.push(op),
                Op::Settle(op) => batch.settles.push(op),
                Op::Enqueue(op) => batch.enqueues.push(op),
                Op::Begin(op) => batch.begins.push(op),
                Op::Conclude(op) => batch.concludes.push(op),
                Op::Release(op) => batch.releases.push(op),
                Op::Receipt(op) => batch.receipts.push(op),
                Op::Lines(op) => batch.lines.push(op),
            }
        }
        batch
    }

    pub(super) fn len(&self) -> usize {
        self.receives.len()
            + self.parts.len()
            + self.settles.len()
            + self.enqueues.len()
            + self.begins.len()
            + self.concludes.len()
            + self.releases.len()
            + self.receipts.len()
            + self.lines.len()
    }

    fn ops(self) -> impl Iterator<Item = Op> {
        let receives = self.receives.into_iter().map(Op::Receive);
        let parts = self.parts.into_iter().map(Op::Part);
        let settles = self.settles.into_iter().map(Op::Settle);
        let enqueues = self.enqueues.into_iter().map(Op::Enqueue);
        let begins = self.begins.into_iter().map(Op::Begin);
        let concludes = self.concludes.into_iter().map(Op::Conclude);
        let releases = self.releases.into_iter().map(Op::Release);
        let receipts = self.receipts.into_iter().map(Op::Receipt);
        let lines = self.lines.into_iter().map(Op::Lines);
        receives
            .chain(parts)
            .chain(settles)
            .chain(enqueues)
            .chain(begins)
            .chain(concludes)
            .chain(releases)
            .chain(receipts)
            .chain(lines)
    }

    /// Two batches of half the size, to find the call that spoils it.
    pub(super) fn halves(self) -> (Self, Self) {
        let half = self.len() / 2;
        let mut ops = self.ops();
        let first = Self::of(ops.by_ref().take(half));
        (first, Self::of(ops))
    }

    /// Fails every call.
    pub(super) fn fail(self, error: &StoreError) {
        for op in self.ops() {
            let error = error.clone();
            // Nobody listens where the caller has gone: then nobody needs it.
            match op {
                Op::Receive(op) => drop(op.done.send(Err(error))),
                Op::Part(op) => drop(op.done.send(Err(error))),
                Op::Settle(op) => drop(op.done.send(Err(error))),
                Op::Enqueue(op) => drop(op.done.send(Err(error))),
                Op::Begin(op) => drop(op.done.send(Err(error))),
                Op::Conclude(op) => drop(op.done.send(Err(error))),
                Op::Release(op) => drop(op.done.send(Err(error))),
                Op::Receipt(op) => drop(op.done.send(Err(error))),
                Op::Lines(op) => drop(op.done.send(Err(error))),
            }
        }
    }

    /// What must be mended where nobody knows whether the batch was committed.
    pub(super) fn repairs(&self) -> Vec<Repair> {
        let received = self.receives.iter().map(|op| Repair::FreeInbound(op.what.id));
        // What is queued is nobody's as it is written.
        let settled = self.settles.iter().flat_map(|op| {
            let begun =
                |(id, message): (i64, &NewOutbound)| message.begun.then(|| Repair::FreeBegun(Begun::as_written(id)));
            (op.what.first_id..).zip(&op.what.settlement.send).filter_map(begun)
        });
        let written = self.enqueues.iter().flat_map(|op| ids(op.what.first_id, op.what.messages.len()));
        let begun = self.begins.iter().map(|op| Repair::FreeBegun(op.what.begun));
        received.chain(settled).chain(written.map(Repair::Unwrite)).chain(begun).collect()
    }

    /// Answers every call. What those leave undone who do not wait is mended.
    pub(super) fn finish(self, answers: Answers, core: &Arc<Core>) {
        for (op, new) in self.receives.into_iter().zip(answers.receives) {
            let Receive { id, message } = op.what;
            let received = if new { Received::New(inbound(id, message)) } else { Received::Replay };
            tell(op.done, received, core);
        }
        for (op, part) in self.parts.into_iter().zip(answers.parts) {
            tell(op.done, part, core);
        }
        for (op, settled) in self.settles.into_iter().zip(answers.settles) {
            let Settle { at, first_id, settlement, .. } = op.what;
            tell(op.done, settled.then(|| outbound(first_id, at, settlement.send)), core);
        }
        for op in self.enqueues {
            let Enqueue { at, first_id, messages } = op.what;
            tell(op.done, outbound(first_id, at, messages), core);
        }
        for (op, begun) in self.begins.into_iter().zip(answers.begins) {
            tell(op.done, begun.then_some(op.what.begun), core);
        }
        for op in self.concludes {
            tell(op.done, (), core);
        }
        for op in self.releases {
            tell(op.done, (), core);
        }
        for (op, fate) in self.receipts.into_iter().zip(answers.receipts) {
            tell(op.done, fate, core);
        }
        for (op, written) in self.lines.into_iter().zip(answers.lines) {
            tell(op.done, written, core);
        }
    }
}

fn tell<A: Answer>(done: Done<A>, answer: A, core: &Arc<Core>) {
    let claim = Claim::new(core, answer.repairs());
    // Where the caller has gone, the claim comes back and is dropped.
    drop(done.send(Ok((answer, claim))));
}

/// Ids from one on.
pub(super) fn ids(first: i64, count: usize) -> impl Iterator<Item = i64> {
    (first..).take(count)
}

fn inbound(id: i64, message: NewInbound) -> Inbound {
    Inbound {
        id: MessageId(id),
        channel: message.channel,
        provider: message.provider,
        from: message.from,
        to: message.to,
        text: message.text,
        assurance: message.assurance,
        received_at: message.received_at,
        answer_by: message.answer_by,
        acknowledged: false,
        tries: 0,
    }
}

/// Messages as they were just written down.
pub(crate) fn outbound(first_id: i64, at: Timestamp, messages: Vec<NewOutbound>) -> Vec<Outbound> {
    let state = |message: &NewOutbound| if message.begun { DeliveryState::Submitting } else { DeliveryState::Queued };
    (first_id..)
        .zip(messages)
        .map(|(id, message)| Outbound { id: MessageId(id), state: state(&message), tries: 0, queued_at: at, message })
        .collect()
}
