//! Dates and times as the national portal writes them: `yyyyMMddHHmmss` (or
//! `yyyyMMdd`) on the clock of Asia/Ho_Chi_Minh (`domain/dossiers.md`, Time).

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ZonedDateTime};
use thiserror::Error;

use super::calendar::TIME_ZONE;

/// Why a text is no time of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WireTimeError {
    /// Nothing but white space: the wire's way to say "none".
    #[error("empty")]
    Empty,
    /// Neither 14 nor 8 ASCII digits.
    #[error("expected yyyyMMddHHmmss or yyyyMMdd")]
    Shape,
    /// Digits, but no such day or time of day.
    #[error("no such date or time")]
    NoSuchTime,
    /// A year before 1900 or after 9998: what systems write that have no date
    /// (`00010101000000`, `99991231235959`).
    #[error("a year outside 1900–9998 stands for no date")]
    OutOfRange,
}

impl WireTimeError {
    /// A code that stays the same between releases.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "wire_time_empty",
            Self::Shape => "wire_time_shape",
            Self::NoSuchTime => "wire_time_no_such_time",
            Self::OutOfRange => "wire_time_out_of_range",
        }
    }
}

/// Reads `yyyyMMddHHmmss`, or `yyyyMMdd` as the midnight that begins the day.
/// White space around it is tolerated.
///
/// # Errors
/// [`WireTimeError`].
pub fn parse(text: &str) -> Result<ZonedDateTime, WireTimeError> {
    parse_civil(text)?.to_zoned_datetime(TIME_ZONE.clone()).map_err(|_| WireTimeError::OutOfRange)
}

/// Like [`parse`], as an instant.
///
/// # Errors
/// [`WireTimeError`].
pub fn parse_timestamp(text: &str) -> Result<Timestamp, WireTimeError> {
    parse(text).map(|zoned| zoned.timestamp())
}

/// Like [`parse`], as the calendar day in Vietnam.
///
/// # Errors
/// [`WireTimeError`].
pub fn parse_date(text: &str) -> Result<Date, WireTimeError> {
    parse_civil(text).map(DateTime::date)
}

/// `yyyyMMddHHmmss` on the clock of Asia/Ho_Chi_Minh; fractions of a second
/// are dropped. Years outside 0–9999 do not occur on the wire and are written
/// as 0000.
pub fn format(at: Timestamp) -> String {
    let local = at.to_zoned_datetime(TIME_ZONE.clone());
    format!("{}{:02}{:02}{:02}", format_date(local.date()), local.hour(), local.minute(), local.second())
}

/// `yyyyMMdd`.
pub fn format_date(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year().max(0), date.month(), date.day())
}

fn parse_civil(text: &str) -> Result<DateTime, WireTimeError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(WireTimeError::Empty);
    }
    if !matches!(text.len(), 8 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(WireTimeError::Shape);
    }
    let part = |from: usize, to: usize| -> i16 {
        text.get(from..to).and_then(|digits| digits.parse().ok()).unwrap_or_default()
    };
    let small = |from: usize| -> i8 { i8::try_from(part(from, from + 2)).unwrap_or_default() };
    let year = part(0, 4);
    if !(1900..=9998).contains(&year) {
        return Err(WireTimeError::OutOfRange);
    }
    let date = Date::new(year, small(4), small(6)).map_err(|_| WireTimeError::NoSuchTime)?;
    let time = if text.len() == 8 {
        Time::midnight()
    } else {
        Time::new(small(8), small(10), small(12), 0).map_err(|_| WireTimeError::NoSuchTime)?
    };
    Ok(date.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{WireTimeError, format, format_date, parse, parse_date, parse_timestamp};

    #[test]
    fn ngay_gio_cua_cong_dich_vu() {
        let nhan = parse("20210819143005").unwrap();
        assert_eq!(nhan.to_string(), "2021-08-19T14:30:05+07:00[Asia/Ho_Chi_Minh]");
        assert_eq!(parse_timestamp(" 20210819143005 ").unwrap().to_string(), "2021-08-19T07:30:05Z");
        assert_eq!(parse_date("20210819").unwrap(), date(2021, 8, 19));
        assert_eq!(parse("20210819").unwrap().to_string(), "2021-08-19T00:00:00+07:00[Asia/Ho_Chi_Minh]");
        assert_eq!(format(nhan.timestamp()), "20210819143005");
        assert_eq!(format_date(date(2021, 8, 9)), "20210809");
    }

    #[test]
    fn ngay_khong_co_that() {
        assert_eq!(parse(""), Err(WireTimeError::Empty));
        assert_eq!(parse("  "), Err(WireTimeError::Empty));
        assert_eq!(parse("2021-08-19"), Err(WireTimeError::Shape));
        assert_eq!(parse("202108191430"), Err(WireTimeError::Shape));
        assert_eq!(parse("２０２１０８１９"), Err(WireTimeError::Shape));
        assert_eq!(parse("20210231"), Err(WireTimeError::NoSuchTime));
        assert_eq!(parse("20210819246060"), Err(WireTimeError::NoSuchTime));
        assert_eq!(parse("00010101000000"), Err(WireTimeError::OutOfRange));
        assert_eq!(parse("99991231235959"), Err(WireTimeError::OutOfRange));
        assert_eq!(parse("00000000"), Err(WireTimeError::OutOfRange));
    }

    proptest! {
        #[test]
        fn khong_bao_gio_hoang_loan(s in "\\PC{0,60}", digits in "[0-9]{0,16}") {
            let _ = parse(&s);
            let _ = parse(&digits);
        }

        #[test]
        fn doc_roi_viet_van_the(day in -25_000i32..2_000_000, second in 0i32..86_400) {
            use jiff::ToSpan;
            let at = date(1970, 1, 1).checked_add(day.days()).unwrap().at(0, 0, 0, 0).checked_add(second.seconds()).unwrap();
            let text = at.strftime("%Y%m%d%H%M%S").to_string();
            prop_assert_eq!(format(parse_timestamp(&text).unwrap()), text);
        }
    }
}
