//! Flows, told as citizens walk them; no window, no network, and the time is
//! what the story says.

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

#[test]
fn a_dossier_is_looked_up_proved_and_wiped_with_the_process() {
    let mut story = disclosed();
    story.does(Event::Finish);
    assert_eq!(story.commands, [Command::ForgetAsked, Command::StopSpeech, Command::Restart]);
    assert_eq!(story.terminal.place(), Place::Home);
    assert_eq!(story.terminal.look_up().number(), "");
    assert!(story.terminal.look_up().dossier().is_none());
    assert!(story.terminal.look_up().owner().is_none());
}

#[test]
fn nobody_there_is_warned_then_all_goes_and_a_late_answer_shows_nothing() {
    let mut story = disclosed();
    story.does(Event::Act(Act::LookUp(look_up::Act::Another)));
    story.types("1").does(Event::Enter);
    let (late, _) = story.asked();
    story.waits(44);
    assert_eq!(story.terminal.countdown(), None);
    story.waits(1);
    assert_eq!(story.terminal.countdown(), Some(20));
    assert!(story.commands.contains(&Command::SpeakScreen), "the warning is heard, too");
    story.waits(20);
    assert_eq!(story.terminal.place(), Place::Home);
    assert_eq!(story.terminal.countdown(), None);
    assert!(story.commands.contains(&Command::Restart), "what was shown before counts");
    story.does(Event::Answered(late, Ok(dossier(Some(owner())))));
    assert_eq!(story.terminal.place(), Place::Home);
    assert!(story.terminal.look_up().dossier().is_none());
}

#[test]
fn without_anything_personal_the_process_goes_on() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Procedures)).waits(45 + 20);
    assert_eq!(story.terminal.place(), Place::Home);
    assert_eq!(story.commands, [Command::SpeakScreen, Command::ForgetAsked, Command::StopSpeech]);
}

#[test]
fn one_touch_gives_more_time_and_does_nothing_else() {
    let mut story = Story::new();
    story.does(Event::Go(Place::LookUp)).types("12").waits(50);
    assert_eq!(story.terminal.countdown(), Some(15));
    story.types("3");
    assert_eq!(story.terminal.look_up().number(), "12", "the touch said: I am here");
    assert_eq!(story.terminal.countdown(), None);
    story.types("3").waits(44);
    assert_eq!(story.terminal.look_up().number(), "123");
    assert_eq!(story.terminal.countdown(), None);
}

#[test]
fn whoever_reads_large_text_has_longer_and_the_clock_stands_for_listeners() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Ask)).does(Event::Switch(Switch::Large)).waits(119);
    assert_eq!(story.terminal.countdown(), None);
    story.waits(1);
    assert_eq!(story.terminal.countdown(), Some(20));

    let mut story = Story::new();
    story.does(Event::Go(Place::Ask)).does(Event::Switch(Switch::Speech));
    assert_eq!(story.commands, [Command::SpeakScreen]);
    for _ in 0..300 {
        story.at += 1;
        story.does(Event::Tick { speaking: true });
    }
    assert_eq!(story.terminal.countdown(), None);
}

#[test]
fn the_next_citizen_finds_the_screens_as_they_were() {
    let mut story = Story::new();
    story
        .does(Event::Switch(Switch::Language))
        .does(Event::Switch(Switch::Contrast))
        .does(Event::Switch(Switch::Reach));
    assert_eq!(story.terminal.comfort().locale, Locale::EN);
    story.does(Event::Go(Place::Rate)).does(Event::Home);
    assert_eq!(story.terminal.comfort().locale, Locale::EN, "still the same citizen");
    story.waits(45 + 20);
    assert_eq!(story.terminal.comfort(), Comfort::default());
}

#[test]
fn a_switch_of_language_asks_the_gateway_anew_and_keeps_what_was_proved() {
    let mut story = disclosed();
    story.does(Event::Switch(Switch::Language));
    assert!(
        matches!(&story.commands[0], Command::Ask { question: Question::Disclose { .. }, locale, .. } if *locale == Locale::EN)
    );
    story.hears(Ok(dossier(Some(owner()))));
    assert!(story.terminal.look_up().owner().is_some());
}

