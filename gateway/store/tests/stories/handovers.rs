use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::{Channel, Locale, OfficerId};
use gateway_core::ports::{
    Claimed, Clock, DeskLoad, HandoverId, HandoverReason, HandoverState, Handovers, HashKey, NewCallback, NewHandover,
    OfficerMove, Outbox, Speaker, Transcripts, Written,
};
use gateway_store::{Store, Swept};
use jiff::SignedDuration;

use crate::chats::{
    CHAT, HOA, HOURS, NAM, Node, WORDS, all_of, chats_with, claimed, close, hash, line, node, of_house, of_officer,
    opened, two_nodes, waiting,
};
use crate::world::World;

/// The telephone to call back: it must be in no file.
const TELEPHONE: &str = "+84987654321";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn wish(world: &World, conversation: u32, phone: &str) -> NewCallback {
    let now = world.clock.now();
    NewCallback {
        conversation: hash(conversation),
        channel: Channel::Zalo,
        phone: phone.into(),
        locale: Locale::VI,
        consent: "2026-11".into(),
        at: now,
        until: now + HOURS,
    }
}

pub(crate) async fn what_an_officer_says_is_sent_once(world: Arc<World>) {
    let [here, there] = two_nodes(&world).await;
    let id = claimed(&world, &here.chats, 1).await;
    let said = line(&world, 1, 1, Speaker::Officer);
    let send = vec![of_officer(&world); 2];
    let saying: Vec<_> = (0..10)
        .map(|n| {
            let chats = Arc::clone(if n % 2 == 0 { &here.chats } else { &there.chats });
            let (said, send) = (said.clone(), send.clone());
            tokio::spawn(async move { chats.say(id, HOA, said, send).await.unwrap() })
        })
        .collect();
    for say in saying {
        assert!(say.await.unwrap());
    }
    let queued = here.mailbox.adopt_outbound(Channel::Zalo, world.clock.now(), 10).await.unwrap();
    assert_eq!(queued.iter().map(|row| row.message.clone()).collect::<Vec<_>>(), send);
    assert_eq!(all_of(&world, &there.chats, 1).await.len(), 1);
    // A note is for nobody else.
    assert!(here.chats.say(id, HOA, line(&world, 1, 2, Speaker::Note), Vec::new()).await.unwrap());
    assert_eq!(all_of(&world, &there.chats, 1).await[1].speaker, Speaker::Note);

    let another = line(&world, 1, 3, Speaker::Officer);
    assert!(!here.chats.say(id, NAM, another.clone(), send.clone()).await.unwrap(), "not theirs");
    let elsewhere = line(&world, 2, 4, Speaker::Officer);
    assert!(!here.chats.say(id, HOA, elsewhere, send.clone()).await.unwrap(), "another conversation");
    assert!(!here.chats.say(HandoverId(99), HOA, another.clone(), send.clone()).await.unwrap());
    close(&world, &here.chats, id).await;
    assert!(!here.chats.say(id, HOA, another, send).await.unwrap(), "it is over");
    assert_eq!(world.number("SELECT count(*) FROM outbox").await, 2);
    assert_eq!(world.number("SELECT count(*) FROM transcript_lines").await, 2);
}

pub(crate) async fn whoever_does_not_hold_it_changes_nothing(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let at = world.clock.now() + MINUTE;
    let waits = opened(&world, &chats, 1).await;
    let held = claimed(&world, &chats, 2).await;
    let over = claimed(&world, &chats, 3).await;
    close(&world, &chats, over).await;
    for (id, officer) in [(waits, HOA), (held, NAM), (over, HOA), (HandoverId(99), HOA)] {
        let before = chats.handover(id).await.unwrap();
        let moves = [
            OfficerMove::Requeue,
            OfficerMove::ToSupervisor,
            OfficerMove::To(NAM),
            OfficerMove::Close { outcome: "helped".into() },
        ];
        for to in moves {
            assert!(!chats.pass(id, officer, to, at).await.unwrap());
        }
        assert!(!chats.touch(id, officer, at).await.unwrap());
        assert_eq!(chats.handover(id).await.unwrap(), before);
    }
    assert!(chats.touch(held, HOA, at).await.unwrap());
    assert_eq!(chats.handover(held).await.unwrap().unwrap().touched_at, at);
}

