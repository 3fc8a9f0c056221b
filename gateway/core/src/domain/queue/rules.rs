//! What the operator decided: sites, services, counters, hours and the order.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{CounterName, Names, Prefix, ServiceKey, SiteCode, TicketNumber};
use crate::domain::{Doors, Opening, OpeningHours, Session, WorkingCalendar};
use crate::text::fold;

/// Everything that was decided about queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRules {
    sites: Vec<Arc<SiteRules>>,
    /// Who is next.
    pub order: OrderRules,
    /// How a wait is estimated.
    pub estimate: EstimateRules,
}

/// Who is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderRules {
    /// After so many with priority in a row a counter calls one without, 1–20.
    pub priority_run: u32,
    /// Who comes back after nobody had come is called after so many others, 0–50.
    pub after_no_show: u32,
    /// So often somebody may come back with one ticket, 0–10.
    pub most_returns: u32,
}

/// How a wait is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EstimateRules {
    /// From the last so many services, 1–200.
    pub over: u32,
    /// None is told before so many are known, 1–200.
    pub least: u32,
    /// A counter counts as open so long after its last act.
    pub counter_open_for: Duration,
}

/// A centre where people wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRules {
    /// Its agency's code.
    pub code: SiteCode,
    /// Its name.
    pub name: Names,
    /// Other words that citizens call it by, folded.
    pub words: Vec<String>,
    /// Its own hours of a whole working day; empty: the calendar's.
    pub hours: Vec<Session>,
    /// It is open on the calendar's days off, too: some centres are on Saturdays.
    pub open_on_days_off: bool,
    /// No number is given so long before lunch.
    pub lunch_cut_off: Duration,
    /// No number is given so long before closing.
    pub closing_cut_off: Duration,
    /// So many may wait for one service.
    pub longest: u32,
    /// Serials that terminals may give while the gateway is out of their reach,
    /// both ends included; the gateway itself never gives them.
    pub local: Option<(u32, u32)>,
    /// What people wait for.
    pub services: Vec<Arc<ServiceRules>>,
    /// Where they are served.
    pub counters: Vec<CounterRules>,
}

/// What people wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRules {
    /// Its key.
    pub key: ServiceKey,
    /// The letters of its numbers.
    pub prefix: Prefix,
    /// Its name.
    pub name: Names,
    /// Its own hours of a whole working day; empty: the site's.
    pub hours: Vec<Session>,
    /// No numbers are given for now.
    pub paused: bool,
}

/// Where people are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterRules {
    /// What stands over it.
    pub name: CounterName,
    /// What it serves; empty: everything.
    pub services: Vec<ServiceKey>,
}

impl CounterRules {
    /// Whether it serves this.
    pub fn serves(&self, service: &ServiceKey) -> bool {
        self.services.is_empty() || self.services.contains(service)
    }
}

/// Why no number is given now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhyNot {
    /// It is closed.
    Closed,
    /// It is lunch time.
    Lunch,
    /// It closes too soon for anybody new to be served.
    CutOff,
    /// Too many wait already.
    Full,
    /// The operator gives none for now.
    Paused,
}

impl WhyNot {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Closed, Self::Lunch, Self::CutOff, Self::Full, Self::Paused];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Lunch => "lunch",
            Self::CutOff => "cut_off",
            Self::Full => "full",
            Self::Paused => "paused",
        }
    }
}

/// Whether numbers are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// They are.
    Yes,
    /// They are not.
    No {
        /// Why.
        why: WhyNot,
        /// From when on they are again, where that is known.
        again_at: Option<Timestamp>,
    },
}

/// A rule that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct QueueRulesProblem {
    /// The key below `queue`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
}

impl QueueRules {
    /// Sites, services of a site and counters of a site that are kept apart at
    /// most.
    const MOST: usize = 40;

