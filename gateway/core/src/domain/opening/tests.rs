use jiff::civil::{Date, Time, Weekday, date, time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;

use super::{Doors, OpeningHours, Session};
use crate::domain::calendar::{CalendarConfig, DayOfWeek, WorkingCalendar};
use crate::domain::{local_datetime, local_moment};

const NANOSECOND: SignedDuration = SignedDuration::from_nanos(1);

fn session(from: Time, to: Time) -> Session {
    Session { from, to }
}

fn own() -> Vec<Session> {
    vec![session(time(8, 0, 0, 0), time(11, 0, 0, 0)), session(time(13, 0, 0, 0), time(16, 30, 0, 0))]
}

fn saturdays() -> WorkingCalendar {
    WorkingCalendar::new(CalendarConfig { saturday_mornings: true, ..CalendarConfig::default() }).unwrap()
}

fn at(day: Date, text: &str) -> Timestamp {
    local_moment(day.to_datetime(text.parse().unwrap())).unwrap()
}

#[test]
fn a_saturday_morning_is_the_first_session_of_the_place() {
    let (calendar, own) = (saturdays(), own());
    let saturday = date(2026, 11, 28);
    let hours = OpeningHours::of(&calendar);
    assert_eq!(hours.on(saturday), &calendar.hours()[..1]);
    assert_eq!(hours.with_own(&own).on(saturday), &own[..1]);
    assert_eq!(hours.with_own(&own).day_ends(at(saturday, "09:00")), Some(at(saturday, "11:00")));
    assert_eq!(hours.with_own(&own).doors(at(saturday, "11:00")), Doors::Closed, "no lunch where nothing follows");
    // The Saturday of Tết, and one that is worked all day for a bridge day.
    assert!(hours.on(date(2027, 2, 6)).is_empty() && hours.on(date(2026, 8, 22)).len() == 2);
    let week = hours.in_a_week().map(<[Session]>::len);
    assert_eq!(week, [2, 2, 2, 2, 2, 1, 0]);
}

#[test]
fn a_place_that_is_open_on_days_off_is_open_as_long_as_ever() {
    let (calendar, own) = (saturdays(), own());
    let hours = OpeningHours::of(&calendar).with_own(&own).also_on_days_off(true);
    for day in [date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29), date(2026, 2, 17)] {
        assert_eq!(hours.on(day), own, "{day}: a Friday, a Saturday of mornings, a Sunday, Tết");
    }
    assert_eq!(hours.in_a_week().map(<[Session]>::len), [2; 7]);
    assert_eq!(hours.opens_after(at(date(2026, 11, 28), "16:30")), Some(at(date(2026, 11, 29), "08:00")));
}

#[test]
fn the_last_instant_is_in_time_and_no_longer_open() {
    let calendar = WorkingCalendar::default();
    let hours = OpeningHours::of(&calendar);
    let closing = at(date(2026, 11, 27), "17:00");
    assert!(hours.is_in_time(closing) && !hours.at(closing).open);
    assert!(!hours.is_in_time(closing + NANOSECOND));
    assert_eq!(hours.at(closing).opens_at, Some(at(date(2026, 11, 30), "07:00")), "Monday");
    let before = closing - NANOSECOND;
    assert_eq!((hours.at(before).open, hours.at(before).closes_at), (true, Some(closing)));
    assert_eq!(hours.doors(before), Doors::Open { left: std::time::Duration::from_nanos(1), for_the_day: true });
    assert_eq!(hours.doors(at(date(2026, 11, 27), "11:30")), Doors::Lunch);
    assert_eq!(hours.doors(closing), Doors::Closed);
}

#[test]
fn the_clock_is_the_province_s() {
    let calendar = WorkingCalendar::default();
    let hours = OpeningHours::of(&calendar);
    assert!(hours.at("2026-11-27T00:00:00Z".parse().unwrap()).open, "seven in the morning");
    assert!(!hours.at("2026-11-26T23:59:59Z".parse().unwrap()).open, "a second before");
    assert!(hours.at("2026-11-29T20:00:00-04:00".parse().unwrap()).open, "Sunday over there, Monday at seven here");
    assert!(!hours.at("2026-11-27T17:00:00Z".parse().unwrap()).open, "Saturday here");
}

#[test]
fn at_the_end_of_time_nothing_opens() {
    let calendar = WorkingCalendar::default();
    let hours = OpeningHours::of(&calendar).also_on_days_off(true);
    for moment in [Timestamp::MAX, Timestamp::MIN] {
        let opening = hours.at(moment);
        assert!(opening.open || opening.closes_at.is_none());
    }
    assert_eq!(hours.opens_after(Timestamp::MAX), None);
    assert_eq!(hours.day_ends(Timestamp::MAX), None);
}

#[test]
fn sessions_out_of_order_are_named() {
    let [morning, afternoon] = [own()[0], own()[1]];
    assert_eq!(Session::first_out_of_order(&[]), None);
    assert_eq!(Session::first_out_of_order(&[morning, afternoon]), None);
    assert_eq!(Session::first_out_of_order(&[afternoon, morning]), Some(1));
    assert_eq!(Session::first_out_of_order(&[session(morning.to, morning.from)]), Some(0));
    let touching = session(morning.to, afternoon.to);
    assert_eq!(Session::first_out_of_order(&[morning, touching]), Some(1), "then it is one session");
}

