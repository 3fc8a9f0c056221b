//! The texts that a portal's officers would have written: data, not code. They
//! are the *source's* words; no channel's sentence stands here.

use std::collections::HashMap;

use serde::Deserialize;

/// `data/words.json`, compiled in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) family_names: Vec<String>,
    pub(crate) female_middle: Vec<String>,
    pub(crate) female_given: Vec<String>,
    pub(crate) male_middle: Vec<String>,
    pub(crate) male_given: Vec<String>,
    pub(crate) business_forms: Vec<String>,
    pub(crate) business_trades: Vec<String>,
    pub(crate) business_names: Vec<String>,
    pub(crate) birth_places: Vec<String>,
    pub(crate) phone_prefixes: Vec<String>,
    pub(crate) refused: Vec<String>,
    pub(crate) stopped: Vec<String>,
    pub(crate) withdrawn: Vec<String>,
    pub(crate) papers: PaperWords,
    pub(crate) payment: PaymentWords,
    pub(crate) ready: Vec<String>,
    pub(crate) ready_by_post: String,
    pub(crate) returned: Vec<String>,
    pub(crate) returned_by_post: String,
    pub(crate) internal_notes: Vec<String>,
    pub(crate) summary: String,
    pub(crate) result_name: String,
    /// What a progress entry says, by status code.
    pub(crate) progress: HashMap<String, String>,
    pub(crate) offices: Vec<String>,
    pub(crate) positions: Vec<String>,
    /// The unit of an amount whose source names none.
    pub(crate) channel_unit: String,
    /// Who handles a procedure, by level.
    pub(crate) level_agencies: HashMap<String, String>,
    pub(crate) expired: String,
    pub(crate) maintenance_page: String,
    pub(crate) fault_page: String,
    /// Code, with `{province}` in the province's place, and name.
    pub(crate) agencies: Vec<(String, String)>,
    pub(crate) provinces: Vec<(String, String)>,
    pub(crate) ward_province: String,
    pub(crate) wards: Vec<String>,
    /// Field, question, answer.
    pub(crate) questions: Vec<(String, String, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperWords {
    pub(crate) asked: Vec<String>,
    pub(crate) other: Vec<String>,
    pub(crate) officer_asks: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentWords {
    pub(crate) asked: Vec<String>,
    pub(crate) fees: Vec<String>,
}

impl Words {
    /// Reads the compiled-in file.
    ///
    /// # Errors
    /// Only where the file in the source tree was broken; a test sees it first.
    pub(crate) fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../data/words.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_whole() {
        let words = Words::read().unwrap();
        assert_eq!(words.provinces.len(), 34);
        assert!((1..=10).all(|code: u8| words.progress.contains_key(&code.to_string())));
    }
}
