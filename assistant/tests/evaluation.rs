//! The evaluation set is kept apart from what is learnt, the models are fresh,
//! and on the small catalogue the assistant stays as good as it is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of `#[test]` functions")]

mod common;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assistant_nlu::{Models, corpus};
use channel_assistant::evaluation::cases::{self, Behaviour, Case};
use channel_assistant::evaluation::disturb::Writing;
use channel_assistant::evaluation::{Bm25, Scores, Subject, run};
use gateway_catalogue::PlainInterpreter;
use gateway_core::domain::DossierNumberParser;
use gateway_core::ports::Interpreter;
use gateway_core::text::fold_words;
use jiff::civil::date;

use common::HOUSE;

/// Sentences that share so much of their letters in threes are one sentence.
const TOO_NEAR: f64 = 0.8;
/// A turn of a dialogue with fewer words is said by everybody (*bao nhiêu tiền*).
const SHORT_TURN: usize = 5;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("nlu/eval")
}

fn read(split: &str, name: &str) -> Vec<Case> {
    let file = folder().join(split).join(name);
    cases::read(&std::fs::read_to_string(&file).unwrap())
        .unwrap_or_else(|problem| panic!("{}: {problem}", file.display()))
}

fn all(name: &str) -> Vec<Case> {
    ["tuning", "unseen"].into_iter().flat_map(|split| read(split, name)).collect()
}

#[test]
fn the_unseen_set_is_large_and_varied() {
    let (questions, dialogues) = (read("unseen", "questions.jsonl"), read("unseen", "dialogues.jsonl"));
    assert!(questions.len() >= 400, "{}", questions.len());
    assert!(dialogues.len() >= 40, "{}", dialogues.len());
    let of = |behaviour| {
        let holds = |case: &&Case| case.expected[0].as_ref().is_some_and(|expected| expected.behaviour == behaviour);
        questions.iter().filter(holds).count()
    };
    assert!(of(Behaviour::Clarify) >= 20 && of(Behaviour::OutOfScope) >= 50);
    let bare = questions.iter().filter(|case| case.turns[0].is_ascii()).count();
    assert!(bare * 4 >= questions.len(), "a quarter at least without marks: {bare}");
    for case in questions.iter().chain(&dialogues) {
        for expected in case.expected.iter().flatten() {
            assert!(expected.unknown.is_empty(), "{:?}: {:?}", case.turns, expected.unknown);
        }
    }
}

fn threes(text: &str) -> HashSet<[char; 3]> {
    let letters: Vec<char> = std::iter::once('_').chain(fold_words(text).join("_").chars()).chain(['_']).collect();
    letters.windows(3).filter_map(|three| three.first_chunk::<3>().copied()).collect()
}

fn likeness(one: &HashSet<[char; 3]>, other: &HashSet<[char; 3]>) -> f64 {
    let both = one.intersection(other).count();
    let either = one.len() + other.len() - both;
    f64::from(u32::try_from(both).unwrap()) / f64::from(u32::try_from(either.max(1)).unwrap())
}

/// Sentences by their threes, so that only those with some in common are compared.
struct Learnt {
    sentences: Vec<(String, HashSet<[char; 3]>)>,
    having: HashMap<[char; 3], Vec<usize>>,
}

impl Learnt {
    fn of(sentences: impl Iterator<Item = String>) -> Self {
        let sentences: Vec<_> = sentences.map(|text| (text.clone(), threes(&text))).collect();
        let mut having: HashMap<[char; 3], Vec<usize>> = HashMap::new();
        for (at, (_, threes)) in sentences.iter().enumerate() {
            for three in threes {
                having.entry(*three).or_default().push(at);
            }
        }
        Self { sentences, having }
    }

    fn nearest(&self, text: &str) -> Option<(&str, f64)> {
        let own = threes(text);
        let mut common: HashMap<usize, usize> = HashMap::new();
        for at in own.iter().filter_map(|three| self.having.get(three)).flatten() {
            *common.entry(*at).or_default() += 1;
        }
        let near = common.into_iter().filter(|(_, count)| *count * 2 >= own.len());
        near.map(|(at, _)| (self.sentences[at].0.as_str(), likeness(&own, &self.sentences[at].1)))
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
    }
}

