//! What every answer promises, whatever its words.

use std::sync::Arc;

use gateway_core::desk::{DossierReply, Focus, Lateness, NextStep, ProcedureReply, Refusal, RefusalKind, Reply};
use gateway_core::domain::{Agency, Locale, Phase, Procedure, ReasonKind};
use gateway_locale::{Locales, Medium, Rendered, agency_of, is_gsm_basic, procedure_of, septets};
use jiff::civil::date;

use crate::cases;

const LOCALES: [Locale; 2] = [Locale::VI, Locale::EN];

fn render(reply: Reply, locale: Locale, medium: Medium) -> Rendered {
    Locales::embedded().unwrap().render(&cases::answered(Ok(reply)), locale, medium)
}

fn say(reply: DossierReply, locale: Locale) -> String {
    render(Reply::Dossier(reply), locale, Medium::PLAIN).text
}

#[test]
fn every_folded_sms_is_plain_ascii_of_the_gsm_basic_set_and_keeps_its_budget() {
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        for (name, answered) in cases::all() {
            let medium = Medium::sms(true);
            let rendered = locales.render(&answered, locale, medium);
            let length = septets(&rendered.text).unwrap_or_else(|| panic!("{name}: {}", rendered.text));
            assert!(length <= medium.budget.unwrap().most(), "{name}: {length}");
            for text in [Some(&rendered.text), rendered.rest.as_ref()].into_iter().flatten() {
                assert!(text.is_ascii() && text.chars().all(is_gsm_basic) && !text.contains('\n'), "{name}: {text}");
            }
        }
    }
}

#[test]
fn an_accented_sms_keeps_its_budget_and_is_one_line() {
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        for (name, answered) in cases::all() {
            let medium = Medium::sms(false);
            let rendered = locales.render(&answered, locale, medium);
            assert!(rendered.text.encode_utf16().count() <= medium.budget.unwrap().most(), "{name}");
            assert!(!rendered.text.contains('\n'), "{name}");
        }
    }
}

#[test]
fn a_status_with_its_procedure_agency_and_date_is_one_sms() {
    let short_name = "Đăng ký khai sinh có yếu tố nước ngoài X";
    assert_eq!(short_name.chars().count(), 40);
    for phase in [Phase::Accepted, Phase::InProgress] {
        let mut reply = cases::dossier_reply(phase);
        reply.procedure =
            Some(Arc::new(Procedure { short_name: short_name.into(), english_name: None, ..cases::residence() }));
        reply.handled_by = None;
        Arc::make_mut(&mut reply.dossier).agency = Some("Trung tâm Phục vụ hành chính công phường Thủ Dầu Một".into());
        for (locale, number) in LOCALES.into_iter().zip([cases::NUMBER; 2]) {
            let text = render(Reply::Dossier(reply.clone()), locale, Medium::sms(true)).text;
            assert!(septets(&text).unwrap() <= 160, "{} {text}", text.len());
            for part in [number, "Dang ky khai sinh co yeu to nuoc ngoai X", "Thu Dau Mot", "28/10/2026", "7K3F"] {
                assert!(text.contains(part), "{text}");
            }
        }
    }
}

#[test]
fn an_sms_and_a_voice_never_hold_a_link() {
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        for medium in [Medium::sms(true), Medium::sms(false), Medium::SPEECH] {
            for (name, answered) in cases::all() {
                let rendered = locales.render(&answered, locale, medium);
                let all = format!("{} {}", rendered.text, rendered.rest.unwrap_or_default()).to_lowercase();
                for link in ["http", "www.", ".vn", ".com", "://"] {
                    assert!(!all.contains(link), "{name}: {all}");
                }
            }
        }
    }
}

#[test]
fn a_voice_says_only_letters_digits_and_pauses() {
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        for (name, answered) in cases::all() {
            let text = locales.render(&answered, locale, Medium::SPEECH).text;
            let spoken = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '?' | '!' | ':' | '\'');
            assert!(text.chars().all(spoken), "{name}: {text}");
            for abbreviation in ["UBND", "VND", "CCCD", "ông/bà"] {
                assert!(!text.contains(abbreviation), "{name}: {text}");
            }
        }
    }
}

