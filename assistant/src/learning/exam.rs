use std::sync::Arc;

use assistant_nlu::Understander;
use gateway_core::domain::DossierNumberParser;
use gateway_core::ports::{
    Catalogue as _, Heard, Interpretation, Interpreter, Proposal, Rates, Taught, Understood, Verdict,
};
use jiff::civil::Date;
use parking_lot::Mutex;

use super::Learned;
use crate::Dialogue;
use crate::evaluation::cases::{self, Case, CaseError};
use crate::evaluation::disturb::Writing;
use crate::evaluation::{Scores, Subject, run};

/// The tuning questions: never those that stay unseen.
static QUESTIONS: &str = include_str!("../../nlu/eval/tuning/questions.jsonl");
static DIALOGUES: &str = include_str!("../../nlu/eval/tuning/dialogues.jsonl");

/// What every lesson sits before it goes live: the tuning questions and
/// dialogues, answered with it and without.
pub struct Exam {
    cases: Vec<Case>,
    understander: Arc<Understander>,
    numbers: DossierNumberParser,
    /// In hundredths of a percent: no rate may fall by more.
    may_cost: u32,
    /// What came of what is in effect, until that or the catalogue changes.
    known: Mutex<Option<(Sitting, Arc<Outcome>)>>,
}

/// What an outcome belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sitting {
    version: i64,
    catalogue: u64,
    today: Date,
}

#[derive(Debug, PartialEq)]
struct Outcome {
    rates: Rates,
    meanings: Vec<Interpretation>,
}

impl Exam {
    /// The questions that are compiled in.
    ///
    /// # Errors
    /// [`CaseError`], where the files are damaged; a test reads them.
    pub fn compiled_in(
        understander: Arc<Understander>,
        numbers: DossierNumberParser,
        may_cost: u32,
    ) -> Result<Self, CaseError> {
        let mut cases = cases::read(QUESTIONS)?;
        cases.extend(cases::read(DIALOGUES)?);
        Ok(Self { cases, understander, numbers, may_cost, known: Mutex::default() })
    }

    /// Whether a proposal may join what is in effect. It takes a second or two
    /// of one core: not for a thread that answers.
    pub fn verdict(&self, taught: &Taught, proposal: &Proposal, today: Date) -> Verdict {
        let sitting = Sitting { version: taught.version, catalogue: self.understander.catalogue().version(), today };
        let known = self.known.lock().as_ref().filter(|(of, _)| *of == sitting).map(|(_, outcome)| Arc::clone(outcome));
        let before = known.unwrap_or_else(|| {
            let outcome = Arc::new(self.sit(taught, today));
            *self.known.lock() = Some((sitting, Arc::clone(&outcome)));
            outcome
        });
        let mut with_it = taught.clone();
        with_it.lessons.push((proposal.id, proposal.new.text.clone(), proposal.new.lesson.clone()));
        let after = self.sit(&with_it, today);
        let changed = before.meanings.iter().zip(&after.meanings).filter(|(before, after)| before != after).count();
        Verdict {
            before: before.rates,
            after: after.rates,
            changed: u32::try_from(changed).unwrap_or(u32::MAX),
            passed: self.passes(before.rates, after.rates),
        }
    }

    fn passes(&self, before: Rates, after: Rates) -> bool {
        [(before.hit_1, after.hit_1), (before.out_of_scope, after.out_of_scope), (before.follow_ups, after.follow_ups)]
            .into_iter()
            .all(|(before, after)| after.saturating_add(self.may_cost) >= before)
    }

    fn sit(&self, taught: &Taught, today: Date) -> Outcome {
        let dialogue = Dialogue::new(Arc::clone(&self.understander), self.numbers.clone())
            .with_learned(Arc::new(Learned::of(taught)));
        let listening = Listening { dialogue, meanings: Mutex::default() };
        let subject =
            Subject { name: "exam", interpreter: &listening, catalogue: self.understander.catalogue(), today };
        let scores = run(&subject, &self.cases, Writing::AsIs);
        Outcome { rates: rates(&scores), meanings: listening.meanings.into_inner() }
    }
}

/// Writes down what was understood.
struct Listening {
    dialogue: Dialogue,
    meanings: Mutex<Vec<Interpretation>>,
}

impl Interpreter for Listening {
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        let understood = self.dialogue.interpret(heard);
        self.meanings.lock().push(understood.meaning.clone());
        understood
    }
}

fn rates(scores: &Scores) -> Rates {
    let share = |of: u64, all: u64| u32::try_from(of * 10_000 / all.max(1)).unwrap_or(10_000);
    let away = scores.out_of_scope;
    Rates {
        hit_1: share(scores.hit_1.of.into(), scores.hit_1.all.into()),
        out_of_scope: share(away.right.into(), u64::from(away.right) + u64::from(away.missed)),
        follow_ups: share(scores.follow_ups.of.into(), scores.follow_ups.all.into()),
    }
}
