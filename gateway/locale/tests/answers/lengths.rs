//! What an SMS costs: a part a message wherever that can be.
//!
//! `cargo test -p gateway-locale --test answers lengths -- --nocapture` prints
//! every answer with its length.

use std::sync::Arc;

use gateway_core::desk::{DossierReply, Lateness, NextStep, RefusalKind, Reply};
use gateway_core::domain::{Locale, Phase, Procedure, ReasonKind};
use gateway_core::ports::Subject;
use gateway_core::text::fold_display;
use gateway_locale::{Keywords, Locales, Medium, Renderer, SmsText, septets};
use jiff::civil::date;

use crate::cases;

const LOCALES: [Locale; 2] = [Locale::VI, Locale::EN];

fn renderer() -> Renderer {
    Renderer::new(Arc::new(Locales::embedded().unwrap()))
}

/// Septets of a text without its marks, as the channel folds it.
fn folded(text: &str) -> usize {
    let folded = fold_display(text);
    septets(&folded).unwrap()
}

fn folded_parts(text: &str) -> usize {
    parts(folded(text), 160, 153)
}

fn accented_parts(text: &str) -> usize {
    parts(text.encode_utf16().count(), 70, 67)
}

fn parts(units: usize, single: usize, joined: usize) -> usize {
    if units <= single { 1 } else { units.div_ceil(joined) }
}

/// The whole message.
fn message(text: &SmsText, cost: impl Fn(&str) -> usize) -> String {
    let body = text.body(cost);
    match &text.foot {
        Some(foot) => format!("{body} {foot}"),
        None => body,
    }
}

/// With the longest short name that the catalogue allows and a long agency.
fn longest(mut reply: DossierReply) -> DossierReply {
    let short_name = "Đăng ký khai sinh có yếu tố nước ngoài X";
    assert_eq!(short_name.chars().count(), 40);
    reply.procedure =
        Some(Arc::new(Procedure { short_name: short_name.into(), english_name: None, ..cases::residence() }));
    reply.handled_by = None;
    Arc::make_mut(&mut reply.dossier).agency = Some("Trung tâm Phục vụ hành chính công phường Thủ Dầu Một".into());
    reply
}

/// Every status in its circumstances.
fn statuses() -> Vec<(String, DossierReply)> {
    let mut all: Vec<(String, DossierReply)> =
        Phase::ALL.into_iter().map(|phase| (phase.key().to_owned(), cases::dossier_reply(phase))).collect();
    for reason in [None].into_iter().chain(ReasonKind::ALL.map(Some)) {
        let name = reason.map_or("no reason", ReasonKind::key);
        all.push((format!("refused, {name}"), cases::refused(reason)));
        for contact in [None, Some("0274.1022")] {
            let mut stopped = DossierReply { contact: contact.map(Into::into), ..cases::dossier_reply(Phase::Stopped) };
            Arc::make_mut(&mut stopped.dossier).reason_kind = reason;
            all.push((format!("stopped, {name}, {}", contact.unwrap_or("no contact")), stopped));
        }
    }
    all.push(("late".to_owned(), cases::overdue(12)));
    all.push(("late, no contact".to_owned(), DossierReply { contact: None, ..cases::overdue(12) }));
    let late = Lateness::FinishedLate { due: date(2026, 10, 8), finished: date(2026, 10, 22), working_days: 12 };
    for phase in [Phase::ResultReady, Phase::Returned] {
        let name = format!("{}, finished late", phase.key());
        all.push((name, DossierReply { lateness: late, ..cases::dossier_reply(phase) }));
    }
    let posted = DossierReply { next_step: NextStep::WaitForPost, ..cases::dossier_reply(Phase::ResultReady) };
    all.push(("by post".to_owned(), posted));
    let paused = DossierReply { lateness: Lateness::ClockStands, ..cases::dossier_reply(Phase::InProgress) };
    all.push(("clock stands".to_owned(), paused));
    let undated = DossierReply { lateness: Lateness::NotPublished, ..cases::dossier_reply(Phase::InProgress) };
    all.push(("no due date".to_owned(), undated));
    let withheld = DossierReply { procedure: None, name_withheld: true, ..cases::dossier_reply(Phase::InProgress) };
    all.push(("name withheld".to_owned(), withheld));
    all.push(("from memory".to_owned(), cases::stale()));
    all
}

#[test]
fn every_status_is_one_folded_part_or_three_accented_ones() {
    let renderer = renderer();
    println!("{:32} {:>4} {:>4}  {:>4} {:>4}   (must/said, folded septets; vi, en)", "status", "vi", "", "en", "");
    for (name, reply) in statuses() {
        let answered = cases::answered(Ok(Reply::Dossier(longest(reply.clone()))));
        let lengths = LOCALES.map(|locale| {
            let text = renderer.render_sms(&answered, locale);
            let (least, said) = (message(&text, str::len), message(&text, folded_parts));
            assert!(folded(&said) <= 160, "{name}, {locale}: {} {said}", folded(&said));
            assert!(accented_parts(&message(&text, accented_parts)) <= 3, "{name}, {locale}: {said}");
            for part in [cases::NUMBER, "Thủ Dầu Một", "7K3F"] {
                assert!(said.contains(part), "{name}, {locale}: {said}");
            }
            (folded(&least), folded(&said))
        });
        println!("{name:32} {:4} {:4}  {:4} {:4}", lengths[0].0, lengths[0].1, lengths[1].0, lengths[1].1);
        // The English name of a ward's agency is longer.
        let english = renderer.render_sms(&cases::answered(Ok(Reply::Dossier(reply.clone()))), Locale::EN);
        let said = message(&english, folded_parts);
        assert!(reply.age.stale || folded(&said) <= 160, "{name}: {} {said}", folded(&said));
    }
}

