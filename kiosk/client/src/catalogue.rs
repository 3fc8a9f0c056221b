//! The catalogue on the terminal's own disk, for the time without a gateway.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateway_core::text::{fold, fold_words};
use jiff::Timestamp;
use mobile_api_types::signature::{BUNDLE_SIGNATURE, PublicKey, verify_bundle};
use mobile_api_types::{CatalogueBundle, FieldView, ProcedureHit, ProcedureView};
use parking_lot::Mutex;
use reqwest::StatusCode;
use reqwest::header::ETAG;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calls::get;
use crate::error::{ClientError, GoneKind};
use crate::files::{self, FileProblem};
use crate::gateway::Gateway;

/// Longest bundle, in bytes: as much as the gateway makes.
const MOST_BUNDLE: usize = 64 * 1_024 * 1_024;
/// A bundle takes longer than other answers.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
/// Words of a question that are looked at.
const MOST_WORDS: usize = 24;

/// The files of the bundles, one for each language.
#[derive(Debug, Clone)]
pub struct CatalogueShelf {
    folder: PathBuf,
    /// What is on disk, by language, once it was looked at: a bundle of many
    /// megabytes is not read every minute.
    held: Arc<Mutex<HashMap<String, Option<Held>>>>,
}

#[derive(Debug, Clone)]
struct Held {
    etag: Option<String>,
    made_at: Timestamp,
    fields: Arc<[FieldView<'static>]>,
}

/// What a look at the gateway's bundle brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// A new one is on disk; it was made then.
    New(Timestamp),
    /// The one on disk is the gateway's.
    Unchanged,
    /// What came is older than the one on disk, which stays.
    Older,
}

/// Why no new bundle is on disk. The old one stays as it is.
#[derive(Debug, Error)]
pub enum ShelfProblem {
    /// It did not come.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// It is not signed by the gateway that enrolled this terminal.
    #[error("the bundle is not the gateway's")]
    NotTheGateways,
    /// It is the gateway's, and cannot be read, or is of another language.
    #[error("the bundle cannot be read")]
    Unreadable,
    /// It cannot be kept.
    #[error(transparent)]
    File(#[from] FileProblem),
}

/// First line of the file; the bundle's bytes follow.
#[derive(Serialize, Deserialize)]
struct Label {
    signature: String,
    etag: Option<String>,
}

impl CatalogueShelf {
    /// In a folder that need not be there yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), held: Arc::default() }
    }

