//! What the answers of a conversation promise, and every choice of parts of a
//! procedure.

use std::sync::{Arc, LazyLock};

use gateway_core::desk::{
    Action, Answered, DeskHours, Focus, Focuses, NotYetReply, PersonReply, ProcedureReply, Reply, Service, Topic,
};
use gateway_core::domain::{Locale, Procedure};
use gateway_locale::{Budget, Locales, Medium, Rendered, Renderer};

use crate::cases::talk::{
    all_parts, asked, at_lunch, hours, long_winded, not_online, online_dearer, over_the_weekend, parts, stepped,
};
use crate::cases::{self, empty_procedure, procedure, trapped};

const LOCALES: [Locale; 2] = [Locale::VI, Locale::EN];
const MEDIA: [Medium; 4] = [Medium::PLAIN, Medium::CHAT, Medium::SMS_WHOLE, Medium::SPEECH];

fn answered(reply: Reply) -> Answered {
    cases::answered(Ok(reply))
}

/// Read once: thousands of answers are looked at here.
static WORDS: LazyLock<Locales> = LazyLock::new(|| Locales::embedded().unwrap());

fn render(reply: Reply, locale: Locale, medium: Medium) -> Rendered {
    WORDS.render(&answered(reply), locale, medium)
}

/// All that may be asked of a procedure at once: 256 questions.
fn every_question() -> impl Iterator<Item = Focuses> {
    (0_u16..256).map(|bits| {
        Focus::PARTS
            .into_iter()
            .enumerate()
            .filter(|(place, _)| bits & (1 << place) != 0)
            .map(|(_, part)| part)
            .collect()
    })
}

/// Nothing but *online?* is asked of the ways: then fee and time are told with it.
fn only_online(focus: Focuses) -> bool {
    focus.has(Focus::Online) && ![Focus::Fee, Focus::Time, Focus::Where].into_iter().any(|part| focus.has(part))
}

#[test]
fn what_is_not_published_is_said_of_every_part_and_is_never_free_nor_invented() {
    for focus in every_question() {
        for (locale, free, not_published) in [
            (Locale::VI, "miễn phí", ["chưa được công bố", "Chưa thấy công bố"]),
            (Locale::EN, "free", ["not published"; 2]),
        ] {
            for medium in MEDIA {
                let text = render(asked(empty_procedure(), focus, Vec::new()), locale, medium).text;
                assert!(!text.to_lowercase().contains(free), "{focus:?}: {text}");
                assert!(not_published.iter().any(|words| text.contains(words)), "{focus:?}: {text}");
                let invented =
                    ["₫", "VND", "đồng", "dong", "ngày làm", "working day", "trực tuyến được", "handed in online"];
                assert!(!invented.iter().any(|words| text.contains(words)), "{focus:?}: {text}");
            }
        }
    }
}

#[test]
fn a_fee_stands_with_its_note_whatever_is_asked_beside_it_and_each_way_is_told_once() {
    let count = |text: &str, what: &str| text.matches(what).count();
    for focus in every_question() {
        for medium in [Medium::PLAIN, Medium::CHAT, Medium::SMS_WHOLE] {
            let text = render(asked(trapped(), focus, Vec::new()), Locale::VI, medium).text;
            let told = count(&text, "160.000");
            assert_eq!(
                told,
                usize::from(focus.is_overview() || focus.has(Focus::Fee) || only_online(focus)),
                "{focus:?}: {text}"
            );
            assert!(told == 0 || text.contains("Ghi chú: Đến hết ngày 31/12/2023."), "{focus:?}: {text}");
            assert!(told == 0 || text.contains("đã hết hạn"), "{focus:?}: {text}");
            assert!(count(&text, "Ghi chú: Đến hết") <= 1, "{focus:?}: {text}");
            // The council decides the fee: never free.
            assert!(!text.replace("không có nghĩa là miễn phí", "").contains("miễn phí"), "{focus:?}: {text}");
            if focus.has(Focus::Time) && !focus.has(Focus::Papers) {
                assert!(text.contains("chưa công bố đơn vị") && !text.contains(" 1 ngày"), "{focus:?}: {text}");
            }
        }
        let noted = render(asked(online_dearer(), focus, Vec::new()), Locale::VI, Medium::PLAIN).text;
        assert!(!noted.contains("xem ghi chú") || noted.contains("135.000đ mỗi lần cấp"), "{focus:?}: {noted}");
    }
}

