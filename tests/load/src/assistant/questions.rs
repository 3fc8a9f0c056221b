//! What the assistant is asked, and what it is asked of.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use assistant_nlu::{Models, Understander};
use channel_assistant::Dialogue;
use channel_assistant::evaluation::cases;
use channel_assistant::evaluation::disturb::Writing;
use gateway_catalogue::ProcedureCatalogue;
use gateway_core::domain::{DossierNumberParser, Procedure};
use gateway_core::text::nfc;

/// Stories as people tell them before they come to their question.
const STORIES: &str = include_str!("stories.txt");
/// Characters of a text that the gateway reads.
const LONGEST: usize = 2_000;

/// How a question is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    AsWritten,
    WithoutMarks,
    Story,
}

impl Form {
    pub(super) const ALL: [Self; 3] = [Self::AsWritten, Self::WithoutMarks, Self::Story];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AsWritten => "as written",
            Self::WithoutMarks => "without diacritics",
            Self::Story => "at the end of a long story",
        }
    }

    /// The questions so written, as the Desk hands them on (NFC).
    pub(super) fn of(self, questions: &[String]) -> Vec<String> {
        let stories: Vec<&str> = STORIES.split("\n\n").map(str::trim).collect();
        let told = |(place, question): (usize, &String)| match self {
            Self::AsWritten => nfc(question).into_owned(),
            Self::WithoutMarks => nfc(&Writing::Stripped.of(question)).into_owned(),
            Self::Story => {
                let story = stories.get(place % stories.len().max(1)).copied().unwrap_or_default();
                nfc(&format!("{story} {question}")).chars().take(LONGEST).collect()
            }
        };
        questions.iter().enumerate().map(told).collect()
    }
}

/// The questions of a file of cases, dialogues left out.
pub(super) fn questions(file: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("--questions {}", file.display()))?;
    let cases = cases::read(&text).with_context(|| file.display().to_string())?;
    let asked: Vec<String> =
        cases.into_iter().filter(|case| !case.is_dialogue()).filter_map(|case| case.turns.into_iter().next()).collect();
    ensure!(!asked.is_empty(), "{}: no question", file.display());
    Ok(asked)
}

/// The procedures as the gateway reads them; the small catalogue without a file.
pub(super) fn procedures(file: Option<&Path>) -> anyhow::Result<Vec<Procedure>> {
    let Some(file) = file else { return Ok(gateway_catalogue::builtin()) };
    let loaded = gateway_catalogue::read_jsonl_lenient(file).with_context(|| file.display().to_string())?;
    Ok(gateway_catalogue::with_builtin_knowledge(loaded.procedures))
}

/// The index over them.
pub(super) fn index(procedures: Vec<Procedure>) -> Arc<ProcedureCatalogue> {
    Arc::new(ProcedureCatalogue::new(procedures, &HashMap::new()))
}

/// The assistant as the gateway puts it together.
pub(super) fn dialogue(catalogue: Arc<ProcedureCatalogue>) -> anyhow::Result<Dialogue> {
    let numbers = DossierNumberParser::default();
    let models = Models::compiled_in().context("models of intents")?;
    Ok(Dialogue::new(Arc::new(Understander::new(numbers.clone(), catalogue, models)), numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_has_its_story_and_is_read_to_its_end() {
        let asked: Vec<String> = (0..20).map(|place| format!("làm giấy khai sinh cần gì {place}")).collect();
        let stories = Form::Story.of(&asked);
        assert_eq!(stories.len(), asked.len());
        for (story, question) in stories.iter().zip(&asked) {
            let length = story.chars().count();
            assert!((600..LONGEST).contains(&length), "{length}");
            assert!(story.ends_with(question.as_str()), "{story}");
        }
        assert_eq!(Form::WithoutMarks.of(&asked)[3], "lam giay khai sinh can gi 3");
    }
}
