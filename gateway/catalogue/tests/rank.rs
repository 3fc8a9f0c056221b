//! Which procedure a citizen means: the ranking over all that is known of how
//! people ask.

#![expect(clippy::unwrap_used, reason = "what a test makes itself can be read")]

use std::collections::HashMap;
use std::sync::LazyLock;

use gateway_catalogue::{ProcedureCatalogue, RankWeights, builtin};
use gateway_core::domain::{Procedure, ProcedureCode};
use gateway_core::text::fold_display;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const BIRTH: &str = "1.001193";
const BIRTH_ABROAD: &str = "9.000001";
const LICENCE_LOST: &str = "9.000003";
const LAND_LEASE: &str = "9.000005";
const LAND_TAX: &str = "9.000006";

fn like(code: &str, name: &str) -> Procedure {
    let mut procedure = builtin().swap_remove(0);
    procedure.code = ProcedureCode::parse(code).unwrap();
    procedure.name = name.into();
    procedure.short_name = gateway_catalogue::short_name(name);
    (procedure.english_name, procedure.prior) = (None, 1.0);
    procedure.aliases.clear();
    procedure
}

/// The small catalogue, and beside its plain procedures some special ones.
static CATALOGUE: LazyLock<ProcedureCatalogue> = LazyLock::new(|| {
    let mut all = builtin();
    all.push(like(BIRTH_ABROAD, "Thủ tục đăng ký khai sinh có yếu tố nước ngoài"));
    all.push(like("9.000002", "Thủ tục đăng ký khai sinh lưu động"));
    all.push(like(LICENCE_LOST, "Cấp lại chứng chỉ hành nghề đo đạc bị mất"));
    all.push(like(LAND_LEASE, "Thuê đất"));
    all.push(like(LAND_TAX, "Thuế đất"));
    ProcedureCatalogue::new(all, &HashMap::new())
});

fn first(text: &str) -> String {
    let ranked = CATALOGUE.rank(text, &RankWeights::default());
    ranked.first().map_or_else(String::new, |hit| hit.procedure.code.national().to_owned())
}

#[test]
fn the_plain_procedure_comes_before_its_special_cases() {
    for text in ["đăng ký khai sinh", "làm giấy khai sinh cho con", "khai sinh cần gì", "birth certificate"] {
        assert_eq!(first(text), BIRTH, "{text}");
    }
    assert_eq!(first("khai sinh có yếu tố nước ngoài"), BIRTH_ABROAD);
    assert_eq!(first("đăng ký khai sinh lưu động"), "9.000002");
    assert_eq!(first("chứng chỉ đo đạc bị mất"), LICENCE_LOST);
}

#[test]
fn it_is_found_without_marks_in_nfd_with_a_typo_and_in_english() {
    for text in ["đăng ký khai sinh", "làm lại căn cước", "mất hộ chiếu", "đăng ký kết hôn", "tách hộ"]
    {
        let found = first(text);
        assert!(!found.is_empty(), "{text}");
        assert_eq!(first(&fold_display(text)), found, "{text}");
        assert_eq!(first(&text.nfd().collect::<String>()), found, "{text}");
        assert_eq!(first(&text.to_uppercase()), found, "{text}");
    }
    assert_eq!(first("dang ky khia sinh"), BIRTH);
    assert_eq!(first("Ðăng ký khai sinh"), BIRTH, "the Icelandic letter of old fonts");
    assert_eq!(first("register the birth of my baby"), BIRTH);
}

#[test]
fn the_traps_of_peoples_words() {
    // Written marks tell *thuê* from *thuế* where the names differ in nothing else. (A
    // name with a further act, *Khai thuế đất*, still comes behind *Cho thuê đất*.)
    assert_eq!(first("thuê đất"), LAND_LEASE);
    assert_eq!(first("thuế đất"), LAND_TAX);
    // What is denied is not sought.
    assert_ne!(first("không hỏi khai sinh, hỏi khai tử"), BIRTH);
    assert_eq!(first("không hỏi khai sinh, hỏi khai tử"), first("khai tử"));
    // Two meanings of *mất*: the second asks for the time.
    assert_eq!(first("mất bằng lái mất bao lâu"), first("mất bằng lái"));
    // A class of licences and a place are words as they stand.
    assert_eq!(first("doi bang a1"), first("đổi bằng lái"));
    assert_eq!(first("khai sinh quan1 phuong5"), BIRTH);
    // Old and new places of the tone.
    assert_eq!(first("hoà giải"), first("hòa giải"));
}

#[test]
fn one_call_gives_what_three_gave() {
    let weights = RankWeights::default();
    for text in ["đăng ký khai sinh", "bao nhiêu tiền", "k", "", "cho tôi hỏi mất hộ chiếu thì làm sao ạ"]
    {
        let asked = CATALOGUE.ask(text, &weights);
        let codes = |ranked: &[gateway_catalogue::Ranked]| {
            ranked.iter().map(|hit| (hit.procedure.code.clone(), hit.score.to_bits())).collect::<Vec<_>>()
        };
        assert_eq!(codes(&asked.ranked), codes(&CATALOGUE.rank(text, &weights)), "{text}");
        assert_eq!(asked.matter_words, CATALOGUE.matter_words(text), "{text}");
        assert_eq!(asked.names_a_matter, CATALOGUE.names_a_matter(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_text_has_a_ranking(text in "(\\PC{0,12}|[à-ỹđa-z ,.]{0,20}|[\u{300}-\u{345}\u{200b}½ﬁ]{0,3}|khai sinh|a1 ){0,30}") {
        let weights = RankWeights::default();
        let ranked = CATALOGUE.rank(&text, &weights);
        prop_assert!(ranked.len() <= 20);
        prop_assert!(ranked.iter().all(|hit| hit.score.is_finite() && hit.near.is_finite()));
        prop_assert!(ranked.is_sorted_by(|a, b| a.score >= b.score));
        // The room of one question leaves nothing behind for the next.
        let again = CATALOGUE.rank(&text, &weights);
        prop_assert!(ranked.iter().map(|hit| hit.score.to_bits()).eq(again.iter().map(|hit| hit.score.to_bits())));
        let codes: Vec<ProcedureCode> = ranked.iter().map(|hit| hit.procedure.code.clone()).collect();
        prop_assert_eq!(CATALOGUE.rank_among(&text, &weights, &codes).len(), codes.len());
    }
}
