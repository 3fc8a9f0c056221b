use std::sync::Arc;

use jiff::civil::Date;

use crate::desk::{Action, Conversation, Question};
use crate::domain::Locale;

/// One message in free words, as it was heard.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// The words: NFC, at most 2,000 characters.
    pub text: &'a str,
    /// The language that the road takes the citizen to speak.
    pub locale: Locale,
    /// The day in Asia/Ho_Chi_Minh.
    pub today: Date,
    /// What was said before; `None` at the beginning, and on roads that keep no
    /// conversation.
    pub before: Option<&'a Conversation>,
}

/// Turns free text into an action, or into a question back. Called only for
/// senders that were admitted. It is quick and never waits.
pub trait Interpreter: Send + Sync {
    /// What the text means.
    fn interpret(&self, heard: &Heard<'_>) -> Understood;
}

/// What was understood of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// What it means.
    pub meaning: Interpretation,
    /// The language to answer in, where it is surely another than the road took
    /// it to be.
    pub locale: Option<Locale>,
}

impl From<Interpretation> for Understood {
    fn from(meaning: Interpretation) -> Self {
        Self { meaning, locale: None }
    }
}

/// What a text means.
#[derive(Debug, Clone, PartialEq)]
pub enum Interpretation {
    /// One action.
    Act(Action),
    /// It must be asked: two readings remain, or a part is missing.
    Ask(Arc<Question>),
    /// Nothing was understood.
    NotUnderstood,
}
