//! Citizens, offices and robots before the limits, with time moved by hand.
#![expect(clippy::unwrap_used, reason = "the whole target is tests; the lint spares only #[test] functions")]

mod support;

use std::time::Duration;

use gateway_core::domain::Sender;
use gateway_core::ports::{LimitKeys, LimitedAction, Limiter};
use gateway_limits::{ActionRates, Limits, LimitsConfig, Rate};
use jiff::{SignedDuration, Timestamp, ToSpan};
use support::{account, address, device, morning, number, phone};

fn limits(change: impl FnOnce(&mut LimitsConfig)) -> Limits {
    let mut config = LimitsConfig::default();
    change(&mut config);
    Limits::new(&config).unwrap()
}

fn only(sender: &Sender) -> LimitKeys<'_> {
    LimitKeys { sender, device: None, address: None }
}

fn same(per_minute: u32, burst: u32) -> ActionRates {
    let rate = Rate { per_minute, burst };
    ActionRates { sender: rate, device: rate, address: rate }
}

#[test]
fn a_citizen_may_ask_a_burst_and_then_at_a_rate() {
    let limits = limits(|config| config.track_dossier = same(30, 5));
    let (citizen, now) = (phone(1), morning());
    for left in (0..5).rev() {
        let admission = limits.admit(only(&citizen), LimitedAction::TrackDossier, now).unwrap();
        assert_eq!(admission.remaining, Some(left));
        assert_eq!(admission.delay, Duration::ZERO);
    }
    let refused = limits.admit(only(&citizen), LimitedAction::TrackDossier, now).unwrap_err();
    assert_eq!(refused.retry_after, Duration::from_secs(2));
    assert_eq!(refused.action, LimitedAction::TrackDossier);

    let early = now + 1_999.milliseconds();
    assert!(limits.admit(only(&citizen), LimitedAction::TrackDossier, early).is_err());
    assert!(limits.admit(only(&citizen), LimitedAction::TrackDossier, now + 2.seconds()).is_ok());
    assert!(limits.admit(only(&phone(2)), LimitedAction::TrackDossier, now).is_ok(), "somebody else");
    assert!(limits.admit(only(&citizen), LimitedAction::Procedures, now).is_ok(), "another action");
}

#[test]
fn one_at_the_limit_takes_nothing_from_the_neighbours() {
    let limits = limits(|config| {
        config.any = same(60, 10);
        config.any.sender.burst = 3;
    });
    let (home, now) = (address("203.0.113.9"), morning());
    let ask = |sender: &Sender| {
        limits.admit(LimitKeys { sender, device: None, address: Some(home) }, LimitedAction::Any, now)
    };
    let (robot, neighbour) = (account("robot"), account("neighbour"));
    for _ in 0..3 {
        ask(&robot).unwrap();
    }
    for _ in 0..1_000 {
        ask(&robot).unwrap_err();
    }
    // Ten for the address, three of them spent.
    assert_eq!(ask(&neighbour).unwrap().remaining, Some(2));
    assert_eq!(limits.len(now), 3);
}

#[test]
fn a_refused_request_costs_nobody_a_token() {
    let limits = limits(|config| {
        config.any = same(60, 5);
        config.any.address.burst = 1;
    });
    let (exchange, now) = (address("203.0.113.9"), morning());
    let (citizen, phone_of_hers) = (account("citizen"), device("her-own-phone"));
    let keys = LimitKeys { sender: &citizen, device: Some(&phone_of_hers), address: Some(exchange) };
    assert!(limits.admit(keys, LimitedAction::Any, now).is_ok());
    for _ in 0..100 {
        assert!(limits.admit(keys, LimitedAction::Any, now).is_err(), "the address is used up");
    }
    let elsewhere = LimitKeys { address: None, ..keys };
    let left = limits.admit(elsewhere, LimitedAction::Any, now).unwrap().remaining;
    assert_eq!(left, Some(3), "one was spent at the exchange, one now");
}