#[test]
fn every_answer_carries_its_code() {
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        for medium in [Medium::PLAIN, Medium::CHAT, Medium::sms(true), Medium::sms(false)] {
            for (name, answered) in cases::all() {
                let text = locales.render(&answered, locale, medium).text;
                assert!(text.contains("7K3F"), "{name}: {text}");
            }
        }
        let spoken = locales.render(&cases::answered(Ok(Reply::Help)), locale, Medium::SPEECH).text;
        assert!(spoken.contains("7 K 3 F"), "{spoken}");
    }
}

#[test]
fn every_status_and_every_refusal_has_its_own_words() {
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        let statuses: Vec<String> = Phase::ALL.map(|phase| say(cases::dossier_reply(phase), locale)).to_vec();
        let refusals: Vec<String> =
            RefusalKind::ALL.into_iter().map(|kind| locales.refusal_detail(&Refusal::of(kind), locale)).collect();
        for words in [statuses, refusals] {
            let mut distinct = words.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!(distinct.len(), words.len());
        }
    }
}

#[test]
fn an_overdue_dossier_is_told_with_days_agency_and_a_person_and_no_invented_date() {
    let text = say(cases::overdue(3), Locale::VI);
    for part in ["20/10/2026", "chậm 3 ngày làm việc", "UBND phường Thủ Dầu Một", "0274.1022", "Chưa có ngày hẹn mới"]
    {
        assert!(text.contains(part), "{text}");
    }
    let text = say(DossierReply { contact: None, ..cases::overdue(1) }, Locale::EN);
    assert!(text.contains("1 working day late") && text.contains("You can go to the desk"), "{text}");
}

#[test]
fn a_paused_dossier_says_that_no_deadline_is_published() {
    for phase in [Phase::Refused, Phase::PapersRequested, Phase::PaymentRequested, Phase::Stopped] {
        for lateness in [Lateness::ClockStands, Lateness::NotPublished] {
            let reply = DossierReply { lateness, ..cases::dossier_reply(phase) };
            assert!(say(reply.clone(), Locale::VI).contains("chưa được công bố"), "{phase:?}");
            assert!(say(reply, Locale::EN).contains("has been published"), "{phase:?}");
        }
    }
}

#[test]
fn who_does_not_read_vietnamese_gets_the_english_names_where_there_are_some() {
    let reply = cases::dossier_reply(Phase::InProgress);
    let names = |reply: &DossierReply, locale| {
        (procedure_of(reply, locale).unwrap().to_owned(), agency_of(reply, locale).unwrap().to_owned())
    };
    assert_eq!(names(&reply, Locale::VI), ("Đăng ký thường trú".into(), "UBND phường Thủ Dầu Một".into()));
    let english = ("Permanent residence".into(), "People's Committee of Thủ Dầu Một ward".into());
    assert_eq!(names(&reply, Locale::EN), english);
    for (text, locale) in LOCALES.map(|locale| (say(reply.clone(), locale), locale)) {
        let (procedure, agency) = names(&reply, locale);
        assert!(text.contains(&procedure) && text.contains(&agency), "{text}");
    }
    let without = DossierReply {
        procedure: Some(Arc::new(Procedure { english_name: Some(" ".into()), ..cases::residence() })),
        handled_by: Some(Arc::new(Agency { english: None, ..Agency::clone(&cases::ward()) })),
        ..reply
    };
    assert_eq!(names(&without, Locale::EN), names(&without, Locale::VI));
    let source = cases::known_to_the_source_only();
    assert_eq!(names(&source, Locale::EN), ("Cấp giấy phép xe tập lái".into(), "Sở Xây dựng".into()));
}

#[test]
fn what_another_agency_decides_is_handed_in_there_and_waits_for_nothing_here() {
    let reply = cases::refused(Some(ReasonKind::NotCompetent));
    assert_eq!(reply.next_step, NextStep::HandInElsewhere);
    for medium in [Medium::PLAIN, Medium::CHAT, Medium::sms(false), Medium::SPEECH] {
        let text = render(Reply::Dossier(reply.clone()), Locale::VI, medium).text;
        assert!(!text.contains("nộp lại") && !text.contains("Hạn") && !text.contains("hạn"), "{text}");
        let text = render(Reply::Dossier(reply.clone()), Locale::EN, medium).text;
        assert!(
            !text.contains("hand the dossier in again") && !text.contains("deadline") && !text.contains("correct"),
            "{text}"
        );
    }
    assert!(say(reply.clone(), Locale::VI).contains("cơ quan nào giải quyết, rồi nộp hồ sơ ở đó"));
    assert!(Locales::embedded().unwrap().dossier_texts(&reply, Locale::VI).lateness.is_none());
}

