//! A bot of ours and a scripted Bot API, over real sockets.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod commands;
mod polling;
mod sending;
mod webhook;
mod world;
