//! A terminal against a scripted gateway on real sockets, which checks every
//! signature as the real one does.
#![expect(clippy::unwrap_used, reason = "the whole target is tests, outside of #[test] functions too")]

mod calls;
mod offline;
mod support;
