use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::domain::Procedure;

use super::letters::letters;
use super::prepared::packed;

/// Bytes of one procedure's body that are indexed.
const LONGEST_BODY: usize = 64 * 1024;
/// A word that stands in more than this share of all bodies tells nothing.
const TOO_COMMON: usize = 4;

/// The words inside procedures: papers, conditions, results. They only support
/// what a title says.
#[derive(Default)]
pub(super) struct Bodies {
    words: HashMap<CompactString, Box<[u32]>, ahash::RandomState>,
}

packed!(Bodies { words });

impl Bodies {
    /// Indexes the bodies of procedures, in their order.
    pub(super) fn of(procedures: &[Arc<Procedure>]) -> Self {
        let letters = letters();
        // One more than the most that a word may stand in to be kept.
        let most = if procedures.len() > 100 { procedures.len() / TOO_COMMON + 1 } else { usize::MAX };
        let mut words: HashMap<CompactString, Vec<u32>, ahash::RandomState> = HashMap::default();
        for (document, procedure) in (0_u32..).zip(procedures) {
            each_text(procedure, |text| {
                letters.each_word(text, |word| {
                    if !(2..=40).contains(&word.len()) {
                        return;
                    }
                    match words.get_mut(word) {
                        Some(documents) if documents.last() == Some(&document) || documents.len() >= most => {}
                        Some(documents) => documents.push(document),
                        None => {
                            words.insert(word.into(), vec![document]);
                        }
                    }
                });
            });
        }
        words.retain(|_, documents| documents.len() < most);
        Self { words: words.into_iter().map(|(word, documents)| (word, documents.into_boxed_slice())).collect() }
    }

    /// The procedures whose body has a word; `None` where no body has it.
    pub(super) fn having(&self, folded: &str) -> Option<&[u32]> {
        self.words.get(folded).map(|documents| &**documents)
    }
}

/// The texts of a body, as far as they are indexed.
fn each_text(procedure: &Procedure, mut each: impl FnMut(&str)) {
    let papers = procedure
        .papers
        .iter()
        .flat_map(|case| std::iter::once(case.case.as_str()).chain(case.items.iter().map(|item| item.name.as_str())));
    let results = procedure.results.iter().map(|result| result.name.as_str());
    let mut room = LONGEST_BODY;
    for text in papers.chain(results).chain(procedure.conditions.as_deref()) {
        each(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
        room = room.saturating_sub(text.len() + 1);
        if room == 0 {
            break;
        }
    }
}