pub(crate) async fn a_citizen_stands_in_the_line_once(world: Arc<World>) {
    let nodes = two_nodes(&world).await;
    let chats = &nodes[0].chats;
    let opens: Vec<_> = (0..20)
        .map(|n| {
            let (chats, new) = (Arc::clone(&nodes[n % 2].chats), waiting(&world, 1));
            tokio::spawn(async move { chats.open(new).await.unwrap() })
        })
        .collect();
    let (mut new, mut ids) = (0, Vec::new());
    for open in opens {
        let opened = open.await.unwrap();
        new += u32::from(opened.new);
        ids.push(opened.id);
        assert_eq!((opened.held, opened.ahead), (false, 0));
    }
    ids.dedup();
    assert_eq!((new, ids.len()), (1, 1));

    assert_eq!(chats.open(waiting(&world, 2)).await.unwrap().ahead, 1);
    let third = chats.open(waiting(&world, 3)).await.unwrap();
    assert_eq!((third.new, third.ahead), (true, 2));
    let complaint = NewHandover { reason: HandoverReason::Complaint, ..waiting(&world, 4) };
    assert_eq!(chats.open(complaint).await.unwrap().ahead, 0, "supervisors have a line of their own");
    let elsewhere = NewHandover { site: "H09.17".into(), ..waiting(&world, 5) };
    assert_eq!(chats.open(elsewhere.clone()).await.unwrap().ahead, 3, "its officers serve those of every site too");
    assert_eq!(chats.open(NewHandover { conversation: hash(6), ..elsewhere }).await.unwrap().ahead, 4);
    let other = NewHandover { site: "H09.18".into(), ..waiting(&world, 7) };
    assert_eq!(chats.open(other).await.unwrap().ahead, 3);

    assert_eq!(chats.claim(ids[0], HOA, world.clock.now()).await.unwrap(), Claimed::Yes);
    let again = chats.open(waiting(&world, 1)).await.unwrap();
    assert_eq!((again.id, again.new, again.held, again.ahead), (ids[0], false, true, 0));
    assert_eq!(chats.open(waiting(&world, 3)).await.unwrap().ahead, 1);
    close(&world, chats, ids[0]).await;
    let anew = chats.open(waiting(&world, 1)).await.unwrap();
    assert!(anew.new && anew.id != ids[0]);

    let one = chats.open_one(hash(1)).await.unwrap().unwrap();
    let NewHandover { channel, provider, chat, sender, locale, site, reason, at, .. } = waiting(&world, 1);
    assert_eq!((one.channel, one.provider, one.chat.as_str()), (channel, provider, chat.as_str()));
    assert_eq!((one.sender, one.locale, one.site, one.reason, one.opened_at), (sender, locale, site, reason, at));
    assert_eq!(
        (one.state, one.officer, one.claimed_at, one.for_supervisor),
        (HandoverState::Waiting, None, None, false)
    );
    let line = chats.open_ones(100).await.unwrap();
    let order: Vec<_> = line.iter().map(|one| one.conversation).collect();
    assert_eq!(order, [2, 3, 4, 5, 6, 7, 1].map(hash));
    assert!(line[2].for_supervisor);
    assert_eq!(chats.open_ones(2).await.unwrap(), line[..2]);
    let earlier = chats.earlier(&[hash(1_000_001), hash(1_000_002)], 10).await.unwrap();
    assert_eq!(earlier.iter().map(|one| one.id).collect::<Vec<_>>(), [ids[0]], "those that are over");
    assert_eq!((earlier[0].outcome.as_str(), earlier[0].chat.as_str()), ("helped", ""));
    assert_eq!(chats.earlier(&[], 10).await.unwrap(), []);
}

