//! Nobody talks with a robot.

use test_support::{Letter, Smsc, Texting, road};

const PHONE: &str = "84901234567";

#[test]
fn short_codes_and_names_are_never_answered() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    for (robot, ignored) in [("191", 1), ("8088", 2), ("BINHDUONG", 3)] {
        smsc.text(robot, "TRO GIUP");
        texting.ignored(ignored);
        assert!(smsc.texts(robot).is_empty(), "{robot}");
    }
    assert_eq!(texting.metric("sms_ignored_total", "short_code"), 3.0);
    smsc.ask(PHONE, "TRO GIUP");
    assert_eq!(smsc.all_submits().len(), smsc.submits(PHONE).len(), "only the citizen was answered");
}

#[test]
fn an_echo_is_not_answered() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&road("vnpt", &smsc, "", ""));
    let answer = smsc.ask(PHONE, &format!("HS {}", texting.sample("status_4").number));
    let mut echo = Letter::of(PHONE, &answer);
    echo.payload = echo.octets.len() > 160;
    assert_eq!(smsc.acknowledged(smsc.deliver(&echo)), 0);
    texting.ignored(1);
    assert_eq!(texting.metric("sms_ignored_total", "echo"), 1.0);
    assert_eq!(smsc.texts(PHONE).len(), 1);
}

#[test]
fn so_many_replies_an_hour_and_no_more() {
    let Some(smsc) = Smsc::node() else { return };
    let texting = Texting::start(&format!("{}[sms.answers]\nreplies_an_hour = 3\n", road("vnpt", &smsc, "", "")));
    for number in 1..=3 {
        smsc.ask(PHONE, &format!("cau hoi khong ai hieu {number}"));
    }
    for number in 4..=6 {
        smsc.text(PHONE, &format!("cau hoi khong ai hieu {number}"));
    }
    // The hour may end within the story, and a new one begins.
    texting.settled();
    let answered = smsc.texts(PHONE).len();
    assert!(answered < 6, "a robot gets no more: {answered}");
    smsc.ask("84907777777", "TRO GIUP");
}
