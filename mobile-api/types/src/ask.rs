use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::NoticeView;

/// The agencies of the province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AgenciesAnswer<'a> {
    /// Those that exist today.
    pub agencies: Vec<AgencyView<'a>>,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// An agency that receives dossiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AgencyView<'a> {
    /// The identification code.
    #[cfg_attr(feature = "schema", schema(example = "000.00.17.H09"))]
    pub code: Cow<'a, str>,
    /// The official name.
    pub name: Cow<'a, str>,
    /// English name, where there is one.
    #[serde(default)]
    pub english_name: Option<Cow<'a, str>>,
    /// Street address of its desk.
    #[serde(default)]
    pub address: Option<Cow<'a, str>>,
    /// The desk's public telephone, as printed.
    #[serde(default)]
    pub phone: Option<Cow<'a, str>>,
}

/// A question in free words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AskRequest {
    /// A dossier number, a procedure's code, or words for what is wanted; the
    /// first 2,000 characters are read.
    #[cfg_attr(feature = "schema", schema(max_length = 2000, example = "làm giấy khai sinh cần gì"))]
    pub text: String,
    /// The id of the last answer, to go on with; absent at the start. What was said
    /// before is then remembered: never the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{16}$"))]
    pub conversation_id: Option<String>,
}

/// Never the words.
impl fmt::Debug for AskRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AskRequest({} bytes)", self.text.len())
    }
}

/// The answer to a question in free words. A question that is not understood,
/// or a dossier that is not found, is an answer too (`refusal`); a gateway
/// that cannot answer now is a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AskAnswer<'a> {
    /// Send it with the next question.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{16}$"))]
    pub conversation_id: Cow<'a, str>,
    /// What was done: `track_dossier`, `disclose_dossier`, `find_procedures`,
    /// `show_procedure`, `list_agencies`, `send_code`, `subscribe`, `unsubscribe`, `opt_out`,
    /// `opt_in`, `more`, `help`, `opening_hours`, `talk_to_person`, `queue_now`,
    /// `take_ticket`, `rate`, `pay`, `greet`, `thank`, `turn_away`, or one that is new;
    /// absent where it must be asked back or nothing was understood. What cannot be done
    /// here yet (`rate`, `pay`; `queue_now` and `take_ticket` where no centre has a queue)
    /// is an answer that says where to go.
    #[serde(default)]
    pub action: Option<Cow<'a, str>>,
    /// Codes of the procedures that the answer names, best first.
    #[serde(default)]
    pub codes: Vec<Cow<'a, str>>,
    /// The canonical number of the dossier that was asked for.
    #[serde(default)]
    pub number: Option<Cow<'a, str>>,
    /// The answer in words, with line breaks.
    pub text: Cow<'a, str>,
    /// What the citizen may choose from, at most five, most asked first.
    #[serde(default)]
    pub choices: Vec<AskChoice<'a>>,
    /// Why there is no better answer.
    #[serde(default)]
    pub refusal: Option<AskRefusal<'a>>,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// One choice: draw the label, send the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AskChoice<'a> {
    /// For the button.
    pub label: Cow<'a, str>,
    /// To be sent as the `text` of the next question.
    pub ask: Cow<'a, str>,
}

/// A kind no. The citizen's words are the answer's `text`; there may be
/// `choices` beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AskRefusal<'a> {
    /// The stable code: `not_understood`, `not_a_number` (it looks like a dossier
    /// number but cannot be one), `dossier_not_found`, or one that is new.
    #[cfg_attr(feature = "schema", schema(example = "not_understood"))]
    pub code: Cow<'a, str>,
    /// Whether the same question may succeed later.
    pub retryable: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DisclosureRequest, DossierAnswer, StatusView};

    #[test]
    fn a_status_of_tomorrow_is_still_read() {
        let status: StatusView<'static> =
            serde_json::from_str(r#"{"code":"77","key":"being_translated","label":"Đang dịch","new":1}"#).unwrap();
        assert_eq!(status.key, "being_translated");
        assert_eq!(status.source_text, None);
    }

    #[test]
    fn an_answer_of_a_later_version_is_still_read() {
        let answer: AskAnswer<'static> =
            serde_json::from_str(r#"{"conversation_id":"00","text":"Chào","mood":"good"}"#).unwrap();
        assert!(answer.choices.is_empty());
        let answer: DossierAnswer<'static> = serde_json::from_str(r#"{"number":"x"}"#).unwrap();
        assert!(answer.dossier.is_none());
    }

    #[test]
    fn what_a_citizen_sends_is_not_shown_in_logs() {
        let ask = AskRequest { text: "tôi là Nguyễn Văn A".into(), conversation_id: None };
        assert_eq!(format!("{ask:?}"), "AskRequest(24 bytes)");
        let proof = DisclosureRequest::by_id("1234");
        assert!(!format!("{proof:?}").contains("1234"));
    }

    #[test]
    fn a_proof_with_a_field_too_many_is_refused() {
        assert!(serde_json::from_str::<DisclosureRequest>(r#"{"id_last_four":"1234","phone":"0"}"#).is_err());
    }
}