#[test]
fn a_failed_proof_shows_nothing_more_and_the_public_view_stays() {
    let mut story = Story::new();
    story
        .does(Event::Scanned(Scan::Dossier(Zeroizing::new("000.00.17.H09-260901-0012".into()))))
        .hears(Ok(dossier(None)));
    story.does(Event::Scanned(Scan::Identity(Zeroizing::new("074085001234".into()))));
    assert!(matches!(story.asked().1, Question::Disclose { last_four, .. } if last_four.as_str() == "1234"));
    story.hears(Err(Trouble::NotDisclosed));
    assert_eq!(story.terminal.look_up().trouble(), Trouble::NotDisclosed);
    assert!(story.terminal.look_up().owner().is_none());
    story.does(Event::Back);
    assert_eq!(story.terminal.look_up().stage(), look_up::Stage::Result);
    assert_eq!(story.terminal.look_up().digits(), 0);
}

#[test]
fn a_card_that_nobody_asked_for_and_a_strange_code_get_a_kind_word() {
    for scan in [Scan::Unknown, Scan::Identity(Zeroizing::new("074085001234".into()))] {
        let mut story = Story::new();
        story.does(Event::Scanned(scan));
        assert!(story.terminal.unknown_scan());
        assert_eq!(story.terminal.place(), Place::Home);
        assert_eq!(story.commands, []);
        story.does(Event::CloseNotice);
        assert!(!story.terminal.unknown_scan());
    }
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

#[test]
fn a_number_is_taken_once_however_often_it_is_sent_and_printed() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Ticket)).hears(Ok(Answer::Queue(vec![line(Taking::Yes), line(Taking::Lunch)])));
    story.does(Event::Act(Act::Queue(queue::Act::Choose(1))));
    assert_eq!(story.terminal.queue().stage(), queue::Stage::Services, "nobody gives numbers at lunch");
    story.does(Event::Act(Act::Queue(queue::Act::Choose(0))));
    story.does(Event::Act(Act::Queue(queue::Act::Take(Priority::Elderly))));
    let first = story.asked().1.clone();
    story.hears(Err(Trouble::Unreachable));
    assert!(!story.terminal.connected());
    story.does(Event::Act(Act::Queue(queue::Act::Again)));
    assert_eq!(*story.asked().1, first, "the same key, the same number");
    story.hears(Ok(Answer::Ticket(taken())));
    assert!(story.terminal.connected());
    let Some(Command::Print { id, job: Job::Ticket(printed), .. }) = story.commands.first().cloned() else { panic!() };
    assert_eq!(printed, taken());
    assert_eq!(story.terminal.queue().printing(), Printing::Running);
    story.does(Event::Printed(id, Err(NotPrinted::PaperOut)));
    assert_eq!(story.terminal.queue().printing(), Printing::Failed(Some(NotPrinted::PaperOut)));
    assert_eq!(story.terminal.queue().taken().map(|taken| taken.number.as_str()), Some("A012"), "it is shown large");
    story.does(Event::Act(Act::Queue(queue::Act::Again)));
    assert!(matches!(story.commands[..], [Command::Print { .. }]));
}