pub(crate) async fn only_who_waits_can_leave(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let now = world.clock.now();
    assert!(!chats.cancel(hash(1), now).await.unwrap(), "there is none");
    let id = opened(&world, &chats, 1).await;
    assert!(chats.cancel(hash(1), now).await.unwrap());
    assert!(!chats.cancel(hash(1), now).await.unwrap());
    let over = chats.handover(id).await.unwrap().unwrap();
    assert_eq!((over.state, over.outcome.as_str(), over.closed_at), (HandoverState::Closed, "cancelled", Some(now)));
    assert_eq!(over.chat, "", "where its words went is wiped");
    assert_eq!(chats.open_one(hash(1)).await.unwrap(), None);
    assert_eq!(chats.claim(id, HOA, now).await.unwrap(), Claimed::Gone);
    let id = claimed(&world, &chats, 1).await;
    assert!(!chats.cancel(hash(1), now).await.unwrap(), "an officer is there");
    assert_eq!(chats.claim(id, NAM, now).await.unwrap(), Claimed::Taken);
    close(&world, &chats, id).await;
    assert!(!chats.cancel(hash(1), now).await.unwrap());
    assert_eq!(world.number("SELECT count(*) FROM handovers WHERE length(chat) > 0").await, 0);
}

pub(crate) async fn who_is_left_alone_waits_again_and_one_node_tells(world: Arc<World>) {
    let [here, there] = two_nodes(&world).await;
    let begin = world.clock.now();
    for n in 0..20 {
        claimed(&world, &here.chats, n).await;
        opened(&world, &here.chats, 100 + n).await;
    }
    let present = claimed(&world, &here.chats, 50).await;
    world.clock.advance(Duration::from_secs(600));
    let late = opened(&world, &here.chats, 200).await;
    let now = world.clock.now();
    assert!(here.chats.touch(present, HOA, now).await.unwrap());
    let sweep = |node: &Node| {
        let chats = Arc::clone(&node.chats);
        tokio::spawn(async move { chats.sweep_handovers(begin + MINUTE, begin + MINUTE, now).await.unwrap() })
    };
    let (one, other) = (sweep(&here), sweep(&there));
    let (one, other) = (one.await.unwrap(), other.await.unwrap());
    let told = |first: &[gateway_core::ports::Handover], second: &[gateway_core::ports::Handover]| {
        let mut all: Vec<_> = first.iter().chain(second).map(|one| one.conversation).collect();
        all.sort_unstable_by_key(|hash| hash.0);
        all
    };
    let of = |from: u32| (from..from + 20).map(hash).collect::<Vec<_>>();
    assert_eq!(told(&one.requeued, &other.requeued), of(0), "each once; and who waits again is not at its end");
    assert_eq!(told(&one.expired, &other.expired), of(100));
    for left in one.requeued.iter().chain(&other.requeued) {
        assert_eq!((left.officer, left.state), (Some(HOA), HandoverState::Held), "as it was");
        let now_waits = here.chats.handover(left.id).await.unwrap().unwrap();
        assert_eq!((now_waits.state, now_waits.officer), (HandoverState::Waiting, None));
        assert_eq!((now_waits.opened_at, now_waits.touched_at), (begin, now));
        assert_eq!(now_waits.chat, CHAT);
    }
    for left in one.expired.iter().chain(&other.expired) {
        assert_eq!(left.chat, CHAT, "so that the citizen can be told");
        let over = here.chats.handover(left.id).await.unwrap().unwrap();
        assert_eq!((over.state, over.outcome.as_str(), over.chat.as_str()), (HandoverState::Closed, "nobody_came", ""));
    }
    for (id, state) in [(present, HandoverState::Held), (late, HandoverState::Waiting)] {
        assert_eq!(here.chats.handover(id).await.unwrap().unwrap().state, state);
    }
    assert!(here.chats.sweep_handovers(begin + MINUTE, begin + MINUTE, now).await.unwrap().expired.is_empty());
    // The first in the line are those who waited first.
    assert_eq!(here.chats.open_ones(1).await.unwrap()[0].conversation, hash(0));
    let end = now + MINUTE;
    let left = here.chats.sweep_handovers(begin, end, end).await.unwrap();
    assert_eq!((left.requeued.len(), left.expired.len()), (0, 21), "in the end nobody came for those either");
}

