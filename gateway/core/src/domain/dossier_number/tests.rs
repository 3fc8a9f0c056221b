use jiff::civil::{Date, date};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{
    DossierNumber, DossierNumberParser, MOST_READINGS, NumberProblem, PatternConfig, PatternError, Reading,
    default_patterns,
};

/// Hôm nay, trong các câu chuyện này.
const TODAY: Date = date(2026, 11, 23);
const SO: &str = "000.00.17.H09-210819-0012";

/// Đọc và viết lại bằng chữ: các số cách nhau bằng ` | `, hoặc mã lỗi.
fn doc(text: &str) -> String {
    doc_bang(&DossierNumberParser::default(), text)
}

fn doc_bang(parser: &DossierNumberParser, text: &str) -> String {
    match parser.read(text, TODAY) {
        Reading::None => "không có".to_owned(),
        Reading::One(number) => number.to_string(),
        Reading::Several(numbers) => numbers.iter().map(DossierNumber::as_str).collect::<Vec<_>>().join(" | "),
        Reading::Invalid(problem) => problem.code().replace("dossier_number_", ""),
    }
}

fn mau(shapes: &[&str]) -> DossierNumberParser {
    let mut patterns = default_patterns();
    patterns.extend(shapes.iter().map(|s| PatternConfig { name: "cũ".into(), shape: (*s).into() }));
    DossierNumberParser::new(&patterns).unwrap()
}

#[test]
fn so_in_tren_giay_hen_doc_ra_tung_phan() {
    let parser = DossierNumberParser::default();
    let Reading::One(so) = parser.read(SO, TODAY) else { panic!("phải đọc được") };
    assert_eq!(so.as_str(), SO);
    assert_eq!(so.agency_code(), Some("000.00.17.H09"));
    assert_eq!(so.received_on(), Some(date(2021, 8, 19)));
    assert_eq!(so.serial(), Some("0012"));
    assert_eq!(so.province(), Some("H09"));
    assert!(!so.is_other_authority());
    assert_eq!(serde_json::to_string(&so).unwrap(), format!("\"{SO}\""));
    assert_eq!(format!("{so:>28}|{so:?}"), format!("   {SO}|DossierNumber({SO})"));
}

#[test]
fn moi_mau_mac_dinh() {
    for so in [
        SO,
        "38.98.H29-210519-0013",
        "H09.17-210819-0012",
        "H09.17.25-210819-0012",
        "G01.899.909-260916-890028",
        "G22.99-260916-0001",
        "G01.89.90.12-260916-1234567890",
        "000.00.17.H09-210819-12345",
    ] {
        assert_eq!(doc(so), so);
    }
    let parser = DossierNumberParser::default();
    let bo = parser.parse_exact("G01.899.909-260916-890028", TODAY).unwrap();
    assert!(bo.is_other_authority());
    assert_eq!((bo.province(), bo.agency_code(), bo.serial()), (None, Some("G01.899.909"), Some("890028")));
    let tinh = parser.parse_exact("h09.17-210819-0012", TODAY).unwrap();
    assert_eq!((tinh.province(), tinh.as_str()), (Some("H09"), "H09.17-210819-0012"));
    assert!(DossierNumberParser::new(&default_patterns()).is_ok());
}

