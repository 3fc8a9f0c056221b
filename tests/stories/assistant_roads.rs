//! The roads on which the assistant is asked in these stories, and the facts of
//! what comes back. Words differ from road to road; facts must not.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use gateway_core::text::fold_words;
use serde_json::{Value, json};
use test_support::{Aggregator, Ended, Texting, dakenh_fed, eventually, get, now, post};

/// So many questions in a row are no flood here.
const NO_LIMITS: [&str; 7] = [
    "limits.any.sender={per_minute=100000,burst=10000}",
    "limits.any.address={per_minute=100000,burst=10000}",
    "limits.free_text.sender={per_minute=100000,burst=10000}",
    "limits.free_text.address={per_minute=100000,burst=10000}",
    "limits.procedures.sender={per_minute=100000,burst=10000}",
    "limits.track_dossier.sender={per_minute=100000,burst=10000}",
    "limits.disclose_dossier.sender={per_minute=100000,burst=10000}",
];

/// A gateway that is asked over HTTP, by text message and at the terminal.
pub(crate) struct Roads {
    pub(crate) texting: Texting,
    aggregator: Aggregator,
    /// The newest row of the audit that was looked at.
    seen: Cell<i64>,
    phones: Cell<u32>,
    /// Of text messages: no two have the same id.
    messages: Cell<u32>,
}

/// What an answer says, on whichever road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    /// What was done, and what the Desk recorded of the answer: the procedure, the
    /// parts, the status, the topic, the refusal.
    pub(crate) said: String,
    /// The first code of a procedure that the answer names.
    pub(crate) code: Option<String>,
    /// Amounts in đồng. Of procedures only: dates and hours are told in other
    /// words.
    pub(crate) money: BTreeSet<u64>,
    /// `8 working days`.
    pub(crate) times: BTreeSet<String>,
    /// In which language.
    pub(crate) locale: String,
}

/// An answer with its facts.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) facts: Facts,
}

impl Roads {
    pub(crate) fn open() -> Self {
        Self::open_with(&[])
    }

    /// The same with further settings.
    pub(crate) fn open_with(settings: &[&str]) -> Self {
        let aggregator = Aggregator::start(json!({}));
        let all = [&NO_LIMITS, settings].concat();
        let texting = Texting::start_with(&format!("{}{}", road(&aggregator), crate::queue::CENTRE), &all);
        let (seen, phones, messages) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Self { texting, aggregator, seen, phones, messages }
    }

    /// A phone that nobody has texted from yet.
    pub(crate) fn phone(&self) -> String {
        self.phones.set(self.phones.get() + 1);
        format!("849012{:05}", self.phones.get())
    }

    /// Asks over HTTP; the id goes on.
    pub(crate) fn http(&self, text: &str, conversation: &RefCell<Option<String>>) -> Heard {
        let mut body = json!({"text": text});
        if let Some(id) = conversation.borrow().as_deref() {
            body["conversation_id"] = id.into();
        }
        let answer = self.texting.post("/api/v1/ask", body);
        assert_eq!(answer.status, 200, "{text}: {answer:?}");
        let answer = answer.json();
        conversation.replace(answer["conversation_id"].as_str().map(str::to_owned));
        let rows = self.rows("mobile", 1);
        heard(&answer["text"], answer["codes"][0].as_str(), &rows[0])
    }

    /// Texts, and waits for the answer.
    pub(crate) fn sms(&self, phone: &str, text: &str) -> Heard {
        let before = self.aggregator.heard().len();
        self.messages.set(self.messages.get() + 1);
        let fields = [("from", phone), ("to", "8283"), ("text", text), ("key", "khoa-cua-dai-ly")];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fields).append_pair("id", &self.messages.get().to_string());
        let taken = now(get(&format!("{}/sms/vht/inbound?{}", self.texting.public(), query.finish()), &[]));
        assert_eq!(taken.status, 200, "{text}: {taken:?}");
        let call = self.aggregator.call(before + 1);
        assert_eq!(call["body"]["to"], phone, "{call}");
        let rows = self.rows("sms", 1);
        heard(&call["body"]["text"], None, &rows[0])
    }

    /// Holds a conversation at the terminal, through a pipe.
    pub(crate) fn terminal(&self, lines: &[String]) -> Vec<Heard> {
        let ended = self.ask(&["--json"], lines);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let answers: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), lines.len(), "an answer a line: {ended:?}");
        let rows = self.rows("mobile", lines.len());
        let all = answers.iter().zip(&rows);
        all.map(|(answer, row)| heard(&answer["text"], answer["codes"][0].as_str(), row)).collect()
    }

    /// `dakenh ask` with these lines on its standard input.
    pub(crate) fn ask(&self, arguments: &[&str], lines: &[String]) -> Ended {
        let server = self.texting.public();
        let all = [&["ask", "--server", server.as_str()], arguments].concat();
        let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
        dakenh_fed(&all, &[], &input)
    }

    /// What the Desk recorded of the newest answers on a channel: they are written
    /// in the background.
    fn rows(&self, channel: &str, count: usize) -> Vec<String> {
        let since = self.seen.get();
        let sql = format!(
            "SELECT action || ' ' || said || '|' || locale AS x FROM audit \
             WHERE id > {since} AND channel = '{channel}' ORDER BY id"
        );
        let rows = eventually("the rows of the audit", || {
            Some(self.texting.database.texts(&sql)).filter(|rows| rows.len() >= count)
        });
        assert_eq!(rows.len(), count, "{rows:?}");
        self.seen.set(self.texting.database.number("SELECT max(id) AS x FROM audit"));
        rows
    }
}

