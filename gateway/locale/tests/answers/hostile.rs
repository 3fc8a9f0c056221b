//! Texts of other systems may hold anything.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::desk::{
    Action, AnswerCode, Answered, DeskHours, DisclosedReply, ElsewhereReply, Focus, Focuses, Lateness, NextStep,
    NotYetReply, PersonReply, ProcedureReply, Question, QuestionKind, Refusal, RefusalKind, Reply, Service, Topic,
};
use gateway_core::domain::{
    Agency, Fee, FeeDue, FeeReading, Level, Locale, Method, MissingPaper, Money, PaperCase, PaperItem, Phase,
    Procedure, ProcedureResult, ProcessingTime, ReasonKind, SubmissionChannel, TimeUnit,
};
use gateway_core::ports::ProcedureQuery;
use gateway_locale::{Alphabet, Locales, Medium, Rendered, is_gsm_basic};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::cases;

/// What breaks naive templates, terminals and segment counters.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,80}",
        "[\\x00-\\x7f]{0,60}",
        select(vec![
            "{ $agency }".to_owned(),
            "{ phase-other }".to_owned(),
            "{\"\\u0041\"} { -term } *[other]".to_owned(),
            "\u{1b}[2J\u{7}\r\n\r\n.".to_owned(),
            "\u{202e}gnod\u{2066}".to_owned(),
            "\u{202a}\u{202b}a\u{202c}\u{202d}b\u{2067}\u{2068}c\u{2069}\u{200f}\u{61c}".to_owned(),
            "\u{1b}[31mđỏ\u{1b}[0m \u{1b}]0;title\u{7} \u{9b}2J \u{1b}]8;;https://x.vn\u{1b}\\x".to_owned(),
            "https://evil.example.com/?a=b dichvucong.gov.vn".to_owned(),
            "ữ".repeat(5_000),
            "€{}[]~|\\^".repeat(90),
            "👨‍👩‍👧‍👦".repeat(100),
            String::new(),
        ]),
    ]
}

fn days() -> impl Strategy<Value = u32> {
    prop_oneof![0_u32..5, any::<u32>()]
}

