//! What all webhooks share: who may call, what is refused and how, and that
//! nobody is told "taken" before it is on disk.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, on};
use bytes::Bytes;
use compact_str::CompactString;
use gateway_core::domain::ClientNet;
use gateway_http::{Caller, measured};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Method, Response, StatusCode};
use ipnet::IpNet;
use metrics::Counter;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::fields::Fields;
use crate::road::{Arrived, Intake, NotTaken, Reported, Taken};

/// The query field in which a provider without signatures brings the secret
/// that stands in the webhook address it was given.
pub(super) const TOKEN_FIELD: &str = "token";

/// When a provider is asked to send again what could not be stored, in seconds.
const AGAIN_AFTER: u16 = 10;

/// Which of a provider's two doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// `/sms/<name>/inbound`: what citizens write.
    Inbound,
    /// `/sms/<name>/receipts`: what became of what we wrote.
    Receipts,
}

/// A provider's way of calling. Reading is apart from storing, and waits for
/// nothing, so that a fuzzer can feed it.
pub(super) trait Webhook: Send + Sync + 'static {
    /// The methods of a door; `None`: the door is not there.
    fn methods(&self, door: Door) -> Option<MethodFilter>;

    /// The networks that may call at a door; none: all.
    fn allowed(&self, door: Door) -> &[IpNet];

    /// Proves and reads a call.
    fn read(&self, door: Door, call: &Call) -> Result<Heard, Refused>;
}

/// A call as it came.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) net: ClientNet,
    pub(super) headers: HeaderMap,
    pub(super) query: String,
    pub(super) body: Bytes,
}

impl Call {
    /// A header as text; `None` where it is missing, twice there or no ASCII.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.get_all(name).iter();
        let first = all.next()?;
        if all.next().is_some() {
            return None;
        }
        first.to_str().ok()
    }

    /// Whether the query brings the secret of the webhook address. Without one
    /// in the configuration none is asked for.
    pub(super) fn prove_token(&self, token: Option<&SecretString>) -> Result<(), Refused> {
        let Some(token) = token else { return Ok(()) };
        let brought = Fields::form(self.query.as_bytes())?;
        let brought = brought.get(TOKEN_FIELD)?.unwrap_or_default();
        if same(brought.as_bytes(), token.expose_secret().as_bytes()) { Ok(()) } else { Err(Refused::Signature) }
    }
}

/// Whether two secrets are the same, in a time that does not tell where they
/// differ.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Response<Body>;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response<Body>> {
        // A route of GET takes HEAD too (RFC 9110 §9.3.2), which must store
        // nothing.
        if request.method() == Method::HEAD {
            return Err(StatusCode::METHOD_NOT_ALLOWED.into_response());
        }
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, state).await.map_err(IntoResponse::into_response)?;
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let headers = std::mem::take(&mut parts.headers);
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self { net: caller.net, headers, query, body })
    }
}

/// What a call told.
#[derive(Debug)]
pub(super) enum Heard {
    /// A citizen's message, and what the provider wants to hear for it.
    Message(Arrived, Answer),
    /// A receipt.
    Receipt(Reported, Answer),
}

/// What a provider wants to hear once a call is on disk: the same for the
/// first time and for every replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) content_type: HeaderValue,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn of(content_type: &'static str, body: impl Into<String>) -> Self {
        Self { content_type: HeaderValue::from_static(content_type), body: body.into() }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response<Body> {
        let headers = [(CONTENT_TYPE, self.content_type), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        (headers, self.body).into_response()
    }
}

