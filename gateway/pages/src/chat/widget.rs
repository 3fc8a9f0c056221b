//! `GET /chat/widget.js`: the button that another page embeds with one tag.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use gateway_core::domain::Locale;
use gateway_http::{Validator, matches_validator, measured, not_modified};
use http::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};

use super::keys;
use crate::house::{House, SharedHouse};

const SCRIPT: &str = include_str!("../../assets/widget.js");

/// Its name stays the same for as long as portals embed it: it is asked for again
/// each hour.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// It is made for pages of other origins.
const ANY_ORIGIN: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));

pub(super) fn routes() -> Router<SharedHouse> {
    Router::new().route("/chat/widget.js", measured("/chat/widget.js", get(serve)))
}

async fn serve(State(house): State<SharedHouse>, asked: HeaderMap) -> Response<Body> {
    let script = script(&house);
    let validator = Validator::of(script.as_bytes(), Locale::VI);
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(CACHE_CONTROL, AN_HOUR);
    headers.insert(ETAG, validator.header());
    let (name, value) = ANY_ORIGIN;
    headers.insert(name, value);
    if matches_validator(asked.get(IF_NONE_MATCH), &validator) {
        return not_modified(headers);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    let mut response = Response::new(Body::from(script));
    *response.headers_mut() = headers;
    response
}

/// The script with its words of every language: a page of one language needs no
/// address of its own.
fn script(house: &House) -> String {
    let mut words = serde_json::Map::new();
    for locale in house.needs.locales.available() {
        let say = |key| house.words(locale).say(key);
        let labels = serde_json::json!({
            "open": say(keys::WIDGET_OPEN), "close": say(keys::WIDGET_CLOSE), "title": say(keys::WIDGET_TITLE),
        });
        words.insert(locale.as_str().to_owned(), labels);
    }
    format!("(() => {{\n\"use strict\";\nconst WORDS = {};\n{SCRIPT}}})();\n", serde_json::Value::Object(words))
}

#[cfg(test)]
mod tests {
    use super::SCRIPT;

    /// Whoever embeds it may forbid inline styles and evaluated code.
    #[test]
    fn it_needs_nothing_that_a_strict_page_forbids() {
        for unwanted in ["innerHTML", "insertAdjacentHTML", "eval(", "Function(", "document.write", "cookie", "<style"]
        {
            assert!(!SCRIPT.contains(unwanted), "{unwanted}");
        }
        assert!(SCRIPT.len() < 8_000, "{} bytes", SCRIPT.len());
    }
}