#[test]
fn nothing_that_is_asked_in_the_evaluation_was_learnt() {
    let utterances = Learnt::of(corpus::utterances().unwrap().into_iter().map(|utterance| utterance.text));
    let mut too_near = Vec::new();
    for case in all("questions.jsonl").iter().chain(&all("dialogues.jsonl")) {
        for turn in &case.turns {
            if case.is_dialogue() && fold_words(turn).len() < SHORT_TURN {
                continue;
            }
            if let Some((learnt, likeness)) = utterances.nearest(turn).filter(|(_, likeness)| *likeness >= TOO_NEAR) {
                too_near.push(format!("{likeness:.2} {turn} ~ {learnt}"));
            }
        }
    }
    assert!(too_near.is_empty(), "{} too near:\n{}", too_near.len(), too_near.join("\n"));
}

#[test]
fn whole_questions_of_the_search_are_not_those_of_the_evaluation() {
    let lines = gateway_catalogue::question_lines().flat_map(|(_, questions)| questions.map(str::to_owned));
    let asked = Learnt::of(lines);
    for case in all("questions.jsonl") {
        let near = asked.nearest(&case.turns[0]).filter(|(_, likeness)| *likeness >= TOO_NEAR);
        assert!(near.is_none(), "{}: {near:?}", case.turns[0]);
    }
}

#[test]
fn the_models_were_trained_from_these_utterances() {
    let models = Models::compiled_in().unwrap();
    assert!(
        models.are_fresh(&gateway_catalogue::builtin()).unwrap(),
        "utterances or normalising have changed: dakenh assistant train",
    );
}

fn measure(name: &str, interpreter: &dyn Interpreter, cases: &[Case], writing: Writing) -> Scores {
    let subject = Subject { name, interpreter, catalogue: HOUSE.catalogue.as_ref(), today: date(2026, 11, 27) };
    run(&subject, cases, writing)
}

/// In tenths of a percent, some way below what was measured, so that a change
/// for the worse is noticed and a lucky change of one case is not.
#[test]
fn on_the_small_catalogue_it_stays_as_good() {
    let questions = read("unseen", "questions.jsonl");
    let written = measure("assistant", &HOUSE.dialogue, &questions, Writing::AsIs);
    let stripped = measure("assistant", &HOUSE.dialogue, &questions, Writing::Stripped);
    let percent = |share: Option<f64>| share.unwrap();
    assert!(percent(written.hit_1.percent()) >= 85.0, "{:?}", written.hit_1);
    assert!(percent(written.hit_3.percent()) >= 92.0, "{:?}", written.hit_3);
    assert!(percent(stripped.hit_1.percent()) >= percent(written.hit_1.percent()) - 4.0);
    assert!(written.out_of_scope.recall().unwrap() >= 0.85, "{:?}", written.out_of_scope);
    assert!(written.intents.micro().f1().unwrap() >= 0.8);
}

#[test]
fn it_beats_what_knows_nothing_of_how_people_ask() {
    let questions = read("unseen", "questions.jsonl");
    let own = measure("assistant", &HOUSE.dialogue, &questions, Writing::AsIs);
    let bm25 = measure("BM25", &Bm25::over(&HOUSE.catalogue.procedures(), false), &questions, Writing::AsIs);
    let plain = PlainInterpreter::new(DossierNumberParser::default(), Arc::clone(&HOUSE.catalogue));
    let plain = measure("plain", &plain, &questions, Writing::AsIs);
    for other in [&bm25, &plain] {
        assert!(own.hit_1.percent().unwrap() > other.hit_1.percent().unwrap() + 5.0, "{}", other.name);
    }
}

#[test]
fn decomposed_text_is_the_same_text() {
    let questions = read("unseen", "questions.jsonl");
    let written = measure("assistant", &HOUSE.dialogue, &questions, Writing::AsIs);
    let decomposed = measure("assistant", &HOUSE.dialogue, &questions, Writing::Decomposed);
    assert_eq!((written.hit_1, written.hit_3), (decomposed.hit_1, decomposed.hit_3));
}
