//! The conversation: what a sentence means after what was said before it.

mod cues;
mod links;
mod person;

use std::sync::Arc;

use assistant_nlu::intent::Intent;
use assistant_nlu::slots::choice::choice_in;
use assistant_nlu::understanding::act_of;
use assistant_nlu::{Understander, Understanding};
use gateway_core::desk::{Action, Conversation, Focuses, QuestionKind, Subject};
use gateway_core::domain::{DossierNumberParser, ProcedureCode};
use gateway_core::ports::{Catalogue as _, Heard, Interpretation, Interpreter, Lesson, Understood};

use crate::learning::Learned;
use cues::Cues;

/// A part of a procedure is asked for in a follow-up where it is so likely.
const PART: f32 = 0.4;
/// … and where it stands in so many words, from so little on.
const PART_IN_WORDS: f32 = 0.04;
/// … and from so much on where a sentence names nothing but an act.
const PART_OF_AN_ACT: f32 = 0.75;
/// Beside another name that was taught a part must be so likely.
const TAUGHT_PART: f32 = 0.5;
/// A sentence's own matter is surely a new one from such a score on …
const NEW_MATTER: f32 = 1.5;
/// … and below this it names none.
const WEAK_MATTER: f32 = 1.1;
/// … which rises to this where it surely asks for a part of something.
const NEW_MATTER_BESIDE_A_PART: f32 = 2.2;
/// With a score like this it is a new one, whatever else the sentence says.
const SURELY_NEW: f32 = 3.2;
/// A score, out of ten at the most.
const DIGITS_OF_A_SCORE: usize = 2;
/// By so much what was spoken of tells two choices apart.
const TELLS_APART: f32 = 0.1;
/// … and so likely the part must be for that.
const SURELY_A_PART: f32 = 0.9;
/// An earlier one is gone back to where it fits better than the last one, by this.
const GOES_BACK: f32 = 0.3;
/// What was offered is chosen where it fits as well as another, by this share.
const CHOSEN: f32 = 0.8;
/// What was offered before needs this share of the best score to be meant.
const NEARLY: f32 = 0.85;
/// A wish that needs no procedure is surely one where it is so likely.
const SURELY_AN_ACT: f32 = 0.6;
/// … unless a part of something is nearly as likely, by this.
const NEARLY_AS_LIKELY: f32 = 0.2;
/// In the midst of a matter out of scope must be so likely.
const SURELY_ANOTHER: f32 = 0.8;
/// How much more what was offered counts where one of it is to be chosen, and what
/// was spoken of where a part of something is asked for.
const ANSWERING: f32 = 1.6;
const ASKING_ON: f32 = 2.0;

/// The interpreter of the whole house: the understanding of one sentence, and
/// the thread of the conversation.
pub struct Dialogue {
    understander: Arc<Understander>,
    numbers: DossierNumberParser,
    learned: Arc<Learned>,
}

impl Dialogue {
    /// A dialogue over that understanding.
    pub fn new(understander: Arc<Understander>, numbers: DossierNumberParser) -> Self {
        Self { understander, numbers, learned: Arc::default() }
    }

    /// The same with what officers teach.
    #[must_use]
    pub fn with_learned(self, learned: Arc<Learned>) -> Self {
        Self { learned, ..self }
    }

    /// What a sentence says by itself.
    pub fn understander(&self) -> &Understander {
        &self.understander
    }

    /// What officers have taught of these words. It goes before the models, and
    /// never before danger, a number or a code.
    fn taught(&self, heard: &Heard<'_>, said: &Understanding) -> Option<Interpretation> {
        let numbered = match &said.dossier {
            None => false,
            // *hồ sơ …* without a number may be anything.
            Some(Interpretation::Ask(question)) => {
                question.kind != QuestionKind::NumberMissing || !question.choices.is_empty()
            }
            Some(_) => true,
        };
        if said.is_danger() || numbered || !said.slots.procedures.is_empty() || said.wished.is_some() {
            return None;
        }
        let found = self.learned.find(said.normal.folded())?;
        Some(Interpretation::Act(match found.lesson {
            Lesson::Utterance(act) => act.action(),
            Lesson::Alias(code) => {
                // A catalogue that was read anew may not hold it any more.
                self.understander.catalogue().procedure(&code)?;
                let parts = if found.rest.is_empty() {
                    said.parts(f32::INFINITY, PART_IN_WORDS)
                } else {
                    self.understander.understand(&found.rest, heard.today).parts(TAUGHT_PART, PART_IN_WORDS)
                };
                Action::show(code, parts)
            }
        }))
    }

