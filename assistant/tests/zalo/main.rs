//! Stories with Zalo, over real sockets.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod events;
mod sending;
mod tokens;
mod world;