#[test]
fn without_a_printer_the_number_is_shown_and_said_to_be_not_printed() {
    let mut story = Story::new();
    story.does(Event::Printer(PrinterState::None));
    story.does(Event::Go(Place::Ticket)).hears(Ok(Answer::Queue(vec![line(Taking::Yes)])));
    story.does(Event::Act(Act::Queue(queue::Act::Choose(0))));
    story.does(Event::Act(Act::Queue(queue::Act::Take(Priority::None)))).hears(Ok(Answer::Ticket(taken())));
    assert_eq!(story.commands, []);
    assert_eq!(story.terminal.queue().printing(), Printing::Failed(None));
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

#[test]
fn procedures_are_found_turned_and_read() {
    let page = |codes: [&str; 4], cursor: Option<&'static str>| {
        Answer::Procedures(ProceduresAnswer {
            procedures: codes.iter().map(|code| hit(code)).collect(),
            total: 8,
            next_cursor: cursor.map(Cow::Borrowed),
            clear: false,
            notices: Vec::new(),
            answer_code: "".into(),
        })
    };
    let mut story = Story::new();
    story.does(Event::Go(Place::Procedures)).does(Event::Act(Act::Procedures(procedures::Act::OpenSearch)));
    story.types("khai sinh").does(Event::Key(Key::Tone(field::Tone::Acute))).does(Event::Key(Key::Erase)).types("h");
    story.does(Event::Enter);
    assert!(
        matches!(story.asked().1, Question::Procedures { query, field: None, cursor: None } if query == "khai sính")
    );
    story.hears(Ok(page(["1.000001", "1.000002", "1.000003", "1.000004"], Some("next"))));
    assert_eq!(story.terminal.procedures().pages(), (1, 2));
    story.does(Event::Act(Act::Procedures(procedures::Act::Turn(1))));
    assert!(matches!(story.asked().1, Question::Procedures { cursor: Some(cursor), .. } if cursor == "next"));
    story.hears(Ok(page(["1.000005", "1.000006", "1.000007", "1.000008"], None)));
    assert_eq!(story.terminal.procedures().hits()[0].code, "1.000005");
    story.does(Event::Act(Act::Procedures(procedures::Act::Turn(1))));
    assert_eq!(story.terminal.procedures().pages(), (2, 2), "there is no page behind the last one");
    story.does(Event::Act(Act::Procedures(procedures::Act::Turn(-1))));
    assert_eq!(story.terminal.procedures().hits()[0].code, "1.000001");
    story.does(Event::Act(Act::Procedures(procedures::Act::Open(2))));
    assert!(matches!(story.asked().1, Question::Procedure { code } if code == "1.000003"));
    story.does(Event::Back);
    assert_eq!(story.terminal.procedures().stage(), procedures::Stage::Start, "whoever waits may leave");
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

#[test]
fn a_citizen_chooses_a_case_and_prints_its_own_checklist() {
    let mut story = opened(&["", "a", "b", "c", "d", "e"]);
    assert!(story.terminal.procedures().has_cases());
    assert_eq!(printed_case(&mut story).1, None, "all of them before one is chosen");
    story.does(Event::Act(Act::Procedures(procedures::Act::OpenCases)));
    assert_eq!(story.terminal.procedures().stage(), procedures::Stage::Cases);
    assert_eq!((story.terminal.procedures().pages(), story.terminal.procedures().cases().len()), ((1, 2), 4));
    story.does(Event::Act(Act::Procedures(procedures::Act::Turn(1))));
    story.does(Event::Act(Act::Procedures(procedures::Act::Turn(1))));
    assert_eq!((story.terminal.procedures().pages(), story.terminal.procedures().cases().len()), ((2, 2), 2));
    story.does(Event::Act(Act::Procedures(procedures::Act::ChooseCase(2))));
    assert_eq!(story.terminal.procedures().stage(), procedures::Stage::Cases, "there is no third one");
    story.does(Event::Act(Act::Procedures(procedures::Act::ChooseCase(1))));
    assert_eq!(story.terminal.procedures().stage(), procedures::Stage::Procedure);
    assert_eq!(story.terminal.procedures().case(), Some(5));
    // In the other language it is the same case; of a list that has become
    // shorter it is none.
    story.does(Event::Switch(Switch::Language)).hears(Ok(procedure(&["", "a", "b", "c", "d", "e"])));
    assert_eq!(story.terminal.procedures().case(), Some(5));
    story.does(Event::Switch(Switch::Language)).hears(Ok(procedure(&["", "a"])));
    assert_eq!(story.terminal.procedures().case(), None);
    story.does(Event::Act(Act::Procedures(procedures::Act::OpenCases))).does(Event::Back);
    assert_eq!(story.terminal.procedures().stage(), procedures::Stage::Procedure, "back to the procedure");
}

#[test]
fn a_checklist_that_did_not_come_out_is_printed_again() {
    let mut story = opened(&["", "a"]);
    let (first, _) = printed_case(&mut story);
    story.does(Event::Act(Act::Procedures(procedures::Act::Print)));
    assert_eq!(story.commands, [], "one at a time");
    story.does(Event::Printed(first, Err(NotPrinted::Busy)));
    assert_eq!(story.terminal.procedures().printing(), Printing::Failed(Some(NotPrinted::Busy)));
    let (second, _) = printed_case(&mut story);
    story.does(Event::Printed(first, Ok(())));
    assert_eq!(story.terminal.procedures().printing(), Printing::Running, "the first one's word comes late");
    story.does(Event::Printed(second, Ok(())));
    assert_eq!(story.terminal.procedures().printing(), Printing::Done);
    story.does(Event::Act(Act::Procedures(procedures::Act::OpenCases)));
    story.does(Event::Act(Act::Procedures(procedures::Act::ChooseCase(1))));
    assert_eq!(story.terminal.procedures().printing(), Printing::No, "that was another list");
    assert_eq!(printed_case(&mut story).1, Some(1));
}

#[test]
fn a_procedure_of_one_case_offers_no_choice() {
    let mut story = opened(&["Mọi người"]);
    assert!(!story.terminal.procedures().has_cases());
    story.does(Event::Act(Act::Procedures(procedures::Act::OpenCases)));
    assert_eq!(story.terminal.procedures().stage(), procedures::Stage::Procedure);
}

#[test]
fn a_number_keeps_its_priority_in_another_language() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Ticket)).hears(Ok(Answer::Queue(vec![line(Taking::Yes)])));
    story.does(Event::Act(Act::Queue(queue::Act::Choose(0))));
    story.does(Event::Act(Act::Queue(queue::Act::Take(Priority::Elderly)))).hears(Ok(Answer::Ticket(taken())));
    // The place of a number tells neither.
    let place = Taken { priority: Priority::None, at: None, ahead: Some(3), ..taken() };
    story.does(Event::Switch(Switch::Language)).hears(Ok(Answer::Ticket(place)));
    let shown = story.terminal.queue().taken().unwrap();
    assert_eq!((shown.priority, shown.at, shown.ahead), (Priority::Elderly, taken().at, Some(3)));
}

