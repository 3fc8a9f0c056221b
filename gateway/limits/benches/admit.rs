//! A request's way through all limits, with 100,000 live keys.
//! `cargo bench -p gateway-limits`.
#![expect(clippy::unwrap_used, reason = "a bench that fails shall say so at once")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gateway_core::domain::dossier_number::default_patterns;
use gateway_core::domain::{ClientNet, DossierNumber, DossierNumberParser, Sender};
use gateway_core::ports::{LimitKeys, LimitedAction, Limiter};
use gateway_limits::{Limits, LimitsConfig, Rate};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

const SENDERS: usize = 100_000;

fn admit(criterion: &mut Criterion) {
    let parser = DossierNumberParser::new(&default_patterns()).unwrap();
    let number = |n: usize| -> DossierNumber {
        // A thousand agency-days, so that none is in alarm.
        let text = format!("000.00.{:02}.H09-2611{:02}-{:04}", n % 100, 1 + n / 100 % 10, n / 1_000);
        parser.parse_exact(&text, date(2026, 11, 23)).unwrap()
    };
    let senders: Vec<(Sender, ClientNet, DossierNumber)> = (0..SENDERS)
        .map(|n| {
            let bits = u32::try_from(n).unwrap() | 0x0a00_0000;
            let net = ClientNet::of(std::net::Ipv4Addr::from(bits).into());
            (Sender::Account(format!("account-{n}").into()), net, number(n))
        })
        .collect();

    let mut config = LimitsConfig::default();
    // Slow enough that every key stays live, wide enough that none is refused.
    let wide = Rate { per_minute: 60, burst: 1_000_000 };
    for rates in [&mut config.any, &mut config.track_dossier] {
        (rates.sender, rates.device, rates.address) = (wide, wide, wide);
    }
    let limits = Limits::new(&config).unwrap();
    let mut now: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
    for (sender, net, number) in &senders {
        let keys = LimitKeys { sender, device: None, address: Some(*net) };
        for _ in 0..100 {
            limits.admit(keys, LimitedAction::Any, now).unwrap();
            limits.admit(keys, LimitedAction::TrackDossier, now).unwrap();
        }
        limits.admit_dossier(keys, number, now).unwrap();
    }
    let load = limits.sweep(now);
    assert!(load.keys > 2 * SENDERS * 9 / 10, "{load:?}");

    // A stride that is coprime to the number of senders: no order helps the cache.
    let mut place = 0;
    let mut next = || {
        place = (place + 61_803) % SENDERS;
        now += SignedDuration::from_micros(1);
        (&senders[place], now)
    };
    // What reading the bench's own input from memory costs, to be subtracted:
    // in a server the request was just parsed.
    criterion.bench_function("limits: none, only the input", |bench| {
        bench.iter(|| {
            let ((sender, net, number), now) = next();
            black_box((sender.key(), net.bits(), number.as_str().len(), number.as_str().as_bytes().last(), now));
        });
    });
    criterion.bench_function("limits: one bucket check (sender and address)", |bench| {
        bench.iter(|| {
            let ((sender, net, _), now) = next();
            let keys = LimitKeys { sender, device: None, address: Some(*net) };
            black_box(limits.admit(keys, LimitedAction::Any, now)).unwrap();
        });
    });
    criterion.bench_function("limits: one dossier (sender, address, agency-day)", |bench| {
        bench.iter(|| {
            let ((sender, net, number), now) = next();
            let keys = LimitKeys { sender, device: None, address: Some(*net) };
            black_box(limits.admit_dossier(keys, number, now)).unwrap();
        });
    });
    criterion.bench_function("limits: a whole look-up (any, track_dossier, dossier)", |bench| {
        bench.iter(|| {
            let ((sender, net, number), now) = next();
            let keys = LimitKeys { sender, device: None, address: Some(*net) };
            limits.admit(keys, LimitedAction::Any, now).unwrap();
            limits.admit(keys, LimitedAction::TrackDossier, now).unwrap();
            black_box(limits.admit_dossier(keys, number, now)).unwrap();
        });
    });
}

criterion_group!(benches, admit);
criterion_main!(benches);
