//! Numbers without gap or double, and calls that never meet.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use gateway_core::domain::queue::{
    CounterName, Line, MoveTerms, NotMoved, Prefix, Priority, ServiceKey, SiteCode, Ticket, TicketCode, TicketId,
    TicketKey, TicketMove, TicketState,
};
use gateway_core::ports::{CalledNext, Clock, CounterAct, LocalTicket, NewTicket, NextCall, Queue, Reconciled, Taken};
use gateway_store::{Queues, Swept};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

const DAY: Date = date(2026, 11, 27);

fn site(of: u8) -> SiteCode {
    SiteCode::parse(&format!("000.00.{of:02}.H09")).unwrap()
}

fn service(key: &str) -> ServiceKey {
    ServiceKey::parse(key).unwrap()
}

fn counter(name: &str) -> CounterName {
    CounterName::parse(name).unwrap()
}

/// The `n`th wish of a story.
fn wish(world: &World, n: u32, key: &str, priority: Priority) -> NewTicket {
    let prefix = if key == "ho-tich" { "A" } else { "B" };
    NewTicket {
        site: site(17),
        day: DAY,
        service: service(key),
        prefix: Prefix::parse(prefix).unwrap(),
        priority,
        key: TicketKey(u128::from(n).to_be_bytes()),
        code: TicketCode::parse(&format!("{n:012}")).unwrap(),
        at: world.clock.now() + SignedDuration::from_millis(i64::from(n)),
        longest: 5_000,
        local: None,
    }
}

async fn take(world: &World, queue: &Queues, n: u32, priority: Priority) -> Ticket {
    match queue.take(wish(world, n, "ho-tich", priority)).await.unwrap() {
        Taken::New(ticket, _) => ticket,
        other => panic!("{other:?}"),
    }
}

fn call(world: &World, name: &str, services: &[&str]) -> NextCall {
    NextCall {
        site: site(17),
        day: DAY,
        counter: counter(name),
        services: services.iter().map(|key| service(key)).collect(),
        priority_run: 2,
        at: world.clock.now(),
    }
}

fn act(world: &World, name: &str, ticket: TicketId, to: TicketMove) -> CounterAct {
    CounterAct {
        site: site(17),
        day: DAY,
        counter: counter(name),
        ticket,
        to,
        terms: MoveTerms { service_calls: 0, after_no_show: 2, most_returns: 1 },
        at: world.clock.now(),
    }
}

/// Calls the next of civil status and is done with it.
async fn served(world: &World, queue: &Queues) -> Option<String> {
    match queue.next(call(world, "1", &["ho-tich"])).await.unwrap() {
        CalledNext::Ticket(ticket) => {
            queue.act(act(world, "1", ticket.id, TicketMove::Finish)).await.unwrap().unwrap();
            Some(ticket.number.to_string())
        }
        CalledNext::Nobody => None,
        CalledNext::Busy(ticket) => panic!("{ticket:?}"),
    }
}

pub(crate) async fn of_a_thousand_takers_on_two_nodes_each_has_its_own_number(world: Arc<World>) {
    let nodes = [world.store.start_queues(), world.another_node().await.start_queues()];
    let takers = (0..50_u32).map(|terminal| {
        let (world, node) = (&world, &nodes[terminal as usize % 2]);
        async move {
            let mut taken = Vec::new();
            for round in 0..20_u32 {
                let n = terminal * 20 + round;
                let key = if n.is_multiple_of(3) { "dat-dai" } else { "ho-tich" };
                match node.take(wish(world, n, key, Priority::None)).await.unwrap() {
                    Taken::New(ticket, _) => taken.push(ticket),
                    other => panic!("{other:?}"),
                }
            }
            taken
        }
    });
    let all: Vec<Ticket> = join_all(takers).await.into_iter().flatten().collect();
    for key in ["ho-tich", "dat-dai"] {
        let of_service = all.iter().filter(|ticket| ticket.service == service(key));
        let serials: BTreeSet<u32> = of_service.clone().map(|ticket| ticket.number.serial).collect();
        let count = u32::try_from(of_service.count()).unwrap();
        assert_eq!(serials, (1..=count).collect(), "{key}: no gap and no double");
    }
    let ids: BTreeSet<TicketId> = all.iter().map(|ticket| ticket.id).collect();
    assert_eq!(ids.len(), 1_000);
    // What they were told is what is on disk.
    for ticket in all.iter().take(50) {
        assert_eq!(nodes[0].ticket(&ticket.code).await.unwrap().as_ref(), Some(ticket));
    }
}

