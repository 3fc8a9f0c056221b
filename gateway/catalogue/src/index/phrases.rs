//! Everything by which a procedure is called (its names, people's words for it,
//! its field), as vectors of words, neighbours and pieces of words. A question is
//! near to a procedure where it is near to one of its phrases.

use super::Token;
use super::contents::at;
use super::features::{Features, Named};
use super::prepared::packed;
use super::question::matter_of;
use super::same::{Unified, unified};
use crate::aliases;

/// Words of one phrase that are read.
const LONGEST: usize = 40;
/// A feature said twice in a question is hardly said more.
const MOST_OF_ONE: f32 = 1.3;

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

packed!(PhraseWeights { exact, pair, piece, length, name, field, question, others });

/// The phrases of all procedures, by what they are made of.
#[derive(Default)]
pub(super) struct Phrases {
    features: Features,
    /// Where the phrases of each feature begin in `postings`, and its procedures
    /// in `holders`.
    starts: Box<[(u32, u32)]>,
    /// The phrases that have a feature, with what it weighs in each.
    postings: Box<[(u32, f32)]>,
    /// The procedures that have a feature.
    holders: Box<[u32]>,
    idf: Box<[f32]>,
    /// Where the phrases of each procedure end.
    ends: Box<[u32]>,
    /// What a phrase's dot product is multiplied with.
    factors: Box<[f32]>,
    weights: PhraseWeights,
}

packed!(Phrases { features, starts, postings, holders, idf, ends, factors, weights });

/// How near a procedure is: comparable over questions, roughly 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Nearness {
    /// Of its nearest phrase, with what the others add.
    pub(super) near: f32,
    /// The share of the question that its nearest phrase holds.
    pub(super) held: f32,
    /// The share of the question that all its phrases together hold.
    pub(super) covered: f32,
}

/// Room for one question, used again for the next.
#[derive(Default)]
pub(super) struct Room {
    /// Of each phrase: its dot product, and what it holds of the question.
    sums: Vec<[f32; 2]>,
    /// Of each procedure: what all its phrases hold.
    covered: Vec<f32>,
    /// Of each procedure.
    pub(super) near: Vec<Nearness>,
}

/// Takes phrases in, procedure by procedure.
pub(super) struct Builder {
    phrases: Phrases,
    /// The features of all phrases, one phrase after the other.
    rows: Vec<(u32, f32)>,
    /// Where the row of each phrase ends.
    row_ends: Vec<u32>,
    ends: Vec<u32>,
    factors: Vec<f32>,
    /// How many procedures have each feature, and the last that was counted.
    having: Vec<(u32, u32)>,
    /// What each feature weighs in the phrase at hand; 0 between phrases.
    sums: Vec<f32>,
}

impl Builder {
    pub(super) fn new(weights: PhraseWeights) -> Self {
        Self {
            phrases: Phrases { weights, ..Phrases::default() },
            rows: Vec::new(),
            row_ends: Vec::new(),
            ends: Vec::new(),
            factors: Vec::new(),
            having: Vec::new(),
            sums: Vec::new(),
        }
    }

    /// Takes in the phrases of the next procedure: official names, people's words
    /// (cut into words already), its field, and the questions known of its code.
    pub(super) fn add(&mut self, code: &str, own: &[&[Token]], field: &[Token], said: &[&[Token]]) {
        let weights = self.phrases.weights;
        let document = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        let cut = |words: &[Token]| words.len().min(LONGEST);
        for (place, words) in own.iter().enumerate() {
            // The third, where there is one, is English and as good as people's words.
            let factor = if place < 2 { weights.name } else { 1.0 };
            self.add_phrase(document, words.get(..cut(words)).unwrap_or_default(), factor);
        }
        self.add_phrase(document, field.get(..cut(field)).unwrap_or_default(), weights.field);
        for words in said {
            self.add_phrase(document, words.get(..cut(words)).unwrap_or_default(), 1.0);
        }
        for question in aliases::questions(code) {
            self.add_phrase(document, &matter_of(question), weights.question);
        }
        self.ends.push(u32::try_from(self.factors.len()).unwrap_or(u32::MAX));
    }

