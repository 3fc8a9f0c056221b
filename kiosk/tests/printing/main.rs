//! What comes out of the terminal's printer: sheets as they are laid out, and the
//! whole port against scripted printers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the whole target is tests, outside of #[test] functions too")]

#[path = "../../devices/tests/peer/mod.rs"]
mod peer;
mod port;
#[path = "../procedure/mod.rs"]
mod procedure;
mod samples;
mod sheets;
