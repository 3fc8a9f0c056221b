use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::{Channel, DeliveryState, MessageId};
use gateway_core::ports::{
    Clock, Fate, Inbound, Inbox, KeyedHash, Outbox, PartReceived, Received, Rest, Settlement, StoreError,
};
use gateway_store::{Mailbox, Store};
use jiff::SignedDuration;

use crate::mail::{inbound, outbound, part};
use crate::world::World;

pub(crate) fn settlement(fate: Fate) -> Settlement {
    Settlement { fate, send: Vec::new(), rest: None }
}

pub(crate) fn new(received: Result<Received, StoreError>) -> Inbound {
    match received.unwrap() {
        Received::New(message) => message,
        Received::Replay => panic!("a replay"),
    }
}

pub(crate) async fn start(store: &Store) -> Arc<Mailbox> {
    Arc::new(store.start_mailbox().await.unwrap())
}

pub(crate) async fn a_replay_is_known_within_its_window(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let first = new(mailbox.receive(inbound(1, now)).await);
    assert_eq!(first.text, inbound(1, now).text);
    let later = now + SignedDuration::from_mins(10);
    assert_eq!(mailbox.receive(inbound(1, later)).await.unwrap(), Received::Replay);
    let too_late = now + SignedDuration::from_secs(601);
    let second = new(mailbox.receive(inbound(1, too_late)).await);
    assert_ne!(first.id, second.id);
    assert_eq!(mailbox.receive(inbound(1, too_late)).await.unwrap(), Received::Replay, "the window begins anew");
    assert_eq!(world.number("SELECT count(*) FROM inbox").await, 2);
    assert_eq!(world.number("SELECT count(*) FROM seen_messages").await, 1);
}

pub(crate) async fn of_twenty_deliveries_at_once_one_is_new(world: Arc<World>) {
    let mut nodes = vec![start(&world.store).await];
    if world.store.kind() == "postgres" {
        nodes.push(start(&world.another_node().await).await);
    }
    let now = world.clock.now();
    let deliveries: Vec<_> = (0..40)
        .map(|n| {
            let node = Arc::clone(&nodes[n % nodes.len()]);
            // Two messages, twenty times each.
            let message = inbound(u64::try_from(n / 2 % 2).unwrap(), now);
            tokio::spawn(async move { node.receive(message).await.unwrap() })
        })
        .collect();
    let mut new = 0;
    for delivery in deliveries {
        new += u32::from(matches!(delivery.await.unwrap(), Received::New(_)));
    }
    assert_eq!(new, 2);
    assert_eq!(world.number("SELECT count(*) FROM inbox").await, 2);
}

pub(crate) async fn many_at_once_share_transactions_and_are_all_there(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let messages: Vec<_> = (0..1_500)
        .map(|n| {
            let mailbox = Arc::clone(&mailbox);
            tokio::spawn(async move {
                let message = new(mailbox.receive(inbound(n, now)).await);
                let mut answer = settlement(Fate::Answered);
                answer.send = vec![outbound(Some(message.id), true, now), outbound(Some(message.id), false, now)];
                let sent = mailbox.settle(message.id, answer).await.unwrap().unwrap();
                assert_eq!(sent[0].state, DeliveryState::Submitting);
                assert_eq!(sent[1].state, DeliveryState::Queued);
                [message.id, sent[0].id, sent[1].id]
            })
        })
        .collect();
    let mut ids: Vec<MessageId> = Vec::new();
    for message in messages {
        ids.extend(message.await.unwrap());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4_500, "no id is given twice");
    assert_eq!(world.number("SELECT count(*) FROM inbox WHERE state = 2 AND sender = '' AND text = ''").await, 1_500);
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE state = 1 AND node IS NOT NULL").await, 1_500);
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE state = 0 AND node IS NULL").await, 1_500);
    assert_eq!(world.number("SELECT CAST(sum(sent_rows) AS BIGINT) FROM inbox").await, 3_000);
}

pub(crate) async fn a_message_is_settled_once(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let message = new(mailbox.receive(inbound(1, now)).await);
    let answers: Vec<_> = (0..10)
        .map(|_| {
            let mailbox = Arc::clone(&mailbox);
            let mut answer = settlement(Fate::Answered);
            answer.send.push(outbound(Some(message.id), true, now));
            tokio::spawn(async move { mailbox.settle(message.id, answer).await.unwrap() })
        })
        .collect();
    let mut sent = 0;
    for answer in answers {
        sent += answer.await.unwrap().map_or(0, |rows| rows.len());
    }
    assert_eq!(sent, 1);
    assert_eq!(world.number("SELECT count(*) FROM outbox").await, 1);
    assert_eq!(mailbox.settle(message.id, settlement(Fate::Ignored)).await.unwrap(), None);
    assert_eq!(mailbox.settle(MessageId(12), settlement(Fate::Ignored)).await.unwrap(), None, "there is none such");
    let later = Fate::Later { at: now, acknowledged: true };
    assert_eq!(mailbox.settle(message.id, settlement(later)).await.unwrap(), None);
}

