//! When a place is open: the one home of this rule, for the province's desks, for
//! a centre's queue and its services, and for the hall that a terminal stands in.
//!
//! A place has its own sessions or the calendar's. They hold on working days; the
//! first of them on Saturday mornings that receive; none of them on other days
//! off, except at a place that is open on days off, too, which is then open as
//! long as ever. Source: working time and days off as `domain/dossiers.md` (Time)
//! has them; which day is which says the [`WorkingCalendar`]. Every moment is read
//! by the clock of Asia/Ho_Chi_Minh.
//!
//! A session has two ends, one instant apart. *Open* ends before its last instant:
//! at 17:00 nobody new can be served. *In time* ends with it: what comes at 17:00
//! sharp still came today, and later is the next day (`domain/dossiers.md`, Time).

use std::time::Duration;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::calendar::{DayKind, WorkingCalendar};
use super::{local_datetime, local_moment};

/// One stretch of opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Its first instant.
    pub from: Time,
    /// Its last instant: nobody new is served any more, and what comes in is still
    /// in time.
    pub to: Time,
}

impl Session {
    /// Whether it is open at this time of day.
    pub fn is_open(self, time: Time) -> bool {
        self.from <= time && time < self.to
    }

    /// Whether what comes in at this time of day is in time.
    pub fn is_in_time(self, time: Time) -> bool {
        self.from <= time && time <= self.to
    }

    /// The place of the first session (from 0) that does not end after it begins,
    /// or does not begin after the one before it has ended.
    pub fn first_out_of_order(sessions: &[Self]) -> Option<usize> {
        let mut before = None;
        sessions.iter().position(|session| {
            let wrong = session.from >= session.to || before.is_some_and(|end| session.from <= end);
            before = Some(session.to);
            wrong
        })
    }
}

/// When a place is open.
#[derive(Debug, Clone, Copy)]
pub struct OpeningHours<'a> {
    calendar: &'a WorkingCalendar,
    /// Of a whole day; empty: the calendar's.
    own: &'a [Session],
    on_days_off: bool,
}

/// Whether a place is open, and until or from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Whether it is open now.
    pub open: bool,
    /// When it closes (for lunch, or for the day), where it is open.
    pub closes_at: Option<Timestamp>,
    /// When it opens, where it is closed and that is known.
    pub opens_at: Option<Timestamp>,
}

/// How the doors of a place stand at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doors {
    /// They are open.
    Open {
        /// For so long yet.
        left: Duration,
        /// They close for the day then, not for lunch.
        for_the_day: bool,
    },
    /// They are closed between two sessions of the day: lunch.
    Lunch,
    /// They are closed before, after or between days.
    Closed,
}

impl<'a> OpeningHours<'a> {
    /// Of a place that keeps the calendar's hours: the province's desks.
    pub const fn of(calendar: &'a WorkingCalendar) -> Self {
        Self { calendar, own: &[], on_days_off: false }
    }

    /// The same with sessions of its own, in order and not touching (see
    /// [`Session::first_out_of_order`]); with none of them the calendar's hold.
    #[must_use]
    pub const fn with_own(self, own: &'a [Session]) -> Self {
        Self { own, ..self }
    }

    /// The same on the calendar's days off, too, or not.
    #[must_use]
    pub const fn also_on_days_off(self, on_days_off: bool) -> Self {
        Self { on_days_off, ..self }
    }

    /// The sessions of a day, in order; none where it is closed all day.
    pub fn on(self, day: Date) -> &'a [Session] {
        self.of_a_day(self.calendar.day(day))
    }

    /// The sessions of the usual week, Monday first: without holidays and make-up
    /// days.
    pub fn in_a_week(self) -> [&'a [Session]; 7] {
        self.calendar.week().map(|kind| self.of_a_day(kind))
    }

    /// How it stands at a moment.
    pub fn at(self, moment: Timestamp) -> Opening {
        let local = local_datetime(moment);
        match self.session(local) {
            Some(session) => {
                Opening { open: true, closes_at: local_moment(local.date().to_datetime(session.to)), opens_at: None }
            }
            None => Opening { open: false, closes_at: None, opens_at: self.opens_after(moment) },
        }
    }

    /// How its doors stand at a moment.
    pub fn doors(self, moment: Timestamp) -> Doors {
        let local = local_datetime(moment);
        let (sessions, time) = (self.on(local.date()), local.time());
        if let Some(session) = self.session(local) {
            let left = Duration::try_from(session.to.duration_since(time)).unwrap_or_default();
            return Doors::Open { left, for_the_day: sessions.last() == Some(session) };
        }
        let began = sessions.first().is_some_and(|first| first.to <= time);
        let goes_on = sessions.last().is_some_and(|last| time < last.from);
        if began && goes_on { Doors::Lunch } else { Doors::Closed }
    }

    /// Whether what comes in at a moment is in time: open, or the last instant of
    /// a session.
    pub fn is_in_time(self, moment: Timestamp) -> bool {
        let local = local_datetime(moment);
        self.on(local.date()).iter().any(|session| session.is_in_time(local.time()))
    }

    /// The next beginning of a session after a moment; `None` where no hours are
    /// known, or at the end of the computer's calendar.
    pub fn opens_after(self, moment: Timestamp) -> Option<Timestamp> {
        let local = local_datetime(moment);
        let today = local.date();
        let later_today = self.on(today).iter().find(|session| local.time() < session.from);
        // No place is closed for longer than until the next working day.
        let working = self.calendar.next_working_day(today);
        let on_another_day = || {
            let days = today.series(1.day()).skip(1).take_while(|day| *day <= working);
            days.into_iter().find_map(|day| Some(day.to_datetime(self.on(day).first()?.from)))
        };
        later_today.map(|session| today.to_datetime(session.from)).or_else(on_another_day).and_then(local_moment)
    }

    /// When the day ends, where it has begun and not ended yet; lunch lies within.
    pub fn day_ends(self, moment: Timestamp) -> Option<Timestamp> {
        let local = local_datetime(moment);
        let (first, last) = match self.on(local.date()) {
            [] => return None,
            [only] => (only, only),
            [first, .., last] => (first, last),
        };
        let lasts = first.from <= local.time() && local.time() < last.to;
        local_moment(local.date().to_datetime(last.to)).filter(|_| lasts)
    }

    fn session(self, local: DateTime) -> Option<&'a Session> {
        self.on(local.date()).iter().find(|session| session.is_open(local.time()))
    }

    fn of_a_day(self, kind: DayKind) -> &'a [Session] {
        let whole = if self.own.is_empty() { self.calendar.hours() } else { self.own };
        match kind {
            DayKind::Whole => whole,
            _ if self.on_days_off => whole,
            DayKind::Half => whole.get(..1).unwrap_or_default(),
            DayKind::Off => &[],
        }
    }
}

#[cfg(test)]
mod tests;
