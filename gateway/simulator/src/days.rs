//! A table of working days, and working time counted in minutes on it.
//!
//! Everything that happens to a dossier happens in working time (07:00–11:30
//! and 13:30–17:00, eight hours a day). A *position* is a number of working
//! minutes since the table's first day, so that "three working days later" is
//! one addition; only what is shown is turned into a wall clock's time.

use gateway_core::domain::WorkingCalendar;
use jiff::civil::Date;
use jiff::tz::{Offset, offset};
use jiff::{Timestamp, ToSpan as _};

/// Working minutes of a day.
pub(crate) const DAY: u32 = 480;
/// Minutes of the working morning.
const MORNING: u32 = 270;
/// How many calendar days before today dossiers were received.
const PAST_DAYS: i32 = 120;
/// How far the table reaches into the future, in calendar days.
const FUTURE_DAYS: i32 = 1_500;
/// Asia/Ho_Chi_Minh has kept one offset, without summer time, since 1975.
const VIETNAM: Offset = offset(7);
const SECONDS_A_DAY: i64 = 86_400;

/// A moment, in seconds of the Unix epoch.
pub(crate) type Moment = i64;

/// The day in Vietnam at a moment.
pub(crate) fn day_of(at: Timestamp) -> Date {
    VIETNAM.to_datetime(at).date()
}

/// `yyyyMMddHHmmss` in Vietnam.
pub(crate) fn wire(at: Moment) -> String {
    Timestamp::from_second(at)
        .map(|at| {
            let at = VIETNAM.to_datetime(at);
            format!(
                "{:04}{:02}{:02}{:02}{:02}{:02}",
                at.year(),
                at.month(),
                at.day(),
                at.hour(),
                at.minute(),
                at.second()
            )
        })
        .unwrap_or_default()
}

/// `dd/MM/yyyy` in Vietnam, as an officer writes it.
pub(crate) fn plain_date(at: Moment) -> String {
    Timestamp::from_second(at)
        .map(|at| {
            let day = VIETNAM.to_datetime(at).date();
            format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
        })
        .unwrap_or_default()
}

/// The working days around the day the simulator started.
#[derive(Debug)]
pub(crate) struct WorkingDays {
    /// Day numbers of the Unix epoch, ascending, never empty.
    days: Vec<i64>,
    /// Those before today; dossiers were received on them.
    past: u32,
}

impl WorkingDays {
    /// The table around `today`; `None` where the calendar knows no working
    /// day before it.
    pub(crate) fn around(today: Date, calendar: &WorkingCalendar) -> Option<Self> {
        let day = |offset: i32| today.checked_add(offset.days()).ok().filter(|day| calendar.is_working_day(*day));
        let mut days: Vec<i64> = (-PAST_DAYS..0).filter_map(day).map(epoch_day).collect();
        let past = u32::try_from(days.len()).ok().filter(|past| *past > 0)?;
        days.extend((0..FUTURE_DAYS).filter_map(day).map(epoch_day));
        Some(Self { days, past })
    }

    /// How many days dossiers were received on.
    pub(crate) fn received_days(&self) -> u32 {
        self.past
    }

    /// The date of a day of the table.
    pub(crate) fn date(&self, day: u32) -> Date {
        civil(self.epoch_day(day))
    }

    /// Which day on which dossiers were received a date is.
    pub(crate) fn received_day(&self, date: Date) -> Option<u32> {
        let place = self.days.binary_search(&epoch_day(date)).ok()?;
        u32::try_from(place).ok().filter(|place| *place < self.past)
    }

    /// The moment of a position; past the table's end, the end of its last day.
    pub(crate) fn moment(&self, position: u32) -> Moment {
        let minute = position % DAY;
        let clock = if minute < MORNING { 7 * 60 + minute } else { 13 * 60 + 30 + (minute - MORNING) };
        midnight(self.epoch_day(position / DAY)) + i64::from(clock) * 60
    }

    /// 17:00 of the day of a position.
    pub(crate) fn closing(&self, position: u32) -> Moment {
        closing_of(self.epoch_day(position / DAY))
    }

    /// 17:00 of the first working day on or after a date, and a position in it.
    pub(crate) fn closing_on_or_after(&self, date: Date) -> (Moment, u32) {
        let wanted = epoch_day(date);
        let place = self.days.partition_point(|day| *day < wanted);
        match self.days.get(place) {
            Some(day) => (closing_of(*day), u32::try_from(place).unwrap_or(u32::MAX / DAY - 1) * DAY + DAY - 1),
            None => (closing_of(wanted), u32::try_from(self.days.len()).unwrap_or(u32::MAX / DAY - 1) * DAY),
        }
    }

    fn epoch_day(&self, day: u32) -> i64 {
        self.days.get(day as usize).or(self.days.last()).copied().unwrap_or_default()
    }
}

fn epoch_day(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

fn civil(epoch_day: i64) -> Date {
    Timestamp::from_second(epoch_day * SECONDS_A_DAY)
        .map(|at| Offset::UTC.to_datetime(at).date())
        .unwrap_or(Date::constant(1970, 1, 1))
}

fn midnight(epoch_day: i64) -> Moment {
    epoch_day * SECONDS_A_DAY - i64::from(VIETNAM.seconds())
}

fn closing_of(epoch_day: i64) -> Moment {
    midnight(epoch_day) + 17 * 3_600
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn table() -> WorkingDays {
        WorkingDays::around(date(2026, 11, 23), &WorkingCalendar::default()).unwrap()
    }

    #[test]
    fn the_window_ends_before_today_and_spans_four_months() {
        let days = table();
        assert!((70..=86).contains(&days.received_days()));
        assert_eq!(days.date(days.received_days() - 1), date(2026, 11, 20), "the Friday before that Monday");
        assert_eq!(days.received_day(date(2026, 11, 20)), Some(days.received_days() - 1));
        assert_eq!(days.received_day(date(2026, 11, 22)), None, "a Sunday");
        assert_eq!(days.received_day(date(2026, 11, 23)), None, "today");
    }

    #[test]
    fn working_minutes_pass_over_noon_night_and_weekend() {
        let days = table();
        let friday = (days.received_days() - 1) * DAY;
        assert_eq!(wire(days.moment(friday)), "20261120070000");
        assert_eq!(wire(days.moment(friday + 269)), "20261120112900");
        assert_eq!(wire(days.moment(friday + 270)), "20261120133000");
        assert_eq!(wire(days.moment(friday + 479)), "20261120165900");
        assert_eq!(wire(days.moment(friday + 480)), "20261123070000");
        assert_eq!(wire(days.closing(friday)), "20261120170000");
        assert_eq!(wire(days.closing_on_or_after(date(2026, 11, 21)).0), "20261123170000");
        assert_eq!(plain_date(days.moment(friday)), "20/11/2026");
    }

    #[test]
    fn beyond_the_table_time_does_not_run_backwards() {
        let days = table();
        assert!(days.moment(u32::MAX) >= days.moment(1_000 * DAY));
        assert_eq!(wire(days.closing_on_or_after(date(2040, 1, 1)).0), "20400101170000");
    }
}
