use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use gateway_core::desk::Focus;
use gateway_core::domain::{Procedure, ProcedureCode, ProcedureSummary};
use gateway_core::ports::{Catalogue, Cursor, FieldCount, ProcedurePage, ProcedureQuery};
use gateway_core::text::fold;
use jiff::civil::Date;

use super::Question;
use super::contents::{Contents, at};
use super::rank::{Asked, RankWeights, Ranked, rank, rank_among};
use super::search::{Search, is_clear, search};

/// Procedures on one page, at most.
const LARGEST_PAGE: usize = 50;
/// Characters of a field filter that are read.
const LONGEST_FIELD: usize = 500;

/// The procedures in memory, behind the `Catalogue` port. Readers never wait:
/// [`ProcedureCatalogue::replace`] builds the new state aside and swaps it in.
pub struct ProcedureCatalogue {
    contents: ArcSwap<Contents>,
}

impl ProcedureCatalogue {
    /// A catalogue of these procedures. `overrides` are short names from the
    /// configuration; they win over all others and are cut to 40 characters.
    ///
    /// Imported procedures that the project's own small catalogue knows get its
    /// aliases, English names and short names (facts are never touched).
    pub fn new(procedures: Vec<Procedure>, overrides: &HashMap<ProcedureCode, String>) -> Self {
        Self { contents: ArcSwap::from_pointee(Contents::of(procedures, overrides)) }
    }

    /// The project's own small catalogue.
    pub fn builtin() -> Self {
        Self::new(crate::builtin(), &HashMap::new())
    }

    pub(super) fn of_contents(contents: Arc<Contents>) -> Self {
        Self { contents: ArcSwap::new(contents) }
    }

    /// Takes over the contents of another. Questions under way finish on the old
    /// state.
    pub fn take(&self, other: &Self) {
        self.contents.store(other.contents.load_full());
    }

    /// Swaps the contents. It takes some hundred milliseconds for thousands of
    /// procedures: call it off the runtime's own threads. Questions under way
    /// finish on the old state.
    pub fn replace(&self, procedures: Vec<Procedure>, overrides: &HashMap<ProcedureCode, String>) {
        self.contents.store(Arc::new(Contents::of(procedures, overrides)));
    }

    /// All procedures, in the order they were taken in; for exports and the
    /// simulator.
    pub fn procedures(&self) -> Vec<Arc<Procedure>> {
        self.contents.load().procedures.clone()
    }

    /// What is asked for most often, most common first, at most `most`; of twins
    /// at several levels only one.
    pub fn most_common(&self, most: usize) -> Vec<Arc<Procedure>> {
        let contents = self.contents.load();
        let mut all: Vec<(&Arc<Procedure>, u64)> =
            contents.procedures.iter().zip(contents.told.cores.iter().copied()).collect();
        all.sort_by(|(a, _), (b, _)| b.prior.total_cmp(&a.prior).then_with(|| a.code.cmp(&b.code)));
        let mut common: Vec<(&Arc<Procedure>, u64)> = Vec::with_capacity(most.min(all.len()));
        for (procedure, core) in all {
            if common.len() >= most {
                break;
            }
            if !common.iter().any(|(_, other)| *other == core) {
                common.push((procedure, core));
            }
        }
        common.into_iter().map(|(procedure, _)| Arc::clone(procedure)).collect()
    }

    /// All that interpreters want to know of one text, read once: the procedures
    /// that may be meant, and how far its words name a matter.
    pub fn ask(&self, text: &str, weights: &RankWeights) -> Asked {
        let contents = self.contents.load();
        let question = Question::read(text);
        Asked {
            ranked: rank(&contents, text, &question, weights),
            parts: question.parts.clone(),
            level: question.level.clone(),
            matter_words: question.strong_words(),
            names_a_matter: !question.is_empty(),
        }
    }

    /// The procedures that may be meant, best first, by all that is known of how
    /// people ask for them; for interpreters.
    pub fn rank(&self, text: &str, weights: &RankWeights) -> Vec<Ranked> {
        let contents = self.contents.load();
        rank(&contents, text, &Question::read(text), weights)
    }

    /// The given procedures with how well a text fits each of them.
    pub fn rank_among(&self, text: &str, weights: &RankWeights, codes: &[ProcedureCode]) -> Vec<(ProcedureCode, f32)> {
        let contents = self.contents.load();
        rank_among(&contents, text, &Question::read(text), weights, codes)
    }

    /// What is asked of a procedure in so many words.
    pub fn parts_in(&self, text: &str) -> Vec<Focus> {
        Question::read(text).parts
    }

