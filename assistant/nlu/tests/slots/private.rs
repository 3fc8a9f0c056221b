use assistant_nlu::slots::Private;
use gateway_core::domain::Reading;

use crate::read;

/// The kinds in a text, and what is left without them.
fn cut(text: &str) -> (Vec<&'static str>, String) {
    let slots = read(text);
    (slots.private.iter().map(|named| named.value.kind()).collect(), slots.without_private())
}

#[test]
fn dossier_numbers_are_cut_out_however_they_were_typed() {
    for number in [
        "000.00.17.H09-210819-0012",
        "000 00 17 h09 210819 0012",
        "H09.17-260102-45",
        "OOO.OO.17.HO9-210819-OO12",
        "000.00.17.Hó9-210819-0012",
        "G01.899.909-260916-890028",
        "000.00.17.H09–210819–0012",
    ] {
        let slots = read(&format!("hồ sơ {number} tới đâu rồi"));
        assert!(matches!(slots.dossier, Reading::One(_)), "{number}: {:?}", slots.dossier);
        assert_eq!(slots.without_private(), "hồ sơ … tới đâu rồi", "{number}");
    }
    let several = read("hs 000.00.17.H09-210819-0012 và 000.00.17.H09-210820-0013");
    assert!(matches!(several.dossier, Reading::Several(_)));
    assert_eq!(several.without_private(), "hs … và …");
}

#[test]
fn a_number_that_is_none_is_cut_out_too() {
    for text in ["hồ sơ 000.00.17.H09-210231-0012 đâu", "hồ sơ 000.00.17.H09-210819 đâu"] {
        let slots = read(text);
        assert!(matches!(slots.dossier, Reading::Invalid(_)), "{text}: {:?}", slots.dossier);
        assert_eq!(slots.without_private(), "hồ sơ … đâu", "{text}");
    }
}

#[test]
fn codes_of_procedures_stay() {
    let slots = read("thủ tục 1.004222 và 2.000815 lệ phí bao nhiêu, gọi 0912345678");
    assert_eq!(slots.procedures.iter().map(ToString::to_string).collect::<Vec<_>>(), ["1.004222", "2.000815"]);
    assert_eq!(slots.without_private(), "thủ tục 1.004222 và 2.000815 lệ phí bao nhiêu, gọi …");
}

