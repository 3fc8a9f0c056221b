use std::sync::Arc;

use jiff::civil::Date;

use crate::desk::{Action, Question};
use crate::domain::Locale;

/// Turns free text into an action, or into a question back. Called only for
/// senders that were admitted; text is NFC and at most 2,000 characters.
pub trait Interpreter: Send + Sync {
    /// What the text means. `today` is the day in Asia/Ho_Chi_Minh.
    fn interpret(&self, text: &str, locale: Locale, today: Date) -> Interpretation;
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
