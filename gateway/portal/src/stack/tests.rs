//! The stack around a portal that does as it is told, in paused time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use tokio::time::advance;
use tower::{ServiceExt, service_fn};

use super::*;
use crate::health::BreakerState;
use crate::testing::{Middle, TestClock};

const SERVICES: &[&str] = &["TraCuuHoSo"];

#[derive(Clone)]
struct TestCall {
    deadline: Instant,
    repeatable: bool,
    question: u64,
}

impl PortalCall for TestCall {
    fn service(&self) -> &'static str {
        SERVICES[0]
    }

    fn repeatable(&self) -> bool {
        self.repeatable
    }

    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn question(&self) -> u64 {
        self.question
    }

    fn may_be_the_questions(&self, error: &PortalError) -> bool {
        matches!(error.fault, PortalFault::Unreadable { .. })
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Good,
    Gone,
    Silent,
    /// Good after so many milliseconds.
    Slow(u64),
    /// Answers, with an error code of its own.
    Complains,
    /// Answers with a page that is no answer.
    Babbles,
}

struct Portal {
    mood: Mutex<Mood>,
    tries: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

struct House {
    portal: Arc<Portal>,
    health: Arc<Health>,
    calls: BoxCloneSyncService<TestCall, &'static str, PortalError>,
}

impl House {
    fn new(config: &StackConfig) -> Self {
        config.validate().unwrap();
        let portal = Arc::new(Portal {
            mood: Mutex::new(Mood::Good),
            tries: AtomicUsize::new(0),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        });
        let health = Arc::new(Health::new());
        let parts = StackParts {
            clock: Arc::new(TestClock::new()),
            randomness: Arc::new(Middle),
            health: Arc::clone(&health),
            services: SERVICES,
        };
        let inner = Arc::clone(&portal);
        let calls = stack(config, &parts, service_fn(move |_: TestCall| Arc::clone(&inner).answer()));
        Self { portal, health, calls }
    }

    fn becomes(&self, mood: Mood) {
        *self.portal.mood.lock().unwrap() = mood;
    }

    fn ask_as(&self, repeatable: bool, within_ms: u64) -> BoxFuture<'static, Result<&'static str, PortalError>> {
        let deadline = Instant::now() + Duration::from_millis(within_ms);
        self.calls.clone().oneshot(TestCall { deadline, repeatable, question: 0 }).boxed()
    }

    async fn ask(&self) -> Result<&'static str, PortalError> {
        self.ask_as(true, 10_000).await
    }

    async fn ask_about(&self, question: u64) -> Result<&'static str, PortalError> {
        let deadline = Instant::now() + Duration::from_secs(10);
        self.calls.clone().oneshot(TestCall { deadline, repeatable: true, question }).await
    }

    fn tries(&self) -> usize {
        self.portal.tries.load(Ordering::SeqCst)
    }
}

impl Portal {
    #[expect(clippy::disallowed_methods, reason = "paused time; the portal is what is slow here")]
    fn answer(self: Arc<Self>) -> BoxFuture<'static, Result<&'static str, PortalError>> {
        async move {
            self.tries.fetch_add(1, Ordering::SeqCst);
            let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            let mood = *self.mood.lock().unwrap();
            let fault = |fault| Err(PortalError { service: SERVICES[0], fault });
            let answer = match mood {
                Mood::Good => Ok("hồ sơ"),
                Mood::Gone => fault(PortalFault::Unreachable("connection refused".into())),
                Mood::Silent => {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    Ok("quá muộn")
                }
                Mood::Slow(millis) => {
                    tokio::time::sleep(Duration::from_millis(millis)).await;
                    Ok("hồ sơ")
                }
                Mood::Babbles => fault(PortalFault::Unreadable { field: "body".into(), problem: "HTML".into() }),
                Mood::Complains => fault(PortalFault::ErrorCode("99".into())),
            };
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            answer
        }
        .boxed()
    }
}

fn config(change: impl FnOnce(&mut StackConfig)) -> StackConfig {
    let mut config = StackConfig::default();
    change(&mut config);
    config
}

fn once(config: &mut StackConfig) {
    config.retry.attempts = 1;
}

