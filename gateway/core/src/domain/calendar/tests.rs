use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::{CalendarConfig, CalendarError, DayOfWeek, Holiday, TIME_ZONE, WorkingCalendar};
use crate::domain::{OpeningHours, local_moment};

fn calendar(toml: &str) -> Result<WorkingCalendar, CalendarError> {
    WorkingCalendar::new(serde_json::from_str::<CalendarConfig>(toml).unwrap())
}

#[test]
fn gio_viet_nam_co_san_trong_chuong_trinh() {
    assert_eq!(TIME_ZONE.iana_name(), Some("Asia/Ho_Chi_Minh"));
    let noon = date(2026, 11, 23).at(12, 0, 0, 0).to_zoned_datetime(TIME_ZONE.clone()).unwrap();
    assert_eq!(noon.to_string(), "2026-11-23T12:00:00+07:00[Asia/Ho_Chi_Minh]");
}

#[test]
fn lich_co_san_hop_le_va_tet_thi_nghi() {
    let lich = WorkingCalendar::new(CalendarConfig::default()).unwrap();
    for nghi in [
        date(2025, 1, 1),
        date(2025, 1, 29),
        date(2025, 4, 7),
        date(2025, 5, 2),
        date(2025, 9, 2),
        date(2026, 2, 17),
        date(2026, 4, 27),
        date(2026, 9, 1),
        date(2027, 2, 6),
        date(2027, 4, 16),
        date(2027, 5, 3),
        date(2026, 11, 22), // Chủ nhật
    ] {
        assert!(!lich.is_working_day(nghi), "{nghi}");
    }
    for lam in [date(2025, 4, 26), date(2026, 1, 10), date(2026, 11, 23), date(2025, 2, 3), date(2026, 2, 23)] {
        assert!(lich.is_working_day(lam), "{lam}");
    }
    assert_eq!(lich.holiday(date(2026, 2, 17)), Some("tet"));
    assert!(lich.knows_holidays_of(2026) && !lich.knows_holidays_of(2028));
    assert_eq!(lich.hours().len(), 2);
}

#[test]
fn luat_cho_bao_nhieu_ngay_thi_bang_co_bay_nhieu() {
    // 11 ngày nghỉ mỗi năm; ngày trùng cuối tuần được nghỉ bù.
    let all = CalendarConfig::default().holidays;
    for year in [2025, 2026, 2027] {
        let of_year = all.iter().filter(|h| h.date.year() == year);
        let statutory = of_year.clone().filter(|h| !matches!(h.name.as_str(), "bridge-day" | "day-in-lieu"));
        assert_eq!(statutory.clone().count(), 11, "{year}");
        let on_weekend = statutory.filter(|h| matches!(h.date.weekday(), Weekday::Saturday | Weekday::Sunday)).count();
        assert_eq!(of_year.filter(|h| h.name == "day-in-lieu").count(), on_weekend, "{year}");
    }
    let bridges = all.iter().filter(|h| h.name == "bridge-day").count();
    assert_eq!(bridges, CalendarConfig::default().makeup_days.len());
}

#[test]
fn tre_may_ngay_lam_viec() {
    let lich = WorkingCalendar::default();
    let thu_sau = date(2026, 11, 20);
    assert_eq!(lich.working_days_between(thu_sau, thu_sau), 0);
    assert_eq!(lich.working_days_between(thu_sau, date(2026, 11, 22)), 0);
    assert_eq!(lich.working_days_between(thu_sau, date(2026, 11, 23)), 1);
    assert_eq!(lich.working_days_between(date(2026, 11, 23), thu_sau), 0);
    // Qua Tết: từ thứ sáu 13/2 đến thứ hai 23/2 chỉ có một ngày làm việc.
    assert_eq!(lich.working_days_between(date(2026, 2, 13), date(2026, 2, 23)), 1);
    // Làm bù thứ bảy 10/1.
    assert_eq!(lich.working_days_between(date(2026, 1, 9), date(2026, 1, 11)), 1);
}

#[test]
fn hen_bay_ngay_lam_viec() {
    let lich = WorkingCalendar::default();
    assert_eq!(lich.add_working_days(date(2026, 11, 23), 7), date(2026, 12, 2));
    assert_eq!(lich.add_working_days(date(2026, 2, 13), 1), date(2026, 2, 23));
    assert_eq!(lich.add_working_days(date(2026, 2, 14), 0), date(2026, 2, 14));
    assert_eq!(lich.next_working_day(date(2026, 4, 24)), date(2026, 4, 28));
}