#[test]
fn where_the_agencys_own_words_stand_it_is_not_said_that_no_deadline_is_published() {
    let denies = |text: &str| ["Hạn ", "hưa công bố hạn", "o deadline"].into_iter().any(|words| text.contains(words));
    for phase in [Phase::Refused, Phase::PapersRequested, Phase::PaymentRequested, Phase::Stopped] {
        for medium in [Medium::PLAIN, Medium::CHAT, Medium::sms(false), Medium::SPEECH] {
            for locale in LOCALES {
                let told = |full| render(cases::private(cases::dossier_reply(phase), full), locale, medium).text;
                assert!(!denies(&told(true)), "{}", told(true));
                assert!(denies(&told(false)), "{}", told(false));
            }
        }
    }
    // Words that say nothing are no words.
    let Reply::Disclosed(mut private) = cases::private(cases::dossier_reply(Phase::PapersRequested), false) else {
        panic!("another reply")
    };
    private.reason = Some(" \u{200b}\n".into());
    let text = render(Reply::Disclosed(private), Locale::VI, Medium::PLAIN).text;
    assert!(text.contains("Hạn nộp bổ sung chưa được công bố") && text.contains("Lý do: "), "{text}");
}

#[test]
fn a_dossier_that_has_left_an_agency_does_not_lie_there() {
    for medium in [Medium::CHAT, Medium::sms(false), Medium::SPEECH] {
        for phase in [Phase::Withdrawn, Phase::Returned] {
            let text = render(Reply::Dossier(cases::dossier_reply(phase)), Locale::VI, medium).text;
            assert!(text.contains("Thủ Dầu Một") && !text.contains("đang ở") && !text.contains(" tại "), "{text}");
        }
    }
    let posted = DossierReply { next_step: NextStep::WaitForPost, ..cases::dossier_reply(Phase::ResultReady) };
    assert!(!render(Reply::Dossier(posted), Locale::VI, Medium::CHAT).text.contains("đang ở"));
}

fn ask(procedure: Procedure, focus: Focus, medium: Medium) -> String {
    let reply = ProcedureReply {
        procedure: Arc::new(procedure),
        focus: focus.into(),
        also: Vec::new(),
        today: date(2026, 10, 24),
    };
    render(Reply::Procedure(reply), Locale::VI, medium).text
}

#[test]
fn papers_of_several_cases_are_never_one_list() {
    let text = ask(cases::by_case(), Focus::Overview, Medium::PLAIN);
    let expected = "Giấy tờ cần có:\n- Tờ khai đăng ký khai sinh (1 bản chính)\n- Giấy chứng sinh (1 bản chính)\n\
                    Trẻ bị bỏ rơi:\n- Biên bản về việc trẻ bị bỏ rơi (1 bản chính)\n\
                    Nhờ người khác làm thay: 10 loại giấy tờ\nCòn 10 giấy tờ nữa.";
    assert!(text.contains(expected) && !text.contains("Chỉ có lưu ý"), "{text}");
    // The whole list: the common case first, everything in it.
    let text = ask(cases::by_case(), Focus::Papers, Medium::PLAIN);
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    assert!(at("Giấy chứng sinh") < at("Trẻ bị bỏ rơi:"));
    assert!(at("Giấy ủy quyền thứ 10") < at("Chỉ có lưu ý:"));
    let text = ask(cases::alternatives(), Focus::Overview, Medium::PLAIN);
    let expected = "Giấy tờ cần có:\nCá nhân, hộ gia đình:\n- Tờ khai (mẫu CT01) (1 bản chính)\n\
                    - Giấy tờ về chỗ ở (1 bản sao)\nĐăng ký theo danh sách:\n- Văn bản đề nghị";
    assert!(text.contains(expected), "{text}");
    // One figure for all cases would be true of none.
    for procedure in [cases::by_case(), cases::alternatives()] {
        let spoken = ask(procedure, Focus::Overview, Medium::SPEECH);
        assert!(spoken.contains("Giấy tờ tùy từng trường hợp."), "{spoken}");
    }
}

