//! From what a sentence says to what is done about it.

use std::sync::Arc;

use gateway_catalogue::Ranked;
use gateway_core::desk::{Action, Focus, Focuses, Question, QuestionKind, Topic};
use gateway_core::domain::ProcedureCode;
use gateway_core::ports::Interpretation;
use gateway_core::text::fold;

use super::{Understander, Understanding};
use crate::intent::Intent;

/// Choices of one question at most (the Desk's own limit).
const MOST_CHOICES: usize = 5;
/// At a level that was named, a hit must come near to the best of all levels.
const LEVEL_SHARE: f32 = 0.8;
/// Words of a bare name, at most.
const BARE_NAME: usize = 3;
/// What one gets, beside a word for papers.
const BESIDE_PAPERS: f32 = 0.7;
/// A part by the model's word alone, beside one that is as likely as this …
const LIKELY: f32 = 0.65;
/// … must be as likely as this.
const BESIDE_ANOTHER: f32 = 0.55;
/// Other procedures beside the one that is meant.
const ALSO: usize = 3;

/// From where on something counts as said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Thresholds {
    /// A part of a procedure (fee, papers …).
    pub(super) part: f32,
    /// A wish that needs no procedure.
    pub(super) act: f32,
    /// Such a wish in the face of a procedure that fits well.
    pub(super) act_against_matter: f32,
    /// Out of scope is likelier than this, all told.
    pub(super) out_of_scope: f32,
    /// A part that stands in so many words needs no more than this of the model.
    pub(super) part_in_words: f32,
    /// A procedure must fit so well to be spoken of at all …
    pub(super) least_score: f32,
    /// … and so well where nothing but the search speaks for it.
    pub(super) sure_score: f32,
    /// The second best has this share of the best: it must be asked.
    pub(super) near_tie: f32,
    /// Under a bare name another procedure is asked for as often, by this share …
    pub(super) as_common: f32,
    /// … and fits as well, by this one.
    pub(super) as_fitting: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            part: 0.5,
            act: 0.5,
            act_against_matter: 0.96,
            out_of_scope: 0.38,
            part_in_words: 0.04,
            least_score: 0.45,
            sure_score: 1.5,
            near_tie: 0.985,
            as_common: 0.85,
            as_fitting: 0.78,
        }
    }
}

/// The part of a procedure that an intent asks for.
pub(crate) const fn part_of(intent: Intent) -> Option<Focus> {
    Some(match intent {
        Intent::Papers => Focus::Papers,
        Intent::Fee => Focus::Fee,
        Intent::Time => Focus::Time,
        Intent::Place => Focus::Where,
        Intent::Steps => Focus::Steps,
        Intent::Online => Focus::Online,
        Intent::Result => Focus::Result,
        Intent::Who => Focus::Who,
        _ => return None,
    })
}

/// What an intent leads to without a procedure and without a dossier.
pub const fn act_of(intent: Intent) -> Option<Action> {
    Some(match intent {
        Intent::Queue => Action::QueueNow { site: None },
        Intent::Ticket => Action::TakeTicket { wish: None },
        Intent::Rate => Action::Rate,
        Intent::Pay => Action::Pay,
        Intent::Hours => Action::OpeningHours,
        Intent::Person => Action::TalkToPerson,
        Intent::Thanks => Action::Thank,
        Intent::Greeting => Action::Greet,
        Intent::Help => Action::Help,
        _ => return None,
    })
}

impl Understanding {
    /// The parts of a procedure that are asked for: by the model's word alone from
    /// `least` on, and from `in_words` on where the sentence says so in so many words.
    pub fn parts(&self, least: f32, in_words: f32) -> Focuses {
        let asked = self.intents.iter().filter_map(|(intent, p)| Some((part_of(*intent)?, *p)));
        let said = |part: Focus| !self.parts_in_words.is_overview() && self.parts_in_words.has(part);
        let best = asked.clone().map(|(_, p)| p).fold(0.0, f32::max);
        let least_of = |part: Focus| match part {
            // The word for a paper is that for what one hands in and for what one gets.
            Focus::Result if said(Focus::Papers) => least.max(BESIDE_PAPERS),
            // Beside one that is likely, another must be likely too.
            _ if best >= LIKELY && self.parts_in_words.is_overview() => least.max(BESIDE_ANOTHER),
            _ => least,
        };
        asked
            .filter(|(part, p)| *p >= least_of(*part) || (*p >= in_words && said(*part)))
            .map(|(part, _)| part)
            .collect()
    }

