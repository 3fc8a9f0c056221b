use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::{Category, Channel, DeliveryState, MessageId};
use gateway_core::ports::{Clock, Fate, HandedOver, Inbox, NewOutbound, Outbound, Outbox, ReceiptFate, Settlement};
use gateway_store::{Mailbox, Store};
use jiff::SignedDuration;
use sqlx::Connection as _;

use crate::inbox::{new, start};
use crate::mail::{inbound, outbound, part, receipt};
use crate::world::World;

/// One message that a provider is being handed.
async fn begun(mailbox: &Mailbox, world: &World) -> MessageId {
    mailbox.enqueue(vec![outbound(None, true, world.clock.now())]).await.unwrap()[0].id
}

/// One message that a provider took under this id.
async fn accepted(mailbox: &Mailbox, world: &World, provider_id: &str) -> MessageId {
    let id = begun(mailbox, world).await;
    let outcome = HandedOver::Accepted { id: provider_id.into(), at: world.clock.now() };
    mailbox.conclude(id, outcome).await.unwrap();
    id
}

async fn state(mailbox: &Mailbox, id: MessageId) -> DeliveryState {
    let trace = mailbox.trace(id).await.unwrap().unwrap();
    trace.outbound.iter().find(|part| part.id == id).unwrap().state
}

pub(crate) async fn a_message_goes_its_way_and_its_words_go_with_it(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let queued = mailbox.enqueue(vec![outbound(None, false, now)]).await.unwrap();
    assert_eq!(queued[0].state, DeliveryState::Queued);
    assert!(!mailbox.begin(queued[0].id, "viettel", now).await.unwrap(), "it is nobody's yet");
    let mine = mailbox.adopt_outbound(Channel::Sms, now, 10).await.unwrap();
    assert_eq!(mine, queued);
    let id = mine[0].id;
    assert!(mailbox.begin(id, "vinaphone", now).await.unwrap());
    assert!(!mailbox.begin(id, "vinaphone", now).await.unwrap(), "once");
    mailbox.conclude(id, HandedOver::Accepted { id: "a-1".into(), at: now }).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE text = '' AND recipient <> ''").await, 1);
    let mut delivered = receipt("A-1", DeliveryState::Delivered, now + SignedDuration::from_secs(3));
    delivered.route = "vinaphone".into();
    let fate = mailbox.receipt(delivered).await.unwrap();
    assert_eq!(fate, ReceiptFate::Matched { lag: Duration::from_secs(3) });
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE recipient = ''").await, 1);

    let trace = mailbox.trace(id).await.unwrap().unwrap();
    assert_eq!(trace.inbound, None);
    let part = &trace.outbound[0];
    assert_eq!((part.state, part.route.as_str()), (DeliveryState::Delivered, "vinaphone"));
    assert_eq!(part.provider_id, "a-1");
    assert_eq!(part.submitted_at, Some(now));
    assert_eq!(part.final_at, Some(now + SignedDuration::from_secs(3)));
    assert_eq!(mailbox.trace(MessageId(5)).await.unwrap(), None);
}

pub(crate) async fn what_was_given_back_goes_again_and_what_was_refused_never(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let later = now + SignedDuration::from_secs(30);
    let back = begun(&mailbox, &world).await;
    mailbox.conclude(back, HandedOver::GivenBack { at: later }).await.unwrap();
    assert_eq!(state(&mailbox, back).await, DeliveryState::Queued);
    assert_eq!(mailbox.adopt_outbound(Channel::Sms, later, 10).await.unwrap(), [], "it is still this node's");
    assert!(mailbox.begin(back, "viettel", later).await.unwrap());
    assert_eq!(mailbox.trace(back).await.unwrap().unwrap().outbound[0].tries, 1);
    mailbox.conclude(back, HandedOver::Refused { code: "11".into(), at: later }).await.unwrap();
    assert_eq!(state(&mailbox, back).await, DeliveryState::Failed);
    mailbox.conclude(back, HandedOver::Accepted { id: "x".into(), at: later }).await.unwrap();
    mailbox.conclude(back, HandedOver::GivenBack { at: later }).await.unwrap();
    assert_eq!(state(&mailbox, back).await, DeliveryState::Failed, "nothing leads out of it");

    let late = mailbox.enqueue(vec![outbound(None, false, now)]).await.unwrap()[0].id;
    mailbox.conclude(late, HandedOver::TooLate { at: later }).await.unwrap();
    assert_eq!(state(&mailbox, late).await, DeliveryState::Expired);
    let unsure = begun(&mailbox, &world).await;
    mailbox.conclude(unsure, HandedOver::Uncertain { at: later }).await.unwrap();
    assert_eq!(state(&mailbox, unsure).await, DeliveryState::Uncertain);
    assert!(!mailbox.begin(unsure, "viettel", later).await.unwrap(), "it is not repeated");
    // The response came after all.
    mailbox.conclude(unsure, HandedOver::Accepted { id: "y".into(), at: later }).await.unwrap();
    assert_eq!(state(&mailbox, unsure).await, DeliveryState::Accepted);
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE text <> ''").await, 0);
}

