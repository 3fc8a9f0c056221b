use std::sync::Arc;
use std::time::Duration;

use gateway_core::desk::{
    Action, AtCounterNow, NotYetReply, QueueNowReply, RefusalKind, Reply, Service, ServiceNow, SiteNow,
    TicketPlaceReply,
};
use gateway_core::domain::queue::{
    CounterName, Names, Opening, Prefix, Priority, ServiceKey, ServiceRules, SiteCode, SiteRules, Taking, Ticket,
    TicketCode, TicketId, TicketNumber, TicketState, WhyNot,
};
use jiff::civil::date;
use serde_json::json;

use crate::support::{api_that_refuses, api_that_says, now};

const SITE: &str = "001.21.31.H09";

fn service(key: &str, prefix: &str, name: &str) -> Arc<ServiceRules> {
    Arc::new(ServiceRules {
        key: ServiceKey::parse(key).unwrap(),
        prefix: Prefix::parse(prefix).unwrap(),
        name: Names::new([("vi", name), ("en", "in English")]).unwrap(),
        hours: Vec::new(),
        paused: false,
    })
}

fn site(code: &str) -> Arc<SiteRules> {
    Arc::new(SiteRules {
        code: SiteCode::parse(code).unwrap(),
        name: Names::new([("vi", "Trung tâm")]).unwrap(),
        words: Vec::new(),
        hours: Vec::new(),
        lunch_cut_off: Duration::ZERO,
        closing_cut_off: Duration::ZERO,
        longest: 200,
        local: None,
        services: vec![service("ho-tich", "A", "Hộ tịch"), service("dat-dai", "B", "Đất đai")],
        counters: Vec::new(),
    })
}

fn standing(code: &str) -> SiteNow {
    let serving =
        AtCounterNow { number: TicketNumber::parse("A007").unwrap(), counter: CounterName::parse("2").unwrap() };
    let services = vec![
        ServiceNow {
            service: service("ho-tich", "A", "Hộ tịch"),
            waiting: 4,
            serving: vec![serving],
            estimated_minutes: Some(12),
            taking: Taking::Yes,
        },
        ServiceNow {
            service: service("dat-dai", "B", "Đất đai"),
            waiting: 0,
            serving: Vec::new(),
            estimated_minutes: None,
            taking: Taking::No { why: WhyNot::CutOff, again_at: Some(now()) },
        },
    ];
    let opening = Opening { open: true, closes_at: Some(now()), opens_at: None };
    SiteNow { site: site(code), at: now(), opening, services }
}

fn ticket(state: TicketState) -> Reply {
    let ticket = Ticket {
        id: TicketId(1),
        site: SiteCode::parse(SITE).unwrap(),
        day: date(2026, 11, 23),
        service: ServiceKey::parse("ho-tich").unwrap(),
        number: TicketNumber::parse("A012").unwrap(),
        code: TicketCode::parse("7k3fq2m8w0zd").unwrap(),
        priority: Priority::None,
        state,
        at_service: ServiceKey::parse("ho-tich").unwrap(),
        for_counter: None,
        counter: Some(CounterName::parse("3").unwrap()),
        rank: 0,
        after_call: 0,
        calls: 1,
        returns: 0,
        taken_at: now(),
        called_at: Some(now()),
        recalled_at: Some(now()),
        serving_at: None,
        ended_at: None,
    };
    Reply::TicketPlace(Box::new(TicketPlaceReply { site: site(SITE), ticket, ahead: 3, estimated_minutes: None }))
}

#[tokio::test]
async fn a_centre_tells_who_waits_and_nothing_that_was_not_measured() {
    let api = api_that_says(Ok(Reply::QueueNow(QueueNowReply { sites: vec![standing(SITE)] })));
    let told = api.get(&format!("/api/v1/queue?site={SITE}")).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.header("cache-control"), "private, no-store");
    assert!(api.action() == Action::QueueNow { site: Some(SITE.into()) });
    let body = told.json();
    assert_eq!((&body["site"], &body["open"]), (&json!(SITE), &json!(true)));
    assert_eq!(body["services"][0]["serving"], json!([{ "ticket": "A007", "counter": "2" }]));
    assert_eq!(body["services"][0]["name"], "Hộ tịch");
    assert_eq!(body["services"][0]["estimated_minutes"], 12);
    let closed = &body["services"][1];
    assert_eq!((&closed["taking"], &closed["why_not"]), (&json!(false), &json!("cut_off")));
    assert_eq!(closed["takes_again_at"], "2026-11-23T01:00:00Z");
    assert!(closed.get("estimated_minutes").is_none(), "nobody can tell: nothing is there");
}

#[tokio::test]
async fn which_centre_is_meant_must_be_said_where_there_are_several() {
    let two = || Reply::QueueNow(QueueNowReply { sites: vec![standing(SITE), standing("000.00.17.H09")] });
    let told = api_that_says(Ok(two())).get("/api/v1/queue").await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (400, "invalid_query"));
    let named = api_that_says(Ok(two())).get("/api/v1/queue?site=000.00.17.h09").await;
    assert_eq!(named.json()["site"], "000.00.17.H09");
    for unknown in ["site=000.00.99.H09", "site=", "site=%C4%91"] {
        let told = api_that_says(Ok(two())).get(&format!("/api/v1/queue?{unknown}")).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (404, "queue_unknown"), "{unknown}");
    }
    let strange = api_that_says(Ok(two())).get("/api/v1/queue?place=1").await;
    assert_eq!(strange.problem(), "invalid_query");
    let none = NotYetReply { service: Service::Queue, hotline: None, officers: false };
    let told = api_that_says(Ok(Reply::NotYet(none))).get("/api/v1/queue").await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (404, "queue_unknown"));
}

#[tokio::test]
async fn a_number_is_found_by_its_code() {
    let api = api_that_says(Ok(ticket(TicketState::Called)));
    let told = api.get("/api/v1/queue/tickets/7K3FQ2M8WOZD").await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.header("cache-control"), "private, no-store");
    let code = TicketCode::parse("7k3fq2m8w0zd").unwrap();
    assert!(api.action() == Action::TicketPlace { code }, "read as people read it off paper");
    let body = told.json();
    assert_eq!((&body["ticket"], &body["state"], &body["counter"]), (&json!("A012"), &json!("called"), &json!("3")));
    assert!(body["text"].as_str().unwrap().contains("A012"));
    // A number that waits again (sent on, or back) is at no counter.
    let told = api_that_says(Ok(ticket(TicketState::Waiting))).get("/api/v1/queue/tickets/7k3fq2m8w0zd").await;
    assert!(told.json().get("counter").is_none());
    assert_eq!(told.json()["ahead"], 3);
}

#[tokio::test]
async fn what_is_no_code_or_unknown_is_not_found() {
    for wrong in ["A012", "7k3fq2m8w0zdd", "%FF", "7k3fq2m8w0z%20"] {
        let told = api_that_says(Ok(ticket(TicketState::Waiting))).get(&format!("/api/v1/queue/tickets/{wrong}")).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (404, "queue_unknown"), "{wrong}");
    }
    let told = api_that_refuses(RefusalKind::QueueUnknown).get("/api/v1/queue/tickets/7k3fq2m8w0zd").await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (404, "queue_unknown"));
    for why in WhyNot::ALL {
        let told = api_that_refuses(RefusalKind::NoTickets(why)).get("/api/v1/queue").await;
        assert_eq!((told.status.as_u16(), told.problem()), (409, format!("queue_{}", why.key())));
    }
}
