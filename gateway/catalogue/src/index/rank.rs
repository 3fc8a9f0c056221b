//! Which procedure is meant: what whole titles say (order, plain before special,
//! mended typos) and what all phrases say together, weighed.

use std::sync::Arc;

use gateway_core::domain::{Level, Procedure, ProcedureCode};

use super::question::Sought;
use super::{Question, Token, tokens};
use super::contents::{Contents, at};
use super::phrases::Nearness;
use super::search::search;
use super::variant::Variant;

/// Procedures that a ranking gives, at most.
const MOST: usize = 20;

/// Words of a text that are looked at.
const MOST_WORDS: usize = 120;

/// What counts how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankWeights {
    /// How near its phrases are.
    pub near: f32,
    /// How well its best title fits.
    pub fit: f32,
    /// How much of the question all its phrases hold.
    pub covered: f32,
    /// How common it is, by the logarithm of its prior.
    pub prior: f32,
    /// Another level was named.
    pub other_level: f32,
    /// Words that say little.
    pub weak: f32,
    /// Words of a clause that tells a story, not a wish.
    pub story: f32,
    /// Something else than issuing, though nothing of it was said.
    pub act_unsaid: f32,
    /// Another act than was said.
    pub act_other: f32,
    /// The very act that was said.
    pub act_same: f32,
    /// A special case that was not spoken of.
    pub special_unsaid: f32,
    /// The special case that was spoken of.
    pub special_same: f32,
}

impl Default for RankWeights {
    fn default() -> Self {
        Self {
            near: 1.0,
            fit: 0.7,
            covered: 1.0,
            prior: 0.05,
            other_level: 0.85,
            weak: 0.4,
            story: 0.75,
            act_unsaid: 0.15,
            act_other: 0.2,
            act_same: 0.1,
            special_unsaid: 0.08,
            special_same: 0.1,
        }
    }
}

/// One procedure in a ranking.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// The procedure.
    pub procedure: Arc<Procedure>,
    /// For ranking.
    pub score: f32,
    /// How near its phrases are.
    pub near: f32,
    /// The share of the question that its nearest phrase holds.
    pub held: f32,
    /// The share of the question that all its phrases together hold.
    pub covered: f32,
    /// How well its best title fits.
    pub fit: f32,
    core: u64,
}

impl Ranked {
    /// The same matter at another level of agencies.
    pub fn is_twin_of(&self, other: &Self) -> bool {
        self.core == other.core
    }
}

/// What a question is scored from, for every procedure.
struct Scores {
    near: Vec<Nearness>,
    fits: Vec<f32>,
    said: Variant,
}

impl Scores {
    fn of(contents: &Contents, text: &str, question: &Question, weights: &RankWeights) -> Self {
        let mut near: Vec<Nearness> = vec![Nearness::default(); contents.procedures.len()];
        // The citizen's own words alone: what they mean in official ones, `same.toml`
        // knows.
        if let Some(reading) = question.readings.first() {
            let words: Vec<Token> = reading.words.iter().map(|sought| sought.token.clone()).collect();
            let weigh = |sought: &Sought| if sought.weak { weights.weak } else { 1.0 };
            let mut said: Vec<f32> = reading.words.iter().map(weigh).collect();
            for (weight, stress) in said.iter_mut().zip(stress(text, &words, weights)) {
                *weight *= stress;
            }
            near = contents.phrases.near(&words, &said, question.marked);
        }
        let mut fits = vec![0.0_f32; contents.procedures.len()];
        for hit in search(contents, question, |_| true).matches {
            if let Some(fit) = fits.get_mut(at(hit.place)) {
                *fit = hit.fit;
            }
        }
        Self { near, fits, said: Variant::of_words(text) }
    }

    /// The score of one procedure; `None` where nothing speaks for it.
    fn at(&self, contents: &Contents, place: u32, question: &Question, weights: &RankWeights) -> Option<f32> {
        let (near, fit) = (self.near.get(at(place))?, self.fits.get(at(place))?);
        if near.near <= 0.05 && *fit <= 0.3 {
            return None;
        }
        let procedure = contents.get(place)?;
        let mut score = weights.near * near.near + weights.fit * fit + weights.covered * near.covered;
        score += weights.prior * procedure.prior.clamp(0.1, 10.0).ln();
        let at_level = question.level.as_ref().is_none_or(|level| procedure.levels.contains(level));
        if !at_level {
            score *= weights.other_level;
        }
        score += level_bonus(procedure);
        score += contents.variants.get(at(place)).map_or(0.0, |variant| variant.suits(self.said, weights));
        Some(score)
    }
}

