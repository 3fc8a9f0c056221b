//! Flows, told as citizens walk them; no window, no network, and the time is
//! what the story says.

mod dossiers;
mod hall;
mod numbers;
mod papers;

use std::borrow::Cow;

use gateway_core::domain::RatingReason;
use mobile_api_types::{
    AskAnswer, DossierAnswer, DossierView, Labelled, LatenessView, OwnerPart, ProcedureHit, ProceduresAnswer,
    StatusView,
};
use zeroize::Zeroizing;

use super::field::ToneKeys;
use super::ports::{Answer, CallNow, ContinuationNow, Job, NotPrinted, Question};
use super::printing::Printing;
use super::queue::{Priority, QueueLine, Taken, Taking};
use super::*;

const PIN_1234: &str = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4";

struct Ones(u8);

impl Randomness for Ones {
    fn key(&mut self) -> [u8; 16] {
        self.0 += 1;
        [self.0; 16]
    }
}

/// A terminal with a clock in whole seconds.
struct Story {
    terminal: Terminal,
    at: u64,
    commands: Vec<Command>,
}

impl Story {
    fn new() -> Self {
        let settings = Settings { service_pin_sha256: Some(PIN_1234.to_owned()), ..Settings::default() };
        let terminal = Terminal::new(settings, Box::new(ToneKeys), Box::new(Ones(0)), Duration::ZERO);
        Self { terminal, at: 0, commands: Vec::new() }
    }

    fn does(&mut self, event: Event) -> &mut Self {
        self.commands = self.terminal.handle(event, Duration::from_secs(self.at));
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.does(Event::Key(Key::Typed(letter)));
        }
        self
    }

    /// Time passes in steps of a second, as in the binary.
    fn waits(&mut self, seconds: u64) -> &mut Self {
        self.commands.clear();
        for _ in 0..seconds {
            self.at += 1;
            self.commands.extend(self.terminal.handle(Event::Tick { speaking: false }, Duration::from_secs(self.at)));
        }
        self
    }

    fn asked(&self) -> (AskId, &Question) {
        let asked = self.commands.iter().find_map(|command| match command {
            Command::Ask { id, question, .. } => Some((*id, question)),
            _ => None,
        });
        asked.unwrap_or_else(|| panic!("nothing was asked: {:?}", self.commands))
    }

    fn hears(&mut self, outcome: Outcome) -> &mut Self {
        let (id, _) = self.asked();
        self.does(Event::Answered(id, outcome))
    }
}

fn dossier(owner: Option<OwnerPart<'static>>) -> Answer {
    let label = |key: &'static str, label: &'static str| Labelled { key: key.into(), label: label.into() };
    Answer::Dossier(Box::new(DossierAnswer {
        number: "000.00.17.H09-260901-0012".into(),
        dossier: Some(DossierView {
            procedure: None,
            procedure_withheld: false,
            agency: None,
            contact: None,
            status: StatusView {
                code: "5".into(),
                key: "papers_requested".into(),
                label: "Cần bổ sung".into(),
                source_text: None,
            },
            reason: None,
            next_step: label("hand_in_papers", "Nộp thêm giấy tờ."),
            lateness: LatenessView { key: "clock_stands".into(), due_on: None, finished_on: None, working_days: None },
            received_at: None,
            due_at: None,
            finished_at: None,
            returned_at: None,
            by_post: false,
            as_of: jiff::Timestamp::UNIX_EPOCH,
            stale: false,
            more_with_proof: owner.is_none(),
            owner,
        }),
        elsewhere: None,
        notices: Vec::new(),
        answer_code: "7K3F".into(),
    }))
}

fn owner() -> OwnerPart<'static> {
    OwnerPart { masked_name: Some("N*** V** A".into()), reason: None, fees: Vec::new(), missing_papers: Vec::new() }
}

/// A citizen who sees where a dossier is.
fn found() -> Story {
    let mut story = Story::new();
    story.does(Event::Go(Place::LookUp)).types("000.00.17.h09-260901-0012").does(Event::Enter);
    assert!(matches!(story.asked().1, Question::LookUp { number } if number.as_str() == "000.00.17.H09-260901-0012"));
    story.hears(Ok(dossier(None)));
    assert_eq!(story.terminal.look_up().stage(), look_up::Stage::Result);
    story
}

/// A citizen who has proved to be the owner and reads.
fn disclosed() -> Story {
    let mut story = found();
    story.does(Event::Act(Act::LookUp(look_up::Act::Prove))).types("1234");
    assert_eq!(story.terminal.look_up().digits(), 4);
    story.does(Event::Act(Act::LookUp(look_up::Act::Submit)));
    assert!(matches!(story.asked().1, Question::Disclose { last_four, .. } if last_four.as_str() == "1234"));
    story.hears(Ok(dossier(Some(owner()))));
    assert!(story.terminal.look_up().owner().is_some());
    story
}

fn line(taking: Taking) -> QueueLine {
    QueueLine {
        service: "ho-tich".into(),
        name: "Hộ tịch".into(),
        waiting: Some(4),
        minutes: Some(20),
        taking,
        again_at: None,
    }
}

fn taken() -> Taken {
    Taken {
        number: "A012".into(),
        service: "Hộ tịch".into(),
        priority: Priority::Elderly,
        ahead: Some(4),
        minutes: Some(20),
        at: Some(jiff::Timestamp::UNIX_EPOCH),
        code: "c0de".into(),
        says: String::new(),
    }
}

fn hit(code: &str) -> ProcedureHit<'static> {
    ProcedureHit {
        code: Cow::Owned(code.to_owned()),
        name: "Đăng ký khai sinh".into(),
        short_name: "Khai sinh".into(),
        english_name: None,
        field: "Hộ tịch".into(),
        levels: Vec::new(),
    }
}

fn procedure(cases: &[&str]) -> Answer {
    let papers: Vec<_> = cases.iter().map(|case| serde_json::json!({"case": case, "items": []})).collect();
    let answer = serde_json::json!({"procedure": {
        "code": "1.001193", "name": "Khai sinh", "short_name": "Khai sinh", "field": "Hộ tịch",
        "source": "Cổng Dịch vụ công quốc gia", "papers": papers,
    }});
    Answer::Procedure(Box::new(serde_json::from_value(answer).unwrap()))
}

/// The list is opened by the first hit of a search.
fn opened(cases: &[&str]) -> Story {
    let mut story = Story::new();
    story.does(Event::Go(Place::Procedures)).does(Event::Act(Act::Procedures(procedures::Act::ByEvent(0))));
    let hit = ProcedureHit {
        code: "1.001193".into(),
        name: "Khai sinh".into(),
        short_name: "Khai sinh".into(),
        english_name: None,
        field: "Hộ tịch".into(),
        levels: Vec::new(),
    };
    story.hears(Ok(Answer::Procedures(ProceduresAnswer {
        procedures: vec![hit],
        total: 1,
        next_cursor: None,
        clear: true,
        notices: Vec::new(),
        answer_code: "".into(),
    })));
    story.does(Event::Act(Act::Procedures(procedures::Act::Open(0)))).hears(Ok(procedure(cases)));
    story
}

fn printed_case(story: &mut Story) -> (AskId, Option<usize>) {
    story.does(Event::Act(Act::Procedures(procedures::Act::Print)));
    match story.commands.first() {
        Some(Command::Print { id, job: Job::Checklist(list), .. }) => (*id, list.case),
        other => panic!("no checklist: {other:?}"),
    }
}
