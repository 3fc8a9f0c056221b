//! The pages as a browser meets them: the real routes behind the real stack,
//! with a scripted stand-in for the Desk.

#![expect(clippy::unwrap_used, reason = "tests")]

mod answers;
mod dossiers;
mod everywhere;
mod procedures;
mod support;
mod weight;
