//! What a request brings, read at the door; what cannot be read is a problem.

use axum::body::Body;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Query};
use http::Request;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::{self, Problem};

/// A body of JSON. What was wrong with it is never echoed nor logged: it may
/// hold a proof.
#[derive(Debug, Clone, Copy)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::of(match rejection {
                JsonRejection::JsonDataError(_) => &problem::INVALID_FIELDS,
                JsonRejection::JsonSyntaxError(_) => &problem::MALFORMED_JSON,
                JsonRejection::MissingJsonContentType(_) => &problem::UNSUPPORTED_MEDIA,
                JsonRejection::BytesRejection(BytesRejection::FailedToBufferBody(
                    FailedToBufferBody::LengthLimitError(_),
                )) => &problem::BODY_TOO_LARGE,
                _ => &problem::UNREADABLE_BODY,
            })),
        }
    }
}

/// The query string.
#[derive(Debug, Clone, Copy)]
pub struct QueryInput<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryInput<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::of(&problem::INVALID_QUERY)),
        }
    }
}
