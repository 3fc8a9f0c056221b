//! The set of dossiers: found by number, told from the seed, the clock and
//! what was moved by hand.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use gateway_core::domain::{FeeReading, PaperItem, Procedure};
use parking_lot::RwLock;

use crate::config::SimulatorConfig;
use crate::days::{self, Moment, WorkingDays};
use crate::dice::{Dice, Purpose};
use crate::numbers::{self, Numbering, Place};
use crate::people::Owner;
use crate::timeline::{Step, Timeline, time_given};
use crate::words::Words;

/// How many dossiers may be moved by hand.
pub(crate) const MOST_MOVED: usize = 10_000;
/// Amounts of fees that procedures charge, in đồng.
const USUAL_FEES: [i64; 7] = [8_000, 10_000, 20_000, 50_000, 100_000, 150_000, 500_000];
/// Working days' worth of seconds that an owner is given for papers or money.
const ANSWER_WITHIN: Moment = 15 * 86_400;

/// All dossiers of one simulator. Its size does not depend on their number.
#[derive(Debug)]
pub(crate) struct Dossiers {
    pub(crate) seed: u64,
    pub(crate) agencies: Vec<(String, String)>,
    pub(crate) days: WorkingDays,
    pub(crate) numbering: Numbering,
    pub(crate) procedures: Vec<Procedure>,
    /// Ascending sums of the procedures' weights: common ones are drawn more often.
    weights: Vec<f64>,
    owners: u64,
    year: i16,
    moved: RwLock<HashMap<u64, Step>>,
    /// Kept beside the map so that the hot path takes no lock while it is empty.
    moved_count: AtomicUsize,
}

/// The map of moved dossiers is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{MOST_MOVED} dossiers are moved by hand already")]
pub(crate) struct TooManyMoved;

/// One dossier as its seed made it.
pub(crate) struct Told<'a> {
    pub(crate) place: Place,
    pub(crate) number: String,
    pub(crate) agency: &'a str,
    pub(crate) procedure: &'a Procedure,
    /// The place of its procedure in the catalogue.
    pub(crate) procedure_place: usize,
    pub(crate) by_post: bool,
    pub(crate) owner: u64,
    pub(crate) timeline: Timeline,
    pub(crate) moved: Option<Step>,
}

/// How a dossier stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) now: Step,
    pub(crate) received: Moment,
    /// Papers were asked for on.
    pub(crate) papers_asked: Option<Moment>,
    /// Money was asked for on.
    pub(crate) money_asked: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    pub(crate) returned: Option<Moment>,
}

impl Dossiers {
    pub(crate) fn new(config: &mut SimulatorConfig) -> Option<Self> {
        let today = days::day_of(config.clock.now());
        let days = WorkingDays::around(today, &config.calendar)?;
        let agencies = std::mem::take(&mut config.agencies);
        let procedures = std::mem::take(&mut config.procedures);
        let numbering = Numbering::new(config.dossiers, agencies.len(), days.received_days(), config.seed);
        let weights = procedures
            .iter()
            .scan(0.0_f64, |sum, procedure| {
                let weight = f64::from(procedure.prior);
                *sum += if weight.is_finite() { weight.clamp(0.05, 100.0) } else { 1.0 };
                Some(*sum)
            })
            .collect();
        Some(Self {
            seed: config.seed,
            agencies,
            days,
            numbering,
            procedures,
            weights,
            // A person hands in more than one dossier now and then.
            owners: (config.dossiers * 3 / 5).max(1),
            year: today.year(),
            moved: RwLock::default(),
            moved_count: AtomicUsize::new(0),
        })
    }

    /// The number of an index; `None` outside of the set.
    pub(crate) fn number(&self, index: u64) -> Option<String> {
        self.numbering.place(index).map(|place| self.write(place))
    }

    /// The place of a number; `None` where the set does not hold it.
    pub(crate) fn find(&self, number: &str) -> Option<Place> {
        let (agency, day, serial) = numbers::read(number.trim(), &self.agencies, &self.days)?;
        self.numbering.find(agency, day, serial)
    }

    fn write(&self, place: Place) -> String {
        let code = self.agencies.get(place.agency).map_or("", |(code, _)| code.as_str());
        numbers::write(code, self.days.date(place.day), place.serial)
    }