pub(crate) async fn what_is_put_off_comes_again_when_its_time_has_come(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let message = new(mailbox.receive(inbound(1, now)).await);
    assert_eq!(mailbox.adopt(Channel::Sms, now, 10).await.unwrap(), [], "it is this node's already");
    let at = now + SignedDuration::from_mins(5);
    let mut wait = settlement(Fate::Later { at, acknowledged: true });
    wait.send.push(outbound(Some(message.id), true, now));
    assert_eq!(mailbox.settle(message.id, wait).await.unwrap().unwrap().len(), 1);
    assert_eq!(mailbox.adopt(Channel::Sms, at - SignedDuration::from_secs(1), 10).await.unwrap(), []);
    assert_eq!(mailbox.adopt(Channel::Zalo, at, 10).await.unwrap(), []);
    let again = mailbox.adopt(Channel::Sms, at, 10).await.unwrap();
    assert_eq!(again, [Inbound { acknowledged: true, tries: 1, ..message }]);
    assert_eq!(mailbox.adopt(Channel::Sms, at, 10).await.unwrap(), [], "once");
    let mut answer = settlement(Fate::Answered);
    answer.send.push(outbound(Some(again[0].id), true, now));
    mailbox.settle(again[0].id, answer).await.unwrap().unwrap();

    let trace = mailbox.trace(again[0].id).await.unwrap().unwrap();
    let inbound = trace.inbound.clone().unwrap();
    assert_eq!((inbound.state, inbound.tries, inbound.acknowledged), ("answered", 1, true));
    assert_eq!(trace.outbound.len(), 2, "the word to wait, and the answer");
    assert_eq!(mailbox.trace(trace.outbound[0].id).await.unwrap().unwrap(), trace);
}

pub(crate) async fn what_another_start_left_is_adopted(world: Arc<World>) {
    let now = world.clock.now();
    let first = start(&world.store).await;
    for n in 0..3 {
        let at = now + SignedDuration::from_secs(i64::try_from(n).unwrap());
        new(first.receive(inbound(n, at)).await);
    }
    first.receive_part(part(9, 1, 2, now)).await.unwrap();
    // It is gone without a word.
    drop(first);
    let second = start(&world.another_node().await).await;
    if world.store.kind() == "postgres" {
        assert_eq!(second.adopt(Channel::Sms, now, 10).await.unwrap(), [], "it may still live");
        world.clock.advance(Duration::from_secs(21));
    }
    // Its own sign of life comes late too: what is seen is not adopted twice.
    let later = now + SignedDuration::from_secs(60);
    let two = second.adopt(Channel::Sms, later, 2).await.unwrap();
    assert_eq!(two.len(), 2);
    assert!(two[0].received_at < two[1].received_at);
    assert_eq!(second.adopt(Channel::Sms, later, 10).await.unwrap().len(), 1);
    assert_eq!(second.adopt(Channel::Sms, later, 10).await.unwrap(), []);
    let PartReceived::Complete(set) = second.receive_part(part(9, 2, 2, later)).await.unwrap() else {
        panic!("the first part outlived its node");
    };
    assert_eq!(set.parts.len(), 2);
}

pub(crate) async fn a_graceful_stop_gives_back_at_once(world: Arc<World>) {
    let now = world.clock.now();
    let first = start(&world.store).await;
    new(first.receive(inbound(1, now)).await);
    first.close().await.unwrap();
    assert!(first.receive(inbound(2, now)).await.unwrap_err().to_string().contains("closed"));
    let second = start(&world.another_node().await).await;
    assert_eq!(second.adopt(Channel::Sms, now, 10).await.unwrap().len(), 1);
}