pub(crate) async fn an_officer_passes_it_on(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let now = world.clock.now();
    let id = claimed(&world, &chats, 1).await;
    let later = now + MINUTE;
    assert!(chats.pass(id, HOA, OfficerMove::To(NAM), later).await.unwrap());
    let handed = chats.handover(id).await.unwrap().unwrap();
    assert_eq!((handed.state, handed.officer, handed.touched_at), (HandoverState::Held, Some(NAM), later));
    assert!(!chats.touch(id, HOA, later).await.unwrap());
    assert_eq!(chats.claim(id, NAM, later).await.unwrap(), Claimed::Yes);
    assert_eq!(chats.claim(id, HOA, later).await.unwrap(), Claimed::Taken);

    assert!(chats.pass(id, NAM, OfficerMove::ToSupervisor, later).await.unwrap());
    let waits = chats.handover(id).await.unwrap().unwrap();
    assert_eq!((waits.state, waits.officer, waits.for_supervisor), (HandoverState::Waiting, None, true));
    let supervisor = OfficerId(1);
    let at = later + MINUTE;
    assert_eq!(chats.claim(id, supervisor, at).await.unwrap(), Claimed::Yes);
    let held = chats.handover(id).await.unwrap().unwrap();
    assert_eq!((held.officer, held.claimed_at, held.touched_at), (Some(supervisor), Some(now), at));
    assert!(chats.pass(id, supervisor, OfficerMove::Requeue, at).await.unwrap());
    let waits = chats.handover(id).await.unwrap().unwrap();
    assert_eq!((waits.state, waits.officer, waits.for_supervisor), (HandoverState::Waiting, None, true));
    assert_eq!(chats.claim(id, HOA, at).await.unwrap(), Claimed::Yes);
    assert!(chats.pass(id, HOA, OfficerMove::Close { outcome: "helped".into() }, at).await.unwrap());
    let over = chats.handover(id).await.unwrap().unwrap();
    assert_eq!((over.state, over.closed_at, over.outcome.as_str()), (HandoverState::Closed, Some(at), "helped"));
    assert_eq!((over.officer, over.chat.as_str()), (Some(HOA), ""));
}

pub(crate) async fn the_desk_tells_its_load(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let begin = world.clock.now();
    assert_eq!(chats.load(begin).await.unwrap(), DeskLoad::default());
    let ids = [opened(&world, &chats, 1).await, opened(&world, &chats, 2).await, opened(&world, &chats, 3).await];
    opened(&world, &chats, 4).await;
    for (id, officer, minutes) in [(ids[0], HOA, 1), (ids[1], HOA, 2), (ids[2], NAM, 9)] {
        assert_eq!(chats.claim(id, officer, begin + MINUTE * minutes).await.unwrap(), Claimed::Yes);
    }
    let expected = DeskLoad {
        waiting: 1,
        oldest: Some(begin),
        held: vec![(HOA, 2), (NAM, 1)],
        median_wait: Some(Duration::from_secs(120)),
        closed: 0,
    };
    assert_eq!(chats.load(begin).await.unwrap(), expected);
    let close = OfficerMove::Close { outcome: "helped".into() };
    assert!(chats.pass(ids[0], HOA, close, begin + MINUTE * 20).await.unwrap());
    // Who was served waits since the officer went.
    assert!(chats.pass(ids[2], NAM, OfficerMove::Requeue, begin + MINUTE * 30).await.unwrap());
    let load = chats.load(begin + MINUTE * 20).await.unwrap();
    assert_eq!(
        (load.waiting, load.oldest, load.held, load.median_wait, load.closed),
        (2, Some(begin), vec![(HOA, 1)], None, 1)
    );
    assert!(chats.cancel(hash(4), begin + MINUTE * 31).await.unwrap());
    assert_eq!(chats.load(begin + MINUTE * 21).await.unwrap().oldest, Some(begin + MINUTE * 30));
    assert_eq!(chats.load(begin + MINUTE * 32).await.unwrap().closed, 0);
}

