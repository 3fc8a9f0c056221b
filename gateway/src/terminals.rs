//! The terminals: what answers them, and how operators hear of those that fell
//! silent.

use std::sync::Arc;
use std::time::Duration;

use channel_mobile::KioskNeeds;
use gateway_core::desk::Carried;
use gateway_core::domain::{Device, Heartbeat, Printer};
use gateway_core::ports::{Devices as _, Ratings as _};
use gateway_limits::{ActionRates, Limits, LimitsConfig, Rate};
use jiff::{SignedDuration, Timestamp};

use crate::compose::Gateway;
use crate::exit::WrongUse;

/// How often the gauges are set anew.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Terminals of a province are hundreds; addresses that try codes are few.
const KEYS: usize = 8_192;

/// What the mobile API needs for them.
pub(crate) fn needs(gateway: &Gateway) -> anyhow::Result<KioskNeeds> {
    let config = &gateway.config;
    let key = gateway.hash_key();
    let own = Rate { per_minute: config.kiosk.requests_per_minute, burst: config.kiosk.requests_burst };
    let tries = Rate { per_minute: config.kiosk.enrolment_tries_per_minute, burst: config.kiosk.enrolment_tries_burst };
    let limits = Limits::new(&limits_of(own, tries));
    Ok(KioskNeeds {
        devices: Arc::new(gateway.devices.clone()),
        ranges: Arc::new(gateway.devices.clone()),
        calls: Arc::new(gateway.devices.clone()),
        continuations: Arc::clone(&gateway.continuations),
        ratings: Arc::clone(&gateway.ratings) as Arc<_>,
        acts: Arc::new(gateway.store.clone()),
        limiter: Arc::new(limits.map_err(|problem| WrongUse(format!("kiosk: {problem}")))?),
        config: Arc::new(config.kiosk.clone()),
        agencies: Arc::new(config.agencies()),
        calendar: Arc::new(config.calendar().map_err(WrongUse)?),
        notices: Arc::clone(&gateway.notices),
        hash_key: key.clone(),
        signing: Arc::new(channel_mobile::signing_key(key)?),
    })
}

/// A limiter of the terminals' own: a terminal counts as its device; a whole hall
/// stands behind one address, so that one is wide; who tries codes is known by
/// the address alone.
fn limits_of(own: Rate, tries: Rate) -> LimitsConfig {
    let wide = Rate { per_minute: 600_000, burst: 100_000 };
    LimitsConfig {
        max_keys: KEYS,
        any: ActionRates { sender: own, device: own, address: wide },
        sign_in: ActionRates { sender: tries, device: tries, address: tries },
        ..LimitsConfig::default()
    }
}

/// Sets the gauges that operators watch. Which terminal it is stands in
/// `dakenh kiosk list`.
pub(crate) async fn look(gateway: &Gateway) {
    let silent_after = Duration::from_secs(u64::from(gateway.config.kiosk.silent_after_minutes) * 60);
    match gateway.devices.devices().await {
        Ok(all) => told(&count(&all, gateway.clock.now(), silent_after)),
        Err(problem) => tracing::warn!(%problem, "terminals not looked at"),
    }
    match gateway.calls.late().await {
        Ok(late) => metrics::gauge!("kiosk_calls_late").set(f64::from(u32::try_from(late).unwrap_or(u32::MAX))),
        Err(problem) => tracing::warn!(%problem, "calls from terminals not looked at"),
    }
    match gateway.ratings.ratings_waiting().await {
        Ok((waiting, uncertain)) => {
            for (name, count) in [("ratings_waiting", waiting), ("ratings_uncertain", uncertain)] {
                metrics::gauge!(name).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
            }
        }
        Err(problem) => tracing::warn!(%problem, "ratings not looked at"),
    }
}

/// Carries ratings to the portal.
pub(crate) async fn carry(gateway: &Gateway) {
    match gateway.courier.round().await {
        Ok(carried) => carried_metrics(carried),
        Err(problem) => tracing::warn!(%problem, "ratings not carried"),
    }
}

fn carried_metrics(carried: Carried) {
    let counts = [
        ("sent", carried.sent),
        ("later", carried.later),
        ("uncertain", carried.uncertain),
        ("refused", carried.refused),
    ];
    for (what, count) in counts {
        metrics::counter!("ratings_carried_total", "what" => what).increment(u64::try_from(count).unwrap_or(u64::MAX));
    }
}

/// How many terminals there are, how many are silent, and their printers.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    enrolled: u32,
    silent: u32,
    /// In the order of [`Printer::ALL`].
    printers: [u32; Printer::ALL.len()],
}

fn count(all: &[(Device, Option<Heartbeat>)], now: Timestamp, silent_after: Duration) -> Counts {
    let silent_after = SignedDuration::try_from(silent_after).unwrap_or(SignedDuration::MAX);
    let mut counts = Counts::default();
    for (device, beat) in all.iter().filter(|(device, _)| device.revoked_at.is_none()) {
        counts.enrolled += 1;
        let heard = beat.as_ref().map_or(device.enrolled_at, |beat| beat.at);
        if now.duration_since(heard) > silent_after {
            counts.silent += 1;
            continue;
        }
        let printer = beat.as_ref().map_or(Printer::Unknown, |beat| beat.printer);
        for (state, count) in Printer::ALL.into_iter().zip(&mut counts.printers) {
            *count += u32::from(state == printer);
        }
    }
    counts
}

fn told(counts: &Counts) {
    metrics::gauge!("kiosk_terminals").set(f64::from(counts.enrolled));
    metrics::gauge!("kiosk_terminals_silent").set(f64::from(counts.silent));
    for (state, count) in Printer::ALL.into_iter().zip(counts.printers) {
        metrics::gauge!("kiosk_printers", "state" => state.key()).set(f64::from(count));
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::{DeviceId, TerminalName};

    use super::*;

    #[test]
    fn a_silent_terminal_is_counted_and_a_revoked_one_is_not() {
        let now: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
        let minutes = |count: u64| Duration::from_secs(60 * count);
        let device = |revoked: bool| Device {
            id: DeviceId::parse("k-0123456789abcdef").unwrap(),
            site: "000.00.17.H09".into(),
            name: TerminalName::parse("Sảnh 1").unwrap(),
            public_key: [0; 32],
            enrolled_at: now - minutes(60),
            revoked_at: revoked.then_some(now),
        };
        let beat = |ago, printer| Heartbeat {
            at: now - minutes(ago),
            version: "0.1.0".into(),
            printer,
            latency_ms: None,
            catalogue_at: None,
            last_use: None,
            screens_failed: 0,
        };
        let all = [
            (device(false), None),
            (device(false), Some(beat(6, Printer::Ready))),
            (device(false), Some(beat(5, Printer::Ready))),
            (device(false), Some(beat(0, Printer::PaperOut))),
            (device(true), Some(beat(60, Printer::Ready))),
        ];
        let counts = count(&all, now, minutes(5));
        assert_eq!(counts, Counts { enrolled: 4, silent: 2, printers: [1, 1, 0, 0, 0, 0] });
    }

    #[test]
    fn the_terminals_limits_are_in_range() {
        let rate = |per_minute, burst| Rate { per_minute, burst };
        assert_eq!(limits_of(rate(6, 5), rate(1, 1)).validate(), Ok(()));
        assert_eq!(limits_of(rate(60_000, 10_000), rate(600, 10_000)).validate(), Ok(()));
    }
}