#[test]
fn whether_it_can_be_done_online_is_said_wherever_it_is_asked() {
    for focus in every_question().filter(|focus| focus.has(Focus::Online)) {
        for medium in MEDIA {
            let say = |procedure, locale| render(asked(procedure, focus, Vec::new()), locale, medium).text;
            assert!(say(stepped(), Locale::VI).to_lowercase().contains("nộp trực tuyến được."), "{focus:?}");
            assert!(say(stepped(), Locale::EN).contains("It can be handed in online."), "{focus:?}");
            assert!(say(not_online(), Locale::VI).contains("Chưa thấy công bố cách nộp trực tuyến."), "{focus:?}");
            assert!(say(not_online(), Locale::EN).contains("No way to hand it in online is published."), "{focus:?}");
        }
    }
}

#[test]
fn every_part_that_was_asked_for_is_answered() {
    let signs = [
        (Focus::Papers, "Giấy tờ cần có"),
        (Focus::Fee, "70.000 ₫"),
        (Focus::Time, "7 ngày làm việc"),
        (Focus::Where, "Nơi giải quyết: cấp xã"),
        (Focus::Steps, "Bước 2: Cán bộ chụp ảnh"),
        (Focus::Result, "Kết quả: Thẻ căn cước"),
        (Focus::Who, "Ai được làm: Công dân Việt Nam"),
    ];
    for focus in every_question().filter(|focus| !focus.is_overview()) {
        let text = render(asked(stepped(), focus, Vec::new()), Locale::VI, Medium::CHAT).text;
        for (part, sign) in signs {
            let beside = only_online(focus) && matches!(part, Focus::Fee | Focus::Time);
            assert!(text.contains(sign) == (focus.has(part) || beside), "{focus:?}, {part:?}: {text}");
        }
        assert!(text.contains("Nguồn: Cơ sở dữ liệu quốc gia"), "{text}");
    }
}

#[test]
fn conditions_that_say_nothing_are_not_told_as_conditions() {
    for nothing in ["Không có thông tin", "Không.", "không quy định", " ", "-", "Không có thông tinTừ khóa"]
    {
        let procedure = Procedure { conditions: Some(nothing.into()), steps: Some(nothing.into()), ..procedure() };
        let text =
            render(asked(procedure, parts(&[Focus::Who, Focus::Steps]), Vec::new()), Locale::VI, Medium::PLAIN).text;
        assert!(text.contains("Ai được làm: Công dân Việt Nam.") && !text.contains("Điều kiện"), "{nothing}: {text}");
        assert!(text.contains("Trình tự chưa được công bố"), "{nothing}: {text}");
    }
}

#[test]
fn long_steps_are_whole_in_a_chat_and_go_on_where_it_is_bounded() {
    let steps = || asked(long_winded(), Focus::Steps.into(), Vec::new());
    let whole = |text: &str| (1..=40).all(|n| text.contains(&format!("Bước {n}:")));
    assert!(whole(&render(steps(), Locale::VI, Medium::CHAT).text));
    let bounded = Medium::CHAT.with_budget(Some(Budget { single: 2_000, part: 2_000, parts: 1 }));
    let page = render(steps(), Locale::VI, bounded);
    assert!(page.text.chars().count() <= 2_000 && page.text.contains("7K3F"));
    assert!(whole(&format!("{} {}", page.text, page.rest.unwrap())));
}

#[test]
fn an_sms_and_a_voice_tell_the_first_steps_and_where_the_rest_is() {
    for (focus, first) in [(Focus::Steps, "Bước 1:"), (Focus::Who, "Điều 1:")] {
        for (locale, more) in LOCALES.into_iter().zip(["Cổng Dịch vụ công quốc gia", "National Public Service Portal"])
        {
            for medium in [Medium::SMS_WHOLE, Medium::SPEECH] {
                let text = render(asked(long_winded(), focus.into(), Vec::new()), locale, medium).text;
                assert!(text.contains(first) && text.contains(more), "{text}");
                assert!(!text.contains(&first.replace('1', "20")) && text.chars().count() < 1_200, "{text}");
            }
        }
    }
    // One line that is longer than all that is told is cut, and said to go on.
    let endless = Procedure { steps: Some("Nộp hồ sơ, rồi chờ. ".repeat(150)), ..procedure() };
    let text = render(asked(endless, Focus::Steps.into(), Vec::new()), Locale::VI, Medium::SMS_WHOLE).text;
    assert!(
        text.contains("Nộp hồ sơ, rồi chờ. Nộp") && text.contains("Còn nữa") && text.chars().count() < 1_000,
        "{text}"
    );
}