pub(crate) async fn a_wish_to_be_called_back_is_answered_by_one(world: Arc<World>) {
    let [here, there] = two_nodes(&world).await;
    let now = world.clock.now();
    here.chats.wish_callback(wish(&world, 1, "+84911111111")).await.unwrap();
    world.clock.advance(Duration::from_secs(60));
    here.chats.wish_callback(wish(&world, 2, TELEPHONE)).await.unwrap();
    let wishes = there.chats.callbacks(now, 10).await.unwrap();
    assert_eq!(wishes.iter().map(|wish| wish.phone.as_str()).collect::<Vec<_>>(), ["+84911111111", TELEPHONE]);
    assert_eq!((wishes[1].conversation, wishes[1].at, wishes[1].officer), (hash(2), now + MINUTE, None));
    assert_eq!((wishes[1].channel, wishes[1].locale), (Channel::Zalo, Locale::VI));
    assert_eq!(there.chats.callbacks(now, 1).await.unwrap(), wishes[..1]);

    let first = wishes[0].id;
    let takers: Vec<_> = (1..=10)
        .map(|officer| {
            let chats = Arc::clone(if officer % 2 == 0 { &here.chats } else { &there.chats });
            tokio::spawn(async move { chats.take_callback(first, OfficerId(officer)).await.unwrap() })
        })
        .collect();
    let mut taken = Vec::new();
    for (officer, taker) in (1..).map(OfficerId).zip(takers) {
        taken.extend(taker.await.unwrap().then_some(officer));
    }
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert!(here.chats.take_callback(first, taken[0]).await.unwrap(), "it is theirs");
    assert_eq!(here.chats.callbacks(now, 10).await.unwrap()[0].officer, Some(taken[0]));

    // The citizen gave another number meanwhile: it is another wish.
    world.clock.advance(Duration::from_secs(60));
    here.chats.wish_callback(wish(&world, 1, "+84922222222")).await.unwrap();
    assert!(!here.chats.end_callback(first, taken[0]).await.unwrap());
    let wishes = here.chats.callbacks(now, 10).await.unwrap();
    assert_eq!(wishes.iter().map(|wish| wish.phone.as_str()).collect::<Vec<_>>(), [TELEPHONE, "+84922222222"]);
    assert_eq!(wishes[1].officer, None);
    let again: Vec<_> = (0..10)
        .map(|n| {
            let chats = Arc::clone(if n % 2 == 0 { &here.chats } else { &there.chats });
            let wish = wish(&world, 3, TELEPHONE);
            tokio::spawn(async move { chats.wish_callback(wish).await.unwrap() })
        })
        .collect();
    for wish in again {
        wish.await.unwrap();
    }
    assert_eq!(world.number("SELECT count(*) FROM callbacks").await, 3);
    assert!(!here.chats.end_callback(wishes[0].id, HOA).await.unwrap(), "nobody has taken it");
    assert!(here.chats.take_callback(wishes[0].id, HOA).await.unwrap());
    assert!(!here.chats.end_callback(wishes[0].id, OfficerId(HOA.0 + 1)).await.unwrap(), "a colleague has it");
    assert!(here.chats.end_callback(wishes[0].id, HOA).await.unwrap());
    assert!(!here.chats.end_callback(wishes[0].id, HOA).await.unwrap());
    assert!(!here.chats.take_callback(wishes[0].id, HOA).await.unwrap());
    assert_eq!(world.number("SELECT count(*) FROM callbacks").await, 2, "the number is deleted");
    assert!(there.chats.forget_callback(hash(3)).await.unwrap(), "the citizen thought better of it");
    assert!(!there.chats.forget_callback(hash(3)).await.unwrap());
    assert_eq!(world.number("SELECT count(*) FROM callbacks").await, 1);
    assert_eq!(here.chats.callbacks(world.clock.now() + HOURS, 10).await.unwrap(), [], "nobody is called so late");
}

