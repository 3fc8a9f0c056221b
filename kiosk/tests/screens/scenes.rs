//! Every screen that a citizen can come to, reached as a citizen reaches it.

use std::borrow::Cow;

use kiosk::flow::ports::{Answer, ContinuationNow, NotPrinted, PrintOutcome, Scan};
use kiosk::flow::queue::{Priority, QueueLine, Taken, Taking};
use kiosk::flow::service::PrinterState;
use kiosk::flow::{Act, Event, Place, Settings, Signs, Trouble, ask, look_up, procedures, queue, rate, service};
use mobile_api_types::{AskAnswer, DossierAnswer, ProcedureHit, ProceduresAnswer};
use serde_json::json;

use crate::procedure::birth;
use crate::rig::Rig;

/// A screen's name and the way to it.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) way: fn(&mut Rig),
}

/// All of them.
pub(crate) const SCENES: &[Scene] = &[
    Scene { name: "home", way: |_| {} },
    Scene { name: "home-closed", way: home_closed },
    Scene { name: "home-unreachable", way: unreachable_undated },
    Scene { name: "look-up", way: |rig| go(rig, Place::LookUp) },
    Scene { name: "look-up-typed", way: look_up_typed },
    Scene { name: "look-up-waiting", way: look_up_waiting },
    Scene { name: "look-up-result", way: look_up_result },
    Scene { name: "look-up-overdue", way: look_up_overdue },
    Scene { name: "look-up-proof", way: look_up_proof },
    Scene { name: "look-up-owner", way: look_up_owner },
    Scene { name: "look-up-not-found", way: |rig| fails(rig, Trouble::NotFound) },
    Scene { name: "look-up-unreachable", way: |rig| fails(rig, Trouble::Unreachable) },
    Scene { name: "look-up-not-disclosed", way: look_up_not_disclosed },
    Scene { name: "look-up-elsewhere", way: look_up_elsewhere },
    Scene { name: "procedures", way: |rig| go(rig, Place::Procedures) },
    Scene { name: "procedures-search", way: procedures_search },
    Scene { name: "procedures-letters", way: procedures_letters },
    Scene { name: "procedures-fields", way: procedures_fields },
    Scene { name: "procedures-results", way: procedures_results },
    Scene { name: "procedures-results-offline", way: procedures_results_offline },
    Scene { name: "procedure-papers", way: procedure },
    Scene { name: "procedure-offline", way: procedure_offline },
    Scene { name: "procedure-cases", way: procedure_cases },
    Scene { name: "procedure-case-printing", way: procedure_case_printing },
    Scene { name: "procedure-case-printed", way: |rig| procedure_case_printed(rig, Ok(())) },
    Scene { name: "procedure-no-paper", way: |rig| procedure_case_printed(rig, Err(NotPrinted::PaperOut)) },
    Scene { name: "procedure-too-long", way: |rig| procedure_case_printed(rig, Err(NotPrinted::TooLong)) },
    Scene { name: "procedure-cost", way: procedure_cost },
    Scene { name: "procedure-steps", way: procedure_steps },
    Scene { name: "ticket-services", way: ticket_services },
    Scene { name: "ticket-services-own", way: ticket_services_own },
    Scene { name: "ticket-priority", way: ticket_priority },
    Scene { name: "ticket-taken", way: |rig| ticket_taken(rig, Ok(())) },
    Scene { name: "ticket-not-printed", way: |rig| ticket_taken(rig, Err(NotPrinted::PaperOut)) },
    Scene { name: "ticket-printer-busy", way: |rig| ticket_taken(rig, Err(NotPrinted::Busy)) },
    Scene { name: "rate", way: |rig| go(rig, Place::Rate) },
    Scene { name: "rate-ticket", way: rate_ticket },
    Scene { name: "rate-reasons", way: rate_reasons },
    Scene { name: "rate-thanks", way: rate_thanks },
    Scene { name: "ask", way: |rig| go(rig, Place::Ask) },
    Scene { name: "ask-answer", way: ask_answer },
    Scene { name: "call", way: |rig| go(rig, Place::Call) },
    Scene { name: "call-queued", way: call_queued },
    Scene { name: "phone", way: phone },
    Scene { name: "phone-match", way: phone_match },
    Scene { name: "phone-wrong", way: phone_wrong },
    Scene { name: "phone-open", way: phone_open },
    Scene { name: "phone-over", way: phone_over },
    Scene { name: "idle-warning", way: idle_warning },
    Scene { name: "unknown-scan", way: unknown_scan },
    Scene { name: "service-pin", way: service_pin },
    Scene { name: "service-menu", way: service_menu },
    Scene { name: "service-no-proof", way: service_no_proof },
];

