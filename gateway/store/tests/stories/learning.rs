use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway_core::domain::{Channel, Locale, Login, OfficerId, OfficerName, OfficerRole, ProcedureCode, Sites};
use gateway_core::ports::{
    Clock, Decided, HashKey, Lesson, MissKind, Misses, NewMiss, NewOfficer, NewProposal, OfficerChange, Officers,
    ProposalId, ProposalState, Proposals, Proposed, Randomness, Rates, TaughtAct, Verdict,
};
use gateway_store::{LearningRows, LearningRules, Store};
use jiff::Timestamp;

use crate::world::World;

/// Numbers of which each comes once, over all nodes of a story.
struct Counting;

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

const RULES: LearningRules = LearningRules { keep_days: 14, most_misses: 100, most_proposals: 3, decided_days: 90 };
const WORDS: &str = "giấy ra đời cho cháu";

fn rows_under(store: &Store, secret: &str) -> LearningRows {
    store.start_learning(&HashKey::new("k1", secret), Arc::new(Counting), RULES)
}

fn rows(store: &Store) -> LearningRows {
    rows_under(store, "a key for tests")
}

fn miss(kind: MissKind, text: &str, at: Timestamp) -> NewMiss {
    NewMiss { kind, text: text.to_owned(), channel: Channel::Zalo, locale: Locale::VI, at }
}

/// Proposer, another officer, and two supervisors.
async fn people(world: &World) -> [OfficerId; 4] {
    let accounts = world.store.officers(&HashKey::new("k1", "a key for tests"), Arc::new(Counting));
    let mut ids = Vec::new();
    for (login, role) in [
        ("an", OfficerRole::Officer),
        ("binh", OfficerRole::Officer),
        ("chi", OfficerRole::Supervisor),
        ("dung", OfficerRole::Operator),
    ] {
        let new = NewOfficer {
            login: Login::parse(&format!("{login}.tran")).unwrap(),
            name: OfficerName::parse("Trần Thị An").unwrap(),
            role,
            sites: Sites::ALL,
            password_hash: "$argon2id$first".to_owned(),
            at: world.clock.now(),
        };
        ids.push(accounts.add(new).await.unwrap().unwrap());
    }
    ids.try_into().unwrap()
}

fn alias() -> Lesson {
    Lesson::Alias(ProcedureCode::parse("1.001193").unwrap())
}

async fn propose(rows: &LearningRows, text: &str, by: OfficerId, at: Timestamp) -> ProposalId {
    let new = NewProposal { lesson: alias(), text: text.to_owned(), by, at };
    match rows.propose(new).await.unwrap() {
        Proposed::New(id) => id,
        other => panic!("{other:?}"),
    }
}

fn verdict(passed: bool) -> Verdict {
    let before = Rates { hit_1: 9_000, out_of_scope: 9_500, follow_ups: 8_000 };
    let after = Rates { hit_1: if passed { 9_010 } else { 5_000 }, ..before };
    Verdict { before, after, changed: 2, passed }
}

pub(crate) async fn what_was_missed_is_read_newest_first_and_by_kind(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    for n in 0..3 {
        here.record_miss(miss(MissKind::NotUnderstood, &format!("{WORDS} {n}"), now));
    }
    here.record_miss(miss(MissKind::AskedBack, "bằng lái", now));
    here.close().await.unwrap();
    let there = rows(&world.another_node().await);
    let all = there.newest_misses(&MissKind::ALL, 10, now).await.unwrap();
    let texts: Vec<&str> = all.iter().map(|miss| miss.miss.text.as_str()).collect();
    assert_eq!(texts, ["bằng lái", "giấy ra đời cho cháu 2", "giấy ra đời cho cháu 1", "giấy ra đời cho cháu 0"]);
    assert_eq!(all[1].miss, miss(MissKind::NotUnderstood, &format!("{WORDS} 2"), now));
    let asked = there.newest_misses(&[MissKind::AskedBack], 10, now).await.unwrap();
    assert_eq!(asked.len(), 1);
    assert_eq!(there.newest_misses(&MissKind::ALL, 2, now).await.unwrap().len(), 2);
    assert_eq!(there.forget_misses(&[all[0].id, all[1].id, 9_999]).await.unwrap(), 2);
    assert_eq!(there.newest_misses(&MissKind::ALL, 10, now).await.unwrap().len(), 2);
    here.record_miss(miss(MissKind::AskedBack, "quá muộn", now));
}

