use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use gateway_core::domain::{Channel, DeliveryState, Locale, MessageId, MessageKey, OfficerId, Provider};
use gateway_core::ports::{
    Claimed, Clock, Fate, HandedOver, HandoverId, HandoverReason, Handovers, HashKey, Inbox, KeyedHash, Line,
    NewHandover, NewLine, NewOutbound, OfficerMove, Outbox, Speaker, Transcripts, Written, house_voice,
};
use gateway_store::{Chats, Mailbox, Store};
use jiff::SignedDuration;

use crate::conversations::Counting;
use crate::inbox::{new, settlement, start};
use crate::mail::{inbound, outbound};
use crate::world::World;

/// Where words to the citizen go: it must be in no file.
pub(crate) const CHAT: &str = "zalo-user-4815162342";
/// What the citizen says: likewise.
pub(crate) const WORDS: &str = "Tôi muốn hỏi về giấy khai sinh của cháu";
pub(crate) const HOURS: SignedDuration = SignedDuration::from_hours(24);
pub(crate) const HOA: OfficerId = OfficerId(7);
pub(crate) const NAM: OfficerId = OfficerId(8);

/// One node: what is said there and what goes out from there.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) chats: Arc<Chats>,
    pub(crate) mailbox: Arc<Mailbox>,
}

pub(crate) fn chats_with(store: &Store, mailbox: &Arc<Mailbox>, key: &HashKey) -> Arc<Chats> {
    Arc::new(store.chats(Arc::clone(mailbox), key, Arc::new(Counting)))
}

pub(crate) async fn node(store: &Store) -> Node {
    let mailbox = start(store).await;
    Node { chats: chats_with(store, &mailbox, &HashKey::new("key-of-the-story", "a key for tests")), mailbox }
}

/// Two of them. One process at a time serves a SQLite file, so there both are
/// in it.
pub(crate) async fn two_nodes(world: &World) -> [Node; 2] {
    let first = node(&world.store).await;
    let second = if world.store.kind() == "postgres" {
        node(&world.another_node().await).await
    } else {
        let key = HashKey::new("key-of-the-story", "a key for tests");
        Node { chats: chats_with(&world.store, &first.mailbox, &key), mailbox: Arc::clone(&first.mailbox) }
    };
    [first, second]
}

pub(crate) fn hash(n: u32) -> KeyedHash {
    KeyedHash((u128::from(n) << 96 | 0xcafe).to_be_bytes())
}

/// The `n`th line of a story.
pub(crate) fn line(world: &World, conversation: u32, n: u64, speaker: Speaker) -> NewLine {
    let now = world.clock.now();
    NewLine {
        conversation: hash(conversation),
        key: MessageKey::of(&[b"line", &n.to_le_bytes()]),
        speaker,
        text: format!("{WORDS} {n}"),
        buttons: vec![("Gặp cán bộ".to_owned(), format!("{WORDS}?"))],
        understood: "fee".into(),
        officer: matches!(speaker, Speaker::Officer | Speaker::Note).then_some(HOA),
        at: now,
        until: now + HOURS,
    }
}

pub(crate) fn waiting(world: &World, conversation: u32) -> NewHandover {
    let now = world.clock.now();
    NewHandover {
        conversation: hash(conversation),
        channel: Channel::Zalo,
        provider: Provider::new("zalo"),
        chat: CHAT.into(),
        sender: hash(1_000_000 + conversation),
        locale: Locale::VI,
        site: "".into(),
        reason: HandoverReason::Asked,
        at: now,
        until: now + HOURS * 30,
    }
}

/// A message of the house in a conversation.
pub(crate) fn of_house(world: &World, conversation: u32) -> NewOutbound {
    NewOutbound { form: house_voice(hash(conversation)), ..of_officer(world) }
}

pub(crate) fn of_officer(world: &World) -> NewOutbound {
    NewOutbound {
        channel: Channel::Zalo,
        route: "zalo".into(),
        to: CHAT.into(),
        text: WORDS.to_owned(),
        form: "text".into(),
        ..outbound(None, false, world.clock.now())
    }
}

pub(crate) async fn opened(world: &World, chats: &Chats, conversation: u32) -> HandoverId {
    chats.open(waiting(world, conversation)).await.unwrap().id
}

