use std::borrow::Cow;

use gateway_core::domain::{
    Fee, Level, Method, PaperCase, PaperItem, Procedure, ProcedureCode, ProcedureResult, ProcessingTime,
    SubmissionChannel, TimeUnit,
};
use gateway_core::text::fold;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::LineProblem;
use crate::index::normal;
use crate::short_name::given_or_derived;

/// Who published facts that name no source of their own.
const NATIONAL_SOURCE: &str = "Cơ sở dữ liệu quốc gia về thủ tục hành chính";
const NOT_PUBLISHED: &str = "Không có thông tin";
/// Longest official name, in characters (569 is the longest seen).
const LONGEST_NAME: usize = 2_000;
/// Items of any one list in a record.
const LONGEST_LIST: usize = 2_000;

/// One line of the file. Unknown fields are passed over: the national data set
/// carries raw copies that are not needed here.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    code: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    short_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    english: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default)]
    field: String,
    #[serde(default)]
    level: Vec<String>,
    #[serde(default)]
    applicants: Vec<String>,
    #[serde(default)]
    decision: String,
    #[serde(default)]
    methods: Vec<MethodRecord>,
    #[serde(default)]
    papers: Vec<CaseRecord>,
    #[serde(default)]
    steps: String,
    #[serde(default)]
    conditions: String,
    #[serde(default)]
    results: Vec<ResultRecord>,
    #[serde(default)]
    legal: Vec<String>,
    #[serde(default)]
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_of: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sensitive: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prior: Option<f32>,
}

