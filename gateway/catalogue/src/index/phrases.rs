//! Everything by which a procedure is called (its names, people's words for it,
//! its field), as vectors of words, neighbours and pieces of words. A question is
//! near to a procedure where it is near to one of its phrases.

use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::domain::Procedure;

use super::contents::at;
use super::same::unified;
use super::{Question, Token, tokens};
use crate::aliases;

/// Words of one phrase that are read.
const LONGEST: usize = 40;
/// Letters of one piece of a word.
const PIECE: usize = 4;

/// What a feature weighs beside a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhraseWeights {
    /// The word with its marks.
    pub exact: f32,
    /// Two neighbours.
    pub pair: f32,
    /// A piece of a word.
    pub piece: f32,
    /// How far a longer phrase is held against it: 0 not at all, 1 fully.
    pub length: f32,
    /// The official name, against people's words (1).
    pub name: f32,
    /// The field.
    pub field: f32,
    /// A whole question of a citizen's.
    pub question: f32,
    /// What the second-best phrases of a procedure add.
    pub others: f32,
}

impl Default for PhraseWeights {
    fn default() -> Self {
        Self { exact: 0.4, pair: 0.8, piece: 0.25, length: 0.75, name: 1.0, field: 0.5, question: 0.7, others: 0.15 }
    }
}

#[derive(Default)]
pub(super) struct Phrases {
    features: HashMap<CompactString, u32, ahash::RandomState>,
    /// The phrases that have a feature, with its weight in each.
    postings: Vec<Vec<(u32, f32)>>,
    idf: Vec<f32>,
    /// The procedure of each phrase.
    documents: Vec<u32>,
    /// What a phrase's dot product is multiplied with.
    factors: Vec<f32>,
    documents_in_all: usize,
    weights: PhraseWeights,
}

/// How near a procedure is: comparable over questions, roughly 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Nearness {
    /// Of its nearest phrase, with what the others add.
    pub near: f32,
    /// The share of the question that its nearest phrase holds.
    pub held: f32,
    /// The share of the question that all its phrases together hold.
    pub covered: f32,
}

/// The words of a question that name its matter.
fn matter_of(question: &str) -> Vec<Token> {
    let read = Question::read(question);
    let words = read.readings.into_iter().next().unwrap_or_default().words;
    words.into_iter().filter(|word| !word.weak).map(|word| word.token).collect()
}

fn names(kind: char, words: &[&str]) -> CompactString {
    let mut name = CompactString::default();
    name.push(kind);
    for word in words {
        name.push(' ');
        name.push_str(word);
    }
    name
}

/// The features of some words: name, and what it weighs beside a word.
fn features(words: &[Token], weights: &PhraseWeights, marks: bool, mut each: impl FnMut(CompactString, f32)) {
    for word in words {
        each(names('w', &[&word.folded]), 1.0);
        if marks && word.marked {
            each(names('x', &[&word.exact]), weights.exact);
        }
        if word.folded.len() < 2 || word.folded.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let padded: Vec<char> = std::iter::once('_').chain(word.folded.chars()).chain(std::iter::once('_')).collect();
        let size = PIECE.min(padded.len());
        #[expect(clippy::cast_precision_loss, reason = "the pieces of one word")]
        let share = weights.piece / (padded.len() + 1 - size) as f32;
        for piece in padded.windows(size) {
            let piece: CompactString = piece.iter().collect();
            each(names('c', &[&piece]), share.max(weights.piece * 0.2));
        }
    }
    for pair in words.windows(2) {
        if let [first, second] = pair
            && !second.after_break
        {
            each(names('p', &[&first.folded, &second.folded]), weights.pair);
        }
    }
}

