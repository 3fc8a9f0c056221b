//! What happens to a dossier, from the desk to the hand-over: a few steps,
//! drawn once from the seed and dated in working time. Nothing moves a
//! dossier; where it stands is read off the steps by the clock.

use gateway_core::domain::{Procedure, ProcessingTime, TimeUnit};
use jiff::{Span, Timestamp, ToSpan as _};

use crate::days::{self, DAY, Moment, WorkingDays};
use crate::dice::Dice;

/// A status code outside of 1 to 10, as one province's own system has it.
pub(crate) const UNKNOWN_STATUS: u8 = 21;
/// Steps of the longest story: registered, accepted, in progress, asked,
/// resumed, done, returned.
const MOST_STEPS: usize = 7;
/// Work where the procedure publishes no time: ten working days.
const UNPUBLISHED_WORK: u32 = 10 * DAY;
/// Work never lasts longer than a working year, whatever the time allowed.
const LONGEST_WORK: u32 = 250 * DAY;

/// One step: from this moment on the dossier has this status and due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Step {
    pub(crate) at: Moment,
    /// `TrangThaiHoSo`.
    pub(crate) status: u8,
    pub(crate) due: Option<Moment>,
}

/// All steps of one dossier, in order; the first is its registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Timeline {
    steps: [Step; MOST_STEPS],
    len: usize,
}

/// How a story ends; the figures are shares in a thousand dossiers. Some of
/// them wait for ever, so that every status is found at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    StuckAtDesk,
    Refused,
    StuckAccepted,
    StuckInProgress,
    HandedElsewhere,
    Withdrawn,
    Stopped,
    PapersNeverCame,
    PapersCame,
    NeverPaid,
    Paid,
    NeverCollected,
    Plain,
}

const FATES: [(Fate, u32); 12] = [
    (Fate::StuckAtDesk, 10),
    (Fate::Refused, 60),
    (Fate::StuckAccepted, 15),
    (Fate::StuckInProgress, 25),
    (Fate::HandedElsewhere, 8),
    (Fate::Withdrawn, 40),
    (Fate::Stopped, 40),
    (Fate::PapersNeverCame, 50),
    (Fate::PapersCame, 90),
    (Fate::NeverPaid, 40),
    (Fate::Paid, 100),
    (Fate::NeverCollected, 80),
];

impl Timeline {
    /// The steps that were taken by a moment. Empty before the registration.
    pub(crate) fn until(&self, now: Moment) -> &[Step] {
        let steps = self.steps.get(..self.len).unwrap_or_default();
        let taken = steps.partition_point(|step| step.at <= now);
        steps.get(..taken).unwrap_or_default()
    }

    /// Draws a story for a dossier handed in on a day of the table.
    pub(crate) fn draw(dice: &mut Dice, days: &WorkingDays, day: u32, time: Option<&ProcessingTime>) -> Self {
        let fate = fate(dice);
        let mut story = Self::default();

        let registered = day * DAY + dice.below(DAY);
        story.push(days, registered, 1, None);
        if fate == Fate::StuckAtDesk {
            return story;
        }
        // Most are checked within the working day, some take up to three.
        let check = if dice.percent(90) { dice.between(20, DAY) } else { dice.between(DAY, 3 * DAY) };
        let accepted = registered + check;
        if fate == Fate::Refused {
            story.push(days, accepted, 3, None);
            return story;
        }

        let (due, due_at) = deadline(days, accepted, time);
        let due_day = due_at / DAY;
        story.push(days, accepted, 2, due);
        if fate == Fate::StuckAccepted {
            return story;
        }
        let work = due_at.saturating_sub(accepted).clamp(30, LONGEST_WORK);
        let begun = accepted + dice.between(10, (work / 4).clamp(10, 2 * DAY));
        story.push(days, begun, 4, due);
        let on_time = work * dice.between(35, 97) / 100;
        let late = work + dice.between(1, 12) * DAY;
        let done = (accepted + if dice.percent(12) { late } else { on_time }).max(begun + 10);
        let midway = begun + (done - begun) * dice.between(20, 60) / 100;
        // Time spent waiting for the citizen moves the due date by as many days.
        let waited = dice.between(1, 12);
        let moved = due.map(|_| days.closing((due_day + waited) * DAY));

        let (done, due) = match fate {
            Fate::StuckInProgress => return story,
            Fate::HandedElsewhere => return story.ended(days, midway, UNKNOWN_STATUS, due),
            Fate::Withdrawn => return story.ended(days, midway, 7, due),
            Fate::Stopped => return story.ended(days, midway, 8, due),
            Fate::PapersNeverCame => return story.ended(days, midway, 5, due),
            Fate::NeverPaid => return story.ended(days, midway, 6, due),
            Fate::PapersCame | Fate::Paid => {
                let asked = if fate == Fate::Paid { 6 } else { 5 };
                story.push(days, midway, asked, due);
                story.push(days, midway + waited * DAY, 4, moved);
                (done + waited * DAY, moved)
            }
            _ => (done, due),
        };
        story.push(days, done, 9, due);
        if fate != Fate::NeverCollected {
            story.push(days, done + dice.between(10, 5 * DAY), 10, due);
        }
        story
    }

    fn push(&mut self, days: &WorkingDays, position: u32, status: u8, due: Option<Moment>) {
        if let Some(slot) = self.steps.get_mut(self.len) {
            *slot = Step { at: days.moment(position), status, due };
            self.len += 1;
        }
    }

