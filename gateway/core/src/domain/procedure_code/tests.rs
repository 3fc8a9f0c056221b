use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{ProcedureCode, ProcedureCodeError};

fn found(text: &str) -> Vec<String> {
    ProcedureCode::find_in(text).iter().map(ToString::to_string).collect()
}

#[test]
fn ma_thu_tuc_go_cach_nao_cung_ra_mot_ma() {
    for text in [
        "1.001193",
        " 1.001193 ",
        "1,001193",
        "1 001193",
        "1001193",
        "1.OO1193",
        "l.00II93",
        "TTHC 1.001193",
        "tthc1.001193",
        "Mã thủ tục: 1.001193",
        "ma tthc 1.001193",
        "１．００１１９３",
        "1. 001 193",
        "mã số 1-001193",
        "Mã thủ tục hành chính 1.001193",
        "\u{200B}1.001193",
    ] {
        assert_eq!(ProcedureCode::parse(text).map(|c| c.to_string()), Ok("1.001193".into()), "{text}");
    }
}

#[test]
fn ma_co_duoi_dia_phuong() {
    let code = ProcedureCode::parse("2.000635.000.00.00.h56").unwrap();
    assert_eq!(code.to_string(), "2.000635.000.00.00.H56");
    assert_eq!((code.national(), code.province()), ("2.000635", Some("H56")));
    let short = ProcedureCode::parse("2.000635.HO9").unwrap();
    assert_eq!((short.as_str(), short.national()), ("2.000635.H09", "2.000635"));
    assert_eq!(ProcedureCode::parse("1.001193").unwrap().province(), None);
}

#[test]
fn khong_phai_ma_thi_thoi() {
    assert_eq!(ProcedureCode::parse(" "), Err(ProcedureCodeError::Empty));
    for text in
        ["1.00119", "1.0011933", "khai sinh", "1.001193.H5", "1.001193.H561", "H09.17", "8.000đ", "tthc", "1/001193"]
    {
        assert_eq!(ProcedureCode::parse(text), Err(ProcedureCodeError::NotACode), "{text}");
    }
    assert!(ProcedureCode::parse(&"1".repeat(10_000)).is_err());
}

#[test]
fn tim_ma_trong_cau_hoi() {
    assert_eq!(found("Cho tôi hỏi thủ tục 1.001193 cần giấy tờ gì, và 2.000635?"), ["1.001193", "2.000635"]);
    assert_eq!(found("1.001193,2.000635;1.001193"), ["1.001193", "2.000635"]);
    assert_eq!(found("TTHC1.004222.H56."), ["1.004222.H56"]);
    assert_eq!(found("mã 2.000635.000.00.00.H56 phải không"), ["2.000635.000.00.00.H56"]);
    assert_eq!(found("ma 1 , 001193"), ["1.001193"]);
    assert_eq!(found("thu tuc 1.OO1193"), ["1.001193"]);
}

#[test]
fn trong_cau_thuong_khong_co_ma() {
    for text in [
        "lệ phí 1.500.000 đồng",
        "hồ sơ 000.00.17.H09-210819-0012",
        "G01.899.909-260916-890028",
        "0912.345.123",
        "074090001234",
        "ngày 1.12.2026",
        "1.0011934",
        "12.001193",
        "1.001193.5",
        "phiên bản 21.001193",
        "15/2013/NĐ-CP",
        "lam lai can cuoc 2024",
        "i.lolool",
        "",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn luu_va_doc_lai_bang_json() {
    let code: ProcedureCode = serde_json::from_str("\"1.001193\"").unwrap();
    assert_eq!(serde_json::to_string(&code).unwrap(), "\"1.001193\"");
    assert!(serde_json::from_str::<ProcedureCode>("\"khai sinh\"").is_err());
    assert_eq!("1,001193".parse::<ProcedureCode>().unwrap().code_text(), "1.001193");
}

impl ProcedureCode {
    fn code_text(&self) -> &str {
        self.as_str()
    }
}

proptest! {
    #[test]
    fn khong_bao_gio_hoang_loan(s in "\\PC{0,400}", digits in "[0-9.,HOl /-]{0,60}") {
        for text in [&s, &digits] {
            let _ = ProcedureCode::parse(text);
            for code in ProcedureCode::find_in(text) {
                prop_assert_eq!(ProcedureCode::parse(code.as_str()), Ok(code));
            }
        }
    }

    #[test]
    fn in_roi_doc_lai(code in "[0-9]\\.[0-9]{6}(\\.H[0-9]{2}|\\.[0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.H[0-9]{2})?") {
        let parsed = ProcedureCode::parse(&code).unwrap();
        prop_assert_eq!(parsed.as_str(), code.as_str());
        let sentence: String = format!("Tôi cần làm thủ tục {code} ạ").nfd().collect();
        prop_assert_eq!(ProcedureCode::find_in(&sentence), vec![parsed]);
    }
}
