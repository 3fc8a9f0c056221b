use std::borrow::Cow;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{fold, fold_display, fold_words, mask_name, nfc, truncate_graphemes};

#[test]
fn chu_da_sach_thi_khong_chep_lai() {
    for s in ["dang ky khai sinh", "Đăng ký khai sinh", ""] {
        assert!(matches!(nfc(s), Cow::Borrowed(_)), "{s}");
    }
}

#[test]
fn chu_to_hop_va_chu_de_giong_d_deu_ve_mot_dang() {
    let to_hop: String = "Đường Nguyễn Huệ".nfd().collect();
    assert_eq!(nfc(&to_hop), "Đường Nguyễn Huệ");
    assert_eq!(nfc("\u{00D0}ăng ký, tài kho\u{1EA3}n \u{00F0}ã mở"), "Đăng ký, tài khoản đã mở");
    assert_eq!(nfc("\u{FEFF}H\u{200B}09\u{200D}.\u{00AD}17"), "H09.17");
}

#[test]
fn so_sanh_khong_dau_khong_hoa_khong_cham_phay() {
    assert_eq!(fold("  Đăng ký   KHAI-SINH, ở đâu?! "), "dang ky khai sinh o dau");
    assert_eq!(fold("hoà"), fold("hòa"));
    assert_eq!(fold("Ðất đai"), "dat dai");
    assert_eq!(fold("Ｈ０９　ABC m²"), "h09 abc m2");
    assert_eq!(fold("!!!"), "");
    assert_eq!(
        fold_words("Cấp lại giấy phép lái xe (hạng A1)"),
        ["cap", "lai", "giay", "phep", "lai", "xe", "hang", "a1"]
    );
    assert!(fold_words(" … ").is_empty());
}

#[test]
fn chu_viet_khac_van_con_nguyen_khi_so_sanh() {
    assert_eq!(fold("ភ្នំពេញ"), "ភ្នំពេញ".nfkd().collect::<String>());
    assert_eq!(fold("王小明"), "王小明");
}

#[test]
fn moi_chu_viet_deu_thanh_ascii_de_nhan_tin() {
    let vowels = "aăâeêioôơuưy";
    let tones = ["", "\u{0300}", "\u{0301}", "\u{0303}", "\u{0309}", "\u{0323}"];
    for vowel in vowels.chars() {
        for tone in tones {
            let nfd = format!("{vowel}{tone}");
            for form in [nfd.clone(), nfd.nfc().collect(), nfd.to_uppercase(), nfd.to_uppercase().nfc().collect()] {
                assert!(fold_display(&form).is_ascii(), "{form}");
                assert_eq!(fold_display(&form).len(), 1, "{form}");
            }
        }
    }
    assert_eq!(
        fold_display("Hồ sơ “000.00.17.H09-210819-0012” – ĐÃ xử lý…\nLệ phí:\u{00A0}8.000\u{202F}₫ • ½ giá"),
        "Ho so \"000.00.17.H09-210819-0012\" - DA xu ly...\nLe phi: 8.000 d - 1/2 gia"
    );
    assert_eq!(fold_display("H0\u{0309}9"), "H09");
}

#[test]
fn chu_nuoc_khac_khong_bi_dung_den() {
    assert_eq!(fold_display("Йод 王 ខ្មែរ 🙏"), "Йод 王 ខ្មែរ 🙏");
}

#[test]
fn rut_gon_o_cho_het_tu() {
    let name = "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con";
    assert_eq!(truncate_graphemes(name, 100), name);
    assert!(matches!(truncate_graphemes(name, 100), Cow::Borrowed(_)));
    assert_eq!(truncate_graphemes(name, 20), "Đăng ký khai sinh…");
    assert_eq!(truncate_graphemes(name, 18), "Đăng ký khai sinh…");
    assert_eq!(truncate_graphemes(name, 17), "Đăng ký khai…");
    assert_eq!(truncate_graphemes("nhận cha, mẹ", 10), "nhận cha…");
    assert_eq!(truncate_graphemes("Thuatpham", 5), "Thua…");
    assert_eq!(truncate_graphemes("abc", 0), "");
    assert_eq!(truncate_graphemes("abc", 1), "…");
}

#[test]
fn rut_gon_khong_cat_doi_mot_chu() {
    let nfd: String = "ờờờờ".nfd().collect();
    let cut = truncate_graphemes(&nfd, 5);
    assert_eq!(cut.nfc().collect::<String>(), "ờ…");
    assert_eq!(truncate_graphemes("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 8), "👨‍👩‍👧‍👦…");
}

#[test]
fn che_ten_ma_chu_ho_so_van_nhan_ra() {
    assert_eq!(mask_name("Nguyễn Văn An"), "N*** V*** A***");
    assert_eq!(mask_name("  Ý "), "Ý***");
    assert_eq!(mask_name("H'Hen Niê"), "H*** N***");
    assert_eq!(mask_name("王小明"), "王***");
    assert_eq!(mask_name("John Smith"), "J*** S***");
    assert_eq!(mask_name(""), "***");
    assert_eq!(mask_name("123 (?)"), "*** ***");
    assert_eq!(mask_name(&"Ý ".repeat(5_000)).chars().count(), 6 * 4 + 5);
}

proptest! {
    #[test]
    fn gap_hai_lan_cung_nhu_mot(s in "\\PC{0,200}") {
        let once = fold(&s);
        prop_assert_eq!(&fold(&once), &once);
        prop_assert_eq!(fold_words(&s).join(" "), once);
    }

    #[test]
    fn moi_ky_tu_deu_gap_on_dinh(s in proptest::collection::vec(any::<char>(), 0..60)) {
        let s: String = s.into_iter().collect();
        let once = fold(&s);
        prop_assert_eq!(&fold(&once), &once);
        let clean = nfc(&s).into_owned();
        prop_assert_eq!(nfc(&clean), clean.as_str());
        let _ = fold_display(&s);
        let _ = mask_name(&s);
    }

    #[test]
    fn nfc_va_nfd_so_sanh_nhu_nhau(s in "[a-zA-ZđĐàáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹ ]{0,60}") {
        let nfd: String = s.nfd().collect();
        prop_assert_eq!(fold(&s), fold(&nfd));
        prop_assert_eq!(fold_display(&s), fold_display(&nfd));
        prop_assert!(fold_display(&s).is_ascii());
    }

    #[test]
    fn rut_gon_khong_bao_gio_dai_hon(s in "\\PC{0,120}", max in 0usize..80) {
        let cut = truncate_graphemes(&s, max);
        prop_assert!(cut.chars().count() <= max);
        if s.chars().count() <= max {
            prop_assert_eq!(cut, s.as_str());
        }
    }

    #[test]
    fn ten_che_khong_lo_ca_ho_lan_ten(ho in "\\p{Lu}\\p{Ll}{1,6}", ten in "\\p{Lu}\\p{Ll}{1,6}") {
        let masked = mask_name(&format!("{ho} {ten}"));
        prop_assert!(!(masked.contains(&ho) && masked.contains(&ten)));
    }
}