    /// Rules that hold together.
    ///
    /// # Errors
    /// [`QueueRulesProblem`] names the setting.
    pub fn new(sites: Vec<SiteRules>, order: OrderRules, estimate: EstimateRules) -> Result<Self, QueueRulesProblem> {
        let wrong = |key: String, problem: &str| Err(QueueRulesProblem { key, problem: problem.to_owned() });
        if sites.len() > Self::MOST {
            return wrong("sites".into(), "at most 40");
        }
        for (place, site) in sites.iter().enumerate() {
            let at = format!("sites.{}", site.code.as_str());
            if sites.iter().take(place).any(|other| other.code == site.code) {
                return wrong(at, "stands twice");
            }
            check_site(site, &at)?;
        }
        Ok(Self { sites: sites.into_iter().map(Arc::new).collect(), order, estimate })
    }

    /// The sites, in the order of the settings.
    pub fn sites(&self) -> &[Arc<SiteRules>] {
        &self.sites
    }

    /// The site of a code.
    pub fn site(&self, code: &SiteCode) -> Option<&Arc<SiteRules>> {
        self.sites.iter().find(|site| site.code == *code)
    }

    /// The site that a citizen means: by its code, by one of its words, or by its
    /// name.
    pub fn site_named(&self, text: &str) -> Option<&Arc<SiteRules>> {
        if let Some(site) = SiteCode::parse(text).and_then(|code| self.site(&code)) {
            return Some(site);
        }
        let said = fold(text.trim());
        let meant =
            |site: &&Arc<SiteRules>| site.words.contains(&said) || site.name.all().any(|name| fold(name) == said);
        self.sites.iter().find(meant)
    }
}

fn check_site(site: &SiteRules, at: &str) -> Result<(), QueueRulesProblem> {
    let wrong = |key: String, problem: &str| Err(QueueRulesProblem { key, problem: problem.to_owned() });
    if site.services.is_empty() || site.services.len() > QueueRules::MOST {
        return wrong(format!("{at}.services"), "1 to 40");
    }
    if site.counters.len() > QueueRules::MOST {
        return wrong(format!("{at}.counters"), "at most 40");
    }
    if Session::first_out_of_order(&site.hours).is_some() {
        return wrong(format!("{at}.hours"), "each must end after it begins, and begin after the one before it");
    }
    if let Some((from, to)) = site.local
        && !(2 <= from && from <= to && to < TicketNumber::MOST)
    {
        return wrong(format!("{at}.local"), "two numbers between 2 and 9,998, the smaller first");
    }
    for (place, service) in site.services.iter().enumerate() {
        let at = format!("{at}.services.{}", service.key.as_str());
        let mut before = site.services.iter().take(place);
        if before.clone().any(|other| other.key == service.key) {
            return wrong(at, "stands twice");
        }
        // Else two citizens would hold the same number.
        if before.any(|other| other.prefix == service.prefix) {
            return wrong(format!("{at}.prefix"), "another service of this site has it");
        }
        if Session::first_out_of_order(&service.hours).is_some() {
            return wrong(format!("{at}.hours"), "each must end after it begins, and begin after the one before it");
        }
    }
    for (place, counter) in site.counters.iter().enumerate() {
        let at = format!("{at}.counters.{}", counter.name.as_str());
        if site.counters.iter().take(place).any(|other| other.name.sounds_like(&counter.name)) {
            return wrong(at, "another counter is called the same");
        }
        if let Some(unknown) = counter.services.iter().find(|key| site.service(key).is_none()) {
            return wrong(at, &format!("{} is no service of this site", unknown.as_str()));
        }
    }
    let served = |key: &ServiceKey| site.counters.iter().any(|counter| counter.serves(key));
    if let Some(service) = site.services.iter().find(|service| !site.counters.is_empty() && !served(&service.key)) {
        return wrong(format!("{at}.services.{}", service.key.as_str()), "no counter serves it");
    }
    Ok(())
}

impl SiteRules {
    /// The service of a key.
    pub fn service(&self, key: &ServiceKey) -> Option<&Arc<ServiceRules>> {
        self.services.iter().find(|service| service.key == *key)
    }

    /// The counter of a name.
    pub fn counter(&self, name: &CounterName) -> Option<&CounterRules> {
        self.counters.iter().find(|counter| counter.name == *name)
    }

