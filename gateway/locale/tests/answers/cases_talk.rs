//! What is said in a conversation, and the parts of a procedure that one asks on
//! about.

use std::sync::Arc;

use gateway_core::desk::{
    Action, DeskHours, Focus, Focuses, InLineReply, NotYetReply, PersonReply, ProcedureReply, QuestionKind, Refusal,
    Reply, Service, Topic,
};
use gateway_core::domain::{
    FeeReading, Level, Phone, Procedure, ProcedureCode, ProcessingTime, Score, Session, SubmissionChannel,
};
use jiff::civil::{date, time};

use super::{ask, days, empty_procedure, method, number, procedure, residence, show, trapped};

const HOTLINE: &str = "0274.1022";

/// A working week of Vietnam, asked on a Monday morning.
pub(crate) fn hours() -> DeskHours {
    let session = |from, to| Session { from, to };
    DeskHours {
        sessions: Arc::new([
            session(time(7, 0, 0, 0), time(11, 30, 0, 0)),
            session(time(13, 30, 0, 0), time(17, 0, 0, 0)),
        ]),
        week: [true, true, true, true, true, false, false],
        saturday_mornings: false,
        open_now: true,
        opens_at: None,
        opens_today: true,
        hotline: Some(HOTLINE.into()),
    }
}

/// The same at lunch.
pub(crate) fn at_lunch() -> DeskHours {
    DeskHours { open_now: false, opens_at: Some(date(2026, 10, 19).at(13, 30, 0, 0)), ..hours() }
}

/// The same in the evening of a Friday.
pub(crate) fn over_the_weekend() -> DeskHours {
    let opens_at = Some(date(2026, 10, 26).at(7, 0, 0, 0));
    DeskHours { open_now: false, opens_at, opens_today: false, ..hours() }
}

/// With steps and conditions, as offices write them.
pub(crate) fn stepped() -> Procedure {
    Procedure {
        applicants: vec!["Công dân Việt Nam".into(), "Người Việt Nam định cư ở nước ngoài".into()],
        steps: Some(
            "- Bước 1: \n\t+ Công dân đến Công an cấp xã nơi mình muốn làm.\r\n+ Kiểm tra thông tin của mình;\n\n\
             - Bước 2: Cán bộ chụp ảnh, lấy vân tay.\n* Bước 3: Nhận thẻ theo giấy hẹn, hoặc qua bưu điện."
                .into(),
        ),
        conditions: Some("Đã có thông tin trong Cơ sở dữ liệu quốc gia về dân cư.".into()),
        ..procedure()
    }
}

/// Steps and conditions as long as some are.
pub(crate) fn long_winded() -> Procedure {
    let line = |n: usize| {
        format!("- Bước {n}: Cơ quan tiếp nhận kiểm tra hồ sơ, đối chiếu với cơ sở dữ liệu, rồi chuyển đến nơi xử lý.")
    };
    let text = (1..=40).map(line).collect::<Vec<_>>().join("\n");
    Procedure { steps: Some(text.clone()), conditions: Some(text.replace("Bước", "Điều")), ..procedure() }
}

/// Published, but not to be handed in online.
pub(crate) fn not_online() -> Procedure {
    Procedure {
        methods: vec![
            method(SubmissionChannel::InPerson, days(3.0), FeeReading::Free, None),
            method(SubmissionChannel::Post, days(5.0), FeeReading::SeeNote, Some("Phí do HĐND tỉnh quyết định.")),
        ],
        conditions: Some("Không có thông tin".into()),
        ..procedure()
    }
}

/// Ways that differ only in what was not asked for.
pub(crate) fn online_dearer() -> Procedure {
    Procedure {
        methods: vec![
            method(SubmissionChannel::InPerson, days(7.0), FeeReading::Free, None),
            method(SubmissionChannel::InPerson, days(3.0), FeeReading::NotPublished, None),
            method(
                SubmissionChannel::Online,
                ProcessingTime::UnitNotPublished { amount: 5.0 },
                FeeReading::SeeNote,
                Some("135.000đ mỗi lần cấp."),
            ),
        ],
        levels: vec![Level::Province],
        ..procedure()
    }
}