#[derive(Debug, Serialize, Deserialize)]
struct MethodRecord {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    fee: String,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct CaseRecord {
    #[serde(default)]
    case: String,
    #[serde(default)]
    items: Vec<ItemRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ItemRecord {
    name: String,
    #[serde(default)]
    original: u32,
    #[serde(default)]
    copy: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct ResultRecord {
    name: String,
    #[serde(default)]
    code: String,
}

impl Record {
    pub(super) fn into_procedure(self) -> Result<Procedure, LineProblem> {
        let code = ProcedureCode::parse(&self.code).map_err(|error| LineProblem::new("code", error.to_string()))?;
        let name = line(&self.name);
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME {
            return Err(LineProblem::new("name", format!("{length} characters; 1 to {LONGEST_NAME} are accepted")));
        }
        for (field, length) in [
            ("aliases", self.aliases.len()),
            ("level", self.level.len()),
            ("applicants", self.applicants.len()),
            ("methods", self.methods.len()),
            ("papers", self.papers.iter().map(|case| case.items.len().max(1)).sum()),
            ("results", self.results.len()),
            ("legal", self.legal.len()),
        ] {
            if length > LONGEST_LIST {
                return Err(LineProblem::new(field, format!("{length} items; {LONGEST_LIST} at most")));
            }
        }
        let prior = self.prior.unwrap_or(1.0);
        if !(0.01..=100.0).contains(&prior) {
            return Err(LineProblem::new("prior", format!("{prior}; 0.01 to 100 is accepted")));
        }
        let field = line(&self.field);
        Ok(Procedure {
            short_name: given_or_derived(self.short_name.as_deref().and_then(some_line).as_deref(), &name),
            english_name: self.english.as_deref().and_then(some_line),
            aliases: self.aliases.iter().filter_map(|alias| some_line(alias)).collect(),
            levels: self.level.iter().map(|level| Level::read(level)).collect(),
            applicants: rejoined(&self.applicants),
            decision: some_line(&self.decision),
            methods: self.methods.into_iter().map(MethodRecord::into_method).collect(),
            papers: self.papers.into_iter().map(CaseRecord::into_case).collect(),
            steps: some_text(self.steps),
            conditions: some_text(self.conditions),
            results: self.results.into_iter().map(ResultRecord::into_result).collect(),
            legal: self.legal.iter().filter_map(|text| some_line(text)).collect(),
            url: some_line(&self.url),
            source: self.source.as_deref().and_then(some_line).unwrap_or_else(|| NATIONAL_SOURCE.to_owned()),
            as_of: self.as_of,
            sensitive: self.sensitive.unwrap_or_else(|| is_sensitive(&name, &field)),
            prior,
            code,
            name,
            field,
        })
    }

    pub(super) fn of(procedure: &Procedure) -> Self {
        Self {
            code: procedure.code.to_string(),
            name: procedure.name.clone(),
            short_name: Some(procedure.short_name.clone()),
            english: procedure.english_name.clone(),
            aliases: procedure.aliases.clone(),
            field: procedure.field.clone(),
            level: procedure.levels.iter().map(|level| level_text(level).to_owned()).collect(),
            applicants: procedure.applicants.clone(),
            decision: procedure.decision.clone().unwrap_or_default(),
            methods: procedure.methods.iter().map(MethodRecord::of).collect(),
            papers: procedure.papers.iter().map(CaseRecord::of).collect(),
            steps: procedure.steps.clone().unwrap_or_default(),
            conditions: procedure.conditions.clone().unwrap_or_default(),
            results: procedure.results.iter().map(ResultRecord::of).collect(),
            legal: procedure.legal.clone(),
            url: procedure.url.clone().unwrap_or_default(),
            source: Some(procedure.source.clone()),
            as_of: procedure.as_of,
            sensitive: Some(procedure.sensitive),
            prior: Some(procedure.prior),
        }
    }
}

impl MethodRecord {
    fn into_method(self) -> Method {
        let note = some_text(self.note);
        Method {
            channel: match fold(&self.channel).as_str() {
                "truc tiep" => SubmissionChannel::InPerson,
                "truc tuyen" => SubmissionChannel::Online,
                "dich vu buu chinh" => SubmissionChannel::Post,
                _ => SubmissionChannel::Other(line(&self.channel)),
            },
            time: ProcessingTime::read(&line(&self.time)),
            fee: Fee::read(&line(&self.fee), note.as_deref()),
            note,
        }
    }

    fn of(method: &Method) -> Self {
        Self {
            channel: match &method.channel {
                SubmissionChannel::InPerson => "Trực tiếp",
                SubmissionChannel::Online => "Trực tuyến",
                SubmissionChannel::Post => "Dịch vụ bưu chính",
                SubmissionChannel::Other(text) => text,
            }
            .to_owned(),
            time: match &method.time {
                ProcessingTime::NotPublished => NOT_PUBLISHED.to_owned(),
                ProcessingTime::Published { amount, unit } => format!("{amount} {}", unit_text(*unit)),
                ProcessingTime::UnitNotPublished { amount } => amount.to_string(),
                ProcessingTime::Text(text) => text.clone(),
            },
            fee: method.fee.published.clone().unwrap_or_default(),
            note: method.note.clone().unwrap_or_default(),
        }
    }
}

impl CaseRecord {
    fn into_case(self) -> PaperCase {
        let items = self.items.into_iter().map(|item| PaperItem {
            name: text(item.name),
            originals: item.original,
            copies: item.copy,
        });
        PaperCase { case: text(self.case), items: items.collect() }
    }

    fn of(case: &PaperCase) -> Self {
        let items = case.items.iter().map(|item| ItemRecord {
            name: item.name.clone(),
            original: item.originals,
            copy: item.copies,
        });
        Self { case: case.case.clone(), items: items.collect() }
    }
}

impl ResultRecord {
    fn into_result(self) -> ProcedureResult {
        ProcedureResult { name: text(self.name), code: some_line(&self.code) }
    }

    fn of(result: &ProcedureResult) -> Self {
        Self { name: result.name.clone(), code: result.code.clone().unwrap_or_default() }
    }
}

fn level_text(level: &Level) -> &str {
    match level {
        Level::Ministry => "Cấp bộ",
        Level::Province => "Cấp tỉnh",
        Level::District => "Cấp huyện",
        Level::Commune => "Cấp xã",
        Level::Other(text) => text,
    }
}

const fn unit_text(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Hours => "Giờ",
        TimeUnit::WorkingHours => "Giờ làm việc",
        TimeUnit::Days => "Ngày",
        TimeUnit::WorkingDays => "Ngày làm việc",
        TimeUnit::Months => "Tháng",
        TimeUnit::Years => "Năm",
    }
}

/// The source splits its own terms at commas: `Tổ chức (không bao gồm doanh
/// nghiệp, HTX)` and `Cán bộ, công chức, viên chức`. A part joins the one before
/// it while a bracket is open, or where it begins with a small letter.
fn rejoined(parts: &[String]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts.iter().filter_map(|part| some_line(part)) {
        match whole.last_mut() {
            Some(last) if opens(last) || part.starts_with(char::is_lowercase) => {
                last.push_str(", ");
                last.push_str(&part);
            }
            _ => whole.push(part),
        }
    }
    whole
}

fn opens(text: &str) -> bool {
    text.matches('(').count() > text.matches(')').count()
}

/// Names that need a proof (`dossiers.md`, rule 2): denunciations and
/// complaints, adoption, criminal records.
fn is_sensitive(name: &str, field: &str) -> bool {
    let said = format!("{name} {field}").to_lowercase();
    ["tố cáo", "con nuôi", "lý lịch tư pháp"].iter().any(|word| said.contains(word))
}

/// NFC, white space collapsed. Most texts are so already.
fn line(text: &str) -> String {
    let text = normal(text);
    let mut before = ' ';
    let collapsed = text.chars().all(|c| {
        let well = !c.is_whitespace() || (c == ' ' && before != ' ');
        before = c;
        well
    });
    if collapsed && before != ' ' {
        return text.into_owned();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn some_line(text: &str) -> Option<String> {
    Some(line(text)).filter(|text| !text.is_empty())
}

/// NFC, trimmed; line ends kept. Most texts stay where they are.
fn text(text: String) -> String {
    match normal(&text) {
        Cow::Borrowed(same) if same.trim().len() == same.len() => text,
        other => other.trim().to_owned(),
    }
}

fn some_text(original: String) -> Option<String> {
    Some(text(original)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applicants_split_at_a_comma_are_one_again() {
        let parts =
            ["Tổ chức (không bao gồm doanh nghiệp", "HTX)", "Công dân Việt Nam", "Cán bộ", "công chức", "viên chức"];
        assert_eq!(
            rejoined(&parts.map(str::to_owned)),
            ["Tổ chức (không bao gồm doanh nghiệp, HTX)", "Công dân Việt Nam", "Cán bộ, công chức, viên chức"]
        );
        assert_eq!(rejoined(&["(a".into(), "b".into()]), ["(a, b"], "a bracket that never closes takes the rest");
    }

    #[test]
    fn a_name_that_needs_a_proof_is_known_as_such() {
        assert!(is_sensitive("Cấp Phiếu Lý lịch tư pháp", ""));
        assert!(is_sensitive("Đăng ký lại", "Nuôi con nuôi"));
        assert!(!is_sensitive("Đăng ký khai sinh", "Hộ tịch"));
    }
}
