//! What a citizen of the bench says, turn by turn, and what must come of it.

use std::collections::BTreeMap;

use serde_json::Value;

/// A procedure, as it is asked for first: the words, its code, the part that is
/// wanted.
struct Matter {
    ask: &'static str,
    code: &'static str,
    part: &'static str,
}

const fn matter(ask: &'static str, code: &'static str, part: &'static str) -> Matter {
    Matter { ask, code, part }
}

/// Each is clear in the small catalogue and in the full one.
const MATTERS: [Matter; 12] = [
    matter("làm giấy khai sinh cần gì", "1.001193", "papers"),
    matter("khai tử cho bố tôi cần mang giấy tờ gì", "1.000656", "papers"),
    matter("làm lại căn cước mất bao lâu", "1.014064", "time"),
    matter("ho chieu bao lau thi co", "1.001456", "time"),
    matter("dang ky ket hon can gi", "1.000894", "papers"),
    matter("đăng ký thường trú mất bao lâu", "1.004222", "time"),
    matter("các bước đăng ký tạm trú", "1.004194", "steps"),
    matter("xin giấy xác nhận độc thân", "1.004873", "overview"),
    matter("mở hộ kinh doanh cần giấy tờ gì ạ", "1.001612", "papers"),
    matter("sang tên sổ đỏ mất bao nhiêu ngày", "1.013831", "time"),
    matter("tách hộ khẩu cần giấy tờ gì", "1.010038", "papers"),
    matter("đổi bằng lái xe cần giấy tờ gì", "3.000347", "papers"),
];

const FEE: [&str; 4] = ["thế phí thì sao", "lệ phí bao nhiêu", "phi bao nhieu", "hết bao nhiêu tiền ạ"];
const ONLINE: [&str; 3] = ["nộp qua mạng được không", "lam online duoc khong", "có làm online được không ạ"];
const TIME: [&str; 3] = ["mất mấy ngày", "bao lâu thì xong", "bao lau thi xong"];
const TRACK: [&str; 4] = ["{}", "cho tôi hỏi hồ sơ {} tới đâu rồi ạ", "ho so {} xong chua", "hồ sơ {} đến đâu rồi"];
const THANKS: [&str; 3] = ["cảm ơn nhé", "cam on nhieu", "cảm ơn bạn"];

/// The kind of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Question,
    Fee,
    Online,
    Time,
    Track,
    Thanks,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [Self::Question, Self::Fee, Self::Online, Self::Time, Self::Track, Self::Thanks];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Question => "a procedure, by words",
            Self::Fee => "what it costs (follow-up)",
            Self::Online => "online? (follow-up)",
            Self::Time => "how long? (follow-up)",
            Self::Track => "a dossier, cached",
            Self::Thanks => "thanks",
        }
    }
}

/// One thing that is said, and what must come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) kind: Kind,
    pub(super) ask: String,
    pub(super) wanted: Wanted,
}

/// What an answer must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// This part of this procedure.
    Shown {
        code: &'static str,
        part: &'static str,
    },
    /// This dossier and no other.
    Tracked {
        number: String,
    },
    Thanked,
}

impl Wanted {
    /// What is wrong with an answer.
    pub(super) fn mistake(&self, answer: &Value) -> Option<String> {
        let (action, code, number) = match self {
            Self::Shown { code, .. } => ("show_procedure", Some(*code), None),
            Self::Tracked { number } => ("track_dossier", None, Some(number.as_str())),
            Self::Thanked => ("thank", None, None),
        };
        let right = answer["action"].as_str() == Some(action)
            && answer["codes"][0].as_str() == code
            && answer["number"].as_str() == number
            && answer["refusal"].is_null()
            && answer["text"].as_str().is_some_and(|text| !text.trim().is_empty());
        (!right).then(|| {
            format!(
                "{} {} {} refusal {}, not {action} {code:?} {number:?}",
                answer["action"], answer["codes"], answer["number"], answer["refusal"]
            )
        })
    }

