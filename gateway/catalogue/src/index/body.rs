use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::domain::Procedure;
use gateway_core::text::fold;

/// Bytes of one procedure's body that are indexed.
const LONGEST_BODY: usize = 64 * 1024;
/// A word that stands in more than this share of all bodies tells nothing.
const TOO_COMMON: usize = 4;

/// The words inside procedures: papers, conditions, results. They only support
/// what a title says.
#[derive(Default)]
pub(super) struct Bodies {
    words: HashMap<CompactString, Vec<u32>, ahash::RandomState>,
}

impl Bodies {
    /// Indexes the bodies of procedures, in their order.
    pub(super) fn of(procedures: &[Arc<Procedure>]) -> Self {
        let mut words: HashMap<CompactString, Vec<u32>, ahash::RandomState> = HashMap::default();
        for (document, procedure) in (0_u32..).zip(procedures) {
            let body = text_of(procedure);
            for word in fold(&body).split(' ').filter(|word| word.len() > 1 && word.len() <= 40) {
                match words.get_mut(word) {
                    Some(documents) if documents.last() == Some(&document) => {}
                    Some(documents) => documents.push(document),
                    None => {
                        words.insert(word.into(), vec![document]);
                    }
                }
            }
        }
        if procedures.len() > 100 {
            words.retain(|_, documents| documents.len() * TOO_COMMON <= procedures.len());
        }
        for documents in words.values_mut() {
            documents.shrink_to_fit();
        }
        words.shrink_to_fit();
        Self { words }
    }

    /// The procedures whose body has a word; `None` where no body has it.
    pub(super) fn having(&self, folded: &str) -> Option<&[u32]> {
        self.words.get(folded).map(Vec::as_slice)
    }
}

fn text_of(procedure: &Procedure) -> String {
    let mut body = String::new();
    let papers = procedure
        .papers
        .iter()
        .flat_map(|case| std::iter::once(case.case.as_str()).chain(case.items.iter().map(|item| item.name.as_str())));
    let results = procedure.results.iter().map(|result| result.name.as_str());
    for text in papers.chain(results).chain(procedure.conditions.as_deref()) {
        let room = LONGEST_BODY.saturating_sub(body.len());
        body.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
        body.push('\n');
        if body.len() >= LONGEST_BODY {
            break;
        }
    }
    body
}
