use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// What a status means for the citizen, whatever the source calls it.
///
/// National codes 1–10 (`TrangThaiHoSo` of the national portal adapter). The
/// enumeration is open: a source may use codes of its own, which map to
/// [`Phase::Other`] and are served with the source's own text.
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
    /// The source's own code, as it came.
    pub code: CompactString,
    /// The source's own text; always present for [`Phase::Other`] where the
    /// source gave one.
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

    /// Reads a code. Leading zeros are ignored (`"04"` is `"4"`), an unknown
    /// code keeps its own text (the code itself where the source gives none).
    pub fn read(&self, code: &str, text: Option<&str>) -> Status {
        let code = code.trim();
        let short = match code.trim_start_matches('0') {
            "" => code,
            rest => rest,
        };
        if let Some(status) = self.rules.get(code).or_else(|| self.rules.get(short)) {
            return status.clone();
        }
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        Status { phase: Phase::Other, code: code.into(), source_text: Some(text.unwrap_or(code).into()) }
    }
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
        assert_eq!(status.source_text.as_deref(), Some("Chờ thẩm định"));
        assert_eq!(map.read("", None).phase, Phase::Other);
        assert_eq!(map.read("0", None).source_text.as_deref(), Some("0"));
    }
}
