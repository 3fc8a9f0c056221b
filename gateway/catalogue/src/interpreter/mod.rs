//! The plain interpreter: dossier numbers, procedure codes and words, nothing
//! learnt. It answers only what it is sure of and asks or says no otherwise.

mod proof;
mod wish;
mod words;

use std::sync::Arc;

use compact_str::CompactString;
use gateway_core::desk::{Action, Focus, GivenRating, Question as Asked, QuestionKind};
use gateway_core::domain::{DossierNumber, DossierNumberParser, Level, ProcedureCode, Reading};
use gateway_core::ports::{Catalogue, Heard, Interpretation, Interpreter, ProcedureQuery, Understood};
use jiff::civil::Date;

use wish::Wish;

use crate::index::{Match, ProcedureCatalogue, Question, Search};

/// Choices of one question at most (the Desk's own limit).
const MOST_CHOICES: usize = 5;
/// Hits of a list that answers a question.
const LIST: usize = 5;
/// The best hit must fit at least so well, or nothing was understood.
const LEAST_FIT: f32 = 0.45;
/// … and its titles must hold at least this share of the question's words.
const LEAST_COVERED: f32 = 0.45;
/// One word alone must fit so well: it stands in many titles by chance.
const LEAST_FIT_OF_ONE: f32 = 0.65;
/// A question of so few words …
const FEW_WORDS: usize = 3;
/// … of which one stands nowhere must fit so well by the others.
const LEAST_FIT_OF_REST: f32 = 0.55;
/// Digits of a word that is an ID or a phone.
const LONG_NUMBER: usize = 9;
/// Words of a place's name beside the wish for an agency (*địa chỉ phường Thủ Dầu Một*).
const MOST_OF_A_PLACE: usize = 4;
/// Hits with this share of the best score are truly near.
const NEAR: f32 = 0.97;
/// A hit must fit so well for it to be one of several that are meant equally.
const EQUAL_FIT: f32 = 0.85;
/// Words that were left bare are asked back where the second meaning has this
/// share of the first's score.
const OTHER_MEANING: f32 = 0.7;
/// What is kept of the words that a consent was given in.
const CONSENT: usize = 300;
/// At a level that was named, a hit must come near to the best of all levels.
const LEVEL_SHARE: f32 = 0.85;

/// Turns words into actions by rule. Cheap (well under a millisecond), without
/// state, the same answer every time.
pub struct PlainInterpreter {
    numbers: DossierNumberParser,
    catalogue: Arc<ProcedureCatalogue>,
}

impl PlainInterpreter {
    /// An interpreter that knows these number patterns and these procedures.
    pub const fn new(numbers: DossierNumberParser, catalogue: Arc<ProcedureCatalogue>) -> Self {
        Self { numbers, catalogue }
    }

    /// A number anywhere in the text decides: people paste it into sentences.
    /// `None` where there is no number and nothing that wants one.
    pub fn dossier(&self, text: &str, today: Date) -> Option<Interpretation> {
        let (rest, proof) = proof::taken_from(text);
        let rating = wish::rating(&rest);
        let (rated, rest) = match rating {
            Some((score, rest)) => (Some(score), rest),
            None => (None, rest),
        };
        let wish = wish::read(&rest);
        let act = |number: DossierNumber| match (wish, &proof) {
            (_, proof) if rated.is_some() => Action::RateDossier {
                number,
                given: rated.flatten().map(|score| Box::new(GivenRating::of(score))),
                proof: proof.clone(),
            },
            // The record of the consent holds the words, not the secret in them.
            (Some(Wish::Notice), proof) => {
                Action::Subscribe { number, proof: proof.clone(), words: rest.chars().take(CONSENT).collect() }
            }
            (_, Some(proof)) => Action::DiscloseDossier { number, proof: proof.clone() },
            (Some(Wish::Code), None) => Action::SendCode { number },
            (None, None) => Action::TrackDossier { number },
        };
        match self.numbers.read(&rest, today) {
            Reading::One(number) => Some(Interpretation::Act(act(number))),
            Reading::Several(numbers) => {
                Some(ask(QuestionKind::WhichDossier, numbers.into_iter().take(MOST_CHOICES).map(act)))
            }
            Reading::Invalid(problem) if ProcedureCode::find_in(text).is_empty() => {
                Some(ask(QuestionKind::NumberUnclear(problem), []))
            }
            // A proof alone proves nothing, and its digits are never searched for.
            Reading::None if proof.is_some() && ProcedureCode::find_in(text).is_empty() => {
                Some(ask(QuestionKind::NumberMissing, []))
            }
            // A code belongs to a dossier, and so does a notice of one.
            Reading::None if wish.is_some_and(|wish| wish == Wish::Code || wish::names_a_dossier(text)) => {
                ProcedureCode::find_in(text).is_empty().then(|| ask(QuestionKind::NumberMissing, []))
            }
            Reading::Invalid(_) | Reading::None => None,
        }
    }

