//! Targets of the other rooms: what comes from the portal, from a file and from
//! a citizen.

use std::sync::{Arc, LazyLock};

use assistant_nlu::normal::Normal;
use gateway_catalogue::{PlainInterpreter, ProcedureCatalogue};
use gateway_core::desk::Action;
use gateway_core::domain::{DossierNumberParser, Fee, FeeReading, Locale, ProcessingTime};
use gateway_core::ports::Interpretation;
use jiff::civil::date;

/// The portal's answer about a dossier, however untidy: it is read or refused.
pub fn portal_dossier(data: &[u8]) {
    gateway_portal::fuzz_dossier_answer(data);
}

/// The portal's answer about a procedure, or its list of them.
pub fn portal_procedure(data: &[u8]) {
    gateway_portal::fuzz_procedure_answer(data);
}

/// A line of a catalogue's file: what is read writes and reads back the same.
pub fn procedure_line(data: &[u8]) {
    let Ok(loaded) = gateway_catalogue::format::read_lenient(data) else { return };
    for procedure in &loaded.procedures {
        let mut line = Vec::new();
        let written = gateway_catalogue::format::append_line(&mut line, procedure);
        assert!(written.is_ok(), "{}", procedure.code);
        let again = gateway_catalogue::format::read_lenient(line.as_slice()).map(|loaded| loaded.procedures);
        assert_eq!(again.ok().as_deref(), Some(std::slice::from_ref(procedure)));
    }
}

/// Published texts of times and fees, a note after the first line: "free" is
/// never read from a text that does not say so.
pub fn published_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (published, note) = text.split_once('\n').unwrap_or((&text, ""));
    let fee = Fee::read(published, Some(note));
    if fee.reading == FeeReading::Free {
        let folded = gateway_core::text::fold(published);
        assert!(folded == "mien phi" || folded.starts_with('0'), "{published:?}");
    }
    if let ProcessingTime::Published { amount, .. } | ProcessingTime::UnitNotPublished { amount } =
        ProcessingTime::read(published)
    {
        assert!(amount.is_finite() && amount >= 0.0, "{published:?}");
    }
}

/// An `Accept-Language` header: the answer is a language that is spoken.
pub fn accept_language(data: &[u8]) {
    let spoken = [Locale::VI, Locale::EN];
    let header = String::from_utf8_lossy(data);
    assert!(spoken.contains(&gateway_locale::negotiate(&header, &spoken, Locale::VI)));
}

/// A citizen's words: never more than five choices, and a number that is acted
/// on is really in the words.
pub fn question(data: &[u8]) {
    static INTERPRETER: LazyLock<PlainInterpreter> = LazyLock::new(|| {
        PlainInterpreter::new(DossierNumberParser::default(), Arc::new(ProcedureCatalogue::builtin()))
    });
    let words = String::from_utf8_lossy(data);
    match INTERPRETER.read(&words, date(2026, 11, 23)) {
        Interpretation::Ask(question) => assert!(question.choices.len() <= 5, "{}", question.choices.len()),
        Interpretation::Act(Action::TrackDossier { number } | Action::DiscloseDossier { number, .. }) => {
            assert!(words.chars().any(|letter| letter.is_numeric()), "{number}");
        }
        Interpretation::Act(_) | Interpretation::NotUnderstood => {}
    }
}

/// A citizen's words as they were meant: NFC, bounded, whole words, and a normal
/// text stays as it is.
pub fn normal(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let normal = Normal::of(&text);
    assert!(unicode_normalization::is_nfc(normal.text()), "{:?}", normal.text());
    assert!(normal.text().chars().count() <= 4_000, "{} characters", normal.text().len());
    let words: Vec<&str> = normal.words().map(|word| word.text).collect();
    assert_eq!(words.join(" "), normal.text());
    assert!(words.iter().all(|word| !word.is_empty() && !word.contains(' ')), "{words:?}");
    assert_eq!(Normal::of(normal.text()).text(), normal.text(), "of {text:?}");
}
