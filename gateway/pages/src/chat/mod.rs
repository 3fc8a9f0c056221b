//! `/chat`: the page of the web chat, and the button that other pages embed.
//! What answers behind it is `channel-assistant`'s; here is only what a browser
//! shows.

mod keys;
mod page;
mod widget;

use std::time::Duration;

use axum::Router;

use crate::house::SharedHouse;

/// What the chat's page needs to know of the chat behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatPage {
    /// The origins whose pages may show the chat in a frame, such as
    /// `https://dichvucong.example.vn`; empty: nobody's.
    pub embed_origins: Vec<String>,
    /// How long what was said is kept.
    pub transcript: Duration,
    /// How long what is for the owner of a dossier alone is kept.
    pub private: Duration,
}

/// Nothing where there is no chat.
pub(crate) fn routes(chat: Option<&ChatPage>) -> Router<SharedHouse> {
    match chat {
        Some(chat) => page::routes(chat).merge(widget::routes()),
        None => Router::new(),
    }
}
