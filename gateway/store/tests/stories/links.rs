use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::Channel;
use gateway_core::ports::{
    Clock, HashKey, KeyedHash, LinkProof, LinkTerms, LinkTried, Links as _, NewLinkCode, NewLinkOffer, Randomness,
};
use gateway_store::{SealedLinks, Store, Swept};
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

const PHONE: KeyedHash = KeyedHash([9; 16]);
const OTHER_PHONE: KeyedHash = KeyedHash([8; 16]);
const CODE: KeyedHash = KeyedHash([1; 16]);
const MASKED: &str = "09xx xxx 678";

/// Numbers of which each comes once, over all nodes of a story.
struct Counting;

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

fn links(node: &Store) -> SealedLinks {
    node.links(&HashKey::new("key-of-the-story", "a key"), Arc::new(Counting))
}

const fn account(n: u8) -> KeyedHash {
    KeyedHash([100 + n; 16])
}

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn offer(n: u8, at: Timestamp) -> NewLinkOffer {
    NewLinkOffer {
        account: account(n),
        channel: Channel::Zalo,
        consent: "2026-11".into(),
        words: "Bưởi xin liên kết số 0912345678".into(),
        at,
        until: at + minutes(10),
    }
}

fn code_to(phone: KeyedHash) -> NewLinkCode {
    NewLinkCode {
        phone,
        masked: MASKED.into(),
        code: CODE,
        tries: 5,
        pause: Duration::from_secs(60),
        most_a_day: 5,
        most_a_day_phone: 50,
    }
}

fn terms(at: Timestamp) -> LinkTerms {
    LinkTerms { most_accounts: 3, until: at + SignedDuration::from_hours(24 * 365) }
}

const fn code(code: KeyedHash) -> LinkProof<'static> {
    LinkProof::Code { code, words: "123456" }
}

async fn linked(links: &SealedLinks, n: u8, phone: KeyedHash, at: Timestamp) -> LinkTried {
    assert!(links.issue(offer(n, at), code_to(phone)).await.unwrap());
    links.confirm(account(n), code(CODE), at, terms(at)).await.unwrap()
}

pub(crate) async fn a_right_code_links_once_and_both_sides_see_it(world: Arc<World>) {
    let (here, there) = (links(&world.store), links(&world.another_node().await));
    let now = world.clock.now();
    assert!(here.issue(offer(1, now), code_to(PHONE)).await.unwrap());
    let wrong = there.confirm(account(1), code(KeyedHash([2; 16])), now, terms(now)).await.unwrap();
    assert_eq!(wrong, LinkTried::Wrong { left: 4 });
    let right = there.confirm(account(1), code(CODE), now, terms(now)).await.unwrap();
    assert_eq!(right, LinkTried::Linked { masked: MASKED.into(), replaced: false });
    let again = here.confirm(account(1), code(CODE), now, terms(now)).await.unwrap();
    assert_eq!(again, LinkTried::Nothing, "good once");
    for (sender, other) in [(account(1), PHONE), (PHONE, account(1))] {
        let seen = here.links_of(sender, now).await.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].masked.as_str(), seen[0].consent.as_str(), seen[0].since), (MASKED, "2026-11", now));
        assert_eq!(here.senders_of(sender, now).await.unwrap(), [other]);
    }
    assert_eq!(here.links_of(account(2), now).await.unwrap(), Vec::new());
}

pub(crate) async fn a_code_for_links_bears_five_tries_and_ends(world: Arc<World>) {
    let links = links(&world.store);
    let now = world.clock.now();
    assert!(links.issue(offer(1, now), code_to(PHONE)).await.unwrap());
    for left in (0..5).rev() {
        let tried = links.confirm(account(1), code(KeyedHash([2; 16])), now, terms(now)).await.unwrap();
        assert_eq!(tried, LinkTried::Wrong { left });
    }
    assert_eq!(links.confirm(account(1), code(CODE), now, terms(now)).await.unwrap(), LinkTried::Nothing);
    let later = now + minutes(20);
    assert!(links.issue(offer(1, later), code_to(PHONE)).await.unwrap());
    let late = later + minutes(10);
    assert_eq!(links.confirm(account(1), code(CODE), late, terms(late)).await.unwrap(), LinkTried::Nothing);
    assert_eq!(links.links_of(account(1), late).await.unwrap(), Vec::new());
}

