//! Which procedure is meant: what whole titles say (order, plain before special,
//! mended typos) and what all phrases say together, weighed.

use std::sync::Arc;

use gateway_core::domain::{Level, Procedure};

use super::Question;
use super::contents::{Contents, at};
use super::phrases::Nearness;
use super::search::search;
use super::variant::Variant;

/// Procedures that a ranking gives, at most.
const MOST: usize = 20;

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
    /// Readings beyond the citizen's own words.
    pub synonym: f32,
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
            fit: 0.5,
            covered: 1.0,
            prior: 0.05,
            other_level: 0.85,
            weak: 0.3,
            synonym: 0.9,
            act_unsaid: 0.1,
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

pub(super) fn rank(contents: &Contents, text: &str, question: &Question, weights: &RankWeights) -> Vec<Ranked> {
    let mut near: Vec<Nearness> = vec![Nearness::default(); contents.procedures.len()];
    for (place, reading) in question.readings.iter().take(3).enumerate() {
        let words: Vec<_> = reading.words.iter().map(|sought| sought.token.clone()).collect();
        let weak: Vec<&str> =
            reading.words.iter().filter(|sought| sought.weak).map(|sought| sought.token.folded.as_str()).collect();
        let weigh = |token: &super::Token| if weak.contains(&token.folded.as_str()) { weights.weak } else { 1.0 };
        let factor = if place == 0 { 1.0 } else { reading.factor * weights.synonym };
        for (best, found) in near.iter_mut().zip(contents.phrases.near(&words, weigh, question.marked)) {
            if found.near * factor > best.near {
                *best = Nearness { near: found.near * factor, ..found };
            }
        }
    }
    let mut fits = vec![0.0_f32; contents.procedures.len()];
    for hit in search(contents, question, |_| true).matches {
        if let Some(fit) = fits.get_mut(at(hit.place)) {
            *fit = hit.fit;
        }
    }
    let said = Variant::of_words(text);
    let mut ranked: Vec<(f32, u32)> = near
        .iter()
        .zip(&fits)
        .zip(0_u32..)
        .filter(|((near, fit), _)| near.near > 0.05 || **fit > 0.3)
        .map(|((near, fit), place)| {
            let mut score = weights.near * near.near + weights.fit * fit + weights.covered * near.covered;
            if let Some(procedure) = contents.get(place) {
                score += weights.prior * procedure.prior.clamp(0.1, 10.0).ln();
                let at_level = question.level.as_ref().is_none_or(|level| procedure.levels.contains(level));
                if !at_level {
                    score *= weights.other_level;
                }
                score += level_bonus(procedure);
                score += contents.variants.get(at(place)).map_or(0.0, |variant| variant.suits(said, weights));
            }
            (score, place)
        })
        .collect();
    ranked.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(first.cmp(second)));
    ranked.truncate(MOST);
    ranked
        .into_iter()
        .filter_map(|(score, place)| {
            let near = near.get(at(place)).copied().unwrap_or_default();
            Some(Ranked {
                procedure: Arc::clone(contents.get(place)?),
                score,
                near: near.near,
                held: near.held,
                covered: near.covered,
                fit: fits.get(at(place)).copied().unwrap_or_default(),
                core: contents.cores.get(at(place)).copied().unwrap_or_default(),
            })
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
