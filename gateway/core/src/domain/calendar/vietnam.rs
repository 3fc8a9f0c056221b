//! Public holidays compiled in: Bộ luật Lao động 2019 art. 112 (which days) and
//! art. 111 (3) (a holiday on a day of weekly rest is made up for on the next
//! working day). Every date is a default of the configuration.
//!
//! 24 November (*Ngày Văn hóa Việt Nam*) is not in the list: whether it is a
//! day off is for the operator to say.

use jiff::civil::{Date, date};

use super::Holiday;

/// In order of date.
const HOLIDAYS: [(Date, &str); 40] = [
    // 2025: as announced late in 2024 (Tết, 2/9, the swap of 2/5); not checked
    // against the notice itself: likely.
    (date(2025, 1, 1), "new-year"),
    (date(2025, 1, 27), "tet"), // 28 tháng Chạp; Tết itself is Wednesday 29/1
    (date(2025, 1, 28), "tet"),
    (date(2025, 1, 29), "tet"),
    (date(2025, 1, 30), "tet"),
    (date(2025, 1, 31), "tet"),
    (date(2025, 4, 7), "hung-kings"), // 10/3 Ất Tỵ
    (date(2025, 4, 30), "reunification-day"),
    (date(2025, 5, 1), "labour-day"),
    (date(2025, 5, 2), "bridge-day"),   // swapped with Saturday 26/4
    (date(2025, 9, 1), "national-day"), // the one day beside 2/9
    (date(2025, 9, 2), "national-day"),
    // 2026: likely; Tết and the swaps of 2/1 and 31/8 were not checked against
    // the government's notice: the operator must.
    (date(2026, 1, 1), "new-year"),
    (date(2026, 1, 2), "bridge-day"), // swapped with Saturday 10/1
    (date(2026, 2, 16), "tet"),       // 29 tháng Chạp; Tết itself is Tuesday 17/2
    (date(2026, 2, 17), "tet"),
    (date(2026, 2, 18), "tet"),
    (date(2026, 2, 19), "tet"),
    (date(2026, 2, 20), "tet"),
    (date(2026, 4, 26), "hung-kings"), // 10/3 Bính Ngọ, a Sunday
    (date(2026, 4, 27), "day-in-lieu"),
    (date(2026, 4, 30), "reunification-day"),
    (date(2026, 5, 1), "labour-day"),
    (date(2026, 8, 31), "bridge-day"),  // swapped with Saturday 22/8
    (date(2026, 9, 1), "national-day"), // the one day beside 2/9
    (date(2026, 9, 2), "national-day"),
    // 2027: computed from the law; the government's plan was not looked at. Tết is
    // taken as the last day of the year and four of the new one.
    (date(2027, 1, 1), "new-year"),
    (date(2027, 2, 5), "tet"), // Tết itself is Saturday 6/2
    (date(2027, 2, 6), "tet"),
    (date(2027, 2, 7), "tet"),
    (date(2027, 2, 8), "tet"),
    (date(2027, 2, 9), "tet"),
    (date(2027, 2, 10), "day-in-lieu"), // for Saturday 6/2
    (date(2027, 2, 11), "day-in-lieu"), // for Sunday 7/2
    (date(2027, 4, 16), "hung-kings"),  // 10/3 Đinh Mùi
    (date(2027, 4, 30), "reunification-day"),
    (date(2027, 5, 1), "labour-day"), // a Saturday
    (date(2027, 5, 3), "day-in-lieu"),
    (date(2027, 9, 2), "national-day"),
    (date(2027, 9, 3), "national-day"), // the one day beside 2/9, computed
];

/// Saturdays worked in exchange for the bridge days above.
const MAKEUP_DAYS: [Date; 3] = [date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)];

pub(super) fn holidays() -> Vec<Holiday> {
    HOLIDAYS.iter().map(|(date, name)| Holiday { date: *date, name: (*name).into() }).collect()
}

pub(super) fn makeup_days() -> Vec<Date> {
    MAKEUP_DAYS.to_vec()
}
