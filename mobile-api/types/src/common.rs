use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One value of an open enumeration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Labelled<'a> {
    /// A stable word. New ones may appear at any time: show the label then.
    pub key: Cow<'a, str>,
    /// The same in the language of the answer.
    pub label: Cow<'a, str>,
}

/// An announcement of the administration that goes with every answer until it
/// ends by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NoticeView<'a> {
    /// The text, in the language of the answer or in Vietnamese.
    pub text: Cow<'a, str>,
}

/// What went wrong (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProblemAnswer {
    /// A URN that ends in the code.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schema(example = "urn:dakenh:problem:dossier_not_found"))]
    pub kind: String,
    /// What the status means, in few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to tell the citizen, in their language.
    pub detail: String,
    /// The stable code that programs rely on. New ones may appear: the status
    /// says then how to behave.
    #[cfg_attr(feature = "schema", schema(example = "dossier_not_found"))]
    pub code: String,
    /// The request's id, to be named in a complaint.
    pub request_id: String,
    /// The code of the answer (`7K3F`), where the question was heard at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_code: Option<String>,
    /// What may have been meant; each can be asked again as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// What was understood: `track_dossier`, `disclose_dossier`,
    /// `find_procedures`, `show_procedure`, `list_agencies`, or one that is
    /// new; absent where nothing was, and after a failed disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "track_dossier"))]
    pub action: Option<String>,
    /// The canonical number of the dossier that was asked for; absent after a
    /// failed disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "000.00.17.H09-210819-0012"))]
    pub number: Option<String>,
    /// Announcements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<NoticeView<'static>>,
}