#[test]
fn every_notice_is_one_folded_part_without_a_code() {
    let renderer = renderer();
    for (name, reply) in statuses() {
        let mut reply = longest(reply);
        reply.age.stale = false;
        for (locale, stop) in LOCALES.into_iter().zip(["Thôi nhận: DUNG.", "Stop: DUNG."]) {
            let text = renderer.notify_sms(&Subject::DossierMoved(Box::new(reply.clone())), locale);
            assert_eq!(text.foot, None);
            let said = message(&text, folded_parts);
            assert!(folded(&said) <= 160, "{name}, {locale}: {} {said}", folded(&said));
            assert!(said.contains(cases::NUMBER) && said.contains("Thủ Dầu Một") && said.ends_with(stop), "{said}");
        }
    }
}

/// Answers that hold a list or an officer's own words, and those of channels on
/// which officers answer: no text message is one.
const LONG: [&str; 17] = [
    "disclosed",
    "procedure",
    "agencies",
    "question",
    "help",
    "dossier, with an announcement",
    "in the line",
    "person, nobody here now",
    "person, after misunderstandings, officers here",
    // What is consented to is said in a messenger; to a phone goes the code alone.
    "link, offered",
    "link, code sent",
    "link, too many accounts",
    "link, shown, two accounts",
    "my requests",
    // Many services, or many centres.
    "queue, no numbers",
    "queue, five centres",
    "where tickets are",
];

#[test]
fn every_other_answer_is_one_folded_part_and_help_is_two() {
    let renderer = renderer();
    for locale in LOCALES {
        for (name, answered) in cases::all() {
            let text = renderer.render_sms(&answered, locale);
            let said = message(&text, folded_parts);
            let (accented, units) = (message(&text, accented_parts), folded(&said));
            println!("{locale} {units:4} {} / {}  {name}: {said}", folded_parts(&said), accented_parts(&accented));
            if name == "help" {
                assert!(folded_parts(&said) <= 2, "{said}");
            } else if !LONG.iter().any(|long| name.starts_with(long)) && name != "dossier, from memory" {
                let whole = name.starts_with("dossier, stale") || folded_parts(&said) == 1;
                assert!(whole, "{name}, {locale}: {units} {said}");
            }
            assert!(!said.contains('\n') && !said.contains("://") && !said.contains(".vn"), "{said}");
        }
    }
}

#[test]
fn what_is_said_whole_is_what_a_folded_sms_says() {
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        for (name, answered) in cases::all() {
            let bounded = locales.render(&answered, locale, Medium::sms(true));
            if bounded.rest.is_none() {
                let said = message(&renderer().render_sms(&answered, locale), folded_parts);
                assert_eq!(fold_display(&said), bounded.text, "{name}");
            }
        }
    }
}

#[test]
fn what_is_nice_to_know_costs_nothing() {
    let stopped = cases::answered(Ok(Reply::Dossier(cases::dossier_reply(Phase::Refused))));
    let text = renderer().render_sms(&stopped, Locale::VI);
    let (folded, accented) = (text.body(folded_parts), text.body(accented_parts));
    assert!(!folded.contains("cccd") && accented.contains("Cá nhân xem thêm"), "{folded}\n{accented}");
    assert_eq!(text.foot.as_deref(), Some("Mã 7K3F"));
    assert_eq!(text.body(|_| 1).matches("TT: ").count(), 1);
}

#[test]
fn a_code_is_sent_with_nothing_that_names_anybody() {
    let text = renderer().notify_sms(
        &Subject::OneTimeCode { code: gateway_core::domain::OneTimeCode::parse("048213").unwrap(), minutes: 5 },
        Locale::VI,
    );
    let said = message(&text, folded_parts);
    assert!(
        said.starts_with("048213 ") && said.contains("5 phút") && said.contains("Không đưa mã này cho ai"),
        "{said}"
    );
    assert!(!said.contains("H09") && !said.contains("7K3F"), "{said}");
}

#[test]
fn the_words_to_send_are_the_channels() {
    let words = |keywords: Keywords| renderer().with_keywords(keywords);
    let ours =
        words(Keywords { stop: "THOI".into(), status: "HCC DN".into(), more: "NUA".into(), ..Keywords::default() });
    let help = ours.render_sms(&cases::answered(Ok(Reply::Help)), Locale::VI).body(folded_parts);
    assert!(help.contains("HCC DN <mã hồ sơ>") && help.contains("THOI để") && help.contains("TTHC <"), "{help}");
    assert_eq!(ours.sms_more_hint(Locale::VI), "Soạn NUA để xem tiếp");
    assert_eq!(renderer().sms_more_hint(Locale::EN), "Text TIEP for more");
    let refused = cases::answered(Err(gateway_core::desk::Refusal::of(RefusalKind::ProofNeeded)));
    let notify = Keywords { notify: "TIN".into(), ..Keywords::default() };
    let said = words(notify).render_sms(&refused, Locale::VI).body(folded_parts);
    assert!(said.contains("TIN <mã hồ sơ>"), "{said}");
}
