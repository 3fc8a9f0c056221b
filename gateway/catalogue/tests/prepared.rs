//! A catalogue that was prepared answers as the one that is made, and whatever is
//! not quite right with what was prepared, it is made.
#![expect(clippy::unwrap_used, reason = "the whole target is tests, outside of #[test] functions")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use gateway_catalogue::{Found, Opened, ProcedureCatalogue, RankWeights, builtin, write_jsonl};
use gateway_core::domain::ProcedureCode;
use gateway_core::ports::{Catalogue as _, ProcedureQuery};

type ShortNames = HashMap<ProcedureCode, String>;

/// A folder with the small catalogue in a file.
fn imported() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.jsonl");
    write_jsonl(&file, &builtin()).unwrap();
    (folder, file)
}

fn open(file: &Path) -> Opened {
    ProcedureCatalogue::open(file, &ShortNames::new()).unwrap()
}

/// Opens it and prepares it; where it lies.
fn prepare(file: &Path) -> PathBuf {
    let preparation = open(file).preparation.unwrap();
    preparation.write().unwrap();
    preparation.path().to_owned()
}

/// All that a catalogue says to some questions.
fn answers(catalogue: &ProcedureCatalogue) -> String {
    let mut said = format!("{} {:?} {:?}\n", catalogue.version(), catalogue.as_of(), catalogue.fields());
    for text in ["", "làm lại căn cước", "lam khai sinh cap xa", "dang ky khia sinh", "mất bằng lái", "passport", "đất"]
    {
        let page = catalogue.find(&ProcedureQuery { text: text.into(), limit: 50, ..ProcedureQuery::default() });
        said += &format!("{text}: {} {} {:?}\n", page.total, page.clear, page.hits);
        let asked = catalogue.ask(text, &RankWeights::default());
        let ranked = asked.ranked.iter().map(|hit| (hit.procedure.code.as_str(), hit.score, hit.near, hit.fit));
        said += &format!("{:?} {:?}\n", ranked.collect::<Vec<_>>(), asked.parts);
    }
    said
}

#[test]
fn what_was_prepared_answers_as_what_is_made() {
    let (_folder, file) = imported();
    let made = open(&file);
    assert_eq!(made.found, Found::Nothing);
    made.preparation.as_ref().unwrap().write().unwrap();
    let loaded = open(&file);
    assert_eq!(loaded.found, Found::Prepared);
    assert!(loaded.preparation.is_none());
    assert_eq!(loaded.catalogue.procedures(), made.catalogue.procedures());
    assert_eq!(answers(&loaded.catalogue), answers(&made.catalogue));
}

#[test]
fn another_catalogue_or_other_short_names_are_not_answered_from_it() {
    let (_folder, file) = imported();
    prepare(&file);
    let code = builtin().remove(0).code;
    let short_names = ShortNames::from([(code.clone(), "Tên của tỉnh".to_owned())]);
    let renamed = ProcedureCatalogue::open(&file, &short_names).unwrap();
    assert_eq!(renamed.found, Found::Stale);
    assert_eq!(renamed.catalogue.procedure(&code).unwrap().short_name, "Tên của tỉnh");
    let mut fewer = builtin();
    fewer.truncate(10);
    write_jsonl(&file, &fewer).unwrap();
    let opened = open(&file);
    assert_eq!((opened.found, opened.catalogue.len()), (Found::Stale, 10));
    prepare(&file);
    assert_eq!(open(&file).found, Found::Prepared, "made anew, it is good again");
}

#[test]
fn one_that_is_damaged_or_cut_off_is_made_anew() {
    let (_folder, file) = imported();
    let wanted = answers(&open(&file).catalogue);
    let path = prepare(&file);
    let good = fs::read(&path).unwrap();
    let mut bad: Vec<Vec<u8>> = [0, 7, 48, good.len() / 3, good.len() - 1].map(|len| good[..len].to_vec()).into();
    bad.push([good.as_slice(), b"x"].concat());
    for place in [0, 7, 8, 39, 40, 47, 48, 51, 52, 84].into_iter().chain((100..good.len()).step_by(good.len() / 20)) {
        let mut flipped = good.clone();
        flipped[place] ^= 0x10;
        bad.push(flipped);
    }
    for bytes in bad {
        fs::write(&path, bytes).unwrap();
        let opened = open(&file);
        assert_eq!(opened.found, Found::Stale);
        assert_eq!(answers(&opened.catalogue), wanted);
    }
}

#[test]
fn lines_that_were_left_out_are_told_again() {
    let (_folder, file) = imported();
    let mut text = fs::read_to_string(&file).unwrap();
    text += "{\"code\": \"none\"}\n";
    fs::write(&file, text).unwrap();
    let made = open(&file);
    assert_eq!(made.rejected.len(), 1);
    made.preparation.unwrap().write().unwrap();
    let loaded = open(&file);
    assert_eq!((loaded.found, loaded.rejected), (Found::Prepared, made.rejected));
}