    /// What the audit keeps of a procedure's answer.
    pub(super) fn audited(&self) -> Option<String> {
        match self {
            Self::Shown { code, part } => Some(shown(code, part)),
            Self::Tracked { .. } | Self::Thanked => None,
        }
    }
}

/// What the audit keeps of a part of a procedure.
pub(super) fn shown(code: &str, part: &str) -> String {
    format!("show_procedure procedure code={code} focus={part}")
}

/// Every follow-up with the part that it asks for.
pub(super) fn follow_ups() -> impl Iterator<Item = (&'static str, &'static str)> {
    let fee = FEE.into_iter().map(|text| (text, "fee"));
    let online = ONLINE.into_iter().map(|text| (text, "online"));
    fee.chain(online).chain(TIME.into_iter().map(|text| (text, "time")))
}

/// Rows that the audit must hold, by what they say of a procedure.
pub(super) type Audited = BTreeMap<String, u64>;

/// Dialogue number `place`, over one of the dossiers: four turns, five or six.
pub(super) fn dialogue(place: u64, number: &str) -> Vec<Turn> {
    let nth = |many: usize, step: u64| usize::try_from(place / step % (many as u64)).unwrap_or_default();
    let matter = &MATTERS[nth(MATTERS.len(), 1)];
    let shown = |part| Wanted::Shown { code: matter.code, part };
    let turn = |kind, ask: &str, wanted| Turn { kind, ask: ask.to_owned(), wanted };
    let mut turns = vec![
        turn(Kind::Question, matter.ask, shown(matter.part)),
        turn(Kind::Fee, FEE[nth(FEE.len(), 12)], shown("fee")),
    ];
    // Of each procedure, every third is short and every third long.
    let length = (place + place / 12) % 3;
    if length != 1 {
        turns.push(turn(Kind::Online, ONLINE[nth(ONLINE.len(), 5)], shown("online")));
    }
    if length == 2 {
        turns.push(turn(Kind::Time, TIME[nth(TIME.len(), 7)], shown("time")));
    }
    let asked = TRACK[nth(TRACK.len(), 5)].replace("{}", number);
    turns.push(turn(Kind::Track, &asked, Wanted::Tracked { number: number.to_owned() }));
    turns.push(turn(Kind::Thanks, THANKS[nth(THANKS.len(), 4)], Wanted::Thanked));
    turns
}

/// Dialogues after which everything was said, and every procedure asked about in
/// dialogues of every length.
pub(super) const WHOLE_ROUND: u64 = 12 * 4 * 5;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_dialogue_has_four_to_six_turns_and_all_wordings_are_said() {
        let mut said = BTreeSet::new();
        for place in 0..WHOLE_ROUND {
            let turns = dialogue(place, "H09.1");
            assert!((4..=6).contains(&turns.len()), "{turns:?}");
            for kind in [Kind::Question, Kind::Fee, Kind::Track, Kind::Thanks] {
                assert_eq!(turns.iter().filter(|turn| turn.kind == kind).count(), 1, "{turns:?}");
            }
            said.extend(turns.into_iter().map(|turn| turn.ask));
        }
        let wordings = MATTERS.len() + FEE.len() + ONLINE.len() + TIME.len() + TRACK.len() + THANKS.len();
        assert_eq!(said.len(), wordings, "{said:?}");
    }

    #[test]
    fn another_chats_answer_is_a_mistake() {
        let wanted = Wanted::Tracked { number: "H09.1".to_owned() };
        let answer = |action: &str, number: &str| json!({"action": action, "number": number, "codes": [], "text": "x"});
        assert_eq!(wanted.mistake(&answer("track_dossier", "H09.1")), None);
        assert!(wanted.mistake(&answer("track_dossier", "H09.2")).is_some());
        assert!(wanted.mistake(&answer("show_procedure", "H09.1")).is_some());
        let shown = Wanted::Shown { code: "1.001193", part: "fee" };
        let answer = json!({"action": "show_procedure", "codes": ["1.001193"], "text": "x"});
        assert_eq!(shown.mistake(&answer), None);
        assert!(Wanted::Shown { code: "1.000656", part: "fee" }.mistake(&answer).is_some());
    }
}
