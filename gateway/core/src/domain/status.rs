use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::text::clean;

/// What a status means for the citizen, whatever the source calls it.
///
/// National codes 1–10 (`TrangThaiHoSo` of the national portal adapter). The
/// enumeration is open: a source may use codes of its own, which map to
/// [`Phase::Other`] and are served with the source's own code or text, as far as
/// [`StatusMap::read`] keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// 1 · Mới đăng ký: waits to be checked by the desk.
    Registered,
    /// 2 · Được tiếp nhận: accepted, a due date is set.
    Accepted,
    /// 3 · Không được tiếp nhận: refused at the desk.
    Refused,
    /// 4 · Đang xử lý.
    InProgress,
    /// 5 · Yêu cầu bổ sung giấy tờ: waits for papers from the citizen.
    PapersRequested,
    /// 6 · Yêu cầu thực hiện nghĩa vụ tài chính: waits for a payment.
    PaymentRequested,
    /// 7 · Công dân yêu cầu rút hồ sơ.
    Withdrawn,
    /// 8 · Dừng xử lý.
    Stopped,
    /// 9 · Đã xử lý xong: the result is ready.
    ResultReady,
    /// 10 · Đã trả kết quả.
    Returned,
    /// A code this configuration does not know.
    Other,
}

impl Phase {
    /// Every phase, in the order of the national codes, [`Phase::Other`] last.
    pub const ALL: [Self; 11] = [
        Self::Registered,
        Self::Accepted,
        Self::Refused,
        Self::InProgress,
        Self::PapersRequested,
        Self::PaymentRequested,
        Self::Withdrawn,
        Self::Stopped,
        Self::ResultReady,
        Self::Returned,
        Self::Other,
    ];

    /// A stable word for wires, Fluent keys and metrics.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::InProgress => "in_progress",
            Self::PapersRequested => "papers_requested",
            Self::PaymentRequested => "payment_requested",
            Self::Withdrawn => "withdrawn",
            Self::Stopped => "stopped",
            Self::ResultReady => "result_ready",
            Self::Returned => "returned",
            Self::Other => "other",
        }
    }

    /// Whether the clock of the due date runs: only while the dossier is
    /// being handled (2, 4). 3, 5, 6 and 8 have stopped it.
    pub const fn clock_runs(self) -> bool {
        matches!(self, Self::Accepted | Self::InProgress)
    }

    /// Whether nothing more will happen to the dossier: handed over, withdrawn,
    /// or refused at the desk (what is mended is handed in anew).
    pub const fn is_last(self) -> bool {
        matches!(self, Self::Returned | Self::Withdrawn | Self::Refused)
    }

    /// Whether the work is done (9, 10), so that "finished late" can be told.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::ResultReady | Self::Returned)
    }
}

/// A status as it was read: what it means, and the source's own code and text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// What it means for the citizen.
    pub phase: Phase,
    /// The source's own code; `other` where what came is no code.
    pub code: CompactString,
    /// The source's own text. For [`Phase::Other`] it is the text that came, or
    /// the code, and missing where neither may be shown to anybody.
    pub source_text: Option<Arc<str>>,
}

/// One line of a source's status map.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRule {
    /// The source's code, as text (`"4"`).
    pub code: String,
    /// What it means.
    pub phase: Phase,
    /// The source's own name of it.
    pub text: String,
}

/// How one source's codes map to [`Phase`]s. It never fails on a code that it
/// does not know.
#[derive(Debug, Clone)]
pub struct StatusMap {
    rules: HashMap<String, Status>,
}

impl StatusMap {
    /// A map of the given rules; the last of two rules for one code wins.
    pub fn new(rules: Vec<StatusRule>) -> Self {
        let rules = rules
            .into_iter()
            .map(|rule| {
                let status =
                    Status { phase: rule.phase, code: rule.code.as_str().into(), source_text: Some(rule.text.into()) };
                (rule.code, status)
            })
            .collect();
        Self { rules }
    }

    /// Reads a code. Leading zeros are ignored (`"04"` is `"4"`).
    ///
    /// A status is seen by anybody, and a source's field may hold whatever an
    /// officer typed. So an unknown code is kept, and is its own text, only
    /// where it looks like one: 1–24 ASCII letters, digits, `-`, `_` and `.`,
    /// with fewer than six digits in a row (a phone or an ID). Else it is
    /// `other` without a text. A text that came beside it is cleaned and cut to
    /// 60 characters, and left out where it holds six digits in a row or an `@`.
    /// A name in such a text cannot be told from other words.
    pub fn read(&self, code: &str, text: Option<&str>) -> Status {
        let code = code.trim();
        let short = match code.trim_start_matches('0') {
            "" => code,
            rest => rest,
        };
        if let Some(status) = self.rules.get(code).or_else(|| self.rules.get(short)) {
            return status.clone();
        }
        let code = Some(code).filter(|code| is_code(code));
        let text = text.and_then(shown).or_else(|| code.map(Arc::from));
        Status { phase: Phase::Other, code: code.unwrap_or(NO_CODE).into(), source_text: text }
    }
}

