use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::calendar::TIME_ZONE;

/// The day in Asia/Ho_Chi_Minh.
pub fn local_date(at: Timestamp) -> Date {
    local_datetime(at).date()
}

/// Day and time of day in Asia/Ho_Chi_Minh.
pub fn local_datetime(at: Timestamp) -> DateTime {
    TIME_ZONE.to_datetime(at)
}

/// The moment of a day and time of day in Asia/Ho_Chi_Minh; `None` at the ends
/// of time. There is no summer time, so each is one moment.
pub fn local_moment(at: DateTime) -> Option<Timestamp> {
    TIME_ZONE.to_timestamp(at).ok()
}
