//! Conversations, turn by turn, on the small catalogue.

#![expect(clippy::unwrap_used, reason = "helpers of tests, outside of `#[test]` functions")]

mod common;

use std::sync::Arc;

use gateway_core::desk::{Action, Conversation, ProcedureReply, Proof, QuestionKind, Reply};
use gateway_core::domain::Locale;
use gateway_core::ports::{Catalogue as _, Heard, Interpretation, Interpreter as _};
use jiff::civil::date;
use proptest::prelude::*;

use common::HOUSE;

/// One conversation, as the Desk would keep it.
#[derive(Default)]
struct Talk(Conversation);

impl Talk {
    fn say(&mut self, text: &str) -> (Interpretation, Option<Locale>) {
        let before = Some(&self.0).filter(|before| before.turns > 0);
        let heard = Heard { text, locale: Locale::VI, today: date(2026, 11, 27), before };
        let understood = HOUSE.dialogue.interpret(&heard);
        self.0.turns += 1;
        match &understood.meaning {
            Interpretation::Act(Action::ShowProcedure { code, focus, also }) => {
                if let Some(procedure) = HOUSE.catalogue.procedure(code) {
                    let also = also.iter().filter_map(|other| HOUSE.catalogue.procedure(other)).collect();
                    let reply = ProcedureReply { procedure, focus: *focus, also, today: date(2026, 11, 27) };
                    self.0.hears(&Reply::Procedure(reply));
                }
            }
            Interpretation::Ask(question) => self.0.hears(&Reply::Question(Arc::clone(question))),
            _ => {}
        }
        (understood.meaning, understood.locale)
    }

    /// One line for what was understood.
    fn hears(&mut self, text: &str) -> String {
        match self.say(text).0 {
            Interpretation::Act(Action::ShowProcedure { code, focus, .. }) => format!("{code} {}", focus.key()),
            Interpretation::Act(Action::TrackDossier { number }) => format!("track {number}"),
            Interpretation::Act(Action::DiscloseDossier { number, proof: Proof::IdLastFour(four) }) => {
                format!("disclose {number} {}", four.digits())
            }
            Interpretation::Act(Action::RateDossier { number, given, .. }) => {
                format!("rate {number} {}", given.map_or(0, |given| given.score.number()))
            }
            Interpretation::Act(Action::TurnAway { topic }) => format!("away {}", topic.key()),
            Interpretation::Act(action) => action.key().to_owned(),
            Interpretation::Ask(question) => match question.kind {
                QuestionKind::WhichProcedure => "which".to_owned(),
                QuestionKind::NumberMissing => "number?".to_owned(),
                QuestionKind::ProcedureMissing => "procedure?".to_owned(),
                _ => "ask".to_owned(),
            },
            Interpretation::NotUnderstood => "not understood".to_owned(),
        }
    }
}

fn tell(turns: &[(&str, &str)]) {
    let mut talk = Talk::default();
    for (text, heard) in turns {
        assert_eq!(&talk.hears(text), heard, "{text} in {turns:?}");
    }
}

#[test]
fn parts_of_what_was_spoken_of_are_asked_on_about() {
    tell(&[
        ("làm giấy khai sinh cần giấy tờ gì", "1.001193 papers"),
        ("vậy phí thì sao?", "1.001193 fee"),
        ("còn nộp qua mạng?", "1.001193 online"),
        ("bao lâu thì có", "1.001193 time"),
        ("nộp ở đâu", "1.001193 where"),
    ]);
    tell(&[
        ("how to get a passport", "1.001456 overview"),
        ("how much", "1.001456 fee"),
        ("and how long?", "1.001456 time"),
    ]);
}

#[test]
fn a_correction_changes_the_matter_and_keeps_what_was_asked() {
    tell(&[("đăng ký khai sinh hết bao nhiêu tiền", "1.001193 fee"), ("nhầm, mình hỏi khai tử", "1.000656 fee")]);
    tell(&[("không hỏi khai sinh, hỏi khai tử", "1.000656 overview")]);
}

#[test]
fn the_subject_may_change_at_any_time() {
    tell(&[
        ("đăng ký kết hôn cần gì", "1.000894 papers"),
        ("tôi muốn làm lý lịch tư pháp", "3.000333 overview"),
        ("phí bao nhiêu", "3.000333 fee"),
        ("cảm ơn nhé", "thank"),
    ]);
}

#[test]
fn a_name_that_anything_has_is_no_new_matter() {
    tell(&[
        ("mất bằng lái thì làm lại ở đâu", "3.000348 where"),
        ("bao lâu có bằng mới", "3.000348 time"),
        ("thế có mất tiền không", "3.000348 fee"),
    ]);
}

