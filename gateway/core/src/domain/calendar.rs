//! Working days and holidays of the administration, and its usual hours. When a
//! place is open says [`super::opening`].
//!
//! *Ngày* is not *ngày làm việc*: deadlines of procedures are mostly counted
//! in working days, and what comes in after closing time counts from the next
//! working morning (`domain/dossiers.md`, Time).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use compact_str::CompactString;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, ToSpan};
use serde::Deserialize;
use thiserror::Error;

use super::opening::{OpeningHours, Session};

mod vietnam;

/// Asia/Ho_Chi_Minh: the zone of every date this software speaks of. Compiled
/// in, so that a container without tzdata counts the same days.
pub static TIME_ZONE: LazyLock<TimeZone> = LazyLock::new(|| {
    // The file is the IANA zone, 351 bytes; a test reads it, so the fixed
    // offset (right since 1975) is never used.
    TimeZone::tzif("Asia/Ho_Chi_Minh", include_bytes!("asia_ho_chi_minh.tzif"))
        .unwrap_or_else(|_| TimeZone::fixed(Offset::constant(7)))
});

/// The working calendar as it stands in the configuration. Every field may be
/// left out; its default is Vietnam's (see [`WorkingCalendar::default`]).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarConfig {
    /// Days of the week without work. Default: Saturday and Sunday.
    pub weekend: Vec<DayOfWeek>,
    /// Whether Saturday mornings are open for receiving. They receive, but are
    /// no working day of a deadline: half a day completes none. Default: false.
    pub saturday_mornings: bool,
    /// Opening hours in order, not touching. Default: 07:00–11:30 and
    /// 13:30–17:00.
    pub hours: Vec<Session>,
    /// Days off. Default: the public holidays of 2025–2027. A list here
    /// replaces the default whole.
    pub holidays: Vec<Holiday>,
    /// Days of the weekend that are worked, in exchange for a bridge day.
    pub makeup_days: Vec<Date>,
}

/// One day off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day in Vietnam.
    pub date: Date,
    /// A key of the holiday's name for the language files (`tet`,
    /// `national-day`), not a sentence.
    pub name: CompactString,
}

/// A day of the week in configuration files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// How much of a day is worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// All of it.
    Whole,
    /// Its morning receives; it is no working day of a deadline.
    Half,
    /// Nothing of it.
    Off,
}

/// Why a calendar is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// All seven days are weekend.
    #[error("weekend: at least one day of the week must be a working day")]
    NoWorkingDay,
    /// There are no opening hours.
    #[error("hours: at least one session is needed")]
    NoHours,
    /// A session ends before it begins, or begins before the one before it
    /// ended.
    #[error("hours: session {0} must end after it begins and begin after the one before it")]
    HoursOutOfOrder(usize),
    /// The same date stands twice among the holidays.
    #[error("holidays: {0} stands twice")]
    HolidayTwice(Date),
    /// A date is both a holiday and a make-up day.
    #[error("makeup_days: {0} is also a holiday")]
    MakeupOnHoliday(Date),
    /// A make-up day that is a working day anyway.
    #[error("makeup_days: {0} is a working day anyway")]
    MakeupOnWorkingDay(Date),
}

impl CalendarError {
    /// A code that stays the same between releases.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoWorkingDay => "calendar_no_working_day",
            Self::NoHours => "calendar_no_hours",
            Self::HoursOutOfOrder(_) => "calendar_hours_out_of_order",
            Self::HolidayTwice(_) => "calendar_holiday_twice",
            Self::MakeupOnHoliday(_) => "calendar_makeup_on_holiday",
            Self::MakeupOnWorkingDay(_) => "calendar_makeup_on_working_day",
        }
    }
}

/// Which days are worked and until when. Every method answers for any date a
/// computer can hold, in a time that does not depend on how far apart two
/// dates are.
#[derive(Debug, Clone)]
pub struct WorkingCalendar {
    /// Indexed by Monday = 0.
    weekend: [bool; 7],
    saturday_mornings: bool,
    hours: Vec<Session>,
    holidays: BTreeMap<Date, CompactString>,
    makeup_days: BTreeSet<Date>,
}

