use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{Money, MoneyError};

fn read(text: &str) -> Result<i64, &'static str> {
    Money::parse(text).map(Money::amount).map_err(MoneyError::code)
}

fn named(text: &str) -> Vec<i64> {
    Money::find_in(text).into_iter().map(Money::amount).collect()
}

#[test]
fn gia_tien_tren_day_viet_du_kieu() {
    for (text, dong) in [
        ("8000", 8_000),
        ("8.000", 8_000),
        ("8,000", 8_000),
        ("8000.0", 8_000),
        ("8000,00", 8_000),
        ("8.000 đồng", 8_000),
        ("8,000đ", 8_000),
        ("8000 dong", 8_000),
        ("8.000 VNĐ", 8_000),
        ("8000 vnd", 8_000),
        ("8.000 ₫", 8_000),
        ("8.000Đ.", 8_000),
        ("1.500.000", 1_500_000),
        ("1,500,000.00", 1_500_000),
        ("1.500.000,00", 1_500_000),
        ("15 000 đồng", 15_000),
        ("135\u{A0}500 ₫", 135_500),
        ("2,000,000 Việt Nam Đồng", 2_000_000),
        ("50k", 50_000),
        ("50K", 50_000),
        ("1,5 triệu", 1_500_000),
        ("1tr5", 1_500_000),
        ("2tr350", 2_350_000),
        ("1 triệu 500 nghìn đồng", 1_500_000),
        ("02 triệu đồng", 2_000_000),
        ("10 nghìn", 10_000),
        ("20 ngàn đồng", 20_000),
        ("1,2 tỷ", 1_200_000_000),
        ("1.000 tỷ đồng", 1_000_000_000_000),
        ("0,125 tỷ", 125_000_000),
        ("0", 0),
        ("0.0", 0),
        ("８.０００", 8_000),
        (" 8000\n", 8_000),
    ] {
        assert_eq!(read(text), Ok(dong), "{text}");
    }
}

#[test]
fn khong_phai_so_tien() {
    assert_eq!(read(""), Err("money_empty"));
    for text in [
        "Miễn phí",
        "Không có thông tin",
        "20 USD",
        "8.000đ/trang",
        "1.500,000",
        "1,250 triệu",
        "3000.000 đồng",
        "1 500 000",
        "30.4.2026",
        "đồng",
        "1..5",
    ] {
        assert_eq!(read(text), Err("money_not_an_amount"), "{text}");
    }
    assert_eq!(read("8000.5"), Err("money_fraction"));
    assert_eq!(read("-8000"), Err("money_out_of_range"));
    assert_eq!(read("9999999 tỷ"), Err("money_out_of_range"));
    assert!(read(&"9".repeat(10_000)).is_err());
}

#[test]
fn so_tien_trong_cau() {
    for (text, amounts) in [
        ("(70.000 đồng/Giấy chứng nhận)", vec![70_000]),
        ("Lệ phí 135,000đ, trực tuyến 115.000đ/hộ chiếu", vec![135_000, 115_000]),
        ("Phí công bố nội dung đăng ký doanh nghiệp: 100.000 đồng/lần (Thông tư số 47/2019/TT-BTC)", vec![100_000]),
        (
            "mức phí 25.000 đồng/hồ sơ kể từ ngày 01/7/2025 đến hết ngày 31/12/2026 theo Thông tư số 64/2025/TT-BTC",
            vec![25_000],
        ),
        ("+ 02 triệu đồng/Giấy chứng nhận.)10 ngày kể từ ngày", vec![2_000_000]),
        ("khoảng 1,5 triệu đồng thôi", vec![1_500_000]),
        ("50k k?", vec![50_000]),
        ("mất 2 triệu không?", vec![2_000_000]),
        ("het 1tr5 ha", vec![1_500_000]),
        ("15.000 đ/tờ khai; 8000d 1 ban", vec![15_000, 8_000]),
        ("từ 10.000-20.000đ", vec![20_000]),
        ("phí 2.000đồng/trang, từ trang thứ ba 1.000đồng", vec![2_000, 1_000]),
    ] {
        assert_eq!(named(text), amounts, "{text}");
    }
}

#[test]
fn nhung_con_so_khong_phai_tien() {
    for text in [
        "theo Nghị định 15/2013/NĐ-CP và Thông tư 75/2022/TT-BTC",
        "ngày 30/4/2026 đến 1/5/2026",
        "hai bản sao, 3 tờ khai",
        "tỉnh có 2 triệu dân",
        "2 đồng thừa kế",
        "3 đồng hồ nước",
        "1.001193",
        "000.00.17.H09-210819-0012",
        "0912345123",
        "12 điểm",
        "đủ 14 tuổi",
        "hạng B2, 5 đến 7 ngày",
        "bằng lái A1 50 cc",
        "20 USD/lần",
        "3 trang đầu",
        "quan 1 duong 3/2",
        "k 12 k",
        "15/2013 đồng",
    ] {
        assert_eq!(named(text), Vec::<i64>::new(), "{text}");
    }
}

#[test]
fn cong_va_luu() {
    let trang = Money::from_dong(2_000).unwrap();
    assert_eq!(trang.checked_mul(3).and_then(|m| m.checked_add(Money::ZERO)).map(Money::amount), Some(6_000));
    assert_eq!(Money::MAX.checked_add(trang), None);
    assert_eq!([trang, trang].into_iter().sum::<Option<Money>>().map(Money::amount), Some(4_000));
    assert_eq!(serde_json::to_string(&trang).unwrap(), "2000");
    assert_eq!(serde_json::from_str::<Money>("2000").unwrap(), trang);
    assert!(serde_json::from_str::<Money>("-1").is_err());
}

proptest! {
    #[test]
    fn khong_bao_gio_hoang_loan(s in "\\PC{0,400}", money in "[0-9., kđtriệu/-]{0,80}") {
        for text in [&s, &money] {
            let _ = Money::parse(text);
            for amount in Money::find_in(text) {
                prop_assert!(amount >= Money::ZERO && amount <= Money::MAX);
            }
            prop_assert_eq!(Money::find_in(text), Money::find_in(&text.nfd().collect::<String>()));
        }
    }

    #[test]
    fn viet_theo_kieu_viet_nam_roi_doc_lai(dong in 0i64..1_000_000_000_000) {
        let digits = dong.to_string();
        let mut grouped = String::new();
        for (at, c) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push('.');
            }
            grouped.push(c);
        }
        prop_assert_eq!(read(&grouped), Ok(dong));
        prop_assert_eq!(read(&digits), Ok(dong));
        prop_assert_eq!(named(&format!("nộp {grouped} đồng")), vec![dong]);
    }
}