pub(crate) async fn claimed(world: &World, chats: &Chats, conversation: u32) -> HandoverId {
    let id = opened(world, chats, conversation).await;
    assert_eq!(chats.claim(id, HOA, world.clock.now()).await.unwrap(), Claimed::Yes);
    id
}

pub(crate) async fn close(world: &World, chats: &Chats, id: HandoverId) {
    let close = OfficerMove::Close { outcome: "helped".into() };
    assert!(chats.pass(id, HOA, close, world.clock.now()).await.unwrap());
}

async fn written(chats: &Chats, line: NewLine) -> Written {
    let written = chats.write_lines(vec![line]).await.unwrap();
    assert_eq!(written.len(), 1);
    written[0]
}

pub(crate) async fn all_of(world: &World, chats: &Chats, conversation: u32) -> Vec<Line> {
    chats.lines(hash(conversation), 0, 1_000, world.clock.now()).await.unwrap()
}

/// Everything of the node's that waits is taken by it.
async fn adopted(world: &World, node: &Node) -> Vec<MessageId> {
    let rows = node.mailbox.adopt_outbound(Channel::Zalo, world.clock.now(), 100).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

async fn begun(world: &World, node: &Node, id: MessageId) -> bool {
    node.mailbox.begin_voiced(id, "zalo", world.clock.now()).await.unwrap()
}

async fn accepted(world: &World, node: &Node, id: MessageId) {
    let outcome = HandedOver::Accepted { id: format!("z-{}", id.0).into(), at: world.clock.now() };
    node.mailbox.conclude(id, outcome).await.unwrap();
}

pub(crate) async fn a_line_that_is_written_twice_is_one(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let one = |n| line(&world, 1, n, Speaker::Citizen);
    let first = chats.write_lines(vec![one(1), line(&world, 1, 2, Speaker::Officer), one(3)]).await.unwrap();
    let [Written::New(a), Written::New(b), Written::New(c)] = first[..] else { panic!("{first:?}") };
    assert!(a < b && b < c, "{first:?}");
    assert_eq!(written(&chats, one(1)).await, Written::Again);
    let again = chats.write_lines(vec![one(4), one(4), one(2)]).await.unwrap();
    assert!(matches!(again[..], [Written::New(_), Written::Again, Written::Again]), "{again:?}");
    assert_eq!(chats.write_lines(Vec::new()).await.unwrap(), []);
    // All at once: whoever is first writes it.
    let writers: Vec<_> = (0..20)
        .map(|_| {
            let (chats, line) = (Arc::clone(&chats), one(5));
            tokio::spawn(async move { written(&chats, line).await })
        })
        .collect();
    let mut new = 0;
    for writer in writers {
        new += u32::from(matches!(writer.await.unwrap(), Written::New(_)));
    }
    assert_eq!(new, 1);
    assert_eq!(world.number("SELECT count(*) FROM transcript_lines").await, 5);
}

pub(crate) async fn lines_are_read_in_their_order_and_after_one(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    for (n, speaker) in (1..).zip(Speaker::ALL) {
        written(&chats, line(&world, 1, n, speaker)).await;
    }
    written(&chats, line(&world, 2, 100, Speaker::Citizen)).await;
    let now = world.clock.now();
    let lines = all_of(&world, &chats, 1).await;
    for ((n, speaker), read) in (1..).zip(Speaker::ALL).zip(&lines) {
        let NewLine { text, buttons, understood, officer, at, .. } = line(&world, 1, n, speaker);
        assert_eq!(*read, Line { id: read.id, speaker, text, buttons, understood, officer, at });
    }
    assert_eq!(lines.len(), 5);
    assert!(lines.is_sorted_by(|a, b| a.id < b.id));
    assert_eq!(chats.lines(hash(1), lines[2].id, 1_000, now).await.unwrap(), lines[3..]);
    assert_eq!(chats.lines(hash(1), lines[4].id, 1_000, now).await.unwrap(), []);
    assert_eq!(chats.lines(hash(1), 0, 2, now).await.unwrap(), lines[3..], "of more the newest");
    assert_eq!(all_of(&world, &chats, 2).await.len(), 1);
    assert_eq!(chats.lines(hash(1), 0, 1_000, now + HOURS).await.unwrap(), [], "they are over");
    // Many at once, of which SQLite takes several statements.
    let many: Vec<_> = (1_000..2_500).map(|n| line(&world, 3, n, Speaker::Citizen)).collect();
    let texts: Vec<_> = many.iter().map(|line| line.text.clone()).collect();
    assert_eq!(chats.write_lines(many).await.unwrap().len(), 1_500);
    let read = chats.lines(hash(3), 0, 9_999, now).await.unwrap();
    assert_eq!(read.into_iter().map(|line| line.text).collect::<Vec<_>>(), texts);
}

pub(crate) async fn whoever_polls_misses_no_line_of_two_nodes(world: Arc<World>) {
    const WRITERS: u64 = 8;
    const EACH: u64 = 60;
    let nodes = two_nodes(&world).await;
    let done = Arc::new(AtomicBool::new(false));
    let poll = tokio::spawn({
        let (world, chats, done) = (Arc::clone(&world), Arc::clone(&nodes[0].chats), Arc::clone(&done));
        async move {
            let (mut seen, mut after) = (Vec::<Line>::new(), 0);
            loop {
                let last = done.load(Ordering::SeqCst);
                let lines = chats.lines(hash(1), after, 1_000, world.clock.now()).await.unwrap();
                after = lines.last().map_or(after, |line| line.id);
                seen.extend(lines);
                if last {
                    return seen;
                }
            }
        }
    });
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (world, node) = (Arc::clone(&world), nodes[usize::try_from(writer % 2).unwrap()].clone());
            tokio::spawn(async move {
                for n in 0..EACH {
                    // Some come in pairs, so that numbers are taken in runs.
                    let line = |k| line(&world, 1, writer << 32 | n << 1 | k, Speaker::Citizen);
                    node.chats.write_lines(vec![line(0), line(1)]).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    done.store(true, Ordering::SeqCst);
    let seen = poll.await.unwrap();
    assert!(seen.is_sorted_by(|a, b| a.id < b.id));
    let number = |line: &Line| line.text.rsplit(' ').next().unwrap().parse::<u64>().unwrap();
    for writer in 0..WRITERS {
        let its: Vec<u64> = seen.iter().map(number).filter(|n| n >> 32 == writer).map(|n| n & 0xffff_ffff).collect();
        assert_eq!(its, (0..2 * EACH).collect::<Vec<_>>(), "of writer {writer}");
    }
}

pub(crate) async fn the_house_is_silent_while_an_officer_holds(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let house = |conversation, n| line(&world, conversation, n, Speaker::Assistant);
    assert!(matches!(written(&chats, house(1, 1)).await, Written::New(_)));
    let id = opened(&world, &chats, 1).await;
    assert!(matches!(written(&chats, house(1, 2)).await, Written::New(_)), "while the citizen waits it speaks");
    assert_eq!(chats.claim(id, HOA, world.clock.now()).await.unwrap(), Claimed::Yes);

    let citizen = line(&world, 1, 3, Speaker::Citizen);
    let others = [(4, Speaker::Officer), (5, Speaker::Note), (6, Speaker::Event)];
    let mut lines = vec![citizen, house(1, 7), house(2, 8), house(1, 2)];
    lines.extend(others.map(|(n, speaker)| line(&world, 1, n, speaker)));
    let fates = chats.write_lines(lines).await.unwrap();
    assert!(
        matches!(
            fates[..],
            [
                Written::New(_),
                Written::Silenced,
                Written::New(_),
                Written::Again,
                Written::New(_),
                Written::New(_),
                Written::New(_)
            ]
        ),
        "{fates:?}"
    );
    assert_eq!(written(&chats, house(1, 7)).await, Written::Silenced);
    // With another officer, it is silent still; in the line it speaks again.
    assert!(chats.pass(id, HOA, OfficerMove::To(NAM), world.clock.now()).await.unwrap());
    assert_eq!(written(&chats, house(1, 7)).await, Written::Silenced);
    assert!(chats.pass(id, NAM, OfficerMove::Requeue, world.clock.now()).await.unwrap());
    assert!(matches!(written(&chats, house(1, 9)).await, Written::New(_)));
    assert_eq!(chats.claim(id, HOA, world.clock.now()).await.unwrap(), Claimed::Yes);
    assert_eq!(written(&chats, house(1, 7)).await, Written::Silenced);
    close(&world, &chats, id).await;
    assert!(matches!(written(&chats, house(1, 7)).await, Written::New(_)));
}

pub(crate) async fn a_claim_takes_back_what_the_house_had_queued(world: Arc<World>) {
    let node = node(&world.store).await;
    let id = opened(&world, &node.chats, 1).await;
    node.mailbox.enqueue(vec![of_house(&world, 1), of_officer(&world), of_house(&world, 2)]).await.unwrap();
    let mine = adopted(&world, &node).await;
    assert_eq!(mine.len(), 3);
    node.mailbox.enqueue(vec![of_house(&world, 1), of_officer(&world)]).await.unwrap();
    assert_eq!(node.chats.claim(id, HOA, world.clock.now()).await.unwrap(), Claimed::Yes);
    let taken_back = "SELECT count(*) FROM outbox WHERE state = 5 AND error = 'person' AND text = '' \
                      AND recipient = '' AND final_at IS NOT NULL";
    assert_eq!(world.number(taken_back).await, 2);
    let left = "SELECT count(*) FROM outbox WHERE state = 0 AND text <> '' AND recipient <> ''";
    assert_eq!(world.number(left).await, 3, "the officer's, and another conversation's");
    assert!(!begun(&world, &node, mine[0]).await);
    assert!(begun(&world, &node, mine[1]).await);
    assert!(begun(&world, &node, mine[2]).await);
    let trace = node.mailbox.trace(mine[0]).await.unwrap().unwrap();
    assert_eq!((trace.outbound[0].state, trace.outbound[0].error.as_str()), (DeliveryState::Failed, "person"));
    // Nobody who comes in vain silences anybody.
    node.mailbox.enqueue(vec![of_house(&world, 3)]).await.unwrap();
    assert_eq!(node.chats.claim(HandoverId(99), HOA, world.clock.now()).await.unwrap(), Claimed::Gone);
    assert_eq!(world.number(taken_back).await, 2);
}

pub(crate) async fn a_claim_waits_for_the_last_word_of_the_house(world: Arc<World>) {
    let [here, there] = two_nodes(&world).await;
    let id = opened(&world, &here.chats, 1).await;
    here.mailbox.enqueue(vec![of_house(&world, 1)]).await.unwrap();
    let message = adopted(&world, &here).await[0];
    assert!(begun(&world, &here, message).await);
    let claim = |chats: &Arc<Chats>| {
        let (chats, at) = (Arc::clone(chats), world.clock.now());
        tokio::spawn(async move { chats.claim(id, HOA, at).await.unwrap() })
    };
    let first = claim(&there.chats);
    while world.number("SELECT count(*) FROM handovers WHERE state = 1").await == 0 {
        tokio::task::yield_now().await;
    }
    // The button was pressed twice.
    let second = claim(&here.chats);
    for _ in 0..20 {
        world.clock.advance(Duration::from_millis(50));
        world.store.ping().await.unwrap();
        assert!(!first.is_finished() && !second.is_finished(), "the house is still speaking");
    }
    accepted(&world, &here, message).await;
    while !first.is_finished() || !second.is_finished() {
        world.clock.advance(Duration::from_millis(50));
        world.store.ping().await.unwrap();
    }
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (Claimed::Yes, Claimed::Yes));
}

pub(crate) async fn a_wire_that_never_answers_holds_no_officer_up_for_long(world: Arc<World>) {
    let node = node(&world.store).await;
    let id = opened(&world, &node.chats, 1).await;
    node.mailbox.enqueue(vec![of_house(&world, 1)]).await.unwrap();
    let message = adopted(&world, &node).await[0];
    assert!(begun(&world, &node, message).await);
    let begin = world.clock.now();
    let (chats, at) = (Arc::clone(&node.chats), begin);
    let claim = tokio::spawn(async move { chats.claim(id, HOA, at).await.unwrap() });
    while !claim.is_finished() {
        world.clock.advance(Duration::from_millis(50));
        world.store.ping().await.unwrap();
    }
    assert_eq!(claim.await.unwrap(), Claimed::Yes);
    assert!(world.clock.now() >= begin + SignedDuration::from_secs(10));
}

pub(crate) async fn a_message_of_the_house_is_begun_where_nobody_holds(world: Arc<World>) {
    let node = node(&world.store).await;
    let id = opened(&world, &node.chats, 1).await;
    node.mailbox.enqueue(vec![of_house(&world, 1)]).await.unwrap();
    let early = adopted(&world, &node).await[0];
    assert!(begun(&world, &node, early).await, "while the citizen waits the house speaks");
    assert!(!begun(&world, &node, early).await, "once");
    accepted(&world, &node, early).await;
    assert_eq!(node.chats.claim(id, HOA, world.clock.now()).await.unwrap(), Claimed::Yes);

    // What the house did not know of when it wrote it down.
    let written = NewOutbound { begun: true, ..of_house(&world, 1) };
    let rows = node.mailbox.enqueue(vec![written.clone(), of_officer(&world)]).await.unwrap();
    assert_eq!(rows[0].state, DeliveryState::Queued, "none of the house is begun as it is written");
    let question = new(node.mailbox.receive(inbound(1, world.clock.now())).await);
    let mut answer = settlement(Fate::Answered);
    answer.send = vec![written];
    let answers = node.mailbox.settle(question.id, answer).await.unwrap().unwrap();
    assert_eq!(answers[0].state, DeliveryState::Queued);
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE state = 1").await, 0);
    assert_eq!(adopted(&world, &node).await.len(), 3);

    // All in one transaction, with text messages that ask nobody.
    let text_messages = node.mailbox.enqueue(vec![outbound(None, false, world.clock.now()); 2]).await.unwrap();
    node.mailbox.adopt_outbound(Channel::Sms, world.clock.now(), 10).await.unwrap();
    let now = world.clock.now();
    let (house, officers, answer, text, other) = futures::join!(
        node.mailbox.begin_voiced(rows[0].id, "zalo", now),
        node.mailbox.begin_voiced(rows[1].id, "zalo", now),
        node.mailbox.begin_voiced(answers[0].id, "zalo", now),
        node.mailbox.begin(text_messages[0].id, "viettel", now),
        node.mailbox.begin(text_messages[1].id, "viettel", now),
    );
    assert_eq!([house.unwrap(), officers.unwrap(), answer.unwrap()], [false, true, false]);
    assert!(text.unwrap() && other.unwrap());
    let wiped = "SELECT count(*) FROM outbox WHERE state = 5 AND error = 'person' AND text = '' AND recipient = ''";
    assert_eq!(world.number(wiped).await, 2, "and is not said when the officer has gone");

    close(&world, &node.chats, id).await;
    assert!(!begun(&world, &node, rows[0].id).await);
    node.mailbox.enqueue(vec![of_house(&world, 1)]).await.unwrap();
    let late = adopted(&world, &node).await[0];
    assert!(begun(&world, &node, late).await);
    // One that is not this node's is nobody's to take back.
    let stray = node.mailbox.enqueue(vec![of_house(&world, 1)]).await.unwrap()[0].id;
    assert!(!begun(&world, &node, stray).await);
    assert_eq!(adopted(&world, &node).await, [stray]);
}

pub(crate) async fn of_twenty_officers_one_gets_it(world: Arc<World>) {
    let nodes = two_nodes(&world).await;
    for round in 0..5 {
        let id = opened(&world, &nodes[0].chats, round).await;
        let claims: Vec<_> = (1..=20)
            .map(|officer| {
                let (chats, at) = (Arc::clone(&nodes[officer % 2].chats), world.clock.now());
                let officer = OfficerId(i64::try_from(officer).unwrap());
                tokio::spawn(async move { (officer, chats.claim(id, officer, at).await.unwrap()) })
            })
            .collect();
        let mut holders = Vec::new();
        for claim in claims {
            let (officer, claimed) = claim.await.unwrap();
            assert_ne!(claimed, Claimed::Gone);
            holders.extend((claimed == Claimed::Yes).then_some(officer));
        }
        assert_eq!(holders.len(), 1, "{holders:?}");
        assert_eq!(nodes[1].chats.handover(id).await.unwrap().unwrap().officer, Some(holders[0]));
        assert_eq!(nodes[1].chats.claim(id, holders[0], world.clock.now()).await.unwrap(), Claimed::Yes);
    }
}

/// The house speaks on both nodes as fast as it can, until it is told not to;
/// an officer comes at some moment.
pub(crate) async fn there_are_never_two_voices(world: Arc<World>) {
    static LINE: AtomicI64 = AtomicI64::new(0);
    let nodes = two_nodes(&world).await;
    for round in 0..30_u32 {
        let id = opened(&world, &nodes[0].chats, round).await;
        let said = Arc::new(AtomicI64::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let mut house = Vec::new();
        for node in &nodes {
            let (world, node, said) = (Arc::clone(&world), node.clone(), Arc::clone(&said));
            let lines = {
                let (world, node, said) = (Arc::clone(&world), node.clone(), Arc::clone(&said));
                async move {
                    loop {
                        let n = 1_000_000 + LINE.fetch_add(1, Ordering::Relaxed).unsigned_abs();
                        let mine = line(&world, round, n, Speaker::Assistant);
                        if written(&node.chats, mine).await == Written::Silenced {
                            return;
                        }
                        said.fetch_add(1, Ordering::SeqCst);
                    }
                }
            };
            let messages = {
                let over = Arc::clone(&over);
                async move {
                    // One more look when the officer is there: all are refused.
                    let mut last = false;
                    while !last {
                        last = over.load(Ordering::SeqCst);
                        node.mailbox.enqueue(vec![of_house(&world, round); 3]).await.unwrap();
                        for id in adopted(&world, &node).await {
                            if begun(&world, &node, id).await {
                                assert!(!last, "a message of the house was begun after a claim");
                                said.fetch_add(1, Ordering::SeqCst);
                                accepted(&world, &node, id).await;
                            }
                        }
                    }
                }
            };
            house.push(tokio::spawn(lines));
            house.push(tokio::spawn(messages));
        }
        // Now early, now late.
        while said.load(Ordering::SeqCst) < i64::from(round % 10) {
            world.store.ping().await.unwrap();
        }
        let (chats, at) = (Arc::clone(&nodes[1].chats), world.clock.now());
        let claim = tokio::spawn(async move { chats.claim(id, HOA, at).await.unwrap() });
        // Each step takes as long as a call of the database: the house has its
        // time to end, which is measured by this clock as well.
        while !claim.is_finished() {
            world.clock.advance(Duration::from_millis(25));
            world.store.ping().await.unwrap();
        }
        assert_eq!(claim.await.unwrap(), Claimed::Yes);
        // The sum of both at the moment at which the claim had returned.
        let spoken = "SELECT (SELECT count(*) FROM transcript_lines) + \
                             (SELECT count(*) FROM outbox WHERE state IN (1, 2, 3))";
        let then = world.number(spoken).await;
        assert_eq!(world.number("SELECT count(*) FROM outbox WHERE state = 1").await, 0, "on its way");
        over.store(true, Ordering::SeqCst);
        for task in house {
            task.await.unwrap();
        }
        assert_eq!(world.number(spoken).await, then, "round {round}: the house spoke after a claim");
        close(&world, &nodes[0].chats, id).await;
    }
    assert!(world.number("SELECT count(*) FROM outbox WHERE error = 'person'").await > 0, "some were too late");
}

/// The moment that no race meets by chance: the house's line has passed, and its
/// commit takes its time.
pub(crate) async fn a_claim_waits_for_a_line_that_is_being_committed(world: Arc<World>) {
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ \
                BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END $$";
    let when = "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON transcript_lines DEFERRABLE INITIALLY DEFERRED \
                FOR EACH ROW WHEN (NEW.speaker = 'assistant') EXECUTE FUNCTION slow()";
    world.sql(slow).await.unwrap();
    world.sql(when).await.unwrap();
    let [here, there] = two_nodes(&world).await;
    let id = opened(&world, &here.chats, 1).await;
    let house = tokio::spawn({
        let (chats, line) = (Arc::clone(&here.chats), line(&world, 1, 1, Speaker::Assistant));
        async move { written(&chats, line).await }
    });
    let committing =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    while world.number(committing).await == 0 {
        world.store.ping().await.unwrap();
    }
    assert_eq!(there.chats.claim(id, HOA, world.clock.now()).await.unwrap(), Claimed::Yes);
    assert_eq!(all_of(&world, &there.chats, 1).await.len(), 1, "it was said before, not after");
    assert!(matches!(house.await.unwrap(), Written::New(_)));
    assert_eq!(written(&here.chats, line(&world, 1, 2, Speaker::Assistant)).await, Written::Silenced);
}
