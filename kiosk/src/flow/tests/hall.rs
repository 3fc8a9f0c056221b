//! Ratings, questions, calls, phones, and what the operator and the keypad say.

use super::*;

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
