//! A procedure in the wire's field names, as a national data base holds it:
//! ways to hand in, each with its times, each with its fees.

use gateway_core::domain::{FeeReading, Method, PaperCase, Procedure, ProcessingTime, SubmissionChannel, TimeUnit};
use serde::Serialize;

use super::dossier::field_code;
use crate::words::Words;

/// A line of `LayDanhSachTTHC`.
#[derive(Debug, Serialize)]
pub(crate) struct WireProcedureName<'a> {
    #[serde(rename = "MATTHC")]
    pub(crate) code: String,
    #[serde(rename = "TENTTHC")]
    pub(crate) name: &'a str,
}

/// A procedure in full (`LayThuTuc`). It does not say its code: who asked knows it.
#[derive(Debug, Serialize)]
pub(crate) struct WireProcedure<'a> {
    #[serde(rename = "TENTTHC")]
    name: &'a str,
    #[serde(rename = "LINHVUCTHUCHIEN")]
    fields: [WireField<'a>; 1],
    #[serde(rename = "TRINHTUTHUCHIEN")]
    steps: &'a str,
    #[serde(rename = "CACHTHUCTHUCHIEN")]
    methods: Vec<WireMethod<'a>>,
    #[serde(rename = "THANHPHANHOSO")]
    papers: Vec<WireCase<'a>>,
    #[serde(rename = "KETQUATHUCHIEN")]
    results: Vec<WireOutcome<'a>>,
    #[serde(rename = "CANCUPHAPLY")]
    legal: Vec<WireLegal<'a>>,
    #[serde(rename = "COQUANTHUCHIEN")]
    agencies: String,
}

/// A field of administration.
#[derive(Debug, Serialize)]
pub(crate) struct WireField<'a> {
    #[serde(rename = "MALINHVUC")]
    pub(crate) code: String,
    #[serde(rename = "TENLINHVUC")]
    pub(crate) name: &'a str,
}

#[derive(Debug, Serialize)]
struct WireMethod<'a> {
    #[serde(rename = "KENH")]
    channel: &'a str,
    #[serde(rename = "THOIGIAN")]
    times: Vec<WireTime<'a>>,
}

#[derive(Debug, Serialize)]
struct WireTime<'a> {
    #[serde(rename = "THOIGIANGIAIQUYET")]
    amount: String,
    #[serde(rename = "DONVITINH")]
    unit: &'static str,
    #[serde(rename = "MOTA")]
    note: &'a str,
    #[serde(rename = "PHILEPHI")]
    fees: Vec<WireAmount<'a>>,
}

#[derive(Debug, PartialEq, Serialize)]
struct WireAmount<'a> {
    #[serde(rename = "SOTIEN")]
    amount: String,
    #[serde(rename = "DONVI")]
    unit: &'a str,
    #[serde(rename = "MOTA")]
    note: &'a str,
}

#[derive(Debug, Serialize)]
struct WireCase<'a> {
    #[serde(rename = "TRUONGHOP")]
    case: &'a str,
    #[serde(rename = "GIAYTO")]
    papers: Vec<WireItem<'a>>,
}

#[derive(Debug, Serialize)]
struct WireItem<'a> {
    #[serde(rename = "TENGIAYTO")]
    name: &'a str,
    #[serde(rename = "SOBANCHINH")]
    originals: String,
    #[serde(rename = "SOBANSAO")]
    copies: String,
}

#[derive(Debug, Serialize)]
struct WireOutcome<'a> {
    #[serde(rename = "MAKETQUA")]
    code: &'a str,
    #[serde(rename = "TENKETQUA")]
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct WireLegal<'a> {
    #[serde(rename = "SOVANBAN")]
    number: &'a str,
}

impl<'a> WireProcedure<'a> {
    /// Writes a procedure; `field` is the place of its field in the catalogue of fields.
    pub(crate) fn of(procedure: &'a Procedure, field: usize, words: &'a Words) -> Self {
        Self {
            name: &procedure.name,
            fields: [WireField { code: field_code(field), name: &procedure.field }],
            steps: procedure.steps.as_deref().unwrap_or_default(),
            methods: procedure
                .methods_by_channel()
                .into_iter()
                .map(|(channel, methods)| WireMethod {
                    channel: channel_code(channel),
                    times: methods.into_iter().map(|method| time(method, words)).collect(),
                })
                .collect(),
            papers: procedure.papers.iter().map(case).collect(),
            results: procedure
                .results
                .iter()
                .map(|result| WireOutcome { code: result.code.as_deref().unwrap_or_default(), name: &result.name })
                .collect(),
            legal: procedure.legal.iter().map(|number| WireLegal { number }).collect(),
            agencies: procedure
                .levels
                .iter()
                .map(|level| words.level_agencies.get(level.key()).map_or(level.key(), String::as_str))
                .collect::<Vec<_>>()
                .join(", "),
        }
    }
}

fn channel_code(channel: &SubmissionChannel) -> &str {
    match channel {
        SubmissionChannel::InPerson => "1",
        SubmissionChannel::Online => "2",
        SubmissionChannel::Post => "3",
        SubmissionChannel::Other(text) => text,
    }
}

