use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::{
    Category, Channel, DossierNumber, DossierNumberParser, Locale, Phone, dossier_number::default_patterns,
};
use gateway_core::ports::{
    Clock, Codes, ContactPreferences, KeyedHash, Looked, NewCode, NewSubscription, Proofs, Seen, Subscribed,
    Subscription, Subscriptions,
};
use gateway_store::{Store, Swept};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use crate::mail::outbound;
use crate::support::{DOSSIER, PHONE};
use crate::world::World;

const PHONE_HASH: KeyedHash = KeyedHash([1; 16]);
const DOSSIER_HASH: KeyedHash = KeyedHash([7; 16]);
const CODE: KeyedHash = KeyedHash([8; 16]);
const WRONG: KeyedHash = KeyedHash([9; 16]);

fn code(at: Timestamp) -> NewCode {
    NewCode {
        dossier: DOSSIER_HASH,
        phone: PHONE_HASH,
        code: CODE,
        at,
        until: at + SignedDuration::from_mins(10),
        tries: 5,
        pause: Duration::from_secs(60),
        most_a_day: 3,
        most_a_day_phone: 4,
    }
}

pub(crate) async fn the_newest_wish_holds(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let refuses = async |category| store.refuses(PHONE_HASH, category).await.unwrap();
    assert!(!refuses(Category::Status).await);
    store.opt_out(PHONE_HASH, Some(Category::Status), "TC DUNG 0912345678", now).await.unwrap();
    assert!(refuses(Category::Status).await && !refuses(Category::Announcement).await);
    store.opt_out(PHONE_HASH, None, "DUNG HET", now).await.unwrap();
    assert!(refuses(Category::Announcement).await);
    store.opt_in(PHONE_HASH, Some(Category::Announcement), "NHAN TB", now).await.unwrap();
    assert!(refuses(Category::Status).await && !refuses(Category::Announcement).await);
    store.opt_in(PHONE_HASH, None, "NHAN", now).await.unwrap();
    assert!(!refuses(Category::Status).await && !refuses(Category::Announcement).await);
    assert!(!store.refuses(KeyedHash([2; 16]), Category::Status).await.unwrap());
    assert_eq!(world.number("SELECT count(*) FROM contact_wishes").await, 4, "every wish is on record");
    assert_eq!(world.number("SELECT count(*) FROM contact_wishes WHERE words LIKE '%0912%'").await, 0);

    for n in 1..=3 {
        assert_eq!(store.count_notice(PHONE_HASH, date(2026, 11, 23)).await.unwrap(), n);
    }
    assert_eq!(store.count_notice(PHONE_HASH, date(2026, 11, 24)).await.unwrap(), 1);
}

pub(crate) async fn a_refusal_that_holds_outlives_every_sweep(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let (loud, quiet) = (KeyedHash([1; 16]), KeyedHash([2; 16]));
    store.opt_out(loud, Some(Category::Status), "DUNG", now).await.unwrap();
    store.opt_in(loud, None, "NHAN", now).await.unwrap();
    store.opt_out(quiet, None, "DUNG", now).await.unwrap();
    let swept = store.sweep(now + SignedDuration::from_hours(24 * 2_000)).await.unwrap();
    assert_eq!(swept.wishes, 2);
    assert!(store.refuses(quiet, Category::Status).await.unwrap());
    assert!(!store.refuses(loud, Category::Status).await.unwrap());
}

pub(crate) async fn a_code_is_good_once(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    assert!(!store.try_code(DOSSIER_HASH, CODE, now).await.unwrap(), "there is none");
    assert!(store.issue(code(now)).await.unwrap());
    assert!(!store.try_code(DOSSIER_HASH, WRONG, now).await.unwrap());
    let tries: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.try_code(DOSSIER_HASH, CODE, now).await.unwrap() })
        })
        .collect();
    let mut right = 0;
    for tried in tries {
        right += u32::from(tried.await.unwrap());
    }
    assert_eq!(right, 1);
    assert!(!store.try_code(DOSSIER_HASH, CODE, now).await.unwrap());
}

pub(crate) async fn a_code_bears_five_tries_and_ends(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    assert!(store.issue(code(now)).await.unwrap());
    for _ in 0..5 {
        assert!(!store.try_code(DOSSIER_HASH, WRONG, now).await.unwrap());
    }
    assert!(!store.try_code(DOSSIER_HASH, CODE, now).await.unwrap(), "five were wrong");
    let other = KeyedHash([3; 16]);
    store.issue(NewCode { dossier: other, ..code(now) }).await.unwrap();
    assert!(!store.try_code(other, CODE, now + SignedDuration::from_mins(10)).await.unwrap(), "its time is over");
    assert!(store.try_code(other, CODE, now + SignedDuration::from_mins(9)).await.unwrap());
}

