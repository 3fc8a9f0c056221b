//! The Desk's rules as stories.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::SignedDuration;

use super::{
    Action, Answered, Answers, Content, Focus, Lateness, NextStep, Proof, RefusalKind, Reply, Request, RequestId,
};
use crate::domain::{
    ApplicantKind, Channel, DossierNumber, LastFour, Locale, Notice, NoticeId, Phase, Phone, ProcedureCode, Provider,
    ReasonKind, Sender, SenderAssurance,
};
use crate::ports::{Interpretation, LimitedAction, Outcome, ProcedureQuery};
use stand_ins::{NOW, World, changed, dossier, number, status, world};

mod contact;
mod continuing;
mod hours;
mod learning;
mod letters;
mod linking;
mod queue;
mod rating;
mod stand_ins;
mod talking;
mod ties;

fn request(content: Content) -> Request {
    let received_at: jiff::Timestamp = NOW.parse().unwrap();
    Request {
        id: RequestId::parse("t-1").unwrap(),
        channel: Channel::Mobile,
        provider: Provider::new("api"),
        message_id: None,
        sender: Sender::Account("somebody".into()),
        device: None,
        address: None,
        assurance: SenderAssurance::Claimed,
        audience: super::Audience::Sender,
        locale: Locale::VI,
        received_at,
        deadline: received_at + SignedDuration::from_secs(5),
        conversation: None,
        content,
    }
}

fn track(number: &DossierNumber) -> Request {
    request(Content::Action(Action::TrackDossier { number: number.clone() }))
}

fn disclose(number: &DossierNumber, digits: &str) -> Request {
    let proof = Proof::IdLastFour(LastFour::parse(digits).unwrap());
    request(Content::Action(Action::DiscloseDossier { number: number.clone(), proof }))
}

fn refusal(answered: &Answered) -> &RefusalKind {
    &answered.outcome.as_ref().unwrap_err().kind
}

const MINE: &str = "000.00.17.H09-261012-0012";

fn with_mine(code: &str) -> (World, DossierNumber) {
    let world = world();
    let mine = number(MINE);
    world.portal.dossiers.lock().insert(mine.clone(), dossier(&mine, code));
    (world, mine)
}

#[tokio::test]
async fn anybody_with_the_number_sees_the_public_view_and_no_more() {
    let (world, mine) = with_mine("4");
    let answered = world.desk.handle(track(&mine)).await;
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert_eq!(reply.dossier.status.phase, Phase::InProgress);
    assert_eq!(reply.next_step, NextStep::WaitForResult);
    assert_eq!(reply.lateness, Lateness::Due { on: jiff::civil::date(2026, 10, 21), working_days: 2 });
    assert_eq!(reply.contact.as_deref(), Some("0274 1022"));
    assert!(reply.more_with_proof);
    let shown = format!("{answered:?}");
    for private in ["Bưởi", "074190001234", "912345678", "giấy chứng sinh", "8000"] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
}