/// The way to a screen.
pub(crate) fn way_to(name: &str) -> fn(&mut Rig) {
    SCENES.iter().find(|scene| scene.name == name).unwrap().way
}

pub(crate) const NUMBER: &str = "000.00.17.H09-260901-0012";

/// A dossier as the wire says it.
pub(crate) fn dossier(change: impl FnOnce(&mut serde_json::Value)) -> Answer {
    let mut body = json!({
        "number": NUMBER,
        "dossier": {
            "procedure": {"code": "1.001193", "name": "Đăng ký khai sinh"},
            "agency": "UBND phường Thủ Dầu Một",
            "contact": "0274 3822 222",
            "status": {"code": "4", "key": "in_progress", "label": "Đang xử lý"},
            "next_step": {"key": "wait_for_result", "label": "Ông/bà chờ kết quả, không phải làm gì thêm."},
            "lateness": {"key": "due", "due_on": "2026-11-30", "working_days": 3},
            "as_of": "2026-11-27T01:29:00Z",
            "stale": false,
            "more_with_proof": true,
        },
        "answer_code": "7K3F",
    });
    change(&mut body);
    let answer: DossierAnswer<'static> = serde_json::from_value(body).unwrap();
    Answer::Dossier(Box::new(answer))
}

/// The owner's part.
pub(crate) fn owned() -> Answer {
    dossier(|body| {
        let dossier = &mut body["dossier"];
        dossier["status"] = json!({"code": "5", "key": "papers_requested", "label": "Yêu cầu bổ sung giấy tờ"});
        dossier["reason"] = json!({"key": "papers_missing", "label": "Hồ sơ còn thiếu giấy tờ"});
        dossier["next_step"] =
            json!({"key": "hand_in_papers", "label": "Ông/bà nộp thêm giấy tờ tại bộ phận một cửa."});
        dossier["lateness"] = json!({"key": "clock_stands"});
        dossier["more_with_proof"] = json!(false);
        dossier["owner"] = json!({
            "masked_name": "N***** V** A",
            "reason": "Tờ khai chưa có chữ ký của người yêu cầu; giấy chứng sinh bị mờ số.",
            "fees": [{"name": "Lệ phí bản sao trích lục", "amount": 8000}],
            "missing_papers": [{"what": "Tờ khai đăng ký khai sinh có chữ ký", "asked_on": "2026-11-20"}],
        });
    })
}

fn go(rig: &mut Rig, place: Place) {
    rig.does(Event::Go(place));
}

fn unknown_scan(rig: &mut Rig) {
    rig.does(Event::Scanned(Scan::Unknown));
}

fn home_closed(rig: &mut Rig) {
    rig.does(Event::Connected(false));
    let settings = rig.terminal.borrow().settings().clone();
    let notices = vec!["Sáng thứ Bảy 28/11 trung tâm nghỉ bảo trì hệ thống.".to_owned()];
    let vietnamese = Signs { notices, ..settings.vietnamese.clone() };
    rig.does(Event::Settings(Box::new(Settings { open_now: false, vietnamese, ..settings })));
}

/// The gateway is gone, and no catalogue was ever on the disk.
fn unreachable_undated(rig: &mut Rig) {
    rig.does(Event::Connected(false));
    let settings = rig.terminal.borrow().settings().clone();
    rig.does(Event::Settings(Box::new(Settings { catalogue_date: String::new(), ..settings })));
}

fn procedures_results_offline(rig: &mut Rig) {
    procedures_results(rig);
    unreachable_undated(rig);
}

