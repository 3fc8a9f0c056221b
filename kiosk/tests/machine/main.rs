//! The port to the gateway against a scripted one on real sockets: no window.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the whole target is tests, outside of #[test] functions too")]

mod peer;
mod stories;