#[test]
fn a_proof_is_printed_only_from_the_open_menu() {
    const PIN: &str = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4";
    let mut story = Story::new();
    let settings = Settings { service_pin_sha256: Some(PIN.to_owned()), ..Settings::default() };
    story.does(Event::Settings(Box::new(settings)));
    for _ in 0..5 {
        story.does(Event::EmblemTouched);
    }
    let proof = Event::Act(Act::Service(service::Act::PrintProof));
    story.does(proof.clone());
    assert_eq!(story.commands, [], "nobody has said the PIN");
    story.types("1234").does(Event::Enter).does(proof.clone());
    let Some(Command::Print { id, job: Job::Proof, .. }) = story.commands.first().cloned() else { panic!() };
    story.does(proof);
    assert_eq!(story.commands, [], "one at a time");
    story.does(Event::Printed(id, Err(NotPrinted::CoverOpen)));
    assert_eq!(story.terminal.menu().printing(), Printing::Failed(Some(NotPrinted::CoverOpen)));
}

#[test]
fn a_rating_names_its_dossier_and_its_reasons() {
    let mut story = disclosed();
    story.does(Event::Act(Act::RateDossier));
    story.does(Event::Act(Act::Rate(rate::Act::Score(2)))).does(Event::Act(Act::Rate(rate::Act::Toggle(2))));
    story.does(Event::Act(Act::Rate(rate::Act::Send)));
    let (_, question) = story.asked();
    let Question::Rate { score: 2, reasons, of: rate::Rated::Dossier(number), key } = question else {
        panic!("{question:?}")
    };
    let key = *key;
    assert_eq!((reasons.as_slice(), number.as_str()), (&[RatingReason::Waiting][..], "000.00.17.H09-260901-0012"));
    story.hears(Err(Trouble::Unreachable));
    story.does(Event::Act(Act::Rate(rate::Act::Send)));
    assert!(matches!(story.asked().1, Question::Rate { key: again, .. } if *again == key), "sent again it is the same");
    story.hears(Ok(Answer::Rated));
    assert_eq!(story.terminal.rate().stage(), rate::Stage::Thanks);
}

