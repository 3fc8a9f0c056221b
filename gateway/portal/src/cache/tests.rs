//! The cache before a portal that does as it is told, in paused time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use gateway_core::domain::{Applicant, ApplicantKind, StatusMap};
use tokio::time::{Instant, advance};

use super::*;
use crate::testing::{Middle, Steps, TestClock, number};

const NUMBER: &str = "000.00.17.H09-261020-0012";

#[derive(Clone, Copy)]
enum Mood {
    Good,
    Down,
    Silent,
    Unknown,
    Panics,
}

struct Scripted {
    mood: Mutex<(Mood, &'static str)>,
    calls: AtomicUsize,
    clock: Arc<TestClock>,
    takes: Duration,
}

impl Scripted {
    async fn answer(&self, number: &DossierNumber) -> Result<Option<Dossier>, PortalError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.clock.sleep(self.takes).await;
        let (mood, status) = *self.mood.lock().unwrap();
        match mood {
            Mood::Good => Ok(Some(dossier(number, status))),
            Mood::Unknown => Ok(None),
            Mood::Panics => panic!("the reader has a fault"),
            Mood::Down => Err(PortalError { service: SERVICE, fault: PortalFault::Unreachable("down".into()) }),
            Mood::Silent => {
                self.clock.sleep(Duration::from_secs(8)).await;
                Err(PortalError { service: SERVICE, fault: PortalFault::TimedOut(Duration::from_secs(8)) })
            }
        }
    }
}

fn dossier(number: &DossierNumber, status: &str) -> Dossier {
    Dossier {
        number: number.clone(),
        procedure_code: None,
        procedure_name: Some("Đăng ký khai sinh".into()),
        agency: Some("UBND phường Bình Dương".into()),
        status: StatusMap::default().read(status, None),
        reason_kind: None,
        received_at: None,
        due_at: None,
        finished_at: None,
        returned_at: None,
        by_post: false,
    }
}

#[async_trait]
impl Portal for Scripted {
    async fn dossier(&self, number: &DossierNumber, _: Timestamp) -> Result<Found, PortalError> {
        let found = self.answer(number).await?;
        Ok(found.map(|found| Knowledge { value: Arc::new(found), as_of: self.clock.now(), stale: false }))
    }

    async fn owner_view(
        &self,
        number: &DossierNumber,
        _: Timestamp,
    ) -> Result<Option<Knowledge<OwnerView>>, PortalError> {
        let found = self.answer(number).await?;
        Ok(found.map(|found| Knowledge {
            value: OwnerView {
                dossier: Arc::new(found),
                applicant: Applicant { kind: ApplicantKind::Person, name: None, citizen_id: None, phone: None },
                reason: None,
                fees: Vec::new(),
                missing_papers: Vec::new(),
            },
            as_of: self.clock.now(),
            stale: false,
        }))
    }

    async fn procedure_list(&self, _: Timestamp) -> Result<Vec<(ProcedureCode, String)>, PortalError> {
        Ok(Vec::new())
    }

    async fn procedure(&self, _: &ProcedureCode, _: Timestamp) -> Result<Option<Procedure>, PortalError> {
        Ok(None)
    }

    async fn rate(&self, _: &DossierNumber, _: &Rating, _: Timestamp) -> Result<(), PortalError> {
        Ok(())
    }

    async fn ping(&self, _: Timestamp) -> Result<(), PortalError> {
        Ok(())
    }
}

struct House {
    cache: CachedPortal<Scripted>,
    clock: Arc<TestClock>,
}

impl House {
    fn new() -> Self {
        Self::with(&CacheConfig::default(), Arc::new(Middle))
    }

    fn with(config: &CacheConfig, randomness: Arc<dyn Randomness>) -> Self {
        let clock = Arc::new(TestClock::new());
        let portal = Scripted {
            mood: Mutex::new((Mood::Good, "4")),
            calls: AtomicUsize::new(0),
            clock: Arc::clone(&clock),
            takes: Duration::from_millis(20),
        };
        let handed: Arc<dyn Clock> = Arc::<TestClock>::clone(&clock);
        Self { cache: CachedPortal::new(portal, config, handed, randomness).unwrap(), clock }
    }

    fn becomes(&self, mood: Mood, status: &'static str) {
        *self.cache.portal().mood.lock().unwrap() = (mood, status);
    }

