//! Stories with aggregators, over real sockets.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod outbound;
mod peer;
mod privacy;
mod support;
mod webhooks;
