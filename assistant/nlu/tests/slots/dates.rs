use jiff::civil::{Date, date};

use crate::read;

fn named(text: &str) -> Vec<(Date, Date)> {
    read(text).dates.iter().map(|named| (named.value.first, named.value.last)).collect()
}

#[test]
fn days_are_read() {
    for (text, day) in [
        ("24/10/2026", date(2026, 10, 24)),
        ("24-10-26", date(2026, 10, 24)),
        ("nộp ngày 24.10.2026", date(2026, 10, 24)),
        ("2026-10-24", date(2026, 10, 24)),
        ("nộp 24/10", date(2026, 10, 24)),
        ("ngày 5/3", date(2027, 3, 5)),
        ("nộp ngày 24-10 rồi", date(2026, 10, 24)),
        ("ngày 5 tháng 3", date(2027, 3, 5)),
        ("ngay 5 thang 3 nam 2025", date(2025, 3, 5)),
        ("ngày 5 tháng 3 năm 2025", date(2025, 3, 5)),
        ("mùng 5 tháng 12", date(2026, 12, 5)),
        ("12 tháng 3", date(2027, 3, 12)),
        ("ngày 12 tháng ba", date(2027, 3, 12)),
        ("sinh ngày 29/2/2024", date(2024, 2, 29)),
        ("hôm nay", date(2026, 11, 27)),
        ("sáng nay mở cửa không", date(2026, 11, 27)),
        ("nộp hôm qua", date(2026, 11, 26)),
        ("hom qua", date(2026, 11, 26)),
        ("ngày mai", date(2026, 11, 28)),
        ("mai tôi lên được không", date(2026, 11, 28)),
        ("chiều mai", date(2026, 11, 28)),
        ("hôm kia", date(2026, 11, 25)),
        ("thứ hai mở cửa không", date(2026, 11, 30)),
        ("thứ 2 tuần tới", date(2026, 11, 30)),
        ("thứ hai tuần này", date(2026, 11, 23)),
        ("thứ hai tuần trước", date(2026, 11, 16)),
        ("thứ sáu", date(2026, 11, 27)),
        ("thứ 6 tới", date(2026, 12, 4)),
        ("thu bay co lam viec khong", date(2026, 11, 28)),
        ("chủ nhật", date(2026, 11, 29)),
        ("t7 có làm không", date(2026, 11, 28)),
        ("3 ngày nữa", date(2026, 11, 30)),
        ("cách đây 2 tuần", date(2026, 11, 13)),
        ("2 ngày trước", date(2026, 11, 25)),
        ("today", date(2026, 11, 27)),
        ("yesterday", date(2026, 11, 26)),
        ("open tomorrow?", date(2026, 11, 28)),
        ("on Monday", date(2026, 11, 30)),
        ("last Monday", date(2026, 11, 23)),
        ("next friday", date(2026, 12, 4)),
        ("5 March 2026", date(2026, 3, 5)),
        ("March 5th", date(2027, 3, 5)),
        ("the 5th of March", date(2027, 3, 5)),
        ("3 days ago", date(2026, 11, 24)),
        ("in 2 weeks", date(2026, 12, 11)),
    ] {
        assert_eq!(named(text), [(day, day)], "{text}");
    }
}

#[test]
fn periods_are_read() {
    for (text, first, last) in [
        ("tháng sau", date(2026, 12, 1), date(2026, 12, 31)),
        ("thang truoc", date(2026, 10, 1), date(2026, 10, 31)),
        ("tuần này", date(2026, 11, 23), date(2026, 11, 29)),
        ("tuần tới", date(2026, 11, 30), date(2026, 12, 6)),
        ("tuần sau nữa", date(2026, 12, 7), date(2026, 12, 13)),
        ("năm 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("năm ngoái", date(2025, 1, 1), date(2025, 12, 31)),
        ("năm nay", date(2026, 1, 1), date(2026, 12, 31)),
        ("tháng 3", date(2027, 3, 1), date(2027, 3, 31)),
        ("tháng sáu năm 2026", date(2026, 6, 1), date(2026, 6, 30)),
        ("tháng 3/2025", date(2025, 3, 1), date(2025, 3, 31)),
        ("quý 1", date(2026, 1, 1), date(2026, 3, 31)),
        ("quý IV năm 2025", date(2025, 10, 1), date(2025, 12, 31)),
        ("last week", date(2026, 11, 16), date(2026, 11, 22)),
        ("next month", date(2026, 12, 1), date(2026, 12, 31)),
    ] {
        assert_eq!(named(text), [(first, last)], "{text}");
    }
}

#[test]
fn a_year_that_was_not_said_is_marked() {
    assert!(!read("24/10").dates.first().is_some_and(|named| named.value.year_said));
    assert!(read("24/10/2026").dates.first().is_some_and(|named| named.value.year_said));
    assert_eq!(read("24/10").dates.first().and_then(|named| named.value.day()), Some(date(2026, 10, 24)));
    assert_eq!(read("tháng 3").dates.first().and_then(|named| named.value.day()), None);
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "31/2/2026",
        "ngày 31 tháng 2",
        "31/4",
        "32/1/2026",
        "24/13",
        "29/2/2025",
        "mất 2 ngày",
        "trong 3 ngày làm việc",
        "12 tháng",
        "bé 3 tháng",
        "sau 12 tháng 3 ngày",
        "ngày tháng năm sinh",
        "con thứ hai",
        "cái thứ hai",
        "lần thứ 2",
        "người thứ ba",
        "thứ nhất",
        "nghị định 32/2017",
        "91/2025/QH15",
        "làm việc 24/7",
        "số 5/10 đường Lê Lợi",
        "1/2 thửa đất",
        "tôi qua phường hỏi",
        "toi qua phuong hoi",
        "tên là Mai",
        "chị Mai",
        "hoa mai",
        "quý công dân",
        "năm người",
        "5 năm",
        "bao lâu",
        "quán 5",
        "hạng b2",
        "tòa xử tôi thắng rồi",
        "0912345678",
        "may i know the fee",
        "bố cáo",
        "",
    ] {
        assert_eq!(named(text), [], "{text}");
    }
}

#[test]
fn the_place_of_a_date_is_given() {
    let text = "tôi nộp ngày 5 tháng 3 năm 2025 rồi";
    let slots = read(text);
    let places: Vec<&str> = slots.dates.iter().map(|named| &text[named.range.clone()]).collect();
    assert_eq!(places, ["ngày 5 tháng 3 năm 2025"]);
}