pub(crate) async fn parts_come_in_any_order_and_once(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    assert_eq!(mailbox.receive_part(part(1, 3, 3, now)).await.unwrap(), PartReceived::Waiting);
    assert_eq!(mailbox.receive_part(part(1, 3, 3, now)).await.unwrap(), PartReceived::Replay);
    assert_eq!(mailbox.receive_part(part(1, 1, 3, now)).await.unwrap(), PartReceived::Waiting);
    assert_eq!(mailbox.receive_part(part(2, 1, 2, now)).await.unwrap(), PartReceived::Waiting);
    let PartReceived::Complete(set) = mailbox.receive_part(part(1, 2, 3, now)).await.unwrap() else {
        panic!("all are there");
    };
    assert_eq!(set.total, 3);
    let places: Vec<_> = set.parts.iter().map(|(place, coding, octets)| (*place, *coding, octets.clone())).collect();
    assert_eq!(places, [(1, 8, b"part 1".to_vec()), (2, 8, b"part 2".to_vec()), (3, 8, b"part 3".to_vec())]);

    // Not received as a message yet: it is there to be found, and only it.
    let left = mailbox.left_parts(Channel::Sms, now - SignedDuration::from_mins(10), 10).await.unwrap();
    assert_eq!(left, std::slice::from_ref(&set));
    let mut whole = inbound(1, now);
    whole.parts = Some(set.set);
    new(mailbox.receive(whole).await);
    assert_eq!(mailbox.receive_part(part(1, 2, 3, now)).await.unwrap(), PartReceived::Replay);
    assert_eq!(world.number("SELECT count(*) FROM inbound_parts").await, 1);
    // After the window the reference may come round again.
    let later = now + SignedDuration::from_mins(11);
    assert_eq!(mailbox.receive_part(part(1, 2, 3, later)).await.unwrap(), PartReceived::Waiting);
    assert_eq!(mailbox.receive_part(part(2, 1, 2, later)).await.unwrap(), PartReceived::Waiting, "it takes its place");

    let left = mailbox.left_parts(Channel::Sms, later + SignedDuration::from_secs(1), 1).await.unwrap();
    assert_eq!(left.len(), 1, "a part whose others never came");
    assert_eq!(left[0].parts.len(), 1);
    assert_eq!(mailbox.left_parts(Channel::Zalo, later, 1).await.unwrap(), []);
}