/// The code of a status whose own is none.
const NO_CODE: &str = "other";

/// The longest code that is taken for one, in bytes.
const LONGEST_CODE: usize = 24;

/// The longest text of a status, in characters.
const LONGEST_TEXT: usize = 60;

/// So many digits in a row may be a phone, an ID or a dossier number.
const TELLING_DIGITS: usize = 6;

fn is_code(code: &str) -> bool {
    (1..=LONGEST_CODE).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && !holds_telling_digits(code)
}

/// A source's text as anybody may see it; `None` where it may tell of a person.
fn shown(text: &str) -> Option<Arc<str>> {
    let whole = clean(text, usize::MAX);
    if whole.is_empty() || whole.contains(['@', '\u{FF20}']) || holds_telling_digits(&whole) {
        return None;
    }
    Some(clean(&whole, LONGEST_TEXT).as_ref().into())
}

/// Digits of any script count, and what people put between the groups of a
/// number does not end the row.
fn holds_telling_digits(text: &str) -> bool {
    let mut row = 0;
    text.chars().any(|c| {
        if c.is_numeric() {
            row += 1;
        } else if !matches!(c, ' ' | '.' | '-' | '_') {
            row = 0;
        }
        row >= TELLING_DIGITS
    })
}

impl Default for StatusMap {
    /// The ten codes of the national portal adapter.
    fn default() -> Self {
        let rule = |code: &str, phase, text: &str| StatusRule { code: code.into(), phase, text: text.into() };
        Self::new(vec![
            rule("1", Phase::Registered, "Mới đăng ký"),
            rule("2", Phase::Accepted, "Được tiếp nhận"),
            rule("3", Phase::Refused, "Không được tiếp nhận"),
            rule("4", Phase::InProgress, "Đang xử lý"),
            rule("5", Phase::PapersRequested, "Yêu cầu bổ sung giấy tờ"),
            rule("6", Phase::PaymentRequested, "Yêu cầu thực hiện nghĩa vụ tài chính"),
            rule("7", Phase::Withdrawn, "Công dân yêu cầu rút hồ sơ"),
            rule("8", Phase::Stopped, "Dừng xử lý"),
            rule("9", Phase::ResultReady, "Đã xử lý xong"),
            rule("10", Phase::Returned, "Đã trả kết quả"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_ten_national_codes() {
        let map = StatusMap::default();
        assert_eq!(map.read("5", None).phase, Phase::PapersRequested);
        assert_eq!(map.read(" 10 ", None).phase, Phase::Returned);
        assert_eq!(map.read("04", None).phase, Phase::InProgress);
    }

    #[test]
    fn an_unknown_code_keeps_the_sources_own_text() {
        let map = StatusMap::default();
        let status = map.read("77", Some("Chờ thẩm định"));
        assert_eq!(status.phase, Phase::Other);
        assert_eq!((status.code.as_str(), status.source_text.as_deref()), ("77", Some("Chờ thẩm định")));
        assert_eq!(map.read("0", None).source_text.as_deref(), Some("0"));
        assert_eq!(map.read(" CHO_THAM-DINH.2 ", None).source_text.as_deref(), Some("CHO_THAM-DINH.2"));
    }

    #[test]
    fn what_an_officer_typed_in_place_of_a_code_is_not_shown() {
        let map = StatusMap::default();
        for typed in [
            "",
            "Chờ ông Nguyễn Văn An, 0912345678",
            "da goi dien",
            "0912345678",
            "0912.345.678",
            "074190001234",
            "ABCDEFGHIJKLMNOPQRSTUVWXY",
            "a@b.vn",
            "4\u{202e}",
        ] {
            let status = map.read(typed, None);
            assert_eq!((status.phase, status.code.as_str()), (Phase::Other, "other"), "{typed}");
            assert_eq!(status.source_text, None, "{typed}");
        }
        let status = map.read("Chờ ông An", Some("Chờ thẩm định"));
        assert_eq!((status.code.as_str(), status.source_text.as_deref()), ("other", Some("Chờ thẩm định")));
    }

    #[test]
    fn a_text_of_the_source_is_cleaned_cut_and_tells_of_nobody() {
        let map = StatusMap::default();
        let text = |text: &str| map.read("77", Some(text)).source_text.unwrap().to_string();
        assert_eq!(text("  Chờ\r\n\u{1b}[31mthẩm\u{202e} định "), "Chờ thẩm định");
        assert_eq!(text(&"chờ ".repeat(50)).chars().count(), 60);
        assert_eq!(text("Quyết định 12/2026"), "Quyết định 12/2026");
        for telling in ["gọi 0912 345 678", "074190001234", "thư an@example.vn", "số ０９１２３４５"] {
            assert_eq!(text(telling), "77", "{telling}");
        }
        assert_eq!(text(" \u{200b}"), "77");
        assert_eq!(text(&format!("{}0912345678", "chờ ".repeat(30))), "77", "what would be cut counts too");
    }
}