    fn add_phrase(&mut self, document: u32, words: &[Token], factor: f32) {
        let words = unified(words);
        if words.is_empty() {
            return;
        }
        let begin = self.rows.len();
        let Self { phrases, rows, having, sums, .. } = self;
        let mut note = |feature: u32, weight: f32| {
            let place = at(feature);
            if place >= sums.len() {
                sums.resize(place + 1, 0.0);
                having.resize(place + 1, (0, u32::MAX));
            }
            let (Some(sum), Some((count, last))) = (sums.get_mut(place), having.get_mut(place)) else { return };
            if *sum == 0.0 {
                rows.push((feature, 0.0));
                if *last != document {
                    (*count, *last) = (*count + 1, document);
                }
            }
            *sum += weight;
        };
        let weights = phrases.weights;
        for one in &words {
            phrases.features.enter_word(&one.word.folded, &weights, &mut note);
            if one.word.marked {
                note(phrases.features.enter(Named::Exact(&one.word.exact)), weights.exact);
            }
        }
        for (first, second) in neighbours(&words) {
            note(phrases.features.enter(Named::pair(first, second)), weights.pair);
        }
        for (feature, weight) in rows.iter_mut().skip(begin) {
            if let Some(sum) = sums.get_mut(at(*feature)) {
                *weight = std::mem::take(sum);
            }
        }
        self.row_ends.push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        self.factors.push(factor);
    }

    /// All phrases are in: weighs them and turns the rows into columns.
    pub(super) fn finish(self) -> Phrases {
        let Self { mut phrases, rows, row_ends, ends, mut factors, having, .. } = self;
        let all = float(ends.len());
        phrases.idf = having.iter().map(|(having, _)| (1.0 + all / float(at(*having)).max(1.0)).ln()).collect();
        let mut counts = vec![0_u32; having.len() + 1];
        for (feature, _) in &rows {
            if let Some(count) = counts.get_mut(at(*feature)) {
                *count += 1;
            }
        }
        // Where each feature's next phrase and next procedure go.
        let mut next: Vec<(u32, u32)> = Vec::with_capacity(having.len() + 1);
        let mut start = (0, 0);
        for (count, (having, _)) in counts.iter().zip(having.iter().chain(&[(0, 0)])) {
            next.push(start);
            start = (start.0 + count, start.1 + having);
        }
        phrases.starts = next.clone().into_boxed_slice();
        let mut postings = vec![(0, 0.0); rows.len()];
        let mut holders = vec![0; at(start.1)];
        let mut phrase = 0;
        let mut begin = 0;
        for (document, end) in (0..).zip(&ends) {
            while phrase < *end {
                let row_end = row_ends.get(at(phrase)).copied().map_or(begin, at);
                let mut length = 0.0;
                for (feature, weight) in rows.get(begin..row_end).unwrap_or_default() {
                    let value = weight * phrases.idf.get(at(*feature)).copied().unwrap_or_default();
                    length += value * value;
                    let Some(next) = next.get_mut(at(*feature)) else { continue };
                    if let Some(posting) = postings.get_mut(at(next.0)) {
                        *posting = (phrase, value);
                    }
                    next.0 += 1;
                    let first = phrases.starts.get(at(*feature)).is_none_or(|start| start.1 == next.1);
                    if (first || holders.get(at(next.1) - 1) != Some(&document))
                        && let Some(holder) = holders.get_mut(at(next.1))
                    {
                        *holder = document;
                        next.1 += 1;
                    }
                }
                if let Some(factor) = factors.get_mut(at(phrase)) {
                    *factor /= length.sqrt().max(f32::MIN_POSITIVE).powf(phrases.weights.length);
                }
                begin = row_end;
                phrase += 1;
            }
        }
        phrases.features.shrink();
        phrases.postings = postings.into_boxed_slice();
        phrases.holders = holders.into_boxed_slice();
        phrases.ends = ends.into_boxed_slice();
        phrases.factors = factors.into_boxed_slice();
        phrases
    }
}

/// Pairs of words that stand side by side, with no sign between them.
fn neighbours<'a>(words: &'a [Unified<'a>]) -> impl Iterator<Item = (&'a str, &'a str)> {
    words.windows(2).filter_map(|pair| match pair {
        [first, second] if !second.after_break => Some((first.word.folded.as_str(), second.word.folded.as_str())),
        _ => None,
    })
}