#[test]
fn a_device_only_tightens() {
    let limits = limits(|config| {
        config.any = same(60, 10);
        config.any.device.burst = 2;
    });
    let (citizen, now) = (account("citizen"), morning());
    let with = |id: &str| {
        let device = device(id);
        limits.admit(LimitKeys { sender: &citizen, device: Some(&device), address: None }, LimitedAction::Any, now)
    };
    assert!(with("device-one").is_ok() && with("device-one").is_ok());
    assert!(with("device-one").is_err());
    // A new id each time helps no further than the sender's own limit.
    let more = (0..100).filter(|n| with(&format!("device-number-{n}")).is_ok()).count();
    assert_eq!(more, 8);
}

#[test]
fn nobody_in_particular_is_counted_as_the_address() {
    let limits = limits(|config| {
        config.any = same(60, 1);
        config.any.address.burst = 7;
    });
    let net = address("2001:db8:1:2::9");
    let anonymous = Sender::Address(net);
    let now = morning();
    let direct = LimitKeys { sender: &anonymous, device: None, address: Some(net) };
    assert_eq!(limits.admit(direct, LimitedAction::Any, now).unwrap().remaining, Some(6));
    assert_eq!(limits.admit(only(&anonymous), LimitedAction::Any, now).unwrap().remaining, Some(5));
}

#[test]
fn what_is_forgiven_was_never_counted_for_any_subject() {
    let limits = limits(|config| config.sign_in = same(6, 2));
    let (officer, now) = (account("an-officer"), morning());
    let desk = device("desk-number-1");
    let keys = LimitKeys { sender: &officer, device: Some(&desk), address: Some(address("203.0.113.9")) };
    for _ in 0..10 {
        assert_eq!(limits.admit(keys, LimitedAction::SignIn, now).unwrap().remaining, Some(1));
        limits.forgive(keys, LimitedAction::SignIn);
    }
    // Others were not forgiven, and nothing was given beyond a full bucket.
    limits.forgive(keys, LimitedAction::SignIn);
    for _ in 0..2 {
        limits.admit(keys, LimitedAction::SignIn, now).unwrap();
        limits.admit(keys, LimitedAction::Any, now).unwrap();
    }
    let refused = limits.admit(keys, LimitedAction::SignIn, now).unwrap_err();
    assert_eq!(refused.retry_after, Duration::from_secs(10));
    limits.forgive(keys, LimitedAction::Any);
    assert!(limits.admit(keys, LimitedAction::SignIn, now).is_err(), "each action has its own count");
    // Of one that only knows the address.
    let nobody = Sender::Address(address("203.0.113.10"));
    for _ in 0..10 {
        limits.admit(only(&nobody), LimitedAction::SignIn, now).unwrap();
        limits.forgive(only(&nobody), LimitedAction::SignIn);
    }
}

#[test]
fn a_clock_that_is_set_back_locks_nobody_out() {
    let limits = limits(|config| config.any = same(60, 5));
    let (citizen, wrong) = (phone(1), morning() + 48.hours());
    for _ in 0..5 {
        limits.admit(only(&citizen), LimitedAction::Any, wrong).unwrap();
    }
    let refused = limits.admit(only(&citizen), LimitedAction::Any, morning()).unwrap_err();
    assert!(refused.retry_after <= Duration::from_secs(1), "{:?}", refused.retry_after);
}

#[test]
fn the_twenty_first_dossier_of_a_day_is_refused_and_the_first_twenty_stay_free() {
    let limits = limits(|_| {});
    let (citizen, start) = (phone(1), morning());
    for n in 0..20 {
        let at = start + i64::from(n).minutes();
        assert!(limits.admit_dossier(only(&citizen), &number("000.00.17.H09", n), at).is_ok());
    }
    let later = start + 1.hour();
    for n in 0..20 {
        assert!(limits.admit_dossier(only(&citizen), &number("000.00.17.H09", n), later).is_ok());
    }
    let refused = limits.admit_dossier(only(&citizen), &number("000.00.17.H09", 20), later).unwrap_err();
    assert_eq!(refused.retry_after, Duration::from_secs(23 * 3_600));
    assert!(limits.admit_dossier(only(&phone(2)), &number("000.00.17.H09", 20), later).is_ok());
    let next_day = start + 24.hours();
    assert!(limits.admit_dossier(only(&citizen), &number("000.00.17.H09", 20), next_day).is_ok());
}