pub(crate) async fn codes_are_sent_seldom(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let issue = async |seconds| store.issue(code(now + SignedDuration::from_secs(seconds))).await.unwrap();
    let at_once: Vec<_> = (0..5)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.issue(code(now)).await.unwrap() })
        })
        .collect();
    let mut issued = 0;
    for one in at_once {
        issued += u32::from(one.await.unwrap());
    }
    assert_eq!(issued, 1);
    assert!(!issue(59).await, "too soon");
    assert!(store.try_code(DOSSIER_HASH, CODE, now).await.unwrap(), "the first one still holds");
    assert!(!issue(59).await, "a code that was used does not shorten the pause");
    assert!(issue(60).await && issue(120).await);
    assert!(!issue(600).await, "three a day");
    assert!(issue(24 * 3_600 + 1).await);
}

pub(crate) async fn codes_to_one_phone_are_counted_over_all_its_dossiers(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    let of = |n: u8, seconds| NewCode { dossier: KeyedHash([n; 16]), ..code(now + SignedDuration::from_secs(seconds)) };
    let at_once: Vec<_> = (10..22)
        .map(|n| {
            let (store, code) = (store.clone(), of(n, 0));
            tokio::spawn(async move { store.issue(code).await.unwrap().then_some(n) })
        })
        .collect();
    let mut had = Vec::new();
    for one in at_once {
        had.extend(one.await.unwrap());
    }
    assert_eq!(had.len(), 4, "{had:?}");
    let (first, other_phone) = (had[0], KeyedHash([2; 16]));
    let newer = NewCode { code: WRONG, ..of(first, 120) };
    assert!(!store.issue(newer).await.unwrap(), "the phone has had four");
    assert!(store.try_code(newer.dossier, CODE, newer.at).await.unwrap(), "the earlier one still holds");
    assert!(store.issue(NewCode { phone: other_phone, ..of(first, 120) }).await.unwrap(), "that phone had none");
    assert!(!store.issue(of(30, 24 * 3_600 - 1)).await.unwrap());
    assert!(store.issue(of(30, 24 * 3_600)).await.unwrap());
}

pub(crate) async fn who_has_proved_a_dossier_is_known_for_a_while(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    assert!(!store.is_proven(PHONE_HASH, DOSSIER_HASH, now).await.unwrap());
    store.remember_proven(PHONE_HASH, DOSSIER_HASH, now).await.unwrap();
    let until = now + SignedDuration::from_hours(1);
    store.remember_proven(PHONE_HASH, DOSSIER_HASH, until).await.unwrap();
    assert!(store.is_proven(PHONE_HASH, DOSSIER_HASH, now).await.unwrap());
    assert!(!store.is_proven(PHONE_HASH, DOSSIER_HASH, until).await.unwrap());
    assert!(!store.is_proven(KeyedHash([2; 16]), DOSSIER_HASH, now).await.unwrap());
    assert!(!store.is_proven(PHONE_HASH, KeyedHash([8; 16]), now).await.unwrap());
}

fn number() -> DossierNumber {
    let parser = DossierNumberParser::new(&default_patterns()).unwrap();
    parser.parse_exact(DOSSIER, date(2026, 11, 23)).unwrap()
}

fn wish(n: u8, due_at: Option<Timestamp>, now: Timestamp) -> NewSubscription {
    NewSubscription {
        number: number(),
        dossier: KeyedHash([n; 16]),
        to: Phone::parse(PHONE).unwrap(),
        phone: PHONE_HASH,
        locale: Locale::VI,
        channel: Channel::Sms,
        words: format!("TD {DOSSIER}").into(),
        at: now,
        seen: Seen { fingerprint: "1".into(), due_at },
        until: now + SignedDuration::from_hours(24 * 90),
        look_at: now,
        most: 3,
    }
}

async fn due(store: &Store, now: Timestamp) -> Vec<Subscription> {
    store.due(now, now + SignedDuration::from_mins(5), 10).await.unwrap()
}

pub(crate) async fn a_phone_subscribes_to_so_many_dossiers(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    for n in 1..=3 {
        assert_eq!(store.subscribe(wish(n, None, now)).await.unwrap(), Subscribed::New);
    }
    assert_eq!(store.subscribe(wish(2, None, now)).await.unwrap(), Subscribed::Already);
    assert_eq!(store.subscribe(wish(4, None, now)).await.unwrap(), Subscribed::TooMany);
    assert_eq!(world.number("SELECT count(*) FROM subscriptions WHERE words LIKE '%0012%'").await, 0);
    assert_eq!(store.unsubscribe(PHONE_HASH, Some(KeyedHash([2; 16]))).await.unwrap(), 1);
    assert_eq!(store.unsubscribe(PHONE_HASH, Some(KeyedHash([2; 16]))).await.unwrap(), 0);
    assert_eq!(store.unsubscribe(PHONE_HASH, None).await.unwrap(), 2);
    assert_eq!(world.number("SELECT count(*) FROM subscriptions").await, 0);
}