fn any_date() -> impl Strategy<Value = Date> {
    (-9_999_i16..=9_999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn lateness() -> impl Strategy<Value = Lateness> {
    (any_date(), any_date(), days(), 0_u8..6).prop_map(|(on, other, working_days, which)| match which {
        0 => Lateness::Due { on, working_days },
        1 => Lateness::Overdue { since: on, working_days },
        2 => Lateness::FinishedLate { due: on, finished: other, working_days },
        3 => Lateness::FinishedInTime,
        4 => Lateness::ClockStands,
        _ => Lateness::NotPublished,
    })
}

fn disclosed() -> impl Strategy<Value = DisclosedReply> {
    let state = (
        select(Phase::ALL.to_vec()),
        select(NextStep::ALL.to_vec()),
        proptest::option::of(select(ReasonKind::ALL.to_vec())),
        lateness(),
        -377_705_023_201_i64..253_402_207_200,
        any::<[bool; 4]>(),
    );
    let words = (
        proptest::option::of(nasty()),
        proptest::option::of(nasty()),
        proptest::option::of(nasty()),
        proptest::option::of(nasty()),
        proptest::collection::vec((nasty(), 0_i64..=1_000_000_000_000_000), 0..4),
    );
    (state, words).prop_map(|((phase, next_step, reason_kind, lateness, second, flags), words)| {
        let (agency, name, contact, reason, fees) = words;
        let mut public = cases::dossier_reply(phase);
        let dossier = Arc::make_mut(&mut public.dossier);
        dossier.agency = agency.map(Into::into);
        dossier.reason_kind = reason_kind;
        dossier.status.source_text = reason.clone().map(Into::into);
        public.next_step = next_step;
        public.lateness = lateness;
        public.handled_by = fees.first().map(|(text, _)| {
            Arc::new(Agency {
                name: text.clone(),
                english: Some(text.clone()),
                phone: None,
                ..Agency::clone(&cases::ward())
            })
        });
        public.procedure = name.as_ref().filter(|_| fees.len() % 2 == 0).map(|name| {
            Arc::new(Procedure {
                short_name: name.clone(),
                english_name: Some(name.clone()),
                name: name.clone(),
                ..cases::residence()
            })
        });
        Arc::make_mut(&mut public.dossier).procedure_name = name.map(Into::into);
        public.contact = contact.map(Into::into);
        public.age.as_of = Timestamp::from_second(second).unwrap();
        [public.age.stale, public.more_with_proof, public.name_withheld, _] = flags;
        DisclosedReply {
            public,
            masked_name: reason.clone(),
            missing_papers: fees.iter().map(|(what, _)| MissingPaper { what: what.clone(), asked_on: None }).collect(),
            fees: fees
                .into_iter()
                .map(|(name, dong)| FeeDue { name, amount: Money::from_dong(dong).unwrap() })
                .collect(),
            reason,
        }
    })
}

fn procedure() -> impl Strategy<Value = Procedure> {
    let method = (nasty(), any::<f64>(), 0_i64..=1_000_000_000_000_000, any_date(), 0_u8..12).prop_map(
        |(text, amount, dong, until, which)| Method {
            channel: match which % 4 {
                0 => SubmissionChannel::InPerson,
                1 => SubmissionChannel::Online,
                2 => SubmissionChannel::Post,
                _ => SubmissionChannel::Other(text.clone()),
            },
            time: match which % 5 {
                0 => ProcessingTime::NotPublished,
                1 => ProcessingTime::UnitNotPublished { amount },
                2 => ProcessingTime::Text(text.clone()),
                3 => ProcessingTime::Published { amount, unit: TimeUnit::WorkingDays },
                _ => ProcessingTime::Published { amount, unit: TimeUnit::Years },
            },
            fee: Fee {
                published: None,
                reading: match which % 6 {
                    0 => FeeReading::NotPublished,
                    1 => FeeReading::Free,
                    2 => FeeReading::SeeNote,
                    3 => FeeReading::Text(text.clone()),
                    _ => FeeReading::Amount {
                        amount: Money::from_dong(dong).unwrap(),
                        conditional: which > 5,
                        until: (which % 2 == 0).then_some(until),
                    },
                },
            },
            note: (which > 3).then_some(text),
        },
    );
    let papers = proptest::collection::vec((nasty(), any::<u32>(), any::<u32>()), 0..10);
    let long = || proptest::option::of(proptest::collection::vec(nasty(), 0..6).prop_map(|lines| lines.join("\n")));
    (proptest::collection::vec(method, 0..5), papers, nasty(), nasty(), nasty(), long(), long()).prop_map(
        |(methods, papers, name, field, url, steps, conditions)| Procedure {
            applicants: vec![url.clone(), name.clone()],
            results: vec![ProcedureResult { name: field.clone(), code: None }],
            steps,
            conditions,
            methods,
            papers: vec![PaperCase {
                case: field.clone(),
                items: papers
                    .into_iter()
                    .map(|(name, originals, copies)| PaperItem { name, originals, copies })
                    .collect(),
            }],
            short_name: name.clone(),
            english_name: Some(name.clone()),
            name,
            levels: vec![Level::Other(field.clone())],
            source: field.clone(),
            field,
            url: Some(url),
            ..cases::procedure()
        },
    )
}

fn focuses() -> impl Strategy<Value = Focuses> {
    subsequence(Focus::PARTS.to_vec(), 0..=8).prop_map(Focuses::from_iter)
}

/// Hours as any calendar may make them, and a telephone as an operator may write it.
fn hours() -> impl Strategy<Value = DeskHours> {
    let opens_at = (any_date(), 0_i8..24, 0_i8..60).prop_map(|(day, hour, minute)| day.at(hour, minute, 0, 0));
    (any::<[bool; 7]>(), any::<[bool; 3]>(), 0_usize..3, proptest::option::of(opens_at), proptest::option::of(nasty()))
        .prop_map(|(week, flags, sessions, opens_at, hotline)| {
            let usual = cases::talk::hours();
            let [saturday_mornings, open_now, opens_today] = flags;
            let sessions = usual.sessions.iter().take(sessions).copied().collect();
            let hotline = hotline.map(Into::into);
            DeskHours { sessions, week, saturday_mornings, open_now, opens_at, opens_today, hotline }
        })
}

fn talk() -> impl Strategy<Value = Reply> {
    let hotline = || proptest::option::of(nasty()).prop_map(|phone| phone.map(Into::into));
    prop_oneof![
        hours().prop_map(Reply::OpeningHours),
        (hours(), any::<bool>()).prop_map(|(hours, after_misunderstandings)| {
            Reply::Person(PersonReply { after_misunderstandings, hours, callback: false })
        }),
        (select(Service::ALL.to_vec()), hotline()).prop_map(|(service, hotline)| Reply::NotYet(NotYetReply {
            service,
            hotline,
            officers: false
        })),
        (select(Topic::ALL.to_vec()), hotline()).prop_map(|(topic, hotline)| Reply::TurnedAway { topic, hotline }),
    ]
}

fn reply() -> impl Strategy<Value = Reply> {
    prop_oneof![
        talk(),
        disclosed().prop_map(|private| Reply::Dossier(private.public)),
        disclosed().prop_map(|private| Reply::Disclosed(Box::new(private))),
        (proptest::option::of(nasty()), proptest::option::of(nasty())).prop_map(|(authority, ask_at)| {
            Reply::Elsewhere(ElsewhereReply {
                number: cases::number(cases::NUMBER),
                authority: authority.map(Into::into),
                ask_at: ask_at.map(Into::into),
            })
        }),
        nasty().prop_map(|text| {
            let query = ProcedureQuery { text, ..ProcedureQuery::default() };
            let choices = vec![Action::FindProcedures { query, focus: Focus::Overview.into() }];
            Reply::Question(Arc::new(Question { kind: QuestionKind::WhichProcedure, choices }))
        }),
        (procedure(), procedure(), focuses(), any_date()).prop_map(|(procedure, other, focus, today)| {
            Reply::Procedure(ProcedureReply {
                procedure: Arc::new(procedure),
                focus,
                also: vec![Arc::new(other)],
                today,
            })
        }),
    ]
}

fn outcome() -> impl Strategy<Value = Result<Reply, Refusal>> {
    prop_oneof![
        9 => reply().prop_map(Ok),
        1 => any::<Duration>().prop_map(|span| Err(Refusal { kind: RefusalKind::TooMany, retry_after: Some(span) })),
    ]
}

/// Marks that turn the direction of writing.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn check(rendered: &Rendered, medium: Medium) -> Result<(), TestCaseError> {
    for text in [Some(&rendered.text), rendered.rest.as_ref()].into_iter().flatten() {
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        prop_assert!(!text.contains(turns), "a mark that turns the writing was let through");
        if !medium.links {
            prop_assert!(!text.contains("://"), "{text}");
            prop_assert!(!text.contains("gov.vn"), "{text}");
        }
        if medium.alphabet == Alphabet::Gsm7 {
            prop_assert!(text.is_ascii() && text.chars().all(is_gsm_basic), "{text:?}");
        }
    }
    let sends = rendered.choices.iter().filter_map(|choice| choice.send.as_deref());
    for text in rendered.choices.iter().map(|choice| choice.label.as_str()).chain(sends) {
        prop_assert!(!text.contains(|c: char| c.is_control() || turns(c)), "{text:?}");
    }
    if let Some(budget) = medium.budget {
        let units = match medium.alphabet {
            Alphabet::Gsm7 => rendered.text.chars().count(),
            Alphabet::Unicode => rendered.text.encode_utf16().count(),
        };
        prop_assert!(units <= budget.most(), "{units}: {}", rendered.text);
    }
    if medium == Medium::SPEECH {
        let spoken = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '?' | '!' | ':' | '\'');
        prop_assert!(rendered.text.chars().all(spoken), "{}", rendered.text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn whatever_the_portal_writes_an_answer_is_rendered(outcome in outcome(), bits in any::<u64>()) {
        let locales = Locales::embedded().unwrap();
        let notices = Arc::new([cases::notice()]);
        let answered = Answered { code: AnswerCode::from_bits(bits), notices, action: None, locale: Locale::VI, outcome };
        for locale in [Locale::VI, Locale::EN] {
            for medium in [Medium::PLAIN, Medium::CHAT, Medium::sms(true), Medium::sms(false), Medium::SPEECH] {
                let rendered = locales.render(&answered, locale, medium);
                prop_assert!(medium == Medium::SPEECH || rendered.text.contains(answered.code.as_str()));
                check(&rendered, medium)?;
            }
        }
    }

    #[test]
    fn the_texts_of_wires_are_as_clean(private in disclosed(), procedure in procedure()) {
        let locales = Locales::embedded().unwrap();
        for locale in [Locale::VI, Locale::EN] {
            let all = format!(
                "{:?} {:?} {:?}",
                locales.dossier_texts(&private.public, locale),
                locales.disclosed_texts(&private, locale),
                locales.procedure_texts(&procedure, Date::constant(2026, 10, 24), locale),
            );
            // `Debug` writes them as escapes, and a backslash as two.
            let all = all.replace(r"\\", "");
            let forbidden = ('\0'..=' ').chain('\u{7f}'..='\u{9f}').chain('\u{200e}'..='\u{2069}');
            for c in forbidden.filter(|c| c.is_control() || turns(*c)) {
                prop_assert!(!all.contains(&c.escape_debug().to_string()), "{c:?}: {all}");
            }
        }
    }

    #[test]
    fn what_looks_like_fluent_is_shown_as_it_is(agency in "[{}$a-z \"-]{1,30}") {
        let mut reply = cases::dossier_reply(Phase::InProgress);
        Arc::make_mut(&mut reply.dossier).agency = Some(agency.as_str().into());
        reply.handled_by = None;
        let texts = Locales::embedded().unwrap().dossier_texts(&reply, Locale::EN);
        let shown: Vec<&str> = agency.split_whitespace().collect();
        prop_assert!(texts.summary.contains(&shown.join(" ")), "{}", texts.summary);
    }
}