/// Why a call is refused. It names fields as the configuration or the
/// provider's documents write them, never what stood in them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("an address outside of the allow-list")]
    Address,
    #[error("no signature or secret, or one that does not match")]
    Signature,
    #[error("signed too long ago")]
    Stale,
    #[error("field is missing: {0}")]
    Missing(CompactString),
    #[error("field cannot be read: {0}")]
    Malformed(CompactString),
    #[error("field is given twice: {0}")]
    Twice(CompactString),
    #[error("field is longer than {most} characters: {field}")]
    TooLong { field: CompactString, most: usize },
    #[error("not a {0}")]
    NotA(&'static str),
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Address | Self::Signature | Self::Stale => StatusCode::FORBIDDEN,
            Self::Missing(_) | Self::Malformed(_) | Self::Twice(_) | Self::NotA(_) => StatusCode::BAD_REQUEST,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

/// Plain words, for the provider's technicians: no citizen ever reads them. A
/// stranger is not told which of his keys did not fit.
impl IntoResponse for Refused {
    fn into_response(self) -> Response<Body> {
        let status = self.status();
        let words = if status == StatusCode::FORBIDDEN { "forbidden".to_owned() } else { self.to_string() };
        (status, [(CACHE_CONTROL, "no-store")], words).into_response()
    }
}

/// The routes of a provider.
pub(super) fn router(name: &str, webhook: Arc<dyn Webhook>, intake: Arc<dyn Intake>) -> Router {
    let counter = |figure: &'static str| metrics::counter!(figure, "provider" => name.to_owned());
    let room = Arc::new(Room {
        name: name.into(),
        webhook,
        intake,
        bad_signature: counter("sms_bad_signature_total"),
        bad_address: counter("sms_bad_address_total"),
        malformed: counter("sms_malformed_webhook_total"),
        not_stored: counter("sms_webhook_not_stored_total"),
        replayed: counter("sms_webhook_replay_total"),
    });
    let mut router = Router::new();
    for (door, last) in [(Door::Inbound, "inbound"), (Door::Receipts, "receipts")] {
        let Some(methods) = room.webhook.methods(door) else { continue };
        let room = Arc::clone(&room);
        let path = format!("/sms/{name}/{last}");
        let handler = move |call: Call| async move { room.answer(door, &call).await };
        router = router.route(&path, measured(&path, on(methods, handler)));
    }
    router
}

struct Room {
    name: CompactString,
    webhook: Arc<dyn Webhook>,
    intake: Arc<dyn Intake>,
    bad_signature: Counter,
    bad_address: Counter,
    malformed: Counter,
    not_stored: Counter,
    replayed: Counter,
}

impl Room {
    async fn answer(&self, door: Door, call: &Call) -> Response<Body> {
        let heard = self.admit(door, call.net).and_then(|()| self.webhook.read(door, call));
        let stored = match heard {
            Err(refused) => return self.refuse(door, refused),
            Ok(Heard::Message(message, answer)) => self.take(message).await.map(|()| answer),
            Ok(Heard::Receipt(receipt, answer)) => self.intake.reported(receipt).await.map(|()| answer),
        };
        match stored {
            Ok(answer) => answer.into_response(),
            Err(why) => self.not_stored(why),
        }
    }

    /// Before anything is read: an address costs nothing to look at.
    fn admit(&self, door: Door, net: ClientNet) -> Result<(), Refused> {
        let allowed = self.webhook.allowed(door);
        let address = net.address();
        let fits = allowed.is_empty() || allowed.iter().any(|network| network.contains(&address));
        if fits { Ok(()) } else { Err(Refused::Address) }
    }

    async fn take(&self, message: Arrived) -> Result<(), NotTaken> {
        if self.intake.arrived(message).await? == Taken::Replay {
            self.replayed.increment(1);
        }
        Ok(())
    }

    /// Counted, and told at the lowest level only: a stranger must not fill
    /// the log.
    fn refuse(&self, door: Door, refused: Refused) -> Response<Body> {
        let counter = match &refused {
            Refused::Address => &self.bad_address,
            Refused::Signature | Refused::Stale => &self.bad_signature,
            Refused::Missing(_)
            | Refused::Malformed(_)
            | Refused::Twice(_)
            | Refused::TooLong { .. }
            | Refused::NotA(_) => &self.malformed,
        };
        counter.increment(1);
        tracing::debug!(provider = %self.name, ?door, why = %refused, "webhook refused");
        refused.into_response()
    }

    fn not_stored(&self, why: NotTaken) -> Response<Body> {
        self.not_stored.increment(1);
        tracing::warn!(provider = %self.name, why = %why, "webhook not stored, the provider is asked to send again");
        (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, HeaderValue::from(AGAIN_AFTER))], "not stored, send again")
            .into_response()
    }
}
