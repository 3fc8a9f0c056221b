//! What everything is measured against: plain BM25 over official texts, which
//! knows nothing of how people ask.

use std::sync::Arc;

use bm25::{Document, SearchEngine, SearchEngineBuilder, Tokenizer};
use gateway_core::desk::{Action, Focuses};
use gateway_core::domain::{Procedure, ProcedureCode};
use gateway_core::ports::{Heard, Interpretation, Interpreter, Understood};
use gateway_core::text::fold_words;

/// Hits that are named.
const HITS: usize = 5;

/// Words as they stand and folded, each a term.
#[derive(Debug, Default, Clone)]
struct RawAndFolded;

impl Tokenizer for RawAndFolded {
    fn tokenize(&self, text: &str) -> Vec<String> {
        let lower = text.to_lowercase();
        let raw = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        raw.map(|word| format!("={word}")).chain(fold_words(text)).collect()
    }
}

/// BM25 over names, fields, papers, conditions and results.
pub struct Bm25 {
    engine: SearchEngine<u32, u32, RawAndFolded>,
    codes: Vec<ProcedureCode>,
}

impl Bm25 {
    /// Indexes procedures; with `phrases` also people's words for them.
    pub fn over(procedures: &[Arc<Procedure>], phrases: bool) -> Self {
        let text = |procedure: &Procedure| {
            let mut text = format!("{} {}", procedure.name, procedure.field);
            let papers = procedure.papers.iter().flat_map(|case| &case.items).map(|item| item.name.as_str());
            let results = procedure.results.iter().map(|result| result.name.as_str());
            let aliases = procedure.aliases.iter().filter(|_| phrases).map(String::as_str);
            for part in papers.chain(results).chain(procedure.conditions.as_deref()).chain(aliases) {
                text.push(' ');
                text.push_str(part);
            }
            text
        };
        let documents: Vec<Document<u32>> =
            (0_u32..).zip(procedures).map(|(at, procedure)| Document::new(at, text(procedure))).collect();
        let engine =
            SearchEngineBuilder::<u32, u32, RawAndFolded>::with_tokenizer_and_documents(RawAndFolded, documents)
                .build();
        Self { engine, codes: procedures.iter().map(|procedure| procedure.code.clone()).collect() }
    }
}

impl Interpreter for Bm25 {
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        let hits = self.engine.search(heard.text, HITS);
        let mut codes = hits.iter().filter_map(|hit| self.codes.get(usize::try_from(hit.document.id).ok()?)).cloned();
        match codes.next() {
            Some(code) => {
                let also = codes.collect();
                Interpretation::Act(Action::ShowProcedure { code, focus: Focuses::OVERVIEW, also }).into()
            }
            None => Interpretation::NotUnderstood.into(),
        }
    }
}