    fn ended(mut self, days: &WorkingDays, position: u32, status: u8, due: Option<Moment>) -> Self {
        self.push(days, position, status, due);
        self
    }
}

/// The time that a dossier of this procedure is given, by one of its ways to hand in.
pub(crate) fn time_given<'a>(dice: &mut Dice, procedure: &'a Procedure) -> Option<&'a ProcessingTime> {
    dice.pick(&procedure.methods).map(|method| &method.time)
}

fn fate(dice: &mut Dice) -> Fate {
    let mut draw = dice.below(1_000);
    for (fate, share) in FATES {
        if draw < share {
            return fate;
        }
        draw -= share;
    }
    Fate::Plain
}

/// The due date as far as it is published, and the position until which the
/// work is meant to last.
fn deadline(days: &WorkingDays, accepted: u32, time: Option<&ProcessingTime>) -> (Option<Moment>, u32) {
    let Some(ProcessingTime::Published { amount, unit }) = time else {
        return (None, accepted + UNPUBLISHED_WORK);
    };
    let amount = amount.clamp(0.0, 5_000.0);
    let whole = amount.ceil() as i64;
    let by_calendar = |span: Span| {
        let (due, position) = days.closing_on_or_after(days.date(accepted / DAY).saturating_add(span));
        (Some(due), position)
    };
    match unit {
        TimeUnit::WorkingDays => {
            // Half a day counts: `1.5` ends on the second working day.
            let position = accepted.saturating_add((amount * f64::from(DAY)).ceil() as u32);
            (Some(days.closing(position)), position / DAY * DAY + DAY - 1)
        }
        TimeUnit::WorkingHours => {
            let position = accepted + (amount * 60.0).ceil() as u32;
            (Some(days.moment(position)), position)
        }
        TimeUnit::Hours if amount < 24.0 => {
            let minutes = (amount * 60.0).ceil() as u32;
            let left_today = DAY - 1 - accepted % DAY;
            (Some(days.moment(accepted) + i64::from(minutes) * 60), accepted + minutes.min(left_today))
        }
        TimeUnit::Hours => by_calendar((whole / 24).days()),
        TimeUnit::Days => by_calendar(whole.days()),
        TimeUnit::Months => by_calendar(whole.min(240).months()),
        TimeUnit::Years => by_calendar(whole.min(20).years()),
    }
}

/// The clock's time as a [`Moment`].
pub(crate) fn moment(at: Timestamp) -> Moment {
    at.as_second()
}

/// Whether a dossier is late at a moment: handled still and past its due date.
pub(crate) fn is_overdue(step: &Step, now: Moment) -> bool {
    matches!(step.status, 2 | 4) && step.due.is_some_and(|due| due < now)
}

/// `yyyyMMddHHmmss`, or empty where there is none.
pub(crate) fn wire_or_empty(at: Option<Moment>) -> String {
    at.map(days::wire).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::WorkingCalendar;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::dice::Purpose;

    fn table() -> WorkingDays {
        WorkingDays::around(date(2026, 11, 23), &WorkingCalendar::default()).unwrap()
    }

    const UNITS: [TimeUnit; 6] = [
        TimeUnit::Hours,
        TimeUnit::WorkingHours,
        TimeUnit::Days,
        TimeUnit::WorkingDays,
        TimeUnit::Months,
        TimeUnit::Years,
    ];

    #[test]
    fn the_shares_leave_room_for_the_plain_story() {
        assert!(FATES.iter().map(|(_, share)| share).sum::<u32>() < 700);
    }

    #[test]
    fn three_working_days_from_friday_end_on_wednesday() {
        let days = table();
        let friday = (days.received_days() - 1) * DAY + 100;
        let time = ProcessingTime::Published { amount: 3.0, unit: TimeUnit::WorkingDays };
        let (due, _) = deadline(&days, friday, Some(&time));
        assert_eq!(wire_or_empty(due), "20261125170000");
        let three_days = ProcessingTime::Published { amount: 3.0, unit: TimeUnit::Days };
        assert_eq!(wire_or_empty(deadline(&days, friday, Some(&three_days)).0), "20261123170000");
    }

    #[test]
    fn a_time_without_a_unit_gives_no_due_date() {
        let days = table();
        let time = ProcessingTime::UnitNotPublished { amount: 1.0 };
        assert_eq!(deadline(&days, 0, Some(&time)).0, None);
        assert_eq!(deadline(&days, 0, None).0, None);
    }

    proptest! {
        #[test]
        fn every_story_is_in_order(seed: u64, index: u64, day in 0_u32..80, amount in 0.0_f64..10_000.0, unit in 0_usize..6) {
            let days = table();
            let time = ProcessingTime::Published { amount, unit: UNITS[unit] };
            let mut dice = Dice::of(seed, Purpose::Dossier, index);
            let story = Timeline::draw(&mut dice, &days, day, Some(&time));
            let steps = story.until(i64::MAX);
            prop_assert_eq!(steps[0].status, 1);
            prop_assert!(steps.is_sorted_by_key(|step| step.at));
            for step in steps {
                prop_assert!(step.due.is_none_or(|due| due >= steps[0].at));
                prop_assert_eq!(story.until(step.at).last().map(|last| last.at), Some(step.at));
            }
            prop_assert!(story.until(steps[0].at - 1).is_empty());
        }
    }
}
