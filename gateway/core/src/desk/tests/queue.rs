//! Queues as they are asked about, and as officers work with them.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use parking_lot::Mutex;

use super::stand_ins::{Counting, World, world_with};
use super::*;
use crate::desk::{
    AtCounter, CounterProblem, LocalOutcome, NotAccepted, QueueDesk, QueueParts, Reconciles as _, TicketReply,
    TicketWish, ToldLocally,
};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::queue::{
    CounterName, CounterRules, EstimateRules, Line, Names, NotMoved, OrderRules, Prefix, Priority, QueueRules,
    SerialRange, ServiceKey, ServiceRules, SiteCode, SiteRules, Ticket, TicketCode, TicketId, TicketKey, TicketNumber,
    TicketState, WhyNot,
};
use crate::domain::{Login, Officer, OfficerId, OfficerName, OfficerRole, Sites, local_date};
use crate::ports::{
    CalledNext, Clock, CounterAct, CounterSeen, HashKey, Listening, LocalTicket, NewOfficerAct, NewTicket, NextCall,
    OfficerAct, OfficerActCursor, OfficerAudit, Queue, Reconciled, ServiceLoad, StoreError, Taken, acts,
};

/// Tickets in a list, in the order of their coming; the store's own stories tell
/// how it is on disk. What officers did stands in the same list of words.
#[derive(Default)]
struct Lines {
    tickets: Mutex<Vec<(TicketKey, Ticket)>>,
    times: Mutex<Vec<Duration>>,
    seen: Mutex<Vec<CounterSeen>>,
    happened: Mutex<Vec<String>>,
    broken: Mutex<bool>,
}

impl Lines {
    fn happened(&self) -> Vec<String> {
        std::mem::take(&mut *self.happened.lock())
    }

    fn line(&self, service: &ServiceKey) -> Line {
        let tickets = self.tickets.lock();
        let waiting = |favoured| {
            let of_kind = |ticket: &Ticket| {
                ticket.state == TicketState::Waiting
                    && ticket.at_service == *service
                    && ticket.priority.is_favoured() == favoured
            };
            u32::try_from(tickets.iter().filter(|(_, ticket)| of_kind(ticket)).count()).unwrap()
        };
        Line { favoured: waiting(true), ordinary: waiting(false), before: 0 }
    }

    fn put(&self, new: &NewTicket, serial: u32) -> Ticket {
        let mut tickets = self.tickets.lock();
        let ticket = Ticket {
            id: TicketId(i64::try_from(tickets.len()).unwrap() + 1),
            site: new.site.clone(),
            day: new.day,
            service: new.service.clone(),
            number: TicketNumber::new(new.prefix, serial).unwrap(),
            code: new.code.clone(),
            priority: new.priority,
            state: TicketState::Waiting,
            at_service: new.service.clone(),
            for_counter: None,
            counter: None,
            rank: new.at.as_microsecond(),
            after_call: 0,
            calls: 0,
            returns: 0,
            taken_at: new.at,
            called_at: None,
            recalled_at: None,
            serving_at: None,
            ended_at: None,
        };
        tickets.push((new.key, ticket.clone()));
        ticket
    }
}

#[async_trait]
impl Queue for Lines {
    async fn take(&self, new: NewTicket) -> Result<Taken, StoreError> {
        if *self.broken.lock() {
            return Err(StoreError("away".into()));
        }
        if let Some((_, ticket)) = self.tickets.lock().iter().find(|(key, _)| *key == new.key) {
            return Ok(Taken::Known(ticket.clone()));
        }
        let line = self.line(&new.service);
        if line.waiting() >= new.longest {
            return Ok(Taken::Full);
        }
        let of_service = |ticket: &Ticket| ticket.service == new.service;
        let serial = self.tickets.lock().iter().filter(|(_, ticket)| of_service(ticket)).count() + 1;
        let before = if new.priority.is_favoured() { line.favoured } else { line.ordinary };
        Ok(Taken::New(self.put(&new, u32::try_from(serial).unwrap()), Line { before, ..line }))
    }

    async fn reconcile(&self, told: Vec<LocalTicket>) -> Result<Vec<Reconciled>, StoreError> {
        Ok(told.iter().map(|one| Reconciled::Accepted(self.put(&one.wanted, one.serial))).collect())
    }

