use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::desk::{
    Action, AtCounterNow, Content, LocalOutcome, NotAccepted, NotYetReply, QueueNowReply, Reconciles, Refusal,
    RefusalKind, Reply, Service, ServiceNow, SiteNow, TicketPlaceReply, TicketReply, TicketWish, ToldLocally,
};
use gateway_core::domain::queue::{
    CounterName, Names, Prefix, Priority, SerialRange, ServiceKey, ServiceRules, SiteCode, SiteRules, Taking, Ticket,
    TicketCode, TicketId, TicketKey, TicketNumber, TicketState, WhyNot,
};
use gateway_core::domain::{Channel, Opening, Sender};
use gateway_core::ports::StoreError;
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};

use crate::support::{api_that_refuses, api_that_says, now};

const SITE: &str = "001.21.31.H09";
const TICKETS: &str = "/api/v1/queue/tickets";
const LOCAL: &str = "/api/v1/queue/tickets/local";
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// The queue, as far as terminals tell it of their own numbers.
#[derive(Default)]
pub(crate) struct Lines {
    told: Mutex<Vec<(SiteCode, Vec<ToldLocally>)>>,
    away: Mutex<bool>,
}

#[async_trait]
impl Reconciles for Lines {
    async fn reconcile(
        &self,
        site: &SiteCode,
        ranges: &[SerialRange],
        told: &[ToldLocally],
        _at: Timestamp,
    ) -> Result<Vec<LocalOutcome>, StoreError> {
        if *self.away.lock().unwrap() {
            return Err(StoreError("away".into()));
        }
        self.told.lock().unwrap().push((site.clone(), told.to_vec()));
        let outcome = |one: &ToldLocally| match one.serial {
            900 => LocalOutcome::Accepted(row(TicketState::Waiting)),
            901 => LocalOutcome::Known(row(TicketState::Called)),
            serial if ranges.iter().any(|range| range.holds(serial)) => {
                LocalOutcome::Accepted(row(TicketState::Waiting))
            }
            902..=999 => LocalOutcome::Refused(one.key, NotAccepted::NotItsRange),
            _ => LocalOutcome::Refused(one.key, NotAccepted::OutOfRange),
        };
        Ok(told.iter().map(outcome).collect())
    }
}

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
        open_on_days_off: false,
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
    let ticket = row(state);
    Reply::TicketPlace(Box::new(TicketPlaceReply { site: site(SITE), ticket, ahead: 3, estimated_minutes: None }))
}

fn row(state: TicketState) -> Ticket {
    Ticket {
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
    }
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

fn taken(known: bool) -> Reply {
    Reply::Ticket(Box::new(TicketReply {
        site: site(SITE),
        service: service("ho-tich", "A", "Hộ tịch"),
        ticket: row(TicketState::Waiting),
        ahead: 4,
        estimated_minutes: Some(12),
        known,
    }))
}

fn wanted() -> Value {
    json!({ "service": "ho-tich", "priority": "elderly", "key": KEY })
}

#[tokio::test]
async fn an_enrolled_terminal_takes_a_number_at_its_own_centre() {
    let api = api_that_says(Ok(taken(false)));
    let terminal = api.hall.terminal();
    let told = terminal.post(&api, TICKETS, wanted()).await;
    assert_eq!((told.status.as_u16(), told.header("cache-control")), (201, "private, no-store"), "{}", told.text);
    let body = told.json();
    for (member, value) in [
        ("ticket", json!("A012")),
        ("service", json!("ho-tich")),
        ("service_name", json!("Hộ tịch")),
        ("priority", json!("none")),
        ("ahead", json!(4)),
        ("estimated_minutes", json!(12)),
        ("day", json!("2026-11-23")),
        ("code", json!("7k3fq2m8w0zd")),
    ] {
        assert_eq!(body[member], value, "{member}");
    }
    let asked = api.asked();
    let sender = Sender::Account(format!("terminal:{}", terminal.id.as_str()).into());
    assert_eq!((asked.channel, asked.sender, asked.address), (Channel::Kiosk, sender, None));
    let wish = TicketWish {
        site: SiteCode::parse(crate::terminals::SITE).unwrap(),
        service: ServiceKey::parse("ho-tich").unwrap(),
        priority: Priority::Elderly,
        key: TicketKey::parse(KEY).unwrap(),
    };
    let wanted_there = Content::Action(Action::TakeTicket { wish: Some(Box::new(wish)) });
    assert!(asked.content == wanted_there, "the site is the terminal's, by its key");
    let again = api_that_says(Ok(taken(true)));
    assert_eq!(again.hall.terminal().post(&again, TICKETS, wanted()).await.status, 201, "the same answer once more");
}

#[tokio::test]
async fn nobody_else_takes_one() {
    let api = api_that_says(Ok(taken(false)));
    for path in [TICKETS, LOCAL] {
        let told = api.post(path, wanted().to_string()).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (401, "signature_missing"));
    }
    let terminal = api.hall.terminal();
    let signed = terminal.signed(&http::Method::POST, TICKETS, &wanted().to_string(), terminal.nonce());
    let other = wanted().to_string().replace("elderly", "none");
    let told = api.send(signed.body(axum::body::Body::from(other)).unwrap()).await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (401, "digest_mismatch"));
    assert!(api.lines.told.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_a_wish_is_refused_and_why_no_number_is_given_is_told() {
    for (member, wrong) in
        [("service", json!("Hộ tịch")), ("priority", json!("vip")), ("key", json!("0123")), ("site", json!(SITE))]
    {
        let api = api_that_says(Ok(taken(false)));
        let mut body = wanted();
        body[member] = wrong;
        let told = api.hall.terminal().post(&api, TICKETS, body).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (422, "invalid_fields"), "{member}");
    }
    for why in WhyNot::ALL {
        let refusal = Refusal { kind: RefusalKind::NoTickets(why), retry_after: Some(Duration::from_secs(5_400)) };
        let api = api_that_says(Err(refusal));
        let told = api.hall.terminal().post(&api, TICKETS, wanted()).await;
        assert_eq!((told.status.as_u16(), told.problem()), (409, format!("queue_{}", why.key())));
        assert_eq!(told.header("retry-after"), "5400", "from when on there are numbers again");
    }
}