#[test]
fn beside_a_time_stands_what_speaks_of_time_and_beside_a_fee_every_note() {
    let time = ask(cases::procedure(), Focus::Time, Medium::PLAIN);
    assert!(time.contains("đến hết ngày 31/12/2026") && !time.contains("bưu chính"), "{time}");
    let fee = ask(cases::procedure(), Focus::Fee, Medium::PLAIN);
    assert!(fee.contains("đến hết ngày 31/12/2026") && fee.contains("Trả phí cho đơn vị bưu chính"), "{fee}");
    // What is left out makes no difference between two methods.
    let mut procedure = cases::procedure();
    for (method, note) in procedure.methods.iter_mut().zip(["Thu 70.000 đồng.", "Giảm 50%.", "Tự trả phí."]) {
        method.note = Some(note.into());
    }
    let time = ask(procedure, Focus::Time, Medium::PLAIN);
    assert!(time.contains("- Trực tiếp, Trực tuyến, Qua bưu điện: 7 ngày làm việc.\nNguồn"), "{time}");
}

#[test]
fn only_persons_are_told_to_send_their_last_four_digits() {
    for medium in [Medium::PLAIN, Medium::CHAT, Medium::SMS_WHOLE, Medium::SPEECH] {
        let of = |locale| render(Reply::Dossier(cases::dossier_reply(Phase::Stopped)), locale, medium).text;
        let vietnamese = of(Locale::VI);
        assert!(["cá nhân", "Cá nhân"].iter().any(|word| vietnamese.contains(word)), "{vietnamese}");
        assert!(of(Locale::EN).contains("person"), "{}", of(Locale::EN));
    }
}

#[test]
fn a_refused_or_stopped_dossier_always_has_a_reason_and_a_next_step() {
    for reason in [None].into_iter().chain(ReasonKind::ALL.map(Some)) {
        for phase in [Phase::Refused, Phase::Stopped] {
            let mut reply = cases::dossier_reply(phase);
            Arc::make_mut(&mut reply.dossier).reason_kind = reason;
            let text = say(reply.clone(), Locale::VI);
            assert!(text.contains("Lý do: ") && text.contains("Việc cần làm: "), "{text}");
            let texts = Locales::embedded().unwrap().dossier_texts(&reply, Locale::VI);
            assert!(texts.reason.is_some() && !texts.next_step.is_empty() && texts.contact.is_some());
        }
    }
}

#[test]
fn who_must_do_something_learns_how_to_see_more_by_sms_where_it_costs_no_part_more() {
    for phase in [Phase::Refused, Phase::PapersRequested, Phase::PaymentRequested, Phase::Stopped] {
        for locale in LOCALES {
            let reply = cases::dossier_reply(phase);
            // The first of what is left out where it does not fit.
            let whole = render(Reply::Dossier(reply.clone()), locale, Medium::SMS_WHOLE).text;
            let name = if locale == Locale::VI { "TT: " } else { "For: " };
            assert!(whole.find("cccd").unwrap() < whole.find(name).unwrap(), "{whole}");
            let folded = render(Reply::Dossier(reply), locale, Medium::sms(true)).text;
            assert!(septets(&folded).unwrap() <= 160, "{folded}");
        }
    }
    // Where it does not fit, help says it.
    let help = render(Reply::Help, Locale::VI, Medium::sms(true)).text;
    assert!(help.contains("them 4 so cuoi can cuoc"), "{help}");
}

#[test]
fn a_withheld_name_is_nowhere() {
    let reply = DossierReply { procedure: None, name_withheld: true, ..cases::dossier_reply(Phase::InProgress) };
    let locales = Locales::embedded().unwrap();
    for locale in LOCALES {
        for medium in [Medium::PLAIN, Medium::CHAT, Medium::sms(true), Medium::sms(false), Medium::SPEECH] {
            let text = render(Reply::Dossier(reply.clone()), locale, medium).text;
            assert!(!text.contains("TÊN CỦA NGUỒN") && !text.contains("TEN CUA NGUON"), "{text}");
            assert!(!text.contains("1.004222"), "{text}");
        }
        assert!(locales.dossier_texts(&reply, locale).name_withheld.is_some());
    }
}

#[test]
fn a_stale_answer_says_when_it_was_true_and_that_the_portal_is_silent() {
    assert!(
        say(cases::stale(), Locale::VI)
            .contains("Theo thông tin lúc 10:31 24/10/2026; cổng dịch vụ công đang tạm thời không trả lời.")
    );
    let sms = render(Reply::Dossier(cases::stale()), Locale::VI, Medium::sms(true)).text;
    assert!(sms.contains("10:31 24/10/2026") && sms.contains("khong tra loi"), "{sms}");
}