pub(crate) async fn the_same_key_is_the_same_number(world: Arc<World>) {
    let nodes = [world.store.start_queues(), world.another_node().await.start_queues()];
    // Twenty at once, on two nodes, each with a code of its own.
    let tries = (0..20_u32).map(|n| {
        let again = NewTicket {
            code: TicketCode::parse(&format!("{:012}", 100 + n)).unwrap(),
            ..wish(&world, 1, "ho-tich", Priority::None)
        };
        nodes[n as usize % 2].take(again)
    });
    let taken: Vec<Taken> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    let new = taken.iter().filter(|taken| matches!(taken, Taken::New(..))).count();
    let numbers: BTreeSet<(TicketId, String)> = taken
        .iter()
        .map(|taken| match taken {
            Taken::New(ticket, _) | Taken::Known(ticket) => (ticket.id, ticket.number.to_string()),
            Taken::Full => panic!("full"),
        })
        .collect();
    assert_eq!((new, numbers.len()), (1, 1), "{numbers:?}");
    assert_eq!(take(&world, &nodes[0], 2, Priority::None).await.number.to_string(), "A002", "no number was lost");
    // Another site, or another day, is another number.
    for other in [
        NewTicket { site: site(18), ..wish(&world, 1, "ho-tich", Priority::None) },
        NewTicket { day: DAY.tomorrow().unwrap(), ..wish(&world, 1, "ho-tich", Priority::None) },
    ] {
        let code = if other.site == site(18) { "000000000777" } else { "000000000778" };
        let code = TicketCode::parse(code).unwrap();
        let Taken::New(ticket, _) = nodes[1].take(NewTicket { code, ..other }).await.unwrap() else { panic!("known") };
        assert_eq!(ticket.number.to_string(), "A001", "numbers begin anew");
    }
}

pub(crate) async fn a_full_line_takes_nobody_and_terminals_numbers_are_passed_over(world: Arc<World>) {
    let queue = world.store.start_queues();
    let wanted = |n, longest, local| NewTicket { longest, local, ..wish(&world, n, "ho-tich", Priority::None) };
    let mut numbers = Vec::new();
    let mut lines = Vec::new();
    for n in 1..=4 {
        let Taken::New(ticket, line) = queue.take(wanted(n, 4, Some((3, 9)))).await.unwrap() else { panic!("full") };
        numbers.push(ticket.number.to_string());
        lines.push(line.before);
    }
    assert_eq!(numbers, ["A001", "A002", "A010", "A011"]);
    assert_eq!(lines, [0, 1, 2, 3]);
    assert_eq!(queue.take(wanted(5, 4, Some((3, 9)))).await.unwrap(), Taken::Full);
    let Taken::New(ticket, line) = queue.take(wanted(5, 5, Some((3, 9)))).await.unwrap() else { panic!("full") };
    assert_eq!((ticket.number.to_string().as_str(), line.waiting()), ("A012", 4), "who was refused cost no number");
}

pub(crate) async fn of_ten_counters_that_press_next_at_once_each_gets_another(world: Arc<World>) {
    let nodes = [world.store.start_queues(), world.another_node().await.start_queues()];
    for n in 1..=40 {
        take(&world, &nodes[0], n, Priority::None).await;
    }
    let mut called = BTreeSet::new();
    for _ in 0..4 {
        let presses = (0..10_usize).map(|n| nodes[n % 2].next(call(&world, &n.to_string(), &["ho-tich"])));
        let mut this_time = Vec::new();
        for (n, got) in join_all(presses).await.into_iter().enumerate() {
            let CalledNext::Ticket(ticket) = got.unwrap() else { panic!("nobody for {n}") };
            assert_eq!(ticket.counter, Some(counter(&n.to_string())));
            this_time.push((n, ticket));
        }
        for (n, ticket) in this_time {
            assert!(called.insert(ticket.number.serial), "{} was called twice", ticket.number);
            let done = nodes[n % 2].act(act(&world, &n.to_string(), ticket.id, TicketMove::Finish)).await.unwrap();
            assert_eq!(done.unwrap().state, TicketState::Finished);
        }
    }
    assert_eq!(called, (1..=40).collect());
    assert_eq!(nodes[0].next(call(&world, "1", &["ho-tich"])).await.unwrap(), CalledNext::Nobody);
}