impl WorkingCalendar {
    /// Builds a calendar from its configuration.
    ///
    /// # Errors
    /// [`CalendarError`] names the setting and the date.
    pub fn new(config: CalendarConfig) -> Result<Self, CalendarError> {
        let mut weekend = [false; 7];
        for day in &config.weekend {
            if let Some(slot) = weekend.get_mut(*day as usize) {
                *slot = true;
            }
        }
        if weekend.iter().all(|off| *off) {
            return Err(CalendarError::NoWorkingDay);
        }
        if config.hours.is_empty() {
            return Err(CalendarError::NoHours);
        }
        if let Some(place) = Session::first_out_of_order(&config.hours) {
            return Err(CalendarError::HoursOutOfOrder(place + 1));
        }
        let mut holidays = BTreeMap::new();
        for holiday in config.holidays {
            if holidays.insert(holiday.date, holiday.name).is_some() {
                return Err(CalendarError::HolidayTwice(holiday.date));
            }
        }
        let calendar = Self {
            weekend,
            saturday_mornings: config.saturday_mornings,
            hours: config.hours,
            holidays,
            makeup_days: config.makeup_days.into_iter().collect(),
        };
        for day in &calendar.makeup_days {
            if calendar.holidays.contains_key(day) {
                return Err(CalendarError::MakeupOnHoliday(*day));
            }
            if !calendar.is_weekend(*day) {
                return Err(CalendarError::MakeupOnWorkingDay(*day));
            }
        }
        Ok(calendar)
    }

    /// Whether the administration works on this day (all day).
    pub fn is_working_day(&self, date: Date) -> bool {
        self.makeup_days.contains(&date) || !(self.is_weekend(date) || self.holidays.contains_key(&date))
    }