fn procedure_offline(rig: &mut Rig) {
    procedure(rig);
    rig.does(Event::Connected(false));
}

fn look_up_typed(rig: &mut Rig) {
    rig.does(Event::Go(Place::LookUp));
    for letter in NUMBER.chars() {
        rig.key(letter);
    }
}

fn look_up_waiting(rig: &mut Rig) {
    look_up_typed(rig);
    rig.does(Event::Enter);
}

fn look_up_result(rig: &mut Rig) {
    look_up_waiting(rig);
    rig.hears(Ok(dossier(|_| {})));
}

fn look_up_overdue(rig: &mut Rig) {
    look_up_waiting(rig);
    rig.hears(Ok(dossier(|body| {
        body["dossier"]["lateness"] = json!({"key": "overdue", "due_on": "2026-11-20", "working_days": 5});
        body["dossier"]["procedure"]["name"] =
            json!("Cấp giấy phép xây dựng mới đối với công trình cấp đặc biệt, cấp I, cấp II và nhà ở riêng lẻ");
        body["dossier"]["stale"] = json!(true);
    })));
}

fn look_up_proof(rig: &mut Rig) {
    look_up_result(rig);
    rig.does(Event::Act(Act::LookUp(look_up::Act::Prove)));
    rig.key('1').key('2');
}

fn look_up_owner(rig: &mut Rig) {
    look_up_proof(rig);
    rig.key('3').key('4').does(Event::Enter).hears(Ok(owned()));
}

fn look_up_not_disclosed(rig: &mut Rig) {
    look_up_proof(rig);
    rig.key('3').key('4').does(Event::Enter).hears(Err(Trouble::NotDisclosed));
}

fn look_up_elsewhere(rig: &mut Rig) {
    look_up_waiting(rig);
    rig.hears(Ok(dossier(|body| {
        body["dossier"] = json!(null);
        body["elsewhere"] =
            json!({"authority": "Ủy ban nhân dân Thành phố Hồ Chí Minh", "ask_at": "dichvucong.hochiminhcity.gov.vn"});
    })));
}

fn fails(rig: &mut Rig, trouble: Trouble) {
    look_up_waiting(rig);
    rig.hears(Err(trouble));
}

fn procedures_search(rig: &mut Rig) {
    rig.does(Event::Go(Place::Procedures)).does(Event::Act(Act::Procedures(procedures::Act::OpenSearch)));
    for letter in "khai sinh".chars() {
        rig.key(letter);
    }
}

fn procedures_letters(rig: &mut Rig) {
    rig.does(Event::Go(Place::Procedures)).does(Event::Act(Act::Procedures(procedures::Act::OpenFields)));
}

fn procedures_fields(rig: &mut Rig) {
    procedures_letters(rig);
    let letter = rig.terminal.borrow().procedures().fields().letters().iter().position(|letter| *letter == 'Q');
    rig.does(Event::Act(Act::Procedures(procedures::Act::Letter(letter.unwrap()))));
}

fn procedures_results(rig: &mut Rig) {
    procedures_search(rig);
    let hit = |code: &'static str, name: &'static str, english: &'static str| ProcedureHit {
        code: Cow::Borrowed(code),
        name: name.into(),
        short_name: name.into(),
        english_name: Some(english.into()),
        field: "Hộ tịch".into(),
        levels: Vec::new(),
    };
    rig.does(Event::Enter).hears(Ok(Answer::Procedures(ProceduresAnswer {
        procedures: vec![
            hit("1.001193", "Đăng ký khai sinh", "Register a birth"),
            hit("1.004884", "Đăng ký lại khai sinh", "Register a birth again"),
            hit("2.000528", "Đăng ký khai sinh có yếu tố nước ngoài", "Birth with a foreign element"),
            hit("1.004772", "Khai sinh cho người có giấy tờ cá nhân", "Birth by personal papers"),
        ],
        total: 9,
        next_cursor: Some("c".into()),
        clear: true,
        notices: Vec::new(),
        answer_code: "7K3F".into(),
    })));
}