    fn after(&self, heard: &Heard<'_>, said: &Understanding, before: &Conversation) -> Interpretation {
        if said.is_danger() {
            return self.understander.meaning(said);
        }
        if let Some(again) = self.again_in_another_language(heard, said, before) {
            return again;
        }
        if let Some(chosen) = self.chosen_by_number(heard, before) {
            return chosen;
        }
        if let Some(dossier) = self.of_the_dossier(heard, said, before) {
            return dossier;
        }
        if said.dossier.is_some() || !said.slots.procedures.is_empty() {
            return self.understander.meaning(said);
        }
        let cues = Cues::of(heard.text);
        if let Some(chosen) = self.chosen_in_words(said, before) {
            return chosen;
        }
        if let Some(earlier) = self.returns(said, before, cues) {
            return earlier;
        }
        if let Some(goes_on) = self.goes_on(said, before, cues) {
            return goes_on;
        }
        self.with_what_was_asked(self.understander.meaning(said), said, before, cues)
    }

    /// *English please*: the last answer once more.
    fn again_in_another_language(
        &self,
        heard: &Heard<'_>,
        said: &Understanding,
        before: &Conversation,
    ) -> Option<Interpretation> {
        said.wished?;
        let action = match before.subject {
            Subject::Dossier => Action::TrackDossier { number: before.dossier(&self.numbers, heard.today)? },
            Subject::Procedure => Action::show(before.procedure()?, before.focus()),
            _ => Action::Greet,
        };
        Some(Interpretation::Act(action))
    }

    /// `2`, *cái thứ hai*, *cái cuối ấy*.
    fn chosen_by_number(&self, heard: &Heard<'_>, before: &Conversation) -> Option<Interpretation> {
        let choice = choice_in(heard.text)?;
        let place = choice.index(before.choices.len())?;
        let action = before.choices.get(place)?.action(&self.numbers, heard.today)?;
        Some(Interpretation::Act(action))
    }

    /// What hangs on the dossier that was spoken of: a proof that comes late, a
    /// wish to be told, *bao giờ xong?*.
    fn of_the_dossier(&self, heard: &Heard<'_>, said: &Understanding, before: &Conversation) -> Option<Interpretation> {
        let number = before.dossier.as_deref().filter(|_| before.subject == Subject::Dossier)?;
        if let Some(Interpretation::Ask(question)) = &said.dossier {
            let number_wanted = question.kind == QuestionKind::NumberMissing && question.choices.is_empty();
            // The rules read the sentence again, with the number in it.
            return number_wanted.then(|| {
                let whole = format!("{} {number}", heard.text);
                let read = |whole: &str| self.understander.meaning(&self.understander.understand(whole, heard.today));
                self.of_the_rating(heard, before, number).unwrap_or_else(|| read(&whole))
            });
        }
        if said.dossier.is_some() || !said.slots.procedures.is_empty() {
            return None;
        }
        let own_matter = said.matter && said.best_score() >= NEW_MATTER;
        let (intent, p) = said.likeliest();
        let of_a_dossier = matches!(intent, Intent::Track | Intent::Time | Intent::Result | Intent::Place);
        if of_a_dossier && p >= PART && !own_matter {
            let number = before.dossier(&self.numbers, heard.today)?;
            return Some(Interpretation::Act(Action::TrackDossier { number }));
        }
        if intent == Intent::Rate {
            // More digits than a score has are a number that was mistyped: it may be another
            // dossier's.
            if heard.text.chars().filter(char::is_ascii_digit).count() > DIGITS_OF_A_SCORE {
                return None;
            }
            // *đánh giá 5 sao*, of the dossier that was spoken of; praise and complaints of
            // another kind are none of its own.
            let whole = format!("{} {number}", heard.text);
            let rated = self.understander.meaning(&self.understander.understand(&whole, heard.today));
            return Some(rated).filter(|rated| matches!(rated, Interpretation::Act(Action::RateDossier { .. })));
        }
        if intent == Intent::Subscribe && p >= PART {
            let whole = format!("báo cho tôi khi hồ sơ {number} thay đổi");
            return Some(self.understander.meaning(&self.understander.understand(&whole, heard.today)));
        }
        None
    }