    async fn load(&self, _: &SiteCode, _: Date) -> Result<Vec<ServiceLoad>, StoreError> {
        if *self.broken.lock() {
            return Err(StoreError("away".into()));
        }
        let services: std::collections::BTreeSet<ServiceKey> =
            self.tickets.lock().iter().map(|(_, ticket)| ticket.at_service.clone()).collect();
        let tickets = self.tickets.lock().clone();
        let load = |service: ServiceKey| {
            let here = |ticket: &Ticket| ticket.at_service == service && ticket.state.is_at_a_counter();
            let at_counters = tickets.iter().map(|(_, ticket)| ticket.clone()).filter(here).collect();
            ServiceLoad { line: self.line(&service), service, at_counters }
        };
        Ok(services.into_iter().map(load).collect())
    }

    async fn counters(&self, _: &SiteCode, _: Date) -> Result<Vec<CounterSeen>, StoreError> {
        Ok(self.seen.lock().clone())
    }

    async fn service_times(&self, _: &SiteCode, _: &ServiceKey, _: u32) -> Result<Vec<Duration>, StoreError> {
        Ok(self.times.lock().clone())
    }

    async fn ticket(&self, code: &TicketCode) -> Result<Option<Ticket>, StoreError> {
        Ok(self.tickets.lock().iter().find(|(_, ticket)| ticket.code == *code).map(|(_, ticket)| ticket.clone()))
    }

    async fn line_before(&self, ticket: &Ticket) -> Result<Line, StoreError> {
        Ok(self.line(&ticket.at_service))
    }

    async fn open_tickets(&self, _: &SiteCode, _: Date, _: usize) -> Result<Vec<Ticket>, StoreError> {
        Ok(self.tickets.lock().iter().map(|(_, ticket)| ticket.clone()).collect())
    }

    async fn next(&self, call: NextCall) -> Result<CalledNext, StoreError> {
        self.happened.lock().push(format!("next at {}", call.counter.as_str()));
        let mut tickets = self.tickets.lock();
        let waits =
            |ticket: &Ticket| ticket.state == TicketState::Waiting && call.services.contains(&ticket.at_service);
        let Some((_, ticket)) = tickets.iter_mut().find(|(_, ticket)| waits(ticket)) else {
            return Ok(CalledNext::Nobody);
        };
        *ticket = ticket.clone().called(&call.counter, call.at);
        Ok(CalledNext::Ticket(ticket.clone()))
    }

    async fn act(&self, act: CounterAct) -> Result<Result<Ticket, NotMoved>, StoreError> {
        self.happened.lock().push(format!("{} at {}", act.to.key(), act.counter.as_str()));
        let mut tickets = self.tickets.lock();
        let Some((_, ticket)) = tickets.iter_mut().find(|(_, ticket)| ticket.id == act.ticket) else {
            return Ok(Err(NotMoved::Gone));
        };
        let moved = ticket.clone().moved(&act.to, &act.counter, act.at, act.terms);
        if let Ok(moved) = &moved {
            *ticket = moved.clone();
        }
        Ok(moved)
    }

    async fn history(
        &self,
        site: &SiteCode,
        _: (Date, Date),
        _: Option<TicketId>,
        _: usize,
    ) -> Result<Vec<Ticket>, StoreError> {
        self.happened.lock().push("history".to_owned());
        self.open_tickets(site, Date::MIN, 0).await
    }

    async fn end_days(&self, _: Date, _: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn changes(&self, _: &SiteCode) -> Result<i64, StoreError> {
        Ok(7)
    }

    fn listen(&self, _: &SiteCode) -> Box<dyn Listening> {
        unreachable!("nobody listens here")
    }
}

#[async_trait]
impl OfficerAudit for Lines {
    async fn record_act(&self, act: NewOfficerAct) -> Result<(), StoreError> {
        if *self.broken.lock() {
            return Err(StoreError("away".into()));
        }
        self.happened.lock().push(format!("{} by {}", act.act, act.officer.unwrap().0));
        Ok(())
    }