/// The longest cases of the national data have hundreds of letters.
const LONG_CASE: &str = "Trường hợp người đi đăng ký khai sinh là người đang cư trú ở nước ngoài, có cha hoặc mẹ là công \
    dân Việt Nam còn người kia là người nước ngoài, hoặc cả hai là công dân Việt Nam định cư ở nước ngoài";

fn procedure(rig: &mut Rig) {
    procedures_results(rig);
    let answer = birth([
        json!({"case": LONG_CASE, "items": [{"name": "Văn bản của cơ quan có thẩm quyền", "copies": 1}]}),
        json!({"case": "Trường hợp ủy quyền", "items": [
            {"name": "Văn bản ủy quyền được chứng thực", "originals": 1, "copies": 1},
            {"name": "Xuất trình giấy tờ tùy thân của người đi đăng ký", "is_note": true},
        ]}),
    ]);
    rig.does(Event::Act(Act::Procedures(procedures::Act::Open(0)))).hears(Ok(Answer::Procedure(Box::new(answer))));
}

fn procedure_cases(rig: &mut Rig) {
    procedure(rig);
    rig.does(Event::Act(Act::Procedures(procedures::Act::OpenCases)));
}

fn procedure_case_printing(rig: &mut Rig) {
    procedure_cases(rig);
    rig.does(Event::Act(Act::Procedures(procedures::Act::ChooseCase(2))));
    rig.does(Event::Act(Act::Procedures(procedures::Act::Print)));
}

fn procedure_case_printed(rig: &mut Rig, outcome: PrintOutcome) {
    procedure_case_printing(rig);
    printed(rig, outcome);
}

/// What was sent to the printer last has ended.
fn printed(rig: &mut Rig, outcome: PrintOutcome) {
    let sent = rig.commands.iter().find_map(|command| match command {
        kiosk::flow::ports::Command::Print { id, .. } => Some(*id),
        _ => None,
    });
    rig.does(Event::Printed(sent.unwrap(), outcome));
}

fn procedure_cost(rig: &mut Rig) {
    procedure(rig);
    rig.does(Event::Act(Act::Procedures(procedures::Act::Show(procedures::Section::Cost))));
}

fn procedure_steps(rig: &mut Rig) {
    procedure(rig);
    rig.does(Event::Act(Act::Procedures(procedures::Act::Show(procedures::Section::Steps))));
}

pub(crate) fn queue_lines() -> Answer {
    let line = |service: &str, name: &str, waiting, minutes, taking, again_at: Option<&str>| QueueLine {
        service: service.to_owned(),
        name: name.to_owned(),
        waiting: Some(waiting),
        minutes,
        taking,
        again_at: again_at.map(str::to_owned),
    };
    Answer::Queue(vec![
        line("ho-tich", "Hộ tịch – Chứng thực", 4, Some(20), Taking::Yes, None),
        line("dat-dai", "Đất đai – Môi trường", 11, Some(55), Taking::Yes, None),
        line("kinh-doanh", "Đăng ký kinh doanh", 0, None, Taking::Lunch, Some("13:30")),
        line("cong-an", "Căn cước – Cư trú", 2, None, Taking::Yes, None),
    ])
}

pub(crate) fn taken() -> Taken {
    Taken {
        number: "A012".into(),
        service: "Hộ tịch – Chứng thực".into(),
        priority: Priority::Elderly,
        ahead: Some(4),
        minutes: Some(20),
        at: Some("2026-11-27T08:31:00+07:00".parse().unwrap()),
        code: "https://dakenh.binhduong.gov.vn/q/7h2k9d".into(),
        says: String::new(),
    }
}

fn ticket_services(rig: &mut Rig) {
    rig.does(Event::Go(Place::Ticket)).hears(Ok(queue_lines()));
}

/// Without the gateway nobody knows how many wait.
fn ticket_services_own(rig: &mut Rig) {
    let Answer::Queue(mut lines) = queue_lines() else { return };
    for line in &mut lines {
        (line.waiting, line.minutes, line.taking, line.again_at) = (None, None, Taking::Yes, None);
    }
    rig.does(Event::Go(Place::Ticket)).hears(Ok(Answer::Queue(lines)));
}

