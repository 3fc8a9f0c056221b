use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway_core::domain::{LockOut, Login, Officer, OfficerId, OfficerName, OfficerRole, Sites};
use gateway_core::ports::{
    Clock, HashKey, KeyedHash, NewOfficer, NewOfficerAct, NewSession, OfficerActCursor, OfficerAudit, OfficerChange,
    Officers, Randomness, Stage, Tried, Trying, acts,
};
use gateway_store::{OfficerAccounts, Store};
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

const TOKEN: KeyedHash = KeyedHash([1; 16]);
const RULE: LockOut = LockOut {
    failures: 5,
    first_pause: Duration::from_secs(30),
    longest_pause: Duration::from_secs(3_600),
    forget_after: Duration::from_secs(86_400),
};

fn accounts_under(store: &Store, secret: &str) -> OfficerAccounts {
    store.officers(&HashKey::new("k1", secret), Arc::new(Counting(AtomicU64::new(1))))
}

fn accounts(store: &Store) -> OfficerAccounts {
    accounts_under(store, "a key for tests")
}

fn login(text: &str) -> Login {
    Login::parse(text).unwrap()
}

async fn add(accounts: &OfficerAccounts, name: &str, at: Timestamp) -> Option<OfficerId> {
    let new = NewOfficer {
        login: login(name),
        name: OfficerName::parse("Nguyễn Thị Bình").unwrap(),
        role: OfficerRole::Officer,
        sites: Sites::parse(["000.00.17.H09", "000.00.01.H09"]).unwrap(),
        password_hash: "$argon2id$first".to_owned(),
        at,
    };
    accounts.add(new).await.unwrap()
}

fn session(officer: OfficerId, token: KeyedHash, at: Timestamp) -> NewSession {
    NewSession {
        token,
        officer,
        epoch: 1,
        stage: Stage::SignedIn,
        at,
        until: at + SignedDuration::from_hours(10),
        idle: Duration::from_secs(1_800),
        replaces: None,
        most: 3,
    }
}

async fn who(accounts: &OfficerAccounts, token: KeyedHash, now: Timestamp) -> Option<Officer> {
    accounts.session(token, Stage::SignedIn, now).await.unwrap().map(|signed_in| signed_in.officer)
}

pub(crate) async fn an_account_is_made_once_and_found_on_every_node(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let there = accounts(&world.another_node().await);
    let id = add(&here, "binh", now).await.unwrap();
    assert_eq!(add(&there, "Binh", now).await, None, "a login is one person's");
    let other = add(&there, "an.tran", now).await.unwrap();
    let found = there.find(&login("binh")).await.unwrap().unwrap();
    assert_eq!((found.id, found.role, found.disabled, found.second_factor), (id, OfficerRole::Officer, false, false));
    assert_eq!((found.name.as_str(), found.created_at), ("Nguyễn Thị Bình", now));
    assert!(found.may_see("000.00.17.H09") && !found.may_see("000.00.18.H09"));
    assert!(here.find(&login("nobody")).await.unwrap().is_none());

    here.change(id, OfficerChange::Role(OfficerRole::Supervisor), now).await.unwrap();
    here.change(id, OfficerChange::Sites(&Sites::ALL), now).await.unwrap();
    let list = there.list().await.unwrap();
    let ids: Vec<_> = list.iter().map(|officer| officer.id).collect();
    assert_eq!(ids, [other, id], "by login");
    assert_eq!((list[1].role, &list[1].sites), (OfficerRole::Supervisor, &Sites::ALL));
    assert!(!here.change(OfficerId(99), OfficerChange::Disable, now).await.unwrap(), "nobody is there");
}

pub(crate) async fn disabling_acts_at_once_on_every_node(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let there = accounts(&world.another_node().await);
    let id = add(&here, "binh", now).await.unwrap();
    assert!(here.begin_session(session(id, TOKEN, now)).await.unwrap());
    assert_eq!(who(&there, TOKEN, now).await.unwrap().id, id);

    assert!(here.change(id, OfficerChange::Disable, now).await.unwrap());
    assert!(who(&there, TOKEN, now).await.is_none());
    assert!(!there.begin_session(session(id, KeyedHash([2; 16]), now)).await.unwrap(), "none begins");
    assert!(here.change(id, OfficerChange::Enable, now).await.unwrap());
    assert!(who(&there, TOKEN, now).await.is_none(), "what has ended stays so");
}

pub(crate) async fn a_session_ends_by_itself(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let id = add(&here, "binh", now).await.unwrap();
    here.begin_session(session(id, TOKEN, now)).await.unwrap();
    let later = |minutes| now + SignedDuration::from_mins(minutes);
    assert!(here.session(TOKEN, Stage::AwaitsCode, now).await.unwrap().is_none(), "of the other stage there is none");
    // Used every 29 minutes it goes on, to its absolute end.
    for minutes in (0..=580).step_by(29) {
        assert!(who(&here, TOKEN, later(minutes)).await.is_some(), "after {minutes} minutes");
    }
    assert!(who(&here, TOKEN, later(599)).await.is_some());
    assert!(who(&here, TOKEN, later(600)).await.is_none(), "ten hours are over");

    here.begin_session(session(id, KeyedHash([2; 16]), now)).await.unwrap();
    assert!(who(&here, KeyedHash([2; 16]), later(30)).await.is_none(), "idle for half an hour");
    let swept = world.store.sweep(later(601)).await.unwrap();
    assert_eq!(swept.officer_sessions, 2);
}