pub(crate) async fn a_counter_has_one_ticket_at_a_time(world: Arc<World>) {
    let queue = world.store.start_queues();
    let (first, second) =
        (take(&world, &queue, 1, Priority::None).await, take(&world, &queue, 2, Priority::None).await);
    let called = queue.next(call(&world, "1", &["ho-tich"])).await.unwrap();
    let CalledNext::Ticket(ticket) = &called else { panic!("{called:?}") };
    assert_eq!(ticket.id, first.id);
    // Pressed twice: it is told which one it has.
    assert_eq!(queue.next(call(&world, "1", &["ho-tich"])).await.unwrap(), CalledNext::Busy(ticket.clone()));
    let busy = queue.act(act(&world, "1", second.id, TicketMove::Call)).await.unwrap();
    assert_eq!(busy, Err(NotMoved::CounterBusy));
    assert_eq!(queue.act(act(&world, "2", first.id, TicketMove::Finish)).await.unwrap(), Err(NotMoved::ElsewhereNow));
    assert_eq!(queue.act(act(&world, "1", TicketId(999), TicketMove::Finish)).await.unwrap(), Err(NotMoved::Gone));
    let other_site = CounterAct { site: site(18), ..act(&world, "1", first.id, TicketMove::Finish) };
    assert_eq!(queue.act(other_site).await.unwrap(), Err(NotMoved::Gone), "what is not this site's is not there");
    // Put aside, it takes the counter up no more, and comes back only to a free one.
    queue.act(act(&world, "1", first.id, TicketMove::Hold)).await.unwrap().unwrap();
    let CalledNext::Ticket(next) = queue.next(call(&world, "1", &["ho-tich"])).await.unwrap() else { panic!("busy") };
    assert_eq!(next.id, second.id);
    let back = queue.act(act(&world, "1", first.id, TicketMove::Serve)).await.unwrap();
    assert_eq!(back, Err(NotMoved::CounterBusy));
    queue.act(act(&world, "1", second.id, TicketMove::Finish)).await.unwrap().unwrap();
    let again = queue.act(act(&world, "1", second.id, TicketMove::Finish)).await.unwrap();
    assert_eq!(again, Err(NotMoved::NotFrom(TicketState::Finished)), "pressed twice");
    assert!(queue.act(act(&world, "1", first.id, TicketMove::Serve)).await.unwrap().is_ok());
}

pub(crate) async fn priority_goes_first_and_nobody_waits_for_ever(world: Arc<World>) {
    let queue = world.store.start_queues();
    for n in 1..=3 {
        take(&world, &queue, n, Priority::None).await;
    }
    for n in 4..=8 {
        take(&world, &queue, n, Priority::Elderly).await;
    }
    let mut order = Vec::new();
    while let Some(number) = served(&world, &queue).await {
        order.push(number);
    }
    assert_eq!(order, ["A004", "A005", "A001", "A006", "A007", "A002", "A008", "A003"]);
}

pub(crate) async fn who_comes_back_late_is_called_after_some_others(world: Arc<World>) {
    let queue = world.store.start_queues();
    let first = take(&world, &queue, 1, Priority::Disabled).await;
    let CalledNext::Ticket(called) = queue.next(call(&world, "1", &["ho-tich"])).await.unwrap() else {
        panic!("nobody")
    };
    assert_eq!(called.id, first.id);
    for n in 2..=4 {
        take(&world, &queue, n, Priority::None).await;
    }
    queue.act(act(&world, "1", first.id, TicketMove::NoShow)).await.unwrap().unwrap();
    let back = queue.act(act(&world, "2", first.id, TicketMove::Back)).await.unwrap().unwrap();
    let line = queue.line_before(&back).await.unwrap();
    assert_eq!(line, Line { favoured: 1, ordinary: 3, before: 2 });
    let mut order = Vec::new();
    while let Some(number) = served(&world, &queue).await {
        order.push(number);
    }
    assert_eq!(order, ["A002", "A003", "A001", "A004"], "after two others, then at once");
    // Where nobody else waits, nobody is made to wait.
    let alone = take(&world, &queue, 5, Priority::None).await;
    queue.next(call(&world, "1", &["ho-tich"])).await.unwrap();
    queue.act(act(&world, "1", alone.id, TicketMove::NoShow)).await.unwrap().unwrap();
    queue.act(act(&world, "1", alone.id, TicketMove::Back)).await.unwrap().unwrap();
    assert!(
        matches!(queue.next(call(&world, "1", &["ho-tich"])).await.unwrap(), CalledNext::Ticket(ticket) if ticket.id == alone.id)
    );
    queue.act(act(&world, "1", alone.id, TicketMove::NoShow)).await.unwrap().unwrap();
    let again = queue.act(act(&world, "1", alone.id, TicketMove::Back)).await.unwrap();
    assert_eq!(again, Err(NotMoved::TooOften));
}

