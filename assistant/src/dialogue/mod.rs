//! The conversation: what a sentence means after what was said before it.

mod cues;
mod person;

use std::sync::Arc;

use assistant_nlu::intent::Intent;
use assistant_nlu::slots::choice::choice_in;
use assistant_nlu::understanding::act_of;
use assistant_nlu::{Understander, Understanding};
use gateway_core::desk::{Action, Conversation, Focuses, QuestionKind, Subject};
use gateway_core::domain::{DossierNumberParser, ProcedureCode};
use gateway_core::ports::{Heard, Interpretation, Interpreter, Understood};

use cues::Cues;

/// A part of a procedure is asked for in a follow-up where it is so likely.
const PART: f32 = 0.4;
/// … and where it stands in so many words, from so little on.
const PART_IN_WORDS: f32 = 0.04;
/// A sentence's own matter is surely a new one from such a score on …
const NEW_MATTER: f32 = 1.5;
/// … and below this it names none.
const WEAK_MATTER: f32 = 1.1;
/// What was offered before needs this share of the best score to be meant.
const NEARLY: f32 = 0.85;
/// A wish that needs no procedure is surely one where it is so likely.
const SURELY_AN_ACT: f32 = 0.6;
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
}

impl Dialogue {
    /// A dialogue over that understanding.
    pub const fn new(understander: Arc<Understander>, numbers: DossierNumberParser) -> Self {
        Self { understander, numbers }
    }

    /// What a sentence says by itself.
    pub fn understander(&self) -> &Understander {
        &self.understander
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
                self.understander.meaning(&self.understander.understand(&whole, heard.today))
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
        if intent == Intent::Subscribe && p >= PART {
            let whole = format!("báo cho tôi khi hồ sơ {number} thay đổi");
            return Some(self.understander.meaning(&self.understander.understand(&whole, heard.today)));
        }
        None
    }

    /// *cái cho người trên 14 tuổi ấy*, after several were offered.
    fn chosen_in_words(&self, said: &Understanding, before: &Conversation) -> Option<Interpretation> {
        if before.subject != Subject::Choice || self.is_an_act(said) {
            return None;
        }
        let offered: Vec<ProcedureCode> = offered(before).collect();
        if offered.is_empty() {
            return None;
        }
        let after = self.understander.after(said, &offered, ANSWERING);
        let first = after.first()?;
        // What names none of them, and another matter well, is a new one.
        if !offered.contains(&first.0) && said.best_score() >= NEW_MATTER {
            return None;
        }
        let parts = said.parts(PART, PART_IN_WORDS);
        let focus = if parts.is_overview() { before.focus() } else { parts };
        (first.1 > 0.0).then(|| Interpretation::Act(Action::show(first.0.clone(), focus)))
    }

    /// A part of the procedure that was spoken of, a variant of it, or another
    /// matter near to it.
    fn goes_on(&self, said: &Understanding, before: &Conversation, cues: Cues) -> Option<Interpretation> {
        let procedure = before.procedure()?;
        let parts = said.parts(PART, PART_IN_WORDS);
        let best = said.best_score();
        let act_alone = self.understander.is_act_alone(said);
        let case = self.understander.names_a_special_case(said);
        // In the midst of it something that is no business of ours.
        if said.out_of_scope() >= 0.5 && !act_alone && !case {
            return None;
        }
        // A part in so many words, and nothing else.
        if !said.matter && !said.parts_in_words.is_overview() && !act_alone {
            let focus = if parts.is_overview() { said.parts_in_words } else { parts };
            return Some(Interpretation::Act(Action::show(procedure, focus)));
        }
        // A circumstance of what was spoken of sounds like anything, by itself.
        if self.is_an_act(said) {
            return None;
        }
        if !(said.matter || act_alone || case && parts.is_overview()) {
            return (!parts.is_overview()).then(|| Interpretation::Act(Action::show(procedure, parts)));
        }
        if cues.points_back && !parts.is_overview() && best < NEW_MATTER {
            return Some(Interpretation::Act(Action::show(procedure, parts)));
        }
        let pull = if parts.is_overview() || cues.corrects || cues.carries_on { 1.0 } else { ASKING_ON };
        let after = self.understander.after(said, std::slice::from_ref(&procedure), pull);
        let (code, score) = after.first()?;
        // A sentence with a matter of its own goes its own way.
        let own = said.ranked.first().is_some_and(|own| own.procedure.code == *code);
        if own && best >= NEW_MATTER || *score < WEAK_MATTER {
            return (own && !parts.is_overview() && *score < WEAK_MATTER)
                .then(|| Interpretation::Act(Action::show(procedure, parts)));
        }
        let carried = cues.carries_on || (case && !act_alone);
        let focus = if parts.is_overview() && carried { before.focus() } else { parts };
        Some(Interpretation::Act(Action::show(code.clone(), focus)))
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
            Intent::OutOfScope => {
                let hangs_on = self.understander.names_a_special_case(said) || self.understander.is_act_alone(said);
                p >= SURELY_ANOTHER && !hangs_on
            }
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
        let wish = person::wish(heard.text, said.slots.phones().next()).filter(|_| !said.is_danger());
        let meaning = match (wish, heard.before) {
            (Some(wish), _) => Interpretation::Act(wish),
            (None, None) => self.understander.meaning(&said),
            (None, Some(before)) => self.after(heard, &said, before),
        };
        Understood { meaning, locale: said.answer_in(heard.locale) }
    }
}