pub(crate) async fn under_another_key_nothing_opens_and_nothing_fails(world: Arc<World>) {
    let Node { chats: old, mailbox } = node(&world.store).await;
    old.write_lines(vec![line(&world, 1, 1, Speaker::Citizen)]).await.unwrap();
    let id = opened(&world, &old, 1).await;
    old.wish_callback(wish(&world, 1, TELEPHONE)).await.unwrap();
    for (name, secret) in [("k2", "another key"), ("key-of-the-story", "another key")] {
        let new = chats_with(&world.store, &mailbox, &HashKey::new(name, secret));
        assert_eq!(all_of(&world, &new, 1).await, []);
        assert_eq!(new.callbacks(world.clock.now(), 10).await.unwrap(), []);
        let one = new.open_one(hash(1)).await.unwrap().unwrap();
        assert_eq!((one.id, one.chat.as_str()), (id, ""), "that somebody waits is known");
        assert_eq!(new.open_ones(10).await.unwrap(), [one]);
        let again = new.write_lines(vec![line(&world, 1, 1, Speaker::Citizen)]).await.unwrap();
        assert_eq!(again, [Written::Again]);
    }
    let new = chats_with(&world.store, &mailbox, &HashKey::new("k2", "another key"));
    new.write_lines(vec![line(&world, 1, 2, Speaker::Citizen)]).await.unwrap();
    assert_eq!((all_of(&world, &new, 1).await.len(), all_of(&world, &old, 1).await.len()), (1, 1), "each its own");
    assert_eq!(new.claim(id, HOA, world.clock.now()).await.unwrap(), Claimed::Yes);
    close(&world, &new, id).await;
}

pub(crate) async fn a_row_that_was_meddled_with_is_left_out(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let lines = [1, 2].map(|n| line(&world, n, u64::from(n), Speaker::Citizen));
    chats.write_lines(lines.into()).await.unwrap();
    for meddled in [
        "UPDATE transcript_lines SET until_at = until_at + 60000000",
        "UPDATE transcript_lines SET until_at = until_at - 60000000, speaker = 'officer'",
        "UPDATE transcript_lines SET speaker = 'machine'",
    ] {
        world.sql(meddled).await.unwrap();
        assert_eq!(all_of(&world, &chats, 1).await, [], "{meddled}");
    }
    world.sql("UPDATE transcript_lines SET speaker = 'citizen'").await.unwrap();
    let moved = "UPDATE transcript_lines SET sealed = (SELECT sealed FROM transcript_lines ORDER BY id LIMIT 1)";
    world.sql(moved).await.unwrap();
    assert_eq!((all_of(&world, &chats, 1).await.len(), all_of(&world, &chats, 2).await.len()), (1, 0));
}

pub(crate) async fn what_has_ended_is_swept(world: Arc<World>) {
    let Node { chats, .. } = node(&world.store).await;
    let now = world.clock.now();
    let kept = NewHandover { until: now + HOURS * 2, ..waiting(&world, 1) };
    chats.open(kept).await.unwrap();
    chats.open(NewHandover { until: now + HOURS, ..waiting(&world, 2) }).await.unwrap();
    let many: Vec<_> = (0..4_500).map(|n| line(&world, 1, n, Speaker::Citizen)).collect();
    chats.write_lines(many).await.unwrap();
    let mut longer = line(&world, 1, 5_000, Speaker::Citizen);
    longer.until = now + HOURS * 2;
    chats.write_lines(vec![longer]).await.unwrap();
    chats.wish_callback(wish(&world, 1, TELEPHONE)).await.unwrap();
    assert_eq!(world.store.sweep(now).await.unwrap(), Swept::default());
    let swept = world.store.sweep(now + HOURS + MINUTE).await.unwrap();
    assert_eq!(swept, Swept { chats: 4_502, ..Swept::default() });
    assert_eq!(all_of(&world, &chats, 1).await.len(), 1);
    assert_eq!(chats.open_ones(10).await.unwrap().len(), 1);
    assert_eq!(world.number("SELECT count(*) FROM callbacks").await, 0);
    assert_eq!(world.store.sweep(now + HOURS * 3).await.unwrap().chats, 2);
}

