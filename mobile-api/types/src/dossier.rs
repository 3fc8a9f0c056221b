use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Labelled, NoticeView};

/// Where a dossier is: either its public view, or whose it is instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DossierAnswer<'a> {
    /// The number in its canonical form, however it was asked for.
    #[cfg_attr(feature = "schema", schema(example = "000.00.17.H09-210819-0012"))]
    pub number: Cow<'a, str>,
    /// The dossier; absent where another authority holds it.
    #[serde(default)]
    pub dossier: Option<DossierView<'a>>,
    /// The authority that holds it instead.
    #[serde(default)]
    pub elsewhere: Option<ElsewhereView<'a>>,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// A dossier, as anybody may see it who knows the number; with [`OwnerPart`]
/// after a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DossierView<'a> {
    /// The procedure; absent where it is unknown, or where its very name needs
    /// a proof (`procedure_withheld`).
    #[serde(default)]
    pub procedure: Option<ProcedureRef<'a>>,
    /// The procedure's name is shown only after a proof.
    #[serde(default)]
    pub procedure_withheld: bool,
    /// Where the dossier lies now (of a finished one: who handled it), in the
    /// language of the answer where the name is known in it.
    #[serde(default)]
    pub agency: Option<Cow<'a, str>>,
    /// How to reach a person there: a telephone.
    #[serde(default)]
    pub contact: Option<Cow<'a, str>>,
    /// What has happened to it.
    pub status: StatusView<'a>,
    /// The kind of reason why it waits or was refused.
    #[serde(default)]
    pub reason: Option<Labelled<'a>>,
    /// What the citizen does next.
    pub next_step: Labelled<'a>,
    /// On time, late, or the clock stands.
    pub lateness: LatenessView<'a>,
    /// Accepted at.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub received_at: Option<Timestamp>,
    /// Due at.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub due_at: Option<Timestamp>,
    /// The work ended at.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub finished_at: Option<Timestamp>,
    /// The result was handed over at.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub returned_at: Option<Timestamp>,
    /// The result goes out by post.
    #[serde(default)]
    pub by_post: bool,
    /// When the portal said all this.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
    /// The portal does not answer now; this is what it said at `as_of`.
    pub stale: bool,
    /// A second proof would show more.
    #[serde(default)]
    pub more_with_proof: bool,
    /// What only the owner sees; only in the answer to a disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<OwnerPart<'a>>,
}

/// A procedure, in few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProcedureRef<'a> {
    /// Its national code, where the source gives a readable one.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(example = "1.001193"))]
    pub code: Option<Cow<'a, str>>,
    /// The short name, in the language of the answer where somebody wrote one;
    /// the source's own where no other is known.
    #[serde(default)]
    pub name: Option<Cow<'a, str>>,
}

/// A status. The enumeration is open: a code that the gateway does not know
/// has the key `other` and is shown by the source's own text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StatusView<'a> {
    /// The source's own code, as it came.
    #[cfg_attr(feature = "schema", schema(example = "4"))]
    pub code: Cow<'a, str>,
    /// What it means: `registered`, `accepted`, `refused`, `in_progress`,
    /// `papers_requested`, `payment_requested`, `withdrawn`, `stopped`,
    /// `result_ready`, `returned`, `other`, or one that is new.
    #[cfg_attr(feature = "schema", schema(example = "in_progress"))]
    pub key: Cow<'a, str>,
    /// The same in the language of the answer.
    pub label: Cow<'a, str>,
    /// The source's own text, without control characters.
    #[serde(default)]
    pub source_text: Option<Cow<'a, str>>,
}

/// Where a dossier stands against its due date. Days are working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LatenessView<'a> {
    /// `due`, `overdue`, `finished_late`, `finished_in_time`, `clock_stands`
    /// or `not_published`, or one that is new.
    #[cfg_attr(feature = "schema", schema(example = "due"))]
    pub key: Cow<'a, str>,
    /// The due date.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = Date))]
    pub due_on: Option<Date>,
    /// The day the work ended, where it ended late.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = Date))]
    pub finished_on: Option<Date>,
    /// Working days: left (`due`), or too late.
    #[serde(default)]
    pub working_days: Option<u32>,
}

/// Another authority's dossier: look there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ElsewhereView<'a> {
    /// The authority, where it is known.
    #[serde(default)]
    pub authority: Option<Cow<'a, str>>,
    /// Where to ask, where it is known.
    #[serde(default)]
    pub ask_at: Option<Cow<'a, str>>,
}

/// What only the owner sees. It is never stale, and no cache keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnerPart<'a> {
    /// The applicant's name, masked.
    #[serde(default)]
    pub masked_name: Option<Cow<'a, str>>,
    /// The reason in full, in the officer's words.
    #[serde(default)]
    pub reason: Option<Cow<'a, str>>,
    /// Fees.
    #[serde(default)]
    pub fees: Vec<FeeDueView<'a>>,
    /// Papers that were asked for.
    #[serde(default)]
    pub missing_papers: Vec<MissingPaperView<'a>>,
}

/// Money that is owed or paid for a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FeeDueView<'a> {
    /// What for, in the source's words.
    pub name: Cow<'a, str>,
    /// In whole đồng.
    #[cfg_attr(feature = "schema", schema(minimum = 0))]
    pub amount: i64,
}

/// One request for more papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MissingPaperView<'a> {
    /// Which, in the source's words.
    pub what: Cow<'a, str>,
    /// Asked for on.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = Date))]
    pub asked_on: Option<Date>,
}

/// A second proof that a dossier is the asker's: exactly one of the members. It
/// travels in a body, never in a URL.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DisclosureRequest {
    /// The last four digits of the applicant's ID number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9]{4}$", example = "1234"))]
    pub id_last_four: Option<String>,
    /// The six digits that were sent to the registered phone; spaces, points
    /// and dashes between them do no harm. It opens a dossier that too many
    /// wrong digits have locked, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "123456"))]
    pub one_time_code: Option<String>,
}

impl DisclosureRequest {
    /// With the last four digits of the applicant's ID.
    pub fn by_id(last_four: impl Into<String>) -> Self {
        Self { id_last_four: Some(last_four.into()), one_time_code: None }
    }

    /// With a one-time code.
    pub fn by_code(code: impl Into<String>) -> Self {
        Self { id_last_four: None, one_time_code: Some(code.into()) }
    }
}

/// What an owner says of how a dossier was handled.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DossierRatingRequest {
    /// From 1 (very bad) to 5 (very good).
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 5))]
    pub score: u8,
    /// Why, by code: `waiting`, `attitude`, `guidance`, `papers`, `fees`,
    /// `place`, `result`, `terminal`; at most eight.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 8))]
    pub reasons: Vec<String>,
    /// In words; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(max_length = 500))]
    pub words: Option<String>,
    /// That the dossier is the asker's.
    pub proof: DisclosureRequest,
}

/// Neither words nor proof.
impl fmt::Debug for DossierRatingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DossierRatingRequest").field("score", &self.score).finish_non_exhaustive()
    }
}

/// A rating was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RatedAnswer<'a> {
    /// The dossier.
    pub number: Cow<'a, str>,
    /// Whether it counts; `false`: the dossier was rated before, and that rating does.
    pub counted: bool,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// Never the digits.
impl fmt::Debug for DisclosureRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisclosureRequest(…)")
    }
}

/// A one-time code may be on its way: the same whether there is such a dossier
/// or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CodeAnswer<'a> {
    /// For how many minutes a code holds.
    #[cfg_attr(feature = "schema", schema(example = 5))]
    pub minutes: u64,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// The code that names this answer to an officer: not the one-time code.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}