    /// How likely it is that the sentence is no business of ours: what the model
    /// says of it, against how well a procedure fits and whatever else is likely.
    /// A logistic curve, fitted on the tuning questions with their marks and
    /// without (`gateway/docs/assistant.md`).
    pub fn out_of_scope(&self) -> f32 {
        let p = self.probability(Intent::OutOfScope).clamp(0.002, 0.998);
        let other = self.intents.iter().find(|(intent, _)| *intent != Intent::OutOfScope).map_or(0.0, |(_, p)| *p);
        let (score, covered) = self.ranked.first().map_or((0.0, 0.0), |best| (best.score, best.covered));
        let z = 2.5 + 0.81 * (p / (1.0 - p)).ln() - 1.3 * score - 0.29 * covered - 2.1 * other;
        1.0 / (1.0 + (-z).exp())
    }

    /// How well the best procedure fits.
    pub fn best_score(&self) -> f32 {
        self.ranked.first().map_or(0.0, |best| best.score)
    }
}

impl Understander {
    /// What a sentence means by itself.
    pub fn meaning(&self, said: &Understanding) -> Interpretation {
        let limits = &self.thresholds;
        if said.is_danger() {
            return Interpretation::Act(Action::TurnAway { topic: Topic::Emergency });
        }
        if let Some(dossier) = said.dossier.as_ref().filter(|asked| !self.is_beside_the_matter(said, asked)) {
            return dossier.clone();
        }
        if said.gibberish && said.slots.procedures.is_empty() {
            return Interpretation::NotUnderstood;
        }
        let parts = said.parts(limits.part, limits.part_in_words);
        if let Some(code) = self.by_code(said, parts) {
            return code;
        }
        if let Some(act) = self.act(said, parts) {
            return act;
        }
        let best = said.best_score();
        if self.is_out_of_scope(said) {
            return Interpretation::Act(Action::TurnAway { topic: said.topic });
        }
        if said.matter && best >= limits.least_score {
            return self.procedure(said, parts);
        }
        if !said.matter && !parts.is_overview() {
            return ask(QuestionKind::ProcedureMissing, self.common(parts));
        }
        Interpretation::NotUnderstood
    }

    /// A number is asked for, because an ID or a phone stands in the sentence, though
    /// the sentence plainly wants something else (*tôi tên …, căn cước 079…, muốn làm
    /// lại căn cước*).
    fn is_beside_the_matter(&self, said: &Understanding, asked: &Interpretation) -> bool {
        let Interpretation::Ask(question) = asked else { return false };
        let (intent, _) = said.likeliest();
        question.kind == QuestionKind::NumberMissing
            && !said.slots.private.is_empty()
            && !matches!(intent, Intent::Track | Intent::Subscribe)
            && said.matter
            && said.best_score() >= self.thresholds.sure_score
    }

    /// A code in the sentence decides.
    fn by_code(&self, said: &Understanding, parts: Focuses) -> Option<Interpretation> {
        let mut actions = said.slots.procedures.iter().map(|code| Action::show(code.clone(), parts));
        match (actions.next(), actions.len()) {
            (None, _) => {
                // `1001193`, alone: a code only where there is such a procedure.
                let code = ProcedureCode::parse(said.normal.text()).ok().filter(|code| self.known(code))?;
                Some(Interpretation::Act(Action::show(code, parts)))
            }
            (Some(only), 0) => Some(Interpretation::Act(only)),
            (Some(first), _) => {
                Some(ask(QuestionKind::WhichProcedure, std::iter::once(first).chain(actions).take(MOST_CHOICES)))
            }
        }
    }

    /// A wish that needs no procedure, where it is surely one.
    fn act(&self, said: &Understanding, parts: Focuses) -> Option<Interpretation> {
        let limits = &self.thresholds;
        let (mut intent, mut p) = said.likeliest();
        // Of nothing that is named a part cannot be told: the wish behind it may be
        // (*nộp tiền qua mạng*).
        if !said.matter {
            let nearly =
                |other: &&(Intent, f32)| act_of(other.0).is_some() && other.1 >= limits.act && other.1 + 0.2 >= p;
            (intent, p) = said.intents.iter().find(nearly).copied().unwrap_or((intent, p));
        }
        let fits = said.matter && said.best_score() >= limits.sure_score;
        let least = if fits { limits.act_against_matter } else { limits.act };
        if p < least || (fits && !parts.is_overview()) {
            return None;
        }
        if let Some(action) = act_of(intent) {
            return Some(Interpretation::Act(action));
        }
        match intent {
            // Being told, or told no more, hangs on a dossier.
            Intent::Track | Intent::Subscribe => Some(ask(QuestionKind::NumberMissing, [])),
            _ => None,
        }
    }

