//! Callers that go in the very moment in which a writer has answered them. Nobody
//! calls the mailbox afterwards, and no heart beats: time stands.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use gateway_core::domain::{Channel, DeliveryState, MessageId};
use gateway_core::ports::{Clock as _, Fate, Inbox as _, Outbox as _, Settlement, StoreError};
use gateway_store::Mailbox;
use tokio::sync::Notify;

use crate::inbox::{new, start};
use crate::mail::{inbound, outbound};
use crate::world::World;

/// Rings when a call may go on.
#[derive(Default)]
struct Bell(Notify);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }
}

/// Makes the call, waits until a writer has answered it, and goes without looking.
/// False where the answer was heard: it was there at once.
async fn goes_unheard<T>(call: impl Future<Output = T>) -> bool {
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut call = pin!(call);
    if call.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
        return false;
    }
    bell.0.notified().await;
    true
}

/// What is nobody's before long.
async fn nobodys<T, A: Future<Output = Result<Vec<T>, StoreError>>>(adopt: impl Fn() -> A) -> T {
    let found = async {
        loop {
            let mut rows = adopt().await.unwrap();
            assert!(rows.len() <= 1);
            match rows.pop() {
                Some(row) => return row,
                None => tokio::task::yield_now().await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.unwrap()
}

async fn nobodys_outbound(mailbox: &Mailbox, world: &World) -> MessageId {
    let now = world.clock.now();
    let row = nobodys(|| mailbox.adopt_outbound(Channel::Sms, now, 10)).await;
    let trace = mailbox.trace(row.id).await.unwrap().unwrap();
    assert_eq!((trace.outbound[0].state, trace.outbound[0].submitted_at), (DeliveryState::Queued, None));
    row.id
}

/// A message that this node has, queued.
async fn queued(mailbox: &Mailbox, world: &World) -> MessageId {
    let now = world.clock.now();
    mailbox.enqueue(vec![outbound(None, false, now)]).await.unwrap();
    mailbox.adopt_outbound(Channel::Sms, now, 10).await.unwrap()[0].id
}

pub(crate) async fn a_message_is_adopted_at_once(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let mut n = 1;
    while !goes_unheard(mailbox.receive(inbound(n, now))).await {
        n += 1;
    }
    let message = nobodys(|| mailbox.adopt(Channel::Sms, now, 10)).await;
    assert_eq!(message.text, inbound(n, now).text);
    assert_eq!(mailbox.adopt(Channel::Sms, now, 10).await.unwrap(), [], "once");
}

pub(crate) async fn a_hand_over_is_not_begun(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    for voiced in [false, true] {
        let id = loop {
            let id = queued(&mailbox, &world).await;
            let begin =
                if voiced { mailbox.begin_voiced(id, "viettel", now) } else { mailbox.begin(id, "viettel", now) };
            if goes_unheard(begin).await {
                break id;
            }
        };
        assert_eq!(nobodys_outbound(&mailbox, &world).await, id);
        assert!(mailbox.begin(id, "viettel", now).await.unwrap(), "whoever adopts it hands it over");
    }
}

pub(crate) async fn what_was_written_as_begun_is_not(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    while !goes_unheard(mailbox.enqueue(vec![outbound(None, true, now)])).await {}
    nobodys_outbound(&mailbox, &world).await;
    let mut n = 1;
    loop {
        let message = new(mailbox.receive(inbound(n, now)).await);
        let send = vec![outbound(Some(message.id), true, now)];
        let settlement = Settlement { fate: Fate::Answered, send, rest: None };
        if goes_unheard(mailbox.settle(message.id, settlement)).await {
            break;
        }
        n += 1;
    }
    nobodys_outbound(&mailbox, &world).await;
}

pub(crate) async fn a_stop_leaves_no_hand_over_uncertain(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let id = loop {
        let id = queued(&mailbox, &world).await;
        if goes_unheard(mailbox.begin(id, "viettel", now)).await {
            break id;
        }
    };
    mailbox.close().await.unwrap();
    let next = start(&world.another_node().await).await;
    let adopted = next.adopt_outbound(Channel::Sms, now, 10).await.unwrap();
    assert_eq!(adopted.iter().map(|row| row.id).collect::<Vec<_>>(), [id], "it was handed over to nobody");
}