pub(crate) async fn a_session_is_replaced_ended_and_bounded_in_number(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let id = add(&here, "binh", now).await.unwrap();
    let token = |n| KeyedHash([n; 16]);
    here.begin_session(NewSession { stage: Stage::AwaitsCode, ..session(id, TOKEN, now) }).await.unwrap();
    let full = NewSession { replaces: Some(TOKEN), ..session(id, token(2), now) };
    assert!(here.begin_session(full).await.unwrap());
    assert!(here.session(TOKEN, Stage::AwaitsCode, now).await.unwrap().is_none(), "the half one is gone");
    for n in 3..=5 {
        let at = now + SignedDuration::from_secs(i64::from(n));
        here.begin_session(session(id, token(n), at)).await.unwrap();
    }
    assert!(who(&here, token(2), now).await.is_none(), "of four the oldest ended");
    assert!(who(&here, token(5), now).await.is_some());
    here.end_session(token(5)).await.unwrap();
    assert!(who(&here, token(5), now).await.is_none());
    assert_eq!(here.end_sessions(id).await.unwrap(), 2);
}

pub(crate) async fn new_keys_end_sessions_and_let_none_begin_with_the_old(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let id = add(&here, "binh", now).await.unwrap();
    let looked_at = here.keys(&login("binh")).await.unwrap().unwrap();
    assert_eq!((looked_at.password_hash.as_str(), looked_at.epoch), ("$argon2id$first", 1));
    here.begin_session(session(id, TOKEN, now)).await.unwrap();
    here.change(id, OfficerChange::Password("$argon2id$second"), now).await.unwrap();
    assert!(who(&here, TOKEN, now).await.is_none());
    assert!(!here.begin_session(session(id, KeyedHash([2; 16]), now)).await.unwrap());
    let keys = here.keys(&login("binh")).await.unwrap().unwrap();
    assert_eq!(keys.password_hash, "$argon2id$second");
    let fresh = NewSession { epoch: keys.epoch, ..session(id, KeyedHash([3; 16]), now) };
    assert!(here.begin_session(fresh).await.unwrap());
}

pub(crate) async fn a_second_factor_is_sealed_for_its_account(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let (id, other) = (add(&here, "binh", now).await.unwrap(), add(&here, "an.tran", now).await.unwrap());
    let secret = b"twenty bytes of seed";
    here.change(id, OfficerChange::SecondFactor(Some(secret)), now).await.unwrap();
    let kept = here.second_factor(id).await.unwrap().unwrap();
    assert_eq!((kept.secret.as_slice(), kept.epoch), (secret.as_slice(), 2));
    assert!(here.keys(&login("binh")).await.unwrap().unwrap().officer.second_factor);
    let without_the_key = accounts_under(&world.store, "another key");
    assert!(without_the_key.second_factor(id).await.is_err());
    assert!(without_the_key.keys(&login("binh")).await.is_ok(), "the password can be looked at as always");
    world
        .sql(
            "UPDATE officers SET second_factor = (SELECT second_factor FROM officers WHERE login = 'binh'), \
              key_id = 'k1' WHERE login = 'an.tran'",
        )
        .await
        .unwrap();
    assert!(here.second_factor(other).await.is_err(), "another's secret opens nothing");
    here.change(id, OfficerChange::SecondFactor(None), now).await.unwrap();
    assert!(here.second_factor(id).await.unwrap().is_none());
}