    /// Whether it is open.
    pub fn opening(&self, calendar: &WorkingCalendar, now: Timestamp) -> Opening {
        self.keeps(&self.hours, calendar).at(now)
    }

    /// Whether numbers are given for a service for which so many wait.
    pub fn taking(&self, service: &ServiceRules, calendar: &WorkingCalendar, now: Timestamp, waiting: u32) -> Taking {
        let hours = self.keeps(if service.hours.is_empty() { &self.hours } else { &service.hours }, calendar);
        if service.paused {
            return Taking::No { why: WhyNot::Paused, again_at: None };
        }
        let why = match hours.doors(now) {
            Doors::Closed => WhyNot::Closed,
            Doors::Lunch => WhyNot::Lunch,
            Doors::Open { left, for_the_day: true } if left < self.closing_cut_off => WhyNot::CutOff,
            Doors::Open { left, for_the_day: false } if left < self.lunch_cut_off => WhyNot::CutOff,
            Doors::Open { .. } if waiting >= self.longest => {
                return Taking::No { why: WhyNot::Full, again_at: None };
            }
            Doors::Open { .. } => return Taking::Yes,
        };
        Taking::No { why, again_at: hours.opens_after(now) }
    }

    fn keeps<'a>(&self, own: &'a [Session], calendar: &'a WorkingCalendar) -> OpeningHours<'a> {
        OpeningHours::of(calendar).with_own(own).also_on_days_off(self.open_on_days_off)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::domain::local_moment;

    fn service(key: &str, prefix: &str) -> ServiceRules {
        ServiceRules {
            key: ServiceKey::parse(key).unwrap(),
            prefix: Prefix::parse(prefix).unwrap(),
            name: Names::new([("vi", "Hộ tịch"), ("en", "Civil status")]).unwrap(),
            hours: Vec::new(),
            paused: false,
        }
    }

    fn site() -> SiteRules {
        SiteRules {
            code: SiteCode::parse("000.00.17.H09").unwrap(),
            name: Names::new([("vi", "Trung tâm Hành chính công")]).unwrap(),
            words: vec!["tthcc".to_owned()],
            hours: Vec::new(),
            open_on_days_off: false,
            lunch_cut_off: Duration::from_secs(900),
            closing_cut_off: Duration::from_secs(1_800),
            longest: 50,
            local: None,
            services: vec![Arc::new(service("ho-tich", "A")), Arc::new(service("dat-dai", "B"))],
            counters: vec![CounterRules { name: CounterName::parse("1").unwrap(), services: Vec::new() }],
        }
    }

    fn rules(site: SiteRules) -> Result<QueueRules, QueueRulesProblem> {
        let order = OrderRules { priority_run: 2, after_no_show: 3, most_returns: 2 };
        let estimate = EstimateRules { over: 20, least: 3, counter_open_for: Duration::from_secs(1_800) };
        QueueRules::new(vec![site], order, estimate)
    }

    /// A moment of Friday 2026-11-27 (or so many days later) in Vietnam.
    fn at(days: i8, text: &str) -> Timestamp {
        let day = jiff::civil::date(2026, 11, 27 + days);
        local_moment(day.to_datetime(text.parse().unwrap())).unwrap()
    }

    #[test]
    fn numbers_are_given_while_there_is_time_to_serve() {
        let (site, calendar) = (site(), WorkingCalendar::default());
        let taking = |now: Timestamp, waiting| site.taking(&site.services[0], &calendar, now, waiting);
        let no = |why, again_at: Timestamp| Taking::No { why, again_at: Some(again_at) };
        assert_eq!(taking(at(0, "06:59"), 0), no(WhyNot::Closed, at(0, "07:00")));
        assert_eq!(taking(at(0, "07:00"), 0), Taking::Yes);
        assert_eq!(taking(at(0, "11:15"), 49), Taking::Yes);
        assert_eq!(taking(at(0, "11:15:01"), 0), no(WhyNot::CutOff, at(0, "13:30")), "said before lunch");
        assert_eq!(taking(at(0, "11:30"), 0), no(WhyNot::Lunch, at(0, "13:30")));
        assert_eq!(taking(at(0, "16:30"), 0), Taking::Yes);
        assert_eq!(taking(at(0, "16:31"), 0), no(WhyNot::CutOff, at(3, "07:00")), "Monday is next");
        assert_eq!(taking(at(1, "09:00"), 0), no(WhyNot::Closed, at(3, "07:00")), "Saturday");
        assert_eq!(taking(at(0, "09:00"), 50), Taking::No { why: WhyNot::Full, again_at: None });
    }

    #[test]
    fn a_service_may_have_its_own_hours_or_none() {
        let calendar = WorkingCalendar::default();
        let mut site = site();
        let morning = Session { from: time(8, 0, 0, 0), to: time(10, 0, 0, 0) };
        let own = ServiceRules { hours: vec![morning], ..service("can-cuoc", "C") };
        site.hours = vec![Session { from: time(6, 0, 0, 0), to: time(18, 0, 0, 0) }];
        let taking = |service: &ServiceRules, now| site.taking(service, &calendar, now, 0);
        assert_eq!(taking(&own, at(0, "09:00")), Taking::Yes);
        assert!(matches!(taking(&own, at(0, "11:00")), Taking::No { why: WhyNot::Closed, .. }));
        assert_eq!(taking(&site.services[0], at(0, "12:30")), Taking::Yes, "this site has no lunch");
        let paused = ServiceRules { paused: true, ..own };
        assert_eq!(taking(&paused, at(0, "09:00")), Taking::No { why: WhyNot::Paused, again_at: None });
        let opening = site.opening(&calendar, at(0, "12:30"));
        assert_eq!((opening.open, opening.closes_at), (true, Some(at(0, "18:00"))));
        assert_eq!(site.opening(&calendar, at(0, "18:00")).opens_at, Some(at(3, "06:00")));
    }

    #[test]
    fn a_site_may_be_open_on_days_off() {
        let calendar = WorkingCalendar::default();
        let site = SiteRules { open_on_days_off: true, ..site() };
        let taking = |now| site.taking(&site.services[0], &calendar, now, 0);
        assert_eq!(taking(at(1, "09:00")), Taking::Yes, "Saturday, with the calendar's hours");
        assert!(matches!(taking(at(1, "12:00")), Taking::No { why: WhyNot::Lunch, .. }));
        assert_eq!(site.opening(&calendar, at(0, "18:00")).opens_at, Some(at(1, "07:00")));
        let own = vec![Session { from: time(6, 0, 0, 0), to: time(12, 30, 0, 0) }];
        let early = SiteRules { hours: own, ..site };
        assert_eq!(early.opening(&calendar, at(2, "12:00")).closes_at, Some(at(2, "12:30")), "Sunday, with its own");
    }

    #[test]
    fn a_site_is_found_as_people_call_it() {
        let rules = rules(site()).unwrap();
        for text in ["000.00.17.h09", "TTHCC", "trung tam hanh chinh cong", " Trung tâm Hành chính công "] {
            assert!(rules.site_named(text).is_some(), "{text}");
        }
        assert!(rules.site_named("000.00.18.H09").is_none() && rules.site_named("").is_none());
    }

    #[test]
    fn rules_that_do_not_hold_together_are_named() {
        let problem = |site: SiteRules| rules(site).unwrap_err().to_string();
        assert!(rules(site()).is_ok());
        let twice = SiteRules { services: vec![Arc::new(service("a", "A")), Arc::new(service("b", "A"))], ..site() };
        assert_eq!(problem(twice), "sites.000.00.17.H09.services.b.prefix: another service of this site has it");
        let nobody = CounterRules {
            name: CounterName::parse("1").unwrap(),
            services: vec![ServiceKey::parse("ho-tich").unwrap()],
        };
        let unserved = SiteRules { counters: vec![nobody], ..site() };
        assert_eq!(problem(unserved), "sites.000.00.17.H09.services.dat-dai: no counter serves it");
        let backwards = SiteRules { local: Some((900, 800)), ..site() };
        assert!(problem(backwards).contains("local"));
        let never = SiteRules { services: Vec::new(), ..site() };
        assert!(problem(never).contains("services: 1 to 40"));
    }
}
