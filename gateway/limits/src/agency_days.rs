use std::collections::HashMap;
use std::time::Duration;

use ahash::RandomState;
use gateway_core::domain::DossierNumber;
use metrics::{Counter, Gauge};
use parking_lot::Mutex;

use crate::config::AgencyDayConfig;
use crate::distinct::{Distinct, Sight};
use crate::subjects::Hashes;

/// Alarms that are remembered at once, so that each is logged once.
const MOST_ALARMS: usize = 1_024;

/// Watches how many distinct numbers of one agency and one day of receipt are
/// asked for, by whomever. Serials follow one another, so many numbers of one
/// day in one hour mean that somebody counts them up, however many senders and
/// addresses that somebody has. It slows such questions; it refuses none.
pub(crate) struct AgencyDays {
    seen: Distinct,
    distinct: usize,
    window: u32,
    delay: Duration,
    /// Agency-days that are in alarm, and since when they last were.
    alarms: Mutex<HashMap<u64, u32, RandomState>>,
    raised: Counter,
    slowed: Counter,
    current: Gauge,
}

impl AgencyDays {
    pub(crate) fn new(config: &AgencyDayConfig) -> Self {
        Self {
            seen: Distinct::new(config.max_entries, config.window_seconds()),
            distinct: config.distinct,
            window: config.window_seconds(),
            delay: Duration::from_millis(config.delay_ms),
            alarms: Mutex::new(HashMap::default()),
            raised: metrics::counter!("limits_agency_day_alarms_total"),
            slowed: metrics::counter!("limits_agency_day_slowed_total"),
            current: metrics::gauge!("limits_agency_day_alarms"),
        }
    }

    /// Counts a number and says how long its answer is to be held back. Zero
    /// for one that was asked for within the window already: its owner, who
    /// comes back, does not wait.
    pub(crate) fn watch(&self, hashes: &Hashes, number: &DossierNumber, item: u64, now: u32) -> Duration {
        let (Some(agency), Some(day)) = (number.agency_code(), number.received_on()) else { return Duration::ZERO };
        let agency_day = hashes.agency_day(agency, day);
        match self.seen.see(agency_day, item, self.distinct, now) {
            Sight::Known | Sight::New => Duration::ZERO,
            Sight::Full(_) => {
                self.slowed.increment(1);
                if self.is_first_alarm(agency_day, now) {
                    self.raised.increment(1);
                    // The agency's code only: with the day it would be most
                    // of a dossier number.
                    tracing::warn!(
                        agency,
                        distinct = self.distinct,
                        "unusually many dossiers of one agency and day are asked for; answers are slowed"
                    );
                }
                self.delay
            }
        }
    }

    fn is_first_alarm(&self, agency_day: u64, now: u32) -> bool {
        let mut alarms = self.alarms.lock();
        if let Some(last) = alarms.get_mut(&agency_day) {
            let over = last.saturating_add(self.window) <= now;
            *last = now;
            return over;
        }
        if alarms.len() >= MOST_ALARMS {
            alarms.retain(|_, last| last.saturating_add(self.window) > now);
        }
        // With a thousand at once the counters tell enough; the log need not.
        if alarms.len() >= MOST_ALARMS {
            return false;
        }
        alarms.insert(agency_day, now);
        true
    }

    /// Drops what is past the window. Returns how many alarms stand.
    pub(crate) fn sweep(&self, now: u32) -> usize {
        self.seen.sweep(now);
        let mut alarms = self.alarms.lock();
        alarms.retain(|_, last| last.saturating_add(self.window) > now);
        self.current.set(f64::from(u32::try_from(alarms.len()).unwrap_or(u32::MAX)));
        alarms.len()
    }
}
