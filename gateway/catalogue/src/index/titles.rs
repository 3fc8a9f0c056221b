use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use compact_str::CompactString;

use super::contents::at;
use super::letters::normal;
use super::prepared::{Bytes, Damaged, Packed, packed};
use super::spelling::Spelling;
use super::{Token, tokens};
use crate::words::{Sense, lexicon};

/// Words of one title that are indexed: the width of a mask.
pub(super) const LONGEST_TITLE: usize = 64;
/// Weight of a title's words that only tell how one asks, or little.
const LITTLE: f32 = 0.15;
/// Weight of a title's words in brackets or after *đối với*: a special case of it.
const ASIDE: f32 = 0.45;
/// Bytes of two words written as one, at least.
const SHORTEST_GLUED: usize = 5;

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
    pub(super) weights: Box<[f32]>,
    /// Their sum.
    pub(super) weight: f32,
}

/// A word in its several exact forms: *thuê* and *thuế* are one term.
pub(super) struct Term {
    pub(super) folded: CompactString,
    pub(super) forms: Vec<Form>,
    /// How much the word tells: rare ones tell more.
    pub(super) weight: f32,
    /// Procedures that have it, and the last of them while they are counted.
    having: u32,
    last: u32,
}

/// One exact form of a word and where it stands.
pub(super) struct Form {
    pub(super) exact: CompactString,
    pub(super) marked: bool,
    /// The titles that hold it, in their order.
    pub(super) places: Vec<Place>,
}

/// Where a word stands in one title.
pub(super) struct Place {
    pub(super) title: u32,
    /// The procedure of the title.
    pub(super) document: u32,
    /// The places of the word, as bits.
    pub(super) bits: u64,
}

/// All titles of a catalogue, by their words.
#[derive(Default)]
pub(super) struct Titles {
    pub(super) titles: Vec<Title>,
    pub(super) terms: Vec<Term>,
    by_word: HashMap<CompactString, TermId, ahash::RandomState>,
    /// Words that follow one another somewhere.
    pairs: HashSet<(TermId, TermId), ahash::RandomState>,
    spelling: Spelling,
    /// The weight of a word that stands nowhere.
    pub(super) unknown_weight: f32,
}

packed!(Title { kind, document, weights, weight });
packed!(Term { folded, forms, weight, having, last });
packed!(Form { exact, marked, places });
packed!(Place { title, document, bits });

impl Packed for TermId {
    fn pack(&self, to: &mut Vec<u8>) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        u32::unpack(from).map(Self)
    }
}

impl Packed for Kind {
    fn pack(&self, to: &mut Vec<u8>) {
        (*self == Self::Field).pack(to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok(if bool::unpack(from)? { Self::Field } else { Self::Name })
    }
}

impl Packed for Titles {
    fn pack(&self, to: &mut Vec<u8>) {
        let Self { titles, terms, by_word: _, pairs, spelling, unknown_weight } = self;
        titles.pack(to);
        terms.pack(to);
        pairs.pack(to);
        spelling.pack(to);
        unknown_weight.pack(to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        let titles = Packed::unpack(from)?;
        let terms: Vec<Term> = Packed::unpack(from)?;
        Ok(Self {
            by_word: terms.iter().map(|term| term.folded.clone()).zip((0..).map(TermId)).collect(),
            titles,
            terms,
            pairs: Packed::unpack(from)?,
            spelling: Packed::unpack(from)?,
            unknown_weight: f32::unpack(from)?,
        })
    }
}

impl Titles {
    /// Adds the titles of one procedure, each as it is written and as words; the
    /// first are names, the last is its field. Procedures come in their order.
    pub(super) fn add(&mut self, document: u32, names: &[(&str, Vec<Token>)], field: &(&str, Vec<Token>)) {
        // Fixed seeds: hashes are compared within this call only.
        let hashes = ahash::RandomState::with_seeds(9, 10, 11, 12);
        let mut seen: Vec<u64> = Vec::with_capacity(names.len());
        for (text, words) in names {
            let mut hash = hashes.build_hasher();
            words.iter().for_each(|word| word.exact.hash(&mut hash));
            let hash = std::hash::Hasher::finish(&hash);
            if !seen.contains(&hash) {
                seen.push(hash);
                self.add_title(document, Kind::Name, text, words);
            }
        }
        self.add_title(document, Kind::Field, field.0, &field.1);
    }

    /// The term of a folded word.
    pub(super) fn term(&self, folded: &str) -> Option<TermId> {
        self.by_word.get(folded).copied()
    }

    /// A term.
    pub(super) fn get(&self, term: TermId) -> Option<&Term> {
        self.terms.get(at(term.0))
    }

