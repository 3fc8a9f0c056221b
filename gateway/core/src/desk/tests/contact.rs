//! One-time codes, subscriptions, and being left alone.

use std::time::Duration;

use super::super::{Audience, SubscribeOutcome, Watched, Watcher};
use super::stand_ins::{changed, status};
use super::*;
use crate::domain::{Category, DossierNumberParser, OneTimeCode};
use crate::ports::{ContactPreferences as _, NotSaid, Subject};

/// The applicant's phone in the stand-ins.
const REGISTERED: &str = "0912345678";

fn from_phone(phone: &str, assurance: SenderAssurance, action: Action) -> Request {
    let sender = Sender::Phone(Phone::parse(phone).unwrap());
    Request { channel: Channel::Sms, sender, assurance, ..request(Content::Action(action)) }
}

fn by_code(number: &DossierNumber, code: &OneTimeCode) -> Request {
    let proof = Proof::OneTimeCode(code.clone());
    request(Content::Action(Action::DiscloseDossier { number: number.clone(), proof }))
}

fn send_code(number: &DossierNumber) -> Request {
    request(Content::Action(Action::SendCode { number: number.clone() }))
}

fn subscribe(number: &DossierNumber, proof: Option<Proof>) -> Action {
    Action::Subscribe { number: number.clone(), proof, words: "BAO".into() }
}

