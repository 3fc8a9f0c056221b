//! A citizen's rating as `DongBoDanhGia` takes it. The protocol's description names
//! no field of it but the dossier's number, so the others are configuration.

use gateway_core::domain::{DossierNumber, Rating, wire_time};
use serde_json::{Map, Value};

use crate::config::RatingFields;

/// Writes ratings.
pub(super) struct RatingWriter {
    fields: RatingFields,
}

impl RatingWriter {
    pub(super) fn new(fields: &RatingFields) -> Self {
        Self { fields: fields.clone() }
    }

    /// One entry of `data`. What the configuration has no name for is left out.
    pub(super) fn entry(&self, number: &DossierNumber, rating: &Rating) -> Map<String, Value> {
        let reasons: Vec<&str> = rating.reasons.iter().map(|reason| reason.key()).collect();
        let RatingFields { score, reasons: why, words, at } = &self.fields;
        let fields = [
            ("MaHoSo", Some(number.as_str().to_owned())),
            (score, Some(rating.score.number().to_string())),
            (why, Some(reasons.join(";")).filter(|reasons| !reasons.is_empty())),
            (words, rating.words.as_ref().map(|words| words.as_str().to_owned())),
            (at, Some(wire_time::format(rating.at))),
        ];
        fields
            .into_iter()
            .filter(|(name, _)| !name.is_empty())
            .filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))))
            .collect()
    }
}
