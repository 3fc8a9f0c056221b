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
use mobile_api_types::ProblemAnswer;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{self, ContentBuilder, ObjectBuilder, OpenApi, Ref, RefOr};
use utoipa::{OpenApi as _, ToSchema as _};

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
        (name = "queue", description = "Queues of centres: how they stand, and how far a number is"),
        (name = "ask", description = "Questions in free words"),
        (name = "kiosk", description = "What the administration's own terminals ask for themselves; signed by the terminal"),
    )
)]
struct Described;

/// The document without operations.
pub(crate) fn document() -> OpenApi {
    Described::openapi()
}

/// Headers that every answer has, from the outer limit.
const LIMIT_HEADERS: [(&str, &str); 2] = [
    (
        "RateLimit",
        "What is left of the limit of the client's network (draft-ietf-httpapi-ratelimit-headers-10); absent where a \
         finer limit refused: `Retry-After` says when to come back",
    ),
    ("RateLimit-Policy", "That limit; absent where `RateLimit` is"),
];

/// Adds to every operation what the stack around all of them may answer.
fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            for (status, description) in
                [("408", "`request_timeout`: the request came in too slowly"), ("500", "`internal`")]
            {
                responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(description)));
            }
            for response in responses.values_mut() {
                let RefOr::T(response) = response else { continue };
                for (name, _) in LIMIT_HEADERS {
                    let header = Ref::new(format!("#/components/headers/{name}"));
                    response.headers.insert(name.to_owned(), RefOr::Ref(header));
                }
                if let Some(RefOr::T(after)) = response.headers.get_mut("Retry-After") {
                    after.description = Some("Whole seconds, at least 1".to_owned());
                }
            }
        }
    }
    let shared = &mut document.components.get_or_insert_default().headers;
    for (name, description) in LIMIT_HEADERS {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let header = HeaderBuilder::new().schema(Some(text)).description(Some(description)).build();
        shared.insert(name.to_owned(), RefOr::T(header));
    }
}

fn problem(description: &str) -> openapi::Response {
    let schema = Ref::from_schema_name(ProblemAnswer::name());
    openapi::ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", ContentBuilder::new().schema(Some(schema)).build())
        .build()
}

/// The whole document as JSON, two spaces deep, with a line feed at its end:
/// the content of `mobile-api/openapi.json`.
pub fn openapi_json() -> String {
    let (_, mut document) = v1::routes().split_for_parts();
    complete(&mut document);
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
