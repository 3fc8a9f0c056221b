//! What a form sent. Nothing of it is echoed into a log or a problem: it may
//! hold a proof.

use axum::body::{Body, Bytes};
use axum::extract::FromRequest;
use gateway_http::{Problem, problem};
use http::Request;
use http::header::CONTENT_TYPE;

/// So many fields are read.
const MOST_FIELDS: usize = 16;

/// The fields of a form, as browsers send them.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The first value of a field, trimmed; empty where there is none.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::of(&problem::UNSUPPORTED_MEDIA));
        }
        let body = Bytes::from_request(request, state).await.map_err(|_| Problem::of(&problem::UNREADABLE_BODY))?;
        let fields = form_urlencoded::parse(&body).take(MOST_FIELDS);
        Ok(Self(fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()))
    }
}