fn ticket_priority(rig: &mut Rig) {
    ticket_services(rig);
    rig.does(Event::Act(Act::Queue(queue::Act::Choose(0))));
}

fn ticket_taken(rig: &mut Rig, outcome: PrintOutcome) {
    ticket_priority(rig);
    rig.does(Event::Act(Act::Queue(queue::Act::Take(Priority::Elderly)))).hears(Ok(Answer::Ticket(taken())));
    printed(rig, outcome);
}

fn rate_ticket(rig: &mut Rig) {
    rig.does(Event::Go(Place::Rate)).does(Event::Scanned(Scan::Ticket("0123456789ab".to_owned())));
}

fn rate_reasons(rig: &mut Rig) {
    rig.does(Event::Go(Place::Rate)).does(Event::Act(Act::Rate(rate::Act::Score(2))));
    rig.does(Event::Act(Act::Rate(rate::Act::Toggle(2))));
}

fn rate_thanks(rig: &mut Rig) {
    rate_reasons(rig);
    rig.does(Event::Act(Act::Rate(rate::Act::Send))).hears(Ok(Answer::Rated));
}

fn ask_answer(rig: &mut Rig) {
    rig.does(Event::Go(Place::Ask));
    for letter in "khai sinh can gi".chars() {
        rig.key(letter);
    }
    let answer: AskAnswer<'static> = serde_json::from_value(json!({
        "conversation_id": "0123456789abcdef",
        "text": "Đăng ký khai sinh (1.001193) cần: tờ khai theo mẫu, giấy chứng sinh. Làm trong ngày. Đăng ký đúng hạn không mất lệ phí.",
        "choices": [
            {"label": "Lệ phí", "ask": "lệ phí khai sinh"},
            {"label": "Nộp ở đâu", "ask": "nộp khai sinh ở đâu"},
            {"label": "Nói chuyện với cán bộ", "ask": "gặp cán bộ"},
        ],
        "answer_code": "7K3F",
    }))
    .unwrap();
    rig.does(Event::Act(Act::Ask(ask::Act::Submit))).hears(Ok(Answer::Said(Box::new(answer))));
}

fn call_queued(rig: &mut Rig) {
    rig.does(Event::Go(Place::Call)).does(Event::Act(Act::Call("help")));
    rig.hears(Ok(Answer::Called { call: "c1".into(), position: Some(2) }));
}

fn phone(rig: &mut Rig) {
    rig.does(Event::Go(Place::Phone)).hears(Ok(Answer::Continuation {
        id: "k1".into(),
        url: "https://dakenh.binhduong.gov.vn/k/4f9d2c7b1a".into(),
        until: "08:41".into(),
    }));
}

fn phone_match(rig: &mut Rig) {
    phone(rig);
    rig.waits(2).hears(Ok(Answer::ContinuationNow(ContinuationNow::Scanned)));
    rig.key('4').key('3');
}

fn phone_answers(rig: &mut Rig, answer: Answer) {
    phone_match(rig);
    rig.key('2').key('1').does(Event::Enter).hears(Ok(answer));
}

fn phone_wrong(rig: &mut Rig) {
    phone_answers(rig, Answer::Confirmed(false));
}

fn phone_open(rig: &mut Rig) {
    phone_answers(rig, Answer::Confirmed(true));
}

fn phone_over(rig: &mut Rig) {
    phone_answers(rig, Answer::ContinuationNow(ContinuationNow::Over));
}

fn idle_warning(rig: &mut Rig) {
    look_up_result(rig);
    rig.waits(48);
}

fn service_pin(rig: &mut Rig) {
    for _ in 0..5 {
        rig.does(Event::EmblemTouched);
    }
}

fn service_no_proof(rig: &mut Rig) {
    service_menu(rig);
    rig.does(Event::Printer(PrinterState::CoverOpen));
    rig.does(Event::Act(Act::Service(service::Act::PrintProof)));
    printed(rig, Err(NotPrinted::CoverOpen));
}

fn service_menu(rig: &mut Rig) {
    service_pin(rig);
    for digit in "1234".chars() {
        rig.key(digit);
    }
    rig.does(Event::Enter);
}