async fn subscribed(world: &World, number: &DossierNumber) {
    let wish = from_phone(REGISTERED, SenderAssurance::Carrier, subscribe(number, None));
    let answered = world.desk.handle(wish).await;
    let Ok(Reply::Subscribed(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert!(matches!(reply.outcome, SubscribeOutcome::Until(_)));
}

fn watcher(world: &World) -> Watcher {
    Watcher::new(world.desk.clone(), Arc::new(DossierNumberParser::default())).unwrap()
}

fn moves_to(world: &World, number: &DossierNumber, phase: Phase) {
    let view = changed(dossier(number, "4"), |public| public.status = status(phase));
    world.portal.dossiers.lock().insert(number.clone(), view);
}

#[tokio::test]
async fn a_code_goes_to_the_registered_phone_and_opens_the_dossier_once() {
    let (world, mine) = with_mine("5");
    let answered = world.desk.handle(send_code(&mine)).await;
    assert!(matches!(answered.outcome, Ok(Reply::CodeSent { minutes: 5 })), "{answered:?}");
    let to = world.letters.said.lock()[0].to.clone();
    assert_eq!(to, Phone::parse(REGISTERED).unwrap());
    let code = world.letters.last_code().unwrap();
    let opened = world.desk.handle(by_code(&mine, &code)).await;
    assert!(matches!(opened.outcome, Ok(Reply::Disclosed(_))), "{opened:?}");
    let again = world.desk.handle(by_code(&mine, &code)).await;
    assert_eq!(refusal(&again), &RefusalKind::NotDisclosed);
}

#[tokio::test]
async fn the_answer_sounds_and_takes_the_same_where_there_is_no_dossier_and_no_phone() {
    let (world, mine) = with_mine("5");
    let none = number("000.00.17.H09-261012-0099");
    let no_phone = number("000.00.17.H09-261012-0013");
    let landline = number("000.00.17.H09-261012-0014");
    let mut view = dossier(&no_phone, "5");
    view.applicant.phone = None;
    world.portal.dossiers.lock().insert(no_phone.clone(), view);
    let mut view = dossier(&landline, "5");
    view.applicant.phone = Phone::parse("02743822123").ok();
    world.portal.dossiers.lock().insert(landline.clone(), view);
    for asked in [mine, none, no_phone, landline] {
        let before = world.clock_now();
        let answered = world.desk.handle(send_code(&asked)).await;
        assert!(matches!(answered.outcome, Ok(Reply::CodeSent { minutes: 5 })), "{answered:?}");
        assert_eq!(world.clock_now().duration_since(before), SignedDuration::from_millis(700));
    }
    assert_eq!(world.letters.sent.lock().len(), 1);
}

#[tokio::test]
async fn a_road_that_fails_tells_nothing_of_the_dossier() {
    let (world, mine) = with_mine("5");
    *world.letters.unwilling.lock() = Some(NotSaid::NoRoad);
    let answered = world.desk.handle(send_code(&mine)).await;
    assert!(matches!(answered.outcome, Ok(Reply::CodeSent { .. })), "{answered:?}");
}

#[tokio::test]
async fn a_second_code_within_a_minute_is_not_sent_and_says_nothing_of_it() {
    let (world, mine) = with_mine("5");
    for _ in 0..2 {
        let answered = world.desk.handle(send_code(&mine)).await;
        assert!(matches!(answered.outcome, Ok(Reply::CodeSent { .. })));
    }
    assert_eq!(world.letters.sent.lock().len(), 1);
    world.clock.move_by(Duration::from_secs(61));
    world.desk.handle(send_code(&mine)).await;
    assert_eq!(world.letters.sent.lock().len(), 2);
}

#[tokio::test]
async fn a_phone_of_many_dossiers_gets_ten_codes_a_day_and_the_answer_is_the_same() {
    let (world, mine) = with_mine("5");
    let [second, third] = ["13", "14"].map(|end| number(&format!("000.00.17.H09-261012-00{end}")));
    for other in [&second, &third] {
        world.portal.dossiers.lock().insert(other.clone(), dossier(other, "5"));
    }
    for _ in 0..5 {
        for asked in [&mine, &second] {
            world.desk.handle(send_code(asked)).await;
        }
        world.clock.move_by(Duration::from_secs(61));
    }
    assert_eq!(world.letters.sent.lock().len(), 10);
    let before = world.clock_now();
    let answered = world.desk.handle(send_code(&third)).await;
    assert!(matches!(answered.outcome, Ok(Reply::CodeSent { minutes: 5 })), "{answered:?}");
    assert_eq!(world.clock_now().duration_since(before), SignedDuration::from_millis(700));
    assert_eq!(world.letters.sent.lock().len(), 10, "the phone has had enough, though the dossier had none");
    world.clock.move_by(Duration::from_secs(24 * 3_600));
    world.desk.handle(send_code(&third)).await;
    assert_eq!(world.letters.sent.lock().len(), 11);
}

#[tokio::test]
async fn five_wrong_tries_spend_a_code_and_lock_nobody_out() {
    let (world, mine) = with_mine("5");
    world.desk.handle(send_code(&mine)).await;
    let code = world.letters.last_code().unwrap();
    for _ in 0..5 {
        let wrong = world.desk.handle(by_code(&mine, &OneTimeCode::from_bits(999_999))).await;
        assert_eq!(refusal(&wrong), &RefusalKind::NotDisclosed);
    }
    assert_eq!(refusal(&world.desk.handle(by_code(&mine, &code)).await), &RefusalKind::NotDisclosed);
    let by_digits = world.desk.handle(disclose(&mine, "1234")).await;
    assert!(matches!(by_digits.outcome, Ok(Reply::Disclosed(_))), "guessing at a code locks no other proof");
}

#[tokio::test]
async fn a_locked_dossier_still_takes_a_code() {
    let (world, mine) = with_mine("5");
    for _ in 0..6 {
        world.desk.handle(disclose(&mine, "0000")).await;
    }
    assert_eq!(refusal(&world.desk.handle(disclose(&mine, "1234")).await), &RefusalKind::NotDisclosed);
    world.desk.handle(send_code(&mine)).await;
    let code = world.letters.last_code().unwrap();
    let opened = world.desk.handle(by_code(&mine, &code)).await;
    assert!(matches!(opened.outcome, Ok(Reply::Disclosed(_))), "{opened:?}");
}

#[tokio::test]
async fn a_code_ends_after_five_minutes() {
    let (world, mine) = with_mine("5");
    world.desk.handle(send_code(&mine)).await;
    let code = world.letters.last_code().unwrap();
    world.clock.move_by(Duration::from_secs(301));
    assert_eq!(refusal(&world.desk.handle(by_code(&mine, &code)).await), &RefusalKind::NotDisclosed);
}

#[tokio::test]
async fn where_others_listen_a_right_code_opens_nothing() {
    let (world, mine) = with_mine("5");
    world.desk.handle(send_code(&mine)).await;
    let code = world.letters.last_code().unwrap();
    for audience in [Audience::ForeignProcessor, Audience::Group] {
        let overheard = Request { audience, ..by_code(&mine, &code) };
        assert_eq!(refusal(&world.desk.handle(overheard).await), &RefusalKind::NotDisclosed);
    }
}

#[tokio::test]
async fn the_vouched_for_phone_subscribes_without_another_proof() {
    let (world, mine) = with_mine("4");
    subscribed(&world, &mine).await;
    let again = from_phone(REGISTERED, SenderAssurance::Carrier, subscribe(&mine, None));
    let answered = world.desk.handle(again).await;
    let Ok(Reply::Subscribed(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert!(matches!(reply.outcome, SubscribeOutcome::Already(_)));
    assert_eq!(world.letters.subscriptions(), 1);
}

#[tokio::test]
async fn a_claimed_phone_needs_a_proof_and_a_recent_one_counts() {
    let (world, mine) = with_mine("4");
    let wish = || from_phone("0987654321", SenderAssurance::Claimed, subscribe(&mine, None));
    assert_eq!(refusal(&world.desk.handle(wish()).await), &RefusalKind::ProofNeeded);
    let proof = Proof::IdLastFour(LastFour::parse("1234").unwrap());
    let disclose = Action::DiscloseDossier { number: mine.clone(), proof: proof.clone() };
    let opened = world.desk.handle(from_phone("0987654321", SenderAssurance::Claimed, disclose)).await;
    assert!(matches!(opened.outcome, Ok(Reply::Disclosed(_))));
    let answered = world.desk.handle(wish()).await;
    assert!(matches!(answered.outcome, Ok(Reply::Subscribed(_))), "{answered:?}");
    let other = from_phone("0981111111", SenderAssurance::Claimed, subscribe(&mine, Some(proof)));
    assert!(matches!(world.desk.handle(other).await.outcome, Ok(Reply::Subscribed(_))));
}

#[tokio::test]
async fn a_wrong_proof_and_no_dossier_refuse_alike() {
    let (world, mine) = with_mine("4");
    let none = number("000.00.17.H09-261012-0099");
    for asked in [mine, none] {
        let proof = Proof::IdLastFour(LastFour::parse("0000").unwrap());
        let before = world.clock_now();
        let wish = from_phone("0987654321", SenderAssurance::Claimed, subscribe(&asked, Some(proof)));
        assert_eq!(refusal(&world.desk.handle(wish).await), &RefusalKind::NotDisclosed);
        assert_eq!(world.clock_now().duration_since(before), SignedDuration::from_millis(700));
    }
    assert_eq!(world.letters.subscriptions(), 0);
}

#[tokio::test]
async fn nobody_without_a_phone_subscribes_and_a_finished_dossier_has_nothing_to_tell() {
    let (world, mine) = with_mine("10");
    let answered = world.desk.handle(request(Content::Action(subscribe(&mine, None)))).await;
    assert_eq!(refusal(&answered), &RefusalKind::NotOnThisChannel);
    let answered = world.desk.handle(from_phone(REGISTERED, SenderAssurance::Carrier, subscribe(&mine, None))).await;
    let Ok(Reply::Subscribed(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert_eq!(reply.outcome, SubscribeOutcome::NothingToWaitFor);
}

#[tokio::test]
async fn each_change_is_told_once_and_the_end_ends_it() {
    let (world, mine) = with_mine("4");
    subscribed(&world, &mine).await;
    let watcher = watcher(&world);
    assert_eq!(watcher.round().await.unwrap(), Watched::default(), "its time has not come");
    world.clock.move_by(Duration::from_secs(2 * 3_600));
    let quiet = watcher.round().await.unwrap();
    assert_eq!((quiet.looked, quiet.told), (1, 0));
    moves_to(&world, &mine, Phase::PapersRequested);
    world.clock.move_by(Duration::from_secs(2 * 3_600));
    assert_eq!(watcher.round().await.unwrap().told, 1);
    world.clock.move_by(Duration::from_secs(2 * 3_600));
    assert_eq!(watcher.round().await.unwrap().told, 0);
    moves_to(&world, &mine, Phase::Returned);
    world.clock.move_by(Duration::from_secs(2 * 3_600));
    assert_eq!(watcher.round().await.unwrap().told, 1);
    assert_eq!(world.letters.subscriptions(), 0);
    let said = world.letters.said.lock();
    let phases: Vec<_> = said
        .iter()
        .filter_map(|said| match &said.subject {
            Subject::DossierMoved(reply) => Some(reply.dossier.status.phase),
            _ => None,
        })
        .collect();
    assert_eq!(phases, [Phase::PapersRequested, Phase::Returned]);
}

#[tokio::test]
async fn a_silent_portal_tells_nothing_and_loses_nothing() {
    let (world, mine) = with_mine("4");
    subscribed(&world, &mine).await;
    let watcher = watcher(&world);
    moves_to(&world, &mine, Phase::ResultReady);
    *world.portal.down.lock() = true;
    world.clock.move_by(Duration::from_secs(2 * 3_600));
    assert_eq!(watcher.round().await.unwrap().failed, 1);
    *world.portal.down.lock() = false;
    world.clock.move_by(Duration::from_secs(600));
    assert_eq!(watcher.round().await.unwrap().told, 1);
}

#[tokio::test]
async fn one_round_keeps_to_the_budget_of_calls() {
    let (world, mine) = with_mine("4");
    for place in 0..12 {
        let other = number(&format!("000.00.17.H09-261012-01{place:02}"));
        world.portal.dossiers.lock().insert(other.clone(), dossier(&other, "4"));
        subscribed(&world, &other).await;
    }
    subscribed(&world, &mine).await;
    world.clock.move_by(Duration::from_secs(2 * 3_600));
    assert_eq!(watcher(&world).round().await.unwrap().looked, 5, "sixty a minute are five in five seconds");
}

#[tokio::test]
async fn whoever_has_had_enough_today_is_told_tomorrow() {
    let (world, mine) = with_mine("4");
    subscribed(&world, &mine).await;
    moves_to(&world, &mine, Phase::ResultReady);
    *world.letters.unwilling.lock() = Some(NotSaid::EnoughToday);
    world.clock.move_by(Duration::from_secs(2 * 3_600));
    assert_eq!(watcher(&world).round().await.unwrap().told, 0);
    *world.letters.unwilling.lock() = None;
    // 11:00 now; seven the next morning.
    world.clock.move_by(Duration::from_secs(19 * 3_600));
    assert_eq!(watcher(&world).round().await.unwrap().looked, 0);
    world.clock.move_by(Duration::from_secs(3_600));
    assert_eq!(watcher(&world).round().await.unwrap().told, 1);
}

#[tokio::test]
async fn stop_ends_the_subscriptions_and_is_remembered() {
    let (world, mine) = with_mine("4");
    subscribed(&world, &mine).await;
    let stop = Action::OptOut { category: None, words: "DUNG".into() };
    let answered = world.desk.handle(from_phone(REGISTERED, SenderAssurance::Claimed, stop)).await;
    assert!(matches!(answered.outcome, Ok(Reply::OptedOut { category: None })));
    assert_eq!(world.letters.subscriptions(), 0);
    let phone = Sender::Phone(Phone::parse(REGISTERED).unwrap()).hash(&world.hash_key());
    assert!(world.letters.refuses(phone, Category::Status).await.unwrap());
    subscribed(&world, &mine).await;
    assert!(!world.letters.refuses(phone, Category::Status).await.unwrap(), "a new wish is a new consent");
}

#[tokio::test]
async fn a_subscription_can_be_taken_back_by_itself() {
    let (world, mine) = with_mine("4");
    subscribed(&world, &mine).await;
    let enough =
        || from_phone(REGISTERED, SenderAssurance::Claimed, Action::Unsubscribe { number: Some(mine.clone()) });
    assert!(matches!(world.desk.handle(enough()).await.outcome, Ok(Reply::Unsubscribed { count: 1 })));
    assert!(matches!(world.desk.handle(enough()).await.outcome, Ok(Reply::Unsubscribed { count: 0 })));
}