pub(crate) async fn what_is_sent_on_waits_there_by_its_own_time(world: Arc<World>) {
    let queue = world.store.start_queues();
    let first = take(&world, &queue, 1, Priority::None).await;
    for n in 2..=3 {
        queue.take(wish(&world, n, "dat-dai", Priority::None)).await.unwrap();
    }
    queue.next(call(&world, "1", &["ho-tich"])).await.unwrap();
    let to = TicketMove::Transfer { service: service("dat-dai"), counter: Some(counter("7")) };
    queue.act(act(&world, "1", first.id, to)).await.unwrap().unwrap();
    // Another counter passes it over; the one that it was sent to calls it first.
    let CalledNext::Ticket(other) = queue.next(call(&world, "8", &["dat-dai"])).await.unwrap() else {
        panic!("nobody")
    };
    assert_eq!(other.number.to_string(), "B001");
    let seven = queue.next(call(&world, "7", &["ho-tich", "dat-dai"])).await.unwrap();
    let CalledNext::Ticket(sent) = seven else { panic!("nobody") };
    assert_eq!((sent.number.to_string().as_str(), sent.at_service), ("A001", service("dat-dai")));
    let loads = queue.load(&site(17), DAY).await.unwrap();
    assert_eq!(loads.len(), 1);
    assert_eq!((loads[0].line.waiting(), loads[0].at_counters.len()), (1, 2));
}

pub(crate) async fn how_a_site_stands_is_read(world: Arc<World>) {
    let queue = world.store.start_queues();
    assert_eq!(queue.changes(&site(17)).await.unwrap(), 0);
    let first = take(&world, &queue, 1, Priority::None).await;
    let second = take(&world, &queue, 2, Priority::Merit).await;
    let before = queue.changes(&site(17)).await.unwrap();
    assert_eq!(queue.line_before(&first).await.unwrap(), Line { favoured: 1, ordinary: 1, before: 0 });
    queue.next(call(&world, "1", &["ho-tich"])).await.unwrap();
    assert!(queue.changes(&site(17)).await.unwrap() > before && queue.changes(&site(18)).await.unwrap() == 0);
    let changed = queue.changes(&site(17)).await.unwrap();
    queue.next(call(&world, "1", &["ho-tich"])).await.unwrap();
    assert_eq!(queue.changes(&site(17)).await.unwrap(), changed, "what came to nothing changed nothing");
    world.clock.advance(Duration::from_secs(60));
    queue.act(act(&world, "1", second.id, TicketMove::Serve)).await.unwrap().unwrap();
    world.clock.advance(Duration::from_secs(240));
    queue.act(act(&world, "1", second.id, TicketMove::Finish)).await.unwrap().unwrap();
    let times = queue.service_times(&site(17), &service("ho-tich"), 20).await.unwrap();
    assert_eq!(times, [Duration::from_secs(240)], "from when somebody came");
    let seen = queue.counters(&site(17), DAY).await.unwrap();
    assert_eq!((seen.len(), seen[0].at), (1, world.clock.now()));
    let open = queue.open_tickets(&site(17), DAY, 10).await.unwrap();
    assert_eq!(open.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [first.id]);
    assert_eq!(queue.ticket(&TicketCode::parse("zzzzzzzzzzzz").unwrap()).await.unwrap(), None);
}

pub(crate) async fn a_restart_loses_no_ticket(world: Arc<World>) {
    let queue = world.store.start_queues();
    for n in 1..=3 {
        take(&world, &queue, n, Priority::None).await;
    }
    let CalledNext::Ticket(called) = queue.next(call(&world, "1", &["ho-tich"])).await.unwrap() else {
        panic!("nobody")
    };
    queue.close().await;
    assert!(queue.take(wish(&world, 9, "ho-tich", Priority::None)).await.is_err(), "a closed one takes nobody");
    drop(queue);
    let again = world.another_node().await.start_queues();
    assert_eq!(again.next(call(&world, "1", &["ho-tich"])).await.unwrap(), CalledNext::Busy(called));
    assert_eq!(again.load(&site(17), DAY).await.unwrap()[0].line.waiting(), 2);
    assert_eq!(take(&world, &again, 4, Priority::None).await.number.to_string(), "A004");
}

