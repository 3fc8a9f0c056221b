//! What comes in and goes out over roads that cannot wait: one journal, whose
//! writers commit all that came meanwhile in one transaction.

mod adopt;
mod canonical;
mod claim;
mod journal;
pub(crate) mod lines;
mod node;
mod ops;
pub(crate) mod outbound;
mod parts;
mod queue;
mod read;
mod receipts;
mod receive;
mod settle;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use gateway_core::domain::{Channel, MessageId};
use gateway_core::ports::{
    DeliveryReceipt, HandedOver, Inbound, InboundParts, Inbox, KeyedHash, MessageTrace, NewInbound, NewInboundPart,
    NewOutbound, Outbound, Outbox, PartReceived, QueueDepth, ReceiptFate, Received, Settlement, StoreError, Written,
    is_house_voice,
};
use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use journal::{Core, closed};
use lines::SealedLine;
use ops::{Answer, Asked, Begin, Begun, Conclude, Done, Enqueue, Op, Receive, Settle};

pub use node::MailboxProblem;
pub(crate) use node::write_down;
use ops::outbound as written;

/// The lower bits of a row's id count; the upper ones are the node's number.
pub(crate) const NODE_BITS: u32 = 40;

/// Inbox and outbox of one node. Each call returns once its change is
/// committed; calls that wait at once share a transaction.
///
/// - Where the database fails, the calls fail: whoever sent the message sends
///   it again. Where nobody knows whether a commit came through, what it wrote
///   becomes nobody's with the next transaction, so that it is adopted like
///   what a dead node left. The same holds at once for a call that nobody waits
///   for any more, even where its answer lay there already.
/// - [`Mailbox::close`] gives back what this node has.
pub struct Mailbox {
    core: Arc<Core>,
    serial: AtomicI64,
    stop: CancellationToken,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Mailbox {
    /// This node's number.
    pub fn node(&self) -> i64 {
        self.core.node
    }

    /// Calls that no writer has taken yet.
    pub fn waiting(&self) -> usize {
        self.core.queue.len()
    }

    fn take_ids(&self, count: usize) -> i64 {
        self.serial.fetch_add(i64::try_from(count).unwrap_or(i64::MAX), Ordering::Relaxed)
    }

    fn now(&self) -> Timestamp {
        self.core.store.clock.now()
    }

    async fn begin_as(&self, id: MessageId, route: &str, at: Timestamp, voiced: bool) -> Result<bool, StoreError> {
        let (route, begun) = (route.into(), Begun { id, attempt: self.take_ids(1) });
        let begun = self.ask(|done| Op::Begin(Asked { what: Begin { begun, route, at, voiced }, done })).await?;
        Ok(begun.is_some())
    }

    /// Writes lines down with whatever else is committed now.
    pub(crate) async fn write_lines(&self, lines: Vec<SealedLine>) -> Result<Vec<Written>, StoreError> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(|done| Op::Lines(Asked { what: lines, done })).await
    }

    /// Queues a call, waiting for room, and waits for its answer.
    async fn ask<A: Answer>(&self, op: impl FnOnce(Done<A>) -> Op) -> Result<A, StoreError> {
        let (done, answer) = oneshot::channel();
        let mut op = op(done);
        loop {
            match self.core.queue.push(op) {
                Ok(()) => break,
                Err(back) if back.closed => return Err(closed()),
                Err(back) => op = back.op,
            }
            // Registered before the next try, or room made in between would
            // be missed.
            let mut room = std::pin::pin!(self.core.queue.room.notified());
            room.as_mut().enable();
            match self.core.queue.push(op) {
                Ok(()) => break,
                Err(back) if back.closed => return Err(closed()),
                Err(back) => op = back.op,
            }
            room.await;
        }
        let (answer, claim) = answer.await.unwrap_or_else(|_| Err(closed()))?;
        claim.handed_over();
        Ok(answer)
    }
}

