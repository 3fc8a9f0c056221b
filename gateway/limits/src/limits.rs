use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::DossierNumber;
use gateway_core::ports::{Admission, LimitKeys, LimitedAction, Limiter, TooMany};
use governor::RateLimiter;
use governor::middleware::StateInformationMiddleware;
use jiff::Timestamp;
use metrics::{Counter, Gauge};

use crate::agency_days::AgencyDays;
use crate::cells::{ACTIONS, Buckets, Cells};
use crate::config::{LimitsConfig, LimitsConfigProblem, Rate};
use crate::distinct::{Distinct, Sight};
use crate::moment::{HandedClock, Moment};
use crate::subjects::{Hashes, Kind};

/// Governor's generic cell rate algorithm over our cells, by our time.
type Gate = RateLimiter<u64, Buckets, HandedClock, StateInformationMiddleware>;

/// All limits of one process, in bounded memory.
pub struct Limits {
    hashes: Hashes,
    cells: Arc<Cells>,
    /// By action, then by kind of subject.
    gates: [[GateOf; 3]; ACTIONS],
    dossiers: Distinct,
    /// Most distinct dossiers, by kind of subject.
    most_dossiers: [usize; 3],
    dossiers_refused: [Counter; 3],
    agency_days: AgencyDays,
    meters: Meters,
}

struct GateOf {
    gate: Gate,
    /// The same buckets, to give back what another subject's gate refused.
    buckets: Buckets,
    refused: Counter,
}

struct Meters {
    keys: Gauge,
    entries: Gauge,
    keys_evicted: Counter,
    subjects_evicted: Counter,
}

/// How much is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Senders, devices and addresses with a bucket that is not full.
    pub keys: usize,
    /// The most that there can be.
    pub max_keys: usize,
    /// Senders, devices and addresses that asked for dossiers in the window.
    pub subjects: usize,
    /// Dossiers that they asked for.
    pub dossiers: usize,
    /// Agencies and days in alarm.
    pub alarms: usize,
}

impl Limits {
    /// Limits of this configuration, all buckets full. Hash seeds are drawn
    /// anew from the operating system.
    ///
    /// # Errors
    /// A setting is out of its range.
    pub fn new(config: &LimitsConfig) -> Result<Self, LimitsConfigProblem> {
        config.validate()?;
        // A gate remembers when it was made and counts from there: from 1970,
        // or a request received earlier than that would be none.
        HandedClock::set(Moment::EPOCH);
        let cells = Arc::new(Cells::new(config.max_keys));
        let gates = LimitedAction::ALL.map(|action| {
            let rates = config.rates(action);
            let of = |kind: Kind, rate: Rate| GateOf::new(&cells, action, kind, rate);
            [of(Kind::Sender, rates.sender), of(Kind::Device, rates.device), of(Kind::Address, rates.address)]
        });
        Ok(Self {
            hashes: Hashes::new(),
            cells,
            gates,
            dossiers: Distinct::new(config.dossiers.max_entries, config.dossiers.window_seconds()),
            most_dossiers: config.dossiers.most(),
            dossiers_refused: Kind::ALL.map(|kind| refused("distinct_dossiers", kind)),
            agency_days: AgencyDays::new(&config.agency_day),
            meters: Meters {
                keys: metrics::gauge!("limits_keys"),
                entries: metrics::gauge!("limits_dossier_entries"),
                keys_evicted: metrics::counter!("limits_keys_evicted_total"),
                subjects_evicted: metrics::counter!("limits_dossier_subjects_evicted_total"),
            },
        })
    }

    /// Drops what no longer counts, sets the gauges and tells the load. To be
    /// called every minute or so; memory is bounded without it.
    pub fn sweep(&self, now: Timestamp) -> Load {
        let now = Moment::of(now);
        let keys = self.cells.live(now);
        let (subjects, dossiers) = self.dossiers.sweep(now.seconds());
        let alarms = self.agency_days.sweep(now.seconds());
        self.meters.keys.set(as_f64(keys));
        self.meters.entries.set(as_f64(dossiers));
        self.meters.keys_evicted.absolute(self.cells.evicted());
        self.meters.subjects_evicted.absolute(self.dossiers.evicted());
        Load { keys, max_keys: self.cells.capacity(), subjects, dossiers, alarms }
    }

    /// Senders, devices and addresses with a bucket that is not full at this moment.
    pub fn len(&self, now: Timestamp) -> usize {
        self.cells.live(Moment::of(now))
    }
}