#[test]
fn the_last_question_is_asked_again_of_another_matter() {
    tell(&[
        ("đăng ký khai sinh mất bao lâu", "1.001193 time"),
        ("kết hôn thì sao", "1.000894 time"),
        ("khai tử nữa", "1.000656 time"),
    ]);
}

#[test]
fn one_goes_back_to_what_was_spoken_of_before() {
    tell(&[
        ("đăng ký kết hôn mất bao lâu", "1.000894 time"),
        ("làm hộ chiếu cần gì", "1.001456 papers"),
        ("quay lại chuyện kết hôn, cần giấy tờ gì", "1.000894 papers"),
    ]);
}

#[test]
fn a_dossier_is_rated_in_words_by_a_button_and_by_the_score_alone() {
    let number = "000.00.17.H09-210819-0012";
    let mut talk = Talk::default();
    assert_eq!(talk.hears(&format!("đánh giá hồ sơ {number} 4 sao")), format!("rate {number} 4"));
    assert_eq!(talk.hears(&format!("rate 5 dossier {number}")), format!("rate {number} 5"));
    assert_eq!(talk.hears(&format!("đánh giá {number}")), format!("rate {number} 0"), "it is asked for");
    let Interpretation::Act(Action::RateDossier { number: parsed, .. }) = talk.say(&format!("đánh giá {number}")).0
    else {
        panic!("no rating")
    };
    talk.0.hears(&Reply::RateAsk { number: parsed });
    assert_eq!(talk.hears("2"), format!("rate {number} 2"));
    // What was spoken of needs no number; other praise is none of a dossier's.
    assert_eq!(talk.hears("đánh giá 5 sao"), format!("rate {number} 5"));
    assert_eq!(talk.hears("đánh giá"), format!("rate {number} 0"));
    assert_eq!(Talk::default().hears("đánh giá dịch vụ"), "rate");
}

#[test]
fn a_rating_that_waits_for_its_proof_is_ended_by_it() {
    let number = "000.00.17.H09-210819-0012";
    for score in [4, 0] {
        let mut talk = Talk::default();
        talk.hears(&format!("đánh giá {number}"));
        talk.0.dossier = Some(number.into());
        talk.0.subject = gateway_core::desk::Subject::Dossier;
        talk.0.rating = Some(score);
        assert_eq!(talk.hears("cccd 1234"), format!("rate {number} {score}"));
        assert_eq!(talk.hears("4 số cuối là 1234"), format!("rate {number} {score}"));
        // Another wish is none of the rating's, nor is a proof when nothing waits for it.
        assert_eq!(talk.hears("gửi mã xác nhận"), "send_code");
        talk.0.rating = None;
        assert_eq!(talk.hears("cccd 1234"), format!("disclose {number} 1234"));
        // A number that was mistyped may be another dossier's.
        assert_eq!(talk.hears("đánh giá 5 000.00.17."), "rate");
        assert_eq!(talk.hears("đánh giá 5 sao"), format!("rate {number} 5"));
    }
}

#[test]
fn a_dossier_is_asked_on_about_and_every_proof_is_asked_for() {
    let number = "000.00.17.H09-210819-0012";
    let mut talk = Talk::default();
    assert_eq!(talk.hears("hồ sơ của tôi tới đâu rồi"), "number?");
    assert_eq!(talk.hears(number), format!("track {number}"));
    talk.0.dossier = Some(number.into());
    talk.0.subject = gateway_core::desk::Subject::Dossier;
    assert_eq!(talk.hears("4 số cuối căn cước 1234"), format!("disclose {number} 1234"));
    assert_eq!(talk.hears("bao giờ xong?"), format!("track {number}"), "no proof is remembered");
}

#[test]
fn the_language_changes_when_it_is_asked_for() {
    let mut talk = Talk::default();
    talk.say("đăng ký khai sinh hết bao nhiêu tiền");
    let (meaning, locale) = talk.say("English please");
    assert_eq!(locale, Some(Locale::EN));
    let Interpretation::Act(Action::ShowProcedure { code, .. }) = meaning else { panic!("the last answer once more") };
    assert_eq!(code.as_str(), "1.001193");
}

#[test]
fn an_age_tells_the_childs_procedure_from_the_adults() {
    tell(&[("làm căn cước", "which"), ("cho con gái 8 tuổi", "1.014062 overview")]);
    tell(&[("làm cccd cho con 6 tuổi", "1.014062 overview")]);
}

