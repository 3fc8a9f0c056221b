//! Whatever the times between requests: never more than the burst and the rate.

mod support;

use gateway_core::ports::{LimitKeys, LimitedAction, Limiter};
use gateway_limits::{ActionRates, Limits, LimitsConfig, Rate};
use jiff::SignedDuration;
use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};
use support::{account, address, device, morning, number, phone};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn never_more_than_burst_and_rate_in_any_window(
        per_minute in 1_u32..600,
        burst in 1_u32..40,
        gaps in prop::collection::vec(0_i64..5_000, 1..400),
    ) {
        let rate = Rate { per_minute, burst };
        let config =
            LimitsConfig { any: ActionRates { sender: rate, device: rate, address: rate }, ..LimitsConfig::default() };
        let limits = Limits::new(&config).unwrap();
        let (citizen, its_device) = (account("citizen"), device("its-device"));
        let keys = LimitKeys { sender: &citizen, device: Some(&its_device), address: Some(address("203.0.113.9")) };

        let mut at = morning();
        let mut admitted = Vec::new();
        for gap in gaps {
            at += SignedDuration::from_millis(gap);
            match limits.admit(keys, LimitedAction::Any, at) {
                Ok(_) => admitted.push(at),
                Err(refused) => {
                    // What it says is true: then, and not before.
                    let wait = SignedDuration::try_from(refused.retry_after).unwrap();
                    prop_assert!(wait > SignedDuration::ZERO);
                    let before = at + wait - SignedDuration::from_nanos(1);
                    prop_assert!(limits.admit(keys, LimitedAction::Any, before).is_err());
                }
            }
        }
        for (first, from) in admitted.iter().enumerate() {
            for (last, to) in admitted.iter().enumerate().skip(first) {
                let seconds = to.duration_since(*from).as_secs_f64();
                let most = f64::from(burst) + seconds * f64::from(per_minute) / 60.0;
                let count = u32::try_from(last - first + 1).unwrap();
                prop_assert!(f64::from(count) <= most + 1e-6, "{count} in {seconds} s, at most {most}");
            }
        }
    }

    #[test]
    fn a_patient_citizen_is_never_refused(per_minute in 1_u32..600, burst in 1_u32..5, count in 1_usize..100) {
        let rate = Rate { per_minute, burst };
        let config =
            LimitsConfig { any: ActionRates { sender: rate, device: rate, address: rate }, ..LimitsConfig::default() };
        let limits = Limits::new(&config).unwrap();
        let citizen = phone(1);
        let keys = LimitKeys { sender: &citizen, device: None, address: None };
        let mut at = morning();
        for _ in 0..count {
            prop_assert!(limits.admit(keys, LimitedAction::Any, at).is_ok());
            at += SignedDuration::from_nanos(60_000_000_000 / i64::from(per_minute));
        }
    }

    #[test]
    fn never_more_distinct_dossiers_than_allowed(
        asked in prop::collection::vec((0_u32..40, 0_i64..10_000), 1..300),
    ) {
        let mut config = LimitsConfig::default();
        config.dossiers.sender = 7;
        let limits = Limits::new(&config).unwrap();
        let citizen = phone(1);
        let keys = LimitKeys { sender: &citizen, device: None, address: None };
        let mut at = morning();
        // The model: what counts, and since when.
        let mut counted: Vec<(u32, jiff::Timestamp)> = Vec::new();
        for (n, gap) in asked {
            at += SignedDuration::from_secs(gap);
            counted.retain(|(_, since)| at.duration_since(*since) < SignedDuration::from_hours(24));
            let known = counted.iter().any(|(counted, _)| *counted == n);
            let admitted = limits.admit_dossier(keys, &number("000.00.17.H09", n), at).is_ok();
            prop_assert!(admitted == (known || counted.len() < 7));
            if admitted && !known {
                counted.push((n, at));
            }
        }
    }
}