#[test]
fn a_family_shares_sixty_and_a_refusal_takes_none_of_them() {
    let limits = limits(|config| config.dossiers.address = 60);
    let (home, now) = (address("2001:db8:7:1::5"), morning());
    let ask = |member: u32, n: u32| {
        let sender = account(&format!("member-{member}"));
        let keys = LimitKeys { sender: &sender, device: None, address: Some(home) };
        limits.admit_dossier(keys, &number("000.00.17.H09", n), now)
    };
    for n in 0..20 {
        ask(1, n).unwrap();
    }
    for n in 1_000..2_000 {
        ask(1, n).unwrap_err();
    }
    for n in 20..60 {
        ask(2 + n / 20, n).unwrap();
    }
    ask(9, 60).unwrap_err();
    // The refused one was not kept against member 9: elsewhere all twenty are left.
    let member = account("member-9");
    for n in 100..120 {
        assert!(limits.admit_dossier(only(&member), &number("000.00.17.H09", n), now).is_ok());
    }
    ask(8, 59).unwrap();
}

#[test]
fn a_dossier_that_may_not_have_arrived_is_forgiven() {
    let limits = limits(|config| config.dossiers.sender = 1);
    let (citizen, now) = (phone(1), morning());
    let fresh = number("000.00.17.H09", 1);
    limits.admit_dossier(only(&citizen), &fresh, now).unwrap();
    limits.forgive_dossier(only(&citizen), &fresh);
    assert!(limits.admit_dossier(only(&citizen), &number("000.00.17.H09", 2), now).is_ok());
}

#[test]
fn counting_up_one_agencys_day_is_slowed_for_whoever_does_it_and_refused_to_none() {
    let limits = limits(|config| config.agency_day.distinct = 50);
    let now = morning();
    let ask = |robot: u32, agency: &str, n: u32, at: Timestamp| {
        limits.admit_dossier(only(&phone(robot)), &number(agency, n), at).unwrap().delay
    };
    for n in 0..50 {
        assert_eq!(ask(n, "000.00.17.H09", n, now), Duration::ZERO);
    }
    for n in 50..80 {
        assert_eq!(ask(n, "000.00.17.H09", n, now), Duration::from_millis(500));
    }
    assert_eq!(ask(200, "000.00.17.H09", 7, now), Duration::ZERO, "a number that was asked for before");
    assert_eq!(ask(201, "000.00.18.H09", 90, now), Duration::ZERO, "another agency");
    assert_eq!(limits.sweep(now).alarms, 1);
    let calm = now + 1.hour();
    assert_eq!(ask(202, "000.00.17.H09", 99, calm), Duration::ZERO);
    assert_eq!(limits.sweep(calm).alarms, 0);
}

#[test]
fn a_flood_of_a_million_senders_is_bounded_and_resets_nobody_at_the_limit() {
    let limits = limits(|config| config.max_keys = 1 << 16);
    let (robot, now) = (phone(1), morning());
    while limits.admit(only(&robot), LimitedAction::Any, now).is_ok() {}
    // In ten seconds of time: each newcomer owes one request for one second.
    for n in 0..1_000_000_u32 {
        let at = now + SignedDuration::from_micros(i64::from(n) * 10);
        limits.admit(only(&account(&n.to_string())), LimitedAction::Any, at).unwrap();
    }
    let end = now + 10.seconds();
    let load = limits.sweep(end);
    assert!(load.keys <= load.max_keys && load.max_keys == 1 << 16, "{load:?}");
    // Thirty at the start, ten tokens since: not the full thirty again.
    let mut more = 0;
    while limits.admit(only(&robot), LimitedAction::Any, end).is_ok() {
        more += 1;
    }
    assert_eq!(more, 10);
}

#[test]
fn an_idle_sender_is_forgotten() {
    let limits = limits(|_| {});
    let now = morning();
    for n in 0..1_000 {
        limits.admit(only(&phone(n)), LimitedAction::Any, now).unwrap();
        limits.admit_dossier(only(&phone(n)), &number("000.00.17.H09", n), now).unwrap();
    }
    let load = limits.sweep(now);
    assert_eq!((load.keys, load.subjects, load.dossiers), (1_000, 1_000, 1_000));
    assert_eq!(limits.sweep(now + 1.minute()).keys, 0);
    let load = limits.sweep(now + 24.hours());
    assert_eq!((load.subjects, load.dossiers, load.alarms), (0, 0, 0));
}