pub(crate) async fn answers_go_before_notices_and_the_oldest_first(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let of = |category: Category, minutes: i64| NewOutbound {
        category,
        ..outbound(None, false, now + SignedDuration::from_mins(minutes))
    };
    let messages = vec![
        of(Category::Announcement, -9),
        of(Category::Code, -1),
        of(Category::Answer, -2),
        of(Category::Status, -3),
        of(Category::Answer, 5),
    ];
    // Written down by a process that is no node.
    let written = world.another_node().await.enqueue(messages).await.unwrap();
    let ids = |rows: &[Outbound]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let three = mailbox.adopt_outbound(Channel::Sms, now, 3).await.unwrap();
    assert_eq!(ids(&three), [written[2].id, written[1].id, written[0].id]);
    mailbox.release(&ids(&three)[..2]).await.unwrap();
    let again = mailbox.adopt_outbound(Channel::Sms, now, 10).await.unwrap();
    assert_eq!(ids(&again), [written[2].id, written[1].id, written[3].id]);
    assert_eq!(mailbox.adopt_outbound(Channel::Sms, now, 10).await.unwrap(), []);
    assert_eq!(mailbox.adopt_outbound(Channel::Sms, now + SignedDuration::from_mins(5), 10).await.unwrap().len(), 1);
}

pub(crate) async fn what_a_dead_node_was_handing_over_is_not_repeated(world: Arc<World>) {
    let now = world.clock.now();
    let first = start(&world.store).await;
    let harmless = NewOutbound { repeatable: true, ..outbound(None, true, now) };
    let rows = first.enqueue(vec![outbound(None, true, now), harmless, outbound(None, false, now)]).await.unwrap();
    first.adopt_outbound(Channel::Sms, now, 10).await.unwrap();
    // A process that only writes down kills nobody.
    let other = world.another_node().await;
    other.enqueue(vec![outbound(None, false, now)]).await.unwrap();
    assert_eq!(first.adopt_outbound(Channel::Sms, now, 10).await.unwrap().len(), 1);
    assert_eq!(state(&first, rows[0].id).await, DeliveryState::Submitting);

    let second = start(&other).await;
    if world.store.kind() == "postgres" {
        assert_eq!(second.adopt_outbound(Channel::Sms, now, 10).await.unwrap(), [], "it may still live");
        // Both clocks move, and only the second one's heart beats.
        drop(first);
        world.clock.advance(Duration::from_secs(30));
    }
    let adopted = second.adopt_outbound(Channel::Sms, now, 10).await.unwrap();
    let mut ids: Vec<_> = adopted.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    assert_eq!(ids.len(), 3, "the harmless one, and what was queued");
    assert!(ids.contains(&rows[1].id) && ids.contains(&rows[2].id));
    assert_eq!(state(&second, rows[0].id).await, DeliveryState::Uncertain);
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE state = 3 AND text = ''").await, 1);
}