    fn calls(&self) -> usize {
        self.cache.portal().calls.load(Ordering::SeqCst)
    }

    async fn ask_for(&self, text: &str) -> Result<Found, PortalError> {
        self.cache.dossier(&number(text), self.clock.in_ms(5_000)).await
    }

    /// Status code, age in seconds, stale.
    async fn ask(&self) -> Result<Option<(String, i64, bool)>, PortalError> {
        let found = self.ask_for(NUMBER).await?;
        Ok(found.map(|found| {
            let age = self.clock.now().duration_since(found.as_of).as_secs();
            (found.value.status.code.to_string(), age, found.stale)
        }))
    }

    /// Lets a load behind the citizen's back end.
    async fn settle(&self) {
        self.clock.sleep(Duration::from_millis(30)).await;
    }
}

fn seen(status: &str, age: i64, stale: bool) -> Option<(String, i64, bool)> {
    Some((status.into(), age, stale))
}

#[tokio::test(start_paused = true)]
async fn five_hundred_askers_make_one_question() {
    let house = House::new();
    let answers = join_all((0..500).map(|_| house.ask())).await;
    assert!(answers.iter().all(|answer| *answer.as_ref().unwrap() == seen("4", 0, false)));
    assert_eq!(house.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_leaves_does_not_take_the_work_along() {
    let house = House::new();
    assert!(timeout(Duration::from_millis(5), house.ask()).await.is_err());
    assert_eq!(house.ask().await.unwrap(), seen("4", 0, false));
    assert_eq!(house.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn for_a_minute_the_portal_is_left_alone() {
    let house = House::new();
    house.ask().await.unwrap();
    house.becomes(Mood::Good, "9");
    advance(Duration::from_secs(59)).await;
    assert_eq!(house.ask().await.unwrap(), seen("4", 59, false));
    assert_eq!(house.cache.peek(&number(NUMBER)).unwrap().value.status.code, "4");
    assert_eq!(house.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn then_the_older_value_is_served_at_once_and_asked_again_once() {
    let house = House::new();
    house.ask().await.unwrap();
    house.becomes(Mood::Good, "9");
    advance(Duration::from_secs(61)).await;
    let begun = Instant::now();
    let answers = join_all((0..100).map(|_| house.ask())).await;
    assert!(
        answers.iter().all(|answer| *answer.as_ref().unwrap() == seen("4", 61, false)),
        "not stale: nothing failed"
    );
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert!(house.cache.peek(&number(NUMBER)).is_none());
    house.settle().await;
    assert_eq!(house.ask().await.unwrap(), seen("9", 0, false));
    assert_eq!(house.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_value_of_an_hour_waits_for_a_portal_that_answers() {
    let house = House::new();
    house.ask().await.unwrap();
    house.becomes(Mood::Good, "9");
    advance(Duration::from_secs(3_600)).await;
    assert_eq!(house.ask().await.unwrap(), seen("9", 0, false));
}

#[tokio::test(start_paused = true)]
async fn when_the_portal_is_down_the_old_value_comes_with_its_age() {
    let house = House::new();
    house.ask().await.unwrap();
    house.becomes(Mood::Down, "");
    advance(Duration::from_secs(3_600)).await;
    assert_eq!(house.ask().await.unwrap(), seen("4", 3_600, true));
    assert_eq!(house.ask().await.unwrap(), seen("4", 3_600, true));
    assert_eq!(house.calls(), 2, "it is not asked again at once");
    advance(Duration::from_secs(6)).await;
    assert_eq!(house.ask().await.unwrap(), seen("4", 3_606, true));
    assert_eq!(house.calls(), 3);
    advance(Duration::from_secs(86_400)).await;
    let error = house.ask().await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::Unreachable(_)), "a day later nothing is told any more");
}

#[tokio::test(start_paused = true)]
async fn within_revalidation_too_a_failure_is_told_and_the_return_as_well() {
    let house = House::new();
    house.ask().await.unwrap();
    house.becomes(Mood::Down, "");
    advance(Duration::from_secs(70)).await;
    assert_eq!(house.ask().await.unwrap(), seen("4", 70, false), "not known yet");
    house.settle().await;
    assert_eq!(house.ask().await.unwrap(), seen("4", 70, true));
    house.becomes(Mood::Good, "10");
    advance(Duration::from_secs(6)).await;
    house.ask().await.unwrap();
    house.settle().await;
    assert_eq!(house.ask().await.unwrap(), seen("10", 0, false));
}

#[tokio::test(start_paused = true)]
async fn a_silent_portal_costs_a_second_where_an_older_value_is_at_hand() {
    let house = House::new();
    house.ask().await.unwrap();
    house.becomes(Mood::Silent, "");
    advance(Duration::from_secs(3_600)).await;
    let begun = Instant::now();
    assert_eq!(house.ask().await.unwrap(), seen("4", 3_601, true));
    assert_eq!(begun.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_miss_ends_at_its_deadline_and_the_next_asker_profits() {
    let house = House::new();
    house.becomes(Mood::Silent, "");
    let begun = Instant::now();
    let error = house.ask().await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::TimedOut(_)));
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
    let error = house.ask().await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::TimedOut(_)));
    assert_eq!(house.calls(), 1);
    let error = house.cache.dossier(&number(NUMBER), house.clock.now()).await.unwrap_err();
    assert!(matches!(error.fault, PortalFault::NotCalled(_)));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_number_is_remembered_for_ten_seconds() {
    let house = House::new();
    house.becomes(Mood::Unknown, "");
    for _ in 0..5 {
        assert_eq!(house.ask().await.unwrap(), None);
    }
    assert_eq!(house.calls(), 1);
    house.becomes(Mood::Good, "1");
    advance(Duration::from_secs(9)).await;
    assert_eq!(house.ask().await.unwrap(), None);
    advance(Duration::from_secs(1)).await;
    assert_eq!(house.ask().await.unwrap(), seen("1", 0, false));
    house.becomes(Mood::Unknown, "");
    advance(Duration::from_secs(400)).await;
    assert_eq!(house.ask().await.unwrap(), None, "what was withdrawn is not told from memory");
    house.becomes(Mood::Down, "");
    advance(Duration::from_secs(11)).await;
    house.ask().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_number_that_failed_is_not_asked_for_again_at_once() {
    let house = House::new();
    house.becomes(Mood::Down, "");
    for _ in 0..14 {
        let error = house.ask().await.unwrap_err();
        assert!(matches!(&error.fault, PortalFault::Unreachable(words) if &**words == "down"), "{error}");
    }
    assert_eq!(house.calls(), 1);
    house.becomes(Mood::Good, "4");
    assert!(house.ask_for("000.00.17.H09-261020-0013").await.unwrap().is_some(), "another number is");
    advance(Duration::from_secs(5)).await;
    assert_eq!(house.ask().await.unwrap(), seen("4", 0, false));
    assert_eq!(house.cache.len(), 2, "the failure is forgotten");
}

#[tokio::test(start_paused = true)]
async fn what_the_owner_was_told_ends_the_memory_of_a_failure() {
    let house = House::new();
    house.becomes(Mood::Down, "");
    house.ask().await.unwrap_err();
    house.becomes(Mood::Good, "9");
    house.cache.owner_view(&number(NUMBER), house.clock.in_ms(5_000)).await.unwrap();
    assert_eq!(house.ask().await.unwrap(), seen("9", 0, false));
}

#[tokio::test(start_paused = true)]
async fn without_a_pause_a_number_that_failed_is_asked_for_each_time() {
    let house = House::with(&CacheConfig { failure_pause_ms: 0, ..CacheConfig::default() }, Arc::new(Middle));
    house.becomes(Mood::Down, "");
    house.ask().await.unwrap_err();
    house.becomes(Mood::Good, "4");
    assert_eq!(house.ask().await.unwrap(), seen("4", 0, false));
}

#[tokio::test(start_paused = true)]
async fn a_load_that_panics_stands_in_nobodys_way() {
    let house = House::new();
    house.becomes(Mood::Panics, "");
    house.ask().await.unwrap_err();
    assert_eq!(house.cache.shared.flights.len(), 0);
    house.becomes(Mood::Good, "4");
    house.ask().await.unwrap();
    house.becomes(Mood::Panics, "");
    advance(Duration::from_secs(61)).await;
    assert_eq!(house.ask().await.unwrap(), seen("4", 61, false));
    house.settle().await;
    assert_eq!(house.cache.shared.flights.len(), 0);
    house.becomes(Mood::Good, "9");
    house.ask().await.unwrap();
    house.settle().await;
    assert_eq!(house.ask().await.unwrap(), seen("9", 0, false), "it may be refreshed again");
}

#[tokio::test(start_paused = true)]
async fn a_private_view_is_never_remembered_but_refreshes_the_public_one() {
    let house = House::new();
    let ask = || async { house.cache.owner_view(&number(NUMBER), house.clock.in_ms(5_000)).await };
    house.ask().await.unwrap();
    house.becomes(Mood::Good, "9");
    assert!(!ask().await.unwrap().unwrap().stale);
    assert_eq!(house.calls(), 2);
    assert_eq!(house.ask().await.unwrap(), seen("9", 0, false), "the public view profits");
    assert_eq!(house.calls(), 2);
    house.becomes(Mood::Down, "");
    ask().await.unwrap_err();
    house.becomes(Mood::Unknown, "");
    assert!(ask().await.unwrap().is_none());
    assert_eq!(house.ask().await.unwrap(), None);
    assert_eq!(house.calls(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_late_does_not_displace_a_newer_one() {
    let house = House::new();
    let newer = Arc::new(dossier(&number(NUMBER), "9"));
    house.cache.insert(newer, house.clock.now());
    house.cache.insert(Arc::new(dossier(&number(NUMBER), "4")), house.clock.now() - Duration::from_secs(5));
    assert_eq!(house.ask().await.unwrap(), seen("9", 0, false));
}

#[tokio::test(start_paused = true)]
async fn what_came_together_does_not_go_together() {
    let house = House::with(&CacheConfig::default(), Arc::new(Steps::new()));
    let numbers: Vec<_> = (1..=1_000).map(|n| number(&format!("000.00.17.H09-261020-{n:04}"))).collect();
    for number in &numbers {
        house.cache.insert(Arc::new(dossier(number, "4")), house.clock.now());
    }
    let mut fresh = Vec::new();
    advance(Duration::from_secs(47)).await;
    for _ in 0..5 {
        fresh.push(numbers.iter().filter(|number| house.cache.peek(number).is_some()).count());
        advance(Duration::from_millis(6_500)).await;
    }
    assert_eq!(fresh[0], 1_000, "at 47 s all are fresh");
    assert!((650..850).contains(&fresh[1]), "at 53.5 s: {fresh:?}");
    assert!((400..600).contains(&fresh[2]), "at 60 s: {fresh:?}");
    assert_eq!(fresh[4], 0, "at 73 s none is");
}

#[tokio::test(start_paused = true)]
async fn it_stays_within_its_bytes() {
    let config = CacheConfig { max_bytes: 256 * 1024, unknown_max_bytes: 64 * 1024, ..CacheConfig::default() };
    let house = House::with(&config, Arc::new(Middle));
    for n in 1..=5_000 {
        let mut dossier = dossier(&number(&format!("000.00.17.H09-261020-{n:04}")), "4");
        dossier.agency = Some(format!("{n} {}", "x".repeat(1_000)).into());
        house.cache.insert(Arc::new(dossier), house.clock.now());
    }
    house.becomes(Mood::Unknown, "");
    for n in 1..=1_000 {
        house.ask_for(&format!("000.00.18.H09-261020-{n:04}")).await.unwrap();
    }
    house.cache.report_size();
    assert!(house.cache.weight() <= (256 + 64) * 1024, "{}", house.cache.weight());
    assert!((100..1_000).contains(&house.cache.len()), "{}", house.cache.len());
}

#[tokio::test(start_paused = true)]
async fn names_are_kept_once_for_all_dossiers() {
    let house = House::new();
    for n in 1..=2 {
        let number = number(&format!("000.00.17.H09-261020-{n:04}"));
        house.cache.insert(Arc::new(dossier(&number, "4")), house.clock.now());
    }
    let one = house.ask_for("000.00.17.H09-261020-0001").await.unwrap().unwrap().value;
    let two = house.ask_for("000.00.17.H09-261020-0002").await.unwrap().unwrap().value;
    assert!(Arc::ptr_eq(one.agency.as_ref().unwrap(), two.agency.as_ref().unwrap()));
}
