//! Scores over many cases.

use std::collections::BTreeSet;
use std::time::Duration;

use assistant_nlu::intent::{Intent, LabelScore, Metrics};

use super::cases::{Behaviour, Expectation};
use super::disturb::Writing;
use super::run::Heard;

/// What was made of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Something was understood at all.
    pub understood: bool,
    /// The procedures that were named, best first.
    pub codes: Vec<String>,
    /// Answered, asked back or turned away.
    pub behaviour: Behaviour,
    /// What was taken to be asked.
    pub asks: BTreeSet<Intent>,
}

/// A share: how many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// So many …
    pub of: u32,
    /// … of so many.
    pub all: u32,
}

impl Share {
    fn add(&mut self, holds: bool) {
        self.all += 1;
        self.of += u32::from(holds);
    }

    /// In percent; `None` of nothing.
    pub fn percent(self) -> Option<f64> {
        (self.all > 0).then(|| 100.0 * f64::from(self.of) / f64::from(self.all))
    }
}

/// One mistake.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// What was expected.
    pub expected: Expectation,
    /// What happened.
    pub heard: Heard,
    /// The turn of a dialogue, from 0.
    pub turn: Option<usize>,
}

/// The scores of one subject over one file in one writing.
#[derive(Debug, Clone)]
pub struct Scores {
    /// Whose they are.
    pub name: String,
    /// How the questions were written.
    pub writing: Writing,
    /// The right procedure stands first, of questions to be answered that want one.
    pub hit_1: Share,
    /// It stands among the first three.
    pub hit_3: Share,
    /// It was answered at once and rightly, without asking back.
    pub at_once: Share,
    /// Intents, label by label, where a case names them.
    pub intents: Metrics,
    /// Asking back: said and right, said and wrong, missed.
    pub clarify: LabelScore,
    /// Turning away: likewise.
    pub out_of_scope: LabelScore,
    /// Good questions that were turned away, or of which nothing was understood.
    pub good_refused: Share,
    /// … of these the ones turned away as out of scope.
    pub good_turned_away: u32,
    /// Turns of dialogues after the first that were right: procedure, behaviour,
    /// and what is asked.
    pub follow_ups: Share,
    /// The same without looking at what is asked.
    pub follow_up_codes: Share,
    /// Cases about procedures that the catalogue does not hold.
    pub not_in_catalogue: u32,
    /// How long each sentence took.
    pub took: Vec<Duration>,
    /// What went wrong.
    pub mistakes: Vec<Mistake>,
}

impl Scores {
    pub(super) fn new(name: &str, writing: Writing) -> Self {
        Self {
            name: name.to_owned(),
            writing,
            hit_1: Share::default(),
            hit_3: Share::default(),
            at_once: Share::default(),
            intents: Metrics::default(),
            clarify: LabelScore::default(),
            out_of_scope: LabelScore::default(),
            good_refused: Share::default(),
            good_turned_away: 0,
            follow_ups: Share::default(),
            follow_up_codes: Share::default(),
            not_in_catalogue: 0,
            took: Vec::new(),
            mistakes: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, expected: &Expectation, heard: Heard, turn: Option<usize>, took: Duration) {
        self.took.push(took);
        let said = &heard.said;
        let place = said.codes.iter().position(|code| expected.codes.contains(code));
        let right_code = match expected.behaviour {
            Behaviour::Answer => expected.codes.is_empty() || place == Some(0),
            // Choices that hold one of those that ought to be offered.
            Behaviour::Clarify => expected.codes.is_empty() || place.is_some(),
            Behaviour::OutOfScope => true,
        };
        if expected.behaviour == Behaviour::Answer && !expected.codes.is_empty() {
            self.hit_1.add(place == Some(0));
            self.hit_3.add(place.is_some_and(|place| place < 3));
            self.at_once.add(place == Some(0) && said.behaviour == Behaviour::Answer);
        }
        count(&mut self.clarify, expected.behaviour == Behaviour::Clarify, said.behaviour == Behaviour::Clarify);
        count(
            &mut self.out_of_scope,
            expected.behaviour == Behaviour::OutOfScope,
            said.behaviour == Behaviour::OutOfScope,
        );
        if expected.behaviour != Behaviour::OutOfScope {
            let turned_away = said.behaviour == Behaviour::OutOfScope;
            self.good_refused.add(turned_away || !said.understood);
            self.good_turned_away += u32::from(turned_away);
        }
        if !expected.asks.is_empty() {
            let wanted: Vec<&str> = expected.asks.iter().map(|intent| intent.label()).collect();
            let said: Vec<&str> = said.asks.iter().map(|intent| intent.label()).collect();
            self.intents.add(&wanted, &said);
        }
        let right_behaviour = expected.behaviour == said.behaviour
            || (expected.behaviour == Behaviour::Clarify && said.behaviour == Behaviour::Answer && right_code);
        let right_asks = expected.asks.is_empty() || expected.asks == said.asks;
        if turn.is_some_and(|turn| turn > 0) {
            self.follow_ups.add(right_code && right_behaviour && right_asks && said.understood);
            self.follow_up_codes.add(right_code && right_behaviour && said.understood);
        }
        if !right_code || expected.behaviour != said.behaviour || !right_asks || !said.understood {
            self.mistakes.push(Mistake { expected: expected.clone(), heard, turn });
        }
    }

    /// The given share of sentences took at most so long.
    pub fn percentile(&self, share: f64) -> Duration {
        let mut all = self.took.clone();
        all.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a list of some hundreds"
        )]
        let place = ((all.len() as f64 * share).ceil() as usize).saturating_sub(1);
        all.get(place).or(all.last()).copied().unwrap_or_default()
    }
}

fn count(score: &mut LabelScore, expected: bool, said: bool) {
    match (expected, said) {
        (true, true) => score.right += 1,
        (true, false) => score.missed += 1,
        (false, true) => score.wrong += 1,
        (false, false) => {}
    }
}