pub(crate) fn asked(procedure: Procedure, focus: Focuses, also: Vec<Procedure>) -> Reply {
    Reply::Procedure(ProcedureReply {
        procedure: Arc::new(procedure),
        focus,
        also: also.into_iter().map(Arc::new).collect(),
        today: date(2026, 10, 24),
    })
}

pub(crate) fn parts(parts: &[Focus]) -> Focuses {
    parts.iter().copied().collect()
}

pub(crate) fn all_parts() -> Focuses {
    parts(&Focus::PARTS)
}

pub(super) fn add_all(add: &mut impl FnMut(&str, Result<Reply, Refusal>)) {
    for part in [Focus::Online, Focus::Steps, Focus::Result, Focus::Who] {
        add(&format!("procedure asked on, {}", part.key()), Ok(asked(stepped(), part.into(), Vec::new())));
    }
    for pair in [
        [Focus::Papers, Focus::Fee],
        [Focus::Fee, Focus::Time],
        [Focus::Time, Focus::Where],
        [Focus::Fee, Focus::Online],
        [Focus::Where, Focus::Online],
        [Focus::Steps, Focus::Who],
    ] {
        let focus = parts(&pair);
        add(&format!("procedure asked on, {}", focus.key()), Ok(asked(stepped(), focus, Vec::new())));
    }
    add("procedure asked on, everything", Ok(asked(stepped(), all_parts(), Vec::new())));
    add("procedure asked on, overview with steps", Ok(asked(stepped(), Focuses::OVERVIEW, Vec::new())));
    let other = |code: &str, name: &str| Procedure {
        code: ProcedureCode::parse(code).unwrap(),
        short_name: name.into(),
        english_name: None,
        ..residence()
    };
    let also = vec![trapped(), residence(), other("1.014063", "Cấp đổi thẻ căn cước"), other("1.014061", "Cấp thẻ")];
    add("procedure asked on, four others may be meant", Ok(asked(stepped(), Focus::Fee.into(), also)));
    for part in [Focus::Time, Focus::Where, Focus::Online] {
        add(&format!("procedure with every trap, {}", part.key()), Ok(asked(trapped(), part.into(), Vec::new())));
    }
    add("procedure with every trap, everything", Ok(asked(trapped(), all_parts(), Vec::new())));
    for part in [Focus::Online, Focus::Who] {
        add(&format!("procedure not online, {}", part.key()), Ok(asked(not_online(), part.into(), Vec::new())));
    }
    let both = parts(&[Focus::Fee, Focus::Online]);
    add("procedure not online, fee+online", Ok(asked(not_online(), both, Vec::new())));
    add("procedure with a note online, online", Ok(asked(online_dearer(), Focus::Online.into(), Vec::new())));
    add("procedure with a note online, where", Ok(asked(online_dearer(), Focus::Where.into(), Vec::new())));
    for part in Focus::PARTS {
        let name = format!("procedure with nothing published, asked for {}", part.key());
        add(&name, Ok(asked(empty_procedure(), part.into(), Vec::new())));
    }
    add(
        "procedure with nothing published, asked for everything",
        Ok(asked(empty_procedure(), all_parts(), Vec::new())),
    );
    for part in [Focus::Steps, Focus::Who] {
        let name = format!("procedure with many steps, {} (cut for the reader)", part.key());
        let (steps, conditions) = (first_lines(long_winded().steps), first_lines(long_winded().conditions));
        add(&name, Ok(asked(Procedure { steps, conditions, ..long_winded() }, part.into(), Vec::new())));
    }
    let choices =
        vec![show("1.001193", Focus::Fee), Action::show(residence().code, parts(&[Focus::Papers, Focus::Fee]))];
    add("question, procedure missing", Ok(ask(QuestionKind::ProcedureMissing, choices)));
    add("question, procedure missing, nothing to choose", Ok(ask(QuestionKind::ProcedureMissing, Vec::new())));
    add_talk(add);
}