    /// How many words of a text name a matter.
    pub fn matter_words(&self, text: &str) -> usize {
        Question::read(text).strong_words()
    }

    /// Whether words remain that name a matter, once what is asked of it and how
    /// one asks are taken out.
    pub fn names_a_matter(&self, text: &str) -> bool {
        !Question::read(text).is_empty()
    }

    /// Searches, and tells how well each hit fits; for interpreters.
    pub fn search(&self, text: &str) -> Search {
        let contents = self.contents.load();
        contents.rooms.with(|room| search(&contents, &Question::read(text), &mut room.search, |_| true))
    }
}

impl Catalogue for ProcedureCatalogue {
    fn procedure(&self, code: &ProcedureCode) -> Option<Arc<Procedure>> {
        let contents = self.contents.load();
        contents.get(contents.place(code)?).cloned()
    }

    /// `limit` is taken as at least 1 and at most 50. A cursor of another
    /// version goes on at its offset in the present contents; the edge refuses
    /// it before.
    fn find(&self, query: &ProcedureQuery) -> ProcedurePage {
        let contents = self.contents.load();
        let filter = Filter::of(query);
        let fits = |place: u32| filter.fits(&contents, place);
        if query.text.trim().is_empty() {
            return page(&contents, query, listed(&contents, fits), false);
        }
        if let Some(place) = named_by_code(&contents, &query.text) {
            let hits = if fits(place) { vec![(place, 1.0)] } else { Vec::new() };
            let clear = !hits.is_empty();
            return page(&contents, query, hits, clear);
        }
        let question = Question::read(&query.text);
        if question.is_empty() && question.list {
            return page(&contents, query, listed(&contents, fits), false);
        }
        let found = contents.rooms.with(|room| search(&contents, &question, &mut room.search, fits));
        let clear = is_clear(&found.matches, &question);
        page(&contents, query, found.matches.iter().map(|hit| (hit.place, hit.score)).collect(), clear)
    }

    fn fields(&self) -> Vec<FieldCount> {
        self.contents.load().told.field_counts.clone()
    }

    fn len(&self) -> usize {
        self.contents.load().procedures.len()
    }

    fn as_of(&self) -> Option<Date> {
        self.contents.load().told.as_of
    }

    fn version(&self) -> u64 {
        self.contents.load().told.version
    }
}

struct Filter<'a> {
    field: Option<String>,
    query: &'a ProcedureQuery,
}

impl<'a> Filter<'a> {
    fn of(query: &'a ProcedureQuery) -> Self {
        let field = query.field.as_deref().map(|field| {
            let end = field.char_indices().nth(LONGEST_FIELD).map_or(field.len(), |(end, _)| end);
            fold(field.get(..end).unwrap_or_default())
        });
        Self { field: field.filter(|field| !field.is_empty()), query }
    }

    fn fits(&self, contents: &Contents, place: u32) -> bool {
        let field = self
            .field
            .as_ref()
            .is_none_or(|field| contents.told.fields.get(at(place)).is_some_and(|own| own.as_str() == field.as_str()));
        field
            && self
                .query
                .level
                .as_ref()
                .is_none_or(|level| contents.get(place).is_some_and(|procedure| procedure.levels.contains(level)))
    }
}

fn listed(contents: &Contents, fits: impl Fn(u32) -> bool) -> Vec<(u32, f32)> {
    contents.told.in_order.iter().filter(|place| fits(**place)).map(|place| (*place, 0.0)).collect()
}

/// A text that is a code and nothing else.
fn named_by_code(contents: &Contents, text: &str) -> Option<u32> {
    let text = text.trim();
    if text.len() > 64 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    contents.place(&ProcedureCode::parse(text).ok()?)
}

fn page(contents: &Contents, query: &ProcedureQuery, hits: Vec<(u32, f32)>, clear: bool) -> ProcedurePage {
    let offset = query.after.map_or(0, |cursor| cursor.offset).min(hits.len());
    let limit = query.limit.clamp(1, LARGEST_PAGE);
    let end = offset.saturating_add(limit).min(hits.len());
    ProcedurePage {
        total: hits.len(),
        next: (end < hits.len()).then_some(Cursor { version: contents.told.version, offset: end }),
        clear,
        hits: hits
            .into_iter()
            .skip(offset)
            .take(limit)
            .filter_map(|(place, score)| {
                let procedure = Arc::clone(contents.get(place)?);
                Some(ProcedureSummary { procedure, score })
            })
            .collect(),
    }
}