/// A provider that brings messages by GET and takes answers as JSON, whole.
fn road(aggregator: &Aggregator) -> String {
    format!(
        "[[sms.http]]\nkind = \"generic\"\nname = \"vht\"\n\
         inbound = {{ method = \"GET\", format = \"query\", fields = {{ from = \"from\", to = \"to\", \
         text = \"text\", id = \"id\" }}, auth = {{ kind = \"field\", name = \"key\", secret = \"khoa-cua-dai-ly\" }} }}\n\
         outbound = {{ url = \"{}/sms\", method = \"POST\", format = \"json\", fields = {{ to = \"{{to}}\", \
         text = \"{{text}}\" }}, success = {{}} }}\n\
         [[sms.routes]]\nroad = \"vht\"\nfrom = \"UBND\"\nmax_parts = 10\nnotices = false\n",
        aggregator.url
    )
}

/// A question without a conversation, over HTTP at that address.
pub(crate) fn post_text(public: &str, text: &str) -> Value {
    now(post(&format!("{public}/api/v1/ask"), &json!({"text": text}), &[])).json()
}

fn heard(text: &Value, code: Option<&str>, row: &str) -> Heard {
    let text = text.as_str().unwrap().to_owned();
    let (said, locale) = row.split_once('|').unwrap();
    let of_procedure = said.starts_with("show_procedure procedure") || said.starts_with("find_procedures procedure");
    let facts = Facts {
        said: said.to_owned(),
        code: code.map(str::to_owned).or_else(|| code_in(&text)),
        money: if of_procedure { money(&text) } else { BTreeSet::new() },
        times: if of_procedure { times(&text) } else { BTreeSet::new() },
        locale: locale.to_owned(),
    };
    Heard { text, facts }
}

/// The first code of a procedure in a text: `1.001193`.
fn code_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_digit() && c != '.').map(|word| word.trim_matches('.'));
    words
        .find(|word| {
            word.split_once('.').is_some_and(|(first, rest)| {
                first.len() == 1 && rest.len() == 6 && rest.bytes().all(|digit| digit.is_ascii_digit())
            })
        })
        .map(str::to_owned)
}

/// Numbers that are grouped by threes: `70.000`, `1,200,000`.
fn money(text: &str) -> BTreeSet<u64> {
    let words = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let amounts = words.filter_map(|word| {
        let groups: Vec<&str> = word.trim_matches(['.', ',']).split(['.', ',']).collect();
        let (first, rest) = groups.split_first()?;
        let grouped = !rest.is_empty() && (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
        if grouped { groups.concat().parse().ok() } else { None }
    });
    amounts.collect()
}

/// Spans of time, in English: `7 working days`.
fn times(text: &str) -> BTreeSet<String> {
    let words = fold_words(text);
    let word = |place: usize| words.get(place).map_or("", String::as_str);
    let mut found = BTreeSet::new();
    for (place, number) in words.iter().enumerate().filter(|(_, word)| word.bytes().all(|byte| byte.is_ascii_digit())) {
        let unit = match (word(place + 1), word(place + 2), word(place + 3)) {
            ("ngay", "lam", "viec") => "working days",
            ("working", "day" | "days", _) => "working days",
            ("gio", "lam", "viec") => "working hours",
            ("working", "hour" | "hours", _) => "working hours",
            ("ngay" | "day" | "days", ..) => "days",
            ("gio" | "hour" | "hours", ..) => "hours",
            ("thang" | "month" | "months", ..) => "months",
            _ => continue,
        };
        found.insert(format!("{number} {unit}"));
    }
    found
}

#[test]
fn facts_are_found_whatever_the_words() {
    let vi = "Cấp lại thẻ căn cước (1.014064). Trực tiếp: 7 ngày làm việc; lệ phí: 70.000 ₫ (đến hết 31/12/2026).";
    let sms = "Cap lai the can cuoc (1.014064). Truc tiep: 7 ngay lam viec; le phi: 70.000d. Tong dai 0274.1022";
    let en = "Replacement (1.014064). In person: 7 working days; fee: 70,000 ₫. HS 000.00.17.H09-260105-0012";
    for text in [vi, sms, en] {
        assert_eq!(code_in(text).as_deref(), Some("1.014064"), "{text}");
        assert_eq!(money(text), BTreeSet::from([70_000]), "{text}");
        assert_eq!(times(text), BTreeSet::from(["7 working days".to_owned()]), "{text}");
    }
}
