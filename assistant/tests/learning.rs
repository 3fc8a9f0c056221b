//! What officers teach, heard by the dialogue and sat by the exam, on the small
//! catalogue.

#![expect(clippy::unwrap_used, reason = "helpers of tests, outside of `#[test]` functions")]

use std::sync::{Arc, LazyLock};

use assistant_nlu::{Models, Understander};
use channel_assistant::Dialogue;
use channel_assistant::learning::{Exam, Learned};
use gateway_catalogue::ProcedureCatalogue;
use gateway_core::desk::{Action, Conversation, Topic};
use gateway_core::domain::{DossierNumberParser, Locale, OfficerId, ProcedureCode};
use gateway_core::ports::{
    Heard, Interpretation, Interpreter as _, Lesson, NewProposal, Proposal, ProposalId, ProposalState, Taught,
    TaughtAct,
};
use jiff::civil::date;

static UNDERSTANDER: LazyLock<Arc<Understander>> = LazyLock::new(|| {
    let catalogue = Arc::new(ProcedureCatalogue::builtin());
    Arc::new(Understander::new(DossierNumberParser::default(), catalogue, Models::compiled_in().unwrap()))
});

const PHRASE: &str = "zxqv brlqux";

fn alias(code: &str) -> Lesson {
    Lesson::Alias(ProcedureCode::parse(code).unwrap())
}

fn taught(lessons: &[(&str, Lesson)]) -> Taught {
    let lessons =
        (1_i64..).zip(lessons).map(|(id, (text, lesson))| (ProposalId(id), (*text).to_owned(), lesson.clone()));
    Taught { version: 1, lessons: lessons.collect() }
}

fn says(learned: &Arc<Learned>, text: &str, before: Option<&Conversation>) -> String {
    let dialogue =
        Dialogue::new(Arc::clone(&UNDERSTANDER), DossierNumberParser::default()).with_learned(Arc::clone(learned));
    let heard = Heard { text, locale: Locale::VI, today: date(2026, 11, 27), before };
    match dialogue.interpret(&heard).meaning {
        Interpretation::Act(Action::ShowProcedure { code, focus, .. }) => format!("{code} {}", focus.key()),
        Interpretation::Act(Action::TurnAway { topic }) => format!("away {}", topic.key()),
        Interpretation::Act(action) => action.key().to_owned(),
        Interpretation::Ask(_) => "asks".to_owned(),
        Interpretation::NotUnderstood => "nothing".to_owned(),
    }
}

#[test]
fn an_alias_leads_to_its_procedure_with_what_is_asked_of_it() {
    let learned = Arc::new(Learned::default());
    assert_eq!(says(&learned, PHRASE, None), "nothing");
    learned.take(&taught(&[(PHRASE, alias("1.001193"))]));
    for (text, expected) in [
        (PHRASE, "1.001193 overview"),
        ("ZXQV   brlqux?", "1.001193 overview"),
        ("zxqv brlqux lệ phí bao nhiêu", "1.001193 fee"),
        ("cho tôi hỏi zxqv brlqux cần giấy tờ gì", "1.001193 papers"),
    ] {
        assert_eq!(says(&learned, text, None), expected, "{text}");
    }
    let before = Conversation { turns: 3, ..Conversation::default() };
    assert_eq!(says(&learned, PHRASE, Some(&before)), "1.001193 overview", "in the midst of a conversation too");
    learned.take(&Taught { version: 2, lessons: Vec::new() });
    assert_eq!(says(&learned, PHRASE, None), "nothing", "undone");
}

#[test]
fn danger_numbers_and_codes_go_before_whatever_was_taught() {
    let danger = "cứu tôi với nhà đang cháy";
    let number = "hồ sơ 000.00.17.H09-260916-0012 tới đâu";
    let learned = Arc::new(Learned::of(&taught(&[
        (danger, alias("1.001193")),
        (number, alias("1.001193")),
        ("mã 1.000894 kết hôn", alias("1.001193")),
        ("zxqv", Lesson::Utterance(TaughtAct::OpeningHours)),
        ("brlqux", alias("9.999999")),
    ])));
    assert_eq!(says(&learned, danger, None), format!("away {}", Topic::Emergency.key()));
    assert_eq!(says(&learned, number, None), "track_dossier");
    assert!(says(&learned, "mã 1.000894 kết hôn", None).starts_with("1.000894"));
    assert_eq!(says(&learned, "zxqv", None), "opening_hours");
    assert_eq!(says(&learned, "brlqux", None), "nothing", "the catalogue holds it no more");
}

fn proposal(text: &str, lesson: Lesson) -> Proposal {
    let new = NewProposal { lesson, text: text.to_owned(), by: OfficerId(1), at: jiff::Timestamp::UNIX_EPOCH };
    let id = ProposalId(9);
    Proposal { id, new, state: ProposalState::Checking, decided: None, undone: None, verdict: None }
}

#[test]
fn the_exam_passes_what_harms_nobody_and_fails_what_does() {
    let exam = Exam::compiled_in(Arc::clone(&UNDERSTANDER), DossierNumberParser::default(), 50).unwrap();
    let today = date(2026, 11, 27);
    let nothing = Taught::default();
    let good = exam.verdict(&nothing, &proposal(PHRASE, alias("1.001193")), today);
    assert!(good.passed && good.changed == 0 && good.before == good.after, "{good:?}");
    assert!(
        good.before.hit_1 > 8_000 && good.before.out_of_scope > 8_000 && good.before.follow_ups > 5_000,
        "{good:?}"
    );
    // Every second question would be about sea-going ships.
    let greedy = exam.verdict(&nothing, &proposal("đăng ký", alias("1.000894")), today);
    assert!(!greedy.passed && greedy.changed > 10, "{greedy:?}");
    assert!(greedy.after.hit_1 + 50 < greedy.before.hit_1, "{greedy:?}");
    assert_eq!(greedy.before, good.before);
}
