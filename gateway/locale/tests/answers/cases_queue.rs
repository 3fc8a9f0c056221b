//! Queues: how they stand, a number, its place, and where one is taken.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::desk::{
    AtCounterNow, QueueNowReply, Refusal, RefusalKind, Reply, ServiceNow, SiteNow, TicketPlaceReply, TicketReply,
    WhereTicketsReply,
};
use gateway_core::domain::Opening;
use gateway_core::domain::queue::{
    CounterName, Names, Prefix, Priority, ServiceKey, ServiceRules, SiteCode, SiteRules, Taking, Ticket, TicketCode,
    TicketId, TicketNumber, TicketState, WhyNot,
};
use jiff::civil::date;

use super::at;

pub(super) fn add_all(add: &mut impl FnMut(&str, Result<Reply, Refusal>)) {
    for (name, opening, services) in [
        ("busy", open(), busy()),
        ("empty", open(), vec![service_now("A", 0, None, Taking::Yes)]),
        ("no numbers", open(), WhyNot::ALL.map(|why| service_now("B", 3, None, no(why))).to_vec()),
        ("closed, people still wait", closed(), vec![service_now("A", 2, Some(5), no(WhyNot::Closed))]),
        ("closed", closed(), vec![service_now("A", 0, None, no(WhyNot::Closed))]),
        ("closed for good", Opening { opens_at: None, ..closed() }, Vec::new()),
    ] {
        let sites = vec![SiteNow { site: site(), at: moment(), opening, services }];
        add(&format!("queue, {name}"), Ok(Reply::QueueNow(QueueNowReply { sites })));
    }
    let many = |_| SiteNow { site: site(), at: moment(), opening: open(), services: busy() };
    add("queue, five centres", Ok(Reply::QueueNow(QueueNowReply { sites: (0..5).map(many).collect() })));
    for (name, ahead, estimated_minutes) in
        [("next", 0, None), ("one before", 1, Some(1)), ("many before", 12, Some(40))]
    {
        let reply = TicketReply {
            site: site(),
            service: service("A"),
            ticket: ticket(TicketState::Waiting),
            ahead,
            estimated_minutes,
            known: false,
        };
        add(&format!("ticket, {name}"), Ok(Reply::Ticket(Box::new(reply))));
    }
    let called = TicketReply {
        site: site(),
        service: service("A"),
        ticket: ticket(TicketState::Called),
        ahead: 0,
        estimated_minutes: None,
        known: true,
    };
    add("ticket, asked again when it was called", Ok(Reply::Ticket(Box::new(called))));
    for state in TicketState::ALL {
        let reply = TicketPlaceReply { site: site(), ticket: ticket(state), ahead: 4, estimated_minutes: Some(16) };
        add(&format!("ticket place, {}", state.key()), Ok(Reply::TicketPlace(Box::new(reply))));
    }
    let hotline = Some("0274.1022".into());
    let sites = vec![(site(), open()), (site(), closed())];
    add("where tickets are", Ok(Reply::WhereTickets(WhereTicketsReply { sites, hotline })));
    for kind in [RefusalKind::QueueUnknown].into_iter().chain(WhyNot::ALL.map(RefusalKind::NoTickets)) {
        let name = format!("refused, {}", kind.code());
        add(&name, Err(Refusal { kind, retry_after: Some(Duration::from_secs(5_400)) }));
    }
}

fn moment() -> jiff::Timestamp {
    at("2026-11-27T09:00:00")
}

fn open() -> Opening {
    Opening { open: true, closes_at: Some(at("2026-11-27T11:30:00")), opens_at: None }
}

fn closed() -> Opening {
    Opening { open: false, closes_at: None, opens_at: Some(at("2026-11-30T07:00:00")) }
}

const fn no(why: WhyNot) -> Taking {
    Taking::No { why, again_at: None }
}

fn busy() -> Vec<ServiceNow> {
    let serving = AtCounterNow { number: number(7), counter: CounterName::parse("2").unwrap() };
    let first = service_now("A", 12, Some(35), Taking::Yes);
    vec![ServiceNow { serving: vec![serving], ..first }, service_now("B", 1, Some(1), Taking::Yes)]
}

fn service_now(prefix: &str, waiting: u32, estimated_minutes: Option<u32>, taking: Taking) -> ServiceNow {
    ServiceNow { service: service(prefix), waiting, serving: Vec::new(), estimated_minutes, taking }
}

fn service(prefix: &str) -> Arc<ServiceRules> {
    let (key, vi, en) =
        if prefix == "A" { ("ho-tich", "Hộ tịch", "Civil status") } else { ("dat-dai", "Đất đai", "Land") };
    Arc::new(ServiceRules {
        key: ServiceKey::parse(key).unwrap(),
        prefix: Prefix::parse(prefix).unwrap(),
        name: Names::new([("vi", vi), ("en", en)]).unwrap(),
        hours: Vec::new(),
        paused: false,
    })
}

fn site() -> Arc<SiteRules> {
    Arc::new(SiteRules {
        code: SiteCode::parse("001.21.31.H09").unwrap(),
        name: Names::new([("vi", "Trung tâm hành chính công Thủ Dầu Một"), ("en", "Thủ Dầu Một service centre")])
            .unwrap(),
        words: Vec::new(),
        hours: Vec::new(),
        open_on_days_off: false,
        lunch_cut_off: Duration::ZERO,
        closing_cut_off: Duration::ZERO,
        longest: 200,
        local: None,
        services: vec![service("A"), service("B")],
        counters: Vec::new(),
    })
}

fn number(serial: u32) -> TicketNumber {
    TicketNumber::new(Prefix::parse("A").unwrap(), serial).unwrap()
}

fn ticket(state: TicketState) -> Ticket {
    let waits = state == TicketState::Waiting;
    Ticket {
        id: TicketId(1),
        site: site().code.clone(),
        day: date(2026, 11, 27),
        service: service("A").key.clone(),
        number: number(12),
        code: TicketCode::parse("7k3fq2m8w0zd").unwrap(),
        priority: Priority::None,
        state,
        at_service: service("A").key.clone(),
        for_counter: None,
        counter: (!waits).then(|| CounterName::parse("3").unwrap()),
        rank: 0,
        after_call: 0,
        calls: 0,
        returns: 0,
        taken_at: moment(),
        called_at: None,
        recalled_at: None,
        serving_at: None,
        ended_at: None,
    }
}