    /// Whether the second word follows the first in some title.
    pub(super) fn follow(&self, first: TermId, second: TermId) -> bool {
        self.pairs.contains(&(first, second))
    }

    /// The two words of a glued one (`khaisinh`): they follow one another
    /// somewhere.
    pub(super) fn unglued(&self, folded: &str) -> Option<(TermId, TermId)> {
        if folded.len() < SHORTEST_GLUED {
            return None;
        }
        folded.char_indices().rev().find_map(|(middle, _)| {
            let (first, second) = folded.split_at_checked(middle)?;
            let pair = (self.term(first)?, self.term(second)?);
            self.pairs.contains(&pair).then_some(pair)
        })
    }

    /// Words one typo away.
    pub(super) fn meant(&self, folded: &str) -> Vec<TermId> {
        self.spelling.meant(folded, |term| self.get(term).map_or("", |term| term.folded.as_str()))
    }

    fn add_title(&mut self, document: u32, kind: Kind, text: &str, words: &[Token]) {
        let Ok(title) = u32::try_from(self.titles.len()) else { return };
        let weights = spans(text, words);
        let mut before: Option<TermId> = None;
        for (place, word) in words.iter().enumerate().take(LONGEST_TITLE) {
            let term = self.enter(word, document, title, 1 << place);
            if let Some(before) = before.filter(|_| !word.after_break) {
                self.pairs.insert((before, term));
            }
            before = Some(term);
        }
        self.titles.push(Title { kind, document, weights: weights.into_boxed_slice(), weight: 0.0 });
    }

    fn enter(&mut self, word: &Token, document: u32, title: u32, bit: u64) -> TermId {
        let term = match self.by_word.get(&word.folded) {
            Some(term) => *term,
            None => {
                let term = TermId(u32::try_from(self.terms.len()).unwrap_or(u32::MAX));
                self.by_word.insert(word.folded.clone(), term);
                let folded = word.folded.clone();
                self.terms.push(Term { folded, forms: Vec::new(), weight: 0.0, having: 0, last: u32::MAX });
                term
            }
        };
        let Some(entry) = self.terms.get_mut(at(term.0)) else { return term };
        if entry.last != document {
            entry.last = document;
            entry.having += 1;
        }
        let form = match entry.forms.iter_mut().position(|form| form.exact == word.exact) {
            Some(place) => place,
            None => {
                entry.forms.push(Form { exact: word.exact.clone(), marked: word.marked, places: Vec::new() });
                entry.forms.len() - 1
            }
        };
        if let Some(form) = entry.forms.get_mut(form) {
            match form.places.last_mut() {
                Some(last) if last.title == title => last.bits |= bit,
                _ => form.places.push(Place { title, document, bits: bit }),
            }
        }
        term
    }

    /// Once all titles are in: weighs words by how few procedures have them, and
    /// titles by their words.
    pub(super) fn weigh(&mut self, procedures: usize) {
        let all = f32::from(u16::try_from(procedures.max(1)).unwrap_or(u16::MAX));
        self.unknown_weight = 0.55 * (1.0 + all).ln();
        for term in &mut self.terms {
            let having = f32::from(u16::try_from(term.having.max(1)).unwrap_or(u16::MAX));
            term.weight = (1.0 + all / having).ln();
            for form in &mut term.forms {
                form.places.shrink_to_fit();
                for place in &form.places {
                    let Some(title) = self.titles.get_mut(at(place.title)) else { continue };
                    let mut bits = place.bits;
                    while bits != 0 {
                        if let Some(weight) = title.weights.get_mut(at(bits.trailing_zeros())) {
                            *weight *= term.weight;
                        }
                        bits &= bits - 1;
                    }
                }
            }
            term.forms.shrink_to_fit();
        }
        for title in &mut self.titles {
            title.weight = title.weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        }
        self.titles.shrink_to_fit();
        self.pairs.shrink_to_fit();
        self.spelling = Spelling::of(self.terms.iter().map(|term| term.folded.as_str()));
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
    const MARKERS: [&str; 6] =
        [" đối với ", " trường hợp ", " thực hiện tại ", " thực hiện bằng ", " bằng dịch vụ công ", " theo quy định "];
    let text = normal(text);
    let begins = |at: &usize| {
        let rest = text.get(*at..).unwrap_or_default();
        rest.starts_with('(') || MARKERS.iter().any(|marker| rest.starts_with(marker))
    };
    let mut signs = text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'(' | b' ')).map(|(at, _)| at);
    match signs.find(begins).and_then(|at| text.get(..at)) {
        Some(head) => tokens(head, LONGEST_TITLE).len().max(2),
        None => usize::MAX,
    }
}