    /// Asks the gateway for its bundle and keeps it when it is another one.
    ///
    /// # Errors
    /// [`ShelfProblem`]; the bundle on disk stays.
    pub async fn receive(&self, gateway: &Gateway, language: &str) -> Result<Received, ShelfProblem> {
        let key = gateway.gateway_key().ok_or(ClientError::NotEnrolled)?;
        let path = self.path(language);
        let held = self.held(language, &key)?;
        let etag = held.as_ref().and_then(|held| held.etag.as_deref());
        let mut call = get("/api/v1/kiosk/catalogue".into(), language);
        call.etag = etag;
        call.most = MOST_BUNDLE;
        call.patience = Some(PATIENCE);
        let answer = gateway.send(call).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return match held {
                Some(_) => Ok(Received::Unchanged),
                None => Err(ClientError::Gone(GoneKind::Unreadable).into()),
            };
        }
        let signature = answer.header(BUNDLE_SIGNATURE).ok_or(ShelfProblem::NotTheGateways)?;
        verify_bundle(&answer.body, signature, &key).map_err(|_| ShelfProblem::NotTheGateways)?;
        let bundle = head_of(&answer.body, language).ok_or(ShelfProblem::Unreadable)?;
        // A signed bundle stays signed for ever: an old one must not come back.
        if held.is_some_and(|held| held.made_at > bundle.made_at) {
            return Ok(Received::Older);
        }
        let label = Label { signature: signature.to_owned(), etag: answer.header(ETAG.as_str()).map(str::to_owned) };
        let first = serde_json::to_vec(&label).map_err(|_| ShelfProblem::Unreadable)?;
        files::replace_with(&path, &[&first, b"\n", &answer.body])?;
        let held = Held { etag: label.etag, made_at: bundle.made_at, fields: bundle.fields.into() };
        self.held.lock().insert(language.to_owned(), Some(held));
        Ok(Received::New(bundle.made_at))
    }

    /// Opens the bundle on disk; nothing where there is none that the gateway
    /// signed. It takes several times its size of memory: open it when the
    /// gateway is gone and drop it when it is back.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn open(&self, language: &str, gateway_key: &PublicKey) -> Result<Option<Catalogue>, FileProblem> {
        let held = read(&self.path(language), gateway_key)?;
        Ok(held.and_then(|(_, bytes)| bundle_of(&bytes, language)).map(Catalogue::of))
    }

    /// When the bundle on disk was made, for the heartbeat and the service menu.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn made_at(&self, language: &str, gateway_key: &PublicKey) -> Result<Option<Timestamp>, FileProblem> {
        Ok(self.held(language, gateway_key)?.map(|held| held.made_at))
    }

    /// The fields of administration of the bundle on disk, as the gateway ordered
    /// them: they are few, and browsing by them needs no bundle in memory.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn fields(
        &self,
        language: &str,
        gateway_key: &PublicKey,
    ) -> Result<Option<Arc<[FieldView<'static>]>>, FileProblem> {
        Ok(self.held(language, gateway_key)?.map(|held| held.fields))
    }

    fn held(&self, language: &str, key: &PublicKey) -> Result<Option<Held>, FileProblem> {
        if let Some(held) = self.held.lock().get(language) {
            return Ok(held.clone());
        }
        let held = read(&self.path(language), key)?.and_then(|(label, bytes)| {
            let bundle = head_of(&bytes, language)?;
            Some(Held { etag: label.etag, made_at: bundle.made_at, fields: bundle.fields.into() })
        });
        self.held.lock().insert(language.to_owned(), held.clone());
        Ok(held)
    }

    fn path(&self, language: &str) -> PathBuf {
        let language: String = language.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        self.folder.join(format!("catalogue-{language}.bundle"))
    }
}

/// The label and the bytes of a file that the gateway signed; another file is
/// as good as none.
fn read(path: &Path, key: &PublicKey) -> Result<Option<(Label, Vec<u8>)>, FileProblem> {
    let Some(mut file) = files::read(path)? else { return Ok(None) };
    let Some(end) = file.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
    let Some(Ok(label)) = file.get(..end).map(serde_json::from_slice::<Label>) else { return Ok(None) };
    file.drain(..=end);
    let bytes = file;
    let signed = verify_bundle(&bytes, &label.signature, key).is_ok();
    if !signed {
        tracing::warn!("the catalogue on disk is not the gateway's, and is not used");
    }
    Ok(signed.then_some((label, bytes)))
}

fn bundle_of(bytes: &[u8], language: &str) -> Option<CatalogueBundle<'static>> {
    let bundle: CatalogueBundle<'static> = serde_json::from_slice(bytes).ok()?;
    (bundle.language == language).then_some(bundle)
}

/// What a shelf must know of a bundle: the rest is looked through and not kept,
/// for a whole catalogue has some 25 MB.
fn head_of(bytes: &[u8], language: &str) -> Option<Head> {
    let head: Head = serde_json::from_slice(bytes).ok()?;
    (head.language == language).then_some(head)
}

#[derive(Deserialize)]
struct Head {
    made_at: Timestamp,
    language: String,
    fields: Vec<FieldView<'static>>,
    #[serde(rename = "procedures")]
    _procedures: Vec<IgnoredAny>,
}

/// A bundle that can be browsed and searched. Show [`Catalogue::made_at`] beside
/// everything that comes from it.
pub struct Catalogue {
    made_at: Timestamp,
    procedures: Vec<ProcedureView<'static>>,
    fields: Vec<FieldView<'static>>,
    /// Folded words, each with the procedures that have it and its weight
    /// there.
    words: HashMap<String, Vec<(u32, f32)>>,
}

