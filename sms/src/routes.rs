//! Which road a message takes, and when it takes another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gateway_core::desk::Audience;
use gateway_core::domain::{Category, Lane};
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::codec::ReferenceBits;
use crate::config::{FailoverConfig, RouteConfig};
use crate::road::{Road, RoadState};
use crate::segment::{Options, Segmented, segment};

/// A road with how texts go out over it.
pub struct Route {
    /// Its settings.
    pub config: RouteConfig,
    /// Who carries it.
    pub audience: Audience,
    /// A long message is handed over whole, and the road cuts it.
    pub whole: bool,
    road: Option<Arc<dyn Road>>,
    /// It is passed over.
    away: AtomicBool,
    /// An operator took it out of service: what waits for it still goes.
    drained: AtomicBool,
    /// When the road last went up or down, as this process saw it.
    changed: Mutex<Option<(bool, Timestamp)>>,
}

/// All routes, best first.
pub struct Routes {
    routes: Vec<Arc<Route>>,
    failover: FailoverConfig,
    /// The width that leaves room on every road: a message may change its road
    /// after it was cut.
    reference: ReferenceBits,
}

impl Route {
    /// A route without a road plans messages and sends none.
    pub fn new(config: RouteConfig, audience: Audience, whole: bool, road: Option<Arc<dyn Road>>) -> Self {
        Self {
            config,
            audience,
            whole,
            road,
            away: AtomicBool::new(false),
            drained: AtomicBool::new(false),
            changed: Mutex::new(None),
        }
    }

    /// Its name: the road's.
    pub fn name(&self) -> &str {
        &self.config.road
    }

    /// The road; `None` where this process sends nothing.
    pub fn road(&self) -> Option<&Arc<dyn Road>> {
        self.road.as_ref()
    }

    /// Whether it is passed over now.
    pub fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    /// Whether an operator took it out of service.
    pub fn is_drained(&self) -> bool {
        self.drained.load(Ordering::Relaxed)
    }

    /// Takes it out of service, or back. Messages that wait for it are sent;
    /// new ones take another road.
    pub fn drain(&self, drained: bool) {
        self.drained.store(drained, Ordering::Relaxed);
    }

    fn is_passed_over(&self) -> bool {
        self.is_away() || self.is_drained()
    }

    fn carries(&self, category: Category) -> bool {
        // A code proves a dossier: it goes to the phone and to nobody on the way.
        if category == Category::Code && self.audience != Audience::Sender {
            return false;
        }
        match category.lane() {
            Lane::Answers => self.config.answers,
            Lane::Notices => self.config.notices,
        }
    }

    /// Looks at the road. Returns whether it was just given up.
    fn look(&self, failover: &FailoverConfig, now: Timestamp) -> bool {
        let Some(road) = &self.road else { return false };
        let state = road.state();
        let up = state == RoadState::Up;
        let since = {
            let mut changed = self.changed.lock();
            match *changed {
                Some((was_up, since)) if was_up == up => since,
                _ => {
                    *changed = Some((up, now));
                    now
                }
            }
        };
        let lasted = Duration::try_from(now.duration_since(since).max(SignedDuration::ZERO)).unwrap_or_default();
        let seconds = |count: u32| Duration::from_secs(u64::from(count));
        if self.is_away() {
            if up && lasted >= seconds(failover.back_after_seconds) {
                self.away.store(false, Ordering::Relaxed);
                tracing::info!(road = self.name(), "road is taken again");
            }
            return false;
        }
        let given_up = state == RoadState::Refused || (!up && lasted >= seconds(failover.away_after_seconds));
        if given_up {
            self.away.store(true, Ordering::Relaxed);
            tracing::error!(road = self.name(), "road is passed over");
        }
        given_up
    }
}

impl Routes {
    /// Routes in the order in which they are preferred.
    pub fn new(routes: Vec<Route>, failover: FailoverConfig, reference: ReferenceBits) -> Self {
        Self { routes: routes.into_iter().map(Arc::new).collect(), failover, reference }
    }

    /// All of them.
    pub fn all(&self) -> &[Arc<Route>] {
        &self.routes
    }

    /// The route of a name.
    pub fn named(&self, name: &str) -> Option<&Arc<Route>> {
        self.routes.iter().find(|route| route.name() == name)
    }