#[test]
fn an_answer_can_be_asked_on_in_the_same_conversation() {
    let answer: AskAnswer<'static> = serde_json::from_value(serde_json::json!({
        "conversation_id": "0123456789abcdef", "text": "Cần giấy chứng sinh.",
        "choices": [{"label": "Lệ phí", "ask": "lệ phí khai sinh"}],
    }))
    .unwrap();
    let mut story = Story::new();
    story.does(Event::Go(Place::Ask)).types("khai sinh").does(Event::Enter);
    assert!(matches!(story.asked().1, Question::Ask { text, conversation: None } if text.as_str() == "khai sinh"));
    story.hears(Ok(Answer::Said(Box::new(answer)))).does(Event::Act(Act::Ask(ask::Act::Choose(0))));
    assert!(
        matches!(story.asked().1, Question::Ask { text, conversation: Some(_) } if text.as_str() == "lệ phí khai sinh")
    );
    story.does(Event::Finish);
    assert!(story.commands.contains(&Command::Restart), "a question may hold anything");
}

#[test]
fn an_officer_is_called_and_comes() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Call)).does(Event::Act(Act::Call("accessibility")));
    assert!(matches!(story.asked().1, Question::Call { reason: "accessibility" }));
    story.hears(Ok(Answer::Called { call: "c1".into(), position: Some(2) }));
    assert_eq!((story.terminal.call().stage(), story.terminal.call().position()), (call::Stage::Queued, 2));
    story.waits(3).hears(Err(Trouble::Unreachable));
    assert_eq!(story.terminal.call().stage(), call::Stage::Queued, "it was heard all the same");
    story.waits(3).hears(Ok(Answer::CallNow(CallNow::Coming)));
    assert_eq!(story.terminal.call().stage(), call::Stage::Coming);
}

#[test]
fn whom_nobody_comes_to_is_told_so_and_may_call_again() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Call)).does(Event::Act(Act::Call("help")));
    story.hears(Ok(Answer::Called { call: "c1".into(), position: None }));
    story.waits(3).hears(Ok(Answer::CallNow(CallNow::Missed)));
    assert_eq!(
        (story.terminal.call().stage(), story.terminal.call().trouble()),
        (call::Stage::Trouble, Trouble::Refused)
    );
    story.does(Event::Act(Act::Call("help")));
    assert!(matches!(story.asked().1, Question::Call { reason: "help" }));
}

#[test]
fn a_phone_goes_on_only_after_the_digits_that_it_shows() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Phone));
    story.hears(Ok(Answer::Continuation { id: "k1".into(), url: "https://x/k/1".into(), until: "08:41".into() }));
    story.types("12");
    assert_eq!(story.terminal.phone().unwrap().digits(), "", "nothing is typed before a phone has scanned");
    story.waits(2).hears(Ok(Answer::ContinuationNow(ContinuationNow::Scanned)));
    story.types("99").does(Event::Enter);
    assert_eq!(story.commands, []);
    story.types("99").does(Event::Enter).hears(Ok(Answer::Confirmed(false)));
    assert_eq!(story.terminal.phone().unwrap().stage(), phone::Stage::Wrong);
    story.types("4321").does(Event::Enter);
    assert!(matches!(story.asked().1, Question::Confirm { digits, .. } if digits == "4321"));
    story.hears(Ok(Answer::Confirmed(true)));
    assert_eq!(story.terminal.phone().unwrap().stage(), phone::Stage::Open);
}

