use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gateway_core::domain::queue::TicketCode;
use gateway_core::domain::{
    ContinuationId, ContinuationStage, ContinuedPage, DeviceId, ProcedureCode, SearchWords, WhyOver,
};
use gateway_core::ports::{Clock, Continuations, HashKey, KeyedHash, Matched, NewContinuation, Randomness};
use gateway_store::{SealedContinuations, Store};
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

const PHONE: KeyedHash = KeyedHash([1; 16]);
const BYSTANDER: KeyedHash = KeyedHash([2; 16]);
const CODE: KeyedHash = KeyedHash([3; 16]);
const WRONG: KeyedHash = KeyedHash([4; 16]);

struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

fn rows(store: &Store) -> SealedContinuations {
    store.continuations(&HashKey::new("k1", "a key for tests"), Arc::new(Counting(AtomicU64::new(1))))
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn terminal(name: &str) -> DeviceId {
    DeviceId::parse(name).unwrap()
}

fn hall() -> DeviceId {
    terminal("k-first-terminal")
}

fn new(token: u8, page: ContinuedPage, at: Timestamp) -> NewContinuation {
    NewContinuation { device: hall(), token: KeyedHash([token; 16]), page, at, until: at + minutes(10), tries: 3 }
}

async fn begin(rows: &SealedContinuations, token: u8, at: Timestamp) -> ContinuationId {
    rows.begin_continuation(new(token, ContinuedPage::Home, at)).await.unwrap()
}

async fn stage(rows: &SealedContinuations, token: u8, now: Timestamp) -> ContinuationStage {
    rows.continuation(KeyedHash([token; 16])).await.unwrap().unwrap().stage(now)
}

/// Confirmed, so that the phone may go on.
async fn opened(rows: &SealedContinuations, page: ContinuedPage, now: Timestamp) -> ContinuationId {
    let id = rows.begin_continuation(new(9, page, now)).await.unwrap();
    assert!(rows.bind_phone(id, PHONE, CODE, now).await.unwrap());
    assert_eq!(rows.match_code(&hall(), id, CODE, now).await.unwrap(), Matched::Right);
    id
}

pub(crate) async fn a_page_goes_on_once_on_the_one_phone(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let there = rows(&world.another_node().await);
    let words = SearchWords::parse("cấp lại giấy khai sinh").unwrap();
    let id = here.begin_continuation(new(1, ContinuedPage::Procedures(words.clone()), now)).await.unwrap();
    assert_eq!(stage(&there, 1, now).await, ContinuationStage::Waiting);
    assert_eq!(there.match_code(&hall(), id, CODE, now).await.unwrap(), Matched::NotAsked, "no phone shows any");
    assert!(there.bind_phone(id, PHONE, CODE, now).await.unwrap());
    assert!(!here.bind_phone(id, BYSTANDER, CODE, now).await.unwrap(), "there is one");
    assert_eq!(here.go_on(id, PHONE, now).await.unwrap(), None, "nothing was typed");
    assert_eq!(here.match_code(&hall(), id, WRONG, now).await.unwrap(), Matched::Wrong(2));
    assert_eq!(there.match_code(&hall(), id, CODE, now).await.unwrap(), Matched::Right);
    assert_eq!(here.match_code(&hall(), id, CODE, now).await.unwrap(), Matched::Right, "the answer was lost");
    assert_eq!(here.match_code(&hall(), id, WRONG, now).await.unwrap(), Matched::NotAsked);
    assert_eq!(stage(&here, 1, now).await, ContinuationStage::Open);
    assert_eq!(here.go_on(id, BYSTANDER, now).await.unwrap(), None);
    assert_eq!(there.go_on(id, PHONE, now).await.unwrap(), Some(ContinuedPage::Procedures(words)));
    assert_eq!(here.go_on(id, PHONE, now).await.unwrap(), None, "once");
    assert_eq!(stage(&there, 1, now).await, ContinuationStage::Over(WhyOver::Used));
    assert_eq!(world.number("SELECT count(*) FROM continuations WHERE length(sealed) = 0").await, 1);
}

pub(crate) async fn every_kind_of_page_comes_back_as_it_was(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let code = ProcedureCode::parse("1.001193").unwrap();
    for page in [
        ContinuedPage::Home,
        ContinuedPage::Procedure { code: code.clone(), case: None },
        ContinuedPage::Procedure { code, case: NonZeroU32::new(2) },
        ContinuedPage::Procedures(SearchWords::parse("đất đai").unwrap()),
        ContinuedPage::Ticket(TicketCode::parse("7k3fq2m8w0zd").unwrap()),
    ] {
        let id = opened(&here, page.clone(), now).await;
        assert_eq!(here.go_on(id, PHONE, now).await.unwrap(), Some(page));
        world.sql("DELETE FROM continuations").await.unwrap();
    }
}

pub(crate) async fn of_twenty_phones_at_once_one_is_the_one(world: Arc<World>) {
    let (here, now) = (Arc::new(rows(&world.store)), world.clock.now());
    let there = Arc::new(rows(&world.another_node().await));
    let id = begin(&here, 1, now).await;
    let tries: Vec<_> = (0..20_u8)
        .map(|n| {
            let rows = Arc::clone(if n % 2 == 0 { &here } else { &there });
            tokio::spawn(async move { rows.bind_phone(id, KeyedHash([n; 16]), CODE, now).await.unwrap() })
        })
        .collect();
    let mut bound = Vec::new();
    for (n, one) in (0_u8..).zip(tries) {
        if one.await.unwrap() {
            bound.push(KeyedHash([n; 16]));
        }
    }
    assert_eq!(bound.len(), 1);
    assert!(here.continuation(KeyedHash([1; 16])).await.unwrap().unwrap().is_of(bound[0]));
}

pub(crate) async fn of_twenty_asks_at_once_one_goes_on(world: Arc<World>) {
    let (here, now) = (Arc::new(rows(&world.store)), world.clock.now());
    let there = Arc::new(rows(&world.another_node().await));
    let id = opened(&here, ContinuedPage::Home, now).await;
    let asks: Vec<_> = (0..20)
        .map(|n| {
            let rows = Arc::clone(if n % 2 == 0 { &here } else { &there });
            tokio::spawn(async move { rows.go_on(id, PHONE, now).await.unwrap().is_some() })
        })
        .collect();
    let mut gone = 0;
    for one in asks {
        gone += usize::from(one.await.unwrap());
    }
    assert_eq!(gone, 1);
}

pub(crate) async fn wrong_digits_are_counted_however_many_come_at_once(world: Arc<World>) {
    let (here, now) = (Arc::new(rows(&world.store)), world.clock.now());
    let there = Arc::new(rows(&world.another_node().await));
    let id = begin(&here, 1, now).await;
    assert!(here.bind_phone(id, PHONE, CODE, now).await.unwrap());
    let tries: Vec<_> = (0..12)
        .map(|n| {
            let rows = Arc::clone(if n % 2 == 0 { &here } else { &there });
            tokio::spawn(async move { rows.match_code(&hall(), id, WRONG, now).await.unwrap() })
        })
        .collect();
    let mut left = Vec::new();
    for one in tries {
        if let Matched::Wrong(tries) = one.await.unwrap() {
            left.push(tries);
        }
    }
    left.sort_unstable();
    assert_eq!(left, [0, 1, 2]);
    assert_eq!(stage(&here, 1, now).await, ContinuationStage::Over(WhyOver::Mistyped));
    assert_eq!(here.match_code(&hall(), id, CODE, now).await.unwrap(), Matched::NotAsked, "too late");
    assert_eq!(world.number("SELECT count(*) FROM continuations WHERE length(sealed) = 0").await, 1);
}

pub(crate) async fn a_terminal_has_one_and_another_has_no_part_in_it(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let (first, other) = (begin(&here, 1, now).await, terminal("k-other-terminal"));
    let theirs = NewContinuation { device: other.clone(), ..new(7, ContinuedPage::Home, now) };
    here.begin_continuation(theirs).await.unwrap();
    assert!(here.bind_phone(first, PHONE, CODE, now).await.unwrap());
    assert_eq!(here.match_code(&other, first, CODE, now).await.unwrap(), Matched::NotAsked);
    assert_eq!(here.continuation_of(&other, first).await.unwrap(), None);
    assert_eq!(here.continuation_of(&hall(), first).await.unwrap().unwrap().id, first);
    let second = begin(&here, 2, now).await;
    assert_eq!(stage(&here, 1, now).await, ContinuationStage::Over(WhyOver::Replaced));
    assert_eq!(here.match_code(&hall(), first, CODE, now).await.unwrap(), Matched::NotAsked);
    assert_eq!(stage(&here, 2, now).await, ContinuationStage::Waiting);
    assert_eq!(stage(&here, 7, now).await, ContinuationStage::Waiting, "the other terminal's is its own");
    assert_ne!(first, second);
    assert_eq!(here.continuation(KeyedHash([5; 16])).await.unwrap(), None);
}

pub(crate) async fn of_many_that_a_terminal_makes_at_once_one_lives(world: Arc<World>) {
    let (here, now) = (Arc::new(rows(&world.store)), world.clock.now());
    let there = Arc::new(rows(&world.another_node().await));
    let made: Vec<_> = (0..12_u8)
        .map(|n| {
            let rows = Arc::clone(if n % 2 == 0 { &here } else { &there });
            tokio::spawn(async move { begin(&rows, n, now).await })
        })
        .collect();
    for one in made {
        one.await.unwrap();
    }
    assert_eq!(world.number("SELECT count(*) FROM continuations WHERE over = 0").await, 1);
    assert_eq!(world.number("SELECT count(*) FROM continuations").await, 12);
}

pub(crate) async fn what_is_over_by_its_time_is_over_and_swept_a_day_later(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let over = now + minutes(10);
    let id = opened(&here, ContinuedPage::Home, now).await;
    assert_eq!(here.go_on(id, PHONE, over).await.unwrap(), None);
    let late = begin(&here, 1, now).await;
    assert!(!here.bind_phone(late, PHONE, CODE, over).await.unwrap());
    assert!(here.bind_phone(late, PHONE, CODE, over - minutes(1)).await.unwrap());
    assert_eq!(here.match_code(&hall(), late, CODE, over).await.unwrap(), Matched::NotAsked);
    assert_eq!(stage(&here, 1, over).await, ContinuationStage::Over(WhyOver::Expired), "and is told as that");
    assert_eq!(world.store.sweep(over + minutes(60)).await.unwrap().continuations, 0);
    assert_eq!(world.store.sweep(over + minutes(24 * 60 + 1)).await.unwrap().continuations, 2);
    assert_eq!(world.number("SELECT count(*) FROM continuations").await, 0);
}

pub(crate) async fn under_another_key_and_without_the_table_nobody_goes_on(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let id = opened(&here, ContinuedPage::Home, now).await;
    let strange = world.store.continuations(&HashKey::new("k1", "another key"), Arc::new(Counting(AtomicU64::new(1))));
    assert!(strange.go_on(id, PHONE, now).await.is_err());
    world.sql("DROP TABLE continuations").await.unwrap();
    assert!(here.begin_continuation(new(2, ContinuedPage::Home, now)).await.is_err());
    assert!(here.continuation(KeyedHash([9; 16])).await.is_err() && here.continuation_of(&hall(), id).await.is_err());
    assert!(here.bind_phone(id, PHONE, CODE, now).await.is_err() && here.go_on(id, PHONE, now).await.is_err());
    assert!(here.match_code(&hall(), id, CODE, now).await.is_err());
}
