//! The index through the `Catalogue` port.

#![expect(clippy::unwrap_used, reason = "a test's helper fails loudly")]

use std::collections::HashMap;
use std::sync::LazyLock;

use gateway_catalogue::{ProcedureCatalogue, builtin};
use gateway_core::domain::{Level, Procedure, ProcedureCode};
use gateway_core::ports::{Catalogue, Cursor, ProcedurePage, ProcedureQuery};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// Built once: most stories only read it.
static BUILTIN: LazyLock<ProcedureCatalogue> = LazyLock::new(ProcedureCatalogue::builtin);

fn code(text: &str) -> ProcedureCode {
    ProcedureCode::parse(text).unwrap()
}

fn query(text: &str) -> ProcedureQuery {
    ProcedureQuery { text: text.to_owned(), limit: 10, ..ProcedureQuery::default() }
}

fn codes(page: &ProcedurePage) -> Vec<&str> {
    page.hits.iter().map(|hit| hit.procedure.code.as_str()).collect()
}

/// A procedure as an import brings it: no aliases, no English, no short name by hand.
fn imported(code_text: &str, name: &str, field: &str, level: Level) -> Procedure {
    static TEMPLATE: LazyLock<Procedure> = LazyLock::new(|| builtin().swap_remove(0));
    let mut procedure = TEMPLATE.clone();
    procedure.code = code(code_text);
    procedure.name = name.to_owned();
    procedure.short_name = gateway_catalogue::short_name(name);
    procedure.english_name = None;
    procedure.aliases.clear();
    procedure.field = field.to_owned();
    procedure.levels = vec![level];
    procedure.papers.clear();
    procedure.results.clear();
    procedure.conditions = None;
    procedure.prior = 1.0;
    procedure
}

fn civil_status() -> ProcedureCatalogue {
    let commune = |code: &str, name: &str| imported(code, name, "Hộ tịch", Level::Commune);
    ProcedureCatalogue::new(
        vec![
            commune("9.000001", "Thủ tục đăng ký khai sinh lưu động"),
            commune("9.000002", "Thủ tục đăng ký khai sinh có yếu tố nước ngoài"),
            commune("9.000003", "Thủ tục đăng ký khai sinh"),
            commune("9.000004", "Thủ tục đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con"),
            commune("9.000005", "Thủ tục đăng ký lại khai sinh"),
            imported("9.000006", "Khai tiền thuê đất", "Thuế", Level::Province),
            imported("9.000007", "Khai thuế đất phi nông nghiệp", "Thuế", Level::Province),
            imported("9.000008", "Cấp lại thẻ căn cước (thực hiện tại cấp trung ương)", "Căn cước", Level::Ministry),
            imported("9.000009", "Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)", "Căn cước", Level::Province),
            imported("9.000010", "Hòa giải tranh chấp đất đai", "Đất đai", Level::Commune),
        ],
        &HashMap::new(),
    )
}

#[test]
fn what_the_house_promises_is_found_first() {
    let catalogue = &*BUILTIN;
    for (text, first) in [
        ("dang ky khai sinh", "1.001193"),
        ("Đăng ký khai sinh", "1.001193"),
        ("làm giấy khai sinh", "1.001193"),
        ("giấy phép lái xe hết hạn", "3.000347"),
        ("lam lai can cuoc", "1.014064"),
        ("đổi bằng lái", "3.000347"),
        ("mất hộ chiếu", "1.010386"),
        ("passport", "1.001456"),
        ("birth certificate", "1.001193"),
        ("dang ky khia sinh", "1.001193"),
        ("ho chieu pho thongg", "1.001456"),
        ("dangky khaisinh", "1.001193"),
        ("hoà giải tranh chấp đất", "1.012812"),
        ("hòa giải tranh chấp đất", "1.012812"),
        ("mất bằng lái mất bao lâu", "3.000348"),
        ("1.014064", "1.014064"),
        ("1.014064.000.00.00.H56", "1.014064"),
    ] {
        let page = catalogue.find(&query(text));
        assert_eq!(codes(&page).first(), Some(&first), "{text}");
        assert!(page.clear, "{text}");
        let decomposed: String = text.nfd().collect();
        assert_eq!(codes(&catalogue.find(&query(&decomposed))), codes(&page), "NFD: {text}");
        assert_eq!(codes(&catalogue.find(&query(&text.to_uppercase()))), codes(&page), "upper case: {text}");
    }
}

