//! Carries citizens' ratings to the portal.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{DossierNumberParser, local_date};
use crate::ports::{Clock, Portal, PortalError, PortalFault, RatingFate, RatingToSend, Ratings, StoreError};

/// A try takes no longer.
const WITHIN: SignedDuration = SignedDuration::from_secs(20);

/// A try is its node's for so long; longer than it can take.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// Tries of one round: the portal is there for questions first.
const AT_ONCE: u32 = 10;

/// The first pause after a try that surely came to nothing; doubled each time.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Ratings that the portal has.
    pub sent: usize,
    /// Those that come again.
    pub later: usize,
    /// Those of which nobody knows.
    pub uncertain: usize,
    /// Those that the portal will not have.
    pub refused: usize,
}

/// The one who carries.
pub struct RatingCourier {
    portal: Arc<dyn Portal>,
    ratings: Arc<dyn Ratings>,
    numbers: Arc<DossierNumberParser>,
    clock: Arc<dyn Clock>,
}

impl RatingCourier {
    /// How often a round is to be run.
    pub const EVERY: Duration = Duration::from_secs(5);

    /// A courier between these two.
    pub fn new(
        portal: Arc<dyn Portal>,
        ratings: Arc<dyn Ratings>,
        numbers: Arc<DossierNumberParser>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { portal, ratings, numbers, clock }
    }

    /// Tries those whose time has come, one after the other.
    ///
    /// # Errors
    /// The database failed; what was begun is marked uncertain when its lease is
    /// over, for nobody knows what came of it.
    pub async fn round(&self) -> Result<Carried, StoreError> {
        let now = self.clock.now();
        let lease = now.checked_add(LEASE).unwrap_or(now);
        let mut carried = Carried::default();
        for rating in self.ratings.begin_ratings(now, lease, AT_ONCE).await? {
            let fate = self.carry(&rating).await;
            match fate {
                RatingFate::Sent => carried.sent += 1,
                RatingFate::Later(_) => carried.later += 1,
                RatingFate::Uncertain => carried.uncertain += 1,
                RatingFate::Refused => carried.refused += 1,
            }
            self.ratings.settle_rating(rating.id, rating.tries, fate, self.clock.now()).await?;
        }
        Ok(carried)
    }

    async fn carry(&self, rating: &RatingToSend) -> RatingFate {
        let now = self.clock.now();
        let Ok(number) = self.numbers.parse_exact(&rating.number, local_date(now)) else {
            // A form of numbers that is configured no more.
            return RatingFate::Refused;
        };
        let deadline = now.checked_add(WITHIN).unwrap_or(now);
        match self.portal.rate(&number, &rating.rating, deadline).await {
            Ok(()) => RatingFate::Sent,
            Err(problem) => {
                let fate = fate_of(&problem, rating, self.clock.now());
                let tries = rating.tries;
                tracing::warn!(rating = rating.id.0, tries, %problem, ?fate, "a rating did not reach the portal");
                fate
            }
        }
    }
}