pub(super) fn rank(contents: &Contents, text: &str, question: &Question, weights: &RankWeights) -> Vec<Ranked> {
    let scores = Scores::of(contents, text, question, weights);
    let places = (0_u32..).take(contents.procedures.len());
    let mut ranked: Vec<(f32, u32)> =
        places.filter_map(|place| Some((scores.at(contents, place, question, weights)?, place))).collect();
    ranked.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(first.cmp(second)));
    ranked.truncate(MOST);
    ranked
        .into_iter()
        .filter_map(|(score, place)| {
            let near = scores.near.get(at(place)).copied().unwrap_or_default();
            Some(Ranked {
                procedure: Arc::clone(contents.get(place)?),
                score,
                near: near.near,
                held: near.held,
                covered: near.covered,
                fit: scores.fits.get(at(place)).copied().unwrap_or_default(),
                core: contents.cores.get(at(place)).copied().unwrap_or_default(),
            })
        })
        .collect()
}

/// The given procedures with their scores, in the given order; unknown codes are
/// left out, and what nothing speaks for has 0.
pub(super) fn rank_among(
    contents: &Contents,
    text: &str,
    question: &Question,
    weights: &RankWeights,
    codes: &[ProcedureCode],
) -> Vec<(ProcedureCode, f32)> {
    let scores = Scores::of(contents, text, question, weights);
    codes
        .iter()
        .filter_map(|code| {
            let place = contents.place(code)?;
            // Among few a word in common says less than what tells them apart.
            let variant = contents.variants.get(at(place)).map_or(0.0, |variant| variant.suits(scores.said, weights));
            let score = scores.at(contents, place, question, weights).unwrap_or(0.0);
            Some((code.clone(), (score + variant).max(0.0)))
        })
        .collect()
}

/// Words with which a wish begins, or that stand in its clause, folded.
const WISH: [&str; 22] = [
    "muon", "xin", "can", "gio", "nay", "thi", "hoi", "sao", "nao", "dang", "lam", "cap", "duoc", "how", "want", "need",
    "apply", "get", "register", "renew", "what", "which",
];

/// In a story of several clauses the wish stands in some; the others only tell
/// how it came to it.
fn stress(text: &str, words: &[Token], weights: &RankWeights) -> Vec<f32> {
    let mut clauses: Vec<(bool, Vec<Token>)> = vec![(false, Vec::new())];
    for token in tokens(text, MOST_WORDS) {
        let turns = matches!(token.folded.as_str(), "thi" | "gio" | "nay" | "muon") && !token.after_break;
        if (token.after_break || turns) && clauses.last().is_some_and(|(_, words)| !words.is_empty()) {
            clauses.push((false, Vec::new()));
        }
        if let Some((wish, words)) = clauses.last_mut() {
            *wish |= WISH.contains(&token.folded.as_str());
            words.push(token);
        }
    }
    let wishes = clauses.iter().filter(|(wish, _)| *wish).count();
    if wishes == 0 || wishes == clauses.len() {
        return vec![1.0; words.len()];
    }
    // The words are some of the text's, in its order.
    let mut all = clauses.iter().flat_map(|(wish, words)| words.iter().map(move |word| (*wish, word)));
    words
        .iter()
        .map(|word| {
            let found = all.find(|(_, other)| other.folded == word.folded);
            if found.is_none_or(|(wish, _)| wish) { 1.0 } else { weights.story }
        })
        .collect()
}

/// Where a matter exists at several levels, the one nearest to the citizen is
/// meant.
fn level_bonus(procedure: &Procedure) -> f32 {
    if procedure.levels.contains(&Level::Commune) {
        0.012
    } else if procedure.levels.contains(&Level::Province) {
        0.008
    } else {
        0.0
    }
}
