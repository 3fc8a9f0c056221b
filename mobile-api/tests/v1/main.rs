//! `/api/v1` as an app meets it: the real routes behind the real stack, with a
//! scripted stand-in for the Desk. The files mirror the tree of addresses.

#![expect(clippy::unwrap_used, reason = "tests")]

mod agencies;
mod ask;
mod continuations;
mod dossiers;
mod everywhere;
mod kiosk;
mod procedures;
mod queue;
mod support;
mod terminals;
