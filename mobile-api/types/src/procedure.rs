use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Labelled, NoticeView};

/// One page of procedures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProceduresAnswer<'a> {
    /// The hits, best first; in Vietnamese order of names for a plain list.
    pub procedures: Vec<ProcedureHit<'a>>,
    /// How many fit in all.
    pub total: u64,
    /// To go on with, as it is; absent at the end. It holds for this search
    /// only, and until the catalogue changes.
    #[serde(default)]
    pub next_cursor: Option<Cow<'a, str>>,
    /// The first hit stands clear of the second.
    #[serde(default)]
    pub clear: bool,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// What a list shows of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProcedureHit<'a> {
    /// National code.
    #[cfg_attr(feature = "schema", schema(example = "1.001193"))]
    pub code: Cow<'a, str>,
    /// Official name, up to about 570 characters.
    pub name: Cow<'a, str>,
    /// At most 40 characters, for small screens.
    pub short_name: Cow<'a, str>,
    /// A short English name, where somebody wrote one.
    #[serde(default)]
    pub english_name: Option<Cow<'a, str>>,
    /// Field of administration.
    pub field: Cow<'a, str>,
    /// Levels of the agencies that handle it.
    #[serde(default)]
    pub levels: Vec<Labelled<'a>>,
}

/// What a procedure needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProcedureAnswer<'a> {
    /// The procedure.
    pub procedure: ProcedureView<'a>,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// A procedure, with its source and the day of its facts. What is not
/// published is said to be not published, and never guessed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProcedureView<'a> {
    /// National code.
    #[cfg_attr(feature = "schema", schema(example = "1.001193"))]
    pub code: Cow<'a, str>,
    /// Official name.
    pub name: Cow<'a, str>,
    /// At most 40 characters.
    pub short_name: Cow<'a, str>,
    /// A short English name, where somebody wrote one.
    #[serde(default)]
    pub english_name: Option<Cow<'a, str>>,
    /// Field of administration.
    pub field: Cow<'a, str>,
    /// Levels of the agencies that handle it.
    #[serde(default)]
    pub levels: Vec<Labelled<'a>>,
    /// Who may apply, in the source's words.
    #[serde(default)]
    pub applicants: Vec<Cow<'a, str>>,
    /// The decision that published it.
    #[serde(default)]
    pub decision: Option<Cow<'a, str>>,
    /// The ways to hand in. A channel may stand here more than once, each with
    /// its own condition: show them all.
    #[serde(default)]
    pub methods: Vec<MethodView<'a>>,
    /// Required papers, by case.
    #[serde(default)]
    pub papers: Vec<PaperCaseView<'a>>,
    /// Steps, as text.
    #[serde(default)]
    pub steps: Option<Cow<'a, str>>,
    /// Conditions, as text.
    #[serde(default)]
    pub conditions: Option<Cow<'a, str>>,
    /// What the citizen gets.
    #[serde(default)]
    pub results: Vec<ResultView<'a>>,
    /// Numbers of the legal texts.
    #[serde(default)]
    pub legal: Vec<Cow<'a, str>>,
    /// The official page.
    #[serde(default)]
    pub url: Option<Cow<'a, str>>,
    /// Who published the facts.
    pub source: Cow<'a, str>,
    /// The day the facts were taken from the source.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = Date))]
    pub as_of: Option<Date>,
}

/// One way to hand in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MethodView<'a> {
    /// `in_person`, `online`, `post`, or the source's own text.
    pub channel: Labelled<'a>,
    /// How long it takes.
    pub time: TimeView<'a>,
    /// What it costs.
    pub fee: FeeView<'a>,
    /// Conditions, dates and decrees: show it beside the fee.
    #[serde(default)]
    pub note: Option<Cow<'a, str>>,
}

/// How long it takes, as far as it is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimeView<'a> {
    /// The same in the language of the answer, ready to be shown.
    pub label: Cow<'a, str>,
    /// The figure, where one is published.
    #[serde(default)]
    pub amount: Option<f64>,
    /// `hours`, `working_hours`, `days` (calendar days), `working_days`,
    /// `months` or `years`; absent where the unit is not published: never
    /// guess it.
    #[serde(default)]
    pub unit: Option<Cow<'a, str>>,
}

/// What it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FeeView<'a> {
    /// `not_published`, `free`, `see_note`, `amount` or `text`, or one that is
    /// new. `not_published` is never free.
    #[cfg_attr(feature = "schema", schema(example = "amount"))]
    pub key: Cow<'a, str>,
    /// The same in the language of the answer, ready to be shown.
    pub label: Cow<'a, str>,
    /// In whole đồng; show it with the method's note.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 0))]
    pub amount: Option<i64>,
    /// The note names other amounts, conditions or dates.
    #[serde(default)]
    pub conditional: bool,
    /// The last day of this rate, where one is named.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = Date))]
    pub until: Option<Date>,
    /// The source's own text.
    #[serde(default)]
    pub published: Option<Cow<'a, str>>,
}

/// The papers of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PaperCaseView<'a> {
    /// The case; empty where there is just one.
    #[serde(default)]
    pub case: Cow<'a, str>,
    /// Papers and notes.
    #[serde(default)]
    pub items: Vec<PaperView<'a>>,
}

/// One line of a list of papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PaperView<'a> {
    /// What it is.
    pub name: Cow<'a, str>,
    /// How many originals.
    #[serde(default)]
    pub originals: u32,
    /// How many copies.
    #[serde(default)]
    pub copies: u32,
    /// A note, not a paper.
    #[serde(default)]
    pub is_note: bool,
}

/// What the citizen gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ResultView<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its code in the national catalogue.
    #[serde(default)]
    pub code: Option<Cow<'a, str>>,
}