#[test]
fn a_new_code_helps_where_another_phone_was_first_and_where_one_is_over() {
    let mut story = Story::new();
    let made = |id: &str| Answer::Continuation { id: id.into(), url: "https://x/k/1".into(), until: "08:41".into() };
    story.does(Event::Go(Place::Phone)).hears(Ok(made("k1")));
    story.does(Event::Act(Act::PhoneAgain));
    assert_eq!(story.commands, [], "the code on the screen is good");
    story.waits(2).hears(Ok(Answer::ContinuationNow(ContinuationNow::Scanned)));
    story.types("12").does(Event::Act(Act::PhoneAgain));
    assert!(matches!(story.asked().1, Question::Continue { .. }));
    story.hears(Ok(made("k2"))).waits(2);
    assert!(matches!(story.asked().1, Question::ContinuationNow { id } if id == "k2"));
    story.hears(Ok(Answer::ContinuationNow(ContinuationNow::Scanned)));
    assert_eq!(story.terminal.phone().unwrap().digits(), "", "those were for the other code");
    // The last wrong digits: the gateway says that it is over.
    story.types("4321").does(Event::Enter).hears(Ok(Answer::ContinuationNow(ContinuationNow::Over)));
    assert_eq!(story.terminal.phone().unwrap().stage(), phone::Stage::Over);
    story.does(Event::Act(Act::PhoneAgain)).hears(Ok(made("k3")));
    assert_eq!(story.terminal.phone().unwrap().stage(), phone::Stage::Shown);
}

#[test]
fn nothing_of_a_dossier_is_carried_to_a_phone() {
    for mut story in [disclosed(), found()] {
        assert_eq!((story.terminal.place(), story.terminal.carried()), (Place::LookUp, None));
        story.does(Event::Act(Act::ToPhone));
        assert_eq!((story.terminal.place(), story.commands.as_slice()), (Place::LookUp, [].as_slice()));
        // The front page's own code leads to the front page, whatever was shown before.
        story.does(Event::Home).does(Event::Go(Place::Phone));
        assert!(matches!(story.asked().1, Question::Continue { page: Page::Home }));
    }
}

#[test]
fn a_search_goes_to_the_phone_unless_it_may_tell_of_somebody() {
    for (words, carried) in [("khai sinh", true), ("079201009876", false)] {
        let mut story = Story::new();
        story.does(Event::Go(Place::Procedures)).does(Event::Act(Act::Procedures(procedures::Act::OpenSearch)));
        assert_eq!(story.terminal.carried(), None, "nothing is found yet");
        story.types(words).does(Event::Enter);
        let none = ProceduresAnswer {
            procedures: Vec::new(),
            total: 0,
            next_cursor: None,
            clear: false,
            notices: Vec::new(),
            answer_code: "".into(),
        };
        story.hears(Ok(Answer::Procedures(none)));
        assert_eq!(story.terminal.carried().is_some(), carried, "{words}");
        story.does(Event::Act(Act::ToPhone));
        assert_eq!(story.terminal.place(), if carried { Place::Phone } else { Place::Procedures });
        if carried {
            let (_, Question::Continue { page: Page::Procedures(searched) }) = story.asked() else { panic!("asks") };
            assert_eq!(searched.as_str(), words);
            story.does(Event::Back);
            assert_eq!(story.terminal.procedures().stage(), procedures::Stage::Results, "back where it began");
        }
        // Where the operator has no address for phones, nothing is offered.
        let settings = Settings { services: vec![Place::Procedures], ..Settings::default() };
        story.does(Event::Settings(Box::new(settings)));
        assert_eq!(story.terminal.carried(), None);
    }
}

#[test]
fn what_the_operator_does_not_offer_cannot_be_reached() {
    let mut story = Story::new();
    let settings = Settings { services: vec![Place::Procedures], offers_call: false, ..Settings::default() };
    story.does(Event::Settings(Box::new(settings)));
    for place in [Place::LookUp, Place::Ticket, Place::Call, Place::Service] {
        story.does(Event::Go(place));
        assert_eq!(story.terminal.place(), Place::Home);
    }
    story.does(Event::Scanned(Scan::Dossier(Zeroizing::new("1".into()))));
    assert_eq!((story.terminal.place(), story.terminal.unknown_scan()), (Place::Home, true));
}

