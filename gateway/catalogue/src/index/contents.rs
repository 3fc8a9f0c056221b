use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::domain::{Level, Procedure, ProcedureCode};
use gateway_core::ports::FieldCount;
use gateway_core::text::truncate_graphemes;
use jiff::civil::Date;

use super::body::Bodies;
use super::letters::folded;
use super::phrases::{self, PhraseWeights, Phrases};
use super::prepared::packed;
use super::rank::Standing;
use super::room::Rooms;
use super::titles::{LONGEST_TITLE, Titles};
use super::variant::Variant;
use super::version::version;
use super::{Token, tokens};
use crate::collation::vietnamese_key;
use crate::short_name::{SHORT_NAME_CHARS, short_name, short_name_by_both_ends};
use crate::with_builtin_knowledge;

/// One state of the catalogue, never changed: a change makes a new one.
pub(super) struct Contents {
    pub(super) procedures: Vec<Arc<Procedure>>,
    pub(super) told: Told,
    pub(super) index: Index,
    /// Room for the questions of the moment.
    pub(super) rooms: Rooms,
    by_code: HashMap<CompactString, u32>,
}

/// What is told of each procedure, and of all of them.
pub(super) struct Told {
    /// Folded field of each procedure.
    pub(super) fields: Vec<CompactString>,
    /// What each procedure's score is multiplied with.
    pub(super) factors: Vec<f32>,
    /// What each name has in common with its twins at other levels, hashed.
    pub(super) cores: Vec<u64>,
    /// All procedures in Vietnamese order of their names.
    pub(super) in_order: Vec<u32>,
    pub(super) variants: Vec<Variant>,
    /// What each procedure brings into a ranking whatever is asked.
    pub(super) standing: Vec<Standing>,
    pub(super) field_counts: Vec<FieldCount>,
    pub(super) as_of: Option<Date>,
    pub(super) version: u64,
}

packed!(Told { fields, factors, cores, in_order, variants, standing, field_counts, as_of, version });

/// What is searched.
pub(super) struct Index {
    pub(super) titles: Titles,
    pub(super) bodies: Bodies,
    pub(super) phrases: Phrases,
}

impl Contents {
    /// Takes procedures in, with the small catalogue's knowledge of them, and
    /// indexes them. Of a code that comes twice the first stays.
    pub(super) fn of(procedures: Vec<Procedure>, overrides: &HashMap<ProcedureCode, String>) -> Self {
        let mut by_code: HashMap<CompactString, u32> = HashMap::with_capacity(procedures.len());
        let mut taken: Vec<Arc<Procedure>> = Vec::with_capacity(procedures.len());
        let mut procedures = with_builtin_knowledge(procedures);
        tell_apart(&mut procedures);
        for mut procedure in procedures {
            let Ok(place) = u32::try_from(taken.len()) else { break };
            let code = CompactString::from(procedure.code.as_str());
            if by_code.contains_key(&code) {
                continue;
            }
            if let Some(short) = overridden(&procedure.code, overrides) {
                procedure.short_name = truncate_graphemes(short.trim(), SHORT_NAME_CHARS).into_owned();
            }
            by_code.insert(code, place);
            taken.push(Arc::new(procedure));
        }
        let all = taken.as_slice();
        // What needs the long texts beside what needs the names: the two take about
        // the same time.
        let (texts, names) = std::thread::scope(|scope| {
            let texts = scope.spawn(|| (Bodies::of(all), version(all), in_order(all)));
            let names = Names::of(all);
            (texts.join(), names)
        });
        // A thread that broke (it would be a fault of ours) is done again here.
        let (bodies, version, in_order) = texts.unwrap_or_else(|_| (Bodies::of(all), version(all), in_order(all)));
        let told = Told {
            fields: names.fields,
            factors: taken.iter().map(|procedure| factor(procedure)).collect(),
            cores: names.cores,
            in_order,
            variants: names.variants,
            standing: taken.iter().map(|procedure| Standing::of(procedure)).collect(),
            field_counts: count_fields(&taken),
            as_of: taken.iter().filter_map(|procedure| procedure.as_of).min(),
            version,
        };
        let index = Index { titles: names.titles, bodies, phrases: names.phrases };
        Self { procedures: taken, told, index, rooms: Rooms::default(), by_code }
    }

    /// The state that these made once.
    pub(super) fn put_together(procedures: Vec<Arc<Procedure>>, told: Told, index: Index) -> Self {
        let codes = procedures.iter().map(|procedure| CompactString::from(procedure.code.as_str()));
        let by_code = codes.zip(0..).collect();
        Self { procedures, told, index, rooms: Rooms::default(), by_code }
    }

    /// Whether a procedure is handled at a level.
    pub(super) fn is_at(&self, place: u32, level: &Level) -> bool {
        match Standing::bit(level) {
            0 => self.get(place).is_some_and(|procedure| procedure.levels.contains(level)),
            bit => self.told.standing.get(at(place)).is_some_and(|standing| standing.levels & bit != 0),
        }
    }

    /// A procedure by its place.
    pub(super) fn get(&self, place: u32) -> Option<&Arc<Procedure>> {
        self.procedures.get(at(place))
    }

    /// The place of a code; one with a local suffix falls back to the national one.
    pub(super) fn place(&self, code: &ProcedureCode) -> Option<u32> {
        self.by_code.get(code.as_str()).or_else(|| self.by_code.get(code.national())).copied()
    }
}

