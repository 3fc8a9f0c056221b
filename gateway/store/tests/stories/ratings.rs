use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gateway_core::domain::{Rated, Rating, RatingReason, RatingWords, Score};
use gateway_core::ports::{
    Clock, HashKey, KeptRating, KeyedHash, NewRating, Randomness, RatingFate, RatingId, Ratings,
};
use gateway_store::{SealedRatings, Store};
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

const NUMBER: &str = "000.00.17.H09-210819-0012";

struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

fn rows_under(store: &Store, secret: &str) -> SealedRatings {
    store.ratings(&HashKey::new("k1", secret), Arc::new(Counting(AtomicU64::new(1))))
}

fn rows(store: &Store) -> SealedRatings {
    rows_under(store, "a key for tests")
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn rating(of: Rated, at: Timestamp) -> NewRating {
    let rating = Rating {
        score: Score::new(2).unwrap(),
        reasons: vec![RatingReason::Waiting, RatingReason::Attitude],
        words: RatingWords::parse("Chờ lâu quá").unwrap(),
        at,
    };
    NewRating { of, site: "000.00.17.H09".into(), rating, until: at + minutes(7 * 24 * 60), once: None }
}

fn of_dossier(at: Timestamp) -> NewRating {
    rating(Rated::Dossier(NUMBER.into()), at)
}

async fn keep(rows: &SealedRatings, rating: NewRating) -> RatingId {
    match rows.keep_rating(rating).await.unwrap() {
        KeptRating::New(id) => id,
        KeptRating::Known => panic!("it is known"),
    }
}

async fn begin(rows: &SealedRatings, now: Timestamp) -> Vec<(RatingId, u32)> {
    let begun = rows.begin_ratings(now, now + minutes(5), 10).await.unwrap();
    begun.iter().map(|rating| (rating.id, rating.tries)).collect()
}

pub(crate) async fn a_rating_waits_for_the_portal_and_goes_once(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let there = rows(&world.another_node().await);
    let new = of_dossier(now);
    let id = keep(&here, new.clone()).await;
    assert_eq!(there.ratings_waiting().await.unwrap(), (1, 0));
    let begun = there.begin_ratings(now, now + minutes(5), 10).await.unwrap();
    assert_eq!((begun[0].id, begun[0].tries, begun[0].number.as_str()), (id, 1, NUMBER));
    assert_eq!((&begun[0].rating, begun[0].until), (&new.rating, new.until), "it comes back as it was");
    assert!(begin(&here, now).await.is_empty(), "it is the other node's");
    assert!(there.settle_rating(id, 1, RatingFate::Sent, now).await.unwrap());
    assert!(!there.settle_rating(id, 1, RatingFate::Later(now), now).await.unwrap(), "an end is an end");
    assert!(begin(&here, now + minutes(60)).await.is_empty());
    assert_eq!(here.ratings_waiting().await.unwrap(), (0, 0));
    assert_eq!(world.number("SELECT count(*) FROM ratings WHERE length(sealed) = 0 AND score = 2").await, 1);
}

pub(crate) async fn what_the_portal_does_not_have_comes_again_in_its_time(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let id = keep(&here, of_dossier(now)).await;
    assert_eq!(begin(&here, now).await, [(id, 1)]);
    assert!(here.settle_rating(id, 1, RatingFate::Later(now + minutes(1)), now).await.unwrap());
    assert!(begin(&here, now).await.is_empty());
    assert_eq!(begin(&here, now + minutes(1)).await, [(id, 2)]);
    assert!(!here.settle_rating(id, 1, RatingFate::Sent, now).await.unwrap(), "of the first try nobody asks any more");
    assert!(here.settle_rating(id, 2, RatingFate::Later(now + minutes(2)), now).await.unwrap());
    let over = now + minutes(7 * 24 * 60);
    assert!(begin(&here, over).await.is_empty(), "given up");
    assert_eq!(world.number("SELECT count(*) FROM ratings WHERE state = 4 AND length(sealed) = 0").await, 1);
}

pub(crate) async fn what_a_dead_node_was_sending_is_uncertain_and_never_repeated(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let there = rows(&world.another_node().await);
    let id = keep(&here, of_dossier(now)).await;
    assert_eq!(begin(&here, now).await, [(id, 1)]);
    assert!(begin(&there, now + minutes(4)).await.is_empty());
    assert_eq!(there.ratings_waiting().await.unwrap(), (1, 0));
    assert!(begin(&there, now + minutes(5)).await.is_empty());
    assert_eq!(there.ratings_waiting().await.unwrap(), (0, 1));
    assert!(!here.settle_rating(id, 1, RatingFate::Later(now), now).await.unwrap(), "too late");
}

pub(crate) async fn of_many_nodes_one_sends_each_rating(world: Arc<World>) {
    let (here, now) = (Arc::new(rows(&world.store)), world.clock.now());
    let there = Arc::new(rows(&world.another_node().await));
    for _ in 0..25 {
        here.keep_rating(of_dossier(now)).await.unwrap();
    }
    let tries: Vec<_> = (0..10)
        .map(|n| {
            let node = Arc::clone(if n % 2 == 0 { &here } else { &there });
            tokio::spawn(async move { node.begin_ratings(now, now + minutes(5), 4).await.unwrap() })
        })
        .collect();
    let mut ids = Vec::new();
    for one in tries {
        ids.extend(one.await.unwrap().into_iter().map(|rating| (rating.id, rating.tries)));
    }
    ids.extend(begin(&here, now).await.into_iter().chain(begin(&here, now).await).chain(begin(&here, now).await));
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!((ids.len(), all), (25, 25), "each once, none left");
    assert!(ids.iter().all(|(_, tries)| *tries == 1));
}

pub(crate) async fn what_is_not_of_a_dossier_stays_here(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    for of in [Rated::Counter("Quầy 3".into()), Rated::Ticket("c0de".into()), Rated::Site] {
        here.keep_rating(rating(of, now)).await.unwrap();
    }
    assert!(begin(&here, now).await.is_empty());
    assert_eq!(here.ratings_waiting().await.unwrap(), (0, 0));
    assert_eq!(world.number("SELECT count(*) FROM ratings WHERE state = 5").await, 3);
    let swept = world.store.sweep(now + minutes(8 * 24 * 60)).await.unwrap();
    assert_eq!((swept.ratings, world.number("SELECT count(*) FROM ratings WHERE length(sealed) > 0").await), (3, 0));
    assert_eq!(world.number("SELECT count(*) FROM ratings").await, 3, "the figures stay for a year");
    world.store.sweep(now + minutes(400 * 24 * 60)).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM ratings").await, 0);
}

pub(crate) async fn under_another_key_a_rating_is_given_up(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    here.keep_rating(of_dossier(now)).await.unwrap();
    let other = rows_under(&world.store, "another key");
    assert!(begin(&other, now).await.is_empty());
    assert_eq!(world.number("SELECT count(*) FROM ratings WHERE state = 4").await, 1);
}

pub(crate) async fn no_rating_shows_its_dossier_or_words(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    here.keep_rating(of_dossier(now)).await.unwrap();
    world.store.close().await;
    for entry in std::fs::read_dir(world.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in [NUMBER, "Chờ lâu"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
}

pub(crate) async fn what_comes_again_counts_once_on_any_node(world: Arc<World>) {
    let (here, now) = (rows(&world.store), world.clock.now());
    let there = rows(&world.another_node().await);
    let once = |mark: u8, score: u8| {
        let mut new = of_dossier(now);
        (new.once, new.rating.score) = (Some(KeyedHash([mark; 16])), Score::new(score).unwrap());
        new
    };
    keep(&here, once(1, 5)).await;
    assert_eq!(there.keep_rating(once(1, 1)).await.unwrap(), KeptRating::Known);
    keep(&there, once(2, 4)).await;
    // Without a mark each is another one.
    keep(&here, of_dossier(now)).await;
    keep(&here, of_dossier(now)).await;
    // Also at the same time, and after the portal has it.
    let tries: Vec<_> = (0..6)
        .map(|_| {
            let (node, new) = (rows(&world.store), once(3, 3));
            tokio::spawn(async move { node.keep_rating(new).await.unwrap() })
        })
        .collect();
    let mut kept = 0;
    for one in tries {
        kept += u32::from(one.await.unwrap() != KeptRating::Known);
    }
    assert_eq!(kept, 1);
    for rating in here.begin_ratings(now, now + minutes(5), 10).await.unwrap() {
        assert!(here.settle_rating(rating.id, rating.tries, RatingFate::Sent, now).await.unwrap());
    }
    assert_eq!(here.keep_rating(once(1, 1)).await.unwrap(), KeptRating::Known);
    assert_eq!(world.number("SELECT count(*) FROM ratings").await, 5);
    assert_eq!(world.number("SELECT count(*) FROM ratings WHERE score = 1").await, 0, "the first counts");
}