#[test]
fn nop_sau_gio_thi_tinh_tu_sang_hom_sau() {
    let lich = WorkingCalendar::default();
    let thu_sau = date(2026, 11, 20);
    assert_eq!(lich.counts_from(thu_sau.at(6, 0, 0, 0)), thu_sau);
    assert_eq!(lich.counts_from(thu_sau.at(17, 0, 0, 0)), thu_sau);
    assert_eq!(lich.counts_from(thu_sau.at(17, 0, 1, 0)), date(2026, 11, 23));
    assert_eq!(lich.counts_from(date(2026, 11, 21).at(9, 0, 0, 0)), date(2026, 11, 23));
    let sang_thu_bay = calendar(r#"{"saturday_mornings": true}"#).unwrap();
    assert_eq!(sang_thu_bay.counts_from(date(2026, 11, 21).at(9, 0, 0, 0)), date(2026, 11, 21));
    assert_eq!(sang_thu_bay.counts_from(date(2026, 11, 21).at(14, 0, 0, 0)), date(2026, 11, 23));
    assert!(!sang_thu_bay.is_working_day(date(2026, 11, 21)));
}

#[test]
fn cau_hinh_sai_thi_noi_ro_cho_sai() {
    let config = |json: &str| calendar(json).unwrap_err();
    assert_eq!(
        config(r#"{"weekend":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"]}"#),
        CalendarError::NoWorkingDay
    );
    assert_eq!(config(r#"{"hours":[]}"#), CalendarError::NoHours);
    assert_eq!(config(r#"{"hours":[{"from":"11:00","to":"07:00"}]}"#), CalendarError::HoursOutOfOrder(1));
    assert_eq!(
        config(r#"{"hours":[{"from":"07:00","to":"11:30"},{"from":"11:00","to":"17:00"}]}"#),
        CalendarError::HoursOutOfOrder(2)
    );
    let twice = r#"{"makeup_days":[],"holidays":[{"date":"2026-01-01","name":"a"},{"date":"2026-01-01","name":"b"}]}"#;
    assert_eq!(config(twice), CalendarError::HolidayTwice(date(2026, 1, 1)));
    assert_eq!(config(r#"{"makeup_days":["2026-04-26"]}"#), CalendarError::MakeupOnHoliday(date(2026, 4, 26)));
    assert_eq!(config(r#"{"makeup_days":["2026-11-23"]}"#), CalendarError::MakeupOnWorkingDay(date(2026, 11, 23)));
    assert!(serde_json::from_str::<CalendarConfig>(r#"{"holiday":[]}"#).is_err());
    assert_eq!(config(r#"{"hours":[]}"#).code(), "calendar_no_hours");
}

#[test]
fn ngay_thang_vo_ly_cung_khong_treo_may() {
    let lich = WorkingCalendar::default();
    let (dau, cuoi) = (date(1, 1, 1), date(9999, 12, 31));
    assert!(lich.working_days_between(dau, cuoi) > 2_600_000);
    assert!(lich.working_days_between(Date::MIN, Date::MAX) > 5_200_000);
    assert_eq!(lich.add_working_days(cuoi, 5), Date::MAX);
    assert_eq!(lich.add_working_days(dau, u32::MAX), Date::MAX);
    assert_eq!(lich.next_working_day(Date::MAX), Date::MAX);
    assert_eq!(lich.counts_from(Date::MAX.at(23, 59, 59, 0)), Date::MAX);
}

proptest! {
    #[test]
    fn dem_nhanh_cung_nhu_dem_tung_ngay(start in 0i32..1200, length in 0i32..400, sunday_only: bool) {
        let weekend = if sunday_only { vec![DayOfWeek::Sunday] } else { vec![DayOfWeek::Saturday, DayOfWeek::Sunday] };
        let makeup_days = if sunday_only { vec![] } else { CalendarConfig::default().makeup_days };
        let holidays: Vec<Holiday> = CalendarConfig::default().holidays;
        let lich = WorkingCalendar::new(CalendarConfig { weekend, makeup_days, holidays, ..CalendarConfig::default() }).unwrap();
        let from = date(2024, 11, 1).checked_add(start.days()).unwrap();
        let to = from.checked_add(length.days()).unwrap();
        let one_by_one = from.series(1.day()).skip(1).take(usize::try_from(length).unwrap()).filter(|d| lich.is_working_day(*d)).count();
        prop_assert_eq!(lich.working_days_between(from, to) as usize, one_by_one);
    }

    #[test]
    fn cong_roi_dem_lai_van_the(start in 0i32..1200, n in 1u32..300) {
        let lich = WorkingCalendar::default();
        let from = date(2024, 11, 1).checked_add(start.days()).unwrap();
        let due = lich.add_working_days(from, n);
        prop_assert!(lich.is_working_day(due));
        prop_assert_eq!(lich.working_days_between(from, due), n);
    }
}

#[test]
fn lich_khong_co_gio_thi_khong_doan() {
    let (lich, thu_hai) = (WorkingCalendar::bare(), date(2026, 10, 19).at(9, 0, 0, 0));
    assert_eq!(OpeningHours::of(&lich).opens_after(local_moment(thu_hai).unwrap()), None);
}