#[test]
fn dates_at_the_turn_of_the_year_are_vietnams() {
    let mut reply = cases::stale();
    reply.age.as_of = "2026-12-31T17:00:00Z".parse().unwrap();
    reply.lateness = Lateness::Due { on: date(2027, 1, 1), working_days: 1 };
    let text = say(reply.clone(), Locale::VI);
    assert!(text.contains("00:00 01/01/2027") && text.contains("01/01/2027, còn 1 ngày"), "{text}");
    reply.age.as_of = "2026-12-31T16:59:59Z".parse().unwrap();
    let spoken = render(Reply::Dossier(reply), Locale::EN, Medium::SPEECH).text;
    assert!(spoken.contains("23:59 on 31 December 2026"), "{spoken}");
}

#[test]
fn a_fee_never_stands_without_its_note_source_and_date() {
    let locales = Locales::embedded().unwrap();
    for (name, answered) in cases::all().into_iter().filter(|(name, _)| name.starts_with("procedure, ")) {
        let fee_is_shown = name.ends_with("overview") || name.ends_with("fee");
        for medium in [Medium::PLAIN, Medium::CHAT] {
            let text = locales.render(&answered, Locale::VI, medium).text;
            if fee_is_shown {
                assert!(text.contains("70.000 ₫"), "{name}: {text}");
                assert!(text.contains("thu bằng 50% mức trên") && text.contains("31/12/2026"), "{text}");
            }
            assert!(text.contains("Cơ sở dữ liệu quốc gia về thủ tục hành chính"), "{text}");
        }
        // What does not fit into an SMS is in the rest, not lost.
        let sms = locales.render(&answered, Locale::VI, Medium::sms(true));
        let all = format!("{} {}", sms.text, sms.rest.unwrap_or_default());
        if fee_is_shown {
            assert!(all.contains("70.000d") && all.contains("thu bang 50% muc tren"), "{all}");
        }
        assert!(all.contains("Co so du lieu quoc gia"), "{all}");
    }
}

#[test]
fn what_is_not_published_is_never_free_and_every_condition_is_shown() {
    let texts = Locales::embedded().unwrap().procedure_texts(&cases::trapped(), date(2026, 10, 24), Locale::VI);
    let fees: Vec<&str> = texts.methods.iter().map(|method| method.fee.as_str()).collect();
    assert_eq!(fees.len(), 5);
    assert!(fees.iter().all(|fee| !fee.starts_with("miễn phí")), "{fees:?}");
    assert!(fees[0].contains("chưa được công bố"));
    assert_eq!(fees[1], "xem ghi chú");
    assert!(fees[2].contains("160.000 ₫") && fees[2].contains("đã hết hạn ngày 31/12/2023"), "{}", fees[2]);
    assert_eq!(fees[3], "10 USD");
    assert!(fees[4].contains("xin hỏi"), "{}", fees[4]);
    assert!(texts.methods[0].time.contains('1') && texts.methods[0].time.contains("chưa công bố đơn vị"));
    assert_eq!(texts.methods[1].time, "1,5 ngày");
    assert_eq!(texts.methods[4].time, "1.234 ngày làm việc");
    assert!(texts.methods[1].note.is_some());
    let text = render(
        Reply::Procedure(ProcedureReply {
            procedure: Arc::new(cases::trapped()),
            focus: Focus::Fee.into(),
            also: Vec::new(),
            today: date(2026, 10, 24),
        }),
        Locale::EN,
        Medium::PLAIN,
    )
    .text;
    assert_eq!(text.matches("\n- ").count(), 5, "{text}");
}

#[test]
fn the_owners_part_is_only_in_the_owners_texts() {
    let locales = Locales::embedded().unwrap();
    let (_, answered) = cases::all().into_iter().find(|(name, _)| name == "disclosed, papers requested").unwrap();
    let Ok(Reply::Disclosed(private)) = answered.outcome else { panic!("another case") };
    let open = format!("{:?}", locales.dossier_texts(&private.public, Locale::VI));
    let owner = format!("{:?}", locales.disclosed_texts(&private, Locale::VI));
    for secret in ["N*** V*** A***", "20.000 ₫", "Hợp đồng thuê nhà", "chữ ký của chủ nhà"] {
        assert!(!open.contains(secret) && owner.contains(secret), "{secret}");
    }
}
