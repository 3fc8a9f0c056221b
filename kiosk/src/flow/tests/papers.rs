//! Procedures: found, read, chosen by case and printed.

use super::*;

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

#[test]
fn a_citizen_chooses_a_case_and_prints_its_own_checklist() {
    let mut story = opened(&["", "a", "b", "c", "d", "e"]);
    assert!(story.terminal.procedures().has_cases());
    assert_eq!(printed_case(&mut story).1, None, "all of them before one is chosen");
    assert!(matches!(story.terminal.carried(), Some(Page::Procedure { case: None, .. })));
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
    assert!(
        matches!(story.terminal.carried(), Some(Page::Procedure { case: Some(5), .. })),
        "a phone goes on with the case that a checklist has"
    );
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
fn a_field_is_browsed_to_its_end_and_the_way_back_is_the_way_there() {
    use procedures::{Act as On, Stage};
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
