use proptest::prelude::*;

use super::{MOBILES_OF_2018, Phone, PhoneError};

fn e164(text: &str) -> String {
    Phone::parse(text).map_or_else(|e| e.code().to_owned(), |p| p.e164().to_owned())
}

#[test]
fn moi_cach_viet_mot_so_di_dong() {
    for text in [
        "0912345123",
        "0912 345 123",
        "0912.345.123",
        "0912-345-123",
        "(091) 2345123",
        "+84912345123",
        "84912345123",
        "0084912345123",
        "+84 (0) 912 345 123",
        "００912345123".trim_start_matches('０'),
        "０９１２３４５１２３",
        "tel:+84912345123",
        " 0912\u{00A0}345 123 ",
        "\u{202A}+84 912 345 123\u{202C}",
        "912345123",
    ] {
        assert_eq!(e164(text), "+84912345123", "{text}");
    }
}

#[test]
fn so_co_dinh_va_so_cu_muoi_mot_chu_so() {
    assert_eq!(e164("024 3826 1234"), "+842438261234");
    assert_eq!(e164("0274.3822.222"), "+842743822222");
    assert_eq!(e164("01234567890"), "+84834567890");
    assert_eq!(e164("+84 168 234 5678"), "+84382345678");
    assert_eq!(e164("0199 234 5678"), "+84592345678");
    let landline = Phone::parse("0274 3822 222").unwrap();
    assert!(!landline.is_mobile());
    assert!(Phone::parse("01682345678").unwrap().is_mobile());
}

#[test]
fn bang_doi_so_2018_khong_trung_nhau() {
    let mut old: Vec<_> = MOBILES_OF_2018.iter().map(|m| m.0).collect();
    let mut new: Vec<_> = MOBILES_OF_2018.iter().map(|m| m.1).collect();
    old.sort_unstable();
    old.dedup();
    new.sort_unstable();
    new.dedup();
    assert_eq!((old.len(), new.len()), (21, 21));
}

#[test]
fn so_nuoc_ngoai_can_dau_cong() {
    assert_eq!(e164("+1 415 555 2671"), "+14155552671");
    assert_eq!(e164("0014155552671"), "+14155552671");
    assert_eq!(e164("+886 2 1234 5678"), "+886212345678");
    assert!(!Phone::parse("+14155552671").unwrap().is_vietnamese());
}

#[test]
fn nhung_thu_khong_phai_so_dien_thoai() {
    assert_eq!(Phone::parse("  "), Err(PhoneError::Empty));
    assert_eq!(Phone::parse("so cua toi"), Err(PhoneError::UnexpectedCharacter));
    assert_eq!(Phone::parse("091234512"), Err(PhoneError::TooShort));
    assert_eq!(Phone::parse("09123451234"), Err(PhoneError::TooLong));
    assert_eq!(Phone::parse("19001009"), Err(PhoneError::TooShort));
    assert_eq!(Phone::parse("0112345678"), Err(PhoneError::UnknownPrefix));
    assert_eq!(Phone::parse("01112345678"), Err(PhoneError::UnknownPrefix));
    assert_eq!(Phone::parse("+1234567890123456"), Err(PhoneError::TooLong));
    assert_eq!(Phone::parse("074090001234"), Err(PhoneError::TooLong));
    assert_eq!(Phone::parse(&"0".repeat(10_000)), Err(PhoneError::TooLong));
}

#[test]
fn che_so_khi_in_ra() {
    let phone = Phone::parse("0912345123").unwrap();
    assert_eq!(phone.masked(), "09xx xxx 123");
    assert_eq!(format!("{phone:?}"), "Phone(09xx xxx 123)");
    assert_eq!(phone.last_digits(4), "5123");
    assert_eq!(phone.last_digits(99), "912345123");
    assert_eq!(Phone::parse("02743822222").unwrap().masked(), "02xx xxxx 222");
    assert_eq!(Phone::parse("+14155552671").unwrap().masked(), "+xx xxx 671");
}

proptest! {
    #[test]
    fn khong_bao_gio_hoang_loan(s in "\\PC{0,300}") {
        let _ = Phone::parse(&s);
    }

    #[test]
    fn doc_lai_so_da_luu(first in "[35789]", rest in "[0-9]{8}") {
        let phone = Phone::parse(&format!("0{first}{rest}")).unwrap();
        prop_assert_eq!(Phone::parse(phone.e164()), Ok(phone.clone()));
        prop_assert!(phone.is_mobile());
    }

    #[test]
    fn so_doc_duoc_luon_la_e164(s in "[+0-9 ().-]{0,24}") {
        if let Ok(phone) = Phone::parse(&s) {
            prop_assert!(phone.e164().starts_with('+'));
            let digits = &phone.e164()[1..];
            prop_assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(Phone::parse(phone.e164()), Ok(phone.clone()));
        }
    }
}