#[test]
fn phones() {
    for (text, e164) in [
        ("gọi 0912345678 nhé", "+84912345678"),
        ("sđt 0912 345 678", "+84912345678"),
        ("sdt 0912.345.678 ạ", "+84912345678"),
        ("số +84 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("dt 01682345678", "+84382345678"),
        ("máy bàn 0274 3822 222", "+842743822222"),
        ("(0274) 3822222", "+842743822222"),
        ("zalo 912345678", "+84912345678"),
        ("quận 1 0912345678", "+84912345678"),
        ("my phone is +1 202 555 0123", "+12025550123"),
        ("０９１２３４５６７８", "+84912345678"),
        ("0 9 1 2 3 4 5 6 7 8", "+84912345678"),
    ] {
        let slots = read(text);
        let phones: Vec<&str> = slots.phones().map(|phone| phone.e164()).collect();
        assert_eq!(phones, [e164], "{text}");
        assert!(!slots.without_private().contains("345") && !slots.without_private().contains("222"), "{text}");
    }
    assert_eq!(read("0912345678 0987654321").phones().count(), 2);
    assert_eq!(read("0912345678-0987654321").phones().count(), 2);
}

#[test]
fn numbers_that_are_no_phones() {
    for text in ["1900 1234", "gọi 1022", "nộp 500.000.000 đồng", "phí 20.000 đồng", "ngày 24/10/2026", "năm 2025 2026"]
    {
        assert_eq!(cut(text), (vec![], text.to_owned()), "{text}");
    }
}

#[test]
fn identity_numbers() {
    for text in [
        "cccd 079203001234",
        "CCCD: 079 203 001 234",
        "số 0792-0300-1234",
        "căn cước 074.185.003.456",
        "can cuoc 079203001234 lam lai",
    ] {
        let slots = read(text);
        assert_eq!(slots.citizen_ids().count(), 1, "{text}");
        assert!(!slots.without_private().chars().any(|c| c.is_ascii_digit()), "{text}");
    }
    // No place 000 or 003; born in 2054; an account.
    for text in ["000203001234", "003203001234", "079254001234", "999999999999"] {
        let slots = read(text);
        assert_eq!(slots.citizen_ids().count(), 0, "{text}");
        assert_eq!(slots.without_private(), "", "{text}");
    }
    let old = read("cmnd cũ 280123456 nhé");
    assert!(matches!(old.private.as_slice(), [named] if matches!(named.value, Private::LongNumber)));
    assert_eq!(old.without_private(), "cmnd cũ … nhé");
}

#[test]
fn a_scanned_card_goes_as_a_whole() {
    let text = "079203001234|280123456|Nguyễn Văn An|01011990|Nam|12 Lê Lợi, Thủ Dầu Một|01012022";
    let slots = read(text);
    assert_eq!(slots.citizen_ids().count(), 1);
    assert_eq!(slots.without_private(), "");
    assert_eq!(read(&format!("của tôi {text}")).without_private(), "của tôi …");
}

#[test]
fn emails() {
    for (text, email) in [
        ("gửi về Nguyen.An+1@Gmail.com nhé", "nguyen.an+1@gmail.com"),
        ("mail an_nguyen @ binhduong.gov.vn.", "an_nguyen@binhduong.gov.vn"),
        ("<an@example.org>", "an@example.org"),
    ] {
        let slots = read(text);
        assert_eq!(slots.emails().collect::<Vec<_>>(), [email], "{text}");
        assert!(!slots.without_private().contains("@"), "{text}");
    }
    assert_eq!(read("lên @ phường").emails().count(), 0);
}

#[test]
fn plates() {
    for (text, plate) in [
        ("xe 61A-123.45 bị mất", "61A-123.45"),
        ("xe 61A12345", "61A-123.45"),
        ("biển số 61-B1 123.45", "61B1-123.45"),
        ("bien so 61b1-12345", "61B1-123.45"),
        ("61A-1234", "61A-1234"),
        ("29LD-123.45", "29LD-123.45"),
        ("51F 123.45", "51F-123.45"),
        ("xe 61C 123 45 sang tên", "61C-123.45"),
    ] {
        let slots = read(text);
        assert_eq!(slots.plates().collect::<Vec<_>>(), [plate], "{text}");
    }
    for text in
        ["bằng lái a1", "doi bang a1", "quan1 phuong5", "lúc 15h30", "hạng b2 2026", "50k", "mẫu 01A", "12 tháng 345"]
    {
        assert_eq!(read(text).plates().count(), 0, "{text}");
    }
}

#[test]
fn tax_codes() {
    for (text, code) in [
        ("MST 0300588569", "0300588569"),
        ("mã số thuế: 0300588569-001", "0300588569-001"),
        ("0300588569-001", "0300588569-001"),
        ("tax code 0300588569", "0300588569"),
        ("mst 3700123456", "3700123456"),
        ("mst 37 0012 3456", "3700123456"),
        ("mã số thuế 0300588569001", "0300588569-001"),
    ] {
        let slots = read(text);
        assert_eq!(slots.tax_codes().collect::<Vec<_>>(), [code], "{text}");
        assert_eq!(slots.phones().count(), 0, "{text}");
    }
}

#[test]
fn nothing_private_is_printed() {
    let slots = read(
        "tôi Nguyễn An cccd 079203001234 sđt 0912345678 mail an@example.org xe 61A-123.45 mst 0300588569 \
         hồ sơ 000.00.17.H09-210819-0012 ở phường Lái Thiêu, không phải quận 1",
    );
    assert_eq!(slots.private.len(), 6);
    let printed = format!("{slots:?} {:?} {:?}", slots.private, slots.statement);
    for secret in ["079", "0912", "678", "an@", "61A", "0300", "0012", "Nguyễn", "1234"] {
        assert!(!printed.contains(secret), "{secret}: {printed}");
    }
}

#[test]
fn several_at_once_leave_the_rest_readable() {
    let (kinds, left) = cut("em làm cccd 079203001234, sđt 0912345678, hồ sơ 000.00.17.H09-210819-0012, bao giờ có ạ?");
    assert_eq!(kinds, ["citizen_id", "phone", "dossier_number"]);
    assert_eq!(left, "em làm cccd …, sđt …, hồ sơ …, bao giờ có ạ?");
}