fn time<'a>(method: &'a Method, words: &'a Words) -> WireTime<'a> {
    let (amount, unit) = match &method.time {
        ProcessingTime::NotPublished => (String::new(), ""),
        ProcessingTime::Published { amount, unit } => (amount.to_string(), unit_name(*unit)),
        ProcessingTime::UnitNotPublished { amount } => (amount.to_string(), ""),
        ProcessingTime::Text(text) => (text.clone(), ""),
    };
    let note = method.note.as_deref().unwrap_or_default().trim();
    let (of_fee, of_time) = split_note(note);
    match fee(method, of_fee, words) {
        Some(fee) => WireTime { amount, unit, note: of_time, fees: vec![fee] },
        None => WireTime { amount, unit, note, fees: Vec::new() },
    }
}

const fn unit_name(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Hours => "Giờ",
        TimeUnit::WorkingHours => "Giờ làm việc",
        TimeUnit::Days => "Ngày",
        TimeUnit::WorkingDays => "Ngày làm việc",
        TimeUnit::Months => "Tháng",
        TimeUnit::Years => "Năm",
    }
}

/// `None` where the fee is not published.
fn fee<'a>(method: &'a Method, note: &'a str, words: &'a Words) -> Option<WireAmount<'a>> {
    let published = method.fee.published.as_deref().unwrap_or_default().trim();
    let in_words = words.channel_unit.as_str();
    let (amount, unit) = match &method.fee.reading {
        FeeReading::NotPublished => return None,
        FeeReading::Free | FeeReading::SeeNote => ("0".to_owned(), in_words),
        FeeReading::Amount { amount, .. } => {
            let unit = published.trim_start_matches(is_figure).trim();
            (amount.amount().to_string(), if unit.is_empty() { in_words } else { unit })
        }
        FeeReading::Text(text) => {
            let figure = text.trim_end_matches(|c| !is_figure(c)).trim();
            match text.strip_prefix(figure) {
                Some(unit) if !figure.is_empty() && figure.chars().all(is_figure) => (figure.to_owned(), unit.trim()),
                _ => (text.clone(), ""),
            }
        }
    };
    Some(WireAmount { amount, unit, note })
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',' | ' ')
}

/// The public site shows the fee's note in parentheses before the time's; this
/// takes them apart again. Where there are none, the note is the fee's.
fn split_note(note: &str) -> (&str, &str) {
    if !note.starts_with('(') {
        return (note, "");
    }
    let mut depth = 0_i32;
    for (at, c) in note.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let inner = note.get(1..at).unwrap_or_default();
            let rest = note.get(at + 1..).unwrap_or_default();
            return (inner.trim(), rest.trim());
        }
    }
    (note, "")
}

fn case(case: &PaperCase) -> WireCase<'_> {
    WireCase {
        case: &case.case,
        papers: case
            .items
            .iter()
            .map(|item| WireItem {
                name: &item.name,
                originals: item.originals.to_string(),
                copies: item.copies.to_string(),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::Fee;

    use super::*;

    fn method(time: &str, fee: &str, note: &str) -> Method {
        Method {
            channel: SubmissionChannel::InPerson,
            time: ProcessingTime::read(time),
            fee: Fee::read(fee, Some(note)),
            note: (!note.is_empty()).then(|| note.to_owned()),
        }
    }

    #[test]
    fn what_is_not_published_stays_empty() {
        let words = Words::read().unwrap();
        let unpublished = method("7", "Không có thông tin", "Nộp tại trụ sở");
        let wire = time(&unpublished, &words);
        assert_eq!((wire.amount.as_str(), wire.unit, wire.note), ("7", "", "Nộp tại trụ sở"));
        assert!(wire.fees.is_empty());
        assert_eq!(time(&method("Không có thông tin", "", ""), &words).amount, "");
    }

    #[test]
    fn free_is_zero_with_its_note() {
        let words = Words::read().unwrap();
        let free = method("5 Ngày làm việc", "Miễn phí", "(Lệ phí cấp (đổi): 135.000 đồng.)Nộp trực tiếp.");
        let wire = time(&free, &words);
        assert_eq!(
            wire.fees,
            [WireAmount { amount: "0".into(), unit: "Đồng", note: "Lệ phí cấp (đổi): 135.000 đồng." }]
        );
        assert_eq!(wire.note, "Nộp trực tiếp.");
    }

    #[test]
    fn amounts_keep_their_unit() {
        let words = Words::read().unwrap();
        let paid = method("7 Ngày", "50,000 Việt Nam Đồng", "");
        assert_eq!(time(&paid, &words).fees, [WireAmount { amount: "50000".into(), unit: "Việt Nam Đồng", note: "" }]);
        let foreign = method("7 Ngày", "10 USD", "");
        assert_eq!(time(&foreign, &words).fees, [WireAmount { amount: "10".into(), unit: "USD", note: "" }]);
        let told = method("7 Ngày", "Theo quy định", "");
        assert_eq!(time(&told, &words).fees, [WireAmount { amount: "Theo quy định".into(), unit: "", note: "" }]);
    }
}