#[test]
fn the_service_menu_needs_the_gesture_and_the_pin() {
    let mut story = Story::new();
    for _ in 0..5 {
        story.does(Event::EmblemTouched);
    }
    assert_eq!(story.terminal.place(), Place::Service);
    story.does(Event::Act(Act::Service(service::Act::Restart)));
    assert_eq!(story.commands, [], "not before the PIN");
    story.types("0000").does(Event::Enter);
    assert!(story.terminal.menu().wrong());
    story.types("1234").does(Event::Enter);
    assert!(story.terminal.menu().unlocked());
    story.does(Event::Act(Act::Service(service::Act::Restart)));
    assert_eq!(story.commands, [Command::Restart]);
}

#[test]
fn a_screen_that_fails_leads_home_and_is_counted() {
    let mut story = disclosed();
    story.does(Event::ScreenFailed);
    assert_eq!((story.terminal.place(), story.terminal.failed_screens()), (Place::Home, 1));
    assert!(story.commands.contains(&Command::Restart));
}

#[test]
fn nothing_personal_is_in_what_is_logged() {
    let story = disclosed();
    let logged = format!("{:?} {:?} {:?}", story.terminal, story.terminal.look_up(), story.commands);
    for secret in ["1234", "0012", "N***"] {
        assert!(!logged.contains(secret), "{logged}");
    }
}

#[test]
fn a_field_is_browsed_to_its_end_and_the_way_back_is_the_way_there() {
    use super::procedures::{Act as On, Stage};
    let on = |act| Event::Act(Act::Procedures(act));
    let mut story = Story::new();
    let field = |name: &str, procedures| FieldOf { name: name.to_owned(), procedures };
    let fields = [field("Đất đai", 49), field("Hải quan", 192), field("Hộ tịch", 41)].into();
    story.does(Event::Settings(Box::new(Settings { fields, ..story.terminal.settings().clone() })));
    story.does(Event::Go(Place::Procedures)).does(on(On::OpenFields)).does(on(On::Letter(9)));
    assert_eq!(story.terminal.procedures().stage(), Stage::Letters, "there is no such letter");
    story.does(on(On::Letter(1))).does(on(On::Field(5)));
    assert_eq!(story.terminal.procedures().stage(), Stage::Fields, "there is no such field");
    story.does(on(On::Field(0)));
    assert!(
        matches!(story.asked().1, Question::Procedures { query, field: Some(field), cursor: None } if query.is_empty() && field == "Hải quan")
    );
    story.does(Event::Back);
    assert_eq!(story.terminal.procedures().stage(), Stage::Start, "whoever waits may leave");
    story.does(on(On::OpenFields)).does(on(On::Letter(1))).does(on(On::Field(1)));
    let page = |cursor: Option<&str>| {
        Ok(Answer::Procedures(ProceduresAnswer {
            procedures: (0..20).map(|_| hit("1.000001")).collect(),
            total: 192,
            next_cursor: cursor.map(|cursor| cursor.to_owned().into()),
            clear: false,
            notices: Vec::new(),
            answer_code: "".into(),
        }))
    };
    story.hears(page(Some("on")));
    assert_eq!(story.terminal.procedures().pages(), (1, 48), "more than a search would show");
    for _ in 0..5 {
        story.does(on(On::Turn(1)));
    }
    assert!(
        matches!(story.asked().1, Question::Procedures { field: Some(field), cursor: Some(cursor), .. } if cursor == "on" && field == "Hộ tịch")
    );
    story.hears(page(None));
    assert_eq!(story.terminal.procedures().pages().0, 6);
    for stage in [Stage::Fields, Stage::Letters, Stage::Start] {
        story.does(Event::Back);
        assert_eq!(story.terminal.procedures().stage(), stage);
    }
}

