//! Whose chat it is.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use gateway_core::desk::ConversationId;
use gateway_core::domain::ChatSession;
use gateway_core::ports::KeyedHash;
use gateway_http::{Problem, problem};
use http::request::Parts;

use super::{CHANNEL, Webchat};

/// The header that carries the token: no other page can send it, so a browser
/// cannot be made to speak by a link.
const HEADER: &str = "x-chat-session";

/// The session of a request.
pub(super) struct Session {
    pub(super) session: ChatSession,
    pub(super) conversation: KeyedHash,
}

impl FromRequestParts<Arc<Webchat>> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, chat: &Arc<Webchat>) -> Result<Self, Problem> {
        let token = parts.headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some(session) = ChatSession::parse(token, &chat.needs.hash_key) else {
            metrics::counter!("chat_refused_total", "channel" => CHANNEL.key(), "why" => "session").increment(1);
            return Err(Problem::of(&problem::UNKNOWN_SESSION));
        };
        let id = ConversationId::new(session.id());
        let conversation = id.hash_within(CHANNEL, &chat.account, &chat.needs.hash_key);
        Ok(Self { session, conversation })
    }
}
