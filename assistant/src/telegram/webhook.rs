//! `POST /webhooks/telegram`: Telegram calls, and hears 200 when the update is
//! on disk.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::response::IntoResponse;
use axum::routing::post;
use bytes::Bytes;
use gateway_http::measured;
use http::header::{CACHE_CONTROL, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use metrics::Counter;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::receive::{Received, Receiver};

/// Where Telegram calls.
pub const PATH: &str = "/webhooks/telegram";

/// In what it brings the secret (Bot API, `setWebhook`).
const SECRET: &str = "x-telegram-bot-api-secret-token";

/// When it is asked to send again what could not be stored, in seconds.
const AGAIN_AFTER: u16 = 5;

/// The route.
pub(super) fn router(receiver: Arc<Receiver>, secret: SecretString, most: usize) -> Router {
    let room = Arc::new(Room {
        receiver,
        secret,
        bad_secret: metrics::counter!("telegram_webhook_bad_secret_total"),
        oversize: metrics::counter!("telegram_webhook_oversize_total"),
        malformed: metrics::counter!("telegram_webhook_malformed_total"),
        not_stored: metrics::counter!("telegram_webhook_not_stored_total"),
    });
    let route = post(answer).layer(DefaultBodyLimit::max(most)).with_state(room);
    Router::new().route(PATH, measured(PATH, route))
}

struct Room {
    receiver: Arc<Receiver>,
    secret: SecretString,
    bad_secret: Counter,
    oversize: Counter,
    malformed: Counter,
    not_stored: Counter,
}

async fn answer(State(room): State<Arc<Room>>, request: Request) -> Response<Body> {
    // Before a byte of the body is looked at: a stranger costs nothing.
    if !room.is_telegram(request.headers()) {
        room.bad_secret.increment(1);
        return words(StatusCode::FORBIDDEN, "forbidden");
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return room.unread(&rejection),
    };
    let heard = serde_json::from_slice(&body).ok().and_then(|update| room.receiver.read(&update).ok());
    let Some(heard) = heard else {
        room.malformed.increment(1);
        return words(StatusCode::BAD_REQUEST, "not an update");
    };
    match room.receiver.take(heard).await {
        Received::New | Received::Known => words(StatusCode::OK, ""),
        Received::Again => room.not_stored(),
    }
}

impl Room {
    /// In a time that does not tell where two secrets differ.
    fn is_telegram(&self, headers: &HeaderMap) -> bool {
        let mut brought = headers.get_all(SECRET).iter();
        match (brought.next(), brought.next()) {
            (Some(brought), None) => brought.as_bytes().ct_eq(self.secret.expose_secret().as_bytes()).into(),
            _ => false,
        }
    }

    fn unread(&self, rejection: &BytesRejection) -> Response<Body> {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            self.oversize.increment(1);
            tracing::warn!("telegram update longer than telegram.max_update_bytes");
            return words(StatusCode::PAYLOAD_TOO_LARGE, "too large");
        }
        self.malformed.increment(1);
        words(StatusCode::BAD_REQUEST, "unreadable body")
    }

    fn not_stored(&self) -> Response<Body> {
        self.not_stored.increment(1);
        tracing::warn!("telegram update not stored, it is asked to send it again");
        let again = [(RETRY_AFTER, HeaderValue::from(AGAIN_AFTER))];
        (StatusCode::SERVICE_UNAVAILABLE, again, "not stored, send again").into_response()
    }
}

/// For technicians: no citizen reads them.
fn words(status: StatusCode, words: &'static str) -> Response<Body> {
    (status, [(CACHE_CONTROL, "no-store")], words).into_response()
}
