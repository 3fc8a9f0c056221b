//! Cases as they stand in files, one JSON object a line.

use std::collections::BTreeSet;

use assistant_nlu::intent::Intent;
use serde::Deserialize;
use serde_json::Value;

/// What ought to happen with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// It is answered.
    #[default]
    Answer,
    /// It is asked back which of several is meant.
    Clarify,
    /// It is turned away kindly.
    OutOfScope,
}

impl Behaviour {
    /// The word for it in files and reports.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Clarify => "clarify",
            Self::OutOfScope => "out_of_scope",
        }
    }

    fn read(text: &str) -> Option<Self> {
        match text {
            "answer" => Some(Self::Answer),
            "clarify" | "ask" => Some(Self::Clarify),
            "out_of_scope" | "oos" | "refuse" => Some(Self::OutOfScope),
            _ => None,
        }
    }
}

/// What is expected of one turn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expectation {
    /// The procedures of which any is right; empty where none is wanted.
    pub codes: Vec<String>,
    /// What ought to happen.
    pub behaviour: Behaviour,
    /// What is asked; empty where the case does not say.
    pub asks: BTreeSet<Intent>,
    /// Labels that nobody here knows.
    pub unknown: Vec<String>,
}

/// A question or a dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What the citizen says, turn by turn; one for a question.
    pub turns: Vec<String>,
    /// What is expected of each turn; `None` where the case does not say.
    pub expected: Vec<Option<Expectation>>,
}

impl Case {
    /// Several turns.
    pub fn is_dialogue(&self) -> bool {
        self.turns.len() > 1
    }
}

/// A line that is no case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct CaseError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

/// Reads a file of cases; empty lines are skipped.
///
/// # Errors
/// The first line that is no case.
pub fn read(text: &str) -> Result<Vec<Case>, CaseError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let problem = |problem: String| CaseError { line: at + 1, problem };
            let value: Value = serde_json::from_str(line).map_err(|wrong| problem(wrong.to_string()))?;
            case(&value).map_err(problem)
        })
        .collect()
}

fn case(value: &Value) -> Result<Case, String> {
    if let Some(turns) = value.get("turns") {
        let turns = turns.as_array().ok_or("turns: a list is wanted")?;
        let turns: Vec<String> = turns.iter().map(turn).collect::<Result<_, _>>()?;
        if turns.is_empty() {
            return Err("turns: none".to_owned());
        }
        let mut expected = match value.get("expect_per_turn").or_else(|| value.get("expect")) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(all)) => all.iter().map(expectation).collect::<Result<_, _>>()?,
            Some(_) => return Err("expect_per_turn: a list is wanted".to_owned()),
        };
        if expected.len() > turns.len() {
            return Err(format!("expect_per_turn: {} for {} turns", expected.len(), turns.len()));
        }
        expected.resize(turns.len(), None);
        return Ok(Case { turns, expected });
    }
    let question = value.get("q").or_else(|| value.get("question")).ok_or("neither q nor turns")?;
    Ok(Case { turns: vec![turn(question)?], expected: vec![expectation(value)?] })
}

/// A turn is a text, or an object that holds one.
fn turn(value: &Value) -> Result<String, String> {
    let text = value.as_str().or_else(|| value.get("q").or_else(|| value.get("text")).and_then(Value::as_str));
    text.map(str::to_owned).ok_or_else(|| "a turn is a text".to_owned())
}

/// An object, a code, a list of codes, or nothing said.
fn expectation(value: &Value) -> Result<Option<Expectation>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(one) => Ok(Some(of_word(one))),
        Value::Array(codes) => {
            let codes = strings(codes)?;
            Ok(Some(Expectation { codes, ..Expectation::default() }))
        }
        Value::Object(fields) => {
            let list = |name: &str| match fields.get(name) {
                None | Some(Value::Null) => Ok(Vec::new()),
                Some(Value::Array(all)) => strings(all),
                Some(Value::String(one)) => Ok(vec![one.clone()]),
                Some(_) => Err(format!("{name}: a list is wanted")),
            };
            let mut expectation = Expectation { codes: list("expect")?, ..Expectation::default() };
            for label in list("asks")? {
                match Intent::from_label(&label) {
                    Some(intent) => {
                        expectation.asks.insert(intent);
                    }
                    None => expectation.unknown.push(label),
                }
            }
            if let Some(behaviour) = fields.get("behaviour").or_else(|| fields.get("behavior")) {
                let text = behaviour.as_str().unwrap_or_default();
                expectation.behaviour = Behaviour::read(text)
                    .ok_or_else(|| format!("behaviour: {text:?} is none of answer, clarify, out_of_scope"))?;
            }
            Ok(Some(expectation))
        }
        _ => Err("an expectation is an object, a code or a list of codes".to_owned()),
    }
}

fn of_word(word: &str) -> Expectation {
    match Behaviour::read(word) {
        Some(behaviour) => Expectation { behaviour, ..Expectation::default() },
        None => Expectation { codes: vec![word.to_owned()], ..Expectation::default() },
    }
}

fn strings(all: &[Value]) -> Result<Vec<String>, String> {
    all.iter()
        .map(|one| one.as_str().map(str::to_owned).ok_or_else(|| "a list of texts is wanted".to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_dialogues_in_every_form() {
        let cases = read(concat!(
            r#"{"q": "khai sinh", "expect": ["1.001193"], "behaviour": "answer", "asks": ["cost", "mood"]}"#,
            "\n\n",
            r#"{"turns": ["a", {"q": "b"}, "c"], "expect_per_turn": ["1.001193", {"behaviour": "clarify"}, null]}"#,
        ))
        .unwrap();
        let [question, dialogue] = cases.as_slice() else { panic!("two") };
        let expected = question.expected[0].as_ref().unwrap();
        assert_eq!(expected.asks, BTreeSet::from([Intent::Fee]));
        assert_eq!(expected.unknown, ["mood"]);
        assert!(dialogue.is_dialogue());
        assert_eq!(dialogue.expected[1].as_ref().unwrap().behaviour, Behaviour::Clarify);
        assert_eq!(dialogue.expected[2], None);
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, line) in [("{", 1), ("{\"q\":\"a\"}\n{\"x\":1}", 2), (r#"{"q":"a","behaviour":"sing"}"#, 1)] {
            assert_eq!(read(text).unwrap_err().line, line, "{text}");
        }
    }
}