#[tokio::test]
async fn the_second_proof_shows_the_reason_and_only_a_masked_name() {
    let (world, mine) = with_mine("5");
    let answered = world.desk.handle(disclose(&mine, "1234")).await;
    let Ok(Reply::Disclosed(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert_eq!(reply.reason.as_deref(), Some("Thiếu giấy chứng sinh"));
    assert_eq!(reply.fees.len(), 1);
    let name = reply.masked_name.clone().unwrap();
    assert!(!name.contains("Nguyễn") && !name.contains("Bưởi"), "{name}");
    assert_eq!(world.audit.committed.load(Ordering::Relaxed), 1, "the row is on disk before the answer leaves");
    assert_eq!(world.memory.attempts.lock().values().sum::<u32>(), 0, "a right proof is no failed guess");
}

#[tokio::test]
async fn without_an_audit_row_nothing_is_disclosed() {
    let (world, mine) = with_mine("5");
    *world.audit.broken.lock() = true;
    let answered = world.desk.handle(disclose(&mine, "1234")).await;
    assert_eq!(refusal(&answered), &RefusalKind::Internal);
}

#[tokio::test]
async fn a_failed_disclosure_sounds_and_takes_the_same_whatever_failed() {
    let (world, mine) = with_mine("5");
    let missing = number("000.00.17.H09-260801-0099");
    let locked = number("000.00.17.H09-260801-0007");
    world.portal.dossiers.lock().insert(locked.clone(), dossier(&locked, "5"));
    for _ in 0..5 {
        world.desk.handle(disclose(&locked, "9999")).await;
    }
    let mut takes = Vec::new();
    for (number, digits) in [(&mine, "9999"), (&missing, "1234"), (&locked, "1234")] {
        let before = crate::ports::Clock::now(world.clock.as_ref());
        let answered = world.desk.handle(disclose(number, digits)).await;
        let refused = answered.outcome.as_ref().unwrap_err();
        assert_eq!(refused.kind, RefusalKind::NotDisclosed);
        assert_eq!(refused.retry_after, None);
        takes.push(crate::ports::Clock::now(world.clock.as_ref()).duration_since(before));
    }
    assert!(takes.iter().all(|span| *span == SignedDuration::from_millis(700)), "{takes:?}");
}

#[tokio::test]
async fn the_sixth_try_of_a_day_is_not_taken_even_when_right() {
    let (world, mine) = with_mine("5");
    for _ in 0..5 {
        assert_eq!(refusal(&world.desk.handle(disclose(&mine, "0000")).await), &RefusalKind::NotDisclosed);
    }
    assert_eq!(refusal(&world.desk.handle(disclose(&mine, "1234")).await), &RefusalKind::NotDisclosed);
}

#[tokio::test]
async fn a_business_code_is_public_and_proves_nothing() {
    let (world, mine) = with_mine("5");
    if let Some(view) = world.portal.dossiers.lock().get_mut(&mine) {
        view.applicant.kind = ApplicantKind::Business;
    }
    assert_eq!(refusal(&world.desk.handle(disclose(&mine, "1234")).await), &RefusalKind::NotDisclosed);
}

#[tokio::test]
async fn an_empty_id_on_record_never_matches() {
    let (world, mine) = with_mine("5");
    if let Some(view) = world.portal.dossiers.lock().get_mut(&mine) {
        view.applicant.citizen_id = None;
    }
    assert_eq!(refusal(&world.desk.handle(disclose(&mine, "0000")).await), &RefusalKind::NotDisclosed);
}

fn by_phone(number: &DossierNumber, phone: &str, assurance: SenderAssurance) -> Request {
    let action = Action::DiscloseDossier { number: number.clone(), proof: Proof::SenderPhone };
    Request {
        channel: Channel::Sms,
        sender: Sender::Phone(Phone::parse(phone).unwrap()),
        assurance,
        ..request(Content::Action(action))
    }
}

#[tokio::test]
async fn the_registered_phone_is_a_proof_only_where_the_road_vouches_for_it() {
    let (world, mine) = with_mine("5");
    let claimed = world.desk.handle(by_phone(&mine, "0912345678", SenderAssurance::Provider)).await;
    assert_eq!(refusal(&claimed), &RefusalKind::NotDisclosed);
    let other = world.desk.handle(by_phone(&mine, "0912345679", SenderAssurance::Carrier)).await;
    assert_eq!(refusal(&other), &RefusalKind::NotDisclosed);
    let own = world.desk.handle(by_phone(&mine, "+84 912 345 678", SenderAssurance::Carrier)).await;
    assert!(matches!(own.outcome, Ok(Reply::Disclosed(_))), "{own:?}");
}

#[tokio::test]
async fn a_phone_that_two_owners_share_is_no_proof() {
    let (world, mine) = with_mine("5");
    let theirs = number("000.00.17.H09-261012-0013");
    let mut view = dossier(&theirs, "5");
    view.applicant.citizen_id = crate::domain::CitizenId::parse("074190009999").ok();
    world.portal.dossiers.lock().insert(theirs.clone(), view);
    let first = world.desk.handle(by_phone(&theirs, "0912345678", SenderAssurance::Carrier)).await;
    assert!(first.outcome.is_ok());
    let second = world.desk.handle(by_phone(&mine, "0912345678", SenderAssurance::Carrier)).await;
    assert_eq!(refusal(&second), &RefusalKind::NotDisclosed);
}

#[tokio::test]
async fn a_foreign_processor_gets_the_public_view_only() {
    let (world, mine) = with_mine("5");
    let request = Request { channel: Channel::Telegram, ..disclose(&mine, "1234") };
    assert_eq!(refusal(&world.desk.handle(request).await), &RefusalKind::NotDisclosed);
    let request = Request { channel: Channel::Telegram, ..track(&mine) };
    assert!(world.desk.handle(request).await.outcome.is_ok());
}

#[tokio::test]
async fn a_sensitive_procedure_is_not_named_without_a_proof() {
    let (world, mine) = with_mine("4");
    let view = changed(dossier(&mine, "4"), |public| {
        public.procedure_code = ProcedureCode::parse("2.001263").ok();
        public.procedure_name = Some("Đăng ký việc nuôi con nuôi trong nước".into());
    });
    world.portal.dossiers.lock().insert(mine.clone(), view);
    let answered = world.desk.handle(track(&mine)).await;
    assert!(!format!("{answered:?}").contains("con nuôi"), "{answered:?}");
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert!(reply.name_withheld && reply.procedure_name().is_none() && reply.dossier.procedure_code.is_none());
    let owner = world.desk.handle(disclose(&mine, "1234")).await;
    let Ok(Reply::Disclosed(reply)) = &owner.outcome else { panic!("{owner:?}") };
    assert!(reply.public.procedure_name().is_some());
}

#[tokio::test]
async fn an_unlisted_procedure_is_withheld_by_its_words() {
    let (world, mine) = with_mine("4");
    let view = changed(dossier(&mine, "4"), |public| {
        public.procedure_code = None;
        public.procedure_name = Some("Giải quyết TỐ CÁO tại cấp xã".into());
    });
    world.portal.dossiers.lock().insert(mine.clone(), view);
    let answered = world.desk.handle(track(&mine)).await;
    assert!(!format!("{answered:?}").contains("CÁO"), "{answered:?}");
}

#[tokio::test]
async fn overdue_counts_working_days_only_while_the_clock_runs() {
    let (world, mine) = with_mine("4");
    let late = changed(dossier(&mine, "4"), |public| public.due_at = "2026-10-15T10:00:00Z".parse().ok());
    world.portal.dossiers.lock().insert(mine.clone(), late.clone());
    let answered = world.desk.handle(track(&mine)).await;
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    // Due Thursday, asked on Monday: Friday and Monday.
    assert_eq!(reply.lateness, Lateness::Overdue { since: jiff::civil::date(2026, 10, 15), working_days: 2 });
    assert_eq!(reply.next_step, NextStep::AskAgency);

    for (phase, step) in [
        (Phase::PapersRequested, NextStep::HandInPapers),
        (Phase::PaymentRequested, NextStep::PayFee),
        (Phase::Refused, NextStep::MendAndResubmit),
        (Phase::Stopped, NextStep::AskReason),
    ] {
        let paused = changed(late.clone(), |public| public.status = status(phase));
        world.portal.dossiers.lock().insert(mine.clone(), paused);
        let answered = world.desk.handle(track(&mine)).await;
        let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
        assert_eq!((reply.lateness, reply.next_step), (Lateness::ClockStands, step));
    }
}

#[tokio::test]
async fn due_on_friday_is_not_overdue_on_the_weekend() {
    let (world, mine) = with_mine("4");
    let view = changed(dossier(&mine, "4"), |public| public.due_at = "2026-10-16T10:00:00Z".parse().ok());
    world.portal.dossiers.lock().insert(mine.clone(), view);
    let sunday = "2026-10-18T02:00:00Z".parse().unwrap();
    let answered = world.desk.handle(Request { received_at: sunday, ..track(&mine) }).await;
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert!(matches!(reply.lateness, Lateness::Due { .. }), "{:?}", reply.lateness);
}

#[tokio::test]
async fn finished_late_is_told_as_such() {
    let (world, mine) = with_mine("9");
    let view = changed(dossier(&mine, "9"), |public| {
        public.due_at = "2026-10-14T10:00:00Z".parse().ok();
        public.finished_at = "2026-10-16T03:00:00Z".parse().ok();
    });
    world.portal.dossiers.lock().insert(mine.clone(), view);
    let answered = world.desk.handle(track(&mine)).await;
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert!(matches!(reply.lateness, Lateness::FinishedLate { working_days: 2, .. }), "{:?}", reply.lateness);
    assert_eq!(reply.next_step, NextStep::CollectResult);
}

#[tokio::test]
async fn another_authoritys_dossier_is_sent_there_and_never_not_found() {
    let world = world();
    let answered = world.desk.handle(track(&number("000.00.17.H56-261012-0012"))).await;
    let Ok(Reply::Elsewhere(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert_eq!(reply.authority.as_deref(), Some("Thanh Hóa"));
    assert_eq!(reply.ask_at.as_deref(), Some("1022"));
    let ministry = world.desk.handle(track(&number("G01.899.909-260916-890028"))).await;
    assert!(matches!(ministry.outcome, Ok(Reply::Elsewhere(_))), "{ministry:?}");
}

#[tokio::test]
async fn a_number_of_yesterday_may_not_have_arrived_and_costs_nothing() {
    let world = world();
    let answered = world.desk.handle(track(&number("000.00.17.H09-261018-0001"))).await;
    assert_eq!(refusal(&answered), &RefusalKind::DossierTooNew);
    assert_eq!(world.gate.forgiven.load(Ordering::Relaxed), 1);
    let old = world.desk.handle(track(&number("000.00.17.H09-261016-0001"))).await;
    assert_eq!(refusal(&old), &RefusalKind::DossierNotFound);
}

#[tokio::test]
async fn a_flood_buys_no_understanding() {
    let world = world();
    world.gate.closed.lock().insert(LimitedAction::Any);
    let answered = world.desk.handle(request(Content::Text("hồ sơ của tôi".into()))).await;
    assert_eq!(refusal(&answered), &RefusalKind::TooMany);
    assert_eq!(answered.outcome.as_ref().unwrap_err().retry_after, Some(Duration::from_secs(7)));
    assert_eq!(world.interpreter.1.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn too_many_different_dossiers_are_refused_with_their_own_words() {
    let (world, mine) = with_mine("4");
    *world.gate.no_more_dossiers.lock() = true;
    assert_eq!(refusal(&world.desk.handle(track(&mine)).await), &RefusalKind::TooManyDossiers);
}

#[tokio::test]
async fn an_unusual_rate_slows_but_answers() {
    let (world, mine) = with_mine("4");
    *world.gate.delay.lock() = Duration::from_millis(500);
    let before = crate::ports::Clock::now(world.clock.as_ref());
    assert!(world.desk.handle(track(&mine)).await.outcome.is_ok());
    let took = crate::ports::Clock::now(world.clock.as_ref()).duration_since(before);
    assert_eq!(took, SignedDuration::from_millis(500));
}

#[tokio::test]
async fn a_replay_gets_a_bare_acknowledgement() {
    let (world, mine) = with_mine("5");
    let send = || Request { message_id: Some("m-1".into()), ..disclose(&mine, "1234") };
    assert!(matches!(world.desk.handle(send()).await.outcome, Ok(Reply::Disclosed(_))));
    assert!(matches!(world.desk.handle(send()).await.outcome, Ok(Reply::AlreadyAnswered)));
    assert_eq!(world.audit.rows.lock().last().unwrap().outcome, Outcome::Replayed);
}

#[tokio::test]
async fn a_message_that_was_refused_for_now_may_come_again() {
    let (world, mine) = with_mine("4");
    let send = || Request { message_id: Some("m-2".into()), ..track(&mine) };
    *world.portal.down.lock() = true;
    assert_eq!(refusal(&world.desk.handle(send()).await), &RefusalKind::PortalDown);
    *world.portal.down.lock() = false;
    assert!(matches!(world.desk.handle(send()).await.outcome, Ok(Reply::Dossier(_))));
    assert!(matches!(world.desk.handle(send()).await.outcome, Ok(Reply::AlreadyAnswered)));
}

#[tokio::test]
async fn a_service_desks_phone_is_known_from_any_look() {
    let (world, mine) = with_mine("5");
    let theirs = number("000.00.17.H09-261012-0013");
    let mut view = dossier(&theirs, "5");
    view.applicant.citizen_id = crate::domain::CitizenId::parse("074190009999").ok();
    world.portal.dossiers.lock().insert(theirs.clone(), view);
    // Somebody opened the other dossier by its ID: the phone is seen there.
    assert!(world.desk.handle(disclose(&theirs, "9999")).await.outcome.is_ok());
    let by_phone = world.desk.handle(by_phone(&mine, "0912345678", SenderAssurance::Carrier)).await;
    assert_eq!(refusal(&by_phone), &RefusalKind::NotDisclosed);
}

#[tokio::test]
async fn finished_in_time_is_not_said_without_evidence() {
    let (world, mine) = with_mine("10");
    let handed_over = |at: Option<&str>| {
        changed(dossier(&mine, "10"), |public| {
            public.due_at = "2026-10-14T10:00:00Z".parse().ok();
            public.returned_at = at.and_then(|at| at.parse().ok());
        })
    };
    for (returned_at, lateness) in [
        (None, Lateness::NotPublished),
        (Some("2026-10-16T03:00:00Z"), Lateness::NotPublished),
        (Some("2026-10-13T03:00:00Z"), Lateness::FinishedInTime),
    ] {
        world.portal.dossiers.lock().insert(mine.clone(), handed_over(returned_at));
        let answered = world.desk.handle(track(&mine)).await;
        let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
        assert_eq!(reply.lateness, lateness, "{returned_at:?}");
    }
}

#[tokio::test]
async fn refused_for_lack_of_competence_is_handed_in_elsewhere() {
    let (world, mine) = with_mine("3");
    let view = changed(dossier(&mine, "3"), |public| public.reason_kind = Some(ReasonKind::NotCompetent));
    world.portal.dossiers.lock().insert(mine.clone(), view);
    let answered = world.desk.handle(track(&mine)).await;
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert_eq!(reply.next_step, NextStep::HandInElsewhere);
}

#[tokio::test]
async fn a_portal_that_is_down_is_said_with_a_time() {
    let (world, mine) = with_mine("4");
    *world.portal.down.lock() = true;
    let answered = world.desk.handle(track(&mine)).await;
    assert_eq!(refusal(&answered), &RefusalKind::PortalDown);
    assert!(answered.outcome.as_ref().unwrap_err().retry_after.is_some());
    let proof = world.desk.handle(disclose(&mine, "1234")).await;
    assert_eq!(refusal(&proof), &RefusalKind::PortalDown);
    assert_eq!(world.memory.attempts.lock().values().sum::<u32>(), 0, "nothing was checked, nothing is counted");
}

#[tokio::test]
async fn a_portal_that_never_answers_ends_at_the_deadline() {
    let (world, mine) = with_mine("4");
    *world.portal.never_answers.lock() = true;
    assert_eq!(refusal(&world.desk.handle(track(&mine)).await), &RefusalKind::TooLate);
}

#[tokio::test]
async fn an_old_answer_is_marked_in_answer_and_audit() {
    let (world, mine) = with_mine("4");
    *world.portal.stale.lock() = true;
    let later = NOW.parse::<jiff::Timestamp>().unwrap() + SignedDuration::from_secs(90);
    let answered = world.desk.handle(Request { received_at: later, ..track(&mine) }).await;
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert!(reply.age.stale);
    assert_eq!(reply.age.seconds, 90);
    assert_eq!(world.audit.rows.lock()[0].outcome, Outcome::AnsweredStale);
}

#[tokio::test]
async fn free_text_with_one_clear_procedure_is_answered_at_once() {
    let world = world();
    let find = |text: &str| {
        let query = ProcedureQuery { text: text.into(), limit: 5, ..ProcedureQuery::default() };
        Interpretation::Act(Action::FindProcedures { query, focus: Focus::Papers.into() })
    };
    world.interpreter.0.lock().insert("khai sinh cần gì".into(), find("khai sinh"));
    world.interpreter.0.lock().insert("xyz".into(), find("xyz"));
    let answered = world.desk.handle(request(Content::Text("khai sinh cần gì".into()))).await;
    let Ok(Reply::Procedure(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert_eq!((reply.procedure.code.to_string().as_str(), reply.focus), ("1.001193", Focus::Papers.into()));
    let nothing = world.desk.handle(request(Content::Text("xyz".into()))).await;
    assert_eq!(refusal(&nothing), &RefusalKind::NotUnderstood);
}

#[tokio::test]
async fn notices_go_with_every_answer_until_they_end() {
    let world = world();
    let now: jiff::Timestamp = NOW.parse().unwrap();
    world.notices.refresh(vec![Notice {
        id: NoticeId(1),
        texts: [(Locale::VI, "Trung tâm nghỉ chiều nay".to_owned())].into(),
        channels: vec![Channel::Mobile],
        from: now,
        until: now + SignedDuration::from_secs(60),
    }]);
    let help = || request(Content::Action(Action::Help));
    assert_eq!(world.desk.handle(help()).await.notices.len(), 1);
    let elsewhere = Request { channel: Channel::Sms, ..help() };
    assert_eq!(world.desk.handle(elsewhere).await.notices.len(), 0);
    let ended = Request { received_at: now + SignedDuration::from_secs(60), ..help() };
    assert_eq!(world.desk.handle(ended).await.notices.len(), 0);
}

#[tokio::test]
async fn every_request_leaves_one_row_without_personal_data() {
    let (world, mine) = with_mine("4");
    let sender = Sender::Phone(Phone::parse("0912345678").unwrap());
    let text = "tên tôi là Nguyễn Thị Bưởi, cccd 074190001234";
    let requests =
        [track(&mine), disclose(&mine, "1234"), disclose(&mine, "0001"), request(Content::Text(text.into()))];
    let count = requests.len();
    for request in requests {
        world.desk.handle(Request { sender: sender.clone(), ..request }).await;
    }
    let rows = world.audit.rows.lock();
    assert_eq!(rows.len(), count);
    let written = format!("{rows:?}");
    for private in ["Bưởi", "074190001234", "912345678", "1234\"", MINE] {
        assert!(!written.contains(private), "{private} in {written}");
    }
    assert!(rows.iter().take(3).all(|row| row.dossier == rows[0].dossier && row.dossier.is_some()));
    assert!(rows.iter().all(|row| row.key_id == "k1"));
}

#[test]
fn debug_output_of_a_request_shows_nothing_private() {
    let mut shown = format!("{:?}", request(Content::Text("Nguyễn Thị Bưởi 0912345678".into())));
    shown.push_str(&format!("{:?}", disclose(&number(MINE), "1234")));
    shown.push_str(&format!("{:?}", dossier(&number(MINE), "4").applicant));
    shown.push_str(&format!("{:?}", Arc::new(Sender::Phone(Phone::parse("0912345678").unwrap()))));
    for private in ["Bưởi", "912345678", "1234", MINE] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
}