impl Phrases {
    /// How near each procedure is to some words, into `room.near`; `marked` where
    /// the citizen writes with marks. Words carry weights: what says little counts
    /// little.
    pub(super) fn near(&self, words: &[Token], weights: &[f32], marked: bool, room: &mut Room) {
        let (question, length) = self.vector(words, weights, marked);
        let Room { sums, covered, near } = room;
        zeroed(sums, self.factors.len());
        zeroed(covered, self.ends.len());
        zeroed(near, self.ends.len());
        for (feature, value) in question {
            let share = value * value;
            for (phrase, own) in self.column(&self.postings, feature, |start| start.0) {
                if let Some([dot, held]) = sums.get_mut(at(*phrase)) {
                    *dot += value * own;
                    *held += share;
                }
            }
            for document in self.column(&self.holders, feature, |start| start.1) {
                if let Some(covered) = covered.get_mut(at(*document)) {
                    *covered += share;
                }
            }
        }
        let root = length.sqrt();
        let mut begin = 0;
        for ((near, covered), end) in near.iter_mut().zip(covered).zip(&self.ends) {
            let end = at(*end);
            let (sums, factors) = (sums.get(begin..end), self.factors.get(begin..end));
            begin = end;
            if *covered <= 0.0 {
                continue;
            }
            near.covered = *covered / length;
            for ([dot, held], factor) in sums.unwrap_or_default().iter().zip(factors.unwrap_or_default()) {
                if *dot <= 0.0 {
                    continue;
                }
                let score = dot * factor / root;
                if score > near.near {
                    near.near = score + self.weights.others * near.near;
                    near.held = held / length;
                } else {
                    near.near += self.weights.others * score * 0.3;
                }
            }
        }
    }

    /// The known features of a question, each with its weight, and the square of
    /// the question's length.
    fn vector(&self, words: &[Token], weights: &[f32], marked: bool) -> (Vec<(u32, f32)>, f32) {
        let words = unified(words);
        let weight = |one: &Unified<'_>| weights.get(one.from).copied().unwrap_or(1.0);
        let rarest = (1.0 + float(self.ends.len())).ln();
        let mut length = 0.0;
        let mut features: Vec<(u32, f32)> = Vec::with_capacity(words.len() * 8);
        for one in &words {
            let weight = weight(one);
            if !self.features.of_word(&one.word.folded, &self.weights, |feature, share| {
                features.push((feature, share * weight));
            }) {
                length += (weight * rarest).powi(2);
            }
            if marked && one.word.marked {
                let exact = self.features.get(Named::Exact(&one.word.exact));
                features.extend(exact.map(|feature| (feature, self.weights.exact * weight)));
            }
        }
        for pair in words.windows(2) {
            if let [first, second] = pair
                && !second.after_break
            {
                let known = self.features.get(Named::pair(&first.word.folded, &second.word.folded));
                let weight = weight(first).min(weight(second));
                features.extend(known.map(|feature| (feature, self.weights.pair * weight)));
            }
        }
        features.sort_by_key(|(feature, _)| *feature);
        features.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 += later.1;
            }
            same
        });
        for (feature, weight) in &mut features {
            *weight = weight.min(MOST_OF_ONE) * self.idf.get(at(*feature)).copied().unwrap_or_default();
            length += *weight * *weight;
        }
        (features, length.max(f32::MIN_POSITIVE))
    }

    /// What belongs to one feature.
    fn column<'a, T>(&self, all: &'a [T], feature: u32, start: impl Fn(&(u32, u32)) -> u32) -> &'a [T] {
        let bound = |place: usize| self.starts.get(place).map(|both| at(start(both)));
        let (from, to) = (bound(at(feature)), bound(at(feature) + 1));
        from.zip(to).and_then(|(from, to)| all.get(from..to)).unwrap_or_default()
    }
}

fn zeroed<T: Clone + Default>(room: &mut Vec<T>, len: usize) {
    room.clear();
    room.resize(len, T::default());
}

fn float(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
