//! Time in rows: microseconds since the epoch, because both databases then
//! hold, compare and index the very same integers (ADR 0002).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::failure::unreadable;
use gateway_core::ports::StoreError;

pub(crate) fn to_micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn from_micros(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| unreadable("a time"))
}

/// `yyyymmdd`: it sorts, and an operator can read it.
pub(crate) fn to_day(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day of [`to_day`].
pub(crate) fn from_day(day: i64) -> Option<Date> {
    let part = |value: i64| i8::try_from(value % 100).ok();
    Date::new(i16::try_from(day / 10_000).ok()?, part(day / 100)?, part(day)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_moment_comes_back_to_the_microsecond() {
        let at: Timestamp = "2026-11-23T08:15:30.123456Z".parse().unwrap();
        assert_eq!(from_micros(to_micros(at)).unwrap(), at);
    }

    #[test]
    fn days_sort_as_days_do() {
        assert_eq!(to_day(date(2026, 1, 31)), 20_260_131);
        assert!(to_day(date(2026, 1, 31)) < to_day(date(2026, 2, 1)));
        assert!(to_day(date(2025, 12, 31)) < to_day(date(2026, 1, 1)));
        assert_eq!(from_day(20_260_131), Some(date(2026, 1, 31)));
        assert_eq!(from_day(20_261_301), None);
    }
}
