//! The OpenAPI document: made from the handlers, served as it was made.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use gateway_core::domain::Locale;
use gateway_http::{Validator, matches_validator, measured, not_modified};
use http::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

use crate::api::SharedApi;
use crate::{page, v1};

/// Title, version and tags; the operations add themselves.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Đa Kênh for mobile apps",
        version = "1.0.0",
        description = "A province's public services over HTTP: where a dossier is, what a procedure needs, and free \
                       questions.\n\nEnumerations are open: a key that you do not know comes with a label that you \
                       can show. Answers carry `as_of`; `stale` says that the portal did not answer and the \
                       knowledge is from memory. What goes wrong is `application/problem+json` with a stable `code`. \
                       Every answer has an `answer_code` that an officer can look up.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
        contact(),
    ),
    tags(
        (name = "dossiers", description = "Where a dossier is, and what its owner sees"),
        (name = "procedures", description = "Administrative procedures: time, fee, papers"),
        (name = "agencies", description = "Who receives dossiers"),
        (name = "ask", description = "Questions in free words"),
    )
)]
struct Described;

/// The document without operations.
pub(crate) fn document() -> OpenApi {
    Described::openapi()
}

/// The whole document as JSON, two spaces deep, with a line feed at its end:
/// the content of `mobile-api/openapi.json`.
pub fn openapi_json() -> String {
    let (_, document) = v1::routes().split_for_parts();
    document.to_pretty_json().map_or_else(|_| String::new(), |json| json + "\n")
}

/// Made once in the process's life.
struct Static {
    bytes: Bytes,
    kind: &'static str,
    policy: Option<&'static str>,
    validator: Validator,
}

impl Static {
    fn of(text: String, kind: &'static str, policy: Option<&'static str>) -> Self {
        Self { validator: Validator::of(text.as_bytes(), Locale::EN), bytes: text.into(), kind, policy }
    }

    fn response(&self, asked: &HeaderMap) -> Response<Body> {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, self.validator.header());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        if let Some(policy) = self.policy {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        }
        if matches_validator(asked.get(IF_NONE_MATCH), &self.validator) {
            return not_modified(headers);
        }
        let mut response = Response::new(Body::from(self.bytes.clone()));
        *response.headers_mut() = headers;
        response
    }
}

static DOCUMENT: LazyLock<Static> = LazyLock::new(|| Static::of(openapi_json(), "application/json", None));
static PAGE: LazyLock<Static> = LazyLock::new(|| {
    let document = serde_json::from_str(&openapi_json()).unwrap_or_default();
    Static::of(page::of(&document), "text/html; charset=utf-8", Some(page::POLICY))
});
static STYLE: LazyLock<Static> = LazyLock::new(|| Static::of(page::STYLE.to_owned(), "text/css; charset=utf-8", None));

/// The document and its page; neither is an operation of the API itself.
pub(crate) fn routes() -> Router<SharedApi> {
    let resource = |path: &'static str, content: &'static LazyLock<Static>| {
        (path, measured(path, get(move |headers: HeaderMap| async move { content.response(&headers) })))
    };
    [resource("/api/v1/openapi.json", &DOCUMENT), resource("/api/v1/docs", &PAGE), resource("/api/v1/docs.css", &STYLE)]
        .into_iter()
        .fold(Router::new(), |router, (path, method)| router.route(path, method))
}
