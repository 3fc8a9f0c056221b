//! From a message to its answer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use gateway_core::desk::{Action, Content, Refusal, RefusalKind, Reply};
use gateway_core::domain::Locale;
use gateway_core::ports::Fate;

use super::world::{CITIZEN, arrived, world};
use crate::config::AnswerConfig;
use crate::road::{Body, Concatenation, Intake as _, NotTaken, Taken};

fn quick() -> AnswerConfig {
    AnswerConfig { worth_minutes: 5, ..AnswerConfig::default() }
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_to_whoever_asked_from_where_they_asked() {
    let world = world(&["viettel"], quick());
    assert_eq!(world.texts(CITIZEN, "TRO GIUP").await, Ok(Taken::New));
    world.settle_down().await;
    let sent = world.road().sent.lock();
    assert_eq!(sent.len(), 2, "the help takes two parts");
    assert!(sent.iter().all(|part| part.to == CITIZEN && part.from == "8283"));
    assert!(sent[0].text.starts_with("Soan: HS"), "{}", sent[0].text);
    assert!(world.mailbox.waiting.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_language_of_the_keyword_is_spoken_with_its_own_words() {
    let world = world(&["viettel"], quick());
    world.texts(CITIZEN, "help").await.unwrap();
    world.settle_down().await;
    assert_eq!(world.desk.asked.lock()[0].locale, Locale::EN);
    let text = world.road().texts().concat();
    assert!(text.contains("STATUS") && text.contains("STOP"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_not_on_disk_was_not_taken() {
    let world = world(&["viettel"], quick());
    world.mailbox.failures.store(1, Ordering::Relaxed);
    assert_eq!(world.texts(CITIZEN, "TRO GIUP").await, Err(NotTaken::Failed));
    world.settle_down().await;
    assert!(world.desk.asked.lock().is_empty());
    assert_eq!(world.texts(CITIZEN, "TRO GIUP").await, Ok(Taken::New), "the peer sends it again");
}

#[tokio::test(start_paused = true)]
async fn the_same_message_within_the_minute_is_taken_and_not_answered() {
    let world = world(&["viettel"], quick());
    assert_eq!(world.texts(CITIZEN, "TRO GIUP").await, Ok(Taken::New));
    assert_eq!(world.texts(CITIZEN, "TRO GIUP").await, Ok(Taken::Replay));
    assert_eq!(world.texts("84987654321", "TRO GIUP").await, Ok(Taken::New), "another citizen's");
    world.settle_down().await;
    assert_eq!(world.desk.asked.lock().len(), 2);
    world.pass(Duration::from_secs(61)).await;
    assert_eq!(world.texts(CITIZEN, "TRO GIUP").await, Ok(Taken::New), "a new question");
}

#[tokio::test(start_paused = true)]
async fn an_id_alone_is_not_the_message() {
    let world = world(&["viettel"], quick());
    let with_id = |id: &str, text: &str| crate::road::Arrived { id: Some(id.into()), ..arrived(CITIZEN, text) };
    assert_eq!(world.door.arrived(with_id("12", "HS 1")).await, Ok(Taken::New));
    assert_eq!(world.door.arrived(with_id("1", "2HS 1")).await, Ok(Taken::New), "signed alike, another message");
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.door.arrived(with_id("12", "HS 1")).await, Ok(Taken::Replay), "ids are known for days");
}

#[tokio::test(start_paused = true)]
async fn robots_and_echoes_are_not_answered() {
    let world = world(&["viettel"], quick());
    for robot in ["8283", "191", "VIETTEL", "BINHDUONG"] {
        assert_eq!(world.texts(robot, "Cam on quy khach").await, Ok(Taken::New));
    }
    world.settle_down().await;
    assert!(world.road().sent.lock().is_empty());
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.settle_down().await;
    let said = world.road().texts().concat();
    world.texts(CITIZEN, &said).await.unwrap();
    world.settle_down().await;
    assert_eq!(world.road().sent.lock().len(), 2, "an answer is never answered");
    assert!(world.mailbox.waiting.lock().is_empty(), "all are settled");
}

#[tokio::test(start_paused = true)]
async fn a_number_gets_so_many_replies_an_hour() {
    let world = world(&["viettel"], AnswerConfig { replies_an_hour: 3, ..quick() });
    for round in 0..6 {
        world.texts(CITIZEN, &format!("khong hieu {round}")).await.unwrap();
        world.settle_down().await;
    }
    assert_eq!(world.desk.asked.lock().len(), 3);
    world.pass(Duration::from_secs(3_600)).await;
    world.texts(CITIZEN, "khong hieu").await.unwrap();
    world.settle_down().await;
    assert_eq!(world.desk.asked.lock().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_silent_portal_is_said_once_and_answered_later_once() {
    let world = world(&["viettel"], quick());
    world.portal_is_down(2);
    world.texts(CITIZEN, "HS 000.00.17.H09-210819-0012").await.unwrap();
    world.settle_down().await;
    assert_eq!(world.road().sent.lock().len(), 1);
    assert!(world.road().texts()[0].to_lowercase().contains("da nhan"), "{:?}", world.road().texts());
    world.pass(Duration::from_secs(31)).await;
    assert_eq!(world.desk.asked.lock().len(), 2);
    assert_eq!(world.road().sent.lock().len(), 1, "it is said once");
    world.will(Err(Refusal::of(RefusalKind::DossierNotFound)));
    world.pass(Duration::from_secs(62)).await;
    assert_eq!(world.road().sent.lock().len(), 2);
    assert!(world.road().texts()[1].contains("Chua tim thay"), "{:?}", world.road().texts());
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(world.road().sent.lock().len(), 2, "and answered once");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_answered_in_time_ends_with_an_apology() {
    let world = world(&["viettel"], quick());
    world.portal_is_down(50);
    world.texts(CITIZEN, "HS 000.00.17.H09-210819-0012").await.unwrap();
    world.pass(Duration::from_secs(3_600)).await;
    let texts = world.road().texts();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[1].contains("Rat tiec"), "{}", texts[1]);
    assert!(world.mailbox.waiting.lock().is_empty());
    assert!(matches!(world.mailbox.fates.lock().last(), Some((_, Fate::Answered))));
}

#[tokio::test(start_paused = true)]
async fn a_long_answer_goes_on_with_tiep_and_then_is_at_its_end() {
    let world = world(&["viettel"], quick());
    let agencies = (0..40)
        .map(|place| {
            std::sync::Arc::new(gateway_core::domain::Agency {
                code: "000.00.17.H09".into(),
                name: format!("Trung tâm Phục vụ hành chính công số {place}"),
                english: None,
                address: None,
                phone: None,
                valid: gateway_core::domain::AgencyPeriod::default(),
                succeeded_by: None,
            })
        })
        .collect();
    world.will(Ok(Reply::Agencies(agencies)));
    world.texts(CITIZEN, "danh sach co quan").await.unwrap();
    world.settle_down().await;
    let first = world.road().texts().concat();
    assert!(first.contains("... Ma 0007. Soan TIEP"), "{first}");
    assert!(!world.mailbox.rests.lock().is_empty());
    let mut pages = 1;
    while !world.mailbox.rests.lock().is_empty() {
        world.road().sent.lock().clear();
        world.will(Ok(Reply::More));
        world.pass(Duration::from_secs(5)).await;
        assert_eq!(world.texts(CITIZEN, "tiếp").await, Ok(Taken::New), "the next page, and the next");
        world.settle_down().await;
        pages += 1;
        assert!(pages < 10);
    }
    assert!(world.road().texts().concat().contains("so 39"), "the last page says the last one");
    world.road().sent.lock().clear();
    world.will(Ok(Reply::More));
    world.pass(Duration::from_secs(61)).await;
    world.texts(CITIZEN, "tiếp").await.unwrap();
    world.settle_down().await;
    assert!(world.road().texts().concat().contains("da het"), "{:?}", world.road().texts());
}

#[tokio::test(start_paused = true)]
async fn messages_of_one_sender_are_answered_in_their_order() {
    let world = world(&["viettel"], quick());
    for place in 0..20 {
        world.texts(CITIZEN, &format!("cau hoi {place}")).await.unwrap();
    }
    world.settle_down().await;
    let asked: Vec<String> = world
        .desk
        .asked
        .lock()
        .iter()
        .map(|request| match &request.content {
            Content::Text(text) => text.clone(),
            Content::Action(action) => panic!("{action:?}"),
        })
        .collect();
    let expected: Vec<String> = (0..20).map(|place| format!("cau hoi {place}")).collect();
    assert_eq!(asked, expected);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_written_is_written_later_and_sent_once() {
    let world = world(&["viettel"], quick());
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.mailbox.failures.store(3, Ordering::Relaxed);
    world.pass(Duration::from_secs(5)).await;
    assert_eq!(world.road().sent.lock().len(), 2);
    assert_eq!(world.desk.asked.lock().len(), 1, "the Desk is not asked again");
}

fn part(sequence: u8, total: u8, octets: &[u8], data_coding: u8) -> crate::road::Arrived {
    let place = Concatenation { reference: 7, total, sequence };
    crate::road::Arrived { body: Body::Part { octets: octets.to_vec(), data_coding, place }, ..arrived(CITIZEN, "") }
}

fn words_of(world: &super::world::World, place: usize) -> String {
    match &world.desk.asked.lock()[place].content {
        Content::Text(text) => text.clone(),
        Content::Action(Action::TrackDossier { number }) => number.as_str().to_owned(),
        Content::Action(action) => panic!("{action:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn parts_out_of_order_are_one_message_even_cut_within_a_character() {
    let world = world(&["viettel"], quick());
    let octets = crate::codec::encode_ucs2("làm giấy khai sinh cần gì");
    // An odd cut: the second part begins in the middle of a letter.
    let (first, second) = octets.split_at(13);
    assert_eq!(world.door.arrived(part(2, 2, second, 8)).await, Ok(Taken::New));
    assert_eq!(world.door.arrived(part(2, 2, second, 8)).await, Ok(Taken::Replay));
    assert_eq!(world.door.arrived(part(1, 2, first, 8)).await, Ok(Taken::New));
    world.settle_down().await;
    assert_eq!(words_of(&world, 0), "làm giấy khai sinh cần gì");
}

#[tokio::test(start_paused = true)]
async fn a_part_that_never_comes_does_not_lose_the_others() {
    let world = world(&["viettel"], quick());
    world.door.arrived(part(1, 3, b"lam giay ", 0)).await.unwrap();
    world.door.arrived(part(3, 3, b"can gi", 0)).await.unwrap();
    world.pass(Duration::from_secs(590)).await;
    assert!(world.desk.asked.lock().is_empty());
    world.pass(Duration::from_secs(30)).await;
    assert_eq!(words_of(&world, 0), "lam giay  … can gi");
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.desk.asked.lock().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_wants_to_be_left_alone_is_heard_after_the_last_reply() {
    let world = world(&["viettel"], AnswerConfig { replies_an_hour: 1, ..quick() });
    world.texts(CITIZEN, "khong hieu").await.unwrap();
    world.settle_down().await;
    let said = world.road().sent.lock().len();
    world.will(Ok(Reply::OptedOut { category: None }));
    world.texts(CITIZEN, "DUNG").await.unwrap();
    world.settle_down().await;
    assert_eq!(world.desk.asked.lock().len(), 2, "the Desk hears it");
    assert_eq!(world.road().sent.lock().len(), said, "and nothing is said");
}

#[tokio::test(start_paused = true)]
async fn yes_and_no_within_the_minute_are_both_meant() {
    let world = world(&["viettel"], quick());
    for text in ["DUNG", "NHAN", "DUNG"] {
        assert_eq!(world.texts(CITIZEN, text).await, Ok(Taken::New), "{text}");
        world.pass(Duration::from_secs(5)).await;
    }
    assert_eq!(world.desk.asked.lock().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_be_told_is_not_carried_out_later() {
    let world = world(&["viettel"], quick());
    world.desk.echo_actions();
    world.portal_is_down(1);
    world.texts(CITIZEN, "BAO 000.00.17.H09-210819-0012 1234").await.unwrap();
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.desk.asked.lock().len(), 1, "they may have thought better of it");
    assert_eq!(world.road().sent.lock().len(), 1, "and they were told to ask again");
    assert!(world.mailbox.waiting.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_short_too_many_is_waited_out_without_a_word() {
    let world = world(&["viettel"], quick());
    let soon = Refusal { kind: RefusalKind::TooMany, retry_after: Some(Duration::from_secs(3)) };
    world.will(Err(soon));
    world.texts(CITIZEN, "TRO GIUP").await.unwrap();
    world.settle_down().await;
    assert!(world.road().sent.lock().is_empty());
    world.pass(Duration::from_secs(5)).await;
    assert_eq!(world.road().sent.lock().len(), 2, "the answer itself");
}

#[tokio::test(start_paused = true)]
async fn one_sender_holds_few_places() {
    let world = world(&["viettel"], AnswerConfig { at_once: 40, replies_an_hour: 1_000, ..quick() });
    world.desk.slow.store(true, Ordering::Relaxed);
    for place in 0..39 {
        world.texts(CITIZEN, &format!("cau hoi {place}")).await.unwrap();
    }
    world.settle_down().await;
    assert_eq!(world.texts("84987654321", "TRO GIUP").await, Ok(Taken::New));
    world.settle_down().await;
    let asked = world.desk.asked.lock().len();
    assert_eq!(asked, 2, "the other one is asked for at once");
    world.desk.slow.store(false, Ordering::Relaxed);
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.desk.asked.lock().len(), 40, "and nothing of the first is lost");
}