    /// The proof that a rating waits for; anything else is a matter of its own.
    fn of_the_rating(&self, heard: &Heard<'_>, before: &Conversation, number: &str) -> Option<Interpretation> {
        let score = before.rating?;
        // Read as one message that says it all.
        let score = if score == 0 { String::new() } else { format!("{score} ") };
        let whole = format!("đánh giá {score}{number} {}", heard.text);
        let rated = self.understander.meaning(&self.understander.understand(&whole, heard.today));
        Some(rated).filter(|rated| matches!(rated, Interpretation::Act(Action::RateDossier { proof: Some(_), .. })))
    }

    /// *cái cho người trên 14 tuổi ấy*, after several were offered.
    fn chosen_in_words(&self, said: &Understanding, before: &Conversation) -> Option<Interpretation> {
        if before.subject != Subject::Choice {
            return None;
        }
        let offered: Vec<ProcedureCode> = offered(before).collect();
        // What finds one of them by itself is no business of others.
        let names_one = said.ranked.iter().take(3).any(|hit| offered.contains(&hit.procedure.code));
        let another = self.is_an_act(said) && !(names_one && said.likeliest().0 == Intent::OutOfScope);
        if offered.is_empty() || another {
            return None;
        }
        let after = self.understander.after(said, &offered, ANSWERING);
        let first = after.first()?;
        // One of those that were offered, where it fits nearly as well: that is what
        // was asked.
        let chosen = after.iter().find(|(code, score)| offered.contains(code) && *score >= first.1 * CHOSEN);
        let (code, score) = chosen.unwrap_or(first);
        // What names none of them, and another matter well, is a new one.
        let own = said.ranked.first().is_some_and(|own| own.procedure.code == *code);
        if chosen.is_none() && own && said.best_score() >= NEW_MATTER {
            return None;
        }
        let parts = self.parts(said);
        let focus = if parts.is_overview() { before.focus() } else { parts };
        (*score > 0.0).then(|| Interpretation::Act(Action::show(code.clone(), focus)))
    }

    /// A part of the procedure that was spoken of, a variant of it, or another
    /// matter near to it.
    fn goes_on(&self, said: &Understanding, before: &Conversation, cues: Cues) -> Option<Interpretation> {
        let procedure = before.procedure()?;
        let parts = self.parts(said);
        let best = said.best_score();
        let act_alone = self.understander.is_act_alone(said);
        let named = self.understander.names_a_circumstance(said);
        let alone = said.slots.people.age.is_some() || self.understander.own_words(said) <= 1;
        let circumstance = named && alone && best < SURELY_NEW;
        // A part in so many words, and nothing else, however it sounds.
        if !said.matter && !said.parts_in_words.is_overview() && !act_alone {
            let focus = if parts.is_overview() { said.parts_in_words } else { parts };
            return Some(Interpretation::Act(Action::show(procedure, focus)));
        }
        // A part of whatever was spoken of, under a name that anything has.
        let of_anything = !act_alone && self.understander.is_outcome_alone(said);
        if of_anything && !parts.is_overview() && !said.parts_in_words.is_overview() {
            return Some(Interpretation::Act(Action::show(procedure, parts)));
        }
        // In the midst of it something that is no business of ours.
        if said.out_of_scope() >= 0.5 && !named {
            return None;
        }
        // A circumstance of what was spoken of sounds like anything, by itself.
        if self.is_an_act(said) {
            return None;
        }
        if of_anything && !parts.is_overview() {
            return Some(Interpretation::Act(Action::show(procedure, parts)));
        }
        if !(said.matter || act_alone || circumstance && parts.is_overview()) {
            return (!parts.is_overview()).then(|| Interpretation::Act(Action::show(procedure, parts)));
        }
        let asked_of_it = !parts.is_overview() && !act_alone && !cues.corrects;
        // A detail (*có cần giám định không*) names things that no procedure is called by.
        if asked_of_it
            && (cues.points_back && best < NEW_MATTER_BESIDE_A_PART || best < self.least_for_a_new_matter(said))
        {
            return Some(Interpretation::Act(Action::show(procedure, parts)));
        }
        let pull = if asked_of_it || cues.corrects { ASKING_ON } else { 1.0 };
        let after = self.understander.after(said, std::slice::from_ref(&procedure), pull);
        let (code, score) = after.first()?;
        // A sentence with a matter of its own goes its own way.
        let own = said.ranked.first().is_some_and(|own| own.procedure.code == *code);
        let own_way = (own && best >= NEW_MATTER || best >= SURELY_NEW) && !circumstance;
        if own_way || *score < WEAK_MATTER {
            return (own && !parts.is_overview() && *score < WEAK_MATTER)
                .then(|| Interpretation::Act(Action::show(procedure, parts)));
        }
        let carried =
            if act_alone { cues.carries_on && cues.goes_on } else { cues.carries_on || cues.corrects || circumstance };
        let carried = carried && !cues.asks_what_to_do;
        let focus = if parts.is_overview() && carried { before.focus() } else { parts };
        Some(Interpretation::Act(Action::show(code.clone(), focus)))
    }

