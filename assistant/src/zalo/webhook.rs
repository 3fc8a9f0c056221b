//! `POST /webhooks/zalo`: an event is proven, read and on disk before Zalo is
//! told so, within the two seconds that it waits.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::post;
use bytes::Bytes;
use gateway_core::domain::{Channel, Provider};
use gateway_core::ports::Clock;
use gateway_http::measured;
use http::header::{CACHE_CONTROL, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use metrics::Counter;

use super::config::ZaloConfig;
use super::event::{self, Refused};
use crate::messenger::{Arrived, Intake, NotTaken, Taken};

/// Where Zalo is told to send events.
pub const WEBHOOK_PATH: &str = "/webhooks/zalo";

/// Where the signature stands.
const SIGNATURE: &str = "x-zevent-signature";

/// When Zalo is asked to send again what could not be stored, in seconds. It
/// keeps to a plan of its own, as far as is known.
const AGAIN_AFTER: u16 = 10;

/// The door of events, until it is told where they go.
pub struct Webhook {
    pub(super) config: Arc<ZaloConfig>,
    pub(super) provider: Provider,
    pub(super) clock: Arc<dyn Clock>,
}

impl Webhook {
    /// The route, on the public listener.
    pub fn router(self, intake: Arc<dyn Intake>) -> Router {
        let counter = |result: &'static str| metrics::counter!("zalo_events_total", "result" => result);
        // One more than is read, so that what is too long is counted here.
        let limit = DefaultBodyLimit::max(self.config.webhook_max_bytes + 1);
        let room = Arc::new(Room {
            webhook: self,
            intake,
            taken: counter("taken"),
            replayed: counter("replayed"),
            ignored: counter("ignored"),
            bad_signature: counter("bad_signature"),
            stale: counter("stale"),
            other_account: counter("other_account"),
            too_long: counter("too_long"),
            malformed: counter("malformed"),
            not_stored: counter("not_stored"),
        });
        let handler = move |headers: HeaderMap, body: Bytes| async move { room.answer(&headers, &body).await };
        Router::new().route(WEBHOOK_PATH, measured(WEBHOOK_PATH, post(handler))).layer(limit)
    }
}

struct Room {
    webhook: Webhook,
    intake: Arc<dyn Intake>,
    taken: Counter,
    replayed: Counter,
    ignored: Counter,
    bad_signature: Counter,
    stale: Counter,
    other_account: Counter,
    too_long: Counter,
    malformed: Counter,
    not_stored: Counter,
}

impl Room {
    async fn answer(&self, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
        let Webhook { config, clock, .. } = &self.webhook;
        let event = match event::read(config, clock.now(), only(headers), body) {
            Ok(Some(event)) => event,
            Ok(None) => {
                self.ignored.increment(1);
                return done();
            }
            Err(refused) => return self.refuse(refused),
        };
        match self.store(event).await {
            Ok(Taken::New) => self.taken.increment(1),
            Ok(Taken::Replay) => self.replayed.increment(1),
            Err(why) => return self.not_stored(why),
        }
        done()
    }

    /// What is on disk only after Zalo has turned away comes again, and is
    /// known then.
    async fn store(&self, event: Arrived) -> Result<Taken, NotTaken> {
        let Webhook { config, clock, provider } = &self.webhook;
        tokio::select! {
            stored = self.intake.arrived(Channel::Zalo, provider, event) => stored,
            () = clock.sleep(config.store_within()) => Err(NotTaken::Failed),
        }
    }

    /// Counted, and told at the lowest level only: a stranger must not fill
    /// the log, nor learn which of his keys did not fit.
    fn refuse(&self, refused: Refused) -> Response<Body> {
        let (counter, status) = match refused {
            Refused::Signature => (&self.bad_signature, StatusCode::FORBIDDEN),
            Refused::Stale => (&self.stale, StatusCode::FORBIDDEN),
            Refused::OtherAccount => (&self.other_account, StatusCode::FORBIDDEN),
            Refused::TooLong => (&self.too_long, StatusCode::PAYLOAD_TOO_LARGE),
            Refused::Malformed(_) => (&self.malformed, StatusCode::BAD_REQUEST),
        };
        counter.increment(1);
        tracing::debug!(why = %refused, "Zalo event refused");
        let words = if status == StatusCode::FORBIDDEN { "forbidden".to_owned() } else { refused.to_string() };
        (status, [(CACHE_CONTROL, "no-store")], words).into_response()
    }

    fn not_stored(&self, why: NotTaken) -> Response<Body> {
        self.not_stored.increment(1);
        tracing::warn!(%why, "Zalo event not stored, Zalo is asked to send it again");
        let again = [(RETRY_AFTER, HeaderValue::from(AGAIN_AFTER))];
        (StatusCode::SERVICE_UNAVAILABLE, again, "not stored, send again").into_response()
    }
}

fn done() -> Response<Body> {
    ([(CACHE_CONTROL, "no-store")], "OK").into_response()
}

/// The signature, where there is one and one only.
fn only(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(SIGNATURE).iter();
    let first = all.next()?;
    if all.next().is_some() {
        return None;
    }
    first.to_str().ok()
}
