//! A question in free words.

use mobile_api_types::AskAnswer;
use zeroize::Zeroizing;

use super::Trouble;
use super::field::{Composer, Field, Key};
use super::outbox::Outbox;
use super::ports::{Answer, AskId, Outcome, Question};

/// Longer than anybody types on a screen.
const MOST_OF_A_QUESTION: usize = 120;

/// What the citizen sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// It is typed.
    #[default]
    Entry,
    /// It is asked.
    Waiting,
    /// The answer.
    Answer,
    /// No answer.
    Trouble,
}

/// What the citizen touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The question is complete.
    Submit,
    /// One of the answer's choices.
    Choose(usize),
    /// Another question.
    Another,
}

/// The flow.
#[derive(Debug)]
pub struct Ask {
    stage: Stage,
    text: Field,
    answer: Option<Box<AskAnswer<'static>>>,
    trouble: Trouble,
    pending: Option<AskId>,
    last: Zeroizing<String>,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            stage: Stage::Entry,
            text: Field::of(MOST_OF_A_QUESTION),
            answer: None,
            trouble: Trouble::Refused,
            pending: None,
            last: Zeroizing::default(),
        }
    }
}

impl Ask {
    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        self.text.text()
    }

    /// The answer.
    pub fn answer(&self) -> Option<&AskAnswer<'static>> {
        self.answer.as_deref()
    }

    /// Why there is none.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// Whether words of the citizen's are held.
    pub fn is_personal(&self) -> bool {
        !self.text.is_empty() || !self.last.is_empty()
    }

    /// The citizen touched something.
    pub fn act(&mut self, act: Act, out: &mut Outbox<'_>) {
        match (act, self.stage) {
            (Act::Submit, Stage::Entry) if !self.text.is_empty() => {
                let text = self.text.text().clone();
                self.ask(text, out);
            }
            (Act::Choose(index), Stage::Answer) => {
                let chosen = self.answer.as_ref().and_then(|answer| answer.choices.get(index));
                if let Some(text) = chosen.map(|choice| Zeroizing::new(choice.ask.clone().into_owned())) {
                    self.ask(text, out);
                }
            }
            (Act::Another, Stage::Answer | Stage::Trouble) => {
                if self.stage == Stage::Answer {
                    self.text.clear();
                }
                self.stage = Stage::Entry;
            }
            _ => {}
        }
    }

    /// One step back; `false` where that is home.
    pub fn back(&mut self) -> bool {
        self.pending = None;
        let was = std::mem::replace(&mut self.stage, Stage::Entry);
        was != Stage::Entry
    }

    /// A key was pressed; `false` where nothing is typed now.
    pub fn key(&mut self, key: Key, composer: &mut dyn Composer) -> bool {
        if self.stage != Stage::Entry {
            return false;
        }
        self.text.press(key, composer);
        true
    }

    /// The language has changed: the answer is asked for anew.
    pub fn language_changed(&mut self, out: &mut Outbox<'_>) {
        if self.stage == Stage::Answer {
            let text = self.last.clone();
            self.ask(text, out);
        }
    }

    /// An answer; `false` where it is not ours.
    pub fn answered(&mut self, id: AskId, outcome: &Outcome) -> bool {
        if self.pending != Some(id) {
            return false;
        }
        self.pending = None;
        match outcome {
            Ok(Answer::Said(answer)) => {
                self.answer = Some(answer.clone());
                self.stage = Stage::Answer;
            }
            Ok(_) => self.fail(Trouble::Refused),
            Err(trouble) => self.fail(*trouble),
        }
        true
    }

    fn ask(&mut self, text: Zeroizing<String>, out: &mut Outbox<'_>) {
        let conversation = self.answer.as_ref().map(|answer| answer.conversation_id.clone().into_owned());
        self.last.clone_from(&text);
        self.pending = Some(out.ask(Question::Ask { text, conversation }));
        self.stage = Stage::Waiting;
    }

    fn fail(&mut self, trouble: Trouble) {
        self.trouble = trouble;
        self.stage = Stage::Trouble;
    }
}
