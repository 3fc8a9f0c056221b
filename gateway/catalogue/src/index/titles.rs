use std::collections::{HashMap, HashSet};

use compact_str::CompactString;
use gateway_core::domain::Procedure;

use super::spelling::Spelling;
use super::{Token, tokens};
use crate::words::{Sense, lexicon};

/// Words of one title that are indexed: the width of a mask.
const LONGEST_TITLE: usize = 64;
/// Weight of a title's words that only tell how one asks, or little.
const LITTLE: f32 = 0.15;
/// Weight of a title's words in brackets or after *đối với*: a special case of it.
const ASIDE: f32 = 0.45;

/// A word of the titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TermId(pub(super) u32);

/// What a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The official name, the short name, an alias or the English name.
    Name,
    /// The field of administration, for all its procedures at once.
    Field,
}

/// A text under which procedures are found.
pub(super) struct Title {
    pub(super) kind: Kind,
    /// The place of the procedure.
    pub(super) document: u32,
    /// Weight of each word.
    pub(super) weights: Vec<f32>,
    /// Their sum.
    pub(super) weight: f32,
}

/// A word in its several exact forms: *thuê* and *thuế* are one term.
pub(super) struct Term {
    pub(super) folded: CompactString,
    pub(super) forms: Vec<Form>,
    /// How much the word tells: rare ones tell more.
    pub(super) weight: f32,
}

/// One exact form of a word and where it stands.
pub(super) struct Form {
    pub(super) exact: CompactString,
    pub(super) marked: bool,
    /// Titles, each with the places of the word as bits.
    pub(super) places: Vec<(u32, u64)>,
}

/// All titles of a catalogue, by their words.
#[derive(Default)]
pub(super) struct Titles {
    pub(super) titles: Vec<Title>,
    pub(super) terms: Vec<Term>,
    by_word: HashMap<CompactString, TermId, ahash::RandomState>,
    /// Words that follow one another somewhere.
    pairs: HashSet<(TermId, TermId), ahash::RandomState>,
    /// Two words written as one (`khaisinh`).
    glued: HashMap<CompactString, (TermId, TermId), ahash::RandomState>,
    spelling: Spelling,
    /// The weight of a word that stands nowhere.
    pub(super) unknown_weight: f32,
}

impl Titles {
    /// Indexes the titles of procedures, in their order.
    pub(super) fn of(procedures: &[std::sync::Arc<Procedure>]) -> Self {
        let mut titles = Self::default();
        for (document, procedure) in (0_u32..).zip(procedures) {
            let mut said: Vec<&str> = vec![&procedure.name];
            said.push(&procedure.short_name);
            said.extend(procedure.english_name.as_deref());
            said.extend(procedure.aliases.iter().map(String::as_str));
            let mut seen: HashSet<Vec<CompactString>> = HashSet::new();
            for text in said {
                let words = tokens(text, LONGEST_TITLE);
                if seen.insert(words.iter().map(|word| word.exact.clone()).collect()) {
                    titles.add(document, Kind::Name, text, words);
                }
            }
            titles.add(document, Kind::Field, &procedure.field, tokens(&procedure.field, LONGEST_TITLE));
        }
        titles.weigh(procedures.len());
        titles
    }

    /// The term of a folded word.
    pub(super) fn term(&self, folded: &str) -> Option<TermId> {
        self.by_word.get(folded).copied()
    }

    /// A term.
    pub(super) fn get(&self, term: TermId) -> Option<&Term> {
        self.terms.get(usize::try_from(term.0).ok()?)
    }

    /// Whether the second word follows the first in some title.
    pub(super) fn follow(&self, first: TermId, second: TermId) -> bool {
        self.pairs.contains(&(first, second))
    }

    /// The two words of a glued one.
    pub(super) fn unglued(&self, folded: &str) -> Option<(TermId, TermId)> {
        self.glued.get(folded).copied()
    }

    /// Words one typo away.
    pub(super) fn meant(&self, folded: &str) -> Vec<TermId> {
        self.spelling.meant(folded, |term| self.get(term).map_or("", |term| term.folded.as_str()))
    }

    fn add(&mut self, document: u32, kind: Kind, text: &str, words: Vec<Token>) {
        let Ok(title) = u32::try_from(self.titles.len()) else { return };
        let weights = spans(text, &words);
        let mut before: Option<TermId> = None;
        for (place, word) in words.into_iter().enumerate().take(LONGEST_TITLE) {
            let after_break = word.after_break;
            let term = self.enter(word, title, 1 << place);
            if let Some(before) = before.filter(|_| !after_break) {
                self.pairs.insert((before, term));
            }
            before = Some(term);
        }
        self.titles.push(Title { kind, document, weights, weight: 0.0 });
    }

