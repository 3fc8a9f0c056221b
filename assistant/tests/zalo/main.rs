//! Stories with Zalo, over real sockets.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod events;
mod sending;
mod tokens;
mod world;
