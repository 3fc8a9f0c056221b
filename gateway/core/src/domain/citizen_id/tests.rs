use proptest::prelude::*;

use super::{CardScan, CitizenId, CitizenIdError, LastFour, RecordedSex};

const CARD: &str =
    "074090001234|280123456|Nguyễn Văn An|15081990|Nam|12 Lê Lợi, Phú Hòa, Thủ Dầu Một, Bình Dương|20042021\r\n";

#[test]
fn muoi_hai_so_noi_gi() {
    let an = CitizenId::parse("074090001234").unwrap();
    assert_eq!(an.province_code(), "074");
    assert_eq!((an.century(), an.sex(), an.birth_year()), (20, RecordedSex::Male, 1990));
    let binh = CitizenId::parse("001305012345").unwrap();
    assert_eq!((binh.century(), binh.sex(), binh.birth_year()), (21, RecordedSex::Female, 2005));
    let sau_nay = CitizenId::parse("079999999999").unwrap();
    assert_eq!(sau_nay.birth_year(), 2399);
}

#[test]
fn go_cach_nao_cung_duoc() {
    for text in
        ["074 090 001 234", "074.090.001.234", "０７４０９０００１２３４", " 074090001234\n", "\u{FEFF}074090001234"]
    {
        assert_eq!(CitizenId::parse(text).unwrap().digits(), "074090001234", "{text}");
    }
}

#[test]
fn so_sai_thi_noi_sai() {
    assert_eq!(CitizenId::parse(""), Err(CitizenIdError::Empty));
    assert_eq!(CitizenId::parse("280123456"), Err(CitizenIdError::WrongLength));
    assert_eq!(CitizenId::parse("0740900012345"), Err(CitizenIdError::WrongLength));
    assert_eq!(CitizenId::parse("07409000123O"), Err(CitizenIdError::UnexpectedCharacter));
    assert_eq!(CitizenId::parse("000090001234"), Err(CitizenIdError::NoSuchPlace));
}

#[test]
fn bon_so_cuoi_la_bang_chung() {
    let an = CitizenId::parse("074090001234").unwrap();
    assert!(an.last4_matches(&LastFour::parse("1234").unwrap()));
    assert!(an.last4_matches(&LastFour::parse(" 12 34 ").unwrap()));
    assert!(an.last4_matches(&LastFour::parse("１２３４").unwrap()));
    assert!(!an.last4_matches(&LastFour::parse("1235").unwrap()));
    assert_eq!(LastFour::parse(""), Err(CitizenIdError::Empty));
    assert_eq!(LastFour::parse("123"), Err(CitizenIdError::WrongLength));
    assert_eq!(LastFour::parse("12345"), Err(CitizenIdError::WrongLength));
}

#[test]
fn in_ra_khong_lo_so() {
    let an = CitizenId::parse("074090001234").unwrap();
    assert_eq!(an.masked(), "074xxxxxxxxx");
    let shown = format!("{an:?} {:?} {:?}", an.last4(), CardScan::parse(CARD).unwrap());
    assert!(!shown.contains("1234") && !shown.contains("Nguyễn"), "{shown}");
}

#[test]
fn quet_the_chi_tin_muoi_hai_so() {
    for (scan, fields) in [
        (CARD, 7),
        ("074090001234||Nguyễn Văn An|15081990|Nam|Bình Dương|20042021", 7),
        ("074090001234|280123456|Nguyễn Văn An", 3),
        ("074090001234", 1),
        ("074090001234|280123456|Nguyễn Văn An|15081990|Nam|Bình Dương|20042021||Nguyễn Văn Bình|Trần Thị Hoa|", 11),
    ] {
        let card = CardScan::parse(scan).unwrap();
        assert_eq!(card.citizen_id().digits(), "074090001234");
        assert_eq!(card.fields(), fields, "{scan}");
    }
    assert_eq!(CardScan::parse("280123456|Nguyễn Văn An").unwrap_err(), CitizenIdError::WrongLength);
    assert_eq!(CardScan::parse("|074090001234").unwrap_err(), CitizenIdError::Empty);
    assert!(CardScan::parse(&"|".repeat(10_000)).is_err());
}

proptest! {
    #[test]
    fn khong_bao_gio_hoang_loan(s in "\\PC{0,300}") {
        let _ = CitizenId::parse(&s);
        let _ = LastFour::parse(&s);
        let _ = CardScan::parse(&s);
    }

    #[test]
    fn doc_lai_dung_so_da_doc(s in "0[0-9][1-9][0-9]{9}", rest in "\\PC{0,80}") {
        let id = CitizenId::parse(&s).unwrap();
        prop_assert_eq!(id.digits(), s.as_str());
        let card = CardScan::parse(&format!("{s}|{rest}")).unwrap();
        prop_assert!(card.into_citizen_id() == id);
        prop_assert!((1900..=2399).contains(&id.birth_year()));
    }
}