    fn enter(&mut self, word: Token, title: u32, bit: u64) -> TermId {
        let next = TermId(u32::try_from(self.terms.len()).unwrap_or(u32::MAX));
        let term = *self.by_word.entry(word.folded.clone()).or_insert(next);
        if term == next {
            self.spelling.add(&word.folded, term);
            self.terms.push(Term { folded: word.folded, forms: Vec::new(), weight: 0.0 });
        }
        let Some(entry) = usize::try_from(term.0).ok().and_then(|place| self.terms.get_mut(place)) else { return term };
        let form = match entry.forms.iter_mut().position(|form| form.exact == word.exact) {
            Some(place) => place,
            None => {
                entry.forms.push(Form { exact: word.exact, marked: word.marked, places: Vec::new() });
                entry.forms.len() - 1
            }
        };
        if let Some(form) = entry.forms.get_mut(form) {
            match form.places.last_mut() {
                Some((last, bits)) if *last == title => *bits |= bit,
                _ => form.places.push((title, bit)),
            }
        }
        term
    }

    /// Weighs words by how few procedures have them, and titles by their words.
    fn weigh(&mut self, procedures: usize) {
        let all = f32::from(u16::try_from(procedures.max(1)).unwrap_or(u16::MAX));
        self.unknown_weight = 0.55 * (1.0 + all).ln();
        for term in &mut self.terms {
            let mut documents: Vec<u32> = term
                .forms
                .iter()
                .flat_map(|form| &form.places)
                .filter_map(|(title, _)| self.titles.get(usize::try_from(*title).ok()?))
                .map(|title| title.document)
                .collect();
            documents.sort_unstable();
            documents.dedup();
            let having = f32::from(u16::try_from(documents.len().max(1)).unwrap_or(u16::MAX));
            term.weight = (1.0 + all / having).ln();
            for (title, bits) in term.forms.iter().flat_map(|form| &form.places) {
                let Some(title) = usize::try_from(*title).ok().and_then(|place| self.titles.get_mut(place)) else {
                    continue;
                };
                for (place, weight) in title.weights.iter_mut().enumerate() {
                    if bits >> place & 1 == 1 {
                        *weight *= term.weight;
                    }
                }
            }
        }
        for title in &mut self.titles {
            title.weight = title.weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        }
        for (first, second) in &self.pairs {
            if let (Some(one), Some(two)) = (self.get(*first), self.get(*second)) {
                let glued = compact_str::format_compact!("{}{}", one.folded, two.folded);
                if glued.len() >= 5 && !self.by_word.contains_key(&glued) {
                    self.glued.insert(glued, (*first, *second));
                }
            }
        }
    }
}

/// The share of each word of a title: words in brackets and special cases tell
/// less of what it is, words that only ask tell hardly anything.
fn spans(text: &str, words: &[Token]) -> Vec<f32> {
    let mut weights = Vec::with_capacity(words.len());
    let mut rest = words;
    let aside_from = aside(text);
    while !rest.is_empty() {
        let (len, share) = match lexicon().at(rest) {
            Some(found) => {
                let content = found.senses.iter().any(|sense| matches!(sense, Sense::Synonym(_)));
                (found.len, if content { 1.0 } else { LITTLE })
            }
            None => (1, 1.0),
        };
        weights.extend(std::iter::repeat_n(share, len.min(rest.len())));
        rest = rest.get(len..).unwrap_or_default();
    }
    for weight in weights.iter_mut().skip(aside_from) {
        *weight *= ASIDE;
    }
    weights
}

/// The place of the first word that belongs to a special case: after an opening
/// bracket, *đối với*, *trường hợp*, *thực hiện tại* or *bằng dịch vụ công*.
/// The first two words are never aside.
fn aside(text: &str) -> usize {
    const MARKERS: [&str; 7] = [
        "(",
        " đối với ",
        " trường hợp ",
        " thực hiện tại ",
        " thực hiện bằng ",
        " bằng dịch vụ công ",
        " theo quy định ",
    ];
    let text = gateway_core::text::nfc(text);
    let first = MARKERS.iter().filter_map(|marker| text.find(marker)).min();
    match first.and_then(|at| text.get(..at)) {
        Some(head) => tokens(head, LONGEST_TITLE).len().max(2),
        None => usize::MAX,
    }
}