pub(crate) async fn of_parts_at_once_one_completes_the_set(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let parts: Vec<_> = (0..60)
        .map(|n| {
            let mailbox = Arc::clone(&mailbox);
            // Thirty parts, twice each.
            let part = part(1, u8::try_from(n / 2 + 1).unwrap(), 30, now);
            tokio::spawn(async move { mailbox.receive_part(part).await.unwrap() })
        })
        .collect();
    let (mut complete, mut replays) = (0, 0);
    for part in parts {
        match part.await.unwrap() {
            PartReceived::Complete(set) => {
                complete += 1;
                assert_eq!(set.parts.len(), 30);
            }
            PartReceived::Replay => replays += 1,
            PartReceived::Waiting => {}
        }
    }
    assert_eq!(replays, 30);
    // Two nodes' transactions may each miss the other's part: then it is left.
    let left = mailbox.left_parts(Channel::Sms, now - SignedDuration::from_mins(10), 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert!(complete == 1 || (complete == 0 && world.store.kind() == "postgres"), "{complete}");
}

pub(crate) async fn above_its_bound_nothing_is_taken(world: Arc<World>) {
    let mut config = world.config.clone();
    config.mailbox.inbox_rows = 1_000;
    config.mailbox.part_rows = 100;
    let clock = Arc::clone(&world.clock);
    let mailbox = start(&Store::connect(&config, clock).await.unwrap()).await;
    let now = world.clock.now();
    let received: Vec<_> = (0..1_000)
        .map(|n| {
            let mailbox = Arc::clone(&mailbox);
            tokio::spawn(async move { new(mailbox.receive(inbound(n, now)).await).id })
        })
        .collect();
    let mut last = MessageId(0);
    for message in received {
        last = message.await.unwrap();
    }
    let refused = mailbox.receive(inbound(2_000, now)).await.unwrap_err();
    assert!(refused.to_string().contains("wait for their answer"), "{refused}");
    mailbox.settle(last, settlement(Fate::Ignored)).await.unwrap().unwrap();
    new(mailbox.receive(inbound(2_000, now)).await);

    for n in 0..100 {
        mailbox.receive_part(part(n, 1, 2, now)).await.unwrap();
    }
    assert!(mailbox.receive_part(part(100, 1, 2, now)).await.unwrap_err().to_string().contains("parts"));
    // Its count comes from the database.
    let again = start(&Store::connect(&config, world.clock.clone()).await.unwrap()).await;
    again.receive(inbound(3_000, now)).await.unwrap_err();
}

pub(crate) async fn the_rest_of_an_answer_is_kept_until_it_is_replaced(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let (now, owner) = (world.clock.now(), KeyedHash([3; 16]));
    let until = now + SignedDuration::from_mins(30);
    for (n, text) in [(1, "phần hai"), (2, "phần ba")] {
        let message = new(mailbox.receive(inbound(n, now)).await);
        let mut answer = settlement(Fate::Answered);
        answer.rest = Some(Rest { owner, text: text.to_owned(), until });
        mailbox.settle(message.id, answer).await.unwrap().unwrap();
        assert_eq!(mailbox.rest_of(owner, now).await.unwrap().as_deref(), Some(text));
    }
    assert_eq!(mailbox.rest_of(owner, until).await.unwrap(), None);
    assert_eq!(mailbox.rest_of(KeyedHash([4; 16]), now).await.unwrap(), None);
    let message = new(mailbox.receive(inbound(3, now)).await);
    let mut answer = settlement(Fate::Answered);
    answer.rest = Some(Rest { owner, text: String::new(), until });
    mailbox.settle(message.id, answer).await.unwrap().unwrap();
    assert_eq!(mailbox.rest_of(owner, now).await.unwrap(), None);
    assert_eq!(world.number("SELECT count(*) FROM rests").await, 0);
}

pub(crate) async fn one_call_that_can_never_be_written_fails_alone(world: Arc<World>) {
    let rule = match world.store.kind() {
        "sqlite" => {
            "CREATE TRIGGER spoilt BEFORE INSERT ON inbox WHEN NEW.text LIKE '% lan 13' \
             BEGIN SELECT RAISE(ABORT, 'spoilt'); END"
        }
        _ => "ALTER TABLE inbox ADD CONSTRAINT spoilt CHECK (text NOT LIKE '% lan 13')",
    };
    world.sql(rule).await.unwrap();
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let messages: Vec<_> = (0..50)
        .map(|n| {
            let mailbox = Arc::clone(&mailbox);
            tokio::spawn(async move { mailbox.receive(inbound(n, now)).await })
        })
        .collect();
    for (n, message) in messages.into_iter().enumerate() {
        assert_eq!(message.await.unwrap().is_ok(), n != 13, "{n}");
    }
    assert_eq!(world.number("SELECT count(*) FROM inbox").await, 49);
    assert_eq!(world.number("SELECT count(*) FROM seen_messages").await, 49, "it may be sent again");
}

pub(crate) async fn whoever_does_not_wait_leaves_the_message_to_be_adopted(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let call = tokio::spawn({
        let mailbox = Arc::clone(&mailbox);
        async move { mailbox.receive(inbound(1, now)).await }
    });
    tokio::task::yield_now().await;
    call.abort();
    // It was taken or it was not: whoever sends it again hears a replay, or
    // has it; in no case is it lost. (Where the call was over before it was stopped,
    // its task has it.)
    let had_it = matches!(call.await, Ok(Ok(Received::New(_))));
    let has_it = matches!(mailbox.receive(inbound(1, now)).await.unwrap(), Received::New(_)) || had_it;
    let mut adopted = 0;
    for n in 2..50 {
        // Each call takes along what is to be mended.
        new(mailbox.receive(inbound(n, now)).await);
        adopted += mailbox.adopt(Channel::Sms, now, 10).await.unwrap().len();
    }
    assert_eq!(adopted, usize::from(!has_it));
}

pub(crate) async fn while_the_file_is_locked_calls_fail_in_time(world: Arc<World>) {
    let mut config = world.config.clone();
    config.call_timeout_ms = 200;
    let clock = Arc::clone(&world.clock);
    let mailbox = start(&Store::connect(&config, clock).await.unwrap()).await;
    let now = world.clock.now();
    let mut intruder = world.sqlite().await;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut intruder).await.unwrap();
    mailbox.receive(inbound(1, now)).await.unwrap_err();
    sqlx::raw_sql("ROLLBACK").execute(&mut intruder).await.unwrap();
    new(mailbox.receive(inbound(1, now)).await);
}

pub(crate) async fn a_database_that_may_lose_what_it_confirms_is_refused(world: Arc<World>) {
    let name: String = {
        let mut connection = sqlx::postgres::PgConnection::connect(&world.config.url).await.unwrap();
        sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut connection).await.unwrap()
    };
    let careless = sqlx::AssertSqlSafe(format!("ALTER DATABASE {name} SET synchronous_commit = off"));
    let mut connection = sqlx::postgres::PgConnection::connect(&world.config.url).await.unwrap();
    sqlx::raw_sql(careless).execute(&mut connection).await.unwrap();
    let node = world.another_node().await;
    let refused = node.start_mailbox().await.err().unwrap().to_string();
    assert!(refused.contains("synchronous_commit = off"), "{refused}");
}

use sqlx::Connection as _;