    /// The route for a message: the preferred one where it is not passed over,
    /// else the best that is not; where all are passed over it waits for the
    /// preferred one.
    pub fn choose(&self, category: Category, preferred: Option<&str>) -> Option<&Arc<Route>> {
        let fit = || self.routes.iter().filter(|route| route.carries(category));
        let preferred = preferred.and_then(|name| fit().find(|route| route.name() == name));
        preferred
            .filter(|route| !route.is_passed_over())
            .or_else(|| fit().find(|route| !route.is_passed_over()))
            .or(preferred)
            .or_else(|| fit().next())
    }

    /// Looks at every road and tells those that were just given up.
    pub(crate) fn look(&self, now: Timestamp) -> Vec<Arc<Route>> {
        self.routes.iter().filter(|route| route.look(&self.failover, now)).map(Arc::clone).collect()
    }

    /// A reference for joined parts, as wide as every road has room for.
    pub fn reference(&self, bits: u64) -> u16 {
        match self.reference {
            ReferenceBits::Eight => u16::from(bits.to_le_bytes()[0]),
            ReferenceBits::Sixteen => u16::from_le_bytes([bits.to_le_bytes()[0], bits.to_le_bytes()[1]]),
        }
    }

    /// How many parts a text takes on a route, without a cap.
    pub fn parts(&self, route: &Route, text: &str) -> usize {
        let policy = route.config.policy.policy();
        segment(text, &Options { policy, max_parts: u8::MAX, reference: self.reference, more: None }).parts.len()
    }

    /// A text as the parts that a route sends.
    pub fn segment(&self, route: &Route, text: &str, more: Option<&str>) -> Segmented {
        let options = Options {
            policy: route.config.policy.policy(),
            max_parts: route.config.max_parts,
            reference: self.reference,
            more,
        };
        segment(text, &options)
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::config::PolicyName;
    use crate::road::Permit;

    struct Switch {
        name: &'static str,
        state: Mutex<RoadState>,
    }

    #[async_trait]
    impl Road for Switch {
        fn name(&self) -> &str {
            self.name
        }

        fn state(&self) -> RoadState {
            *self.state.lock()
        }

        async fn reserve(&self) -> Option<Box<dyn Permit>> {
            None
        }

        fn try_reserve(&self) -> Option<Box<dyn Permit>> {
            None
        }
    }

    fn config(road: &str, notices: bool) -> RouteConfig {
        RouteConfig {
            road: road.into(),
            from: "8283".into(),
            policy: PolicyName::Folded,
            max_parts: 3,
            answers: true,
            notices,
            part_cost: 0,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_road_is_given_up_late_and_taken_again_later_still() {
        let first = Arc::new(Switch { name: "first", state: Mutex::new(RoadState::Up) });
        let second = Arc::new(Switch { name: "second", state: Mutex::new(RoadState::Up) });
        let route = |road: &Arc<Switch>, notices| {
            Route::new(config(road.name, notices), Audience::Sender, false, Some(Arc::clone(road) as Arc<dyn Road>))
        };
        let routes = Routes::new(
            vec![route(&first, false), route(&second, true)],
            FailoverConfig::default(),
            ReferenceBits::Eight,
        );
        let answers = || routes.choose(Category::Answer, None).unwrap().name();
        routes.look(at(0));
        assert_eq!(answers(), "first");
        assert_eq!(routes.choose(Category::Status, Some("first")).unwrap().name(), "second", "it carries no notices");
        *first.state.lock() = RoadState::Down;
        assert!(routes.look(at(1)).is_empty());
        assert!(routes.look(at(30)).is_empty());
        assert_eq!(answers(), "first", "a short fall moves nothing");
        assert_eq!(routes.look(at(31)).len(), 1);
        assert_eq!(answers(), "second");
        assert_eq!(routes.choose(Category::Answer, Some("first")).unwrap().name(), "second");
        *first.state.lock() = RoadState::Up;
        routes.look(at(40));
        routes.look(at(159));
        assert_eq!(answers(), "second", "it must stand for a while");
        routes.look(at(160));
        assert_eq!(answers(), "first");
        *first.state.lock() = RoadState::Refused;
        routes.look(at(161));
        assert_eq!(answers(), "second", "a refused password will not mend itself");
        *second.state.lock() = RoadState::Refused;
        routes.look(at(162));
        assert_eq!(answers(), "first", "where all are away it waits for the best");
    }
}