#[test]
fn how_much_it_costs_does_not_lose_a_passport() {
    let catalogue = &*BUILTIN;
    let page = catalogue.find(&query("đăng ký thường trú mất bao nhiêu tiền"));
    assert_eq!(codes(&page).first(), Some(&"1.004222"));
    assert!(!codes(&page).contains(&"1.010386"));
    assert_eq!(codes(&catalogue.find(&query("mất bao nhiêu tiền"))), [""; 0]);
}

#[test]
fn the_plain_procedure_comes_before_its_special_cases() {
    let page = civil_status().find(&query("đăng ký khai sinh"));
    assert_eq!(codes(&page).first(), Some(&"9.000003"));
    assert!(page.clear);
    let page = civil_status().find(&query("khai sinh có yếu tố nước ngoài"));
    assert_eq!(codes(&page).first(), Some(&"9.000002"));
    let page = civil_status().find(&query("khai sinh luu dong"));
    assert_eq!(codes(&page).first(), Some(&"9.000001"));
}

#[test]
fn written_marks_decide_and_bare_words_leave_it_open() {
    let catalogue = civil_status();
    assert_eq!(codes(&catalogue.find(&query("thuê đất"))).first(), Some(&"9.000006"));
    assert_eq!(codes(&catalogue.find(&query("thuế đất"))).first(), Some(&"9.000007"));
    let bare = catalogue.find(&query("thue dat"));
    assert!(codes(&bare).contains(&"9.000006") && codes(&bare).contains(&"9.000007"));
}

#[test]
fn twins_at_several_levels_are_one_procedure_and_the_nearest_comes_first() {
    let page = civil_status().find(&query("cấp lại căn cước"));
    assert_eq!(codes(&page), ["9.000009", "9.000008"]);
    assert!(page.clear);
}

