//! A road over SMPP on real sockets, against our own small SMSC and against
//! octets written by hand.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the whole target is tests, outside of #[test] functions too"
)]

#[path = "../support/smpp.rs"]
mod support;

mod binding;
mod operating;
mod receiving;
mod stopping;
mod submitting;
mod tls;
mod wire;
