//! Repairs that run late or twice. (That one really does, between two writers, is
//! a story on PostgreSQL.)

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::domain::{Category, Channel, DeliveryState, MessageId};
use gateway_core::ports::{Clock, Fate, HandedOver, NewOutbound, Outbox as _, Settlement};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::Mailbox;
use super::ops::{Asked, Batch, Begun, Op, Repair, Settle};
use crate::config::StoreConfig;
use crate::store::Store;

/// Time that stands: two attempts begin at the same moment.
struct Standing;

#[async_trait]
impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

async fn mailbox() -> Mailbox {
    let config = StoreConfig { url: "sqlite::memory:".to_owned(), ..StoreConfig::default() };
    let store = Store::connect(&config, Arc::new(Standing)).await.unwrap();
    store.migrate().await.unwrap();
    store.start_mailbox().await.unwrap()
}

fn message(begun: bool) -> NewOutbound {
    let now = Standing.now();
    NewOutbound {
        channel: Channel::Sms,
        route: "viettel".into(),
        category: Category::Answer,
        to: "+84912345678".into(),
        from: "8x88".into(),
        text: "Ho so dang xu ly".to_owned(),
        form: "gsm7".into(),
        part: 1,
        parts: 1,
        reference: 0,
        not_before: now,
        valid_until: now + SignedDuration::from_hours(24),
        repeatable: false,
        answers: None,
        begun,
    }
}

impl Mailbox {
    async fn wrote(&self, begun: bool) -> MessageId {
        self.enqueue(vec![message(begun)]).await.unwrap()[0].id
    }

    async fn adopted(&self) -> Vec<MessageId> {
        let rows = self.adopt_outbound(Channel::Sms, Standing.now(), 10).await.unwrap();
        rows.iter().map(|row| row.id).collect()
    }

    async fn begun(&self, id: MessageId) -> Begun {
        let attempt = self.serial.load(Ordering::Relaxed);
        assert!(self.begin(id, "viettel", Standing.now()).await.unwrap());
        Begun { id, attempt }
    }

    /// A transaction that takes the repair along.
    async fn mend(&self, repair: Repair) {
        self.core.repairs.add([repair]);
        self.release(&[]).await.unwrap();
        assert!(self.core.repairs.is_empty());
    }

    async fn state(&self, id: MessageId) -> Option<DeliveryState> {
        self.trace(id).await.unwrap().map(|trace| trace.outbound[0].state)
    }
}

const SUBMITTING: Option<DeliveryState> = Some(DeliveryState::Submitting);
const QUEUED: Option<DeliveryState> = Some(DeliveryState::Queued);

#[tokio::test]
async fn a_repair_of_one_attempt_frees_no_other() {
    let mailbox = mailbox().await;
    let id = mailbox.wrote(false).await;
    assert_eq!(mailbox.adopted().await, [id]);
    let first = mailbox.begun(id).await;
    mailbox.conclude(id, HandedOver::GivenBack { at: Standing.now() }).await.unwrap();
    mailbox.mend(Repair::FreeBegun(first)).await;
    assert_eq!(mailbox.adopted().await, [], "it is in this node's memory");
    let second = mailbox.begun(id).await;
    mailbox.mend(Repair::FreeBegun(first)).await;
    assert_eq!(mailbox.state(id).await, SUBMITTING);

    mailbox.mend(Repair::FreeBegun(second)).await;
    assert_eq!(mailbox.state(id).await, QUEUED);
    let trace = mailbox.trace(id).await.unwrap().unwrap();
    assert_eq!(trace.outbound[0].submitted_at, None, "it was not handed over");
    assert_eq!(mailbox.adopted().await, [id]);
    mailbox.mend(Repair::FreeBegun(second)).await;
    assert_eq!(mailbox.adopted().await, []);
    mailbox.begun(id).await;
    mailbox.mend(Repair::FreeBegun(second)).await;
    assert_eq!((mailbox.state(id).await, mailbox.adopted().await), (SUBMITTING, vec![]));
}

#[tokio::test]
async fn what_was_written_as_begun_is_freed_once() {
    let mailbox = mailbox().await;
    let id = mailbox.wrote(true).await;
    let repair = Repair::FreeBegun(Begun::as_written(id.0));
    mailbox.mend(repair).await;
    assert_eq!(mailbox.adopted().await, [id]);
    mailbox.begun(id).await;
    mailbox.mend(repair).await;
    assert_eq!((mailbox.state(id).await, mailbox.adopted().await), (SUBMITTING, vec![]));
}

#[tokio::test]
async fn what_was_adopted_is_freed_as_long_as_it_is_not_begun() {
    let mailbox = mailbox().await;
    let id = mailbox.wrote(false).await;
    assert_eq!(mailbox.adopted().await, [id]);
    mailbox.mend(Repair::FreeAdopted(id.0)).await;
    assert_eq!(mailbox.adopted().await, [id]);
    mailbox.begun(id).await;
    mailbox.mend(Repair::FreeAdopted(id.0)).await;
    assert_eq!((mailbox.state(id).await, mailbox.adopted().await), (SUBMITTING, vec![]));
}

#[tokio::test]
async fn what_somebody_hands_over_is_not_unwritten() {
    let mailbox = mailbox().await;
    let (queued, begun) = (mailbox.wrote(false).await, mailbox.wrote(true).await);
    for id in [queued, begun, queued] {
        mailbox.mend(Repair::Unwrite(id.0)).await;
        assert_eq!(mailbox.state(id).await, None);
    }
    let id = mailbox.wrote(false).await;
    assert_eq!(mailbox.adopted().await, [id]);
    mailbox.begun(id).await;
    mailbox.mend(Repair::Unwrite(id.0)).await;
    assert_eq!(mailbox.state(id).await, SUBMITTING);
    mailbox.conclude(id, HandedOver::GivenBack { at: Standing.now() }).await.unwrap();
    mailbox.mend(Repair::Unwrite(id.0)).await;
    assert_eq!(mailbox.state(id).await, QUEUED);
}

#[test]
fn what_an_answer_leaves_queued_is_nobodys_and_needs_no_repair() {
    let settlement = Settlement { fate: Fate::Answered, send: vec![message(false), message(true)], rest: None };
    let what = Settle { id: MessageId(1), at: Standing.now(), first_id: 7, settlement };
    let batch = Batch::of([Op::Settle(Asked { what, done: oneshot::channel().0 })]);
    assert_eq!(batch.repairs(), [Repair::FreeBegun(Begun::as_written(8))]);
}
