#![doc = include_str!("../README.md")]

use axum::Router;
use gateway_http::ChannelParts;

/// The pages, ready to be composed.
pub fn channel_parts() -> ChannelParts {
    ChannelParts::answering("pages", Router::new())
}
