//! `GET /api/v1/kiosk/catalogue`

use axum::body::Body;
use axum::extract::State;
use gateway_http::{Caller, Problem, matches_validator, not_modified};
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use mobile_api_types::signature::{BUNDLE_SIGNATURE, CONTENT_DIGEST};
use mobile_api_types::{CatalogueBundle, ProblemAnswer};

use super::bundle::From;
use crate::answer;
use crate::api::SharedApi;
use crate::kiosk::{NoBody, SignatureHeaders, Signed};

/// Not `application/json`: the stack would compress it, and digest and
/// signature are of the very bytes that go out.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.dakenh.catalogue+json");

/// The whole catalogue, signed by the gateway
///
/// Signed request. For a terminal that must go on without a gateway; some 20 MB
/// for a whole national catalogue, so ask with `If-None-Match`. It is made once
/// for each catalogue, language and day.
#[utoipa::path(
    get,
    path = "/api/v1/kiosk/catalogue",
    tag = "kiosk",
    params(
        SignatureHeaders,
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`: the language of the labels"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of an earlier answer"),
    ),
    responses(
        (status = 200, description = "The bundle", body = CatalogueBundle<'static>, content_type = "application/vnd.dakenh.catalogue+json",
            headers(
                ("ETag" = String),
                ("Content-Digest" = String, description = "RFC 9530, `sha-256`"),
                ("Bundle-Signature" = String, description = "Ed25519 by the gateway's key over the SHA-256 of the bytes, a byte sequence of RFC 9651"),
            )),
        (status = 304, description = "Nothing has changed since"),
        (status = 401, description = "As for the settings", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn kiosk_catalogue(
    State(api): State<SharedApi>,
    caller: Caller,
    headers: HeaderMap,
    Signed(_device, NoBody): Signed<NoBody>,
) -> Result<Response<Body>, Problem> {
    let needs = &api.needs;
    let from = From { catalogue: &needs.catalogue, locales: &needs.locales, key: &needs.kiosk.signing };
    let bundle = api.bundles.of(&from, caller.locale, needs.clock.now()).await?;
    let mut told = HeaderMap::with_capacity(12);
    told.insert(CONTENT_TYPE, MEDIA_TYPE);
    told.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-transform"));
    told.insert(VARY, HeaderValue::from_static("accept-language"));
    told.insert(CONTENT_LANGUAGE, answer::language(caller.locale));
    told.insert(ETAG, bundle.validator.header());
    if matches_validator(headers.get(IF_NONE_MATCH), &bundle.validator) {
        return Ok(not_modified(told));
    }
    for (name, value) in [(CONTENT_DIGEST, &bundle.digest), (BUNDLE_SIGNATURE, &bundle.signature)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            told.insert(HeaderName::from_static(name), value);
        }
    }
    let mut response = Response::new(Body::from(bundle.bytes.clone()));
    *response.headers_mut() = told;
    Ok(response)
}
