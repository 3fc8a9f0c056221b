//! How a document leaves: who may keep it, and what a browser may do with it.

use axum::body::Body;
use gateway_core::domain::Locale;
use gateway_http::{Validator, matches_validator, not_modified};
use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    VARY,
};
use http::{Response, StatusCode};

use crate::visit::Visit;

/// Nothing from elsewhere, nothing inline, nothing framed.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// No page of ours needs anything of these.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()";

/// Who may keep a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The browser, which asks each time whether it has changed.
    Revalidate,
    /// Nobody: what somebody asked, and what somebody may see. A browser also
    /// leaves it out of what it shows again at once when one goes back.
    Never,
}

/// A document as an answer to this visit.
pub(crate) fn document(visit: &Visit, status: StatusCode, keep: Keep, html: String) -> Response<Body> {
    let mut headers = headers(visit.locale, keep);
    if keep == Keep::Revalidate {
        let validator = Validator::of(html.as_bytes(), visit.locale);
        headers.insert(ETAG, validator.header());
        if matches_validator(visit.if_none_match.as_ref(), &validator) {
            return not_modified(headers);
        }
    }
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn headers(locale: Locale, keep: Keep) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(VARY, HeaderValue::from_static("accept-language, accept-encoding"));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static(match keep {
            Keep::Revalidate => "private, no-cache",
            Keep::Never => "private, no-store",
        }),
    );
    if let Ok(language) = HeaderValue::from_str(locale.as_str()) {
        headers.insert(CONTENT_LANGUAGE, language);
    }
    headers
}