#[test]
fn an_empty_text_lists_all_in_vietnamese_order() {
    let page = civil_status().find(&ProcedureQuery { limit: 50, ..ProcedureQuery::default() });
    assert_eq!((page.total, page.hits.len(), page.next, page.clear), (10, 10, None, false));
    let names: Vec<&str> = page.hits.iter().map(|hit| hit.procedure.name.as_str()).collect();
    assert_eq!(names[0], "Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)");
    assert_eq!(names[1], "Cấp lại thẻ căn cước (thực hiện tại cấp trung ương)");
    assert_eq!(names[2], "Hòa giải tranh chấp đất đai");
    assert!(names[9].starts_with("Thủ tục đăng ký lại"));
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let catalogue = &*BUILTIN;
    for text in ["", "đăng ký"] {
        let mut seen: Vec<String> = Vec::new();
        let mut after = None;
        let mut total = 0;
        loop {
            let page = catalogue.find(&ProcedureQuery { limit: 7, after, ..query(text) });
            assert!(page.hits.len() <= 7);
            seen.extend(page.hits.iter().map(|hit| hit.procedure.code.to_string()));
            total = total.max(page.total);
            after = page.next;
            let Some(next) = after else { break };
            assert_eq!(next, Cursor { version: catalogue.version(), offset: seen.len() });
        }
        assert_eq!(seen.len(), total, "{text:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), total, "{text:?}: none twice");
    }
    let beyond = Cursor { version: catalogue.version(), offset: usize::MAX };
    let page = catalogue.find(&ProcedureQuery { after: Some(beyond), ..query("") });
    assert_eq!((page.hits.len(), page.next), (0, None));
}

#[test]
fn a_page_has_one_to_fifty_hits() {
    let mut many: Vec<Procedure> = Vec::new();
    for place in 0..120 {
        many.push(imported(&format!("9.{place:06}"), &format!("Cấp giấy số {place}"), "X", Level::Commune));
    }
    let catalogue = ProcedureCatalogue::new(many, &HashMap::new());
    assert_eq!(catalogue.find(&ProcedureQuery { limit: 0, ..query("") }).hits.len(), 1);
    assert_eq!(catalogue.find(&ProcedureQuery { limit: 9_999, ..query("") }).hits.len(), 50);
}

#[test]
fn filters_by_field_and_level() {
    let catalogue = civil_status();
    let page = catalogue.find(&ProcedureQuery { field: Some("HO TICH".into()), ..query("") });
    assert_eq!(page.total, 5);
    let page = catalogue.find(&ProcedureQuery { level: Some(Level::Province), ..query("cấp lại căn cước") });
    assert_eq!(codes(&page), ["9.000009"]);
    let page = catalogue.find(&ProcedureQuery { field: Some("Không có".into()), ..query("") });
    assert_eq!(page.total, 0);
    let page = catalogue.find(&ProcedureQuery { level: Some(Level::Commune), ..query("9.000009") });
    assert_eq!(page.total, 0, "a code is filtered too");
    let fields: Vec<(String, usize)> = catalogue.fields().into_iter().map(|field| (field.name, field.count)).collect();
    let expected = [("Căn cước", 2), ("Đất đai", 1), ("Hộ tịch", 5), ("Thuế", 2)];
    assert_eq!(fields, expected.map(|(name, count)| (name.to_owned(), count)));
}

#[test]
fn the_field_itself_can_be_asked_for() {
    let page = civil_status().find(&query("hộ tịch"));
    assert_eq!(page.total, 5);
    assert!(!page.clear);
}

#[test]
fn one_word_alone_is_clear_only_where_it_names_a_procedure() {
    assert!(BUILTIN.find(&query("passport")).clear);
    assert!(BUILTIN.find(&query("vneid")).clear);
    assert!(!BUILTIN.find(&query("đất")).clear);
    assert!(!BUILTIN.find(&query("thuế")).clear);
}

#[test]
fn contents_change_at_run_time() {
    let catalogue = ProcedureCatalogue::builtin();
    let before = catalogue.version();
    assert_eq!(before, ProcedureCatalogue::builtin().version(), "every node has the same version");
    let overrides = HashMap::from([(code("1.001193"), "Khai sinh cho bé".to_owned())]);
    catalogue.replace(builtin(), &overrides);
    assert_ne!(catalogue.version(), before);
    assert_eq!(catalogue.procedure(&code("1.001193")).unwrap().short_name, "Khai sinh cho bé");
    assert_eq!(codes(&catalogue.find(&query("khai sinh cho bé"))).first(), Some(&"1.001193"));
    catalogue.replace(Vec::new(), &overrides);
    assert!(catalogue.is_empty());
    assert_eq!(catalogue.find(&query("khai sinh")), ProcedurePage::default());
    assert_eq!(catalogue.as_of(), None);
}

#[test]
fn an_override_is_cut_to_size_and_a_blank_one_is_none() {
    let long = "Một tên rất dài mà ai đó đã viết vào cấu hình mà không đếm chữ".to_owned();
    let overrides = HashMap::from([(code("1.001193"), long), (code("1.000894"), "  ".to_owned())]);
    let catalogue = ProcedureCatalogue::new(builtin(), &overrides);
    assert!(catalogue.procedure(&code("1.001193")).unwrap().short_name.chars().count() <= 40);
    assert_eq!(catalogue.procedure(&code("1.000894")).unwrap().short_name, "Đăng ký kết hôn");
}

#[test]
fn a_code_with_a_local_suffix_falls_back_to_the_national_one() {
    let catalogue = &*BUILTIN;
    assert_eq!(catalogue.procedure(&code("1.001193.H56")).unwrap().code.as_str(), "1.001193");
    assert!(catalogue.procedure(&code("9.999999")).is_none());
}

#[test]
fn nothing_is_found_for_nonsense() {
    let catalogue = &*BUILTIN;
    for text in ["asdkjh qwe", "1+1", "😀😀", "???", "tôi muốn", "a", "\0\0", "\u{202e}", "cần gì"] {
        assert_eq!(codes(&catalogue.find(&query(text))), [""; 0], "{text:?}");
    }
}

#[test]
fn hostile_questions_are_bounded() {
    let catalogue = &*BUILTIN;
    let decomposed: String = "ế".nfd().collect();
    for text in [
        "a".repeat(10_000),
        "đăng ký ".repeat(1_300),
        "bằng lái sổ đỏ cccd passport mất hết hạn ".repeat(250),
        decomposed.repeat(3_000),
        "e\u{301}\u{302}\u{303}".repeat(1_000),
        "👨‍👩‍👧‍👦".repeat(500),
        "name:\"x\" AND (body:* OR -khai~2^9) [a TO z] \\".repeat(200),
        "\u{202e}hnis iahk\u{202c} مرحبا שלום".repeat(100),
        "khai\0sinh\u{7f}".repeat(100),
        "không không không phải không hỏi mà là mà ".repeat(200),
        "½¼²№ﬁ".repeat(500),
    ] {
        let page = catalogue.find(&query(&text));
        assert!(page.hits.len() <= 10);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}", field in proptest::option::of("\\PC{0,30}"), limit in any::<usize>(), offset in any::<usize>()) {
        let after = Some(Cursor { version: BUILTIN.version(), offset });
        let page = BUILTIN.find(&ProcedureQuery { text, field, level: None, limit, after });
        prop_assert!(page.hits.len() <= 50);
        prop_assert!(page.hits.is_sorted_by(|a, b| a.score >= b.score));
    }
}
