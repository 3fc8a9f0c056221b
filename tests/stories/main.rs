//! Stories on the real binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod commands;
mod database;
mod demo;
mod faults;
mod lifecycle;
mod mobile;
mod privacy;
