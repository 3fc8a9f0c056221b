//! Numbers.

use super::*;

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
