//! Targets of the assistant: conversations, model files, evaluation cases.

use std::sync::{Arc, LazyLock};

use assistant_nlu::intent::LinearModel;
use assistant_nlu::{Models, Understander};
use channel_assistant::Dialogue;
use channel_assistant::evaluation::cases;
use gateway_catalogue::ProcedureCatalogue;
use gateway_core::desk::{Action, Conversation, Reply};
use gateway_core::domain::{DossierNumberParser, Locale};
use gateway_core::ports::{Heard, Interpretation, Interpreter as _};
use jiff::civil::date;

/// Lines as the turns of one conversation: never more than five choices, a number
/// that is acted on was really said, and nothing private is searched for.
pub fn conversation(data: &[u8]) {
    static DIALOGUE: LazyLock<Option<Dialogue>> = LazyLock::new(|| {
        let (numbers, catalogue) = (DossierNumberParser::default(), Arc::new(ProcedureCatalogue::builtin()));
        let understander = Understander::new(numbers.clone(), catalogue, Models::compiled_in().ok()?);
        Some(Dialogue::new(Arc::new(understander), numbers))
    });
    let Some(dialogue) = DIALOGUE.as_ref() else { return };
    let mut talk = Conversation::default();
    let mut digits = 0;
    for text in String::from_utf8_lossy(data).lines().take(8) {
        digits += text.chars().filter(|letter| letter.is_numeric()).count();
        let before = Some(&talk).filter(|before| before.turns > 0);
        let heard = Heard { text, locale: Locale::VI, today: date(2026, 11, 27), before };
        let understood = dialogue.interpret(&heard);
        talk.turns += 1;
        match understood.meaning {
            Interpretation::Ask(question) => {
                assert!(question.choices.len() <= 5, "{}", question.choices.len());
                talk.hears(&Reply::Question(question));
            }
            Interpretation::Act(Action::TrackDossier { .. } | Action::DiscloseDossier { .. }) => {
                assert!(digits > 0, "a number that nobody said");
            }
            Interpretation::Act(_) | Interpretation::NotUnderstood => {}
        }
    }
}

/// A model file: it is read whole or refused, and what was read is written back.
pub fn intent_model(data: &[u8]) {
    if let Ok(model) = LinearModel::from_bytes(data) {
        let again = LinearModel::from_bytes(&model.to_bytes());
        assert!(again.is_ok_and(|again| again.features() == model.features()));
    }
}

/// A file of evaluation cases: each turn has its place for an expectation.
pub fn evaluation_case(data: &[u8]) {
    for case in cases::read(&String::from_utf8_lossy(data)).unwrap_or_default() {
        assert_eq!(case.turns.len(), case.expected.len());
    }
}