pub(crate) async fn misses_are_bounded_and_expire(world: Arc<World>) {
    let (rows, now) = (rows(&world.store), world.clock.now());
    // Never more at one time than wait: none is dropped in this story.
    for round in 0..4 {
        for n in 0..60 {
            rows.record_miss(miss(MissKind::NotUnderstood, &format!("{round} {n}"), now));
        }
        let least = (60 * (round + 1)).min(100);
        for _ in 0..10_000 {
            if world.number("SELECT count(*) FROM misses").await >= least.min(100)
                && world.number("SELECT max(id) FROM misses").await >= 60 * (round + 1)
            {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    rows.close().await.unwrap();
    let kept = rows.newest_misses(&MissKind::ALL, 1_000, now).await.unwrap();
    assert_eq!(kept.len(), 100, "the newest");
    assert_eq!((kept[0].miss.text.as_str(), kept[99].miss.text.as_str()), ("3 59", "2 20"));
    world.clock.advance(Duration::from_secs(14 * 86_400 + 1));
    let later = world.clock.now();
    assert!(rows.newest_misses(&MissKind::ALL, 10, later).await.unwrap().is_empty(), "before any sweep");
    assert_eq!(world.store.sweep(later).await.unwrap().learning, 100);
    assert_eq!(world.number("SELECT count(*) FROM misses").await, 0);
}

pub(crate) async fn a_miss_that_was_meddled_with_or_sealed_otherwise_is_left_out(world: Arc<World>) {
    let (own, now) = (rows(&world.store), world.clock.now());
    own.record_miss(miss(MissKind::NotUnderstood, WORDS, now));
    own.close().await.unwrap();
    let stranger = rows_under(&world.store, "another key");
    assert!(stranger.newest_misses(&MissKind::ALL, 10, now).await.unwrap().is_empty());
    world.sql("UPDATE misses SET until_at = until_at + 1").await.unwrap();
    assert!(own.newest_misses(&MissKind::ALL, 10, now).await.unwrap().is_empty(), "kept for longer than meant");
}

pub(crate) async fn a_second_person_decides_and_none_lower(world: Arc<World>) {
    let (rows, now) = (rows(&world.store), world.clock.now());
    let [an, binh, chi, dung] = people(&world).await;
    let id = propose(&rows, WORDS, an, now).await;
    assert_eq!(rows.confirm(id, an, now).await.unwrap(), Decided::Own);
    assert_eq!(rows.confirm(id, binh, now).await.unwrap(), Decided::NotAllowed, "an officer");
    assert_eq!(rows.confirm(id, OfficerId(99), now).await.unwrap(), Decided::NotAllowed, "nobody");
    let by_chi = propose(&rows, "bé mới ra đời", chi, now).await;
    assert_eq!(rows.confirm(by_chi, chi, now).await.unwrap(), Decided::Own, "no supervisor alone either");
    // Not even whoever writes to the database goes around it.
    let around = world.sql("UPDATE proposals SET state = 2, decided_by = proposed_by").await;
    assert!(around.is_err(), "{around:?}");
    let accounts = world.store.officers(&HashKey::new("k1", "a key for tests"), Arc::new(Counting));
    accounts.change(dung, OfficerChange::Disable, now).await.unwrap();
    assert_eq!(rows.confirm(id, dung, now).await.unwrap(), Decided::NotAllowed, "disabled");
    assert_eq!(rows.confirm(id, chi, now).await.unwrap(), Decided::Done);
    assert_eq!(rows.confirm(id, chi, now).await.unwrap(), Decided::Elsewhere, "it is on its way");
    let proposal = rows.proposal(id).await.unwrap().unwrap();
    assert_eq!((proposal.state, proposal.decided), (ProposalState::Checking, Some((chi, now))));
    assert_eq!((proposal.new.text.as_str(), &proposal.new.lesson), (WORDS, &alias()));
    assert!(!format!("{proposal:?}").contains("ra đời"));
    assert_eq!(rows.reject(by_chi, binh, now).await.unwrap(), Decided::NotAllowed);
    assert_eq!(rows.reject(by_chi, chi, now).await.unwrap(), Decided::Done, "one's own may be taken back");
    assert_eq!(rows.confirm(ProposalId(999), chi, now).await.unwrap(), Decided::Elsewhere);
}

pub(crate) async fn what_passes_goes_live_on_every_node_and_is_undone(world: Arc<World>) {
    let (here, there) = (rows(&world.store), rows(&world.another_node().await));
    let now = world.clock.now();
    let [an, binh, chi, _] = people(&world).await;
    let id = propose(&here, WORDS, an, now).await;
    assert_eq!(here.settle(id, verdict(true), 0, now).await.unwrap(), Decided::Elsewhere, "nobody confirmed it");
    assert_eq!(here.confirm(id, chi, now).await.unwrap(), Decided::Done);
    assert_eq!(there.to_check().await.unwrap().len(), 1);
    assert_eq!(there.taught().await.unwrap().lessons.len(), 0, "not before it was measured");
    assert_eq!(there.settle(id, verdict(true), 0, now).await.unwrap(), Decided::Done);
    assert_eq!(here.settle(id, verdict(true), 1, now).await.unwrap(), Decided::Elsewhere, "once");
    let taught = here.taught().await.unwrap();
    assert_eq!((taught.version, taught.lessons), (1, vec![(id, WORDS.to_owned(), alias())]));
    assert_eq!(here.proposal(id).await.unwrap().unwrap().verdict, Some(verdict(true)));
    assert_eq!(here.undo(id, binh, now).await.unwrap(), Decided::NotAllowed);
    assert_eq!(here.taught_version().await.unwrap(), 1);
    assert_eq!(here.undo(id, chi, now).await.unwrap(), Decided::Done);
    assert_eq!(here.undo(id, chi, now).await.unwrap(), Decided::Elsewhere);
    let taught = there.taught().await.unwrap();
    assert_eq!((taught.version, taught.lessons.len()), (2, 0));
    // The same text may be proposed anew.
    propose(&here, WORDS, an, now).await;
}

pub(crate) async fn what_was_measured_of_other_lessons_does_not_count(world: Arc<World>) {
    let (rows, now) = (rows(&world.store), world.clock.now());
    let [an, _, chi, _] = people(&world).await;
    let (one, two) = (propose(&rows, WORDS, an, now).await, propose(&rows, "tờ ra đời", an, now).await);
    for id in [one, two] {
        assert_eq!(rows.confirm(id, chi, now).await.unwrap(), Decided::Done);
    }
    assert_eq!(rows.settle(one, verdict(true), 0, now).await.unwrap(), Decided::Done);
    assert_eq!(rows.settle(two, verdict(true), 0, now).await.unwrap(), Decided::Stale);
    assert_eq!(rows.proposal(two).await.unwrap().unwrap().state, ProposalState::Checking, "it is measured again");
    assert_eq!(rows.settle(two, verdict(false), 1, now).await.unwrap(), Decided::Done);
    let refused = rows.proposal(two).await.unwrap().unwrap();
    assert_eq!((refused.state, refused.verdict), (ProposalState::Rejected, Some(verdict(false))));
    assert_eq!(rows.taught_version().await.unwrap(), 1, "what is in effect has not changed");
    let all = rows.proposals(10).await.unwrap();
    assert_eq!(all.iter().map(|proposal| proposal.id).collect::<Vec<_>>(), [one, two], "live ones first");
    world.clock.advance(Duration::from_secs(91 * 86_400));
    assert_eq!(world.store.sweep(world.clock.now()).await.unwrap().learning, 1, "what is over goes");
    assert_eq!(rows.taught().await.unwrap().lessons.len(), 1, "what is live stays");
}

pub(crate) async fn one_text_is_proposed_once_and_proposals_are_bounded(world: Arc<World>) {
    let (rows, now) = (rows(&world.store), world.clock.now());
    let [an, binh, ..] = people(&world).await;
    propose(&rows, WORDS, an, now).await;
    let again = NewProposal {
        lesson: Lesson::Utterance(TaughtAct::OpeningHours),
        text: "Giay ra doi, CHO chau".to_owned(),
        by: binh,
        at: now,
    };
    assert_eq!(rows.propose(again).await.unwrap(), Proposed::Again, "the same words, folded");
    propose(&rows, "một", an, now).await;
    propose(&rows, "hai", an, now).await;
    let fourth = NewProposal { lesson: alias(), text: "ba".to_owned(), by: an, at: now };
    assert_eq!(rows.propose(fourth).await.unwrap(), Proposed::Full);
}

pub(crate) async fn of_two_supervisors_at_once_one_confirms(world: Arc<World>) {
    let other = world.another_node().await;
    let now = world.clock.now();
    let [an, _, chi, dung] = people(&world).await;
    let (here, there) = (Arc::new(rows(&world.store)), Arc::new(rows(&other)));
    let id = propose(&here, WORDS, an, now).await;
    let racers: Vec<_> = (0..10)
        .map(|n| {
            let (rows, by) = if n % 2 == 0 { (Arc::clone(&here), chi) } else { (Arc::clone(&there), dung) };
            tokio::spawn(async move { rows.confirm(id, by, now).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for racer in racers {
        done += u32::from(racer.await.unwrap() == Decided::Done);
    }
    assert_eq!(done, 1);
    let settlers: Vec<_> = [Arc::clone(&here), there]
        .into_iter()
        .map(|rows| tokio::spawn(async move { rows.settle(id, verdict(true), 0, now).await.unwrap() }))
        .collect();
    let mut done = 0;
    for settler in settlers {
        done += u32::from(settler.await.unwrap() == Decided::Done);
    }
    assert_eq!((done, here.taught_version().await.unwrap()), (1, 1));
}

pub(crate) async fn a_lesson_leads_nowhere_else(world: Arc<World>) {
    let (rows, now) = (rows(&world.store), world.clock.now());
    let [an, _, chi, _] = people(&world).await;
    let id = propose(&rows, WORDS, an, now).await;
    rows.confirm(id, chi, now).await.unwrap();
    rows.settle(id, verdict(true), 0, now).await.unwrap();
    world.sql("UPDATE proposals SET target = '1.000894'").await.unwrap();
    assert!(rows.taught().await.unwrap().lessons.is_empty(), "it was sealed for another procedure");
}

pub(crate) async fn the_database_files_tell_nothing_of_misses(world: Arc<World>) {
    let (rows, now) = (rows(&world.store), world.clock.now());
    let [an, ..] = people(&world).await;
    rows.record_miss(miss(MissKind::NotUnderstood, WORDS, now));
    propose(&rows, WORDS, an, now).await;
    rows.close().await.unwrap();
    let mut bytes = 0;
    for file in std::fs::read_dir(world.folder()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        bytes += content.len();
        for part in ["ra đời", "giay ra doi"] {
            assert!(!content.windows(part.len()).any(|window| window == part.as_bytes()), "{part}");
        }
    }
    assert!(bytes > 0);
}
