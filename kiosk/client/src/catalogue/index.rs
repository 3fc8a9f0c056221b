//! What is looked for and shown without a gateway.

use std::collections::HashMap;
use std::ops::Range;

use gateway_core::text::{fold, fold_words};
use jiff::Timestamp;
use mobile_api_types::{ProcedureHit, ProcedureView};

use super::file::BundleFile;
use super::reading;
use crate::files::FileProblem;

/// Words of a question that are looked at.
const MOST_WORDS: usize = 24;

/// A bundle on disk that can be browsed and searched: names and words are in
/// memory, the rest is read when it is asked for. Show [`Catalogue::made_at`]
/// beside everything that comes from it.
pub struct Catalogue {
    made_at: Timestamp,
    /// Each with its place in the file.
    procedures: Vec<(ProcedureHit<'static>, Range<u64>)>,
    /// Folded words, each with the procedures that have it and its weight
    /// there.
    words: HashMap<String, Vec<(u32, f32)>>,
    file: BundleFile,
}

impl Catalogue {
    /// Prepares a bundle; nothing where it cannot be read or is of another
    /// language.
    pub(super) fn of(file: BundleFile, language: &str) -> Result<Option<Self>, FileProblem> {
        let mut procedures = Vec::new();
        let take = |procedure, place| procedures.push((procedure, place));
        let Some(head) = reading::each(file.bytes()?, language, take) else { return Ok(None) };
        let words = words_of(&procedures);
        Ok(Some(Self { made_at: head.made_at, procedures, words, file }))
    }

    /// When the gateway made it.
    pub fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// How many procedures there are.
    pub fn len(&self) -> usize {
        self.procedures.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.procedures.is_empty()
    }

    /// The procedures of a field, as the gateway ordered them.
    pub fn in_field<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a ProcedureHit<'static>> {
        self.procedures.iter().map(|(procedure, _)| procedure).filter(move |procedure| procedure.field == field)
    }

    /// A procedure by its national code, read from the disk.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn procedure(&self, code: &str) -> Result<Option<ProcedureView<'static>>, FileProblem> {
        let Some((_, place)) = self.procedures.iter().find(|(procedure, _)| procedure.code == code) else {
            return Ok(None);
        };
        match reading::one(&self.file.part(place)?) {
            Some(procedure) => Ok(Some(procedure)),
            // It was readable when the words were taken from it.
            None => Err(self.file.unreadable()),
        }
    }

    /// Procedures for words, best first: with or without marks, in any order,
    /// the last one perhaps not finished. It is a plain search that understands
    /// nothing: for the time without a gateway.
    pub fn search(&self, text: &str, most: usize) -> Vec<&ProcedureHit<'static>> {
        if let Some((procedure, _)) = self.procedures.iter().find(|(procedure, _)| procedure.code == text.trim()) {
            return vec![procedure];
        }
        let mut asked = fold_words(text);
        asked.truncate(MOST_WORDS);
        let mut scores: HashMap<u32, (usize, f32)> = HashMap::new();
        let mut meant = 0;
        for (at, word) in asked.iter().enumerate() {
            let last = at + 1 == asked.len();
            let found = self.having(word, last);
            // A word that no procedure has (*xin*, *giùm*) says nothing.
            if found.is_empty() {
                continue;
            }
            meant += 1;
            for (procedure, score) in found {
                let held = scores.entry(procedure).or_default();
                held.0 += 1;
                held.1 += score;
            }
        }
        let mut hits: Vec<(u32, usize, f32)> = scores
            .into_iter()
            .filter(|(_, (words, _))| words * 2 >= meant)
            .map(|(procedure, (words, score))| (procedure, words, score))
            .collect();
        let folded = fold(text);
        for (procedure, words, score) in &mut hits {
            let Some(procedure) = self.at(*procedure) else { continue };
            let short = fold(&procedure.short_name);
            // Of two that have the words, the one that says little else: *đăng
            // ký khai sinh* before *bản sao khai sinh, trích lục hộ tịch*.
            *score *= 1.0 + *words as f32 / short.split(' ').count().max(1) as f32;
            // A name that has them side by side and in order.
            if asked.len() > 1 && (short.contains(&folded) || fold(&procedure.name).contains(&folded)) {
                *score *= 1.5;
            }
        }
        hits.sort_by(|a, b| b.1.cmp(&a.1).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
        hits.into_iter().take(most).filter_map(|(procedure, ..)| self.at(procedure)).collect()
    }

    /// The procedures that have a word, each once, rare words counting more.
    fn having(&self, word: &str, unfinished: bool) -> HashMap<u32, f32> {
        let all = self.procedures.len().max(1) as f32;
        let mut found: HashMap<u32, f32> = HashMap::new();
        let mut add = |places: &[(u32, f32)], share: f32| {
            let rare = (1.0 + all / (places.len().max(1) as f32)).ln();
            for (procedure, weight) in places {
                let held = found.entry(*procedure).or_default();
                *held = held.max(weight * rare * share);
            }
        };
        if let Some(places) = self.words.get(word) {
            add(places, 1.0);
        }
        if unfinished && word.chars().count() >= 2 {
            for (longer, places) in &self.words {
                if longer.len() > word.len() && longer.starts_with(word) {
                    add(places, 0.5);
                }
            }
        }
        found
    }

    fn at(&self, procedure: u32) -> Option<&ProcedureHit<'static>> {
        self.procedures.get(usize::try_from(procedure).ok()?).map(|(procedure, _)| procedure)
    }
}