pub(crate) async fn terminals_own_numbers_stand_in_the_line_once(world: Arc<World>) {
    let queue = world.store.start_queues();
    let served_here = take(&world, &queue, 50, Priority::None).await;
    let local = |n: u32, serial: u32| LocalTicket { wanted: wish(&world, n, "ho-tich", Priority::None), serial };
    let told = vec![local(1, 900), local(2, 901)];
    let done = queue.reconcile(told.clone()).await.unwrap();
    assert!(done.iter().all(|one| matches!(one, Reconciled::Accepted(_))), "{done:?}");
    let again = queue.reconcile(told).await.unwrap();
    assert!(again.iter().all(|one| matches!(one, Reconciled::Known(_))), "told twice: {again:?}");
    let clash = queue.reconcile(vec![local(3, 901), local(4, 902)]).await.unwrap();
    assert!(matches!(&clash[..], [Reconciled::NumberTaken, Reconciled::Accepted(_)]), "{clash:?}");
    assert_eq!(queue.reconcile(Vec::new()).await.unwrap(), []);
    let mut order = Vec::new();
    while let Some(number) = served(&world, &queue).await {
        order.push(number);
    }
    assert_eq!(order, ["A900", "A901", "A902", &served_here.number.to_string()], "by the time they were given");
}

pub(crate) async fn a_day_ends_and_what_is_old_is_swept(world: Arc<World>) {
    let queue = world.store.start_queues();
    let (gone, left) = (take(&world, &queue, 1, Priority::None).await, take(&world, &queue, 2, Priority::None).await);
    queue.next(call(&world, "1", &["ho-tich"])).await.unwrap();
    queue.act(act(&world, "1", gone.id, TicketMove::NoShow)).await.unwrap().unwrap();
    let tomorrow = DAY.tomorrow().unwrap();
    assert_eq!(queue.end_days(DAY, world.clock.now()).await.unwrap(), 0, "today goes on");
    assert_eq!(queue.end_days(tomorrow, world.clock.now()).await.unwrap(), 1);
    assert_eq!(queue.end_days(tomorrow, world.clock.now()).await.unwrap(), 0);
    let ended = queue.ticket(&left.code).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.ended_at), (TicketState::Left, Some(world.clock.now())));
    assert_eq!(queue.ticket(&gone.code).await.unwrap().unwrap().state, TicketState::NoShow);
    let history = queue.history(&site(17), (DAY, tomorrow), None, 10).await.unwrap();
    assert_eq!(history.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [gone.id, left.id]);
    let rest = queue.history(&site(17), (DAY, tomorrow), Some(gone.id), 10).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(queue.history(&site(17), (tomorrow, tomorrow), None, 10).await.unwrap(), []);
    let days = |days: i64| -> Timestamp {
        "2026-11-27T05:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * days)
    };
    assert_eq!(world.store.sweep(days(730)).await.unwrap(), Swept::default());
    // Two tickets, the counts of one service, one counter.
    assert_eq!(world.store.sweep(days(731)).await.unwrap(), Swept { queue: 4, ..Swept::default() });
}

pub(crate) async fn whoever_listens_hears_of_the_own_site(world: Arc<World>) {
    let queue = Arc::new(world.store.start_queues());
    let mut ours = queue.listen(&site(17));
    let (heard, other) = (queue.changes(&site(17)).await.unwrap(), queue.listen(&site(18)));
    take(&world, &queue, 1, Priority::None).await;
    // The clock stands: only the bell ends the wait.
    ours.wait().await;
    assert!(queue.changes(&site(17)).await.unwrap() > heard);
    drop(other);
}

pub(crate) async fn one_wish_that_can_never_be_written_fails_alone(world: Arc<World>) {
    let queue = world.store.start_queues();
    let first = take(&world, &queue, 1, Priority::None).await;
    // The same code by a hand that meddles: no two tickets have one.
    let mut spoiled = wish(&world, 2, "ho-tich", Priority::None);
    spoiled.code = first.code.clone();
    let (bad, good) = tokio::join!(queue.take(spoiled), queue.take(wish(&world, 3, "ho-tich", Priority::None)));
    assert!(bad.is_err());
    let Ok(Taken::New(ticket, _)) = good else { panic!("{good:?}") };
    assert_eq!(ticket.number.to_string(), "A002", "and costs no number");
}

pub(crate) async fn while_the_file_is_locked_nobody_hangs(world: Arc<World>) {
    let queue = world.store.start_queues();
    let mut other = world.sqlite().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let failed = queue.take(wish(&world, 1, "ho-tich", Priority::None)).await;
    assert!(failed.is_err());
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(take(&world, &queue, 1, Priority::None).await.number.to_string(), "A001", "asked again, it is given");
}