impl Phrases {
    pub(super) fn of(procedures: &[Arc<Procedure>], weights: PhraseWeights) -> Self {
        let mut phrases = Self { documents_in_all: procedures.len(), weights, ..Self::default() };
        // Written first: how many procedures have each feature.
        let mut rows: Vec<(u32, f32, Vec<(u32, f32)>)> = Vec::with_capacity(procedures.len() * 4);
        let mut last_document: Vec<u32> = Vec::new();
        let mut having: Vec<u32> = Vec::new();
        for (document, procedure) in (0_u32..).zip(procedures) {
            let aliases = procedure.aliases.iter().map(|alias| (alias.as_str(), 1.0));
            let own = [
                (procedure.name.as_str(), weights.name),
                (procedure.short_name.as_str(), weights.name),
                (procedure.english_name.as_deref().unwrap_or_default(), 1.0),
                (procedure.field.as_str(), weights.field),
            ];
            let questions = aliases::questions(procedure.code.national()).map(|text| (text, weights.question));
            let named = own.into_iter().chain(aliases).map(|(text, factor)| (tokens(text, LONGEST), factor));
            let asked = questions.map(|(text, factor)| (matter_of(text), factor));
            for (words, factor) in named.chain(asked) {
                let (words, _) = unified(&words);
                if words.is_empty() {
                    continue;
                }
                let mut row: HashMap<u32, f32, ahash::RandomState> = HashMap::default();
                features(&words, &weights, true, |name, weight| {
                    let next = u32::try_from(phrases.features.len()).unwrap_or(u32::MAX);
                    let feature = *phrases.features.entry(name).or_insert(next);
                    if feature == next {
                        having.push(0);
                        last_document.push(u32::MAX);
                    }
                    if let (Some(count), Some(last)) = (having.get_mut(at(feature)), last_document.get_mut(at(feature)))
                        && *last != document
                    {
                        *last = document;
                        *count += 1;
                    }
                    *row.entry(feature).or_insert(0.0) += weight;
                });
                let mut row: Vec<(u32, f32)> = row.into_iter().collect();
                row.sort_unstable_by_key(|(feature, _)| *feature);
                rows.push((document, factor, row));
            }
        }
        let all = float(procedures.len());
        phrases.idf = having.iter().map(|having| (1.0 + all / float(at(*having)).max(1.0)).ln()).collect();
        phrases.postings = vec![Vec::new(); having.len()];
        for (phrase, (document, factor, row)) in (0_u32..).zip(rows) {
            let mut length = 0.0;
            for (feature, weight) in row {
                let idf = phrases.idf.get(at(feature)).copied().unwrap_or_default();
                // A feature said twice is hardly said more.
                let value = weight.min(1.3 * weight.max(1.0)) * idf;
                length += value * value;
                if let Some(postings) = phrases.postings.get_mut(at(feature)) {
                    postings.push((phrase, value));
                }
            }
            phrases.documents.push(document);
            phrases.factors.push(factor / length.sqrt().max(f32::MIN_POSITIVE).powf(weights.length));
        }
        phrases
    }

    /// How near each procedure is to some words; `marked` where the citizen
    /// writes with marks. Words carry weights: what says little counts little.
    pub(super) fn near(&self, words: &[Token], weights: &[f32], marked: bool) -> Vec<Nearness> {
        let (words, from) = unified(words);
        let weights: Vec<f32> = from.iter().map(|at| weights.get(*at).copied().unwrap_or(1.0)).collect();
        let mut question: HashMap<u32, f32, ahash::RandomState> = HashMap::default();
        let mut unknown = 0.0;
        let rarest = (1.0 + float(self.documents_in_all)).ln();
        let mut one = |words: &[Token], weight: f32| {
            features(words, &self.weights, marked, |name, share| match self.features.get(&name) {
                Some(feature) => *question.entry(*feature).or_insert(0.0) += share * weight,
                None if name.starts_with('w') => unknown += (weight * rarest).powi(2),
                None => {}
            });
        };
        for (word, weight) in words.iter().zip(&weights) {
            one(std::slice::from_ref(word), *weight);
        }
        for (pair, weight) in words.windows(2).zip(weights.windows(2)) {
            if let ([first, second], [one, two]) = (pair, weight)
                && !second.after_break
            {
                let weight = one.min(*two);
                let name = names('p', &[&first.folded, &second.folded]);
                if let Some(feature) = self.features.get(&name) {
                    *question.entry(*feature).or_insert(0.0) += self.weights.pair * weight;
                }
            }
        }
        let mut dots = vec![0.0_f32; self.documents.len()];
        let mut held = vec![0.0_f32; self.documents.len()];
        let mut covered = vec![0.0_f32; self.documents_in_all];
        let mut length = unknown;
        for (feature, weight) in question {
            let mut last = u32::MAX;
            let value = weight.min(1.3) * self.idf.get(at(feature)).copied().unwrap_or_default();
            length += value * value;
            for (phrase, own) in self.postings.get(at(feature)).map_or(&[][..], Vec::as_slice) {
                if let Some(dot) = dots.get_mut(at(*phrase)) {
                    *dot += value * own;
                }
                if let Some(held) = held.get_mut(at(*phrase)) {
                    *held += value * value;
                }
                // Phrases stand in the order of their procedures.
                let document = self.documents.get(at(*phrase)).copied().unwrap_or_default();
                if document != last {
                    last = document;
                    if let Some(covered) = covered.get_mut(at(document)) {
                        *covered += value * value;
                    }
                }
            }
        }
        let length = length.max(f32::MIN_POSITIVE);
        let mut near = vec![Nearness::default(); self.documents_in_all];
        for (((dot, held), factor), document) in dots.iter().zip(&held).zip(&self.factors).zip(&self.documents) {
            if *dot <= 0.0 {
                continue;
            }
            let score = dot * factor / length.sqrt();
            if let Some(best) = near.get_mut(at(*document)) {
                if score > best.near {
                    best.near = score + self.weights.others * best.near;
                    best.held = held / length;
                } else {
                    best.near += self.weights.others * score * 0.3;
                }
            }
        }
        for (near, covered) in near.iter_mut().zip(covered) {
            near.covered = covered / length;
        }
        near
    }
}

fn float(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