    /// The key of the holiday's name, if the day is one.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.holidays.get(&date).map(CompactString::as_str)
    }

    /// Whether the table knows the public holidays of this year. Where it does
    /// not, only weekends are free, and deadlines come out too early: `dakenh
    /// check` warns of it.
    pub fn knows_holidays_of(&self, year: i16) -> bool {
        self.holidays.keys().any(|day| day.year() == year)
    }

    /// The opening hours of a whole working day, in order.
    pub fn hours(&self) -> &[Session] {
        &self.hours
    }

    /// Whether Saturday mornings receive beside the working days; a Saturday
    /// that is a working day is one anyway.
    pub const fn saturday_mornings(&self) -> bool {
        let [.., saturday, _] = self.weekend;
        self.saturday_mornings && saturday
    }

    /// Which days of a week without holidays are worked, Monday first.
    pub fn working_week(&self) -> [bool; 7] {
        self.weekend.map(|off| !off)
    }

    /// How much of a day is worked.
    pub fn day(&self, date: Date) -> DayKind {
        if self.is_working_day(date) {
            DayKind::Whole
        } else if self.is_saturday_morning_day(date) {
            DayKind::Half
        } else {
            DayKind::Off
        }
    }

    /// How much is worked of the days of a week without holidays, Monday first.
    pub fn week(&self) -> [DayKind; 7] {
        let mut week = self.weekend.map(|off| if off { DayKind::Off } else { DayKind::Whole });
        if let [.., saturday, _] = &mut week
            && self.saturday_mornings()
        {
            *saturday = DayKind::Half;
        }
        week
    }

    /// Working days after `from` up to and including `to`: how many days late
    /// something due on `from` is on `to`. 0 where `to` is not later.
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let days = days_between(from, to);
        if days <= 0 {
            return 0;
        }
        let (weeks, rest) = (days / 7, days % 7);
        let first = from.weekday().to_monday_zero_offset();
        let worked = |offset: i32| {
            let day = (i32::from(first) + offset).rem_euclid(7);
            !usize::try_from(day).ok().and_then(|d| self.weekend.get(d)).copied().unwrap_or(false)
        };
        let a_week = (0..7).filter(|offset| worked(*offset)).count();
        let a_rest = (1..=rest).filter(|offset| worked(*offset)).count();
        let plain = usize::try_from(weeks).unwrap_or(0) * a_week + a_rest;
        // `from < to` here, so the bounds are in order.
        let after = (std::ops::Bound::Excluded(from), std::ops::Bound::Included(to));
        let off = self.holidays.range(after).filter(|(day, _)| !self.is_weekend(**day)).count();
        let extra = self.makeup_days.range(after).count();
        u32::try_from((plain + extra).saturating_sub(off)).unwrap_or(u32::MAX)
    }

    /// The `n`th working day after `date` (0: the date itself). It stops at the
    /// end of the computer's calendar (9999-12-31).
    pub fn add_working_days(&self, date: Date, n: u32) -> Date {
        if n == 0 {
            return date;
        }
        let (mut low, mut high) = (0, days_between(date, Date::MAX));
        // The count never falls as the end moves on, so its first day can be
        // searched for by halving: at most 23 steps.
        while low < high {
            let middle = low + (high - low) / 2;
            if self.working_days_between(date, later(date, middle)) >= n {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        later(date, low)
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: Date) -> Date {
        self.add_working_days(date, 1)
    }

    /// The day from which something received at `at` (clock of Vietnam) counts:
    /// the same day until closing time, else the next working day.
    pub fn counts_from(&self, at: DateTime) -> Date {
        let date = at.date();
        match OpeningHours::of(self).on(date).last() {
            Some(last) if at.time() <= last.to => date,
            _ => self.next_working_day(date),
        }
    }

    fn is_weekend(&self, date: Date) -> bool {
        let day = date.weekday().to_monday_zero_offset();
        usize::try_from(day).ok().and_then(|d| self.weekend.get(d)).copied().unwrap_or(false)
    }

    fn is_saturday_morning_day(&self, date: Date) -> bool {
        self.saturday_mornings && date.weekday() == Weekday::Saturday && !self.holidays.contains_key(&date)
    }
}

impl Default for CalendarConfig {
    fn default() -> Self {
        Self {
            weekend: vec![DayOfWeek::Saturday, DayOfWeek::Sunday],
            saturday_mornings: false,
            hours: vec![
                Session { from: Time::constant(7, 0, 0, 0), to: Time::constant(11, 30, 0, 0) },
                Session { from: Time::constant(13, 30, 0, 0), to: Time::constant(17, 0, 0, 0) },
            ],
            holidays: vietnam::holidays(),
            makeup_days: vietnam::makeup_days(),
        }
    }
}

impl Default for WorkingCalendar {
    /// Vietnam's public holidays of 2025–2027, Saturday and Sunday free,
    /// 07:00–11:30 and 13:30–17:00.
    fn default() -> Self {
        Self::new(CalendarConfig::default()).unwrap_or_else(|_| Self::bare())
    }
}

impl WorkingCalendar {
    /// Monday to Friday without holidays. Only there so that the default cannot
    /// fail; a test shows that the compiled-in table is valid.
    fn bare() -> Self {
        Self {
            weekend: [false, false, false, false, false, true, true],
            saturday_mornings: false,
            hours: Vec::new(),
            holidays: BTreeMap::new(),
            makeup_days: BTreeSet::new(),
        }
    }
}

/// Whole days from one date to the other; negative backwards. All dates lie
/// within ±9999 years, so it fits.
fn days_between(from: Date, to: Date) -> i32 {
    i32::try_from(from.duration_until(to).as_hours() / 24).unwrap_or(0)
}

fn later(date: Date, days: i32) -> Date {
    let span: Span = days.days();
    date.saturating_add(span)
}

#[cfg(test)]
mod tests;
