//! The simulator as its callers see it: over its wire and its control endpoints.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test does")]

mod control;
mod dossiers;
mod faults;
mod golden;
mod procedures;
mod sessions;
mod support;
mod writes;