/// What is made of the names of procedures; their words are cut once.
struct Names {
    titles: Titles,
    phrases: Phrases,
    variants: Vec<Variant>,
    fields: Vec<CompactString>,
    cores: Vec<u64>,
}

impl Names {
    fn of(procedures: &[Arc<Procedure>]) -> Self {
        let mut titles = Titles::default();
        let mut phrases = phrases::Builder::new(PhraseWeights::default());
        for (document, procedure) in (0_u32..).zip(procedures) {
            let cut = |text| (text, tokens(text, LONGEST_TITLE));
            let own = [procedure.name.as_str(), procedure.short_name.as_str()].into_iter();
            let mut names: Vec<(&str, Vec<Token>)> = own.chain(procedure.english_name.as_deref()).map(cut).collect();
            let own = names.len();
            names.extend(procedure.aliases.iter().map(|alias| cut(alias)));
            let field = cut(&procedure.field);
            titles.add(document, &names, &field);
            let words: Vec<&[Token]> = names.iter().map(|(_, words)| words.as_slice()).collect();
            let (own, said) = words.split_at(own);
            phrases.add(procedure.code.national(), own, &field.1, said);
        }
        titles.weigh(procedures.len());
        let folded: Vec<String> = procedures.iter().map(|procedure| folded(&procedure.name)).collect();
        Self {
            titles,
            phrases: phrases.finish(),
            variants: folded.iter().map(|name| Variant::of_name(name)).collect(),
            cores: folded.iter().map(|name| core(name)).collect(),
            fields: procedures.iter().map(|procedure| folded_field(procedure)).collect(),
        }
    }
}

fn folded_field(procedure: &Procedure) -> CompactString {
    folded(&procedure.field).into()
}

/// The places of procedures in Vietnamese order of their names.
fn in_order(procedures: &[Arc<Procedure>]) -> Vec<u32> {
    let mut in_order: Vec<u32> = (0..).zip(procedures).map(|(place, _)| place).collect();
    in_order.sort_by_cached_key(|place| {
        procedures.get(at(*place)).map(|procedure| (vietnamese_key(&procedure.name), procedure.code.clone()))
    });
    in_order
}

/// A place as an index.
pub(super) fn at(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// Gives derived short names that several procedures share another form, where
/// that form is free. Names written by hand stay.
fn tell_apart(procedures: &mut [Procedure]) {
    let mut uses: HashMap<String, usize> = HashMap::new();
    for procedure in procedures.iter() {
        *uses.entry(procedure.short_name.clone()).or_default() += 1;
    }
    for procedure in procedures {
        let shared = uses.get(&procedure.short_name).is_some_and(|count| *count > 1);
        if !shared || procedure.short_name != short_name(&procedure.name) {
            continue;
        }
        if let Some(other) = short_name_by_both_ends(&procedure.name).filter(|other| !uses.contains_key(other)) {
            uses.insert(other.clone(), 1);
            procedure.short_name = other;
        }
    }
}

fn overridden<'a>(code: &ProcedureCode, overrides: &'a HashMap<ProcedureCode, String>) -> Option<&'a String> {
    overrides
        .get(code)
        .or_else(|| overrides.iter().find(|(other, _)| other.as_str() == code.national()).map(|(_, name)| name))
        .filter(|name| !name.trim().is_empty())
}

/// Common questions before rare ones, and, where a procedure exists at several
/// levels, the one nearest to the citizen. Both only decide among near equals.
fn factor(procedure: &Procedure) -> f32 {
    let common = 1.0 + 0.06 * procedure.prior.clamp(0.1, 10.0).ln();
    let near = if procedure.levels.contains(&Level::Commune) {
        1.02
    } else if procedure.levels.contains(&Level::Province) {
        1.01
    } else {
        0.98
    };
    // Procedures between agencies are rarely what a citizen means.
    let open_to_citizens = procedure.applicants.is_empty()
        || procedure
            .applicants
            .iter()
            .any(|who| matches!(folded(who).as_str(), "cong dan viet nam" | "nguoi nuoc ngoai"));
    common * near * if open_to_citizens { 1.0 } else { 0.97 }
}

/// A hash of a folded name without its brackets, places and levels: *Cấp lại thẻ căn
/// cước (thực hiện tại cấp tỉnh)* is a twin of *Cấp lại thẻ căn cước*.
fn core(folded: &str) -> u64 {
    let end = [" thuc hien ", " cap tinh", " cap xa", " cap huyen", " cap bo", " cap trung uong", " tai cong an "]
        .iter()
        .filter_map(|mark| folded.find(mark))
        .filter(|at| *at >= 8)
        .min()
        .unwrap_or(folded.len());
    ahash::RandomState::with_seeds(5, 6, 7, 8).hash_one(folded.get(..end).unwrap_or_default())
}

fn count_fields(procedures: &[Arc<Procedure>]) -> Vec<FieldCount> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for procedure in procedures.iter().filter(|procedure| !procedure.field.is_empty()) {
        *counts.entry(procedure.field.as_str()).or_default() += 1;
    }
    let mut counts: Vec<FieldCount> =
        counts.into_iter().map(|(name, count)| FieldCount { name: name.to_owned(), count }).collect();
    counts.sort_by_cached_key(|field| (vietnamese_key(&field.name), field.name.clone()));
    counts
}