/// One writer holds a repair in an attempt that hangs, while the other commits
/// the retried call that the repair was for.
#[expect(clippy::disallowed_methods, reason = "it waits for the server, whose time no test moves")]
pub(crate) async fn a_late_repair_frees_no_later_hand_over(world: Arc<World>) {
    // A commit over this road fails a second after it was asked for.
    let lose = "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ \
                BEGIN PERFORM pg_sleep(1); RAISE EXCEPTION 'lost' USING ERRCODE = '53100'; END $$";
    let when = "CREATE CONSTRAINT TRIGGER lose AFTER UPDATE ON outbox DEFERRABLE INITIALLY DEFERRED \
                FOR EACH ROW WHEN (NEW.route = 'lost') EXECUTE FUNCTION lose()";
    world.sql(lose).await.unwrap();
    world.sql(when).await.unwrap();
    let mut config = world.config.clone();
    config.call_timeout_ms = 30_000;
    let clock = Arc::clone(&world.clock);
    let mailbox = start(&Store::connect(&config, clock).await.unwrap()).await;
    let now = world.clock.now();
    let until = async |sql, rows| {
        while world.number(sql).await != rows {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // And the writer has told it.
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    mailbox.enqueue(vec![outbound(None, false, now)]).await.unwrap();
    let id = mailbox.adopt_outbound(Channel::Sms, now, 10).await.unwrap()[0].id;
    let mut forgotten = mailbox.receive(inbound(1, now));
    assert!(futures::poll!(&mut forgotten).is_pending());
    until("SELECT count(*) FROM inbox", 1).await;

    // Of the two writers one hangs over a part, …
    let intruder = async |sql| {
        let mut intruder = sqlx::postgres::PgConnection::connect(&world.config.url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut intruder).await.unwrap();
        intruder
    };
    let mut over_parts = intruder("BEGIN; LOCK TABLE inbound_parts IN SHARE MODE").await;
    let hanging = tokio::spawn({
        let mailbox = Arc::clone(&mailbox);
        async move { mailbox.receive_part(part(1, 1, 2, now)).await }
    });
    until("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'inbound_parts'::regclass", 1).await;
    // … and the other one over a commit. Whoever is answered and does not look leaves
    // a repair of the inbox, which goes before the one of the outbox.
    let first = tokio::spawn({
        let mailbox = Arc::clone(&mailbox);
        async move { mailbox.begin(id, "lost", now).await }
    });
    until("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()", 1)
        .await;
    drop(forgotten);
    let mut over_inbox = intruder("BEGIN; LOCK TABLE inbox IN SHARE MODE").await;
    first.await.unwrap().unwrap_err();
    until("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'inbox'::regclass", 1).await;

    // The one is free again, while the other hangs with both repairs.
    sqlx::raw_sql("ROLLBACK").execute(&mut over_parts).await.unwrap();
    hanging.await.unwrap().unwrap();
    assert!(mailbox.begin(id, "viettel", now).await.unwrap(), "the first one was not written");
    sqlx::raw_sql("ROLLBACK").execute(&mut over_inbox).await.unwrap();
    until("SELECT count(*) FROM inbox WHERE node IS NULL", 1).await;
    assert_eq!(state(&mailbox, id).await, DeliveryState::Submitting);
    assert_eq!(mailbox.adopt_outbound(Channel::Sms, now, 10).await.unwrap(), [], "it would be sent twice");
}

pub(crate) async fn a_receipt_finds_its_message_however_the_id_is_written(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    for (taken, told) in [
        ("7F3A9C", "7F3A9C"),
        ("00e1", "E1"),
        ("0815", "815"),
        // Hexadecimal when taken, decimal in the receipt, and the other way.
        ("1F4B5", "128181"),
        ("300000000", "11e1a300"),
    ] {
        let id = accepted(&mailbox, &world, taken).await;
        let fate = mailbox.receipt(receipt(told, DeliveryState::Delivered, now)).await.unwrap();
        assert!(matches!(fate, ReceiptFate::Matched { .. }), "{taken} {told}");
        assert_eq!(state(&mailbox, id).await, DeliveryState::Delivered, "{taken} {told}");
    }
    // In the other base only for the same phone.
    let id = accepted(&mailbox, &world, "FF").await;
    for stranger in ["+84900000000", ""] {
        let mut told = receipt("255", DeliveryState::Delivered, now);
        told.to = stranger.into();
        assert_eq!(mailbox.receipt(told).await.unwrap(), ReceiptFate::Held);
    }
    let mut told = receipt("255", DeliveryState::Failed, now);
    (told.to, told.error) = ("0912345678".into(), "008".into());
    assert!(matches!(mailbox.receipt(told).await.unwrap(), ReceiptFate::Matched { .. }));
    let trace = mailbox.trace(id).await.unwrap().unwrap();
    assert_eq!((trace.outbound[0].state, trace.outbound[0].error.as_str()), (DeliveryState::Failed, "008"));

    // The very id before one that is the same but for zeros.
    let (plain, zeros) = (accepted(&mailbox, &world, "42").await, accepted(&mailbox, &world, "0042").await);
    mailbox.receipt(receipt("42", DeliveryState::Delivered, now)).await.unwrap();
    assert_eq!(state(&mailbox, plain).await, DeliveryState::Delivered);
    assert_eq!(state(&mailbox, zeros).await, DeliveryState::Accepted);
    // Another road's ids are other ids.
    let mut elsewhere = receipt("0042", DeliveryState::Delivered, now);
    elsewhere.route = "vinaphone".into();
    assert_eq!(mailbox.receipt(elsewhere).await.unwrap(), ReceiptFate::Held);
}

pub(crate) async fn a_final_state_never_changes(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let id = accepted(&mailbox, &world, "m1").await;
    let receipts: Vec<_> = (0..20)
        .map(|n| {
            let mailbox = Arc::clone(&mailbox);
            let told = if n % 2 == 0 { DeliveryState::Delivered } else { DeliveryState::Failed };
            tokio::spawn(async move { mailbox.receipt(receipt("m1", told, now)).await.unwrap() })
        })
        .collect();
    let mut matched = 0;
    for told in receipts {
        matched += u32::from(matches!(told.await.unwrap(), ReceiptFate::Matched { .. }));
    }
    assert_eq!(matched, 1);
    let settled = state(&mailbox, id).await;
    assert_eq!(mailbox.receipt(receipt("m1", DeliveryState::Expired, now)).await.unwrap(), ReceiptFate::Held);
    assert_eq!(state(&mailbox, id).await, settled);
    // The provider's ids come round: what is left over of the first message
    // says nothing of the second.
    world.clock.advance(Duration::from_secs(60));
    let second = accepted(&mailbox, &world, "m1").await;
    assert_eq!(state(&mailbox, second).await, DeliveryState::Accepted);
    mailbox.receipt(receipt("m1", DeliveryState::Delivered, world.clock.now())).await.unwrap();
    assert_eq!(state(&mailbox, second).await, DeliveryState::Delivered);
}

pub(crate) async fn a_receipt_that_comes_first_is_held_until_its_message_has_the_id(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    for (told, taken) in [("e-1", "E-1"), ("0077", "77"), ("255", "0xff".trim_start_matches("0x"))] {
        let id = begun(&mailbox, &world).await;
        assert_eq!(mailbox.receipt(receipt(told, DeliveryState::Delivered, now)).await.unwrap(), ReceiptFate::Held);
        assert_eq!(state(&mailbox, id).await, DeliveryState::Submitting);
        mailbox.conclude(id, HandedOver::Accepted { id: taken.into(), at: now }).await.unwrap();
        assert_eq!(state(&mailbox, id).await, DeliveryState::Delivered, "{told} {taken}");
    }
    assert_eq!(world.number("SELECT count(*) FROM held_receipts").await, 0);
    // One that fits nothing goes after its time.
    mailbox.receipt(receipt("nobody's", DeliveryState::Delivered, now)).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM held_receipts").await, 1);
    for _ in 0..200 {
        world.clock.advance(Duration::from_secs(60));
        tokio::task::yield_now().await;
        if world.number("SELECT count(*) FROM held_receipts").await == 0 {
            return;
        }
    }
    panic!("it is still held");
}

pub(crate) async fn depths_tell_what_is_under_way(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let old = now - SignedDuration::from_mins(1);
    mailbox.enqueue(vec![outbound(None, false, old), outbound(None, false, now)]).await.unwrap();
    begun(&mailbox, &world).await;
    accepted(&mailbox, &world, "1").await;
    accepted(&mailbox, &world, "2").await;
    mailbox.receipt(receipt("2", DeliveryState::Delivered, now)).await.unwrap();
    let unsure = begun(&mailbox, &world).await;
    mailbox.conclude(unsure, HandedOver::Uncertain { at: now }).await.unwrap();
    let mut depths = mailbox.depths(Channel::Sms).await.unwrap();
    depths.sort_by_key(|depth| depth.state.number());
    let counts: Vec<_> = depths.iter().map(|depth| (depth.state.key(), depth.count)).collect();
    assert_eq!(counts, [("queued", 2), ("submitting", 1), ("accepted", 1), ("uncertain", 1)]);
    assert!(depths.iter().all(|depth| depth.route == "viettel" && depth.category == Category::Answer));
    assert_eq!(mailbox.depths(Channel::Zalo).await.unwrap(), []);
}

pub(crate) async fn a_notice_of_several_parts_is_traced_by_any_of_them(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let part = |part| NewOutbound { category: Category::Status, part, parts: 3, ..outbound(None, false, now) };
    let two: Vec<_> = (1..=3).chain(1..=3).map(part).collect();
    let rows = mailbox.enqueue(two).await.unwrap();
    let trace = mailbox.trace(rows[4].id).await.unwrap().unwrap();
    let ids: Vec<_> = trace.outbound.iter().map(|part| part.id).collect();
    assert_eq!(ids, [rows[3].id, rows[4].id, rows[5].id]);
}

pub(crate) async fn no_personal_data_is_left_when_all_is_over(world: Arc<World>) {
    let mailbox = start(&world.store).await;
    let now = world.clock.now();
    let trips: Vec<_> = (0..300)
        .map(|n| {
            let (mailbox, world) = (Arc::clone(&mailbox), Arc::clone(&world));
            tokio::spawn(async move {
                let message = new(mailbox.receive(inbound(n, now)).await);
                let send = vec![outbound(Some(message.id), true, now)];
                let answer = Settlement { fate: Fate::Answered, send, rest: None };
                let sent = mailbox.settle(message.id, answer).await.unwrap().unwrap();
                let id = format!("id-{n}");
                let outcome = match n % 5 {
                    0 => HandedOver::Uncertain { at: now },
                    1 => HandedOver::Refused { code: "1".into(), at: now },
                    _ => HandedOver::Accepted { id: id.as_str().into(), at: now },
                };
                mailbox.conclude(sent[0].id, outcome).await.unwrap();
                // Of some no receipt ever comes.
                if n % 5 != 4 {
                    mailbox.receipt(receipt(&id, DeliveryState::Delivered, world.clock.now())).await.unwrap();
                }
            })
        })
        .collect();
    for trip in trips {
        trip.await.unwrap();
    }
    mailbox.close().await.unwrap();
    let swept = world.store.sweep(now + SignedDuration::from_hours(24 * 5)).await.unwrap();
    assert_eq!((swept.inbound, swept.outbound), (0, 0), "the rows themselves stay longer");
    assert!(swept.held_receipts > 0, "those of messages that were refused fit nothing");
    for sql in [
        "SELECT count(*) FROM inbox WHERE sender <> '' OR text <> ''",
        "SELECT count(*) FROM outbox WHERE recipient <> '' OR text <> ''",
        "SELECT count(*) FROM outbox WHERE state < 4",
    ] {
        assert_eq!(world.number(sql).await, 0, "{sql}");
    }
    if world.store.kind() == "sqlite" {
        let mut seen_a_row = false;
        for entry in std::fs::read_dir(world.folder()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
            seen_a_row |= holds("id-299");
            for secret in ["84912345678", "912345678", "260916-0012"] {
                assert!(!holds(secret), "{secret} is in the file or its log");
            }
        }
        assert!(seen_a_row, "the search would find what is there");
    }
    let swept = world.store.sweep(now + SignedDuration::from_hours(24 * 31)).await.unwrap();
    assert_eq!((swept.inbound, swept.outbound), (300, 300));
}