/// One to four sessions in order.
fn sessions() -> impl Strategy<Value = Vec<Session>> {
    proptest::collection::btree_set(0_i32..24 * 60, 2..9).prop_map(|minutes| {
        let minutes: Vec<i32> = minutes.into_iter().collect();
        let time = |minute: i32| Time::midnight() + minute.minutes();
        minutes.chunks_exact(2).map(|two| session(time(two[0]), time(two[1]))).collect()
    })
}

fn calendars() -> impl Strategy<Value = WorkingCalendar> {
    (sessions(), any::<bool>(), any::<bool>()).prop_map(|(hours, saturday_mornings, sunday_only)| {
        let usual = CalendarConfig { hours, saturday_mornings, ..CalendarConfig::default() };
        let config = if sunday_only {
            CalendarConfig { weekend: vec![DayOfWeek::Sunday], makeup_days: vec![], ..usual }
        } else {
            usual
        };
        WorkingCalendar::new(config).unwrap()
    })
}

/// Any minute of three years, and the instant before or after it.
fn moments() -> impl Strategy<Value = Timestamp> {
    (0_i64..1_095 * 24 * 60, -1_i64..=1).prop_map(|(minute, nanosecond)| {
        at(date(2025, 1, 1), "00:00") + SignedDuration::from_mins(minute) + SignedDuration::from_nanos(nanosecond)
    })
}

proptest! {
    #[test]
    fn it_is_open_exactly_in_the_sessions_of_the_day(
        calendar in calendars(), own in prop_oneof![Just(Vec::new()), sessions()], on_days_off: bool, moment in moments(),
    ) {
        let hours = OpeningHours::of(&calendar).with_own(&own).also_on_days_off(on_days_off);
        // Seven hours ahead since 1975: read without the zone's table.
        let zoned = Offset::constant(7).to_datetime(moment);
        let of_day = hours.on(zoned.date());
        prop_assert_eq!(Session::first_out_of_order(of_day), None, "no two overlap or touch");

        let within: Vec<_> = of_day.iter().filter(|of| of.from <= zoned.time() && zoned.time() < of.to).collect();
        prop_assert!(within.len() <= 1);
        let opening = hours.at(moment);
        prop_assert_eq!(opening.open, !within.is_empty());
        prop_assert_eq!(opening.closes_at.map(|at| local_datetime(at).time()), within.first().map(|of| of.to));
        prop_assert!(opening.open || opening.opens_at.is_some(), "it opens again");

        let doors = hours.doors(moment);
        prop_assert_eq!(matches!(doors, Doors::Open { .. }), opening.open);
        if let Doors::Open { left, for_the_day } = doors {
            let closes = opening.closes_at.unwrap();
            // A cut-off of any length lies within the session, or takes all of it.
            prop_assert_eq!(moment + SignedDuration::try_from(left).unwrap(), closes);
            prop_assert!(!left.is_zero());
            prop_assert_eq!(for_the_day, hours.day_ends(moment) == Some(closes));
        }
        if doors == Doors::Lunch {
            let opens = opening.opens_at.unwrap();
            prop_assert_eq!(local_datetime(opens).date(), zoned.date());
            prop_assert!(hours.day_ends(moment).is_some_and(|ends| opens < ends), "lunch lies within the day");
        }
        let last_instant = of_day.iter().any(|of| of.to == zoned.time());
        prop_assert_eq!(hours.is_in_time(moment), opening.open || last_instant);
        prop_assert!(hours.day_ends(moment).is_none_or(|ends| moment < ends && hours.is_in_time(ends)));
    }

    #[test]
    fn days_off_and_half_days_are_the_calendar_s(
        calendar in calendars(), own in sessions(), on_days_off: bool, day in 0_i32..1_095,
    ) {
        let day = date(2025, 1, 1) + day.days();
        let usual = OpeningHours::of(&calendar).with_own(&own);
        let hours = usual.also_on_days_off(on_days_off);
        if calendar.is_working_day(day) || on_days_off {
            prop_assert_eq!(hours.on(day), own.as_slice());
        } else if !hours.on(day).is_empty() {
            prop_assert_eq!(hours.on(day), &own[..1]);
            prop_assert!(day.weekday() == Weekday::Saturday && calendar.saturday_mornings());
            prop_assert_eq!(calendar.holiday(day), None);
        }
        // A holiday or a make-up day is all that tells a day from its week's.
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap();
        if calendar.holiday(day).is_none() && !(calendar.is_working_day(day) && usual.in_a_week()[weekday].len() != own.len()) {
            prop_assert_eq!(hours.on(day), hours.in_a_week()[weekday]);
        }
    }

    #[test]
    fn it_opens_at_the_first_instant_that_is_open(
        calendar in calendars(), own in prop_oneof![Just(Vec::new()), sessions()], on_days_off: bool, moment in moments(),
    ) {
        let hours = OpeningHours::of(&calendar).with_own(&own).also_on_days_off(on_days_off);
        let opens = hours.opens_after(moment).unwrap();
        prop_assert!(opens > moment);
        prop_assert!(hours.at(opens).open, "it is open when it opens");
        prop_assert!(!hours.is_in_time(opens - NANOSECOND) || hours.at(opens - NANOSECOND).open, "and was not before");
        // Nothing opens in between: from its closing on, looked at every quarter of
        // an hour.
        let closed_from = hours.at(moment).closes_at.unwrap_or(moment);
        for between in closed_from.series(15.minutes()).take_while(|between| *between < opens) {
            prop_assert_eq!(hours.at(between).opens_at, Some(opens));
        }
    }
}