#[test]
fn the_choices_fit_the_medium_and_lead_to_what_is_not_told_yet() {
    for buttons in [0, 1, 2, 3, 5, 8, 13] {
        let medium = if buttons == 0 { Medium::PLAIN } else { Medium::CHAT.with_buttons(buttons) };
        let most = if buttons == 0 { 5 } else { usize::from(buttons) };
        for focus in every_question() {
            for also in [Vec::new(), vec![trapped(), not_online(), trapped(), not_online()]] {
                let others = also.len();
                let choices = render(asked(stepped(), focus, also), Locale::VI, medium).choices;
                assert!((1..=most).contains(&choices.len()), "{focus:?}: {}", choices.len());
                let mut offered = 0;
                for choice in &choices {
                    let Action::ShowProcedure { code, focus: part, .. } = &choice.action else { continue };
                    assert!(choice.send.as_deref().is_some_and(|send| send.starts_with(code.as_str())));
                    if *code == stepped().code && others == 0 {
                        let part = part.only().unwrap();
                        assert!(!focus.has(part), "{focus:?} was told: {part:?}");
                        offered += 1;
                    }
                }
                let left = Focus::PARTS.into_iter().filter(|part| !focus.has(*part)).count();
                assert!(others > 0 || offered == left.min(most), "{focus:?}: {offered} of {left}");
                if others > 0 && (3..8).contains(&buttons) && left >= 2 {
                    assert!(
                        choices.iter().filter(|choice| choice.label.chars().all(|c| !c.is_uppercase())).count() >= 2
                    );
                }
            }
        }
    }
}

#[test]
fn the_most_asked_stands_first_and_what_nobody_published_is_not_offered() {
    let labels = |procedure, focus: Focuses| -> Vec<String> {
        let choices = render(asked(procedure, focus, Vec::new()), Locale::VI, Medium::CHAT).choices;
        choices.into_iter().map(|choice| choice.label).collect()
    };
    assert_eq!(
        labels(stepped(), Focus::Result.into()),
        ["giấy tờ", "lệ phí", "thời gian", "nơi nộp", "nộp trực tuyến"]
    );
    // An overview has told fee, time and place.
    assert_eq!(
        labels(stepped(), Focuses::OVERVIEW),
        ["giấy tờ", "nộp trực tuyến", "các bước", "ai được làm", "lệ phí"]
    );
    assert_eq!(labels(empty_procedure(), Focuses::OVERVIEW), ["danh sách cơ quan"]);
    assert_eq!(labels(stepped(), all_parts()), ["danh sách cơ quan"]);
}

#[test]
fn the_days_are_those_that_are_worked() {
    let say = |week: [bool; 7], locale, medium| {
        render(Reply::OpeningHours(DeskHours { week, ..hours() }), locale, medium).text
    };
    for medium in MEDIA {
        for (week, vi, en) in [
            ([true, true, true, true, true, false, false], "thứ hai đến thứ sáu", "Monday to Friday"),
            ([true; 7], "thứ hai đến chủ nhật", "Monday to Sunday"),
            ([true, true, true, true, true, true, false], "thứ hai đến thứ bảy", "Monday to Saturday"),
            (
                [true, false, true, false, false, true, true],
                "thứ hai, thứ tư, thứ bảy, chủ nhật",
                "Monday, Wednesday, Saturday, Sunday",
            ),
        ] {
            let text = say(week, Locale::VI, medium);
            assert!(text.contains(vi) && (week[4] || !text.contains("thứ sáu")), "{text}");
            assert!(say(week, Locale::EN, medium).contains(en));
        }
        let broken = say([true, true, true, false, true, true, true], Locale::VI, medium);
        assert!(broken.contains("thứ hai đến thứ tư") && broken.contains("thứ sáu đến chủ nhật"), "{broken}");
        assert!(!broken.contains("thứ năm"), "{broken}");
    }
    // What is not known is not said.
    let unknown = DeskHours { sessions: [].into(), open_now: false, opens_at: None, ..hours() };
    let text = render(Reply::OpeningHours(unknown), Locale::VI, Medium::PLAIN).text;
    assert!(text.contains("chưa được công bố") && !text.contains("thứ"), "{text}");
}

#[test]
fn it_is_told_when_they_open_and_a_date_is_not_said_twice() {
    let say = |hours, medium| render(Reply::OpeningHours(hours), Locale::VI, medium).text;
    assert!(say(hours(), Medium::CHAT).contains("đang mở cửa"));
    assert!(say(at_lunch(), Medium::CHAT).contains("Hôm nay mở lúc 13 giờ 30."));
    assert!(say(over_the_weekend(), Medium::CHAT).contains("Mở lại lúc 7 giờ thứ hai, 26/10/2026."));
    assert!(say(over_the_weekend(), Medium::SPEECH).contains("thứ hai, ngày 26 tháng 10 năm 2026."));
}