fn local(number: u32, key: &str) -> Value {
    json!({
        "service": "ho-tich", "number": number, "priority": "none", "taken_at": "2026-11-23T00:59:00Z", "key": key,
    })
}

#[tokio::test]
async fn what_is_another_terminal_s_is_refused_alone() {
    let mut api = api_that_says(Ok(Reply::Help));
    let sites = json!([{ "site": crate::terminals::SITE, "local_tickets": [
        { "terminal": "Sảnh 1", "from": 910, "to": 949 }, { "terminal": "Sảnh 2", "from": 950, "to": 999 },
    ] }]);
    api.hall.config.sites = serde_json::from_value(sites).unwrap();
    let terminal = api.hall.terminal();
    let keys = ["1", "2", "3"].map(|digit| digit.repeat(32));
    let tickets = json!([local(948, &keys[0]), local(950, &keys[1]), local(949, &keys[2])]);
    let told = terminal.post(&api, LOCAL, json!({ "tickets": tickets })).await;
    assert_eq!(told.status, 200, "{}", told.text);
    let body = told.json();
    assert_eq!(body["accepted"].as_array().unwrap().len(), 2);
    assert_eq!(body["refused"], json!([{ "key": keys[1], "why": "not_its_range" }]));

    // The store is asked which ranges are its own: without it nothing is told of.
    *api.hall.rows.away.lock().unwrap() = true;
    let away = terminal.post(&api, LOCAL, json!({ "tickets": [local(948, &keys[0])] })).await;
    assert_eq!((away.status.as_u16(), away.problem().as_str()), (503, "gave_up"));
}

#[tokio::test]
async fn a_terminal_tells_of_its_own_numbers() {
    let api = api_that_says(Ok(Reply::Help));
    let terminal = api.hall.terminal();
    let keys = ["1", "2", "3"].map(|digit| digit.repeat(32));
    let tickets = json!([local(900, &keys[0]), local(901, &keys[1]), local(7, &keys[2]), local(902, "no key")]);
    let told = terminal.post(&api, LOCAL, json!({ "tickets": tickets })).await;
    assert_eq!(told.status, 200, "{}", told.text);
    let body = told.json();
    assert_eq!(body["accepted"], json!([{ "ticket": "A012", "code": "7k3fq2m8w0zd" }]));
    assert_eq!(body["known"].as_array().unwrap().len(), 1);
    let refused = json!([{ "key": "no key", "why": "unreadable" }, { "key": keys[2], "why": "out_of_range" }]);
    assert_eq!(body["refused"], refused);
    let (site, heard) = api.lines.told.lock().unwrap()[0].clone();
    assert_eq!((site.as_str(), heard.len()), (crate::terminals::SITE, 3));

    for (count, status) in [(50, 200), (51, 422)] {
        let many = vec![local(900, &keys[0]); count];
        let told = terminal.post(&api, LOCAL, json!({ "tickets": many })).await;
        assert_eq!(told.status, status, "{count}: {}", told.text);
    }
    assert_eq!(terminal.post(&api, LOCAL, json!({ "ticket": [] })).await.problem(), "invalid_fields");
    *api.lines.away.lock().unwrap() = true;
    let away = terminal.post(&api, LOCAL, json!({ "tickets": [] })).await;
    assert_eq!((away.status.as_u16(), away.problem().as_str()), (503, "gave_up"));
}