    async fn officer_acts(
        &self,
        _: Option<OfficerId>,
        _: Option<OfficerActCursor>,
        _: usize,
    ) -> Result<Vec<OfficerAct>, StoreError> {
        Ok(Vec::new())
    }
}

const SITE: &str = "000.00.17.H09";

fn service(key: &str, prefix: &str) -> Arc<ServiceRules> {
    Arc::new(ServiceRules {
        key: ServiceKey::parse(key).unwrap(),
        prefix: Prefix::parse(prefix).unwrap(),
        name: Names::new([("vi", key), ("en", key)]).unwrap(),
        hours: Vec::new(),
        paused: false,
    })
}

fn rules() -> QueueRules {
    let counter = |name: &str, services: &[&str]| CounterRules {
        name: CounterName::parse(name).unwrap(),
        services: services.iter().map(|key| ServiceKey::parse(key).unwrap()).collect(),
    };
    let site = |code: &str| SiteRules {
        code: SiteCode::parse(code).unwrap(),
        name: Names::new([("vi", "Trung tâm")]).unwrap(),
        words: vec!["xnc".to_owned()],
        hours: Vec::new(),
        open_on_days_off: false,
        lunch_cut_off: Duration::from_secs(900),
        closing_cut_off: Duration::from_secs(900),
        longest: 3,
        local: Some((900, 999)),
        services: vec![service("ho-tich", "A"), service("dat-dai", "B")],
        counters: vec![counter("1", &[]), counter("2", &["ho-tich"])],
    };
    let order = OrderRules { priority_run: 2, after_no_show: 3, most_returns: 2 };
    let estimate = EstimateRules { over: 20, least: 3, counter_open_for: Duration::from_secs(1_800) };
    QueueRules::new(vec![site(SITE), site("000.00.18.H09")], order, estimate).unwrap()
}

struct Centre {
    world: World,
    lines: Arc<Lines>,
    queue: Arc<QueueDesk>,
}

fn centre() -> Centre {
    let lines = Arc::new(Lines::default());
    let mut queue = None;
    let world = world_with(|parts| {
        let desk = Arc::new(QueueDesk::new(QueueParts {
            queue: lines.clone(),
            rules: Arc::new(rules()),
            calendar: Arc::new(WorkingCalendar::default()),
            clock: parts.clock.clone(),
            randomness: Arc::new(Counting::default()),
            audit: lines.clone(),
            hash_key: HashKey::new("k1", "a secret of the test"),
        }));
        parts.queue = Some(desk.clone());
        queue = Some(desk);
    });
    Centre { world, lines, queue: queue.unwrap() }
}

fn wish(key: u8, priority: Priority) -> TicketWish {
    TicketWish {
        site: SiteCode::parse(SITE).unwrap(),
        service: ServiceKey::parse("ho-tich").unwrap(),
        priority,
        key: TicketKey([key; 16]),
    }
}

fn taking(wish: TicketWish) -> Request {
    let action = Action::TakeTicket { wish: Some(Box::new(wish)) };
    Request { channel: Channel::Kiosk, ..request(Content::Action(action)) }
}

async fn take(centre: &Centre, key: u8, priority: Priority) -> TicketReply {
    match centre.world.desk.handle(taking(wish(key, priority))).await.outcome {
        Ok(Reply::Ticket(ticket)) => *ticket,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_terminal_takes_a_number_and_the_same_key_is_the_same_number() {
    let centre = centre();
    let first = take(&centre, 1, Priority::None).await;
    assert_eq!((first.ticket.number.to_string().as_str(), first.ahead, first.known), ("A001", 0, false));
    assert_eq!(first.estimated_minutes, None, "nobody was served yet: nobody can tell");
    let again = take(&centre, 1, Priority::None).await;
    assert_eq!((again.ticket, again.known), (first.ticket, true));
    let second = take(&centre, 2, Priority::Elderly).await;
    assert_eq!((second.ticket.number.to_string().as_str(), second.ahead), ("A002", 0), "before those without");
}

#[tokio::test]
async fn everybody_else_is_told_where_a_number_is_taken() {
    let centre = centre();
    for channel in Channel::ALL.into_iter().filter(|channel| *channel != Channel::Kiosk) {
        let asked = Request { channel, ..taking(wish(1, Priority::None)) };
        let answered = centre.world.desk.handle(asked).await;
        let Ok(Reply::WhereTickets(reply)) = &answered.outcome else { panic!("{channel:?} {answered:?}") };
        assert_eq!(reply.sites.len(), 2);
        assert_eq!(answered.said().as_str(), "where_tickets sites=2");
    }
    assert!(centre.lines.tickets.lock().is_empty(), "no number was given");
}

#[tokio::test]
async fn no_number_is_given_that_nobody_could_be_served_with() {
    let centre = centre();
    // Monday 2026-10-19, in Vietnam.
    for (at, why, minutes) in
        [("11:20", WhyNot::CutOff, 130), ("12:00", WhyNot::Lunch, 90), ("17:30", WhyNot::Closed, 810)]
    {
        let received_at: Timestamp = format!("2026-10-19T{at}:00+07:00").parse().unwrap();
        let deadline = received_at + SignedDuration::from_secs(5);
        let asked = Request { received_at, deadline, ..taking(wish(1, Priority::None)) };
        let refused = centre.world.desk.handle(asked).await.outcome.unwrap_err();
        assert_eq!(refused.kind, RefusalKind::NoTickets(why), "{at}");
        assert_eq!(refused.retry_after, Some(Duration::from_secs(minutes * 60)), "{at}");
    }
    for key in 1..=3 {
        take(&centre, key, Priority::None).await;
    }
    let full = centre.world.desk.handle(taking(wish(4, Priority::None))).await.outcome.unwrap_err();
    assert_eq!((full.kind, full.retry_after), (RefusalKind::NoTickets(WhyNot::Full), None));
    let mut unknown = wish(5, Priority::None);
    unknown.service = ServiceKey::parse("thue").unwrap();
    let refused = centre.world.desk.handle(taking(unknown)).await.outcome.unwrap_err();
    assert_eq!(refused.kind, RefusalKind::QueueUnknown);
}

#[tokio::test]
async fn how_the_queue_stands_is_told_of_the_site_that_is_named_or_of_all() {
    let centre = centre();
    take(&centre, 1, Priority::None).await;
    take(&centre, 2, Priority::Elderly).await;
    let asked = async |site: Option<&str>| {
        let action = Action::QueueNow { site: site.map(Into::into) };
        centre.world.desk.handle(request(Content::Action(action))).await
    };
    let all = asked(None).await;
    assert_eq!(all.said().as_str(), "queue_now sites=2 waiting=4", "the stand-in knows no sites");
    for named in ["XNC", SITE, "trung tam"] {
        let one = asked(Some(named)).await;
        let Ok(Reply::QueueNow(reply)) = &one.outcome else { panic!("{one:?}") };
        assert_eq!((reply.sites.len(), reply.sites[0].waiting()), (1, 2), "{named}");
        assert!(reply.sites[0].opening.open);
    }
    assert_eq!(asked(Some("elsewhere")).await.said().as_str(), "queue_now sites=2 waiting=4");
}

#[tokio::test]
async fn the_wait_is_told_once_it_was_measured() {
    let centre = centre();
    take(&centre, 1, Priority::None).await;
    *centre.lines.times.lock() = vec![Duration::from_secs(300); 3];
    let now: Timestamp = NOW.parse().unwrap();
    let seen = |name: &str, at| CounterSeen { counter: CounterName::parse(name).unwrap(), at };
    // The second was not seen for an hour, the third is none of this site's.
    let hour = SignedDuration::from_hours(1);
    *centre.lines.seen.lock() = vec![seen("1", now), seen("2", now - hour), seen("9", now)];
    // What was measured a moment ago holds for a while.
    assert_eq!(take(&centre, 2, Priority::None).await.estimated_minutes, None);
    let later = now + SignedDuration::from_secs(6);
    let third = centre.queue.take(&wish(3, Priority::None), later).await.unwrap().unwrap();
    assert_eq!((third.ahead, third.estimated_minutes), (2, Some(10)));
}

#[tokio::test]
async fn a_ticket_is_found_by_its_code_on_its_day() {
    let centre = centre();
    let taken = take(&centre, 1, Priority::None).await;
    let asked = |code: &TicketCode| request(Content::Action(Action::TicketPlace { code: code.clone() }));
    let answered = centre.world.desk.handle(asked(&taken.ticket.code)).await;
    let Ok(Reply::TicketPlace(place)) = &answered.outcome else { panic!("{answered:?}") };
    assert_eq!((place.ticket.number, place.ticket.state), (taken.ticket.number, TicketState::Waiting));
    let other = TicketCode::parse("zzzzzzzzzzzz").unwrap();
    let unknown = centre.world.desk.handle(asked(&other)).await.outcome.unwrap_err();
    assert_eq!(unknown.kind, RefusalKind::QueueUnknown);
    let tomorrow = NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24);
    assert!(centre.queue.place(&taken.ticket.code, tomorrow).await.unwrap().is_none());
}

#[tokio::test]
async fn a_database_that_is_away_is_said_and_may_be_tried_again() {
    let centre = centre();
    *centre.lines.broken.lock() = true;
    let refused = centre.world.desk.handle(taking(wish(1, Priority::None))).await.outcome.unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Internal);
    assert!(refused.retry_after.is_some());
}

#[tokio::test]
async fn numbers_of_queues_are_limited_as_such() {
    let centre = centre();
    centre.world.gate.closed.lock().insert(LimitedAction::Queue);
    let refused = centre.world.desk.handle(taking(wish(1, Priority::None))).await.outcome.unwrap_err();
    assert_eq!(refused.kind, RefusalKind::TooMany);
    let asked = Action::QueueNow { site: None };
    let refused = centre.world.desk.handle(request(Content::Action(asked))).await.outcome.unwrap_err();
    assert_eq!(refused.kind, RefusalKind::TooMany);
}

#[tokio::test]
async fn what_a_terminal_gave_by_itself_is_taken_where_it_can_be() {
    let centre = centre();
    let now: Timestamp = NOW.parse().unwrap();
    let told = |key: u8, serial, taken_at| ToldLocally {
        service: ServiceKey::parse("ho-tich").unwrap(),
        serial,
        priority: Priority::None,
        taken_at,
        key: TicketKey([key; 16]),
    };
    let minute = SignedDuration::from_mins(1);
    let strange = ToldLocally { service: ServiceKey::parse("thue").unwrap(), ..told(5, 904, now) };
    let all = [
        told(1, 901, now - minute),
        told(2, 900, now - minute * 2),
        told(3, 12, now),
        told(4, 903, now - SignedDuration::from_hours(24)),
        strange,
        told(6, 905, now + minute * 6),
        told(7, 950, now),
    ];
    let site = SiteCode::parse(SITE).unwrap();
    let ranges = [SerialRange::new(900, 919).unwrap(), SerialRange::new(940, 949).unwrap()];
    let outcomes = centre.queue.reconcile(&site, &ranges, &all, now).await.unwrap();
    let refused = |key: u8| {
        outcomes.iter().find_map(|outcome| match outcome {
            LocalOutcome::Refused(of, why) if *of == TicketKey([key; 16]) => Some(*why),
            _ => None,
        })
    };
    assert_eq!(refused(3), Some(NotAccepted::OutOfRange));
    assert_eq!(refused(4), Some(NotAccepted::OtherDay));
    assert_eq!(refused(5), Some(NotAccepted::Unknown));
    assert_eq!(refused(6), Some(NotAccepted::OtherDay), "a clock that is far ahead tells nothing");
    assert_eq!(refused(7), Some(NotAccepted::NotItsRange), "another terminal's");
    let accepted = outcomes.iter().filter_map(|outcome| match outcome {
        LocalOutcome::Accepted(ticket) => Some(ticket.number.to_string()),
        _ => None,
    });
    assert_eq!(accepted.collect::<Vec<_>>(), ["A900", "A901"], "in the order of their times");
}

fn officer(sites: &[&str]) -> Officer {
    Officer {
        id: OfficerId(4),
        login: Login::parse("cuc.nguyen").unwrap(),
        name: OfficerName::parse("Cúc").unwrap(),
        role: OfficerRole::Officer,
        sites: Sites::parse(sites.iter().copied()).unwrap(),
        disabled: false,
        second_factor: false,
        created_at: NOW.parse().unwrap(),
    }
}

#[tokio::test]
async fn what_a_counter_does_is_written_down_first() {
    let centre = centre();
    take(&centre, 1, Priority::None).await;
    let (officer, site, counter) = (officer(&[SITE]), SiteCode::parse(SITE).unwrap(), CounterName::parse("2").unwrap());
    let at = AtCounter { officer: &officer, address: None, site: &site, counter: &counter };
    let CalledNext::Ticket(ticket) = centre.queue.next(at).await.unwrap() else { panic!("nobody") };
    assert_eq!(centre.lines.happened(), ["ticket_called by 4", "next at 2"]);
    let id = ticket.id;
    centre.queue.recall(at, id).await.unwrap();
    centre.queue.serve(at, id).await.unwrap();
    centre.queue.hold(at, id).await.unwrap();
    centre.queue.serve(at, id).await.unwrap();
    centre.queue.transfer(at, id, ServiceKey::parse("dat-dai").unwrap(), None).await.unwrap();
    centre.queue.call(at, id).await.unwrap();
    centre.queue.no_show(at, id).await.unwrap();
    centre.queue.back(at, id).await.unwrap();
    centre.queue.call(at, id).await.unwrap();
    centre.queue.finish(at, id).await.unwrap();
    let happened = centre.lines.happened();
    let (written, done): (Vec<_>, Vec<_>) = happened.iter().partition(|word| word.ends_with("by 4"));
    assert_eq!(written.len(), 10);
    assert_eq!(done.len(), 10);
    assert!(happened.chunks(2).all(|two| two[0].ends_with("by 4")), "{happened:?}");
    let view = centre.queue.at_counter(at).await.unwrap();
    assert_eq!((view.changes, view.current), (7, None));
    *centre.lines.broken.lock() = true;
    assert!(matches!(centre.queue.next(at).await, Err(CounterProblem::Store(_))));
    assert!(centre.lines.happened().is_empty(), "without its record nothing is done");
}

#[tokio::test]
async fn a_hall_sees_what_was_called_last_first_over_all_services() {
    let centre = centre();
    for key in 1..=3 {
        take(&centre, key, Priority::None).await;
    }
    let (officer, site) = (officer(&[SITE]), SiteCode::parse(SITE).unwrap());
    let counters = ["1", "2"].map(|name| CounterName::parse(name).unwrap());
    let at = |counter| AtCounter { officer: &officer, address: None, site: &site, counter };
    let hall = async || {
        let rules = centre.queue.rules().site(&site).unwrap();
        let view = centre.queue.hall(rules, centre.world.clock_now()).await.unwrap();
        assert_eq!((view.changes, view.now.waiting()), (7, 1));
        let told = view.called.iter().map(|one| (one.number.to_string(), one.calls, one.served));
        told.collect::<Vec<_>>()
    };
    let CalledNext::Ticket(first) = centre.queue.next(at(&counters[0])).await.unwrap() else { panic!("nobody") };
    centre.world.clock.move_by(Duration::from_secs(5));
    let CalledNext::Ticket(second) = centre.queue.next(at(&counters[1])).await.unwrap() else { panic!("nobody") };
    assert_eq!(hall().await, [("A002".to_owned(), 1, false), ("A001".to_owned(), 1, false)]);
    centre.world.clock.move_by(Duration::from_secs(5));
    centre.queue.recall(at(&counters[0]), first.id).await.unwrap();
    centre.queue.serve(at(&counters[1]), second.id).await.unwrap();
    assert_eq!(hall().await, [("A001".to_owned(), 2, false), ("A002".to_owned(), 1, true)]);
    centre.queue.hold(at(&counters[0]), first.id).await.unwrap();
    assert_eq!(hall().await, [("A002".to_owned(), 1, true)], "what is put aside is not called");
}

#[tokio::test]
async fn officers_work_at_their_own_sites_and_counters_that_are_there() {
    let centre = centre();
    let ticket = take(&centre, 1, Priority::None).await.ticket.id;
    let (officer, other) = (officer(&["000.00.18.H09"]), SiteCode::parse(SITE).unwrap());
    let own = SiteCode::parse("000.00.18.H09").unwrap();
    let (first, ninth) = (CounterName::parse("1").unwrap(), CounterName::parse("9").unwrap());
    let at = |site, counter| AtCounter { officer: &officer, address: None, site, counter };
    assert!(matches!(centre.queue.next(at(&other, &first)).await, Err(CounterProblem::NoSite)));
    assert!(matches!(centre.queue.finish(at(&other, &first), ticket).await, Err(CounterProblem::NoSite)));
    assert!(matches!(centre.queue.at_counter(at(&other, &first)).await, Err(CounterProblem::NoSite)));
    let days = (local_date(centre.world.clock.now()), local_date(centre.world.clock.now()));
    let history = centre.queue.history(&officer, None, &other, days, None, 10).await;
    assert!(matches!(history, Err(CounterProblem::NoSite)));
    assert!(matches!(centre.queue.next(at(&own, &ninth)).await, Err(CounterProblem::NoCounter)));
    // Nobody would ever call it: the second counter does not serve it.
    let (land, second) = (ServiceKey::parse("dat-dai").unwrap(), CounterName::parse("2").unwrap());
    let sent = centre.queue.transfer(at(&own, &first), ticket, land, Some(second)).await;
    assert!(matches!(sent, Err(CounterProblem::NoService)));
    assert!(centre.lines.happened().is_empty(), "nothing of it was done or looked at");
    assert_eq!(centre.queue.sites_of(&officer).len(), 1);
    assert!(centre.queue.history(&officer, None, &own, days, None, 10).await.is_ok());
    assert_eq!(centre.lines.happened(), [format!("{} by 4", acts::TICKETS_READ), "history".to_owned()]);
}