#[test]
fn nguoi_dan_go_du_kieu_van_ra_so_ay() {
    for text in [
        "000.00.17.h09-210819-0012",
        "000 00 17 H09 210819 0012",
        "000,00,17,h09,210819,0012",
        "000_00_17_H09_210819_0012",
        "000/00/17/H09/210819/0012",
        "000.00.17.H09–210819—0012",
        "000.00.17.H09 − 210819 − 0012",
        "000. 00. 17. H09 - 210819 - 0012",
        "0000017H09-210819-0012",
        "0000017H092108190012",
        "HS000.00.17.H09-210819-0012",
        "hs00000.17.h09 210819 12",
        "hồ sơ000.00.17.H09-210819-0012",
        "MHS:000.00.17.H09-210819-0012",
        "mã hồ sơ 000.00.17.H09-210819-0012",
        "mahoso000.00.17.h09-210819-0012",
        "0.0.17.H09-210819-12",
        "0.00.17.H9-210819-012",
        "000.00.17.H9-210819-0012",
        "OOO.OO.17.HO9-21O819-OO12",
        "ooo.oo.17.ho9-210819-oo12",
        "HSOOO.OO.17.HO9-210819-0012",
        "OOO OO 17 HO9 210819 0012",
        "000.00.l7.H09-2l0819-00I2",
        "000.00.17.Hơ9-210819-0012",
        "000.00.17.H0\u{0309}9-210819-0012",
        "000.00.17.Ḥ09-210819-0012",
        "０００．００．１７．Ｈ０９－２１０８１９－００１２",
        "\u{FEFF}000.00.17.H\u{200B}09-210819-0012\u{200E}",
        "𝟎𝟎𝟎.𝟎𝟎.𝟏𝟕.H𝟎𝟗-𝟐𝟏𝟎𝟖𝟏𝟗-𝟎𝟎𝟏𝟐",
        "000.00.17.H-09-210819-0012",
        "000.00.17.H09-\n210819-0012",
        "Cho tôi hỏi hồ sơ 000.00.17.H09-210819-0012 đến đâu rồi ạ?",
        "000.00.17.H09-210819-0012 xong chưa",
        "tra cứu 000.00.17.H09-210819-0012",
        "hồ sơ số 2: 000.00.17.H09-210819-0012",
        "https://dichvucong.example.vn/tra-cuu?ma=000.00.17.H09-210819-0012&x=1",
        "000.00.17.H09-210819-0012.",
        "(000.00.17.H09-210819-0012)",
        "000.00.17.H09-210819-0012cho tôi hỏi",
    ] {
        assert_eq!(doc(text), SO, "{text}");
        assert_eq!(doc(&text.nfd().collect::<String>()), SO, "NFD: {text}");
    }
}

#[test]
fn ban_phim_vni_nuot_mat_chu_so() {
    // Gõ HO1 … HO7 bằng kiểu VNI: chữ số thành dấu.
    for (thay, that) in
        [("HÓ", "H01"), ("HÒ", "H02"), ("HỎ", "H03"), ("HÕ", "H04"), ("HỌ", "H05"), ("HÔ", "H06"), ("HƠ", "H07")]
    {
        assert_eq!(doc(&format!("000.00.17.{thay}-210819-0012")), format!("000.00.17.{that}-210819-0012"));
        assert_eq!(
            doc(&format!("000.00.17.{} 210819 12", thay.to_lowercase())),
            format!("000.00.17.{that}-210819-0012")
        );
    }
    // Gõ OOO.OO bằng Telex: hai chữ O thành Ô; VNI thì O6 cũng thành Ô.
    assert_eq!(doc("OO.Ô.17.HO9-210819-0012"), "000.06.17.H09-210819-0012 | 000.00.17.H09-210819-0012");
}

#[test]
fn hai_cach_doc_thi_dua_ca_hai() {
    assert_eq!(doc("1234.17.H09-210819-0012"), "012.34.17.H09-210819-0012 | 123.04.17.H09-210819-0012");
    assert_eq!(doc("so 2 38 98 h29 210519 13"), "002.38.98.H29-210519-0013 | 38.98.H29-210519-0013");
    assert_eq!(doc("G01.7-260916-0001"), "G01.07-260916-0001 | G01.007-260916-0001");
    // Số đếm viết khác kiểu thì không lẫn.
    assert_eq!(doc("tôi có 2 38.98.H29-210519-0013"), "38.98.H29-210519-0013");
    assert_eq!(doc("h917-210819-12"), "H09.17-210819-0012 | H91.07-210819-0012");
    assert_eq!(doc("3898H29-210519-0013"), "38.98.H29-210519-0013");
}