/// Everything in which a telephone may be named.
fn with_hotline(hotline: Option<&str>) -> Vec<Reply> {
    let hours = || DeskHours { hotline: hotline.map(Into::into), ..over_the_weekend() };
    let person = |after_misunderstandings| {
        Reply::Person(PersonReply { after_misunderstandings, hours: hours(), callback: false })
    };
    let mut all = vec![Reply::OpeningHours(hours()), person(false), person(true)];
    all.extend(
        Service::ALL
            .map(|service| Reply::NotYet(NotYetReply { service, hotline: hotline.map(Into::into), officers: false })),
    );
    all.extend(
        Topic::ALL
            .into_iter()
            .filter(|topic| *topic != Topic::Emergency)
            .map(|topic| Reply::TurnedAway { topic, hotline: hotline.map(Into::into) }),
    );
    all
}

/// At whatever time: what CI runs at noon must hold at night.
#[test]
fn the_way_to_a_person_by_text_message_says_when_the_desk_is_open() {
    for (locale, now) in [(Locale::VI, "Bay gio"), (Locale::EN, " now")] {
        for after_misunderstandings in [false, true] {
            for hours in [hours(), at_lunch(), over_the_weekend()] {
                let hours = DeskHours { hotline: Some("0274.1022".into()), ..hours };
                let person = PersonReply { after_misunderstandings, hours, callback: false };
                let text = render(Reply::Person(person), locale, Medium::sms(true)).text;
                assert!(text.contains(now) || text.contains("07:00-11:30"), "{text}");
            }
        }
    }
}

#[test]
fn the_hotline_is_named_where_there_is_one_and_no_sentence_hangs_where_there_is_none() {
    for locale in LOCALES {
        for medium in MEDIA {
            for reply in with_hotline(Some("0274.1022")) {
                let text = render(reply, locale, medium).text;
                assert!(text.contains(if medium == Medium::SPEECH { "0 2 7 4" } else { "0274.1022" }), "{text}");
            }
            // A link cannot be called, and an SMS must not hold one.
            for hotline in [None, Some(""), Some("https://dichvucong.gov.vn")] {
                for reply in with_hotline(hotline) {
                    let text = render(reply, locale, medium).text;
                    let hangs = ["gọi .", "gọi ,", "call .", "call ,", ": .", "  ", "{", "None"];
                    assert!(!hangs.iter().any(|words| text.contains(words)), "{text}");
                    assert!(medium.links || !text.contains("dichvucong"), "{text}");
                }
            }
        }
    }
}

#[test]
fn nobody_in_danger_is_sent_to_a_hotline_for_papers() {
    let renderer = Renderer::new(Arc::new(Locales::embedded().unwrap()));
    for locale in LOCALES {
        let emergency = || Reply::TurnedAway { topic: Topic::Emergency, hotline: Some("0274.1022".into()) };
        for medium in MEDIA {
            let rendered = render(emergency(), locale, medium);
            let text = rendered.text.replace(' ', "");
            assert!(["111", "113", "114", "115"].iter().all(|number| text.contains(number)), "{text}");
            assert!(!text.contains("0274") && !text.contains("1022"), "{text}");
            assert!(rendered.choices.is_empty());
        }
        let sms = renderer.render_sms(&answered(emergency()), locale);
        assert!(sms.body(str::len).contains("115") && sms.all(|sentence| !sentence.contains("1022")));
    }
}

#[test]
fn nothing_asks_for_a_secret_and_paying_warns_of_those_who_do() {
    for locale in LOCALES {
        for medium in MEDIA {
            let pay = Reply::NotYet(NotYetReply { service: Service::Payment, hotline: None, officers: false });
            let text = render(pay, locale, medium).text.to_lowercase();
            assert!(text.contains("số thẻ") || text.contains("card number"), "{text}");
        }
    }
}

#[test]
fn several_parts_of_others_are_offered_as_they_were_asked() {
    let both = parts(&[Focus::Papers, Focus::Fee]);
    let Reply::Procedure(reply) = asked(stepped(), both, vec![trapped()]) else { panic!("another reply") };
    let choices = render(Reply::Procedure(ProcedureReply { ..reply }), Locale::VI, Medium::CHAT).choices;
    assert_eq!(choices[0].send.as_deref(), Some("1.010041 giấy tờ, lệ phí"));
    assert_eq!(choices[0].label, "Xác nhận thông tin về cư trú");
    assert_eq!(choices[0].action, Action::show(trapped().code, both));
}