    /// *quay lại chuyện kết hôn*, *phí cấp mới lúc nãy*: one of those spoken of before.
    fn returns(&self, said: &Understanding, before: &Conversation, cues: Cues) -> Option<Interpretation> {
        if !cues.returns {
            return None;
        }
        let earlier: Vec<ProcedureCode> =
            before.procedures.iter().filter_map(|code| ProcedureCode::parse(code).ok()).collect();
        let after = self.understander.after(said, &earlier, 0.0);
        let mut spoken_of = after.iter().filter(|(code, _)| earlier.contains(code));
        let (best, score) = spoken_of.next()?;
        // Without a name (*phí lúc nãy*) the last one is meant.
        let last = earlier.first()?;
        let of_last = after.iter().find(|(code, _)| code == last).map_or(0.0, |(_, score)| *score);
        let code = if *score >= of_last + GOES_BACK { best } else { last };
        Some(Interpretation::Act(Action::show(code.clone(), self.parts(said))))
    }

    /// The parts that a sentence asks for. In one that says what happened (*nếu bị mất
    /// thì sao*) the model alone is no witness.
    fn parts(&self, said: &Understanding) -> Focuses {
        let least = if self.understander.is_act_alone(said) { PART_OF_AN_ACT } else { PART };
        said.parts(least, PART_IN_WORDS)
    }

    /// How well a procedure must fit a sentence that asks for a part, to be what it is
    /// about.
    fn least_for_a_new_matter(&self, said: &Understanding) -> f32 {
        let (intent, p) = said.likeliest();
        let detail =
            matches!(intent, Intent::Papers | Intent::Who | Intent::Online | Intent::Fee) && p >= SURELY_A_PART;
        if detail { NEW_MATTER_BESIDE_A_PART } else { 0.0 }
    }

    /// A new matter, asked for as the last one was: *còn khai tử?* after the fee of
    /// another, or the name after *thủ tục nào?*.
    fn with_what_was_asked(
        &self,
        meaning: Interpretation,
        said: &Understanding,
        before: &Conversation,
        cues: Cues,
    ) -> Interpretation {
        let meaning = self.near_what_was_offered(meaning, said, before);
        let meaning = self.told_apart(meaning, said, before, cues);
        let wanted = before.subject == Subject::ProcedureWanted || cues.carries_on || cues.corrects;
        if !wanted || before.focus().is_overview() || !said.parts(PART, PART_IN_WORDS).is_overview() {
            return meaning;
        }
        let focus = before.focus();
        match meaning {
            Interpretation::Act(Action::ShowProcedure { code, also, .. }) => {
                Interpretation::Act(Action::ShowProcedure { code, focus, also })
            }
            Interpretation::Ask(question) if question.kind == QuestionKind::WhichProcedure => {
                let choices = question.choices.iter().map(|choice| with_focus(choice, focus)).collect();
                Interpretation::Ask(Arc::new(gateway_core::desk::Question { kind: question.kind.clone(), choices }))
            }
            other => other,
        }
    }