#[test]
fn nhieu_so_trong_mot_tin() {
    let hai = "000.00.17.H09-210819-0012 | 000.00.17.H09-210819-0013";
    for text in [
        "000.00.17.H09-210819-0012 và 000.00.17.H09-210819-0013",
        "000.00.17.H09-210819-0012,000.00.17.H09-210819-0013",
        "000.00.17.H09-210819-0012/000.00.17.H09-210819-0013",
        "000 00 17 h09 210819 12 000 00 17 h09 210819 13",
        "000.00.17.H09-210819-0012 000.00.17.H09-210819-0013 000.00.17.H09-210819-0012",
    ] {
        assert_eq!(doc(text), hai, "{text}");
    }
    let muoi: String = (1..=10).map(|n| format!("000.00.17.H09-210819-{n:04}\n")).collect();
    let Reading::Several(numbers) = DossierNumberParser::default().read(&muoi, TODAY) else { panic!() };
    assert_eq!(numbers.len(), MOST_READINGS);
    // Một số đúng, một số sai: trả lời số đúng.
    assert_eq!(doc("000.00.17.H09-210231-0012 hay 000.00.17.H09-210819-0012"), SO);
}

#[test]
fn so_sai_thi_noi_sai_cho_nao() {
    for (text, problem) in [
        ("000.00.17.H09-210231-0012", "no_such_date"),
        ("000.00.17.H09-211319-0012", "no_such_date"),
        ("hồ sơ 000 00 17 h09 210231 12 đâu", "no_such_date"),
        ("000.00.17.H09-261124-0012", "date_in_future"),
        ("000.00.17.H09-210819", "incomplete"),
        ("000.00.17.H09-210819-", "incomplete"),
        ("hồ sơ của tôi là 000.00.17.H09", "incomplete"),
        ("G01.899.909", "incomplete"),
        ("H09-210819-0012", "incomplete"),
        ("17.H09-210819-0012", "incomplete"),
        ("000.00.17.09-210819-0012", "incomplete"),
        ("000.00.17.H09-210819-12345678901", "too_long"),
        ("5.000.00.17.H09-210819-0012", "too_long"),
    ] {
        assert_eq!(doc(text), problem, "{text}");
    }
    assert_eq!(doc("000.00.17.H09-261123-0012"), "000.00.17.H09-261123-0012");
}

#[test]
fn cau_thuong_khong_co_so_ho_so() {
    for text in [
        "lam lai can cuoc 2024",
        "làm giấy khai sinh cần gì",
        "0912 345 123",
        "+84 912.345.123",
        "074090001234",
        "079 090 001 234",
        "135.000 đồng",
        "1.500.000đ",
        "1.001193",
        "2.000635.000.00.00.H56",
        "thủ tục 1.001193 và 1.004222.H56",
        "8h30 ngày 12/5/2026",
        "quan1 phuong5",
        "doi bang a1",
        "gia hạn visa 2026",
        "nhà số 12, ngõ 34, hẻm 5",
        "G7",
        "h1 2 tầng",
        "",
        "…",
        "00673810079",
        "TT250C8DDF4C1E",
        "lúc 8 9 h 30",
        "15/2013/NĐ-CP",
        "hồ sơ",
        "hò ơi 17",
        "Thông tư 01/2018/TT-VPCP",
        "192.168.10.1",
        "20260916-890028",
        "đăng ký xe 61H-123.45",
        "tài khoản 1023456789012 HDBank",
        "g 7 8 9",
        "Lô G12.34 khu 3",
        "h2o 100 200 300",
    ] {
        assert_eq!(doc(text), "không có", "{text}");
    }
}