#[test]
fn headphones_begin_and_end_the_reading() {
    let mut story = Story::new();
    story.does(Event::Headphones(true));
    assert!(!story.terminal.comfort().speech, "there is no voice");
    story.does(Event::Settings(Box::new(Settings { can_speak: true, ..story.terminal.settings().clone() })));
    story.does(Event::Headphones(false)).does(Event::Headphones(true));
    assert!(story.terminal.comfort().speech && story.terminal.headphones());
    assert!(story.commands.contains(&Command::SpeakScreen));
    story.does(Event::Headphones(false));
    assert!(!story.terminal.comfort().speech && !story.terminal.headphones());
    assert!(story.commands.contains(&Command::StopSpeech));
}

#[test]
fn a_terminal_begins_in_its_first_language_and_has_only_its_own() {
    let mut story = Story::new();
    let settings = story.terminal.settings().clone();
    story.does(Event::Settings(Box::new(Settings { languages: vec![Locale::EN, Locale::VI], ..settings.clone() })));
    assert_eq!(story.terminal.comfort().locale, Locale::EN, "nobody had changed anything");
    story.does(Event::Switch(Switch::Language)).does(Event::Finish);
    assert_eq!(story.terminal.comfort().locale, Locale::EN);
    story.does(Event::Settings(Box::new(Settings { languages: vec![Locale::VI], ..settings })));
    story.does(Event::Switch(Switch::Language));
    assert_eq!(story.terminal.comfort().locale, Locale::VI, "there is no other one");
}

#[test]
fn what_is_scanned_at_the_faces_is_what_is_rated() {
    let mut story = Story::new();
    story.does(Event::Go(Place::Rate)).does(Event::Scanned(Scan::Ticket("0123456789ab".to_owned())));
    assert_eq!((story.terminal.place(), story.terminal.unknown_scan()), (Place::Rate, false));
    story.does(Event::Act(Act::Rate(rate::Act::Score(5)))).does(Event::Act(Act::Rate(rate::Act::Send)));
    let (_, question) = story.asked();
    assert!(matches!(question, Question::Rate { of: rate::Rated::Ticket(code), .. } if code == "0123456789ab"));
    // Once it is sent, a ticket is a ticket again.
    story.does(Event::Scanned(Scan::Ticket("0123456789ab".to_owned())));
    assert_eq!(story.terminal.place(), Place::Ticket);
    story.does(Event::Go(Place::Rate)).does(Event::Scanned(Scan::Identity(Zeroizing::new("0".repeat(12)))));
    assert!(story.terminal.unknown_scan(), "a card says nothing of a visit");
}

#[test]
fn whoever_chose_a_service_has_still_chosen_it_in_the_other_language() {
    let line = |service: &str, name: &str| QueueLine {
        service: service.to_owned(),
        name: name.to_owned(),
        waiting: Some(1),
        minutes: None,
        taking: Taking::Yes,
        again_at: None,
    };
    let mut story = Story::new();
    story.does(Event::Go(Place::Ticket));
    story.hears(Ok(Answer::Queue(vec![line("ho-tich", "Hộ tịch"), line("dat-dai", "Đất đai")])));
    story.does(Event::Act(Act::Queue(queue::Act::Choose(1)))).does(Event::Switch(Switch::Language));
    assert_eq!(story.terminal.queue().stage(), queue::Stage::Priority, "while its names come");
    story.hears(Ok(Answer::Queue(vec![line("dat-dai", "Land"), line("ho-tich", "Civil status")])));
    assert_eq!(story.terminal.queue().stage(), queue::Stage::Priority);
    assert_eq!(story.terminal.queue().chosen().map(|line| line.name.as_str()), Some("Land"));
    // Without an answer it goes on in the names that are known.
    story.does(Event::Switch(Switch::Language)).hears(Err(Trouble::Busy));
    assert_eq!(story.terminal.queue().stage(), queue::Stage::Priority);
    // A service that gives no numbers any more is no choice.
    story.does(Event::Switch(Switch::Language)).hears(Ok(Answer::Queue(vec![line("ho-tich", "Civil status")])));
    assert_eq!(story.terminal.queue().stage(), queue::Stage::Services);
}