    /// Of several that would be offered, what was spoken of may tell which is meant:
    /// that itself where a part is asked for, another one where the same is asked of
    /// something else, else the one nearest to it.
    fn told_apart(
        &self,
        meaning: Interpretation,
        said: &Understanding,
        before: &Conversation,
        cues: Cues,
    ) -> Interpretation {
        let Interpretation::Ask(question) = &meaning else { return meaning };
        let spoken_of: Vec<ProcedureCode> = match before.subject {
            Subject::Choice => offered(before).collect(),
            _ => before.procedure().into_iter().collect(),
        };
        if question.kind != QuestionKind::WhichProcedure || spoken_of.is_empty() {
            return meaning;
        }
        let parts = said.parts(PART, PART_IN_WORDS);
        let another = cues.corrects || (cues.carries_on && parts.is_overview());
        let asked: Vec<&Action> = question
            .choices
            .iter()
            .filter(|choice| {
                !(another && matches!(choice, Action::ShowProcedure { code, .. } if spoken_of.first() == Some(code)))
            })
            .collect();
        let after = self.understander.after(said, &spoken_of, ASKING_ON);
        let mut fits = after.iter().filter_map(|(code, score)| {
            let choice = asked
                .iter()
                .find(|choice| matches!(choice, Action::ShowProcedure { code: other, .. } if other == code));
            choice.map(|choice| (*choice, *score))
        });
        match (fits.next(), fits.next()) {
            (Some((choice, score)), next) if next.is_none_or(|(_, next)| score >= next + TELLS_APART) => {
                Interpretation::Act(choice.clone())
            }
            _ => meaning,
        }
    }

    /// Of two that fit about as well, the one that was offered before is meant.
    fn near_what_was_offered(
        &self,
        meaning: Interpretation,
        said: &Understanding,
        before: &Conversation,
    ) -> Interpretation {
        let Interpretation::Act(Action::ShowProcedure { code, focus, .. }) = &meaning else { return meaning };
        let offered: Vec<ProcedureCode> =
            offered(before).filter(|other| Some(other) != before.procedure().as_ref()).collect();
        if offered.contains(code) {
            return meaning;
        }
        let least = said.best_score() * NEARLY;
        let near = said.ranked.iter().take(4).find(|hit| hit.score >= least && offered.contains(&hit.procedure.code));
        match near {
            Some(hit) => Interpretation::Act(Action::show(hit.procedure.code.clone(), *focus)),
            None => meaning,
        }
    }

    /// Something that needs no procedure: never taken for a follow-up.
    fn is_an_act(&self, said: &Understanding) -> bool {
        let (intent, p) = said.likeliest();
        match intent {
            // A circumstance (*cho con gái 8 tuổi*) sounds like anything.
            Intent::OutOfScope => p >= SURELY_ANOTHER && !self.understander.names_a_circumstance(said),
            // Of a procedure that is spoken of, somebody who goes instead is asked for,
            // and no person here; and its fee, not the way to pay it.
            _ if !said.matter && said.parts(p - NEARLY_AS_LIKELY, 1.0) != Focuses::OVERVIEW => false,
            _ => p >= SURELY_AN_ACT && (intent == Intent::Track || act_of(intent).is_some()),
        }
    }
}

fn offered(before: &Conversation) -> impl Iterator<Item = ProcedureCode> {
    before.choices.iter().filter_map(|choice| match choice {
        gateway_core::desk::Choice::Procedure(code, _) => ProcedureCode::parse(code).ok(),
        _ => None,
    })
}

/// By its number, or in a wish about one: what stands beside it is its proof.
fn names_a_dossier(said: &Understanding) -> bool {
    match &said.dossier {
        Some(Interpretation::Act(_)) => true,
        // *Which one?* alone is a guess at what may be meant.
        Some(Interpretation::Ask(question)) => !question.choices.is_empty(),
        Some(Interpretation::NotUnderstood) | None => false,
    }
}

fn with_focus(action: &Action, focus: Focuses) -> Action {
    match action {
        Action::ShowProcedure { code, also, .. } => {
            Action::ShowProcedure { code: code.clone(), focus, also: also.clone() }
        }
        other => other.clone(),
    }
}

impl Interpreter for Dialogue {
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        if heard.text.trim().is_empty() {
            return Interpretation::NotUnderstood.into();
        }
        let said = self.understander.understand(heard.text, heard.today);
        let phone = said.slots.phones().next();
        let wish = person::wish(heard.text, phone)
            .or_else(|| links::wish(heard.text, phone, names_a_dossier(&said), heard.before))
            .filter(|_| !said.is_danger());
        let taught = if wish.is_some() { None } else { self.taught(heard, &said) };
        let meaning = match (wish, taught, heard.before) {
            (Some(wish), ..) => Interpretation::Act(wish),
            (None, Some(taught), _) => taught,
            (None, None, None) => self.understander.meaning(&said),
            (None, None, Some(before)) => self.after(heard, &said, before),
        };
        Understood { meaning, locale: said.answer_in(heard.locale) }
    }
}