impl Limiter for Limits {
    /// Sender, device and address are asked in this order, the narrowest
    /// first: a sender at the limit takes nothing from the others behind the
    /// same address. Where a later one refuses, the earlier ones get their
    /// token back, so a refused request costs nobody anything; coming back
    /// before `retry_after` gains nothing either.
    fn admit(&self, keys: LimitKeys<'_>, action: LimitedAction, now: Timestamp) -> Result<Admission, TooMany> {
        let now = Moment::of(now);
        HandedClock::set(now);
        let Some(gates) = self.gates.get(place(action)) else { return Ok(Admission::default()) };
        let subjects = self.hashes.subjects(keys);
        let counted = || gates.iter().zip(subjects).filter_map(|(gate, subject)| Some((gate, subject?)));
        let mut remaining = None;
        for (asked, (gate, key)) in counted().enumerate() {
            match gate.gate.check_key(&key) {
                Ok(state) => {
                    let left = state.remaining_burst_capacity();
                    remaining = Some(remaining.map_or(left, |least: u32| least.min(left)));
                }
                Err(refusal) => {
                    gate.refused.increment(1);
                    counted().take(asked).for_each(|(gate, key)| gate.buckets.refund(key));
                    return Err(TooMany { retry_after: refusal.wait_time_from(now), action });
                }
            }
        }
        Ok(Admission { delay: Duration::ZERO, remaining })
    }

    fn forgive(&self, keys: LimitKeys<'_>, action: LimitedAction) {
        let Some(gates) = self.gates.get(place(action)) else { return };
        let subjects = self.hashes.subjects(keys);
        gates.iter().zip(subjects).for_each(|(gate, subject)| {
            if let Some(key) = subject {
                gate.buckets.refund(key);
            }
        });
    }

    fn admit_dossier(&self, keys: LimitKeys<'_>, number: &DossierNumber, now: Timestamp) -> Result<Admission, TooMany> {
        let now = Moment::of(now).seconds();
        let item = self.item(number);
        let subjects = self.hashes.subjects(keys);
        let mut counted = [None; 3];
        let mut known = false;
        for ((subject, most), (counted_here, refused)) in subjects
            .into_iter()
            .zip(self.most_dossiers)
            .zip(counted.iter_mut().zip(&self.dossiers_refused))
            .filter_map(|((subject, most), counters)| Some(((subject?, most), counters)))
        {
            match self.dossiers.see(subject, item, most, now) {
                Sight::Known => known = true,
                Sight::New => *counted_here = Some(subject),
                Sight::Full(seconds) => {
                    refused.increment(1);
                    counted.into_iter().flatten().for_each(|subject| self.dossiers.forget(subject, item));
                    let retry_after = Duration::from_secs(u64::from(seconds.max(1)));
                    return Err(TooMany { retry_after, action: LimitedAction::TrackDossier });
                }
            }
        }
        // Who comes back to a dossier is not counting up, and never waits.
        let delay = if known { Duration::ZERO } else { self.agency_days.watch(&self.hashes, number, item, now) };
        Ok(Admission { delay, remaining: None })
    }

    /// The agency-day alarm keeps it: many numbers that are not there yet are
    /// as unusual as many that are.
    fn forgive_dossier(&self, keys: LimitKeys<'_>, number: &DossierNumber) {
        let item = self.item(number);
        for subject in self.hashes.subjects(keys).into_iter().flatten() {
            self.dossiers.forget(subject, item);
        }
    }
}

impl Limits {
    fn item(&self, number: &DossierNumber) -> u64 {
        self.hashes.text(6, number.as_str())
    }
}

impl GateOf {
    fn new(cells: &Arc<Cells>, action: LimitedAction, kind: Kind, rate: Rate) -> Self {
        let buckets = || Buckets::new(Arc::clone(cells), place(action), rate.cost(), rate.most_owed());
        let gate = Gate::new(rate.quota(), buckets(), HandedClock);
        Self { gate, buckets: buckets(), refused: refused(action.key(), kind) }
    }
}

fn refused(limit: &'static str, kind: Kind) -> Counter {
    metrics::counter!("limits_refused_total", "limit" => limit, "subject" => kind.key())
}

/// The place in [`LimitedAction::ALL`].
const fn place(action: LimitedAction) -> usize {
    match action {
        LimitedAction::Any => 0,
        LimitedAction::TrackDossier => 1,
        LimitedAction::DiscloseDossier => 2,
        LimitedAction::SendCode => 3,
        LimitedAction::Procedures => 4,
        LimitedAction::FreeText => 5,
        LimitedAction::Queue => 6,
        LimitedAction::SignIn => 7,
    }
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_own_place() {
        for (index, action) in LimitedAction::ALL.into_iter().enumerate() {
            assert_eq!(place(action), index);
        }
    }
}