    fn codes(&self, text: &str, focus: Focus) -> Option<Interpretation> {
        let mut codes = ProcedureCode::find_in(text);
        if codes.is_empty()
            && let Ok(code) = ProcedureCode::parse(text)
            && self.catalogue.procedure(&code).is_some()
        {
            codes.push(code);
        }
        let mut actions = codes.into_iter().map(|code| Action::show(code, focus));
        match (actions.next(), actions.len()) {
            (None, _) => None,
            (Some(only), 0) => Some(Interpretation::Act(only)),
            (Some(first), _) => {
                let all = std::iter::once(first).chain(actions).take(MOST_CHOICES);
                Some(ask(QuestionKind::WhichProcedure, all))
            }
        }
    }

    /// *lệ phí* and nothing else: of what? The most common ones are offered.
    fn ask_what_for(&self, focus: Focus) -> Interpretation {
        let common = self.catalogue.most_common(MOST_CHOICES);
        let shows = common.into_iter().map(|procedure| Action::show(procedure.code.clone(), focus));
        ask(QuestionKind::WhichProcedure, shows)
    }

    fn procedures(&self, text: &str, question: &Question, found: &Search) -> Option<Interpretation> {
        if question.ambiguous {
            return Some(ask_meaning(found, question));
        }
        let least_fit = if question.strong_words() <= 1 { LEAST_FIT_OF_ONE } else { LEAST_FIT };
        // The rarest word names the matter; where it stands nowhere, the others
        // must name one by themselves (*gia hạn visa*).
        let least_fit =
            if found.unknown && question.strong_words() <= FEW_WORDS { LEAST_FIT_OF_REST } else { least_fit };
        let best = found.matches.first().filter(|best| best.fit >= least_fit && best.covered >= LEAST_COVERED)?;
        if let Some(level) = &question.level {
            let at_level = |hit: &&Match| hit.procedure.levels.contains(level);
            if found.matches.iter().find(at_level).is_none_or(|hit| hit.fit < best.fit * LEVEL_SHARE) {
                return Some(none_at(level, question.focus, &found.matches));
            }
        }
        let meant = meant_equally(&found.matches, question);
        if meant.len() > 1 {
            return Some(ask(QuestionKind::WhichProcedure, meant.into_iter().map(|hit| show(hit, question.focus))));
        }
        Some(Interpretation::Act(Action::FindProcedures {
            query: ProcedureQuery {
                text: without_long_numbers(text),
                level: question.level.clone(),
                limit: LIST,
                ..ProcedureQuery::default()
            },
            focus: question.focus.into(),
        }))
    }
}

impl Interpreter for PlainInterpreter {
    /// Each question stands for itself: what was said before is not looked at.
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        self.read(heard.text, heard.today).into()
    }
}

impl PlainInterpreter {
    /// What a text means, by itself.
    pub fn read(&self, text: &str, today: Date) -> Interpretation {
        if text.trim().is_empty() {
            return Interpretation::NotUnderstood;
        }
        if let Some(number) = self.dossier(text, today) {
            return number;
        }
        let question = Question::read(text);
        if let Some(code) = self.codes(text, question.focus) {
            return code;
        }
        if question.track {
            return ask(QuestionKind::NumberMissing, []);
        }
        if !question.is_empty() {
            let found = self.catalogue.search(text);
            if let Some(procedures) = self.procedures(text, &question, &found) {
                return procedures;
            }
        }
        // A wish without a matter that is known: what the words around it ask.
        // A matter that is not known is not understood, however it is asked.
        if question.agencies && question.strong_words() <= MOST_OF_A_PLACE {
            return Interpretation::Act(Action::ListAgencies);
        }
        if !question.is_empty() {
            return Interpretation::NotUnderstood;
        }
        if question.bare_focus {
            return self.ask_what_for(question.focus);
        }
        if question.list {
            let query = ProcedureQuery { limit: LIST, ..ProcedureQuery::default() };
            return Interpretation::Act(Action::FindProcedures { query, focus: question.focus.into() });
        }
        if question.help {
            return Interpretation::Act(Action::Help);
        }
        Interpretation::NotUnderstood
    }
}

