use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::{Money, ProcedureCode};

/// An administrative procedure (*thủ tục hành chính*) as it is published.
///
/// Figures keep the source's own text beside what was read from it: an amount
/// is always shown with its note, and what is not published is said to be not
/// published, never guessed (`procedures.md`, traps).
#[derive(Debug, Clone, PartialEq)]
pub struct Procedure {
    /// National code.
    pub code: ProcedureCode,
    /// Official name (up to about 570 characters).
    pub name: String,
    /// At most 40 characters, for small screens and SMS.
    pub short_name: String,
    /// A short English name, where somebody wrote one.
    pub english_name: Option<String>,
    /// People's own words for it.
    pub aliases: Vec<String>,
    /// Field of administration (*lĩnh vực*).
    pub field: String,
    /// Levels of the agencies that handle it.
    pub levels: Vec<Level>,
    /// Who may apply, in the source's words.
    pub applicants: Vec<String>,
    /// The decision that published it.
    pub decision: Option<String>,
    /// The ways to hand in, each with time, fee and note. A channel may stand
    /// here more than once: every condition is shown.
    pub methods: Vec<Method>,
    /// Required papers, by case.
    pub papers: Vec<PaperCase>,
    /// Steps, as text.
    pub steps: Option<String>,
    /// Conditions, as text.
    pub conditions: Option<String>,
    /// What the citizen gets.
    pub results: Vec<ProcedureResult>,
    /// Numbers of the legal texts.
    pub legal: Vec<String>,
    /// The official page.
    pub url: Option<String>,
    /// Who published the facts.
    pub source: String,
    /// The day the facts were taken from the source.
    pub as_of: Option<Date>,
    /// Its very name needs a proof (denunciations, adoption, criminal records).
    pub sensitive: bool,
    /// How common the question is; 1.0 is ordinary. For ranking only.
    pub prior: f32,
}

/// Level of the agency that handles a procedure. Open: other texts are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Level {
    /// *Cấp bộ*
    Ministry,
    /// *Cấp tỉnh*
    Province,
    /// *Cấp huyện* (none since 1/7/2025; older texts name it).
    District,
    /// *Cấp xã*
    Commune,
    /// Another text of the source.
    Other(String),
}

impl Level {
    /// A stable word; the source's text for [`Level::Other`].
    pub fn key(&self) -> &str {
        match self {
            Self::Ministry => "ministry",
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
            Self::Other(text) => text,
        }
    }

    /// Reads the source's text (`Cấp tỉnh`) or a stable word.
    pub fn read(text: &str) -> Self {
        match crate::text::fold(text).as_str() {
            "cap bo" | "bo" | "ministry" => Self::Ministry,
            "cap tinh" | "tinh" | "province" => Self::Province,
            "cap huyen" | "huyen" | "district" => Self::District,
            "cap xa" | "xa" | "commune" => Self::Commune,
            _ => Self::Other(text.trim().to_owned()),
        }
    }
}

/// One way to hand in.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// In person, online, by post.
    pub channel: SubmissionChannel,
    /// How long it takes.
    pub time: ProcessingTime,
    /// What it costs.
    pub fee: Fee,
    /// The source's note: conditions, dates, decrees. Shown beside the fee.
    pub note: Option<String>,
}

/// How a dossier is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SubmissionChannel {
    /// *Trực tiếp* (KENH 1)
    InPerson,
    /// *Trực tuyến* (KENH 2)
    Online,
    /// *Dịch vụ bưu chính* (KENH 3)
    Post,
    /// Another text of the source.
    Other(String),
}

impl SubmissionChannel {
    /// A stable word; the source's text for the open variant.
    pub fn key(&self) -> &str {
        match self {
            Self::InPerson => "in_person",
            Self::Online => "online",
            Self::Post => "post",
            Self::Other(text) => text,
        }
    }
}

/// Unit of a processing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// *Giờ*
    Hours,
    /// *Giờ làm việc*
    WorkingHours,
    /// *Ngày*: calendar days; not *ngày làm việc*.
    Days,
    /// *Ngày làm việc*
    WorkingDays,
    /// *Tháng*
    Months,
    /// *Năm*
    Years,
}

impl TimeUnit {
    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::WorkingHours => "working_hours",
            Self::Days => "days",
            Self::WorkingDays => "working_days",
            Self::Months => "months",
            Self::Years => "years",
        }
    }
}

/// How long it takes, as far as it is published.
#[derive(Debug, Clone, PartialEq)]
pub enum ProcessingTime {
    /// *Không có thông tin*: not published.
    NotPublished,
    /// A figure with its unit.
    Published {
        /// The figure.
        amount: f64,
        /// Its unit.
        unit: TimeUnit,
    },
    /// A figure whose unit is not published: it is never guessed.
    UnitNotPublished {
        /// The figure.
        amount: f64,
    },
    /// A text that is neither.
    Text(String),
}

/// What it costs: the published text and what may be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fee {
    /// The source's own text.
    pub published: Option<String>,
    /// What may be said of it without misleading.
    pub reading: FeeReading,
}

/// What may be said of a fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeeReading {
    /// *Không có thông tin*, or empty: not published; never "free".
    NotPublished,
    /// *Miễn phí*, and nothing in the note contradicts it.
    Free,
    /// *Miễn phí*, but the note names an amount, a fee decree, or leaves it to
    /// the provincial council: read the note, never say "free".
    SeeNote,
    /// An amount. It is shown with the note.
    Amount {
        /// In đồng.
        amount: Money,
        /// The note names other amounts, conditions or dates.
        conditional: bool,
        /// The last day of a rate whose period the note ends, where one is named.
        until: Option<Date>,
    },
    /// A text that holds no amount in đồng (`10 USD`).
    Text(String),
}

/// The papers of one case (*trường hợp*).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperCase {
    /// The case; empty where there is just one.
    pub case: String,
    /// Papers and notes.
    pub items: Vec<PaperItem>,
}

/// One line of a list of papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperItem {
    /// What it is.
    pub name: String,
    /// How many originals.
    pub originals: u32,
    /// How many copies.
    pub copies: u32,
}

impl PaperItem {
    /// An item with quantity 0 is a note, not a paper.
    pub const fn is_note(&self) -> bool {
        self.originals == 0 && self.copies == 0
    }
}

/// What the citizen gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureResult {
    /// Its name.
    pub name: String,
    /// Its code in the national catalogue.
    pub code: Option<String>,
}

/// What a list shows of a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcedureSummary {
    /// The whole, shared.
    pub procedure: Arc<Procedure>,
    /// Relevance of the hit; comparable within one answer only.
    pub score: f32,
}

impl Procedure {
    /// Papers of all cases that are papers, not notes.
    pub fn paper_count(&self) -> usize {
        self.papers.iter().flat_map(|case| &case.items).filter(|item| !item.is_note()).count()
    }

    /// Methods grouped by channel, in the order of first appearance.
    pub fn methods_by_channel(&self) -> Vec<(&SubmissionChannel, Vec<&Method>)> {
        let mut order: Vec<(&SubmissionChannel, Vec<&Method>)> = Vec::new();
        let mut places: HashMap<&SubmissionChannel, usize> = HashMap::new();
        for method in &self.methods {
            match places.get(&method.channel).and_then(|&place| order.get_mut(place)) {
                Some((_, methods)) => methods.push(method),
                None => {
                    places.insert(&method.channel, order.len());
                    order.push((&method.channel, vec![method]));
                }
            }
        }
        order
    }
}
