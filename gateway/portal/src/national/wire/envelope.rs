//! What stands around every answer.

use gateway_core::ports::{PortalError, PortalFault};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use serde_json::error::Category;

use super::lenient::{Element, Leaf, List};

/// `{"error_code": …, "result": […]}`, with `data` for `result` in some
/// services. The message keys are none of the protocol's description; systems
/// send them beside an error code.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: Element<'de>")]
pub(crate) struct Envelope<T> {
    #[serde(default)]
    error_code: Leaf,
    #[serde(default)]
    error_message: Leaf,
    #[serde(default)]
    error_msg: Leaf,
    #[serde(default)]
    message: Leaf,
    #[serde(default, deserialize_with = "present")]
    result: Option<List<T>>,
    #[serde(default, deserialize_with = "present")]
    data: Option<List<T>>,
}

/// A key that stands there with `null` is an empty list; a key that is not
/// there is none.
fn present<'de, D: Deserializer<'de>, T: Element<'de>>(deserializer: D) -> Result<Option<List<T>>, D::Error> {
    List::deserialize(deserializer).map(Some)
}

/// `{"session": "…", "error_code": 0}`.
#[derive(Deserialize)]
pub(crate) struct LoginAnswer {
    #[serde(default)]
    pub(crate) error_code: Leaf,
    #[serde(default)]
    pub(crate) session: Leaf,
}

/// What the error code of an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 0, "0", "00".
    Success,
    /// Anything else, shortened.
    Code { code: String, message: String },
}

/// An error code is a code; a text that somebody put there is cut, so that no
/// sentence about a person reaches a log.
const LONGEST_CODE: usize = 24;

pub(crate) fn is_success(code: &str) -> bool {
    let code = code.trim();
    !code.is_empty() && code.bytes().all(|digit| digit == b'0')
}

pub(crate) fn short_code(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).take(LONGEST_CODE).collect()
}

impl<T> Envelope<T> {
    /// The outcome.
    ///
    /// # Errors
    /// Where there is no error code at all.
    pub(crate) fn outcome(&self, service: &'static str) -> Result<Outcome, PortalError> {
        let code = self.error_code.text().ok_or_else(|| unreadable(service, "error_code", "missing"))?;
        if is_success(&code) {
            return Ok(Outcome::Success);
        }
        let message = [&self.error_message, &self.error_msg, &self.message].into_iter().find_map(Leaf::owned);
        Ok(Outcome::Code { code: short_code(&code), message: message.unwrap_or_default() })
    }

    /// The list of a success.
    ///
    /// # Errors
    /// Where there is none, or something that is no list.
    pub(crate) fn list(self, service: &'static str) -> Result<Vec<T>, PortalError> {
        match (self.result, self.data) {
            (Some(list), None) | (None, Some(list)) => not_odd(service, list),
            // `result: null` beside a full `data`, or the other way round.
            (Some(result), Some(data)) => {
                not_odd(service, if result.items.is_empty() && !result.odd { data } else { result })
            }
            (None, None) => Err(unreadable(service, "result", "missing")),
        }
    }
}

fn not_odd<T>(service: &'static str, list: List<T>) -> Result<Vec<T>, PortalError> {
    // A list of nothing but odd things is not "none found".
    let nothing_read = list.odd && list.items.is_empty();
    if nothing_read { Err(unreadable(service, "result", "not a list of objects")) } else { Ok(list.items) }
}

/// Only the envelope, for deciding what becomes of an answer.
pub(crate) type Bare = Envelope<IgnoredAny>;

/// Reads a body as JSON. The error names `body` and never holds its content.
///
/// # Errors
/// Where the body is no JSON document.
pub(crate) fn read_body<'de, T: Deserialize<'de>>(service: &'static str, body: &'de [u8]) -> Result<T, PortalError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    // Only an object: a list would be read as the fields in their order.
    let problem = match body.trim_ascii_start().first() {
        Some(b'{') => match serde_json::from_slice(body) {
            Ok(answer) => return Ok(answer),
            Err(error) => match error.classify() {
                Category::Eof => "cut off",
                Category::Data => "a key twice",
                Category::Syntax | Category::Io => "no JSON",
            },
        },
        Some(b'<') => "a page of HTML or XML in place of JSON",
        Some(_) => "no JSON object",
        None => "empty",
    };
    Err(unreadable(service, "body", problem))
}

/// An answer, or a part of it, that cannot be read.
pub(crate) fn unreadable(service: &'static str, field: &'static str, problem: &'static str) -> PortalError {
    PortalError { service, fault: PortalFault::Unreadable { field: field.into(), problem: problem.into() } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(json: &str) -> Bare {
        read_body("TraCuuHoSo", json.as_bytes()).unwrap()
    }

    fn problem(body: &[u8]) -> String {
        read_body::<Bare>("TraCuuHoSo", body).unwrap_err().to_string()
    }

    #[test]
    fn three_ways_to_say_success() {
        for json in [r#"{"error_code":0}"#, r#"{"error_code":"0"}"#, r#"{"error_code":"00"}"#, r#"{"error_code":0.0}"#]
        {
            assert_eq!(bare(json).outcome("x").unwrap(), Outcome::Success, "{json}");
        }
        for json in [r#"{"error_code":1}"#, r#"{"error_code":"-1"}"#, r#"{"error_code":"abc"}"#] {
            assert!(matches!(bare(json).outcome("x").unwrap(), Outcome::Code { .. }), "{json}");
        }
        assert!(bare(r#"{"error_code":""}"#).outcome("x").is_err());
    }

    #[test]
    fn a_sentence_in_the_code_does_not_reach_the_log() {
        let answer = bare(r#"{"error_code":"Không tìm thấy hồ sơ của ông Nguyễn Văn A, số 0912345678"}"#);
        let Outcome::Code { code, .. } = answer.outcome("x").unwrap() else { panic!() };
        assert!(code.len() <= LONGEST_CODE && !code.contains("0912345678"), "{code}");
    }

    #[test]
    fn result_or_data() {
        let count = |json: &str| bare(json).list("x").map(|list| list.len());
        assert_eq!(count(r#"{"result":[{}]}"#).unwrap(), 1);
        assert_eq!(count(r#"{"data":[{},{}]}"#).unwrap(), 2);
        assert_eq!(count(r#"{"result":null,"data":[{}]}"#).unwrap(), 1);
        assert_eq!(count(r#"{"result":[{}],"data":null}"#).unwrap(), 1);
        assert_eq!(count(r#"{"result":null}"#).unwrap(), 0);
        assert_eq!(count(r#"{"result":{}}"#).unwrap(), 1);
        assert!(count(r#"{"result":"lỗi"}"#).is_err());
        assert!(count("{}").is_err());
    }

    #[test]
    fn a_body_that_is_no_json_is_named_without_its_content() {
        assert!(problem(b"<html>Nguyen Van A</html>").ends_with("field body: a page of HTML or XML in place of JSON"));
        assert!(problem(br#"{"error_code":0,"result":[{"ChuHoSo":"Nguyen"#).ends_with("field body: cut off"));
        assert!(problem(b"").ends_with("field body: empty"));
        assert!(problem(b"ok").ends_with("field body: no JSON object"));
        assert!(problem(br#"[0, "", "", "", [], []]"#).ends_with("field body: no JSON object"));
        assert!(problem(br#"{"error_code":0,"error_code":1}"#).ends_with("field body: a key twice"));
        assert!(problem(b"{error}").ends_with("field body: no JSON"));
        assert!(problem(b"\xff\xfe{").contains("field body"));
    }
}