/// Whether the house may speak is asked when its message is begun, so none is
/// begun as it is written.
fn not_begun_for_the_house(messages: &mut [NewOutbound]) {
    for message in messages {
        message.begun &= !is_house_voice(&message.form);
    }
}

fn full(what: &str) -> StoreError {
    StoreError(format!("{what}: nothing is taken until some are gone").into())
}

#[async_trait]
impl Inbox for Mailbox {
    async fn receive(&self, message: NewInbound) -> Result<Received, StoreError> {
        let most = self.core.store.config.mailbox.inbox_rows;
        if u64::try_from(self.core.waiting.load(Ordering::Relaxed)).is_ok_and(|waiting| waiting >= most) {
            return Err(full("too many messages wait for their answer"));
        }
        let id = self.take_ids(1);
        self.ask(|done| Op::Receive(Asked { what: Receive { id, message }, done })).await
    }

    async fn receive_part(&self, part: NewInboundPart) -> Result<PartReceived, StoreError> {
        let most = self.core.store.config.mailbox.part_rows;
        if u64::try_from(self.core.parts.load(Ordering::Relaxed)).is_ok_and(|parts| parts >= most) {
            return Err(full("too many parts wait for the others"));
        }
        self.ask(|done| Op::Part(Asked { what: part, done })).await
    }

    async fn left_parts(
        &self,
        channel: Channel,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<InboundParts>, StoreError> {
        parts::left_parts(&self.core.store, channel, before, limit).await
    }

    async fn adopt(&self, channel: Channel, now: Timestamp, limit: usize) -> Result<Vec<Inbound>, StoreError> {
        self.core.adopt(channel, now, limit).await
    }

    async fn settle(&self, id: MessageId, mut settlement: Settlement) -> Result<Option<Vec<Outbound>>, StoreError> {
        not_begun_for_the_house(&mut settlement.send);
        let (first_id, at) = (self.take_ids(settlement.send.len()), self.now());
        self.ask(|done| Op::Settle(Asked { what: Settle { id, at, first_id, settlement }, done })).await
    }

    async fn rest_of(&self, owner: KeyedHash, now: Timestamp) -> Result<Option<String>, StoreError> {
        self.core.store.rest_of(owner, now).await
    }
}

#[async_trait]
impl Outbox for Mailbox {
    async fn enqueue(&self, mut messages: Vec<NewOutbound>) -> Result<Vec<Outbound>, StoreError> {
        not_begun_for_the_house(&mut messages);
        let (first_id, at) = (self.take_ids(messages.len()), self.now());
        self.ask(|done| Op::Enqueue(Asked { what: Enqueue { at, first_id, messages }, done })).await
    }

    async fn adopt_outbound(
        &self,
        channel: Channel,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Outbound>, StoreError> {
        self.core.adopt_outbound(channel, now, limit).await
    }

    async fn begin(&self, id: MessageId, route: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.begin_as(id, route, at, false).await
    }

    async fn begin_voiced(&self, id: MessageId, route: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.begin_as(id, route, at, true).await
    }

    async fn conclude(&self, id: MessageId, outcome: HandedOver) -> Result<(), StoreError> {
        let canonical_id = match &outcome {
            HandedOver::Accepted { id, .. } => canonical::canonical(id),
            _ => String::new(),
        };
        self.ask(|done| Op::Conclude(Asked { what: Conclude { id, outcome, canonical_id }, done })).await
    }

    async fn release(&self, ids: &[MessageId]) -> Result<(), StoreError> {
        let ids = ids.to_vec();
        self.ask(|done| Op::Release(Asked { what: ids, done })).await
    }

    async fn receipt(&self, receipt: DeliveryReceipt) -> Result<ReceiptFate, StoreError> {
        self.ask(|done| Op::Receipt(Asked { what: receipt, done })).await
    }

    async fn depths(&self, channel: Channel) -> Result<Vec<QueueDepth>, StoreError> {
        self.core.store.depths(channel).await
    }

    async fn trace(&self, id: MessageId) -> Result<Option<MessageTrace>, StoreError> {
        self.core.store.trace(id).await
    }
}