pub(crate) async fn what_is_due_first_is_looked_at_first_and_by_one(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    store.subscribe(wish(1, None, now)).await.unwrap();
    store.subscribe(wish(2, Some(now + SignedDuration::from_hours(48)), now)).await.unwrap();
    store.subscribe(wish(3, Some(now - SignedDuration::from_hours(48)), now)).await.unwrap();
    let mut two = Vec::new();
    for _ in 0..2 {
        two.extend(store.due(now, now + SignedDuration::from_mins(5), 1).await.unwrap());
    }
    assert_eq!(two.iter().map(|one| one.id).collect::<Vec<_>>(), [3, 2]);
    assert_eq!((two[0].number.as_str(), two[0].to.as_str()), (number().as_str(), PHONE));
    assert_eq!(due(&world.another_node().await, now).await.len(), 1, "the others are leased");
    assert_eq!(due(store, now).await, []);
    let after = now + SignedDuration::from_mins(5);
    assert_eq!(due(store, after).await.len(), 3, "a lease ends");
    let look_at = now + SignedDuration::from_hours(1);
    assert!(store.looked(&two[0], Looked::Same { look_at }).await.unwrap());
    assert_eq!(due(store, look_at).await.len(), 3);
}

pub(crate) async fn however_many_are_due_soon_the_others_have_their_turn(world: Arc<World>) {
    let (store, mut now) = (&world.store, world.clock.now());
    let later = [None, Some(now + SignedDuration::from_hours(24 * 60))];
    let soon = (0..9).map(|n| Some(now + SignedDuration::from_hours(n)));
    for (n, due_at) in (1..).zip(later.into_iter().chain(soon)) {
        store.subscribe(NewSubscription { most: 20, ..wish(n, due_at, now) }).await.unwrap();
    }
    let mut ids = Vec::new();
    for _ in 0..2 {
        let five = store.due(now, now + SignedDuration::from_mins(5), 5).await.unwrap();
        ids.push(five.iter().map(|one| one.id).collect::<Vec<_>>());
        // Each is to be looked at again before the next round.
        now += SignedDuration::from_secs(5);
        for one in &five {
            assert!(store.looked(one, Looked::Same { look_at: now }).await.unwrap());
        }
    }
    assert_eq!(ids, [[3, 4, 5, 6, 1], [3, 4, 5, 6, 2]]);
    for (limit, first) in [(1, 3), (0, 0), (2, 4)] {
        let few = store.due(now, now + SignedDuration::from_mins(5), limit).await.unwrap();
        assert_eq!((few.len(), few.first().map_or(0, |one| one.id)), (limit, first));
    }
}

pub(crate) async fn of_two_nodes_one_tells_that_it_moved(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    store.subscribe(wish(1, None, now)).await.unwrap();
    let subscription = due(store, now).await.remove(0);
    let looks: Vec<_> = (0..6)
        .map(|_| {
            let (store, subscription) = (store.clone(), subscription.clone());
            let moved = Looked::Moved {
                seen: Seen { fingerprint: "2".into(), due_at: Some(now) },
                look_at: Some(now),
                send: vec![outbound(None, false, now), outbound(None, false, now)],
            };
            tokio::spawn(async move { store.looked(&subscription, moved).await.unwrap() })
        })
        .collect();
    let mut told = 0;
    for look in looks {
        told += u32::from(look.await.unwrap());
    }
    assert_eq!(told, 1);
    assert_eq!(world.number("SELECT count(*) FROM outbox WHERE node IS NULL AND state = 0").await, 2);
    let again = due(store, now).await.remove(0);
    assert_eq!(again.seen, "2");
    let moved = Looked::Moved { seen: Seen { fingerprint: "3".into(), due_at: None }, look_at: None, send: vec![] };
    assert!(store.looked(&again, moved).await.unwrap(), "told, and over");
    assert!(!store.looked(&again, Looked::Ended).await.unwrap(), "it has ended already");
    assert_eq!(world.number("SELECT count(*) FROM subscriptions").await, 0);
}

pub(crate) async fn what_is_over_is_swept(world: Arc<World>) {
    let (store, now) = (&world.store, world.clock.now());
    store.subscribe(wish(1, None, now)).await.unwrap();
    store.issue(code(now)).await.unwrap();
    store.remember_proven(PHONE_HASH, DOSSIER_HASH, now).await.unwrap();
    store.count_notice(PHONE_HASH, date(2026, 11, 23)).await.unwrap();
    assert_eq!(store.sweep(now).await.unwrap(), Swept::default());
    let swept = store.sweep(now + SignedDuration::from_hours(24 * 91)).await.unwrap();
    let expected = Swept { subscriptions: 1, codes: 2, proven: 1, notice_counts: 1, ..Swept::default() };
    assert_eq!(swept, expected);
}