/// Steps that a reader of the snapshots can bear.
fn first_lines(text: Option<String>) -> Option<String> {
    Some(text?.lines().take(9).collect::<Vec<_>>().join("\n"))
}

fn add_talk(add: &mut impl FnMut(&str, Result<Reply, Refusal>)) {
    add("greeting", Ok(Reply::Greeting));
    add("thanks", Ok(Reply::Thanks));
    let other_week = [true, true, false, true, false, true, true];
    let unknown = DeskHours { sessions: Arc::new([]), open_now: false, opens_at: None, opens_today: false, ..hours() };
    for (name, hours) in [
        ("open", hours()),
        ("at lunch", at_lunch()),
        ("Friday evening", over_the_weekend()),
        ("Friday evening, no hotline", DeskHours { hotline: None, ..over_the_weekend() }),
        ("Saturday mornings", DeskHours { saturday_mornings: true, ..over_the_weekend() }),
        ("another week", DeskHours { week: other_week, ..hours() }),
        ("not known", unknown),
    ] {
        add(&format!("opening hours, {name}"), Ok(Reply::OpeningHours(hours)));
    }
    for (name, after_misunderstandings) in [("asked for", false), ("after misunderstandings", true)] {
        for hotline in [Some(HOTLINE), None] {
            let hours = DeskHours { hotline: hotline.map(Into::into), ..over_the_weekend() };
            let name = format!("person, {name}, {}", hotline.unwrap_or("no hotline"));
            add(&name, Ok(Reply::Person(PersonReply { after_misunderstandings, hours, callback: false })));
        }
    }
    for (name, ahead, wait_minutes, again, complaint) in [
        ("next", 0, None, false, false),
        ("third", 2, Some(7), false, false),
        ("again", 1, Some(1), true, false),
        ("complaint", 0, Some(12), false, true),
    ] {
        let place = InLineReply { ahead, wait_minutes, again, complaint };
        add(&format!("in the line, {name}"), Ok(Reply::InLine(place)));
    }
    add("left the line", Ok(Reply::LeftLine));
    add("to be called back", Ok(Reply::CallbackNoted { phone: Phone::parse("0912345678").unwrap() }));
    add("only text", Ok(Reply::OnlyText));
    add("rate, ask", Ok(Reply::RateAsk { number: number("000.00.17.H09-260916-0012") }));
    for (name, score) in [("kept", Some(4)), ("known", None)] {
        let rated = Reply::Rated { number: number("000.00.17.H09-260916-0012"), score: score.and_then(Score::new) };
        add(&format!("rate, {name}"), Ok(rated));
    }
    for officers in [false, true] {
        let name = if officers { "rate, how, officers here" } else { "rate, how" };
        add(name, Ok(Reply::RateHow { officers }));
    }
    let closed = PersonReply { after_misunderstandings: false, hours: over_the_weekend(), callback: true };
    add("person, nobody here now", Ok(Reply::Person(closed)));
    let lost = PersonReply { after_misunderstandings: true, hours: hours(), callback: true };
    add("person, after misunderstandings, officers here", Ok(Reply::Person(lost)));
    for service in Service::ALL {
        for hotline in [Some(HOTLINE), None] {
            let name = format!("not yet, {}, {}", service.key(), hotline.unwrap_or("no hotline"));
            add(&name, Ok(Reply::NotYet(NotYetReply { service, hotline: hotline.map(Into::into), officers: false })));
        }
    }
    let rating = NotYetReply { service: Service::Rating, hotline: None, officers: true };
    add("not yet, rating, officers here", Ok(Reply::NotYet(rating)));
    for topic in Topic::ALL {
        for hotline in [Some(HOTLINE), None] {
            let name = format!("turned away, {}, {}", topic.key(), hotline.unwrap_or("no hotline"));
            add(&name, Ok(Reply::TurnedAway { topic, hotline: hotline.map(Into::into) }));
        }
    }
}
