//! What every answer promises, whatever its words.

use std::sync::Arc;

use gateway_core::desk::{DossierReply, Focus, Lateness, Refusal, RefusalKind, Reply};
use gateway_core::domain::{Locale, Phase, ReasonKind};
use gateway_locale::{Locales, Medium, Rendered, is_gsm_basic, septets};
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
        reply.procedure_name = Some(short_name.into());
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
                assert!(locales.render(&answered, locale, medium).text.contains("7K3F"), "{name}");
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
        let kinds = [
            RefusalKind::DossierNotFound,
            RefusalKind::DossierTooNew,
            RefusalKind::NotDisclosed,
            RefusalKind::ProcedureNotFound,
            RefusalKind::NotUnderstood,
            RefusalKind::NotANumber,
            RefusalKind::TooMany,
            RefusalKind::TooManyDossiers,
            RefusalKind::PortalDown,
            RefusalKind::TooLate,
            RefusalKind::Internal,
        ];
        let refusals: Vec<String> =
            kinds.into_iter().map(|kind| locales.refusal_detail(&Refusal::of(kind), locale)).collect();
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
fn who_must_do_something_learns_how_to_see_more_even_by_sms() {
    for phase in [Phase::Refused, Phase::PapersRequested, Phase::PaymentRequested, Phase::Stopped] {
        for locale in LOCALES {
            let sms = render(Reply::Dossier(cases::dossier_reply(phase)), locale, Medium::sms(true));
            assert!(sms.text.contains("cccd") && sms.rest.is_none(), "{}", sms.text);
            // Two joined parts.
            assert!(septets(&sms.text).unwrap() <= 306, "{}", sms.text);
        }
    }
}

#[test]
fn a_withheld_name_is_nowhere() {
    let reply = DossierReply { procedure_name: None, name_withheld: true, ..cases::dossier_reply(Phase::InProgress) };
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
        Reply::Procedure(gateway_core::desk::ProcedureReply {
            procedure: Arc::new(cases::trapped()),
            focus: Focus::Fee,
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