pub(crate) async fn codes_for_links_are_few_for_account_and_phone(world: Arc<World>) {
    let links = links(&world.store);
    let now = world.clock.now();
    let few = NewLinkCode { most_a_day: 2, most_a_day_phone: 3, ..code_to(PHONE) };
    assert!(links.issue(offer(1, now), few.clone()).await.unwrap());
    let soon = NewLinkCode { code: KeyedHash([3; 16]), ..few.clone() };
    assert!(!links.issue(offer(1, now + minutes(1) - SignedDuration::from_secs(1)), soon).await.unwrap());
    let first = links.confirm(account(1), code(KeyedHash([3; 16])), now, terms(now)).await.unwrap();
    assert_eq!(first, LinkTried::Wrong { left: 4 }, "the earlier code holds");
    assert!(links.issue(offer(1, now + minutes(2)), few.clone()).await.unwrap());
    assert!(!links.issue(offer(1, now + minutes(4)), few.clone()).await.unwrap(), "two a day for the account");
    assert!(links.issue(offer(2, now + minutes(4)), few.clone()).await.unwrap());
    assert!(!links.issue(offer(3, now + minutes(4)), few.clone()).await.unwrap(), "three a day to the phone");
    assert!(links.issue(offer(3, now + SignedDuration::from_hours(25)), few).await.unwrap());
}

pub(crate) async fn of_twenty_that_confirm_one_code_one_links(world: Arc<World>) {
    let other = world.another_node().await;
    let now = world.clock.now();
    assert!(links(&world.store).issue(offer(1, now), code_to(PHONE)).await.unwrap());
    let racers: Vec<_> = (0..20)
        .map(|n| {
            let links = links(if n % 2 == 0 { &world.store } else { &other });
            tokio::spawn(async move { links.confirm(account(1), code(CODE), now, terms(now)).await.unwrap() })
        })
        .collect();
    let mut linked = 0;
    for racer in racers {
        match racer.await.unwrap() {
            LinkTried::Linked { .. } => linked += 1,
            tried => assert_eq!(tried, LinkTried::Nothing),
        }
    }
    assert_eq!(linked, 1);
}

pub(crate) async fn of_ten_accounts_at_once_a_phone_takes_three(world: Arc<World>) {
    let other = world.another_node().await;
    let now = world.clock.now();
    for n in 0..10 {
        assert!(links(&world.store).issue(offer(n, now), code_to(PHONE)).await.unwrap());
    }
    let racers: Vec<_> = (0..10)
        .map(|n| {
            let links = links(if n % 2 == 0 { &world.store } else { &other });
            tokio::spawn(async move { links.confirm(account(n), code(CODE), now, terms(now)).await.unwrap() })
        })
        .collect();
    let mut linked = 0;
    for racer in racers {
        match racer.await.unwrap() {
            LinkTried::Linked { .. } => linked += 1,
            tried => assert_eq!(tried, LinkTried::TooMany),
        }
    }
    assert_eq!((linked, links(&other).links_of(PHONE, now).await.unwrap().len()), (3, 3));
}

pub(crate) async fn another_phone_takes_the_place_of_the_first(world: Arc<World>) {
    let links = links(&world.store);
    let now = world.clock.now();
    assert!(matches!(linked(&links, 1, PHONE, now).await, LinkTried::Linked { replaced: false, .. }));
    let later = now + minutes(2);
    assert!(matches!(linked(&links, 1, OTHER_PHONE, later).await, LinkTried::Linked { replaced: true, .. }));
    assert_eq!(links.links_of(PHONE, later).await.unwrap(), Vec::new());
    assert_eq!(links.senders_of(account(1), later).await.unwrap(), [OTHER_PHONE]);
    let anew = later + minutes(2);
    assert!(matches!(linked(&links, 1, OTHER_PHONE, anew).await, LinkTried::Linked { replaced: false, .. }));
}

pub(crate) async fn a_contact_is_taken_where_it_was_offered(world: Arc<World>) {
    let links = links(&world.store);
    let now = world.clock.now();
    let contact = LinkProof::Contact { phone: PHONE, masked: MASKED };
    assert_eq!(links.confirm(account(1), contact, now, terms(now)).await.unwrap(), LinkTried::Nothing);
    links.offer(offer(1, now)).await.unwrap();
    assert_eq!(links.confirm(account(1), code(CODE), now, terms(now)).await.unwrap(), LinkTried::Nothing, "no code");
    let late = now + minutes(10);
    assert_eq!(links.confirm(account(1), contact, late, terms(late)).await.unwrap(), LinkTried::Nothing);
    links.offer(offer(1, late)).await.unwrap();
    let taken = links.confirm(account(1), contact, late, terms(late)).await.unwrap();
    assert_eq!(taken, LinkTried::Linked { masked: MASKED.into(), replaced: false });
    // A code that is on its way outlives an offer without one.
    assert!(links.issue(offer(2, late), code_to(PHONE)).await.unwrap());
    links.offer(offer(2, late)).await.unwrap();
    assert!(matches!(
        links.confirm(account(2), code(CODE), late, terms(late)).await.unwrap(),
        LinkTried::Linked { .. }
    ));
}