    fn is_out_of_scope(&self, said: &Understanding) -> bool {
        said.out_of_scope() >= self.thresholds.out_of_scope
    }

    /// The procedure that is meant, or a question which one.
    fn procedure(&self, said: &Understanding, parts: Focuses) -> Interpretation {
        if let Some(none) = self.none_at_level(said, parts) {
            return none;
        }
        let mut near = self.near_ties(&said.ranked);
        if near.len() < 2 {
            near = self.variants_alike(said);
        }
        if near.len() > 1 {
            let choices = near.iter().map(|hit| Action::show(hit.procedure.code.clone(), parts));
            return ask(QuestionKind::WhichProcedure, choices);
        }
        let Some(best) = said.ranked.first() else { return Interpretation::NotUnderstood };
        let also = others(&said.ranked, best).take(ALSO).map(|hit| hit.procedure.code.clone()).collect();
        Interpretation::Act(Action::ShowProcedure { code: best.procedure.code.clone(), focus: parts, also })
    }

    /// A level was named at which nothing of the kind is handled: that is said, and
    /// what there is is offered.
    fn none_at_level(&self, said: &Understanding, parts: Focuses) -> Option<Interpretation> {
        let level = said.level.as_ref()?;
        let best = said.ranked.first()?;
        let near = || said.ranked.iter().filter(|hit| hit.score >= best.score * LEVEL_SHARE);
        if near().any(|hit| hit.procedure.levels.contains(level) || hit.procedure.levels.is_empty()) {
            return None;
        }
        let choices = near().take(MOST_CHOICES).map(|hit| Action::show(hit.procedure.code.clone(), parts));
        Some(ask(QuestionKind::NoneAtLevel(level.clone()), choices))
    }

    /// Those that are meant as well as the best; its twins at other levels do not
    /// count, for the one nearest to the citizen is meant.
    fn near_ties<'a>(&self, ranked: &'a [Ranked]) -> Vec<&'a Ranked> {
        let Some(best) = ranked.first() else { return Vec::new() };
        let mut near: Vec<&Ranked> = vec![best];
        for hit in ranked.iter().skip(1).filter(|hit| hit.score >= best.score * self.thresholds.near_tie) {
            if near.len() < MOST_CHOICES && !near.iter().any(|other| hit.is_twin_of(other)) {
                near.push(hit);
            }
        }
        near
    }

    /// A bare name (*bằng lái*, *sổ đỏ*) under which several things are done that
    /// are asked for about as often: which is meant cannot be known.
    fn variants_alike<'a>(&self, said: &'a Understanding) -> Vec<&'a Ranked> {
        let Some(best) = said.ranked.first() else { return Vec::new() };
        if self.matter_words(said) > BARE_NAME || gateway_catalogue::without_acts(&said.sought) != fold(&said.sought) {
            return Vec::new();
        }
        let mut alike: Vec<&Ranked> = vec![best];
        for hit in said.ranked.iter().skip(1).take(8) {
            let as_common = hit.procedure.prior >= best.procedure.prior * self.thresholds.as_common;
            let fits = hit.score >= best.score * self.thresholds.as_fitting;
            if as_common && fits && alike.len() < MOST_CHOICES && !alike.iter().any(|other| hit.is_twin_of(other)) {
                alike.push(hit);
            }
        }
        alike
    }

    /// The most common procedures, where a part was asked for of nothing.
    fn common(&self, parts: Focuses) -> Vec<Action> {
        self.catalogue
            .most_common(MOST_CHOICES)
            .into_iter()
            .map(|procedure| Action::show(procedure.code.clone(), parts))
            .collect()
    }
}

/// Other procedures that may have been meant, each matter once.
fn others<'a>(ranked: &'a [Ranked], best: &'a Ranked) -> impl Iterator<Item = &'a Ranked> {
    let mut seen: Vec<&Ranked> = vec![best];
    ranked.iter().skip(1).filter(move |hit| {
        let new = hit.score >= best.score * 0.4 && !seen.iter().any(|other| hit.is_twin_of(other));
        if new {
            seen.push(hit);
        }
        new
    })
}

fn ask(kind: QuestionKind, choices: impl IntoIterator<Item = Action>) -> Interpretation {
    Interpretation::Ask(Arc::new(Question { kind, choices: choices.into_iter().collect() }))
}
