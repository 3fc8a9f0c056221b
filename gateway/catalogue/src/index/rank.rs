//! Which procedure is meant: what whole titles say (order, plain before special,
//! mended typos) and what all phrases say together, weighed.

use std::sync::Arc;

use gateway_core::desk::Focus;
use gateway_core::domain::{Level, Procedure, ProcedureCode};

use super::contents::{Contents, at};
use super::phrases::Nearness;
use super::prepared::packed;
use super::room::Room;
use super::variant::Variant;
use super::{Question, Token, tokens};

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
            prior: 0.12,
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

/// What one reading of a text gives.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The procedures that may be meant, best first.
    pub ranked: Vec<Ranked>,
    /// What is asked of it in so many words.
    pub parts: Vec<Focus>,
    /// The level of agencies that is named.
    pub level: Option<Level>,
    /// How many words name a matter.
    pub matter_words: usize,
    /// Words remain that name a matter, once what is asked of it and how one asks
    /// are taken out.
    pub names_a_matter: bool,
}

/// What a procedure brings into a ranking, whatever is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// The logarithm of how common it is.
    common: f32,
    /// Where a matter exists at several levels, the one nearest to the citizen is
    /// meant.
    near_by: f32,
    /// Its levels, as bits.
    pub(super) levels: u8,
}

packed!(Standing { common, near_by, levels });

impl Standing {
    pub(super) fn of(procedure: &Procedure) -> Self {
        let near_by = if procedure.levels.contains(&Level::Commune) {
            0.012
        } else if procedure.levels.contains(&Level::Province) {
            0.008
        } else {
            0.0
        };
        let levels = procedure.levels.iter().fold(0, |bits, level| bits | Self::bit(level));
        Self { common: procedure.prior.clamp(0.1, 10.0).ln(), near_by, levels }
    }

    /// The bit of a level; 0 for one that only the source knows.
    pub(super) const fn bit(level: &Level) -> u8 {
        match level {
            Level::Ministry => 1,
            Level::Province => 2,
            Level::District => 4,
            Level::Commune => 8,
            Level::Other(_) => 0,
        }
    }
}

/// What a question is scored from, for every procedure.
struct Scores<'a> {
    contents: &'a Contents,
    question: &'a Question,
    weights: &'a RankWeights,
    near: &'a [Nearness],
    fits: &'a [f32],
    said: Variant,
}

impl<'a> Scores<'a> {
    fn of(
        contents: &'a Contents,
        text: &str,
        question: &'a Question,
        weights: &'a RankWeights,
        room: &'a mut Room,
    ) -> Self {
        let Room { search, phrases, fits } = room;
        // The citizen's own words alone: what they mean in official ones, `same.toml`
        // knows. Nothing is near where nothing is sought.
        let sought = question.readings.first().map(|reading| reading.words.as_slice()).unwrap_or_default();
        let words: Vec<Token> = sought.iter().map(|sought| sought.token.clone()).collect();
        let mut said: Vec<f32> = sought.iter().map(|sought| if sought.weak { weights.weak } else { 1.0 }).collect();
        stress(text, question, &words, weights, &mut said);
        contents.index.phrases.near(&words, &said, question.marked, phrases);
        super::search::fits(contents, question, search, fits);
        Self { contents, question, weights, near: &phrases.near, fits, said: Variant::of_words(text) }
    }

    /// The score of one procedure; `None` where nothing speaks for it.
    fn at(&self, place: u32) -> Option<f32> {
        let (near, fit) = (self.near.get(at(place))?, self.fits.get(at(place))?);
        if near.near <= 0.05 && *fit <= 0.3 {
            return None;
        }
        let (weights, standing) = (self.weights, self.contents.told.standing.get(at(place))?);
        let mut score = weights.near * near.near + weights.fit * fit + weights.covered * near.covered;
        score += weights.prior * standing.common;
        if self.question.level.as_ref().is_some_and(|level| !self.contents.is_at(place, level)) {
            score *= weights.other_level;
        }
        Some(score + standing.near_by + self.suits(place))
    }

    /// How its variant suits what was said.
    fn suits(&self, place: u32) -> f32 {
        self.contents.told.variants.get(at(place)).map_or(0.0, |variant| variant.suits(self.said, self.weights))
    }

    fn ranked(&self, score: f32, place: u32) -> Option<Ranked> {
        let near = self.near.get(at(place)).copied().unwrap_or_default();
        Some(Ranked {
            procedure: Arc::clone(self.contents.get(place)?),
            score,
            near: near.near,
            held: near.held,
            covered: near.covered,
            fit: self.fits.get(at(place)).copied().unwrap_or_default(),
            core: self.contents.told.cores.get(at(place)).copied().unwrap_or_default(),
        })
    }
}

pub(super) fn rank(contents: &Contents, text: &str, question: &Question, weights: &RankWeights) -> Vec<Ranked> {
    contents.rooms.with(|room| {
        let scores = Scores::of(contents, text, question, weights, room);
        let places = (0_u32..).take(contents.procedures.len());
        let mut best: Vec<(f32, u32)> = places.filter_map(|place| Some((scores.at(place)?, place))).collect();
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if best.len() > MOST {
            best.select_nth_unstable_by(MOST, order);
            best.truncate(MOST);
        }
        best.sort_unstable_by(order);
        best.into_iter().filter_map(|(score, place)| scores.ranked(score, place)).collect()
    })
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
    contents.rooms.with(|room| {
        let scores = Scores::of(contents, text, question, weights, room);
        let among = codes.iter().filter_map(|code| {
            let place = contents.place(code)?;
            // Among few a word in common says less than what tells them apart.
            let score = scores.at(place).unwrap_or(0.0) + 2.0 * scores.suits(place);
            Some((code.clone(), score.max(0.0)))
        });
        among.collect()
    })
}

/// Words with which a wish begins, or that stand in its clause, folded.
const WISH: [&str; 22] = [
    "muon", "xin", "can", "gio", "nay", "thi", "hoi", "sao", "nao", "dang", "lam", "cap", "duoc", "how", "want",
    "need", "apply", "get", "register", "renew", "what", "which",
];

/// In a story of several clauses the wish stands in some; the others only tell
/// how it came to it, and their words are weighed less.
fn stress(text: &str, question: &Question, words: &[Token], weights: &RankWeights, said: &mut [f32]) {
    let read;
    let all = if question.whole {
        question.words.as_slice()
    } else {
        read = tokens(text, MOST_WORDS);
        read.as_slice()
    };
    // Where each clause ends, and whether a wish stands in it.
    let mut clauses: Vec<(bool, usize)> = vec![(false, 0)];
    for (place, token) in all.iter().enumerate() {
        let word = token.folded.as_str();
        let turns = matches!(word, "thi" | "gio" | "nay" | "muon") && !token.after_break;
        if (token.after_break || turns) && place > 0 {
            clauses.push((false, place));
        }
        if let Some((wish, end)) = clauses.last_mut() {
            *wish |= WISH.contains(&word);
            *end = place + 1;
        }
    }
    let wishes = clauses.iter().filter(|(wish, _)| *wish).count();
    if wishes == 0 || wishes == clauses.len() {
        return;
    }
    // The words are some of the text's, in its order.
    let mut rest = all.iter().enumerate();
    for (word, weight) in words.iter().zip(said) {
        let found = rest.find(|(_, other)| other.folded == word.folded).map(|(place, _)| place);
        let clause = found.and_then(|place| clauses.iter().find(|(_, end)| place < *end));
        if clause.is_some_and(|(wish, _)| !wish) {
            *weight *= weights.story;
        }
    }
}