#[test]
fn bien_nhan_kieu_cu_chi_khi_duoc_cau_hinh() {
    let cu = mau(&["{d:11}", "TT{x:12}"]);
    assert_eq!(doc_bang(&cu, "00673810079"), "00673810079");
    assert_eq!(doc_bang(&cu, "biên nhận 00673810079 ạ"), "00673810079");
    assert_eq!(doc_bang(&cu, "HS00673810079"), "00673810079");
    assert_eq!(doc_bang(&cu, "tt250c8ddf4c1e"), "TT250C8DDF4C1E");
    assert_eq!(doc_bang(&cu, "số TT250C8DDF4C1E."), "TT250C8DDF4C1E");
    for text in
        ["0673810079", "006738100791", "TT250C8DDF4C1", "TT250C8DDF4C1E9", "ABC00673810079", "ttthuongtrutamtru"]
    {
        assert_eq!(doc_bang(&cu, text), "không có", "{text}");
    }
    assert_eq!(doc_bang(&cu, SO), SO);
    let Reading::One(bien_nhan) = cu.read("00673810079", TODAY) else { panic!() };
    assert_eq!(
        (bien_nhan.agency_code(), bien_nhan.received_on(), bien_nhan.serial(), bien_nhan.province()),
        (None, None, None, None)
    );
    assert!(!bien_nhan.is_other_authority());
}

#[test]
fn duong_dan_va_kho_chi_nhan_dang_chuan() {
    let parser = DossierNumberParser::default();
    let exact = |text: &str| parser.parse_exact(text, TODAY).map(|n| n.to_string());
    assert_eq!(exact("000.00.17.h09-210819-0012"), Ok(SO.to_owned()));
    assert_eq!(exact("000 00 17 h09 210819 12"), Err(NumberProblem::NotANumber));
    assert_eq!(exact(" 000.00.17.H09-210819-0012"), Err(NumberProblem::NotANumber));
    assert_eq!(exact("000.00.17.H09-210231-0012"), Err(NumberProblem::NoSuchDate));
    assert_eq!(exact("000.00.17.H09-261124-0012"), Err(NumberProblem::DateInFuture));
    assert_eq!(exact("000.00.17.H09-210819"), Err(NumberProblem::Incomplete));
    assert_eq!(exact("000.00.17.H09-210819-12345678901"), Err(NumberProblem::TooLong));
    assert_eq!(exact("khai sinh"), Err(NumberProblem::NotANumber));
    assert_eq!(exact(""), Err(NumberProblem::NotANumber));
    assert_eq!(NumberProblem::NotANumber.code(), "dossier_number_none");
}

