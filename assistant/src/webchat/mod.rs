//! The chat of the web page. There is no provider between: what a browser sends is
//! on disk before it is told so, and what is said is read from the transcript, as a
//! stream that can be taken up again where it broke.

mod events;
mod messages;
mod session;
mod streams;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use gateway_core::domain::{Channel, Provider};
use gateway_core::ports::{Clock, HashKey, Switchboard, Transcripts};
use gateway_http::measured;
use tokio_util::sync::CancellationToken;

use crate::messenger::Intake;
use streams::Streams;

/// The one account of this channel.
pub const ACCOUNT: &str = "page";

/// What the chat of the web page needs.
pub struct WebchatNeeds {
    /// Where messages go.
    pub intake: Arc<dyn Intake>,
    /// What was said.
    pub transcripts: Arc<dyn Transcripts>,
    /// Tells when something was said.
    pub switchboard: Arc<dyn Switchboard>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The key of sessions and hashes.
    pub hash_key: HashKey,
    /// Ends the streams.
    pub stop: CancellationToken,
}

struct Webchat {
    needs: WebchatNeeds,
    account: Provider,
    streams: Arc<Streams>,
}

/// `POST /chat/messages`, `GET /chat/events`, `GET /chat/lines`.
pub fn routes(needs: WebchatNeeds) -> Router {
    let chat = Arc::new(Webchat { needs, account: Provider::new(ACCOUNT), streams: Arc::default() });
    Router::new()
        .route("/chat/messages", measured("/chat/messages", post(messages::say)))
        .route("/chat/events", measured("/chat/events", get(events::stream)))
        .route("/chat/lines", measured("/chat/lines", get(events::lines)))
        .with_state(chat)
}

/// The channel.
const CHANNEL: Channel = Channel::Webchat;
