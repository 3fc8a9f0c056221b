//! A dossier: asked for, proved, and gone with the citizen.

use super::*;

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

#[test]
fn nothing_personal_is_in_what_is_logged() {
    let story = disclosed();
    let logged = format!("{:?} {:?} {:?}", story.terminal, story.terminal.look_up(), story.commands);
    for secret in ["1234", "0012", "N***"] {
        assert!(!logged.contains(secret), "{logged}");
    }
}
