//! What each reply costs, in every language and under every policy. It prints a
//! table, and fails where a common answer takes more than it may:
//!
//! `cargo test -p channel-sms --test templates -- --nocapture`

#![expect(clippy::unwrap_used, reason = "the whole target is tests")]

// The replies are those of the locale's own tests: one list, read twice.
#[path = "../../../gateway/locale/tests/answers/cases.rs"]
mod cases;

use std::sync::Arc;

use channel_sms::codec::{Alphabet, ReferenceBits};
use channel_sms::segment::{Options, Policy, Segmented, segment};
use gateway_core::desk::{Answered, DossierReply, PersonReply, Reply};
use gateway_core::domain::{Locale, Phase, Procedure, ReasonKind};
use gateway_locale::{Locales, Renderer};

const LOCALES: [Locale; 2] = [Locale::VI, Locale::EN];

/// The longest short name of the catalogue, 40 letters.
const LONGEST_NAME: &str = "Đăng ký khai sinh có yếu tố nước ngoài X";

fn cut(text: &str, policy: Policy) -> Segmented {
    segment(text, &Options { policy, max_parts: u8::MAX, reference: ReferenceBits::Eight, more: None })
}

/// The whole message as the channel sends it.
fn message(renderer: &Renderer, answered: &Answered, locale: Locale, policy: Policy) -> Segmented {
    let text = renderer.render_sms(answered, locale);
    let body = text.body(|whole| cut(whole, policy).parts.len());
    cut(&text.foot.map_or(body.clone(), |foot| format!("{body} {foot}")), policy)
}

fn units(cut: &Segmented) -> usize {
    cut.parts.iter().map(|part| cut.alphabet.units(part)).sum()
}

/// Every status with the longest name, agency and date, late and in time.
fn statuses() -> Vec<(String, DossierReply)> {
    let longest = |mut reply: DossierReply| {
        reply.procedure =
            Some(Arc::new(Procedure { short_name: LONGEST_NAME.into(), english_name: None, ..cases::residence() }));
        reply.handled_by = None;
        Arc::make_mut(&mut reply.dossier).agency = Some("Trung tâm Phục vụ hành chính công phường Thủ Dầu Một".into());
        reply
    };
    let mut all: Vec<(String, DossierReply)> =
        Phase::ALL.into_iter().map(|phase| (phase.key().to_owned(), longest(cases::dossier_reply(phase)))).collect();
    all.push(("overdue".into(), longest(cases::overdue(123))));
    all.push(("from memory".into(), longest(cases::stale())));
    for reason in ReasonKind::ALL {
        all.push((format!("refused, {}", reason.key()), longest(cases::refused(Some(reason)))));
    }
    all
}

#[test]
fn a_status_is_one_folded_part_and_three_accented_ones_at_most() {
    let renderer = Renderer::new(Arc::new(Locales::embedded().unwrap()));
    assert_eq!(LONGEST_NAME.chars().count(), 40);
    println!("{:<36} {:<6} {:>7} {:>6} {:>9} {:>6}", "STATUS", "LOCALE", "FOLDED", "PARTS", "ACCENTED", "PARTS");
    for (name, reply) in statuses() {
        let answered = cases::answered(Ok(Reply::Dossier(reply)));
        for locale in LOCALES {
            let folded = message(&renderer, &answered, locale, Policy::Folded);
            let accented = message(&renderer, &answered, locale, Policy::Accented);
            println!(
                "{name:<36} {:<6} {:>7} {:>6} {:>9} {:>6}",
                locale.as_str(),
                units(&folded),
                folded.parts.len(),
                units(&accented),
                accented.parts.len()
            );
            assert_eq!(folded.alphabet, Alphabet::Gsm7);
            assert_eq!(folded.parts.len(), 1, "{name} in {locale}: {:?}", folded.parts);
            assert!(accented.parts.len() <= 3, "{name} in {locale}: {:?}", accented.parts);
        }
    }
}

/// What is said in passing: greetings, hours, the way to a person, what is not done here.
fn is_talk(answered: &Answered) -> bool {
    matches!(
        answered.outcome,
        Ok(Reply::Greeting
            | Reply::Thanks
            | Reply::LeftLine
            | Reply::CallbackNoted { .. }
            | Reply::OnlyText
            | Reply::RateAsk { .. }
            | Reply::Rated { .. }
            | Reply::RateHow { .. }
            | Reply::OpeningHours(_)
            | Reply::Person(PersonReply { callback: false, .. })
            | Reply::NotYet(_)
            | Reply::TurnedAway { .. })
    )
}

#[test]
fn every_reply_can_be_sent_and_its_cost_is_known() {
    let renderer = Renderer::new(Arc::new(Locales::embedded().unwrap()));
    println!("{:<48} {:<6} {:>7} {:>6} {:>9} {:>6}", "REPLY", "LOCALE", "FOLDED", "PARTS", "ACCENTED", "PARTS");
    let mut dearest = 0;
    for (name, answered) in cases::all() {
        for locale in LOCALES {
            let folded = message(&renderer, &answered, locale, Policy::Folded);
            let accented = message(&renderer, &answered, locale, Policy::Accented);
            println!(
                "{name:<48} {:<6} {:>7} {:>6} {:>9} {:>6}",
                locale.as_str(),
                units(&folded),
                folded.parts.len(),
                units(&accented),
                accented.parts.len()
            );
            let joined = folded.parts.concat();
            assert!(!joined.trim().is_empty(), "{name} says nothing in {locale}");
            assert!(!joined.contains("://") && !joined.contains("www."), "{name} has a link: {joined}");
            dearest = dearest.max(folded.parts.len());
            if matches!(answered.outcome, Err(_) | Ok(Reply::Question(_) | Reply::Subscribed(_) | Reply::WillAnswer)) {
                assert!(folded.parts.len() <= 2, "{name} in {locale} takes {} parts", folded.parts.len());
            }
            if is_talk(&answered) {
                assert_eq!(folded.parts.len(), 1, "{name} in {locale}: {joined}");
                assert!(accented.parts.len() <= 3, "{name} in {locale}: {:?}", accented.parts);
            }
        }
    }
    assert!(dearest > 3, "the long ones are among them: they go on with TIEP");
}