fn words_of(procedures: &[(ProcedureHit<'static>, Range<u64>)]) -> HashMap<String, Vec<(u32, f32)>> {
    let mut words: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
    for (at, (procedure, _)) in (0_u32..).zip(procedures) {
        let mut own: HashMap<String, f32> = HashMap::new();
        let texts = [
            (Some(&procedure.short_name), 3.0),
            (Some(&procedure.name), 2.0),
            (procedure.english_name.as_ref(), 3.0),
            (Some(&procedure.field), 1.0),
        ];
        for (text, weight) in texts {
            for word in text.map(|text| fold_words(text)).unwrap_or_default() {
                let held = own.entry(word).or_default();
                *held = held.max(weight);
            }
        }
        for (word, weight) in own {
            words.entry(word).or_default().push((at, weight));
        }
    }
    words
}

/// Only how much there is.
impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalogue({} procedures of {})", self.procedures.len(), self.made_at)
    }
}

#[cfg(test)]
mod tests {
    use mobile_api_types::signature::{SigningKey, sign_bundle};

    use super::super::file::{self, Label};
    use super::*;
    use crate::files;

    fn catalogue(folder: &tempfile::TempDir) -> Catalogue {
        let procedure = |code: &str, name: &str, english: Option<&str>, field: &str| {
            serde_json::json!({
                "code": code, "name": format!("Thủ tục {name}"), "short_name": name, "english_name": english,
                "field": field, "source": "Cổng Dịch vụ công quốc gia", "note": "]}, {\"code\":",
            })
        };
        let bundle = serde_json::json!({
            "made_at": "2026-11-27T00:00:00Z",
            "language": "vi",
            "procedures": [
                procedure("1.001193", "Đăng ký khai sinh", Some("Birth registration"), "Hộ tịch"),
                procedure("1.000656", "Đăng ký khai tử", None, "Hộ tịch"),
                procedure("2.000635", "Bản sao khai sinh, trích lục hộ tịch", None, "Hộ tịch"),
                procedure("1.002820", "Cấp lại giấy phép lái xe", Some("Driving licence"), "Đường bộ"),
            ],
            "fields": [{ "name": "Đường bộ", "procedures": 1 }, { "name": "Hộ tịch", "procedures": 3 }],
        });
        let (bytes, key) = (bundle.to_string().into_bytes(), SigningKey::from_seed(&[9; 32]).unwrap());
        let label = Label { signature: sign_bundle(&bytes, &key), etag: None };
        let path = folder.path().join("catalogue-vi.bundle");
        files::replace(&path, &[bytes, file::last_line(&label).unwrap()].concat()).unwrap();
        Catalogue::of(BundleFile::open(&path, &key.public()).unwrap().unwrap(), "vi").unwrap().unwrap()
    }

    #[test]
    fn words_with_and_without_marks_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = catalogue(&folder);
        for (asked, code) in [
            ("đăng ký khai sinh", "1.001193"),
            ("khai sinh", "1.001193"),
            ("KHAI TU", "1.000656"),
            ("sinh khai", "1.001193"),
            ("cho tôi hỏi bằng lái xe", "1.002820"),
            ("giay phep la", "1.002820"),
            ("birth regis", "1.001193"),
            ("trich luc", "2.000635"),
            (" 1.000656 ", "1.000656"),
        ] {
            assert_eq!(catalogue.search(asked, 3).first().map(|hit| hit.code.as_ref()), Some(code), "{asked}");
        }
        for asked in ["", "??", "zzz", "ngân hà"] {
            assert!(catalogue.search(asked, 3).is_empty(), "{asked}");
        }
        assert_eq!(catalogue.search("hộ tịch", 2).len(), 2);
    }

    #[test]
    fn fields_and_codes_also_when_another_bundle_has_taken_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = catalogue(&folder);
        files::replace(&folder.path().join("catalogue-vi.bundle"), b"another").unwrap();
        assert_eq!(catalogue.in_field("Hộ tịch").count(), 3);
        for code in ["1.001193", "1.002820"] {
            assert_eq!(catalogue.procedure(code).unwrap().map(|found| found.code.into_owned()).as_deref(), Some(code));
        }
        assert_eq!(catalogue.procedure("9").unwrap(), None);
        assert_eq!(catalogue.len(), 4);
    }
}