/// No ID and no phone goes into a search: they name no procedure, and an answer
/// may quote what was searched for.
fn without_long_numbers(text: &str) -> String {
    let is_long = |word: &&str| word.chars().filter(char::is_ascii_digit).count() >= LONG_NUMBER;
    if !text.split_whitespace().any(|word| is_long(&word)) {
        return text.to_owned();
    }
    text.split_whitespace().filter(|word| !is_long(word)).collect::<Vec<_>>().join(" ")
}

fn ask(kind: QuestionKind, choices: impl IntoIterator<Item = Action>) -> Interpretation {
    Interpretation::Ask(Arc::new(Asked { kind, choices: choices.into_iter().collect() }))
}

fn show(hit: &Match, focus: Focus) -> Action {
    Action::show(hit.procedure.code.clone(), focus)
}

/// A level was named that has no such procedure: say so, and offer what there is.
fn none_at(level: &Level, focus: Focus, matches: &[Match]) -> Interpretation {
    let best = matches.first().map_or(0.0, |best| best.fit);
    let near = matches.iter().filter(|hit| hit.fit >= best * LEVEL_SHARE).take(MOST_CHOICES);
    ask(QuestionKind::NoneAtLevel(level.clone()), near.map(|hit| show(hit, focus)))
}

/// Bare words that mean different things (`thue dat`) are always asked back,
/// even where the catalogue has procedures of one meaning only, or neither.
fn ask_meaning(found: &Search, question: &Question) -> Interpretation {
    let best = found.matches.first();
    let mut choices: Vec<&Match> = best.map(|best| meanings(&found.matches, best)).unwrap_or_default();
    let least = best.map_or(0.0, |best| best.score * OTHER_MEANING);
    for hit in found.matches.iter().filter(|hit| hit.score >= least) {
        if choices.len() < MOST_CHOICES && !choices.iter().any(|other| hit.is_twin_of(other)) {
            choices.push(hit);
        }
    }
    ask(QuestionKind::WhichProcedure, choices.into_iter().map(|hit| show(hit, question.focus)))
}

/// The procedures that are meant equally well: several that fit fully with the
/// same score, or one for each meaning of a word that was left without marks.
/// One or none where there is nothing to ask.
fn meant_equally<'a>(matches: &'a [Match], question: &Question) -> Vec<&'a Match> {
    let Some(best) = matches.first() else { return Vec::new() };
    if !question.homographs.is_empty() {
        let meanings = meanings(matches, best);
        if meanings.len() > 1 {
            return meanings;
        }
    }
    let mut near: Vec<&Match> = Vec::new();
    for hit in matches.iter().filter(|hit| hit.score >= best.score * NEAR && hit.fit >= EQUAL_FIT) {
        if near.len() <= MOST_CHOICES && !near.iter().any(|other| hit.is_twin_of(other)) {
            near.push(hit);
        }
    }
    if near.len() > MOST_CHOICES { Vec::new() } else { near }
}

/// The best hit of each meaning: those whose titles hold all the words, but one
/// of them in another exact form (*thuê đất*, *thuế đất*).
fn meanings<'a>(matches: &'a [Match], best: &'a Match) -> Vec<&'a Match> {
    let mut seen: Vec<&[CompactString]> = Vec::new();
    let mut meanings = Vec::new();
    let whole = |hit: &&Match| hit.score >= best.score * OTHER_MEANING && hit.covered >= 0.95 && !hit.forms.is_empty();
    for hit in matches.iter().take(20).filter(whole) {
        if meanings.len() < MOST_CHOICES && !seen.contains(&hit.forms.as_slice()) {
            seen.push(&hit.forms);
            meanings.push(hit);
        }
    }
    meanings
}