    /// Tells a dossier; `None` for an index outside of the set.
    pub(crate) fn tell(&self, index: u64) -> Option<Told<'_>> {
        self.numbering.place(index).and_then(|place| self.tell_at(place))
    }

    /// Tells the dossier of a place that [`Dossiers::find`] gave.
    pub(crate) fn tell_at(&self, place: Place) -> Option<Told<'_>> {
        let mut dice = Dice::of(self.seed, Purpose::Dossier, place.index);
        let draw = dice.unit() * self.weights.last().copied().unwrap_or_default();
        let procedure_place =
            self.weights.partition_point(|sum| *sum <= draw).min(self.procedures.len().saturating_sub(1));
        let procedure = self.procedures.get(procedure_place)?;
        let (_, agency) = self.agencies.get(place.agency)?;
        let by_post = dice.percent(25);
        let owner = dice.next_u64() % self.owners;
        let time = time_given(&mut dice, procedure);
        let timeline = Timeline::draw(&mut dice, &self.days, place.day, time);
        let moved = self.moved(place.index);
        Some(Told {
            place,
            number: self.write(place),
            agency,
            procedure,
            procedure_place,
            by_post,
            owner,
            timeline,
            moved,
        })
    }

    pub(crate) fn owner(&self, told: &Told<'_>, words: &Words) -> Owner {
        Owner::of(self.seed, told.owner, self.year, words)
    }

    fn moved(&self, index: u64) -> Option<Step> {
        if self.moved_count.load(Ordering::Acquire) == 0 {
            return None;
        }
        self.moved.read().get(&index).copied()
    }

    /// How many are moved by hand.
    pub(crate) fn moved_count(&self) -> usize {
        self.moved_count.load(Ordering::Acquire)
    }

    /// Gives a dossier a status by hand; it keeps it until it is moved again
    /// or released.
    pub(crate) fn move_to(&self, told: &Told<'_>, status: u8, at: Moment) -> Result<(), TooManyMoved> {
        let due = told.timeline.until(Moment::MAX).iter().rev().find_map(|step| step.due);
        let due = told.timeline.until(at).last().and_then(|step| step.due).or(due);
        let mut moved = self.moved.write();
        if moved.len() >= MOST_MOVED && !moved.contains_key(&told.place.index) {
            return Err(TooManyMoved);
        }
        moved.insert(told.place.index, Step { at, status, due });
        self.moved_count.store(moved.len(), Ordering::Release);
        Ok(())
    }

    /// Lets a dossier go its own way again. `false` where nobody moved it.
    pub(crate) fn release(&self, index: u64) -> bool {
        let mut moved = self.moved.write();
        let was_moved = moved.remove(&index).is_some();
        self.moved_count.store(moved.len(), Ordering::Release);
        was_moved
    }
}

impl Told<'_> {
    /// The steps taken by a moment, a move by hand last. Empty where the
    /// dossier has not been handed in by then.
    pub(crate) fn steps(&self, now: Moment) -> Vec<Step> {
        let until = self.moved.map_or(now, |moved| moved.at.min(now));
        let mut steps = self.timeline.until(until).to_vec();
        steps.extend(self.moved.filter(|moved| moved.at <= now));
        steps
    }

    /// How it stands; `None` where it has not been handed in by then.
    pub(crate) fn standing(&self, now: Moment) -> Option<Standing> {
        let moved = self.moved.filter(|moved| moved.at <= now);
        let own = self.timeline.until(moved.map_or(now, |moved| moved.at));
        let received = self.timeline.until(Moment::MAX).first()?.at;
        let last = moved.or(own.last().copied())?;
        let own_at = |status: u8| own.iter().find(|step| step.status == status).map(|step| step.at);
        let hand_at = |status: u8| moved.filter(|step| step.status == status).map(|step| step.at);
        let done = matches!(last.status, 9 | 10);
        Some(Standing {
            now: last,
            received,
            papers_asked: hand_at(5).or(own_at(5)),
            money_asked: hand_at(6).or(own_at(6)),
            finished: done.then(|| own_at(9).unwrap_or(last.at)),
            returned: (last.status == 10).then(|| own_at(10).unwrap_or(last.at)),
        })
    }

    /// A stream for the words of this dossier.
    pub(crate) fn dice(&self, seed: u64) -> Dice {
        Dice::of(seed, Purpose::Words, self.place.index)
    }

    /// What a fee of this dossier comes to, in đồng.
    pub(crate) fn fee(&self, dice: &mut Dice) -> i64 {
        let published = self.procedure.methods.iter().find_map(|method| match &method.fee.reading {
            FeeReading::Amount { amount, .. } => Some(amount.amount()),
            _ => None,
        });
        let usual = dice.pick(&USUAL_FEES).copied().unwrap_or_default();
        published.unwrap_or(usual)
    }

    /// A paper that this procedure asks for.
    pub(crate) fn paper<'a>(&'a self, dice: &mut Dice, words: &'a Words) -> &'a str {
        let papers: Vec<&PaperItem> =
            self.procedure.papers.iter().flat_map(|case| &case.items).filter(|item| !item.is_note()).take(20).collect();
        dice.pick(&papers).map_or_else(|| dice.clone().word(&words.papers.other), |item| item.name.as_str())
    }
}

/// Until when papers or money that were asked for at a moment may come.
pub(crate) fn answer_by(asked: Moment) -> Moment {
    asked + ANSWER_WITHIN
}