/// A refusal is no: it may be that the dossier is not there yet, so it comes again
/// until its time is over. Silence after the question was sent may be yes.
fn fate_of(problem: &PortalError, rating: &RatingToSend, now: Timestamp) -> RatingFate {
    if !problem.surely_not_taken() {
        return RatingFate::Uncertain;
    }
    let doubled = FIRST_PAUSE.checked_mul(1 << rating.tries.saturating_sub(1).min(6)).unwrap_or(LONGEST_PAUSE);
    let next = now.checked_add(doubled.min(LONGEST_PAUSE)).unwrap_or(now);
    match problem.fault {
        PortalFault::ErrorCode(_) if next >= rating.until => RatingFate::Refused,
        _ => RatingFate::Later(next),
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use parking_lot::Mutex;

    use super::*;
    use crate::domain::{
        Dossier, DossierNumber, Knowledge, OwnerView, Procedure, ProcedureCode, Rating, RatingReason, Score,
    };
    use crate::ports::{KeptRating, NewRating, RatingId};

    const NUMBER: &str = "000.00.17.H09-210819-0012";

    fn now() -> Timestamp {
        "2026-11-23T02:00:00Z".parse().unwrap()
    }

    struct FixedClock;

    #[async_trait]
    impl Clock for FixedClock {
        fn now(&self) -> Timestamp {
            now()
        }

        async fn sleep(&self, _: Duration) {}
    }

    /// A portal that answers a rating in one way.
    struct Answers(Option<PortalFault>);

    #[async_trait]
    impl Portal for Answers {
        async fn dossier(
            &self,
            _: &DossierNumber,
            _: Timestamp,
        ) -> Result<Option<Knowledge<Arc<Dossier>>>, PortalError> {
            Ok(None)
        }

        async fn owner_view(
            &self,
            _: &DossierNumber,
            _: Timestamp,
        ) -> Result<Option<Knowledge<OwnerView>>, PortalError> {
            Ok(None)
        }

        async fn procedure_list(&self, _: Timestamp) -> Result<Vec<(ProcedureCode, String)>, PortalError> {
            Ok(Vec::new())
        }

        async fn procedure(&self, _: &ProcedureCode, _: Timestamp) -> Result<Option<Procedure>, PortalError> {
            Ok(None)
        }

        async fn rate(&self, number: &DossierNumber, rating: &Rating, until: Timestamp) -> Result<(), PortalError> {
            assert_eq!((number.as_str(), rating.score.number(), until), (NUMBER, 2, now() + WITHIN));
            match &self.0 {
                Some(fault) => Err(PortalError { service: "DongBoDanhGia", fault: fault.clone() }),
                None => Ok(()),
            }
        }

        async fn ping(&self, _: Timestamp) -> Result<(), PortalError> {
            Ok(())
        }
    }

    /// One rating, and what became of it.
    struct One {
        rating: RatingToSend,
        fate: Mutex<Option<RatingFate>>,
    }

    #[async_trait]
    impl Ratings for One {
        async fn keep_rating(&self, _: NewRating) -> Result<KeptRating, StoreError> {
            Err(StoreError("no business of the courier's".into()))
        }

        async fn begin_ratings(
            &self,
            at: Timestamp,
            lease: Timestamp,
            _: u32,
        ) -> Result<Vec<RatingToSend>, StoreError> {
            assert!(lease.duration_since(at) > WITHIN, "a try ends before its lease");
            Ok(vec![self.rating.clone()])
        }

        async fn settle_rating(
            &self,
            _: RatingId,
            tries: u32,
            fate: RatingFate,
            _: Timestamp,
        ) -> Result<bool, StoreError> {
            assert_eq!(tries, self.rating.tries);
            *self.fate.lock() = Some(fate);
            Ok(true)
        }

        async fn ratings_waiting(&self) -> Result<(u64, u64), StoreError> {
            Ok((1, 0))
        }
    }

    async fn fate(answer: Option<PortalFault>, tries: u32, number: &str) -> RatingFate {
        let rating =
            Rating { score: Score::new(2).unwrap(), reasons: vec![RatingReason::Waiting], words: None, at: now() };
        let until = now() + SignedDuration::from_mins(45);
        let rating = RatingToSend { id: RatingId(1), tries, number: number.into(), rating, until };
        let one = Arc::new(One { rating, fate: Mutex::new(None) });
        let ratings: Arc<dyn Ratings> = Arc::clone(&one) as Arc<_>;
        let numbers = Arc::new(DossierNumberParser::default());
        let courier = RatingCourier::new(Arc::new(Answers(answer)), ratings, numbers, Arc::new(FixedClock));
        courier.round().await.unwrap();
        one.fate.lock().take().unwrap()
    }

    #[tokio::test]
    async fn what_the_portal_has_is_sent() {
        assert_eq!(fate(None, 1, NUMBER).await, RatingFate::Sent);
    }

    #[tokio::test]
    async fn what_it_surely_does_not_have_comes_again_later_and_later() {
        let later = |minutes| RatingFate::Later(now() + SignedDuration::from_mins(minutes));
        for fault in [
            PortalFault::NotCalled("circuit breaker open"),
            PortalFault::NoConnection("refused".into()),
            PortalFault::TurnedAway("HTTP 503".into()),
            PortalFault::LoginRefused("1".into()),
            PortalFault::ErrorCode("422".into()),
        ] {
            assert_eq!(fate(Some(fault.clone()), 1, NUMBER).await, later(1), "{fault}");
        }
        let closed = || Some(PortalFault::NotCalled("queue full"));
        assert_eq!(fate(closed(), 2, NUMBER).await, later(2));
        assert_eq!(fate(closed(), 6, NUMBER).await, later(32));
        assert_eq!(fate(closed(), 40, NUMBER).await, later(60), "an hour at the longest");
    }

    #[tokio::test]
    async fn what_it_may_have_is_never_repeated() {
        for fault in [
            PortalFault::TimedOut(Duration::from_secs(3)),
            PortalFault::Unreachable("HTTP 502".into()),
            PortalFault::Unreadable { field: "body".into(), problem: "broke off".into() },
        ] {
            assert_eq!(fate(Some(fault.clone()), 1, NUMBER).await, RatingFate::Uncertain, "{fault}");
        }
    }

    #[tokio::test]
    async fn what_it_refuses_to_the_end_is_refused() {
        let refused = || Some(PortalFault::ErrorCode("422".into()));
        assert!(matches!(fate(refused(), 6, NUMBER).await, RatingFate::Later(_)));
        assert_eq!(fate(refused(), 7, NUMBER).await, RatingFate::Refused, "the next try would come too late");
        assert_eq!(fate(None, 1, "no number").await, RatingFate::Refused);
    }
}