pub(crate) async fn a_restart_knows_all_of_it(world: Arc<World>) {
    let before = node(&world.store).await;
    let id = claimed(&world, &before.chats, 1).await;
    opened(&world, &before.chats, 2).await;
    before.chats.wish_callback(wish(&world, 1, TELEPHONE)).await.unwrap();
    assert!(before.chats.say(id, HOA, line(&world, 1, 1, Speaker::Officer), vec![of_officer(&world)]).await.unwrap());
    let (lines, open) = (all_of(&world, &before.chats, 1).await, before.chats.open_ones(10).await.unwrap());
    before.mailbox.close().await.unwrap();
    before.chats.write_lines(vec![line(&world, 1, 9, Speaker::Citizen)]).await.unwrap_err();

    let store: Store = world.another_node().await;
    let after = node(&store).await;
    assert_eq!(all_of(&world, &after.chats, 1).await, lines);
    assert_eq!(after.chats.open_ones(10).await.unwrap(), open);
    assert_eq!(after.chats.callbacks(world.clock.now(), 10).await.unwrap()[0].phone, TELEPHONE);
    let house = after.chats.write_lines(vec![line(&world, 1, 2, Speaker::Assistant)]).await.unwrap();
    assert_eq!(house, [Written::Silenced]);
    assert!(after.chats.touch(id, HOA, world.clock.now()).await.unwrap());
    let queued = after.mailbox.adopt_outbound(Channel::Zalo, world.clock.now(), 10).await.unwrap();
    assert_eq!(queued[0].message, of_officer(&world));
}

pub(crate) async fn a_database_without_the_tables_is_an_error(world: Arc<World>) {
    let Node { chats, mailbox } = node(&world.store).await;
    world.sql("ALTER TABLE handovers RENAME TO elsewhere").await.unwrap();
    chats.write_lines(vec![line(&world, 1, 1, Speaker::Assistant)]).await.unwrap_err();
    chats.open(waiting(&world, 1)).await.unwrap_err();
    chats.claim(HandoverId(1), HOA, world.clock.now()).await.unwrap_err();
    mailbox.enqueue(vec![of_house(&world, 1)]).await.unwrap();
    let id = mailbox.adopt_outbound(Channel::Zalo, world.clock.now(), 1).await.unwrap()[0].id;
    mailbox.begin_voiced(id, "zalo", world.clock.now()).await.unwrap_err();
    world.sql("ALTER TABLE elsewhere RENAME TO handovers").await.unwrap();
    assert!(mailbox.begin_voiced(id, "zalo", world.clock.now()).await.unwrap());
}

pub(crate) async fn the_database_files_tell_nothing_of_citizens(world: Arc<World>) {
    let Node { chats, mailbox } = node(&world.store).await;
    for n in 0..50 {
        chats.write_lines(vec![line(&world, n, u64::from(n), Speaker::Citizen)]).await.unwrap();
        opened(&world, &chats, n).await;
        chats.wish_callback(wish(&world, n, TELEPHONE)).await.unwrap();
    }
    // The log beside the file, first; then, after a clean stop, the file alone.
    let with_the_log = hold_nothing_readable(&world);
    mailbox.close().await.unwrap();
    world.store.close().await;
    let file = hold_nothing_readable(&world);
    assert!(with_the_log > 1 && file == 1, "{with_the_log} files, then {file}");
}

/// Returns how many files there are.
fn hold_nothing_readable(world: &World) -> usize {
    let (mut files, mut seen_a_row) = (0, false);
    for entry in std::fs::read_dir(world.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        seen_a_row |= holds("key-of-the-story");
        files += 1;
        for secret in [CHAT, WORDS, TELEPHONE, "Gặp cán bộ", "4815162342", "987654321", "a key for tests"] {
            assert!(!holds(secret), "{secret} is in the file");
        }
    }
    assert!(seen_a_row, "the search would find what is there");
    files
}

/// However long the queue is, a claim finds the house's messages by the index.
pub(crate) async fn what_the_house_has_to_say_is_found_by_the_index(world: Arc<World>) {
    for sql in [
        "EXPLAIN QUERY PLAN UPDATE outbox SET state = 5 \
         WHERE form = $1 AND substr(form, 1, 6) = 'house:' AND state < 2 AND state + 0 = 0",
        "EXPLAIN QUERY PLAN SELECT count(*) FROM outbox \
         WHERE form = $1 AND substr(form, 1, 6) = 'house:' AND state < 2 AND state + 0 = 1",
    ] {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sql).bind("house:").fetch_all(&mut world.sqlite().await).await.unwrap();
        let uses_it = |step: &str| step.contains("outbox USING INDEX outbox_of_house (form=?)");
        assert!(plan.iter().any(|(.., step)| uses_it(step)), "{plan:?}");
    }
}