#[test]
fn something_else_in_the_midst_is_not_taken_for_a_follow_up() {
    let mut talk = Talk::default();
    assert_eq!(talk.hears("mất bằng lái thì làm lại ở đâu"), "3.000348 where");
    assert!(talk.hears("hôm nay giá vàng bao nhiêu").starts_with("away"));
    assert_eq!(talk.hears("cho gặp cán bộ"), "talk_to_person");
    assert_eq!(talk.hears("bao lâu thì có"), "3.000348 time");
}

#[test]
fn danger_is_never_asked_back() {
    for text in ["cháy nhà rồi cứu với", "em muốn tự tử", "help, my house is on fire", "CHÁY NHÀ"] {
        assert_eq!(Talk::default().hears(text), "away emergency", "{text}");
    }
    tell(&[("đăng ký khai sinh", "1.001193 overview"), ("chồng tôi đang đánh tôi", "away emergency")]);
}

#[test]
fn what_is_no_business_of_ours_is_turned_away() {
    for text in [
        "hôm nay trời có mưa không",
        "kể chuyện cười đi",
        "nên mua vàng hay gửi tiết kiệm",
        "who will win the world cup",
    ] {
        assert!(Talk::default().hears(text).starts_with("away"), "{text}");
    }
}

#[test]
fn what_needs_no_procedure() {
    for (text, heard) in [
        ("xin chào", "greet"),
        ("cho tôi gặp cán bộ", "talk_to_person"),
        ("mấy giờ mở cửa", "opening_hours"),
        ("đang gọi số mấy rồi", "queue_now"),
        ("cho lấy số thứ tự", "take_ticket"),
        ("nộp phí qua mạng ở đâu", "pay"),
        ("lệ phí bao nhiêu", "procedure?"),
    ] {
        assert_eq!(Talk::default().hears(text), heard, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_a_citizen_types_breaks_a_conversation(turns in proptest::collection::vec("\\PC{0,60}", 1..5)) {
        let mut talk = Talk::default();
        for text in &turns {
            talk.say(text);
        }
        let kept = format!("{:?}", talk.0);
        prop_assert!(kept.starts_with("Conversation("));
    }
}

#[test]
fn what_telegrams_commands_say_is_understood() {
    use gateway_locale::Locales;
    use gateway_locale::keys::telegram;

    let locales = Locales::embedded().unwrap();
    for locale in [Locale::VI, Locale::EN] {
        let hears = |key: gateway_locale::keys::Key| Talk::default().hears(&locales.text(locale, key.id, &[]));
        assert_eq!(hears(telegram::TRACK_SAYS), "number?", "{locale:?}");
        assert_eq!(hears(telegram::PROCEDURES_SAYS), "procedure?", "{locale:?}");
        assert_eq!(hears(telegram::PERSON_SAYS), "talk_to_person", "{locale:?}");
        assert_eq!(hears(telegram::HELP_SAYS), "help", "{locale:?}");
        let switch = locales.text(locale, telegram::OTHER_LANGUAGE_SAYS.id, &[]);
        let wished = if locale == Locale::VI { Locale::EN } else { Locale::VI };
        assert_eq!(assistant_nlu::slots::language_wished(&switch), Some(wished), "{switch}");
    }
}

/// Long stories, whose question stands at the end or at the beginning.
#[test]
fn of_a_story_the_end_that_asks_is_searched_for() {
    let story = "Dạ thưa anh chị, số là hôm trước nhà em có việc, ba em đi làm xa về, mẹ em thì đau chân, \
                 em phải xin nghỉ làm mấy hôm để lo, rồi trời mưa to quá nên không đi đâu được, đường ngập hết, \
                 xe cộ hư hỏng tùm lum, hàng xóm qua giúp mới dọn xong được cái sân với mái hiên phía sau bếp.";
    assert!(story.chars().count() > 250);
    for text in [
        format!("{story} Em mới sinh con đầu lòng, cho em hỏi đăng ký khai sinh cần giấy tờ gì ạ?"),
        format!(
            "Cho em hỏi đăng ký khai sinh cần giấy tờ gì ạ? {story} Em cảm ơn anh chị nhiều lắm, mong anh chị trả lời."
        ),
    ] {
        let (meaning, _) = Talk::default().say(&text);
        let code = match &meaning {
            Interpretation::Act(Action::ShowProcedure { code, .. }) => code.as_str(),
            _ => "none",
        };
        assert_eq!(code, "1.001193", "{text}: {meaning:?}");
    }
}
