//! What is written down of what was not understood, as stories.

use async_trait::async_trait;
use parking_lot::Mutex;

use super::stand_ins::{World, world_with};
use super::*;
use crate::desk::{ConversationId, Question, QuestionKind};
use crate::ports::{Heard, Interpreter, Miss, MissKind, Misses, NewMiss, StoreError, Understood};

#[derive(Default)]
struct Notebook(Mutex<Vec<NewMiss>>);

#[async_trait]
impl Misses for Notebook {
    fn record_miss(&self, miss: NewMiss) {
        self.0.lock().push(miss);
    }

    async fn newest_misses(&self, _: &[MissKind], _: usize, _: jiff::Timestamp) -> Result<Vec<Miss>, StoreError> {
        Ok(Vec::new())
    }

    async fn forget_misses(&self, _: &[i64]) -> Result<u64, StoreError> {
        Ok(0)
    }
}

/// Understands nothing, asks back, or knows a number is missing.
struct Deaf;

impl Interpreter for Deaf {
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        let ask = |kind| Interpretation::Ask(Arc::new(Question { kind, choices: Vec::new() }));
        match heard.text {
            "which" => ask(QuestionKind::WhichProcedure),
            "number" => ask(QuestionKind::NumberMissing),
            "thanks" => Interpretation::Act(Action::Thank),
            "nothing found" => {
                let query = ProcedureQuery { text: "zzz".into(), limit: 5, ..ProcedureQuery::default() };
                Interpretation::Act(Action::FindProcedures { query, focus: Focus::Overview.into() })
            }
            _ => Interpretation::NotUnderstood,
        }
        .into()
    }
}

fn house() -> (World, Arc<Notebook>) {
    let notebook = Arc::new(Notebook::default());
    let kept = notebook.clone();
    let world = world_with(|parts| {
        parts.interpreter = Arc::new(Deaf);
        parts.misses = Some(kept);
    });
    (world, notebook)
}

fn said(text: &str) -> Request {
    let conversation = Some(ConversationId::new("0123456789abcdef"));
    Request { conversation, ..request(Content::Text(text.into())) }
}

#[tokio::test]
async fn what_was_not_understood_is_written_down_masked_and_short() {
    let (world, notebook) = house();
    let long = format!("con tôi CCCD 079085001234 sđt 0912 345 678 {}", "xin hỏi ".repeat(100));
    world.desk.handle(said(&long)).await;
    let missed = notebook.0.lock().pop().unwrap();
    assert_eq!((missed.kind, missed.channel, missed.locale), (MissKind::NotUnderstood, Channel::Mobile, Locale::VI));
    assert!(missed.text.starts_with("con tôi CCCD •••••••••••• sđt •••• ••• ••• xin hỏi"), "{}", missed.text);
    assert!(missed.text.chars().count() <= 200);
    assert!(!format!("{missed:?}").contains("con tôi"), "not in a log");
    // A figure at the very cut is masked before it is cut.
    let at_the_cut = format!("{}079085001234", "x ".repeat(96));
    world.desk.handle(said(&at_the_cut)).await;
    let missed = notebook.0.lock().pop().unwrap();
    assert!(!missed.text.contains(|sign: char| sign.is_ascii_digit()), "{}", missed.text);
}

#[tokio::test]
async fn each_kind_of_miss_is_told_apart_and_what_is_none_is_left_out() {
    let (world, notebook) = house();
    for text in ["number", "thanks", "which", "nothing found", "again nothing", "\u{200b}"] {
        world.desk.handle(said(text)).await;
    }
    world.desk.handle(request(Content::Action(Action::Help))).await;
    let kinds: Vec<_> = notebook.0.lock().iter().map(|miss| (miss.kind, miss.text.clone())).collect();
    assert_eq!(
        kinds,
        [
            (MissKind::AskedBack, "which".to_owned()),
            (MissKind::NotUnderstood, "nothing found".to_owned()),
            (MissKind::AfterMisunderstandings, "again nothing".to_owned()),
        ]
    );
}

#[tokio::test]
async fn nobody_learns_where_nobody_is_there_to_learn() {
    let world = world_with(|parts| parts.interpreter = Arc::new(Deaf));
    assert_eq!(refusal(&world.desk.handle(said("zxqv")).await), &RefusalKind::NotUnderstood);
}