pub(crate) async fn either_side_breaks_its_own_links_and_no_others(world: Arc<World>) {
    let links = links(&world.store);
    let now = world.clock.now();
    for (n, phone) in [(1, PHONE), (2, PHONE), (3, OTHER_PHONE)] {
        linked(&links, n, phone, now).await;
    }
    assert!(links.issue(offer(4, now), code_to(PHONE)).await.unwrap());
    assert_eq!(links.unlink(account(3), Some(PHONE)).await.unwrap(), 0, "that is not its phone");
    assert_eq!(links.unlink(PHONE, Some(account(2))).await.unwrap(), 1);
    assert_eq!(links.senders_of(PHONE, now).await.unwrap(), [account(1)]);
    assert_eq!(links.unlink(PHONE, None).await.unwrap(), 1);
    let waits = links.confirm(account(4), code(CODE), now, terms(now)).await.unwrap();
    assert_eq!(waits, LinkTried::Nothing, "what waited for the phone's code is over too");
    assert_eq!(links.unlink(account(3), None).await.unwrap(), 1);
    assert_eq!(links.unlink(account(3), None).await.unwrap(), 0);
    assert_eq!(world.number("SELECT count(*) FROM links").await, 0, "deleted, not marked");
}

pub(crate) async fn a_link_that_is_used_stays_and_what_is_over_is_swept(world: Arc<World>) {
    let links = links(&world.store);
    let now = world.clock.now();
    linked(&links, 1, PHONE, now).await;
    linked(&links, 2, OTHER_PHONE, now).await;
    links.offer(offer(3, now)).await.unwrap();
    assert_eq!(world.store.sweep(now).await.unwrap(), Swept::default());
    let half = now + SignedDuration::from_hours(24 * 200);
    links.keep_links(PHONE, half, terms(half).until).await.unwrap();
    let over = now + SignedDuration::from_hours(24 * 366);
    assert_eq!(links.senders_of(account(1), over).await.unwrap(), [PHONE]);
    assert_eq!(links.senders_of(account(2), over).await.unwrap(), Vec::new());
    links.keep_links(account(2), over, terms(over).until).await.unwrap();
    assert_eq!(links.senders_of(account(2), over).await.unwrap(), Vec::new(), "what is over does not come back");
    // One link, one offer, two codes that were sent.
    assert_eq!(world.store.sweep(over).await.unwrap(), Swept { links: 4, ..Swept::default() });
    assert_eq!(world.number("SELECT count(*) FROM links").await, 1);
}

pub(crate) async fn a_link_that_was_meddled_with_shows_no_phone(world: Arc<World>) {
    let own = links(&world.store);
    let now = world.clock.now();
    linked(&own, 1, PHONE, now).await;
    let stranger = world.store.links(&HashKey::new("other", "another key"), Arc::new(Counting));
    assert_eq!(stranger.links_of(account(1), now).await.unwrap()[0].masked, "");
    linked(&own, 2, OTHER_PHONE, now).await;
    world.sql("UPDATE links SET sealed = (SELECT sealed FROM links ORDER BY since, account LIMIT 1)").await.unwrap();
    let shown = [account(1), account(2)].map(|account| own.links_of(account, now));
    let mut seen = Vec::new();
    for links in shown {
        seen.push(links.await.unwrap()[0].masked.clone());
    }
    seen.sort();
    assert_eq!(seen, ["", MASKED], "a row's seal opens in its own place alone");
}

pub(crate) async fn the_database_files_tell_nothing_of_links(world: Arc<World>) {
    let links = links(&world.store);
    let now = world.clock.now();
    linked(&links, 1, PHONE, now).await;
    assert!(links.issue(offer(2, now), code_to(PHONE)).await.unwrap());
    let mut bytes = 0;
    for file in std::fs::read_dir(world.folder()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        bytes += content.len();
        for part in ["xxx 678", "Bưởi", "912345678", "123456"] {
            assert!(!content.windows(part.len()).any(|window| window == part.as_bytes()), "{part}");
        }
    }
    assert!(bytes > 0);
}