#[test]
fn mau_viet_sai_thi_khong_nhan() {
    let error = |shape: &str| {
        DossierNumberParser::new(&[PatternConfig { name: "thử".into(), shape: shape.into() }]).unwrap_err()
    };
    assert_eq!(DossierNumberParser::new(&[]).unwrap_err(), PatternError::NoPattern);
    for shape in [
        "h{d:2}-{date}",
        "{d:3",
        "{d:0}-{date}",
        "{d:3-2}-{date}",
        "{y:2}{date}",
        "{d}-{date}",
        "{serial:11}",
        "{d:21}",
        "{d:+3}{date}",
        "Đ{date}",
        "{x:33}",
        "{serial:4-5}",
    ] {
        assert!(matches!(error(shape), PatternError::BadShape { .. }), "{shape}");
    }
    for shape in ["{date}-{date}", "{serial:4}-{date}", "{serial:4}-{serial:4}"] {
        assert!(matches!(error(shape), PatternError::Order { .. }), "{shape}");
    }
    for shape in ["{d:3}", "", "H{d:2}", "{x:32}{d:20}"] {
        assert!(matches!(error(shape), PatternError::Length { .. }), "{shape}");
    }
    let many = vec![PatternConfig { name: "x".into(), shape: "{d:11}".into() }; 33];
    assert_eq!(DossierNumberParser::new(&many).unwrap_err().code(), "number_pattern_too_many");
    let config = r#"[{"name":"a","shape":"{d:11}"}]"#;
    assert_eq!(serde_json::from_str::<Vec<PatternConfig>>(config).unwrap().len(), 1);
    assert!(serde_json::from_str::<PatternConfig>(r#"{"name":"a","shape":"{d:11}","x":1}"#).is_err());
}

#[test]
fn van_ban_doc_hai_van_nhanh() {
    let parser = mau(&["{d:11}", "TT{x:12}", "{d:1-3}{d:1-3}{d:1-3}{d:1-3}{d:1-3}H{d:1-3}{date}{serial:1}"]);
    let hostile = [
        "1".repeat(10_000),
        "1 ".repeat(5_000),
        "1.".repeat(5_000),
        "111.".repeat(2_500),
        "H".repeat(10_000),
        "H09.".repeat(2_500),
        "ó".repeat(5_000),
        "0.Ó.".repeat(2_000),
        "G01.1.1.1-2".repeat(900),
        "000.00.17.H09-".repeat(700),
        "000.00.17.H09-210819-0012 ".repeat(400),
        "o".repeat(10_000),
        "HO".repeat(5_000),
        "- . ".repeat(2_500),
        "1\u{0309}".repeat(3_000),
        "a\u{0323}\u{0302}".repeat(2_000),
        "1 1 1 H1 1 210819 ".repeat(500),
        "001001001H01210819".repeat(500),
    ];
    for text in &hostile {
        let begun = std::time::Instant::now();
        let _ = parser.read(text, TODAY);
        let took = begun.elapsed();
        // Milliseconds on a quiet machine; the limit only tells a blow-up.
        assert!(took.as_secs() < 10, "{took:?}: {}…", text.chars().take(20).collect::<String>());
    }
    // Chỉ 10 000 byte đầu được đọc.
    assert_eq!(doc(&format!("{}{SO}", "ạ ".repeat(2_499))), "không có");
    assert_eq!(doc(&format!("{}{SO}", " a".repeat(4_000))), SO);
}

fn so_bat_ky() -> impl Strategy<Value = String> {
    let agency = prop_oneof![
        "[0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.H[0-9]{2}",
        "[0-9]{2}\\.[0-9]{2}\\.H[0-9]{2}",
        "H[0-9]{2}\\.[0-9]{2}(\\.[0-9]{2})?",
        "G[0-9]{2}(\\.[0-9]{2,3}){1,3}",
    ];
    (agency, 0i16..=25, 1i8..=12, 1i8..=28, "[0-9]{4,10}")
        .prop_map(|(agency, y, m, d, serial)| format!("{agency}-{y:02}{m:02}{d:02}-{serial}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn in_roi_doc_lai(so in so_bat_ky()) {
        prop_assert_eq!(&doc(&so), &so);
        prop_assert_eq!(&doc(&so.to_lowercase()), &so);
        prop_assert_eq!(&doc(&format!("Tôi hỏi hồ sơ {so} ạ")), &so);
        prop_assert_eq!(&doc(&format!("HS{so}")), &so);
        let parser = DossierNumberParser::default();
        let exact = parser.parse_exact(&so, TODAY);
        prop_assert_eq!(exact.map(|n| n.to_string()), Ok(so));
    }

    #[test]
    fn dau_cach_nao_cung_doc_duoc(so in so_bat_ky(), separator in "[ ,_/–—−-]") {
        let typed = so.replace(['.', '-'], &separator);
        prop_assert_eq!(doc(&typed), so);
    }

    #[test]
    fn khong_bao_gio_hoang_loan(text in "\\PC{0,600}") {
        let _ = doc(&text);
    }

    #[test]
    fn ky_tu_nao_cung_khong_hoang_loan(text in proptest::collection::vec(any::<char>(), 0..2_500)) {
        let text: String = text.into_iter().collect();
        let _ = doc(&text);
    }

    #[test]
    fn gan_giong_so_thi_ket_qua_van_dung_dang(text in "[0-9OIlHGhg., óơ/–-]{0,80}") {
        let parser = mau(&["{d:11}"]);
        let nfc = parser.read(&text, TODAY);
        prop_assert_eq!(&nfc, &parser.read(&text.nfd().collect::<String>(), TODAY));
        let numbers = match nfc {
            Reading::One(number) => vec![number],
            Reading::Several(numbers) => { prop_assert!((2..=MOST_READINGS).contains(&numbers.len())); numbers }
            _ => vec![],
        };
        for number in numbers {
            prop_assert_eq!(parser.parse_exact(number.as_str(), TODAY), Ok(number.clone()));
            prop_assert!(number.received_on().is_none_or(|day| day <= TODAY));
        }
    }
}