pub(crate) async fn of_one_code_sent_twice_at_once_one_is_taken(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let id = add(&here, "binh", now).await.unwrap();
    let there = accounts(&world.another_node().await);
    let tries: Vec<_> = (0..10)
        .map(|n| {
            let node = if n % 2 == 0 { here.clone() } else { there.clone() };
            tokio::spawn(async move { node.use_step(id, 58_000_000).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for one in tries {
        taken += usize::from(one.await.unwrap());
    }
    assert_eq!(taken, 1);
    assert!(!here.use_step(id, 57_999_999).await.unwrap(), "nor an earlier one");
    assert!(here.use_step(id, 58_000_001).await.unwrap());
}

pub(crate) async fn of_many_tries_at_once_five_are_looked_at(world: Arc<World>) {
    let (here, now) = (accounts(&world.store), world.clock.now());
    let there = accounts(&world.another_node().await);
    let net = LockOut { failures: 30, ..RULE };
    let of = [Trying { who: KeyedHash([9; 16]), rule: RULE }, Trying { who: KeyedHash([3; 16]), rule: net }];
    let tries: Vec<_> = (0..20)
        .map(|n| {
            let node = if n % 2 == 0 { here.clone() } else { there.clone() };
            tokio::spawn(async move { node.begin_try(&of, now).await.unwrap() })
        })
        .collect();
    let mut counted = 0;
    for one in tries {
        counted += usize::from(one.await.unwrap() == Tried::Counted);
    }
    assert_eq!(counted, 5);
    assert_eq!(world.number("SELECT failures FROM officer_tries ORDER BY failures DESC LIMIT 1").await, 5);
    assert_eq!(world.number("SELECT count(*) FROM officer_tries").await, 2, "what was refused counts nowhere");
    assert_eq!(here.begin_try(&of, now).await.unwrap(), Tried::Locked { until: now + SignedDuration::from_secs(30) });
}

pub(crate) async fn each_failure_doubles_the_pause_and_a_right_one_is_taken_back(world: Arc<World>) {
    let (here, mut now) = (accounts(&world.store), world.clock.now());
    let of = [Trying { who: KeyedHash([9; 16]), rule: RULE }];
    for _ in 0..5 {
        assert_eq!(here.begin_try(&of, now).await.unwrap(), Tried::Counted);
    }
    for pause in [30, 60, 120, 240] {
        let until = now + SignedDuration::from_secs(pause);
        let just_before = until - SignedDuration::from_secs(1);
        assert_eq!(here.begin_try(&of, just_before).await.unwrap(), Tried::Locked { until }, "{pause}");
        now = until;
        assert_eq!(here.begin_try(&of, now).await.unwrap(), Tried::Counted);
    }
    // The last one was right: its pause goes, what was before stays counted.
    here.forgive_try(&of, now).await.unwrap();
    now += SignedDuration::from_secs(1);
    assert_eq!(here.begin_try(&of, now).await.unwrap(), Tried::Counted);
    let earlier = now - SignedDuration::from_secs(1);
    here.forgive_try(&of, earlier).await.unwrap();
    assert!(matches!(here.begin_try(&of, now).await.unwrap(), Tried::Locked { .. }), "a later failure's pause stays");
    here.forget_tries(KeyedHash([9; 16])).await.unwrap();
    for _ in 0..5 {
        assert_eq!(here.begin_try(&of, now).await.unwrap(), Tried::Counted);
    }
    // A day later all is forgotten, after eight the row goes.
    let tomorrow = now + SignedDuration::from_hours(24);
    assert_eq!(here.begin_try(&of, tomorrow).await.unwrap(), Tried::Counted);
    assert_eq!(world.number("SELECT failures FROM officer_tries").await, 1);
    let swept = world.store.sweep(tomorrow + SignedDuration::from_hours(24 * 8 + 1)).await.unwrap();
    assert_eq!(swept.officer_tries, 1);
}

fn act(act: &'static str, officer: Option<OfficerId>, account: Option<OfficerId>, at: Timestamp) -> NewOfficerAct {
    NewOfficerAct { at, act, officer, account, target: Some(TOKEN), address: None, key_id: "k1".into() }
}

pub(crate) async fn acts_are_read_newest_first_of_one_or_of_all(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let (binh, an) = (Some(OfficerId(1)), Some(OfficerId(2)));
    store.record_act(act(acts::ACCOUNT_ADDED, None, binh, now)).await.unwrap();
    store.record_act(act(acts::SIGNED_IN, binh, binh, now)).await.unwrap();
    store.record_act(act(acts::SIGNED_IN, an, an, now)).await.unwrap();
    store.record_act(act(acts::SIGNED_OUT, binh, binh, now)).await.unwrap();
    let words = |acts: &[gateway_core::ports::OfficerAct]| {
        acts.iter().map(|act| (act.act.to_string(), act.officer)).collect::<Vec<_>>()
    };
    let all = store.officer_acts(None, None, 10).await.unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!((all[0].at, all[0].target, all[0].key_id.as_str()), (now, Some(TOKEN), "k1"));
    let of_binh = store.officer_acts(binh, None, 2).await.unwrap();
    assert_eq!(words(&of_binh), [("signed_out".to_owned(), binh), ("signed_in".to_owned(), binh)]);
    let older = store.officer_acts(binh, Some(OfficerActCursor(of_binh[1].id)), 2).await.unwrap();
    assert_eq!(words(&older), [("account_added".to_owned(), None)]);
}

pub(crate) async fn acts_do_not_change_and_young_ones_stay(world: Arc<World>) {
    let (store, old) = (&world.store, world.clock.now() - SignedDuration::from_hours(24 * 366));
    let young: Timestamp = "2100-01-01T00:00:00Z".parse().unwrap();
    store.record_act(act(acts::SIGNED_IN, None, None, young)).await.unwrap();
    store.record_act(act(acts::SIGNED_IN, None, None, old)).await.unwrap();
    let changed = world.sql("UPDATE officer_acts SET act = 'nothing'").await.unwrap_err();
    assert!(changed.contains("append-only"), "{changed}");
    let deleted = world.sql("DELETE FROM officer_acts").await.unwrap_err();
    assert!(deleted.contains("append-only"), "{deleted}");
    assert_eq!(store.sweep(world.clock.now()).await.unwrap().officer_acts, 1, "what is past its retention goes");
    assert_eq!(world.number("SELECT count(*) FROM officer_acts").await, 1);
}