impl Catalogue {
    /// Prepares a bundle.
    pub fn of(bundle: CatalogueBundle<'static>) -> Self {
        let mut words: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        for (at, procedure) in (0_u32..).zip(&bundle.procedures) {
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
        Self { made_at: bundle.made_at, procedures: bundle.procedures, fields: bundle.fields, words }
    }

    /// When the gateway made it.
    pub fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// All fields of administration, as the gateway ordered them.
    pub fn fields(&self) -> &[FieldView<'static>] {
        &self.fields
    }

    /// All procedures, as the gateway ordered them.
    pub fn procedures(&self) -> &[ProcedureView<'static>] {
        &self.procedures
    }

    /// The procedures of a field.
    pub fn in_field<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a ProcedureView<'static>> {
        self.procedures.iter().filter(move |procedure| procedure.field == field)
    }

    /// A procedure by its national code.
    pub fn procedure(&self, code: &str) -> Option<&ProcedureView<'static>> {
        self.procedures.iter().find(|procedure| procedure.code == code)
    }

    /// Procedures for words, best first: with or without marks, in any order,
    /// the last one perhaps not finished. It is a plain search that understands
    /// nothing: for the time without a gateway.
    pub fn search(&self, text: &str, most: usize) -> Vec<&ProcedureView<'static>> {
        if let Some(procedure) = self.procedure(text.trim()) {
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

    fn at(&self, procedure: u32) -> Option<&ProcedureView<'static>> {
        self.procedures.get(usize::try_from(procedure).ok()?)
    }
}

/// What a list shows of a procedure of the bundle, as the gateway's own search
/// gives it.
impl Catalogue {
    /// The hit of a procedure.
    pub fn hit(procedure: &ProcedureView<'static>) -> ProcedureHit<'static> {
        ProcedureHit {
            code: procedure.code.clone(),
            name: procedure.name.clone(),
            short_name: procedure.short_name.clone(),
            english_name: procedure.english_name.clone(),
            field: procedure.field.clone(),
            levels: procedure.levels.clone(),
        }
    }
}

/// Only how much there is.
impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalogue({} procedures of {})", self.procedures.len(), self.made_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        let procedure = |code: &str, name: &str, english: Option<&str>, field: &str| {
            let mut view: ProcedureView<'static> = serde_json::from_str(
                r#"{"code":"","name":"","short_name":"","field":"","source":"Cổng Dịch vụ công quốc gia"}"#,
            )
            .unwrap();
            view.code = code.to_owned().into();
            view.name = format!("Thủ tục {name}").into();
            view.short_name = name.to_owned().into();
            view.english_name = english.map(|name| name.to_owned().into());
            view.field = field.to_owned().into();
            view
        };
        Catalogue::of(CatalogueBundle {
            made_at: "2026-11-27T00:00:00Z".parse().unwrap(),
            language: "vi".into(),
            procedures: vec![
                procedure("1.001193", "Đăng ký khai sinh", Some("Birth registration"), "Hộ tịch"),
                procedure("1.000656", "Đăng ký khai tử", None, "Hộ tịch"),
                procedure("2.000635", "Bản sao khai sinh, trích lục hộ tịch", None, "Hộ tịch"),
                procedure("1.002820", "Cấp lại giấy phép lái xe", Some("Driving licence"), "Đường bộ"),
            ],
            fields: vec![
                FieldView { name: "Đường bộ".into(), procedures: 1 },
                FieldView { name: "Hộ tịch".into(), procedures: 3 },
            ],
        })
    }

    #[test]
    fn words_with_and_without_marks_in_any_order() {
        let catalogue = catalogue();
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
    fn fields_and_codes() {
        let catalogue = catalogue();
        assert_eq!(catalogue.in_field("Hộ tịch").count(), 3);
        assert_eq!(catalogue.procedure("1.002820").map(|p| p.short_name.as_ref()), Some("Cấp lại giấy phép lái xe"));
        assert_eq!(catalogue.procedure("9"), None);
        assert_eq!(Catalogue::hit(&catalogue.procedures()[0]).short_name, "Đăng ký khai sinh");
    }
}