#[tokio::test(start_paused = true)]
async fn a_silent_portal_is_given_up_after_three_seconds() {
    let house = House::new(&config(once));
    house.becomes(Mood::Silent);
    let begun = Instant::now();
    let error = house.ask().await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::TimedOut(span) if span == Duration::from_secs(3)), "{error}");
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_call_never_outlives_its_deadline_whatever_the_tries() {
    let house = House::new(&StackConfig::default());
    house.becomes(Mood::Silent);
    let begun = Instant::now();
    let error = house.ask_as(true, 4_000).await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::TimedOut(_)));
    assert_eq!(house.tries(), 2, "3 s, a pause, and the rest");
    assert!(begun.elapsed() <= Duration::from_millis(4_000), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_when_the_deadline_has_passed() {
    let house = House::new(&StackConfig::default());
    let error = house.ask_as(true, 0).await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::NotCalled(_)));
    assert_eq!(house.tries(), 0);
    assert_eq!(house.health.last_failure(), None, "it tells nothing of the portal");
}

#[tokio::test(start_paused = true)]
async fn a_read_is_tried_three_times_a_write_once_and_a_complaint_once() {
    let house = House::new(&StackConfig::default());
    house.becomes(Mood::Gone);
    house.ask_as(true, 10_000).await.unwrap_err();
    assert_eq!(house.tries(), 3);
    house.ask_as(false, 10_000).await.unwrap_err();
    assert_eq!(house.tries(), 4);
    house.becomes(Mood::Complains);
    house.ask_as(true, 10_000).await.unwrap_err();
    assert_eq!(house.tries(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_portal_that_comes_back_answers_the_second_try() {
    let house = House::new(&StackConfig::default());
    house.becomes(Mood::Gone);
    let asked = house.ask();
    let back = async {
        // The pause with a middling jitter is 25 ms.
        advance(Duration::from_millis(10)).await;
        house.becomes(Mood::Good);
    };
    assert_eq!(futures::join!(asked, back).0.unwrap(), "hồ sơ");
    assert_eq!(house.tries(), 2);
    assert!(house.health.is_up());
}

#[tokio::test(start_paused = true)]
async fn the_budget_forbids_that_an_outage_multiplies_the_load() {
    let house = House::new(&config(|c| {
        c.retry.budget_per_second = 1;
        c.retry.budget_ratio = 0.1;
        c.breaker.minimum_calls = 1_000_000;
    }));
    house.becomes(Mood::Gone);
    for _ in 0..200 {
        house.ask().await.unwrap_err();
    }
    // 200 first tries; 10 s of reserve allow ten further ones, and the calls
    // took less than those ten seconds.
    assert!((201..=215).contains(&house.tries()), "{}", house.tries());
}

#[tokio::test(start_paused = true)]
async fn the_breaker_opens_probes_and_closes() {
    let house = House::new(&config(once));
    house.becomes(Mood::Gone);
    for _ in 0..10 {
        house.ask().await.unwrap_err();
    }
    assert_eq!(house.health.breaker(), BreakerState::Open);
    let error = house.ask().await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::NotCalled("the circuit breaker is open")));
    assert_eq!(house.tries(), 10, "the portal is left alone");

    // A bad probe opens it again, for twice the time.
    advance(Duration::from_millis(5_001)).await;
    assert!(matches!(house.ask().await.unwrap_err().fault, PortalFault::Unreachable(_)));
    assert_eq!((house.tries(), house.health.breaker()), (11, BreakerState::Open));
    advance(Duration::from_millis(5_001)).await;
    assert!(matches!(house.ask().await.unwrap_err().fault, PortalFault::NotCalled(_)));
    advance(Duration::from_millis(5_001)).await;

    // Three good ones close it.
    house.becomes(Mood::Good);
    house.ask().await.unwrap();
    assert_eq!(house.health.breaker(), BreakerState::HalfOpen);
    assert!(!house.health.is_up());
    house.ask().await.unwrap();
    house.ask().await.unwrap();
    assert_eq!(house.health.breaker(), BreakerState::Closed);
    assert!(house.health.is_up());
}

#[tokio::test(start_paused = true)]
async fn no_more_probes_than_configured_go_through_at_once() {
    let house = House::new(&config(once));
    house.becomes(Mood::Gone);
    for _ in 0..10 {
        house.ask().await.unwrap_err();
    }
    advance(Duration::from_millis(5_001)).await;
    house.becomes(Mood::Slow(100));
    let answers = join_all((0..20).map(|_| house.ask())).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    assert_eq!(house.tries(), 13);
    assert_eq!(house.health.breaker(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_probe_whose_asker_left_gives_its_place_back() {
    let house = House::new(&config(|c| {
        once(c);
        c.breaker.probes = 1;
    }));
    house.becomes(Mood::Gone);
    for _ in 0..10 {
        house.ask().await.unwrap_err();
    }
    advance(Duration::from_millis(5_001)).await;
    house.becomes(Mood::Silent);
    assert!(tokio::time::timeout(Duration::from_millis(50), house.ask()).await.is_err());
    house.becomes(Mood::Good);
    house.ask().await.unwrap();
    assert_eq!(house.health.breaker(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn an_outage_opens_the_breaker_however_many_good_calls_went_before() {
    let house = House::new(&config(once));
    for _ in 0..5_000 {
        house.ask().await.unwrap();
    }
    advance(Duration::from_secs(31)).await;
    house.becomes(Mood::Gone);
    for _ in 0..10 {
        house.ask().await.unwrap_err();
    }
    assert_eq!(house.health.breaker(), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn failures_that_lie_apart_and_complaints_leave_it_closed() {
    let house = House::new(&config(once));
    for _ in 0..30 {
        house.becomes(Mood::Gone);
        house.ask().await.unwrap_err();
        advance(Duration::from_secs(4)).await;
    }
    assert_eq!(house.health.breaker(), BreakerState::Closed, "eight in 30 s are below the minimum");
    house.becomes(Mood::Complains);
    for _ in 0..100 {
        house.ask().await.unwrap_err();
    }
    assert_eq!(house.health.breaker(), BreakerState::Closed, "a portal that complains answers");
    assert!(house.health.is_up());
}

#[tokio::test(start_paused = true)]
async fn one_number_that_is_answered_badly_does_not_open_it_for_all() {
    let house = House::new(&config(once));
    house.becomes(Mood::Babbles);
    for _ in 0..50 {
        for question in 1..=4 {
            house.ask_about(question).await.unwrap_err();
        }
    }
    assert_eq!(house.health.breaker(), BreakerState::Closed, "four numbers, however often");
    advance(Duration::from_secs(31)).await;
    for _ in 0..10 {
        house.ask_about(5).await.unwrap_err();
    }
    assert_eq!(house.health.breaker(), BreakerState::Closed, "the others lie too far back");
    for question in 6..=9 {
        house.ask_about(question).await.unwrap_err();
    }
    assert_eq!(house.health.breaker(), BreakerState::Open, "five different ones tell of the portal");
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_answered_badly_leaves_the_word_to_another_question() {
    let house = House::new(&config(once));
    let open = || async {
        house.becomes(Mood::Gone);
        while house.health.breaker() != BreakerState::Open {
            house.ask().await.unwrap_err();
        }
        advance(Duration::from_secs(61)).await;
        house.becomes(Mood::Babbles);
        for _ in 0..5 {
            house.ask_about(1).await.unwrap_err();
        }
        assert_eq!(house.health.breaker(), BreakerState::HalfOpen);
    };
    open().await;
    assert!(matches!(house.ask_about(2).await.unwrap_err().fault, PortalFault::Unreadable { .. }));
    assert_eq!(house.health.breaker(), BreakerState::Open);
    open().await;
    house.becomes(Mood::Good);
    for question in 2..=4 {
        house.ask_about(question).await.unwrap();
    }
    assert_eq!(house.health.breaker(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn calls_wait_in_a_short_queue_and_the_rest_is_turned_away() {
    let house = House::new(&config(|c| {
        c.concurrency = 4;
        c.queue = 8;
        c.queue_wait_ms = 500;
    }));
    house.becomes(Mood::Slow(100));
    let answers = join_all((0..20).map(|_| house.ask())).await;
    let turned_away = |answer: &&Result<_, PortalError>| matches!(answer, Err(error) if matches!(error.fault, PortalFault::NotCalled("the queue before the portal is full")));
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 12);
    assert_eq!(answers.iter().filter(turned_away).count(), 8);
    assert_eq!(house.portal.most_at_once.load(Ordering::SeqCst), 4);
    // The queue is empty again.
    let answers = join_all((0..12).map(|_| house.ask())).await;
    assert!(answers.iter().all(Result::is_ok));
}

#[tokio::test(start_paused = true)]
async fn waiting_in_the_queue_ends_in_time_too() {
    let house = House::new(&config(|c| {
        once(c);
        c.concurrency = 1;
    }));
    house.becomes(Mood::Silent);
    let begun = Instant::now();
    let (first, second, third) = futures::join!(house.ask(), house.ask(), house.ask_as(true, 200));
    assert!(matches!(first.unwrap_err().fault, PortalFault::TimedOut(_)));
    assert!(matches!(second.unwrap_err().fault, PortalFault::NotCalled("its turn did not come in time")));
    assert!(matches!(third.unwrap_err().fault, PortalFault::NotCalled(_)));
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
}
